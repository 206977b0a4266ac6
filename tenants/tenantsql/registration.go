package tenantsql

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"onedoor/hub"
	"onedoor/hub/sqldb"
	"onedoor/tenants/registration"
)

// Registrations is the registration.Store in SQL, with what the operator's commands and the purge need beside it. It is safe for
// concurrent use.
type Registrations struct{ db *sqldb.DB }

var _ registration.Store = (*Registrations)(nil)

// NewRegistrations gives the store over a database whose schema is up to date. Invalid without one.
func NewRegistrations(db *sqldb.DB) (*Registrations, error) {
	if db == nil {
		return nil, hub.Errorf("tenantsql.NewRegistrations", hub.Invalid, "no database")
	}
	return &Registrations{db: db}, nil
}

const tokenColumns = "id, hash, department, uses, most, created_at, expires_at, revoked_at"

type scanner = sqldb.Row

func scanToken(r scanner) (t registration.Token, err error) {
	var hash []byte
	var created, expires int64
	var revoked sql.NullInt64
	if err := r.Scan(&t.ID, &hash, &t.Department, &t.Uses, &t.Most, &created, &expires, &revoked); err != nil {
		return registration.Token{}, err
	}
	if err := hash32(&t.Hash, hash); err != nil {
		return registration.Token{}, err
	}
	t.CreatedAt, t.ExpiresAt, t.RevokedAt = sqldb.Time(created), sqldb.Time(expires), sqldb.NullTime(revoked)
	return t, nil
}

func hash32(to *[32]byte, from []byte) error {
	if len(from) != len(to) {
		return errors.New("tenantsql: a hash of another length")
	}
	copy(to[:], from)
	return nil
}

// Token implements registration.Store.
func (t *Registrations) Token(ctx context.Context, hash [32]byte) (registration.Token, error) {
	out, err := scanToken(t.db.Read(ctx).Raw("SELECT "+tokenColumns+" FROM registration_tokens WHERE hash = ?", hash[:]).Row())
	return out, sqldb.Translate("tenantsql.Token", err)
}

// UseToken implements registration.Store.
func (t *Registrations) UseToken(ctx context.Context, hash [32]byte, at time.Time) error {
	const op = "tenantsql.UseToken"
	r := t.db.Write(ctx).Exec(`UPDATE registration_tokens SET uses = uses + 1
		WHERE hash = ? AND uses < most AND revoked_at IS NULL AND expires_at > ?`, hash[:], sqldb.Micros(at))
	if r.Error == nil && r.RowsAffected == 0 {
		return hub.Errorf(op, hub.Consumed, "used up, expired, revoked or unknown")
	}
	return sqldb.Translate(op, r.Error)
}

// PutToken adds an initial access token. Conflict, Unavailable.
func (t *Registrations) PutToken(ctx context.Context, x registration.Token) error {
	err := t.db.Write(ctx).Exec("INSERT INTO registration_tokens ("+tokenColumns+") VALUES ( ?, ?, ?, ?, ?, ?, ?, ?)",
		x.ID, x.Hash[:], string(x.Department), x.Uses, x.Most, sqldb.Micros(x.CreatedAt), sqldb.Micros(x.ExpiresAt), sqldb.NullMicros(x.RevokedAt)).Error
	return sqldb.Translate("tenantsql.PutToken", err)
}

// RevokeToken revokes an initial access token and reports whether it was good until then. Unavailable.
func (t *Registrations) RevokeToken(ctx context.Context, id string, at time.Time) (bool, error) {
	r := t.db.Write(ctx).Exec("UPDATE registration_tokens SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL", sqldb.Micros(at), id)
	return r.RowsAffected == 1, sqldb.Translate("tenantsql.RevokeToken", r.Error)
}

// Tokens lists all initial access tokens, the newest first. Unavailable.
func (t *Registrations) Tokens(ctx context.Context) ([]registration.Token, error) {
	var all []registration.Token
	err := t.each(ctx, func(r scanner) error {
		x, err := scanToken(r)
		all = append(all, x)
		return err
	}, "SELECT "+tokenColumns+" FROM registration_tokens ORDER BY created_at DESC, id")
	return all, sqldb.Translate("tenantsql.Tokens", err)
}

const sandboxColumns = "id, token, spec, access_hash, before_hash, created_at, expires_at"

func scanSandbox(r scanner) (s registration.Sandbox, err error) {
	var id, spec string
	var access, before []byte
	var created, expires int64
	if err := r.Scan(&id, &s.Token, &spec, &access, &before, &created, &expires); err != nil {
		return registration.Sandbox{}, err
	}
	if err := hash32(&s.Access, access); err != nil {
		return registration.Sandbox{}, err
	}
	if before != nil {
		if err := hash32(&s.Before, before); err != nil {
			return registration.Sandbox{}, err
		}
	}
	if s.System, err = readSystem(id, spec); err != nil {
		return registration.Sandbox{}, err
	}
	s.CreatedAt, s.ExpiresAt = sqldb.Time(created), sqldb.Time(expires)
	return s, nil
}

