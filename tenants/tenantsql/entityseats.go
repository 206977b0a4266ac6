package tenantsql

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"onedoor/hub"
	"onedoor/hub/sqldb"
	"onedoor/tenants/entity"
)

const seatColumns = "id, entity, account, role, label, invited_by, at, ended_at, ended_by, end_reason"

func (t *Entities) scanSeat(r scanner) (s entity.Seat, err error) {
	var at int64
	var ended sql.NullInt64
	var label []byte
	if err = r.Scan(&s.ID, &s.Entity, &s.Account, &s.Role, &label, &s.InvitedBy, &at, &ended, &s.EndedBy, &s.EndReason); err != nil {
		return entity.Seat{}, err
	}
	s.At, s.EndedAt = sqldb.Time(at), sqldb.NullTime(ended)
	s.Label, err = t.openLabel("entity_seats", s.ID, label)
	return s, err
}

// AddSeat implements entity.Store.
func (t *Entities) AddSeat(ctx context.Context, s entity.Seat) error {
	const op = "tenantsql.Entities.AddSeat"
	label, err := t.sealLabel("entity_seats", s.ID, s.Label)
	if err != nil {
		return err
	}
	r := t.db.Write(ctx).Exec("INSERT INTO entity_seats ("+seatColumns+") VALUES ( ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
		s.ID, string(s.Entity), string(s.Account), string(s.Role), label, string(s.InvitedBy), sqldb.Micros(s.At), sqldb.NullMicros(s.EndedAt),
		string(s.EndedBy), s.EndReason)
	if r.Error == nil && r.RowsAffected == 0 {
		return hub.Errorf(op, hub.Conflict, "the place is taken")
	}
	return sqldb.Translate(op, r.Error)
}

// Seat implements entity.Store.
func (t *Entities) Seat(ctx context.Context, id string) (entity.Seat, error) {
	s, err := t.scanSeat(t.db.Read(ctx).Raw("SELECT "+seatColumns+" FROM entity_seats WHERE id = ?", id).Row())
	return s, sqldb.Translate("tenantsql.Entities.Seat", err)
}

// EndSeat implements entity.Store.
func (t *Entities) EndSeat(ctx context.Context, id string, by hub.AccountID, reason string, at time.Time) error {
	return t.end(ctx, "tenantsql.Entities.EndSeat", "entity_seats", id, by, reason, at)
}

func (t *Entities) end(ctx context.Context, op, table, id string, by hub.AccountID, reason string, at time.Time) error {
	r := t.db.Write(ctx).Exec("UPDATE "+table+" SET ended_at = ?, ended_by = ?, end_reason = ? WHERE id = ? AND ended_at IS NULL",
		sqldb.Micros(at), string(by), reason, id)
	if r.Error == nil && r.RowsAffected == 0 {
		return t.gone(ctx, op, table, id)
	}
	return sqldb.Translate(op, r.Error)
}

func (t *Entities) seats(ctx context.Context, op, where string, args ...any) (all []entity.Seat, err error) {
	err = sqldb.Each(t.db.Read(ctx), func(r scanner) error {
		s, err := t.scanSeat(r)
		all = append(all, s)
		return err
	}, "SELECT "+seatColumns+" FROM entity_seats WHERE "+where, args...)
	return all, sqldb.Translate(op, err)
}

// SeatsOf implements entity.Store.
func (t *Entities) SeatsOf(ctx context.Context, id hub.EntityID, limit int) ([]entity.Seat, error) {
	return t.seats(ctx, "tenantsql.Entities.SeatsOf", "entity = ? ORDER BY CASE WHEN ended_at IS NULL THEN 0 ELSE 1 END, at DESC, id LIMIT ?", string(id), limit)
}

// SeatsAt implements entity.Store.
func (t *Entities) SeatsAt(ctx context.Context, account hub.AccountID) ([]entity.Seat, error) {
	return t.seats(ctx, "tenantsql.Entities.SeatsAt", "account = ? AND ended_at IS NULL ORDER BY at, id", string(account))
}

