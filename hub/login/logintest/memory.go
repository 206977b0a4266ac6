// Package logintest holds what the tests of the login and of its neighbours (hub/session, hub/account, hub/consent) stand on: all
// their stores in memory with the laws that the contracts state (compare-and-set, unique, all or nothing), the record of events,
// a clock, and a federation that says what it is told to say.
//
// It is for tests only and is no store for production.
package logintest

import (
	"cmp"
	"context"
	"crypto/rand"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"onedoor/hub"
	"onedoor/hub/account"
	"onedoor/hub/audit"
	"onedoor/hub/consent"
	"onedoor/hub/login"
	"onedoor/hub/session"
)

// Memory is a database: a call of InTx stands or falls as a whole, and sees nobody else's half-done work. It is also the
// audit.Recorder, with the checks of the real one.
type Memory struct {
	*audit.Log
	mu sync.Mutex
	d  data

	// Fail, where set, is asked before every write and every event; what it gives is the write's error. Set it between calls only.
	Fail func(op string) error
}

type data struct {
	sessions     map[hub.SessionID]sessionRow
	participants []session.Participant
	accounts     map[hub.AccountID]account.Account
	persons      map[string]hub.AccountID // by kind and hash
	links        map[string]account.Link  // by provider and subject hash
	consents     []consent.Record
	logins       map[hub.TransactionID]login.Transaction
	events       []audit.Event
	raises       []Raise
	ends         []session.Cause
}

type sessionRow struct {
	s     session.Session
	hash  [32]byte // zero once ended
	old   [32]byte // what hash was before the last raise
	until time.Time
}

// NewMemory makes an empty one. The clock dates the events that come without a time.
func NewMemory(clock hub.Clock) *Memory {
	m := &Memory{d: data{
		sessions: map[hub.SessionID]sessionRow{}, accounts: map[hub.AccountID]account.Account{}, persons: map[string]hub.AccountID{},
		links: map[string]account.Link{}, logins: map[hub.TransactionID]login.Transaction{},
	}}
	var err error
	m.Log, err = audit.New(audit.Options{
		Store: events{m}, Clock: clock, Random: rand.Reader,
		Authenticate: func(canonical []byte) []byte { return Index{}.Index("audit", string(canonical)) },
	})
	if err != nil {
		panic("logintest: " + err.Error())
	}
	return m
}

func (d data) clone() data {
	return data{
		sessions: maps.Clone(d.sessions), participants: slices.Clone(d.participants), accounts: maps.Clone(d.accounts),
		persons: maps.Clone(d.persons), links: maps.Clone(d.links), consents: slices.Clone(d.consents), logins: maps.Clone(d.logins),
		events: slices.Clone(d.events), raises: slices.Clone(d.raises),
		ends: slices.Clone(d.ends),
	}
}

type inTx struct{ m *Memory }

// InTx runs fn alone and undoes everything if it, or any call of InTx inside it, fails.
func (m *Memory) InTx(ctx context.Context, fn func(context.Context) error) error {
	if failed, ok := ctx.Value(inTx{m}).(*error); ok {
		err := fn(ctx)
		if err != nil && *failed == nil {
			*failed = err
		}
		return err
	}
	if err := ctx.Err(); err != nil {
		return hub.E("logintest.InTx", hub.Unavailable, err)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	before := m.d.clone()
	var failed error
	err := fn(context.WithValue(ctx, inTx{m}, &failed))
	if err == nil {
		err = failed
	}
	if err != nil {
		m.d = before
	}
	return err
}

// do runs one statement: inside the transaction of ctx, or alone.
func (m *Memory) do(ctx context.Context, write string, fn func(d *data) error) error {
	if ctx.Value(inTx{m}) == nil {
		m.mu.Lock()
		defer m.mu.Unlock()
	}
	if write != "" && m.Fail != nil {
		if err := m.Fail(write); err != nil {
			return err
		}
	}
	return fn(&m.d)
}

func no(kind hub.Kind) error { return hub.Errorf("logintest", kind, string(kind)) }

// events is the audit store.
type events struct{ m *Memory }

func (st events) Append(ctx context.Context, rows []audit.Row) error {
	return st.m.do(ctx, "audit", func(d *data) error {
		for _, r := range rows {
			d.events = append(d.events, r.Event)
		}
		return nil
	})
}

func (st events) History(ctx context.Context, id hub.AccountID, part audit.Part) (out []audit.Event, err error) {
	err = st.m.do(ctx, "", func(d *data) error {
		reached := part.Before == ""
		for _, e := range slices.Backward(d.events) {
			area, _, _ := strings.Cut(e.Kind, ".")
			fits := (len(part.Areas) == 0 || slices.Contains(part.Areas, area)) && !slices.Contains(part.Without, e.Kind)
			if reached && fits && e.Account == id && !e.At.Before(part.Since) && len(out) < part.Limit {
				out = append(out, e)
			}
			reached = reached || e.ID == part.Before && e.Account == id
		}
		return nil
	})
	return out, err
}

// Events gives what was recorded, oldest first.
func (m *Memory) Events() []audit.Event {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.d.events)
}

