package tenantsql_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"onedoor/authz/casbinrules"
	"onedoor/authz/permit"
	"onedoor/configs"
	"onedoor/hub"
	"onedoor/hub/audit"
	"onedoor/hub/hubtest"
	"onedoor/hub/hubtest/sqltest"
	"onedoor/hub/sqldb"
	"onedoor/tenants"
	"onedoor/tenants/register"
	"onedoor/tenants/staff"
	"onedoor/tenants/tenantsql"
)

// authority is a register that is changed while the hub runs.
type authority struct {
	t         *testing.T
	clock     *hubtest.Clock
	store     *tenantsql.Store
	directory *tenants.Directory
	permits   *permit.Permits
	*register.Service
	mu     sync.Mutex
	events []audit.Event
	closed []hub.SystemID
}

func (a *authority) Record(_ context.Context, events ...audit.Event) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.events = append(a.events, events...)
	return nil
}

func (a *authority) Closed(_ context.Context, systems []hub.SystemID, _ time.Time) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.closed = append(a.closed, systems...)
	return nil
}

func (a *authority) last() audit.Event {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.events[len(a.events)-1]
}

func newAuthority(t *testing.T, db *sqldb.DB, fourEyes bool) *authority {
	t.Helper()
	a := &authority{t: t, store: open(t, db), clock: hubtest.NewClock()}
	var err error
	if a.directory, err = tenants.NewDirectory(a.store); err != nil {
		t.Fatal(err)
	}
	rules, err := casbinrules.NewStaff(casbinrules.StaffOptions{Model: configs.StaffModel, Policy: configs.StaffPolicy, Areas: a.directory})
	if err != nil {
		t.Fatal(err)
	}
	if a.permits, err = permit.New(rules, a.directory); err != nil {
		t.Fatal(err)
	}
	a.Service, err = register.New(register.Options{
		Entries: a.store, Lives: a.store, Ends: a, Audit: a, Tx: db, Clock: a.clock.Now, Random: hub.Randomness(), FourEyes: fourEyes,
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.PutDepartment(t.Context(), staff.AtMachine(), revenue(), 0); err != nil {
		t.Fatal(err)
	}
	if _, err := a.PutDepartment(t.Context(), staff.AtMachine(), social(), 0); err != nil {
		t.Fatal(err)
	}
	a.refresh()
	return a
}

func (a *authority) refresh() {
	a.t.Helper()
	if err := a.directory.Refresh(a.t.Context()); err != nil {
		a.t.Fatal(err)
	}
}

// as gives somebody with one post.
func (a *authority) as(account hub.AccountID, role staff.Role, department hub.DepartmentID, area tenants.AreaID) staff.Actor {
	return a.permits.As(permit.Subject{Account: account, Level: staff.Least(), Posts: []staff.Post{{
		ID: "p", Account: account, Role: role, Place: staff.Place{Department: department, Area: area}, State: staff.Active,
	}}})
}

// program gives a system with one right.
func (a *authority) program(role staff.Role, department hub.DepartmentID) staff.Actor {
	return a.permits.As(permit.Subject{System: "robot", Rights: []staff.Right{{ID: "r", System: "robot", Role: role, Place: staff.Place{Department: department}}}})
}

func (a *authority) want(what string, err error, kind hub.Kind) {
	a.t.Helper()
	if !errors.Is(err, kind) {
		a.t.Errorf("%s: %v, want %s", what, err, kind)
	}
}

func four(s string) hub.Text {
	t := hub.Text{}
	for _, l := range hub.Languages() {
		t[l] = s
	}
	return t
}

func revenue() tenants.Department {
	return tenants.Department{
		ID: "revenue", Names: four("Revenue"), Complaint: "https://revenue.example/c", Contacts: []tenants.Contact{{For: "technical", URI: "mailto:it@revenue.example"}},
		Areas: []tenants.Area{{ID: "north", Names: four("North")}, {ID: "south", Names: four("South")}},
	}
}

func social() tenants.Department {
	return tenants.Department{ID: "social", Names: four("Social"), Complaint: "tel:+6612345"}
}

// filing is a system as somebody would put it: without a status and without secrets.
func filing() tenants.System {
	return tenants.System{
		ID: "filing", Department: "revenue", Area: "north", Names: four("Filing"), Group: tenants.Transaction, Least: hub.Level{IAL: hub.IAL21, AAL: hub.AAL21},
		OIDC: &tenants.OIDC{RedirectURIs: []string{"https://filing.example/cb"}, Scopes: []string{"openid"}},
	}
}

// EXC-06, EXC-07, LOA-09: a system goes from draft to live by its steps only, with its record complete, tested, and by the right persons.
func TestEXC06_TheLifeOfASystem(t *testing.T) {
	t.Parallel()
	sqltest.Each(t, func(t *testing.T, db *sqldb.DB) {
		a, ctx := newAuthority(t, db, true), t.Context()
		platform, chief := a.as("platform", staff.PlatformAdministrator, "", ""), a.as("chief", staff.DepartmentAdministrator, "revenue", "")
		southern, other := a.as("southern", staff.DepartmentAdministrator, "revenue", "south"), a.as("other", staff.DepartmentAdministrator, "social", "")
		for name, by := range map[string]staff.Actor{
			"another area": southern, "another department": other, "a reviewer": a.as("r", staff.Reviewer, "revenue", ""), "an auditor": a.as("u", staff.PlatformAuditor, "", ""),
			"nobody": {Account: "x"},
		} {
			_, err := a.PutSystem(ctx, by, filing(), 0)
			a.want(name, err, hub.Denied)
		}
		live := filing()
		live.Status = tenants.Live
		x, err := a.PutSystem(ctx, chief, live, 0)
		if err != nil || x.Status != tenants.Draft || x.Version != 1 || x.Origin != register.ByAPI {
			t.Fatalf("%+v %v", x, err)
		}
		if e := a.last(); e.Kind != "system.changed" || e.Detail["by"] != "chief" || e.System != "filing" {
			t.Errorf("%+v", e)
		}
		_, err = a.PutSystem(ctx, chief, filing(), 0)
		a.want("added twice", err, hub.Conflict)
		move := func(by staff.Actor, to tenants.SystemStatus) error {
			x, err = a.Move(ctx, by, "filing", to, register.Planned, 0)
			return err
		}
		a.want("to live from draft", move(platform, tenants.Live), hub.Conflict)
		a.want("in test without a secret", move(chief, tenants.Testing), hub.Invalid)
		if _, secret, err := a.Rotate(ctx, chief, "filing", register.OIDC, 0); err != nil || len(secret) != 64 {
			t.Fatal(secret, err)
		}
		a.want("by another department", move(other, tenants.Testing), hub.Denied)
		a.want("by a program without a right", func() error {
			_, err := a.Move(ctx, a.program(staff.HelpDesk, "revenue"), "filing", tenants.Testing, register.Planned, 0)
			return err
		}(), hub.Denied)
		if err := move(chief, tenants.Testing); err != nil || x.Status != tenants.Testing {
			t.Fatal(err)
		}
		_, err = a.Propose(ctx, chief, "filing", 3, "report-1")
		a.want("without a risk note and a review (LOA-09)", err, hub.Invalid)
		if f := new(register.Faulty); !errors.As(err, &f) || !slices.ContainsFunc(f.Faults, func(x tenants.Fault) bool { return x.Rule == "LOA-09" }) {
			t.Errorf("%v", err)
		}
		complete := filing()
		complete.Risk, complete.ReviewBy = "moderate", time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)
		if x, err = a.PutSystem(ctx, chief, complete, 3); err != nil || len(x.OIDC.Secrets) != 1 {
			t.Fatal(x, err)
		}
		_, err = a.PutSystem(ctx, chief, complete, 3)
		a.want("over what was not seen", err, hub.Conflict)
		a.want("not proposed", move(platform, tenants.Live), hub.Refused)
		_, err = a.Propose(ctx, chief, "filing", 3, "report-1")
		a.want("of an old version", err, hub.Conflict)
		_, err = a.Propose(ctx, chief, "filing", 4, "a person's name")
		a.want("tested by what", err, hub.Invalid)
		if _, err := a.Propose(ctx, chief, "filing", 4, "report-1"); err != nil {
			t.Fatal(err)
		}
		if x, err = a.PutSystem(ctx, chief, complete, 4); err != nil {
			t.Fatal(err)
		}
		a.want("changed after it was proposed", move(platform, tenants.Live), hub.Refused)
		if _, err := a.Propose(ctx, platform, "filing", 5, "report-1"); err != nil {
			t.Fatal(err)
		}
		a.want("four eyes", move(platform, tenants.Live), hub.Denied)
		a.want("by the department itself", move(chief, tenants.Live), hub.Denied)
		a.want("by a program", func() error {
			_, err := a.Move(ctx, a.program(staff.PlatformAdministrator, ""), "filing", tenants.Live, register.Tested, 0)
			return err
		}(), hub.Denied)
		second := a.as("second", staff.PlatformAdministrator, "", "")
		if err := move(second, tenants.Live); err != nil || x.Status != tenants.Live {
			t.Fatal(err)
		}
		_, err = a.PutSystem(ctx, chief, complete, x.Version)
		a.want("changed by the department while it is open", err, hub.Denied)
		if len(a.closed) > 0 {
			t.Error(a.closed)
		}
		if err := move(chief, tenants.Suspended); err != nil || !x.Held || !slices.Equal(a.closed, []hub.SystemID{"filing"}) {
			t.Fatal(err, x, a.closed)
		}
		a.want("opened again by one alone", move(second, tenants.Live), hub.Refused)
		moves, err := a.Moves(ctx, "filing", 0, 10)
		if err != nil || len(moves) != 3 || moves[0].Became != tenants.Suspended || moves[1].Account != "second" || moves[2].Was != tenants.Draft {
			t.Errorf("%+v %v", moves, err)
		}
		if older, err := a.Moves(ctx, "filing", moves[1].Seq, 10); err != nil || len(older) != 1 || older[0] != moves[2] {
			t.Errorf("%+v %v", older, err)
		}
	})
}

// Every pair of states is tried: what is not in the drawing of docs/systems.md is a conflict, and changes nothing.
func TestEXC07_NoOtherStepLeadsAnywhere(t *testing.T) {
	t.Parallel()
	all := []tenants.SystemStatus{tenants.Draft, tenants.Testing, tenants.Live, tenants.Suspended}
	ways := []string{"draft testing", "testing draft", "testing live", "live suspended", "suspended live", "suspended testing"}
	for _, was := range all {
		for _, became := range append(all, "", "passed") {
			if got, want := register.Leads(was, became), slices.Contains(ways, string(was)+" "+string(became)); got != want {
				t.Errorf("%s to %s: %t", was, became, got)
			}
		}
	}
}

// What files keep is changed in files; suspending works always, and only staff take it back.
func TestFilesAndAPIMeet(t *testing.T) {
	t.Parallel()
	sqltest.Each(t, func(t *testing.T, db *sqldb.DB) {
		a, ctx := newAuthority(t, db, false), t.Context()
		declared := filing()
		declared.Status, declared.Risk, declared.ReviewBy = tenants.Live, "moderate", time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)
		secret, err := tenants.HashClientSecret(tenants.NewClientSecret(hub.Randomness()))
		if err != nil {
			t.Fatal(err)
		}
		declared.OIDC.Secrets = []tenants.Secret{secret}
		if _, err := a.store.PutSystem(ctx, declared); err != nil {
			t.Fatal(err)
		}
		platform := a.as("platform", staff.PlatformAdministrator, "", "")
		x, err := a.System(ctx, "filing")
		if err != nil || x.Origin != register.ByFile || x.Held {
			t.Fatal(x, err)
		}
		_, err = a.PutSystem(ctx, platform, filing(), x.Version)
		a.want("put", err, hub.Conflict)
		_, _, err = a.Rotate(ctx, platform, "filing", register.OIDC, 0)
		a.want("rotate", err, hub.Conflict)
		if x, err = a.Move(ctx, platform, "filing", tenants.Suspended, register.Incident, 0); err != nil || !x.Held {
			t.Fatal(x, err)
		}
		_, err = a.Move(ctx, platform, "filing", tenants.Testing, register.Incident, 0)
		a.want("to test", err, hub.Conflict)
		held, api, err := a.store.Marks(ctx)
		if err != nil || !slices.Equal(held, []hub.SystemID{"filing"}) || api["System filing"] || !api["Department revenue"] {
			t.Error(held, api, err)
		}
		if x, err = a.Move(ctx, platform, "filing", tenants.Live, register.Settled, x.Version); err != nil || x.Held || x.Status != tenants.Live || x.Origin != register.ByFile {
			t.Fatal(x, err)
		}
		// The files take over what was kept through the API, also where nothing else differs.
		if changed, err := a.store.PutDepartment(ctx, revenue()); err != nil || !changed {
			t.Error(changed, err)
		}
		if changed, err := a.store.PutDepartment(ctx, revenue()); err != nil || changed {
			t.Error(changed, err)
		}
		_, err = a.PutDepartment(ctx, platform, revenue(), 2)
		a.want("put a department of files", err, hub.Conflict)
	})
}

