package console

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"onedoor/hub"
	"onedoor/tenants/complaint"
	"onedoor/tenants/staff"
	"onedoor/web/visit/visittest"
)

const (
	toRevenue  = "2222-3333" // references of letters
	toPlatform = "4444-5555"
	longGone   = "6666-7777"
)

// letterBox has a letter to the revenue department, one to the platform, and one that is answered and erased. It asks for rights as the room does.
type letterBox struct{ *world }

func (b letterBox) all() []complaint.Full {
	letter := func(ref string, d hub.DepartmentID, text string) complaint.Full {
		return complaint.Full{Case: complaint.Case{ID: anEvent, Reference: ref, Account: somebody, Kind: complaint.Correction, Department: d, State: complaint.Open, At: visittest.Now.AddDate(0, 0, -40), DueAt: visittest.Now.AddDate(0, 0, -10)}, Text: text}
	}
	gone := letter(longGone, "revenue", "")
	gone.State, gone.Outcome = complaint.Answered, complaint.Partly
	return []complaint.Full{letter(toRevenue, "revenue", "My name is <b>wrong</b>"), letter(toPlatform, "", "I can't sign in at all"), gone}
}

func (b letterBox) Waiting(ctx context.Context, by staff.Actor, d hub.DepartmentID, after time.Time, _ string, _ int) (out []complaint.Case, err error) {
	if err := by.Require(ctx, complaint.ActRead, staff.Place{Department: d}); err != nil {
		return nil, err
	}
	for _, l := range b.all() {
		if l.Department == d && l.State == complaint.Open && l.At.After(after) {
			out = append(out, l.Case)
		}
	}
	return out, nil
}

func (b letterBox) Open(ctx context.Context, by staff.Actor, reference string) (complaint.Full, error) {
	for _, l := range b.all() {
		act := complaint.ActAnswer
		if l.Department == "" {
			act = complaint.ActPlatform
		}
		if (l.Reference == reference || reference == "letter") && by.Require(ctx, act, staff.Place{Department: l.Department}) == nil {
			return l, nil
		}
	}
	return complaint.Full{}, hub.Errorf("letterBox", hub.NotFound, "none")
}

func (b letterBox) Answer(ctx context.Context, by staff.Actor, reference string, outcome complaint.Outcome, text string) error {
	if _, err := b.Open(ctx, by, reference); err != nil {
		return err
	}
	if len(text) < 10 {
		return hub.Errorf("letterBox", hub.Invalid, "too short")
	}
	return b.note("answer " + reference + " " + string(outcome) + " " + text)
}

func (b letterBox) Figures(ctx context.Context, by staff.Actor, d hub.DepartmentID) (complaint.Figures, error) {
	return complaint.Figures{Department: d, Open: 12, Overdue: 3, Answered: 40, InTime: 37}, by.Require(ctx, complaint.ActRead, staff.Place{Department: d})
}

// PRV-14: the queue shows what waits and how it has gone, and nothing of what was written; whoever answers for it reads and answers it. The platform sees
// how a department does, and not its letters.
func TestPRV14_LettersAreAnsweredByThoseWhoAreMeant(t *testing.T) {
	t.Parallel()
	clerk := newWorld(t, time.Hour, strong, post(staff.HelpDesk, "revenue")) // signed in an hour ago: long letters take their time
	queue := clerk.get("/console/complaints/revenue").Body.String()
	for _, want := range []string{toRevenue, `href="/console/complaints/revenue/_/` + toRevenue, "Overdue", ">12<", ">37<"} {
		if !strings.Contains(queue, want) {
			t.Errorf("the queue lacks %q", want)
		}
	}
	if strings.Contains(queue, "wrong") || strings.Contains(queue, string(somebody)) || strings.Contains(queue, toPlatform) {
		t.Errorf("the queue tells too much:\n%s", queue)
	}
	letter := clerk.get("/console/complaints/revenue/_/" + toRevenue).Body.String()
	if !strings.Contains(letter, `<span class="said">My name is &lt;b&gt;wrong&lt;/b&gt;</span>`) || !strings.Contains(letter, "alias-revenue-"+string(somebody[:4])) || strings.Contains(letter, string(somebody)) || !strings.Contains(letter, "<textarea") {
		t.Errorf("the letter:\n%s", letter)
	}
	if gone := clerk.get("/console/complaints/revenue/_/" + longGone).Body.String(); !strings.Contains(gone, "The text was erased") || strings.Contains(gone, "<textarea") || !strings.Contains(gone, "in part") {
		t.Errorf("an old one:\n%s", gone)
	}
	send := func(w *world, page, ref, text string) (int, string) {
		rec := visittest.Do(w.edge, visittest.SignedIn(visittest.Post(page+"/_/answer", aboutConsole, url.Values{"letter": {ref}, "outcome": {"upheld"}, "text": {text}})))
		return rec.Code, rec.Body.String()
	}
	if code, body := send(clerk, letters+"/revenue", toRevenue, "too <i>"); code != http.StatusUnprocessableEntity || !strings.Contains(body, `>too &lt;i&gt;</textarea>`) || !strings.Contains(body, `value="upheld" selected`) {
		t.Errorf("a bad answer is not kept: %d\n%s", code, body)
	}
	long := strings.Repeat("แก้ไขแล้ว", 400)
	if code, _ := send(clerk, letters+"/revenue", toRevenue, long); code != http.StatusSeeOther || len(clerk.done) != 1 || clerk.done[0] != "answer "+toRevenue+" upheld "+long {
		t.Errorf("an answer: %d, %.100v", code, clerk.done)
	}
	platform := newWorld(t, time.Minute, strong, post(staff.PlatformAdministrator, ""))
	if own := platform.get("/console/complaints/_/" + toPlatform).Body.String(); !strings.Contains(own, "sign in at all") {
		t.Errorf("the platform's own letter:\n%s", own)
	}
	if theirs := platform.get("/console/complaints/revenue").Body.String(); !strings.Contains(theirs, toRevenue) || strings.Contains(theirs, "/_/"+toRevenue) {
		t.Errorf("the platform reads a department's letters:\n%s", theirs)
	}
	if all := platform.get("/console/complaints").Body.String(); !strings.Contains(all, `href="/console/complaints/social"`) {
		t.Error("no way to the departments' queues")
	}
	for page, ref := range map[string]string{letters + "/revenue": toRevenue, letters: toRevenue} {
		if code, _ := send(platform, page, ref, long); code == http.StatusOK || len(platform.done) != 0 {
			t.Errorf("the platform answers for a department: %d %v", code, platform.done)
		}
	}
	if rec := clerk.get("/console/complaints/revenue/_/" + toPlatform); rec.Code != http.StatusNotFound {
		t.Errorf("a department reads the platform's: %d", rec.Code)
	}
}
