package login

import (
	"bytes"
	"context"
	"crypto/subtle"
	"errors"
	"log/slog"
	"slices"
	"strconv"
	"time"

	"onedoor/hub"
	"onedoor/hub/account"
	"onedoor/hub/audit"
	"onedoor/hub/consent"
	"onedoor/hub/session"
)

// journey is one call's work on a transaction. The steps plan in it; commit writes it.
type journey struct {
	tx      Transaction
	was     *Transaction // as stored; nil where there is no row yet
	browser Browser
	system  System
	want    hub.Level
	now     time.Time
	choices []Choice // providers that can reach want
	live    *live    // what the browser is signed in with
	parting *live    // what it was signed in with, to be ended
	arrived *arrival // who has just come back from a provider

	// What this call brings.
	pick   hub.ProviderID
	typed  map[string]string // on a provider's page of ours
	failed *failure          // the answer of a provider that was no good
	answer *ConsentAnswer
	party  string // picked on the page that asks for whom the person acts
	// opening is the answer of the page of items.
	opening *ItemsAnswer

	acts *Party // for whom they act, once it is settled in this call; nil where the system serves persons

	claimed bool   // the stored step is StepFinishing, for this call alone
	asked   []byte // private state of what this call began at a provider, to be abandoned if nothing is written of it

	// What the person is told at the chooser.
	problem   hub.Kind
	problemAt hub.ProviderID
	reason    string
	why       string

	// What was known of the person's consents when the step decided: commit and Settle look whether it still holds.
	seen  int64 // the last record
	facts consent.Facts

	// What commit writes.
	rulings []consent.Ruling
	events  []audit.Event
	next    Next
}

// live is the browser's session.
type live struct {
	session session.Session
	secret  hub.Secret
	key     hub.Secret
	// consents are the latest of its account at the system, as they were when it was found.
	consents []consent.Record
}

// arrival is a person who has authenticated in this very call.
type arrival struct {
	identity hub.Identity
	account  account.Account
}

// failure is an answer of a provider that opens nothing.
type failure struct {
	kind      hub.Kind
	reason    string        // fine machine word for the record
	account   hub.AccountID // where known
	status    string        // of the account, for the person (LIF-03)
	why       string        // the reason of that
	uncounted bool
}

// tell sets what the person reads at the chooser.
func (j *journey) tell(kind hub.Kind, at hub.ProviderID, reason string) {
	j.problem, j.problemAt, j.reason = kind, at, reason
}

// event adds an audit event with what the journey knows.
func (j *journey) event(e audit.Event) {
	e.System, e.Channel, e.At = j.system.ID, j.browser.Channel, j.now
	if e.System == "" {
		e.System = j.tx.Request.System
	}
	if e.Level == (hub.Level{}) {
		e.Level = j.want
	}
	j.events = append(j.events, e)
}

// refused adds the event of a no.
func (j *journey) refused(kind hub.Kind, reason string, provider hub.ProviderID) {
	outcome := audit.Refusal
	if kind == hub.Unavailable || kind == hub.Internal {
		outcome = audit.Failure
	}
	e := audit.Event{Kind: "login.refused", Outcome: outcome, Reason: reason, Provider: provider}
	if j.tx.Attempts > 0 {
		e.Detail = map[string]string{"attempts": strconv.Itoa(j.tx.Attempts)}
	}
	j.event(e)
}

// end finishes the transaction with a failure.
func (j *journey) end(kind hub.Kind, reason string) {
	j.refused(kind, reason, "")
	j.finish(Result{Failure: kind})
}

func (j *journey) finish(r Result) {
	r.Interaction, r.Request = j.tx.Interaction, j.tx.Request
	j.tx.Step, j.tx.State, j.tx.Private = StepDone, "", nil
	j.next.Done = &r
}

// reset takes the transaction back to the chooser.
func (j *journey) reset() {
	j.tx.Step, j.tx.State, j.tx.Private, j.tx.Session, j.tx.SignedIn, j.tx.Party = StepChoose, "", nil, "", false, ""
	j.acts = nil
}

