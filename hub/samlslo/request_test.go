package samlslo_test

import (
	"bytes"
	"compress/flate"
	"crypto/rand"
	"encoding/base64"
	"net/http"
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

// each runs a test on both sides.
func each(t *testing.T, fn func(t *testing.T, w *world)) {
	t.Helper()
	for name, up := range map[string]bool{"towards a department": false, "towards a provider": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fn(t, newWorld(t, up))
		})
	}
}

func (w *world) wantCause() session.Cause {
	if w.up {
		return session.Cause{Reason: session.EndedByIDP, Provider: "bank", Protocol: "saml-upstream"}
	}
	return session.Cause{Reason: session.EndedBySystem, System: "land", Protocol: "saml"}
}

func TestSSO05_ALogoutRequestEndsItsSessionAndIsAnsweredOnItsBinding(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		host := map[bool]string{false: "https://land.example", true: "https://bank.example"}[w.up]
		for binding, send := range map[string]func(samlmsg.LogoutRequest) result{
			"redirect": func(q samlmsg.LogoutRequest) result { return w.redirect(q, "état 1", w.mainKey(), mine) },
			"post": func(q samlmsg.LogoutRequest) result {
				return w.postRaw(w.xml(q, signer(w.mainKey()), nil), "état 1", mine)
			},
			"post, name encrypted": func(q samlmsg.LogoutRequest) result {
				return w.postRaw(w.xml(q, signer(w.mainKey()), recipient("hub-open")), "état 1", mine)
			},
			"soap": func(q samlmsg.LogoutRequest) result { return w.soap(q, w.mainKey()) },
		} {
			w.mu.Lock()
			w.ended, w.causes, w.waited, w.over, w.cookie = nil, nil, nil, map[hub.SessionID]bool{}, false
			w.mu.Unlock()
			q := w.request()
			r := send(q)
			a, relay := w.answer(r, q.ID)
			w.wantEnded(mine)
			w.mu.Lock()
			if w.causes[0] != w.wantCause() || len(w.waited) != 1 {
				t.Errorf("%s: %+v, waited for %v", binding, w.causes, w.waited)
			}
			if w.cookie != (binding != "soap") {
				t.Errorf("%s: cookie dropped: %v", binding, w.cookie)
			}
			w.mu.Unlock()
			if a.Status != samlmsg.Success() {
				t.Errorf("%s: %+v", binding, a.Status)
			}
			switch binding {
			case "redirect":
				if a.Destination != host+"/slo/done" || !strings.HasPrefix(r.location, host+"/slo/done?") || relay != "état 1" {
					t.Errorf("to %s, relay %q", r.location, relay)
				}
			case "soap":
				if r.header.Get("Content-Type") != samlmsg.SOAPContentType || !strings.Contains(r.header.Get("Cache-Control"), "no-store") {
					t.Error(r.header)
				}
			default:
				if a.Destination != host+"/slo" || relay != "état 1" || !strings.Contains(r.body, `src="/post.js"`) {
					t.Errorf("%s: to %s, relay %q", binding, a.Destination, relay)
				}
			}
		}
	})
}

// What a participant did decides about the status (SAML Core section 3.7.3.2).
func TestSSO05_PartialLogoutWhereNotEverybodyConfirmed(t *testing.T) {
	t.Parallel()
	for state, want := range map[logout.State]string{
		logout.Confirmed: "", logout.Initiator: "", logout.Failed: samlmsg.StatusPartialLogout, logout.Retrying: samlmsg.StatusPartialLogout,
		logout.Open: samlmsg.StatusPartialLogout, logout.Unreachable: samlmsg.StatusPartialLogout, logout.Visited: samlmsg.StatusPartialLogout,
	} {
		w := newWorld(t, false)
		w.notices["campaign-"+string(mine)] = []logout.Notice{{ID: id(5), State: logout.Confirmed}, {ID: id(6), State: state}}
		q := w.request()
		if a, _ := w.answer(w.soap(q, "land"), q.ID); a.Status.Code != samlmsg.StatusSuccess || a.Status.Second != want {
			t.Errorf("%s: %+v", state, a.Status)
		}
	}
}

