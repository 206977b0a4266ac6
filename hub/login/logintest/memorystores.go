package logintest

import (
	"bytes"
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"onedoor/hub"
	"onedoor/hub/account"
	"onedoor/hub/consent"
	"onedoor/hub/login"
)

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
		if !l.RemovedAt.IsZero() {
			return no(hub.Denied)
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

// change changes a link of an account.
func (st accounts) change(ctx context.Context, id hub.AccountID, link string, do func(l *account.Link, others int) error) (out account.Link, err error) {
	err = st.m.do(ctx, "account.door", func(d *data) error {
		others, key := 0, ""
		for k, l := range d.links {
			switch {
			case l.ID == link && l.Account == id:
				key, out = k, l
			case l.Account == id && l.RemovedAt.IsZero():
				others++
			}
		}
		if key == "" {
			return no(hub.NotFound)
		}
		if err := do(&out, others); err != nil {
			return err
		}
		d.links[key] = out
		return nil
	})
	return out, err
}

func (st accounts) RemoveLink(ctx context.Context, id hub.AccountID, link string, at time.Time) (account.Link, error) {
	return st.change(ctx, id, link, func(l *account.Link, others int) error {
		switch {
		case !l.RemovedAt.IsZero():
			return no(hub.NotFound)
		case others == 0:
			return no(hub.Conflict)
		}
		l.RemovedAt = at
		return nil
	})
}

func (st accounts) RestoreLink(ctx context.Context, id hub.AccountID, link string) (account.Link, error) {
	return st.change(ctx, id, link, func(l *account.Link, _ int) error {
		if l.RemovedAt.IsZero() {
			return no(hub.NotFound)
		}
		l.RemovedAt = time.Time{}
		return nil
	})
}

// Provider implements account.Notices.
func (m *Memory) Provider(ctx context.Context, _ hub.AccountID, _ hub.ProviderID, _ bool, _ string) error {
	return m.do(ctx, "notice.provider", func(*data) error { return nil })
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
		row.Session, row.SignedIn, row.Attempts, row.Same, row.Anew, row.Party = t.Session, t.SignedIn, t.Attempts, t.Same, t.Anew, t.Party
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
