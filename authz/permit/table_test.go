package permit_test

import (
	"strings"
	"sync"
	"testing"

	"onedoor/authz/permit"
	"onedoor/tenants/staff"
)

// table is what must hold, written by hand beside the policy and not out of it. Columns: administrator and auditor of the platform, then a
// department's administrator, reviewer, auditor and help desk. A: persons and programs, P: persons only. The last column is where: D at a
// department, P at the platform, E at either.
const table = `
account.read          A . . . . .  P
account.stop          P . . . . .  P
administrator.appoint P . P . . .  D
audit.read            A A A . A .  E
binding.approve       . . . P . .  D
binding.counter       . . . P . .  D
binding.end           . . P P . .  D
binding.read          . . A A A A  D
binding.review        . . . P . .  D
campaign.read         A A A . A A  E
campaign.retry        A . A . . A  E
complaint.answer      . . P . . P  D
complaint.read        A A A . A A  E
decision.read         A A A . A A  D
department.add        A . . . . .  P
department.put        A . A . . .  D
department.read       A A A A A A  D
department.stop       P . . . . .  D
entity.approve        P . . . . .  P
entity.read           A A . . . .  P
entity.stop           P . . . . .  P
grant.approve         . . . P . .  D
grant.read            . . A A A A  D
grant.revoke          . . P P . .  D
item.approve          . . P . . .  D
item.put              . . A . . .  D
item.read             A A A A A A  D
key.read              A A . . . .  P
key.rotate            P . . . . .  P
machine.grant         P . . . . .  P
machine.read          A A . . . .  P
platform.answer       P . . . . .  P
platform.appoint      P . . . . .  P
provider.put          P . . . . .  P
provider.read         A A . . . .  P
record.import         . . A . . .  D
record.put            . . A . . .  D
record.read           . . A A A .  D
session.end           A . . . . .  P
staff.appoint         . . P . . .  D
staff.read            A A A . A .  E
statistic.read        A A A A A .  E
system.launch         P . . . . .  D
system.propose        P . P . . .  D
system.put            A . A . . .  D
system.read           A A A A A A  D
system.rotate         A . A . . .  D
system.suspend        A . A . . .  D
system.test           A . A . . .  D
`

// reach says by hand which home counts at which place.
var reach = map[staff.Place][]staff.Place{
	{}:                          {{}, at("revenue", ""), at("revenue", "north"), at("revenue", "chiang-mai"), at("revenue", "south"), at("social", ""), at("social", "north")},
	at("revenue", ""):           {at("revenue", ""), at("revenue", "north"), at("revenue", "chiang-mai"), at("revenue", "south")},
	at("revenue", "north"):      {at("revenue", "north"), at("revenue", "chiang-mai")},
	at("revenue", "chiang-mai"): {at("revenue", "chiang-mai")},
	at("revenue", "south"):      {at("revenue", "south")},
	at("social", ""):            {at("social", ""), at("social", "north")},
	at("social", "north"):       {at("social", "north")},
	at("elsewhere", ""):         {},
	at("revenue", "gone"):       {},
	at("", "north"):             {},
}

// TestBND05_EveryRoleActAndPlace tries every role at every home with every act at every place, as a person and as a program (invariant 10).
func TestBND05_EveryRoleActAndPlace(t *testing.T) {
	t.Parallel()
	p, ctx := newPermits(t), t.Context()
	rows := strings.Split(strings.TrimSpace(table), "\n")
	if len(rows) != len(permit.Acts()) {
		t.Fatalf("the table has %d acts, there are %d", len(rows), len(permit.Acts()))
	}
	var all sync.WaitGroup
	defer all.Wait()
	for _, row := range rows {
		cells := strings.Fields(row)
		act := permit.Act(cells[0])
		all.Go(func() {
			for i, role := range staff.Roles() {
				for home := range reach {
					for place := range reach {
						there := cells[7] == "E" || (cells[7] == "P") == (place == staff.Place{})
						covers := role.Platform() == (home == staff.Place{}) && contains(reach[home], place)
						for _, machine := range []bool{false, true} {
							s := person(role, home)
							if machine {
								s = program(role, home)
							}
							want := there && covers && (cells[i+1] == "A" || cells[i+1] == "P" && !machine)
							d := p.May(ctx, s, act, place)
							if d.Allowed != want || d.Reason == "" || d.Allowed != (d.Reason == permit.Granted) || d.Allowed != (d.By != "") {
								t.Errorf("%s at %v: %s at %v, program %t: %+v, want %t", role, home, act, place, machine, d, want)
							}
						}
					}
				}
			}
		})
	}
}

func contains(all []staff.Place, p staff.Place) bool {
	for _, x := range all {
		if x == p {
			return true
		}
	}
	return false
}

// Where agrees with May: what lies in a place that it lists is allowed, everything else is not.
func TestBND05_WhereAgreesWithMay(t *testing.T) {
	t.Parallel()
	p, ctx := newPermits(t), t.Context()
	for _, role := range staff.Roles() {
		for home := range reach {
			for _, s := range []permit.Subject{person(role, home), program(role, home)} {
				for _, act := range permit.Acts() {
					listed := p.Where(ctx, s, act)
					for place := range reach {
						want := p.May(ctx, s, act, place).Allowed
						in := false
						for _, l := range listed {
							in = in || l.Covers(place, register{})
						}
						if want && !in {
							t.Errorf("%s at %v may %s at %v, which Where does not list: %v", role, home, act, place, listed)
						}
						if in && !want && place.Department != "" && place != at("elsewhere", "") && place != at("revenue", "gone") && p.May(ctx, person(staff.PlatformAdministrator, staff.Place{}), act, place).Reason != permit.NotThere {
							t.Errorf("%s at %v may not %s at %v, which Where lists: %v", role, home, act, place, listed)
						}
					}
				}
			}
		}
	}
}

// BenchmarkMay asks the longest way: a reviewer with a post for each of two areas, of which the second counts.
func BenchmarkMay(b *testing.B) {
	p, ctx := newPermits(b), b.Context()
	s := person(staff.Reviewer, at("revenue", "south"))
	s.Posts = append(s.Posts, staff.Post{ID: "second", Account: "a", Role: staff.Reviewer, Place: at("revenue", "north"), State: staff.Active})
	for _, c := range []struct {
		name  string
		act   permit.Act
		place staff.Place
		want  bool
	}{{"yes", permit.BindingReview, at("revenue", "chiang-mai"), true}, {"no", permit.SystemLaunch, at("revenue", ""), false}} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if p.May(ctx, s, c.act, c.place).Allowed != c.want {
					b.Fatal("wrong")
				}
			}
		})
	}
}
