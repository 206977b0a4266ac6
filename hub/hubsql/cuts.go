package hubsql

import (
	"context"
	"database/sql"
	"time"

	"onedoor/hub"
	"onedoor/hub/logout"
	"onedoor/hub/sqldb"
)

// Cuts is the logout.CutStore in SQL.
type Cuts struct{ db *sqldb.DB }

var _ logout.CutStore = (*Cuts)(nil)

// NewCuts gives the store over a database whose schema is up to date. Invalid without one.
func NewCuts(db *sqldb.DB) (*Cuts, error) {
	if db == nil {
		return nil, hub.Errorf("hubsql.NewCuts", hub.Invalid, "no database")
	}
	return &Cuts{db: db}, nil
}

const cutColumns = "id, provider, account, interaction, at, through, pass_at, seen_at, seen, faults, ended, done_at"

func scanCut(r scanner) (c logout.Cut, err error) {
	var at, through, pass, seen int64
	var done sql.NullInt64
	err = r.Scan(&c.ID, &c.Provider, &c.By, &c.Interaction, &at, &through, &pass, &seen, &c.Seen.ID, &c.Faults, &c.Ended, &done)
	c.At, c.Through, c.PassAt, c.DoneAt = sqldb.Time(at), sqldb.Time(through), sqldb.Time(pass), sqldb.NullTime(done)
	if seen != 0 {
		c.Seen.At = sqldb.Time(seen)
	}
	return c, err
}

// mark gives when a mark's session began, 0 before the first.
func mark(m logout.Mark) int64 {
	if m.At.IsZero() {
		return 0
	}
	return sqldb.Micros(m.At)
}

// Add implements logout.CutStore.
func (t *Cuts) Add(ctx context.Context, c logout.Cut) error {
	const op = "hubsql.Cuts.Add"
	n, err := exec(t.db.Write(ctx), "INSERT INTO provider_cuts ("+cutColumns+`, claim, claimed_until)
		VALUES ( ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '', 0) ON CONFLICT DO NOTHING`,
		c.ID, string(c.Provider), string(c.By), string(c.Interaction), sqldb.Micros(c.At), sqldb.Micros(c.Through), sqldb.Micros(c.PassAt), mark(c.Seen),
		string(c.Seen.ID), c.Faults, c.Ended, sqldb.NullMicros(c.DoneAt))
	if err == nil && n == 0 {
		return hub.Errorf(op, hub.Conflict, "the id exists")
	}
	return sqldb.Translate(op, err)
}

// Claim implements logout.CutStore. It looks before it writes: most times there is none.
func (t *Cuts) Claim(ctx context.Context, walker string, now, until time.Time) (c logout.Cut, err error) {
	const op = "hubsql.Cuts.Claim"
	open := false
	if err := t.db.Read(ctx).Raw("SELECT EXISTS (SELECT 1 FROM provider_cuts WHERE done_at IS NULL)").Row().Scan(&open); err != nil {
		return c, sqldb.Translate(op, err)
	}
	if !open {
		return c, hub.Errorf(op, hub.NotFound, "nothing to do")
	}
	err = t.db.InTx(ctx, func(ctx context.Context) (err error) {
		c, err = scanCut(t.db.Write(ctx).Raw(`UPDATE provider_cuts SET claim = ?, claimed_until = ? WHERE id = (SELECT id FROM provider_cuts
			WHERE done_at IS NULL AND (claim = ? OR claimed_until <= ?) ORDER BY at, id LIMIT 1`+held(t.db, " FOR UPDATE SKIP LOCKED")+") RETURNING "+cutColumns,
			walker, sqldb.Micros(until), walker, sqldb.Micros(now)).Row())
		return sqldb.Translate(op, err)
	})
	return c, err
}

// Live implements logout.CutStore. Every live session has its place in the index of when it began; what a cut costs it costs once, and no
// session has to be entered under its providers.
func (t *Cuts) Live(ctx context.Context, c logout.Cut, behind logout.Mark, limit int) (all []logout.Mark, last logout.Mark, err error) {
	last = behind
	at := mark(behind)
	err = sqldb.Each(t.db.Read(ctx), func(r scanner) error {
		var began int64
		var meant bool
		var m logout.Mark
		if err := r.Scan(&m.ID, &began, &meant); err != nil {
			return err
		}
		m.At = sqldb.Time(began)
		if last = m; meant {
			all = append(all, m)
		}
		return nil
	}, `SELECT s.id, s.started_at, s.provider = k.provider OR s.rests IS NOT NULL AND `+restsOn+` FROM sessions s JOIN provider_cuts k ON k.id = ?
		WHERE s.ended_at IS NULL AND s.started_at BETWEEN ? AND ? AND (s.started_at > ? OR s.id > ?) ORDER BY s.started_at, s.id LIMIT ?`,
		c.ID, at, sqldb.Micros(c.Through), at, string(behind.ID), limit)
	return all, last, sqldb.Translate("hubsql.Cuts.Live", err)
}

// Note implements logout.CutStore.
func (t *Cuts) Note(ctx context.Context, walker string, c logout.Cut, until time.Time) error {
	const op = "hubsql.Cuts.Note"
	n, err := exec(t.db.Write(ctx), `UPDATE provider_cuts SET pass_at = ?, seen_at = ?, seen = ?, faults = ?, ended = ?, done_at = ?, claimed_until = ?
		WHERE id = ? AND claim = ? AND done_at IS NULL`, sqldb.Micros(c.PassAt), mark(c.Seen), string(c.Seen.ID), c.Faults, c.Ended, sqldb.NullMicros(c.DoneAt),
		sqldb.Micros(until), c.ID, walker)
	if err == nil && n == 0 {
		return hub.Errorf(op, hub.Consumed, "another node goes on with it")
	}
	return sqldb.Translate(op, err)
}

// Rest implements logout.CutStore.
func (t *Cuts) Rest(ctx context.Context, walker string, c logout.Cut, until time.Time) error {
	_, err := exec(t.db.Write(ctx), "UPDATE provider_cuts SET claim = '', claimed_until = ? WHERE id = ? AND claim = ? AND done_at IS NULL",
		sqldb.Micros(until), c.ID, walker)
	return sqldb.Translate("hubsql.Cuts.Rest", err)
}

// Latest implements logout.CutStore.
func (t *Cuts) Latest(ctx context.Context, provider hub.ProviderID) (logout.Cut, error) {
	c, err := scanCut(t.db.Read(ctx).Raw("SELECT "+cutColumns+" FROM provider_cuts WHERE provider = ? ORDER BY at DESC, id DESC LIMIT 1", string(provider)).Row())
	return c, sqldb.Translate("hubsql.Cuts.Latest", err)
}
