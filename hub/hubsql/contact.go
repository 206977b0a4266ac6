package hubsql

import (
	"context"
	"database/sql"
	"time"

	"onedoor/hub"
	"onedoor/hub/contact"
	"onedoor/hub/sqldb"
)

// Contacts is the contact.Store in SQL.
type Contacts struct{ db *sqldb.DB }

var _ contact.Store = (*Contacts)(nil)

// NewContacts gives the store over a database whose schema is up to date. Invalid without one.
func NewContacts(db *sqldb.DB) (*Contacts, error) {
	if db == nil {
		return nil, hub.Errorf("hubsql.NewContacts", hub.Invalid, "no database")
	}
	return &Contacts{db: db}, nil
}

const contactColumns = "id, account, kind, language, address_hash, sealed, added_at, verified_at, removed_at"

func scanContact(r scanner) (contact.Row, error) {
	var c contact.Row
	var added int64
	var verified, removed sql.NullInt64
	err := r.Scan(&c.ID, &c.Account, &c.Kind, &c.Language, &c.Hash, &c.Sealed, &added, &verified, &removed)
	c.AddedAt, c.VerifiedAt, c.RemovedAt = sqldb.Time(added), sqldb.NullTime(verified), sqldb.NullTime(removed)
	return c, err
}

func (t *Contacts) list(ctx context.Context, op, statement string, args ...any) ([]contact.Row, error) {
	var all []contact.Row
	err := sqldb.Each(t.db.Read(ctx), func(r scanner) error {
		c, err := scanContact(r)
		all = append(all, c)
		return err
	}, "SELECT "+contactColumns+" FROM contacts WHERE "+statement, args...)
	return all, sqldb.Translate(op, err)
}

// Add implements contact.Store. The limit is held under the lock of the account's row: two requests at once can't pass it together.
func (t *Contacts) Add(ctx context.Context, c contact.Row, most int) error {
	const op = "hubsql.Contacts.Add"
	lock := ""
	if t.db.Dialect() == sqldb.Postgres {
		lock = " FOR UPDATE"
	}
	return t.db.Savepoint(ctx, func(ctx context.Context) error {
		w := t.db.Write(ctx)
		var id string
		if err := w.Raw("SELECT id FROM accounts WHERE id = ?"+lock, string(c.Account)).Row().Scan(&id); err != nil {
			return sqldb.Translate(op, err)
		}
		n, err := exec(w, `INSERT INTO contacts (`+contactColumns+`)
			SELECT ?, ?, ?, ?, ?, ?, CAST(? AS BIGINT), NULL, NULL WHERE (SELECT COUNT(*) FROM contacts WHERE account = ? AND removed_at IS NULL) < ?
			ON CONFLICT DO NOTHING`, c.ID, string(c.Account), string(c.Kind), c.Language, c.Hash, c.Sealed, sqldb.Micros(c.AddedAt),
			string(c.Account), most)
		if err == nil && n == 0 {
			return hub.Errorf(op, hub.Conflict, "the account has the address, or enough of them")
		}
		return sqldb.Translate(op, err)
	})
}

// ByID implements contact.Store.
func (t *Contacts) ByID(ctx context.Context, id string) (contact.Row, error) {
	c, err := scanContact(t.db.Read(ctx).Raw("SELECT "+contactColumns+" FROM contacts WHERE id = ?", id).Row())
	return c, sqldb.Translate("hubsql.Contacts.ByID", err)
}

// Of implements contact.Store.
func (t *Contacts) Of(ctx context.Context, account hub.AccountID) ([]contact.Row, error) {
	return t.list(ctx, "hubsql.Contacts.Of", "account = ? AND sealed IS NOT NULL ORDER BY added_at, id", string(account))
}

