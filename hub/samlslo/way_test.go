package samlslo_test

import (
	"crypto"
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"html"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"onedoor/hub"
	"onedoor/hub/logout"
	"onedoor/hub/samlmsg"
	"onedoor/hub/samlslo"
	"onedoor/hub/session"
)

func (w *world) notice() logout.Notice {
	n := logout.Notice{
		ID: id(7), Campaign: "c", Session: mine, Account: "person", System: "land", Protocol: "saml", Ref: "i1",
		Cause: session.Cause{Reason: session.EndedByPerson}, State: logout.Visiting,
	}
	if w.up {
		n.System, n.Provider, n.Protocol = "", "bank", "saml-upstream"
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.notices["c"] = []logout.Notice{n}
	return n
}

// opened reads a request of ours, as the peer does.
func (w *world) opened(m *samlmsg.Message, err error, encrypted bool) samlmsg.LogoutRequest {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
	v, err := samlmsg.NewVerifier(samlmsg.VerifierOptions{Certificates: []*x509.Certificate{pairs()["hub"].cert}})
	if err != nil {
		w.t.Fatal(err)
	}
	d, err := samlmsg.NewDecrypter(samlmsg.DecrypterOptions{Keys: []crypto.Decrypter{pairs()["land-open"].key}, Random: rand.Reader})
	if err != nil {
		w.t.Fatal(err)
	}
	if !encrypted {
		d = nil
	}
	q, err := m.LogoutRequest(v, d)
	if err != nil {
		w.t.Fatal(err)
	}
	if q.ID != "_"+id(7) || q.Issuer != hubID || q.NameID != w.name(w.main(), "mali") || len(q.SessionIndexes) != 1 || q.SessionIndexes[0] != "i1" ||
		!q.NotOnOrAfter.After(w.clock()) || q.Reason != samlmsg.LogoutByUser {
		w.t.Errorf("%+v of %+v", q.SessionIndexes, q)
	}
	return q
}

// callee is a peer's SOAP endpoint.
type callee struct {
	*httptest.Server
	answer func(rw http.ResponseWriter, q samlmsg.LogoutRequest)
	seen   []string // whole bodies
}

func newCallee(t *testing.T, w *world, encrypted bool) *callee {
	t.Helper()
	c := &callee{}
	c.Server = httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil || r.Header.Get("Content-Type") != samlmsg.SOAPContentType || r.Header.Get("SOAPAction") != samlmsg.SOAPAction {
			t.Errorf("%v %v", err, r.Header)
		}
		c.seen = append(c.seen, string(body))
		m, err := samlmsg.FromSOAP(body, samlmsg.Limits{})
		q := w.opened(m, err, encrypted)
		if q.Destination != c.URL+"/slo" {
			t.Errorf("for %s", q.Destination)
		}
		c.answer(rw, q)
	}))
	t.Cleanup(c.Close)
	w.change(w.main().EntityID, func(p *samlslo.Peer) {
		p.Role.SingleLogout = append(p.Role.SingleLogout, samlmsg.Endpoint{Binding: samlmsg.BindingSOAP, Location: c.URL + "/slo"})
		if encrypted {
			p.Encrypt = recipient("land-open")
		}
	})
	return c
}

// says answers with a response, changed.
func (w *world) says(key string, status samlmsg.Status, change ...func(*samlmsg.LogoutResponse)) func(http.ResponseWriter, samlmsg.LogoutRequest) {
	return func(rw http.ResponseWriter, q samlmsg.LogoutRequest) {
		p := samlmsg.LogoutResponse{
			ID: samlmsg.NewID(rand.Reader), InResponseTo: q.ID, IssueInstant: w.clock(), Issuer: w.main().EntityID, Status: status,
		}
		for _, c := range change {
			c(&p)
		}
		var s *samlmsg.Signer
		if key != "" {
			s = signer(key)
		}
		raw, err := p.XML(s)
		if err != nil {
			w.t.Error(err)
		}
		rw.Header().Set("Content-Type", samlmsg.SOAPContentType)
		_, _ = rw.Write(samlmsg.SOAP(raw))
	}
}

func code(top, second string) samlmsg.Status { return samlmsg.Status{Code: top, Second: second} }

