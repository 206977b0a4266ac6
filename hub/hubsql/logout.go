package hubsql

import (
	"context"
	"database/sql"
	"encoding/json"
	"strings"
	"time"

	"gorm.io/gorm"

	"onedoor/hub"
	"onedoor/hub/logout"
	"onedoor/hub/sqldb"
)

// Logouts is the logout.Store in SQL. Lists of rows go in as one JSON value, so that a statement has one text however many rows there are.
type Logouts struct{ db *sqldb.DB }

var _ logout.Store = (*Logouts)(nil)

// NewLogouts gives the store over a database whose schema is up to date. Invalid without one.
func NewLogouts(db *sqldb.DB) (*Logouts, error) {
	if db == nil {
		return nil, hub.Errorf("hubsql.NewLogouts", hub.Invalid, "no database")
	}
	return &Logouts{db: db}, nil
}

// elements gives the table expression of a JSON list that is one parameter: its column is v.
func (t *Logouts) elements() string {
	if t.db.Dialect() == sqldb.Postgres {
		return "(SELECT value AS v FROM jsonb_array_elements(CAST(? AS jsonb))) t"
	}
	return "(SELECT value AS v FROM json_each(?)) t"
}

// ids gives the condition that a column is in a JSON list of strings that is one parameter.
func (t *Logouts) ids() string {
	if t.db.Dialect() == sqldb.Postgres {
		return " IN (SELECT jsonb_array_elements_text(CAST(? AS jsonb)))"
	}
	return " IN (SELECT value FROM json_each(?))"
}

func jsonOf(v any) string {
	b, err := json.Marshal(v)
	if err != nil { // strings and numbers always marshal
		panic("hubsql: " + err.Error())
	}
	return string(b)
}

const (
	campaignColumns = "c.id, c.session, c.account, c.left_system, c.reason, c.system, c.provider, c.protocol, c.interaction, c.at, c.closed_at"
	noticeColumnsOf = "n.id, n.campaign, n.system, n.provider, n.protocol, n.ref, n.until, n.state, n.tries, n.next_at, n.done_at, n.reason"
	joined          = "SELECT " + noticeColumnsOf + ", " + campaignColumns + " FROM logout_notices n JOIN logout_campaigns c ON c.id = n.campaign "
)

// readCampaign reads campaignColumns after what comes first.
func readCampaign(r scanner, first ...any) (c logout.Campaign, err error) {
	var at int64
	var closed sql.NullInt64
	err = r.Scan(append(first, &c.ID, &c.Session, &c.Account, &c.Left, &c.Cause.Reason, &c.Cause.System, &c.Cause.Provider,
		&c.Cause.Protocol, &c.Interaction, &at, &closed)...)
	c.At, c.ClosedAt = sqldb.Time(at), sqldb.NullTime(closed)
	return c, err
}

func readLogoutNotice(r scanner) (logout.Notice, logout.Campaign, error) {
	var n logout.Notice
	var until, next int64
	var done sql.NullInt64
	c, err := readCampaign(r, &n.ID, &n.Campaign, &n.System, &n.Provider, &n.Protocol, &n.Ref, &until, &n.State, &n.Tries, &next, &done, &n.Reason)
	n.Session, n.Account, n.Left, n.Cause, n.Interaction, n.At = c.Session, c.Account, c.Left != "", c.Cause, c.Interaction, c.At
	n.Until, n.NextAt, n.DoneAt = sqldb.Time(until), sqldb.Time(next), sqldb.NullTime(done)
	return n, c, err
}

func readLogoutNotices(db *gorm.DB, statement string, args ...any) (all []logout.Notice, err error) {
	err = sqldb.Each(db, func(r scanner) error {
		n, _, err := readLogoutNotice(r)
		all = append(all, n)
		return err
	}, statement, args...)
	return all, err
}

