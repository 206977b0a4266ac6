package login_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"time"

	"onedoor/hub"
	"onedoor/hub/account"
	"onedoor/hub/audit"
	"onedoor/hub/consent"
	"onedoor/hub/login"
	"onedoor/hub/login/logintest"
	"onedoor/hub/session"
)

// world is a hub with two providers that matter and some systems.
type world struct {
	*login.Service
	t        *testing.T
	sessions *session.Service
	accounts *account.Service
	consents *consent.Service
	mem      *logintest.Memory
	clock    *logintest.Clock
	fed      *logintest.Federation
	dir      *logintest.Directory
	log      *syncBuffer
	ctx      context.Context
}

type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *syncBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *syncBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

const (
	thaid = hub.ProviderID("thaid") // up to 2.3 / 2.2
	bank  = hub.ProviderID("bank")  // up to 2.1 / 2.1
	app   = hub.ProviderID("app")   // up to 1.3 / 1

	library = hub.SystemID("library") // asks for nothing
	tax     = hub.SystemID("tax")     // 2.3 / 2.1, with attributes
	health  = hub.SystemID("health")  // 2.1 / 2.1, no attributes
	defence = hub.SystemID("defence") // 3 / 3: nobody can

	somchai = "1101700230708"
	malee   = "3100600445635"
	family  = "ใจดีมาก"
)

func rule(a hub.AttributeName, purpose string, required bool, basis consent.Basis) consent.Rule {
	return consent.Rule{Attribute: a, Purpose: purpose, Required: required, Basis: basis, Text: hub.Text{"th": "เพื่อ", "en": "for"}}
}

func taxSystem() login.System {
	return login.System{
		ID: tax, Department: "revenue", Live: true, Least: hub.Level{IAL: hub.IAL23, AAL: hub.AAL21}, Rules: []consent.Rule{
			rule(hub.FamilyName, "return", true, consent.ByConsent), rule(hub.Birthdate, "return", false, consent.ByConsent),
			rule(hub.CitizenID, "return", true, consent.ByLegalDuty),
		},
	}
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{
		t: t, clock: logintest.NewClock(), fed: &logintest.Federation{}, dir: &logintest.Directory{},
		log: &syncBuffer{}, ctx: hub.WithInteraction(context.Background(), "interactiononeaaaaaaaaaaaa"),
	}
	w.mem = logintest.NewMemory(w.clock.Now)
	var err error
	if w.sessions, err = session.New(session.Options{
		Store: w.mem.Sessions(), Audit: w.mem, Tx: w.mem, Clock: w.clock.Now, Random: rand.Reader, Index: logintest.Index{}, Ended: w.mem,
	}); err != nil {
		t.Fatal(err)
	}
	if w.accounts, err = account.New(account.Options{
		Store: w.mem.AccountStore(), Notices: w.mem, Audit: w.mem, Tx: w.mem, Clock: w.clock.Now, Random: rand.Reader, Index: logintest.Index{},
	}); err != nil {
		t.Fatal(err)
	}
	if w.consents, err = consent.New(consent.Options{
		Store: w.mem.ConsentStore(), Audit: w.mem, Tx: w.mem, Clock: w.clock.Now, Random: rand.Reader,
	}); err != nil {
		t.Fatal(err)
	}
	if w.Service, err = login.New(w.options()); err != nil {
		t.Fatal(err)
	}
	w.fed.Offers(
		login.Choice{ID: thaid, Ceiling: hub.Level{IAL: hub.IAL23, AAL: hub.AAL22}},
		login.Choice{ID: bank, Ceiling: hub.Level{IAL: hub.IAL21, AAL: hub.AAL21}},
		login.Choice{ID: app, Ceiling: hub.Level{IAL: hub.IAL13, AAL: hub.AAL1}},
	)
	w.dir.Put(taxSystem())
	w.dir.Put(login.System{ID: library, Live: true})
	w.dir.Put(login.System{ID: health, Live: true, Least: hub.Level{IAL: hub.IAL21, AAL: hub.AAL21}})
	w.dir.Put(login.System{ID: defence, Live: true, Least: hub.Level{IAL: hub.IAL3, AAL: hub.AAL3}})
	w.dir.Put(login.System{ID: "draft", Least: hub.Level{IAL: hub.IAL11, AAL: hub.AAL1}})
	return w
}

func (w *world) options() login.Options {
	return login.Options{
		Directory: w.dir, Upstreams: w.fed, Sessions: w.sessions, Accounts: w.accounts, Consents: w.consents, Store: w.mem.LoginStore(),
		Audit: w.mem, Tx: w.mem, Clock: w.clock.Now, Random: rand.Reader, Log: slog.New(slog.NewTextHandler(w.log, nil)),
	}
}

// tab is a browser with its cookie jar; several tabs share one.
type tab struct {
	w *world
	b *login.Browser
}

func (w *world) browser() tab {
	b := logintest.NewBrowser()
	return tab{w, &b}
}

