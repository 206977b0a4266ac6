package client_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"onedoor/hub"
	"onedoor/hub/client"
)

func newClient(t *testing.T, h http.HandlerFunc) *client.Client {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	c, err := client.New(client.Options{Issuer: server.URL, ID: "revenue", Secret: "s+e cret", HTTP: server.Client()})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// respond answers for each token by its name.
func respond(w http.ResponseWriter, r *http.Request) {
	_ = r.ParseForm()
	var all []string
	for _, raw := range r.PostForm["token"] {
		switch {
		case strings.HasPrefix(raw, "good"):
			all = append(all, fmt.Sprintf(`{"active":true,"sub":"%s","client_id":"x","exp":7,"name":"n"}`, raw))
		case raw == "unknown":
			all = append(all, `{"error":"temporarily_unavailable"}`)
		case raw == "odd":
			all = append(all, `{"active":"true"}`)
		default:
			all = append(all, `{"active":false}`)
		}
	}
	fmt.Fprintf(w, `{"results":[%s]}`, strings.Join(all, ","))
}

func TestEachQuestionGetsItsOwnAnswer(t *testing.T) {
	t.Parallel()
	var calls, tokens atomic.Int64
	hold := make(chan struct{})
	c := newClient(t, func(w http.ResponseWriter, r *http.Request) {
		user, password, _ := r.BasicAuth()
		if user != "revenue" || password != "s%2Be+cret" || r.URL.Path != "/oauth2/introspect/batch" {
			t.Errorf("%s %s %s", user, password, r.URL.Path)
		}
		<-hold // until all have asked: what waits travels together
		calls.Add(1)
		_ = r.ParseForm()
		tokens.Add(int64(len(r.PostForm["token"])))
		respond(w, r)
	})
	const n = 300
	var all, asked sync.WaitGroup
	for i := range n {
		asked.Add(1)
		all.Go(func() {
			name := fmt.Sprintf("good %d&", i)
			asked.Done()
			a, err := c.Check(t.Context(), name)
			if err != nil || a.Subject != name || a.Expires != 7 || !strings.Contains(string(a.Raw), `"name":"n"`) {
				t.Errorf("%d: %+v %v", i, a, err)
			}
		})
	}
	asked.Wait()
	close(hold)
	all.Wait()
	if tokens.Load() != n {
		t.Errorf("%d tokens in %d calls", tokens.Load(), calls.Load())
	}
	before := calls.Load()
	for range 2 {
		if _, err := c.Check(t.Context(), "good"); err != nil {
			t.Error(err)
		}
	}
	if calls.Load() != before+2 {
		t.Error("an answer was kept")
	}
}

func TestWhatIsNotAYesIsNoAnswer(t *testing.T) {
	t.Parallel()
	c := newClient(t, respond)
	for raw, want := range map[string]hub.Kind{
		"bad": hub.Consumed, "unknown": hub.Unavailable, "odd": hub.Unavailable, "": hub.Consumed, strings.Repeat("a", 5000): hub.Consumed,
	} {
		if a, err := c.Check(t.Context(), raw); hub.KindOf(err) != want || a.Subject != "" {
			t.Errorf("%.10q: %v", raw, err)
		}
	}
	for name, f := range map[string]struct {
		h    http.HandlerFunc
		want hub.Kind
	}{
		"401":      {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(401) }, hub.Unauthenticated},
		"503":      {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(503) }, hub.Unavailable},
		"nonsense": {func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "x") }, hub.Unavailable},
		"too few":  {func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, `{"results":[]}`) }, hub.Unavailable},
		"cut off":  {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, hub.Unavailable},
	} {
		if _, err := newClient(t, f.h).Check(t.Context(), "good"); hub.KindOf(err) != f.want || strings.Contains(err.Error(), "good") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestOptionsAreChecked(t *testing.T) {
	t.Parallel()
	for _, o := range []client.Options{
		{Issuer: "http://login.example.go.th", ID: "a", Secret: "b", HTTP: http.DefaultClient},
		{Issuer: "https://login.example.go.th", Secret: "b", HTTP: http.DefaultClient},
		{Issuer: "https://login.example.go.th", ID: "a", HTTP: http.DefaultClient},
		{Issuer: "https://login.example.go.th", ID: "a", Secret: "b"},
		{Issuer: "x", ID: "a", Secret: "b", HTTP: http.DefaultClient},
	} {
		if _, err := client.New(o); hub.KindOf(err) != hub.Invalid {
			t.Errorf("%+v: %v", o.Issuer, err)
		}
	}
}
