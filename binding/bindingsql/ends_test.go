package bindingsql_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"

	"onedoor/binding"
	"onedoor/binding/review"
	"onedoor/hub"
	"onedoor/tenants"
)

// news notes whom a bureau tells of moves.
type news struct {
	mu      sync.Mutex
	people  []string
	systems []string
}

// Tell implements binding.People.
func (n *news) Tell(_ context.Context, o binding.Owner, was, is binding.State, by binding.Actor) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.people = append(n.people, string(was)+">"+string(is)+" "+string(by.Kind))
	return nil
}

// Moved implements binding.Signals.
func (n *news) Moved(_ context.Context, b binding.Binding, by binding.Actor) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.systems = append(n.systems, string(b.State)+" "+string(b.Reason)+" "+string(by.Kind))
	return nil
}

// boundOne gives a binding that a match has bound.
func (b *bureau) boundOne(number string) (binding.Visitor, string) {
	b.t.Helper()
	v := b.visitor(enough)
	b.match(number)
	id := b.ask(v, nil).ID
	b.work()
	b.is(id, binding.Bound, binding.Found)
	return v, id
}

// BND-02, BND-04: staff suspend at once, by one person; where the kind asks for four eyes a second person must want the same before it serves again, or ends.
// The person and the systems that have subscribed are told of what became, and of nothing that is only wanted.
func TestBND04_EndsWantFourEyesAndAreTold(t *testing.T) {
	t.Parallel()
	bureaus(t, func(t *testing.T, b *bureau) {
		ctx := t.Context()
		b.dept.Records[0].FourEyes = true
		_, id := b.boundOne(number(1))
		one, two, reader := b.clerk(binding.ActEnd), b.clerk(binding.ActEnd), b.clerk(binding.ActRead)
		want := func(what string, err error, kind hub.Kind) {
			t.Helper()
			if hub.KindOf(err) != kind {
				t.Errorf("%s: %v, want %q", what, err, kind)
			}
		}
		got, err := b.service.Unbind(ctx, one, id, binding.Wrong)
		if err != nil || got.State != binding.Bound || got.Wanted != binding.Unbound || got.WantedWhy != binding.Wrong || got.First != one.Account {
			t.Fatalf("%+v %v", got, err)
		}
		b.is(id, binding.Bound, binding.Found) // it serves on
		_, err = b.service.Unbind(ctx, one, id, binding.Wrong)
		want("the same person twice", err, hub.Denied)
		_, err = b.service.Unbind(ctx, two, id, binding.Closed)
		want("another reason", err, hub.Conflict)
		_, err = b.service.Decline(ctx, reader, id)
		want("who may only read", err, hub.Denied)
		if got, err = b.service.Decline(ctx, two, id); err != nil || got.Wanted != "" {
			t.Fatalf("%+v %v", got, err)
		}
		_, err = b.service.Decline(ctx, two, id)
		want("nothing is wanted", err, hub.Consumed)
		if got, err = b.service.Suspend(ctx, one, id, binding.Suspicious); err != nil || got.State != binding.Suspended {
			t.Fatalf("%+v %v", got, err)
		}
		_, err = b.service.Resume(ctx, one, id)
		want("the first", err, "")
		b.is(id, binding.Suspended, binding.Suspicious)
		if got, err = b.service.Resume(ctx, two, id); err != nil || got.State != binding.Bound || got.Wanted != "" {
			t.Fatalf("%+v %v", got, err)
		}
		// What was wanted of a bound one is wanted no more when it is out of service.
		_, err = b.service.Unbind(ctx, one, id, binding.Wrong)
		want("the first", err, "")
		if got, err = b.service.Suspend(ctx, two, id, binding.Suspicious); err != nil || got.Wanted != "" {
			t.Fatalf("%+v %v", got, err)
		}
		for _, c := range []binding.Clerk{one, two} {
			_, err = b.service.Unbind(ctx, c, id, binding.Wrong)
			want("both", err, "")
		}
		b.is(id, binding.Unbound, binding.Wrong)
		_, err = b.service.Resume(ctx, two, id)
		want("after its end", err, hub.Conflict)
		if people := []string{"bound>suspended staff", "suspended>bound staff", "bound>suspended staff", "suspended>unbound staff"}; !slices.Equal(b.news.people, people) {
			t.Errorf("AUD-09: the person was told %v", b.news.people)
		}
		if systems := []string{"bound found department", "suspended suspicious staff", "bound cleared staff", "suspended suspicious staff", "unbound wrong staff"}; !slices.Equal(b.news.systems, systems) {
			t.Errorf("the systems were told %v", b.news.systems)
		}
		var line []string
		changes, err := b.service.Changes(ctx, id)
		for _, c := range changes {
			if c.By.Kind == binding.ByStaff {
				line = append(line, string(c.Became)+" "+string(c.Reason))
			}
			if c.By.Kind == binding.ByStaff && c.By.Account != one.Account && c.By.Account != two.Account {
				t.Errorf("%+v", c)
			}
		}
		slices.Reverse(line)
		if err != nil || strings.Join(line, ", ") != "bound wished, bound declined, suspended suspicious, suspended wished, bound cleared, bound wished, suspended suspicious, suspended wished, unbound wrong" {
			t.Errorf("%v %s", err, strings.Join(line, ", "))
		}
	})
}

