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

const noticeColumns = "id, account, kind, ial, aal, provider, channel, interaction, at, tries, delivered_at, delivered_by"

func scanNotice(r scanner) (notice.Notice, error) {
	var (
		n            notice.Notice
		ial, aal, at int64
		delivered    sql.NullInt64
		by           sql.NullString
	)
	err := r.Scan(&n.ID, &n.Account, &n.Kind, &ial, &aal, &n.Provider, &n.Channel, &n.Interaction, &at, &n.Tries, &delivered, &by)
	n.Level, n.At, n.DeliveredAt, n.DeliveredBy = level(ial, aal), sqldb.Time(at), sqldb.NullTime(delivered), by.String
	return n, err
}

func readNotices(db *gorm.DB, statement string, args ...any) ([]notice.Notice, error) {
	var all []notice.Notice
	err := each(db, func(r scanner) error {
		n, err := scanNotice(r)
		all = append(all, n)
		return err
	}, statement, args...)
	return all, err
}

// Add implements notice.Store.
func (t *Notices) Add(ctx context.Context, n notice.Notice) (bool, error) {
	at := sqldb.Micros(n.At)
	changed, err := exec(t.db.Write(ctx), `INSERT INTO notices (id, account, kind, ial, aal, provider, channel, interaction, at, next_at)
		VALUES ( ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
		n.ID, string(n.Account), string(n.Kind), int64(n.Level.IAL), int64(n.Level.AAL), string(n.Provider), n.Channel,
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
		WHERE delivered_at IS NULL AND next_at <= ? ORDER BY next_at, id LIMIT ?`+skip+`) RETURNING `+noticeColumns,
		sqldb.Micros(until), sqldb.Micros(now), limit)
	return all, sqldb.Translate("hubsql.Notices.Claim", err)
}

// Later implements notice.Store. It leaves delivered ones alone.
func (t *Notices) Later(ctx context.Context, id string, until time.Time) error {
	_, err := exec(t.db.Write(ctx), "UPDATE notices SET next_at = ? WHERE id = ? AND delivered_at IS NULL", sqldb.Micros(until), id)
	return sqldb.Translate("hubsql.Notices.Later", err)
}

// Delivered implements notice.Store.
func (t *Notices) Delivered(ctx context.Context, id, channel string, at time.Time) error {
	const op = "hubsql.Notices.Delivered"
	n, err := exec(t.db.Write(ctx), "UPDATE notices SET delivered_at = ?, delivered_by = ? WHERE id = ? AND delivered_at IS NULL",
		sqldb.Micros(at), channel, id)
	if err == nil && n == 0 {
		return hub.Errorf(op, hub.Consumed, "delivered before, or unknown")
	}
	return sqldb.Translate(op, err)
}
