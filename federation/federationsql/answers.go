package federationsql

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"onedoor/hub"
	"onedoor/hub/sqldb"
)

// Answers keeps what SAML providers posted until the browser fetches it (samlsp.Answers). It is safe for concurrent use.
type Answers struct{ db *sqldb.DB }

// NewAnswers gives the store over a database whose schema is up to date. Invalid without one.
func NewAnswers(db *sqldb.DB) (*Answers, error) {
	if db == nil {
		return nil, hub.Errorf("federationsql.NewAnswers", hub.Invalid, "no database")
	}
	return &Answers{db: db}, nil
}

// Put implements samlsp.Answers.
func (t *Answers) Put(ctx context.Context, content, handle [32]byte, sealed []byte, expires time.Time) error {
	err := t.db.Write(ctx).Exec(`INSERT INTO saml_answers (content, handle, sealed, expires_at) VALUES ( ?, ?, ?, ?)
		ON CONFLICT (content) DO UPDATE SET handle = excluded.handle, sealed = excluded.sealed, expires_at = excluded.expires_at`,
		content[:], handle[:], sealed, sqldb.Micros(expires)).Error
	return sqldb.Translate("federationsql.Answers.Put", err)
}

// Take implements samlsp.Answers: one statement, so that of several callers one gets it.
func (t *Answers) Take(ctx context.Context, handle [32]byte, now time.Time) ([]byte, error) {
	const op = "federationsql.Answers.Take"
	var sealed []byte
	var expires int64
	err := t.db.Write(ctx).Raw("DELETE FROM saml_answers WHERE handle = ? RETURNING sealed, expires_at", handle[:]).Row().Scan(&sealed, &expires)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return nil, hub.Errorf(op, hub.NotFound, "no such answer")
	case err != nil:
		return nil, sqldb.Translate(op, err)
	case expires <= now.UnixMicro():
		return nil, hub.Errorf(op, hub.Expired, "too late")
	}
	return sealed, nil
}

// Purge removes at most limit answers that expired before the time and tells how many. They are gone after minutes, so a node
// that finds its rows taken by another just finds fewer.
func (t *Answers) Purge(ctx context.Context, before time.Time, limit int) (int, error) {
	r := t.db.Write(ctx).Exec("DELETE FROM saml_answers WHERE content IN (SELECT content FROM saml_answers WHERE expires_at < ? ORDER BY expires_at LIMIT ?)",
		sqldb.Micros(before), limit)
	return int(r.RowsAffected), sqldb.Translate("federationsql.Answers.Purge", r.Error)
}
