package login

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"time"

	"onedoor/hub"
	"onedoor/hub/account"
	"onedoor/hub/audit"
	"onedoor/hub/consent"
	"onedoor/hub/session"
)

// Sessions is what the login needs of sessions; session.Service has it, and its comments name the errors.
type Sessions interface {
	Admit(ctx context.Context, found session.Session, secret hub.Secret) (session.Session, hub.Secret, error)
	Start(ctx context.Context, a session.Authentication) (session.Session, hub.Secret, hub.Secret, error)
	Raise(ctx context.Context, old hub.Secret, a session.Authentication) (session.Session, hub.Secret, hub.Secret, error)
	End(ctx context.Context, id hub.SessionID, cause session.Cause) (bool, error)
	Join(ctx context.Context, p session.Participant) error
}

// Accounts is what the login needs of accounts; account.Service has it.
type Accounts interface {
	// Resolve finds, links or creates. Suspended with the account, Refused, Conflict where only another account will do, Unavailable.
	Resolve(ctx context.Context, identity hub.Identity, visit account.Visit) (account.Account, account.Outcome, error)
}

// Consents is what the login needs of consents; consent.Service has it.
type Consents interface {
	// Current gives the latest record per choice.
	Current(ctx context.Context, account hub.AccountID, system hub.SystemID) ([]consent.Record, error)
	// Unchanged is Conflict where anything was decided after the last record seen; see consent.Service.
	Unchanged(ctx context.Context, account hub.AccountID, system hub.SystemID, last int64) error
	// Record appends decisions with their audit events.
	Record(ctx context.Context, d consent.Decisions) error
}

// Transactor runs fn in one database transaction, which the stores find in its context. A call inside another joins it. fn may be
// run again where the database asks for it.
type Transactor interface {
	InTx(ctx context.Context, fn func(context.Context) error) error
}

// Options are what a Service is made of. All are required but the last five.
type Options struct {
	Directory   Directory
	Upstreams   Upstreams
	Sessions    Sessions
	Accounts    Accounts
	Consents    Consents
	Store       Store
	Audit       audit.Recorder
	Tx          Transactor
	Clock       hub.Clock
	Random      io.Reader
	Log         *slog.Logger  // for the causes of failures that the person gets a way around
	Lifetime    time.Duration // of a transaction; 15 minutes where zero
	MaxAttempts int           // failed answers after which a transaction ends (AUD-08, SES-22); 5 where zero
	Arrivals    Arrivals      // told of everybody who comes to a department's system; nil where nobody needs to know
	Parties     Parties       // nil where no system serves entities
	Items       Items         // nil where no system asks for items
}

// Service leads a person from a system's request to its result.
type Service struct{ o Options }

// New checks the options. Invalid where one is missing or out of range.
func New(o Options) (*Service, error) {
	if o.Directory == nil || o.Upstreams == nil || o.Sessions == nil || o.Accounts == nil || o.Consents == nil || o.Store == nil ||
		o.Audit == nil || o.Tx == nil || o.Clock == nil || o.Random == nil || o.Log == nil {
		return nil, hub.Errorf("login.New", hub.Invalid, "an option is missing")
	}
	if o.Lifetime == 0 {
		o.Lifetime = 15 * time.Minute
	}
	if o.MaxAttempts == 0 {
		o.MaxAttempts = 5
	}
	if o.Lifetime < 0 || o.MaxAttempts < 0 {
		return nil, hub.Errorf("login.New", hub.Invalid, "lifetime and attempts can't be negative")
	}
	return &Service{o}, nil
}

// now is the time as the database keeps it: whole microseconds.
func (s *Service) now() time.Time { return s.o.Clock().UTC().Truncate(time.Microsecond) }

// Begin takes a system's request and the browser that brought it. Where a session and remembered consent are enough it is Done at
// once, without a transaction. A passive request is always Done. NotFound for an unknown system; Invalid for a request that no
// protocol should have let through; everything that the system must hear of is a Failure of the Result.
func (s *Service) Begin(ctx context.Context, req Request, b Browser) (Next, error) {
	const op = "login.Begin"
	if req.Protocol == "" || b.Binding.IsZero() {
		return Next{}, hub.Errorf(op, hub.Invalid, "no protocol or browser binding")
	}
	if hub.InteractionFrom(ctx) == "" {
		ctx = hub.WithInteraction(ctx, hub.InteractionID(hub.NewID(s.o.Random)))
	}
	sys, err := s.o.Directory.System(ctx, req.System)
	if err != nil {
		return Next{}, err
	}
	if req, err = s.raised(ctx, req); err != nil {
		return Next{}, err
	}
	const attempts = 3
	var next Next
	for range attempts {
		if next, err = s.begin(ctx, req, sys, b); !errors.Is(err, hub.Conflict) && !errors.Is(err, hub.Consumed) {
			break // else the person has decided something, or ended the session, in another tab: look again
		}
	}
	return next, err
}