func TestSSO05_APeerIsToldBySOAP(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		c, n := newCallee(t, w, !w.up), w.notice()
		key := w.mainKey()
		for name, x := range map[string]struct {
			answer func(http.ResponseWriter, samlmsg.LogoutRequest)
			want   hub.Kind // "" for confirmed
		}{
			"success":                  {w.says(key, samlmsg.Success()), ""},
			"success, partly":          {w.says(key, code(samlmsg.StatusSuccess, samlmsg.StatusPartialLogout)), ""},
			"no such session":          {w.says(key, code(samlmsg.StatusRequester, samlmsg.StatusUnknownPrincipal)), ""},
			"no such session, its own": {w.says(key, code(samlmsg.StatusResponder, samlmsg.StatusUnknownPrincipal)), ""},
			"would not":                {w.says(key, code(samlmsg.StatusRequester, samlmsg.StatusRequestDenied)), hub.Refused},
			"would not, its own":       {w.says(key, code(samlmsg.StatusResponder, samlmsg.StatusRequestDenied)), hub.Refused},
			"can't do that":            {w.says(key, code(samlmsg.StatusResponder, samlmsg.StatusRequestUnsupported)), hub.Refused},
			"not understood":           {w.says(key, code(samlmsg.StatusVersionMismatch, "")), hub.Refused},
			"could not":                {w.says(key, code(samlmsg.StatusResponder, "")), hub.Unavailable},
			"unsigned":                 {w.says("", samlmsg.Success()), hub.Unavailable},
			"by a stranger":            {w.says("stranger", samlmsg.Success()), hub.Unavailable},
			"by another department":    {w.says("tax", samlmsg.Success(), func(p *samlmsg.LogoutResponse) { p.Issuer = taxID }), hub.Unavailable},
			"to another request":       {w.says(key, samlmsg.Success(), func(p *samlmsg.LogoutResponse) { p.InResponseTo = "_" + id(8) }), hub.Unavailable},
			"to no request":            {w.says(key, samlmsg.Success(), func(p *samlmsg.LogoutResponse) { p.InResponseTo = "" }), hub.Unavailable},
			"of yesterday":             {w.says(key, samlmsg.Success(), func(p *samlmsg.LogoutResponse) { p.IssueInstant = noon.AddDate(0, 0, -1) }), hub.Unavailable},
			"a fault": {func(rw http.ResponseWriter, _ samlmsg.LogoutRequest) {
				rw.WriteHeader(500)
				_, _ = rw.Write(samlmsg.SOAPFault("Server"))
			}, hub.Unavailable},
			"a fault, as if all right": {func(rw http.ResponseWriter, _ samlmsg.LogoutRequest) { _, _ = rw.Write(samlmsg.SOAPFault("Server")) }, hub.Unavailable},
			"a redirect": {func(rw http.ResponseWriter, _ samlmsg.LogoutRequest) {
				rw.Header().Set("Location", "/elsewhere")
				rw.WriteHeader(302)
			}, hub.Unavailable},
			"nothing": {func(http.ResponseWriter, samlmsg.LogoutRequest) {}, hub.Unavailable},
			"far too much": {func(rw http.ResponseWriter, _ samlmsg.LogoutRequest) {
				_, _ = rw.Write(make([]byte, samlslo.MaxSOAP+1))
			}, hub.Unavailable},
			"its own request": {func(rw http.ResponseWriter, q samlmsg.LogoutRequest) {
				_, _ = rw.Write(samlmsg.SOAP(w.xml(q, signer(key), nil)))
			}, hub.Unavailable},
		} {
			c.answer = x.answer
			err := w.slo.Tell(t.Context(), n)
			if x.want == "" && err != nil || x.want != "" && !errors.Is(err, x.want) {
				t.Errorf("%s: %v", name, err)
			}
		}
		for _, body := range c.seen {
			if strings.Contains(body, "mali") != w.up {
				t.Error("the name is encrypted, or not, but not as the peer wants it")
			}
		}
		// What it can't be told, it is not told again.
		gone := n
		gone.Ref = ""
		if err := w.slo.Tell(t.Context(), gone); !errors.Is(err, hub.NotFound) {
			t.Errorf("nothing to say: %v", err)
		}
		gone.System, gone.Provider = "nobody", ""
		if err := w.slo.Tell(t.Context(), gone); !errors.Is(err, hub.NotFound) {
			t.Errorf("nobody to tell: %v", err)
		}
		if got := w.slo.Host(n); "http://"+got != c.URL {
			t.Errorf("host %s", got)
		}
		c.Close()
		if err := w.slo.Tell(t.Context(), n); !errors.Is(err, hub.Unavailable) || strings.Contains(err.Error(), c.URL) {
			t.Errorf("away: %v", err)
		}
	})
}

