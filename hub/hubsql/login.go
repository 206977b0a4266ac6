package hubsql

import (
	"context"
	"database/sql"
	"encoding/json"
	"time"

	"onedoor/hub"
	"onedoor/hub/login"
	"onedoor/hub/sqldb"
)

// Logins is the login.Store in SQL.
type Logins struct{ db *sqldb.DB }

// requestRow is login.Request as JSON. It lives as long as a login, some minutes.
type requestRow struct {
	Protocol      string              `json:"protocol"`
	Continue      []byte              `json:"continue,omitempty"`
	System        hub.SystemID        `json:"system"`
	IAL           hub.IAL             `json:"ial,omitempty"`
	AAL           hub.AAL             `json:"aal,omitempty"`
	MaxAge        *time.Duration      `json:"max_age_ns,omitempty"`
	Force         bool                `json:"force,omitempty"`
	Passive       bool                `json:"passive,omitempty"`
	AskConsent    bool                `json:"ask_consent,omitempty"`
	SelectAccount bool                `json:"select_account,omitempty"`
	Attributes    []hub.AttributeName `json:"attributes,omitempty"`
	Account       hub.AccountID       `json:"account,omitempty"`
	Languages     []string            `json:"languages,omitempty"`
	ProviderHint  hub.ProviderID      `json:"provider_hint,omitempty"`
	Offline       bool                `json:"offline,omitempty"`
	Party         string              `json:"party,omitempty"`
	Settles       bool                `json:"settles,omitempty"`
	Items         []itemRow           `json:"items,omitempty"`
}

// itemRow is login.Wish.
type itemRow struct {
	Item    string   `json:"item"`
	Actions []string `json:"actions"`
}

func writeRequest(r login.Request) (string, error) {
	var items []itemRow
	for _, x := range r.Items {
		items = append(items, itemRow(x))
	}
	b, err := json.Marshal(requestRow{
		Protocol: r.Protocol, Continue: r.Continue, System: r.System, IAL: r.Want.IAL, AAL: r.Want.AAL, MaxAge: r.MaxAge,
		Force: r.Force, Passive: r.Passive, AskConsent: r.AskConsent, SelectAccount: r.SelectAccount, Attributes: r.Attributes,
		Account: r.Account, Languages: r.Languages, ProviderHint: r.ProviderHint, Offline: r.Offline, Party: r.Party, Settles: r.Settles,
		Items: items,
	})
	return string(b), err
}

func readRequest(text []byte) (login.Request, error) {
	var r requestRow
	err := json.Unmarshal(text, &r)
	var items []login.Wish
	for _, x := range r.Items {
		items = append(items, login.Wish(x))
	}
	return login.Request{
		Protocol: r.Protocol, Continue: r.Continue, System: r.System, Want: hub.Level{IAL: r.IAL, AAL: r.AAL}, MaxAge: r.MaxAge,
		Force: r.Force, Passive: r.Passive, AskConsent: r.AskConsent, SelectAccount: r.SelectAccount, Attributes: r.Attributes,
		Account: r.Account, Languages: r.Languages, ProviderHint: r.ProviderHint, Offline: r.Offline, Party: r.Party, Settles: r.Settles,
		Items: items,
	}, err
}

// Create implements login.Store. Conflict where the id exists.
func (t *Logins) Create(ctx context.Context, x login.Transaction) error {
	const op = "hubsql.Logins.Create"
	request, err := writeRequest(x.Request)
	if err != nil {
		return hub.E(op, hub.Internal, err)
	}
	n, err := exec(t.db.Write(ctx), `INSERT INTO login_transactions (id, browser_hash, interaction, request, step, provider, state,
		private, session, signed_in, attempts, same_account, anew, party, created_at, expires_at)
		VALUES ( ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT DO NOTHING`,
		string(x.ID), x.BrowserHash[:], string(x.Interaction), request, string(x.Step), nullText(string(x.Provider)),
		nullText(x.State), blob(x.Private), nullText(string(x.Session)), x.SignedIn, x.Attempts,
		nullText(string(x.Same)), x.Anew, x.Party, sqldb.Micros(x.CreatedAt), sqldb.Micros(x.ExpiresAt))
	if err == nil && n == 0 {
		return hub.Errorf(op, hub.Conflict, "the transaction exists")
	}
	return sqldb.Translate(op, err)
}

