package landoffice

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"io"
	"log/slog"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"onedoor/hub"
	"onedoor/hub/samlmsg"
)

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

const (
	base  = "https://land.example"
	hubID = "https://hub.example/saml2/metadata"
	sso   = "https://hub.example/saml2/sso"
)

var signers = sync.OnceValue(func() map[string]*samlmsg.Signer {
	out := map[string]*samlmsg.Signer{}
	for _, name := range []string{"hub", "stranger"} {
		key, err := rsa.GenerateKey(rand.Reader, 2048)
		if err != nil {
			panic(err)
		}
		template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, NotBefore: noon.Add(-time.Hour), NotAfter: noon.Add(time.Hour)}
		der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
		if err != nil {
			panic(err)
		}
		cert, err := x509.ParseCertificate(der)
		if err != nil {
			panic(err)
		}
		if out[name], err = samlmsg.NewSigner(samlmsg.SignerOptions{Key: key, Certificate: cert, Random: rand.Reader}); err != nil {
			panic(err)
		}
	}
	return out
})

var keys = sync.OnceValue(func() []*rsa.PrivateKey {
	var out []*rsa.PrivateKey
	for range 2 {
		key, err := rsa.GenerateKey(rand.Reader, 2048)
		if err != nil {
			panic(err)
		}
		out = append(out, key)
	}
	return out
})

// world is the land office with a hub that only has metadata; the tests write its answers.
type world struct {
	t      *testing.T
	office *LandOffice
	now    time.Time
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, now: noon}
	served := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) {
		document, err := samlmsg.EntityDescriptor{
			EntityID: hubID, ID: "_m", ValidUntil: w.now.Add(time.Hour),
			IDP: &samlmsg.IDPSSODescriptor{
				Role: samlmsg.Role{Keys: []samlmsg.KeyDescriptor{{
					Use: samlmsg.UseSigning, Certificates: []*x509.Certificate{signers()["hub"].Certificate()},
				}}},
				SingleSignOn: []samlmsg.Endpoint{{Binding: samlmsg.BindingRedirect, Location: sso}, {Binding: samlmsg.BindingPOST, Location: sso}},
			},
		}.XML(signers()["hub"])
		if err != nil {
			t.Error(err)
		}
		_, _ = rw.Write(document)
	}))
	t.Cleanup(served.Close)
	var err error
	w.office, err = New(Options{
		BaseURL: base, HubURL: served.URL, HubID: hubID, Names: hub.Text{"th": "ที่ดิน", "en": "Land"}, HTTP: served.Client(),
		Clock: func() time.Time { return w.now }, Random: rand.Reader, Log: slog.New(slog.DiscardHandler), Keys: keys(),
	})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// browser keeps cookies by name.
type browser struct {
	w   *world
	jar map[string]string
}

func (w *world) browser() *browser { return &browser{w, map[string]string{}} }