// Participants that only the browser can tell are visited first; then the browser brings the answer, which says how that went.
func TestSSO05_FrontChannelParticipantsComeBeforeTheAnswer(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		campaign := "campaign-" + string(mine)
		w.notices[campaign] = []logout.Notice{{ID: id(5), State: logout.Visiting}}
		q := w.request()
		r := w.postRaw(w.xml(q, signer(w.mainKey()), nil), "state", mine)
		onward := r.header.Get("X-Onward")
		if r.header.Get("X-Campaigns") != campaign || !strings.HasPrefix(onward, w.main().SLO+"/answer?t=") || strings.Contains(onward, "mali") {
			t.Fatalf("%d %v", r.status, r.header)
		}
		if len(onward) > 1500 {
			t.Errorf("an address of %d characters", len(onward))
		}
		w.notices[campaign][0].State = logout.Confirmed
		a, relay := w.answer(w.do(http.MethodGet, onward, "", "", ""), q.ID)
		if a.Status != samlmsg.Success() || relay != "state" {
			t.Errorf("%+v %q", a.Status, relay)
		}
		w.wantEnded(mine)
		// Nobody makes such an address, nor turns one of a request under way into it.
		for _, bad := range []string{onward + "x", strings.Replace(onward, "?t=", "?t=b", 1), w.main().SLO + "/answer", strings.Replace(onward, "/answer", "/continue", 1)} {
			if r := w.do(http.MethodGet, bad, "", "", mine); r.status != http.StatusTeapot {
				t.Errorf("%s: %d", bad, r.status)
			}
		}
		w.mu.Lock()
		w.now = w.now.Add(31 * time.Minute)
		w.mu.Unlock()
		if r := w.do(http.MethodGet, onward, "", "", ""); r.status != http.StatusTeapot {
			t.Errorf("half an hour later: %d", r.status)
		}
	})
}

// A request means the sessions of its NameID with its SessionIndexes, all of them without any, and nothing else.
func TestSSO05_WhichSessionsARequestMeans(t *testing.T) {
	t.Parallel()
	foreign := samlmsg.Status{Code: samlmsg.StatusRequester, Second: samlmsg.StatusRequestDenied}
	unknown := samlmsg.Status{Code: samlmsg.StatusRequester, Second: samlmsg.StatusUnknownPrincipal}
	as := func(who string, indexes ...string) func(*samlmsg.LogoutRequest) {
		return func(q *samlmsg.LogoutRequest) { q.NameID.Value, q.SessionIndexes = who, indexes }
	}
	for name, c := range map[string]struct {
		change  func(*samlmsg.LogoutRequest)
		has     hub.SessionID // of the browser
		browser samlmsg.Status
		bended  []hub.SessionID
		soap    samlmsg.Status
		sended  []hub.SessionID
	}{
		"by index":                              {as("mali", "i1"), mine, samlmsg.Success(), []hub.SessionID{mine}, samlmsg.Success(), []hub.SessionID{mine}},
		"without an index":                      {as("mali"), mine, samlmsg.Success(), []hub.SessionID{mine, second}, samlmsg.Success(), []hub.SessionID{mine, second}},
		"two indexes, one of nobody":            {as("mali", "i1", "x"), mine, samlmsg.Success(), []hub.SessionID{mine}, samlmsg.Success(), []hub.SessionID{mine}},
		"in another browser of the person":      {as("mali", "i1"), second, foreign, nil, samlmsg.Success(), []hub.SessionID{mine}},
		"in a browser without a session":        {as("mali", "i1"), "", foreign, nil, samlmsg.Success(), []hub.SessionID{mine}},
		"in somebody else's browser":            {as("mali", "i1"), others, foreign, nil, samlmsg.Success(), []hub.SessionID{mine}},
		"another person's index":                {as("mali", "i2"), mine, foreign, nil, unknown, nil},
		"another person's name":                 {as("somchai", "i1"), mine, foreign, nil, unknown, nil},
		"another person's name and index":       {as("somchai", "i2"), mine, foreign, nil, samlmsg.Success(), []hub.SessionID{others}},
		"an index of nobody":                    {as("mali", "zz"), mine, foreign, nil, unknown, nil},
		"a name of nobody":                      {as("nobody"), mine, foreign, nil, unknown, nil},
		"another format":                        {func(q *samlmsg.LogoutRequest) { q.NameID.Format = samlmsg.FormatTransient }, mine, foreign, nil, unknown, nil},
		"without qualifiers":                    {func(q *samlmsg.LogoutRequest) { q.NameID.NameQualifier, q.NameID.SPNameQualifier = "", "" }, mine, samlmsg.Success(), []hub.SessionID{mine}, samlmsg.Success(), []hub.SessionID{mine}},
		"of a session that has ended":           {as("gone", "i9"), mine, samlmsg.Success(), nil, samlmsg.Success(), nil},
		"of one that has ended, no browser":     {as("gone", "i9"), "", samlmsg.Success(), nil, samlmsg.Success(), nil},
		"an index that is another department's": {as("mali", "tax-1"), mine, foreign, nil, unknown, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			world := func(t *testing.T) *world {
				w := newWorld(t, false)
				w.note(w.main(), "mali", "i3", second)
				w.note(w.main(), "gone", "i9", hub.SessionID(id(9)))
				w.over[hub.SessionID(id(9))] = true
				w.note(w.peers[taxID], "mali", "tax-1", mine)
				return w
			}
			b := world(t)
			q := b.request(c.change)
			if a, _ := b.answer(b.redirect(q, "", "land", c.has), q.ID); a.Status != c.browser {
				t.Errorf("browser: %+v", a.Status)
			}
			b.wantEnded(c.bended...)
			s := world(t)
			q = s.request(c.change)
			if a, _ := s.answer(s.soap(q, "land"), q.ID); a.Status != c.soap {
				t.Errorf("SOAP: %+v", a.Status)
			}
			s.wantEnded(c.sended...)
		})
	}
}

