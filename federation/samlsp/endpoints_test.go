package samlsp_test

import (
	"bytes"
	"encoding/base64"
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"onedoor/federation"
	"onedoor/federation/samlsp"
	"onedoor/federation/simulator/samlbank"
	"onedoor/hub"
	"onedoor/hub/samlmsg"
)

func encode(xml []byte) string { return base64.StdEncoding.EncodeToString(xml) }

func TestTheHubPublishesBothKeysDuringARolloverAndOneToEncryptFor(t *testing.T) {
	t.Parallel()
	r := newRig(t, nil)
	e := r.serviceProvider()
	if e.SP == nil || !e.SP.AuthnRequestsSigned || !e.SP.WantAssertionsSigned || len(e.SP.SigningCertificates()) != 1 || e.ValidUntil.Before(noon.AddDate(0, 0, 7)) ||
		len(e.SP.AssertionConsumers) != 1 || e.SP.AssertionConsumers[0].Location != r.connector.ACSURL(providerID) || len(e.SP.AttributeConsuming) != 1 {
		t.Errorf("%+v", e)
	}
	for _, a := range e.SP.AttributeConsuming[0].Requested {
		if a.Required != (a.Name == samlbank.AttrNationalID) {
			t.Errorf("%s required: %v", a.Name, a.Required)
		}
	}
	_, first := r.do(http.MethodGet, r.connector.MetadataURL(providerID), nil)
	if _, again := r.do(http.MethodGet, r.connector.MetadataURL(providerID), nil); again != first {
		t.Error("signed anew for every caller")
	}
	// The next signing key is told of while the first still signs; then it signs, then the first is gone.
	r.keys.mu.Lock()
	r.keys.signing = []samlsp.KeyPair{signOne(), signTwo()}
	r.keys.mu.Unlock()
	if e = r.serviceProvider(); len(e.SP.SigningCertificates()) != 2 {
		t.Errorf("%d signing keys during the rollover", len(e.SP.SigningCertificates()))
	}
	if _, err := r.login("mali"); err != nil {
		t.Error(err)
	}
	retired := signOne()
	retired.Retired = true
	r.keys.mu.Lock()
	r.keys.signing, r.keys.opening = []samlsp.KeyPair{signTwo(), retired}, []samlsp.KeyPair{openTwo(), openOne()}
	r.keys.mu.Unlock()
	e = r.serviceProvider()
	if c := e.SP.SigningCertificates(); len(c) != 1 || !c[0].Equal(signTwo().Certificate) {
		t.Error("a retired key is published")
	}
	if k, ok := e.SP.EncryptionKey(); !ok || !k.Certificates[0].Equal(openTwo().Certificate) {
		t.Error("another key to encrypt for")
	}
	if _, err := r.login("mali"); err != nil {
		t.Error(err)
	}
}

func TestWhatWasEncryptedForTheLastKeyStillOpens(t *testing.T) {
	t.Parallel()
	r := newRig(t, nil)
	a := r.begin(newAsk(), "mali") // encrypted for the first
	r.keys.mu.Lock()
	r.keys.opening = []samlsp.KeyPair{openTwo(), openOne()}
	r.keys.mu.Unlock()
	if _, err := r.finish(a, r.post(a)); err != nil {
		t.Error(err)
	}
}

func TestTheProvidersKeyRollsOverWithoutALostLogin(t *testing.T) {
	t.Parallel()
	r := newRig(t, nil)
	for _, announced := range []bool{true, false} {
		a := r.begin(newAsk(), "mali")
		r.clock.advance(time.Minute) // a source is asked for such a reason once a minute
		if err := r.bank.Rotate(announced); err != nil {
			t.Fatal(err)
		}
		b := r.begin(newAsk(), "mali") // signed with the new key, of which nothing is known here
		if _, err := r.finish(b, r.post(b)); err != nil {
			t.Errorf("announced %v: %v", announced, err)
		}
		_, err := r.finish(a, r.post(a)) // signed with the old one
		if announced && err != nil {
			t.Errorf("the old key: %v", err)
		}
		if !announced {
			wantReason(t, err, hub.Refused, string(samlmsg.SignatureMismatch))
		}
	}
}

func TestAProviderWhoseMetadataIsAwayIsUnavailable(t *testing.T) {
	t.Parallel()
	r := newRig(t, func(p *federation.Provider) { p.SAML.Metadata.URL = "http://127.0.0.1:1/metadata" })
	_, err := r.registry.Start(t.Context(), providerID, newAsk())
	wantReason(t, err, hub.Unavailable, "metadata_unreachable")
	r = newRig(t, func(p *federation.Provider) { p.SAML.EntityID = "urn:another" })
	if _, err = r.registry.Start(t.Context(), providerID, newAsk()); federation.Reason(err) != "metadata_entity_absent" {
		t.Error(err)
	}
	r = newRig(t, nil)
	r.keys.mu.Lock()
	r.keys.err = hub.Errorf("keys", hub.Unavailable, "away")
	r.keys.mu.Unlock()
	if _, err = r.registry.Start(t.Context(), providerID, newAsk()); !errors.Is(err, hub.Unavailable) {
		t.Error(err)
	}
}

func TestTheAssertionConsumerServiceReadsFormsOnly(t *testing.T) {
	t.Parallel()
	r := newRig(t, nil)
	acs := r.connector.ACSURL(providerID)
	good := r.begin(newAsk(), "mali").form.Get("SAMLResponse")
	state := newAsk().State
	for name, c := range map[string]struct {
		method, address, body, kind string
		reason                      string
	}{
		"GET":            {http.MethodGet, acs + "?SAMLResponse=" + url.QueryEscape(good), "", "", string(samlmsg.BindingMethod)},
		"nothing":        {http.MethodPost, acs, "", "", string(samlmsg.BindingMissing)},
		"JSON":           {http.MethodPost, acs, "{}", "application/json", string(samlmsg.BindingEncoding)},
		"bad form":       {http.MethodPost, acs, "SAMLResponse=%zz", "", string(samlmsg.BindingEncoding)},
		"twice":          {http.MethodPost, acs, "SAMLResponse=a&SAMLResponse=b", "", string(samlmsg.BindingRepeated)},
		"in the query":   {http.MethodPost, acs + "?SAMLResponse=a", "SAMLResponse=b", "", string(samlmsg.BindingRepeated)},
		"only the query": {http.MethodPost, acs + "?SAMLResponse=a", "x=y", "", string(samlmsg.BindingRepeated)},
		"a request":      {http.MethodPost, acs, "SAMLResponse=a&SAMLRequest=b", "", string(samlmsg.MessageUnexpected)},
		"too big":        {http.MethodPost, acs, "SAMLResponse=" + strings.Repeat("A", samlsp.MaxAnswer), "", string(samlmsg.BindingTooBig)},
		"state of another form": {
			http.MethodPost, acs, url.Values{"SAMLResponse": {good}, "RelayState": {"../../evil"}}.Encode(), "", string(federation.StateMismatch),
		},
		"long state": {
			http.MethodPost, acs, url.Values{"SAMLResponse": {good}, "RelayState": {state + state}}.Encode(), "", string(federation.StateMismatch),
		},
	} {
		t.Run(name, func(t *testing.T) {
			q, err := http.NewRequestWithContext(t.Context(), c.method, c.address, strings.NewReader(c.body))
			if err != nil {
				t.Fatal(err)
			}
			if c.kind == "" {
				c.kind = "application/x-www-form-urlencoded"
			}
			q.Header.Set("Content-Type", c.kind)
			resp, err := r.client.Do(q)
			if err != nil {
				t.Fatal(err)
			}
			defer resp.Body.Close()
			r.said.Lock()
			defer r.said.Unlock()
			if reason := federation.Reason(r.said.err); resp.StatusCode != http.StatusBadRequest || reason != c.reason {
				t.Errorf("%d %s, want %s", resp.StatusCode, reason, c.reason)
			}
			if e := r.memory.last(); e.Reason != c.reason {
				t.Errorf("recorded as %q", e.Reason)
			}
		})
	}
	for _, path := range []string{"/login/saml/unknown/acs", "/login/saml/..%2fx/acs"} {
		if resp, _ := r.do(http.MethodPost, r.hubURL+path, url.Values{"SAMLResponse": {"x"}}); resp.StatusCode == http.StatusSeeOther {
			t.Errorf("%s is served", path)
		}
	}
}

// Nothing but what the provider has signed takes room: junk leaves a word, and one good message one row however often it comes.
func TestJunkFillsNoTable(t *testing.T) {
	t.Parallel()
	r := newRig(t, nil)
	acs := r.connector.ACSURL(providerID)
	a := r.begin(newAsk(), "mali")
	for range 5 {
		r.post(&attempt{acs: acs, form: url.Values{"SAMLResponse": a.form["SAMLResponse"], "RelayState": {newAsk().State}}})
	}
	if n := len(r.memory.byHandle); n != 1 {
		t.Errorf("%d rows of one message", n)
	}
	big := url.Values{"SAMLResponse": {encode([]byte("<a>" + strings.Repeat("x", 200<<10) + "</a>"))}, "RelayState": {newAsk().State}}
	q := r.post(&attempt{acs: acs, form: big})
	for _, row := range r.memory.byHandle {
		if len(row.sealed) > 20<<10 {
			t.Errorf("%d bytes of junk were kept", len(row.sealed))
		}
		if bytes.Contains(row.sealed, []byte("3100500000011")) {
			t.Error("D3: personal data in the clear")
		}
	}
	if q.Get("code") == "" {
		t.Error("the refusal is not told where the login began")
	}
	// Anybody can make an answer that says no: it has no signature, and is kept only where it is short.
	for pad, reason := range map[int]string{10: string(federation.PersonDenied), 200 << 10: string(samlmsg.BindingTooBig)} {
		b := r.begin(newAsk(), "mali", samlbank.RequestDenied)
		no, err := base64.StdEncoding.DecodeString(b.form.Get("SAMLResponse"))
		if err != nil {
			t.Fatal(err)
		}
		no = regexp.MustCompile(`(?s)<ds:Signature .*</ds:Signature>`).ReplaceAll(no, nil)
		no = bytes.Replace(no, []byte("</samlp:Status>"), []byte("<samlp:StatusMessage>"+strings.Repeat("x", pad)+"</samlp:StatusMessage></samlp:Status>"), 1)
		b.form.Set("SAMLResponse", encode(no))
		before := r.memory.size()
		q := r.post(b)
		if grown := r.memory.size() - before; grown > 20<<10 {
			t.Errorf("%d bytes of an answer that nobody signed were kept", grown)
		}
		_, err = r.finish(b, q)
		wantReason(t, err, hub.KindOf(err), reason)
	}
}

func TestAPostedRequestIsOurOwn(t *testing.T) {
	t.Parallel()
	r := newRig(t, func(p *federation.Provider) { p.SAML.RequestBinding = federation.SAMLPost })
	to, err := r.registry.Start(t.Context(), providerID, newAsk())
	if err != nil {
		t.Fatal(err)
	}
	resp, page := r.do(http.MethodGet, to.URL, nil)
	if policy := resp.Header.Get("Content-Security-Policy"); resp.StatusCode != http.StatusOK || !strings.Contains(policy, "default-src 'none'") || strings.Contains(page, "<script") {
		t.Errorf("%d %s", resp.StatusCode, policy)
	}
	for name, address := range map[string]string{
		"changed":  strings.Replace(to.URL, "RelayState=", "RelayState=x", 1),
		"unsigned": to.URL[:strings.Index(to.URL, "&SigAlg")],
		"nothing":  strings.Split(to.URL, "?")[0],
		"response": strings.Replace(to.URL, "SAMLRequest", "SAMLResponse", 1),
	} {
		if resp, _ := r.do(http.MethodGet, address, nil); resp.StatusCode != http.StatusBadRequest {
			t.Errorf("%s: %d", name, resp.StatusCode)
		}
	}
	r.clock.advance(6 * time.Minute)
	if resp, _ := r.do(http.MethodGet, to.URL, nil); resp.StatusCode != http.StatusBadRequest {
		t.Errorf("too late: %d", resp.StatusCode)
	}
}

func TestSessionNamesTellSessionsApart(t *testing.T) {
	t.Parallel()
	id := samlmsg.NameID{Value: "s-1", Format: samlmsg.FormatPersistent}
	seen := map[string]bool{}
	for _, s := range []string{
		samlsp.SessionName(id, "a"), samlsp.SessionName(id, "b"), samlsp.SessionName(id, ""), samlsp.SessionName(samlmsg.NameID{Value: "s-1"}, "a"),
		samlsp.SessionName(samlmsg.NameID{Value: "s-1a", Format: samlmsg.FormatPersistent}, ""),
	} {
		if seen[s] || len(s) != 43 {
			t.Errorf("%q", s)
		}
		seen[s] = true
	}
	if other := id; samlsp.SessionName(id, "a") != samlsp.SessionName(other, "a") {
		t.Error("not always the same")
	}
}
