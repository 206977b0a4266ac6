package oidcop_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"onedoor/hub/oidcop"
)

// others are the other issuers of a world.
type others struct{ w *world }

func (o others) Ask(_ context.Context, who oidcop.Asking, tokens [][]byte) []oidcop.Foreign {
	if o.w.foreign == nil {
		return make([]oidcop.Foreign, len(tokens))
	}
	texts := make([]string, len(tokens))
	for i, raw := range tokens {
		texts[i] = string(raw)
	}
	o.w.mu.Lock()
	defer o.w.mu.Unlock()
	o.w.asking = append(o.w.asking, who)
	return o.w.foreign(who, texts)
}

// Behind a proxy that nobody has configured, all come from one network: what others fail there must not shut out a client that is right.
func TestOthersFailuresDoNotShutOutAClientWithAKey(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.signing(nil)
	w.network = "192.0.2.0/24"
	for i := range 120 {
		r := w.request(http.MethodPost, "/oauth2/introspect", "token=x")
		r.SetBasicAuth(fmt.Sprintf("client-%c%c", 'a'+i/26, 'a'+i%26), "wrong")
		w.do(r)
	}
	ask := func(key string) reply {
		return w.proven("/oauth2/introspect", url.Values{"token": {"x"}}, sign(t, key, "ES256", "JWT", w.proof()))
	}
	if r := ask("ec"); r.StatusCode != http.StatusOK {
		t.Fatalf("a client that is right is shut out by others: %d %s", r.StatusCode, r.body)
	}
	for range 8 {
		ask("ec2") // signed by somebody else in its name
	}
	if r := ask("ec2"); r.StatusCode != http.StatusTooManyRequests {
		t.Errorf("forged signatures are looked at without end: %d", r.StatusCode)
	}
	w.mu.Lock()
	w.network = "198.51.100.0/24"
	w.mu.Unlock()
	if r := ask("ec"); r.StatusCode != http.StatusOK {
		t.Errorf("what was forged in one network counts in another: %d", r.StatusCode)
	}
}

// Anybody can push requests in the name of a public client, and each one rests in the database and the record.
func TestRFC9126_APublicClientPushesOnlySoOften(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.network = "192.0.2.0/24"
	push := func() reply {
		return w.do(w.request(http.MethodPost, "/oauth2/par", url.Values{
			"client_id": {"app"}, "redirect_uri": {"https://app.example/cb"}, "response_type": {"code"}, "scope": {"openid"}, "state": {"st&te=1"},
			"nonce": {"n-0S6_WzA2Mj"}, "code_challenge": {"E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"}, "code_challenge_method": {"S256"},
		}.Encode()))
	}
	for range 8 {
		if r := push(); r.StatusCode != http.StatusCreated {
			t.Fatalf("%d %s", r.StatusCode, r.body)
		}
	}
	before := len(w.db.kinds())
	for range 50 {
		if r := push(); r.StatusCode != http.StatusTooManyRequests || r.Header.Get("Retry-After") == "" {
			t.Fatalf("%d %s", r.StatusCode, r.body)
		}
	}
	if n := len(w.db.kinds()) - before; n != 1 {
		t.Errorf("%d events for one limit", n)
	}
	for range 20 { // who proves who it is has no such limit
		w.pushedURI(form())
	}
	w.mu.Lock()
	w.network = "198.51.100.0/24"
	w.mu.Unlock()
	if r := push(); r.StatusCode != http.StatusCreated {
		t.Errorf("the limit of one network counts in another: %d", r.StatusCode)
	}
	w.mu.Lock()
	w.network = "192.0.2.0/24"
	w.mu.Unlock()
	w.clock.forward(time.Second)
	if r := push(); r.StatusCode != http.StatusCreated {
		t.Errorf("the limit never ends: %d", r.StatusCode)
	}
}

