package hubsql

import (
	"context"
	"database/sql"
	"slices"
	"time"

	"onedoor/hub"
	"onedoor/hub/account"
	"onedoor/hub/sqldb"
)

// Accounts is the account.Store in SQL.
type Accounts struct{ db *sqldb.DB }

const accountColumns = "a.id, a.status, a.reason, a.ial, a.aal, a.created_at, a.changed_at"

func scanAccount(r scanner, more ...any) (account.Account, error) {
	return scanAccountAfter(r, nil, more...)
}

// scanAccountAfter scans other columns before those of the account too.
func scanAccountAfter(r scanner, before []any, more ...any) (account.Account, error) {
	var a account.Account
	var ial, aal, created, changed int64
	if err := r.Scan(slices.Concat(before, []any{&a.ID, &a.Status, &a.Reason, &ial, &aal, &created, &changed}, more)...); err != nil {
		return account.Account{}, err
	}
	a.Highest = level(ial, aal)
	a.CreatedAt, a.ChangedAt = sqldb.Time(created), sqldb.Time(changed)
	return a, nil
}

// ByID implements account.Store.
func (t *Accounts) ByID(ctx context.Context, id hub.AccountID) (account.Account, error) {
	var a account.Account
	err := one(ctx, t.db, func(r scanner) (err error) { a, err = scanAccount(r); return err },
		"SELECT "+accountColumns+" FROM accounts a WHERE a.id = ?", string(id))
	return a, sqldb.Translate("hubsql.Accounts.ByID", err)
}

// ByLink implements account.Store, in one statement.
func (t *Accounts) ByLink(ctx context.Context, provider hub.ProviderID, subjectHash []byte) (account.Account, []account.PersonKey, error) {
	const op = "hubsql.Accounts.ByLink"
	var a account.Account
	var keys []account.PersonKey
	found := false
	var removed sql.NullInt64
	err := sqldb.Each(t.db.Read(ctx), func(r scanner) (err error) {
		var kind sql.NullString
		var hash []byte
		if a, err = scanAccount(r, &kind, &hash, &removed); err != nil {
			return err
		}
		found = true
		if kind.Valid {
			keys = append(keys, account.PersonKey{Kind: kind.String, Hash: hash})
		}
		return nil
	}, "SELECT "+accountColumns+`, p.kind, p.hash, l.removed_at FROM account_links l JOIN accounts a ON a.id = l.account
		LEFT JOIN account_persons p ON p.account = a.id WHERE l.provider = ? AND l.subject_hash = ? ORDER BY p.kind`,
		string(provider), subjectHash)
	if err == nil && !found {
		err = sql.ErrNoRows
	}
	if err != nil {
		return account.Account{}, nil, sqldb.Translate(op, err)
	}
	if removed.Valid {
		return a, keys, hub.Errorf(op, hub.Denied, "the link was removed")
	}
	return a, keys, nil
}

// ByPerson implements account.Store.
func (t *Accounts) ByPerson(ctx context.Context, key account.PersonKey) (account.Account, error) {
	a, err := scanAccount(t.db.Read(ctx).Raw("SELECT "+accountColumns+` FROM account_persons p JOIN accounts a ON a.id = p.account
		WHERE p.kind = ? AND p.hash = ?`, key.Kind, key.Hash).Row())
	return a, sqldb.Translate("hubsql.Accounts.ByPerson", err)
}

