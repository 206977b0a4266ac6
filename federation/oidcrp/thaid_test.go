package oidcrp_test

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"onedoor/federation"
	"onedoor/federation/oidcrp"
	"onedoor/federation/simulator"
	"onedoor/federation/simulator/thaid"
	"onedoor/hub"
	"onedoor/hub/hubtest/oneshot"
	"onedoor/hub/login"
)

// flat turns the record to the mode without openid.
func (r *rig) flat() {
	o := *r.provider.OIDC
	o.Scopes = slices.DeleteFunc(slices.Clone(o.Scopes), func(s string) bool { return s == "openid" })
	r.provider.OIDC = &o
	r.valid()
}

func TestPRV05_ThaIDLoginInBothModes(t *testing.T) {
	t.Parallel()
	for _, mode := range []string{"openid", "flat"} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			r := newThaIDRig(t)
			if mode == "flat" {
				r.flat()
			}
			for _, p := range simulator.People() {
				id, err := r.identify(approve(p.Key))
				if err != nil {
					t.Fatalf("%s: %v", p.Key, err)
				}
				proven := p.IAL == "2.3"
				number := p.CitizenID
				if !proven { // LOA-16: proofed in an app only, so nobody vouches for the number
					number = ""
				}
				birthdate := p.Birthdate
				if birthdate == "1980-00-00" {
					birthdate = "1980"
				}
				for name, want := range map[hub.AttributeName]string{
					hub.CitizenID: number, hub.Title: p.Title, hub.GivenName: p.GivenName, hub.MiddleName: p.MiddleName, hub.FamilyName: p.FamilyName,
					hub.Name: p.Name(), hub.TitleEN: p.TitleEN, hub.GivenNameEN: p.GivenNameEN, hub.MiddleNameEN: p.MiddleNameEN, hub.FamilyNameEN: p.FamilyNameEN,
					hub.NameEN: p.NameEN(), hub.Birthdate: birthdate, hub.Gender: p.Gender, hub.Address: p.Address,
				} {
					if got := id.Attributes[name].Value; got != want {
						t.Errorf("%s: %s = %q, want %q", p.Key, name, got, want)
					}
				}
				if id.Person.Value != number || id.Subject != p.CitizenID {
					t.Errorf("%s: person or subject", p.Key)
				}
				if id.Level.IAL.String() != p.IAL || id.Level.AAL != hub.AAL21 {
					t.Errorf("%s: level %v", p.Key, id.Level)
				}
			}
			if n := r.thaid.LiveTokens(); n != 0 {
				t.Errorf("%d tokens were not revoked after use", n)
			}
			if r.log.String() != "" {
				t.Errorf("log: %s", r.log)
			}
			if n := r.server.count("/api/v2/oauth2/userinfo/"); n != 0 {
				t.Errorf("userinfo was asked %d times", n)
			}
		})
	}
}

// TestPRV04_EvidenceNumbersStopAtTheConnector: the stand-in sends them under many names; what the connector gives holds none,
// under any name, at any depth, and neither does the log.
func TestPRV04_EvidenceNumbersStopAtTheConnector(t *testing.T) {
	t.Parallel()
	for _, mode := range []string{"openid", "flat"} {
		r := newThaIDRig(t)
		if mode == "flat" {
			r.flat()
		}
		for _, p := range simulator.People() {
			claims, err := r.run(r.ask(), approve(p.Key))
			if err != nil {
				t.Fatal(err)
			}
			all := fmt.Sprintf("%v %v", claims.Values, r.log)
			for _, number := range []string{p.Evidence.Laser, p.Evidence.Chip, p.Evidence.CardRequest, p.Evidence.Smartcard} {
				if strings.Contains(all, number) {
					t.Errorf("%s, %s: evidence number %s came through", mode, p.Key, number)
				}
			}
			if claims.Values["name"] != p.Name() {
				t.Errorf("%s: the claims are gone", mode)
			}
		}
	}
	r := newBankRig(t)
	form := approve("mali")
	form["fault"] = []string{"userinfo-evidence"}
	claims, err := r.run(r.ask(), form)
	if err != nil {
		t.Fatal(err)
	}
	if s := fmt.Sprint(claims.Values); strings.Contains(s, "JT9-") || strings.Contains(s, "9F7F") || strings.Contains(s, "BP1-") {
		t.Error("evidence numbers came through userinfo")
	}
}

