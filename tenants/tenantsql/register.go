package tenantsql

import (
	"context"
	"database/sql"
	"errors"

	"onedoor/hub"
	"onedoor/hub/sqldb"
	"onedoor/tenants/register"
)

var (
	_ register.Entries = (*Store)(nil)
	_ register.Lives   = (*Store)(nil)
)

// Department implements register.Entries.
func (t *Store) Department(ctx context.Context, id hub.DepartmentID) (register.Department, error) {
	d, err := scanKeptDepartment(t.db.Read(ctx).Raw("SELECT id, spec, version, origin FROM departments WHERE id = ?", string(id)).Row())
	return d, sqldb.Translate("tenantsql.Department", err)
}

func scanKeptDepartment(r scanner) (d register.Department, err error) {
	var id, spec string
	if err = r.Scan(&id, &spec, &d.Version, &d.Origin); err == nil {
		d.Department, err = readDepartment(id, spec)
	}
	return d, err
}

// System implements register.Entries.
func (t *Store) System(ctx context.Context, id hub.SystemID) (register.System, error) {
	x, err := scanKeptSystem(t.db.Read(ctx).Raw("SELECT id, spec, version, origin, held FROM systems WHERE id = ?", string(id)).Row())
	return x, sqldb.Translate("tenantsql.System", err)
}

func scanKeptSystem(r scanner) (x register.System, err error) {
	var id, spec string
	var held int64
	if err = r.Scan(&id, &spec, &x.Version, &x.Origin, &held); err == nil {
		x.Held = held == 1
		x.System, err = readSystem(id, spec)
	}
	return x, err
}

// AllDepartments implements register.Entries.
func (t *Store) AllDepartments(ctx context.Context) (all []register.Department, err error) {
	err = sqldb.Each(t.db.Read(ctx), func(r scanner) error {
		d, err := scanKeptDepartment(r)
		all = append(all, d)
		return err
	}, "SELECT id, spec, version, origin FROM departments ORDER BY id")
	return all, sqldb.Translate("tenantsql.AllDepartments", err)
}

// AllSystems implements register.Entries.
func (t *Store) AllSystems(ctx context.Context) (all []register.System, err error) {
	err = sqldb.Each(t.db.Read(ctx), func(r scanner) error {
		x, err := scanKeptSystem(r)
		all = append(all, x)
		return err
	}, "SELECT id, spec, version, origin, held FROM systems ORDER BY id")
	return all, sqldb.Translate("tenantsql.AllSystems", err)
}

// Alone implements register.Entries: whoever changes an entry holds the row of the lists' version.
func (t *Store) Alone(ctx context.Context) error {
	return sqldb.Translate("tenantsql.Alone", t.db.Write(ctx).Exec("UPDATE directory_versions SET version = version WHERE list = 'tenants'").Error)
}

// ReplaceDepartment implements register.Entries.
func (t *Store) ReplaceDepartment(ctx context.Context, d register.Department) (int64, error) {
	const op = "tenantsql.ReplaceDepartment"
	spec, err := writeDepartment(d.Department)
	if err != nil {
		return 0, hub.E(op, hub.Internal, err)
	}
	if d.Version == 0 {
		return t.replace(ctx, op, `INSERT INTO departments (id, spec, version, origin) VALUES ( ?, ?, 1, ?) ON CONFLICT DO NOTHING RETURNING version`,
			string(d.ID), spec, string(d.Origin))
	}
	return t.replace(ctx, op, `UPDATE departments SET spec = ?, version = version + 1, origin = ? WHERE id = ? AND version = ? RETURNING version`,
		spec, string(d.Origin), string(d.ID), d.Version)
}

// ReplaceSystem implements register.Entries.
func (t *Store) ReplaceSystem(ctx context.Context, x register.System) (int64, error) {
	const op = "tenantsql.ReplaceSystem"
	spec, err := writeSystem(x.System)
	if err != nil {
		return 0, hub.E(op, hub.Internal, err)
	}
	held := 0
	if x.Held {
		held = 1
	}
	if x.Version == 0 {
		return t.replace(ctx, op, `INSERT INTO systems (id, department, spec, version, origin, held) VALUES ( ?, ?, ?, 1, ?, ?)
			ON CONFLICT DO NOTHING RETURNING version`, string(x.ID), string(x.Department), spec, string(x.Origin), held)
	}
	return t.replace(ctx, op, `UPDATE systems SET department = ?, spec = ?, version = version + 1, origin = ?, held = ?
		WHERE id = ? AND version = ? RETURNING version`, string(x.Department), spec, string(x.Origin), held, string(x.ID), x.Version)
}

// replace runs a change of one entry at one version and moves the version of the lists.
func (t *Store) replace(ctx context.Context, op, change string, args ...any) (version int64, err error) {
	err = t.db.InTx(ctx, func(ctx context.Context) error {
		w := t.db.Write(ctx)
		err := w.Raw(change, args...).Row().Scan(&version)
		if errors.Is(err, sql.ErrNoRows) {
			return hub.Errorf(op, hub.Conflict, "the entry is of another version")
		}
		if err != nil {
			return sqldb.Translate(op, err)
		}
		return sqldb.Translate(op, w.Exec("UPDATE directory_versions SET version = version + 1 WHERE list = 'tenants'").Error)
	})
	return version, err
}

// Moved implements register.Lives.
func (t *Store) Moved(ctx context.Context, m register.Move) error {
	r := t.db.Write(ctx).Exec(`INSERT INTO system_moves (id, system, was, became, reason, account, program, at) VALUES ( ?, ?, ?, ?, ?, ?, ?, ?)`,
		m.ID, string(m.System), string(m.Was), string(m.Became), m.Reason, string(m.Account), string(m.Program), sqldb.Micros(m.At))
	return sqldb.Translate("tenantsql.Moved", r.Error)
}

