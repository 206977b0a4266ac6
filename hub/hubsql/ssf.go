package hubsql

import (
	"context"
	"database/sql"
	"encoding/hex"
	"time"

	"gorm.io/gorm"

	"onedoor/hub"
	"onedoor/hub/sqldb"
	"onedoor/hub/ssf"
)

// Signals is the ssf.Store in SQL.
type Signals struct{ db *sqldb.DB }

var _ ssf.Store = (*Signals)(nil)

// NewSignals gives the store over a database whose schema is up to date. Invalid without one.
func NewSignals(db *sqldb.DB) (*Signals, error) {
	if db == nil {
		return nil, hub.Errorf("hubsql.NewSignals", hub.Invalid, "no database")
	}
	return &Signals{db: db}, nil
}

const streamColumns = "id, system, endpoint, header, requested, description, status, reason, verified_at, created_at, version"

func readStream(r scanner) (s ssf.Stream, err error) {
	var requested string
	var verified sql.NullInt64
	var created int64
	if err := r.Scan(&s.ID, &s.System, &s.Endpoint, &s.Header, &requested, &s.Description, &s.Status, &s.Reason, &verified, &created, &s.Version); err != nil {
		return s, err
	}
	s.VerifiedAt, s.CreatedAt = sqldb.NullTime(verified), sqldb.Time(created)
	s.Requested, err = readList[string](requested)
	return s, err
}

// Create implements ssf.Store.
func (t *Signals) Create(ctx context.Context, s ssf.Stream) error {
	const op = "hubsql.Signals.Create"
	n, err := exec(t.db.Write(ctx), "INSERT INTO ssf_streams ("+streamColumns+") VALUES ( ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
		s.ID, string(s.System), s.Endpoint, blob(s.Header), list(s.Requested), s.Description, string(s.Status), s.Reason,
		sqldb.NullMicros(s.VerifiedAt), sqldb.Micros(s.CreatedAt), s.Version)
	if err == nil && n == 0 {
		return hub.Errorf(op, hub.Conflict, "the system has a stream")
	}
	return sqldb.Translate(op, err)
}

// Of implements ssf.Store.
func (t *Signals) Of(ctx context.Context, system hub.SystemID) (s ssf.Stream, err error) {
	err = one(ctx, t.db, func(r scanner) error {
		s, err = readStream(r)
		return err
	}, "SELECT "+streamColumns+" FROM ssf_streams WHERE system = ?", string(system))
	return s, sqldb.Translate("hubsql.Signals.Of", err)
}

// For implements ssf.Store.
func (t *Signals) For(ctx context.Context, systems []hub.SystemID) (all []ssf.Stream, err error) {
	err = sqldb.Each(t.db.Read(ctx), func(r scanner) error {
		s, err := readStream(r)
		all = append(all, s)
		return err
	}, "SELECT "+streamColumns+" FROM ssf_streams WHERE status <> 'disabled' AND system IN "+among(t.db)+" ORDER BY id", jsonOf(systems))
	return all, sqldb.Translate("hubsql.Signals.For", err)
}

// among gives the list of texts that is one parameter, as JSON.
func among(db *sqldb.DB) string {
	if db.Dialect() == sqldb.Postgres {
		return "(SELECT jsonb_array_elements_text(CAST(? AS jsonb)))"
	}
	return "(SELECT value FROM json_each(?))"
}

// Update implements ssf.Store, as a compare-and-set.
func (t *Signals) Update(ctx context.Context, s ssf.Stream) error {
	const op = "hubsql.Signals.Update"
	return t.db.InTx(ctx, func(ctx context.Context) error {
		w := t.db.Write(ctx)
		n, err := exec(w, `UPDATE ssf_streams SET endpoint = ?, header = ?, requested = ?, description = ?, status = ?, reason = ?, verified_at = ?,
			version = version + 1 WHERE id = ? AND version = ?`,
			s.Endpoint, blob(s.Header), list(s.Requested), s.Description, string(s.Status), s.Reason, sqldb.NullMicros(s.VerifiedAt), s.ID, s.Version)
		if err == nil && n == 0 {
			return hub.Errorf(op, hub.Conflict, "the stream has changed")
		}
		if err == nil && s.Status == ssf.Disabled {
			_, err = exec(w, "DELETE FROM ssf_events WHERE stream = ? AND done_at IS NULL", s.ID)
		}
		return sqldb.Translate(op, err)
	})
}

