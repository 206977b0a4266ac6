package portal

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"onedoor/federation"
	"onedoor/hub"
	"onedoor/hub/account"
	"onedoor/hub/audit"
	"onedoor/hub/consent"
	"onedoor/hub/login"
	"onedoor/hub/logout"
	"onedoor/hub/notice"
	"onedoor/hub/session"
	"onedoor/web/names"
	"onedoor/web/visit"
	"onedoor/web/visit/visittest"
)

const (
	otherSession   = "otheraaaaaaaaaaaaaaaaaaaaa"
	foreignSession = "foreignaaaaaaaaaaaaaaaaaaa"
)

// world is a portal with its edge, and what stands behind it. It is Sessions, Ends, Ledgers, Farewell, Register, Consents and Notices.
type world struct {
	t        *testing.T
	here     *visittest.Sessions
	journey  *visittest.Journey
	contacts *fakeContacts
	edge     http.Handler

	providers []federation.Provider
	entries   []logout.Entry
	ended     []hub.SessionID
	told      [][]logout.Campaign
	records   []consent.Record
	withdrawn []hub.SystemID
	of        hub.AccountID // whose consents were asked for
	notices   []notice.Notice
	events    []audit.Event // newest first
	parts     []audit.Part  // that were asked for
	err       error         // of consents and notices
	orders    []account.Order
	ways      []account.Link
	changes   []string // of the ways
	lifeErr   error
}

func newWorld(t *testing.T, contacts ...*fakeContacts) *world {
	t.Helper()
	w := &world{t: t, here: &visittest.Sessions{Secret: visittest.Mine()}, journey: &visittest.Journey{}}
	v := visittest.NewReception(t, visittest.Options(t, w.here))
	if err := v.Bind(w.journey); err != nil {
		t.Fatal(err)
	}
	o := w.options(v)
	if len(contacts) > 0 {
		w.contacts, o.Contacts = contacts[0], contacts[0]
	}
	p, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	w.edge = visittest.Edge(t, v, append(p.Mounts(), v.Mounts()...))
	return w
}

func (w *world) options(v *visit.Reception) Options {
	return Options{
		Visit: v, Sessions: fakeSessions{}, Ends: w, Ledgers: fakeLedgers{w}, Farewell: w, Clock: visittest.Clock,
		Names: names.Book{Register: w, Directory: fakeDirectory{}}, Consents: fakeConsents{w}, Notices: w, History: w, Lives: fakeLives{w}, Links: fakeLinks{w},
	}
}

func (w *world) do(r *http.Request) *httptest.ResponseRecorder { return visittest.Do(w.edge, r) }

// show gives the page at a path for the person who is signed in.
func (w *world) show(path string) string { return w.do(mine(visittest.Get(path))).Body.String() }

// send posts a form of ours for the person who is signed in.
func (w *world) send(path, about string, form url.Values) *httptest.ResponseRecorder {
	return w.do(mine(visittest.Post(path, about, form)))
}

func mine(r *http.Request) *http.Request { return visittest.SignedIn(r) }

func at(year int, month time.Month, day int) time.Time {
	return time.Date(year, month, day, 12, 0, 0, 0, time.UTC)
}

// Of implements Notices.
func (w *world) Of(_ context.Context, account hub.AccountID, _ int) ([]notice.Notice, error) {
	var found []notice.Notice
	for _, n := range w.notices {
		if n.Account == account {
			found = append(found, n)
		}
	}
	return found, w.err
}

// Past implements History.
func (w *world) Past(_ context.Context, account hub.AccountID, part audit.Part) ([]audit.Event, error) {
	w.parts = append(w.parts, part)
	var found []audit.Event
	reached := part.Before == ""
	for _, e := range w.events {
		area, _, _ := strings.Cut(e.Kind, ".")
		if reached && e.Account == account && !e.At.Before(part.Since) && len(found) < part.Limit && (len(part.Areas) == 0 || slices.Contains(part.Areas, area)) &&
			!slices.Contains(part.Without, e.Kind) {
			found = append(found, e)
		}
		reached = reached || e.ID == part.Before
	}
	return found, w.err
}

// Providers implements names.Register.
func (w *world) Providers(context.Context) ([]federation.Provider, error) { return w.providers, nil }

// End implements Ends.
func (w *world) End(_ context.Context, id hub.SessionID, cause session.Cause) (logout.Campaign, error) {
	if cause.Reason != session.EndedByPerson {
		return logout.Campaign{}, hub.Errorf("x", hub.Internal, "reason")
	}
	w.ended = append(w.ended, id)
	return logout.Campaign{ID: "campaign-of-" + string(id)}, nil
}

// EndAccount implements Ends.
func (w *world) EndAccount(ctx context.Context, account hub.AccountID, cause session.Cause) (all []logout.Campaign, err error) {
	live, _ := fakeSessions{}.OfAccount(ctx, account, true, 0)
	for _, s := range live {
		c, err := w.End(ctx, s.ID, cause)
		if err != nil {
			return nil, err
		}
		all = append(all, c)
	}
	return all, nil
}

// Told implements Farewell.
func (w *world) Told(_ context.Context, _ string, _ hub.SystemID, all ...logout.Campaign) (string, error) {
	w.told = append(w.told, all)
	return "/signed-out/told", nil
}

// fakeLinks has the ways of the person, and notes what is changed.
type fakeLinks struct{ w *world }

func (f fakeLinks) Links(_ context.Context, id hub.AccountID) ([]account.Link, error) {
	if id != visittest.Account {
		return nil, nil
	}
	return f.w.ways, nil
}

func (f fakeLinks) Unlink(_ context.Context, id hub.AccountID, link, channel string) (account.Link, error) {
	f.w.changes = append(f.w.changes, "remove "+string(id)+" "+link+" "+channel)
	return account.Link{}, f.w.lifeErr
}

