package hubsql

import (
	"context"
	"database/sql"
	"time"

	"gorm.io/gorm"

	"onedoor/hub"
	"onedoor/hub/notice"
	"onedoor/hub/sqldb"
)

// Notices is the notice.Store in SQL.
type Notices struct{ db *sqldb.DB }

var _ notice.Store = (*Notices)(nil)

// NewNotices gives the store over a database whose schema is up to date. Invalid without one.
func NewNotices(db *sqldb.DB) (*Notices, error) {
	if db == nil {
		return nil, hub.Errorf("hubsql.NewNotices", hub.Invalid, "no database")
	}
	return &Notices{db: db}, nil
}

const noticeColumns = `id, account, kind, reason, ial, aal, provider, channel, interaction, at, tries, give_up_at, delivered_at, delivered_by,
	failed_at, failed_why`

func scanNotice(r scanner) (notice.Notice, error) {
	var (
		n                         notice.Notice
		ial, aal, at              int64
		giveUp, delivered, failed sql.NullInt64
		by, why                   sql.NullString
	)
	err := r.Scan(&n.ID, &n.Account, &n.Kind, &n.Reason, &ial, &aal, &n.Provider, &n.Channel, &n.Interaction, &at, &n.Tries, &giveUp, &delivered,
		&by, &failed, &why)
	n.Level, n.At, n.DeliveredAt, n.DeliveredBy = level(ial, aal), sqldb.Time(at), sqldb.NullTime(delivered), by.String
	n.GiveUpAt, n.FailedAt, n.FailedWhy = sqldb.NullTime(giveUp), sqldb.NullTime(failed), why.String
	return n, err
}

func readNotices(db *gorm.DB, statement string, args ...any) ([]notice.Notice, error) {
	var all []notice.Notice
	err := sqldb.Each(db, func(r scanner) error {
		n, err := scanNotice(r)
		all = append(all, n)
		return err
	}, statement, args...)
	return all, err
}

