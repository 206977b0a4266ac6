package samlslo_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"onedoor/hub"
	"onedoor/hub/samlmsg"
)

// One LogoutRequest by SOAP, verified, judged and answered with a signature; ends and ledger are played.
func BenchmarkTakeOneRequest(b *testing.B) {
	w := newWorld(b, false)
	q := w.request()
	q.Destination = w.main().SOAP
	body := string(samlmsg.SOAP(w.xml(q, signer("land"), nil)))
	b.ReportAllocs()
	for b.Loop() {
		w.ended, w.causes, w.waited, w.over, w.used = nil, nil, nil, map[hub.SessionID]bool{}, map[string]bool{}
		r := httptest.NewRequest(http.MethodPost, "/saml2/slo/soap", strings.NewReader(body))
		r.Header.Set("Content-Type", samlmsg.SOAPContentType)
		rec := httptest.NewRecorder()
		w.slo.SOAP(rec, r)
		if rec.Code != http.StatusOK {
			b.Fatal(rec.Code)
		}
	}
}

// One LogoutRequest of ours, signed, in an address.
func BenchmarkIssueOneRequest(b *testing.B) {
	w := newWorld(b, false)
	n := w.notice()
	b.ReportAllocs()
	v, err := w.slo.Visit(b.Context(), n, "")
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		rec := httptest.NewRecorder()
		w.slo.SetOut(rec, httptest.NewRequest(http.MethodGet, v.URL, nil))
		if rec.Code != http.StatusSeeOther {
			b.Fatal(rec.Code)
		}
	}
}