// Create implements account.Store. After a Conflict nothing of it stays, and a transaction around it is still good: the caller
// can look who was faster.
func (t *Accounts) Create(ctx context.Context, a account.Account, link account.Link, person *account.PersonKey) error {
	const op = "hubsql.Accounts.Create"
	return t.db.Savepoint(ctx, func(ctx context.Context) error {
		n, err := exec(t.db.Write(ctx), `INSERT INTO accounts (id, status, reason, ial, aal, created_at, changed_at)
			VALUES ( ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`, string(a.ID), string(a.Status), a.Reason,
			int64(a.Highest.IAL), int64(a.Highest.AAL), sqldb.Micros(a.CreatedAt), sqldb.Micros(a.ChangedAt))
		if err != nil {
			return sqldb.Translate(op, err)
		}
		if n == 0 {
			return hub.Errorf(op, hub.Conflict, "the account exists")
		}
		if person != nil {
			if err := t.AddPerson(ctx, a.ID, *person, a.CreatedAt); err != nil {
				return err
			}
		}
		link.Account = a.ID
		return t.AddLink(ctx, link)
	})
}

// AddLink implements account.Store.
func (t *Accounts) AddLink(ctx context.Context, l account.Link) error {
	const op = "hubsql.Accounts.AddLink"
	n, err := exec(t.db.Write(ctx), `INSERT INTO account_links (id, account, provider, subject_hash, ial, aal, linked_at, last_used_at, source)
		VALUES ( ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
		l.ID, string(l.Account), string(l.Provider), l.SubjectHash, int64(l.Level.IAL), int64(l.Level.AAL),
		sqldb.Micros(l.LinkedAt), sqldb.Micros(l.LastUsedAt), l.Source)
	if err == nil && n == 0 {
		return hub.Errorf(op, hub.Conflict, "the subject is linked")
	}
	return sqldb.Translate(op, err)
}

// AddPerson implements account.Store.
func (t *Accounts) AddPerson(ctx context.Context, id hub.AccountID, key account.PersonKey, at time.Time) error {
	const op = "hubsql.Accounts.AddPerson"
	n, err := exec(t.db.Write(ctx), "INSERT INTO account_persons (kind, hash, account, added_at) VALUES ( ?, ?, ?, ?) ON CONFLICT DO NOTHING",
		key.Kind, key.Hash, string(id), sqldb.Micros(at))
	if err == nil && n == 0 {
		return hub.Errorf(op, hub.Conflict, "the person has an account, or the account a person")
	}
	return sqldb.Translate(op, err)
}

// UseLink implements account.Store. NotFound for an unknown link.
func (t *Accounts) UseLink(ctx context.Context, provider hub.ProviderID, subjectHash []byte, l hub.Level, at time.Time) error {
	const op = "hubsql.Accounts.UseLink"
	micros, ial, aal := sqldb.Micros(at), int64(l.IAL), int64(l.AAL)
	n, err := exec(t.db.Write(ctx), `UPDATE account_links SET
		last_used_at = CASE WHEN last_used_at < ? THEN ? ELSE last_used_at END,
		ial = CASE WHEN ial < ? THEN ? ELSE ial END,
		aal = CASE WHEN aal < ? THEN ? ELSE aal END
		WHERE provider = ? AND subject_hash = ?`, micros, micros, ial, ial, aal, aal, string(provider), subjectHash)
	if err == nil && n == 0 {
		return hub.Errorf(op, hub.NotFound, "no such link")
	}
	return sqldb.Translate(op, err)
}

// Reach implements account.Store: one compare-and-set. The row is locked by it, so what is read behind it is what it wrote.
// NotFound for an unknown account.
func (t *Accounts) Reach(ctx context.Context, id hub.AccountID, l hub.Level) (highest hub.Level, raised bool, err error) {
	const op = "hubsql.Accounts.Reach"
	ial, aal := int64(l.IAL), int64(l.AAL)
	err = t.db.InTx(ctx, func(ctx context.Context) error {
		w := t.db.Write(ctx)
		n, err := exec(w, `UPDATE accounts SET ial = CASE WHEN ial < ? THEN ? ELSE ial END, aal = CASE WHEN aal < ? THEN ? ELSE aal END
			WHERE id = ? AND (ial < ? OR aal < ?)`, ial, ial, aal, aal, string(id), ial, aal)
		if err != nil {
			return sqldb.Translate(op, err)
		}
		raised = n == 1
		var haveIAL, haveAAL int64
		err = w.Raw("SELECT ial, aal FROM accounts WHERE id = ?", string(id)).Row().Scan(&haveIAL, &haveAAL)
		highest = level(haveIAL, haveAAL)
		return sqldb.Translate(op, err)
	})
	return highest, raised && err == nil, err
}

const linkColumns = "id, provider, subject_hash, ial, aal, linked_at, last_used_at, source, removed_at"

func scanLink(r scanner, of hub.AccountID) (account.Link, error) {
	var ial, aal, linked, used int64
	var removed sql.NullInt64
	l := account.Link{Account: of}
	if err := r.Scan(&l.ID, &l.Provider, &l.SubjectHash, &ial, &aal, &linked, &used, &l.Source, &removed); err != nil {
		return account.Link{}, err
	}
	l.Level, l.LinkedAt, l.LastUsedAt = level(ial, aal), sqldb.Time(linked), sqldb.Time(used)
	if removed.Valid {
		l.RemovedAt = sqldb.Time(removed.Int64)
	}
	return l, nil
}

// Links implements account.Store.
func (t *Accounts) Links(ctx context.Context, id hub.AccountID) ([]account.Link, error) {
	var all []account.Link
	err := sqldb.Each(t.db.Read(ctx), func(r scanner) error {
		l, err := scanLink(r, id)
		all = append(all, l)
		return err
	}, "SELECT "+linkColumns+" FROM account_links WHERE account = ? ORDER BY linked_at, id", string(id))
	return all, sqldb.Translate("hubsql.Accounts.Links", err)
}

// RemoveLink implements account.Store. The account's row is locked first: of two removals at the same time the second sees the first.
func (t *Accounts) RemoveLink(ctx context.Context, id hub.AccountID, link string, at time.Time) (l account.Link, err error) {
	const op = "hubsql.Accounts.RemoveLink"
	err = t.db.InTx(ctx, func(ctx context.Context) error {
		w := t.db.Write(ctx)
		if _, err := exec(w, "UPDATE accounts SET changed_at = changed_at WHERE id = ?", string(id)); err != nil {
			return sqldb.Translate(op, err)
		}
		n, err := exec(w, `UPDATE account_links SET removed_at = ? WHERE id = ? AND account = ? AND removed_at IS NULL
			AND EXISTS (SELECT 1 FROM account_links o WHERE o.account = ? AND o.removed_at IS NULL AND o.id <> ?)`,
			sqldb.Micros(at), link, string(id), string(id), link)
		if err != nil {
			return sqldb.Translate(op, err)
		}
		l, err = scanLink(w.Raw("SELECT "+linkColumns+" FROM account_links WHERE id = ? AND account = ?", link, string(id)).Row(), id)
		switch {
		case err != nil:
			return sqldb.Translate(op, err)
		case n == 0 && l.RemovedAt.IsZero():
			return hub.Errorf(op, hub.Conflict, "the last link stays")
		case n == 0:
			return hub.Errorf(op, hub.NotFound, "the link was removed before")
		}
		return nil
	})
	return l, err
}

// RestoreLink implements account.Store.
func (t *Accounts) RestoreLink(ctx context.Context, id hub.AccountID, link string) (account.Link, error) {
	const op = "hubsql.Accounts.RestoreLink"
	w := t.db.Write(ctx)
	n, err := exec(w, "UPDATE account_links SET removed_at = NULL WHERE id = ? AND account = ? AND removed_at IS NOT NULL", link, string(id))
	if err != nil {
		return account.Link{}, sqldb.Translate(op, err)
	}
	if n == 0 {
		return account.Link{}, hub.Errorf(op, hub.NotFound, "no such link")
	}
	l, err := scanLink(w.Raw("SELECT "+linkColumns+" FROM account_links WHERE id = ?", link).Row(), id)
	return l, sqldb.Translate(op, err)
}