// TestLOA05_EveryFaultOfThaID runs every switch of the stand-in.
func TestLOA05_EveryFaultOfThaID(t *testing.T) {
	t.Parallel()
	refusals := map[thaid.Fault]struct {
		kind  hub.Kind
		cause federation.Cause
	}{
		thaid.UserDenied:         {hub.Denied, federation.PersonDenied},
		thaid.ScopeNotApproved:   {hub.Refused, federation.RequestRejected},
		thaid.WrongState:         {hub.Refused, federation.StateMismatch},
		thaid.CodeUsed:           {hub.Refused, federation.CodeRejected},
		thaid.SlowToken:          {hub.Unavailable, federation.TimedOut},
		thaid.ServerError:        {hub.Unavailable, federation.StatusUnexpected},
		thaid.APIKeyRequired:     {hub.Refused, federation.ClientRejected},
		thaid.WrongAudience:      {hub.Refused, federation.IDTokenAudience},
		thaid.WrongNonce:         {hub.Refused, federation.IDTokenNonce},
		thaid.AlgNone:            {hub.Refused, federation.IDTokenAlg},
		thaid.ForgedSignature:    {hub.Refused, federation.IDTokenSignature},
		thaid.IALLow:             {hub.LevelUnmet, federation.LevelBelow},
		thaid.IALUnknown:         {hub.LevelUnmet, federation.LevelBelow},
		thaid.WrongCitizenNumber: {hub.Refused, federation.PersonNumber},
		thaid.ExpiredToken:       {hub.Refused, federation.TokenExpired},
	}
	attribute := func(name hub.AttributeName, want string) func(hub.Identity) bool {
		return func(id hub.Identity) bool { return id.Attributes[name].Value == want }
	}
	mali := simulator.People()[0]
	// What a relying party must bear.
	borne := map[thaid.Fault]func(hub.Identity) bool{
		thaid.MissingFamilyName: func(id hub.Identity) bool {
			_, th := id.Attributes[hub.FamilyName]
			_, en := id.Attributes[hub.FamilyNameEN]
			return !th && !en && id.Attributes[hub.GivenName].Value == mali.GivenName
		},
		thaid.BirthdateZeros: attribute(hub.Birthdate, "1980"),
		thaid.BirthdateYear:  attribute(hub.Birthdate, "1980"),
		thaid.AddressObject:  attribute(hub.Address, mali.Address),
		thaid.IALNumber:      func(id hub.Identity) bool { return id.Level.IAL == hub.IAL23 },
		thaid.StandardExpiry: func(id hub.Identity) bool { return id.Person.Value == mali.CitizenID },
	}
	for _, fault := range thaid.Faults() {
		t.Run(string(fault), func(t *testing.T) {
			t.Parallel()
			var options []func(*oidcrp.Options)
			if fault == thaid.SlowToken {
				options = append(options, func(o *oidcrp.Options) { o.CallTimeout = time.Second })
			}
			r := newThaIDRig(t, options...)
			registry := r.registry()
			r.thaid.SetFault(true, fault)
			if fault == thaid.ExpiredQR {
				r.expiredQR()
				return
			}
			id, err := r.login(registry, approve("mali"))
			if good, listed := borne[fault]; listed {
				if err != nil || !good(id) {
					t.Errorf("%v", err)
				}
				return
			}
			want, listed := refusals[fault]
			if !listed {
				t.Fatal("no expectation for this fault")
			}
			refused(t, string(fault), err, want.kind, want.cause)
			r.thaid.SetFault(false, fault)
			if _, err := r.login(registry, approve("mali")); err != nil {
				t.Errorf("afterwards: %v", err)
			}
		})
	}
}

