package samlsp_test

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"onedoor/federation/samlsp"
	"onedoor/hub"
	"onedoor/hub/hubtest/oneshot"
	"onedoor/hub/logout"
	"onedoor/hub/samlmsg"
	"onedoor/hub/samlslo"
	"onedoor/hub/session"
)

// neutral plays the neutral logout and its pages, over the names that logins left.
type neutral struct {
	r       *rig
	out     *samlslo.Service
	mu      sync.Mutex
	names   map[hub.PeerName]hub.SessionID
	ended   []hub.SessionID
	causes  []session.Cause
	notice  logout.Notice
	visited []error
	home    int // how often the browser came back
}

// withLogout adds single logout to a rig.
func withLogout(r *rig) *neutral {
	r.tb.Helper()
	x := &neutral{r: r, names: map[hub.PeerName]hub.SessionID{}}
	side := r.connector.LogoutSide(r.registry)
	var err error
	x.out, err = samlslo.New(samlslo.Options{
		Protocol: samlsp.LogoutProtocol, Peers: side, Own: side, Pages: x, Names: x, Index: indexer{}, Once: r.memory, Tx: x, Keys: x, Audit: r.memory,
		HTTP: oneshot.Client(), Clock: r.clock.now, Random: rand.Reader, Log: slog.New(slog.DiscardHandler), Path: r.hubURL + samlsp.LogoutPath, Script: "/post.js",
	})
	if err == nil {
		err = x.out.Bind(x)
	}
	if err != nil {
		r.tb.Fatal(err)
	}
	mux := r.mux.(*http.ServeMux)
	for path, h := range map[string]http.HandlerFunc{
		"": x.out.Browser, "/continue": x.out.Continue, "/answer": x.out.Answer, "/visit": x.out.SetOut, "/back": x.out.Back, "/soap": x.out.SOAP,
	} {
		mux.HandleFunc(samlsp.LogoutPath+path, h)
	}
	mux.HandleFunc("/home", func(http.ResponseWriter, *http.Request) { x.mu.Lock(); defer x.mu.Unlock(); x.home++ })
	return x
}

func (*neutral) InTx(ctx context.Context, fn func(context.Context) error) error { return fn(ctx) }

