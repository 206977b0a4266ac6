package portal

import (
	"context"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"onedoor/hub"
	"onedoor/tenants/entity"
	"onedoor/web/view"
	"onedoor/web/visit/visittest"
)

// ids of seats, mandates and claims.
const (
	ownSeat     = "ownseataaaaaaaaaaaaaaaaaaa"
	otherSeat   = "otherseataaaaaaaaaaaaaaaaa"
	someMandate = "mandateaaaaaaaaaaaaaaaaaaa"
	someClaim   = "claimaaaaaaaaaaaaaaaaaaaaa"
)

// fakeEntities is a company with its administrator, who is signed in, and an operator; another one where they are an operator. What is done is noted.
type fakeEntities struct {
	fakeDelegating
	done []string
	err  error
	took entity.Application
	who  entity.Applicant
	role entity.Role // of the offer
}

func (f *fakeEntities) note(words ...string) error {
	f.done = append(f.done, strings.Join(words, " "))
	return f.err
}

func (f *fakeEntities) Register(_ context.Context, who entity.Applicant, a entity.Application) (entity.Outcome, error) {
	f.who, f.took = who, a
	if f.err != nil || a.Review {
		return entity.Outcome{Claim: someClaim}, f.err
	}
	return entity.Outcome{Entity: theirs}, nil
}

func (f *fakeEntities) Mine(context.Context, hub.AccountID) ([]entity.Membership, error) {
	seat := entity.Seat{ID: ownSeat, Entity: operated, Account: visittest.Account, Role: entity.Operator}
	return []entity.Membership{{Entity: entity.Entity{ID: operated, Names: hub.Text{"en": "Other Company"}}, Seat: seat, Mandates: []entity.Mandate{{
		ID: someMandate, Term: entity.Term{Department: "gone", Until: visittest.Now},
	}}}}, nil
}

func (*fakeEntities) Waiting(context.Context, hub.AccountID) ([]entity.Claim, error) {
	return []entity.Claim{{ID: someClaim, State: entity.Open, Names: hub.Text{"en": "Claimed Company"}, At: visittest.Now}}, nil
}

func (f *fakeEntities) Unclaim(_ context.Context, _ hub.AccountID, id string) error {
	return f.note("unclaim", id)
}

func (f *fakeEntities) Offer(_ context.Context, s hub.Secret) (entity.Invitation, entity.Entity, error) {
	if f.err != nil || s != visittest.Secret(5) {
		return entity.Invitation{}, entity.Entity{}, f.err
	}
	return entity.Invitation{Role: f.role, Terms: []entity.Term{{Department: "revenue"}}}, entity.Entity{ID: theirs, Names: hub.Text{"en": "Inviting Company"}}, nil
}

func (f *fakeEntities) Join(_ context.Context, s hub.Secret, account hub.AccountID, level hub.Level) (entity.Seat, error) {
	if s != visittest.Secret(5) {
		return entity.Seat{}, hub.Errorf("x", hub.NotFound, "none")
	}
	return entity.Seat{}, f.note("join", string(account), level.String())
}

func (f *fakeEntities) Remove(_ context.Context, _ hub.AccountID, seat, reason string) error {
	return f.note("remove", seat, reason)
}

func (f *fakeEntities) Show(ctx context.Context, by hub.AccountID, id hub.EntityID) (entity.Overview, error) {
	return f.overview(ctx, by, id)
}

func (f *fakeEntities) Invite(_ context.Context, _ hub.AccountID, id hub.EntityID, o entity.Order) (entity.Invitation, hub.Secret, error) {
	words := []string{"invite", string(id), string(o.Role), o.Label, string(o.Person.Hash)}
	for _, t := range o.Terms {
		words = append(words, string(t.Department), t.Until.Sub(t.From).String())
	}
	return entity.Invitation{ExpiresAt: visittest.Now}, visittest.Secret(6), f.note(words...)
}

func (f *fakeEntities) TakeBack(_ context.Context, _ hub.AccountID, id hub.EntityID, invitation string) error {
	return f.note("take back", string(id), invitation)
}

func (f *fakeEntities) Give(_ context.Context, _ hub.AccountID, seat string, t entity.Term) error {
	return f.note("give", seat, string(t.Department))
}

func (f *fakeEntities) Withdraw(_ context.Context, _ hub.AccountID, mandate, reason string) error {
	return f.note("withdraw", mandate, reason)
}