// Kinds gives the kinds of what was recorded, oldest first.
func (m *Memory) Kinds() []string {
	var out []string
	for _, e := range m.Events() {
		out = append(out, e.Kind)
	}
	return out
}

// LiveSessions gives all sessions that have not ended.
func (m *Memory) LiveSessions() []session.Session {
	m.mu.Lock()
	defer m.mu.Unlock()
	var out []session.Session
	for _, r := range m.d.sessions {
		if r.s.EndedAt.IsZero() {
			out = append(out, r.s)
		}
	}
	return out
}

// Accounts tells how many accounts and links there are.
func (m *Memory) Accounts() (accounts, links int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.d.accounts), len(m.d.links)
}

// SetStatus changes an account's status.
func (m *Memory) SetStatus(id hub.AccountID, s account.Status, reason string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	a := m.d.accounts[id]
	a.Status, a.Reason = s, reason
	m.d.accounts[id] = a
}

// Logins gives all transactions.
func (m *Memory) Logins() map[hub.TransactionID]login.Transaction {
	m.mu.Lock()
	defer m.mu.Unlock()
	return maps.Clone(m.d.logins)
}

// Sessions is the session store.
func (m *Memory) Sessions() session.Store { return sessions{m} }

type sessions struct{ m *Memory }

func (st sessions) Create(ctx context.Context, s session.Session, hash [32]byte) error {
	return st.m.do(ctx, "session.create", func(d *data) error {
		if _, taken := d.sessions[s.ID]; taken {
			return no(hub.Conflict)
		}
		for _, r := range d.sessions {
			if r.s.EndedAt.IsZero() && r.hash == hash {
				return no(hub.Conflict)
			}
		}
		d.sessions[s.ID] = sessionRow{s: s, hash: hash}
		return nil
	})
}

func (st sessions) BySecret(ctx context.Context, hash [32]byte) (out session.Session, err error) {
	err = st.m.do(ctx, "", func(d *data) error {
		for _, r := range d.sessions {
			if r.s.EndedAt.IsZero() && r.hash == hash {
				out = r.s
				return nil
			}
		}
		return no(hub.NotFound)
	})
	return out, err
}

func (st sessions) ByID(ctx context.Context, id hub.SessionID) (out session.Session, err error) {
	err = st.m.do(ctx, "", func(d *data) error {
		r, ok := d.sessions[id]
		if !ok {
			return no(hub.NotFound)
		}
		out = r.s
		return nil
	})
	return out, err
}

func (st sessions) ByRecentSecret(ctx context.Context, hash [32]byte, now time.Time) (out hub.SessionID, err error) {
	err = st.m.do(ctx, "", func(d *data) error {
		for _, r := range d.sessions {
			if r.s.EndedAt.IsZero() && (r.hash == hash || r.old == hash && now.Before(r.until)) {
				out = r.s.ID
				return nil
			}
		}
		return no(hub.NotFound)
	})
	return out, err
}

func (st sessions) Raise(ctx context.Context, s session.Session, oldHash, newHash [32]byte, until time.Time) error {
	return st.m.do(ctx, "session.raise", func(d *data) error {
		r, ok := d.sessions[s.ID]
		if !ok || !r.s.EndedAt.IsZero() || r.hash != oldHash {
			return no(hub.Consumed)
		}
		n := r.s
		n.Level, n.Methods, n.Provider, n.AuthTime, n.LastActivity = s.Level, s.Methods, s.Provider, s.AuthTime, s.LastActivity
		n.UpstreamSID, n.Vault, n.WrappedKey, n.Earlier, n.IdleOver = s.UpstreamSID, s.Vault, s.WrappedKey, s.Earlier, s.IdleOver
		n.Rests = s.Rests
		d.sessions[s.ID] = sessionRow{s: n, hash: newHash, old: oldHash, until: until}
		return nil
	})
}

