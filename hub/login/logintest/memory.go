// Package logintest holds what the tests of the login and of its neighbours (hub/session, hub/account, hub/consent) stand on: all
// their stores in memory with the laws that the contracts state (compare-and-set, unique, all or nothing), the record of events,
// a clock, and a federation that says what it is told to say.
//
// It is for tests only and is no store for production.
package logintest

import (
	"bytes"
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

func (st events) History(ctx context.Context, id hub.AccountID, since time.Time, limit int) (out []audit.Event, err error) {
	err = st.m.do(ctx, "", func(d *data) error {
		for _, e := range slices.Backward(d.events) {
			if e.Account == id && !e.At.Before(since) && len(out) < limit {
				out = append(out, e)
			}
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

// AccountStore is the account store.
func (m *Memory) AccountStore() account.Store { return accounts{m} }

type accounts struct{ m *Memory }

func personKey(k account.PersonKey) string { return k.Kind + "\x00" + string(k.Hash) }

func linkKey(p hub.ProviderID, subjectHash []byte) string {
	return string(p) + "\x00" + string(subjectHash)
}

func (st accounts) ByID(ctx context.Context, id hub.AccountID) (out account.Account, err error) {
	err = st.m.do(ctx, "", func(d *data) error {
		a, ok := d.accounts[id]
		if !ok {
			return no(hub.NotFound)
		}
		out = a
		return nil
	})
	return out, err
}

func (st accounts) ByLink(ctx context.Context, p hub.ProviderID, hash []byte) (out account.Account, keys []account.PersonKey, err error) {
	err = st.m.do(ctx, "", func(d *data) error {
		l, ok := d.links[linkKey(p, hash)]
		if !ok {
			return no(hub.NotFound)
		}
		out, keys = d.accounts[l.Account], nil
		for k, id := range d.persons {
			if id == l.Account {
				kind, h, _ := strings.Cut(k, "\x00")
				keys = append(keys, account.PersonKey{Kind: kind, Hash: []byte(h)})
			}
		}
		return nil
	})
	return out, keys, err
}

func (st accounts) ByPerson(ctx context.Context, key account.PersonKey) (out account.Account, err error) {
	err = st.m.do(ctx, "", func(d *data) error {
		id, ok := d.persons[personKey(key)]
		if !ok {
			return no(hub.NotFound)
		}
		out = d.accounts[id]
		return nil
	})
	return out, err
}

func (st accounts) Create(ctx context.Context, a account.Account, link account.Link, person *account.PersonKey) error {
	return st.m.do(ctx, "account.create", func(d *data) error {
		_, taken := d.links[linkKey(link.Provider, link.SubjectHash)]
		if person != nil {
			if _, has := d.persons[personKey(*person)]; has {
				taken = true
			}
		}
		if taken {
			return no(hub.Conflict)
		}
		d.accounts[a.ID] = a
		d.links[linkKey(link.Provider, link.SubjectHash)] = link
		if person != nil {
			d.persons[personKey(*person)] = a.ID
		}
		return nil
	})
}

func (st accounts) AddLink(ctx context.Context, link account.Link) error {
	return st.m.do(ctx, "account.link", func(d *data) error {
		k := linkKey(link.Provider, link.SubjectHash)
		if _, taken := d.links[k]; taken {
			return no(hub.Conflict)
		}
		d.links[k] = link
		return nil
	})
}

func (st accounts) AddPerson(ctx context.Context, id hub.AccountID, key account.PersonKey, _ time.Time) error {
	return st.m.do(ctx, "account.person", func(d *data) error {
		for k, owner := range d.persons {
			if k == personKey(key) || (owner == id && strings.HasPrefix(k, key.Kind+"\x00")) {
				return no(hub.Conflict)
			}
		}
		d.persons[personKey(key)] = id
		return nil
	})
}

func (st accounts) UseLink(ctx context.Context, p hub.ProviderID, hash []byte, level hub.Level, at time.Time) error {
	return st.m.do(ctx, "account.use", func(d *data) error {
		l, ok := d.links[linkKey(p, hash)]
		if !ok {
			return no(hub.NotFound)
		}
		l.Level = l.Level.Join(level)
		if at.After(l.LastUsedAt) {
			l.LastUsedAt = at
		}
		d.links[linkKey(p, hash)] = l
		return nil
	})
}

func (st accounts) Reach(ctx context.Context, id hub.AccountID, level hub.Level) (highest hub.Level, raised bool, err error) {
	err = st.m.do(ctx, "account.reach", func(d *data) error {
		a, ok := d.accounts[id]
		if !ok {
			return no(hub.NotFound)
		}
		raised = !a.Highest.Satisfies(level)
		a.Highest = a.Highest.Join(level)
		d.accounts[id], highest = a, a.Highest
		return nil
	})
	return highest, raised, err
}

// Raise is a notice as account.Notices was given it.
type Raise struct {
	Account  hub.AccountID
	Level    hub.Level
	Provider hub.ProviderID
	Channel  string
}

// Raised keeps a notice (account.Notices).
func (m *Memory) Raised(ctx context.Context, id hub.AccountID, level hub.Level, p hub.ProviderID, channel string) error {
	return m.do(ctx, "notice.add", func(d *data) error {
		d.raises = append(d.raises, Raise{id, level, p, channel})
		return nil
	})
}

// Raises gives the notices, oldest first.
func (m *Memory) Raises() []Raise {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.d.raises)
}

func (st accounts) Links(ctx context.Context, id hub.AccountID) (out []account.Link, err error) {
	err = st.m.do(ctx, "", func(d *data) error {
		for _, l := range d.links {
			if l.Account == id {
				out = append(out, l)
			}
		}
		slices.SortFunc(out, func(a, b account.Link) int { return a.LinkedAt.Compare(b.LinkedAt) })
		return nil
	})
	return out, err
}

// ConsentStore is the consent store.
func (m *Memory) ConsentStore() consent.Store { return consents{m} }

type consents struct{ m *Memory }

func (st consents) Add(ctx context.Context, records ...consent.Record) error {
	return st.m.do(ctx, "consent.add", func(d *data) error {
		for _, r := range records {
			r.Seq = int64(len(d.consents)) + 1
			d.consents = append(d.consents, r)
		}
		return nil
	})
}

func (st consents) Unchanged(ctx context.Context, id hub.AccountID, system hub.SystemID, last int64) error {
	return st.m.do(ctx, "", func(d *data) error {
		for _, r := range d.consents {
			if r.Account == id && r.System == system && r.Seq > last {
				return no(hub.Conflict)
			}
		}
		return nil
	})
}

func (st consents) Current(ctx context.Context, id hub.AccountID, system hub.SystemID) (out []consent.Record, err error) {
	err = st.m.do(ctx, "", func(d *data) error {
		latest := map[string]consent.Record{}
		for _, r := range d.consents {
			if r.Account == id && r.System == system {
				latest[consent.Key(r.Attribute, r.Purpose)] = r
			}
		}
		for _, k := range slices.Sorted(maps.Keys(latest)) {
			out = append(out, latest[k])
		}
		return nil
	})
	return out, err
}

func (st consents) History(ctx context.Context, id hub.AccountID, limit int) (out []consent.Record, err error) {
	err = st.m.do(ctx, "", func(d *data) error {
		for _, r := range slices.Backward(d.consents) {
			if r.Account == id && len(out) < limit {
				out = append(out, r)
			}
		}
		return nil
	})
	return out, err
}

// LoginStore is the store of transactions.
func (m *Memory) LoginStore() login.Store { return logins{m} }

type logins struct{ m *Memory }

func (st logins) Create(ctx context.Context, t login.Transaction) error {
	return st.m.do(ctx, "login.create", func(d *data) error {
		if _, taken := d.logins[t.ID]; taken {
			return no(hub.Conflict)
		}
		d.logins[t.ID] = keep(t)
		return nil
	})
}

func (st logins) Get(ctx context.Context, id hub.TransactionID, now time.Time) (out login.Transaction, err error) {
	err = st.m.do(ctx, "", func(d *data) error {
		t, ok := d.logins[id]
		switch {
		case !ok:
			return no(hub.NotFound)
		case !now.Before(t.ExpiresAt):
			return no(hub.Expired)
		}
		out = keep(t)
		return nil
	})
	return out, err
}

func (st logins) Advance(ctx context.Context, t login.Transaction, from login.Step) error {
	return st.m.do(ctx, "login.advance", func(d *data) error {
		row, ok := d.logins[t.ID]
		if !ok || row.Step != from {
			return no(hub.Conflict)
		}
		row.Step, row.Provider, row.State, row.Private = t.Step, t.Provider, t.State, bytes.Clone(t.Private)
		row.Session, row.SignedIn, row.Attempts, row.Same, row.Anew = t.Session, t.SignedIn, t.Attempts, t.Same, t.Anew
		d.logins[t.ID] = row
		return nil
	})
}

func (st logins) Visit(ctx context.Context, hash [32]byte, system hub.SystemID) (v login.Visit, err error) {
	if v.Session, err = sessions(st).BySecret(ctx, hash); err != nil {
		return login.Visit{}, err
	}
	if v.Account, err = accounts(st).ByID(ctx, v.Session.Account); err != nil {
		return login.Visit{}, err
	}
	v.Consents, err = consents(st).Current(ctx, v.Session.Account, system)
	return v, err
}

func (st logins) Purge(ctx context.Context, before time.Time, limit int) (n int, err error) {
	err = st.m.do(ctx, "login.purge", func(d *data) error {
		for id, t := range d.logins {
			if n < limit && t.ExpiresAt.Before(before) {
				delete(d.logins, id)
				n++
			}
		}
		return nil
	})
	return n, err
}

func keep(t login.Transaction) login.Transaction {
	t.Private = bytes.Clone(t.Private)
	t.Request.Continue = bytes.Clone(t.Request.Continue)
	return t
}