// Open implements logout.Store, in two statements however many notices there are.
func (t *Logouts) Open(ctx context.Context, c logout.Campaign, notices []logout.Notice) error {
	const op = "hubsql.Logouts.Open"
	return t.db.InTx(ctx, func(ctx context.Context) error {
		w := t.db.Write(ctx)
		n, err := exec(w, `INSERT INTO logout_campaigns (id, session, account, left_system, reason, system, provider, protocol, interaction, at,
			closed_at) VALUES ( ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
			c.ID, string(c.Session), string(c.Account), string(c.Left), string(c.Cause.Reason), string(c.Cause.System), string(c.Cause.Provider),
			c.Cause.Protocol, string(c.Interaction), sqldb.Micros(c.At), sqldb.NullMicros(c.ClosedAt))
		if err == nil && n == 0 {
			return hub.Errorf(op, hub.Conflict, "the end of this session has a campaign")
		}
		if err != nil || len(notices) == 0 {
			return sqldb.Translate(op, err)
		}
		rows, sealed := make([][]any, len(notices)), false
		for i, n := range notices {
			sealed = sealed || n.Provider != "" && n.Ref != ""
			rows[i] = []any{
				n.ID, n.System, n.Provider, n.Protocol, n.Ref, sqldb.Micros(n.Until), n.State, n.Tries, sqldb.Micros(n.NextAt), done(n.DoneAt), n.Reason,
			}
		}
		// What a provider gave rests from here on in the notice alone, and there until the provider has been told (D3).
		if c.Left == "" && sealed {
			if _, err := exec(w, "UPDATE session_participants SET ref = '' WHERE session = ? AND provider <> '' AND ref <> ''", string(c.Session)); err != nil {
				return sqldb.Translate(op, err)
			}
		}
		_, err = exec(w, `INSERT INTO logout_notices (id, campaign, system, provider, protocol, ref, at, until, state, tries, next_at, done_at, reason)
			SELECT v ->> 0, CAST(? AS TEXT), v ->> 1, v ->> 2, v ->> 3, v ->> 4, CAST(? AS BIGINT), CAST(v ->> 5 AS BIGINT), v ->> 6,
			CAST(v ->> 7 AS BIGINT), CAST(v ->> 8 AS BIGINT), CAST(v ->> 9 AS BIGINT), v ->> 10 FROM `+t.elements(),
			c.ID, sqldb.Micros(c.At), jsonOf(rows))
		return sqldb.Translate(op, err)
	})
}

// done gives a time for JSON: null for none.
func done(at time.Time) any {
	if at.IsZero() {
		return nil
	}
	return sqldb.Micros(at)
}

// Claim implements logout.Store. It looks before it writes: most times nothing is due, and SQLite has one writer. On PostgreSQL it leaves
// rows that another node is at.
func (t *Logouts) Claim(ctx context.Context, now, until time.Time, limit int) (all []logout.Notice, err error) {
	const op = "hubsql.Logouts.Claim"
	due := false
	err = t.db.Read(ctx).Raw("SELECT EXISTS (SELECT 1 FROM logout_notices WHERE done_at IS NULL AND next_at <= ?)", sqldb.Micros(now)).Row().Scan(&due)
	if err != nil || !due {
		return nil, sqldb.Translate(op, err)
	}
	err = t.db.InTx(ctx, func(ctx context.Context) error {
		w := t.db.Write(ctx)
		ids, err := texts(w, `UPDATE logout_notices SET next_at = ? WHERE id IN (SELECT id FROM logout_notices
			WHERE done_at IS NULL AND next_at <= ? ORDER BY next_at, id LIMIT ?`+held(t.db, " FOR UPDATE SKIP LOCKED")+`) RETURNING id`,
			sqldb.Micros(until), sqldb.Micros(now), limit)
		if err == nil {
			all, err = readLogoutNotices(w, joined+"WHERE n.id"+t.ids()+" ORDER BY n.at, n.id", jsonOf(ids))
		}
		return sqldb.Translate(op, err)
	})
	return all, err
}

// texts gives one column of texts.
func texts(db *gorm.DB, statement string, args ...any) ([]string, error) {
	all := []string{}
	err := sqldb.Each(db, func(r scanner) error {
		var id string
		err := r.Scan(&id)
		all = append(all, id)
		return err
	}, statement, args...)
	return all, err
}

// Settle implements logout.Store. On PostgreSQL the campaigns are held first, in order: of two nodes that settle the last two notices of one
// the second one sees what the first has done, and closes it.
func (t *Logouts) Settle(ctx context.Context, changes []logout.Change, at time.Time) (changed []logout.Notice, closed []logout.Campaign, err error) {
	const op = "hubsql.Logouts.Settle"
	if len(changes) == 0 {
		return nil, nil, nil
	}
	rows, about := make([][]any, len(changes)), make([]string, len(changes))
	for i, c := range changes {
		tried := 0
		if c.Tried {
			tried = 1
		}
		about[i] = c.ID
		rows[i] = []any{c.ID, c.State, tried, sqldb.Micros(c.NextAt), done(c.DoneAt), c.Reason}
	}
	err = t.db.InTx(ctx, func(ctx context.Context) error {
		w := t.db.Write(ctx)
		changed, closed = nil, nil
		if t.db.Dialect() == sqldb.Postgres {
			if _, err := texts(w, `SELECT c.id FROM logout_campaigns c WHERE c.id IN (SELECT n.campaign FROM logout_notices n WHERE n.id`+
				t.ids()+`) ORDER BY c.id FOR UPDATE`, jsonOf(about)); err != nil {
				return sqldb.Translate(op, err)
			}
		}
		ids, err := texts(w, `UPDATE logout_notices SET state = v ->> 1, tries = tries + CAST(v ->> 2 AS BIGINT), next_at = CAST(v ->> 3 AS BIGINT),
			done_at = CAST(v ->> 4 AS BIGINT), reason = v ->> 5,
			ref = CASE WHEN provider <> '' AND v ->> 1 IN ('confirmed', 'visited') THEN '' ELSE ref END FROM `+t.elements()+`
			WHERE logout_notices.id = v ->> 0 AND logout_notices.done_at IS NULL RETURNING id`, jsonOf(rows))
		if err != nil || len(ids) == 0 {
			return sqldb.Translate(op, err)
		}
		list := jsonOf(ids)
		if changed, err = readLogoutNotices(w, joined+"WHERE n.id"+t.ids()+" ORDER BY n.at, n.id", list); err != nil {
			return sqldb.Translate(op, err)
		}
		if err := t.shredRefs(ctx, changed); err != nil {
			return sqldb.Translate(op, err)
		}
		err = sqldb.Each(w, func(r scanner) error {
			c, err := readCampaign(r)
			closed = append(closed, c)
			return err
		}, `UPDATE logout_campaigns AS c SET closed_at = ? WHERE closed_at IS NULL
			AND id IN (SELECT n.campaign FROM logout_notices n WHERE n.id`+t.ids()+`)
			AND NOT EXISTS (SELECT 1 FROM logout_notices o WHERE o.campaign = c.id AND o.done_at IS NULL)
			RETURNING `+plain(campaignColumns), sqldb.Micros(at), list)
		return sqldb.Translate(op, err)
	})
	return changed, closed, err
}

// shredRefs forgets what a provider gave of its session once the provider has been told: nobody needs it any more. Of one that could not be
// told it stays, for it may be told again.
func (t *Logouts) shredRefs(ctx context.Context, changed []logout.Notice) error {
	for _, n := range changed {
		if n.Provider == "" || n.Ref == "" || n.State != logout.Confirmed && n.State != logout.Visited {
			continue
		}
		if _, err := exec(t.db.Write(ctx), "UPDATE logout_notices SET ref = '' WHERE id = ?", n.ID); err != nil {
			return err
		}
	}
	return nil
}

// plain drops the table's letter from columns: RETURNING knows one table.
func plain(columns string) string { return strings.ReplaceAll(columns, "c.", "") }

// Depart implements logout.Store, by compare-and-set.
func (t *Logouts) Depart(ctx context.Context, id string, until time.Time) (bool, error) {
	n, err := exec(t.db.Write(ctx), `UPDATE logout_notices SET tries = tries + 1, next_at = ?, until = ?
		WHERE id = ? AND state = 'visiting' AND tries = 0`, sqldb.Micros(until), sqldb.Micros(until), id)
	return n == 1, sqldb.Translate("hubsql.Logouts.Depart", err)
}

// Reopen implements logout.Store.
func (t *Logouts) Reopen(ctx context.Context, id string, now, until time.Time) (again []logout.Notice, err error) {
	const op = "hubsql.Logouts.Reopen"
	err = t.db.InTx(ctx, func(ctx context.Context) error {
		w := t.db.Write(ctx)
		const which = "(campaign = ? OR id = ?) AND state IN ('failed', 'unreachable')"
		if _, err := exec(w, "UPDATE logout_campaigns SET closed_at = NULL WHERE id IN (SELECT campaign FROM logout_notices WHERE "+which+")", id, id); err != nil {
			return sqldb.Translate(op, err)
		}
		ids, err := texts(w, `UPDATE logout_notices SET state = 'open', done_at = NULL, next_at = ?, until = CASE WHEN until < ? THEN ? ELSE until END
			WHERE `+which+" RETURNING id", sqldb.Micros(now), sqldb.Micros(until), sqldb.Micros(until), id, id)
		if err != nil {
			return sqldb.Translate(op, err)
		}
		if len(ids) == 0 {
			return hub.Errorf(op, hub.NotFound, "no failed notice")
		}
		again, err = readLogoutNotices(w, joined+"WHERE n.id"+t.ids()+" ORDER BY n.id", jsonOf(ids))
		return sqldb.Translate(op, err)
	})
	return again, err
}
