package samlidp_test

import (
	"bytes"
	"crypto/x509"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"onedoor/hub"
	"onedoor/hub/hubtest/oneshot"
	"onedoor/hub/login"
	"onedoor/hub/samlidp"
	"onedoor/hub/samlmsg"
	"onedoor/hub/session"
)

// PRV-10, PRV-13: encrypted wherever there is a key for it, where the register demands it, and at AAL 3 with personal data in any case.
func TestPRV13_Encryption(t *testing.T) {
	t.Parallel()
	strong := hub.Level{IAL: hub.IAL23, AAL: hub.AAL3}
	noKey := func(sp *samlidp.ServiceProvider) { sp.Role.Keys = sp.Role.Keys[:1] }
	for name, c := range map[string]struct {
		change    func(*samlidp.ServiceProvider)
		release   []hub.AttributeName
		level     hub.Level
		encrypted bool
		refused   bool
	}{
		"a key":                           {func(*samlidp.ServiceProvider) {}, nil, usual, true, false},
		"no key":                          {noKey, nil, usual, false, false},
		"a key, not wanted":               {func(sp *samlidp.ServiceProvider) { sp.Encrypt = samlidp.EncryptNever }, nil, usual, false, false},
		"demanded, no key":                {func(sp *samlidp.ServiceProvider) { noKey(sp); sp.Encrypt = samlidp.EncryptAlways }, nil, usual, false, true},
		"AAL3, personal data, no key":     {func(sp *samlidp.ServiceProvider) { noKey(sp); sp.Least = strong }, []hub.AttributeName{hub.Name}, strong, false, true},
		"AAL3, personal data, not wanted": {func(sp *samlidp.ServiceProvider) { sp.Encrypt = samlidp.EncryptNever; sp.Least = strong }, []hub.AttributeName{hub.Name}, strong, false, true},
		"AAL3, no personal data, no key":  {func(sp *samlidp.ServiceProvider) { noKey(sp); sp.Least = strong }, nil, strong, false, false},
		"AAL3, personal data, a key":      {func(sp *samlidp.ServiceProvider) { sp.Least = strong }, []hub.AttributeName{hub.Name}, strong, true, false},
		"only CBC in the metadata": {func(sp *samlidp.ServiceProvider) {
			sp.Role.Keys[1].Methods = []samlmsg.EncryptionMethod{{Algorithm: "http://www.w3.org/2001/04/xmlenc#aes256-cbc"}}
		}, nil, usual, false, true},
		"only CBC, the register knows better": {func(sp *samlidp.ServiceProvider) {
			sp.Role.Keys[1].Methods = []samlmsg.EncryptionMethod{{Algorithm: "http://www.w3.org/2001/04/xmlenc#aes256-cbc"}}
			sp.EncryptionMethods = []samlmsg.EncryptionMethod{{Algorithm: "http://www.w3.org/2009/xmlenc11#aes128-gcm"}}
		}, nil, usual, true, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.change(landID, c.change)
			w.finish = func(login.Request) login.Result { return login.Result{Release: c.release} }
			q := w.request()
			a := w.signIn("mali", c.level).get(q, "", signer("land"))
			if c.refused {
				w.wantStatus(a, samlmsg.StatusRequestUnsupported)
				return
			}
			got := w.accept(a, q, landACS, c.encrypted)
			if got.Assertion.Encrypted != c.encrypted {
				t.Errorf("encrypted: %v", got.Assertion.Encrypted)
			}
			if c.encrypted && (bytes.Contains(a.raw, []byte("NameID")) || !bytes.Contains(a.raw, []byte("xmlenc11#aes"))) {
				t.Error("something of it is readable, or the cipher is not AES-GCM")
			}
		})
	}
}

// A login that begins at the hub is answered without being asked, if the system allows it, and with what the register says only.
func TestIDPInitiated(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.signIn("mali", usual)
	start := w.server.URL + "/saml2/start/"
	for path, kind := range map[string]hub.Kind{"land": hub.Denied, "nobody": hub.NotFound, "No-Name": hub.NotFound} {
		if a := b.do(http.MethodGet, start+path, "", ""); a.refused != string(kind) {
			t.Errorf("%s: %d %q", path, a.status, a.refused)
		}
	}
	if w.reached() != 0 {
		t.Fatal("a login began")
	}
	w.change(landID, func(sp *samlidp.ServiceProvider) { sp.IDPInitiated, sp.RelayState = true, "portal" })
	a := b.do(http.MethodGet, start+"land?RelayState=evil&ACS=https://evil.example", "", "")
	r := w.read(a, true)
	if r.InResponseTo != "" || a.relay != "portal" || a.action != landACS {
		t.Errorf("%q %q %q", r.InResponseTo, a.relay, a.action)
	}
	_, err := samlmsg.CheckResponse(r, samlmsg.ResponseExpectation{
		Now: w.clock(), Issuer: w.idp.EntityID(), Audience: landID, Recipient: landACS, Unsolicited: true,
	})
	if err != nil {
		t.Error(err)
	}
	// Each gets an assertion of its own: there is no request that could be used up.
	if second := w.read(b.do(http.MethodGet, start+"land", "", ""), true); second.Assertion.ID == r.Assertion.ID {
		t.Error("the same assertion twice")
	}
}