const mandateColumns = "m.id, m.seat, m.entity, m.account, m.department, m.systems, m.begins_at, m.until, m.given_by, m.at, m.ended_at, m.ended_by, m.end_reason"

func scanMandate(r scanner) (m entity.Mandate, err error) {
	var begins, at int64
	var until, ended sql.NullInt64
	var systems string
	if err = r.Scan(&m.ID, &m.Seat, &m.Entity, &m.Account, &m.Department, &systems, &begins, &until, &m.GivenBy, &at, &ended, &m.EndedBy, &m.EndReason); err != nil {
		return entity.Mandate{}, err
	}
	m.From, m.Until, m.At, m.EndedAt = sqldb.Time(begins), sqldb.NullTime(until), sqldb.Time(at), sqldb.NullTime(ended)
	m.Systems, err = readSystems(systems)
	return m, err
}

// readSystems gives no list for none.
func readSystems(text string) ([]hub.SystemID, error) {
	var all []hub.SystemID
	if err := json.Unmarshal([]byte(text), &all); err != nil {
		return nil, errors.New("tenantsql: a list of systems can't be read")
	}
	if len(all) == 0 {
		return nil, nil
	}
	return all, nil
}

func writeSystems(all []hub.SystemID) string {
	if len(all) == 0 {
		return "[]"
	}
	b, _ := json.Marshal(all) // texts
	return string(b)
}

// Give implements entity.Store. The seat is held: it does not end before the mandate stands, and whoever ends it finds this one.
func (t *Entities) Give(ctx context.Context, m entity.Mandate) error {
	const op = "tenantsql.Entities.Give"
	return t.db.InTx(ctx, func(ctx context.Context) error {
		w := t.db.Write(ctx)
		var id string
		err := w.Raw("SELECT id FROM entity_seats WHERE id = ? AND ended_at IS NULL"+t.lock("FOR UPDATE"), m.Seat).Row().Scan(&id)
		if errors.Is(err, sql.ErrNoRows) {
			return t.gone(ctx, op, "entity_seats", m.Seat)
		}
		if err != nil {
			return sqldb.Translate(op, err)
		}
		r := w.Exec(`INSERT INTO entity_mandates (id, seat, entity, account, department, systems, begins_at, until, given_by, at, ended_by, end_reason)
			VALUES ( ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '', '') ON CONFLICT DO NOTHING`, m.ID, m.Seat, string(m.Entity), string(m.Account), string(m.Department),
			writeSystems(m.Systems), sqldb.Micros(m.From), sqldb.NullMicros(m.Until), string(m.GivenBy), sqldb.Micros(m.At))
		if r.Error == nil && r.RowsAffected == 0 {
			return hub.Errorf(op, hub.Conflict, "there is a mandate for the department")
		}
		return sqldb.Translate(op, r.Error)
	})
}

// lock gives a row lock where the database has them: SQLite has one writer at a time, and a transaction that has not written yet is made to.
func (t *Entities) lock(clause string) string {
	if t.db.Dialect() == sqldb.Postgres {
		return " " + clause
	}
	return ""
}

// Mandate implements entity.Store.
func (t *Entities) Mandate(ctx context.Context, id string) (entity.Mandate, error) {
	m, err := scanMandate(t.db.Read(ctx).Raw("SELECT "+mandateColumns+" FROM entity_mandates m WHERE m.id = ?", id).Row())
	return m, sqldb.Translate("tenantsql.Entities.Mandate", err)
}

// EndMandate implements entity.Store.
func (t *Entities) EndMandate(ctx context.Context, id string, by hub.AccountID, reason string, at time.Time) error {
	return t.end(ctx, "tenantsql.Entities.EndMandate", "entity_mandates", id, by, reason, at)
}

func (t *Entities) mandates(ctx context.Context, op, from string, args ...any) (all []entity.Mandate, err error) {
	err = sqldb.Each(t.db.Read(ctx), func(r scanner) error {
		m, err := scanMandate(r)
		all = append(all, m)
		return err
	}, "SELECT "+mandateColumns+" FROM entity_mandates m "+from, args...)
	return all, sqldb.Translate(op, err)
}