// changed reports whether the row must be written.
func (j *journey) changed() bool {
	a, b := j.was, j.tx
	return a == nil || a.Step != b.Step || a.Provider != b.Provider || a.State != b.State || a.Session != b.Session ||
		a.SignedIn != b.SignedIn || a.Attempts != b.Attempts || a.Same != b.Same || a.Anew != b.Anew || a.Party != b.Party || !bytes.Equal(a.Private, b.Private)
}

// load finds a transaction of this browser and everything that a step may need. The context it gives carries the
// interaction of the transaction (AUD-05).
func (s *Service) load(ctx context.Context, id hub.TransactionID, b Browser) (context.Context, *journey, error) {
	const op = "login.load"
	if !hub.ValidID(string(id)) || b.Binding.IsZero() {
		return ctx, nil, hub.Errorf(op, hub.NotFound, "no such transaction")
	}
	now := s.now()
	tx, err := s.o.Store.Get(ctx, id, now)
	if err != nil {
		return ctx, nil, err
	}
	if hash := b.Binding.Hash(); subtle.ConstantTimeCompare(hash[:], tx.BrowserHash[:]) != 1 {
		return ctx, nil, hub.Errorf(op, hub.NotFound, "transaction of another browser")
	}
	if tx.Step == StepDone {
		return ctx, nil, hub.Errorf(op, hub.Consumed, "already finished")
	}
	ctx = hub.WithInteraction(ctx, tx.Interaction)
	was := tx
	j := &journey{tx: tx, was: &was, browser: b, now: now}
	j.system, err = s.o.Directory.System(ctx, tx.Request.System)
	switch {
	case errors.Is(err, hub.NotFound):
		j.end(hub.Suspended, "system_gone")
		return ctx, j, nil
	case err != nil:
		return ctx, nil, err
	case !j.system.Live:
		j.end(hub.Suspended, "suspended")
		return ctx, j, nil
	}
	return ctx, j, s.equip(ctx, j)
}

