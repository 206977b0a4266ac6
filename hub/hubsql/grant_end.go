package hubsql

import (
	"context"
	"slices"
	"time"

	"onedoor/hub"
	"onedoor/hub/sqldb"
)

// Revoke implements grant.Store. The wrapped keys of its credentials are shredded. NotFound for an unknown grant.
func (t *Grants) Revoke(ctx context.Context, id hub.GrantID, reason string, at time.Time) (bool, error) {
	const op = "hubsql.Grants.Revoke"
	n, err := t.revoke(ctx, op, "id = ?", reason, sqldb.Micros(at), string(id))
	if err != nil || n > 0 {
		return n > 0, err
	}
	var known bool
	if err := t.db.Write(ctx).Raw("SELECT EXISTS (SELECT 1 FROM grants WHERE id = ?)", string(id)).Row().Scan(&known); err != nil {
		return false, sqldb.Translate(op, err)
	}
	if !known {
		return false, hub.Errorf(op, hub.NotFound, "no such grant")
	}
	return false, nil
}

// RevokeSession implements grant.Store. Each grant gets a revocation of its own: the session may live on.
func (t *Grants) RevokeSession(ctx context.Context, id hub.SessionID, reason string, at time.Time) error {
	_, err := t.revoke(ctx, "hubsql.Grants.RevokeSession", "session = ?", reason, sqldb.Micros(at), string(id))
	return err
}

// RevokeUse ends the grants of a session at one system: the session lives on.
func (t *Grants) RevokeUse(ctx context.Context, id hub.SessionID, system hub.SystemID, reason string, at time.Time) error {
	_, err := t.revoke(ctx, "hubsql.Grants.RevokeUse", "session = ? AND system = ?", reason, sqldb.Micros(at), string(id), string(system))
	return err
}

// RevokeSystem ends all grants of an account at one system, in all its sessions, and tells how many there were. On PostgreSQL it waits for
// grants that are being made in the account's sessions, and ends them too; what is begun afterwards sees the whole transaction.
func (t *Grants) RevokeSystem(ctx context.Context, account hub.AccountID, system hub.SystemID, reason string, at time.Time) (ended int, err error) {
	const op = "hubsql.Grants.RevokeSystem"
	err = t.db.InTx(ctx, func(ctx context.Context) error {
		if t.db.Dialect() == sqldb.Postgres {
			if err := sqldb.Each(t.db.Write(ctx), func(scanner) error { return nil },
				"SELECT id FROM sessions WHERE account = ? AND ended_at IS NULL ORDER BY id FOR UPDATE", string(account)); err != nil {
				return sqldb.Translate(op, err)
			}
		}
		ended, err = t.revoke(ctx, op, "account = ? AND system = ?", reason, sqldb.Micros(at), string(account), string(system))
		return err
	})
	return ended, err
}

// RevokeActing ends the grants that stand on a mandate, or all for an entity where it is "", and tells how many.
func (t *Grants) RevokeActing(ctx context.Context, entity hub.EntityID, mandate, reason string, at time.Time) (int, error) {
	const op = "hubsql.Grants.RevokeActing"
	if entity == "" {
		return 0, hub.Errorf(op, hub.Invalid, "no entity")
	}
	if mandate == "" {
		return t.revoke(ctx, op, "entity = ?", reason, sqldb.Micros(at), string(entity))
	}
	return t.revoke(ctx, op, "entity = ? AND mandate = ?", reason, sqldb.Micros(at), string(entity), mandate)
}

// RevokeActingAt ends the grants of everybody who acts for an entity at one system, and tells how many. What is being granted meanwhile was told what
// the system knew before: it ends with its access token, and its refresh asks anew.
func (t *Grants) RevokeActingAt(ctx context.Context, entity hub.EntityID, system hub.SystemID, reason string, at time.Time) (int, error) {
	const op = "hubsql.Grants.RevokeActingAt"
	if entity == "" || system == "" {
		return 0, hub.Errorf(op, hub.Invalid, "no entity or system")
	}
	return t.revoke(ctx, op, "entity = ? AND system = ?", reason, sqldb.Micros(at), string(entity), string(system))
}

