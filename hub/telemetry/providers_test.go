package telemetry

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"onedoor/hub"
)

func TestOPS06_HealthOfProvidersIsInTheMetrics(t *testing.T) {
	t.Parallel()
	m, err := NewMetrics()
	if err != nil {
		t.Fatal(err)
	}
	health := []ProviderHealth{{Provider: "bank", Trouble: true, UnderWay: 2, FailedInRow: 3}, {Provider: "thaid"}}
	read := func() []ProviderHealth { return health }
	if err := m.WatchProviders(read); err != nil {
		t.Fatal(err)
	}
	if err := m.WatchProviders(read); !errors.Is(err, hub.Conflict) {
		t.Errorf("twice: %v", err)
	}
	page := func() string {
		w := httptest.NewRecorder()
		m.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
		return w.Body.String()
	}
	for _, want := range []string{
		`onedoor_provider_trouble{provider="bank"} 1`, `onedoor_provider_calls_under_way{provider="bank"} 2`,
		`onedoor_provider_failures_in_row{provider="bank"} 3`, `onedoor_provider_trouble{provider="thaid"} 0`,
	} {
		if got := page(); !strings.Contains(got, want) {
			t.Errorf("no %s", want)
		}
	}
	health = health[1:] // a provider that is gone is shown no more
	if strings.Contains(page(), "bank") {
		t.Error("a provider that is gone is shown")
	}
}
