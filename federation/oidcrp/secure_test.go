package oidcrp_test

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"onedoor/federation"
	"onedoor/federation/simulator"
	"onedoor/federation/simulator/bank"
	"onedoor/hub"
	"onedoor/hub/keys"
	"onedoor/hub/login"
)

// settings changes the trust record's settings.
func (r *rig) settings(change func(*federation.OIDC)) {
	r.t.Helper()
	o := *r.provider.OIDC
	change(&o)
	r.provider.OIDC = &o
	r.valid()
}

func ownKey(change func(*federation.OIDC)) func(*federation.OIDC) {
	return func(o *federation.OIDC) {
		o.AuthMethod, o.ClientSecret = federation.PrivateKeyJWT, nil
		if change != nil {
			change(o)
		}
	}
}

func TestRFC9126_RequestIsPushedAndNothingOfItIsInTheBrowser(t *testing.T) {
	t.Parallel()
	r := newSecureRig(t, func(o *bank.Options, _ *simulator.Client) { o.Push = bank.PushRequired })
	ask := r.ask()
	redirect, err := r.connector.Start(t.Context(), r.provider, ask)
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(redirect.URL)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	if len(q) != 2 || q.Get("client_id") != "hub-at-bank" || !strings.HasPrefix(q.Get("request_uri"), "urn:ietf:params:oauth:request_uri:") {
		t.Errorf("the browser carries %v", q)
	}
	params := r.visit(redirect.URL, approve("mali"))
	if _, err := r.finish(t.Context(), ask, login.Answer{Params: params, Private: redirect.Private}); err != nil {
		t.Fatal(err)
	}
	// A request_uri counts once.
	resp, err := (&http.Client{Transport: transport(t)}).Get(redirect.URL)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	if resp.StatusCode != http.StatusBadRequest {
		t.Errorf("the same request_uri again: %d", resp.StatusCode)
	}
}

func TestRFC9126_PolicyDecidesWhetherToPush(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name   string
		bank   bank.Push
		policy federation.PushPolicy
		pushed int
		cause  federation.Cause
	}{
		{"offered, left to the provider", bank.PushOffered, federation.PushAnnounced, 1, ""},
		{"offered, never", bank.PushOffered, federation.PushNever, 0, ""},
		{"not offered, left to the provider", bank.PushNone, federation.PushAnnounced, 0, ""},
		{"not offered, required: no way around it", bank.PushNone, federation.PushRequired, 0, federation.EndpointMissing},
		{"required by both", bank.PushRequired, federation.PushRequired, 1, ""},
	}
	for _, c := range cases {
		r := newSecureRig(t, func(o *bank.Options, _ *simulator.Client) { o.Push = c.bank })
		r.settings(func(o *federation.OIDC) { o.Push = c.policy })
		_, err := r.run(r.ask(), approve("mali"))
		if c.cause != "" {
			refused(t, c.name, err, hub.Refused, c.cause)
		} else if err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		if n := r.server.count("/par"); n != c.pushed {
			t.Errorf("%s: pushed %d times", c.name, n)
		}
	}
}

func TestRFC9126_WhatCanGoWrong(t *testing.T) {
	t.Parallel()
	answer := func(status int, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(status)
			_, _ = w.Write([]byte(body))
		}
	}
	cases := []struct {
		name   string
		answer http.HandlerFunc
		kind   hub.Kind
		cause  federation.Cause
	}{
		{"client unknown", answer(401, `{"error":"invalid_client"}`), hub.Refused, federation.ClientRejected},
		{"request refused", answer(400, `{"error":"invalid_scope"}`), hub.Refused, federation.RequestRejected},
		{"level out of reach", answer(400, `{"error":"unmet_authentication_requirements"}`), hub.LevelUnmet, federation.LevelRejected},
		{"down", answer(503, ``), hub.Unavailable, federation.StatusUnexpected},
		{"no address", answer(201, `{"expires_in":60}`), hub.Refused, federation.ResponseMalformed},
		{"address with a space", answer(201, `{"request_uri":"urn:x y","expires_in":60}`), hub.Refused, federation.ResponseMalformed},
		{"address with a line break", answer(201, `{"request_uri":"urn:x\r\ny"}`), hub.Refused, federation.ResponseMalformed},
		{"address of 2 kB", answer(201, `{"request_uri":"urn:`+strings.Repeat("x", 2048)+`"}`), hub.Refused, federation.ResponseMalformed},
		{"two addresses", answer(201, `{"request_uri":"urn:a","request_uri":"urn:b"}`), hub.Refused, federation.ResponseMalformed},
		{"redirected", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "/jwks", http.StatusTemporaryRedirect)
		}, hub.Refused, federation.Redirected},
	}
	for _, c := range cases {
		r := newSecureRig(t, func(o *bank.Options, _ *simulator.Client) { o.Push = bank.PushOffered })
		r.server.handle(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
			if req.URL.Path == "/par" {
				c.answer(w, req)
				return
			}
			r.bank.ServeHTTP(w, req)
		}))
		_, err := r.connector.Start(t.Context(), r.provider, r.ask())
		refused(t, c.name, err, c.kind, c.cause)
	}
}

