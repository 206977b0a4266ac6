package hubsql

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"time"

	"onedoor/hub"
	"onedoor/hub/consent"
	"onedoor/hub/sqldb"
)

// Consents is the consent.Store in SQL. Triggers keep the table append-only, whoever writes (CON-04).
type Consents struct{ db *sqldb.DB }

// addAtOnce is how many records one statement takes.
const addAtOnce = 50

const consentColumns = "c.id, c.account, c.system, c.attribute, c.purpose, c.decision, c.version, c.language, c.at, c.interaction, c.seq"

func scanConsent(r scanner) (consent.Record, error) {
	var c consent.Record
	var at int64
	err := r.Scan(&c.ID, &c.Account, &c.System, &c.Attribute, &c.Purpose, &c.Decision, &c.Version, &c.Language, &at, &c.Interaction, &c.Seq)
	c.At = sqldb.Time(at)
	return c, err
}

// Add implements consent.Store: all records or none. Conflict where an id exists.
func (t *Consents) Add(ctx context.Context, records ...consent.Record) error {
	const op = "hubsql.Consents.Add"
	if len(records) <= addAtOnce {
		return t.add(ctx, op, records)
	}
	return t.db.InTx(ctx, func(ctx context.Context) error {
		for rest := records; len(rest) > 0; {
			n := min(addAtOnce, len(rest))
			if err := t.add(ctx, op, rest[:n]); err != nil {
				return err
			}
			rest = rest[n:]
		}
		return nil
	})
}

func (t *Consents) add(ctx context.Context, op string, records []consent.Record) error {
	if len(records) == 0 {
		return nil
	}
	const row = "( ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
	args := make([]any, 0, 10*len(records))
	for _, c := range records {
		args = append(args, c.ID, string(c.Account), string(c.System), string(c.Attribute), c.Purpose, string(c.Decision), c.Version,
			c.Language, sqldb.Micros(c.At), string(c.Interaction))
	}
	_, err := exec(t.db.Write(ctx), "INSERT INTO consents (id, account, system, attribute, purpose, decision, version, language, at, interaction) VALUES "+
		row+strings.Repeat(", "+row, len(records)-1), args...)
	return sqldb.Translate(op, err)
}

// latest selects the latest records of an account at a system, by attribute and purpose. The account stands between the halves.
const (
	latestOf = "SELECT " + consentColumns + " FROM consents c WHERE c.account = "
	latestAt = ` AND c.system = ? AND NOT EXISTS (
		SELECT 1 FROM consents n WHERE n.account = c.account AND n.system = c.system AND n.attribute = c.attribute
		AND n.purpose = c.purpose AND n.seq > c.seq) ORDER BY c.attribute, c.purpose`
)

// Current implements consent.Store: by attribute and purpose.
func (t *Consents) Current(ctx context.Context, account hub.AccountID, system hub.SystemID) ([]consent.Record, error) {
	all, err := t.list(ctx, latestOf+"?"+latestAt, string(account), string(system))
	return all, sqldb.Translate("hubsql.Consents.Current", err)
}

// Unchanged implements consent.Store.
func (t *Consents) Unchanged(ctx context.Context, account hub.AccountID, system hub.SystemID, last int64) error {
	const op = "hubsql.Consents.Unchanged"
	return t.db.Later(ctx, sqldb.Change{
		Op: op, Question: true,
		SQL:    `SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM consents c WHERE c.account = ? AND c.system = ? AND c.seq > ?)`,
		Args:   []any{string(account), string(system), last},
		Missed: func(context.Context) error { return hub.Errorf(op, hub.Conflict, "decided anew meanwhile") },
	})
}

// History implements consent.Store.
func (t *Consents) History(ctx context.Context, account hub.AccountID, limit int) ([]consent.Record, error) {
	all, err := t.list(ctx, "SELECT "+consentColumns+" FROM consents c WHERE c.account = ? ORDER BY c.seq DESC LIMIT ?",
		string(account), limit)
	return all, sqldb.Translate("hubsql.Consents.History", err)
}

func (t *Consents) list(ctx context.Context, statement string, args ...any) ([]consent.Record, error) {
	var all []consent.Record
	err := t.db.Ask(ctx, sqldb.Question{SQL: statement, Args: args, Scan: func(r sqldb.Row) error {
		c, err := scanConsent(r)
		all = append(all, c)
		return err
	}})
	return all, err
}

// Purge looks at the records behind one, so many at most, and removes those made before the time that a later decision has replaced
// (OPS-02). It tells how many went and behind which to go on: 0 at the end. The latest decision stays whatever its age: it is in force.
// It opens the triggers for these records only, and only inside its own transaction (see retention_cuts in the schema). Conflict where the
// database's own rule keeps them longer; Unavailable.
func (t *Consents) Purge(ctx context.Context, before time.Time, after int64, looked int) (removed int, last int64, err error) {
	const op = "hubsql.Consents.Purge"
	micros := sqldb.Micros(before)
	var end int64
	err = t.db.Read(ctx).Raw("SELECT seq FROM consents WHERE at < ? ORDER BY at DESC, seq DESC LIMIT 1", micros).Row().Scan(&end)
	if errors.Is(err, sql.ErrNoRows) || err == nil && after >= end {
		return 0, 0, nil
	}
	if err != nil {
		return 0, 0, sqldb.Translate(op, err)
	}
	last = after + int64(looked)
	err = t.db.InTx(ctx, func(ctx context.Context) error {
		w := t.db.Write(ctx)
		if _, err := exec(w, `INSERT INTO retention_cuts (class, before) VALUES ('consents', ?)
			ON CONFLICT (class) DO UPDATE SET before = excluded.before`, micros); err != nil {
			return err
		}
		if removed, err = exec(w, `DELETE FROM consents WHERE seq IN (SELECT c.seq FROM consents c WHERE c.seq > ? AND c.seq <= ? AND c.at < ? AND EXISTS (
			SELECT 1 FROM consents n WHERE n.account = c.account AND n.system = c.system AND n.attribute = c.attribute
			AND n.purpose = c.purpose AND n.seq > c.seq))`, after, last, micros); err != nil {
			return err
		}
		_, err = exec(w, "DELETE FROM retention_cuts WHERE class = 'consents'")
		return err
	})
	if err != nil {
		return 0, after, sqldb.Translate(op, err)
	}
	if last >= end {
		last = 0
	}
	return removed, last, nil
}
