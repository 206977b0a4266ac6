package hubtest

import (
	"testing"
	"time"

	"onedoor/hub"
	"onedoor/hub/consent"
	"onedoor/hub/login"
	"onedoor/hub/session"
)

// LoginStore is the conformance suite of login.Store.
func LoginStore(t *testing.T, open Open) {
	t.Run("RoundTrip", func(t *testing.T) { t.Parallel(); loginRoundTrip(t, NewWorld(t, open(t))) })
	t.Run("AdvanceComparesTheStep", func(t *testing.T) { t.Parallel(); loginAdvance(t, NewWorld(t, open(t))) })
	t.Run("Invariant6_OneOfManyAnswersCounts", func(t *testing.T) { t.Parallel(); loginRace(t, NewWorld(t, open(t))) })
	t.Run("Visit", func(t *testing.T) { t.Parallel(); loginVisit(t, NewWorld(t, open(t))) })
	t.Run("ExpiryAndPurge", func(t *testing.T) { t.Parallel(); loginPurge(t, NewWorld(t, open(t))) })
}

// Login gives a login under way, good for ten minutes, that is in no store yet.
func (w *World) Login() login.Transaction {
	now, age := w.Clock.Now(), 15*time.Minute
	return login.Transaction{
		ID: hub.TransactionID(w.ID()), BrowserHash: hub.NewSecret(w.Random).Hash(), Interaction: hub.InteractionID(w.ID()),
		Request: login.Request{
			Protocol: "oidc", Continue: []byte{0, 1, 0xff}, System: "tax", Want: hub.Level{IAL: hub.IAL23, AAL: hub.AAL22}, MaxAge: &age,
			Force: true, Passive: true, AskConsent: true, SelectAccount: true, Attributes: []hub.AttributeName{hub.GivenName, hub.Birthdate},
			Account: hub.AccountID(w.ID()), Languages: []string{"th", "en"}, ProviderHint: "thaid",
		},
		Step: login.StepChoose, Same: hub.AccountID(w.ID()), Party: w.ID(), CreatedAt: now, ExpiresAt: now.Add(10 * time.Minute),
	}
}

func loginRoundTrip(t *testing.T, w *World) {
	ctx := t.Context()
	x := w.Login()
	must(t, w.Logins.Create(ctx, x))
	got, err := w.Logins.Get(ctx, x.ID, w.Clock.Now())
	must(t, err)
	wantSame(t, "transaction", got, x)
	wantKind(t, "again", w.Logins.Create(ctx, x), hub.Conflict)

	var zero time.Duration
	forced := w.Login()
	forced.Request = login.Request{Protocol: "saml", System: "tax", MaxAge: &zero} // 0 is not "no wish"
	must(t, w.Logins.Create(ctx, forced))
	got, err = w.Logins.Get(ctx, forced.ID, w.Clock.Now())
	must(t, err)
	wantSame(t, "an age of 0", got, forced)
	for _, step := range []login.Step{login.StepUpstream, login.StepInput, login.StepWait, login.StepFinishing, login.StepParty, login.StepItems, login.StepConsent, login.StepDone} {
		at := w.Login()
		at.Step = step
		must(t, w.Logins.Create(ctx, at))
	}
	full := w.Login()
	full.Request = Fill[login.Request]()
	must(t, w.Logins.Create(ctx, full))
	got, err = w.Logins.Get(ctx, full.ID, w.Clock.Now())
	must(t, err)
	wantSame(t, "every field of a request", got, full)
	none := w.Login()
	none.Request = login.Request{}
	must(t, w.Logins.Create(ctx, none))
	got, err = w.Logins.Get(ctx, none.ID, w.Clock.Now())
	must(t, err)
	wantSame(t, "an empty request", got, none)
	_, err = w.Logins.Get(ctx, hub.TransactionID(w.ID()), w.Clock.Now())
	wantKind(t, "unknown", err, hub.NotFound)
}