func newEntities(t *testing.T) (*world, *fakeEntities) {
	t.Helper()
	f := &fakeEntities{role: entity.Operator}
	w := &world{t: t, here: &visittest.Sessions{Secret: visittest.Mine(), Level: hub.Level{IAL: hub.IAL3, AAL: hub.AAL3}}, journey: &visittest.Journey{}}
	v := visittest.NewReception(t, visittest.Options(t, w.here))
	if err := v.Bind(w.journey); err != nil {
		t.Fatal(err)
	}
	o := w.options(v)
	o.Entities = &EntityRooms{
		Entities: f, Issuer: "https://login.example",
		Person: func(context.Context, hub.Secret) (hub.PersonNumber, hub.Attributes, error) {
			return hub.PersonNumber{Kind: "th.citizen", Value: "1"}, hub.Attributes{hub.Name: {Value: "Mali"}}, nil
		},
		Key: func(n hub.PersonNumber) entity.PersonKey {
			return entity.PersonKey{Kind: n.Kind, Hash: []byte("hash-of-" + n.Value)}
		},
		Departments: func(context.Context) []view.EntityDepartment {
			return []view.EntityDepartment{{ID: "revenue", Names: hub.Text{"en": "Revenue"}}, {ID: "social", Names: hub.Text{"en": "Social"}}}
		},
	}
	p, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	w.edge = visittest.Edge(t, v, p.Mounts())
	return w, f
}

func TestENT01_WhatWasTypedStaysWhereSomethingWasWrong(t *testing.T) {
	t.Parallel()
	w, f := newEntities(t)
	form := url.Values{"kind": {"vn.enterprise"}, "number": {"01-2345"}, "name": {`A "quoted" name`}, "statement": {"One\nTwo </textarea>"}, "review": {"yes"}}
	f.err = hub.Errorf("x", hub.Invalid, "no")
	rec := w.send(EntitiesPath+"/register", aboutEntities, form)
	page := rec.Body.String()
	for _, want := range []string{`value="vn.enterprise" selected`, `value="01-2345"`, `value="A &#34;quoted&#34; name"`, "One\nTwo &lt;/textarea&gt;</textarea>", `role="alert"`} {
		if rec.Code != http.StatusConflict || !strings.Contains(page, want) {
			t.Errorf("%d: the form lacks %q", rec.Code, want)
		}
	}
	if strings.Contains(page, "checked") {
		t.Error("PRV: somebody's word is ticked for them")
	}
	if f.took.Statement != "One\nTwo </textarea>" || !f.took.Review || f.who.Shown[hub.Name].Value != "Mali" || f.who.Level != w.here.Level || f.who.Account != visittest.Account {
		t.Errorf("passed on: %+v", f.took)
	}
	rec = w.send(company+"/invite", aboutEntities, url.Values{"role": {"operator"}, "label": {"Desk <2>"}, "department": {"social"}, "days": {"180"}, "person": {"1-2345"}})
	page = rec.Body.String()
	for _, want := range []string{`value="Desk &lt;2&gt;"`, `value="social" selected`, `value="180" selected`, `value="1-2345"`} {
		if rec.Code != http.StatusConflict || strings.Count(page, want) != 1 {
			t.Errorf("%d: %d of %q", rec.Code, strings.Count(page, want), want)
		}
	}
	rec = w.send(company+"/give", aboutEntities, url.Values{"seat": {"seat-payroll"}, "department": {"social"}, "days": {"90"}})
	if page = rec.Body.String(); strings.Count(page, `value="social" selected`) != 1 || strings.Index(page, `value="social" selected`) > strings.Index(page, `name="label"`) {
		t.Errorf("%d: the choice went to another form", rec.Code)
	}
}