// Verify implements contact.Store.
func (t *Contacts) Verify(ctx context.Context, account hub.AccountID, id string, at time.Time) error {
	const op = "hubsql.Contacts.Verify"
	n, err := exec(t.db.Write(ctx), "UPDATE contacts SET verified_at = ? WHERE id = ? AND account = ? AND verified_at IS NULL AND removed_at IS NULL",
		sqldb.Micros(at), id, string(account))
	if err == nil && n == 0 {
		return hub.Errorf(op, hub.Consumed, "verified or removed before")
	}
	return sqldb.Translate(op, err)
}

// Remove implements contact.Store.
func (t *Contacts) Remove(ctx context.Context, account hub.AccountID, id string, at time.Time) (bool, error) {
	const op = "hubsql.Contacts.Remove"
	removed := false
	err := t.db.InTx(ctx, func(ctx context.Context) error {
		w := t.db.Write(ctx)
		n, err := exec(w, `UPDATE contacts SET removed_at = ?, sealed = CASE WHEN verified_at IS NULL THEN NULL ELSE sealed END,
			address_hash = CASE WHEN verified_at IS NULL THEN NULL ELSE address_hash END
			WHERE id = ? AND account = ? AND removed_at IS NULL`, sqldb.Micros(at), id, string(account))
		if err != nil {
			return sqldb.Translate(op, err)
		}
		if removed = n == 1; !removed {
			var owner string
			if err := w.Raw("SELECT account FROM contacts WHERE id = ? AND account = ?", id, string(account)).Row().Scan(&owner); err != nil {
				return sqldb.Translate(op, err)
			}
			return nil
		}
		_, err = exec(w, "DELETE FROM contact_codes WHERE contact = ?", id)
		return sqldb.Translate(op, err)
	})
	return removed && err == nil, err
}

// Erase implements contact.Store. A contact that nobody was ever told at keeps its row, without the address: it is named in the record.
func (t *Contacts) Erase(ctx context.Context, removedBefore, unverifiedBefore time.Time, limit int) (int, error) {
	const op = "hubsql.Contacts.Erase"
	count := 0
	err := t.db.InTx(ctx, func(ctx context.Context) error {
		w := t.db.Write(ctx)
		gone, err := exec(w, `UPDATE contacts SET sealed = NULL, address_hash = NULL WHERE id IN (SELECT id FROM contacts
			WHERE removed_at < ? AND removed_at IS NOT NULL AND sealed IS NOT NULL ORDER BY removed_at LIMIT ?)`, sqldb.Micros(removedBefore), limit)
		if err != nil {
			return sqldb.Translate(op, err)
		}
		old, err := exec(w, `UPDATE contacts SET removed_at = added_at, sealed = NULL, address_hash = NULL WHERE id IN (SELECT id FROM contacts
			WHERE added_at < ? AND verified_at IS NULL AND removed_at IS NULL ORDER BY added_at LIMIT ?)`, sqldb.Micros(unverifiedBefore), limit)
		count = gone + old
		return sqldb.Translate(op, err)
	})
	return count, err
}

// Reseal implements contact.Store.
func (t *Contacts) Reseal(ctx context.Context, id string, old, sealed []byte) error {
	_, err := exec(t.db.Write(ctx), "UPDATE contacts SET sealed = ? WHERE id = ? AND sealed = ?", sealed, id, old)
	return sqldb.Translate("hubsql.Contacts.Reseal", err)
}

// After implements contact.Store.
func (t *Contacts) After(ctx context.Context, id string, limit int) ([]contact.Row, error) {
	return t.list(ctx, "hubsql.Contacts.After", "id > ? AND sealed IS NOT NULL ORDER BY id LIMIT ?", id, limit)
}

const codeColumns = "contact, id, hash, sealed, tries, sends, expires_at"

func scanCode(r scanner) (contact.Code, error) {
	var c contact.Code
	var expires int64
	err := r.Scan(&c.Contact, &c.ID, &c.Hash, &c.Sealed, &c.Tries, &c.Sends, &expires)
	c.ExpiresAt = sqldb.Time(expires)
	return c, err
}

