package console

import (
	"context"
	"net/url"
	"strings"
	"testing"
	"time"

	"onedoor/hub"
	"onedoor/tenants/entity"
	"onedoor/tenants/staff"
	"onedoor/web/visit/visittest"
)

// ids of things about legal entities in the world of these tests.
const (
	aCompany  = "ffffffffffffffffffffffffff"
	aClaim    = "gggggggggggggggggggggggggg"
	ownClaim  = "hhhhhhhhhhhhhhhhhhhhhhhhhh"
	aSuccess  = "iiiiiiiiiiiiiiiiiiiiiiiiii"
	theNumber = "0105536000313"
)

// entityDesk is the entities of the world.
type entityDesk struct{ *world }

func (entityDesk) company() entity.Entity {
	return entity.Entity{
		ID: aCompany, Number: entity.Number{Kind: "th.juristic", Value: theNumber}, Names: text("Siam Rice"), Status: entity.Active, Evidence: entity.ByRegistry, At: visittest.Now,
	}
}

func (d entityDesk) Claims(context.Context, hub.AccountID) ([]entity.Claim, error) {
	n := d.company().Number
	return []entity.Claim{
		{ID: aClaim, Account: somebody, Number: n, Names: text("My Rice"), Why: entity.NotConfirmed, State: entity.Open, At: visittest.Now, First: d.first},
		{ID: ownClaim, Account: visittest.Account, Number: n, Names: text("Own Rice"), Why: entity.Taken, State: entity.Open, At: visittest.Now},
	}, nil
}

func (d entityDesk) Case(ctx context.Context, by hub.AccountID, id string) (entity.Case, error) {
	all, _ := d.Claims(ctx, by)
	if id != aClaim {
		return entity.Case{}, hub.Errorf("entityDesk", hub.NotFound, "none")
	}
	return entity.Case{
		Claim: all[0], Proven: !d.shredded, Entity: d.company(), Master: entity.Seat{ID: aSuccess, Account: "the-master"},
		Proof: entity.Proof{
			Statement: "Minutes of 3 March\n<b>page 2</b>", Shown: map[hub.AttributeName]string{hub.GivenNameEN: "Mali"}, Level: entity.Least(), Asked: true, Live: true,
			Names: text("Siam Rice at the registry"),
		},
	}, nil
}

func (d entityDesk) Approve(_ context.Context, by hub.AccountID, id string) (hub.EntityID, error) {
	if d.first != "" {
		return aCompany, d.note("approve " + id + " " + string(by))
	}
	return "", d.note("approve " + id + " " + string(by))
}

func (d entityDesk) Reject(_ context.Context, _ hub.AccountID, id, reason string) error {
	return d.note("reject " + id + " " + reason)
}

func (d entityDesk) Find(_ context.Context, _ hub.AccountID, _, number string) (entity.Entity, error) {
	if number != theNumber {
		return entity.Entity{}, hub.Errorf("entityDesk", hub.NotFound, "none")
	}
	return d.company(), nil
}

func (d entityDesk) Look(_ context.Context, _ hub.AccountID, id hub.EntityID) (entity.Overview, error) {
	if id != aCompany {
		return entity.Overview{}, hub.Errorf("entityDesk", hub.NotFound, "none")
	}
	o := entity.Overview{Entity: d.company(), Members: []entity.Member{
		{Seat: entity.Seat{ID: "master-seat", Account: "the-master", Role: entity.Master}, Mandates: []entity.Mandate{{ID: "m"}}},
		{Seat: entity.Seat{ID: aSuccess, Account: "the-operator", Role: entity.Operator, Label: "Accounts"}, Mandates: []entity.Mandate{{ID: "n", Term: entity.Term{Department: "revenue"}}}},
	}}
	if d.first != "" {
		o.Wish = entity.Wish{Entity: aCompany, Successor: aSuccess, Reason: entity.Changed, By: d.first, At: visittest.Now}
	}
	return o, nil
}

func (d entityDesk) Suspend(_ context.Context, _ hub.AccountID, id hub.EntityID, reason string) error {
	return d.note("suspend " + string(id) + " " + reason)
}

func (d entityDesk) Resume(_ context.Context, _ hub.AccountID, id hub.EntityID) error {
	return d.note("resume " + string(id))
}

func (d entityDesk) Close(_ context.Context, _ hub.AccountID, id hub.EntityID, reason string) error {
	return d.note("close " + string(id) + " " + reason)
}

func (d entityDesk) Succeed(_ context.Context, _ hub.AccountID, id hub.EntityID, successor, reason string) (bool, error) {
	return true, d.note("succeed " + string(id) + " " + successor + " " + reason)
}

func (d entityDesk) Drop(_ context.Context, _ hub.AccountID, id hub.EntityID) error {
	return d.note("drop " + string(id))
}

