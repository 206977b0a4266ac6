package pages

import (
	"context"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"onedoor/hub/login"
	"onedoor/web/visit"
	"onedoor/web/visit/visittest"
)

// Who must sign in again reads why, and has a way to sign out and start anew. The way works with the form of the page only; the session
// goes, the login stays.
func TestStepUp_PageSaysWhyAndLeadsOut(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := choosing()
	n.Show.StepUp = login.StepUpLevel
	w.login.next["show "+tx], w.login.next["anew"] = n, func() login.Next { n := choosing(); n.SignedOut = true; return n }()
	page := w.do(signedIn(get("/login/" + tx))).Body.String()
	if !strings.Contains(page, `action="/login/`+tx+`/anew"`) || strings.Contains(page, "<script") {
		t.Errorf("no way out:\n%s", page)
	}
	rec := w.do(signedIn(post("/login/"+tx+"/anew", "ignored", fields(t, page, "/login/"+tx+"/anew", false))))
	if rec.Code != 303 || rec.Header().Get("Location") != "/login/"+tx {
		t.Errorf("%d to %q", rec.Code, rec.Header().Get("Location"))
	}
	got := cookies(rec)
	if c := got[visit.SessionCookie]; c == nil || c.MaxAge >= 0 || c.Value != "" || !c.Secure || !c.HttpOnly {
		t.Errorf("SES-03: the session's cookie: %v", c)
	}
	if got[visit.BindingCookie] != nil {
		t.Error("the login's own cookie was touched")
	}
	calls := len(w.login.calls)
	if rec := w.do(signedIn(post("/login/"+tx+"/anew", "ignored", url.Values{"csrf": {"forged"}}))); rec.Code < 400 || len(w.login.calls) != calls {
		t.Errorf("a forged form: %d", rec.Code)
	}
	w.login.next["show "+tx] = choosing()
	if page := w.do(get("/login/" + tx)).Body.String(); strings.Contains(page, "/anew") {
		t.Error("a way out of nothing")
	}
}

// D2: nobody is told that the session is over before every node knows.
func TestStepUp_AnewWaitsForTheLease(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	o := visittest.Options(t, w.sessions)
	o.Lease = time.Hour
	w.open(t, o)
	n := choosing()
	n.SignedOut = true
	w.login.next["anew"] = n
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	rec := w.do(signedIn(post("/login/"+tx+"/anew", tx, url.Values{})).WithContext(ctx))
	if rec.Code != 503 || !slices.Contains(w.login.calls, "anew") {
		t.Errorf("answered %d before the lease was over", rec.Code)
	}
}