// Every form of these pages: what it does, where it leads, and what it does for whoever is not who may.
func TestENT04_TheFormsOfLegalEntities(t *testing.T) {
	t.Parallel()
	others, idle := newEntities(t) // of those who may not
	for name, c := range map[string]struct {
		path   string
		fields url.Values
		err    error
		status int
		to     string
		done   string
	}{
		"register":      {EntitiesPath + "/register", url.Values{"kind": {"th.juristic"}, "number": {"1"}}, nil, 303, EntitiesPath + "?done=registered", ""},
		"claim":         {EntitiesPath + "/register", url.Values{"review": {"yes"}}, nil, 303, EntitiesPath + "?done=claimed", ""},
		"unclaim":       {EntitiesPath + "/unclaim", url.Values{"claim": {someClaim}}, nil, 303, EntitiesPath + "?done=done", "unclaim " + someClaim},
		"unclaim late":  {EntitiesPath + "/unclaim", url.Values{"claim": {someClaim}}, hub.Errorf("x", hub.Consumed, "late"), 409, "", "unclaim " + someClaim},
		"unclaim other": {EntitiesPath + "/unclaim", url.Values{"claim": {"x"}}, hub.Errorf("x", hub.NotFound, "none"), 404, "", "unclaim x"},
		"leave":         {EntitiesPath + "/leave", url.Values{"seat": {ownSeat}}, nil, 303, EntitiesPath + "?done=done", "remove " + ownSeat + " "},
		"leave other's": {EntitiesPath + "/leave", url.Values{"seat": {otherSeat}}, nil, 409, "", ""},
		"join":          {EntitiesPath + "/join", nil, nil, 404, "", ""},
		"decline":       {EntitiesPath + "/decline", nil, nil, 303, EntitiesPath, ""},
		"invite":        {company + "/invite", url.Values{"role": {"operator"}, "label": {"Desk"}, "department": {"revenue"}, "days": {"30"}, "person": {"1-2345-67890-12-1"}}, nil, 200, "", "invite " + theirs + " operator Desk hash-of-1234567890121 revenue 720h0m0s"},
		"hand over":     {company + "/invite", url.Values{"role": {"master"}}, nil, 200, "", "invite " + theirs + " master  "},
		"no such days":  {company + "/invite", url.Values{"role": {"operator"}, "department": {"revenue"}, "days": {"99999"}}, nil, 409, "", ""},
		"no number":     {company + "/invite", url.Values{"role": {"operator"}, "person": {"123"}}, nil, 409, "", ""},
		"take back":     {company + "/take-back", url.Values{"invitation": {"i"}}, nil, 303, company + "?done=done", "take back " + theirs + " i"},
		"give":          {company + "/give", url.Values{"seat": {"s"}, "department": {"revenue"}, "days": {"30"}}, nil, 303, company + "?done=done", "give s revenue"},
		"give nowhere":  {company + "/give", url.Values{"seat": {"s"}}, nil, 409, "", ""},
		"withdraw":      {company + "/withdraw", url.Values{"mandate": {someMandate}}, nil, 303, company + "?done=done", "withdraw " + someMandate + " " + entity.Removed},
		"remove":        {company + "/remove", url.Values{"seat": {"s"}}, nil, 303, company + "?done=done", "remove s " + entity.Removed},
		"refused":       {company + "/remove", url.Values{"seat": {"s"}}, hub.Errorf("x", hub.Denied, "inner words"), 409, "", "remove s " + entity.Removed},
		"not there":     {company + "/remove", url.Values{"seat": {"s"}}, hub.Errorf("x", hub.NotFound, "inner words"), 404, "", "remove s " + entity.Removed},
		"no id":         {EntitiesPath + "/x/remove", url.Values{"seat": {"s"}}, nil, 404, "", ""},
	} {
		w, f := newEntities(t)
		f.err = c.err
		rec := w.send(c.path, aboutEntities, maps.Clone(c.fields))
		if rec.Code != c.status || rec.Header().Get("Location") != c.to || strings.Join(f.done, ";") != c.done {
			t.Errorf("%s: %d to %q, done %q", name, rec.Code, rec.Header().Get("Location"), f.done)
		}
		if strings.Contains(rec.Body.String(), "inner words") {
			t.Errorf("%s: inner words are shown", name)
		}
		// Not ours, nobody, too old a sign-in, too weak a one.
		for what, try := range map[string]func(w *world) int{
			"another page's form": func(w *world) int { return w.send(c.path, "consents", maps.Clone(c.fields)).Code },
			"nobody": func(w *world) int {
				return w.do(visittest.Post(c.path, aboutEntities, maps.Clone(c.fields))).Code
			},
			"an old sign-in": func(w *world) int {
				w.here.Age = time.Hour
				return w.send(c.path, aboutEntities, maps.Clone(c.fields)).Code
			},
			"a weak sign-in": func(w *world) int {
				w.here.Level = hub.Level{IAL: hub.IAL11, AAL: hub.AAL3}
				return w.send(c.path, aboutEntities, maps.Clone(c.fields)).Code
			},
		} {
			others.here.Age, others.here.Level = 0, w.here.Level
			if code := try(others); len(idle.done) > 0 || idle.took.Kind != "" || code == http.StatusOK || what == "another page's form" && code == http.StatusSeeOther {
				t.Errorf("%s by %s: %d, %v", name, what, code, idle.done)
			}
		}
	}
}