// Add implements notice.Store.
func (t *Notices) Add(ctx context.Context, n notice.Notice) (bool, error) {
	at := sqldb.Micros(n.At)
	changed, err := exec(t.db.Write(ctx), `INSERT INTO notices (id, account, kind, reason, ial, aal, provider, channel, interaction, at, next_at)
		VALUES ( ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
		n.ID, string(n.Account), string(n.Kind), n.Reason, int64(n.Level.IAL), int64(n.Level.AAL), string(n.Provider), n.Channel,
		string(n.Interaction), at, at)
	return changed == 1, sqldb.Translate("hubsql.Notices.Add", err)
}

// Of implements notice.Store.
func (t *Notices) Of(ctx context.Context, account hub.AccountID, limit int) ([]notice.Notice, error) {
	all, err := readNotices(t.db.Read(ctx), "SELECT "+noticeColumns+` FROM notices WHERE account = ?
		ORDER BY at DESC, id LIMIT ?`, string(account), limit)
	return all, sqldb.Translate("hubsql.Notices.Of", err)
}

// Claim implements notice.Store, in one statement. On PostgreSQL it leaves rows that another node is at.
func (t *Notices) Claim(ctx context.Context, now, until time.Time, limit int) ([]notice.Notice, error) {
	skip := ""
	if t.db.Dialect() == sqldb.Postgres {
		skip = " FOR UPDATE SKIP LOCKED"
	}
	all, err := readNotices(t.db.Write(ctx), `UPDATE notices SET tries = tries + 1, next_at = ? WHERE id IN (SELECT id FROM notices
		WHERE delivered_at IS NULL AND failed_at IS NULL AND next_at <= ? ORDER BY next_at, id LIMIT ?`+skip+`) RETURNING `+noticeColumns,
		sqldb.Micros(until), sqldb.Micros(now), limit)
	return all, sqldb.Translate("hubsql.Notices.Claim", err)
}

// Later implements notice.Store. It leaves those that have ended alone.
func (t *Notices) Later(ctx context.Context, id string, until, giveUp time.Time) error {
	_, err := exec(t.db.Write(ctx), `UPDATE notices SET next_at = ?, give_up_at = COALESCE(give_up_at, ?)
		WHERE id = ? AND delivered_at IS NULL AND failed_at IS NULL`, sqldb.Micros(until), sqldb.Micros(giveUp), id)
	return sqldb.Translate("hubsql.Notices.Later", err)
}

// Park implements notice.Store, as a compare-and-set.
func (t *Notices) Park(ctx context.Context, id string, claimed time.Time) error {
	_, err := exec(t.db.Write(ctx), "UPDATE notices SET next_at = NULL WHERE id = ? AND next_at = ? AND delivered_at IS NULL AND failed_at IS NULL",
		id, sqldb.Micros(claimed))
	return sqldb.Translate("hubsql.Notices.Park", err)
}

// Wake implements notice.Store.
func (t *Notices) Wake(ctx context.Context, account hub.AccountID, since, now time.Time) error {
	_, err := exec(t.db.Write(ctx), `UPDATE notices SET next_at = ? WHERE account = ? AND at >= ? AND delivered_at IS NULL AND failed_at IS NULL`,
		sqldb.Micros(now), string(account), sqldb.Micros(since))
	return sqldb.Translate("hubsql.Notices.Wake", err)
}

// Tell implements notice.Store.
func (t *Notices) Tell(ctx context.Context, told notice.Telling) error {
	const op = "hubsql.Notices.Tell"
	n, err := exec(t.db.Write(ctx), `INSERT INTO notice_contacts (notice, contact, channel, outcome, at) VALUES ( ?, ?, ?, ?, ?)
		ON CONFLICT DO NOTHING`, told.Notice, told.Contact.ID, told.Contact.Channel, string(told.Outcome), sqldb.Micros(told.At))
	if err == nil && n == 0 {
		return hub.Errorf(op, hub.Consumed, "told before")
	}
	return sqldb.Translate(op, err)
}

// Tellings implements notice.Store.
func (t *Notices) Tellings(ctx context.Context, id string) ([]notice.Telling, error) {
	var all []notice.Telling
	err := sqldb.Each(t.db.Read(ctx), func(r scanner) error {
		told, at := notice.Telling{Notice: id}, int64(0)
		if err := r.Scan(&told.Contact.ID, &told.Contact.Channel, &told.Outcome, &at); err != nil {
			return err
		}
		told.At = sqldb.Time(at)
		all = append(all, told)
		return nil
	}, "SELECT contact, channel, outcome, at FROM notice_contacts WHERE notice = ? ORDER BY at, contact", id)
	return all, sqldb.Translate("hubsql.Notices.Tellings", err)
}

// Delivered implements notice.Store.
func (t *Notices) Delivered(ctx context.Context, id, channels string, at time.Time) error {
	return t.end(ctx, "hubsql.Notices.Delivered", "delivered_at = ?, delivered_by = ?", sqldb.Micros(at), channels, id)
}

// Failed implements notice.Store.
func (t *Notices) Failed(ctx context.Context, id, why string, at time.Time) error {
	return t.end(ctx, "hubsql.Notices.Failed", "failed_at = ?, failed_why = ?", sqldb.Micros(at), why, id)
}

func (t *Notices) end(ctx context.Context, op, set string, args ...any) error {
	n, err := exec(t.db.Write(ctx), "UPDATE notices SET "+set+" WHERE id = ? AND delivered_at IS NULL AND failed_at IS NULL", args...)
	if err == nil && n == 0 {
		return hub.Errorf(op, hub.Consumed, "it had ended before, or is unknown")
	}
	return sqldb.Translate(op, err)
}

// Count implements notice.Store.
func (t *Notices) Count(ctx context.Context) (notice.Counts, error) {
	var c notice.Counts
	err := t.db.Read(ctx).Raw(`SELECT (SELECT COUNT(*) FROM notices WHERE delivered_at IS NULL AND failed_at IS NULL AND next_at IS NOT NULL),
		(SELECT COUNT(*) FROM notices WHERE failed_at IS NOT NULL)`).Row().Scan(&c.Waiting, &c.Failed)
	return c, sqldb.Translate("hubsql.Notices.Count", err)
}
