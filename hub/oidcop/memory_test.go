package oidcop_test

import (
	"context"
	"strings"
	"sync"
	"time"

	"onedoor/hub"
	"onedoor/hub/audit"
	"onedoor/hub/grant"
	"onedoor/hub/session"
)

// memory is the database: grants in maps, one transaction at a time, undone where it fails.
type memory struct {
	big sync.Mutex // held by a transaction

	mu      sync.Mutex
	undo    []func()
	grants  map[hub.GrantID]grant.Grant
	codes   map[[32]byte]grant.Credential
	refresh map[[32]byte]grant.Credential
	events  []audit.Event

	successors map[[32]byte][32]byte
	retried    map[[32]byte]bool
	pushed     map[[32]byte]grant.Pushed
	taken      map[[32]byte]bool
	once       map[string]bool
	down       error // what every statement answers while set
	writes     int
	onRead     func() // called after a code was read
	holder     func(context.Context, hub.SessionID) (session.Session, error)
}

type txKey struct{}

func (m *memory) InTx(ctx context.Context, fn func(context.Context) error) error {
	if ctx.Value(txKey{}) != nil {
		return fn(ctx)
	}
	m.big.Lock()
	defer m.big.Unlock()
	m.mu.Lock()
	m.undo = nil
	m.mu.Unlock()
	err := fn(context.WithValue(ctx, txKey{}, true))
	m.mu.Lock()
	defer m.mu.Unlock()
	if err != nil {
		for i := len(m.undo) - 1; i >= 0; i-- {
			m.undo[i]()
		}
	}
	m.undo = nil
	return err
}

func (m *memory) Together(ctx context.Context, fn func(context.Context) error) error {
	return m.InTx(ctx, fn)
}

func (m *memory) wrote(undo func()) {
	m.writes++
	m.undo = append(m.undo, undo)
}

// Append takes what the real record (audit.Log) has found good.
func (m *memory) Append(_ context.Context, rows []audit.Row) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.down != nil {
		return m.down
	}
	n := len(m.events)
	for _, r := range rows {
		m.events = append(m.events, r.Event)
	}
	m.wrote(func() { m.events = m.events[:n] })
	return nil
}

func (*memory) History(context.Context, hub.AccountID, audit.Part) ([]audit.Event, error) {
	return nil, nil
}

func (m *memory) CreateWithCode(_ context.Context, g grant.Grant, c grant.Credential) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.down != nil {
		return m.down
	}
	m.grants[g.ID], m.codes[c.Hash] = g, c
	m.wrote(func() { delete(m.grants, g.ID); delete(m.codes, c.Hash) })
	return nil
}

func (m *memory) Grant(_ context.Context, id hub.GrantID) (grant.Grant, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	g, ok := m.grants[id]
	if !ok {
		return g, hub.Errorf("memory", hub.NotFound, "no grant")
	}
	return g, m.down
}

func (m *memory) find(set map[[32]byte]grant.Credential, hash [32]byte) (grant.Credential, grant.Grant, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.down != nil {
		return grant.Credential{}, grant.Grant{}, m.down
	}
	c, ok := set[hash]
	if !ok {
		return c, grant.Grant{}, hub.Errorf("memory", hub.NotFound, "no credential")
	}
	var err error
	if !c.UsedAt.IsZero() {
		err = hub.Errorf("memory", hub.Consumed, "used")
	}
	return c, m.grants[c.Grant], err
}

func (m *memory) use(set map[[32]byte]grant.Credential, hash [32]byte, at time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.down != nil {
		return m.down
	}
	c, ok := set[hash]
	switch {
	case !ok:
		return hub.Errorf("memory", hub.NotFound, "no credential")
	case !c.UsedAt.IsZero() || !m.grants[c.Grant].RevokedAt.IsZero():
		return hub.Errorf("memory", hub.Consumed, "used or revoked")
	case !at.Before(c.ExpiresAt):
		return hub.Errorf("memory", hub.Expired, "expired")
	}
	old := c
	c.UsedAt = at
	set[hash] = c
	m.wrote(func() { set[hash] = old })
	return nil
}

func (m *memory) Code(ctx context.Context, h [32]byte) (grant.Credential, grant.Grant, error) {
	c, g, err := m.find(m.codes, h)
	if m.onRead != nil {
		m.onRead()
	}
	return m.held(ctx, c, g, err)
}

// held adds the session.
func (m *memory) held(ctx context.Context, c grant.Credential, g grant.Grant, err error) (grant.Credential, grant.Grant, error) {
	if g.ID == "" {
		return c, g, err
	}
	holder, herr := m.holder(ctx, g.Session)
	if herr != nil {
		return grant.Credential{}, grant.Grant{}, hub.Errorf("memory", hub.NotFound, "no credential") // it goes with its session
	}
	c.Holder = holder
	return c, g, err
}

