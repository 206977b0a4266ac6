package app

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	"onedoor/cmd/onedoor/bench"
	"onedoor/configs"
	"onedoor/hub"
	"onedoor/hub/hubtest/freeport"
)

// onedoor bench finds its way through every scenario of our own provider.
func TestBenchMeasuresTheDemo(t *testing.T) {
	t.Parallel()
	d, hubs, _ := startNodes(t, 1, "")
	o := bench.Options{
		Issuer: d.URL(hubHost), Client: "revenue-efiling", Secret: d.secrets["DEMO_REVENUE_SECRET"], Redirect: d.URL(revenueHost) + "/callback",
		Scope: "openid profile", Provider: "thaid", Person: "mali", Batch: 20, Concurrency: 2, Duration: 200 * time.Millisecond,
		Participants: 3, Hanging: 1, Port: freeport.Row(t, 3), Clock: time.Now, Random: hub.Randomness(),
	}
	declareParticipants(t, hubs[0], o)
	report, err := bench.Run(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	if len(report.Results) != len(bench.Scenarios()) {
		t.Fatalf("%d results", len(report.Results))
	}
	for _, r := range report.Results {
		switch {
		case r.Scenario == "client-credentials" || r.Scenario == "refresh":
			if r.Skipped == "" && (r.Calls == 0 || r.Failures > 0) { // whether the demo's client may is its register's matter
				t.Errorf("%+v", r)
			}
		case r.Calls == 0 || r.Failures > 0 || r.Skipped != "":
			t.Errorf("%+v", r)
		case r.Scenario == "logout" && r.P50 < 550, r.Scenario == "logout-told" && r.Answer < 550:
			t.Errorf("a sign-out answers within the lease: %+v", r)
		}
	}
	o.Scenarios, o.Logouts = []string{"logout-told"}, 20
	if report, err = bench.Run(t.Context(), o); err != nil || report.Results[0].Calls != 4 || report.Results[0].Failures != 0 {
		t.Errorf("%+v, %v", report, err)
	}
}

// declareParticipants applies what onedoor bench writes for its participants.
func declareParticipants(tb testing.TB, h *Hub, o bench.Options) {
	tb.Helper()
	var text bytes.Buffer
	folder := tb.TempDir()
	err := bench.Objects(&text, o)
	if err == nil {
		err = os.WriteFile(filepath.Join(folder, "bench.yaml"), text.Bytes(), 0o600)
	}
	if err != nil {
		tb.Fatal(err)
	}
	objects, err := configs.ReadObjects(folder)
	if err == nil {
		err = Apply(tb.Context(), h.options.Config, h.options.Process, objects, false)
	}
	if err == nil {
		err = h.refresh(tb.Context())
	}
	if err != nil {
		tb.Fatal(err)
	}
}

// Introspection is measured while people sign in, and the logins are told apart from it.
func TestBenchMeasuresUnderAStreamOfLogins(t *testing.T) {
	t.Parallel()
	d, _ := startDemo(t, false)
	report, err := bench.Run(t.Context(), bench.Options{
		Issuer: d.URL(hubHost), Client: "revenue-efiling", Secret: d.secrets["DEMO_REVENUE_SECRET"], Redirect: d.URL(revenueHost) + "/callback",
		Scope: "openid profile", Provider: "thaid", Person: "mali", Batch: 20, Concurrency: 2, Duration: 500 * time.Millisecond, Logins: 10,
		Scenarios: []string{"introspect", "introspect-batch", "client-credentials"}, Server: os.Getpid(), Clock: time.Now, Random: hub.Randomness(),
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range report.Results {
		streamed := r.Scenario != "client-credentials"
		if r.Skipped == "" && (r.Failures > 0 || r.FirstError != "" || (r.Logins > 0) != streamed || (r.LoginCPU > 0) != streamed) {
			t.Errorf("%+v", r)
		}
	}
}
