package telemetry_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"onedoor/hub"
	"onedoor/hub/telemetry"
)

func TestBacklog_ShowsWhatIsKnownOnly(t *testing.T) {
	t.Parallel()
	m, err := telemetry.NewMetrics()
	if err != nil {
		t.Fatal(err)
	}
	known := true
	read := func() (int, time.Duration, bool) { return 7, 90 * time.Second, known }
	if err := m.WatchBacklog(read); err != nil {
		t.Fatal(err)
	}
	if err := m.WatchBacklog(read); !errors.Is(err, hub.Conflict) {
		t.Errorf("twice: %v", err)
	}
	page := func() string {
		w := httptest.NewRecorder()
		m.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
		return w.Body.String()
	}
	if p := page(); !strings.Contains(p, "onedoor_logout_notices_open 7") || !strings.Contains(p, "onedoor_logout_oldest_seconds 90") {
		t.Errorf("%s", p)
	}
	if known = false; strings.Contains(page(), "onedoor_logout_") {
		t.Error("what is not known is shown")
	}
}
