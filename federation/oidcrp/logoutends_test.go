package oidcrp_test

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"onedoor/federation"
	"onedoor/federation/oidcrp"
	"onedoor/federation/simulator"
	"onedoor/federation/simulator/bank"
	"onedoor/hub"
	"onedoor/hub/audit"
	"onedoor/hub/logout"
	"onedoor/hub/session"
)

// ends is the neutral logout, the register of names and the record, for the endpoints.
type ends struct {
	mu      sync.Mutex
	records map[hub.ProviderID]federation.Provider
	named   map[string][]oidcrp.Named
	ended   map[hub.SessionID]session.Cause
	waits   int
	used    map[string]bool
	down    error
	notices map[string]logout.Notice
	passed  []string
	reasons []string
}

func (e *ends) Record(id hub.ProviderID) (federation.Provider, error) {
	p, ok := e.records[id]
	if !ok {
		return p, hub.Errorf("ends", hub.NotFound, "none")
	}
	return p, nil
}

func (e *ends) Find(_ context.Context, peer string, name [32]byte) ([]oidcrp.Named, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	var out []oidcrp.Named
	for _, n := range e.named[peer+string(name[:])] {
		_, over := e.ended[n.Session]
		n.Live = !over
		out = append(out, n)
	}
	return out, e.down
}

func (e *ends) Use(_ context.Context, kind, key string, _ time.Time) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.used[kind+key] {
		return hub.Errorf("ends", hub.Consumed, "used")
	}
	e.used[kind+key] = true
	return nil
}

func (e *ends) InTx(ctx context.Context, fn func(context.Context) error) error {
	e.mu.Lock()
	before := maps.Clone(e.used)
	e.mu.Unlock()
	err := fn(ctx)
	if err != nil {
		e.mu.Lock()
		e.used = before
		e.mu.Unlock()
	}
	return err
}

func (e *ends) End(_ context.Context, id hub.SessionID, cause session.Cause) (logout.Campaign, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.ended[id] = cause
	return logout.Campaign{ID: "campaign-" + string(id)}, e.down
}

func (e *ends) Wait(context.Context, time.Duration, ...string) (bool, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.waits++
	return true, nil
}

func (e *ends) Notice(_ context.Context, id string) (logout.Notice, error) {
	n, ok := e.notices[id]
	if !ok {
		return n, hub.Errorf("ends", hub.NotFound, "none")
	}
	return n, nil
}

func (e *ends) Passed(_ context.Context, ids ...string) error {
	e.passed = append(e.passed, ids...)
	return nil
}

func (e *ends) Append(_ context.Context, rows []audit.Row) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, r := range rows {
		e.reasons = append(e.reasons, r.Event.Kind+" "+r.Event.Reason)
	}
	return nil
}

func (*ends) History(context.Context, hub.AccountID, audit.Part) ([]audit.Event, error) {
	return nil, nil
}

// note remembers a session under the names that the connector gave at its login.
func (e *ends) note(id hub.SessionID, names []hub.PeerName) {
	for _, n := range names {
		key := n.Peer + string(n.Name[:])
		e.named[key] = append(e.named[key], oidcrp.Named{Session: id, Index: n.Index})
	}
}