// A provider's word is enough, in whatever browser; and a session that is not there is as good as ended.
func TestSSO05_AProviderNeedsNoBrowser(t *testing.T) {
	t.Parallel()
	for name, has := range map[string]hub.SessionID{"the browser": mine, "another": others, "none": ""} {
		w := newWorld(t, true)
		q := w.request()
		if a, _ := w.answer(w.redirect(q, "", "bank", has), q.ID); a.Status != samlmsg.Success() {
			t.Errorf("%s: %+v", name, a.Status)
		}
		w.wantEnded(mine)
		if w.cookie != (has == mine) {
			t.Errorf("%s: cookie dropped: %v", name, w.cookie)
		}
		q = w.request(func(q *samlmsg.LogoutRequest) { q.SessionIndexes = []string{"i2"} })
		if a, _ := w.answer(w.soap(q, "bank"), q.ID); a.Status != samlmsg.Success() {
			t.Errorf("%s: %+v", name, a.Status)
		}
		w.wantEnded(mine)
	}
}

func deflate(raw []byte) string {
	var b bytes.Buffer
	f, err := flate.NewWriter(&b, 9)
	if err == nil {
		_, err = f.Write(raw)
	}
	if err == nil {
		err = f.Close()
	}
	if err != nil {
		panic(err)
	}
	return base64.StdEncoding.EncodeToString(b.Bytes())
}

func replace(raw []byte, old, with string) []byte {
	return []byte(strings.Replace(string(raw), old, with, 1))
}

func part(raw []byte, open, end string) string {
	text := string(raw)
	i := strings.Index(text, open)
	return text[i : i+strings.Index(text[i:], end)+len(end)]
}

