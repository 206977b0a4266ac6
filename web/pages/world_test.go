package pages

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"
	"time"

	"onedoor/federation"
	"onedoor/hub"
	"onedoor/hub/consent"
	"onedoor/hub/login"
	"onedoor/hub/logout"
	"onedoor/hub/session"
	"onedoor/web/names"
	"onedoor/web/server"
	"onedoor/web/visit"
	"onedoor/web/visit/visittest"
)

const (
	tx          = "aaaaaaaaaaaaaaaaaaaaaaaaaa"
	interaction = "bbbbbbbbbbbbbbbbbbbbbbbbbb"
)

// fakeLogin answers what the test has put down for each method, and notes how it was called.
type fakeLogin struct {
	mu      sync.Mutex
	next    map[string]login.Next
	err     map[string]error
	calls   []string
	browser login.Browser
	request login.Request
	params  map[string]string
	answer  login.ConsentAnswer
	items   login.ItemsAnswer
}

func (f *fakeLogin) call(ctx context.Context, method string, b login.Browser) (login.Next, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	_ = hub.WithInteraction(ctx, interaction) // as the service does when it has found the login
	f.calls, f.browser = append(f.calls, method), b
	return f.next[method], f.err[method]
}

func (f *fakeLogin) Begin(ctx context.Context, req login.Request, b login.Browser) (login.Next, error) {
	f.request = req
	return f.call(ctx, "begin", b)
}

func (f *fakeLogin) Show(ctx context.Context, id hub.TransactionID, b login.Browser) (login.Next, error) {
	return f.call(ctx, "show "+string(id), b)
}

func (f *fakeLogin) Anew(ctx context.Context, _ hub.TransactionID, b login.Browser) (login.Next, error) {
	return f.call(ctx, "anew", b)
}

func (f *fakeLogin) Choose(ctx context.Context, _ hub.TransactionID, p hub.ProviderID, b login.Browser) (login.Next, error) {
	return f.call(ctx, "choose "+string(p), b)
}

func (f *fakeLogin) Answer(ctx context.Context, p hub.ProviderID, params map[string]string, b login.Browser) (login.Next, error) {
	f.params = params
	return f.call(ctx, "answer "+string(p), b)
}

func (f *fakeLogin) Consent(ctx context.Context, _ hub.TransactionID, a login.ConsentAnswer, b login.Browser) (login.Next, error) {
	f.answer = a
	return f.call(ctx, "consent", b)
}

func (f *fakeLogin) Act(ctx context.Context, _ hub.TransactionID, party string, b login.Browser) (login.Next, error) {
	f.params = map[string]string{"party": party}
	return f.call(ctx, "act", b)
}

func (f *fakeLogin) Items(ctx context.Context, _ hub.TransactionID, a login.ItemsAnswer, b login.Browser) (login.Next, error) {
	f.items = a
	return f.call(ctx, "items", b)
}

func (f *fakeLogin) Submit(ctx context.Context, _ hub.TransactionID, fields map[string]string, b login.Browser) (login.Next, error) {
	f.params = fields
	return f.call(ctx, "submit", b)
}

func (f *fakeLogin) Back(ctx context.Context, _ hub.TransactionID, b login.Browser) (login.Next, error) {
	return f.call(ctx, "back", b)
}

func (f *fakeLogin) Cancel(ctx context.Context, _ hub.TransactionID, b login.Browser) (login.Next, error) {
	return f.call(ctx, "cancel", b)
}

// fakeSessions knows one session.
type fakeSessions struct {
	secret    hub.Secret
	resumeErr error
	endErr    error
	ended     []hub.SessionID
	left      []hub.SystemID
	waited    [][]string
	views     [][]string
	view      logout.View
	entries   []logout.Entry
	visits    map[string]logout.Visit
	backs     []string
}

func (f *fakeSessions) Resume(_ context.Context, s hub.Secret) (session.Session, hub.Secret, error) {
	if f.resumeErr != nil {
		return session.Session{}, hub.Secret{}, f.resumeErr
	}
	if s != f.secret {
		return session.Session{}, hub.Secret{}, hub.Errorf("x", hub.NotFound, "none")
	}
	return session.Session{ID: "the-session", Account: "the-account"}, hub.Secret{}, nil
}