// equip adds the providers that can reach what is wanted, and the browser's session.
func (s *Service) equip(ctx context.Context, j *journey) error {
	j.want = wanted(j.tx.Request, j.system)
	var err error
	if j.choices, err = s.o.Upstreams.Offer(ctx, j.want); err != nil {
		return err
	}
	if j.browser.Session.IsZero() {
		return nil
	}
	v, err := s.o.Store.Visit(ctx, j.browser.Session.Hash(), j.tx.Request.System)
	if errors.Is(err, hub.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	sess, key, err := s.o.Sessions.Admit(ctx, v.Session, j.browser.Session)
	if errors.Is(err, hub.Expired) {
		return nil
	}
	if err != nil {
		return err
	}
	if acct := v.Account; acct.Status != account.Active { // LIF-02: whatever made it so, the session ends here at the latest
		if _, err := s.o.Sessions.End(ctx, sess.ID, session.Cause{Reason: session.EndedByAccount}); err != nil {
			return err
		}
		j.tell(hub.Suspended, sess.Provider, string(acct.Status))
		j.event(audit.Event{
			Kind: "login.refused", Outcome: audit.Refusal, Reason: "account_not_active", Account: sess.Account, Session: sess.ID,
			Provider: sess.Provider,
		})
		return nil
	}
	j.live = &live{session: sess, secret: j.browser.Session, key: key, consents: v.Consents}
	return nil
}

// perform does one call on a stored transaction: load, act, dispatch, commit. Where another request of the same browser was
// faster, it looks again at what that one left behind.
func (s *Service) perform(ctx context.Context, id hub.TransactionID, b Browser, act func(*journey)) (Next, error) {
	const attempts = 3
	var err error
	for range attempts {
		jctx, j, lerr := s.load(ctx, id, b)
		if lerr != nil {
			return Next{}, lerr
		}
		if j.tx.Step != StepDone {
			act(j)
		}
		var next Next
		next, err = s.settle(jctx, j)
		switch {
		case err != nil && j.claimed:
			return s.release(jctx, j, err)
		case !errors.Is(err, hub.Conflict) && !errors.Is(err, hub.Consumed):
			return next, err
		}
	}
	return Next{}, err
}

// settle lets the dispatcher run and writes what it planned.
func (s *Service) settle(ctx context.Context, j *journey) (Next, error) {
	if err := s.dispatch(ctx, j); err != nil {
		return Next{}, err
	}
	if err := s.commit(ctx, j); err != nil {
		return Next{}, err
	}
	if j.was != nil && j.was.Step == StepWait && j.tx.State != j.was.State {
		s.abandon(ctx, j, *j.was)
	}
	j.next.Transaction = j.tx.ID
	return j.next, nil
}

// commit writes everything that the steps planned in one transaction: the session, the decisions, the participant, the
// transaction's own row by compare-and-set, and the audit events. Nothing of it stands without the rest.
func (s *Service) commit(ctx context.Context, j *journey) error {
	begins := j.was == nil && j.tx.Step != StepDone
	advances := j.was != nil && j.changed()
	done := j.next.Done
	succeeds := done != nil && done.Failure == ""
	if !begins && !advances && !succeeds && j.arrived == nil && len(j.rulings) == 0 && len(j.events) == 0 {
		return nil
	}
	if succeeds && j.was == nil && j.tx.Request.Settles && j.arrived == nil && j.parting == nil && len(j.rulings) == 0 {
		return s.entrust(j)
	}
	var now live
	err := s.o.Tx.InTx(ctx, func(ctx context.Context) error { // may run again: it changes nothing outside but now
		tx := j.tx
		now = live{}
		if j.arrived != nil {
			var err error
			if now, err = s.signIn(ctx, j); err != nil {
				return err
			}
			tx.Session = now.session.ID
		} else if j.live != nil {
			now = *j.live
		}
		if j.parting != nil {
			if _, err := s.o.Sessions.End(ctx, j.parting.session.ID, session.Cause{Reason: session.EndedByPerson}); err != nil {
				return err
			}
		}
		if succeeds {
			if err := s.join(ctx, j, now.session); err != nil {
				return err
			}
			if err := s.arrive(ctx, j, now.session); err != nil {
				return err
			}
			// Behind the join, which whoever takes consent back waits for.
			if err := s.o.Consents.Unchanged(ctx, now.session.Account, j.system.ID, j.seen); err != nil {
				return err
			}
		}
		if len(j.rulings) > 0 {
			if err := s.o.Consents.Record(ctx, consent.Decisions{
				Account: now.session.Account, Session: now.session.ID, System: j.system.ID, Channel: j.browser.Channel,
				Language: spoken(j.answer), Rulings: j.rulings,
			}); err != nil {
				return err
			}
		}
		if begins {
			if err := s.o.Store.Create(ctx, tx); err != nil {
				return err
			}
		}
		if advances {
			if err := s.o.Store.Advance(ctx, tx, j.was.Step); err != nil {
				return err
			}
		}
		return s.record(ctx, j, begins, now.session)
	})
	if j.arrived == nil && errors.Is(err, hub.Expired) { // the session ended in between: look again
		return hub.E("login.commit", hub.Consumed, err)
	}
	if err != nil {
		return err
	}
	if j.arrived != nil {
		j.tx.Session = now.session.ID
		j.next.Session, j.next.SessionAAL = &now.secret, now.session.Highest(j.now).AAL
	}
	j.next.SignedOut = j.parting != nil
	if succeeds {
		var ok bool
		if done.Session, ok = j.answers(now.session); !ok {
			return hub.Errorf("login.commit", hub.Internal, "a session that does not serve")
		}
		done.Key = now.key
		if j.tx.Request.Settles {
			done.Settle = func(ctx context.Context) ([]audit.Event, error) { return nil, s.still(ctx, j, now.session) }
		}
	}
	return nil
}

// still is Conflict where less may be released by now than the result says: the person has taken consent back since it was written.
func (s *Service) still(ctx context.Context, j *journey, sess session.Session) error {
	if err := s.join(ctx, j, sess); err != nil {
		return err
	}
	records, err := s.o.Consents.Current(ctx, sess.Account, j.system.ID)
	if err != nil {
		return err
	}
	now, said := consent.Decide(j.system.Rules, j.tx.Request.Attributes, records, j.facts), j.next.Done
	for _, name := range said.Release {
		if !slices.Contains(now.Release, name) {
			return hub.Errorf("login.still", hub.Conflict, "consent was taken back")
		}
	}
	if said.Offline && !now.Lasting {
		return hub.Errorf("login.still", hub.Conflict, "consent was taken back")
	}
	return nil
}

// entrust hands what is to be written of a resumed session to the protocol.
func (s *Service) entrust(j *journey) error {
	sess, ok := j.answers(j.live.session)
	if !ok {
		return hub.Errorf("login.entrust", hub.Internal, "a session that does not serve")
	}
	done, live := j.next.Done, j.live.session
	done.Session, done.Key = sess, j.live.key
	done.Settle = func(ctx context.Context) ([]audit.Event, error) {
		if err := s.join(ctx, j, live); err != nil {
			return nil, err
		}
		if err := s.arrive(ctx, j, live); err != nil {
			return nil, err
		}
		return s.told(j, false, live), s.o.Consents.Unchanged(ctx, live.Account, j.system.ID, j.seen)
	}
	return nil
}

// join notes that the session is used at the system, and holds it in the transaction of ctx. Expired where it has ended in between,
// told here or at the transaction's end. The hub's own pages are no participant: a logout has nothing to tell them. A mandate is held before the
// session, in the order in which whoever ends it takes both. Consumed where it has ended.
func (s *Service) join(ctx context.Context, j *journey, sess session.Session) error {
	if j.system.Own {
		return nil
	}
	if err := s.act(ctx, j, sess.Account, sess.ID); err != nil {
		return err
	}
	return s.o.Sessions.Join(ctx, session.Participant{
		Session: sess.ID, System: j.system.ID, Protocol: j.tx.Request.Protocol, FirstAt: j.now, LastAt: j.now,
	})
}

// record writes the events.
func (s *Service) record(ctx context.Context, j *journey, begins bool, sess session.Session) error {
	events := s.told(j, begins, sess)
	if len(events) == 0 {
		return nil
	}
	return s.o.Audit.Record(ctx, events...)
}

// told gives the events; those that tell of a sign-in learn its session here.
func (*Service) told(j *journey, begins bool, sess session.Session) []audit.Event {
	var events []audit.Event
	if begins {
		started := audit.Event{
			At: j.now, Kind: "login.started", Outcome: audit.Success, System: j.system.ID, Level: j.want, Channel: j.browser.Channel,
		}
		if j.tx.Same != "" {
			started.Reason, started.Account, started.Session = "step_up", j.tx.Same, j.live.session.ID
		}
		events = append(events, started)
	}
	for _, e := range j.events {
		if e.Outcome == audit.Success && e.Account != "" && e.Session == "" {
			e.Session = sess.ID
		}
		events = append(events, e)
	}
	return events
}

// signIn starts or raises the session of whoever has arrived. Another account's session in the same browser ends; so does the
// person's own if it had lapsed at its own level, because then a new one is due (SES-11). Whatever the browser brought, its old
// secret is worth nothing afterwards (SES-01).
func (s *Service) signIn(ctx context.Context, j *journey) (live, error) {
	if j.tx.Same != "" && j.tx.Same != j.arrived.account.ID {
		return live{}, hub.Errorf("login.signIn", hub.Internal, "another person than the one whose session is raised")
	}
	a := session.Authentication{
		Account: j.arrived.account.ID, Identity: j.arrived.identity, Channel: j.browser.Channel, Device: j.browser.Device,
	}
	var err error
	var now live
	if j.live != nil {
		end := session.EndedByOther
		why, lapsed := j.live.session.LapsedAtOwnLevel(j.now)
		if j.live.session.Account == a.Account {
			if !lapsed {
				now.session, now.secret, now.key, err = s.o.Sessions.Raise(ctx, j.live.secret, a)
				return now, err
			}
			end = why
		}
		if _, err := s.o.Sessions.End(ctx, j.live.session.ID, session.Cause{Reason: end}); err != nil {
			return live{}, err
		}
	}
	now.session, now.secret, now.key, err = s.o.Sessions.Start(ctx, a)
	return now, err
}

// warn logs the cause of a failure that goes no further: the person is offered another way instead.
func (s *Service) warn(ctx context.Context, j *journey, at hub.ProviderID, err error) {
	s.o.Log.LogAttrs(ctx, slog.LevelWarn, "login failed at a provider",
		slog.String("interaction", string(j.tx.Interaction)), slog.String("provider", string(at)),
		slog.String("system", string(j.tx.Request.System)), slog.String("kind", string(hub.KindOf(err))), slog.Any("error", err))
}