func (b *browser) do(method, target string, form url.Values, headers ...string) *http.Response {
	b.w.t.Helper()
	r := httptest.NewRequest(method, base+target, strings.NewReader(form.Encode()))
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	for name, value := range b.jar {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	rec := httptest.NewRecorder()
	b.w.office.ServeHTTP(rec, r)
	resp := rec.Result()
	for _, c := range resp.Cookies() {
		if c.MaxAge < 0 {
			delete(b.jar, c.Name)
		} else {
			b.jar[c.Name] = c.Value
		}
		if !c.Secure || !c.HttpOnly || c.Path != "/" {
			b.w.t.Errorf("cookie %s is not safe", c.Name)
		}
	}
	return resp
}

func text(t *testing.T, r *http.Response) string {
	t.Helper()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// begin starts a login and gives the request that went to the hub, verified with the office's key.
func (b *browser) begin(path string) samlmsg.AuthnRequest {
	b.w.t.Helper()
	resp := b.do(http.MethodGet, path, nil)
	to, err := resp.Location()
	if err != nil || !strings.HasPrefix(to.String(), sso+"?") {
		b.w.t.Fatalf("%d, sent to %v", resp.StatusCode, to)
	}
	m, err := samlmsg.FromRedirect(to.RawQuery, samlmsg.Limits{})
	if err != nil {
		b.w.t.Fatal(err)
	}
	v, err := samlmsg.NewVerifier(samlmsg.VerifierOptions{Certificates: []*x509.Certificate{b.w.office.Certificate()}})
	if err != nil {
		b.w.t.Fatal(err)
	}
	q, err := m.AuthnRequest(v, nil, samlmsg.SignatureRequired)
	if err != nil {
		b.w.t.Fatal(err)
	}
	return q
}

// reply is a good answer to a request, changed.
func (w *world) reply(q samlmsg.AuthnRequest, change ...func(*samlmsg.Response, *samlmsg.IssueOptions)) url.Values {
	w.t.Helper()
	s := signers()["hub"]
	encrypt, err := samlmsg.NewRecipient(samlmsg.RecipientOptions{Certificate: w.office.opens, Random: rand.Reader})
	if err != nil {
		w.t.Fatal(err)
	}
	until := w.now.Add(5 * time.Minute)
	r := samlmsg.Response{
		ID: "_" + hub.NewID(rand.Reader), InResponseTo: q.ID, IssueInstant: w.now, Issuer: hubID, Destination: base + ACSPath, Status: samlmsg.Success(),
		Assertion: &samlmsg.Assertion{
			ID: "_" + hub.NewID(rand.Reader), IssueInstant: w.now, Issuer: hubID,
			Subject: samlmsg.Subject{NameID: &samlmsg.NameID{Value: "pairwise-name", Format: samlmsg.FormatPersistent}, Confirmations: []samlmsg.Confirmation{{
				Method: samlmsg.ConfirmationBearer, Recipient: base + ACSPath, InResponseTo: q.ID, NotOnOrAfter: until,
			}}},
			Conditions: &samlmsg.Conditions{NotBefore: w.now, NotOnOrAfter: until, Audiences: [][]string{{base + MetadataPath}}},
			Authn:      []samlmsg.AuthnStatement{{AuthnInstant: w.now, SessionIndex: "p1", ClassRef: "urn:onedoor:ial:2.3:aal:2.1"}},
			Attributes: []samlmsg.Attribute{{Name: "urn:x", FriendlyName: "<b>name</b>", Values: []string{"<i>value</i>"}}},
		},
	}
	o := samlmsg.IssueOptions{Response: s, Assertion: s, Encrypt: encrypt}
	for _, c := range change {
		c(&r, &o)
	}
	raw, err := r.XML(o)
	if err != nil {
		w.t.Fatal(err)
	}
	return url.Values{"SAMLResponse": {base64.StdEncoding.EncodeToString(raw)}, "RelayState": {q.ID}}
}

// crossSite is what a browser tells of a form that comes from the hub.
var crossSite = []string{"Sec-Fetch-Site", "cross-site", "Origin", "null"}

func TestSSO01_LoginShowLogout(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.browser()
	if page := text(t, b.do(http.MethodGet, "/", nil)); strings.Contains(page, "password\"") || !strings.Contains(page, `href="/login"`) {
		t.Error(page)
	}
	q := b.begin("/login")
	if q.Issuer != base+MetadataPath || q.ACSURL != base+ACSPath || q.Destination != sso || q.Context != nil {
		t.Errorf("%+v", q)
	}
	resp := b.do(http.MethodPost, ACSPath, w.reply(q), crossSite...)
	if resp.StatusCode != http.StatusSeeOther || resp.Header.Get("Location") != "/" {
		t.Fatalf("%d %s", resp.StatusCode, text(t, resp))
	}
	page := text(t, b.do(http.MethodGet, "/", nil))
	for _, want := range []string{"pairwise-name", "signed and encrypted", "urn:onedoor:ial:2.3:aal:2.1", "&lt;i&gt;value&lt;/i&gt;"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q:\n%s", want, page)
		}
	}
	if resp := b.do(http.MethodPost, "/logout", url.Values{}, crossSite...); resp.StatusCode != http.StatusForbidden {
		t.Errorf("a form from elsewhere logs out: %d", resp.StatusCode)
	}
	b.do(http.MethodPost, "/logout", url.Values{}, "Sec-Fetch-Site", "same-origin")
	if page := text(t, b.do(http.MethodGet, "/", nil)); strings.Contains(page, "pairwise-name") {
		t.Error("still logged in")
	}
}

// Whatever is wrong with an answer, nobody is signed in.
func TestAnswersThatSignNobodyIn(t *testing.T) {
	t.Parallel()
	type change = func(*samlmsg.Response, *samlmsg.IssueOptions)
	stranger := func(_ *samlmsg.Response, o *samlmsg.IssueOptions) {
		o.Response, o.Assertion = signers()["stranger"], signers()["stranger"]
	}
	for name, c := range map[string]change{
		"not encrypted":        func(_ *samlmsg.Response, o *samlmsg.IssueOptions) { o.Encrypt = nil },
		"assertion not signed": func(_ *samlmsg.Response, o *samlmsg.IssueOptions) { o.Assertion = nil },
		"response not signed":  func(_ *samlmsg.Response, o *samlmsg.IssueOptions) { o.Response = nil },
		"signed by a stranger": stranger,
		"of another issuer": func(r *samlmsg.Response, _ *samlmsg.IssueOptions) {
			r.Issuer, r.Assertion.Issuer = "https://evil.example", "https://evil.example"
		},
		"for another audience": func(r *samlmsg.Response, _ *samlmsg.IssueOptions) {
			r.Assertion.Conditions.Audiences = [][]string{{"https://other.example"}}
		},
		"for no audience": func(r *samlmsg.Response, _ *samlmsg.IssueOptions) { r.Assertion.Conditions.Audiences = nil },
		"for another recipient": func(r *samlmsg.Response, _ *samlmsg.IssueOptions) {
			r.Assertion.Subject.Confirmations[0].Recipient = "https://other.example"
		},
		"for another destination": func(r *samlmsg.Response, _ *samlmsg.IssueOptions) { r.Destination = "https://other.example" },
		"expired": func(r *samlmsg.Response, _ *samlmsg.IssueOptions) {
			r.Assertion.Conditions.NotOnOrAfter = noon.Add(-2 * time.Minute)
		},
		"to another request": func(r *samlmsg.Response, _ *samlmsg.IssueOptions) { r.InResponseTo = "_other" },
		"within, to another": func(r *samlmsg.Response, _ *samlmsg.IssueOptions) {
			r.Assertion.Subject.Confirmations[0].InResponseTo = "_other"
		},
		"to no request": func(r *samlmsg.Response, _ *samlmsg.IssueOptions) {
			r.InResponseTo, r.Assertion.Subject.Confirmations[0].InResponseTo = "", ""
		},
		"a failure": func(r *samlmsg.Response, _ *samlmsg.IssueOptions) {
			r.Status, r.Assertion = samlmsg.Status{Code: samlmsg.StatusResponder, Second: samlmsg.StatusNoPassive}, nil
		},
		"an unsigned failure": func(r *samlmsg.Response, o *samlmsg.IssueOptions) {
			r.Status, r.Assertion, o.Response = samlmsg.Status{Code: samlmsg.StatusResponder}, nil, nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			b := w.browser()
			q := b.begin("/login")
			resp := b.do(http.MethodPost, ACSPath, w.reply(q, c), crossSite...)
			page := text(t, resp)
			if resp.StatusCode < 400 || b.jar[sessionCookie] != "" || !strings.Contains(page, `role="alert"`) {
				t.Errorf("%d\n%s", resp.StatusCode, page)
			}
			if name == "a failure" && !strings.Contains(page, "NoPassive") {
				t.Errorf("the page does not say what: %s", page)
			}
		})
	}
}

