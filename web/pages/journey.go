package pages

import (
	"context"
	"net/http"

	"onedoor/hub"
	"onedoor/hub/login"
	"onedoor/hub/session"
	"onedoor/web/names"
	"onedoor/web/server"
	"onedoor/web/view"
	"onedoor/web/visit"
)

// Login is the login under way; login.Service has it, and its comments name the errors.
type Login interface {
	Begin(ctx context.Context, req login.Request, b login.Browser) (login.Next, error)
	Show(ctx context.Context, tx hub.TransactionID, b login.Browser) (login.Next, error)
	Choose(ctx context.Context, tx hub.TransactionID, provider hub.ProviderID, b login.Browser) (login.Next, error)
	Answer(ctx context.Context, provider hub.ProviderID, params map[string]string, b login.Browser) (login.Next, error)
	Consent(ctx context.Context, tx hub.TransactionID, a login.ConsentAnswer, b login.Browser) (login.Next, error)
	Act(ctx context.Context, tx hub.TransactionID, party string, b login.Browser) (login.Next, error)
	Items(ctx context.Context, tx hub.TransactionID, answer login.ItemsAnswer, b login.Browser) (login.Next, error)
	Cancel(ctx context.Context, tx hub.TransactionID, b login.Browser) (login.Next, error)
	Anew(ctx context.Context, tx hub.TransactionID, b login.Browser) (login.Next, error)
	Prompts
}

// Sessions is what the journey needs of sessions; session.Service has it.
type Sessions interface {
	// Participants lists whom a session was used at. Unavailable.
	Participants(ctx context.Context, id hub.SessionID) ([]session.Participant, error)
}

// Finisher is a downstream protocol: it answers the system whose login has ended. oidcop.Provider has it.
type Finisher interface {
	FinishLogin(w http.ResponseWriter, r *http.Request, res login.Result)
}

// Options are what a Journey is made of. All are required but the last ones.
type Options struct {
	Login    Login
	Visit    *visit.Reception
	Sessions Sessions
	Ends     Ends
	Ledgers  Ledgers
	Names    names.Book
	Clock    hub.Clock
	// Address is the issuer: where visits to services come back to.
	Address string
	// Services lists the systems that the start page leads to; nil for none.
	Services func(ctx context.Context) []view.Service
	// Contacts tells that there is a page of contacts.
	Contacts bool
}

// Journey leads browsers. Bind every protocol before the first request.
type Journey struct {
	o         Options
	v         *visit.Reception
	screen    *server.Screen
	protocols map[string]Finisher
}

// New checks the options, and takes the logins of the hub's own pages from the Reception. Invalid where one is missing.
func New(o Options) (*Journey, error) {
	if o.Login == nil || o.Visit == nil || o.Sessions == nil || o.Ends == nil || o.Ledgers == nil || o.Address == "" || o.Names.Register == nil || o.Names.Directory == nil || o.Clock == nil {
		return nil, hub.Errorf("pages.New", hub.Invalid, "an option is missing")
	}
	j := &Journey{o: o, v: o.Visit, screen: o.Visit.Screen(), protocols: map[string]Finisher{visit.Protocol: o.Visit}}
	if err := o.Visit.Bind(j); err != nil {
		return nil, err
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
	b := visit.Browser(r)
	b.Binding = j.v.Binding(w, r)
	next, err := j.o.Login.Begin(r.Context(), req, b)
	if err != nil {
		j.screen.Fail(w, r, err, "")
		return
	}
	j.proceed(w, r, next, b, req.Languages)
}

// Refuse shows the error page for a request that can't be answered at the system.
func (j *Journey) Refuse(w http.ResponseWriter, r *http.Request, err error) {
	j.screen.Fail(w, r, err, "")
}

// way is where a login under way can be seen.
func way(tx hub.TransactionID) string { return "/login/" + string(tx) }

// proceed does what the login says comes next. A page is shown by a redirect to the login's own address, so that it can be
// reloaded; only a page with a problem is shown at once, because the problem belongs to this very answer.
func (j *Journey) proceed(w http.ResponseWriter, r *http.Request, next login.Next, b login.Browser, wishes []string) {
	if next.Session != nil {
		visit.SetSession(w, *next.Session, next.SessionAAL)
	}
	if next.SignedOut {
		if err := j.signedOutOf(w, r); err != nil {
			j.screen.Fail(w, r, err, way(next.Transaction))
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
		j.screen.Fail(w, r, hub.Errorf("pages.proceed", hub.Internal, "nothing comes next"), "")
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
		j.screen.Fail(w, r, err, "")
		return
	}
	f := view.Frame{
		Lang: j.v.Language(w, r, wishes), Path: way(next.Transaction), Interaction: v.Interaction,
		SignedIn: next.Session != nil || !b.Session.IsZero(),
	}
	j.screen.Show(w, r, http.StatusOK, f, p)
}

// waitSeconds is how often the waiting page asks again.
const waitSeconds = 3

// model gives the page for a step.
func model(next login.Next, b login.Browser) (view.Page, error) {
	v, path := next.Show, way(next.Transaction)
	form := visit.Token(b.Binding, string(next.Transaction))
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
	case login.StepParty:
		if v.Party != nil {
			return view.PartyPage{System: v.System, Action: path, Token: form, Party: *v.Party, Problem: v.Problem}, nil
		}
	case login.StepItems:
		if v.Items != nil {
			return view.ItemsPage{System: v.System, Action: path, Token: form, Items: *v.Items}, nil
		}
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