func TestTheReasonOfALogout(t *testing.T) {
	t.Parallel()
	for end, want := range map[session.EndReason]string{
		session.EndedByPerson: samlmsg.LogoutByUser, session.EndedBySystem: samlmsg.LogoutByUser, session.EndedByIDP: samlmsg.LogoutByUser,
		session.EndedByAdmin: samlmsg.LogoutByAdmin, session.EndedByAccount: samlmsg.LogoutByAdmin,
		session.EndedByAge: samlmsg.LogoutByTimeout, session.EndedByIdle: samlmsg.LogoutByTimeout,
	} {
		w := newWorld(t, false)
		n := w.notice()
		n.Cause.Reason = end
		w.notices["c"][0] = n
		v, err := w.slo.Visit(t.Context(), n, "")
		if err != nil {
			t.Fatal(err)
		}
		out := w.do(http.MethodGet, v.URL, "", "", "")
		m, err := samlmsg.FromRedirect(out.location[strings.Index(out.location, "?")+1:], samlmsg.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		verify, err := samlmsg.NewVerifier(samlmsg.VerifierOptions{Certificates: []*x509.Certificate{pairs()["hub"].cert}})
		if err != nil {
			t.Fatal(err)
		}
		if q, err := m.LogoutRequest(verify, nil); err != nil || q.Reason != want {
			t.Errorf("%s: %s %v", end, q.Reason, err)
		}
	}
}

func TestSSO05_HowAPeerCanBeTold(t *testing.T) {
	t.Parallel()
	w := newWorld(t, false)
	at := func(binding, location string) samlmsg.Endpoint {
		return samlmsg.Endpoint{Binding: binding, Location: location}
	}
	soap, post, redirect := at(samlmsg.BindingSOAP, "https://l/s"), at(samlmsg.BindingPOST, "https://l/p"), at(samlmsg.BindingRedirect, "https://l/r")
	for _, c := range []struct {
		all  []samlmsg.Endpoint
		want logout.Means
		host string
	}{
		{[]samlmsg.Endpoint{redirect, post, soap}, logout.Direct, "l"},
		{[]samlmsg.Endpoint{post}, logout.Browser, "system:land"},
		{[]samlmsg.Endpoint{redirect}, logout.Browser, "system:land"},
		{[]samlmsg.Endpoint{at(samlmsg.BindingSOAP, "http://l/s"), redirect}, logout.Browser, "system:land"},
		{[]samlmsg.Endpoint{at(samlmsg.BindingSOAP, "http://127.0.0.1/s")}, logout.Direct, "127.0.0.1"},
		{[]samlmsg.Endpoint{at(samlmsg.BindingSOAP, "http://10.0.0.1/s")}, logout.Nothing, "system:land"},
		{nil, logout.Nothing, "system:land"},
	} {
		w.change(landID, func(p *samlslo.Peer) { p.Role.SingleLogout = c.all })
		if got := w.slo.Means(session.Participant{System: "land", Protocol: "saml"}); got != c.want {
			t.Errorf("%v: %v", c.all, got)
		}
		if got := w.slo.Host(logout.Notice{System: "land"}); got != c.host {
			t.Errorf("%v: %s", c.all, got)
		}
	}
	if w.slo.Means(session.Participant{System: "unknown"}) != logout.Direct || w.slo.Host(logout.Notice{Provider: "x"}) != "provider:x" {
		t.Error("what is not in memory is given up")
	}
	if w.slo.Protocol() != "saml" {
		t.Error(w.slo.Protocol())
	}
	n := w.notice()
	if _, err := w.slo.Visit(t.Context(), n, ""); !errors.Is(err, hub.NotFound) {
		t.Errorf("a visit to nowhere: %v", err)
	}
	if err := w.slo.Tell(t.Context(), n); !errors.Is(err, hub.NotFound) {
		t.Errorf("told nowhere: %v", err)
	}
}

// The browser goes there with the request and comes back with the answer, whichever the bindings are.
func TestSSO05_ABrowserVisitsAPeerAndComesBack(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		n := w.notice()
		home := w.server.URL + "/signed-out/secret"
		v, err := w.slo.Visit(t.Context(), n, home)
		if err != nil || v.Frame || v.Fields != nil || !strings.HasPrefix(v.URL, w.main().SLO+"/visit?t=") || strings.Contains(v.URL, "secret") {
			t.Fatalf("%+v %v", v, err)
		}
		out := w.do(http.MethodGet, v.URL, "", "", "")
		if !strings.Contains(out.location, "/slo?tenant=1&SAMLRequest=") || strings.Contains(out.location, "RelayState") || w.visit == "" {
			t.Fatalf("%d %s", out.status, out.location)
		}
		m, err := samlmsg.FromRedirect(out.location[strings.Index(out.location, "?")+1:], samlmsg.Limits{})
		q := w.opened(m, err, false)
		cookie := w.visit
		w.change(w.main().EntityID, func(p *samlslo.Peer) {
			p.Role.SingleLogout, p.Encrypt = p.Role.SingleLogout[1:], recipient("land-open")
		})
		posted := w.do(http.MethodGet, v.URL, "", "", "")
		_, field, ok := strings.Cut(posted.body, `name="SAMLRequest" value="`)
		if !ok || !strings.Contains(posted.body, "Signing you out") {
			t.Fatalf("%d %s", posted.status, posted.body)
		}
		field, _, _ = strings.Cut(field, `"`)
		m, err = samlmsg.FromPOST(url.Values{"SAMLRequest": {html.UnescapeString(field)}}, samlmsg.Limits{})
		w.opened(m, err, true)

		answer := func(key string, change ...func(*samlmsg.LogoutResponse)) samlmsg.LogoutResponse {
			p := samlmsg.LogoutResponse{
				ID: samlmsg.NewID(rand.Reader), InResponseTo: q.ID, IssueInstant: w.clock(), Issuer: w.main().EntityID, Destination: w.main().SLO, Status: samlmsg.Success(),
			}
			for _, c := range change {
				c(&p)
			}
			return p
		}
		bring := func(p samlmsg.LogoutResponse, key string, byPost bool) result {
			t.Helper()
			w.visit = cookie
			if byPost {
				raw, err := p.XML(signer(key))
				if err != nil {
					t.Fatal(err)
				}
				return w.do(http.MethodPost, w.main().SLO, formType, url.Values{"SAMLResponse": {base64.StdEncoding.EncodeToString(raw)}}.Encode(), "")
			}
			raw, err := p.XML(nil)
			if err != nil {
				t.Fatal(err)
			}
			u, err := samlmsg.RedirectURL(w.main().SLO, samlmsg.KindLogoutResponse, raw, "", signer(key))
			if err != nil {
				t.Fatal(err)
			}
			return w.do(http.MethodGet, u, "", "", "")
		}
		key := w.mainKey()
		for _, byPost := range []bool{true, false} {
			w.visited = map[string]error{}
			// What can't be believed marks nothing; the browser goes back all the same.
			for name, c := range map[string]struct {
				change func(*samlmsg.LogoutResponse)
				key    string
			}{
				"by a stranger":       {func(*samlmsg.LogoutResponse) {}, "stranger"},
				"by another peer":     {func(p *samlmsg.LogoutResponse) { p.Issuer = taxID }, "tax"},
				"another issuer":      {func(p *samlmsg.LogoutResponse) { p.Issuer = taxID }, key},
				"another destination": {func(p *samlmsg.LogoutResponse) { p.Destination = "https://hub.example/other" }, key},
				"no destination":      {func(p *samlmsg.LogoutResponse) { p.Destination = "" }, key},
				"of yesterday":        {func(p *samlmsg.LogoutResponse) { p.IssueInstant = noon.AddDate(0, 0, -1) }, key},
				"of tomorrow":         {func(p *samlmsg.LogoutResponse) { p.IssueInstant = noon.Add(2 * time.Minute) }, key},
			} {
				r := bring(answer(key, c.change), c.key, byPost)
				if r.location != home || len(w.visited) != 0 || w.lastReason() == "" {
					t.Errorf("%s: %d %v %v", name, r.status, r.header, w.visited)
				}
			}
			// What answers nothing of ours leads to the error page.
			for name, to := range map[string]string{
				"to no request": "", "to a request of nobody": "_" + id(8), "to what is no request of ours": "_x",
			} {
				r := bring(answer(key, func(p *samlmsg.LogoutResponse) { p.InResponseTo = to }), key, byPost)
				if r.status != http.StatusTeapot || r.location != "" || len(w.visited) != 0 {
					t.Errorf("%s: %d", name, r.status)
				}
			}
			// A notice of the other side, or of another provider, is none of this address's.
			w.mu.Lock()
			w.notices["other"] = []logout.Notice{{ID: id(9), Protocol: "oidc", System: "land"}, {ID: id(10), Protocol: "saml-upstream", Provider: "other"}}
			w.mu.Unlock()
			for _, foreign := range []string{id(9), id(10)} {
				r := bring(answer(key, func(p *samlmsg.LogoutResponse) { p.InResponseTo = "_" + foreign }), key, byPost)
				if r.status != http.StatusTeapot || len(w.visited) != 0 {
					t.Errorf("a foreign notice: %d %v", r.status, w.visited)
				}
			}
			for status, ok := range map[samlmsg.Status]bool{
				samlmsg.Success(): true, code(samlmsg.StatusSuccess, samlmsg.StatusPartialLogout): true,
				code(samlmsg.StatusRequester, samlmsg.StatusUnknownPrincipal): true, code(samlmsg.StatusResponder, ""): false,
				code(samlmsg.StatusRequester, samlmsg.StatusRequestDenied): false,
			} {
				w.visited = map[string]error{}
				r := bring(answer(key, func(p *samlmsg.LogoutResponse) { p.Status = status }), key, byPost)
				said, marked := w.visited[n.ID]
				if r.location != home || !marked || (said == nil) != ok {
					t.Errorf("%v: %d, marked %v: %v", status, r.status, marked, said)
				}
			}
		}
	})
}

