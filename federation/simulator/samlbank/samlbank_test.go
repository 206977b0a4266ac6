package samlbank

import (
	"context"
	"crypto/rand"
	"crypto/x509"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"onedoor/federation/simulator"
	"onedoor/hub"
	"onedoor/hub/samlmsg"
)

const sp = "https://hub.example/login/saml/samlbank/metadata"

// newBank gives a bank that knows one service provider, and that one's key.
func newBank(t *testing.T) (*Bank, *samlmsg.Signer) {
	t.Helper()
	now := func() time.Time { return time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC) }
	var own []byte
	b, err := New(Options{
		BaseURL: "https://bank.example", Clock: now, Random: rand.Reader,
		Metadata: func(_ context.Context, id string) ([]byte, error) {
			if id != sp {
				return nil, errors.New("unknown")
			}
			return own, nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	signer, err := b.newSigner()
	if err != nil {
		t.Fatal(err)
	}
	own, err = samlmsg.EntityDescriptor{EntityID: sp, SP: &samlmsg.SPSSODescriptor{
		Role: samlmsg.Role{Keys: []samlmsg.KeyDescriptor{
			{Use: samlmsg.UseSigning, Certificates: certificates(signer)}, {Use: samlmsg.UseEncryption, Certificates: certificates(signer)},
		}},
		AssertionConsumers: []samlmsg.IndexedEndpoint{{Binding: samlmsg.BindingPOST, Location: "https://hub.example/acs", IsDefault: true}},
	}}.XML(nil)
	if err != nil {
		t.Fatal(err)
	}
	return b, signer
}

// ask makes the address of a request.
func ask(t *testing.T, by *samlmsg.Signer, change func(*samlmsg.AuthnRequest)) string {
	t.Helper()
	q := samlmsg.AuthnRequest{ID: "_r", IssueInstant: time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC), Issuer: sp, Destination: "https://bank.example/sso", ACSURL: "https://hub.example/acs"}
	if change != nil {
		change(&q)
	}
	xml, err := q.XML(nil)
	if err != nil {
		t.Fatal(err)
	}
	address, err := samlmsg.RedirectURL("https://bank.example/sso", samlmsg.KindAuthnRequest, xml, "relay", by)
	if err != nil {
		t.Fatal(err)
	}
	return address
}

func serve(b *Bank, method, address string, form url.Values) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, address, strings.NewReader(form.Encode()))
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	w := httptest.NewRecorder()
	b.ServeHTTP(w, r)
	return w
}

func TestTheBankServesSignedRequestsOfServicesItKnows(t *testing.T) {
	t.Parallel()
	b, own := newBank(t)
	other, err := b.stranger()
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		address string
		status  int
	}{
		"good":              {ask(t, own, nil), http.StatusOK},
		"unsigned":          {ask(t, nil, nil), http.StatusBadRequest},
		"another key":       {ask(t, other, nil), http.StatusBadRequest},
		"unknown service":   {ask(t, own, func(q *samlmsg.AuthnRequest) { q.Issuer = "https://other.example" }), http.StatusBadRequest},
		"answer elsewhere":  {ask(t, own, func(q *samlmsg.AuthnRequest) { q.ACSURL = "https://evil.example/acs" }), http.StatusBadRequest},
		"addressed to none": {ask(t, own, func(q *samlmsg.AuthnRequest) { q.Destination = "" }), http.StatusBadRequest},
		"old":               {ask(t, own, func(q *samlmsg.AuthnRequest) { q.IssueInstant = q.IssueInstant.Add(-time.Hour) }), http.StatusBadRequest},
		"nothing":           {"https://bank.example/sso", http.StatusBadRequest},
	} {
		w := serve(b, http.MethodGet, c.address, nil)
		if w.Code != c.status || strings.Contains(w.Body.String(), `name="person"`) != (c.status == http.StatusOK) {
			t.Errorf("%s: %d", name, w.Code)
		}
	}
	page := serve(b, http.MethodGet, ask(t, own, nil), nil).Body.String()
	for _, f := range Faults() {
		if !strings.Contains(page, `value="`+string(f)+`"`) {
			t.Errorf("%s is not offered", f)
		}
	}
	_, rest, _ := strings.Cut(page, `name="id" value="`)
	id, _, _ := strings.Cut(rest, `"`)
	form := url.Values{"id": {id}, "person": {"mali"}, "context": {ContextTwoFactor}, "decision": {"approve"}}
	if w := serve(b, http.MethodPost, "https://bank.example/login", form); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), `action="https://hub.example/acs"`) {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if w := serve(b, http.MethodPost, "https://bank.example/login", form); w.Code != http.StatusGone {
		t.Errorf("a login counts twice: %d", w.Code)
	}
}

func TestSubjectsArePairwiseAndHoldNothingPersonal(t *testing.T) {
	t.Parallel()
	seen := make(map[string]bool)
	for _, p := range simulator.People() {
		for _, service := range []string{sp, "https://other.example"} {
			s := subject(p, service)
			if seen[s] || strings.Contains(s, p.CitizenID) || strings.Contains(s, p.Key) {
				t.Errorf("subject %s", s)
			}
			seen[s] = true
		}
	}
}

func TestTheTrustRecordFits(t *testing.T) {
	t.Parallel()
	b, _ := newBank(t)
	if faults := b.Trust(b.clock(), b.clock().AddDate(1, 0, 0)).Validate(); len(faults) > 0 {
		t.Error(faults)
	}
}

func TestNewRefusesBadOptions(t *testing.T) {
	t.Parallel()
	metadata := func(context.Context, string) ([]byte, error) { return nil, nil }
	for name, o := range map[string]Options{
		"slash":       {BaseURL: "https://x/", Clock: time.Now, Random: rand.Reader, Metadata: metadata},
		"no base":     {Clock: time.Now, Random: rand.Reader, Metadata: metadata},
		"no clock":    {BaseURL: "https://x", Random: rand.Reader, Metadata: metadata},
		"no metadata": {BaseURL: "https://x", Clock: time.Now, Random: rand.Reader},
	} {
		if _, err := New(o); err == nil {
			t.Errorf("%s passes", name)
		}
	}
	b, _ := newBank(t)
	if _, err := b.Unasked(samlmsg.EntityDescriptor{}, "mali"); !errors.Is(err, hub.NotFound) {
		t.Errorf("for nobody: %v", err)
	}
}

func certificates(s *samlmsg.Signer) []*x509.Certificate {
	return []*x509.Certificate{s.Certificate()}
}
