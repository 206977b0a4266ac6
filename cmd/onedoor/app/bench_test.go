package app

import (
	"os"
	"testing"
	"time"

	"onedoor/cmd/onedoor/bench"
	"onedoor/hub"
)

// onedoor bench finds its way through every scenario of our own provider.
func TestBenchMeasuresTheDemo(t *testing.T) {
	t.Parallel()
	d, _ := startDemo(t, false)
	o := bench.Options{
		Issuer: d.URL(hubHost), Client: "revenue-efiling", Secret: d.secrets["DEMO_REVENUE_SECRET"], Redirect: d.URL(revenueHost) + "/callback",
		Scope: "openid profile", Provider: "thaid", Person: "mali", Batch: 20, Concurrency: 2, Duration: 200 * time.Millisecond,
		Clock: time.Now, Random: hub.Randomness(),
	}
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
		case r.Scenario == "logout" && r.P50 < 550:
			t.Errorf("a sign-out answers within the lease: %+v", r)
		}
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