// A participant that brings its response without the person's browser is not led to where the person is; nor is a browser that has set out
// for another one.
func TestPRV_TheWayBackIsTheBrowsersOwn(t *testing.T) {
	t.Parallel()
	w := newWorld(t, false)
	n := w.notice()
	v, err := w.slo.Visit(t.Context(), n, w.server.URL+"/signed-out/secret")
	if err != nil {
		t.Fatal(err)
	}
	w.do(http.MethodGet, v.URL, "", "", "")
	good := w.visit
	back := w.main().SLO + "/back?n="
	for name, c := range map[string]struct{ cookie, notice string }{
		"without the cookie": {"", n.ID}, "for another notice": {good, id(9)}, "of nobody's making": {good + "x", n.ID},
		"an address as cookie": {w.server.URL + "/signed-out/secret", n.ID},
	} {
		w.visit = c.cookie
		if r := w.do(http.MethodGet, back+c.notice, "", "", ""); r.location != "" || r.header.Get("X-Onward") != "" || r.header.Get("X-Campaigns") != "" {
			t.Errorf("%s: led to %q", name, r.location)
		}
	}
	w.visit = good
	if r := w.do(http.MethodGet, back+n.ID, "", "", ""); r.location != w.server.URL+"/signed-out/secret" || w.visit != "" {
		t.Errorf("led to %q, cookie %q", r.location, w.visit)
	}
	// Who goes there again by the way back is not sent a second time; what can't be sent is marked, and the person goes on.
	w.notices["c"][0].State = logout.Confirmed
	if r := w.do(http.MethodGet, v.URL, "", "", ""); r.location != w.server.URL+"/signed-out/secret" {
		t.Errorf("again: %d %s", r.status, r.location)
	}
	w.notices["c"][0].State = logout.Visiting
	w.change(landID, func(p *samlslo.Peer) { p.Role.SingleLogout = nil })
	if r := w.do(http.MethodGet, v.URL, "", "", ""); r.location != w.server.URL+"/signed-out/secret" || w.visited[n.ID] == nil {
		t.Errorf("no way: %d %s %v", r.status, r.location, w.visited)
	}
	w.now = w.now.Add(11 * time.Minute)
	if r := w.do(http.MethodGet, v.URL, "", "", ""); r.status != http.StatusTeapot {
		t.Errorf("too late: %d", r.status)
	}
	if r := w.do(http.MethodGet, strings.Replace(v.URL, "/visit?", "/continue?", 1), "", "", mine); r.status != http.StatusTeapot {
		t.Errorf("a visit taken for a request: %d", r.status)
	}
}