// RFC 7523: the hub proves itself with its own key, everywhere, each time anew, and no secret is sent.
func TestRFC7523_HubProvesItselfWithItsOwnKey(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		alg, audience string
		want          func(*rig) string
	}{
		{"", "", func(r *rig) string { return r.server.url }},
		{keys.PS256, federation.AudienceIssuer, func(r *rig) string { return r.server.url }},
		{keys.ES256, federation.AudienceToken, func(r *rig) string { return r.server.url + "/token" }},
	} {
		r := newSecureRig(t, func(o *bank.Options, client *simulator.Client) { o.Push, client.Secret = bank.PushRequired, "" })
		r.settings(ownKey(func(o *federation.OIDC) { o.Assertion = federation.Assertion{Alg: c.alg, Audience: c.audience} }))
		for range 2 {
			if _, err := r.run(r.ask(), approve("mali")); err != nil {
				t.Fatalf("%s %s: %v", c.alg, c.audience, err)
			}
		}
		if n := r.bank.LiveTokens(); n != 0 {
			t.Errorf("%d tokens were not revoked", n)
		}
		seen := make(map[string]bool)
		for _, body := range r.server.bodies {
			form, err := url.ParseQuery(body)
			if err != nil || !form.Has("client_assertion") {
				continue
			}
			claims := payload(t, form.Get("client_assertion"))
			if claims["aud"] != c.want(r) || claims["iss"] != "hub-at-bank" || claims["sub"] != "hub-at-bank" || form.Has("client_secret") {
				t.Errorf("%s %s: %v", c.alg, c.audience, claims)
			}
			if seen[claims["jti"].(string)] {
				t.Error("a jti was used twice")
			}
			seen[claims["jti"].(string)] = true
		}
		if len(seen) != 6 { // pushed, redeemed, revoked, twice
			t.Errorf("%d assertions", len(seen))
		}
		for _, h := range r.server.headers {
			if strings.HasPrefix(h.Get("Authorization"), "Basic") {
				t.Error("a secret was sent")
			}
		}
	}
}

func payload(t *testing.T, jwt string) map[string]any {
	t.Helper()
	b, err := base64.RawURLEncoding.DecodeString(strings.Split(jwt, ".")[1])
	if err != nil {
		t.Fatal(err)
	}
	var m map[string]any
	if err := json.Unmarshal(b, &m); err != nil {
		t.Fatal(err)
	}
	return m
}

func TestRFC7523_ProviderThatDoesNotKnowTheKey(t *testing.T) {
	t.Parallel()
	r := newSecureRig(t, func(_ *bank.Options, client *simulator.Client) {
		client.Keys = func() ([]byte, error) { return []byte(`{"keys":[]}`), nil }
	})
	r.settings(ownKey(nil))
	_, err := r.run(r.ask(), approve("mali"))
	refused(t, "unknown key", err, hub.Refused, federation.ClientRejected)
	r.settings(func(o *federation.OIDC) { o.Assertion.Alg = keys.RS256 }) // no such key was made
	_, err = r.run(r.ask(), approve("mali"))
	refused(t, "no key", err, hub.Internal, federation.SecretUnusable)
}

// RFC 7516: what is registered to come encrypted comes encrypted or not at all.
func TestRFC7516_EncryptedAnswers(t *testing.T) {
	t.Parallel()
	type registered struct {
		id, info string
		signed   bool
	}
	cases := []struct {
		name   string
		at     registered // the provider
		record federation.OIDC
		cause  federation.Cause
	}{
		{"ID token, RSA", registered{id: keys.RSAOAEP256}, federation.OIDC{Encryption: federation.Encryption{IDToken: keys.RSAOAEP256}}, ""},
		{"ID token, elliptic", registered{id: keys.ECDHES}, federation.OIDC{Encryption: federation.Encryption{IDToken: keys.ECDHES}}, ""},
		{"everything", registered{keys.ECDHES, keys.RSAOAEP256, true}, federation.OIDC{Encryption: federation.Encryption{IDToken: keys.ECDHES, UserInfo: keys.RSAOAEP256}, SignedUserInfo: true}, ""},
		{"UserInfo encrypted, not signed", registered{info: keys.ECDHES}, federation.OIDC{Encryption: federation.Encryption{UserInfo: keys.ECDHES}}, ""},
		{"UserInfo signed", registered{signed: true}, federation.OIDC{SignedUserInfo: true}, ""},
		{"UserInfo signed though not asked", registered{signed: true}, federation.OIDC{}, ""},
		{"ID token in the clear", registered{}, federation.OIDC{Encryption: federation.Encryption{IDToken: keys.ECDHES}}, federation.IDTokenPlain},
		{"ID token encrypted though not agreed", registered{id: keys.ECDHES}, federation.OIDC{}, federation.IDTokenEncrypted},
		{"ID token by another algorithm", registered{id: keys.RSAOAEP256}, federation.OIDC{Encryption: federation.Encryption{IDToken: keys.ECDHES}}, federation.IDTokenEncrypted},
		{"UserInfo in the clear", registered{}, federation.OIDC{Encryption: federation.Encryption{UserInfo: keys.ECDHES}}, federation.UserInfoPlain},
		{"UserInfo signed, not encrypted", registered{signed: true}, federation.OIDC{Encryption: federation.Encryption{UserInfo: keys.ECDHES}}, federation.UserInfoPlain},
		{"UserInfo encrypted, not signed, though it must be", registered{info: keys.ECDHES}, federation.OIDC{Encryption: federation.Encryption{UserInfo: keys.ECDHES}, SignedUserInfo: true}, federation.UserInfoToken},
		{"UserInfo unsigned", registered{}, federation.OIDC{SignedUserInfo: true}, federation.UserInfoPlain},
	}
	for _, c := range cases {
		r := newSecureRig(t, func(_ *bank.Options, client *simulator.Client) {
			client.IDTokenEncryption, client.UserInfoEncryption, client.UserInfoSigned = c.at.id, c.at.info, c.at.signed
		})
		r.settings(func(o *federation.OIDC) {
			o.Encryption, o.SignedUserInfo = c.record.Encryption, c.record.SignedUserInfo
		})
		id, err := r.identify(approve("mali"))
		switch {
		case c.cause != "":
			refused(t, c.name, err, hub.Refused, c.cause)
		case err != nil:
			t.Errorf("%s: %v", c.name, err)
		case id.Person.Value == "" || id.Attributes[hub.GivenName].Value == "":
			t.Errorf("%s: nothing of the person arrived", c.name)
		}
	}
}

