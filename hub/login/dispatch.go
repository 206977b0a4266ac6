package login

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strings"

	"onedoor/hub"
	"onedoor/hub/audit"
	"onedoor/hub/consent"
	"onedoor/hub/session"
)

// dispatch runs the step that the transaction is at, and goes on as long as steps move on. A step plans, sets the next step
// and returns here; it never calls another.
func (s *Service) dispatch(ctx context.Context, j *journey) error {
	const most = 14 // no way through is longer: choose, upstream, finishing, party, items twice, consent, and back once
	for range most {
		var stay bool
		var err error
		switch j.tx.Step {
		case StepChoose:
			stay = s.choosing(j)
		case StepUpstream:
			stay, err = s.upstream(ctx, j)
		case StepInput:
			stay, err = s.inputting(ctx, j)
		case StepWait:
			stay, err = s.waiting(ctx, j)
		case StepFinishing:
			stay = s.finishing(j)
		case StepParty:
			stay, err = s.acting(ctx, j)
		case StepItems:
			stay, err = s.opened(ctx, j)
		case StepConsent:
			stay, err = s.consenting(ctx, j)
		case StepDone:
			return nil
		default:
			return hub.Errorf("login.dispatch", hub.Internal, "unknown step")
		}
		if err != nil || stay {
			return err
		}
	}
	return hub.Errorf("login.dispatch", hub.Internal, "steps without end")
}

// choosing lets the session serve, or shows who can vouch. After a problem it always shows, so that nobody is signed in as
// somebody without noticing.
func (s *Service) choosing(j *journey) bool {
	req := j.tx.Request
	if s.resumes(j) {
		return false
	}
	if req.Passive {
		kind := hub.Unauthenticated
		if req.SelectAccount && j.live != nil {
			kind = SelectionNeeded
		}
		j.end(kind, string(kind))
		return false
	}
	if len(j.choices) == 0 {
		j.end(hub.LevelUnmet, "nobody_offered")
		return false
	}
	if j.was == nil && j.problem == "" && j.pick == "" && offered(j.choices, req.ProviderHint) {
		j.pick, j.tx.Step = req.ProviderHint, StepUpstream
		return false
	}
	j.show(View{Step: StepChoose, Choices: j.choices})
	return true
}

// resumes moves on to the party where the browser's session is enough, and is that of the person whose session is raised.
func (s *Service) resumes(j *journey) bool {
	if j.problem != "" || j.live == nil || j.tx.Same != "" && j.tx.Same != j.live.session.Account {
		return false
	}
	if _, enough := answer(j.live.session, j.tx.Request, j.want, j.choices, j.now); !enough {
		return false
	}
	j.reset()
	j.tx.Step, j.tx.Session = StepParty, j.live.session.ID
	return true
}

// upstream sends the browser to the provider that was picked. Without a pick the person has come back by another way than the
// provider's: the chooser is shown, and the answer that is under way stays welcome.
func (s *Service) upstream(ctx context.Context, j *journey) (bool, error) {
	if j.pick == "" {
		if s.resumes(j) {
			return false, nil
		}
		if len(j.choices) == 0 {
			j.end(hub.LevelUnmet, "nobody_offered")
			return false, nil
		}
		j.show(View{Step: StepChoose, Choices: j.choices})
		return true, nil
	}
	picked := j.pick
	j.pick = ""
	j.reset()
	j.tx.Step, j.tx.Provider = StepUpstream, picked
	state := string(j.tx.ID) + "." + hub.NewSecret(s.o.Random).Reveal()
	redirect, err := s.o.Upstreams.Start(ctx, picked, j.ask(state))
	if err == nil {
		err = s.lead(j, redirect, state)
	}
	if err != nil {
		s.warn(ctx, j, picked, err)
		kind := problemOf(hub.KindOf(err))
		j.tell(kind, picked, "")
		j.refused(kind, reasonOf(err), picked)
		j.reset()
		return false, nil
	}
	j.event(audit.Event{Kind: "login.provider_chosen", Outcome: audit.Success, Provider: picked})
	return true, nil
}

