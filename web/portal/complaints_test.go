package portal

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"onedoor/hub"
	"onedoor/tenants/complaint"
	"onedoor/web/locale"
	"onedoor/web/view"
	"onedoor/web/visit/visittest"
)

// postbox takes what is filed.
type postbox struct {
	filed     []complaint.Order
	mine      []complaint.Full
	withdrawn []string
	err       error
}

func (b *postbox) File(_ context.Context, account hub.AccountID, o complaint.Order) (complaint.Case, error) {
	if account != visittest.Account {
		return complaint.Case{}, hub.Errorf("x", hub.Internal, "somebody else")
	}
	b.filed = append(b.filed, o)
	return complaint.Case{Reference: "2222-3333"}, b.err
}

func (b *postbox) Mine(_ context.Context, account hub.AccountID) ([]complaint.Full, error) {
	if account != visittest.Account {
		return nil, nil
	}
	return b.mine, nil
}

func (b *postbox) Withdraw(_ context.Context, account hub.AccountID, reference string) error {
	b.withdrawn = append(b.withdrawn, string(account)+" "+reference)
	return b.err
}

func newPostbox(t *testing.T) (*world, *postbox) {
	t.Helper()
	w, b := newWorld(t), &postbox{}
	v := visittest.NewReception(t, visittest.Options(t, w.here))
	if err := v.Bind(w.journey); err != nil {
		t.Fatal(err)
	}
	o := w.options(v)
	o.Entrance = &Entrance{Complaints: b, Departments: func(context.Context) []view.EntityDepartment {
		return []view.EntityDepartment{{ID: "revenue", Names: hub.Text{"en": "Revenue Department"}}, {ID: "land", Names: hub.Text{"en": "Land Department"}}}
	}}
	p, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	w.edge = visittest.Edge(t, v, append(p.Mounts(), v.Mounts()...))
	return w, b
}

// PRV-14, PRV-19: a person writes to an authority or to the platform, keeps a reference, and loses nothing of what they wrote where something is missing.
func TestPRV14_APersonWrites(t *testing.T) {
	t.Parallel()
	w, b := newPostbox(t)
	long := strings.Repeat("ชื่อผิด ", 500) // 4000 letters, 36 KB in a form
	for to, want := range map[string]hub.DepartmentID{"revenue": "revenue", "platform": ""} {
		b.filed = nil
		rec := w.send(complaintsPath, aboutComplaints, url.Values{"to": {to}, "kind": {"correction"}, "text": {long}})
		if rec.Code != http.StatusSeeOther || rec.Header().Get("Location") != complaintsPath+"?filed=2222-3333" || len(b.filed) != 1 ||
			b.filed[0] != (complaint.Order{Kind: complaint.Correction, Department: want, Text: long, Channel: "web"}) {
			t.Errorf("%s: %d %s %d", to, rec.Code, rec.Header().Get("Location"), len(b.filed))
		}
	}
	b.filed = nil
	for _, to := range []string{"", "../x", "a b"} {
		rec := w.send(complaintsPath, aboutComplaints, url.Values{"to": {to}, "kind": {"complaint"}, "text": {"<i>nobody</i> to write to"}})
		body := rec.Body.String()
		if rec.Code != http.StatusUnprocessableEntity || len(b.filed) != 0 || !strings.Contains(body, "&lt;i&gt;nobody&lt;/i&gt; to write to</textarea>") || !strings.Contains(body, `value="complaint" required checked`) {
			t.Errorf("%q: %d, filed %d, or it is not kept:\n%s", to, rec.Code, len(b.filed), body)
		}
	}
	for kind, code := range map[hub.Kind]int{hub.Invalid: 422, hub.TooMany: 422, hub.Unavailable: 503} {
		b.err = hub.Errorf("x", kind, "no")
		if rec := w.send(complaintsPath, aboutComplaints, url.Values{"to": {"land"}, "kind": {"complaint"}, "text": {"something happened"}}); rec.Code != code || code == 422 && !strings.Contains(rec.Body.String(), `value="land" selected`) {
			t.Errorf("%s: %d", kind, rec.Code)
		}
	}
	if rec := w.send(complaintsPath, aboutConsents, url.Values{"to": {"land"}}); rec.Code != http.StatusForbidden {
		t.Errorf("the token of another form: %d", rec.Code)
	}
}

// The page shows each step, and says nothing about a reference that is not theirs.
func TestPRV14_EachStepIsSeen(t *testing.T) {
	t.Parallel()
	w, b := newPostbox(t)
	if body := w.show(complaintsPath + "?to=land&filed=2222-3333"); strings.Contains(body, "Your reference is") || !strings.Contains(body, `value="land" selected`) || !strings.Contains(body, "have not sent anything") {
		t.Errorf("nothing is filed:\n%s", body)
	}
	now := visittest.Now
	of := func(ref string, c complaint.Case) complaint.Full {
		c.Reference, c.Department, c.Kind, c.At, c.DueAt = ref, "revenue", complaint.Complaint, now, now.AddDate(0, 0, 30)
		return complaint.Full{Case: c, Text: "It was <b>late</b>", Answer: map[bool]string{true: "We are sorry."}[c.State == complaint.Answered]}
	}
	b.mine = []complaint.Full{
		of("2222-2222", complaint.Case{State: complaint.Open}), of("3333-3333", complaint.Case{State: complaint.Open, SeenAt: now}),
		of("4444-4444", complaint.Case{State: complaint.Answered, Outcome: complaint.Upheld, SeenAt: now, EndedAt: now}), of("5555-5555", complaint.Case{State: complaint.Withdrawn, EndedAt: now}),
	}
	body, words := w.show(complaintsPath+"?filed=2222-2222"), locale.For(locale.English)
	due := locale.English.Date(now.AddDate(0, 0, 30))
	for _, want := range []string{
		words.ComplaintFiled("2222-2222"), words.ComplaintWaits(due), words.ComplaintRead(due), words.ComplaintUpheld(), "We are sorry.", "It was &lt;b&gt;late&lt;/b&gt;", "Revenue Department",
	} {
		if !strings.Contains(body, want) {
			t.Errorf("%q is missing", want)
		}
	}
	if n := strings.Count(body, words.ComplaintTakeBack()); n != 2 {
		t.Errorf("%d can be taken back, where two are open", n)
	}
	if !strings.Contains(w.show("/me"), words.MeAnswered()) {
		t.Error("the first page does not say that there is an answer")
	}
	b.mine[2].EndedAt = now.Add(-31 * 24 * time.Hour)
	if strings.Contains(w.show("/me"), words.MeAnswered()) {
		t.Error("an old answer is news")
	}
	rec := w.send(complaintsPath+"/withdraw", aboutComplaints, url.Values{"reference": {"2222-2222"}})
	if rec.Code != http.StatusSeeOther || len(b.withdrawn) != 1 || b.withdrawn[0] != string(visittest.Account)+" 2222-2222" {
		t.Errorf("%d %v", rec.Code, b.withdrawn)
	}
	b.err = hub.Errorf("x", hub.Consumed, "answered")
	if rec := w.send(complaintsPath+"/withdraw", aboutComplaints, url.Values{"reference": {"4444-4444"}}); rec.Code != http.StatusConflict || !strings.Contains(rec.Body.String(), words.ComplaintGone()) {
		t.Errorf("what is answered: %d", rec.Code)
	}
}
