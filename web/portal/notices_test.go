package portal

import (
	"strings"
	"testing"
	"time"

	"onedoor/federation"
	"onedoor/hub"
	"onedoor/hub/notice"
	"onedoor/web/visit/visittest"
)

// AUD-09: who is signed in reads which levels their account has reached, and nobody else's; who is not reads nothing.
func TestAUD09_NoticesAreForTheirPersonOnly(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.providers = []federation.Provider{{ID: "bank", Names: hub.Text{"en": "Sabaidee Bank"}}}
	w.notices = []notice.Notice{
		{Account: visittest.Account, Kind: notice.LevelRaised, Level: hub.Level{IAL: hub.IAL23, AAL: hub.AAL22}, Provider: "bank", At: time.Date(2026, 2, 3, 4, 0, 0, 0, time.UTC)},
		{Account: visittest.Account, Kind: notice.AccountSuspended, Reason: "lost", FailedAt: time.Date(2026, 2, 3, 4, 0, 0, 0, time.UTC)},
		{Account: visittest.Account, Kind: notice.LevelRaised, Level: hub.Level{IAL: hub.IAL21, AAL: hub.AAL21}, Provider: "left-long-ago"},
		{Account: "somebodyelseaaaaaaaaaaaaaa", Kind: notice.LevelRaised, Level: hub.Level{IAL: hub.IAL3, AAL: hub.AAL3}, Provider: "bank"},
	}
	page := w.show("/notices")
	for _, want := range []string{"Sabaidee Bank", "IAL 2.3 · AAL 2.2", `datetime="2026-02-03"`, "Your account was suspended.", "lost or stolen", "could not reach you", "no longer connected"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %s:\n%s", want, page)
		}
	}
	if strings.Contains(page, "left-long-ago") {
		t.Error("a provider that is gone by its id")
	}
	if strings.Contains(page, "AAL 3") || strings.Count(page, "Sabaidee Bank") != 1 {
		t.Error("somebody else's, or of another kind")
	}
	if page := w.do(visittest.Get("/notices")).Body.String(); strings.Contains(page, "Sabaidee Bank") {
		t.Error("without a session")
	}
	w.err = hub.E("test", hub.Unavailable, nil)
	if rec := w.do(mine(visittest.Get("/notices"))); rec.Code != 503 {
		t.Errorf("what can't be known is %d", rec.Code)
	}
}