// MandatesOf implements entity.Store.
func (t *Entities) MandatesOf(ctx context.Context, id hub.EntityID, limit int) ([]entity.Mandate, error) {
	return t.mandates(ctx, "tenantsql.Entities.MandatesOf", "WHERE m.entity = ? ORDER BY CASE WHEN m.ended_at IS NULL THEN 0 ELSE 1 END, m.at DESC, m.id LIMIT ?", string(id), limit)
}

// Held implements entity.Store.
func (t *Entities) Held(ctx context.Context, account hub.AccountID) ([]entity.Mandate, error) {
	return t.mandates(ctx, "tenantsql.Entities.Held", "WHERE m.account = ? AND m.ended_at IS NULL ORDER BY m.at, m.id", string(account))
}

// Hold implements entity.Store. A share of the row is enough: those who issue do not wait for each other.
func (t *Entities) Hold(ctx context.Context, id string) (entity.Mandate, error) {
	const op = "tenantsql.Entities.Hold"
	m, err := scanMandate(t.db.Write(ctx).Raw("SELECT "+mandateColumns+` FROM entity_mandates m JOIN entities e ON e.id = m.entity
		WHERE m.id = ? AND m.ended_at IS NULL AND e.status = 'active'`+t.lock("FOR SHARE OF m, e"), id).Row())
	if errors.Is(err, sql.ErrNoRows) {
		return entity.Mandate{}, t.gone(ctx, op, "entity_mandates", id)
	}
	return m, sqldb.Translate(op, err)
}

// Lapsed implements entity.Store.
func (t *Entities) Lapsed(ctx context.Context, at time.Time, limit int) ([]entity.Mandate, error) {
	return t.mandates(ctx, "tenantsql.Entities.Lapsed", "WHERE m.ended_at IS NULL AND m.until <= ? ORDER BY m.until, m.id LIMIT ?", sqldb.Micros(at), limit)
}

// Used implements entity.Store.
func (t *Entities) Used(ctx context.Context, u entity.Use, at time.Time) error {
	return sqldb.Translate("tenantsql.Entities.Used", t.db.Write(ctx).Exec(`INSERT INTO entity_uses (session, system, entity, mandate, at)
		VALUES ( ?, ?, ?, ?, ?) ON CONFLICT (session, system) DO UPDATE SET entity = excluded.entity, mandate = excluded.mandate, at = excluded.at`,
		string(u.Session), string(u.System), string(u.Entity), u.Mandate, sqldb.Micros(at)).Error)
}

// Using implements entity.Store.
func (t *Entities) Using(ctx context.Context, session hub.SessionID, system hub.SystemID) (entity.Use, error) {
	u := entity.Use{Session: session, System: system}
	err := t.db.Read(ctx).Raw("SELECT entity, mandate FROM entity_uses WHERE session = ? AND system = ?", string(session), string(system)).Row().
		Scan(&u.Entity, &u.Mandate)
	if err != nil {
		return entity.Use{}, sqldb.Translate("tenantsql.Entities.Using", err)
	}
	return u, nil
}

// Uses implements entity.Store, in one statement. What sessions that have ended left goes along.
func (t *Entities) Uses(ctx context.Context, id hub.EntityID, mandate string) (all []entity.Use, err error) {
	where, args := "u.entity = ?", []any{string(id)}
	if mandate != "" {
		where, args = where+" AND u.mandate = ?", append(args, mandate)
	}
	err = sqldb.Each(t.db.Write(ctx), func(r scanner) error {
		var u entity.Use
		var live bool
		if err := r.Scan(&u.Session, &u.System, &u.Entity, &u.Mandate, &live); err != nil {
			return err
		}
		if live {
			all = append(all, u)
		}
		return nil
	}, "DELETE FROM entity_uses AS u WHERE "+where+` RETURNING session, system, entity, mandate,
		EXISTS (SELECT 1 FROM sessions s WHERE s.id = session AND s.ended_at IS NULL)`, args...)
	return all, sqldb.Translate("tenantsql.Entities.Uses", err)
}
