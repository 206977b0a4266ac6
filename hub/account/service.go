package account

import (
	"context"
	"crypto/subtle"
	"errors"
	"io"
	"time"

	"onedoor/hub"
	"onedoor/hub/audit"
)

// Transactor runs fn in one database transaction, which the stores find in its context. A call inside another joins it. fn may be
// run again where the database asks for it.
type Transactor interface {
	InTx(ctx context.Context, fn func(context.Context) error) error
}

// Index makes keyed hashes: the same for the same purpose and parts, and of no use without the index key.
type Index interface {
	Index(purpose string, parts ...string) []byte
}

// Notices keeps what a person must be told through another channel than the one it happened in (AUD-09). It joins the transaction in
// ctx: a level is not raised without its notice.
type Notices interface {
	// Raised notes that the account has reached a level that it never had, at a provider, in a channel.
	Raised(ctx context.Context, account hub.AccountID, level hub.Level, provider hub.ProviderID, channel string) error
	// Provider notes that the person has removed a provider, or allowed it again.
	Provider(ctx context.Context, account hub.AccountID, provider hub.ProviderID, allowed bool, channel string) error
}

// Options are what a Service is made of. All are required.
type Options struct {
	Store   Store
	Notices Notices
	Audit   audit.Recorder
	Tx      Transactor
	Clock   hub.Clock
	Random  io.Reader
	Index   Index
}

// Service finds the account of whoever authenticated at a provider.
type Service struct {
	store   Store
	notices Notices
	audit   audit.Recorder
	tx      Transactor
	clock   hub.Clock
	random  io.Reader
	index   Index
}

// New checks the options. Invalid where one is missing.
func New(o Options) (*Service, error) {
	if o.Store == nil || o.Notices == nil || o.Audit == nil || o.Tx == nil || o.Clock == nil || o.Random == nil || o.Index == nil {
		return nil, hub.Errorf("account.New", hub.Invalid, "an option is missing")
	}
	return &Service{
		store: o.Store, notices: o.Notices, audit: o.Audit, tx: o.Tx, clock: o.Clock, random: o.Random, index: o.Index,
	}, nil
}

// Outcome tells how an identity came to its account.
type Outcome string

// The outcomes. NotActive goes with the error Suspended, PersonDiffers, PersonTaken and Barred with Refused, OtherPerson and Unrecognised
// with Conflict.
const (
	Known         Outcome = "known"          // the link was there
	Linked        Outcome = "linked"         // a further provider's subject of a known person (LIF-15)
	Created       Outcome = "created"        // a new account
	NotActive     Outcome = "not_active"     // suspended or terminated (LIF-02)
	PersonDiffers Outcome = "person_differs" // the link belongs to an account with another number of that kind
	PersonTaken   Outcome = "person_taken"   // the number belongs to another account than the link
	OtherPerson   Outcome = "other_person"   // somebody else than who was expected
	Unrecognised  Outcome = "unrecognised"   // nothing shows that it is who was expected
	Barred        Outcome = "barred"         // the person has removed the provider from the account
)

// Visit is how an identity came.
type Visit struct {
	Network string // where from, as coarse as a link's Source
	Channel string // "web"
	// Only, where set, is the one account that will do: that of the person whose session is raised (see Resolve).
	Only hub.AccountID
}

// Trusted is the least identity assurance at which a provider's word for a person number joins accounts: below it nobody has
// compared the number with the person, and whoever can type another's number would get the other's account.
const Trusted = hub.IAL21

// attempts bounds how often Resolve reads again after somebody else was faster. Each round lost means that another one has
// written, and what it wrote is found in the next.
const attempts = 4

// Resolve gives the account of an identity that a provider has just vouched for. It links or creates as needed:
//
//   - a known subject leads to its account, unless the number it comes with now is another than the account's: Refused, because
//     then the provider has given the subject to somebody else;
//   - a number that was not known for a known subject is added, if trusted (see Trusted) and free; Refused if another account has it;
//   - an unknown subject with a trusted number of a known person is linked to that person's account (LIF-15);
//   - else a new account is made;
//   - over a provider that its person has removed from the account nobody comes in: Refused. Allowing it again is Relink's, not a login's.
//
// Where only one account will do, none is created, and whoever has another gets Conflict with the outcome OtherPerson and nothing but
// the id of the account that was found; who has none gets Conflict with Unrecognised. Nothing is linked then.
//
// A level that the account never had before is noted for the person (AUD-09), in the same transaction; the first one, of a new
// account, is none.
//
// An account that is not active gives Suspended, and the account with its reason (LIF-03). Two logins of one new person at the same
// time end in one account. Every link, creation and refusal is audited in the same transaction. Unavailable where others were
// faster again and again.
func (s *Service) Resolve(ctx context.Context, identity hub.Identity, visit Visit) (Account, Outcome, error) {
	const op = "account.Resolve"
	if identity.Provider == "" || identity.Subject == "" {
		return Account{}, "", hub.Errorf(op, hub.Invalid, "no provider or subject")
	}
	a := arrival{
		provider: identity.Provider, level: identity.Level, visit: visit, now: s.clock().UTC().Truncate(time.Microsecond),
		subject: s.index.Index("subject", string(identity.Provider), identity.Subject),
	}
	if p := identity.Person; !p.IsZero() {
		if p.Kind == "" {
			return Account{}, "", hub.Errorf(op, hub.Invalid, "person number without a kind")
		}
		a.person = &PersonKey{Kind: p.Kind, Hash: s.index.Index("person", p.Kind, p.Value)}
		a.trusted = identity.Level.IAL >= Trusted
	}
	for range attempts {
		acct, outcome, err := s.resolve(ctx, a)
		if !errors.Is(err, hub.Conflict) || outcome != "" {
			return acct, outcome, err
		}
	}
	return Account{}, "", hub.Errorf(op, hub.Unavailable, "others were faster again and again")
}

