package hubsql

import (
	"context"
	"database/sql"
	"time"

	"onedoor/hub"
	"onedoor/hub/grant"
	"onedoor/hub/sqldb"
)

// Grants is the grant.Store in SQL. Codes and refresh tokens are two tables of one form.
type Grants struct{ db *sqldb.DB }

// table is one of the two tables of credentials: a constant, never foreign text.
type table string

const (
	codes         table = "codes"
	refreshTokens table = "refresh_tokens"
)

const grantColumns = `g.id, g.session, g.account, g.system, g.interaction, g.scopes, g.released, g.created_at, g.expires_at, g.revoked_at, g.entity, g.mandate`

func scanGrant(r scanner, more ...any) (grant.Grant, error) {
	var (
		g                grant.Grant
		scopes, released string
		created, expires int64
		revoked          sql.NullInt64
	)
	err := r.Scan(append([]any{
		&g.ID, &g.Session, &g.Account, &g.System, &g.Interaction, &scopes, &released, &created, &expires, &revoked, &g.Entity, &g.Mandate,
	}, more...)...)
	if err == nil {
		g.Scopes, err = readList[string](scopes)
	}
	if err == nil {
		g.Release, err = readList[hub.AttributeName](released)
	}
	if err != nil {
		return grant.Grant{}, err
	}
	g.CreatedAt, g.ExpiresAt, g.RevokedAt = sqldb.Time(created), sqldb.Time(expires), sqldb.NullTime(revoked)
	return g, nil
}

// CreateWithCode implements grant.Store. NotFound where the session is not a live one of the account: a logout was faster.
func (t *Grants) CreateWithCode(ctx context.Context, g grant.Grant, code grant.Credential) error {
	const op = "hubsql.Grants.CreateWithCode"
	return t.db.Together(ctx, func(ctx context.Context) error {
		err := t.db.Later(ctx, sqldb.Change{
			Op: op,
			SQL: `INSERT INTO grants (id, session, account, system, interaction, scopes, released, created_at, expires_at, entity, mandate)
			SELECT CAST(? AS TEXT), s.id, s.account, CAST(? AS TEXT), CAST(? AS TEXT), CAST(? AS TEXT), CAST(? AS TEXT),
			CAST(? AS BIGINT), CAST(? AS BIGINT), CAST(? AS TEXT), CAST(? AS TEXT) FROM sessions s WHERE s.id = ? AND s.account = ? AND s.ended_at IS NULL`,
			Args: []any{
				string(g.ID), string(g.System), string(g.Interaction), list(g.Scopes), list(g.Release), sqldb.Micros(g.CreatedAt),
				sqldb.Micros(g.ExpiresAt), string(g.Entity), g.Mandate, string(g.Session), string(g.Account),
			},
			Missed: func(context.Context) error { return hub.Errorf(op, hub.NotFound, "no such live session") },
		})
		if err != nil {
			return err
		}
		return t.db.Later(ctx, sqldb.Change{
			Op:  op,
			SQL: "INSERT INTO codes (grant_id, hash, state, wrapped_key, issued_at, expires_at) VALUES ( ?, ?, ?, ?, ?, ?)",
			Args: []any{
				string(g.ID), code.Hash[:], nonNil(code.State), blob(code.WrappedKey), sqldb.Micros(code.IssuedAt), sqldb.Micros(code.ExpiresAt),
			},
		})
	})
}

// nonNil gives an empty value where NULL is not allowed.
func nonNil(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}

// Grant implements grant.Store.
func (t *Grants) Grant(ctx context.Context, id hub.GrantID) (grant.Grant, error) {
	g, err := scanGrant(t.db.Read(ctx).Raw("SELECT "+grantColumns+" FROM grants g WHERE g.id = ?", string(id)).Row())
	return g, sqldb.Translate("hubsql.Grants.Grant", err)
}

// Code implements grant.Store.
func (t *Grants) Code(ctx context.Context, hash [32]byte) (grant.Credential, grant.Grant, error) {
	return t.credential(ctx, "hubsql.Grants.Code", codes, hash)
}

// Refresh implements grant.Store.
func (t *Grants) Refresh(ctx context.Context, hash [32]byte) (grant.Credential, grant.Grant, error) {
	return t.credential(ctx, "hubsql.Grants.Refresh", refreshTokens, hash)
}

// holderColumns are sessionColumns of the session "s" without vault and key.
const holderColumns = `s.id, s.account, s.provider, s.ial, s.aal, s.methods, s.auth_time, s.started_at, s.last_activity, s.interaction,
	s.channel, s.device, s.upstream_sid, s.earlier, s.idle_over, NULL, NULL, ` + fateColumns