func (f *fakeSessions) OfAccount(context.Context, hub.AccountID, bool, int) ([]session.Session, error) {
	return []session.Session{{ID: otherSession, Account: "the-account", Device: "Firefox on Linux"}, {ID: "the-session", Account: "the-account", Device: "Chrome on Android"}}, nil
}

func (f *fakeSessions) Participants(context.Context, hub.SessionID) ([]session.Participant, error) {
	return []session.Participant{{System: "revenue", Protocol: "oidc"}, {System: "revenue", Protocol: "saml"}, {Provider: "thaid", Protocol: "oidc-upstream"}}, nil
}

const (
	otherSession   = "otheraaaaaaaaaaaaaaaaaaaaa"
	foreignSession = "foreignaaaaaaaaaaaaaaaaaaa"
)

// EndBy implements Ends.
func (f *fakeSessions) EndBy(_ context.Context, s hub.Secret, cause session.Cause) (logout.Campaign, error) {
	switch {
	case f.resumeErr != nil && !errors.Is(f.resumeErr, hub.Expired):
		return logout.Campaign{}, f.resumeErr
	case f.endErr != nil:
		return logout.Campaign{}, f.endErr
	case s != f.secret:
		return logout.Campaign{}, hub.Errorf("x", hub.NotFound, "none")
	}
	return f.End(context.Background(), "the-session", cause)
}

// End implements Ends.
func (f *fakeSessions) End(_ context.Context, id hub.SessionID, cause session.Cause) (logout.Campaign, error) {
	if f.endErr != nil {
		return logout.Campaign{}, f.endErr
	}
	if cause.Reason != session.EndedByPerson {
		return logout.Campaign{}, hub.Errorf("x", hub.Internal, "reason")
	}
	f.ended = append(f.ended, id)
	return logout.Campaign{ID: "campaign-of-" + string(id)}, nil
}

// EndAccount implements Ends.
func (f *fakeSessions) EndAccount(ctx context.Context, id hub.AccountID, cause session.Cause) (all []logout.Campaign, err error) {
	live, _ := f.OfAccount(ctx, id, true, 0)
	for _, s := range live {
		c, err := f.End(ctx, s.ID, cause)
		if err != nil {
			return nil, err
		}
		all = append(all, c)
	}
	return all, nil
}

// Leave implements Ends.
func (f *fakeSessions) Leave(_ context.Context, id hub.SessionID, system hub.SystemID, _ session.Cause) (logout.Campaign, error) {
	if f.endErr != nil {
		return logout.Campaign{}, f.endErr
	}
	f.left = append(f.left, system)
	return logout.Campaign{ID: "left-" + string(system), Session: id, Left: system}, nil
}

// Wait implements Ends.
func (f *fakeSessions) Wait(_ context.Context, _ time.Duration, campaigns ...string) (bool, error) {
	f.waited = append(f.waited, campaigns)
	return true, nil
}

// View implements Ledgers.
func (f *fakeSessions) View(_ context.Context, campaigns []string, _ string, _ hub.SystemID) (hub.Secret, error) {
	f.views = append(f.views, campaigns)
	return secret(77), nil
}

// Viewed implements Ledgers.
func (f *fakeSessions) Viewed(_ context.Context, s hub.Secret) (logout.View, []logout.Entry, error) {
	if s != secret(77) {
		return logout.View{}, nil, hub.Errorf("x", hub.NotFound, "none")
	}
	return f.view, f.entries, nil
}

// Visit implements Ledgers.
func (f *fakeSessions) Visit(_ context.Context, n logout.Notice, back string) (logout.Visit, error) {
	f.backs = append(f.backs, back)
	v, ok := f.visits[n.ID]
	if !ok {
		return logout.Visit{}, hub.Errorf("x", hub.NotFound, "none")
	}
	return v, nil
}

// Depart implements Ledgers.
func (f *fakeSessions) Depart(_ context.Context, n logout.Notice, _ time.Duration) (bool, error) {
	for _, e := range f.entries {
		for i := range e.Notices {
			if e.Notices[i].ID == n.ID && e.Notices[i].Tries == 0 {
				e.Notices[i].Tries = 1
				return true, nil
			}
		}
	}
	return false, nil
}

type fakeDirectory struct{}

func (fakeDirectory) System(_ context.Context, id hub.SystemID) (login.System, error) {
	if id != "revenue" {
		return login.System{}, hub.Errorf("x", hub.NotFound, "none")
	}
	return login.System{ID: id, Names: hub.Text{"en": "Online tax"}, Rules: []consent.Rule{{Attribute: hub.Name, Purpose: "return", Text: hub.Text{"en": "For the return"}}}}, nil
}