// A department that is suspended has nothing open, and its systems' tokens end with it (EXC-07).
func TestEXC07_ASuspendedDepartmentHasNothingOpen(t *testing.T) {
	t.Parallel()
	sqltest.Each(t, func(t *testing.T, db *sqldb.DB) {
		a, ctx := newAuthority(t, db, false), t.Context()
		platform, chief := a.as("platform", staff.PlatformAdministrator, "", ""), a.as("chief", staff.DepartmentAdministrator, "revenue", "")
		open := filing()
		open.Status, open.Risk, open.ReviewBy = tenants.Live, "moderate", time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)
		open.OIDC.Secrets = []tenants.Secret{{SHA256: [32]byte{1}}}
		if _, err := a.store.PutSystem(ctx, open); err != nil {
			t.Fatal(err)
		}
		_, err := a.StopDepartment(ctx, chief, "revenue", tenants.DepartmentSuspended, register.Incident)
		a.want("by itself", err, hub.Denied)
		d, err := a.StopDepartment(ctx, platform, "revenue", tenants.DepartmentSuspended, register.Incident)
		if err != nil || d.Active() || !slices.Equal(a.closed, []hub.SystemID{"filing"}) {
			t.Fatal(d, err, a.closed)
		}
		_, err = a.StopDepartment(ctx, platform, "revenue", tenants.DepartmentSuspended, register.Incident)
		a.want("twice", err, hub.Conflict)
		a.refresh()
		if s, err := a.directory.System(ctx, "filing"); err != nil || s.Status != tenants.Suspended {
			t.Error(s.Status, err)
		}
		// A change of the entry is no way round it.
		if d, err = a.PutDepartment(ctx, platform, revenue(), d.Version); err != nil || d.Active() {
			t.Error(d, err)
		}
		if _, err := a.StopDepartment(ctx, platform, "revenue", tenants.DepartmentActive, register.Settled); err != nil {
			t.Fatal(err)
		}
		a.refresh()
		if s, err := a.directory.System(ctx, "filing"); err != nil || s.Status != tenants.Live {
			t.Error(s.Status, err)
		}
	})
}