// Invariant: of many clerks who want an end at once two are enough and one is never; of one clerk in many windows nothing ends.
func TestBND02_OneClerkInManyWindowsEndsNothing(t *testing.T) {
	t.Parallel()
	bureaus(t, func(t *testing.T, b *bureau) {
		b.dept.Records[0].FourEyes = true
		_, id := b.boundOne(number(1))
		alone, second := b.clerk(binding.ActEnd), b.clerk(binding.ActEnd)
		many := func(c ...binding.Clerk) (bound, ended int) {
			var wg sync.WaitGroup
			var mu sync.Mutex
			for i := range 8 {
				wg.Go(func() {
					got, err := b.service.Unbind(t.Context(), c[i%len(c)], id, binding.Wrong)
					mu.Lock()
					defer mu.Unlock()
					switch {
					case err == nil && got.State == binding.Unbound:
						ended++
					case err == nil:
						bound++
					case !errors.Is(err, hub.Denied) && !errors.Is(err, hub.Consumed) && !errors.Is(err, hub.Conflict):
						t.Error(err)
					}
				})
			}
			wg.Wait()
			return bound, ended
		}
		if first, ended := many(alone); first != 1 || ended != 0 {
			t.Errorf("one person: %d first, %d ends", first, ended)
		}
		if first, ended := many(alone, second); first != 0 || ended != 1 {
			t.Errorf("two: %d first, %d ends", first, ended)
		}
		b.is(id, binding.Unbound, binding.Wrong)
	})
}

// BND-02, BND-05: a clerk finds a binding by the number of its record and no other way, where they may end it; everything else is not there for them. Each
// search is recorded, and nobody goes through the numbers.
func TestBND05_FindingByNumberTellsNothingElse(t *testing.T) {
	t.Parallel()
	offices(t, func(t *testing.T, o *office) {
		ctx := t.Context()
		n := number(1)
		o.dept.Records[0].Automatic = true
		v, id := o.boundOne(n)
		here, south := o.clerk(binding.ActEnd), o.clerk(binding.ActEnd)
		at := func(area tenants.AreaID) []review.Place {
			return []review.Place{{Department: numbers.Department, Area: area}}
		}
		o.places[here.Account], o.places[south.Account] = at("north"), at("south")
		reader := o.clerk(binding.ActRead)
		b, err := o.review.Find(ctx, here, numbers, strings.ToLower(n[:4])+"-"+n[4:])
		if err != nil || b.ID != id {
			t.Fatalf("%+v %v", b, err)
		}
		x, err := o.review.Inspect(ctx, here, id)
		if err != nil || x.Number != n || len(x.History) < 2 || x.Own {
			t.Fatalf("%+v %v", x, err)
		}
		for what, c := range map[string]struct {
			who    binding.Clerk
			place  binding.Place
			number string
		}{
			"another area": {south, numbers, n}, "no right": {reader, numbers, n}, "nobody's": {here, numbers, number(2)}, "no number": {here, numbers, "x"},
			"another kind": {here, binding.Place{Department: numbers.Department, Kind: "none"}, n}, "another department": {here, binding.Place{Department: "other", Kind: numbers.Kind}, n},
		} {
			if b, err := o.review.Find(ctx, c.who, c.place, c.number); hub.KindOf(err) != hub.NotFound || b.ID != "" {
				t.Errorf("invariant 10: %s: %+v %v", what, b, err)
			}
		}
		for what, c := range map[string]binding.Clerk{"another area": south, "no right": reader} {
			if _, err := o.review.Inspect(ctx, c, id); hub.KindOf(err) != hub.NotFound {
				t.Errorf("invariant 10: %s looks: %v", what, err)
			}
			for act, do := range map[string]func() (binding.Binding, error){
				"suspend": func() (binding.Binding, error) { return o.review.Suspend(ctx, c, id, binding.Suspicious) },
				"unbind":  func() (binding.Binding, error) { return o.review.Unbind(ctx, c, id, binding.Wrong) },
				"resume":  func() (binding.Binding, error) { return o.review.Resume(ctx, c, id) },
				"decline": func() (binding.Binding, error) { return o.review.Decline(ctx, c, id) },
			} {
				if _, err := do(); hub.KindOf(err) != hub.NotFound {
					t.Errorf("invariant 10: %s, %s: %v", what, act, err)
				}
			}
		}
		// Their own record they may neither see nor move.
		own := binding.Clerk{Account: v.Account, Level: enough}
		o.may[binding.ActEnd][own.Account] = true
		o.places[own.Account] = at("north")
		if x, err := o.review.Inspect(ctx, own, id); err != nil || !x.Own || x.Number != "" {
			t.Errorf("%+v %v", x, err)
		}
		if _, err := o.review.Unbind(ctx, own, id, binding.Wrong); hub.KindOf(err) != hub.Denied {
			t.Errorf("decides about themselves: %v", err)
		}
		searches, looks := 0, 0
		for _, e := range o.events {
			for _, text := range e.Detail {
				if strings.Contains(text, n) {
					t.Errorf("D3: the record holds the number: %+v", e)
				}
			}
			switch {
			case e.Kind == "binding.searched" && e.Detail["by"] == string(here.Account):
				searches++
			case e.Kind == "binding.looked_at" && e.Detail["by"] == string(here.Account):
				looks++
			}
		}
		if searches != 4 || looks != 1 {
			t.Errorf("%d searches, %d looks are recorded", searches, looks)
		}
		for range 300 {
			if err = o.review.Seek(ctx, string(here.Account), numbers, map[string]string{}); err != nil {
				break
			}
		}
		if _, err := o.review.Find(ctx, here, numbers, n); hub.KindOf(err) != hub.TooMany {
			t.Errorf("goes through the numbers: %v", err)
		}
	})
}

