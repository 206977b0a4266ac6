package authz_test

import (
	"context"
	"errors"
	"net/netip"
	"os"
	"slices"
	"sync"
	"testing"
	"time"

	"onedoor/authz"
	"onedoor/authz/authzsql"
	"onedoor/authz/casbinrules"
	"onedoor/configs"
	"onedoor/hub"
	"onedoor/hub/audit"
	"onedoor/hub/hubsql"
	"onedoor/hub/hubtest"
	"onedoor/hub/hubtest/sqltest"
	"onedoor/hub/session"
	"onedoor/tenants"
	"onedoor/tenants/tenantsql"
)

func TestMain(m *testing.M) { os.Exit(sqltest.Run(m)) }

const mill = hub.EntityID("millaaaaaaaaaaaaaaaaaaaaaa")

// agency is a department with its items, over SQLite.
type agency struct {
	*hubtest.World
	t           *testing.T
	store       *authzsql.Store
	decider     *authz.Decider
	openings    *authz.Openings
	delegations *authz.Delegations
	registers   *authz.Registers

	mu       sync.Mutex
	events   []audit.Event
	told     []authz.OpeningState
	settled  int
	broken   error // of the record
	boss     hub.AccountID
	clerk    hub.AccountID
	mandates map[hub.AccountID][]authz.Mandate
}

func (a *agency) Record(_ context.Context, events ...audit.Event) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.events = append(a.events, events...)
	return a.broken
}

func (a *agency) Approves(_ context.Context, by hub.AccountID, department hub.DepartmentID) error {
	if by != a.clerk || department != "social" {
		return hub.Errorf("agency", hub.Denied, "not a clerk")
	}
	return nil
}

func (a *agency) Revokes(ctx context.Context, by hub.AccountID, department hub.DepartmentID) error {
	return a.Approves(ctx, by, department)
}

func (a *agency) Administers(_ context.Context, by hub.AccountID, entity hub.EntityID) error {
	if by != a.boss || entity != mill {
		return hub.Errorf("agency", hub.Denied, "not the administrator")
	}
	return nil
}

func (a *agency) Mandates(_ context.Context, p authz.Party) ([]authz.Mandate, error) {
	return a.mandates[p.Account], nil
}

func (*agency) Bound(context.Context, authz.Party) ([]authz.Bound, error) { return nil, nil }

