package bindingsql_test

import (
	"errors"
	"testing"

	"onedoor/binding"
	"onedoor/binding/review"
	"onedoor/hub"
	"onedoor/tenants"
)

// A case goes to another area: there it is decided from the beginning, here it is no longer there; and no area takes what another clerk has.
func TestBND05_CasesGoToOtherAreas(t *testing.T) {
	t.Parallel()
	offices(t, func(t *testing.T, o *office) {
		ctx := t.Context()
		o.dept.Records[0].FourEyes = true
		_, b := o.proposed() // in the north
		north, second, south, all := o.reviewer("north"), o.reviewer("north"), o.reviewer("south"), o.reviewer("")
		do := func(_ binding.Binding, err error) error { return err }
		if err := do(o.review.Take(ctx, north, b.ID)); err != nil {
			t.Fatal(err)
		}
		for name, c := range map[string]struct {
			clerk binding.Clerk
			to    tenants.AreaID
			want  hub.Kind
		}{"another has it": {second, "south", hub.Conflict}, "there already": {north, "north", hub.Conflict}, "no area": {north, "west", hub.Invalid}} {
			if err := do(o.review.Reassign(ctx, c.clerk, b.ID, c.to)); !errors.Is(err, c.want) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if err := do(o.review.Approve(ctx, north, b.ID)); err != nil { // the first of two
			t.Fatal(err)
		}
		if err := do(o.review.Reassign(ctx, second, b.ID, "south")); err != nil {
			t.Fatal(err)
		}
		got := o.is(b.ID, binding.Proposed, binding.Moved)
		if got.Area != "south" || got.First != "" || got.Reviewer != "" {
			t.Errorf("%+v", got)
		}
		if err := do(o.review.Take(ctx, north, b.ID)); !errors.Is(err, hub.NotFound) {
			t.Errorf("it is still in the north: %v", err)
		}
		o.mu.Lock()
		last := o.events[len(o.events)-1]
		o.mu.Unlock()
		if last.Reason != "moved" || last.Detail["from_area"] != "north" || last.Detail["to_area"] != "south" || last.Detail["by"] != string(second.Account) {
			t.Errorf("%+v", last)
		}
		if err := do(o.review.Take(ctx, south, b.ID)); err != nil {
			t.Error(err)
		}
		if x, err := o.review.Describe(ctx, south, b.ID); err != nil || !x.Evidence || !x.Mine || x.Number != "" || len(x.Lines) != 0 || len(x.Areas) != 3 || len(x.History) < 5 {
			t.Errorf("%+v %v", x, err)
		}
		if err := do(o.review.Reassign(ctx, south, b.ID, "")); err != nil { // to whoever sees all of it
			t.Fatal(err)
		}
		for _, c := range []binding.Clerk{all, o.reviewer("")} {
			if err := do(o.review.Take(ctx, c, b.ID)); err != nil {
				t.Fatal(err)
			}
			if err := do(o.review.Approve(ctx, c, b.ID)); err != nil {
				t.Fatal(err)
			}
		}
		o.is(b.ID, binding.Bound, binding.Approved)
		if err := do(o.review.Reassign(ctx, all, b.ID, "south")); !errors.Is(err, hub.Consumed) {
			t.Errorf("decided: %v", err)
		}
	})
}

// What is out of service is listed where it can be brought back, and a record's binding is found by its number.
func TestBND06_SuspendedAndNamed(t *testing.T) {
	t.Parallel()
	offices(t, func(t *testing.T, o *office) {
		ctx, chief := t.Context(), o.clerk(binding.ActEnd, binding.ActReview)
		o.places[chief.Account] = []review.Place{{Department: numbers.Department}}
		_, b := o.proposed()
		if _, err := o.service.Named(ctx, numbers, number(1)); !errors.Is(err, hub.NotFound) {
			t.Errorf("nobody holds it yet: %v", err)
		}
		if _, err := o.review.Take(ctx, chief, b.ID); err != nil {
			t.Fatal(err)
		}
		if _, err := o.review.Approve(ctx, chief, b.ID); err != nil {
			t.Fatal(err)
		}
		if got, err := o.service.Named(ctx, numbers, number(1)); err != nil || got.ID != b.ID {
			t.Errorf("%s %v", got.ID, err)
		}
		for _, none := range []string{number(2), "nonsense", ""} {
			if _, err := o.service.Named(ctx, numbers, none); !errors.Is(err, hub.NotFound) {
				t.Errorf("%q: %v", none, err)
			}
		}
		suspended := func() int {
			list, _, places, err := o.review.Unsettled(ctx, chief, review.Cursor{}, 10)
			if err != nil || !places {
				t.Fatal(places, err)
			}
			return len(list)
		}
		if n := suspended(); n != 0 {
			t.Errorf("%d are suspended", n)
		}
		if _, err := o.service.Suspend(ctx, chief, b.ID, binding.Suspicious); err != nil {
			t.Fatal(err)
		}
		if n := suspended(); n != 1 {
			t.Errorf("%d are suspended", n)
		}
		south := o.clerk(binding.ActEnd)
		o.places[south.Account] = []review.Place{{Department: numbers.Department, Area: "south"}}
		if list, _, places, err := o.review.Unsettled(ctx, south, review.Cursor{}, 10); err != nil || !places || len(list) != 0 {
			t.Errorf("in the south: %d %v %v", len(list), places, err)
		}
	})
}

// A case of a legal entity shows what the register says of it, to the clerk who has it, and the look is recorded.
func TestBND03_EntitiesCases(t *testing.T) {
	t.Parallel()
	offices(t, func(t *testing.T, o *office) {
		ctx, c := t.Context(), o.reviewer("")
		o.dept.Records = append(o.dept.Records, tenants.RecordKind{ID: "employers", For: tenants.Entity, Length: 8})
		owner := binding.Owner{Entity: hub.EntityID(o.id())}
		if err := o.service.Arrived(ctx, owner, numbers.Department, enough); err != nil {
			t.Fatal(err)
		}
		mine, err := o.store.Of(ctx, owner, numbers.Department)
		if err != nil || len(mine) != 1 {
			t.Fatal(mine, err)
		}
		if x, err := o.review.Open(ctx, c, mine[0].ID); err != nil || x.Entity.Number != "" || len(x.Lines) != 0 {
			t.Errorf("not taken up: %+v %v", x, err)
		}
		if _, err := o.review.Take(ctx, c, mine[0].ID); err != nil {
			t.Fatal(err)
		}
		from := len(o.kinds(0))
		x, err := o.review.Open(ctx, c, mine[0].ID)
		if err != nil || x.Entity.Number != "0105540000001" || len(x.Lines) != 2 || x.Lines[0].Shown != "บริษัท ตัวอย่าง" {
			t.Errorf("%+v %v", x, err)
		}
		o.mu.Lock()
		last := o.events[len(o.events)-1]
		o.mu.Unlock()
		if len(o.kinds(from)) != 1 || last.Kind != "review.opened" || last.Detail["entity"] != string(owner.Entity) || last.Detail["by"] != string(c.Account) {
			t.Errorf("%v %+v", o.kinds(from), last)
		}
	})
}