// firms are the legal entities of a bureau: who heads which, and who else acts for it.
type firms struct {
	heads, acts map[hub.AccountID]hub.EntityID
}

// MayBind implements binding.Entities.
func (f *firms) MayBind(_ context.Context, account hub.AccountID, entity hub.EntityID) error {
	if f.heads[account] != entity {
		return hub.Errorf("test", hub.Denied, "not theirs")
	}
	return nil
}

// Stands implements binding.Entities.
func (f *firms) Stands(_ context.Context, account hub.AccountID, entity hub.EntityID) (bool, error) {
	return f.heads[account] == entity || f.acts[account] == entity, nil
}

// Facts implements binding.Entities.
func (f *firms) Facts(context.Context, hub.EntityID) (binding.Facts, error) {
	return binding.Facts{NumberType: "th.juristic", Number: "0105540000001", Names: map[string]string{"th": "บริษัท ตัวอย่าง จำกัด"}}, nil
}

// BND-02, ENT-03: the department finds a company's record by what the company is registered under, and is told nothing of who asks. A clerk who acts for the
// company, or heads it, neither decides about its record nor sees it.
func TestBND02_ACompanysRecordAndItsOwnPeople(t *testing.T) {
	t.Parallel()
	offices(t, func(t *testing.T, o *office) {
		ctx := t.Context()
		o.dept.Records[0].For, o.dept.Records[0].Attributes, o.dept.Records[0].Show = tenants.Entity, nil, ""
		v := o.visitor(enough)
		v.Entity = hub.EntityID(o.id())
		o.firms.heads = map[hub.AccountID]hub.EntityID{v.Account: v.Entity}
		asked := o.ask(v, nil)
		o.work()
		o.is(asked.ID, binding.Proposed, binding.Found)
		q := o.heard[len(o.heard)-1]
		facts, _ := q["entity"].(map[string]any)
		if facts["number"] != "0105540000001" || facts["number_type"] != "th.juristic" || q["attributes"] != nil || q["holder"] != "entity" {
			t.Errorf("the department was asked %v", q)
		}
		operator, other := o.reviewer("north"), o.reviewer("north")
		o.firms.acts = map[hub.AccountID]hub.EntityID{operator.Account: v.Entity}
		for _, c := range []binding.Clerk{operator, other} {
			o.may[binding.ActEnd] = map[hub.AccountID]bool{operator.Account: true, other.Account: true}
			x, err := o.review.Open(ctx, c, asked.ID)
			if err != nil || x.Own != (c == operator) {
				t.Errorf("own %v, %v", x.Own, err)
			}
		}
		if _, err := o.review.Take(ctx, operator, asked.ID); hub.KindOf(err) != hub.Denied {
			t.Errorf("takes up their own company's case: %v", err)
		}
		if _, err := o.review.Take(ctx, other, asked.ID); err != nil {
			t.Fatal(err)
		}
		if _, err := o.review.Approve(ctx, other, asked.ID); err != nil {
			t.Fatal(err)
		}
		o.is(asked.ID, binding.Bound, binding.Approved)
		if x, err := o.review.Inspect(ctx, operator, asked.ID); err != nil || !x.Own || x.Number != "" {
			t.Errorf("%+v %v", x, err)
		}
		if _, err := o.review.Unbind(ctx, operator, asked.ID, binding.Wrong); hub.KindOf(err) != hub.Denied {
			t.Errorf("ends the binding of their own company: %v", err)
		}
		if x, err := o.review.Inspect(ctx, other, asked.ID); err != nil || x.Own || x.Number != number(1) || x.Entity.Number == "" {
			t.Errorf("%+v %v", x, err)
		}
	})
}