func (st sessions) Touch(ctx context.Context, id hub.SessionID, at time.Time, over hub.AAL) error {
	return st.m.do(ctx, "session.touch", func(d *data) error {
		r, ok := d.sessions[id]
		if ok && at.After(r.s.LastActivity) {
			r.s.LastActivity = at
			if over != hub.AALNone && (r.s.IdleOver == hub.AALNone || over < r.s.IdleOver) {
				r.s.IdleOver = over
			}
			d.sessions[id] = r
		}
		return nil
	})
}

func (st sessions) End(ctx context.Context, id hub.SessionID, reason session.EndReason, at time.Time) (ended bool, err error) {
	err = st.m.do(ctx, "session.end", func(d *data) error {
		r, ok := d.sessions[id]
		if !ok {
			return no(hub.NotFound)
		}
		if !r.s.EndedAt.IsZero() {
			return nil
		}
		r.s.EndedAt, r.s.EndReason, r.s.Vault, r.s.WrappedKey, r.hash = at, reason, nil, nil, [32]byte{}
		d.sessions[id] = r
		ended = true
		return nil
	})
	return ended, err
}

func (st sessions) Join(ctx context.Context, p session.Participant) error {
	return st.m.do(ctx, "session.join", func(d *data) error {
		if r, ok := d.sessions[p.Session]; !ok {
			return no(hub.Conflict)
		} else if !r.s.EndedAt.IsZero() {
			return no(hub.Expired)
		}
		for i, q := range d.participants {
			if q.Session == p.Session && q.System == p.System && q.Provider == p.Provider && q.Protocol == p.Protocol {
				if p.LastAt.After(q.LastAt) {
					d.participants[i].LastAt = p.LastAt
				}
				return nil
			}
		}
		d.participants = append(d.participants, p)
		return nil
	})
}

func (st sessions) Leave(ctx context.Context, id hub.SessionID, system hub.SystemID) (out []session.Participant, err error) {
	err = st.m.do(ctx, "session.leave", func(d *data) error {
		if r, ok := d.sessions[id]; !ok {
			return no(hub.NotFound)
		} else if !r.s.EndedAt.IsZero() {
			return no(hub.Expired)
		}
		var kept []session.Participant
		for _, p := range d.participants {
			if p.Session == id && p.System == system {
				out = append(out, p)
			} else {
				kept = append(kept, p)
			}
		}
		d.participants = kept
		return nil
	})
	return out, err
}

func (st sessions) OfAccount(ctx context.Context, account hub.AccountID, live bool, limit int) (out []session.Session, err error) {
	err = st.m.do(ctx, "", func(d *data) error {
		for _, r := range d.sessions {
			if r.s.Account == account && (!live || r.s.EndedAt.IsZero()) {
				out = append(out, r.s)
			}
		}
		slices.SortFunc(out, func(a, b session.Session) int {
			return cmp.Or(b.StartedAt.Compare(a.StartedAt), cmp.Compare(a.ID, b.ID))
		})
		out = out[:min(limit, len(out))]
		return nil
	})
	return out, err
}

// Ended implements session.Ended: it notes the cause.
func (m *Memory) Ended(ctx context.Context, _ session.Session, cause session.Cause, _ time.Time) error {
	return m.do(ctx, "ended", func(d *data) error {
		d.ends = append(d.ends, cause)
		return nil
	})
}

// Ends gives why sessions ended, oldest first.
func (m *Memory) Ends() []session.Cause {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.d.ends)
}

func (st sessions) Participants(ctx context.Context, id hub.SessionID) (out []session.Participant, err error) {
	err = st.m.do(ctx, "", func(d *data) error {
		for _, p := range d.participants {
			if p.Session == id {
				out = append(out, p)
			}
		}
		return nil
	})
	return out, err
}

func (st sessions) Overdue(ctx context.Context, before time.Time, limit int) (out []hub.SessionID, err error) {
	err = st.m.do(ctx, "", func(d *data) error {
		for id, r := range d.sessions {
			if len(out) < limit && r.s.EndedAt.IsZero() && r.s.StartedAt.Before(before) {
				out = append(out, id)
			}
		}
		return nil
	})
	return out, err
}
