package samlidp_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"onedoor/hub/login"
	"onedoor/hub/samlidp"
	"onedoor/hub/session"
)

// BenchmarkIssueAssertion answers a login that has ended: judge, commit (in memory), two RSA-2048 signatures, encryption, page.
func BenchmarkIssueAssertion(b *testing.B) {
	for name, entity := range map[string]string{"encrypted": landID, "plain": taxID} {
		b.Run(name, func(b *testing.B) {
			w := newWorld(b)
			sp := w.sps[entity]
			sp.IDPInitiated = true
			w.sps[entity] = sp
			s := session.Session{ID: "s", Account: "mali", Level: usual, AuthTime: noon, StartedAt: noon, LastActivity: noon}
			w.sessions["s"] = s
			state, err := json.Marshal(map[string]any{"system": sp.ID, "acs": sp.Role.AssertionConsumers[0].Location, "at": noon.UnixMicro()})
			if err != nil {
				b.Fatal(err)
			}
			res := login.Result{
				Session: s, Release: sp.Attributes,
				Request: login.Request{Protocol: samlidp.Protocol, System: sp.ID, Continue: state, Attributes: sp.Attributes},
			}
			r := httptest.NewRequest(http.MethodGet, "/", nil)
			b.ReportAllocs()
			for b.Loop() {
				rec := httptest.NewRecorder()
				w.idp.FinishLogin(rec, r, res)
				if !strings.Contains(rec.Body.String(), "SAMLResponse") {
					b.Fatal(rec.Body.String())
				}
			}
		})
	}
}

// BenchmarkLoginInASession takes a signed request by HTTP-Redirect to its answer, over the handler, without a database.
func BenchmarkLoginInASession(b *testing.B) {
	w := newWorld(b)
	browser := w.signIn("mali", usual)
	b.ReportAllocs()
	for b.Loop() {
		b.StopTimer()
		target := w.redirect(w.request(), "relay", signer("land")) // the department's own work
		b.StartTimer()
		r := httptest.NewRequest(http.MethodGet, target, nil)
		r.AddCookie(&http.Cookie{Name: browserCookie, Value: browser.session})
		rec := httptest.NewRecorder()
		w.server.Config.Handler.ServeHTTP(rec, r)
		if !strings.Contains(rec.Body.String(), "SAMLResponse") {
			b.Fatal(rec.Body.String())
		}
	}
}