// arrival is an identity as Resolve works with it: hashes only.
type arrival struct {
	provider hub.ProviderID
	subject  []byte
	person   *PersonKey
	trusted  bool // of person
	level    hub.Level
	visit    Visit
	now      time.Time
}

// resolve reads outside a transaction and writes in one. Between the two the unique indexes stand guard: Conflict means that
// somebody else was faster, and that reading again will tell.
func (s *Service) resolve(ctx context.Context, a arrival) (Account, Outcome, error) {
	acct, keys, err := s.store.ByLink(ctx, a.provider, a.subject)
	switch {
	case err == nil:
		return s.known(ctx, a, acct, keys)
	case errors.Is(err, hub.Denied):
		return s.refuse(ctx, a, acct, Barred)
	case !errors.Is(err, hub.NotFound):
		return Account{}, "", err
	case a.person != nil && a.trusted:
		acct, err := s.store.ByPerson(ctx, *a.person)
		if err == nil {
			return s.link(ctx, a, acct)
		}
		if !errors.Is(err, hub.NotFound) {
			return Account{}, "", err
		}
	}
	if a.visit.Only != "" {
		return Account{}, Unrecognised, hub.Errorf("account.Resolve", hub.Conflict, "nothing shows that it is the person who is expected")
	}
	return s.create(ctx, a)
}

func (s *Service) known(ctx context.Context, a arrival, acct Account, keys []PersonKey) (Account, Outcome, error) {
	add := false
	if a.person != nil {
		has, same := compare(keys, *a.person)
		if has && !same {
			return s.refuse(ctx, a, acct, PersonDiffers)
		}
		add = a.trusted && !has
	}
	if add {
		other, err := s.store.ByPerson(ctx, *a.person)
		switch {
		case err == nil && other.ID != acct.ID:
			return s.refuse(ctx, a, acct, PersonTaken)
		case err == nil:
			add = false // a login at the same time has added it
		case !errors.Is(err, hub.NotFound):
			return Account{}, "", err
		}
	}
	if a.others(acct) {
		return s.refuse(ctx, a, acct, OtherPerson)
	}
	if acct.Status != Active {
		return s.refuse(ctx, a, acct, NotActive)
	}
	err := s.tx.InTx(ctx, func(ctx context.Context) error {
		if add {
			if err := s.store.AddPerson(ctx, acct.ID, *a.person, a.now); err != nil {
				return err
			}
			if err := s.audit.Record(ctx, a.event("account.person_added", acct, audit.Success, "")); err != nil {
				return err
			}
		}
		if err := s.store.UseLink(ctx, a.provider, a.subject, a.level, a.now); err != nil {
			return err
		}
		return s.reach(ctx, a, acct)
	})
	if err != nil {
		return Account{}, "", err
	}
	return acct, Known, nil
}

func (s *Service) link(ctx context.Context, a arrival, acct Account) (Account, Outcome, error) {
	if a.others(acct) {
		return s.refuse(ctx, a, acct, OtherPerson)
	}
	if acct.Status != Active {
		return s.refuse(ctx, a, acct, NotActive)
	}
	links, err := s.store.Links(ctx, acct.ID)
	if err != nil {
		return Account{}, "", err
	}
	if barred(links, a.provider) {
		return s.refuse(ctx, a, acct, Barred)
	}
	link := s.newLink(a, acct.ID)
	err = s.tx.InTx(ctx, func(ctx context.Context) error {
		if err := s.store.AddLink(ctx, link); err != nil {
			return err
		}
		if err := s.audit.Record(ctx, a.event("account.linked", acct, audit.Success, "")); err != nil {
			return err
		}
		return s.reach(ctx, a, acct)
	})
	if err != nil {
		return Account{}, "", err
	}
	return acct, Linked, nil
}

func (s *Service) create(ctx context.Context, a arrival) (Account, Outcome, error) {
	acct := Account{ID: hub.AccountID(hub.NewID(s.random)), Status: Active, Highest: a.level, CreatedAt: a.now, ChangedAt: a.now}
	link := s.newLink(a, acct.ID)
	var person *PersonKey
	if a.trusted {
		person = a.person
	}
	err := s.tx.InTx(ctx, func(ctx context.Context) error {
		if err := s.store.Create(ctx, acct, link, person); err != nil {
			return err
		}
		return s.audit.Record(ctx, a.event("account.created", acct, audit.Success, ""))
	})
	if err != nil {
		return Account{}, "", err
	}
	return acct, Created, nil
}

