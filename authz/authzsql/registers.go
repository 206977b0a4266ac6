package authzsql

import (
	"context"
	"database/sql"
	"encoding/json"
	"time"

	"onedoor/authz"
	"onedoor/hub"
	"onedoor/hub/sqldb"
)

// AddDevice implements authz.RegisterStore.
func (t *Store) AddDevice(ctx context.Context, d authz.Device) error {
	const op = "authzsql.AddDevice"
	return t.db.InTx(ctx, func(ctx context.Context) error {
		r := t.db.Write(ctx).Exec(`INSERT INTO authz_devices (id, account, entity, label, credential, public_key, sign_count, added_by, at, ended_by, ended_at)
			VALUES ( ?, ?, ?, ?, ?, ?, ?, ?, ?, '', NULL) ON CONFLICT DO NOTHING`, d.ID, string(d.Account), string(d.Entity), d.Label, d.Credential.ID,
			d.Credential.PublicKey, int64(d.Credential.SignCount), string(d.AddedBy), sqldb.Micros(d.At))
		if r.Error == nil && r.RowsAffected == 0 {
			return hub.Errorf(op, hub.Conflict, "the device is registered")
		}
		if r.Error != nil {
			return sqldb.Translate(op, r.Error)
		}
		return t.changed(ctx, d.At, string(d.Account), string(d.Entity))
	})
}

// AddPlace implements authz.RegisterStore.
func (t *Store) AddPlace(ctx context.Context, p authz.Place) error {
	const op = "authzsql.AddPlace"
	networks, err := json.Marshal(p.Networks)
	if err != nil {
		return hub.E(op, hub.Internal, err)
	}
	return t.db.InTx(ctx, func(ctx context.Context) error {
		r := t.db.Write(ctx).Exec(`INSERT INTO authz_places (id, entity, label, networks, added_by, at, ended_by, ended_at) VALUES ( ?, ?, ?, ?, ?, ?, '', NULL)
			ON CONFLICT DO NOTHING`, p.ID, string(p.Entity), p.Label, string(networks), string(p.AddedBy), sqldb.Micros(p.At))
		if r.Error == nil && r.RowsAffected == 0 {
			return hub.Errorf(op, hub.Conflict, "the place is registered")
		}
		if r.Error != nil {
			return sqldb.Translate(op, r.Error)
		}
		return t.changed(ctx, p.At, string(p.Entity))
	})
}

// EndDevice implements authz.RegisterStore.
func (t *Store) EndDevice(ctx context.Context, id string, by hub.AccountID, at time.Time) error {
	return t.endRegistered(ctx, "authzsql.EndDevice", "authz_devices", "account, entity", id, by, at)
}

// EndPlace implements authz.RegisterStore.
func (t *Store) EndPlace(ctx context.Context, id string, by hub.AccountID, at time.Time) error {
	return t.endRegistered(ctx, "authzsql.EndPlace", "authz_places", "'', entity", id, by, at)
}

func (t *Store) endRegistered(ctx context.Context, op, table, owner, id string, by hub.AccountID, at time.Time) error {
	return t.db.InTx(ctx, func(ctx context.Context) error {
		var account, entity string
		err := t.db.Write(ctx).Raw("UPDATE "+table+" SET ended_by = ?, ended_at = ? WHERE id = ? AND ended_at IS NULL RETURNING "+owner,
			string(by), sqldb.Micros(at), id).Row().Scan(&account, &entity)
		if err != nil {
			return sqldb.Translate(op, err)
		}
		return t.changed(ctx, at, account, entity)
	})
}

const deviceColumns = "id, account, entity, label, credential, public_key, sign_count, added_by, at, ended_by, ended_at"

func scanDevice(r scanner) (d authz.Device, err error) {
	var at, count int64
	var ended sql.NullInt64
	err = r.Scan(&d.ID, &d.Account, &d.Entity, &d.Label, &d.Credential.ID, &d.Credential.PublicKey, &count, &d.AddedBy, &at, &d.EndedBy, &ended)
	d.Credential.SignCount, d.At, d.EndedAt = uint32(count), sqldb.Time(at), sqldb.NullTime(ended)
	return d, err
}