// SSO-03: what a system says beside its tokens reaches whoever asks the issuers, and the answer is one of ours in form.
func TestSSO03_TheProviderAsksElsewhereAboutForeignTokensOnly(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	own := w.access()
	w.signing(nil)
	now := w.clock.now()
	w.foreign = func(who oidcop.Asking, tokens []string) []oidcop.Foreign {
		out := make([]oidcop.Foreign, len(tokens))
		for i, raw := range tokens {
			switch raw {
			case "active":
				out[i] = oidcop.Foreign{
					Active: true, Provider: "lanna", Issuer: "https://lanna.example", Client: `rev"enue`, Scopes: []string{"a", "b"}, Subject: "sub-1", Session: "sid-1",
					ExpiresAt: now.Add(time.Minute), Binding: map[string]string{"jkt": strings.Repeat("a", 43)},
				}
			case "down":
				out[i] = oidcop.Foreign{Provider: "lanna", Reason: "timed_out", Unavailable: true}
			case "loop":
				out[i] = oidcop.Foreign{Provider: "lanna", Reason: "route_loop"}
			}
		}
		return out
	}
	proof := w.proof()
	proof["onedoor_via"] = []string{"https://one.example", "https://two.example"}
	r := w.proven("/oauth2/introspect/batch", url.Values{"token": {"active", "down", "loop", "down", "unknown", "active"}, "issuer_hint": {"https://lanna.example"}}, sign(t, "ec", "ES256", "JWT", proof))
	if r.StatusCode != http.StatusOK {
		t.Fatalf("%d %s", r.StatusCode, r.body)
	}
	results := r.json(t)["results"].([]any)
	first := results[0].(map[string]any)
	if first["active"] != true || first["iss"] != "https://lanna.example" || first["client_id"] != `lanna:rev"enue` || first["token_type"] != "DPoP" ||
		first["sub"] != "sub-1" || first["sid"] != "sid-1" || first["scope"] != "a b" || fmt.Sprint(first["aud"]) != "[revenue]" ||
		fmt.Sprint(first["cnf"]) != "map[jkt:"+strings.Repeat("a", 43)+"]" || first["jti"] != nil || first["iat"] != nil {
		t.Errorf("%v", first)
	}
	for i, x := range results[1:5] {
		if fmt.Sprint(x) != "map[active:false]" {
			t.Errorf("%d: %v", i+1, x)
		}
	}
	if fmt.Sprint(results[5]) != fmt.Sprint(results[0]) {
		t.Errorf("%v", results[5])
	}
	w.wantSomeEvent("introspection.routed timed_out")
	w.wantEvent("introspection.routed route_loop")
	if who := w.asking[0]; who.System != "revenue" || who.Hint != "https://lanna.example" || fmt.Sprint(who.Via) != "[https://one.example https://two.example]" || who.Sector == "" {
		t.Errorf("%+v", who)
	}
	// One of our own tokens is nobody else's business.
	asked := len(w.asking)
	if !w.isActiveProven(own) || len(w.asking) != asked {
		t.Errorf("asked elsewhere about our own token: %+v", w.asking[asked:])
	}
	for name, via := range map[string]any{"a text": "https://one.example", "numbers": []int{1}, "an empty one": []string{""}, "too many": make([]string, 20), "a long one": []string{strings.Repeat("a", 600)}} {
		proof := w.proof()
		proof["onedoor_via"] = via
		w.wantError(w.proven("/oauth2/introspect", url.Values{"token": {"active"}}, sign(t, "ec", "ES256", "JWT", proof)), http.StatusBadRequest, "invalid_request")
		if len(w.asking) != asked {
			t.Fatalf("%s: asked", name)
		}
	}
}

// settled notes when an answer waited until what has ended is ended everywhere.
func (w *world) settled() {
	last := ""
	if kinds := w.db.kinds(); len(kinds) > 0 { // none over SQL
		last = kinds[len(kinds)-1]
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.settles = append(w.settles, last)
}

// Invariant 1, for grants: a reuse is answered only when no node takes what it has ended for active any more; nothing else waits.
func TestInvariant1_AReuseIsAnsweredWhenItsGrantHasEndedEverywhere(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	code := w.code()
	if r := w.redeem(code); r.StatusCode != http.StatusOK || len(w.settles) != 0 {
		t.Fatalf("%d, waited %v", r.StatusCode, w.settles)
	}
	w.wantError(w.redeem(code), http.StatusBadRequest, "invalid_grant")
	w.wantError(w.redeem(code), http.StatusBadRequest, "invalid_grant")
	if len(w.settles) == 0 || w.settles[0] != "grant.revoked code_reused" {
		t.Errorf("a code: waited %v", w.settles)
	}
	w.settles = nil
	first := w.tokens("scope", "openid offline_access")["refresh_token"].(string)
	second := w.refresh(first).json(t)["refresh_token"].(string)
	if w.refresh(second).StatusCode != http.StatusOK || len(w.settles) != 0 {
		t.Fatalf("waited %v", w.settles)
	}
	w.wantError(w.refresh(first), http.StatusBadRequest, "invalid_grant")
	if fmt.Sprint(w.settles) != "[grant.revoked refresh_reused]" {
		t.Errorf("a refresh token: waited %v", w.settles)
	}
	w.settles = nil
	w.wantError(w.redeem("nonsense"), http.StatusBadRequest, "invalid_grant")
	if len(w.settles) != 0 {
		t.Errorf("what nobody knows waited %v", w.settles)
	}
}
