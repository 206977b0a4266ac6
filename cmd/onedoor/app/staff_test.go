package app

import (
	"strings"
	"testing"

	"onedoor/hub"
	"onedoor/tenants/staff"
)

// BND-05 in a real browser: the first administrator of the platform comes by an invitation from the command line. The address works once, for
// somebody who has proven who they are with two factors of their own, and stands in no history of visits afterwards.
func TestBND05_TheFirstAdministratorComesByInvitation(t *testing.T) {
	t.Parallel()
	d, log := startDemo(t, true)
	out := &record{}
	p := d.options.Process
	p.Env, p.Out = d.env, out
	invite := func() string {
		t.Helper()
		before := len(out.String())
		if err := InviteStaff(t.Context(), d.config, p, StaffOrder{Role: string(staff.PlatformAdministrator)}); err != nil {
			t.Fatal(err)
		}
		return strings.TrimSpace(out.String()[before:])
	}
	address := invite()
	if !strings.HasPrefix(address, d.URL(hubHost)+"/join/") {
		t.Fatal(address)
	}
	b := newBrowser(t)
	b.open(address)
	b.at(d.URL(hubHost))
	b.shoot("staff-invited")
	if text := b.text(); !strings.Contains(text, "Administrator of the platform") {
		t.Errorf("the page does not say what is offered:\n%s", text)
	}
	// ThaID reaches AAL 2.1 and the bank IAL 2.1: only NDID has an identity checked against the register and two factors of the person's own.
	b.press(`form[action="/staff/sign-in"] button`, `button[name=provider]`)
	if text := b.text(); strings.Contains(text, "ThaID") {
		t.Errorf("a provider below what staff must prove is offered:\n%s", text)
	}
	b.press(`button[name=provider][value=ndid]`, `form[action$="/input"] button`)
	b.pick(`input[type=radio]`)
	b.fill(`input[inputmode=numeric]`, person(t, "mali").CitizenID)
	b.press(`form[action$="/input"] button`, `.verify .code`)
	acceptOnPhone(t, d, "mali", b.read(`.verify .code`))
	run(b, "wait for the offer", waitFor(`form[action="/staff/join"]`))
	b.shoot("staff-accept")
	b.press(`form[action="/staff/join"] button`, `.note`)
	b.shoot("staff-joined")
	if text := b.text(); !strings.Contains(text, "Administrator of the platform") || strings.Contains(text, "You are invited") {
		t.Errorf("after joining:\n%s", text)
	}
	b.open(address)
	if text := b.text(); !strings.Contains(text, "can no longer be used") {
		t.Errorf("a second time:\n%s", text)
	}

	before := len(out.String())
	if err := ListStaff(t.Context(), d.config, p, ""); err != nil {
		t.Fatal(err)
	}
	line := strings.Fields(out.String()[before:])
	if len(line) < 4 || line[2] != string(staff.PlatformAdministrator) || line[3] != string(staff.Active) {
		t.Fatalf("listed as %v", line)
	}
	if err := RemoveStaff(t.Context(), d.config, p, line[0], staff.Left); hub.KindOf(err) != hub.Refused {
		t.Errorf("the last administrator is removed: %v", err)
	}
	if strings.Contains(log.String(), strings.TrimPrefix(address, d.URL(hubHost)+"/join/")) {
		t.Error("invariant 2: the log holds the invitation")
	}
	if err := InviteStaff(t.Context(), d.config, p, StaffOrder{Role: string(staff.Reviewer), Department: "moon"}); hub.KindOf(err) != hub.Invalid {
		t.Errorf("a department that is not there: %v", err)
	}
}
