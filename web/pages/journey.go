package pages

import (
	"context"
	"io"
	"net/http"
	"time"

	"onedoor/federation"
	"onedoor/hub"
	"onedoor/hub/login"
	"onedoor/hub/session"
	"onedoor/web/locale"
	"onedoor/web/server"
	"onedoor/web/view"
)

// Login is the login under way; login.Service has it, and its comments name the errors.
type Login interface {
	Begin(ctx context.Context, req login.Request, b login.Browser) (login.Next, error)
	Show(ctx context.Context, tx hub.TransactionID, b login.Browser) (login.Next, error)
	Choose(ctx context.Context, tx hub.TransactionID, provider hub.ProviderID, b login.Browser) (login.Next, error)
	Answer(ctx context.Context, provider hub.ProviderID, params map[string]string, b login.Browser) (login.Next, error)
	Consent(ctx context.Context, tx hub.TransactionID, a login.ConsentAnswer, b login.Browser) (login.Next, error)
	Cancel(ctx context.Context, tx hub.TransactionID, b login.Browser) (login.Next, error)
	Anew(ctx context.Context, tx hub.TransactionID, b login.Browser) (login.Next, error)
	Prompts
}

// Sessions is what the pages need of sessions; session.Service has it.
type Sessions interface {
	// Resume finds the live session of a secret. NotFound, Expired: there is none any more. Unavailable.
	Resume(ctx context.Context, secret hub.Secret) (session.Session, hub.Secret, error)
	// Get finds one, ended or not. NotFound, Unavailable.
	Get(ctx context.Context, id hub.SessionID) (session.Session, error)
	// OfAccount lists an account's sessions, the latest start first, at most limit. Unavailable.
	OfAccount(ctx context.Context, account hub.AccountID, live bool, limit int) ([]session.Session, error)
	// Participants lists whom a session was used at. Unavailable.
	Participants(ctx context.Context, id hub.SessionID) ([]session.Participant, error)
}

// Register lists the identity providers for the public page (LOA-02); federation.Store has it. Unavailable.
type Register interface {
	Providers(ctx context.Context) ([]federation.Provider, error)
}

// Finisher is a downstream protocol: it answers the system whose login has ended. oidcop.Provider has it.
type Finisher interface {
	FinishLogin(w http.ResponseWriter, r *http.Request, res login.Result)
}

// Options are what a Journey is made of. All are required but the last ones.
type Options struct {
	Login    Login
	Sessions Sessions
	Ends     Ends
	Ledgers  Ledgers
	Register Register
	// Directory names the systems; tenants.Directory has it (ForLogin).
	Directory login.Directory
	Consents  Consents
	Notices   Notices
	Screen    *server.Screen
	Clock     hub.Clock
	Random    io.Reader
	// Lease is the revocation lease of all nodes (architecture D2). A sign-out answers no sooner than this after its commit, so
	// that no node takes a token for active once the person has been told that they are signed out.
	Lease time.Duration
	// Address is the issuer: where visits to services come back to.
	Address string
	// Services lists the systems that the start page leads to; nil for none.
	Services func(ctx context.Context) []view.Service
	Rate     server.Rate // of the steps of a login, for each client network; {"login", 300, 50 ms} where zero
	// Contacts are where people are told of their account; nil where there is no way to any address. Own must be set with it.
	Contacts Contacts
	Own      Own
	// Staff are who works for an authority, with the names of where they do; both or neither.
	Staff  Staff
	Places Places
}

// Journey leads browsers. Bind every protocol before the first request.
type Journey struct {
	o         Options
	cross     *http.CrossOriginProtection
	protocols map[string]Finisher
}

// New checks the options. Invalid where one is missing.
func New(o Options) (*Journey, error) {
	if o.Login == nil || o.Sessions == nil || o.Ends == nil || o.Ledgers == nil || o.Address == "" || o.Register == nil || o.Directory == nil || o.Consents == nil || o.Notices == nil || o.Screen == nil || o.Clock == nil || o.Random == nil || o.Lease <= 0 {
		return nil, hub.Errorf("pages.New", hub.Invalid, "an option is missing")
	}
	if o.Rate == (server.Rate{}) {
		// Generous, because whole provinces sit behind one network of a mobile carrier; what must not be guessed has 256 bits.
		o.Rate = server.Rate{Name: "login", Burst: 300, Every: 50 * time.Millisecond}
	}
	if (o.Staff == nil) != (o.Places == nil) || (o.Contacts != nil || o.Staff != nil) && (o.Own.System == "" || o.Own.Reach == nil) {
		return nil, hub.Errorf("pages.New", hub.Invalid, "pages that need a sign-in of their own, and no way to it")
	}
	j := &Journey{o: o, cross: http.NewCrossOriginProtection(), protocols: map[string]Finisher{}}
	if o.Own.System != "" {
		j.protocols[ownProtocol] = own{j}
	}
	return j, nil
}

// Bind tells who finishes the logins of a protocol. The protocol itself needs the Journey to begin them, so this can't be an
// option. Invalid for an empty or known name.
func (j *Journey) Bind(protocol string, f Finisher) error {
	if protocol == "" || f == nil || j.protocols[protocol] != nil {
		return hub.Errorf("pages.Bind", hub.Invalid, "no protocol, or bound before")
	}
	j.protocols[protocol] = f
	return nil
}