// ask is what is asked of the provider; the same when it answers. After a failed answer a fresh authentication is asked for, so
// that an authentication over there that is too old for us does not come back for ever.
func (j *journey) ask(state string) Ask {
	req := j.tx.Request
	return Ask{
		Transaction: j.tx.ID, State: state, Want: j.want, MaxAge: req.MaxAge, Languages: j.languages(),
		System: j.system.Names, Department: j.system.Owner, Until: j.tx.ExpiresAt,
		Fresh: req.Force || req.SelectAccount || j.idled() || j.tx.Anew || (req.MaxAge != nil && *req.MaxAge == 0) || j.tx.Attempts > 0,
	}
}

// idled reports whether somebody is signed in in this browser whose session was idle for too long for what is wanted: then a provider must
// ask for something again (SES-10, SES-13), and a sign-on of its own that still stands does not do.
func (j *journey) idled() bool {
	return j.live != nil && j.live.session.IdleOver != hub.AALNone && j.want.AAL >= j.live.session.IdleOver
}

// finishing takes the person who has arrived, or a failure, further. Without either another request is still at it.
func (s *Service) finishing(j *journey) bool {
	switch {
	case j.failed != nil:
		f := j.failed
		j.failed = nil
		provider := j.tx.Provider
		if !f.uncounted {
			j.tx.Attempts++
		}
		j.reset()
		if j.tx.Attempts >= s.o.MaxAttempts {
			j.refused(f.kind, f.reason, provider)
			j.end(hub.TooMany, "too_many_attempts")
			return false
		}
		j.tell(f.kind, provider, f.status)
		j.why = f.why
		j.refused(f.kind, f.reason, provider)
		refusal := &j.events[len(j.events)-1]
		refusal.Account = f.account
		if f.kind == hub.Conflict && j.tx.Same != "" { // it is for the person whose session it was to be to know
			refusal.Account = j.tx.Same
			if j.live != nil && j.live.session.Account == j.tx.Same {
				refusal.Session = j.live.session.ID
			}
		}
		return false
	case j.arrived != nil:
		j.reset()
		j.tx.Step, j.tx.SignedIn = StepParty, true
		return false
	}
	j.show(View{Step: StepFinishing, Provider: j.at()})
	return true
}

// consenting asks what must be asked, or finishes. What it knows of the person comes from this call: who has just arrived, or
// the browser's session, which must be the one the transaction was signed in with.
func (s *Service) consenting(ctx context.Context, j *journey) (bool, error) {
	acct, have, known := j.person()
	if !known {
		j.tell(hub.Expired, "", "")
		j.reset()
		return false, nil
	}
	if settled, err := s.decided(ctx, j, acct); err != nil || !settled {
		return false, err
	}
	var records []consent.Record
	if j.arrived == nil { // found together with the session
		records = j.live.consents
	} else {
		var err error
		if records, err = s.o.Consents.Current(ctx, acct, j.system.ID); err != nil {
			return false, err
		}
	}
	j.seen = consent.Last(records)
	req := j.tx.Request
	facts := consent.Facts{Want: j.want, Have: have, Again: req.AskConsent, Offline: req.Offline}
	if j.system.Own {
		facts.Have = j.want
	}
	outcome := consent.Decide(j.system.Rules, req.Attributes, records, facts)
	digest := outcome.Digest(acct)
	asShown := outcome.Page() && bytes.Equal(j.tx.Private, digest)
	if j.answer != nil && !j.answer.Accept { // a no to the whole is a no to whatever the page would say by now
		if asShown {
			j.rulings = outcome.Rejected()
		}
		j.end(hub.Denied, "consent_refused")
		return false, nil
	}
	if j.answer != nil && asShown {
		var refused bool
		j.rulings, refused = outcome.Accepted(j.answer.Given)
		if refused {
			j.end(hub.Denied, "consent_refused")
			return false, nil
		}
		facts.Again = false
		outcome = consent.Decide(j.system.Rules, req.Attributes, consent.After(records, j.rulings), facts)
	}
	if outcome.Page() {
		if req.Passive {
			j.end(ConsentNeeded, string(ConsentNeeded))
			return false, nil
		}
		j.tx.Private = digest
		j.show(View{Step: StepConsent, Consent: &ConsentView{Rules: outcome.Rules(), Higher: outcome.Higher, Have: have, Offline: outcome.Offline}})
		return true, nil
	}
	facts.Again = false
	j.facts = facts
	kind := "login.resumed"
	if j.tx.SignedIn {
		kind = "login.succeeded"
	}
	level, provider := j.reached()
	e := j.named(audit.Event{Kind: kind, Outcome: audit.Success, Account: acct, Level: level, Provider: provider})
	if j.arrived == nil {
		e.Session = j.live.session.ID
	}
	j.event(e)
	done := Result{Release: outcome.Release, SignedIn: j.tx.SignedIn, Offline: outcome.Lasting}
	if j.acts != nil {
		done.Party = *j.acts
	}
	j.finish(done)
	return false, nil
}

