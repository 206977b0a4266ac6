package bindingsql_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"onedoor/binding"
	"onedoor/binding/review"
	"onedoor/hub"
	"onedoor/tenants"
)

// standing gives somebody with a pending record who has signed in at a level.
func (o *office) standing(level hub.Level) (binding.Visitor, string) {
	o.t.Helper()
	v := o.visitor(level)
	if err := o.service.Arrived(o.t.Context(), binding.Owner{Account: v.Account}, numbers.Department, level); err != nil {
		o.t.Fatal(err)
	}
	mine, err := o.service.Mine(o.t.Context(), v)
	if err != nil || len(mine) != 1 {
		o.t.Fatal(mine, err)
	}
	return v, mine[0].ID
}

// sit begins a sitting of a clerk.
func (o *office) sit(c binding.Clerk) string {
	o.t.Helper()
	n, until, err := o.review.Sit(o.t.Context(), c, numbers.Department)
	if err != nil || !until.Equal(o.clock.Now().Add(review.SittingLife)) {
		o.t.Fatal(until, err)
	}
	return n
}

// confirm gives the code that a person is shown.
func (o *office) confirm(v binding.Visitor, number string) string {
	o.t.Helper()
	code, _, err := o.review.Confirm(o.t.Context(), v, number, numbers.Kind)
	if err != nil || len(code) != 6 {
		o.t.Fatal(code, err)
	}
	return code
}

// BND-02: a person at the counter is shown a code in a sitting of the clerk's, which opens their case once to that clerk; papers make up for the identity,
// not for the sign-in.
func TestBND02_Counter(t *testing.T) {
	t.Parallel()
	offices(t, func(t *testing.T, o *office) {
		ctx, c := t.Context(), o.reviewer("")
		low := hub.Level{IAL: hub.IAL11, AAL: hub.AAL21}
		v, id := o.standing(low)
		n := o.sit(c)
		at, err := o.review.At(ctx, v, strings.ToUpper(n[:4])+" - "+n[4:])
		if err != nil || at.Department.ID != numbers.Department || len(at.Kinds) != 1 || at.Kinds[0].Binding.ID != id {
			t.Fatalf("%+v %v", at, err)
		}
		weak := v
		weak.Level.AAL = hub.AAL1
		if _, _, err := o.review.Confirm(ctx, weak, n, numbers.Kind); !errors.Is(err, hub.LevelUnmet) {
			t.Errorf("a weak sign-in: %v", err)
		}
		if _, _, err := o.review.Confirm(ctx, v, n, "cars"); !errors.Is(err, hub.NotFound) {
			t.Errorf("about something else: %v", err)
		}
		if _, _, err := o.review.Confirm(ctx, binding.Visitor{Level: low}, n, numbers.Kind); !errors.Is(err, hub.Unauthenticated) {
			t.Errorf("nobody: %v", err)
		}
		old := o.confirm(v, n)
		code := o.confirm(v, n) // shown anew
		for name, try := range map[string][2]string{
			"an old code": {n, old}, "no digits": {n, "ABCDEF"}, "nothing": {n, ""}, "too long": {n, code + "1"}, "no number": {"", code}, "another number": {"aaaabbbb", code},
		} {
			if _, err := o.review.Serve(ctx, c, try[0], try[1]); !errors.Is(err, hub.NotFound) && old != code {
				t.Errorf("%s: %v", name, err)
			}
		}
		o.mute = hub.Errorf("test", hub.Unavailable, "nothing is kept")
		if _, err := o.review.Serve(ctx, c, n, code); !errors.Is(err, hub.Unavailable) || len(o.greeted) != 0 {
			t.Errorf("taken up without telling, or told before: %v %v", err, o.greeted)
		}
		o.mute = nil
		b, err := o.review.Serve(ctx, c, n, code[:3]+" "+code[3:])
		if err != nil || b.ID != id || b.State != binding.Review || b.Reviewer != c.Account {
			t.Fatalf("%+v %v", b, err)
		}
		if _, err := o.review.Serve(ctx, c, n, code); !errors.Is(err, hub.NotFound) {
			t.Errorf("a code twice: %v", err)
		}
		if !slices.Equal(o.greeted, []hub.AccountID{v.Account}) {
			t.Errorf("AUD-09: told %v", o.greeted)
		}
		if _, err := o.review.At(ctx, v, n); !errors.Is(err, hub.NotFound) {
			t.Errorf("a sitting that was used: %v", err)
		}
		if _, err := o.review.Name(ctx, c, id, "no number"); !errors.Is(err, hub.Invalid) {
			t.Errorf("no number: %v", err)
		}
		if b, err = o.review.Name(ctx, c, id, number(3)); err != nil || b.Level.IAL < o.dept.Records[0].Least.IAL || b.Way != binding.ByCounter {
			t.Fatalf("%+v %v", b, err)
		}
		if _, err := o.review.Approve(ctx, c, id); err != nil {
			t.Fatal(err)
		}
		if at, err := o.review.At(ctx, v, o.sit(c)); err != nil || len(at.Kinds) != 0 {
			t.Errorf("a record that is bound needs no counter: %+v %v", at, err)
		}
		// Without somebody at the counter nobody's level is raised.
		_, theirs := o.standing(low)
		if _, err := o.review.Take(ctx, c, theirs); err != nil {
			t.Fatal(err)
		}
		if _, err := o.review.Name(ctx, c, theirs, number(4)); !errors.Is(err, hub.LevelUnmet) {
			t.Errorf("nobody stood there: %v", err)
		}
		for _, e := range o.events {
			if s := fmt.Sprint(e); strings.Contains(s, code) || strings.Contains(s, n) || strings.Contains(s, number(3)) {
				t.Errorf("%s holds a code or a number", e.Kind)
			}
		}
	})
}

