package hubsql

import (
	"context"

	"onedoor/hub"
	"onedoor/hub/account"
	"onedoor/hub/sqldb"
)

var _ account.LifeStore = (*Accounts)(nil)

// Change implements account.LifeStore: one compare-and-set and the row of the history. The account's row stays locked until the transaction
// ends: a session that is being made waits for it, and is then refused (see Sessions.Create).
func (t *Accounts) Change(ctx context.Context, c account.Change) error {
	const op = "hubsql.Accounts.Change"
	return t.db.Savepoint(ctx, func(ctx context.Context) error {
		at := sqldb.Micros(c.At)
		w := t.db.Write(ctx)
		n, err := exec(w, "UPDATE accounts SET status = ?, reason = ?, changed_at = ? WHERE id = ? AND status = ?",
			string(c.Became), reasonOf(c), at, string(c.Account), string(c.Was))
		if err != nil {
			return sqldb.Translate(op, err)
		}
		if n == 0 {
			if _, err := t.ByID(ctx, c.Account); err != nil {
				return err
			}
			return hub.Errorf(op, hub.Conflict, "the account is in another state")
		}
		_, err = exec(w, `INSERT INTO account_changes (id, account, was, became, reason, actor_kind, actor, interaction, at)
			VALUES ( ?, ?, ?, ?, ?, ?, ?, ?, ?)`, c.ID, string(c.Account), string(c.Was), string(c.Became), string(c.Reason), string(c.By.Kind),
			c.By.ID, string(c.Interaction), at)
		return sqldb.Translate(op, err)
	})
}

// reasonOf gives what the account's own row says: an active account has no reason.
func reasonOf(c account.Change) string {
	if c.Became == account.Active {
		return ""
	}
	return string(c.Reason)
}

// Changes implements account.LifeStore.
func (t *Accounts) Changes(ctx context.Context, id hub.AccountID, limit int) ([]account.Change, error) {
	var all []account.Change
	err := sqldb.Each(t.db.Read(ctx), func(r scanner) error {
		c, at := account.Change{Account: id}, int64(0)
		if err := r.Scan(&c.ID, &c.Was, &c.Became, &c.Reason, &c.By.Kind, &c.By.ID, &c.Interaction, &at); err != nil {
			return err
		}
		c.At = sqldb.Time(at)
		all = append(all, c)
		return nil
	}, `SELECT id, was, became, reason, actor_kind, actor, interaction, at FROM account_changes WHERE account = ?
		ORDER BY at DESC, id LIMIT ?`, string(id), limit)
	return all, sqldb.Translate("hubsql.Accounts.Changes", err)
}

// Live lists the live sessions of an account, oldest first. In a transaction that has changed the account (Accounts.Change) there can
// be no other.
func (t *Sessions) Live(ctx context.Context, id hub.AccountID) ([]hub.SessionID, error) {
	var ids []hub.SessionID
	err := sqldb.Each(t.db.Write(ctx), func(r scanner) error {
		var id hub.SessionID
		err := r.Scan(&id)
		ids = append(ids, id)
		return err
	}, "SELECT id FROM sessions WHERE account = ? AND ended_at IS NULL ORDER BY started_at, id", string(id))
	return ids, sqldb.Translate("hubsql.Sessions.Live", err)
}
