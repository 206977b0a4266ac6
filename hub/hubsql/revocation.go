package hubsql

import (
	"context"
	"time"

	"onedoor/hub"
	"onedoor/hub/sqldb"
	"onedoor/hub/token"
)

// Revocations is the token.Revocations and the token.Feed in SQL.
type Revocations struct{ db *sqldb.DB }

// alive holds only where everything a token stands on is there and lives: a row that is missing ends the token (invariant 8).
const alive = `SELECT EXISTS (SELECT 1 FROM grants g JOIN sessions s ON s.id = g.session JOIN accounts a ON a.id = s.account
		WHERE g.id = ? AND s.id = ? AND a.id = ? AND g.system = ?
		AND g.revoked_at IS NULL AND s.ended_at IS NULL AND a.status = 'active')
	AND NOT EXISTS (SELECT 1 FROM revocations r WHERE r.kind = 'token' AND r.ref = ?)
	AND NOT EXISTS (SELECT 1 FROM revocations r WHERE r.kind = 'account' AND r.ref = ? AND r.at >= ?)
	AND NOT EXISTS (SELECT 1 FROM revocations r WHERE r.kind = 'system' AND r.ref = ? AND r.at >= ?)
	AND NOT EXISTS (SELECT 1 FROM revocations r WHERE r.kind = 'provider' AND r.at >= ? AND CAST(? AS TEXT) LIKE '%"' || r.ref || '"%')`

// Ended implements token.Revocations, in one statement; what an exchange has added, in one more. The providers that a token rests on are
// asked for as one JSON list, so that the statement has one text.
func (t *Revocations) Ended(ctx context.Context, a token.Access) (bool, error) {
	if a.Machine || len(a.Actors)+len(a.Parents) > 0 {
		if ended, err := t.named(ctx, a); ended || err != nil || a.Machine {
			return ended || err != nil, err
		}
	}
	var lives bool
	issued := sqldb.Micros(a.IssuedAt)
	err := t.db.Read(ctx).Raw(alive, string(a.Grant), string(a.Session), string(a.Account), string(a.System), a.ID,
		string(a.Account), issued, string(a.System), issued, issued, list(a.Rests)).Row().Scan(&lives)
	if err != nil {
		return true, sqldb.Translate("hubsql.Revocations.Ended", err)
	}
	return !lives, nil
}

// named tells whether a token itself, one that it was exchanged for, its client or one of those who act has ended.
func (t *Revocations) named(ctx context.Context, a token.Access) (bool, error) {
	if a.Machine && (a.ID == "" || a.System == "" || a.Grant != "" || a.Session != "" || a.Account != "") {
		return true, nil // neither a system's nor a person's (invariant 8)
	}
	tokens, systems := append([]string{a.ID}, a.Parents...), []string{string(a.System)}
	for _, id := range a.Actors {
		systems = append(systems, string(id))
	}
	var ended bool
	err := t.db.Read(ctx).Raw(`SELECT EXISTS (SELECT 1 FROM revocations r WHERE r.kind = 'token' AND r.ref IN ?)
		OR EXISTS (SELECT 1 FROM revocations r WHERE r.kind = 'system' AND r.ref IN ? AND r.at >= ?)`,
		tokens, systems, sqldb.Micros(a.IssuedAt)).Row().Scan(&ended)
	if err != nil {
		return true, sqldb.Translate("hubsql.Revocations.Ended", err)
	}
	return ended, nil
}

// EndedAll implements token.Revocations, token by token: it is asked only while the lease does not hold.
func (t *Revocations) EndedAll(ctx context.Context, all []token.Verdict) {
	token.EachEnded(ctx, t, all)
}

