package app

import (
	"context"
	"errors"
	"io"
	"net/url"
	"time"

	"onedoor/configs"
	"onedoor/hub"
	"onedoor/hub/contact"
	"onedoor/hub/contact/gateway"
	"onedoor/hub/contact/mail"
	"onedoor/hub/hubsql"
	"onedoor/hub/keys"
	"onedoor/hub/login"
	"onedoor/hub/notice"
	"onedoor/hub/session"
	"onedoor/tenants"
	"onedoor/web/portal"
)

// contactVault seals addresses under the master key.
type contactVault struct {
	masters keys.Masters
	random  io.Reader
}

// Seal implements contact.Vault.
func (v contactVault) Seal(context string, plain []byte) ([]byte, error) {
	return v.masters.SealSecret(v.random, context, plain)
}

// Open implements contact.Vault.
func (v contactVault) Open(context string, sealed []byte) ([]byte, error) {
	return v.masters.OpenSecret(context, sealed)
}

// carriers gives the ways to people's addresses that the configuration names. Invalid.
func (h *Hub) carriers() ([]contact.Carrier, error) {
	const op = "app.carriers"
	cfg, env := h.options.Config, h.options.Process.Env
	var all []contact.Carrier
	if cfg.Notices == nil {
		return nil, nil
	}
	if s := cfg.Notices.SMTP; s != nil {
		o := mail.Options{
			Host: s.Host, Port: s.Gate(), Security: mail.Security(s.Way()), Username: s.Username, From: s.From, Names: cfg.Operator.Names,
			Timeout: span(s.Timeout),
		}
		if u, err := url.Parse(cfg.Issuer); err == nil {
			o.Hello = u.Hostname()
		}
		if source := s.Password(); !source.IsZero() {
			var err error
			if o.Password, err = source.Read(env); err != nil {
				return nil, hub.E(op, hub.Invalid, err)
			}
		}
		carrier, err := mail.New(o)
		if err != nil {
			return nil, err
		}
		all = append(all, carrier)
	}
	if s := cfg.Notices.SMS; s != nil {
		secret, err := s.Secret().Read(env)
		if err != nil {
			return nil, hub.E(op, hub.Invalid, err)
		}
		carrier, err := gateway.New(gateway.Options{URL: s.URL, Secret: secret, HTTP: h.options.HTTP, Clock: h.clock})
		if err != nil {
			return nil, err
		}
		all = append(all, carrier)
	}
	return all, nil
}

// layNotices: what people must be told through another channel, and where (AUD-09). Where the configuration names no way to them every
// notice is kept, and due.
func (h *Hub) layNotices(context.Context) error {
	kept, err := hubsql.NewNotices(h.db)
	if err != nil {
		return err
	}
	store, err := hubsql.NewContacts(h.db)
	if err != nil {
		return err
	}
	carriers, err := h.carriers()
	if err != nil {
		return err
	}
	vault := contactVault{h.options.Masters, h.random}
	book, err := contact.NewBook(store, vault, carriers...)
	if err != nil {
		return err
	}
	site := h.options.Config.Issuer
	h.notices, err = notice.New(notice.Options{
		Store: kept, Audit: h.audit, Tx: h.db, Clock: h.clock, Random: h.random, Contacts: book, Notifiers: book.Notifiers(site),
	})
	if err != nil {
		return err
	}
	country := configs.SMS{}.Country()
	if n := h.options.Config.Notices; n != nil && n.SMS != nil {
		country = n.SMS.Country()
	}
	h.contacts, err = contact.New(contact.Options{
		Site: site, Store: store, Book: book, Vault: vault, Index: h.keys, Counter: h.counters, Notices: h.notices, Audit: h.audit, Tx: h.db,
		Clock: h.clock, Random: h.random, Country: country,
	})
	if err != nil {
		return err
	}
	return h.metrics.WatchNotices(h.noticeCounts)
}

// toldAtDesk keeps a notice of something that staff did for a person, who waits for it or must hear that it was done in their name. It joins the
// transaction in its context.
func (h *Hub) toldAtDesk(kind notice.Kind) func(ctx context.Context, account hub.AccountID) error {
	return func(ctx context.Context, account hub.AccountID) error {
		return h.notices.Changed(ctx, account, kind, "", "desk")
	}
}

// noticeCounts is what the metrics say of the notices.
func (h *Hub) noticeCounts() (waiting, failed int, ok bool) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	c, err := h.notices.Count(ctx)
	return c.Waiting, c.Failed, err == nil
}

// tellPeople sends the codes that wait, and the notices.
func (h *Hub) tellPeople(ctx context.Context) error {
	_, codes := h.contacts.Send(ctx)
	_, told := h.notices.Deliver(ctx)
	return errors.Join(codes, told)
}

// contactPages gives the pages what they need to show and change contacts; none where there is no way to any address.
func (h *Hub) contactPages() portal.Contacts {
	if len(h.contacts.Kinds()) == 0 {
		return nil
	}
	return h.contacts
}

// ownSystem is the name of the hub's own pages where a login needs a system.
const ownSystem = tenants.Reserved

// ownPages gives the hub's own pages in the login's words.
func (h *Hub) ownPages() login.System {
	return login.System{
		ID: ownSystem, Own: true, Live: true, Owner: h.options.Config.Operator.Names,
		Names: hub.Text{"th": "บัญชีของท่าน", "en": "Your account", "zh": "您的账户", "vi": "Tài khoản của bạn"},
	}
}

// ownHeight is height for the person of a session.
func (h *Hub) ownHeight(ctx context.Context, s session.Session) (hub.Level, error) {
	return h.height(ctx, s.Account, s.Highest(h.clock()))
}

// height gives the level at which a person must sign in to change what protects the account: the highest authenticator level that the
// account ever reached and some provider can reach now, and never less than the one they have.
func (h *Hub) height(ctx context.Context, account hub.AccountID, have hub.Level) (hub.Level, error) {
	a, err := h.accounts.Get(ctx, account)
	if err != nil {
		return hub.Level{}, err
	}
	for aal := max(a.Highest.AAL, have.AAL); aal > have.AAL; aal-- {
		want := hub.Level{IAL: hub.IAL11, AAL: aal}
		offer, err := h.providers.Offer(ctx, want)
		if err != nil {
			return hub.Level{}, err
		}
		if len(offer) > 0 {
			return want, nil
		}
	}
	return hub.Level{IAL: hub.IAL11, AAL: max(have.AAL, hub.AAL1)}, nil
}