// Put implements contact.Codes.
func (t *Contacts) Put(ctx context.Context, c contact.Code, at time.Time) error {
	_, err := exec(t.db.Write(ctx), `INSERT INTO contact_codes (contact, id, hash, sealed, next_at, expires_at) VALUES ( ?, ?, ?, ?, ?, ?)
		ON CONFLICT (contact) DO UPDATE SET id = excluded.id, hash = excluded.hash, sealed = excluded.sealed, tries = 0, sends = 0,
		next_at = excluded.next_at, expires_at = excluded.expires_at`,
		c.Contact, c.ID, c.Hash, c.Sealed, sqldb.Micros(at), sqldb.Micros(c.ExpiresAt))
	return sqldb.Translate("hubsql.Contacts.Put", err)
}

// Try implements contact.Codes, in one statement.
func (t *Contacts) Try(ctx context.Context, id string, most int, now time.Time) (contact.Code, error) {
	const op = "hubsql.Contacts.Try"
	var c contact.Code
	found := false
	err := sqldb.Each(t.db.Write(ctx), func(r scanner) (err error) {
		c, err = scanCode(r)
		found = true
		return err
	}, "UPDATE contact_codes SET tries = tries + 1 WHERE contact = ? AND tries < ? AND expires_at > ? RETURNING "+codeColumns, id, most, sqldb.Micros(now))
	if err == nil && !found {
		return contact.Code{}, hub.Errorf(op, hub.Expired, "no code with tries left")
	}
	return c, sqldb.Translate(op, err)
}

// Use implements contact.Codes.
func (t *Contacts) Use(ctx context.Context, id, code string) error {
	const op = "hubsql.Contacts.Use"
	n, err := exec(t.db.Write(ctx), "DELETE FROM contact_codes WHERE contact = ? AND id = ?", id, code)
	if err == nil && n == 0 {
		return hub.Errorf(op, hub.Consumed, "used before, or replaced")
	}
	return sqldb.Translate(op, err)
}

// Claim implements contact.Codes, in one statement.
func (t *Contacts) Claim(ctx context.Context, now, until time.Time, limit int) ([]contact.Code, error) {
	skip := ""
	if t.db.Dialect() == sqldb.Postgres {
		skip = " FOR UPDATE SKIP LOCKED"
	}
	var all []contact.Code
	err := sqldb.Each(t.db.Write(ctx), func(r scanner) error {
		c, err := scanCode(r)
		all = append(all, c)
		return err
	}, `UPDATE contact_codes SET sends = sends + 1, next_at = ? WHERE contact IN (SELECT contact FROM contact_codes
		WHERE next_at <= ? ORDER BY next_at LIMIT ?`+skip+`) RETURNING `+codeColumns, sqldb.Micros(until), sqldb.Micros(now), limit)
	return all, sqldb.Translate("hubsql.Contacts.Claim", err)
}

// Sent implements contact.Codes.
func (t *Contacts) Sent(ctx context.Context, id, code string) error {
	_, err := exec(t.db.Write(ctx), "UPDATE contact_codes SET sealed = NULL, next_at = NULL WHERE contact = ? AND id = ?", id, code)
	return sqldb.Translate("hubsql.Contacts.Sent", err)
}

// Later implements contact.Codes.
func (t *Contacts) Later(ctx context.Context, id, code string, until time.Time) error {
	_, err := exec(t.db.Write(ctx), "UPDATE contact_codes SET next_at = ? WHERE contact = ? AND id = ? AND next_at IS NOT NULL", sqldb.Micros(until), id, code)
	return sqldb.Translate("hubsql.Contacts.Later", err)
}

// PurgeCodes implements contact.Codes.
func (t *Contacts) PurgeCodes(ctx context.Context, before time.Time, limit int) (int, error) {
	return purge(ctx, t.db, "hubsql.Contacts.PurgeCodes", "contact_codes", "contact", sqldb.Micros(before), limit)
}