// wrapped are the ways to hide what was signed and show something else: the good request is mine, the evil one means somebody else's session.
var wrapped = map[string]func(good []byte) []byte{
	"the original in the signature": func(good []byte) []byte {
		signature := part(good, "<ds:Signature ", "</ds:Signature>")
		bare := replace(good, signature, "")
		return replace(evil(bare), "<saml:NameID", strings.Replace(signature, "</ds:Signature>", "<ds:Object>"+string(bare)+"</ds:Object></ds:Signature>", 1)+"<saml:NameID")
	},
	"the original in extensions": func(good []byte) []byte {
		bare := replace(good, part(good, "<ds:Signature ", "</ds:Signature>"), "")
		return replace(evil(bare), "<saml:NameID", part(good, "<ds:Signature ", "</ds:Signature>")+"<samlp:Extensions>"+string(bare)+"</samlp:Extensions><saml:NameID")
	},
	"the signed one whole in extensions": func(good []byte) []byte {
		bare := replace(good, part(good, "<ds:Signature ", "</ds:Signature>"), "")
		return replace(evil(bare), "<saml:NameID", "<samlp:Extensions>"+string(good)+"</samlp:Extensions><saml:NameID")
	},
	"evil first": func(good []byte) []byte {
		return replace(good, "<saml:NameID", part(evil(good), "<saml:NameID", "</saml:NameID>")+"<saml:NameID")
	},
	"evil last": func(good []byte) []byte {
		return replace(good, "</saml:NameID>", "</saml:NameID>"+part(evil(good), "<saml:NameID", "</saml:NameID>"))
	},
	"another name":  func(good []byte) []byte { return replace(good, ">mali<", ">somchai<") },
	"another index": func(good []byte) []byte { return replace(good, ">i1<", ">i2<") },
	"one index more": func(good []byte) []byte {
		return replace(good, "</samlp:SessionIndex>", "</samlp:SessionIndex><samlp:SessionIndex>i2</samlp:SessionIndex>")
	},
	"no index":        func(good []byte) []byte { return replace(good, "<samlp:SessionIndex>i1</samlp:SessionIndex>", "") },
	"a comment":       func(good []byte) []byte { return replace(good, ">mali<", "><!---->mali<") },
	"a document type": func(good []byte) []byte { return append([]byte(`<!DOCTYPE x [<!ENTITY a "b">]>`), good...) },
	"an entity bomb": func(good []byte) []byte {
		return append([]byte(`<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>`), replace(good, ">mali<", ">&b;<")...)
	},
}

// evil means another person's session.
func evil(raw []byte) []byte {
	return []byte(strings.NewReplacer(">mali<", ">somchai<", ">i1<", ">i2<", ` ID="_`, ` ID="_evil`).Replace(string(raw)))
}

// SSO-05, invariant 6: whatever is wrong with a request, it ends nothing, least of all another person's session, and what can't prove who sent
// it gets no signed answer.
func TestSSO05_RequestsThatEndNothing(t *testing.T) {
	t.Parallel()
	type change = func(*samlmsg.LogoutRequest)
	asOther := func(q *samlmsg.LogoutRequest) { q.NameID.Value, q.SessionIndexes = "somchai", []string{"i2"} }
	for name, c := range map[string]struct {
		change change
		key    string
		reason string
	}{
		"by a stranger":                 {func(*samlmsg.LogoutRequest) {}, "stranger", "signature_mismatch"},
		"by a stranger, for another":    {asOther, "stranger", "signature_mismatch"},
		"of an unknown issuer":          {func(q *samlmsg.LogoutRequest) { q.Issuer = "https://evil.example" }, "", "issuer_mismatch"},
		"expired":                       {func(q *samlmsg.LogoutRequest) { q.NotOnOrAfter = noon.Add(-time.Minute) }, "", "expired"},
		"issued too long ago":           {func(q *samlmsg.LogoutRequest) { q.IssueInstant, q.NotOnOrAfter = noon.Add(-7*time.Minute), time.Time{} }, "", "issued_too_long_ago"},
		"issued in the future":          {func(q *samlmsg.LogoutRequest) { q.IssueInstant = noon.Add(2 * time.Minute) }, "", "issued_in_future"},
		"for another destination":       {func(q *samlmsg.LogoutRequest) { q.Destination = "https://hub.example/saml2/slo" }, "", "destination_mismatch"},
		"named by somebody else":        {func(q *samlmsg.LogoutRequest) { q.NameID.NameQualifier = "https://evil.example" }, "", "name_foreign"},
		"named for somebody else":       {func(q *samlmsg.LogoutRequest) { q.NameID.SPNameQualifier = taxID }, "", "name_foreign"},
		"with thousands of indexes":     {func(q *samlmsg.LogoutRequest) { q.SessionIndexes = strings.Split(strings.Repeat("i1 ", 200)+"i1", " ") }, "", "message_malformed"},
		"encrypted for somebody else":   {nil, "", "decryption_failed"},
		"its response sent as requests": {nil, "", "message_unexpected"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			each(t, func(t *testing.T, w *world) {
				key := c.key
				if key == "" {
					key = w.mainKey()
				}
				check := func(how string, r result) {
					t.Helper()
					w.wantEnded()
					if r.location != "" || r.raw != nil || strings.Contains(r.body, "Signature") {
						t.Errorf("%s: an answer: %d %s", how, r.status, r.body)
					}
					if got := w.lastReason(); got != c.reason {
						t.Errorf("%s: %q", how, got)
					}
				}
				switch name {
				case "encrypted for somebody else":
					check("post", w.postRaw(w.xml(w.request(), signer(key), recipient("stranger")), "", mine))
					return
				case "its response sent as requests":
					raw, err := samlmsg.LogoutResponse{ID: "_x", InResponseTo: "_y", IssueInstant: noon, Issuer: w.main().EntityID, Status: samlmsg.Success()}.XML(signer(key))
					if err != nil {
						t.Fatal(err)
					}
					check("post", w.postRaw(raw, "", mine))
					check("soap", w.soapRaw(raw))
					return
				}
				q := w.request(c.change)
				check("redirect", w.redirect(q, "", key, mine))
				check("post", w.postRaw(w.xml(q, signer(key), nil), "", mine))
				if q.Destination == w.main().SLO {
					q.Destination = w.main().SOAP
				}
				r := w.soapRaw(w.xml(q, signer(key), nil))
				check("soap", r)
				if r.status != http.StatusInternalServerError || !strings.Contains(r.body, "<soap11:Fault><faultcode>soap11:Client</faultcode>") || len(r.body) > 400 {
					t.Errorf("%d %s", r.status, r.body)
				}
			})
		})
	}
}