// owned gives the condition that finds what a party has registered.
func owned(p authz.Party) (where, ref string) {
	if p.Entity != "" {
		return "entity <> '' AND entity = ?", string(p.Entity)
	}
	return "account <> '' AND account = ?", string(p.Account)
}

// Devices implements authz.RegisterStore.
func (t *Store) Devices(ctx context.Context, p authz.Party) ([]authz.Device, error) {
	where, ref := owned(p)
	return all(t.db.Read(ctx), "authzsql.Devices", scanDevice, "SELECT "+deviceColumns+" FROM authz_devices WHERE "+where+" AND ended_at IS NULL ORDER BY at, id", ref)
}

func scanPlace(r scanner) (p authz.Place, err error) {
	var networks string
	var at int64
	var ended sql.NullInt64
	if err = r.Scan(&p.ID, &p.Entity, &p.Label, &networks, &p.AddedBy, &at, &p.EndedBy, &ended); err != nil {
		return p, err
	}
	p.At, p.EndedAt = sqldb.Time(at), sqldb.NullTime(ended)
	return p, readJSON(networks, &p.Networks)
}

// Places implements authz.RegisterStore.
func (t *Store) Places(ctx context.Context, entity hub.EntityID) ([]authz.Place, error) {
	return all(t.db.Read(ctx), "authzsql.Places", scanPlace,
		"SELECT id, entity, label, networks, added_by, at, ended_by, ended_at FROM authz_places WHERE entity = ? AND ended_at IS NULL ORDER BY at, id", string(entity))
}

// Prove implements authz.ProofStore. A counter that is 0 does not count (Web Authentication Level 3 section 6.1.1).
func (t *Store) Prove(ctx context.Context, p authz.Proof, count uint32) error {
	const op = "authzsql.Prove"
	return t.db.InTx(ctx, func(ctx context.Context) error {
		w := t.db.Write(ctx)
		r := w.Exec("UPDATE authz_devices SET sign_count = ? WHERE id = ? AND ended_at IS NULL AND (sign_count < ? OR sign_count = 0 AND ? = 0)",
			int64(count), p.Device, int64(count), int64(count))
		if r.Error != nil {
			return sqldb.Translate(op, r.Error)
		}
		if r.RowsAffected == 0 {
			var there bool
			if err := w.Raw("SELECT EXISTS (SELECT 1 FROM authz_devices WHERE id = ? AND ended_at IS NULL)", p.Device).Row().Scan(&there); err != nil {
				return sqldb.Translate(op, err)
			}
			if !there {
				return hub.Errorf(op, hub.NotFound, "the device is not registered")
			}
			return hub.Errorf(op, hub.Refused, "the counter of the passkey has not grown")
		}
		err := w.Exec(`INSERT INTO authz_proofs (session, device, at, until) VALUES ( ?, ?, ?, ?)
			ON CONFLICT (session, device) DO UPDATE SET at = excluded.at, until = excluded.until`, string(p.Session), p.Device, sqldb.Micros(p.At), sqldb.Micros(p.Until)).Error
		if err != nil {
			return sqldb.Translate(op, err)
		}
		return t.changed(ctx, p.At, string(p.Session))
	})
}

// Proofs implements authz.ProofStore.
func (t *Store) Proofs(ctx context.Context, session hub.SessionID, at time.Time) ([]authz.Proof, error) {
	return all(t.db.Read(ctx), "authzsql.Proofs", func(r scanner) (p authz.Proof, err error) {
		var at, until int64
		err = r.Scan(&p.Session, &p.Device, &at, &until)
		p.At, p.Until = sqldb.Time(at), sqldb.Time(until)
		return p, err
	}, "SELECT session, device, at, until FROM authz_proofs WHERE session = ? AND until > ? ORDER BY device", string(session), sqldb.Micros(at))
}