func loginAdvance(t *testing.T, w *World) {
	ctx := t.Context()
	x := w.Login()
	must(t, w.Logins.Create(ctx, x))
	next := x
	next.Step, next.Provider, next.State, next.Private = login.StepUpstream, "thaid", w.ID(), w.Hash()
	next.Session, next.SignedIn, next.Attempts, next.Same, next.Anew = hub.SessionID(w.ID()), true, 3, hub.AccountID(w.ID()), true
	must(t, w.Logins.Advance(ctx, next, login.StepChoose))
	got, err := w.Logins.Get(ctx, x.ID, w.Clock.Now())
	must(t, err)
	wantSame(t, "advanced", got, next)
	wantKind(t, "from a step that is over", w.Logins.Advance(ctx, x, login.StepChoose), hub.Conflict)
	unknown := w.Login()
	wantKind(t, "an unknown one", w.Logins.Advance(ctx, unknown, login.StepChoose), hub.Conflict)

	thief := next // request, browser and interaction are what they were at the beginning
	thief.BrowserHash, thief.Interaction = hub.NewSecret(w.Random).Hash(), hub.InteractionID(w.ID())
	thief.Request.System, thief.Step = "health", login.StepFinishing
	must(t, w.Logins.Advance(ctx, thief, login.StepUpstream))
	got, err = w.Logins.Get(ctx, x.ID, w.Clock.Now())
	must(t, err)
	next.Step = login.StepFinishing
	wantSame(t, "the immutable stays", got, next)

	back := x // and what is empty again is empty
	must(t, w.Logins.Advance(ctx, back, login.StepFinishing))
	got, err = w.Logins.Get(ctx, x.ID, w.Clock.Now())
	must(t, err)
	wantSame(t, "back at the beginning", got, x)
}

func loginRace(t *testing.T, w *World) {
	x := w.Login()
	x.Step = login.StepUpstream
	must(t, w.Logins.Create(t.Context(), x))
	race(t, hub.Conflict, func(int) error {
		next := x
		next.Step = login.StepFinishing
		return w.Logins.Advance(t.Context(), next, login.StepUpstream)
	})
}

func loginPurge(t *testing.T, w *World) {
	ctx := t.Context()
	var all []login.Transaction
	for range 5 {
		x := w.Login()
		must(t, w.Logins.Create(ctx, x))
		all = append(all, x)
		w.Clock.Advance(time.Minute)
	}
	edge := all[3].ExpiresAt
	_, err := w.Logins.Get(ctx, all[3].ID, edge)
	wantKind(t, "at its end", err, hub.Expired)
	_, err = w.Logins.Get(ctx, all[3].ID, edge.Add(-time.Microsecond))
	must(t, err)
	for _, want := range []int{2, 1, 0} { // three are older than the edge
		n, err := w.Logins.Purge(ctx, edge, 2)
		must(t, err)
		if n != want {
			t.Errorf("purged %d, want %d", n, want)
		}
	}
	_, err = w.Logins.Get(ctx, all[2].ID, Noon())
	wantKind(t, "purged", err, hub.NotFound)
	_, err = w.Logins.Get(ctx, all[3].ID, Noon())
	must(t, err)
}

func loginVisit(t *testing.T, w *World) {
	ctx := t.Context()
	s, secret := w.Session(t)
	must(t, w.Consents.Add(ctx, w.Consent(s.Account, hub.Name, "return", consent.Given), w.Consent(s.Account, hub.Name, "return", consent.Withdrawn)))
	v, err := w.Logins.Visit(ctx, secret.Hash(), "tax")
	must(t, err)
	acct, err := w.Accounts.ByID(ctx, s.Account)
	must(t, err)
	current, err := w.Consents.Current(ctx, s.Account, "tax")
	must(t, err)
	wantSame(t, "visit", v, login.Visit{Session: s, Account: acct, Consents: current})
	v, err = w.Logins.Visit(ctx, secret.Hash(), "health")
	must(t, err)
	if v.Session.ID != s.ID || len(v.Consents) != 0 {
		t.Errorf("another system's: %+v", v)
	}
	_, err = w.Logins.Visit(ctx, hub.NewSecret(w.Random).Hash(), "tax")
	wantKind(t, "another secret", err, hub.NotFound)
	_, err = w.Sessions.End(ctx, s.ID, session.EndedByPerson, w.Clock.Now())
	must(t, err)
	_, err = w.Logins.Visit(ctx, secret.Hash(), "tax")
	wantKind(t, "an ended session", err, hub.NotFound)
}