// A signature must be there, and cover what is read.
func TestSSO05_RequestsThatNobodyHasSigned(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		bare := w.xml(w.request(), nil, nil)
		query := "?SAMLRequest=" + url.QueryEscape(deflate(bare))
		good := w.redirectURL(w.request(), "relay", signer(w.mainKey()))
		for name, r := range map[string]result{
			"redirect, unsigned":         w.do(http.MethodGet, w.main().SLO+query, "", "", mine),
			"redirect, half a signature": w.do(http.MethodGet, good[:strings.Index(good, "&Signature=")], "", "", mine),
			"redirect, another relay":    w.do(http.MethodGet, strings.Replace(good, "RelayState=relay", "RelayState=other", 1), "", "", mine),
			"redirect, no relay":         w.do(http.MethodGet, strings.Replace(good, "&RelayState=relay", "", 1), "", "", mine),
			"redirect, twice":            w.do(http.MethodGet, good+"&SAMLRequest=x", "", "", mine),
			"redirect, another message":  w.do(http.MethodGet, w.main().SLO+query+good[strings.Index(good, "&RelayState"):], "", "", mine),
			"redirect, signed inside":    w.do(http.MethodGet, w.main().SLO+"?SAMLRequest="+url.QueryEscape(deflate(w.xml(w.request(), signer(w.mainKey()), nil))), "", "", mine),
			"post, unsigned":             w.postRaw(bare, "", mine),
			"soap, unsigned":             w.soapRaw(bare),
			"soap, a posted one":         w.soapRaw(w.xml(w.request(), signer(w.mainKey()), nil)),
			"soap, two":                  w.soapRaw(append(w.xml(w.request(), signer(w.mainKey()), nil), bare...)),
			"soap, another type":         w.do(http.MethodPost, w.main().SOAP, formType, string(samlmsg.SOAP(bare)), ""),
			"soap, no envelope":          w.do(http.MethodPost, w.main().SOAP, samlmsg.SOAPContentType, string(bare), ""),
			"soap, oversized":            w.do(http.MethodPost, w.main().SOAP, samlmsg.SOAPContentType, strings.Repeat(" ", samlslo.MaxSOAP+1), ""),
			"post, oversized":            w.postRaw(bytes.Repeat([]byte(" "), 600<<10), "", mine),
			"redirect, a bomb":           w.do(http.MethodGet, w.main().SLO+"?SAMLRequest="+url.QueryEscape(deflate(bytes.Repeat([]byte(" "), 8<<20))), "", "", mine),
			"redirect, relay of 81":      w.do(http.MethodGet, w.main().SLO+query+"&RelayState="+strings.Repeat("r", 81), "", "", mine),
			"nothing":                    w.do(http.MethodGet, w.main().SLO, "", "", mine),
			"a path of nobody":           w.do(http.MethodGet, strings.Replace(w.main().SLO, "/bank/", "/Bank%00/", 1)+query, "", "", mine),
			"continue without a request": w.do(http.MethodGet, w.main().SLO+"/continue", "", "", mine),
			"another method":             w.do(http.MethodDelete, w.main().SLO, "", "", mine),
			"soap by GET":                w.do(http.MethodGet, w.main().SOAP, "", "", mine),
			"post to continue":           w.do(http.MethodPost, w.main().SLO+"/continue", formType, "", mine),
			"a header that must be understood": w.do(http.MethodPost, w.main().SOAP, samlmsg.SOAPContentType,
				strings.Replace(string(samlmsg.SOAP(w.xml(w.request(), signer(w.mainKey()), nil))), "<soap11:Body>", `<soap11:Header><x:y xmlns:x="urn:x" soap11:mustUnderstand="1"/></soap11:Header><soap11:Body>`, 1), ""),
		} {
			if r.location != "" || r.raw != nil || strings.Contains(r.body, "Signature") || r.status < 400 {
				t.Errorf("%s: %d %s %s", name, r.status, r.location, r.body)
			}
		}
		w.wantEnded()
	})
}