// Secrets overlap while a system changes them, and are never more than a few.
func TestRotationOfSecrets(t *testing.T) {
	t.Parallel()
	sqltest.Each(t, func(t *testing.T, db *sqldb.DB) {
		a, ctx := newAuthority(t, db, false), t.Context()
		chief := a.as("chief", staff.DepartmentAdministrator, "revenue", "")
		if _, err := a.PutSystem(ctx, chief, filing(), 0); err != nil {
			t.Fatal(err)
		}
		var all []string
		for range 5 {
			x, secret, err := a.Rotate(ctx, a.program(staff.DepartmentAdministrator, "revenue"), "filing", register.OIDC, 24*time.Hour)
			if err != nil || slices.Contains(all, secret) || len(x.OIDC.Secrets) > 3 {
				t.Fatal(x, err)
			}
			proof, _ := tenants.HashClientSecret(secret)
			if x.OIDC.Secrets[0] != proof || len(all) > 0 && !x.OIDC.Secrets[1].ExpiresAt.Equal(a.clock.Now().UTC().Truncate(time.Microsecond).Add(24*time.Hour)) {
				t.Errorf("%+v", x.OIDC.Secrets)
			}
			all = append(all, secret)
		}
		x, _, err := a.Rotate(ctx, chief, "filing", register.OIDC, 0)
		if err != nil || len(x.OIDC.Secrets) != 1 {
			t.Error(x.OIDC.Secrets, err)
		}
		_, _, err = a.Rotate(ctx, chief, "filing", register.Forward, 0)
		a.want("no such connection", err, hub.Invalid)
		_, _, err = a.Rotate(ctx, chief, "filing", register.OIDC, 31*24*time.Hour)
		a.want("too long", err, hub.Invalid)
	})
}

