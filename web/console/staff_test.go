package console

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"onedoor/hub"
	"onedoor/tenants/staff"
	"onedoor/web/visit/visittest"
)

// fakeStaff has one invitation, and notes who joins.
type fakeStaff struct {
	secret hub.Secret
	joined []hub.Level
	err    error
}

func (f *fakeStaff) Offer(_ context.Context, s hub.Secret) (staff.Invitation, error) {
	if s != f.secret {
		return staff.Invitation{}, hub.Errorf("x", hub.NotFound, "none")
	}
	return staff.Invitation{Role: staff.Reviewer}, nil
}

func (f *fakeStaff) Join(_ context.Context, _ hub.Secret, account hub.AccountID, level hub.Level) (staff.Post, error) {
	if account != visittest.Account {
		return staff.Post{}, errors.New("somebody else")
	}
	f.joined = append(f.joined, level)
	return staff.Post{}, f.err
}

func (f *fakeStaff) Held(context.Context, hub.AccountID) ([]staff.Post, error) { return nil, nil }

// A post is taken freshly signed in and by two factors, with a form of ours, by who brings the invitation; everybody else changes nothing.
func TestStaff_JoinNeedsAFreshStrongSignIn(t *testing.T) {
	t.Parallel()
	strong := hub.Level{IAL: hub.IAL23, AAL: hub.AAL22}
	for name, c := range map[string]struct {
		age        time.Duration
		level      hub.Level
		about      string
		invitation hub.Secret
		err        error
		status     int
		to         string
		joins      int
	}{
		"all in order":         {time.Minute, strong, aboutStaff, visittest.Secret(5), nil, 303, "/staff?done=joined", 1},
		"too long ago":         {time.Hour, strong, aboutStaff, visittest.Secret(5), nil, 303, "/staff", 0},
		"one factor":           {time.Minute, hub.Level{IAL: hub.IAL23, AAL: hub.AAL1}, aboutStaff, visittest.Secret(5), nil, 303, "/staff", 0},
		"identity not checked": {time.Minute, hub.Level{IAL: hub.IAL11, AAL: hub.AAL22}, aboutStaff, visittest.Secret(5), nil, 303, "/staff", 0},
		"another form":         {time.Minute, strong, "contacts", visittest.Secret(5), nil, 403, "", 0},
		"no invitation":        {time.Minute, strong, aboutStaff, hub.Secret{}, nil, 404, "", 0},
		"refused":              {time.Minute, strong, aboutStaff, visittest.Secret(5), hub.Errorf("x", hub.Denied, "no"), 409, "", 1},
	} {
		f := &fakeStaff{secret: visittest.Secret(5), err: c.err}
		v := visittest.NewReception(t, visittest.Options(t, &visittest.Sessions{Secret: visittest.Mine(), Age: c.age, Level: c.level}))
		desk, err := New(Options{Visit: v, Staff: f, Places: func(context.Context, staff.Place) (hub.Text, hub.Text) { return hub.Text{"en": "Revenue"}, nil }, Cases: &fakeCases{}, Decisions: &fakeCases{}, Ties: &fakeTies{}, Ends: &fakeTies{}, Alias: aliased, Counter: &fakeCases{}, Clock: visittest.Clock, Phone: "https://login.example/me/counter"})
		if err != nil {
			t.Fatal(err)
		}
		edge := visittest.Edge(t, v, desk.Mounts())
		r := visittest.SignedIn(visittest.Post("/staff/join", c.about, url.Values{}))
		if !c.invitation.IsZero() {
			r.AddCookie(&http.Cookie{Name: InvitationCookie, Value: c.invitation.Reveal()})
		}
		rec := visittest.Do(edge, r)
		if rec.Code != c.status || rec.Header().Get("Location") != c.to || len(f.joined) != c.joins {
			t.Errorf("%s: %d to %q, joined %v", name, rec.Code, rec.Header().Get("Location"), f.joined)
		}
	}
}

// An invitation leaves the address at once, and the page shows what it offers.
func TestStaff_InvitationLeavesTheAddress(t *testing.T) {
	t.Parallel()
	f := &fakeStaff{secret: visittest.Secret(5)}
	v := visittest.NewReception(t, visittest.Options(t, &visittest.Sessions{Secret: visittest.Mine()}))
	desk, err := New(Options{Visit: v, Staff: f, Places: func(context.Context, staff.Place) (hub.Text, hub.Text) { return hub.Text{"en": "Revenue"}, nil }, Cases: &fakeCases{}, Decisions: &fakeCases{}, Ties: &fakeTies{}, Ends: &fakeTies{}, Alias: aliased, Counter: &fakeCases{}, Clock: visittest.Clock, Phone: "https://login.example/me/counter"})
	if err != nil {
		t.Fatal(err)
	}
	edge := visittest.Edge(t, v, desk.Mounts())
	rec := visittest.Do(edge, visittest.Get("/join/"+visittest.Secret(5).Reveal()))
	if rec.Code != 303 || rec.Header().Get("Location") != "/staff" || rec.Header().Get("Referrer-Policy") != "no-referrer" {
		t.Errorf("%d %v", rec.Code, rec.Header())
	}
	r := visittest.Get("/staff")
	r.AddCookie(visittest.Cookies(rec)[InvitationCookie])
	if body := visittest.Do(edge, r).Body.String(); !strings.Contains(body, "Reviewer") || !strings.Contains(body, "Revenue") {
		t.Errorf("the offer is not shown:\n%s", body)
	}
	if rec := visittest.Do(edge, visittest.Get("/join/x")); rec.Code != 404 {
		t.Errorf("no invitation: %d", rec.Code)
	}
	for _, m := range desk.Mounts() {
		if m.Rate.Name == "" {
			t.Errorf("SES-22: %s is not paced", m.Path)
		}
	}
}

func TestNew_RefusesWhatIsMissing(t *testing.T) {
	t.Parallel()
	if _, err := New(Options{}); !errors.Is(err, hub.Invalid) {
		t.Errorf("%v", err)
	}
}
