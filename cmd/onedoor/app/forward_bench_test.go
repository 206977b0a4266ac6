package app

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"onedoor/hub"
	"onedoor/hub/token"
	"onedoor/tenants"
)

// BenchmarkForwardCheck measures one question of a proxy through the whole edge: in memory while the cookie is young.
func BenchmarkForwardCheck(b *testing.B) {
	h := newSpeedHub(b, "http://hub.localhost")
	all := hub.Text{"th": "x", "en": "x", "zh": "x", "vi": "x"}
	secret := tenants.NewClientSecret(h.random)
	hashed, err := tenants.HashClientSecret(secret)
	if err != nil {
		b.Fatal(err)
	}
	_, err = h.tenants.PutSystem(b.Context(), tenants.System{
		ID: "archive", Department: "revenue", Names: all, Status: tenants.Live, Group: tenants.Interactive, Least: hub.Level{IAL: hub.IAL11, AAL: hub.AAL1},
		Forward: &tenants.Forward{Origins: []string{"https://archive.example"}, Secrets: []tenants.Secret{hashed}},
	})
	if err != nil {
		b.Fatal(err)
	}
	if err := h.directory.Refresh(b.Context()); err != nil {
		b.Fatal(err)
	}
	id, now := func() string { return hub.NewID(h.random) }, time.Now()
	cookie, err := h.sealer.Seal(token.Access{
		ID: id(), Grant: hub.GrantID(id()), Session: hub.SessionID(id()), Account: hub.AccountID(id()), System: "archive",
		Interaction: hub.InteractionID(id()), Scopes: []string{"onedoor-forward"}, Level: hub.Level{IAL: hub.IAL23, AAL: hub.AAL22},
		AuthTime: now, IssuedAt: now, ExpiresAt: now.Add(15 * time.Minute),
	})
	if err != nil {
		b.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodGet, "http://hub.localhost/forward/archive/check", nil)
	r.SetBasicAuth("archive", secret)
	for k, v := range map[string]string{
		"X-Forwarded-Host": "archive.example", "X-Forwarded-Proto": "https", "X-Forwarded-Uri": "/files", "Cookie": "__Host-onedoor-session=" + cookie,
	} {
		r.Header.Set(k, v)
	}
	handler, w := h.public.Handler(), &sink{head: http.Header{}}
	b.ReportAllocs()
	for b.Loop() {
		clear(w.head)
		handler.ServeHTTP(w, r)
		if w.status != http.StatusOK {
			b.Fatal(w.status)
		}
	}
}
