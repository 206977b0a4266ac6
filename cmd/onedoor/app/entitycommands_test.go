package app

import (
	"slices"
	"strings"
	"testing"

	"onedoor/federation/simulator/registry"
	"onedoor/hub"
	"onedoor/hub/login"
	"onedoor/tenants/entity"
)

// ENT-06, OPS-03: at the command line a request is decided that no registry confirms, and an administrator who can't hand over loses the place to an
// operator. When the command has answered, no node takes what it ended for active.
func TestENT06_DecidedAtTheCommandLine(t *testing.T) {
	t.Parallel()
	d, hubs, _ := startNodes(t, 2, "")
	b, mali, tharn := newBureau(t, d, hubs), newWalker(t, d), newWalker(t, d)
	f := newFirm(t, b, mali, tharn)
	out := &record{}
	process := d.options.Process
	process.Env, process.Out = d.env, out
	command := func(verb EntityVerb, id, reason, successor string) (string, error) {
		before := len(out.String())
		err := DecideEntity(t.Context(), d.config, process, verb, EntityOrder{ID: id, Reason: reason, Successor: successor})
		return out.String()[before:], err
	}
	asMaster := f.redeemed(0, f.choose(mali, f.ask(mali, login.PartyChoose), string(f.id)))["access_token"].(string)
	said, err := command(EntityShow, string(f.id), "", "")
	if err != nil || !strings.Contains(said, f.company.Names["en"]) || !strings.Contains(said, string(f.operator)) {
		t.Fatalf("%v\n%s", err, said)
	}
	mine, err := hubs[0].entities.Mine(t.Context(), f.operator)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := command(EntitySucceed, string(f.id), entity.Changed, mine[0].Seat.ID); err != nil {
		t.Fatal(err)
	}
	for i := range 2 * len(hubs) {
		if b.about(i, "revenue-efiling", asMaster)["active"] != false {
			t.Errorf("RAZ-08: node %d takes the token of the former administrator for active", i)
		}
	}
	if heads, err := hubs[1].entities.Heads(t.Context(), f.operator); err != nil || !slices.Contains(heads, f.id) {
		t.Errorf("%v %v", heads, err)
	}

	other := registry.Companies()[1]
	claim, err := hubs[0].entities.Register(t.Context(), entity.Applicant{
		Account: f.master, Level: entity.Least(), Person: hub.PersonNumber{Kind: "th.citizen", Value: person(t, "mali").CitizenID},
	}, entity.Application{Kind: other.Type, Number: other.Number, Names: hub.Text{"en": "Northern Bread"}, Review: true, Statement: "my secret reasons"})
	if err != nil || claim.Claim == "" {
		t.Fatalf("%+v %v", claim, err)
	}
	if err := ListClaims(t.Context(), d.config, process); err != nil || !strings.Contains(out.String(), claim.Claim) || strings.Contains(out.String(), "secret reasons") {
		t.Errorf("%v\n%s", err, out.String())
	}
	if _, err := command(EntityApprove, claim.Claim, "", ""); err != nil {
		t.Error(err)
	}
	if _, err := command(EntityRefuse, claim.Claim, "duplicate", ""); hub.KindOf(err) != hub.Consumed {
		t.Errorf("decided twice: %v", err)
	}
	before := len(out.String())
	if err := ListEntities(t.Context(), d.config, process); err != nil || strings.Count(out.String()[before:], "active") != 2 {
		t.Errorf("%v\n%s", err, out.String()[before:])
	}
	for _, c := range []struct {
		verb   EntityVerb
		reason string
		want   string
	}{{EntitySuspend, entity.Dispute, "suspended"}, {EntityResume, "", "active"}, {EntityClose, entity.Dissolved, "closed"}} {
		if _, err := command(c.verb, string(f.id), c.reason, ""); err != nil {
			t.Error(c.verb, err)
		}
		if e, err := hubs[0].entities.Entity(t.Context(), f.id); err != nil || string(e.Status) != c.want {
			t.Errorf("%s: %s %v", c.verb, e.Status, err)
		}
	}
	var events int
	row := hubs[0].db.Read(t.Context()).Raw("SELECT COUNT(*) FROM audit_events WHERE kind IN ('entity.shown', 'entity.successor_named', 'entity.approved', 'entity.suspended', 'entity.closed')").Row()
	if err := row.Scan(&events); err != nil || events != 5 {
		t.Errorf("OPS-03: %d events, %v", events, err)
	}
}
