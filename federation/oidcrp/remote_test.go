package oidcrp_test

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"onedoor/federation"
	"onedoor/federation/oidcrp"
	"onedoor/federation/simulator"
	"onedoor/federation/simulator/bank"
	"onedoor/hub"
)

const (
	discoveryPath = "/.well-known/openid-configuration"
	jwksPath      = "/jwks"
)

// down makes some paths of a rig's bank answer 503.
func (r *rig) down(paths ...string) {
	r.server.handle(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		for _, p := range paths {
			if req.URL.Path == p {
				http.Error(w, "down", http.StatusServiceUnavailable)
				return
			}
		}
		r.bank.ServeHTTP(w, req)
	}))
}

func TestDiscoveryIsLazyRefreshedAndForgiving(t *testing.T) {
	t.Parallel()
	r := newBankRig(t)
	start := func() error {
		_, err := r.connector.Start(t.Context(), r.provider, r.ask())
		return err
	}
	if n := r.server.count(discoveryPath); n != 0 {
		t.Fatalf("%d calls before the first login", n)
	}
	r.down(discoveryPath)
	refused(t, "down", start(), hub.Unavailable, federation.StatusUnexpected)
	refused(t, "still down, not asked again at once", start(), hub.Unavailable, federation.StatusUnexpected)
	if n := r.server.count(discoveryPath); n != 1 {
		t.Errorf("%d calls within a moment", n)
	}
	r.down()
	r.clock.advance(3 * time.Second)
	if err := start(); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if err := start(); err != nil {
			t.Fatal(err)
		}
	}
	if n := r.server.count(discoveryPath); n != 2 {
		t.Errorf("%d calls, want 2", n)
	}
	r.clock.advance(time.Hour)
	r.down(discoveryPath)
	for range 3 { // what is known still serves
		if err := start(); err != nil {
			t.Fatal(err)
		}
	}
	if n := r.server.count(discoveryPath); n != 3 {
		t.Errorf("%d calls after an hour, want 3", n)
	}
	r.clock.advance(24 * time.Hour)
	refused(t, "a day without an answer", start(), hub.Unavailable, federation.StatusUnexpected)
}

func TestDiscoveryMustBeAboutTheIssuer(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name   string
		change func(map[string]any)
		cause  federation.Cause
	}{
		{"another issuer", func(m map[string]any) { m["issuer"] = "https://evil.example" }, federation.DiscoveryIssuer},
		{"slash at the end", func(m map[string]any) { m["issuer"] = m["issuer"].(string) + "/" }, federation.DiscoveryIssuer},
		{"no token endpoint", func(m map[string]any) { delete(m, "token_endpoint") }, federation.EndpointMissing},
		{"no keys", func(m map[string]any) { delete(m, "jwks_uri") }, federation.EndpointMissing},
		{"plain http elsewhere", func(m map[string]any) { m["token_endpoint"] = "http://bank.example/token" }, federation.EndpointUnsafe},
		{"script", func(m map[string]any) { m["authorization_endpoint"] = "javascript:alert(1)" }, federation.EndpointUnsafe},
		{"not an object", func(m map[string]any) { m["issuer"] = 7 }, federation.ResponseMalformed},
		{"huge", func(m map[string]any) { m["pad"] = strings.Repeat("x", 300<<10) }, federation.BodyTooBig},
	}
	for _, c := range cases {
		r := newBankRig(t)
		r.server.handle(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			m := map[string]any{
				"issuer": r.server.url, "authorization_endpoint": r.server.url + "/authorize", "token_endpoint": r.server.url + "/token",
				"jwks_uri": r.server.url + "/jwks",
			}
			c.change(m)
			w.Header().Set("Content-Type", "application/json")
			_ = json.NewEncoder(w).Encode(m)
		}))
		_, err := r.connector.Start(t.Context(), r.provider, r.ask())
		refused(t, c.name, err, hub.Refused, c.cause)
	}
}

