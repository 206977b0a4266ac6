// Package hubtest holds what tests of the hub share: a clock that is moved by hand, randomness that is the same on every run, rows
// that satisfy foreign keys, and one conformance suite per Store interface, concurrency included, that every implementation passes
// on every database with no case switched off.
//
// It knows no database: sqltest opens one.
package hubtest

import (
	"context"
	"crypto/sha256"
	"io"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"onedoor/hub"
	"onedoor/hub/account"
	"onedoor/hub/consent"
	"onedoor/hub/grant"
	"onedoor/hub/login"
	"onedoor/hub/logout"
	"onedoor/hub/session"
	"onedoor/hub/token"
)

// Clock is a clock that stands still until it is moved. It is safe for concurrent use.
type Clock struct {
	mu  sync.Mutex
	now time.Time
}

// Noon is where a new Clock stands.
func Noon() time.Time { return time.Date(2026, time.March, 2, 12, 0, 0, 0, time.UTC) }

// NewClock gives a clock that stands at Noon.
func NewClock() *Clock { return &Clock{now: Noon()} }

// Now is a hub.Clock.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Advance moves the clock and gives the new time.
func (c *Clock) Advance(d time.Duration) time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
	return c.now
}

// Set moves the clock to a time.
func (c *Clock) Set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = t
}

type random struct {
	mu  sync.Mutex
	src *rand.ChaCha8
}

func (r *random) Read(b []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.src.Read(b)
}

// Random gives bytes that look random and are the same for the same seed. It is safe for concurrent use. Never for production.
func Random(seed string) io.Reader { return &random{src: rand.NewChaCha8(sha256.Sum256([]byte(seed)))} }

// Stores are the stores under test, all over one database. A suite uses the others to make the rows that its own need.
type Stores struct {
	Sessions    session.Store
	Accounts    account.Store
	Lives       account.LifeStore
	Consents    consent.Store
	Grants      grant.Store
	Once        grant.Once
	Pushed      grant.PushedStore
	Logins      login.Store
	Revocations token.Revocations
	Feed        token.Feed
	Logouts     logout.Store
	Statuses    Statuses
	// Live lists the live sessions of an account.
	Live func(ctx context.Context, id hub.AccountID) ([]hub.SessionID, error)
	// InTx runs a function in a transaction of that database.
	InTx func(ctx context.Context, fn func(context.Context) error) error
}

// Open gives stores over an empty, migrated database for one test.
type Open func(t *testing.T) Stores

// World is stores with a clock, randomness and the rows that a test asks for.
type World struct {
	Stores
	Clock  *Clock
	Random io.Reader
}

// NewWorld gives a world whose randomness is seeded with the test's name.
func NewWorld(t *testing.T, s Stores) *World {
	t.Helper()
	return &World{Stores: s, Clock: NewClock(), Random: Random(t.Name())}
}

// ID gives a new id.
func (w *World) ID() string { return hub.NewID(w.Random) }

// Hash gives 32 new bytes, as a keyed hash would be.
func (w *World) Hash() []byte { return hub.NewSecret(w.Random).Bytes() }

// Link gives a link to an account that is in no store yet.
func (w *World) Link(id hub.AccountID) account.Link {
	now := w.Clock.Now()
	return account.Link{
		ID: w.ID(), Account: id, Provider: "thaid", SubjectHash: w.Hash(), Level: hub.Level{IAL: hub.IAL23, AAL: hub.AAL21},
		LinkedAt: now, LastUsedAt: now, Source: "192.0.2.0/24",
	}
}

// NewAccount gives an account that is in no store yet.
func (w *World) NewAccount() account.Account {
	return account.Account{ID: hub.AccountID(w.ID()), Status: account.Active, CreatedAt: w.Clock.Now(), ChangedAt: w.Clock.Now()}
}

// Account makes an account with one link.
func (w *World) Account(t *testing.T) account.Account {
	t.Helper()
	a := w.NewAccount()
	must(t, w.Accounts.Create(t.Context(), a, w.Link(a.ID), nil))
	return a
}

// NewSession gives a session that is in no store yet.
func (w *World) NewSession(id hub.AccountID) session.Session {
	now := w.Clock.Now()
	return session.Session{
		ID: hub.SessionID(w.ID()), Account: id, Provider: "thaid", Level: hub.Level{IAL: hub.IAL23, AAL: hub.AAL21},
		Methods: []string{"pin", "user"}, AuthTime: now.Add(-time.Minute), StartedAt: now, LastActivity: now,
		Interaction: hub.InteractionID(w.ID()), Channel: "web", Device: "Chrome on Android", UpstreamSID: w.ID(),
		Vault: w.Hash(), WrappedKey: w.Hash(),
	}
}

// Session makes an account and a live session of it, and gives the session's secret.
func (w *World) Session(t *testing.T) (session.Session, hub.Secret) {
	t.Helper()
	s, secret := w.NewSession(w.Account(t).ID), hub.NewSecret(w.Random)
	must(t, w.Sessions.Create(t.Context(), s, secret.Hash()))
	return s, secret
}

// NewGrant gives a grant of the session, for an hour, that is in no store yet.
func (w *World) NewGrant(s session.Session, system hub.SystemID) grant.Grant {
	now := w.Clock.Now()
	return grant.Grant{
		ID: hub.GrantID(w.ID()), Session: s.ID, Account: s.Account, System: system, Interaction: s.Interaction,
		Scopes: []string{"openid", "profile"}, Release: []hub.AttributeName{hub.GivenName}, CreatedAt: now, ExpiresAt: now.Add(time.Hour),
	}
}

// Credential gives a credential of the grant, good for a minute, that is in no store yet.
func (w *World) Credential(id hub.GrantID) grant.Credential {
	now := w.Clock.Now()
	return grant.Credential{
		Hash: hub.NewSecret(w.Random).Hash(), Grant: id, State: []byte(`{"nonce":"n"}`), WrappedKey: w.Hash(), IssuedAt: now,
		ExpiresAt: now.Add(time.Minute),
	}
}

// Grant makes a grant of the session with its code.
func (w *World) Grant(t *testing.T, s session.Session, system hub.SystemID) (grant.Grant, grant.Credential) {
	t.Helper()
	g := w.NewGrant(s, system)
	code := w.Credential(g.ID)
	must(t, w.Grants.CreateWithCode(t.Context(), g, code))
	return g, code
}

// Access gives an access token of the grant, good for five minutes.
func (w *World) Access(g grant.Grant) token.Access {
	now := w.Clock.Now()
	return token.Access{
		ID: w.ID(), Grant: g.ID, Session: g.Session, Account: g.Account, System: g.System, IssuedAt: now, ExpiresAt: now.Add(5 * time.Minute),
	}
}