func (f fakeLinks) Relink(_ context.Context, id hub.AccountID, link, channel string) (account.Link, error) {
	f.w.changes = append(f.w.changes, "allow "+string(id)+" "+link+" "+channel)
	return account.Link{}, f.w.lifeErr
}

// fakeLives notes what is ordered, and ends a session as the life cycle does.
type fakeLives struct{ w *world }

func (f fakeLives) order(o account.Order, became account.Status) (account.Change, error) {
	f.w.orders = append(f.w.orders, o)
	f.w.entries = append(f.w.entries, logout.Entry{Campaign: logout.Campaign{ID: "its-campaign", At: visittest.Now, Cause: session.Cause{Reason: session.EndedByAccount}}})
	return account.Change{Account: o.Account, Became: became, Reason: o.Reason, At: visittest.Now}, f.w.lifeErr
}

func (f fakeLives) Suspend(_ context.Context, o account.Order) (account.Change, error) {
	return f.order(o, account.Suspended)
}

func (f fakeLives) ReportLost(_ context.Context, o account.Order) (account.Change, error) {
	return f.order(o, account.Suspended)
}

func (f fakeLives) Terminate(_ context.Context, o account.Order) (account.Change, error) {
	return f.order(o, account.Terminated)
}

func (f fakeLives) Show(_ context.Context, id hub.AccountID) (account.Account, []account.Change, error) {
	return account.Account{ID: id, Status: account.Active}, []account.Change{{At: visittest.Now, Became: account.Active, Reason: account.Cleared}}, nil
}

// fakeSessions has two sessions of the person's, and one of somebody else's.
type fakeSessions struct{}

func (fakeSessions) Get(_ context.Context, id hub.SessionID) (session.Session, error) {
	switch id {
	case visittest.Session, otherSession:
		return session.Session{ID: id, Account: visittest.Account}, nil
	case foreignSession:
		return session.Session{ID: id, Account: "another-account"}, nil
	}
	return session.Session{}, hub.Errorf("x", hub.NotFound, "none")
}

func (fakeSessions) OfAccount(_ context.Context, account hub.AccountID, _ bool, _ int) ([]session.Session, error) {
	if account != visittest.Account {
		return nil, errors.New("somebody else's")
	}
	return []session.Session{
		{ID: otherSession, Account: account, Device: "Firefox on Linux"}, {ID: visittest.Session, Account: account, Device: "Chrome on Android"},
	}, nil
}

func (fakeSessions) Participants(context.Context, hub.SessionID) ([]session.Participant, error) {
	return []session.Participant{{System: "revenue", Protocol: "oidc"}, {System: "revenue", Protocol: "saml"}, {Provider: "thaid", Protocol: "oidc-upstream"}}, nil
}

// fakeLedgers gives OfAccount the ledgers' form.
type fakeLedgers struct{ w *world }

func (f fakeLedgers) OfAccount(context.Context, hub.AccountID, int) ([]logout.Entry, error) {
	return f.w.entries, nil
}

type fakeConsents struct{ w *world }

func (f fakeConsents) History(_ context.Context, account hub.AccountID, _ int) ([]consent.Record, error) {
	f.w.of = account
	return f.w.records, f.w.err
}

func (f fakeConsents) Withdraw(_ context.Context, account hub.AccountID, system hub.SystemID) (int, error) {
	f.w.of, f.w.withdrawn = account, append(f.w.withdrawn, system)
	return 1, f.w.err
}

type fakeDirectory struct{}

func (fakeDirectory) System(_ context.Context, id hub.SystemID) (login.System, error) {
	if id != "revenue" {
		return login.System{}, hub.Errorf("x", hub.NotFound, "none")
	}
	return login.System{ID: id, Department: "revenue", Names: hub.Text{"en": "Online tax"}, Owner: hub.Text{"en": "Revenue Department"}, Complaint: "https://complain.example/", Rules: []consent.Rule{{Attribute: hub.Name, Purpose: "return", Text: hub.Text{"en": "For the return"}, Required: true, Effect: hub.Text{"en": "No return without it"}}}}, nil
}

// New takes no portal that lacks a part.
func TestNew_RefusesWhatIsMissing(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(*Options){
		"visit": func(o *Options) { o.Visit = nil }, "sessions": func(o *Options) { o.Sessions = nil }, "ends": func(o *Options) { o.Ends = nil },
		"ledgers": func(o *Options) { o.Ledgers = nil }, "farewell": func(o *Options) { o.Farewell = nil }, "clock": func(o *Options) { o.Clock = nil },
		"register": func(o *Options) { o.Names.Register = nil }, "directory": func(o *Options) { o.Names.Directory = nil },
		"consents": func(o *Options) { o.Consents = nil }, "notices": func(o *Options) { o.Notices = nil },
		"history": func(o *Options) { o.History = nil }, "lives": func(o *Options) { o.Lives = nil },
		"links": func(o *Options) { o.Links = nil },
	} {
		w := newWorld(t)
		o := w.options(visittest.NewReception(t, visittest.Options(t, w.here)))
		spoil(&o)
		if _, err := New(o); !errors.Is(err, hub.Invalid) {
			t.Errorf("no %s: %v", name, err)
		}
	}
}

// SES-22: guessing is paced on every page that reads a secret of the person's.
func TestSES22_EveryRouteIsPaced(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	o := w.options(visittest.NewReception(t, visittest.Options(t, w.here)))
	o.Contacts = &fakeContacts{}
	p, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range p.Mounts() {
		if m.Rate.Name == "" || m.Body <= 0 || m.Machine {
			t.Errorf("%s: %+v", m.Path, m)
		}
	}
}