func (t *Grants) credential(ctx context.Context, op string, from table, hash [32]byte) (grant.Credential, grant.Grant, error) {
	var (
		issued, expires int64
		used            sql.NullInt64
		holder          sessionRow
		g               grant.Grant
	)
	c := grant.Credential{Hash: hash}
	err := one(ctx, t.db, func(r scanner) (err error) {
		if g, err = scanGrant(r, append([]any{&c.State, &c.WrappedKey, &issued, &expires, &used}, holder.columns()...)...); err != nil {
			return err
		}
		c.Holder, err = holder.session()
		return err
	}, "SELECT "+grantColumns+", c.state, c.wrapped_key, c.issued_at, c.expires_at, c.used_at, "+holderColumns+" FROM "+string(from)+
		" c JOIN grants g ON g.id = c.grant_id JOIN sessions s ON s.id = g.session WHERE c.hash = ?", hash[:])
	if err != nil {
		return grant.Credential{}, grant.Grant{}, sqldb.Translate(op, err)
	}
	c.Grant, c.IssuedAt, c.ExpiresAt, c.UsedAt = g.ID, sqldb.Time(issued), sqldb.Time(expires), sqldb.NullTime(used)
	if used.Valid || !c.Holder.EndedAt.IsZero() || c.Holder.Cut != "" || !g.RevokedAt.IsZero() {
		return c, g, hub.Errorf(op, hub.Consumed, "used, or its grant is revoked")
	}
	return c, g, nil
}

// UseCode implements grant.Store. NotFound for an unknown code.
func (t *Grants) UseCode(ctx context.Context, hash [32]byte, at time.Time) error {
	return t.use(ctx, "hubsql.Grants.UseCode", codes, hash, at, "")
}

// use consumes a credential with one compare-and-set. Only the reason of a refusal is read afterwards. It is no transaction of
// its own: a caller that gets Consumed can still revoke the family in the transaction it is in, unless that is one of Together, which ends
// with it. What is set besides is a constant with its values.
func (t *Grants) use(ctx context.Context, op string, from table, hash [32]byte, at time.Time, set string, more ...any) error {
	micros := sqldb.Micros(at)
	return t.db.Later(ctx, sqldb.Change{
		Op: op,
		SQL: "UPDATE " + string(from) + " SET used_at = ?" + set + ` WHERE hash = ? AND used_at IS NULL AND expires_at > ?
		AND EXISTS (SELECT 1 FROM grants g JOIN sessions s ON s.id = g.session WHERE g.id = grant_id
		AND g.revoked_at IS NULL AND g.expires_at > ? AND s.ended_at IS NULL)`,
		Args:   append(append([]any{micros}, more...), hash[:], micros, micros),
		Missed: func(ctx context.Context) error { return t.unusable(ctx, op, from, hash) },
	})
}

// unusable tells why a credential could not be consumed.
func (t *Grants) unusable(ctx context.Context, op string, from table, hash [32]byte) error {
	var used, gone bool
	err := one(ctx, t.db, func(r scanner) error { return r.Scan(&used, &gone) },
		"SELECT c.used_at IS NOT NULL, g.revoked_at IS NOT NULL OR s.ended_at IS NOT NULL FROM "+string(from)+` c
		JOIN grants g ON g.id = c.grant_id JOIN sessions s ON s.id = g.session WHERE c.hash = ?`, hash[:])
	switch {
	case err != nil:
		return sqldb.Translate(op, err)
	case used:
		return hub.Errorf(op, hub.Consumed, "used before")
	case gone:
		return hub.Errorf(op, hub.Consumed, "the grant is revoked")
	default:
		return hub.Errorf(op, hub.Expired, "its time is over")
	}
}

// AddRefresh implements grant.Store, also Consumed where the session has ended. NotFound for an unknown grant.
func (t *Grants) AddRefresh(ctx context.Context, c grant.Credential) error {
	const op = "hubsql.Grants.AddRefresh"
	return t.db.Later(ctx, sqldb.Change{
		Op: op,
		SQL: `INSERT INTO refresh_tokens (grant_id, hash, state, wrapped_key, issued_at, expires_at)
		SELECT g.id, ?, ?, ?, CAST(? AS BIGINT), CAST(? AS BIGINT) FROM grants g JOIN sessions s ON s.id = g.session
		WHERE g.id = ? AND g.revoked_at IS NULL AND s.ended_at IS NULL`,
		Args: []any{c.Hash[:], nonNil(c.State), blob(c.WrappedKey), sqldb.Micros(c.IssuedAt), sqldb.Micros(c.ExpiresAt), string(c.Grant)},
		Missed: func(ctx context.Context) error {
			var known bool
			if err := one(ctx, t.db, func(r scanner) error { return r.Scan(&known) },
				"SELECT EXISTS (SELECT 1 FROM grants WHERE id = ?)", string(c.Grant)); err != nil {
				return sqldb.Translate(op, err)
			}
			if !known {
				return hub.Errorf(op, hub.NotFound, "no such grant")
			}
			return hub.Errorf(op, hub.Consumed, "the grant is revoked")
		},
	})
}