func TestDiscoveryWaitsOnceForManyCallers(t *testing.T) {
	t.Parallel()
	r := newBankRig(t)
	hold, asked := make(chan struct{}), make(chan struct{}, 100)
	r.server.handle(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		asked <- struct{}{}
		<-hold
		r.bank.ServeHTTP(w, req)
	}))
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			if _, err := r.connector.Start(t.Context(), r.provider, r.ask()); err != nil {
				t.Error(err)
			}
		})
	}
	<-asked
	close(hold)
	wg.Wait()
	if n := r.server.count(discoveryPath); n != 1 {
		t.Errorf("%d discoveries for 20 logins at once", n)
	}
}

func TestKeysAreFetchedSeldomAndRefreshed(t *testing.T) {
	t.Parallel()
	r := newBankRig(t)
	login := func(faults ...string) error {
		form := approve("mali")
		form["fault"] = faults
		_, err := r.run(r.ask(), form)
		return err
	}
	if err := login(); err != nil {
		t.Fatal(err)
	}
	for range 5 {
		refused(t, "forged", login(string(bank.ForgedSignature)), hub.Refused, federation.IDTokenSignature)
	}
	if n := r.server.count(jwksPath); n != 1 {
		t.Errorf("forged signatures made %d fetches within the interval", n)
	}
	r.clock.advance(31 * time.Second)
	for range 5 {
		refused(t, "forged", login(string(bank.ForgedSignature)), hub.Refused, federation.IDTokenSignature)
	}
	if n := r.server.count(jwksPath); n != 2 {
		t.Errorf("%d fetches after the interval, want 2", n)
	}
	r.clock.advance(16 * time.Minute)
	if err := login(); err != nil {
		t.Fatal(err)
	}
	if n := r.server.count(jwksPath); n != 3 {
		t.Errorf("%d fetches after the refresh time, want 3", n)
	}
	// The provider's key endpoint fails: what is known serves for a while, and not for ever.
	r.down(jwksPath)
	r.clock.advance(16 * time.Minute)
	if err := login(); err != nil {
		t.Errorf("known keys: %v", err)
	}
	r.clock.advance(50 * time.Minute)
	refused(t, "keys too old", login(), hub.Unavailable, federation.StatusUnexpected)
}

// otherBank is a second bank at the same address: the provider has changed its keys.
func (r *rig) otherBank() *bank.Bank {
	r.t.Helper()
	b, err := bank.New(bank.Options{
		BaseURL: r.server.url, Clock: r.clock.now, Random: rand.Reader,
		Clients: simulator.Clients{{ID: "hub-at-bank", Secret: secret, RedirectURIs: []string{callback("bank")}, Scopes: bank.Scopes()}},
	})
	if err != nil {
		r.t.Fatal(err)
	}
	return b
}

func TestProviderMayChangeItsKeys(t *testing.T) {
	t.Parallel()
	r := newBankRig(t)
	if _, err := r.run(r.ask(), approve("mali")); err != nil {
		t.Fatal(err)
	}
	r.clock.advance(31 * time.Second)
	r.server.handle(r.otherBank())
	if _, err := r.run(r.ask(), approve("mali")); err != nil {
		t.Errorf("after a change of keys: %v", err)
	}
	// A token signed with the withdrawn key is refused from now on.
	changed := r.otherBank()
	r.server.handle(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		if req.URL.Path == jwksPath {
			changed.ServeHTTP(w, req)
			return
		}
		r.bank.ServeHTTP(w, req)
	}))
	_, err := r.run(r.ask(), approve("mali"))
	refused(t, "withdrawn key", err, hub.Refused, federation.IDTokenSignature)
}

