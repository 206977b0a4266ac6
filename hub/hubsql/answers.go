package hubsql

import (
	"context"
	"crypto/subtle"
	"time"

	"onedoor/hub"
	"onedoor/hub/sqldb"
)

// Answers keeps what was answered to requests that carry a key of their own, sealed, until it expires.
type Answers struct{ db *sqldb.DB }

// NewAnswers gives the store over a database whose schema is up to date. Invalid without one.
func NewAnswers(db *sqldb.DB) (*Answers, error) {
	if db == nil {
		return nil, hub.Errorf("hubsql.NewAnswers", hub.Invalid, "no database")
	}
	return &Answers{db: db}, nil
}

// Begin notes a request of a caller under a key, in the transaction of ctx: another one under it waits until that ends. It gives true for the first,
// else what was answered before. Conflict where the request before was another one.
func (t *Answers) Begin(ctx context.Context, caller string, key, request [32]byte, now, expires time.Time) (answered []byte, first bool, err error) {
	const op = "hubsql.Answers.Begin"
	w := t.db.Write(ctx)
	if _, err := exec(w, "DELETE FROM api_answers WHERE caller = ? AND key = ? AND expires_at <= ?", caller, key[:], sqldb.Micros(now)); err != nil {
		return nil, false, sqldb.Translate(op, err)
	}
	n, err := exec(w, "INSERT INTO api_answers (caller, key, request, expires_at) VALUES ( ?, ?, ?, ?) ON CONFLICT DO NOTHING",
		caller, key[:], request[:], sqldb.Micros(expires))
	if err != nil || n == 1 {
		return nil, n == 1, sqldb.Translate(op, err)
	}
	var before []byte
	if err := w.Raw("SELECT request, answer FROM api_answers WHERE caller = ? AND key = ?", caller, key[:]).Row().Scan(&before, &answered); err != nil {
		return nil, false, sqldb.Translate(op, err)
	}
	if subtle.ConstantTimeCompare(before, request[:]) != 1 {
		return nil, false, hub.Errorf(op, hub.Conflict, "another request under the same key")
	}
	return answered, false, nil
}

// Finish keeps the answer, in the same transaction.
func (t *Answers) Finish(ctx context.Context, caller string, key [32]byte, answer []byte) error {
	_, err := exec(t.db.Write(ctx), "UPDATE api_answers SET answer = ? WHERE caller = ? AND key = ?", answer, caller, key[:])
	return sqldb.Translate("hubsql.Answers.Finish", err)
}

// Purge removes at most limit answers that expired before the time and tells how many.
func (t *Answers) Purge(ctx context.Context, before time.Time, limit int) (int, error) {
	n, err := exec(t.db.Write(ctx), `DELETE FROM api_answers WHERE (caller, key) IN
		(SELECT a.caller, a.key FROM api_answers a WHERE a.expires_at <= ? ORDER BY a.expires_at LIMIT ?)`, sqldb.Micros(before), limit)
	return n, sqldb.Translate("hubsql.Answers.Purge", err)
}