func (m *memory) UseCode(_ context.Context, h [32]byte, at time.Time) error {
	return m.use(m.codes, h, at)
}

func (m *memory) AddRefresh(_ context.Context, c grant.Credential) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.down != nil {
		return m.down
	}
	if !m.grants[c.Grant].RevokedAt.IsZero() {
		return hub.Errorf("memory", hub.Consumed, "revoked")
	}
	m.refresh[c.Hash] = c
	m.wrote(func() { delete(m.refresh, c.Hash) })
	return nil
}

func (m *memory) Refresh(ctx context.Context, h [32]byte) (grant.Credential, grant.Grant, error) {
	c, g, err := m.find(m.refresh, h)
	if m.onRead != nil {
		m.onRead()
	}
	return m.held(ctx, c, g, err)
}

func (m *memory) Rotate(ctx context.Context, h [32]byte, next grant.Credential, at time.Time) error {
	if err := m.use(m.refresh, h, at); err != nil {
		return err
	}
	m.note(func() { m.successors[h] = next.Hash })
	return m.AddRefresh(ctx, next)
}

func (m *memory) Retry(ctx context.Context, h [32]byte, next grant.Credential, at, since time.Time) error {
	m.mu.Lock()
	old, successor := m.refresh[h], m.successors[h]
	good := !old.UsedAt.IsZero() && !old.UsedAt.Before(since) && successor != [32]byte{} && !m.retried[h]
	m.mu.Unlock()
	if !good {
		return hub.Errorf("memory", hub.Consumed, "not rotated just now, or presented again before")
	}
	if err := m.use(m.refresh, successor, at); err != nil {
		return err
	}
	m.note(func() { m.retried[h] = true })
	return m.AddRefresh(ctx, next)
}

func (m *memory) note(fn func()) {
	m.mu.Lock()
	defer m.mu.Unlock()
	fn()
}

func (m *memory) Push(_ context.Context, p grant.Pushed) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.down != nil {
		return m.down
	}
	m.pushed[p.Hash] = p
	m.wrote(func() { delete(m.pushed, p.Hash) })
	return nil
}

func (m *memory) Look(_ context.Context, h [32]byte, system hub.SystemID, at time.Time) ([]byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	p, ok := m.pushed[h]
	switch {
	case m.down != nil:
		return nil, m.down
	case !ok || p.System != system:
		return nil, hub.Errorf("memory", hub.NotFound, "no request")
	case m.taken[h]:
		return nil, hub.Errorf("memory", hub.Consumed, "answered before")
	case !at.Before(p.ExpiresAt):
		return nil, hub.Errorf("memory", hub.Expired, "its time is over")
	}
	return p.Sealed, nil
}

func (m *memory) Finish(_ context.Context, h [32]byte, system hub.SystemID, _ time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	p, ok := m.pushed[h]
	switch {
	case m.down != nil:
		return m.down
	case !ok || p.System != system:
		return hub.Errorf("memory", hub.NotFound, "no request")
	case m.taken[h]:
		return hub.Errorf("memory", hub.Consumed, "answered before")
	}
	m.taken[h] = true
	m.wrote(func() { delete(m.taken, h) })
	return nil
}

func (m *memory) Use(_ context.Context, kind, key string, _ time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.down != nil {
		return m.down
	}
	if m.once[kind+" "+key] {
		return hub.Errorf("memory", hub.Consumed, "used before")
	}
	m.once[kind+" "+key] = true
	m.wrote(func() { delete(m.once, kind+" "+key) })
	return nil
}

func (m *memory) Revoke(_ context.Context, id hub.GrantID, _ string, at time.Time) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.down != nil {
		return false, m.down
	}
	g, ok := m.grants[id]
	if !ok {
		return false, hub.Errorf("memory", hub.NotFound, "no grant")
	}
	if !g.RevokedAt.IsZero() {
		return false, nil
	}
	old := g
	g.RevokedAt = at
	m.grants[id] = g
	m.wrote(func() { m.grants[id] = old })
	return true, nil
}

func (m *memory) RevokeSession(context.Context, hub.SessionID, string, time.Time) error {
	return m.down
}

func (m *memory) fail(err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.down = err
}

func (m *memory) written() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.writes
}

// kinds lists "kind reason" of the events so far.
func (m *memory) kinds() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	var out []string
	for _, e := range m.events {
		out = append(out, strings.TrimSpace(e.Kind+" "+e.Reason))
	}
	return out
}

func (m *memory) last() audit.Event {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.events) == 0 {
		return audit.Event{}
	}
	return m.events[len(m.events)-1]
}