// A service provider that changes its key is asked for its metadata once, and the login goes on; so it does on both bindings.
func TestAServiceProvidersNewKeyCostsNoLogin(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.renewed = func(sp *samlidp.ServiceProvider) {
		sp.Role.Keys = append(sp.Role.Keys, samlmsg.KeyDescriptor{Use: samlmsg.UseSigning, Certificates: []*x509.Certificate{pairs()["land-next"].cert}})
	}
	b := w.signIn("mali", usual)
	for _, key := range []string{"land-next", "land"} { // during the change both are in it
		q := w.request()
		w.accept(b.get(q, "", signer(key)), q, landACS, true)
		q = w.request()
		w.accept(b.post(q, "", signer(key)), q, landACS, true)
	}
	if w.renewals != 1 {
		t.Errorf("asked %d times", w.renewals)
	}
	if a := b.get(w.request(), "", signer("stranger")); a.refused != string(hub.Invalid) {
		t.Errorf("a stranger: %q", a.refused)
	}
	if a := b.get(w.request(), "", nil); a.refused != string(hub.Invalid) || w.renewals != 2 {
		t.Error("a missing signature is no reason to ask again")
	}
}

// The hub's metadata is signed, ends, names every key that may sign, for signing only, and says for each system whether it must sign.
func TestMetadata(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	get := func(path string) (samlmsg.EntityDescriptor, []byte) {
		t.Helper()
		resp, err := oneshot.Client().Get(w.server.URL + path) //nolint:noctx // a test
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		var b bytes.Buffer
		_, _ = b.ReadFrom(resp.Body)
		if resp.Header.Get("Content-Type") != samlmsg.MetadataContentType {
			t.Fatalf("%d %v", resp.StatusCode, resp.Header)
		}
		w.mu.Lock()
		name := w.signing[0]
		w.mu.Unlock()
		v, err := samlmsg.NewVerifier(samlmsg.VerifierOptions{Certificates: []*x509.Certificate{pairs()[name].cert}})
		if err != nil {
			t.Fatal(err)
		}
		m, err := samlmsg.ParseMetadata(b.Bytes(), samlmsg.MetadataOptions{Verifier: v, Now: w.clock(), RequireValidUntil: true})
		if err != nil {
			t.Fatal(err)
		}
		e, ok := m.Entity(w.idp.EntityID())
		if !ok || e.IDP == nil {
			t.Fatal("not the hub's")
		}
		return e, b.Bytes()
	}
	e, first := get(samlidp.MetadataPath)
	if !e.ValidUntil.Equal(noon.Add(7*24*time.Hour)) || e.CacheDuration != 6*time.Hour || len(e.IDP.SigningCertificates()) != 1 || len(e.IDP.SingleSignOn) != 2 {
		t.Errorf("%+v", e)
	}
	if key, can := e.IDP.EncryptionKey(); !can || !key.Certificates[0].Equal(pairs()["hub-open"].cert) || len(key.Methods) == 0 {
		t.Error("nobody can encrypt the name in a logout request")
	}
	for _, binding := range []string{samlmsg.BindingRedirect, samlmsg.BindingPOST, samlmsg.BindingSOAP} {
		if slo, ok := samlmsg.Find(e.IDP.SingleLogout, binding); !ok || !strings.HasPrefix(slo.Location, w.server.URL+samlidp.SLOPath) {
			t.Errorf("SSO-05: no single logout by %s", binding)
		}
	}
	if levels := e.Attributes[samlmsg.AssuranceCertification]; len(levels) != 1 || levels[0] != usual.ACR() {
		t.Errorf("LOA-03: %v", levels)
	}
	if e.IDP.WantAuthnRequestsSigned {
		t.Error("wants signed requests of everybody")
	}
	if land, _ := get("/saml2/metadata/land"); !land.IDP.WantAuthnRequestsSigned {
		t.Error("does not say that the land office must sign")
	}
	if tax, again := get("/saml2/metadata/tax"); tax.IDP.WantAuthnRequestsSigned || !bytes.Equal(again, first) {
		t.Error("signed anew for everybody who asks")
	}
	// The next key is there before it signs, and the last one stays while it may be met.
	w.mu.Lock()
	w.signing = []string{"hub", "hub-next"}
	w.mu.Unlock()
	if e, _ := get(samlidp.MetadataPath); len(e.IDP.SigningCertificates()) != 2 {
		t.Error("the next key is not told")
	}
	w.mu.Lock()
	w.signing = []string{"hub-next", "hub"}
	w.mu.Unlock()
	if e, _ := get(samlidp.MetadataPath); len(e.IDP.SigningCertificates()) != 2 {
		t.Error("the last key is not told any more")
	}
	resp, err := oneshot.Client().Get(w.server.URL + "/saml2/metadata/nobody") //nolint:noctx // a test
	if err != nil || resp.Header.Get("X-Refused") != string(hub.NotFound) {
		t.Errorf("%v %v", err, resp)
	}
	if err == nil {
		resp.Body.Close()
	}
}