func TestSSO05_WrappedSignaturesEndNothingElse(t *testing.T) {
	t.Parallel()
	for name, wrap := range wrapped {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			each(t, func(t *testing.T, w *world) {
				for _, has := range []hub.SessionID{mine, others} {
					w.postRaw(wrap(w.xml(w.request(), signer(w.mainKey()), nil)), "", has)
					w.wantEnded()
				}
				q := w.request()
				q.Destination = ""
				if r := w.soapRaw(wrap(w.xml(q, signer(w.mainKey()), nil))); r.status != http.StatusInternalServerError {
					t.Errorf("SOAP: %d", r.status)
				}
				w.wantEnded()
			})
		})
	}
}

// Invariant 6: a request counts once, whichever way it comes the second time.
func TestInvariant6_ALogoutRequestCountsOnce(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		q := w.request()
		first := w.redirectURL(q, "", signer(w.mainKey()))
		if r := w.do(http.MethodGet, first, "", "", mine); r.location == "" {
			t.Fatal(r.status)
		}
		w.mu.Lock()
		w.over = map[hub.SessionID]bool{} // the person has signed in again, by the same name
		w.mu.Unlock()
		if r := w.do(http.MethodGet, first, "", "", mine); r.status != http.StatusTeapot || w.lastReason() != "consumed" {
			t.Errorf("again: %d", r.status)
		}
		if r := w.postRaw(w.xml(q, signer(w.mainKey()), nil), "", mine); r.status != http.StatusTeapot {
			t.Errorf("again, posted: %d", r.status)
		}
		a, _ := w.answer(w.soap(q, w.mainKey()), q.ID)
		if a.Status.Code != samlmsg.StatusRequester || a.Status.Second != samlmsg.StatusRequestDenied {
			t.Errorf("again, by SOAP: %+v", a.Status)
		}
		w.wantEnded(mine)
		// The same ID of another department is another request.
		if !w.up {
			w.note(w.peers[taxID], "mali", "t1", mine)
			tax := w.peers[taxID]
			other := samlmsg.LogoutRequest{ID: q.ID, IssueInstant: noon, Issuer: taxID, NameID: w.name(tax, "mali")}
			if a, _ := w.answer(w.soapRaw(w.xml(other, signer("tax"), nil)), q.ID); a.Status != samlmsg.Success() {
				t.Errorf("%+v", a.Status)
			}
		}
	})
}

// A request that was taken, and whose sessions the database then could not end, or whose node died in between, is not used up: the
// peer sends it again, under the same id, and it is done.
func TestInvariant9_ARequestOfWhichNothingCameCanComeAgain(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		w.note(w.main(), "mali", "i3", second)
		q := w.request(func(q *samlmsg.LogoutRequest) { q.SessionIndexes = nil })
		w.lost = hub.Errorf("test", hub.Unavailable, "down")
		if a, _ := w.answer(w.soap(q, w.mainKey()), q.ID); a.Status.Code != samlmsg.StatusResponder {
			t.Errorf("down: %+v", a.Status)
		}
		w.wantEnded()
		w.lost = nil
		if a, _ := w.answer(w.soap(q, w.mainKey()), q.ID); a.Status != samlmsg.Success() {
			t.Errorf("again: %+v", a.Status)
		}
		w.wantEnded(mine, second)
	})
}

