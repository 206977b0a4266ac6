package samlsp_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"onedoor/federation"
	"onedoor/federation/simulator/samlbank"
	"onedoor/hub/login"
)

// FuzzConsume posts anything to the assertion consumer service: it answers with an error page or sends the browser to its callback,
// and what it keeps opens no login.
func FuzzConsume(f *testing.F) {
	r := newRig(f, nil)
	state := newAsk().State
	for _, fault := range []samlbank.Fault{samlbank.Plain, samlbank.OnlyAssertion, samlbank.XSW3, samlbank.Doctype, samlbank.NotXML} {
		f.Add(r.begin(newAsk(), "mali", fault).form.Encode())
	}
	f.Add("SAMLResponse=AAAA&RelayState=" + state)
	f.Add("SAMLResponse=AAAA&SAMLResponse=AAAA")
	f.Add("SAMLRequest=%zz;&=&RelayState=")
	a := r.begin(newAsk(), "mali")
	f.Fuzz(func(t *testing.T, body string) {
		q := httptest.NewRequest(http.MethodPost, r.connector.ACSURL(providerID), strings.NewReader(body))
		q.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		w := httptest.NewRecorder()
		r.mux.ServeHTTP(w, q)
		switch w.Code {
		case http.StatusBadRequest:
		case http.StatusSeeOther:
			to, err := url.Parse(w.Header().Get("Location"))
			if err != nil || !strings.HasPrefix(to.String(), r.hubURL+"/login/callback/"+string(providerID)+"?code=") {
				t.Fatalf("sent to %q", w.Header().Get("Location"))
			}
			params := map[string]string{"state": to.Query().Get("state"), "code": to.Query().Get("code")}
			if got, err := r.registry.Finish(t.Context(), providerID, a.ask, login.Answer{Params: params, Private: a.private}); err == nil {
				t.Fatalf("it opened a login: %v", got)
			}
		default:
			t.Fatalf("%d", w.Code)
		}
	})
}

// FuzzCallback brings anything to the login's end.
func FuzzCallback(f *testing.F) {
	r := newRig(f, nil)
	a := r.begin(newAsk(), "mali")
	q := r.post(a)
	f.Add(q.Get("code")+"x", a.ask.State, a.private)
	f.Add("", "", []byte("{}"))
	f.Add("x", a.ask.State, []byte(`{"provider":"samlbank","request":"_x","started":1}`))
	f.Fuzz(func(t *testing.T, code, state string, private []byte) {
		got, err := r.registry.Finish(t.Context(), providerID, a.ask, login.Answer{Params: map[string]string{"state": state, "code": code}, Private: private})
		if err == nil || federation.Reason(err) == "" {
			t.Fatalf("it opened a login: %v", got)
		}
	})
}
