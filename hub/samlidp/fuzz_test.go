package samlidp_test

import (
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"onedoor/hub/samlidp"
)

// serve gives a foreign request to an endpoint. Nothing of it may panic, reach the login of a department that signs, or make the hub
// send anything to a place that is not in the metadata.
func serve(t *testing.T, w *world, r *http.Request) {
	t.Helper()
	rec := httptest.NewRecorder()
	w.server.Config.Handler.ServeHTTP(rec, r)
	if action := field(actionOf, rec.Body.String()); action != "" && action != landACS && action != landACS+"/other" && action != taxACS {
		t.Errorf("a form goes to %q", action)
	}
	for _, req := range w.begun {
		if req.System == "land" {
			t.Error("an unsigned request of the land office began a login")
		}
	}
	w.begun, w.events = nil, nil
}

func FuzzSSORedirect(f *testing.F) {
	w := newWorld(f)
	stranger := w.redirect(w.request(), "relay", signer("stranger"))
	f.Add(stranger[strings.IndexByte(stranger, '?')+1:])
	plain := w.redirect(w.request(from(taxID)), "", nil)
	f.Add(plain[strings.IndexByte(plain, '?')+1:])
	f.Add("SAMLRequest=a&SAMLRequest=b")
	f.Add("SAMLRequest=&SigAlg=&Signature=")
	f.Fuzz(func(t *testing.T, query string) {
		r := httptest.NewRequest(http.MethodGet, samlidp.SSOPath, nil)
		r.URL.RawQuery = query
		serve(t, w, r)
	})
}

func FuzzSSOPost(f *testing.F) {
	w := newWorld(f)
	f.Add(w.xml(w.request(), signer("stranger")), "relay")
	f.Add(w.xml(w.request(from(taxID)), nil), "")
	f.Add([]byte("<x/>"), "\x00")
	f.Fuzz(func(t *testing.T, raw []byte, relay string) {
		form := url.Values{"SAMLRequest": {base64.StdEncoding.EncodeToString(raw)}, "RelayState": {relay}}
		r := httptest.NewRequest(http.MethodPost, samlidp.SSOPath, strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", formType)
		serve(t, w, r)
	})
}

func FuzzContinue(f *testing.F) {
	w := newWorld(f)
	f.Add(sealID + "." + strings.Repeat("A", 60))
	f.Add("..")
	f.Fuzz(func(t *testing.T, text string) {
		r := httptest.NewRequest(http.MethodGet, samlidp.ContinuePath, nil)
		r.URL.RawQuery = url.Values{"request": {text}}.Encode()
		serve(t, w, r)
	})
}