// revoke ends the living grants for which the condition (a constant) holds, and tells how many there were.
func (t *Grants) revoke(ctx context.Context, op, condition, reason string, at int64, values ...any) (int, error) {
	ended := 0
	err := t.db.InTx(ctx, func(ctx context.Context) error {
		w := t.db.Write(ctx)
		n, err := exec(w, "UPDATE grants SET revoked_at = ?, revoke_reason = ? WHERE "+condition+" AND revoked_at IS NULL", append([]any{at, reason}, values...)...)
		if ended = n; err != nil || n == 0 {
			return sqldb.Translate(op, err)
		}
		if _, err = exec(w, `INSERT INTO revocations (kind, ref, at, expires_at)
			SELECT 'grant', g.id, g.revoked_at, g.expires_at FROM grants g WHERE `+condition+` AND g.revoked_at = ?
			ON CONFLICT DO NOTHING`, append(slices.Clone(values), at)...); err != nil {
			return sqldb.Translate(op, err)
		}
		for _, from := range []table{codes, refreshTokens} {
			if _, err := exec(w, "UPDATE "+string(from)+` SET wrapped_key = NULL WHERE wrapped_key IS NOT NULL
				AND grant_id IN (SELECT g.id FROM grants g WHERE `+condition+")", values...); err != nil {
				return sqldb.Translate(op, err)
			}
		}
		return nil
	})
	return ended, err
}

// PurgeCodes removes at most limit codes that expired before the time and tells how many. A code that is gone is NotFound when it
// comes again, so "before" leaves room for recognising reuse.
func (t *Grants) PurgeCodes(ctx context.Context, before time.Time, limit int) (int, error) {
	return purge(ctx, t.db, "hubsql.Grants.PurgeCodes", string(codes), "hash", sqldb.Micros(before), limit)
}

// PurgeRefresh removes at most limit refresh tokens that expired before the time and tells how many.
func (t *Grants) PurgeRefresh(ctx context.Context, before time.Time, limit int) (int, error) {
	return purge(ctx, t.db, "hubsql.Grants.PurgeRefresh", string(refreshTokens), "hash", sqldb.Micros(before), limit)
}

// PurgeGrants removes at most limit grants that expired before the time, with what hangs on them, and tells how many.
func (t *Grants) PurgeGrants(ctx context.Context, before time.Time, limit int) (int, error) {
	return purge(ctx, t.db, "hubsql.Grants.PurgeGrants", "grants", "id", sqldb.Micros(before), limit)
}

// RevokeOfSystem ends all grants at a system, of everybody, and tells how many there were. It writes no revocation of its own for each: whoever calls
// it ends the system's tokens as a whole, with [Revocations.RevokeSystem].
func (t *Grants) RevokeOfSystem(ctx context.Context, system hub.SystemID, reason string, at time.Time) (ended int, err error) {
	const op = "hubsql.Grants.RevokeOfSystem"
	err = t.db.InTx(ctx, func(ctx context.Context) error {
		w := t.db.Write(ctx)
		if ended, err = exec(w, "UPDATE grants SET revoked_at = ?, revoke_reason = ? WHERE system = ? AND revoked_at IS NULL", sqldb.Micros(at), reason, string(system)); err != nil {
			return sqldb.Translate(op, err)
		}
		for _, from := range []table{codes, refreshTokens} {
			if _, err := exec(w, "UPDATE "+string(from)+` SET wrapped_key = NULL WHERE wrapped_key IS NOT NULL
				AND grant_id IN (SELECT g.id FROM grants g WHERE g.system = ?)`, string(system)); err != nil {
				return sqldb.Translate(op, err)
			}
		}
		return nil
	})
	return ended, err
}