// RevokeToken implements token.Revocations. A second time it changes nothing.
func (t *Revocations) RevokeToken(ctx context.Context, a token.Access, at time.Time) error {
	_, err := exec(t.db.Write(ctx), `INSERT INTO revocations (kind, ref, at, expires_at)
		SELECT 'token', CAST(? AS TEXT), CAST(? AS BIGINT), CAST(? AS BIGINT)
		WHERE NOT EXISTS (SELECT 1 FROM revocations WHERE kind = 'token' AND ref = ?) ON CONFLICT DO NOTHING`,
		a.ID, sqldb.Micros(at), sqldb.Micros(a.ExpiresAt), a.ID)
	return sqldb.Translate("hubsql.Revocations.RevokeToken", err)
}

// RevokeSystem ends every token that was issued to the system up to now, for instance because it is no longer live; until is when none of
// them can be alive. Nodes go on for a moment with what they know of the system: what they issue within Margin of now ends too.
func (t *Revocations) RevokeSystem(ctx context.Context, id hub.SystemID, now, until time.Time) error {
	return t.revoke(ctx, "system", string(id), now.Add(Margin), until.Add(Margin))
}

// RevokeAccount ends every token that was issued to the account up to now. No node keeps what it knew of an account, and the sessions that
// more could come from are ended with it: what is issued later, after the account was opened again, is good.
func (t *Revocations) RevokeAccount(ctx context.Context, id hub.AccountID, now, until time.Time) error {
	return t.revoke(ctx, "account", string(id), now, until)
}

// RevokeProvider ends every token that rests on the provider and was issued up to through; until is when none of them can be alive.
func (t *Revocations) RevokeProvider(ctx context.Context, id hub.ProviderID, through, until time.Time) error {
	return t.revoke(ctx, "provider", string(id), through, until)
}

// Margin is how long a node may still act on what it knew of a system or provider: far longer than the interval of its refresh.
const Margin = 10 * time.Second

func (t *Revocations) revoke(ctx context.Context, kind, ref string, now, until time.Time) error {
	_, err := exec(t.db.Write(ctx), "INSERT INTO revocations (kind, ref, at, expires_at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
		kind, ref, sqldb.Micros(now), sqldb.Micros(until))
	return sqldb.Translate("hubsql.Revocations.revoke", err)
}

// Read implements token.Feed.
//
// On SQLite there is one writer: rows become visible in the order of seq, and Cursor.A is the last seq given.
//
// On PostgreSQL a row with a lower seq can commit after one with a higher. So each row carries its transaction's id, and Cursor.A
// is the oldest transaction that was still running in the snapshot of the read: every row of an older one was visible in it, so
// the next read asks for that transaction and all younger ones, and gives some rows again.
func (t *Revocations) Read(ctx context.Context, after token.Cursor) ([]token.Revocation, token.Cursor, error) {
	const op = "hubsql.Revocations.Read"
	statement := "SELECT r.kind, r.ref, r.at, r.expires_at, r.seq FROM revocations r WHERE r.seq > ? ORDER BY r.seq"
	if t.db.Dialect() == sqldb.Postgres {
		statement = `SELECT COALESCE(r.kind, ''), COALESCE(r.ref, ''), COALESCE(r.at, 0), COALESCE(r.expires_at, 0), x.xmin
			FROM (SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS xmin) x
			LEFT JOIN revocations r ON r.txid >= ?`
	}
	var all []token.Revocation
	next := after
	err := sqldb.Each(t.db.Read(ctx), func(r scanner) error {
		var v token.Revocation
		var at, expires int64
		if err := r.Scan(&v.Kind, &v.Ref, &at, &expires, &next.A); err != nil {
			return err
		}
		if v.Kind != "" { // else the empty side of the outer join
			v.At, v.ExpiresAt = sqldb.Time(at), sqldb.Time(expires)
			all = append(all, v)
		}
		return nil
	}, statement, after.A)
	if err != nil {
		return nil, after, sqldb.Translate(op, err)
	}
	return all, next, nil
}

// Purge removes at most limit revocations that expired before the time and tells how many.
func (t *Revocations) Purge(ctx context.Context, before time.Time, limit int) (int, error) {
	return purge(ctx, t.db, "hubsql.Revocations.Purge", "revocations", "seq", sqldb.Micros(before), limit)
}