// others reports whether only another account will do.
func (a arrival) others(acct Account) bool { return a.visit.Only != "" && a.visit.Only != acct.ID }

// reach notes a level that the account never had. What is known of Highest may be old, but it only ever rises: one more question at
// worst, never a notice too few.
func (s *Service) reach(ctx context.Context, a arrival, acct Account) error {
	if acct.Highest.Satisfies(a.level) {
		return nil
	}
	highest, raised, err := s.store.Reach(ctx, acct.ID, a.level)
	if err != nil || !raised {
		return err
	}
	if err := s.notices.Raised(ctx, acct.ID, highest, a.provider, a.visit.Channel); err != nil {
		return err
	}
	e := a.event("account.level_raised", acct, audit.Success, "")
	e.Level, e.Channel = highest, a.visit.Channel
	return s.audit.Record(ctx, e)
}

// refuse writes the refusal and gives it. Only NotActive gives the account, and OtherPerson its id: whoever is refused for being
// somebody else learns nothing of it.
func (s *Service) refuse(ctx context.Context, a arrival, acct Account, why Outcome) (Account, Outcome, error) {
	const op = "account.Resolve"
	reason := string(why)
	if why == NotActive {
		reason = string(acct.Status)
	}
	err := s.tx.InTx(ctx, func(ctx context.Context) error {
		return s.audit.Record(ctx, a.event("account.refused", acct, audit.Refusal, reason))
	})
	switch {
	case err != nil:
		return Account{}, "", err
	case why == NotActive:
		return acct, why, hub.Errorf(op, hub.Suspended, "account is not active")
	case why == OtherPerson:
		return Account{ID: acct.ID}, why, hub.Errorf(op, hub.Conflict, "not the person who is expected")
	default:
		return Account{}, why, hub.Errorf(op, hub.Refused, reason)
	}
}

func (s *Service) newLink(a arrival, id hub.AccountID) Link {
	return Link{
		ID: hub.NewID(s.random), Account: id, Provider: a.provider, SubjectHash: a.subject, Level: a.level,
		LinkedAt: a.now, LastUsedAt: a.now, Source: a.visit.Network,
	}
}

func (a arrival) event(kind string, acct Account, outcome audit.Outcome, reason string) audit.Event {
	return audit.Event{
		At: a.now, Kind: kind, Outcome: outcome, Reason: reason, Account: acct.ID, Provider: a.provider, Level: a.level,
	}
}

// compare tells whether the keys have one of the kind, and whether it is the same.
func compare(keys []PersonKey, key PersonKey) (has, same bool) {
	for _, k := range keys {
		if k.Kind == key.Kind {
			return true, subtle.ConstantTimeCompare(k.Hash, key.Hash) == 1
		}
	}
	return false, false
}

// Get finds an account. NotFound.
func (s *Service) Get(ctx context.Context, id hub.AccountID) (Account, error) {
	return s.store.ByID(ctx, id)
}

// Links lists the account's links, oldest first: for the person's own page (AUD-07).
func (s *Service) Links(ctx context.Context, id hub.AccountID) ([]Link, error) {
	return s.store.Links(ctx, id)
}

// barred reports whether a provider has removed links of an account, and none that counts.
func barred(links []Link, provider hub.ProviderID) bool {
	removed := false
	for _, l := range links {
		if l.Provider != provider {
			continue
		}
		if l.RemovedAt.IsZero() {
			return false
		}
		removed = true
	}
	return removed
}

// Unlink removes a link of an account, which nobody comes in over any more, and notes it for the person. One always stays. Whoever calls has
// made sure of who asks. NotFound, Conflict where it is the last one.
func (s *Service) Unlink(ctx context.Context, id hub.AccountID, link, channel string) (Link, error) {
	now := s.clock().UTC().Truncate(time.Microsecond)
	return s.door(ctx, id, channel, "account.unlinked", false, func(ctx context.Context) (Link, error) {
		return s.store.RemoveLink(ctx, id, link, now)
	})
}

// Relink lets people in again over a link that was removed, and notes it for the person. Whoever calls has made sure of who asks. NotFound.
func (s *Service) Relink(ctx context.Context, id hub.AccountID, link, channel string) (Link, error) {
	return s.door(ctx, id, channel, "account.relinked", true, func(ctx context.Context) (Link, error) {
		return s.store.RestoreLink(ctx, id, link)
	})
}

func (s *Service) door(ctx context.Context, id hub.AccountID, channel, kind string, allowed bool, change func(context.Context) (Link, error)) (link Link, err error) {
	err = s.tx.InTx(ctx, func(ctx context.Context) error {
		if link, err = change(ctx); err != nil {
			return err
		}
		if err := s.notices.Provider(ctx, id, link.Provider, allowed, channel); err != nil {
			return err
		}
		return s.audit.Record(ctx, audit.Event{
			Kind: kind, Outcome: audit.Success, Account: id, Provider: link.Provider, Channel: channel, Detail: map[string]string{"link": link.ID},
		})
	})
	return link, err
}