// Get implements login.Store.
func (t *Logins) Get(ctx context.Context, id hub.TransactionID, now time.Time) (login.Transaction, error) {
	const op = "hubsql.Logins.Get"
	var (
		browser, request               []byte
		provider, state, session, same sql.NullString
		created, expires               int64
	)
	x := login.Transaction{ID: id}
	err := t.db.Read(ctx).Raw(`SELECT browser_hash, interaction, request, step, provider, state, private, session, signed_in, attempts,
		same_account, anew, party, created_at, expires_at FROM login_transactions WHERE id = ?`, string(id)).Row().Scan(
		&browser, &x.Interaction, &request, &x.Step, &provider, &state, &x.Private, &session, &x.SignedIn, &x.Attempts, &same, &x.Anew, &x.Party,
		&created, &expires)
	if err == nil {
		err = hash32(&x.BrowserHash, browser)
	}
	if err == nil {
		x.Request, err = readRequest(request)
	}
	if err != nil {
		return login.Transaction{}, sqldb.Translate(op, err)
	}
	x.Provider, x.State, x.Session = hub.ProviderID(provider.String), state.String, hub.SessionID(session.String)
	x.Same = hub.AccountID(same.String)
	x.CreatedAt, x.ExpiresAt = sqldb.Time(created), sqldb.Time(expires)
	if !now.Before(x.ExpiresAt) {
		return login.Transaction{}, hub.Errorf(op, hub.Expired, "the login took too long")
	}
	return x, nil
}

// Visit implements login.Store, on PostgreSQL in one message.
func (t *Logins) Visit(ctx context.Context, secretHash [32]byte, system hub.SystemID) (v login.Visit, err error) {
	const op = "hubsql.Logins.Visit"
	var found sessionRow
	err = t.db.Ask(ctx, sqldb.Question{
		SQL: visitor, Args: []any{secretHash[:]},
		Scan: func(r sqldb.Row) (err error) {
			if v.Account, err = scanAccountAfter(r, found.columns()); err != nil {
				return err
			}
			v.Session, err = found.session()
			return err
		},
	}, sqldb.Question{
		SQL: latestOf + "(SELECT s.account FROM sessions s WHERE s.secret_hash = ?)" + latestAt, Args: []any{secretHash[:], string(system)},
		Scan: func(r sqldb.Row) error {
			c, err := scanConsent(r)
			v.Consents = append(v.Consents, c)
			return err
		},
	})
	if err == nil && v.Session.ID == "" {
		err = sql.ErrNoRows
	}
	if err != nil {
		return login.Visit{}, sqldb.Translate(op, err)
	}
	return v, nil
}

// Advance implements login.Store: one compare-and-set on the step. Request, browser, interaction and creation never change.
func (t *Logins) Advance(ctx context.Context, x login.Transaction, from login.Step) error {
	const op = "hubsql.Logins.Advance"
	n, err := exec(t.db.Write(ctx), `UPDATE login_transactions SET step = ?, provider = ?, state = ?, private = ?, session = ?,
		signed_in = ?, attempts = ?, same_account = ?, anew = ?, party = ?, expires_at = ? WHERE id = ? AND step = ?`,
		string(x.Step), nullText(string(x.Provider)), nullText(x.State), blob(x.Private), nullText(string(x.Session)), x.SignedIn,
		x.Attempts, nullText(string(x.Same)), x.Anew, x.Party, sqldb.Micros(x.ExpiresAt), string(x.ID), string(from))
	if err == nil && n == 0 {
		return hub.Errorf(op, hub.Conflict, "the login is at another step")
	}
	return sqldb.Translate(op, err)
}

// Purge implements login.Store.
func (t *Logins) Purge(ctx context.Context, before time.Time, limit int) (int, error) {
	return purge(ctx, t.db, "hubsql.Logins.Purge", "login_transactions", "id", sqldb.Micros(before), limit)
}
