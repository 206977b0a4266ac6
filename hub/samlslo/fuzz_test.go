package samlslo_test

import (
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"onedoor/hub"
	"onedoor/hub/samlmsg"
)

// FuzzSOAP: whatever is sent from server to server, nothing panics, and no session ends but one that a genuine request means.
func FuzzSOAP(f *testing.F) {
	w := newWorld(f, false)
	q := w.request()
	q.Destination = w.main().SOAP
	good := w.xml(q, signer("land"), nil)
	f.Add(samlmsg.SOAP(good))
	f.Add(samlmsg.SOAP(w.xml(q, nil, nil)))
	f.Add(samlmsg.SOAP(w.xml(q, signer("stranger"), recipient("hub-open"))))
	f.Add(samlmsg.SOAPFault("Client"))
	for _, wrap := range wrapped {
		f.Add(samlmsg.SOAP(wrap(good)))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		w.mu.Lock()
		w.ended, w.over, w.used = nil, map[hub.SessionID]bool{}, map[string]bool{}
		w.mu.Unlock()
		r := httptest.NewRequest(http.MethodPost, "/saml2/slo/soap", strings.NewReader(string(body)))
		r.Header.Set("Content-Type", "text/xml")
		rec := httptest.NewRecorder()
		w.slo.SOAP(rec, r)
		w.mu.Lock()
		ended := w.ended
		w.mu.Unlock()
		for _, id := range ended {
			if id != mine {
				t.Fatalf("ended %s", id)
			}
		}
	})
}

// FuzzBrowser: the same for what a browser brings, by either binding, and to the addresses that carry what is sealed.
func FuzzBrowser(f *testing.F) {
	w := newWorld(f, false)
	good := w.redirectURL(w.request(), "relay", signer("land"))
	query := good[strings.Index(good, "?")+1:]
	f.Add(query, false)
	f.Add(strings.Replace(query, "relay", "other", 1), false)
	f.Add("t=aaaaaaaaaaaaaaaaaaaaaaaaaa.AAAA", false)
	f.Add("SAMLResponse=x&SAMLRequest=y", true)
	for _, wrap := range wrapped {
		f.Add(url.Values{"SAMLRequest": {base64.StdEncoding.EncodeToString(wrap(w.xml(w.request(), signer("land"), nil)))}}.Encode(), true)
	}
	f.Fuzz(func(t *testing.T, text string, posted bool) {
		for _, has := range []hub.SessionID{mine, others} {
			w.mu.Lock()
			w.ended, w.over, w.used = nil, map[hub.SessionID]bool{}, map[string]bool{}
			w.mu.Unlock()
			r := httptest.NewRequest(http.MethodGet, "/saml2/slo", nil)
			r.URL.RawQuery = text
			if posted {
				r = httptest.NewRequest(http.MethodPost, "/saml2/slo", strings.NewReader(text))
				r.Header.Set("Content-Type", formType)
			}
			r.AddCookie(&http.Cookie{Name: "session", Value: string(has)})
			w.slo.Browser(httptest.NewRecorder(), r)
			w.slo.Continue(httptest.NewRecorder(), r)
			w.slo.Answer(httptest.NewRecorder(), r)
			w.mu.Lock()
			ended := w.ended
			w.mu.Unlock()
			for _, id := range ended {
				if id != mine || has != mine {
					t.Fatalf("ended %s in the browser of %s", id, has)
				}
			}
		}
	})
}