// Invariant 10: who has nothing to do with an entity, or is an operator there, gets the same page as for one that is not there.
func TestInvariant10_TheEntitysPageIsItsAdministrators(t *testing.T) {
	t.Parallel()
	w, _ := newEntities(t)
	if page := w.show(company); !strings.Contains(page, "Example Company") || !strings.Contains(page, "Payroll") || strings.Contains(page, "payroll-account") {
		t.Error("the administrator's page")
	}
	var codes []int
	for _, id := range []string{operated, strings.Repeat("z", 26), "x", "..%2f"} {
		codes = append(codes, w.do(mine(visittest.Get(EntitiesPath+"/"+id))).Code)
	}
	if slices.ContainsFunc(codes, func(c int) bool { return c != http.StatusNotFound }) {
		t.Errorf("others: %v", codes)
	}
	w.here.Other = "somebody-else"
	if rec := w.do(mine(visittest.Get(company))); rec.Code != http.StatusNotFound {
		t.Errorf("a stranger: %d", rec.Code)
	}
	if rec := w.do(visittest.Get(company)); rec.Code != http.StatusSeeOther || rec.Header().Get("Location") != EntitiesPath {
		t.Errorf("nobody: %d", rec.Code)
	}
	page := w.show(EntitiesPath)
	for _, want := range []string{"Other Company", "Claimed Company", ownSeat, "/entities/unclaim"} {
		if !strings.Contains(page, want) {
			t.Errorf("the list has no %q", want)
		}
	}
}

// An invitation leaves the address at once, is shown with what it offers, and works for who has just proven who they are.
func TestENT04_AnInvitationIsTakenFromTheAddress(t *testing.T) {
	t.Parallel()
	w, f := newEntities(t)
	rec := w.do(visittest.Get("/act/" + visittest.Secret(5).Reveal()))
	cookie := visittest.Cookies(rec)[EntityCookie]
	if rec.Code != http.StatusSeeOther || rec.Header().Get("Location") != EntitiesPath || cookie == nil || !cookie.Secure || !cookie.HttpOnly || rec.Header().Get("Referrer-Policy") != "no-referrer" {
		t.Fatalf("%d %v", rec.Code, rec.Header())
	}
	if rec := w.do(visittest.Get("/act/x")); rec.Code != http.StatusNotFound {
		t.Errorf("no invitation: %d", rec.Code)
	}
	bring := func(r *http.Request) *http.Request { r.AddCookie(cookie); return r }
	if page := w.do(bring(visittest.Get(EntitiesPath))).Body.String(); !strings.Contains(page, "Inviting Company") || strings.Contains(page, "/entities/join") || strings.Contains(page, cookie.Value) {
		t.Error("before the sign-in")
	}
	f.role = entity.Master
	if page := w.do(bring(mine(visittest.Get(EntitiesPath)))).Body.String(); !strings.Contains(page, "/entities/join") || !strings.Contains(page, "take the place") {
		t.Error("after the sign-in")
	}
	rec = w.do(bring(mine(visittest.Post(EntitiesPath+"/join", aboutEntities, nil))))
	if gone := visittest.Cookies(rec)[EntityCookie]; rec.Code != http.StatusSeeOther || gone == nil || gone.MaxAge >= 0 || len(f.done) != 1 || !strings.HasPrefix(f.done[0], "join the-account ") {
		t.Errorf("joined: %d %v", rec.Code, f.done)
	}
	for kind, status := range map[hub.Kind]int{hub.Denied: 409, hub.Consumed: 409, hub.Conflict: 409, hub.Suspended: 409, hub.Internal: 500} {
		f.err = hub.Errorf("x", kind, "inner words")
		if rec := w.do(bring(mine(visittest.Post(EntitiesPath+"/join", aboutEntities, nil)))); rec.Code != status || strings.Contains(rec.Body.String(), "inner words") {
			t.Errorf("%s: %d", kind, rec.Code)
		}
	}
}