// person tells who the transaction stands for now, and the highest level that is known of them: what a lower service would learn of
// (LOA-06). A session that has meanwhile ended, lapsed, or given way to another one stands for nobody.
func (j *journey) person() (hub.AccountID, hub.Level, bool) {
	if j.arrived != nil {
		have := j.arrived.identity.Level
		if j.live != nil && j.live.session.Account == j.arrived.account.ID {
			if _, lapsed := j.live.session.LapsedAtOwnLevel(j.now); !lapsed {
				have = have.Join(j.live.session.Highest(j.now))
			}
		}
		return j.arrived.account.ID, have, true
	}
	if j.live == nil || j.live.session.ID != j.tx.Session {
		return "", hub.Level{}, false
	}
	if _, ok := j.answers(j.live.session); !ok {
		return "", hub.Level{}, false
	}
	return j.live.session.Account, j.live.session.Highest(j.now), true
}

// answers gives the session as the system must see it. Of one that was made or raised in this login the last authentication counts,
// whose freshness was checked when it came; if another tab has raised it once more, any that reaches the level.
func (j *journey) answers(sess session.Session) (session.Session, bool) {
	if !j.tx.SignedIn {
		return answer(sess, j.tx.Request, j.want, j.choices, j.now)
	}
	return sess.For(j.want, j.now, func(r session.Reached) bool {
		return offered(j.choices, r.Provider) || j.arrived != nil && r.Provider == j.arrived.identity.Provider
	})
}

// reached gives the level and the provider that the system is answered with.
func (j *journey) reached() (hub.Level, hub.ProviderID) {
	if j.arrived != nil {
		return j.arrived.identity.Level, j.arrived.identity.Provider
	}
	sess, _ := j.answers(j.live.session)
	return sess.Level, sess.Provider
}

// raises reports whether this login raises the session of the person who is signed in.
func (j *journey) raises() bool {
	return j.live != nil && raises(j.live.session, j.tx.Request, j.want, j.choices, j.now)
}

// stepUp tells why somebody who is signed in must sign in again, "" where it is no such login.
func (j *journey) stepUp() StepUp {
	switch {
	case j.tx.Same == "":
		return ""
	case j.live == nil || j.live.session.Account != j.tx.Same:
		return StepUpEnded
	}
	for _, r := range j.live.session.Authentications() {
		if r.Level.Satisfies(j.want) && offered(j.choices, r.Provider) {
			return StepUpFresh
		}
	}
	return StepUpLevel
}

func (j *journey) show(v View) {
	v.Interaction, v.System, v.Want, v.Languages = j.tx.Interaction, j.system, j.want, j.languages()
	if v.Step == StepChoose {
		v.Problem, v.ProblemAt, v.Reason, v.Why, v.StepUp = j.problem, j.problemAt, j.reason, j.why, j.stepUp()
	}
	j.next.Show = &v
}

func (j *journey) languages() []string {
	if len(j.tx.Request.Languages) > 0 {
		return j.tx.Request.Languages
	}
	return j.browser.Languages
}

// spoken gives the language of the page that was answered, if it is one of ours.
func spoken(a *ConsentAnswer) string {
	if a != nil && slices.Contains(hub.Languages(), a.Language) {
		return a.Language
	}
	return ""
}

// reasonOf gives the machine word of an error for the record: the finest that its room offers, else its Kind. What has not the
// form of such a word is foreign text, and stays out.
func reasonOf(err error) string {
	var fine interface{ Reason() string }
	if errors.As(err, &fine) {
		if word := fine.Reason(); word != "" && len(word) <= 40 && strings.Trim(word, "abcdefghijklmnopqrstuvwxyz_") == "" {
			return word
		}
	}
	return string(hub.KindOf(err))
}
