package oidcrp_test

import (
	"crypto/rand"
	"net/http"
	"net/url"
	"testing"
	"time"

	"onedoor/federation"
	"onedoor/federation/oidcrp"
	"onedoor/federation/simulator"
	"onedoor/federation/simulator/bank"
	"onedoor/hub"
	"onedoor/hub/login"
)

// What only the provider itself can do wrong counts, after three times in a row, as trouble: the chooser and the register show it.
func TestOPS06_AProviderThatLiesShowsAsTrouble(t *testing.T) {
	t.Parallel()
	for _, x := range []lie{
		{name: "token-500", at: tokenPath, answer: broken},
		{name: "token-html", at: tokenPath, answer: page},
		{name: "forged", seal: func(l *liar, c map[string]any) string { return l.sign(l.rogue, nil, c) }},
	} {
		l := newLiar(t, x)
		registry := l.rig.registry()
		for range 3 {
			if l.login(registry) == nil {
				t.Fatal("believed")
			}
		}
		entries, err := registry.Register(t.Context())
		if err != nil || !entries[0].Trouble || !registry.Health()[0].Trouble {
			t.Errorf("%s: %+v, %v", x.name, entries, err)
		}
	}
}

// A browser can't make a sound provider look broken: what it can bring itself does not count.
func TestOPS06_ABrowserCanNotMakeTrouble(t *testing.T) {
	t.Parallel()
	for _, back := range []func(map[string]string){
		func(p map[string]string) { p["code"] = "invented" },
		func(p map[string]string) { p["iss"] = "https://evil.example" },
		func(p map[string]string) { delete(p, "code"); p["error"] = "server_errors" },
		func(p map[string]string) { p["state"] = "x" },
	} {
		l := newLiar(t, lie{back: back})
		registry := l.rig.registry()
		for range 4 {
			if l.login(registry) == nil {
				t.Fatal("believed")
			}
		}
		if h := registry.Health()[0]; h.Trouble || h.FailedInRow != 0 {
			t.Errorf("%+v", h)
		}
	}
}

// honestBank is a second provider beside a liar.
func honestBank(t *testing.T, r *rig) (federation.Provider, *server) {
	t.Helper()
	s := serve(t)
	b, err := bank.New(bank.Options{
		BaseURL: s.url, Clock: r.clock.now, Random: rand.Reader,
		Clients: simulator.Clients{{ID: "hub-at-bank", Secret: secret, RedirectURIs: []string{callback("honest")}, Scopes: bank.Scopes()}},
	})
	if err != nil {
		t.Fatal(err)
	}
	s.handle(b)
	from, until := r.dates()
	p := bank.Trust(s.url, "hub-at-bank", seal(secret), from, until)
	p.ID, p.Order = "honest", 1
	return p, s
}

// Bulkhead: while one provider hangs with every place taken, logins at another go on, and the chooser says which one is in trouble.
func TestOPS06_OneHangingProviderAndOneGood(t *testing.T) {
	t.Parallel()
	const places = 4
	x := lie{name: "hangs", at: tokenPath, cause: federation.TimedOut}
	entered := make(chan struct{}, places)
	release := make(chan struct{})
	x.answer = func(_ *liar, _ http.ResponseWriter, r *http.Request) {
		entered <- struct{}{}
		select {
		case <-release:
		case <-r.Context().Done():
		}
	}
	l := newLiar(t, x)
	good, _ := honestBank(t, l.rig)
	connector := l.rig.patientConnector()
	registry, err := federation.New(federation.Options{
		Store: providers{l.rig.provider, good}, Clock: l.rig.clock.now, Concurrency: places,
		Connectors: map[string]federation.Upstream{federation.OpenIDConnect: connector},
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := registry.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, places)
	for range places {
		ask := l.rig.ask()
		redirect, err := registry.Start(t.Context(), "bank", ask)
		if err != nil {
			t.Fatal(err)
		}
		params := l.rig.visit(redirect.URL, approve("mali"))
		go func() {
			_, err := registry.Finish(t.Context(), "bank", ask, login.Answer{Params: params, Private: redirect.Private})
			ended <- err
		}()
	}
	for range places {
		<-entered
	}
	// Every place is taken: the next person is told at once instead of waiting behind the others.
	_, err = registry.Start(t.Context(), "bank", l.rig.ask())
	refused(t, "one more", err, hub.Unavailable, federation.Busy)
	// And at the other provider people log in as ever.
	other := *l.rig
	other.provider = good
	for range 5 {
		if _, err := other.login(registry, approve("mali")); err != nil {
			t.Fatalf("the good provider, while the other hangs: %v", err)
		}
	}
	close(release)
	for range places {
		if err := <-ended; err == nil {
			t.Error("an empty token response was believed")
		}
	}
	offered, err := registry.Offer(t.Context(), l.rig.ask().Want)
	if err != nil || len(offered) != 2 || offered[0].ID != "honest" || offered[0].Trouble || !offered[1].Trouble {
		t.Errorf("the chooser shows %+v, %v", offered, err)
	}
	for _, h := range registry.Health() {
		if h.UnderWay != 0 || h.Trouble != (h.Provider == "bank") {
			t.Errorf("health %+v", h)
		}
	}
}

// patientConnector gives a connector that waits longer than any test.
func (r *rig) patientConnector() *oidcrp.Connector {
	r.t.Helper()
	return newRig(r.t, func(o *oidcrp.Options) { o.Clock, o.CallTimeout = r.clock.now, time.Minute }).connector
}

// Mix-up (RFC 9700 section 4.4): an answer that was made for one provider is never redeemed at another.
func TestRFC9700_MixUp(t *testing.T) {
	t.Parallel()
	l := newLiar(t, lie{})
	good, honest := honestBank(t, l.rig)
	ask := l.rig.ask()
	redirect, err := l.rig.connector.Start(t.Context(), l.rig.provider, ask)
	if err != nil {
		t.Fatal(err)
	}
	// The liar sends the browser on to the honest bank, with the hub's client there, to get at a code of it.
	forward, err := url.Parse(redirect.URL)
	if err != nil {
		t.Fatal(err)
	}
	q := forward.Query()
	q.Set("redirect_uri", callback("honest"))
	visitor := *l.rig
	visitor.provider = good
	params := visitor.visit(honest.url+"/authorize?"+q.Encode(), approve("mali"))
	before := l.rig.server.count(tokenPath)
	_, err = l.rig.connector.Finish(t.Context(), l.rig.provider, ask, login.Answer{Params: params, Private: redirect.Private})
	refused(t, "at the liar's own address", err, hub.Refused, federation.IssuerMismatch)
	_, err = l.rig.connector.Finish(t.Context(), good, ask, login.Answer{Params: params, Private: redirect.Private})
	refused(t, "at the other's address", err, hub.Refused, federation.AnswerForeign)
	if l.rig.server.count(tokenPath) != before || honest.count(tokenPath) != 0 {
		t.Error("a code went to a token endpoint")
	}
}
