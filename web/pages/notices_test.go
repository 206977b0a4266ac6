package pages

import (
	"strings"
	"testing"
	"time"

	"onedoor/federation"
	"onedoor/hub"
	"onedoor/hub/notice"
)

// AUD-09: who is signed in reads which levels their account has reached, and nobody else's; who is not reads nothing.
func TestAUD09_NoticesAreForTheirPersonOnly(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	mine, _, err := w.sessions.Resume(t.Context(), secret(7))
	if err != nil {
		t.Fatal(err)
	}
	w.register.list = []federation.Provider{{ID: "bank", Names: hub.Text{"en": "Sabaidee Bank"}}}
	w.notices = []notice.Notice{
		{Account: mine.Account, Kind: notice.LevelRaised, Level: hub.Level{IAL: hub.IAL23, AAL: hub.AAL22}, Provider: "bank", At: time.Date(2026, 2, 3, 4, 0, 0, 0, time.UTC)},
		{Account: mine.Account, Kind: notice.AccountSuspended, Reason: "lost", FailedAt: time.Date(2026, 2, 3, 4, 0, 0, 0, time.UTC)},
		{Account: "somebodyelseaaaaaaaaaaaaaa", Kind: notice.LevelRaised, Level: hub.Level{IAL: hub.IAL3, AAL: hub.AAL3}, Provider: "bank"},
	}
	page := w.do(signedIn(get("/notices"))).Body.String()
	for _, want := range []string{"Sabaidee Bank", "IAL 2.3 · AAL 2.2", `datetime="2026-02-03"`, "Your account was suspended.", "lost or stolen", "could not reach you"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %s:\n%s", want, page)
		}
	}
	if strings.Contains(page, "AAL 3") || strings.Count(page, "Sabaidee Bank") != 1 {
		t.Error("somebody else's, or of another kind")
	}
	if page := w.do(get("/notices")).Body.String(); strings.Contains(page, "Sabaidee Bank") {
		t.Error("without a session")
	}
	w.broken = hub.E("test", hub.Unavailable, nil)
	if rec := w.do(signedIn(get("/notices"))); rec.Code != 503 {
		t.Errorf("what can't be known is %d", rec.Code)
	}
}