// A department's administrator can't make a system that gets tokens for the administrators' API, take a system away, or see one twice.
func TestInvariant10_SystemsStayWhereTheyAre(t *testing.T) {
	t.Parallel()
	sqltest.Each(t, func(t *testing.T, db *sqldb.DB) {
		a, ctx := newAuthority(t, db, false), t.Context()
		chief, platform := a.as("chief", staff.DepartmentAdministrator, "revenue", ""), a.as("platform", staff.PlatformAdministrator, "", "")
		robot := filing()
		robot.OIDC.Scopes = []string{"openid", tenants.ScopeAdminWrite}
		_, err := a.PutSystem(ctx, chief, robot, 0)
		a.want("the administrators' API", err, hub.Denied)
		if _, err := a.PutSystem(ctx, chief, filing(), 0); err != nil {
			t.Fatal(err)
		}
		_, err = a.PutSystem(ctx, chief, robot, 1)
		a.want("later", err, hub.Denied)
		if _, err := a.PutSystem(ctx, platform, robot, 1); err != nil {
			t.Fatal(err)
		}
		// Nor more power for one that has some: that of who administers a legal entity is another.
		more := filing()
		more.OIDC.Scopes = append(slices.Clone(robot.OIDC.Scopes), tenants.ScopeEntityWrite)
		_, err = a.PutSystem(ctx, chief, more, 2)
		a.want("more power", err, hub.Denied)
		moved := filing()
		moved.Department, moved.Area = "social", ""
		_, err = a.PutSystem(ctx, platform, moved, 2)
		a.want("to another department", err, hub.Conflict)
		gone := revenue()
		gone.Areas = gone.Areas[1:]
		_, err = a.PutDepartment(ctx, chief, gone, 1)
		a.want("an area that a system is of", err, hub.Invalid)
		// Two that change the same version: one of them.
		var wins sync.Map
		var all sync.WaitGroup
		for i := range 6 {
			all.Go(func() {
				if _, err := a.PutSystem(ctx, platform, filing(), 2); err == nil {
					wins.Store(i, true)
				} else if !errors.Is(err, hub.Conflict) {
					t.Error(err)
				}
			})
		}
		all.Wait()
		n := 0
		wins.Range(func(any, any) bool { n++; return true })
		if n != 1 {
			t.Errorf("%d changes of one version", n)
		}
	})
}