// Moves implements register.Lives.
func (t *Store) Moves(ctx context.Context, system hub.SystemID, before int64, limit int) (all []register.Move, err error) {
	where, args := "system = ?", []any{string(system)}
	if before > 0 {
		where, args = where+" AND seq < ?", append(args, before)
	}
	err = sqldb.Each(t.db.Read(ctx), func(r scanner) error {
		var m register.Move
		var at int64
		err := r.Scan(&m.Seq, &m.ID, &m.System, &m.Was, &m.Became, &m.Reason, &m.Account, &m.Program, &at)
		m.At = sqldb.Time(at)
		all = append(all, m)
		return err
	}, "SELECT seq, id, system, was, became, reason, account, program, at FROM system_moves WHERE "+where+" ORDER BY seq DESC LIMIT ?", append(args, limit)...)
	return all, sqldb.Translate("tenantsql.Moves", err)
}

// Propose implements register.Lives.
func (t *Store) Propose(ctx context.Context, p register.Proposal) error {
	r := t.db.Write(ctx).Exec(`INSERT INTO system_proposals (system, id, version, tested, account, at) VALUES ( ?, ?, ?, ?, ?, ?) ON CONFLICT (system) DO UPDATE
		SET id = excluded.id, version = excluded.version, tested = excluded.tested, account = excluded.account, at = excluded.at`,
		string(p.System), p.ID, p.Version, p.Tested, string(p.Account), sqldb.Micros(p.At))
	return sqldb.Translate("tenantsql.Propose", r.Error)
}

// Proposal implements register.Lives.
func (t *Store) Proposal(ctx context.Context, system hub.SystemID) (p register.Proposal, err error) {
	var at int64
	err = t.db.Read(ctx).Raw("SELECT system, id, version, tested, account, at FROM system_proposals WHERE system = ?", string(system)).Row().
		Scan(&p.System, &p.ID, &p.Version, &p.Tested, &p.Account, &at)
	p.At = sqldb.Time(at)
	return p, sqldb.Translate("tenantsql.Proposal", err)
}

// Take implements register.Lives.
func (t *Store) Take(ctx context.Context, id string) error {
	const op = "tenantsql.Take"
	r := t.db.Write(ctx).Exec("DELETE FROM system_proposals WHERE id = ?", id)
	if r.Error == nil && r.RowsAffected == 0 {
		return hub.Errorf(op, hub.Consumed, "the proposal has been taken, or there is another")
	}
	return sqldb.Translate(op, r.Error)
}

// Administrates implements staff.Systems for the command line, which has no directory in memory.
func (t *Store) Administrates(ctx context.Context, id hub.SystemID) (bool, error) {
	x, err := t.System(ctx, id)
	return err == nil && x.Administrates(), err
}

// Closing is work that is left of a system that is no longer open: the sessions after Through are still to be told.
type Closing struct {
	System  hub.SystemID
	Through hub.SessionID
}

// Closings lists what is left of systems that were closed by then, in microseconds since 1970 UTC, the oldest first, at most limit.
func (t *Store) Closings(ctx context.Context, by int64, limit int) (all []Closing, err error) {
	err = sqldb.Each(t.db.Read(ctx), func(r scanner) error {
		var c Closing
		err := r.Scan(&c.System, &c.Through)
		all = append(all, c)
		return err
	}, "SELECT system, through FROM system_closings WHERE at <= ? ORDER BY at, system LIMIT ?", by, limit)
	return all, sqldb.Translate("tenantsql.Closings", err)
}

// Close notes that the sessions at a system are to be told, from the beginning where that is noted already.
func (t *Store) Close(ctx context.Context, id hub.SystemID, at int64) error {
	r := t.db.Write(ctx).Exec(`INSERT INTO system_closings (system, at, through) VALUES ( ?, ?, '') ON CONFLICT (system) DO UPDATE SET at = excluded.at, through = ''`,
		string(id), at)
	return sqldb.Translate("tenantsql.Close", r.Error)
}

// Reached notes how far the sessions have been told; done removes the note. It changes nothing where another node is elsewhere by now.
func (t *Store) Reached(ctx context.Context, c Closing, through hub.SessionID, done bool) error {
	w := t.db.Write(ctx)
	if done {
		return sqldb.Translate("tenantsql.Reached", w.Exec("DELETE FROM system_closings WHERE system = ? AND through = ?", string(c.System), string(c.Through)).Error)
	}
	return sqldb.Translate("tenantsql.Reached", w.Exec("UPDATE system_closings SET through = ? WHERE system = ? AND through = ?",
		string(through), string(c.System), string(c.Through)).Error)
}

// Marks tells what files must know of entries: the systems that staff have suspended, and the entries that were kept through the API.
func (t *Store) Marks(ctx context.Context) (held []hub.SystemID, api map[string]bool, err error) {
	api = map[string]bool{}
	err = sqldb.Each(t.db.Read(ctx), func(r scanner) error {
		var kind, id, origin string
		var h int64
		if err := r.Scan(&kind, &id, &origin, &h); err != nil {
			return err
		}
		if origin == string(register.ByAPI) {
			api[kind+" "+id] = true
		}
		if h == 1 {
			held = append(held, hub.SystemID(id))
		}
		return nil
	}, "SELECT 'Department', id, origin, 0 FROM departments UNION ALL SELECT 'System', id, origin, held FROM systems ORDER BY 1, 2")
	return held, api, sqldb.Translate("tenantsql.Marks", err)
}
