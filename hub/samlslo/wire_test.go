package samlslo_test

import (
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"html"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"onedoor/hub"
	"onedoor/hub/hubtest/oneshot"
	"onedoor/hub/samlmsg"
	"onedoor/hub/samlslo"
)

// request is a good request of the main peer for the session that is mine, over the single logout service for browsers.
func (w *world) request(change ...func(*samlmsg.LogoutRequest)) samlmsg.LogoutRequest {
	p := w.main()
	q := samlmsg.LogoutRequest{
		ID: samlmsg.NewID(rand.Reader), IssueInstant: w.clock(), Issuer: p.EntityID, Destination: p.SLO, NotOnOrAfter: w.clock().Add(time.Minute),
		NameID: w.name(p, "mali"), SessionIndexes: []string{"i1"},
	}
	for _, c := range change {
		c(&q)
	}
	return q
}

// result is what came of a request.
type result struct {
	status   int
	header   http.Header
	body     string
	location string
	raw      []byte // of a posted or SOAP response
}

// do makes a request as a browser with a session, and follows our own redirects.
func (w *world) do(method, address, contentType, body string, has hub.SessionID) result {
	w.t.Helper()
	client := oneshot.Staying()
	for range 3 {
		r, err := http.NewRequestWithContext(w.t.Context(), method, address, strings.NewReader(body))
		if err != nil {
			w.t.Fatal(err)
		}
		if contentType != "" {
			r.Header.Set("Content-Type", contentType)
		}
		if has != "" && method == http.MethodGet { // SameSite=Lax
			r.AddCookie(&http.Cookie{Name: "session", Value: string(has)})
		}
		if w.visit != "" && method == http.MethodGet {
			r.AddCookie(&http.Cookie{Name: samlslo.VisitCookie, Value: w.visit})
		}
		resp, err := client.Do(r)
		if err != nil {
			w.t.Fatal(err)
		}
		text, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		if err != nil {
			w.t.Fatal(err)
		}
		to := resp.Header.Get("Location")
		if strings.HasPrefix(to, w.server.URL) && !strings.HasPrefix(to, w.server.URL+"/signed-out") {
			method, address, contentType, body = http.MethodGet, to, "", ""
			continue
		}
		for _, c := range resp.Cookies() {
			if c.Name != samlslo.VisitCookie || !c.Secure || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode {
				w.t.Errorf("cookie %v", c)
			}
			w.visit = c.Value
		}
		out := result{status: resp.StatusCode, header: resp.Header, body: string(text), location: to}
		if m := responseField.FindStringSubmatch(out.body); m != nil {
			if out.raw, err = base64.StdEncoding.DecodeString(html.UnescapeString(m[1])); err != nil {
				w.t.Fatal(err)
			}
		}
		return out
	}
	w.t.Fatal("led in a circle")
	return result{}
}

var responseField = regexp.MustCompile(`name="SAMLResponse" value="([^"]*)"`)

const formType = "application/x-www-form-urlencoded"

func (w *world) xml(q samlmsg.LogoutRequest, s *samlmsg.Signer, to *samlmsg.Recipient) []byte {
	w.t.Helper()
	raw, err := q.XML(s, to)
	if err != nil {
		w.t.Fatal(err)
	}
	return raw
}

func (w *world) redirectURL(q samlmsg.LogoutRequest, relay string, s *samlmsg.Signer) string {
	w.t.Helper()
	u, err := samlmsg.RedirectURL(w.main().SLO, samlmsg.KindLogoutRequest, w.xml(q, nil, nil), relay, s)
	if err != nil {
		w.t.Fatal(err)
	}
	return u
}

func (w *world) redirect(q samlmsg.LogoutRequest, relay, key string, has hub.SessionID) result {
	w.t.Helper()
	return w.do(http.MethodGet, w.redirectURL(q, relay, signer(key)), "", "", has)
}

func (w *world) postRaw(raw []byte, relay string, has hub.SessionID) result {
	w.t.Helper()
	form := url.Values{"SAMLRequest": {base64.StdEncoding.EncodeToString(raw)}}
	if relay != "" {
		form.Set("RelayState", relay)
	}
	return w.do(http.MethodPost, w.main().SLO, formType, form.Encode(), has)
}

func (w *world) soapRaw(raw []byte) result {
	w.t.Helper()
	return w.do(http.MethodPost, w.main().SOAP, samlmsg.SOAPContentType, string(samlmsg.SOAP(raw)), "")
}

func (w *world) soap(q samlmsg.LogoutRequest, key string) result {
	w.t.Helper()
	q.Destination = w.main().SOAP
	return w.soapRaw(w.xml(q, signer(key), nil))
}

// answer reads the signed response of a result, as strictly as a peer should.
func (w *world) answer(r result, to string) (samlmsg.LogoutResponse, string) {
	w.t.Helper()
	var m *samlmsg.Message
	var err error
	switch {
	case r.location != "":
		u, parseErr := url.Parse(r.location)
		if parseErr != nil {
			w.t.Fatal(parseErr)
		}
		m, err = samlmsg.FromRedirect(u.RawQuery, samlmsg.Limits{})
	case r.raw != nil:
		relay := ""
		if _, rest, ok := strings.Cut(r.body, `name="RelayState" value="`); ok {
			relay, _, _ = strings.Cut(rest, `"`)
		}
		m, err = samlmsg.FromPOST(url.Values{"SAMLResponse": {base64.StdEncoding.EncodeToString(r.raw)}, "RelayState": {html.UnescapeString(relay)}}, samlmsg.Limits{})
	default:
		m, err = samlmsg.FromSOAP([]byte(r.body), samlmsg.Limits{})
	}
	if err != nil {
		w.t.Fatalf("no answer: %d %v %s", r.status, err, r.body)
	}
	v, err := samlmsg.NewVerifier(samlmsg.VerifierOptions{Certificates: []*x509.Certificate{pairs()["hub"].cert}})
	if err != nil {
		w.t.Fatal(err)
	}
	a, err := m.LogoutResponse(v)
	if err != nil {
		w.t.Fatal(err)
	}
	if a.InResponseTo != to || a.Issuer != hubID {
		w.t.Errorf("an answer to %q by %q", a.InResponseTo, a.Issuer)
	}
	return a, m.RelayState()
}

func (w *world) wantEnded(want ...hub.SessionID) {
	w.t.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	got := slices.Clone(w.ended)
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		w.t.Errorf("ended %v, want %v", got, want)
	}
}