// Sandbox implements registration.Store.
func (t *Registrations) Sandbox(ctx context.Context, id hub.SystemID) (registration.Sandbox, error) {
	s, err := scanSandbox(t.db.Read(ctx).Raw("SELECT "+sandboxColumns+" FROM sandbox_systems WHERE id = ?", string(id)).Row())
	return s, sqldb.Translate("tenantsql.Sandbox", err)
}

// Sandboxes lists all sandboxes by id, expired ones too. Unavailable.
func (t *Registrations) Sandboxes(ctx context.Context) ([]registration.Sandbox, error) {
	var all []registration.Sandbox
	err := t.each(ctx, func(r scanner) error {
		s, err := scanSandbox(r)
		all = append(all, s)
		return err
	}, "SELECT "+sandboxColumns+" FROM sandbox_systems ORDER BY id")
	return all, sqldb.Translate("tenantsql.Sandboxes", err)
}

func (t *Registrations) each(ctx context.Context, scan func(scanner) error, statement string) (err error) {
	rows, err := t.db.Read(ctx).Raw(statement).Rows()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// Create implements registration.Store.
func (t *Registrations) Create(ctx context.Context, s registration.Sandbox) error {
	const op = "tenantsql.Create"
	spec, err := writeSystem(s.System)
	if err != nil {
		return hub.E(op, hub.Internal, err)
	}
	err = t.db.Write(ctx).Exec("INSERT INTO sandbox_systems (department, "+sandboxColumns+") VALUES ( ?, ?, ?, ?, ?, ?, ?, ?)",
		string(s.System.Department), string(s.System.ID), s.Token, spec, s.Access[:], before(s), sqldb.Micros(s.CreatedAt), sqldb.Micros(s.ExpiresAt)).Error
	return sqldb.Translate(op, err)
}

// before gives NULL for none.
func before(s registration.Sandbox) any {
	if s.Before == ([32]byte{}) {
		return nil
	}
	return s.Before[:]
}

// Replace implements registration.Store.
func (t *Registrations) Replace(ctx context.Context, s registration.Sandbox, was [32]byte) error {
	const op = "tenantsql.Replace"
	spec, err := writeSystem(s.System)
	if err != nil {
		return hub.E(op, hub.Internal, err)
	}
	r := t.db.Write(ctx).Exec("UPDATE sandbox_systems SET spec = ?, access_hash = ?, before_hash = ? WHERE id = ? AND access_hash = ?",
		spec, s.Access[:], before(s), string(s.System.ID), was[:])
	if r.Error == nil && r.RowsAffected == 0 {
		return hub.Errorf(op, hub.Conflict, "changed or gone")
	}
	return sqldb.Translate(op, r.Error)
}

// Delete implements registration.Store.
func (t *Registrations) Delete(ctx context.Context, id hub.SystemID, at, until time.Time) (bool, error) {
	const op = "tenantsql.Delete"
	there := false
	err := t.db.InTx(ctx, func(ctx context.Context) error {
		w := t.db.Write(ctx)
		r := w.Exec("DELETE FROM sandbox_systems WHERE id = ?", string(id))
		if there = r.RowsAffected == 1; r.Error != nil || !there {
			return sqldb.Translate(op, r.Error)
		}
		err := w.Exec("INSERT INTO revocations (kind, ref, at, expires_at) VALUES ('system', ?, ?, ?) ON CONFLICT DO NOTHING",
			string(id), sqldb.Micros(at), sqldb.Micros(until)).Error
		return sqldb.Translate(op, err)
	})
	return there, err
}

// Purge removes at most limit sandboxes, and tokens, that expired before the time, and tells how many sandboxes. What a sandbox was
// given has died with it before: its client can no longer authenticate, and its tokens are of a system that is unknown.
func (t *Registrations) Purge(ctx context.Context, at time.Time, limit int) (int, error) {
	const op = "tenantsql.Purge"
	count := 0
	err := t.db.InTx(ctx, func(ctx context.Context) error {
		w := t.db.Write(ctx)
		r := w.Exec(`DELETE FROM sandbox_systems WHERE id IN
			(SELECT id FROM sandbox_systems WHERE expires_at < ? ORDER BY expires_at LIMIT ?)`, sqldb.Micros(at), limit)
		if count = int(r.RowsAffected); r.Error != nil {
			return sqldb.Translate(op, r.Error)
		}
		err := w.Exec(`DELETE FROM registration_tokens WHERE expires_at < ? AND id NOT IN (SELECT token FROM sandbox_systems)`, sqldb.Micros(at)).Error
		return sqldb.Translate(op, err)
	})
	return count, err
}
