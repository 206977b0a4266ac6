package hubsql

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"onedoor/hub"
	"onedoor/hub/grant"
	"onedoor/hub/sqldb"
)

// refusable runs a transaction that can refuse before it has changed anything: a transaction around it stays good then, so that the
// caller can end the family in it.
func (t *Grants) refusable(ctx context.Context, fn func(ctx context.Context) (refused, err error)) error {
	var refused error
	err := t.db.InTx(ctx, func(ctx context.Context) (err error) {
		refused, err = fn(ctx)
		return err
	})
	if err != nil {
		return err
	}
	return refused
}

// Rotate implements grant.Store. NotFound for an unknown token.
func (t *Grants) Rotate(ctx context.Context, hash [32]byte, next grant.Credential, at time.Time) error {
	const op = "hubsql.Grants.Rotate"
	return t.refusable(ctx, func(ctx context.Context) (refused, err error) {
		err = t.use(ctx, op, refreshTokens, hash, at, ", successor = ?", next.Hash[:])
		switch hub.KindOf(err) {
		case hub.Consumed, hub.Expired, hub.NotFound:
			return err, nil
		case "":
			return nil, t.follow(ctx, op, hash, next)
		}
		return nil, err
	})
}

// Retry implements grant.Store.
func (t *Grants) Retry(ctx context.Context, hash [32]byte, next grant.Credential, at, since time.Time) error {
	const op = "hubsql.Grants.Retry"
	return t.refusable(ctx, func(ctx context.Context) (refused, err error) {
		micros := sqldb.Micros(at)
		var unused []byte
		err = t.db.Write(ctx).Raw(`UPDATE refresh_tokens SET retried_at = ? WHERE hash = ? AND used_at >= ? AND retried_at IS NULL AND successor IS NOT NULL
			AND EXISTS (SELECT 1 FROM grants g JOIN sessions s ON s.id = g.session WHERE g.id = grant_id
			AND g.revoked_at IS NULL AND g.expires_at > ? AND s.ended_at IS NULL) RETURNING successor`,
			micros, hash[:], sqldb.Micros(since), micros).Row().Scan(&unused)
		if errors.Is(err, sql.ErrNoRows) {
			return hub.Errorf(op, hub.Consumed, "not rotated just now, or presented again before"), nil
		}
		if err != nil {
			return nil, sqldb.Translate(op, err)
		}
		n, err := exec(t.db.Write(ctx), "UPDATE refresh_tokens SET used_at = ? WHERE hash = ? AND used_at IS NULL", micros, unused)
		if err != nil {
			return nil, sqldb.Translate(op, err)
		}
		if n == 0 {
			return nil, hub.Errorf(op, hub.Consumed, "its successor was used")
		}
		return nil, t.follow(ctx, op, hash, next)
	})
}

// follow adds a refresh token to the grant of an earlier one, which the statement before has found alive.
func (t *Grants) follow(ctx context.Context, op string, hash [32]byte, next grant.Credential) error {
	return t.db.Later(ctx, sqldb.Change{
		Op: op,
		SQL: `INSERT INTO refresh_tokens (grant_id, hash, state, wrapped_key, issued_at, expires_at)
		SELECT grant_id, ?, ?, ?, CAST(? AS BIGINT), CAST(? AS BIGINT) FROM refresh_tokens WHERE hash = ? AND grant_id = ?`,
		Args: []any{
			next.Hash[:], nonNil(next.State), blob(next.WrappedKey), sqldb.Micros(next.IssuedAt), sqldb.Micros(next.ExpiresAt), hash[:],
			string(next.Grant),
		},
		Missed: func(context.Context) error { return hub.Errorf(op, hub.Internal, "the next token is of another grant") },
	})
}