func (s *Service) begin(ctx context.Context, req Request, sys System, b Browser) (Next, error) {
	now := s.now()
	j := &journey{browser: b, system: sys, now: now, tx: Transaction{
		ID: hub.TransactionID(hub.NewID(s.o.Random)), BrowserHash: b.Binding.Hash(), Interaction: hub.InteractionFrom(ctx),
		Request: req, Step: StepChoose, CreatedAt: now, ExpiresAt: now.Add(s.o.Lifetime),
	}}
	if kind := admissible(req, sys); kind != "" {
		j.end(kind, string(kind))
	} else if err := s.equip(ctx, j); err != nil {
		return Next{}, err
	} else if j.raises() {
		j.tx.Same = j.live.session.Account
	}
	return s.settle(ctx, j)
}

// Show tells where a login under way stands. While the person waits for a provider without pages of its own, it also asks whether that
// has decided. NotFound for an unknown one or one of another browser, Expired, Consumed once it
// is finished. These errors can come from every method that takes a transaction.
func (s *Service) Show(ctx context.Context, id hub.TransactionID, b Browser) (Next, error) {
	return s.perform(ctx, id, b, func(*journey) {})
}

// Choose sends the person to a provider, if it is among those that can reach what is wanted (LOA-01); else back to the chooser
// with the reason.
func (s *Service) Choose(ctx context.Context, id hub.TransactionID, provider hub.ProviderID, b Browser) (Next, error) {
	return s.perform(ctx, id, b, func(j *journey) {
		switch j.tx.Step {
		case StepChoose, StepUpstream, StepInput, StepFinishing: // also away from a provider that never came back
		case StepWait:
			if s.leave(j); j.tx.Step == StepDone {
				return
			}
		default:
			return
		}
		j.problem = ""
		if !offered(j.choices, provider) {
			j.tell(hub.LevelUnmet, "", "")
			j.refused(hub.LevelUnmet, "not_offered", "") // the name is foreign text: it goes nowhere
			return
		}
		j.pick, j.tx.Step = provider, StepUpstream
	})
}

// Submit takes what the person typed on a provider's page of ours (StepInput). It counts once: whoever is second sees the waiting
// page. Invalid where the fields are not those of the page that was shown.
func (s *Service) Submit(ctx context.Context, id hub.TransactionID, fields map[string]string, b Browser) (Next, error) {
	return s.perform(ctx, id, b, func(j *journey) {
		if j.tx.Step == StepInput {
			j.typed = fields
		}
	})
}

// Back leads from such a page, or from waiting, to the chooser.
func (s *Service) Back(ctx context.Context, id hub.TransactionID, b Browser) (Next, error) {
	return s.perform(ctx, id, b, func(j *journey) {
		switch j.tx.Step {
		case StepInput:
			j.reset()
		case StepWait:
			s.leave(j)
		}
	})
}

// Consent takes the answer of the consent page. It counts only for the page as it was shown; if the rules have changed meanwhile,
// the new page is shown.
func (s *Service) Consent(ctx context.Context, id hub.TransactionID, answer ConsentAnswer, b Browser) (Next, error) {
	return s.perform(ctx, id, b, func(j *journey) {
		if j.tx.Step == StepConsent {
			j.answer = &answer
		}
	})
}

// Cancel ends the login because the person said so.
func (s *Service) Cancel(ctx context.Context, id hub.TransactionID, b Browser) (Next, error) {
	return s.perform(ctx, id, b, func(j *journey) {
		if j.tx.Step != StepDone {
			j.end(hub.Denied, "cancelled")
		}
	})
}

// Anew says that whoever is at the browser is somebody else than the person whose session was to be raised: that session ends, for all
// systems that it serves, and the login begins again with whoever authenticates now. Where another tab has signed somebody else in
// meanwhile, the login goes on with them.
func (s *Service) Anew(ctx context.Context, id hub.TransactionID, b Browser) (Next, error) {
	return s.perform(ctx, id, b, func(j *journey) {
		if j.tx.Same == "" {
			return
		}
		switch j.tx.Step {
		case StepChoose, StepUpstream, StepInput:
			j.reset()
		case StepWait:
			if s.leave(j); j.tx.Step == StepDone {
				return
			}
		default:
			return
		}
		e := audit.Event{Kind: "login.anew", Outcome: audit.Success, Account: j.tx.Same}
		if j.live != nil && j.live.session.Account == j.tx.Same {
			e.Session = j.live.session.ID
			j.parting, j.live = j.live, nil
		}
		j.tx.Same, j.tx.Anew, j.problem = "", true, ""
		j.event(e)
	})
}

// Purge removes transactions whose time is over and tells how many.
func (s *Service) Purge(ctx context.Context) (int, error) {
	const batch = 500
	count := 0
	for {
		n, err := s.o.Store.Purge(ctx, s.now(), batch)
		count += n
		if err != nil || n < batch {
			return count, err
		}
	}
}