// Delete implements ssf.Store.
func (t *Signals) Delete(ctx context.Context, system hub.SystemID) error {
	const op = "hubsql.Signals.Delete"
	n, err := exec(t.db.Write(ctx), "DELETE FROM ssf_streams WHERE system = ?", string(system))
	if err == nil && n == 0 {
		return hub.Errorf(op, hub.NotFound, "the system has no stream")
	}
	return sqldb.Translate(op, err)
}

// Add implements ssf.Store.
func (t *Signals) Add(ctx context.Context, events []ssf.Event) (map[string]int, error) {
	const op = "hubsql.Signals.Add"
	waiting, streams := map[string]int{}, []string{}
	err := t.db.InTx(ctx, func(ctx context.Context) error {
		w := t.db.Write(ctx)
		for _, e := range events {
			about := 0
			if e.About {
				about = 1
			}
			_, err := exec(w, `INSERT INTO ssf_events (id, stream, type, about, claims, created_at, expires_at, tries, next_at, reason)
				SELECT CAST(? AS TEXT), s.id, CAST(? AS TEXT), CAST(? AS BIGINT), CAST(? AS TEXT), CAST(? AS BIGINT), CAST(? AS BIGINT), 0, CAST(? AS BIGINT), ''
				FROM ssf_streams s WHERE s.id = ? AND (s.status <> 'disabled' OR CAST(? AS BIGINT) = 1)`,
				e.ID, e.Type, about, string(e.Claims), sqldb.Micros(e.CreatedAt), sqldb.Micros(e.ExpiresAt), sqldb.Micros(e.NextAt), e.Stream, about)
			if err != nil {
				return sqldb.Translate(op, err)
			}
			streams = append(streams, e.Stream)
		}
		return sqldb.Translate(op, sqldb.Each(w, func(r scanner) error {
			var stream string
			var n int
			err := r.Scan(&stream, &n)
			waiting[stream] = n
			return err
		}, "SELECT stream, COUNT(*) FROM ssf_events WHERE done_at IS NULL AND stream IN "+among(t.db)+" GROUP BY stream", jsonOf(streams)))
	})
	return waiting, err
}

const signalColumns = `e.id, e.stream, e.type, e.about, e.claims, e.created_at, e.expires_at, e.tries, e.next_at, s.endpoint, s.header, s.system`

func readEvents(db *gorm.DB, statement string, args ...any) (all []ssf.Event, err error) {
	err = sqldb.Each(db, func(r scanner) error {
		var e ssf.Event
		var claims string
		var about, created, expires, next int64
		err := r.Scan(&e.ID, &e.Stream, &e.Type, &about, &claims, &created, &expires, &e.Tries, &next, &e.Endpoint, &e.Header, &e.System)
		e.About, e.Claims, e.CreatedAt, e.ExpiresAt, e.NextAt = about == 1, []byte(claims), sqldb.Time(created), sqldb.Time(expires), sqldb.Time(next)
		all = append(all, e)
		return err
	}, statement, args...)
	return all, err
}

// Claim implements ssf.Store. It looks before it writes: most times nothing is due, and SQLite has one writer.
func (t *Signals) Claim(ctx context.Context, now, until time.Time, limit int) (all []ssf.Event, err error) {
	const op = "hubsql.Signals.Claim"
	const due = `FROM ssf_events e JOIN ssf_streams s ON s.id = e.stream WHERE e.done_at IS NULL AND e.next_at <= ?
		AND s.endpoint <> '' AND (s.status = 'enabled' OR e.about = 1)`
	some := false
	err = t.db.Read(ctx).Raw("SELECT EXISTS (SELECT 1 "+due+")", sqldb.Micros(now)).Row().Scan(&some)
	if err != nil || !some {
		return nil, sqldb.Translate(op, err)
	}
	err = t.db.InTx(ctx, func(ctx context.Context) error {
		w := t.db.Write(ctx)
		ids, err := texts(w, `UPDATE ssf_events SET next_at = ? WHERE id IN (SELECT e.id `+due+` ORDER BY e.next_at, e.id LIMIT ?`+
			held(t.db, " FOR UPDATE OF e SKIP LOCKED")+`) RETURNING id`, sqldb.Micros(until), sqldb.Micros(now), limit)
		if err == nil {
			all, err = readEvents(w, "SELECT "+signalColumns+" FROM ssf_events e JOIN ssf_streams s ON s.id = e.stream WHERE e.id IN "+among(t.db)+
				" ORDER BY e.created_at, e.id", jsonOf(ids))
		}
		return sqldb.Translate(op, err)
	})
	return all, err
}