// Core section 5.5.1.1: an essential acr is asked for in the claims parameter, and nothing else is taken.
func TestLOA05_EssentialACR(t *testing.T) {
	t.Parallel()
	r := newBankRig(t)
	r.settings(func(o *federation.OIDC) { o.EssentialACR = true })
	redirect, err := r.connector.Start(t.Context(), r.provider, r.ask())
	if err != nil {
		t.Fatal(err)
	}
	u, _ := url.Parse(redirect.URL)
	if got := u.Query().Get("claims"); got != `{"id_token":{"acr":{"essential":true,"values":["`+bank.ACRTwoFactor+`"]}}}` || u.Query().Has("acr_values") {
		t.Errorf("asked %s", got)
	}
	if _, err := r.run(r.ask(), approve("mali")); err != nil {
		t.Fatal(err)
	}
	for _, fault := range []bank.Fault{bank.LowACR, bank.UnknownACR, bank.UnknownAMR} {
		form := approve("mali")
		form["fault"] = []string{string(fault)}
		_, err := r.run(r.ask(), form)
		refused(t, string(fault), err, hub.LevelUnmet, federation.LevelUnasked)
	}
	ask := r.ask()
	ask.Want = hub.Level{IAL: hub.IAL3, AAL: hub.AAL3}
	_, err = r.connector.Start(t.Context(), r.provider, ask)
	refused(t, "nothing reaches it", err, hub.LevelUnmet, federation.CeilingBelow)
	ask.Want = hub.Level{IAL: hub.IAL11, AAL: hub.AAL1}
	if redirect, err = r.connector.Start(t.Context(), r.provider, ask); err != nil {
		t.Fatal(err)
	}
	u, _ = url.Parse(redirect.URL)
	if got := u.Query().Get("claims"); !strings.Contains(got, bank.ACRPassword) || !strings.Contains(got, bank.ACRTwoFactor) {
		t.Errorf("a higher level would be refused: %s", got)
	}
}

func TestOwnKeysAreAskedForByTheRecords(t *testing.T) {
	t.Parallel()
	r := newBankRig(t)
	if own := r.registry().OwnKeys(); len(own.Sign)+len(own.Decrypt) != 0 || own.SAML {
		t.Errorf("%+v", own)
	}
	r.settings(ownKey(func(o *federation.OIDC) {
		o.Encryption = federation.Encryption{IDToken: keys.ECDHES, UserInfo: keys.ECDHES}
	}))
	own := r.registry().OwnKeys()
	sign, decrypt := own.Sign, own.Decrypt
	if !slices.Equal(sign, []string{keys.ES256}) || !slices.Equal(decrypt, []string{keys.ECDHES}) {
		t.Errorf("%v %v", sign, decrypt)
	}
}

// A question keeps for the patience of the connector only, pushed or not.
func TestPushedRequestThatWaitedTooLong(t *testing.T) {
	t.Parallel()
	r := newSecureRig(t, func(o *bank.Options, _ *simulator.Client) { o.Push = bank.PushRequired })
	ask := r.ask()
	redirect, err := r.connector.Start(t.Context(), r.provider, ask)
	if err != nil {
		t.Fatal(err)
	}
	params := r.visit(redirect.URL, approve("mali"))
	r.clock.advance(16 * time.Minute)
	_, err = r.finish(t.Context(), ask, login.Answer{Params: params, Private: redirect.Private})
	refused(t, "too late", err, hub.Expired, federation.TooLate)
}