// ENT-06: staff see what a person has shown beside the registry's answer, and no way to decide about their own request.
func TestENT06_AClaimIsComparedAndDecided(t *testing.T) {
	t.Parallel()
	chief := post(staff.PlatformAdministrator, "")
	w := newWorld(t, time.Minute, strong, chief)
	list := w.get(entitiesAt).Body.String()
	for _, want := range []string{"My Rice", "0-10-5-536-00031-3", "The registry does not name the person", `href="/console/entities/claims/` + aClaim + `"`, "Own Rice"} {
		if !strings.Contains(list, want) {
			t.Errorf("the list lacks %q", want)
		}
	}
	if strings.Contains(list, ownClaim) {
		t.Error("it leads to the clerk's own request")
	}
	one := entitiesAt + "/claims/" + aClaim
	body := w.get(one).Body.String()
	for _, want := range []string{"Siam Rice at the registry", "My Rice", "Mali", "Minutes of 3 March\n&lt;b&gt;page 2", "the-master", "IAL 2.3", one + `/_/approve`, one + `/_/reject`} {
		if !strings.Contains(body, want) {
			t.Errorf("the case lacks %q", want)
		}
	}
	w.shredded = true
	if body := w.get(one).Body.String(); strings.Contains(body, "Mali") || strings.Contains(body, "Minutes") || !strings.Contains(body, "too old") {
		t.Error("what is gone is shown")
	}
	if auditor := newWorld(t, time.Minute, strong, post(staff.PlatformAuditor, "")); strings.Contains(auditor.get(entitiesAt).Body.String(), "/claims/") {
		t.Error("who audits is led to what people have shown")
	}
	if rec := w.get(entitiesAt + "/claims/" + ownClaim); rec.Code != 404 {
		t.Errorf("another claim: %d", rec.Code)
	}
	w.first = visittest.Account
	if body := w.get(one).Body.String(); strings.Contains(body, "/_/approve") || !strings.Contains(body, "You have approved it") {
		t.Error("the first may be the second, too")
	}
}

func TestENT06_WhatStaffDoAboutEntities(t *testing.T) {
	t.Parallel()
	chief := post(staff.PlatformAdministrator, "")
	one, company := entitiesAt+"/claims/"+aClaim, entitiesAt+"/"+aCompany
	for name, c := range map[string]struct {
		who    staff.Post
		age    time.Duration
		first  hub.AccountID
		path   string
		fields url.Values
		status int
		to     string
		done   string
	}{
		"approve first":        {chief, 0, "", one + "/_/approve", nil, 303, entitiesAt + "?done=1", "approve " + aClaim + " " + string(visittest.Account)},
		"approve second":       {chief, 0, somebody, one + "/_/approve", nil, 303, company + "?done=1", "approve " + aClaim + " " + string(visittest.Account)},
		"approve stale":        {chief, time.Hour, "", one + "/_/approve", nil, 303, one + "?stale=1", ""},
		"approve by an audit":  {post(staff.PlatformAuditor, ""), 0, "", one + "/_/approve", nil, 404, "", ""},
		"approve by a clerk":   {post(staff.Reviewer, "revenue"), 0, "", one + "/_/approve", nil, 404, "", ""},
		"refuse":               {chief, 0, "", one + "/_/reject", url.Values{"reason": {"duplicate"}}, 303, entitiesAt + "?done=1", "reject " + aClaim + " duplicate"},
		"find":                 {post(staff.PlatformAuditor, ""), 0, "", entitiesAt + "/_/find", url.Values{"kind": {"th.juristic"}, "number": {theNumber}}, 303, company, ""},
		"find nothing":         {chief, 0, "", entitiesAt + "/_/find", url.Values{"kind": {"th.juristic"}, "number": {"1"}}, 303, entitiesAt + "?wrong=not_found", ""},
		"suspend":              {chief, 0, "", company + "/_/suspend", url.Values{"reason": {"dispute"}}, 303, company + "?done=1", "suspend " + aCompany + " dispute"},
		"suspend by an audit":  {post(staff.PlatformAuditor, ""), 0, "", company + "/_/suspend", url.Values{"reason": {"dispute"}}, 404, "", ""},
		"resume":               {chief, 0, "", company + "/_/resume", nil, 303, company + "?done=1", "resume " + aCompany},
		"close":                {chief, 0, "", company + "/_/close", url.Values{"reason": {"dissolved"}}, 303, company + "?done=1", "close " + aCompany + " dissolved"},
		"succeed":              {chief, 0, "", company + "/_/succeed", url.Values{"successor": {aSuccess}, "reason": {"changed"}}, 303, company + "?done=1", "succeed " + aCompany + " " + aSuccess + " changed"},
		"succeed by a manager": {post(staff.DepartmentAdministrator, "revenue"), 0, "", company + "/_/succeed", url.Values{"reason": {"changed"}}, 404, "", ""},
		"drop":                 {chief, 0, "", company + "/_/drop", nil, 303, company + "?done=1", "drop " + aCompany},
	} {
		w := newWorld(t, c.age, strong, c.who)
		w.first = c.first
		rec := visittest.Do(w.edge, visittest.SignedIn(visittest.Post(c.path, aboutConsole, c.fields)))
		if rec.Code != c.status || rec.Header().Get("Location") != c.to || strings.Join(w.done, ";") != c.done {
			t.Errorf("%s: %d to %q, done %q", name, rec.Code, rec.Header().Get("Location"), w.done)
		}
	}
}

// ENT-01: the wish of one member of staff is another's to agree to or drop, not their own to agree to.
func TestENT01_ASuccessionWaitsForASecondPerson(t *testing.T) {
	t.Parallel()
	w := newWorld(t, time.Minute, strong, post(staff.PlatformAdministrator, ""))
	company := entitiesAt + "/" + aCompany
	body := w.get(company).Body.String()
	for _, want := range []string{"Siam Rice", "the-operator", "Accounts", "Everywhere", company + "/_/succeed", company + "/_/suspend"} {
		if !strings.Contains(body, want) {
			t.Errorf("the entity lacks %q", want)
		}
	}
	for by, agrees := range map[hub.AccountID]bool{somebody: true, visittest.Account: false} {
		w.first = by
		if body := w.get(company).Body.String(); strings.Contains(body, "/_/succeed") != agrees || !strings.Contains(body, "/_/drop") {
			t.Errorf("wished by %s: may agree %v", by, !agrees)
		}
	}
	if body := newWorld(t, time.Minute, strong, post(staff.PlatformAuditor, "")).get(company).Body.String(); strings.Contains(body, "/_/") && strings.Contains(body, company+"/_/") {
		t.Error("who audits may do something")
	}
}