// A peer that has changed its key is asked for its metadata once more; one that has not is refused.
func TestAKeyThatHasJustChanged(t *testing.T) {
	t.Parallel()
	w := newWorld(t, false)
	w.renewed = func(p *samlslo.Peer) {
		p.Role.Keys = append(p.Role.Keys[:0:0], samlmsg.KeyDescriptor{Certificates: append(p.Role.SigningCertificates(), pairs()["land-next"].cert)})
	}
	q := w.request()
	w.answer(w.soap(q, "land-next"), q.ID)
	w.wantEnded(mine)
	if r := w.soap(w.request(), "stranger"); r.status != http.StatusInternalServerError || w.asked != 2 {
		t.Errorf("%d, asked %d times", r.status, w.asked)
	}
}

// A system out of service, a database that does not answer, an end that fails, no place to answer to.
func TestWhatCantBeDoneIsSaid(t *testing.T) {
	t.Parallel()
	w := newWorld(t, false)
	w.suspend = true
	if r := w.soap(w.request(), "land"); r.status != http.StatusInternalServerError || w.lastReason() != "suspended" {
		t.Errorf("suspended: %d %s", r.status, w.lastReason())
	}
	w.suspend, w.broken = false, hub.Errorf("test", hub.Unavailable, "down")
	q := w.request()
	if a, _ := w.answer(w.soap(q, "land"), q.ID); a.Status.Code != samlmsg.StatusResponder {
		t.Errorf("down: %+v", a.Status)
	}
	if r := w.redirect(w.request(), "", "land", mine); r.status != http.StatusTeapot {
		t.Errorf("down: %d", r.status)
	}
	w.broken = nil
	w.wantEnded()
	if a, _ := w.answer(w.soap(q, "land"), q.ID); a.Status != samlmsg.Success() {
		t.Errorf("the same request, as nothing came of it: %+v", a.Status)
	}
	w.wantEnded(mine)

	// Two sessions, of which one can't be ended.
	w = newWorld(t, false)
	w.note(w.main(), "mali", "i3", second)
	q = w.request(func(q *samlmsg.LogoutRequest) { q.SessionIndexes = nil })
	w.found[samlmsg.Named(w, "system:land", w.name(w.main(), "mali"), "i3")] = second
	w.mu.Lock()
	w.broken = nil
	w.mu.Unlock()
	if a, _ := w.answer(w.soap(q, "land"), q.ID); a.Status != samlmsg.Success() {
		t.Errorf("both: %+v", a.Status)
	}
	w.wantEnded(mine, second)

	// Metadata without a single logout service: the person stays here, and sees how it goes.
	w = newWorld(t, false)
	w.change(landID, func(p *samlslo.Peer) { p.Role.SingleLogout = nil })
	r := w.redirect(w.request(), "", "land", mine)
	if r.header.Get("X-Campaigns") != "campaign-"+string(mine) || r.header.Get("X-Onward") != "" || r.location != "" {
		t.Errorf("%d %v", r.status, r.header)
	}
	// One that nobody should be sent to is none.
	w.change(landID, func(p *samlslo.Peer) {
		p.Role.SingleLogout = []samlmsg.Endpoint{{Binding: samlmsg.BindingRedirect, Location: "http://land.example/slo"}}
	})
	w.over = map[hub.SessionID]bool{}
	if r := w.redirect(w.request(), "", "land", mine); r.location != "" {
		t.Errorf("sent to %s", r.location)
	}
	// The other binding, where the request's is not there.
	w.change(landID, func(p *samlslo.Peer) {
		p.Role.SingleLogout = []samlmsg.Endpoint{{Binding: samlmsg.BindingPOST, Location: "https://land.example/slo"}}
	})
	w.over = map[hub.SessionID]bool{}
	q = w.request()
	if a, _ := w.answer(w.redirect(q, "", "land", mine), q.ID); a.Destination != "https://land.example/slo" {
		t.Errorf("answered to %s", a.Destination)
	}
}

func TestNewAndBindRefuseWhatIsMissing(t *testing.T) {
	t.Parallel()
	if _, err := samlslo.New(samlslo.Options{}); err == nil {
		t.Error("nothing will do")
	}
	w := newWorld(t, false)
	if w.slo.Bind(w) == nil || w.slo.Bind(nil) == nil {
		t.Error("bound twice")
	}
	_ = rand.Reader
}