func TestSettingsThatChangeAreLearntAnew(t *testing.T) {
	t.Parallel()
	r := newBankRig(t)
	if _, err := r.connector.Start(t.Context(), r.provider, r.ask()); err != nil {
		t.Fatal(err)
	}
	o := *r.provider.OIDC
	o.Authorization = "https://login.bank.example/start?tenant=7"
	r.provider.OIDC = &o
	redirect, err := r.connector.Start(t.Context(), r.provider, r.ask())
	if err != nil || !strings.HasPrefix(redirect.URL, "https://login.bank.example/start?") || !strings.Contains(redirect.URL, "tenant=7") {
		t.Errorf("%v", err)
	}
}

func TestUnreachableProvider(t *testing.T) {
	t.Parallel()
	r := newBankRig(t)
	o := *r.provider.OIDC
	o.Issuer = "http://127.0.0.1:1" // nobody listens there
	r.provider.OIDC = &o
	_, err := r.connector.Start(t.Context(), r.provider, r.ask())
	refused(t, "unreachable", err, hub.Unavailable, federation.Unreachable)
}

func TestIssuerParameterThatWasNotAnnounced(t *testing.T) {
	t.Parallel()
	r := newBankRig(t)
	r.server.handle(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		if req.URL.Path == discoveryPath {
			w.Header().Set("Content-Type", "application/json")
			_ = json.NewEncoder(w).Encode(map[string]any{
				"issuer": r.server.url, "authorization_endpoint": r.server.url + "/authorize", "token_endpoint": r.server.url + "/token",
				"jwks_uri": r.server.url + "/jwks", "userinfo_endpoint": r.server.url + "/userinfo",
			})
			return
		}
		r.bank.ServeHTTP(w, req)
	}))
	_, err := r.run(r.ask(), approve("mali"))
	refused(t, "not announced", err, hub.Refused, federation.IssuerUnasked)

	o := *r.provider.OIDC
	o.Quirks.IssuerOptional = true
	r.provider.OIDC = &o
	if _, err := r.run(r.ask(), approve("mali")); err != nil {
		t.Errorf("with the quirk: %v", err)
	}
	form := approve("mali")
	form["fault"] = []string{string(bank.WrongIssParam)}
	_, err = r.run(r.ask(), form)
	refused(t, "with the quirk, wrong", err, hub.Refused, federation.IssuerMismatch)
	form = approve("mali")
	form["fault"] = []string{string(bank.NoIssParam)}
	if _, err := r.run(r.ask(), form); err != nil {
		t.Errorf("not announced and not sent: %v", err)
	}
}

func TestNewRefusesMissingParts(t *testing.T) {
	t.Parallel()
	good := func() oidcrp.Options {
		return oidcrp.Options{
			HTTP: http.DefaultClient, Clock: time.Now, Random: rand.Reader, Open: openSealed, Callback: callback, Log: slog.Default(),
			Sign: signOwn, Decrypt: ownKeys().DecryptJWE, Index: index, Seal: func(b []byte) ([]byte, error) { return b, nil },
		}
	}
	for name, change := range map[string]func(*oidcrp.Options){
		"http": func(o *oidcrp.Options) { o.HTTP = nil }, "clock": func(o *oidcrp.Options) { o.Clock = nil },
		"random": func(o *oidcrp.Options) { o.Random = nil }, "open": func(o *oidcrp.Options) { o.Open = nil },
		"seal": func(o *oidcrp.Options) { o.Seal = nil }, "index": func(o *oidcrp.Options) { o.Index = nil },
		"sign": func(o *oidcrp.Options) { o.Sign = nil }, "decrypt": func(o *oidcrp.Options) { o.Decrypt = nil },
		"callback": func(o *oidcrp.Options) { o.Callback = nil }, "log": func(o *oidcrp.Options) { o.Log = nil },
		"time": func(o *oidcrp.Options) { o.Patience = -1 },
	} {
		o := good()
		change(&o)
		if _, err := oidcrp.New(o); !errors.Is(err, hub.Internal) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := oidcrp.New(good()); err != nil {
		t.Error(err)
	}
}