// expiredQR: the person stays at ThaID and is offered a new code there, which works.
func (r *rig) expiredQR() {
	t := r.t
	t.Helper()
	redirect, err := r.connector.Start(t.Context(), r.provider, r.ask())
	if err != nil {
		t.Fatal(err)
	}
	page := get(t, redirect.URL)
	form := approve("mali")
	form.Set("id", string(hiddenID.FindSubmatch(page)[1]))
	resp, err := oneshot.Client().PostForm(r.server.url+"/api/v2/oauth2/auth/answer/", form)
	if err != nil {
		t.Fatal(err)
	}
	body, _ := io.ReadAll(resp.Body)
	_ = resp.Body.Close()
	if resp.StatusCode != http.StatusGone || !strings.Contains(string(body), "/api/v2/oauth2/auth/?") {
		t.Errorf("expired QR: %d %s", resp.StatusCode, body)
	}
}

func get(t *testing.T, address string) []byte {
	t.Helper()
	resp, err := (&http.Client{Transport: transport(t)}).Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return body
}

func TestThaIDQRExpiresByItself(t *testing.T) {
	t.Parallel()
	r := newThaIDRig(t)
	ask := r.ask()
	redirect, err := r.connector.Start(t.Context(), r.provider, ask)
	if err != nil {
		t.Fatal(err)
	}
	page := get(t, redirect.URL)
	form := approve("mali")
	form.Set("id", string(hiddenID.FindSubmatch(page)[1]))
	r.clock.advance(121 * time.Second)
	resp, err := oneshot.Client().PostForm(r.server.url+"/api/v2/oauth2/auth/answer/", form)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	if resp.StatusCode != http.StatusGone {
		t.Fatalf("answered %d", resp.StatusCode)
	}
	params := r.visit(redirect.URL, approve("mali")) // a new QR at the same address
	if _, err := r.finish(t.Context(), ask, login.Answer{Params: params, Private: redirect.Private}); err != nil {
		t.Errorf("with a new QR: %v", err)
	}
}

func TestThaIDRequestIsThePlainOne(t *testing.T) {
	t.Parallel()
	r := newThaIDRig(t)
	ask := r.ask()
	ask.Fresh = true
	for _, mode := range []string{"openid", "flat"} {
		if mode == "flat" {
			r.flat()
		}
		redirect, err := r.connector.Start(t.Context(), r.provider, ask)
		if err != nil {
			t.Fatal(err)
		}
		u, err := url.Parse(redirect.URL)
		if err != nil || u.Path != "/api/v2/oauth2/auth/" {
			t.Fatalf("%s, %v", redirect.URL, err)
		}
		q := u.Query()
		for _, absent := range []string{"code_challenge", "code_challenge_method", "prompt", "max_age", "acr_values"} {
			if q.Has(absent) {
				t.Errorf("%s: %s was sent", mode, absent)
			}
		}
		if q.Has("nonce") != (mode == "openid") || q.Get("state") != ask.State {
			t.Errorf("%s: nonce or state", mode)
		}
		if strings.Contains(q.Get("scope"), "smartcard") {
			t.Error("the card's number was asked for")
		}
	}
}

func TestThaIDAPIKey(t *testing.T) {
	t.Parallel()
	r := newThaIDRig(t)
	r.thaid.SetFault(true, thaid.APIKeyRequired)
	o := *r.provider.OIDC
	o.Quirks.APIKeyHeader, o.Quirks.APIKey = "x-api-key", seal("key-1")
	r.provider.OIDC = &o
	r.valid()
	if _, err := r.run(r.ask(), approve("mali")); err != nil {
		t.Errorf("with the key: %v", err)
	}
	o.Quirks.APIKey = seal("key-2")
	_, err := r.run(r.ask(), approve("mali"))
	refused(t, "wrong key", err, hub.Refused, federation.ClientRejected)
}

