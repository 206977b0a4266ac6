package samlmsg

import (
	"bytes"
	"compress/flate"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

func sampleRequest() AuthnRequest {
	return AuthnRequest{
		ID: reqID, IssueInstant: noon, Issuer: spID, Destination: ssoURL, ACSURL: acsURL, ProtocolBinding: BindingPOST, ForceAuthn: true,
		NameIDPolicy: &NameIDPolicy{Format: FormatPersistent, AllowCreate: true},
		Context:      &RequestedAuthnContext{Comparison: Minimum, ClassRefs: []string{"urn:onedoor:ial:2.3:aal:2.1", ClassMobileTwoFactor}},
		Scoping:      &Scoping{IDPs: []string{idpID}, Requesters: []string{"https://department.example"}},
	}
}

func redirect(tb testing.TB, q AuthnRequest, relay string, s *Signer) string {
	tb.Helper()
	raw, err := q.XML(nil)
	if err != nil {
		tb.Fatal(err)
	}
	u, err := RedirectURL(ssoURL, KindAuthnRequest, raw, relay, s)
	if err != nil {
		tb.Fatal(err)
	}
	return strings.TrimPrefix(u, ssoURL+"?")
}

func packed(tb testing.TB, raw []byte) string {
	tb.Helper()
	var b bytes.Buffer
	w, err := flate.NewWriter(&b, flate.BestCompression)
	if err != nil {
		tb.Fatal(err)
	}
	if _, err := w.Write(raw); err != nil {
		tb.Fatal(err)
	}
	if err := w.Close(); err != nil {
		tb.Fatal(err)
	}
	return url.QueryEscape(encode64(b.Bytes()))
}

func TestRedirectCarriesRequestAndSignature(t *testing.T) {
	t.Parallel()
	relay := "opaque +/=&? ไทย"
	m, err := FromRedirect(redirect(t, sampleRequest(), relay, theSP().signer(t)), Limits{})
	if err != nil {
		t.Fatal(err)
	}
	if m.RelayState() != relay || m.ClaimedIssuer() != spID || m.Kind() != KindAuthnRequest || m.Binding() != BindingRedirect || !m.ClaimsSignature() {
		t.Errorf("%+v", m)
	}
	q, err := m.AuthnRequest(theSP().verifier(t), nil, SignatureRequired)
	if err != nil {
		t.Fatal(err)
	}
	want := sampleRequest()
	if !q.Signed || q.ID != want.ID || q.ACSURL != want.ACSURL || !q.ForceAuthn || q.IsPassive || !q.IssueInstant.Equal(noon) ||
		*q.NameIDPolicy != *want.NameIDPolicy || q.Context.Comparison != Minimum || len(q.Context.ClassRefs) != 2 ||
		q.Scoping.IDPs[0] != idpID || q.Scoping.Requesters[0] != want.Scoping.Requesters[0] {
		t.Errorf("%+v", q)
	}
	_, err = m.AuthnRequest(theIDP().verifier(t), nil, SignatureRequired)
	wantCause(t, err, SignatureMismatch)
	_, err = m.AuthnRequest(nil, nil, SignatureOptional)
	wantCause(t, err, SignatureKey)
	_, err = m.LogoutRequest(theSP().verifier(t), nil)
	wantCause(t, err, MessageUnexpected)
}

// The signature covers the octets as they were sent, in whatever spelling and order.
func TestRedirectSignatureIsOverTheOctetsAsSent(t *testing.T) {
	t.Parallel()
	s := theSP().signer(t)
	raw, err := sampleRequest().XML(nil)
	if err != nil {
		t.Fatal(err)
	}
	body := strings.NewReplacer("%2B", "%2b", "%2F", "/", "%3D", "%3d").Replace(packed(t, raw))
	alg := strings.ToLower(url.QueryEscape(algRSASHA256))
	octets := "SAMLRequest=" + body + "&RelayState=a%20b&SigAlg=" + alg
	value, err := s.octets([]byte(octets))
	if err != nil {
		t.Fatal(err)
	}
	sig := url.QueryEscape(encode64(value))
	for _, query := range []string{
		octets + "&Signature=" + sig,
		"Signature=" + sig + "&SigAlg=" + alg + "&lang=th&RelayState=a%20b&SAMLRequest=" + body,
	} {
		m, err := FromRedirect(query, Limits{})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := m.AuthnRequest(theSP().verifier(t), nil, SignatureRequired); err != nil {
			t.Error(err)
		}
	}
	m, err := FromRedirect(strings.Replace(octets, "a%20b", "a+b", 1)+"&Signature="+sig, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	_, err = m.AuthnRequest(theSP().verifier(t), nil, SignatureRequired)
	wantCause(t, err, SignatureMismatch)
}

func TestAttacksOnTheRedirectBinding(t *testing.T) {
	t.Parallel()
	good := redirect(t, sampleRequest(), "state", theSP().signer(t))
	raw, err := sampleRequest().XML(nil)
	if err != nil {
		t.Fatal(err)
	}
	plain := "SAMLRequest=" + packed(t, raw)
	inside, err := sampleRequest().XML(theSP().signer(t))
	if err != nil {
		t.Fatal(err)
	}
	bomb := packed(t, append([]byte("<a>"), bytes.Repeat([]byte("a"), 64<<20)...))
	response := issue(t, signed(t, true, true), nil)
	for _, c := range []struct {
		name, query string
		want        Cause
	}{
		{"relay state changed", strings.Replace(good, "RelayState=state", "RelayState=other", 1), SignatureMismatch},
		{"relay state taken away", strings.Replace(good, "&RelayState=state", "", 1), SignatureMismatch},
		{"request changed", strings.Replace(good, good[:strings.Index(good, "&")], "SAMLRequest="+packed(t, bytes.Replace(raw, []byte(`ForceAuthn="true"`), []byte(`ForceAuthn="0"`), 1)), 1), SignatureMismatch},
		{"signature taken away", good[:strings.Index(good, "&Signature")], SignatureMalformed},
		{"algorithm taken away", strings.Replace(good, "SigAlg", "Xlg", 1), SignatureMalformed},
		{"neither", good[:strings.Index(good, "&SigAlg")], SignatureMissing},
		{"SHA-1", strings.Replace(good, url.QueryEscape(algRSASHA256), url.QueryEscape(nsDS+"rsa-sha1"), 1), SignatureAlgorithm},
		{"request twice", good + "&" + plain, BindingRepeated},
		{"request twice, hidden", good + "&SAML%52equest=" + packed(t, raw), BindingEncoding},
		{"relay state twice", good + "&RelayState=x", BindingRepeated},
		{"signature twice", good + "&Signature=x", BindingRepeated},
		{"some other parameter twice", good + "&a=1&a=2", BindingRepeated},
		{"request and response", good + "&SAMLResponse=x", BindingAmbiguous},
		{"nothing", "RelayState=x", BindingMissing},
		{"semicolons", strings.Replace(good, "&", ";", 1), BindingEncoding},
		{"relay state too long", plain + "&RelayState=" + strings.Repeat("x", 81), BindingRelayState},
		{"relay state with a line", plain + "&RelayState=a%0Ab", BindingRelayState},
		{"relay state no UTF-8", plain + "&RelayState=%ff", BindingRelayState},
		{"another encoding", plain + "&SAMLEncoding=urn:x", BindingEncoding},
		{"no base64", "SAMLRequest=%21", BindingEncoding},
		{"no DEFLATE", "SAMLRequest=" + url.QueryEscape(encode64([]byte("<a/>"))), BindingEncoding},
		{"zlib header", "SAMLRequest=" + url.QueryEscape(encode64(append([]byte{0x78, 0x9c}, []byte("xxxxxx")...))), BindingEncoding},
		{"bomb", "SAMLRequest=" + bomb, BindingTooBig},
		{"long query", "SAMLRequest=" + strings.Repeat("A", 1<<20), BindingTooBig},
		{"something behind the stream", "SAMLRequest=" + url.QueryEscape(encode64(append(mustDeflate(t, raw), 'x'))), BindingEncoding},
		{"signed within the XML only", "SAMLRequest=" + packed(t, inside), SignatureMisplaced},
		{"a response", "SAMLResponse=" + packed(t, []byte(response)), MessageUnexpected},
		{"a response as request", "SAMLRequest=" + packed(t, []byte(response)), MessageUnexpected},
		{"broken escape", "SAMLRequest=%zz", BindingEncoding},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			m, err := FromRedirect(c.query, Limits{})
			switch {
			case err != nil:
			case m.Kind() == KindResponse:
				_, err = m.Response(ResponseOptions{Verifier: theIDP().verifier(t)})
			default:
				_, err = m.AuthnRequest(theSP().verifier(t), nil, SignatureRequired)
			}
			wantCause(t, err, c.want)
		})
	}
	m, err := FromRedirect(plain, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	if q, err := m.AuthnRequest(nil, nil, SignatureOptional); err != nil || q.Signed {
		t.Errorf("an unsigned request where that is allowed: %v", err)
	}
}

func mustDeflate(tb testing.TB, raw []byte) []byte {
	tb.Helper()
	s, err := url.QueryUnescape(packed(tb, raw))
	if err != nil {
		tb.Fatal(err)
	}
	b, _ := unbase64(s)
	return b
}

func TestFromHTTPTakesTheBindingOfTheMethod(t *testing.T) {
	t.Parallel()
	query := redirect(t, sampleRequest(), "", nil)
	raw, err := sampleRequest().XML(theSP().signer(t))
	if err != nil {
		t.Fatal(err)
	}
	form := postForm("SAMLRequest", string(raw))
	form.Set("RelayState", "state")
	post := func(contentType, query, body string) *http.Request {
		r := httptest.NewRequest(http.MethodPost, "/sso?"+query, strings.NewReader(body))
		r.Header.Set("Content-Type", contentType)
		return r
	}
	const urlencoded = "application/x-www-form-urlencoded"
	for _, c := range []struct {
		name string
		r    *http.Request
		want Cause
	}{
		{"GET", httptest.NewRequest(http.MethodGet, "/sso?"+query, nil), ""},
		{"POST", post(urlencoded+"; charset=utf-8", "lang=th", form.Encode()), ""},
		{"HEAD", httptest.NewRequest(http.MethodHead, "/sso?"+query, nil), BindingMethod},
		{"PUT", httptest.NewRequest(http.MethodPut, "/sso?"+query, nil), BindingMethod},
		{"multipart", post("multipart/form-data; boundary=x", "", form.Encode()), BindingEncoding},
		{"no type", post("", "", form.Encode()), BindingEncoding},
		{"query and form", post(urlencoded, query, form.Encode()), BindingRepeated},
		{"twice", post(urlencoded, "", form.Encode()+"&"+form.Encode()), BindingRepeated},
		{"too big", post(urlencoded, "", "SAMLRequest="+strings.Repeat("A", 1<<20)), BindingTooBig},
		{"broken", post(urlencoded, "", "SAMLRequest=%zz"), BindingEncoding},
		{"empty", post(urlencoded, "", ""), BindingMissing},
		{"wrong parameter", post(urlencoded, "", postForm("SAMLResponse", string(raw)).Encode()), MessageUnexpected},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			m, err := FromHTTP(httptest.NewRecorder(), c.r, Limits{})
			if c.want != "" {
				wantCause(t, err, c.want)
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if _, err := m.AuthnRequest(theSP().verifier(t), nil, SignatureOptional); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestSOAPEnvelopeHoldsOneMessage(t *testing.T) {
	t.Parallel()
	raw, err := sampleLogout().XML(theSP().signer(t), nil)
	if err != nil {
		t.Fatal(err)
	}
	good := string(SOAP(raw))
	in := func(header, body string) string {
		return `<e:Envelope xmlns:e="` + nsSOAP + `">` + header + `<e:Body>` + body + `</e:Body></e:Envelope>`
	}
	for _, c := range []struct {
		name, xml string
		want      Cause
	}{
		{"as written", good, ""},
		{"with header", in(`<e:Header><x e:mustUnderstand="0"/></e:Header>`, string(raw)), ""},
		{"header that must be understood", in(`<e:Header><x e:mustUnderstand="1"/></e:Header>`, string(raw)), BindingSOAPFault},
		{"fault", in("", `<e:Fault/>`), BindingSOAPFault},
		{"nothing", in("", ``), BindingSOAPFault},
		{"two", in("", `<a/><b/>`), BindingSOAPFault},
		{"text beside", in("", string(raw)+"x"), BindingSOAPFault},
		{"no envelope", string(raw), BindingSOAPFault},
		{"SOAP 1.2", strings.ReplaceAll(good, nsSOAP, "http://www.w3.org/2003/05/soap-envelope"), BindingSOAPFault},
		{"signature in the header", in(`<e:Header><ds:Signature xmlns:ds="`+nsDS+`"/></e:Header>`, string(raw)), SignatureMisplaced},
		{"another message", in("", `<x/>`), MessageUnknown},
		{"changed", strings.Replace(good, "session-1", "session-2", 1), DigestMismatch},
		{"DTD", "<!DOCTYPE a>" + good, XMLDoctype},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			m, err := FromSOAP([]byte(c.xml), Limits{})
			if err == nil {
				_, err = m.LogoutRequest(theSP().verifier(t), nil)
			}
			if c.want == "" && err == nil {
				return
			}
			wantCause(t, err, c.want)
		})
	}
}

func TestPostFormIsCleanAndEscaped(t *testing.T) {
	t.Parallel()
	raw := []byte(issue(t, signed(t, true, true), nil))
	f, err := NewForm(acsURL+"?a=1&b=2", KindResponse, raw, `"><script>alert(1)</script>`)
	if err != nil {
		t.Fatal(err)
	}
	f.Script = "/static/post.js"
	f.Texts = FormTexts{Language: "th", Title: "ดำเนินการต่อ", Explain: "<b>", Button: "ต่อไป"}
	var page strings.Builder
	if _, err := f.WriteTo(&page); err != nil {
		t.Fatal(err)
	}
	s := page.String()
	for _, want := range []string{`lang="th"`, `<script src="/static/post.js" defer></script>`, `name="SAMLResponse"`, `<button type="submit">ต่อไป</button>`, "&lt;b&gt;", `action="https://hub.example/saml/acs?a=1&amp;b=2"`} {
		if !strings.Contains(s, want) {
			t.Errorf("no %s", want)
		}
	}
	for _, bad := range []string{"<script>", "onload", "onclick", "style=", "javascript:"} {
		if strings.Contains(s, bad) {
			t.Errorf("there is %s", bad)
		}
	}
	if got := f.ContentSecurityPolicy("https://sp.example/x"); !strings.Contains(got, "form-action https://hub.example https://sp.example;") || strings.Contains(got, "unsafe") {
		t.Error(got)
	}
	for _, bad := range []string{
		"javascript:alert(1)", "data:text/html,x", "//evil.example", "/acs", "", "https://", "https:opaque", "ftp://a", "https://a b", "https://u:p@a/", "https://a/#x",
		"https://a\\@b", "https://a;script-src", "https://a,b", "https://ไทย.example/", "https://a/\n", "HTTP:x",
	} {
		if _, err := NewForm(bad, KindResponse, raw, ""); Reason(err) != string(BindingUnsafe) {
			t.Errorf("%q: %v", bad, err)
		}
		if _, err := RedirectURL(bad, KindAuthnRequest, raw, "", nil); Reason(err) != string(BindingUnsafe) {
			t.Errorf("%q: %v", bad, err)
		}
	}
	if _, err := RedirectURL(acsURL, KindResponse, raw, "", nil); Reason(err) != string(BindingUnsafe) {
		t.Errorf("a response by redirect: %v", err)
	}
	if _, err := NewForm(acsURL, KindResponse, raw, strings.Repeat("x", 81)); Reason(err) != string(BindingRelayState) {
		t.Error(err)
	}
	if u, err := RedirectURL(ssoURL+"?tenant=1", KindAuthnRequest, raw, "", nil); err != nil || !strings.HasPrefix(u, ssoURL+"?tenant=1&SAMLRequest=") {
		t.Errorf("%v %.80s", err, u)
	}
}