type fakeRegister struct {
	list []federation.Provider
	err  error
}

func (f *fakeRegister) Providers(context.Context) ([]federation.Provider, error) {
	return f.list, f.err
}

// fakeProtocol redirects to the system like a protocol.
type fakeProtocol struct {
	target string
	result login.Result
	seen   hub.InteractionID
}

func (f *fakeProtocol) FinishLogin(w http.ResponseWriter, r *http.Request, res login.Result) {
	f.result, f.seen = res, hub.InteractionFrom(r.Context())
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, f.target, http.StatusSeeOther)
}

type world struct {
	*Journey
	login    *fakeLogin
	sessions *fakeSessions
	register *fakeRegister
	protocol *fakeProtocol
	edge     http.Handler
	begin    login.Request // what /oauth2/authorize begins with
}

var now = visittest.Now

func newWorld(t testing.TB) *world {
	t.Helper()
	w := &world{
		login:    &fakeLogin{next: map[string]login.Next{}, err: map[string]error{}},
		sessions: &fakeSessions{secret: secret(7)},
		register: &fakeRegister{},
		protocol: &fakeProtocol{target: "https://rp.example/cb?code=c0de&state=s"},
		begin:    login.Request{Protocol: "oidc", System: "revenue"},
	}
	w.open(t, visittest.Options(t, w.sessions))
	return w
}

// open makes the Journey over a Reception of its own, and the edge in front of it.
func (w *world) open(t testing.TB, o visit.Options) {
	t.Helper()
	w.Journey = w.made(t, o)
	authorize := func(rw http.ResponseWriter, r *http.Request) { w.Begin(rw, r, w.begin) }
	w.edge = visittest.Edge(t, w.v, append(w.Mounts(), server.Mount{Methods: []string{"GET", "POST"}, Path: "/oauth2/authorize", Handler: http.HandlerFunc(authorize)}))
}

// made makes the Journey over a Reception of its own.
func (w *world) made(t testing.TB, o visit.Options) *Journey {
	t.Helper()
	j, err := New(Options{
		Login: w.login, Visit: visittest.NewReception(t, o), Sessions: w.sessions, Ends: w.sessions, Ledgers: w.sessions, Address: "https://onedoor.example",
		Names: names.Book{Register: w.register, Directory: fakeDirectory{}}, Clock: visittest.Clock,
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := j.Bind("oidc", w.protocol); err != nil {
		t.Fatal(err)
	}
	return j
}

// The browser's side.
func secret(n byte) hub.Secret      { return visittest.Secret(n) }
func get(path string) *http.Request { return visittest.Get(path) }
func post(path, about string, fields url.Values) *http.Request {
	return visittest.Post(path, about, fields)
}
func signedIn(r *http.Request) *http.Request                   { return visittest.SignedIn(r) }
func (w *world) do(r *http.Request) *httptest.ResponseRecorder { return visittest.Do(w.edge, r) }

func cookies(rec *httptest.ResponseRecorder) map[string]*http.Cookie { return visittest.Cookies(rec) }

func fields(t *testing.T, page, action string, tick bool) url.Values {
	t.Helper()
	return visittest.Fields(t, page, action, tick)
}

func choosing() login.Next {
	return login.Next{Transaction: tx, Show: &login.View{
		Step: login.StepChoose, Interaction: interaction, System: login.System{ID: "revenue", Names: hub.Text{"en": "Tax Filing"}, Owner: hub.Text{"en": "Revenue"}},
		Choices: []login.Choice{{ID: "thaid", Names: hub.Text{"en": "ThaID"}}},
	}}
}

func consenting() login.Next {
	n := choosing()
	n.Show.Step = login.StepConsent
	n.Show.Consent = &login.ConsentView{Rules: []consent.Rule{
		{Attribute: hub.Name, Purpose: "tax", Required: true, Basis: consent.ByConsent, Text: hub.Text{"en": "To file"}},
		{Attribute: hub.Address, Purpose: "post", Basis: consent.ByConsent, Text: hub.Text{"en": "To write"}},
	}}
	return n
}

func done() login.Next {
	return login.Next{Transaction: tx, Done: &login.Result{Interaction: interaction, Request: login.Request{Protocol: "oidc"}, Failure: hub.Denied}}
}