func newAgency(t *testing.T, items ...authz.Item) *agency {
	t.Helper()
	db := sqltest.SQLite(t)
	all, err := hubsql.New(db)
	check(t, err)
	a := &agency{t: t, mandates: map[hub.AccountID][]authz.Mandate{}}
	a.World = hubtest.NewWorld(t, hubtest.Stores{Accounts: all.Accounts, Sessions: all.Sessions, Consents: all.Consents, Grants: all.Grants})
	a.boss, a.clerk = a.person(), a.person()
	a.store, err = authzsql.New(db)
	check(t, err)
	register, err := tenantsql.New(db)
	check(t, err)
	_, err = register.PutDepartment(t.Context(), tenants.Department{ID: "social"})
	check(t, err)
	for _, i := range items {
		_, err = a.store.PutItem(t.Context(), i, a.Clock.Now())
		check(t, err)
	}
	rules, err := casbinrules.NewItems(configs.ItemModel)
	check(t, err)
	catalogue, err := authz.NewCatalogue(a.store, rules)
	check(t, err)
	check(t, catalogue.Refresh(t.Context()))
	began := a.Clock.Now()
	memory, err := authz.NewMemory(authz.MemoryOptions{Store: a.store, Others: a, Proofs: a.store, Clock: a.Clock.Now, Elapsed: func() time.Duration { return a.Clock.Now().Sub(began) }})
	check(t, err)
	settle := func(ctx context.Context) {
		a.settled++
		check(t, memory.Refresh(ctx))
	}
	a.decider, err = authz.New(authz.Options{Catalogue: catalogue, Memory: memory, Store: a.store, Audit: a, Tx: db, Clock: a.Clock.Now, Random: a.Random})
	check(t, err)
	a.openings, err = authz.NewOpenings(authz.OpeningOptions{
		Store: a.store, Catalogue: catalogue, Desk: a, Audit: a, Tx: db, Clock: a.Clock.Now, Random: a.Random, Settle: settle,
		Told: func(_ context.Context, _ hub.AccountID, s authz.OpeningState) error {
			a.told = append(a.told, s)
			return nil
		},
	})
	check(t, err)
	a.delegations, err = authz.NewDelegations(authz.DelegationOptions{
		Store: a.store, Registers: a.store, Catalogue: catalogue, Offices: a, Desk: a, Audit: a, Tx: db, Clock: a.Clock.Now, Random: a.Random,
		Lease: memory.AnswerDelay(), Settle: func(ctx context.Context, beside time.Duration) {
			a.Clock.Advance(memory.AnswerDelay() + beside)
			settle(ctx)
		},
	})
	check(t, err)
	a.registers, err = authz.NewRegisters(authz.RegisterOptions{
		Store: a.store, Proofs: a.store, Offices: a, Audit: a, Tx: db, Clock: a.Clock.Now, Random: a.Random, Settle: settle,
	})
	check(t, err)
	return a
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (a *agency) person() hub.AccountID { return a.Account(a.t).ID }

func (a *agency) want(what string, err error, kind hub.Kind) {
	a.t.Helper()
	if !errors.Is(err, kind) {
		a.t.Errorf("%s: %v, want %s", what, err, kind)
	}
}

// may asks for somebody who has signed in a moment ago.
func (a *agency) may(what string, p authz.Party, item authz.ItemID, why ...authz.Code) {
	a.t.Helper()
	d := a.decider.Decide(hub.WithInteraction(a.t.Context(), "interaction"), authz.Question{
		Item: item, Action: "file", System: "desk", Department: "social", Party: p, Session: "session", Address: netip.MustParseAddr("192.0.2.7"),
		Authentications: []authz.Authentication{{Level: hub.Level{IAL: hub.IAL23, AAL: hub.AAL21}, At: a.Clock.Now()}},
	})
	if d.Permit != (len(why) == 0) || !slices.Equal(d.Codes(), why) && len(why) > 0 {
		a.t.Errorf("%s: %v %v, want %v", what, d.Permit, d.Codes(), why)
	}
}

// still asks about what somebody was given a moment ago, wherever they are now.
func (a *agency) still(what string, p authz.Party, item authz.ItemID, why ...authz.Code) {
	a.t.Helper()
	ok, reasons := a.decider.Still(a.t.Context(), authz.Question{
		Item: item, Action: "file", System: "desk", Department: "social", Party: p, Session: "session",
		Authentications: []authz.Authentication{{Level: hub.Level{IAL: hub.IAL23, AAL: hub.AAL21}, At: a.Clock.Now()}},
	})
	if got := (authz.Decision{Reasons: reasons}).Codes(); ok != (len(why) == 0) || !slices.Equal(got, why) && len(why) > 0 {
		a.t.Errorf("%s: %v %v, want %v", what, ok, got, why)
	}
}

// again takes a recorded decision again, under the item as it was.
func (a *agency) again(r authz.Record) []authz.Reason {
	a.t.Helper()
	i, err := a.store.ItemAt(a.t.Context(), r.Item, r.Version)
	check(a.t, err)
	compiler, err := casbinrules.NewItems(configs.ItemModel)
	check(a.t, err)
	rules, err := compiler.Compile([]authz.Item{i}, nil)
	check(a.t, err)
	reasons, _ := rules.Judge(r.CaseOf(i.Department))
	return reasons
}

func (a *agency) kinds() (out []string) {
	for _, e := range a.events {
		out = append(out, e.Kind)
	}
	a.events = nil
	return out
}

func item(id authz.ItemID, own authz.Own, office authz.Office, change ...func(d *authz.Demands)) authz.Item {
	i := authz.Item{
		ID: id, Department: "social", Status: authz.Offered, Actions: []authz.Action{"file"},
		Demands: authz.Demands{Least: hub.Level{IAL: hub.IAL21, AAL: hub.AAL21}, Person: own, Entity: office},
	}
	for _, c := range change {
		c(&i.Demands)
	}
	return i
}

// RAZ-02, RAZ-06: closed until opened, with the level that the item asks for; locked without being asked anything; opened again with the
// staff's yes where the department wants it; each with its event, its notice and its wait.
func TestRAZ02_TheOwnSwitch(t *testing.T) {
	t.Parallel()
	a := newAgency(t, item("bills", authz.OptIn, ""), item("counter", authz.OptIn, "", func(d *authz.Demands) { d.Approval = true }), item("always", authz.Always, ""),
		item("office", authz.Always, "", func(d *authz.Demands) { d.Places.Networks = []netip.Prefix{netip.MustParsePrefix("198.51.100.0/24")} }))
	ctx, who := t.Context(), a.person()
	me := authz.Party{Account: who}
	a.may("at first", me, "bills", authz.NotOpened)
	a.still("at first", me, "bills", authz.NotOpened)
	a.may("elsewhere", me, "office", authz.WrongPlace)
	a.still("where they were when it was given", me, "office")
	a.still("nothing", me, "gold", authz.UnknownItem)
	weak := session.Session{ID: "s", Account: who, Level: hub.Level{IAL: hub.IAL21, AAL: hub.AAL1}, AuthTime: a.Clock.Now(), StartedAt: a.Clock.Now(), LastActivity: a.Clock.Now()}
	strong := weak
	strong.Level.AAL = hub.AAL21
	_, err := a.openings.Open(ctx, weak, "bills")
	a.want("opened by a weak login", err, hub.LevelUnmet)
	_, err = a.openings.Open(ctx, strong, "always")
	a.want("no switch", err, hub.NotFound)
	a.kinds()
	_, err = a.openings.Open(ctx, strong, "bills")
	check(t, err)
	a.may("opened", me, "bills")
	_, err = a.openings.Open(ctx, strong, "bills")
	check(t, err)
	check(t, a.openings.Lock(ctx, who, "s", "bills"))
	a.may("locked", me, "bills", authz.IsLocked)
	if got := a.kinds(); !slices.Equal(got, []string{"item.opened", "item.permitted", "item.locked", "item.denied"}) || a.settled != 2 {
		t.Errorf("%v, settled %d times", got, a.settled)
	}
	o, err := a.openings.Open(ctx, strong, "counter")
	check(t, err)
	a.may("asked", me, "counter", authz.NotApproved)
	_, err = a.openings.Approve(ctx, who, o.ID)
	a.want("by oneself", err, hub.Denied)
	_, err = a.openings.Approve(ctx, a.boss, o.ID)
	a.want("by whoever", err, hub.Denied)
	if waiting, err := a.openings.Waiting(ctx, a.clerk, "social", 10); err != nil || len(waiting) != 1 {
		t.Errorf("%v %v", waiting, err)
	}
	_, err = a.openings.Approve(ctx, a.clerk, o.ID)
	check(t, err)
	a.may("approved", me, "counter")
	check(t, a.openings.Lock(ctx, who, "s", "counter"))
	o, err = a.openings.Open(ctx, strong, "counter")
	check(t, err)
	_, err = a.openings.Refuse(ctx, a.clerk, o.ID)
	check(t, err)
	a.may("refused", me, "counter", authz.NotOpened)
	if want := []authz.OpeningState{authz.Open, authz.Locked, authz.Asked, authz.Open, authz.Locked, authz.Asked, authz.Refused}; !slices.Equal(a.told, want) {
		t.Errorf("%v", a.told)
	}
	_, err = a.openings.OpenOnce(ctx, weak, "bills")
	a.want("once, by a weak login", err, hub.LevelUnmet)
	_, err = a.openings.OpenOnce(ctx, strong, "counter")
	a.want("once, where the staff has its say", err, hub.Denied)
	a.kinds()
	elsewhere := strong
	elsewhere.ID = "elsewhere"
	_, err = a.openings.OpenOnce(ctx, elsewhere, "bills")
	check(t, err)
	a.may("open elsewhere", me, "bills", authz.IsLocked)
	if c, err := a.openings.Choice(ctx, who, "bills"); err != nil || !c.Open || c.Opening.Session != "elsewhere" {
		t.Errorf("%+v %v", c, err)
	}
	here := strong
	here.ID = "session"
	_, err = a.openings.OpenOnce(ctx, here, "bills")
	check(t, err)
	a.may("open here", me, "bills")
	a.Clock.Advance(item("bills", authz.OptIn, "").Demands.Age())
	a.may("its time is over", me, "bills", authz.IsLocked)
	a.Clock.Advance(-item("bills", authz.OptIn, "").Demands.Age())
	check(t, a.openings.Lock(ctx, who, "s", "bills"))
	if got := a.kinds(); !slices.Equal(got, []string{"item.opened", "item.opened", "item.permitted", "item.denied", "item.locked"}) {
		t.Errorf("%v", got)
	}
	choices, err := a.openings.Of(ctx, who, []hub.DepartmentID{"social"})
	if err != nil || len(choices) != 2 || choices[0].Item.ID != "bills" || choices[0].Open || choices[1].Open {
		t.Errorf("%+v %v", choices, err)
	}
}

// RAZ-03, RAZ-04, RAZ-06, RAZ-08, ENT-02 to ENT-04: an administrator delegates to an operator with a mandate, under terms; hands an exclusive
// item over; withdraws; and nobody else does any of it.
func TestRAZ03_Delegations(t *testing.T) {
	t.Parallel()
	a := newAgency(
		t, item("pension", "", authz.ByDelegation, func(d *authz.Demands) { d.Exclusive = true }), item("letters", "", authz.ByDelegation),
		item("seal", "", authz.ByDelegation, func(d *authz.Demands) { d.Exclusive, d.Approval = true, true }), item("own", authz.Always, ""),
	)
	ctx, one, two, stranger := t.Context(), a.person(), a.person(), a.person()
	a.mandates[one], a.mandates[two] = []authz.Mandate{{Department: "social"}}, []authz.Mandate{{Department: "social"}}
	a.mandates[stranger] = []authz.Mandate{{Department: "revenue"}}
	as := func(who hub.AccountID) authz.Party { return authz.Party{Account: who, Entity: mill} }
	give := func(by hub.AccountID, o authz.Order) (authz.Delegation, error) {
		return a.delegations.Delegate(ctx, by, mill, o)
	}
	_, err := give(one, authz.Order{Item: "pension", Operator: one})
	a.want("by an operator", err, hub.Denied)
	_, err = give(a.boss, authz.Order{Item: "pension", Operator: stranger})
	a.want("ENT-02: no mandate for the department", err, hub.Refused)
	for name, o := range map[string]authz.Order{
		"not delegated":   {Item: "own", Operator: one},
		"over already":    {Item: "letters", Operator: one, Until: a.Clock.Now().Add(-time.Hour)},
		"exclusive later": {Item: "pension", Operator: one, From: a.Clock.Now().Add(time.Hour)},
		"no place":        {Item: "letters", Operator: one, Places: []string{"nowhere"}},
		"no device":       {Item: "letters", Operator: one, Devices: []string{"nothing"}},
		"no zone":         {Item: "letters", Operator: one, Hours: authz.Hours{Windows: []authz.Window{{Days: 1, To: 60}}}},
	} {
		_, err := give(a.boss, o)
		a.want(name, err, hub.Invalid)
	}
	a.may("at first", as(one), "pension", authz.NotDelegated)
	_, err = give(a.boss, authz.Order{Item: "pension", Operator: one})
	check(t, err)
	a.may("delegated", as(one), "pension")
	a.kinds()
	d, err := give(a.boss, authz.Order{Item: "pension", Operator: two})
	check(t, err)
	if got := a.kinds(); !slices.Equal(got, []string{"delegation.given", "delegation.replaced"}) {
		t.Errorf("%v", got)
	}
	a.may("handed over", as(two), "pension")
	a.may("and lost", as(one), "pension", authz.NotDelegated)
	_, err = a.delegations.Withdraw(ctx, two, d.ID)
	a.want("by the operator", err, hub.Denied)
	_, err = a.delegations.Withdraw(ctx, a.boss, d.ID)
	check(t, err)
	a.may("withdrawn in mid-session", as(two), "pension", authz.NotDelegated)
	_, err = a.delegations.Withdraw(ctx, a.boss, d.ID)
	a.want("twice", err, hub.Consumed)

	// The staff's yes.
	d, err = give(a.boss, authz.Order{Item: "seal", Operator: one})
	check(t, err)
	a.may("proposed", as(one), "seal", authz.AwaitsApproval)
	a.may("proposed to somebody else", as(two), "seal", authz.NotDelegated)
	recorded, err := a.store.DecisionsOf(ctx, "seal", time.Unix(0, 0), a.Clock.Now().Add(time.Second), "", 10)
	check(t, err)
	for _, r := range recorded { // as it was known then, also when it is taken again
		if r.Seen.Awaits != (r.Party.Account == one) || !slices.Equal(authz.Decision{Reasons: a.again(r)}.Codes(), r.Reasons) {
			t.Errorf("%+v", r)
		}
	}
	_, err = a.delegations.Approve(ctx, a.boss, d.ID)
	a.want("approved by who proposed", err, hub.Denied)
	_, err = a.delegations.Approve(ctx, a.clerk, d.ID)
	check(t, err)
	a.may("approved", as(one), "seal")
	next, err := give(a.boss, authz.Order{Item: "seal", Operator: two})
	check(t, err)
	a.may("kept until the next is approved", as(one), "seal")
	a.may("told what is missing", as(two), "seal", authz.AwaitsApproval)
	// A yes that would take the item from one hand and put it into none is none.
	delete(a.mandates, two)
	_, err = a.delegations.Approve(ctx, a.clerk, next.ID)
	a.want("the operator has lost the mandate", err, hub.Refused)
	a.may("still in hand", as(one), "seal")
	a.mandates[two] = a.mandates[one]
	_, err = a.delegations.Refuse(ctx, a.clerk, next.ID)
	check(t, err)
	next, err = give(a.boss, authz.Order{Item: "seal", Operator: two, Until: a.Clock.Now().Add(time.Minute)})
	check(t, err)
	a.Clock.Advance(time.Minute)
	_, err = a.delegations.Approve(ctx, a.clerk, next.ID)
	a.want("its time is over", err, hub.Expired)
	a.may("and still in hand", as(one), "seal")
	_, err = a.delegations.Refuse(ctx, a.clerk, next.ID)
	check(t, err)
	_, err = a.delegations.Revoke(ctx, a.clerk, d.ID)
	check(t, err)
	a.may("revoked", as(one), "seal", authz.NotDelegated)

	// RAZ-04: only at the office, on its machine.
	place, err := a.registers.AddPlace(ctx, a.boss, mill, "Office", []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")})
	check(t, err)
	machine, err := a.registers.AddDevice(ctx, a.boss, authz.Party{Entity: mill}, "Desk 2", authz.Credential{ID: make([]byte, 16), PublicKey: []byte("key")})
	check(t, err)
	_, err = give(a.boss, authz.Order{Item: "letters", Operator: one, Places: []string{place.ID}, Devices: []string{machine.ID}})
	check(t, err)
	a.may("not shown", as(one), "letters", authz.NoDevice)
	check(t, a.registers.Shown(ctx, "session", as(one), machine.ID, 0))
	a.may("shown", as(one), "letters")
	check(t, a.registers.EndDevice(ctx, a.boss, authz.Party{Entity: mill}, machine.ID))
	a.may("taken away in mid-session", as(one), "letters", authz.NoDevice)
	check(t, a.registers.EndPlace(ctx, a.boss, mill, place.ID))
	a.may("and the place", as(one), "letters", authz.WrongPlace, authz.NoDevice)

	_, err = a.registers.AddPlace(ctx, one, mill, "Home", place.Networks)
	a.want("a place by an operator", err, hub.Denied)
	_, err = a.registers.AddPlace(ctx, a.boss, mill, "0812345678901", place.Networks)
	a.want("a number for a name", err, hub.Invalid)
	_, err = a.registers.AddDevice(ctx, one, authz.Party{Account: two}, "Mine", authz.Credential{ID: make([]byte, 16), PublicKey: []byte("key")})
	a.want("somebody else's device", err, hub.Denied)
}

// Invariant 8, D5: a yes that can't be recorded is none; the same answer again is recorded once.
func TestInvariant8_NoYesWithoutARecord(t *testing.T) {
	t.Parallel()
	a := newAgency(t, item("always", authz.Always, ""))
	me := authz.Party{Account: a.person()}
	a.broken = hub.Errorf("agency", hub.Unavailable, "gone")
	a.may("no record", me, "always", authz.RecordUnwritten)
	a.broken = nil
	a.kinds()
	for range 5 {
		a.may("recorded", me, "always")
	}
	if got := a.kinds(); !slices.Equal(got, []string{"item.permitted"}) {
		t.Errorf("%v", got)
	}
	a.Clock.Advance(5 * time.Minute)
	a.may("later", me, "always")
	if got := a.kinds(); len(got) != 1 {
		t.Errorf("%v", got)
	}
	if all, err := a.store.Since(t.Context(), time.Unix(0, 0), "", 10); err != nil || len(all) != 2 || all[0].Party != me {
		t.Errorf("%+v %v", all, err)
	}
	a.kinds()
	for _, made := range []authz.Action{"x", "y", "z"} {
		d := a.decider.Decide(t.Context(), authz.Question{Item: "always", Action: made, System: "desk", Department: "social", Party: me, Session: "session"})
		if d.Permit || !slices.Contains(d.Codes(), authz.UnknownAction) {
			t.Errorf("%+v", d)
		}
	}
	if got := a.kinds(); len(got) != 1 {
		t.Errorf("made-up actions fill the record: %v", got)
	}
	a.may("nobody", authz.Party{}, "always", authz.NoPerson)
	a.may("nothing", me, "gold", authz.UnknownItem)
}

// A record can be taken again under a draft; what was not looked at is not made up.
func TestRehearsalsMakeNothingUp(t *testing.T) {
	t.Parallel()
	a := newAgency(t, item("always", authz.Always, ""))
	a.may("recorded", authz.Party{Account: a.person()}, "always")
	all, err := a.store.Since(t.Context(), time.Unix(0, 0), "", 10)
	check(t, err)
	rules, err := casbinrules.NewItems(configs.ItemModel)
	check(t, err)
	before := item("always", authz.Always, "")
	for name, c := range map[string]struct {
		change        func(i *authz.Item)
		known, permit bool
	}{
		"the same":        {func(*authz.Item) {}, true, true},
		"a higher level":  {func(i *authz.Item) { i.Demands.Least.IAL = hub.IAL3 }, true, false},
		"a switch":        {func(i *authz.Item) { i.Demands.Person = authz.OptIn }, false, false},
		"a record":        {func(i *authz.Item) { i.Demands.Binding.Demanded = true }, false, false},
		"a device":        {func(i *authz.Item) { i.Demands.Places.Device = true }, false, false},
		"a network":       {func(i *authz.Item) { i.Demands.Places.Networks = []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")} }, false, false},
		"network + level": {func(i *authz.Item) { i.Demands.Places.Device, i.Demands.Least.IAL = true, hub.IAL3 }, true, false},
	} {
		draft := item("always", authz.Always, "")
		c.change(&draft)
		compiled, err := rules.Compile([]authz.Item{draft}, nil)
		check(t, err)
		if x := authz.Rehearse(all[0], before, draft, compiled); x.Known != c.known || x.Permit != c.permit {
			t.Errorf("%s: %+v", name, x)
		}
	}
}