// BND-02: what ties the clerk's browser and the phone, as whoever would come between them sees it.
func TestBND02_ACounterTiesBothBrowsers(t *testing.T) {
	t.Parallel()
	offices(t, func(t *testing.T, o *office) {
		ctx, one, two := t.Context(), o.reviewer(""), o.reviewer("")
		v, id := o.standing(enough)
		w, other := o.standing(enough)
		serve := func(name string, c binding.Clerk, n, code string) {
			t.Helper()
			if b, err := o.review.Serve(ctx, c, n, code); !errors.Is(err, hub.NotFound) {
				t.Errorf("%s opens %+v, %v", name, b, err)
			}
		}
		n := o.sit(one)
		code := o.confirm(v, n)
		serve("another clerk with number and code", two, n, code)
		serve("another clerk's own sitting", two, o.sit(two), code)
		if _, _, err := o.review.Confirm(ctx, w, n, numbers.Kind); !errors.Is(err, hub.Consumed) {
			t.Errorf("a second person in the same sitting: %v", err)
		}
		if b, err := o.review.Serve(ctx, one, n, code); err != nil || b.ID != id {
			t.Fatal(b, err)
		}

		// Somebody who photographed the number is faster. The person who stands there sees that it is taken; a new sitting is theirs alone.
		n = o.sit(one)
		stolen := o.confirm(w, n)
		next := o.sit(one)
		serve("a sitting that another one has followed", one, n, stolen)
		if _, err := o.review.At(ctx, w, n); !errors.Is(err, hub.NotFound) {
			t.Errorf("the old number: %v", err)
		}
		if code := o.confirm(w, next); code != stolen {
			serve("a code of the sitting before", one, next, stolen)
		}

		// A clerk's own case, and one of another area.
		self := binding.Visitor{Session: w.Session, Account: one.Account, Level: enough, Key: w.Key}
		if err := o.service.Arrived(ctx, binding.Owner{Account: one.Account}, numbers.Department, enough); err != nil {
			t.Fatal(err)
		}
		n = o.sit(one)
		serve("a clerk at their own counter", one, n, o.confirm(self, n))
		south := o.reviewer("south")
		n = o.sit(south)
		serve("a clerk of another area", south, n, o.confirm(w, n))
		if _, _, err := o.review.Sit(ctx, one, "land"); !errors.Is(err, hub.NotFound) {
			t.Errorf("at another department's counter: %v", err)
		}
		o.is(other, binding.Pending, binding.FirstLogin)

		// Time and tries.
		n = o.sit(one)
		late := o.confirm(w, n)
		o.clock.Advance(review.SittingLife)
		serve("too late", one, n, late)
		n = o.sit(one)
		var err error
		for i := range 6 {
			if err = o.review.Try(ctx, one, n); (err != nil) != (i == 5) {
				t.Fatalf("try %d: %v", i+1, err)
			}
		}
		if !errors.Is(err, hub.TooMany) {
			t.Errorf("tried for ever: %v", err)
		}
		if err := o.review.Try(ctx, one, o.sit(one)); err != nil {
			t.Errorf("the next sitting: %v", err)
		}
		for range 61 {
			_, err = o.review.At(ctx, w, "bcdfghjk")
		}
		if !errors.Is(err, hub.TooMany) {
			t.Errorf("numbers tried for ever: %v", err)
		}
		if n, err := o.reviews.SweepSittings(ctx, o.clock.Now().Add(time.Hour), 100); err != nil || n < 4 || o.rows("counter_sittings") != 0 {
			t.Errorf("%d swept, %v", n, err)
		}
	})
}

// BND-01, BND-02: whoever has never been at the department has a case from the moment that they confirm; of two phones that scan the same number one is served.
func TestBND02_AtACounterOneOfManyIsServed(t *testing.T) {
	t.Parallel()
	offices(t, func(t *testing.T, o *office) {
		c := o.reviewer("")
		n := o.sit(c)
		const phones = 4
		var mu sync.Mutex
		var all sync.WaitGroup
		codes := map[string]bool{}
		for range phones {
			v := o.visitor(enough)
			all.Go(func() {
				code, b, err := o.review.Confirm(context.WithoutCancel(t.Context()), v, n, tenants.RecordKindID(numbers.Kind))
				mu.Lock()
				defer mu.Unlock()
				switch {
				case err == nil && b.State == binding.Pending:
					codes[code] = true
				case !errors.Is(err, hub.Consumed):
					t.Errorf("%+v %v", b, err)
				}
			})
		}
		all.Wait()
		if len(codes) != 1 {
			t.Fatalf("%d were confirmed", len(codes))
		}
		for code := range codes {
			if _, err := o.review.Serve(t.Context(), c, n, code); err != nil {
				t.Error(err)
			}
		}
	})
}