// Settle implements ssf.Store.
func (t *Signals) Settle(ctx context.Context, changes []ssf.Change) (all []ssf.Event, err error) {
	const op = "hubsql.Signals.Settle"
	err = t.db.InTx(ctx, func(ctx context.Context) error {
		w := t.db.Write(ctx)
		ids := []string{}
		for _, c := range changes {
			tried, at := 0, sql.NullInt64{}
			if c.Tried {
				tried = 1
			}
			if c.Done {
				at = sql.NullInt64{Int64: sqldb.Micros(c.At), Valid: true}
			}
			n, err := exec(w, `UPDATE ssf_events SET tries = tries + ?, next_at = ?, done_at = ?, reason = ? WHERE id = ? AND done_at IS NULL
				AND (stream = ? OR CAST(? AS TEXT) = '')`, tried, sqldb.Micros(c.NextAt), at, c.Reason, c.ID, c.Stream, c.Stream)
			if err != nil {
				return sqldb.Translate(op, err)
			}
			if n == 1 {
				ids = append(ids, c.ID)
			}
		}
		all, err = readEvents(w, "SELECT "+signalColumns+" FROM ssf_events e JOIN ssf_streams s ON s.id = e.stream WHERE e.id IN "+among(t.db)+
			" ORDER BY e.created_at, e.id", jsonOf(ids))
		return sqldb.Translate(op, err)
	})
	return all, err
}

// Waiting implements ssf.Store.
func (t *Signals) Waiting(ctx context.Context, stream string, now time.Time, limit int) ([]ssf.Event, bool, error) {
	all, err := readEvents(t.db.Read(ctx), "SELECT "+signalColumns+` FROM ssf_events e JOIN ssf_streams s ON s.id = e.stream
		WHERE e.stream = ? AND e.done_at IS NULL AND e.expires_at > ? AND (s.status = 'enabled' OR e.about = 1)
		ORDER BY e.created_at, e.id LIMIT ?`, stream, sqldb.Micros(now), limit+1)
	if len(all) > limit {
		return all[:limit], true, nil
	}
	return all, false, sqldb.Translate("hubsql.Signals.Waiting", err)
}

// Mute implements ssf.Store.
func (t *Signals) Mute(ctx context.Context, stream string, subject [32]byte, mute bool) error {
	statement := "DELETE FROM ssf_muted WHERE stream = ? AND subject = ?"
	if mute {
		statement = "INSERT INTO ssf_muted (stream, subject) VALUES ( ?, ?) ON CONFLICT DO NOTHING"
	}
	_, err := exec(t.db.Write(ctx), statement, stream, subject[:])
	return sqldb.Translate("hubsql.Signals.Mute", err)
}

// Muted implements ssf.Store.
func (t *Signals) Muted(ctx context.Context, subjects map[string][32]byte) (map[string]bool, error) {
	streams := make([]string, 0, len(subjects))
	for id := range subjects {
		streams = append(streams, id)
	}
	if len(streams) == 0 {
		return nil, nil //nolint:nilnil // nothing is a value
	}
	hashes := make([]string, 0, len(subjects))
	for _, h := range subjects {
		hashes = append(hashes, hex.EncodeToString(h[:]))
	}
	as := "lower(hex(subject))"
	if t.db.Dialect() == sqldb.Postgres {
		as = "encode(subject, 'hex')"
	}
	muted := map[string]bool{}
	err := sqldb.Each(t.db.Read(ctx), func(r scanner) error {
		var stream, hash string
		if err := r.Scan(&stream, &hash); err != nil {
			return err
		}
		if h := subjects[stream]; hash == hex.EncodeToString(h[:]) {
			muted[stream] = true
		}
		return nil
	}, "SELECT stream, "+as+" FROM ssf_muted WHERE stream IN "+among(t.db)+" AND "+as+" IN "+among(t.db), jsonOf(streams), jsonOf(hashes))
	return muted, sqldb.Translate("hubsql.Signals.Muted", err)
}

// Purge implements ssf.Store: what was done before the time, and what nobody came for until then.
func (t *Signals) Purge(ctx context.Context, before time.Time, limit int) (int, error) {
	n, err := exec(t.db.Write(ctx), `DELETE FROM ssf_events WHERE id IN (SELECT id FROM ssf_events
		WHERE done_at < ? OR done_at IS NULL AND expires_at < ? LIMIT ?`+held(t.db, " FOR UPDATE SKIP LOCKED")+")",
		sqldb.Micros(before), sqldb.Micros(before), limit)
	return n, sqldb.Translate("hubsql.Signals.Purge", err)
}