// took keeps the cookie of a step that went well.
func (b tab) took(n login.Next, err error) login.Next {
	b.w.t.Helper()
	if err != nil {
		b.w.t.Fatal(err)
	}
	set := 0
	for _, on := range []bool{n.Show != nil, n.Redirect != "", n.Done != nil} {
		if on {
			set++
		}
	}
	if set != 1 {
		b.w.t.Fatalf("not exactly one thing to do: %+v", n)
	}
	if n.Done != nil && (n.Done.Failure == "") == (n.Done.Session.ID == "") {
		b.w.t.Fatal("a result is a failure or a session, and nothing else")
	}
	if n.Session != nil {
		b.b.Session = *n.Session
	}
	return n
}

func (b tab) begin(r login.Request) login.Next {
	b.w.t.Helper()
	if r.Protocol == "" {
		r.Protocol = "oidc"
	}
	return b.took(b.w.Begin(b.w.ctx, r, *b.b))
}

func (b tab) show(n login.Next) login.Next {
	b.w.t.Helper()
	return b.took(b.w.Show(b.w.ctx, n.Transaction, *b.b))
}

func (b tab) choose(n login.Next, p hub.ProviderID) login.Next {
	b.w.t.Helper()
	return b.took(b.w.Choose(b.w.ctx, n.Transaction, p, *b.b))
}

func (b tab) consent(n login.Next, given ...string) login.Next {
	b.w.t.Helper()
	return b.took(b.w.Consent(b.w.ctx, n.Transaction, login.ConsentAnswer{Accept: true, Given: given, Language: "th"}, *b.b))
}

// answer comes back from where the redirect led, with a code that stands for the identity or the error.
func (b tab) answer(n login.Next, p hub.ProviderID, id hub.Identity, err error) (login.Next, error) {
	code := hub.NewID(rand.Reader)
	b.w.fed.Says(code, id, err)
	return b.w.Answer(b.w.ctx, p, map[string]string{"state": logintest.StateOf(n.Redirect), "code": code}, *b.b)
}

func (b tab) answered(n login.Next, id hub.Identity) login.Next {
	b.w.t.Helper()
	return b.took(b.answer(n, id.Provider, id, nil))
}

// signIn goes the whole way to a system that asks for no attributes.
func (b tab) signIn(system hub.SystemID, id hub.Identity) login.Result {
	b.w.t.Helper()
	n := b.answered(b.choose(b.begin(login.Request{System: system}), id.Provider), id)
	if n.Show != nil && n.Show.Consent != nil {
		n = b.consent(n, consent.HigherKey)
	}
	if n.Done == nil || n.Done.Failure != "" {
		b.w.t.Fatalf("not signed in: %+v", n)
	}
	return *n.Done
}

// person is somebody as a provider vouches for them, just now.
func (w *world) person(p hub.ProviderID, number string, level hub.Level) hub.Identity {
	return hub.Identity{
		Provider: p, Subject: "sub-" + number, Person: hub.PersonNumber{Kind: "th.citizen", Value: number}, Level: level,
		AuthTime: w.clock.Now(), Methods: []string{"pwd", "otp"}, Session: "sid-" + number,
		Attributes: hub.Attributes{hub.FamilyName: {Value: family, Source: p}, hub.CitizenID: {Value: number, Source: p}},
	}
}

func (w *world) somchai(p hub.ProviderID) hub.Identity {
	level := map[hub.ProviderID]hub.Level{
		thaid: {IAL: hub.IAL23, AAL: hub.AAL21}, bank: {IAL: hub.IAL21, AAL: hub.AAL21}, app: {IAL: hub.IAL13, AAL: hub.AAL1},
	}[p]
	return w.person(p, somchai, level)
}

func (w *world) malee(p hub.ProviderID) hub.Identity {
	id := w.somchai(p)
	return w.person(p, malee, id.Level)
}

// count tells how often an event was recorded, with this reason unless "".
func (w *world) count(kind, reason string) int {
	n := 0
	for _, e := range w.mem.Events() {
		if e.Kind == kind && (reason == "" || e.Reason == reason) {
			n++
		}
	}
	return n
}

func (w *world) last() audit.Event {
	es := w.mem.Events()
	return es[len(es)-1]
}

func wantKind(t *testing.T, what string, err error, want hub.Kind) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("%s: got %v, want %s", what, err, want)
	}
}

func wantChooser(t *testing.T, what string, n login.Next, problem hub.Kind, at hub.ProviderID) {
	t.Helper()
	if n.Show == nil || n.Show.Step != login.StepChoose || n.Show.Problem != problem || n.Show.ProblemAt != at {
		t.Fatalf("%s: not at the chooser with %q at %q: %+v", what, problem, at, n.Show)
	}
}

func wantFailure(t *testing.T, what string, n login.Next, kind hub.Kind) {
	t.Helper()
	if n.Done == nil || n.Done.Failure != kind {
		t.Fatalf("%s: got %+v, want %s", what, n.Done, kind)
	}
	if !n.Done.Key.IsZero() || len(n.Done.Release) != 0 || n.Done.Session.ID != "" {
		t.Errorf("%s: something to take with a failure", what)
	}
}

func minutes(n int) *time.Duration {
	d := time.Duration(n) * time.Minute
	return &d
}

func names(n login.Next) string { return fmt.Sprint(n.Done.Release) }