// What comes back from the login is checked against what was asked: no room above is trusted to have kept it.
func TestTheResultIsJudgedAgain(t *testing.T) {
	t.Parallel()
	ended := noon.Add(-time.Second)
	live := session.Session{ID: "s", Account: "mali", Level: usual, AuthTime: noon, StartedAt: noon, LastActivity: noon}
	with := func(change func(*session.Session)) session.Session {
		s := live
		change(&s)
		return s
	}
	for name, c := range map[string]struct {
		session session.Session
		second  string
	}{
		"below the level of the register": {with(func(s *session.Session) { s.Level.AAL = hub.AAL1 }), samlmsg.StatusNoAuthnContext},
		"idle for too long (SES-08)":      {with(func(s *session.Session) { s.LastActivity = noon.Add(-30 * time.Minute) }), samlmsg.StatusAuthnFailed},
		"too old (SES-08)":                {with(func(s *session.Session) { s.AuthTime = noon.Add(-12 * time.Hour) }), samlmsg.StatusAuthnFailed},
		"ended":                           {with(func(s *session.Session) { s.EndedAt = ended }), samlmsg.StatusAuthnFailed},
		"ended while it was on the way":   {with(func(s *session.Session) { s.ID = "gone" }), samlmsg.StatusAuthnFailed},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			if c.session.ID == "s" {
				w.sessions["s"] = c.session
			} else {
				w.sessions["gone"] = with(func(s *session.Session) { s.EndedAt = ended })
			}
			w.finish = func(login.Request) login.Result { return login.Result{Session: c.session} }
			w.wantStatus((&browser{w: w}).get(w.request(), "", signer("land")), c.second)
			if len(w.parts) != 0 || len(w.used) != 0 {
				t.Error("something was written")
			}
		})
	}
}

// A database that does not answer costs the login, and nothing is given away.
func TestNoAssertionWithoutItsRecord(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.down = true
	w.wantStatus(w.signIn("mali", usual).get(w.request(), "", signer("land")), samlmsg.StatusNoAvailableIDP)
}

// Results that no login of ours can have end on a page.
func TestForeignResultsEndOnAPage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	good, err := json.Marshal(map[string]any{"id": "_1", "system": "land", "acs": landACS, "at": noon.UnixMicro()})
	if err != nil {
		t.Fatal(err)
	}
	moved := bytes.Replace(good, []byte(landACS), []byte("https://evil.example/acs"), 1)
	s := session.Session{ID: "s", Account: "mali", Level: usual, AuthTime: noon, StartedAt: noon, LastActivity: noon}
	w.sessions["s"] = s
	for name, c := range map[string]struct {
		res  login.Result
		kind hub.Kind
	}{
		"another protocol": {login.Result{Session: s, Request: login.Request{Protocol: "oidc", System: "land", Continue: good}}, hub.Internal},
		"neither":          {login.Result{Request: login.Request{Protocol: "saml", System: "land", Continue: good}}, hub.Internal},
		"both":             {login.Result{Session: s, Failure: hub.Denied, Request: login.Request{Protocol: "saml", System: "land", Continue: good}}, hub.Internal},
		"another system":   {login.Result{Session: s, Request: login.Request{Protocol: "saml", System: "tax", Continue: good}}, hub.Internal},
		"no state":         {login.Result{Session: s, Request: login.Request{Protocol: "saml", System: "land"}}, hub.Internal},
		"ACS that is gone": {login.Result{Session: s, Request: login.Request{Protocol: "saml", System: "land", Continue: moved}}, hub.Invalid},
		"not asked for and not allowed": {login.Result{Session: s, Request: login.Request{
			Protocol: "saml", System: "land", Continue: bytes.Replace(good, []byte(`"id":"_1",`), nil, 1),
		}}, hub.Denied},
	} {
		rec := httptest.NewRecorder()
		w.idp.FinishLogin(rec, httptest.NewRequest(http.MethodGet, "/", nil), c.res)
		if got := rec.Header().Get("X-Refused"); got != string(c.kind) || strings.Contains(rec.Body.String(), "SAMLResponse") {
			t.Errorf("%s: %q", name, got)
		}
	}
}

func TestNewNeedsEverything(t *testing.T) {
	t.Parallel()
	if _, err := samlidp.New(samlidp.Options{Issuer: "https://hub.example"}); hub.KindOf(err) != hub.Internal {
		t.Errorf("%v", err)
	}
	if _, err := samlidp.New(samlidp.Options{Issuer: "https://hub.example/"}); hub.KindOf(err) != hub.Invalid {
		t.Errorf("%v", err)
	}
}