// endpoints gives the endpoints over a rig.
func endpoints(r *rig) (*ends, *http.ServeMux) {
	r.t.Helper()
	e := &ends{
		records: map[hub.ProviderID]federation.Provider{r.provider.ID: r.provider}, named: map[string][]oidcrp.Named{},
		ended: map[hub.SessionID]session.Cause{}, used: map[string]bool{}, notices: map[string]logout.Notice{},
	}
	record, err := audit.New(audit.Options{Store: e, Clock: r.clock.now, Random: rand.Reader, Authenticate: func(b []byte) []byte { return index("audit", string(b)) }})
	if err != nil {
		r.t.Fatal(err)
	}
	all, err := oidcrp.NewEndpoints(oidcrp.EndpointOptions{
		Connector: r.connector, Records: e, Names: e, Once: e, Tx: e, Logouts: e, Audit: record, Clock: r.clock.now, Random: rand.Reader,
		Log:     slog.New(slog.NewTextHandler(r.log, nil)),
		Address: hubURL,
		Fail: func(w http.ResponseWriter, _ *http.Request, err error) {
			http.Error(w, string(hub.KindOf(err)), http.StatusTeapot)
		},
	})
	if err != nil {
		r.t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.HandleFunc(oidcrp.LogoutPath, all.Receive)
	mux.HandleFunc(oidcrp.LogoutPath+"/frame", all.Frame)
	mux.HandleFunc(oidcrp.LogoutPath+"/done", all.Done)
	return e, mux
}

func send(mux http.Handler, method, path, body string) *httptest.ResponseRecorder {
	req := httptest.NewRequest(method, path, strings.NewReader(body))
	if body != "" {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	rec := httptest.NewRecorder()
	mux.ServeHTTP(rec, req)
	return rec
}

func logoutForm(raw string) string { return url.Values{"logout_token": {raw}}.Encode() }

// SSO-05, invariant 6: a provider's logout token ends exactly the sessions that it means, once.
func TestSSO05_AProviderEndsItsSessions(t *testing.T) {
	t.Parallel()
	r := newBankRig(t)
	e, mux := endpoints(r)
	first, err := r.run(r.ask(), approve("mali"))
	if err != nil {
		t.Fatal(err)
	}
	second, err := r.run(r.ask(), approve("mali"))
	if err != nil {
		t.Fatal(err)
	}
	other, err := r.run(r.ask(), approve("tharn"))
	if err != nil {
		t.Fatal(err)
	}
	if first.Session == second.Session || first.Upstream.Protocol != oidcrp.LogoutProtocol {
		t.Fatalf("%q %q %+v", first.Session, second.Session, first.Upstream)
	}
	e.note("one", first.Upstream.Names)
	e.note("two", second.Upstream.Names)
	e.note("other", other.Upstream.Names)
	post := func(sub, sid string) int {
		t.Helper()
		raw, err := r.bank.LogoutToken("hub-at-bank", sub, sid)
		if err != nil {
			t.Fatal(err)
		}
		return send(mux, http.MethodPost, "/logout/upstream/bank", logoutForm(raw)).Code
	}
	want := func(name string, ids ...hub.SessionID) {
		t.Helper()
		if len(e.ended) != len(ids) {
			t.Errorf("%s: ended %v, want %v", name, e.ended, ids)
		}
		for _, id := range ids {
			if c := e.ended[id]; c.Reason != session.EndedByIDP || c.Provider != "bank" || c.Protocol != oidcrp.LogoutProtocol {
				t.Errorf("%s: %s ended by %+v", name, id, c)
			}
		}
	}
	if code := post(first.Subject, other.Session); code != http.StatusOK {
		t.Errorf("%d", code)
	}
	want("somebody else's sid with one's own subject")
	if code := post("nobody", ""); code != http.StatusOK {
		t.Errorf("%d", code)
	}
	want("an unknown subject")
	post(first.Subject, first.Session)
	want("subject and sid", "one")
	post("", other.Session)
	want("sid alone", "one", "other")
	e.note("three", second.Upstream.Names)
	post(second.Subject, "")
	want("subject alone: all", "one", "other", "two", "three")
	if e.waits != 5 {
		t.Errorf("D2: %d answers waited", e.waits)
	}

	e.note("four", first.Upstream.Names)
	raw, err := r.bank.LogoutToken("hub-at-bank", first.Subject, "")
	if err != nil {
		t.Fatal(err)
	}
	e.down = hub.Errorf("ends", hub.Unavailable, "down")
	if got := send(mux, http.MethodPost, "/logout/upstream/bank", logoutForm(raw)); got.Code != http.StatusServiceUnavailable || got.Header().Get("Retry-After") == "" {
		t.Errorf("%d", got.Code)
	}
	e.down = nil
	delete(e.ended, "four")
	if got := send(mux, http.MethodPost, "/logout/upstream/bank", logoutForm(raw)); got.Code != http.StatusOK || e.ended["four"].Reason == "" {
		t.Errorf("the token was spent by a try that failed: %d", got.Code)
	}
	got := send(mux, http.MethodPost, "/logout/upstream/bank", logoutForm(raw))
	var body map[string]string
	if got.Code != http.StatusBadRequest || json.Unmarshal(got.Body.Bytes(), &body) != nil || body["error"] != "invalid_request" || got.Header().Get("Cache-Control") != "no-store" {
		t.Errorf("a second time: %d %s", got.Code, got.Body)
	}
	if last := e.reasons[len(e.reasons)-1]; last != "logout.upstream_refused logout_token_used" {
		t.Errorf("recorded %q", last)
	}
	for name, rec := range map[string]*httptest.ResponseRecorder{
		"another provider": send(mux, http.MethodPost, "/logout/upstream/thaid", logoutForm(raw)),
		"GET":              send(mux, http.MethodGet, "/logout/upstream/bank?"+logoutForm(raw), ""),
		"two tokens":       send(mux, http.MethodPost, "/logout/upstream/bank", logoutForm(raw)+"&"+logoutForm(raw)),
		"a query":          send(mux, http.MethodPost, "/logout/upstream/bank?x=1", logoutForm(raw)),
		"too much":         send(mux, http.MethodPost, "/logout/upstream/bank", "logout_token="+strings.Repeat("x", 100<<10)),
	} {
		if rec.Code < 400 || rec.Code >= 500 {
			t.Errorf("%s: %d", name, rec.Code)
		}
	}
}

// OpenID Connect Front-Channel Logout 1.0 section 2: by iss and sid together, and only where the record opens that way.
func TestSSO05_AProviderEndsASessionByAFrame(t *testing.T) {
	t.Parallel()
	r := newBankRig(t)
	e, mux := endpoints(r)
	claims, err := r.run(r.ask(), approve("mali"))
	if err != nil {
		t.Fatal(err)
	}
	e.note("one", claims.Upstream.Names)
	good := url.Values{"iss": {r.server.url}, "sid": {claims.Session}}.Encode()
	frame := func(query string) *httptest.ResponseRecorder {
		return send(mux, http.MethodGet, "/logout/upstream/bank/frame?"+query, "")
	}
	if got := frame(good); got.Code != http.StatusNotFound || len(e.ended) > 0 {
		t.Errorf("a way that is not opened: %d", got.Code)
	}
	o := *r.provider.OIDC
	o.Logout.FrontChannel = true
	r.provider.OIDC = &o
	e.records["bank"] = r.provider
	for name, query := range map[string]string{
		"no iss": url.Values{"sid": {claims.Session}}.Encode(), "no sid": url.Values{"iss": {r.server.url}}.Encode(),
		"another iss": url.Values{"iss": {"https://evil.example"}, "sid": {claims.Session}}.Encode(), "sid twice": good + "&sid=x",
	} {
		if got := frame(query); got.Code != http.StatusBadRequest || len(e.ended) > 0 {
			t.Errorf("%s: %d", name, got.Code)
		}
	}
	if got := frame(url.Values{"iss": {r.server.url}, "sid": {"another"}}.Encode()); got.Code != http.StatusOK || len(e.ended) > 0 {
		t.Errorf("another sid: %d", got.Code)
	}
	got := frame(good)
	if got.Code != http.StatusOK || e.ended["one"].Reason != session.EndedByIDP || !strings.Contains(got.Header().Get("Content-Security-Policy"), "frame-ancestors "+r.server.url) {
		t.Errorf("%d %v %v", got.Code, e.ended, got.Header())
	}
}

// OpenID Connect RP-Initiated Logout 1.0 section 2, towards a provider: there and back.
func TestSSO05_TheBrowserSignsOutAtTheProvider(t *testing.T) {
	t.Parallel()
	r := newSecureRig(t, func(_ *bank.Options, c *simulator.Client) {
		c.PostLogoutRedirectURIs = []string{hubURL + "/logout/upstream/bank/done"}
	})
	e, mux := endpoints(r)
	claims, err := r.run(r.ask(), approve("mali"))
	if err != nil {
		t.Fatal(err)
	}
	if sealed, _ := base64.RawURLEncoding.DecodeString(claims.Upstream.Ref); !strings.HasPrefix(string(sealed), "sealed:") {
		t.Errorf("the handle is not sealed: %q", claims.Upstream.Ref)
	}
	way, err := r.connector.Way(e, func(id hub.ProviderID) string { return hubURL + "/logout/upstream/" + string(id) + "/done" })
	if err != nil {
		t.Fatal(err)
	}
	p := session.Participant{Provider: "bank", Protocol: oidcrp.LogoutProtocol, Ref: claims.Upstream.Ref}
	n := logout.Notice{ID: hub.NewID(rand.Reader), Provider: "bank", Protocol: oidcrp.LogoutProtocol, Ref: p.Ref}
	if way.Means(p) != logout.Browser || way.Protocol() != oidcrp.LogoutProtocol {
		t.Errorf("means %v", way.Means(p))
	}
	v, err := way.Visit(t.Context(), n, hubURL+"/signed-out/x")
	if err != nil || v.Frame || v.Fields != nil {
		t.Fatalf("%+v %v", v, err)
	}
	u, _ := url.Parse(v.URL)
	q := u.Query()
	if u.Path != "/logout" || q.Get("client_id") != "hub-at-bank" || q.Get("state") == "" || q.Get("post_logout_redirect_uri") != hubURL+"/logout/upstream/bank/done" || strings.Count(q.Get("id_token_hint"), ".") != 2 {
		t.Errorf("%s", v.URL)
	}
	client := &http.Client{Transport: transport(t), CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.Get(v.URL)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	back, err := resp.Location()
	if err != nil || back.Path != "/logout/upstream/bank/done" || back.Query().Get("state") != q.Get("state") {
		t.Fatalf("%d %v", resp.StatusCode, back)
	}
	for name, query := range map[string]string{"no state": "", "a bare id": "state=" + n.ID, "a handle for a state": "state=" + n.Ref, "no id": "state=x", "twice": "state=a&state=b"} {
		if got := send(mux, http.MethodGet, "/logout/upstream/bank/done?"+query, ""); got.Code != http.StatusTeapot || len(e.passed) > 0 {
			t.Errorf("%s: %d", name, got.Code)
		}
	}
	foreign := n
	foreign.Provider = "thaid"
	e.notices[n.ID] = foreign
	if got := send(mux, http.MethodGet, back.RequestURI(), ""); got.Code != http.StatusTeapot || len(e.passed) > 0 {
		t.Errorf("another provider's notice: %d", got.Code)
	}
	e.notices[n.ID] = n
	elsewhere, err := way.Visit(t.Context(), n, "https://evil.example/")
	if err != nil {
		t.Fatal(err)
	}
	u, _ = url.Parse(elsewhere.URL)
	if got := send(mux, http.MethodGet, "/logout/upstream/bank/done?state="+u.Query().Get("state"), ""); got.Code != http.StatusTeapot {
		t.Errorf("back to somewhere else: %d", got.Code)
	}
	if got := send(mux, http.MethodGet, back.RequestURI(), ""); got.Code != http.StatusSeeOther || len(e.passed) != 1 || got.Header().Get("Location") != hubURL+"/signed-out/x" {
		t.Errorf("%d %v", got.Code, e.passed)
	}
	if err := way.Tell(t.Context(), n); !errors.Is(err, hub.NotFound) {
		t.Errorf("nothing was kept to give back: %v", err)
	}
}

// RFC 7009: the token that is kept for nothing else is given back when the session has ended.
func TestSSO05_TheAccessTokenIsGivenBack(t *testing.T) {
	t.Parallel()
	r := newBankRig(t)
	o := *r.provider.OIDC
	o.Quirks.RevokeAfterUse, o.Logout = false, federation.OIDCLogout{Revoke: true}
	r.provider.OIDC = &o
	r.valid()
	e, _ := endpoints(r)
	claims, err := r.run(r.ask(), approve("mali"))
	if err != nil {
		t.Fatal(err)
	}
	if r.bank.LiveTokens() != 1 {
		t.Fatalf("%d live tokens", r.bank.LiveTokens())
	}
	way, err := r.connector.Way(e, func(hub.ProviderID) string { return hubURL })
	if err != nil {
		t.Fatal(err)
	}
	n := logout.Notice{ID: hub.NewID(rand.Reader), Provider: "bank", Protocol: oidcrp.LogoutProtocol, Ref: claims.Upstream.Ref}
	p := session.Participant{Provider: "bank", Protocol: oidcrp.LogoutProtocol, Ref: claims.Upstream.Ref}
	host, _ := url.Parse(r.server.url)
	if way.Means(p) != logout.Direct || way.Host(n) != host.Host {
		t.Errorf("means %v, host %q", way.Means(p), way.Host(n))
	}
	if err := way.Tell(t.Context(), n); err != nil || r.bank.LiveTokens() != 0 {
		t.Errorf("%v, %d live tokens", err, r.bank.LiveTokens())
	}
	if err := way.Tell(t.Context(), n); err != nil {
		t.Errorf("a second time: %v", err)
	}
	r.server.handle(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) }))
	if err := way.Tell(t.Context(), n); hub.KindOf(err) != hub.Unavailable || errors.Is(err, hub.Refused) {
		t.Errorf("%v", err)
	}
	n.Ref = ""
	if err := way.Tell(t.Context(), n); !errors.Is(err, hub.NotFound) {
		t.Errorf("%v", err)
	}
	if p.Ref = ""; way.Means(p) != logout.Nothing {
		t.Error("a way without a token")
	}
	e.records = nil
	if way.Means(p) != logout.Nothing || way.Host(n) != "" {
		t.Error("a way to nobody")
	}
}