// signedIn notes what a login leaves: the session's names, and the notice that an end would give.
func (x *neutral) signedIn(id hub.Identity, s hub.SessionID) {
	x.r.tb.Helper()
	if id.Upstream.Protocol != samlsp.LogoutProtocol || len(id.Upstream.Names) != 1 {
		x.r.tb.Fatalf("a login without a session to log out of: %+v", id.Upstream)
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	x.names[id.Upstream.Names[0]] = s
	x.notice = logout.Notice{ID: strings.Repeat("n", 26), Session: s, Provider: providerID, Protocol: samlsp.LogoutProtocol, Ref: id.Upstream.Ref, State: logout.Visiting}
}

func (x *neutral) Session(*http.Request) (hub.SessionID, error) {
	return "", hub.Errorf("test", hub.NotFound, "none")
}
func (x *neutral) Forget(http.ResponseWriter) {}
func (x *neutral) Onward(w http.ResponseWriter, _ *http.Request, _ []string, _ string) {
	w.WriteHeader(http.StatusTeapot)
}

func (x *neutral) Refuse(w http.ResponseWriter, _ *http.Request, err error) {
	http.Error(w, samlmsg.Reason(err), http.StatusTeapot)
}
func (x *neutral) Language(*http.Request) string { return "en" }
func (x *neutral) Note(context.Context, hub.PeerName, hub.SessionID, time.Time) error {
	return errors.New("not here")
}

func (x *neutral) Find(_ context.Context, peer string, name [32]byte) (out []samlmsg.NamedSession, _ error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	for n, id := range x.names {
		if n.Peer == peer && n.Name == name {
			out = append(out, samlmsg.NamedSession{Session: id, Index: n.Index, Live: !slices.Contains(x.ended, id)})
		}
	}
	return out, nil
}

const sealID = "aaaaaaaaaaaaaaaaaaaaaaaaaa"

func (x *neutral) SealingKey() (string, cipher.AEAD, error) {
	k, err := x.OpeningKey(sealID)
	return sealID, k, err
}

func (x *neutral) OpeningKey(string) (cipher.AEAD, error) {
	block, err := aes.NewCipher(make([]byte, 32))
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

func (x *neutral) End(_ context.Context, id hub.SessionID, cause session.Cause) (logout.Campaign, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.ended, x.causes = append(x.ended, id), append(x.causes, cause)
	return logout.Campaign{ID: "c"}, nil
}

func (x *neutral) Wait(context.Context, time.Duration, ...string) (bool, error) { return true, nil }

func (x *neutral) Ledger(_ context.Context, campaigns ...string) (out []logout.Entry, _ error) {
	for _, c := range campaigns {
		out = append(out, logout.Entry{Campaign: logout.Campaign{ID: c}})
	}
	return out, nil
}

func (x *neutral) Notice(_ context.Context, id string) (logout.Notice, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if id != x.notice.ID {
		return logout.Notice{}, hub.Errorf("test", hub.NotFound, "none")
	}
	return x.notice, nil
}

func (x *neutral) Visited(_ context.Context, _ string, answer error) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.visited = append(x.visited, answer)
	return nil
}

// SSO-05 with software that knows nothing of ours: SimpleSAMLphp asks us to log out, and is asked, each by signed messages on HTTP-Redirect.
func TestSSO05_SimpleSAMLphpSingleLogout(t *testing.T) {
	t.Parallel()
	r, p := phpRig(t, `'sign.logout' => true, 'validate.logout' => true, 'redirect.sign' => true,`, nil)
	x := withLogout(r)
	follow := func(address string) (string, string) {
		t.Helper()
		p.browser.Jar = secured{p.browser.Jar}
		resp, err := p.browser.Get(address)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		body, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		return resp.Request.URL.String(), string(body)
	}
	login := func(s hub.SessionID) {
		t.Helper()
		a := p.login(t, r, newAsk())
		id, err := r.finish(a, r.post(a))
		if err != nil {
			t.Fatal(err)
		}
		x.signedIn(id, s)
	}

	// It asks: the session that it knows ends, no other.
	login("other")
	x.names = map[hub.PeerName]hub.SessionID{{Peer: samlslo.ProviderKey(providerID), Name: [32]byte{1}}: "other"}
	login("one")
	at, body := follow(p.url + "/saml2/idp/initSLO.php?RelayState=" + url.QueryEscape(p.url+"/logout.php"))
	want := session.Cause{Reason: session.EndedByIDP, Provider: providerID, Protocol: samlsp.LogoutProtocol}
	if !slices.Equal(x.ended, []hub.SessionID{"one"}) || x.causes[0] != want {
		t.Fatalf("ended %v, at %s\n%s", x.ended, at, body)
	}
	if !strings.HasPrefix(at, p.url) || strings.Contains(body, "Unhandled exception") {
		t.Errorf("it does not take our answer: at %s\n%s", at, body)
	}

	// It is asked: its own session ends, and the browser is back with its word.
	login("two")
	v, err := x.out.Visit(t.Context(), x.notice, r.hubURL+"/home")
	if err != nil {
		t.Fatal(err)
	}
	at, body = follow(v.URL)
	if at != r.hubURL+"/home" || len(x.visited) != 1 || x.visited[0] != nil {
		t.Errorf("at %s, visited %v, last event %s\n%s", at, x.visited, r.memory.last().Reason, body)
	}
	to, err := r.registry.Start(t.Context(), providerID, newAsk())
	if err != nil {
		t.Fatal(err)
	}
	if _, page := follow(to.URL); !strings.Contains(page, "AuthState") && !strings.Contains(page, `name="password"`) {
		t.Error("the person is signed in there still")
	}
}

// secured keeps cookies that want TLS over plain HTTP to this machine, as browsers do for localhost.
type secured struct{ http.CookieJar }

// SetCookies drops the wish.
func (s secured) SetCookies(u *url.URL, cookies []*http.Cookie) {
	for _, c := range cookies {
		c.Secure = false
	}
	s.CookieJar.SetCookies(u, cookies)
}

// The bank's own logout over every binding, in both directions, with everything that it can get wrong.
func TestSSO05_WhatAProviderAsksEndsItsOwnSessionOnly(t *testing.T) {
	t.Parallel()
	r := newRig(t, nil)
	x := withLogout(r)
	id, err := r.login("mali")
	if err != nil {
		t.Fatal(err)
	}
	x.signedIn(id, "mine")
	other, err := r.login("tharn")
	if err != nil {
		t.Fatal(err)
	}
	x.names[other.Upstream.Names[0]] = "another"
	if id.Upstream.Names[0].Name == other.Upstream.Names[0].Name || id.Upstream.Ref == other.Upstream.Ref {
		t.Error("two persons have one name")
	}
	for _, secret := range []string{id.Subject, "urn:oasis"} {
		if strings.Contains(id.Upstream.Ref, secret) {
			t.Error("the handle shows what the provider said")
		}
	}
	side := r.connector.LogoutSide(r.registry)
	peer, err := side.Of(t.Context(), "", providerID)
	if err != nil {
		t.Fatal(err)
	}
	if known, ok := side.Known("", providerID); !ok || known.EntityID != peer.EntityID || known.SLO != r.connector.SLOURL(providerID) {
		t.Errorf("%+v", known)
	}
	name, index, err := side.Name(t.Context(), peer, x.notice)
	if err != nil || name.Value != id.Subject || index == "" {
		t.Fatalf("%v %v", name, err)
	}
	if samlmsg.Named(indexer{}, samlslo.ProviderKey(providerID), name, index) != id.Upstream.Names[0] {
		t.Error("the name that the provider is told is not the one by which it asks")
	}
	for what, n := range map[string]logout.Notice{
		"nothing": {Ref: ""}, "no seal": {Ref: "AAAA"}, "no text": {Ref: "%"}, "another's": {Ref: x.notice.Ref[:len(x.notice.Ref)-4] + "AAAA"},
	} {
		if _, _, err := side.Name(t.Context(), peer, n); !errors.Is(err, hub.NotFound) {
			t.Errorf("%s: %v", what, err)
		}
	}
	moved := peer
	moved.Provider = "other"
	if _, _, err := side.Name(t.Context(), moved, x.notice); !errors.Is(err, hub.NotFound) {
		t.Errorf("a handle of one provider opens for another: %v", err)
	}
	if _, err := side.Of(t.Context(), "", "nobody"); !errors.Is(err, hub.NotFound) {
		t.Errorf("nobody: %v", err)
	}
	if _, ok := side.Known("", "nobody"); ok {
		t.Error("nobody is known")
	}

	// By SOAP.
	status, err := r.bank.CallLogout(t.Context())
	if err != nil || status != samlmsg.Success() || len(x.ended) != 1 {
		t.Fatalf("%+v %v %v", status, err, x.ended)
	}
	status, err = r.bank.CallLogout(t.Context())
	if err != nil || status != samlmsg.Success() || len(x.ended) != 2 || x.ended[0] == x.ended[1] {
		t.Fatalf("%+v %v %v", status, err, x.ended)
	}

	// The hub's metadata for the bank says where.
	sp := r.serviceProvider()
	for _, binding := range []string{samlmsg.BindingRedirect, samlmsg.BindingPOST, samlmsg.BindingSOAP} {
		if _, ok := samlmsg.Find(sp.SP.SingleLogout, binding); !ok {
			t.Errorf("no single logout by %s", binding)
		}
	}

	// And the other way: the bank is told by SOAP, its name plain or encrypted as the record says.
	id, err = r.login("mali")
	if err != nil {
		t.Fatal(err)
	}
	x.signedIn(id, "again")
	if err := x.out.Tell(t.Context(), x.notice); err != nil || r.bank.SignedIn() != 0 {
		t.Errorf("%v, %d signed in", err, r.bank.SignedIn())
	}
	heard := r.bank.Logout().Heard()
	if len(heard) != 1 || heard[0].ID != "_"+x.notice.ID || heard[0].NameID.Value != id.Subject {
		t.Errorf("%+v", heard)
	}
	r.memory.mu.Lock()
	record := r.memory.provider
	r.memory.mu.Unlock()
	saml := *record.SAML
	saml.EncryptedNames = true
	record.SAML = &saml
	r.memory.PutProvider(record)
	if err := r.registry.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := x.out.Tell(t.Context(), x.notice); err == nil {
		t.Error("a name that must be encrypted was sent to a bank that has no key")
	}
}