// Begin starts the login that a system asks for. It answers the browser and calls the protocol's FinishLogin in the end.
func (j *Journey) Begin(w http.ResponseWriter, r *http.Request, req login.Request) {
	b := browser(r)
	if b.Binding.IsZero() {
		b.Binding = hub.NewSecret(j.o.Random)
		setBinding(w, b.Binding)
	}
	next, err := j.o.Login.Begin(r.Context(), req, b)
	if err != nil {
		j.o.Screen.Fail(w, r, err, "")
		return
	}
	j.proceed(w, r, next, b, req.Languages)
}

// Refuse shows the error page for a request that can't be answered at the system.
func (j *Journey) Refuse(w http.ResponseWriter, r *http.Request, err error) {
	j.o.Screen.Fail(w, r, err, "")
}

// way is where a login under way can be seen.
func way(tx hub.TransactionID) string { return "/login/" + string(tx) }

// proceed does what the login says comes next. A page is shown by a redirect to the login's own address, so that it can be
// reloaded; only a page with a problem is shown at once, because the problem belongs to this very answer.
func (j *Journey) proceed(w http.ResponseWriter, r *http.Request, next login.Next, b login.Browser, wishes []string) {
	if next.Session != nil {
		setSession(w, *next.Session, next.SessionAAL)
	}
	if next.SignedOut {
		if err := j.signedOutOf(w, r); err != nil {
			j.o.Screen.Fail(w, r, err, way(next.Transaction))
			return
		}
	}
	switch {
	case next.Done != nil:
		j.finish(w, r, *next.Done)
	case next.Redirect != "":
		j.leave(w, r, next.Redirect)
	case next.Show != nil && next.Show.Problem != "":
		j.page(w, r, next, b, wishes)
	case next.Show != nil && hub.ValidID(string(next.Transaction)):
		w.Header().Set("Referrer-Policy", "no-referrer")
		http.Redirect(w, r, way(next.Transaction), http.StatusSeeOther)
	default:
		j.o.Screen.Fail(w, r, hub.Errorf("pages.proceed", hub.Internal, "nothing comes next"), "")
	}
}

// page shows where a login stands.
func (j *Journey) page(w http.ResponseWriter, r *http.Request, next login.Next, b login.Browser, wishes []string) {
	v := next.Show
	if len(v.Languages) > 0 {
		wishes = v.Languages
	}
	p, err := model(next, b)
	if err != nil {
		j.o.Screen.Fail(w, r, err, "")
		return
	}
	f := view.Frame{
		Lang: j.language(w, r, wishes), Path: way(next.Transaction), Interaction: v.Interaction,
		SignedIn: next.Session != nil || !b.Session.IsZero(),
	}
	j.o.Screen.Show(w, r, http.StatusOK, f, p)
}

// language gives the language of a page, and keeps it where the person has just chosen it.
func (j *Journey) language(w http.ResponseWriter, r *http.Request, wishes []string) locale.Lang {
	if r.Method == http.MethodGet {
		if l, ok := locale.Parse(r.URL.Query().Get("lang")); ok {
			setLanguage(w, l)
		}
	}
	return server.Language(r, wishes...)
}

// waitSeconds is how often the waiting page asks again.
const waitSeconds = 3

// model gives the page for a step.
func model(next login.Next, b login.Browser) (view.Page, error) {
	v, path := next.Show, way(next.Transaction)
	form := token(b.Binding, string(next.Transaction))
	switch v.Step {
	case login.StepChoose:
		return view.ChoosePage{
			System: v.System, Action: path, Token: form, Want: v.Want, Choices: v.Choices,
			Problem: v.Problem, ProblemAt: nameOf(v.ProblemAt, v.Choices), Reason: v.Reason, Why: v.Why, StepUp: v.StepUp,
		}, nil
	case login.StepFinishing:
		if v.Provider != nil {
			names := v.Provider.Names
			if len(names) == 0 {
				names = hub.Text{"en": string(v.Provider.ID)}
			}
			return view.WaitPage{System: v.System, Path: path, Provider: names, Seconds: waitSeconds}, nil
		}
	case login.StepInput, login.StepWait:
		return prompted(v, path, form)
	case login.StepConsent:
		if v.Consent != nil {
			return view.ConsentPage{
				System: v.System, Action: path, Token: form, Want: v.Want,
				Rules: v.Consent.Rules, Higher: v.Consent.Higher, Have: v.Consent.Have, Offline: v.Consent.Offline,
			}, nil
		}
	}
	return nil, hub.Errorf("pages.model", hub.Internal, "no page for this step")
}

// nameOf gives the name of a provider that the person has tried; its id where it is not offered any more.
func nameOf(id hub.ProviderID, choices []login.Choice) hub.Text {
	for _, c := range choices {
		if c.ID == id {
			return c.Names
		}
	}
	if id == "" {
		return nil
	}
	return hub.Text{"en": string(id)}
}