// An answer counts once, in the browser that asked, for as long as it may.
func TestAnAnswerIsBoundToItsBrowserAndCountsOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	victim, attacker := w.browser(), w.browser()
	q := attacker.begin("/login")
	mine := w.reply(q)
	if resp := victim.do(http.MethodPost, ACSPath, mine, crossSite...); resp.StatusCode != http.StatusBadRequest || victim.jar[sessionCookie] != "" {
		t.Errorf("a browser without a login of its own: %d", resp.StatusCode)
	}
	own := victim.begin("/login")
	theirs := attacker.begin("/login")
	if resp := victim.do(http.MethodPost, ACSPath, w.reply(theirs), crossSite...); resp.StatusCode != http.StatusBadRequest || victim.jar[sessionCookie] != "" {
		t.Errorf("another browser's answer: %d", resp.StatusCode)
	}
	good := w.reply(own)
	if resp := victim.do(http.MethodPost, ACSPath, good, crossSite...); resp.StatusCode != http.StatusSeeOther {
		t.Fatalf("%d", resp.StatusCode)
	}
	if resp := victim.do(http.MethodPost, ACSPath, good, crossSite...); resp.StatusCode != http.StatusBadRequest {
		t.Errorf("the same answer again: %d", resp.StatusCode)
	}
	late := victim.begin("/login")
	w.now = w.now.Add(loginLife)
	if resp := victim.do(http.MethodPost, ACSPath, w.reply(late), crossSite...); resp.StatusCode != http.StatusBadRequest {
		t.Errorf("too late: %d", resp.StatusCode)
	}
}

