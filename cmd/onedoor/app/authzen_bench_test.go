package app

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gin-gonic/gin"

	"onedoor/authz"
	"onedoor/authz/authzen"
	"onedoor/hub"
	"onedoor/hub/session"
	"onedoor/hub/token"
	"onedoor/tenants"
)

// BenchmarkDecisions measures one evaluation of AuthZEN over real HTTP, with 10,000 items and the facts in memory, beside bare gin: the same
// JSON read, the same bytes answered.
func BenchmarkDecisions(b *testing.B) {
	gin.SetMode(gin.ReleaseMode)
	h := newSpeedHub(b, "http://hub.localhost")
	for i := range 10_000 {
		_, err := h.authz.store.PutItem(b.Context(), authz.Item{
			ID: authz.ItemID(fmt.Sprintf("item-%d", i)), Department: "revenue", Group: tenants.Transaction, Sensitivity: authz.Sensitive, Status: authz.Offered,
			Category: "x", Actions: []authz.Action{"query", "file"},
			Demands: authz.Demands{Least: hub.Level{IAL: hub.IAL21, AAL: hub.AAL21}, MaxAge: time.Hour, Person: authz.Lockable},
		}, time.Now())
		if err != nil {
			b.Fatal(err)
		}
	}
	if err := h.authz.catalogue.Refresh(b.Context()); err != nil {
		b.Fatal(err)
	}
	raw := h.signedIn(b)
	body := `{"subject":{"type":"access_token","id":"` + raw + `"},"resource":{"type":"service_item","id":"item-4711"},"action":{"name":"query"}}`
	plain := gin.New()
	plain.POST(authzen.EvaluationPath, func(c *gin.Context) {
		var q map[string]any
		if err := json.NewDecoder(c.Request.Body).Decode(&q); err != nil {
			c.Status(http.StatusBadRequest)
			return
		}
		c.Data(http.StatusOK, "application/json", []byte(`{"decision":true}`))
	})
	b.Run("bare", func(b *testing.B) { overHTTP(b, plain, body) })
	b.Run("hub", func(b *testing.B) { overHTTP(b, h.public.Handler(), body) })
}

// signedIn gives a token of a session that is in the database.
func (h *speedHub) signedIn(b *testing.B) string {
	b.Helper()
	account, err := h.person(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	now := time.Now()
	level := hub.Level{IAL: hub.IAL23, AAL: hub.AAL22}
	s, _, _, err := h.sessions.Start(b.Context(), session.Authentication{
		Account: account, Channel: "web", Identity: hub.Identity{Provider: "thaid", Subject: "x", Level: level, AuthTime: now},
	})
	if err != nil {
		b.Fatal(err)
	}
	id := func() string { return hub.NewID(h.random) }
	raw, err := h.sealer.Seal(token.Access{
		ID: id(), Grant: hub.GrantID(id()), Session: s.ID, Account: account, System: speedSystem, Interaction: hub.InteractionID(id()),
		Scopes: []string{"openid"}, Level: level, AuthTime: now, IssuedAt: now, ExpiresAt: now.Add(15 * time.Minute),
	})
	if err != nil {
		b.Fatal(err)
	}
	return raw
}

// overHTTP asks again and again over kept connections, as a department's server does, and tells the rate, the CPU time and the slowest
// hundredth.
func overHTTP(b *testing.B, handler http.Handler, body string) {
	b.Helper()
	l, err := new(net.ListenConfig).Listen(b.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	server := &http.Server{Handler: handler, ReadHeaderTimeout: time.Minute}
	go server.Serve(l) //nolint:errcheck // ends with the listener
	defer server.Close()
	const clients = 4
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: clients}}
	defer client.CloseIdleConnections()
	once := func(ctx context.Context) error {
		r, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+l.Addr().String()+authzen.EvaluationPath, strings.NewReader(body))
		if err != nil {
			return err
		}
		r.Host = "hub.localhost"
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Authorization", speedBasic())
		answer, err := client.Do(r)
		if err != nil {
			return err
		}
		defer answer.Body.Close() //nolint:errcheck // read to its end
		text, err := io.ReadAll(answer.Body)
		if err == nil && string(text) != `{"decision":true}` {
			err = fmt.Errorf("%d %s", answer.StatusCode, text)
		}
		return err
	}
	for range 50 {
		if err := once(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
	var mu sync.Mutex
	var took []time.Duration
	before := cpu(b)
	b.ResetTimer()
	var all sync.WaitGroup
	for n := range clients {
		all.Go(func() {
			var mine []time.Duration
			for i := n; i < b.N; i += clients {
				began := time.Now()
				if err := once(b.Context()); err != nil {
					b.Error(err)
					return
				}
				mine = append(mine, time.Since(began))
			}
			mu.Lock()
			took = append(took, mine...)
			mu.Unlock()
		})
	}
	all.Wait()
	b.StopTimer()
	slices.Sort(took)
	b.ReportMetric(float64(cpu(b)-before)/float64(b.N), "cpu-ns/op")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "p99-us")
}
