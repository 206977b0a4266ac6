package app

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"onedoor/hub"
	"onedoor/hub/oidcop"
	"onedoor/tenants"
)

// newExchangeHub is a flowHub whose system may act for the person at two APIs: one that takes sealed tokens, and one that takes JWTs.
func newExchangeHub(tb testing.TB, dsn string) (h *flowHub, held string) {
	tb.Helper()
	h = newFlowHub(tb, dsn)
	four := hub.Text{"th": "ก", "en": "a", "zh": "甲", "vi": "á"}
	s, err := h.directory.System(tb.Context(), flowSystem)
	if err != nil {
		tb.Fatal(err)
	}
	client := *s.OIDC
	client.GrantTypes = append(client.GrantTypes, tenants.GrantMachine, tenants.GrantExchange)
	s.OIDC = &client
	all := []tenants.System{s}
	for id, alg := range map[hub.SystemID]string{"sealed-api": "", "jwt-api": "ES256"} {
		all = append(all, tenants.System{
			ID: id, Department: "revenue", Names: four, Status: tenants.Live, Group: tenants.Transaction, Least: s.Least,
			OIDC: &tenants.OIDC{
				GrantTypes: []string{tenants.GrantMachine}, SectorIdentifier: string(id) + ".example", Resource: "https://" + string(id) + ".example/",
				AccessTokenAlg: alg, ExchangeFrom: []tenants.Exchange{{From: flowSystem}}, AudienceOf: []hub.SystemID{flowSystem},
				Secrets: []tenants.Secret{{SHA256: sha256.Sum256([]byte(flowSecret))}},
			},
		})
	}
	for _, s := range all {
		if _, err := h.tenants.PutSystem(tb.Context(), s); err != nil {
			tb.Fatal(err)
		}
	}
	if err := h.refreshAll(tb.Context()); err != nil {
		tb.Fatal(err)
	}
	return h, h.given(tb, codeForm(h.code(tb)))
}

// given gives the access token of an answer.
func (h *flowHub) given(tb testing.TB, form url.Values) string {
	tb.Helper()
	rec := h.do(http.MethodPost, oidcop.TokenPath, form.Encode())
	var t struct {
		Access string `json:"access_token"`
	}
	if err := json.Unmarshal(rec.Body.Bytes(), &t); err != nil || rec.Code != http.StatusOK || t.Access == "" {
		tb.Fatalf("%d %s", rec.Code, rec.Body)
	}
	return t.Access
}

func exchangeForm(held, api string) url.Values {
	return url.Values{
		"grant_type": {tenants.GrantExchange}, "subject_token": {held}, "resource": {"https://" + api + ".example/"},
		"subject_token_type": {"urn:ietf:params:oauth:token-type:access_token"},
	}
}

// BenchmarkExchange is token exchange through the whole hub, everything durable: for a sealed token, and for a JWT with its place in a list.
func BenchmarkExchange(b *testing.B) {
	for _, api := range []string{"sealed-api", "jwt-api"} {
		b.Run(api, func(b *testing.B) {
			h, held := newExchangeHub(b, "sqlite:"+filepath.Join(b.TempDir(), "hub.db"))
			h.measure(b, func() { h.given(b, exchangeForm(held, api)) })
		})
	}
	b.Run("client-credentials", func(b *testing.B) {
		h, _ := newExchangeHub(b, "sqlite:"+filepath.Join(b.TempDir(), "hub.db"))
		h.measure(b, func() { h.given(b, url.Values{"grant_type": {tenants.GrantMachine}}) })
	})
}

// BenchmarkIntrospectionOfJWT is one question about a JWT, through the whole hub; the sealed token of the same exchange beside it.
func BenchmarkIntrospectionOfJWT(b *testing.B) {
	for _, api := range []string{"sealed-api", "jwt-api"} {
		b.Run(api, func(b *testing.B) {
			h, held := newExchangeHub(b, "sqlite:"+filepath.Join(b.TempDir(), "hub.db"))
			raw := h.given(b, exchangeForm(held, api))
			keepLease(b, h.Hub)
			h.measure(b, func() {
				if rec := h.do(http.MethodPost, oidcop.IntrospectionPath, "token="+raw); !strings.HasPrefix(rec.Body.String(), `{"active":true`) {
					b.Fatalf("%d %s", rec.Code, rec.Body)
				}
			})
		})
	}
}

// keepLease reads the revocations as the duty does.
func keepLease(tb testing.TB, h *Hub) {
	tb.Helper()
	ctx, stop := context.WithCancel(tb.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		ticker := time.NewTicker(h.lease.Limit() / 5)
		defer ticker.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-ticker.C:
				_ = h.lease.Refresh(ctx)
			}
		}
	}()
	tb.Cleanup(func() { stop(); <-done })
}