// Facts implements authz.FactStore: by key, two statements for a person and three for an operator.
func (t *Store) Facts(ctx context.Context, p authz.Party) (f authz.Facts, err error) {
	const op = "authzsql.Facts"
	if p.Account == "" {
		return f, hub.Errorf(op, hub.Invalid, "nobody")
	}
	db := t.db.Read(ctx)
	where, ref := owned(p)
	f.Devices, err = all(db, op, func(r scanner) (id string, err error) { err = r.Scan(&id); return id, err },
		"SELECT id FROM authz_devices WHERE "+where+" AND ended_at IS NULL ORDER BY id", ref)
	if err != nil {
		return authz.Facts{}, err
	}
	if p.Entity == "" {
		f.Openings, err = t.OpeningsOf(ctx, p.Account)
		return f, err
	}
	// Each half by its own index; what waits is kept apart, so that nothing can take it for what counts.
	held, err := all(db, op, scanDelegation, "SELECT "+delegationColumns+" FROM authz_delegations WHERE operator = ? AND entity = ? AND state = 'active'"+
		" UNION ALL SELECT "+delegationColumns+" FROM authz_delegations WHERE entity = ? AND operator = ? AND state = 'proposed' ORDER BY item",
		string(p.Account), string(p.Entity), string(p.Entity), string(p.Account))
	if err != nil {
		return authz.Facts{}, err
	}
	for _, d := range held {
		switch d.State {
		case authz.Active:
			f.Delegations = append(f.Delegations, d)
		case authz.Proposed:
			f.Waiting = append(f.Waiting, d)
		case authz.Declined, authz.Withdrawn:
		}
	}
	f.Places, err = t.Places(ctx, p.Entity)
	return f, err
}

// News implements authz.FactStore, as hubsql.Revocations.Read does: see there for why the cursor is what it is.
func (t *Store) News(ctx context.Context, after authz.Cursor) (authz.News, error) {
	statement := `SELECT COALESCE(c.ref, ''), COALESCE(c.seq, ?), v.version FROM authz_versions v LEFT JOIN authz_changes c ON c.seq > ?
		WHERE v.list = 'items' ORDER BY c.seq`
	args := []any{after.A, after.A}
	if t.db.Dialect() == sqldb.Postgres {
		statement = `SELECT COALESCE(c.ref, ''), x.xmin, v.version FROM authz_versions v
			CROSS JOIN (SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS xmin) x LEFT JOIN authz_changes c ON c.txid >= ?
			WHERE v.list = 'items'`
		args = args[:1]
	}
	n := authz.News{Next: after, Version: -1}
	err := sqldb.Each(t.db.Read(ctx), func(r scanner) error {
		var ref string
		if err := r.Scan(&ref, &n.Next.A, &n.Version); err != nil {
			return err
		}
		if ref != "" {
			n.Refs = append(n.Refs, ref)
		}
		return nil
	}, statement, args...)
	if err == nil && n.Version < 0 {
		err = sql.ErrNoRows
	}
	if err != nil {
		return authz.News{}, sqldb.Translate("authzsql.News", err)
	}
	return n, nil
}

// Purge removes at most limit rows of each list that are of no use any more and tells how many.
func (t *Store) Purge(ctx context.Context, now time.Time, limit int) (int, error) {
	const op = "authzsql.Purge"
	count := 0
	for _, statement := range []string{
		"DELETE FROM authz_changes WHERE seq IN (SELECT seq FROM authz_changes WHERE expires_at < ? ORDER BY expires_at LIMIT ?)",
		"DELETE FROM authz_proofs WHERE (session, device) IN (SELECT session, device FROM authz_proofs WHERE until < ? ORDER BY until LIMIT ?)",
	} {
		r := t.db.Write(ctx).Exec(statement, sqldb.Micros(now), limit)
		if r.Error != nil {
			return count, sqldb.Translate(op, r.Error)
		}
		count += int(r.RowsAffected)
	}
	return count, nil
}