// LOA-05: the deed asks for AAL 2.2 and opens for nothing less.
func TestTheDeedAsksForMore(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.browser()
	q := b.begin("/login")
	b.do(http.MethodPost, ACSPath, w.reply(q), crossSite...)
	q = b.begin(deedPath)
	if q.Context == nil || q.Context.Comparison != samlmsg.Minimum || len(q.Context.ClassRefs) != 1 || q.Context.ClassRefs[0] != "urn:onedoor:ial:2.1:aal:2.2" {
		t.Fatalf("%+v", q.Context)
	}
	b.do(http.MethodPost, ACSPath, w.reply(q), crossSite...) // the hub gave less than was asked
	b.begin(deedPath)
	q = b.begin(deedPath)
	resp := b.do(http.MethodPost, ACSPath, w.reply(q, func(r *samlmsg.Response, _ *samlmsg.IssueOptions) {
		r.Assertion.Authn[0].ClassRef = "urn:onedoor:ial:2.1:aal:2.2"
	}), crossSite...)
	if resp.Header.Get("Location") != deedPath {
		t.Errorf("led to %q", resp.Header.Get("Location"))
	}
	if page := text(t, b.do(http.MethodGet, deedPath, nil)); !strings.Contains(page, "deed-text") {
		t.Error(page)
	}
}

func TestMetadataAndForm(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	v, err := samlmsg.NewVerifier(samlmsg.VerifierOptions{Certificates: []*x509.Certificate{w.office.Certificate()}})
	if err != nil {
		t.Fatal(err)
	}
	raw := text(t, w.browser().do(http.MethodGet, MetadataPath, nil))
	m, err := samlmsg.ParseMetadata([]byte(raw), samlmsg.MetadataOptions{Verifier: v, Now: w.now, RequireValidUntil: true})
	if err != nil {
		t.Fatal(err)
	}
	e, ok := m.Entity(w.office.EntityID())
	if !ok || e.SP == nil || !e.SP.AuthnRequestsSigned || len(e.SP.AssertionConsumers) != 1 {
		t.Errorf("%+v", e)
	}
	if key, ok := e.SP.EncryptionKey(); !ok || len(key.Methods) == 0 {
		t.Error("nobody can encrypt for it")
	}
	page := text(t, w.browser().do(http.MethodGet, "/login?binding=post", nil))
	if !strings.Contains(page, `action="`+sso+`"`) || !strings.Contains(page, "SAMLRequest") || !strings.Contains(page, `src="/post.js"`) {
		t.Error(page)
	}
}

func TestNewRefusesBadOptions(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]Options{
		"nothing":          {},
		"slash at the end": {BaseURL: base + "/", HubURL: "x", HubID: hubID, Names: hub.Text{"th": "a", "en": "a"}},
		"no names":         {BaseURL: base, HubURL: "x", HubID: hubID},
		"no client":        {BaseURL: base, HubURL: "x", HubID: hubID, Names: hub.Text{"th": "a", "en": "a"}},
	} {
		if _, err := New(o); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
}