// What programs may do is given by the platform only, once, and ends at once.
func TestMachineRights(t *testing.T) {
	t.Parallel()
	sqltest.Each(t, func(t *testing.T, db *sqldb.DB) {
		a, ctx := newAuthority(t, db, false), t.Context()
		platform, chief := a.as("platform", staff.PlatformAdministrator, "", ""), a.as("chief", staff.DepartmentAdministrator, "revenue", "")
		store, err := tenantsql.NewStaff(db)
		if err != nil {
			t.Fatal(err)
		}
		m, err := staff.NewMachines(staff.MachineOptions{
			Store: store, Systems: a.store, Areas: a.directory, Audit: a, Tx: db, Clock: a.clock.Now, Random: hub.Randomness(),
		})
		if err != nil {
			t.Fatal(err)
		}
		north := staff.Place{Department: "revenue", Area: "north"}
		give := func(by staff.Actor, role staff.Role, place staff.Place) error {
			_, err := m.Give(ctx, by, "filing", role, place)
			return err
		}
		a.want("no system", give(platform, staff.Reviewer, north), hub.NotFound)
		if _, err := a.PutSystem(ctx, platform, filing(), 0); err != nil {
			t.Fatal(err)
		}
		a.want("not registered for it", give(platform, staff.Reviewer, north), hub.Invalid)
		robot := filing()
		robot.OIDC.Scopes = []string{"openid", tenants.ScopeAdminRead}
		if _, err := a.PutSystem(ctx, platform, robot, 1); err != nil {
			t.Fatal(err)
		}
		a.want("by a department", give(chief, staff.Reviewer, north), hub.Denied)
		a.want("by a program", give(a.program(staff.PlatformAdministrator, ""), staff.Reviewer, north), hub.Denied)
		a.want("no such area", give(platform, staff.Reviewer, staff.Place{Department: "revenue", Area: "west"}), hub.Invalid)
		a.want("a role of elsewhere", give(platform, staff.PlatformAuditor, north), hub.Invalid)
		if err := give(platform, staff.DepartmentAdministrator, north); err != nil {
			t.Fatal(err)
		}
		a.want("twice", give(platform, staff.DepartmentAdministrator, north), hub.Conflict)
		held, err := m.Of(ctx, "filing")
		if err != nil || len(held) != 1 || held[0].Place != north || held[0].GivenBy != "platform" {
			t.Fatal(held, err)
		}
		a.want("ended by a department", m.End(ctx, chief, held[0].ID), hub.Denied)
		if err := m.End(ctx, platform, held[0].ID); err != nil {
			t.Fatal(err)
		}
		a.want("twice", m.End(ctx, platform, held[0].ID), hub.Consumed)
		if held, err := m.Of(ctx, "filing"); err != nil || len(held) > 0 {
			t.Error(held, err)
		}
		if err := give(platform, staff.DepartmentAdministrator, north); err != nil {
			t.Error(err)
		}
		if all, err := m.All(ctx, "", 10); err != nil || len(all) != 1 {
			t.Error(all, err)
		}
	})
}
