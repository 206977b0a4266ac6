package portal

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"onedoor/federation"
	"onedoor/hub"
	"onedoor/hub/account"
	"onedoor/web/visit/visittest"
)

func linksWorld(t *testing.T, age time.Duration) *world {
	w := newWorld(t)
	w.here.Age, w.here.Level = age, visittest.Height
	w.providers = []federation.Provider{{ID: "bank", Names: hub.Text{"en": "Sabaidee Bank"}}, {ID: "thaid", Names: hub.Text{"en": "ThaID"}}}
	w.ways = []account.Link{
		{ID: "mine-by-bank", Provider: "bank", LinkedAt: at(2025, 1, 1), LastUsedAt: at(2025, 5, 1)},
		{ID: "mine-by-thaid", Provider: "thaid", LinkedAt: at(2025, 1, 2), LastUsedAt: at(2025, 1, 3), Source: "203.0.113.0/24"},
		{ID: "gone", Provider: "thaid", LinkedAt: at(2025, 1, 2), LastUsedAt: at(2025, 1, 3), RemovedAt: at(2025, 2, 1)},
	}
	return w
}

// AUD-07: the person sees by which providers their account opens. Only a fresh sign-in changes anything, and never the way by which they have
// just come; what is not theirs is not found.
func TestLinks_ChangeOnlyByAFreshSignInByAnotherOne(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		age          time.Duration
		about, path  string
		link         string
		status       int
		want         string
		signsInAgain bool
	}{
		"remove another":         {time.Minute, aboutLinks, "/remove", "mine-by-thaid", 303, "remove the-account mine-by-thaid web", false},
		"remove this one":        {time.Minute, aboutLinks, "/remove", "mine-by-bank", 409, "", false},
		"remove a removed one":   {time.Minute, aboutLinks, "/remove", "gone", 404, "", false},
		"remove somebody else's": {time.Minute, aboutLinks, "/remove", "theirs", 404, "", false},
		"long ago":               {time.Hour, aboutLinks, "/remove", "mine-by-thaid", 303, "", false},
		"another page's form":    {time.Minute, aboutLife, "/remove", "mine-by-thaid", 403, "", false},
		"allow":                  {time.Minute, aboutLinks, "/allow", "gone", 303, "allow the-account gone web", false},
		"allow, long ago":        {time.Hour, aboutLinks, "/allow", "gone", 303, "", false},
		"add":                    {time.Minute, aboutLinks, "/add", "", 303, "", true},
		"add, long ago":          {time.Hour, aboutLinks, "/add", "", 303, "", false},
	} {
		w := linksWorld(t, c.age)
		rec := w.send(linksPath+c.path, c.about, url.Values{"link": {c.link}})
		if rec.Code != c.status || c.want == "" && len(w.changes) != 0 || c.want != "" && !slices.Equal(w.changes, []string{c.want}) {
			t.Errorf("%s: %d, did %q", name, rec.Code, w.changes)
		}
		if c.signsInAgain != (len(w.journey.Requests) == 1) {
			t.Errorf("%s: %+v", name, w.journey.Requests)
			continue
		}
		if c.signsInAgain {
			if req := w.journey.Requests[0]; req.Account != visittest.Account || req.MaxAge == nil || *req.MaxAge != 0 || !req.Force || string(req.Continue) != linksPath {
				t.Errorf("%s: %+v", name, req)
			}
		}
	}
}

func TestLinks_ThePageSaysWhatIsPossible(t *testing.T) {
	t.Parallel()
	w := linksWorld(t, time.Minute)
	body := w.show(linksPath)
	for want, n := range map[string]int{
		"Sabaidee Bank": 1, `action="/me/providers/remove"`: 1, `action="/me/providers/allow"`: 1, `action="/me/providers/add"`: 1, "You are signed in with this one": 1,
		"203.0.113": 0, "1 January 2025": 1,
	} {
		if strings.Count(body, want) != n {
			t.Errorf("%q stands there %d times, want %d:\n%s", want, strings.Count(body, want), n, body)
		}
	}
	w.here.Age = time.Hour
	if body := w.show(linksPath); strings.Contains(body, "/me/providers/remove") || !strings.Contains(body, `action="/me/providers/sign-in"`) {
		t.Errorf("stale:\n%s", body)
	}
	w.ways = w.ways[:1]
	if body := w.show(linksPath); !strings.Contains(body, "your only way in") {
		t.Errorf("one:\n%s", body)
	}
	if body := w.show("/me"); !strings.Contains(body, "You have only one way to sign in") {
		t.Errorf("the first page:\n%s", body)
	}
	w.lifeErr, w.here.Age = hub.Errorf("x", hub.Conflict, "the last"), time.Minute
	w.ways = linksWorld(t, 0).ways
	if rec := w.send(linksPath+"/remove", aboutLinks, url.Values{"link": {"mine-by-thaid"}}); rec.Code != http.StatusConflict || !strings.Contains(rec.Body.String(), "That one stays") {
		t.Errorf("refused below: %d", rec.Code)
	}
}