func TestEXC01_SwappedAnswersAtThaID(t *testing.T) {
	t.Parallel()
	r := newThaIDRig(t)
	askA, askB := r.ask(), r.ask()
	wayA, errA := r.connector.Start(t.Context(), r.provider, askA)
	wayB, errB := r.connector.Start(t.Context(), r.provider, askB)
	if errA != nil || errB != nil {
		t.Fatal(errA, errB)
	}
	paramsA, paramsB := r.visit(wayA.URL, approve("mali")), r.visit(wayB.URL, approve("tharn"))
	_, err := r.finish(t.Context(), askA, login.Answer{Params: paramsB, Private: wayA.Private})
	refused(t, "B's answer for A", err, hub.Refused, federation.StateMismatch)
	// ThaID knows no PKCE: the nonce in the ID token is what tells that the code belongs to another login.
	_, err = r.finish(t.Context(), askA, login.Answer{Params: map[string]string{"state": askA.State, "code": paramsB["code"]}, Private: wayA.Private})
	refused(t, "B's code for A", err, hub.Refused, federation.IDTokenNonce)
	if n := r.thaid.LiveTokens(); n != 0 {
		t.Error("the token of the refused answer was kept alive")
	}
	if _, err := r.finish(t.Context(), askA, login.Answer{Params: paramsA, Private: wayA.Private}); err != nil {
		t.Errorf("A's own answer: %v", err)
	}
}

func TestThaIDAddressesEndWithASlash(t *testing.T) {
	t.Parallel()
	r := newThaIDRig(t)
	o := *r.provider.OIDC
	o.Token = r.server.url + "/api/v2/oauth2/token"
	r.provider.OIDC = &o
	_, err := r.run(r.ask(), approve("mali"))
	refused(t, "token without its slash", err, hub.Unavailable, federation.EndpointMissing)

	o = *r.provider.OIDC
	o.Token, o.DiscoveryURL = "", r.server.url+"/api/v2/.well-known/openid-configuration"
	r.provider.OIDC = &o
	_, err = r.connector.Start(t.Context(), r.provider, r.ask())
	refused(t, "discovery below /api/v2", err, hub.Unavailable, federation.EndpointMissing)
}

func TestThaIDWithoutDiscovery(t *testing.T) {
	t.Parallel()
	r := newThaIDRig(t)
	at := r.server.url + "/api/v2/oauth2"
	o := *r.provider.OIDC
	o.Authorization, o.Token, o.JWKS, o.Revocation = at+"/auth/", at+"/token/", at+"/jwks/", at+"/revoke/"
	r.provider.OIDC = &o
	r.valid()
	if _, err := r.run(r.ask(), approve("mali")); err != nil {
		t.Error(err)
	}
	r.flat()
	// Without discovery there is no introspection; the person number is the subject then.
	claims, err := r.run(r.ask(), approve("mali"))
	if err != nil || claims.Subject != simulator.People()[0].CitizenID {
		t.Error(err)
	}
	if n := r.server.count("/.well-known/openid-configuration"); n != 0 {
		t.Errorf("%d discoveries", n)
	}
}

func TestThaIDWrongRedirectShowsAnErrorPage(t *testing.T) {
	t.Parallel()
	r := newThaIDRig(t)
	for _, change := range []func(url.Values){
		func(q url.Values) { q.Set("redirect_uri", "https://evil.example/cb") },
		func(q url.Values) { q.Set("redirect_uri", callback("thaid")+"/") },
		func(q url.Values) { q.Set("client_id", "nobody") },
		func(q url.Values) { q.Del("state") },
		func(q url.Values) { q.Add("state", "twice") },
	} {
		redirect, err := r.connector.Start(t.Context(), r.provider, r.ask())
		if err != nil {
			t.Fatal(err)
		}
		u, _ := url.Parse(redirect.URL)
		q := u.Query()
		change(q)
		u.RawQuery = q.Encode()
		resp, err := (&http.Client{Transport: transport(t)}).Get(u.String())
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		if resp.StatusCode != http.StatusBadRequest {
			t.Errorf("%s: answered %d", u.RawQuery, resp.StatusCode)
		}
	}
}
