package login

import (
	"context"
	"crypto/subtle"
	"errors"
	"strings"

	"onedoor/hub"
	"onedoor/hub/account"
)

// Answer takes what the browser brought back from a provider. It counts only in the browser that began, from the provider that was
// chosen, with the state that was given out, and once (EXC-01, invariant 6): whoever is second sees the waiting page. An answer
// that is no good leads back to the chooser with the problem (OPS-06), until too many have failed (AUD-08, SES-22). Invalid where
// there is no state.
func (s *Service) Answer(ctx context.Context, provider hub.ProviderID, params map[string]string, b Browser) (Next, error) {
	const op = "login.Answer"
	id, _, found := strings.Cut(params["state"], ".")
	if !found {
		return Next{}, hub.Errorf(op, hub.Invalid, "no state")
	}
	ctx, j, err := s.load(ctx, hub.TransactionID(id), b)
	if err != nil {
		return Next{}, err
	}
	switch {
	case j.tx.Step != StepUpstream: // answered before, or over
		return s.retrying(ctx, j)
	case !same(string(provider), string(j.tx.Provider)) || !same(params["state"], j.tx.State):
		// An answer to an earlier question, or a swapped one. The one that is under way stays welcome.
		j.tell(hub.Refused, "", "")
		j.refused(hub.Refused, "state_mismatch", "")
		return s.retrying(ctx, j)
	}
	if err := s.claim(ctx, j); err != nil {
		if errors.Is(err, hub.Conflict) {
			return s.Show(ctx, j.tx.ID, b)
		}
		return Next{}, err
	}
	if held, err := s.unseal(j); err != nil {
		j.failed = s.failure(ctx, j, err)
	} else {
		s.examine(ctx, j, Answer{Params: params, Private: held.Private})
	}
	next, err := s.settle(ctx, j)
	if err != nil {
		return s.release(ctx, j, err)
	}
	return next, nil
}

// claim takes the transaction to StepFinishing, for this call alone. Conflict where another request was faster.
func (s *Service) claim(ctx context.Context, j *journey) error {
	claimed := j.tx
	claimed.Step = StepFinishing
	if err := s.o.Store.Advance(ctx, claimed, j.tx.Step); err != nil {
		return err
	}
	j.tx, j.was, j.claimed = claimed, &claimed, true
	return nil
}

// failure makes what the person is told of an error at the provider where the transaction is.
func (s *Service) failure(ctx context.Context, j *journey, err error) *failure {
	s.warn(ctx, j, j.tx.Provider, err)
	kind := problemOf(hub.KindOf(err))
	return &failure{kind: kind, reason: reasonOf(err), uncounted: kind == hub.Unavailable || kind == hub.Internal}
}

// retrying settles, and shows what is there where another request of the same browser was faster.
func (s *Service) retrying(ctx context.Context, j *journey) (Next, error) {
	next, err := s.settle(ctx, j)
	if errors.Is(err, hub.Conflict) && j.was != nil {
		return s.Show(ctx, j.tx.ID, j.browser)
	}
	return next, err
}

// examine finds out who has come back, and sets arrived or failed. Nothing is written but the account that was found or made.
func (s *Service) examine(ctx context.Context, j *journey, answer Answer) {
	identity, err := s.o.Upstreams.Finish(ctx, j.tx.Provider, j.ask(j.tx.State), answer)
	j.now = s.now()
	if err != nil {
		j.failed = s.failure(ctx, j, err)
		return
	}
	asked := j.tx
	asked.Request.Force = asked.Request.Force || j.idled()
	if j.failed = inspect(identity, asked, j.want, j.now); j.failed != nil {
		return
	}
	only := j.tx.Same
	if only == "" {
		only = j.tx.Request.Account
	}
	acct, outcome, err := s.o.Accounts.Resolve(ctx, identity, account.Visit{Network: j.browser.Network, Channel: j.browser.Channel, Only: only})
	if err != nil {
		j.failed = s.failure(ctx, j, err)
		if errors.Is(err, hub.Suspended) {
			j.failed.status, j.failed.why = string(acct.Status), acct.Reason
		}
		j.failed.account = acct.ID
		if outcome != "" {
			j.failed.reason = string(outcome)
		}
		return
	}
	j.arrived = &arrival{identity: identity, account: acct}
}

// release gives back a transaction that this request had claimed and could not finish, so that the person has a way on. It works
// even where the browser has gone away. Where only another tab was faster, the person gets to the chooser; else the cause is given.
func (s *Service) release(ctx context.Context, mine *journey, cause error) (Next, error) {
	alone, claimed, b := context.WithoutCancel(ctx), *mine.was, mine.browser
	if mine.asked != nil {
		s.forsake(alone, mine, claimed, mine.asked)
	}
	raced := errors.Is(cause, hub.Conflict) || errors.Is(cause, hub.Consumed)
	jctx, j, err := s.load(alone, claimed.ID, b)
	if err != nil {
		if raced {
			return Next{}, err // for instance Consumed: cancelled meanwhile
		}
		return Next{}, cause
	}
	if j.tx.Step == StepFinishing && same(j.tx.State, claimed.State) {
		kind := problemOf(hub.KindOf(cause))
		j.failed = &failure{kind: kind, reason: reasonOf(cause), uncounted: true}
	}
	next, err := s.settle(jctx, j)
	switch {
	case !raced:
		return Next{}, cause
	case errors.Is(err, hub.Conflict):
		return s.Show(ctx, claimed.ID, b)
	default:
		return next, err
	}
}

// same compares in constant time.
func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }
