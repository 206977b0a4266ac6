package samlidp_test

import (
	"bytes"
	"compress/flate"
	"crypto"
	"crypto/rsa"
	"crypto/sha1" //nolint:gosec // to be refused
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"onedoor/hub"
	"onedoor/hub/audit"
	"onedoor/hub/hubtest/oneshot"
	"onedoor/hub/samlidp"
	"onedoor/hub/samlmsg"
)

func deflate(raw []byte) string {
	var b bytes.Buffer
	w, _ := flate.NewWriter(&b, flate.BestCompression)
	_, _ = w.Write(raw)
	_ = w.Close()
	return base64.StdEncoding.EncodeToString(b.Bytes())
}

// signedQuery signs a redirect by hand, with any algorithm name.
func (w *world) signedQuery(raw []byte, alg string, hash crypto.Hash, digest func([]byte) []byte) string {
	q := "SAMLRequest=" + url.QueryEscape(deflate(raw)) + "&SigAlg=" + url.QueryEscape(alg)
	value, err := rsa.SignPKCS1v15(nil, pairs()["land"].key, hash, digest([]byte(q)))
	if err != nil {
		w.t.Fatal(err)
	}
	return w.server.URL + samlidp.SSOPath + "?" + q + "&Signature=" + url.QueryEscape(base64.StdEncoding.EncodeToString(value))
}

func (w *world) xml(q samlmsg.AuthnRequest, s *samlmsg.Signer) []byte {
	w.t.Helper()
	raw, err := q.XML(s)
	if err != nil {
		w.t.Fatal(err)
	}
	return raw
}

// Attacks over real HTTP: each ends on a page of the hub, sends nothing anywhere, reaches no login, and stands in the record with a
// word of ours.
func TestAttacksOpenNothing(t *testing.T) {
	t.Parallel()
	land := signer("land")
	replace := func(raw []byte, old, with string) []byte {
		out := bytes.Replace(raw, []byte(old), []byte(with), 1)
		if bytes.Equal(out, raw) {
			t.Fatalf("nothing to replace: %s", old)
		}
		return out
	}
	sum1 := func(b []byte) []byte { s := sha1.Sum(b); return s[:] } //nolint:gosec // to be refused
	for name, c := range map[string]struct {
		send   func(w *world, b *browser) answer
		reason string
		kind   hub.Kind
	}{
		"unsigned redirect where signed is demanded": {func(w *world, b *browser) answer { return b.get(w.request(), "", nil) }, "signature_missing", hub.Invalid},
		"unsigned post where signed is demanded":     {func(w *world, b *browser) answer { return b.post(w.request(), "", nil) }, "signature_missing", hub.Invalid},
		"signed by a stranger":                       {func(w *world, b *browser) answer { return b.get(w.request(), "", signer("stranger")) }, "signature_mismatch", hub.Invalid},
		"posted, signed by a stranger":               {func(w *world, b *browser) answer { return b.post(w.request(), "", signer("stranger")) }, "signature_mismatch", hub.Invalid},
		"signed where there is no key to check": {func(w *world, b *browser) answer {
			return b.get(w.request(from(taxID)), "", signer("tax"))
		}, "signature_key", hub.Invalid},
		"tampered redirect": {func(w *world, b *browser) answer {
			u := w.redirect(w.request(), "one", land)
			return b.do(http.MethodGet, strings.Replace(u, "RelayState=one", "RelayState=two", 1), "", "")
		}, "signature_mismatch", hub.Invalid},
		"tampered post": {func(w *world, b *browser) answer {
			return b.postRaw(replace(w.xml(w.request(), land), `Version="2.0"`, `Version="2.0" ForceAuthn="true"`), "")
		}, "signature_digest_mismatch", hub.Invalid},
		"signature wrapped around another request": {func(w *world, b *browser) answer {
			signed := w.xml(w.request(), land)
			evil := w.xml(w.request(func(q *samlmsg.AuthnRequest) { q.ACSURL = landACS + "/other" }), nil)
			return b.postRaw(replace(evil, "</samlp:AuthnRequest>", "<samlp:Extensions>"+string(signed)+"</samlp:Extensions></samlp:AuthnRequest>"), "")
		}, "signature_misplaced", hub.Invalid},
		"SHA-1": {func(w *world, b *browser) answer {
			return b.do(http.MethodGet, w.signedQuery(w.xml(w.request(), nil), "http://www.w3.org/2000/09/xmldsig#rsa-sha1", crypto.SHA1, sum1), "", "")
		}, "signature_algorithm", hub.Invalid},
		"half a signature": {func(w *world, b *browser) answer {
			u, _, _ := strings.Cut(w.redirect(w.request(), "", land), "&Signature=")
			return b.do(http.MethodGet, u, "", "")
		}, "signature_malformed", hub.Invalid},
		"a signature in the XML of a redirect": {func(w *world, b *browser) answer {
			return b.do(http.MethodGet, w.server.URL+samlidp.SSOPath+"?SAMLRequest="+url.QueryEscape(deflate(w.xml(w.request(), land))), "", "")
		}, "signature_misplaced", hub.Invalid},
		"for another destination": {func(w *world, b *browser) answer {
			return b.get(w.request(func(q *samlmsg.AuthnRequest) { q.Destination = "https://other.example/saml2/sso" }), "", land)
		}, "destination_mismatch", hub.Invalid},
		"for no destination": {func(w *world, b *browser) answer {
			return b.get(w.request(func(q *samlmsg.AuthnRequest) { q.Destination = "" }), "", land)
		}, "destination_missing", hub.Invalid},
		"too old": {func(w *world, b *browser) answer {
			return b.get(w.request(func(q *samlmsg.AuthnRequest) { q.IssueInstant = noon.Add(-7 * time.Minute) }), "", land)
		}, "issued_too_long_ago", hub.Expired},
		"of the future": {func(w *world, b *browser) answer {
			return b.get(w.request(func(q *samlmsg.AuthnRequest) { q.IssueInstant = noon.Add(2 * time.Minute) }), "", land)
		}, "issued_in_future", hub.Invalid},
		"ACS of an attacker": {func(w *world, b *browser) answer {
			return b.get(w.request(func(q *samlmsg.AuthnRequest) { q.ACSURL = "https://evil.example/acs" }), "", land)
		}, "acs_unknown", hub.Invalid},
		"ACS of an attacker, unsigned": {func(w *world, b *browser) answer {
			return b.get(w.request(from(taxID), func(q *samlmsg.AuthnRequest) { q.ACSURL = taxACS + "@evil.example/" }), "", nil)
		}, "acs_unknown", hub.Invalid},
		"ACS of another department": {func(w *world, b *browser) answer {
			return b.get(w.request(from(taxID), func(q *samlmsg.AuthnRequest) { q.ACSURL = landACS }), "", nil)
		}, "acs_unknown", hub.Invalid},
		"index and address of an ACS": {func(w *world, b *browser) answer {
			one := 1
			return b.get(w.request(func(q *samlmsg.AuthnRequest) { q.ACSURL, q.ACSIndex = landACS, &one }), "", land)
		}, "acs_ambiguous", hub.Invalid},
		"unknown service provider": {func(w *world, b *browser) answer {
			return b.get(w.request(from("https://evil.example")), "", signer("stranger"))
		}, "issuer_mismatch", hub.Invalid},
		"system that is not live": {func(w *world, b *browser) answer {
			w.change(landID, func(sp *samlidp.ServiceProvider) { sp.Live = false })
			return b.get(w.request(), "", land)
		}, "suspended", hub.Suspended},
		"DEFLATE bomb": {func(w *world, b *browser) answer {
			bomb := append([]byte(`<samlp:AuthnRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" Version="2.0">`), bytes.Repeat([]byte(" "), 64<<20)...)
			return b.do(http.MethodGet, w.server.URL+samlidp.SSOPath+"?SAMLRequest="+url.QueryEscape(deflate(bomb)), "", "")
		}, "binding_too_big", hub.TooMany},
		"XML entities": {func(w *world, b *browser) answer {
			raw := append([]byte(`<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b SYSTEM "file:///etc/passwd">]>`), w.xml(w.request(), land)...)
			return b.postRaw(raw, "")
		}, "xml_doctype", hub.Invalid},
		"comment in the issuer": {func(w *world, b *browser) answer {
			return b.postRaw(replace(w.xml(w.request(from(taxID)), nil), taxID, taxID+"<!-- -->"), "")
		}, "xml_comment", hub.Invalid},
		"two requests at once": {func(w *world, b *browser) answer {
			return b.do(http.MethodGet, w.redirect(w.request(), "", land)+"&SAMLRequest=x", "", "")
		}, "binding_parameter_repeated", hub.Invalid},
		"a response": {func(w *world, b *browser) answer {
			raw, err := samlmsg.Response{
				ID: "_r", IssueInstant: noon, Issuer: landID, Status: samlmsg.Status{Code: samlmsg.StatusResponder},
			}.XML(samlmsg.IssueOptions{Response: land})
			if err != nil {
				t.Fatal(err)
			}
			return b.do(http.MethodPost, w.server.URL+samlidp.SSOPath, formType, url.Values{"SAMLResponse": {base64.StdEncoding.EncodeToString(raw)}}.Encode())
		}, "message_unexpected", hub.Invalid},
		"a RelayState without end": {func(w *world, b *browser) answer {
			return b.postRaw(w.xml(w.request(), land), strings.Repeat("x", 81))
		}, "binding_relay_state", hub.Invalid},
		"nothing": {func(w *world, b *browser) answer {
			return b.do(http.MethodGet, w.server.URL+samlidp.SSOPath, "", "")
		}, "binding_parameter_missing", hub.Invalid},
		"a request under way that is none": {func(w *world, b *browser) answer {
			return b.do(http.MethodGet, w.server.URL+samlidp.ContinuePath+"?request="+sealID+"."+strings.Repeat("A", 80), "", "")
		}, "invalid", hub.Invalid},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			a := c.send(w, w.signIn("mali", usual))
			if a.refused != string(c.kind) || len(a.raw) > 0 || w.reached() != 0 {
				t.Errorf("%d %q, %d logins\n%s", a.status, a.refused, w.reached(), a.raw)
			}
			e := w.lastEvent()
			if e.Kind != "authentication.refused" || e.Reason != c.reason || e.Outcome != audit.Refusal || len(w.events) != 1 {
				t.Errorf("recorded as %q (%s)", e.Reason, e.Outcome)
			}
			if strings.Contains(a.body, "evil.example") {
				t.Error("the page shows foreign text")
			}
		})
	}
}

// Invariant 6: a request is answered with one assertion, by whatever way and in whichever browser it comes again.
func TestInvariant6_ARequestCountsOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	q := w.request()
	mali := w.signIn("mali", usual)
	w.accept(mali.get(q, "", signer("land")), q, landACS, true)
	for name, again := range map[string]func() answer{
		"the same browser":    func() answer { return mali.get(q, "", signer("land")) },
		"another binding":     func() answer { return mali.post(q, "", signer("land")) },
		"another person's":    func() answer { return w.signIn("tharn", usual).get(q, "", signer("land")) },
		"later, still in age": func() answer { w.forward(5 * time.Minute); return mali.get(q, "", signer("land")) },
	} {
		if a := again(); a.refused != string(hub.Consumed) || len(a.raw) > 0 {
			t.Errorf("%s: %d %q", name, a.status, a.refused)
		}
	}
	// The same ID of another department is another request.
	tax := w.request(from(taxID), func(x *samlmsg.AuthnRequest) { x.ID = q.ID })
	w.accept(mali.get(tax, "", nil), tax, taxACS, false)
	if len(w.parts) != 2 {
		t.Errorf("%d participants were noted", len(w.parts))
	}
}

// A failure does not use the request up, so that a person who reloads the page gets further; but it opens nothing either.
func TestAFailureLeavesTheRequestOpen(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	q := w.request()
	nobody := &browser{w: w}
	w.wantStatus(nobody.get(q, "", signer("land")), samlmsg.StatusNoPassive)
	w.accept(w.signIn("mali", usual).get(q, "", signer("land")), q, landACS, true)
}

// A carried request is sealed: it can't be changed, kept, or swapped for another sealed thing.
func TestTheCarriedRequestIsSealed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	client := oneshot.Staying()
	form := url.Values{"SAMLRequest": {base64.StdEncoding.EncodeToString(w.xml(w.request(), signer("land")))}, "RelayState": {"personal"}}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, w.server.URL+samlidp.SSOPath, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", formType)
	resp, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	to := resp.Header.Get("Location")
	if resp.StatusCode != http.StatusSeeOther || !strings.HasPrefix(to, samlidp.ContinuePath+"?request=") {
		t.Fatalf("%d %s", resp.StatusCode, to)
	}
	if strings.Contains(to, "personal") || strings.Contains(to, "land") {
		t.Error("the address tells what it carries")
	}
	b := w.signIn("mali", usual)
	last := to[len(to)-1]
	swapped := byte('A')
	if last == swapped {
		swapped = 'B'
	}
	bad := to[:len(to)-6] + string(swapped) + to[len(to)-5:]
	if bad == to {
		bad = to[:len(to)-6] + "C" + to[len(to)-5:]
	}
	if a := b.do(http.MethodGet, w.server.URL+bad, "", ""); a.refused != string(hub.Invalid) {
		t.Errorf("changed: %d %q", a.status, a.refused)
	}
	if a := b.do(http.MethodGet, w.server.URL+to+"&request=x", "", ""); a.refused != string(hub.Invalid) {
		t.Errorf("twice: %d %q", a.status, a.refused)
	}
	w.forward(5*time.Minute + time.Second)
	if a := b.do(http.MethodGet, w.server.URL+to, "", ""); a.refused != string(hub.Expired) {
		t.Errorf("late: %d %q", a.status, a.refused)
	}
	if w.reached() != 0 {
		t.Error("a login began")
	}
}

// Methods that no binding knows are not taken, whatever they bring.
func TestOtherMethodsAreNotTaken(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for path, method := range map[string]string{
		samlidp.SSOPath: http.MethodPut, samlidp.ContinuePath: http.MethodPost, "/saml2/start/land": http.MethodPost,
		samlidp.MetadataPath: http.MethodPost, samlidp.ScriptPath: http.MethodPost,
	} {
		r, err := http.NewRequestWithContext(t.Context(), method, w.server.URL+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := oneshot.Client().Do(r)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != http.StatusMethodNotAllowed || resp.Header.Get("Allow") == "" {
			t.Errorf("%s %s: %d", method, path, resp.StatusCode)
		}
	}
}
