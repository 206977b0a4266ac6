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
	"onedoor/binding/bindingsql"
	"onedoor/binding/review"
	"onedoor/binding/spelling"
	"onedoor/hub"
	"onedoor/hub/hubsql"
	"onedoor/hub/keys"
	"onedoor/tenants"
)

// office is a bureau with a review desk. Places tells where each clerk may act.
type office struct {
	*bureau
	reviews *bindingsql.Reviews
	review  *review.Desk
	places  map[hub.AccountID][]review.Place
	greeted []hub.AccountID // who was told of a counter
	mute    error           // of telling them
}

// Where implements review.Permits.
func (o *office) Where(_ context.Context, c binding.Clerk, _ binding.Act) ([]review.Place, error) {
	return o.places[c.Account], nil
}

// May implements review.Permits, by the clerk's places.
func (o *office) May(_ context.Context, c binding.Clerk, _ binding.Act, department hub.DepartmentID, area tenants.AreaID) error {
	for _, p := range o.places[c.Account] {
		if p.Department == department && (p.Area == "" || area != "" && o.Within(department, area, p.Area)) {
			return nil
		}
	}
	return hub.Errorf("test", hub.Denied, "not theirs")
}

// Within implements review.Departments: "north" holds "north-1".
func (o *office) Within(_ hub.DepartmentID, area, of tenants.AreaID) bool {
	return area == of || strings.HasPrefix(string(area), string(of)+"-")
}

func newOffice(t *testing.T, b *bureau) *office {
	t.Helper()
	o := &office{bureau: b, places: map[hub.AccountID][]review.Place{}}
	b.dept.Areas = []tenants.Area{{ID: "north", Names: text("North")}, {ID: "north-1", Parent: "north"}, {ID: "south"}}
	k := &b.dept.Records[0]
	k.Automatic, k.Show = false, b.server.URL+"/show"
	k.Attributes = []hub.AttributeName{hub.CitizenID, hub.GivenName, hub.FamilyName, hub.Birthdate}
	b.vault[hub.GivenName], b.vault[hub.FamilyName] = hub.Attribute{Value: "สมชาย"}, hub.Attribute{Value: "ใจดี"}
	b.match(number(1))
	var err error
	if o.reviews, err = bindingsql.NewReviews(b.db); err != nil {
		t.Fatal(err)
	}
	counters, err := hubsql.NewCounters(b.db)
	if err != nil {
		t.Fatal(err)
	}
	o.review, err = review.New(review.Options{
		Bindings: b.service, Evidence: b.evidence, Queue: o.reviews, Sittings: o.reviews, Permits: o, Departments: o, Sessions: b, Counters: counters,
		Index: hashes{}, Sign: b, HTTP: b.server.Client(), Issuer: "https://hub.example", Audit: b, Tx: b.db, Clock: b.clock.Now, Random: b.random, Entities: o,
		Told: func(_ context.Context, account hub.AccountID) error {
			o.mu.Lock()
			defer o.mu.Unlock()
			if o.mute == nil {
				o.greeted = append(o.greeted, account)
			}
			return o.mute
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// Facts implements review.Entities.
func (o *office) Facts(_ context.Context, id hub.EntityID) (review.Company, error) {
	if !hub.ValidID(string(id)) {
		return review.Company{}, hub.Errorf("test", hub.NotFound, "no such entity")
	}
	return review.Company{Kind: "th.juristic", Number: "0105540000001", Names: hub.Text{"th": "บริษัท ตัวอย่าง", "en": "Example"}, Status: "active"}, nil
}

func offices(t *testing.T, test func(t *testing.T, o *office)) {
	t.Helper()
	bureaus(t, func(t *testing.T, b *bureau) { test(t, newOffice(t, b)) })
}

// reviewer gives a clerk with a post at a place.
func (o *office) reviewer(area tenants.AreaID) binding.Clerk {
	c := o.clerk(binding.ActReview, binding.ActApprove, binding.ActCounter, binding.ActRead)
	o.places[c.Account] = []review.Place{{Department: numbers.Department, Area: area}}
	return c
}

// proposed gives a person whose record was found and who has agreed to a review.
func (o *office) proposed() (binding.Visitor, binding.Binding) {
	o.t.Helper()
	v := o.visitor(enough)
	b := o.ask(v, nil)
	if err := o.review.Consent(o.t.Context(), v, b.ID); err != nil {
		o.t.Fatal(err)
	}
	o.work()
	return v, o.is(b.ID, binding.Proposed, binding.Found)
}

func (o *office) rows(table string) (n int) {
	o.t.Helper()
	if err := o.db.Read(o.t.Context()).Raw("SELECT count(*) FROM " + table).Row().Scan(&n); err != nil {
		o.t.Fatal(err)
	}
	return n
}

// kinds gives the kinds of events since a place in the list.
func (o *office) kinds(from int) (all []string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, e := range o.events[from:] {
		all = append(all, e.Kind)
	}
	return all
}

// A clerk sees both sides beside each other only while they have the case; every look is recorded; what was shown is gone with the decision.
func TestBND02_BND03_BothSidesWhileTheCaseIsOpen(t *testing.T) {
	t.Parallel()
	offices(t, func(t *testing.T, o *office) {
		ctx, c := t.Context(), o.reviewer("")
		v, b := o.proposed()
		o.answer = func(claims map[string]any) (int, string) {
			if claims["record"] != number(1) || claims["reviewer"] == "" || claims["sub"] == claims["reviewer"] || claims["aud"] != o.server.URL+"/show" {
				t.Errorf("%v", claims)
			}
			return 200, `{"fields":{"citizen_id":"1-2345-67890-12-1","given_name":"นายสมชาย","family_name":"ใจดีมาก","birthdate":"31/01/2533","address":"Bangkok"}}`
		}
		before, err := o.review.Open(ctx, c, b.ID)
		if err != nil || len(before.Lines) != 0 || before.Number != "" || !before.Evidence || before.Mine {
			t.Fatalf("not taken up: %+v %v", before, err)
		}
		if _, err := o.review.Take(ctx, c, b.ID); err != nil {
			t.Fatal(err)
		}
		from := len(o.kinds(0))
		got, err := o.review.Open(ctx, c, b.ID)
		if err != nil || got.Number != number(1) || !got.Held || !got.Mine {
			t.Fatalf("%+v %v", got, err)
		}
		var lines []string
		for _, l := range got.Lines {
			lines = append(lines, l.Name+" "+string(l.Likeness))
		}
		if want := []string{"citizen_id same", "given_name same", "family_name different", "birthdate same", "address missing"}; !slices.Equal(lines, want) {
			t.Errorf("%v", lines)
		}
		if review.Differing(got.Lines) != 1 {
			t.Errorf("%d differ", review.Differing(got.Lines))
		}
		if kinds := o.kinds(from); !slices.Equal(kinds, []string{"binding.looked_at", "review.opened"}) {
			t.Errorf("%v", kinds)
		}
		if other, err := o.review.Open(ctx, o.reviewer(""), b.ID); err != nil || len(other.Lines) != 0 || other.Number != "" || !other.Other {
			t.Errorf("another clerk: %+v %v", other, err)
		}
		if _, err := o.review.Take(ctx, o.reviewer(""), b.ID); !errors.Is(err, hub.Conflict) {
			t.Errorf("two clerks have it: %v", err)
		}
		if _, err := o.review.Approve(ctx, c, b.ID); err != nil {
			t.Fatal(err)
		}
		o.is(b.ID, binding.Bound, binding.Approved)
		if o.rows("review_evidence") != 0 {
			t.Error("what was shown outlives the case")
		}
		if _, err := o.review.Approve(ctx, c, b.ID); !errors.Is(err, hub.Consumed) {
			t.Errorf("decided twice: %v", err)
		}
		if after, err := o.review.Open(ctx, c, b.ID); err != nil || len(after.Lines) != 0 || after.Number != "" || len(after.History) == 0 {
			t.Errorf("%+v %v", after, err)
		}
		if err := o.review.Consent(ctx, v, b.ID); !errors.Is(err, hub.Consumed) {
			t.Errorf("evidence for a case that is closed: %v", err)
		}
		for _, e := range o.events {
			for _, secret := range []string{number(1), "1234567890121", "สมชาย", "1990-01-31"} {
				if strings.Contains(fmt.Sprint(e), secret) {
					t.Errorf("%s holds %s", e.Kind, secret)
				}
			}
		}
	})
}

// What is not a clerk's is not there: neither in the queue, nor by its id, nor for any act (BND-05).
func TestBND05_OtherAreasAreNotThere(t *testing.T) {
	t.Parallel()
	offices(t, func(t *testing.T, o *office) {
		ctx := t.Context()
		_, b := o.proposed() // the match answered with the area north
		north, south, all, nobody := o.reviewer("north"), o.reviewer("south"), o.reviewer(""), o.clerk()
		inner := o.reviewer("north-1")
		for name, c := range map[string]struct {
			clerk binding.Clerk
			sees  bool
		}{"north": {north, true}, "south": {south, false}, "all": {all, true}, "nobody": {nobody, false}, "below": {inner, false}} {
			list, _, places, err := o.review.Queue(ctx, c.clerk, review.Cursor{}, 10)
			if err != nil || (len(list) == 1) != c.sees || places == (name == "nobody") {
				t.Errorf("%s: %d, %v %v", name, len(list), places, err)
			}
			if _, err := o.review.Open(ctx, c.clerk, b.ID); (err == nil) != c.sees || err != nil && !errors.Is(err, hub.NotFound) {
				t.Errorf("%s: %v", name, err)
			}
		}
		for name, act := range map[string]func(id string) error{
			"take":    func(id string) error { _, err := o.review.Take(ctx, south, id); return err },
			"release": func(id string) error { _, err := o.review.Release(ctx, south, id); return err },
			"approve": func(id string) error { _, err := o.review.Approve(ctx, south, id); return err },
			"reject":  func(id string) error { _, err := o.review.Reject(ctx, south, id, binding.Mismatch); return err },
			"ask":     func(id string) error { _, err := o.review.AskFor(ctx, south, id, "first-year"); return err },
			"move":    func(id string) error { _, err := o.review.Reassign(ctx, south, id, "south"); return err },
			"name":    func(id string) error { _, err := o.review.Name(ctx, south, id, number(2)); return err },
		} {
			there, missing := act(b.ID), act(o.id())
			if !errors.Is(there, hub.NotFound) || hub.KindOf(there) != hub.KindOf(missing) {
				t.Errorf("%s: %v, and for what is not there %v", name, there, missing)
			}
		}
	})
}

// The queue is read page by page, the longest waiting first, and shows nobody's own case as theirs to decide.
func TestBND02_QueuePages(t *testing.T) {
	t.Parallel()
	offices(t, func(t *testing.T, o *office) {
		ctx, c := t.Context(), o.reviewer("")
		o.places[c.Account] = append(o.places[c.Account], review.Place{Department: numbers.Department, Area: "north"}) // two posts, no case twice
		o.answer = func(map[string]any) (int, string) { return 200, `{"result":"multiple"}` }
		var want, got []string
		for range 5 {
			o.clock.Advance(time.Second)
			b := o.ask(o.visitor(enough), nil)
			o.work()
			want = append(want, b.ID)
		}
		for at := (review.Cursor{}); ; {
			list, next, _, err := o.review.Queue(ctx, c, at, 2)
			if err != nil || len(list) > 2 {
				t.Fatal(len(list), err)
			}
			for _, w := range list {
				got = append(got, w.ID)
			}
			if at = next; next == (review.Cursor{}) {
				break
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%v, want %v", got, want)
		}
	})
}

// Who takes their word back leaves nothing to look at, even while a clerk has the case.
func TestCON_TakenBackIsGone(t *testing.T) {
	t.Parallel()
	offices(t, func(t *testing.T, o *office) {
		ctx, c := t.Context(), o.reviewer("")
		o.answer = func(claims map[string]any) (int, string) {
			if claims["record"] != nil {
				return 503, ""
			}
			return 200, `{"result":"match","record":"` + number(1) + `"}`
		}
		v, b := o.proposed()
		if _, err := o.review.Take(ctx, c, b.ID); err != nil {
			t.Fatal(err)
		}
		if err := o.review.Withdraw(ctx, o.visitor(enough), b.ID); !errors.Is(err, hub.NotFound) {
			t.Errorf("somebody else's: %v", err)
		}
		if until, ok, err := o.review.Consented(ctx, v, b.ID); err != nil || !ok || !until.Equal(o.clock.Now().Add(review.EvidenceLife)) {
			t.Errorf("%v %v %v", until, ok, err)
		}
		if err := o.review.Withdraw(ctx, v, b.ID); err != nil {
			t.Fatal(err)
		}
		got, err := o.review.Open(ctx, c, b.ID)
		if err != nil || got.Evidence || len(got.Lines) != 0 || got.Trouble != hub.Unavailable {
			t.Errorf("%+v %v", got, err)
		}
		if _, err := o.review.Reject(ctx, c, b.ID, binding.Unproven); err != nil {
			t.Error(err)
		}
		// Asked for more, it ends with the case too; and so it does by itself after its time.
		if _, err := o.service.Ask(ctx, v, numbers, nil); err != nil {
			t.Fatal(err)
		}
		if err := o.review.Consent(ctx, v, b.ID); err != nil {
			t.Fatal(err)
		}
		o.work()
		o.is(b.ID, binding.Proposed, binding.Found)
		o.clock.Advance(review.EvidenceLife)
		if n, err := o.review.Purge(ctx, o.clock.Now(), 100); err != nil || n != 1 || o.rows("review_evidence") != 0 {
			t.Errorf("%d swept, %v", n, err)
		}
	})
}

// Of many clerks who take a case at once one has it; with four eyes it takes two of them.
func TestBND02_FourEyesAndManyHands(t *testing.T) {
	t.Parallel()
	offices(t, func(t *testing.T, o *office) {
		ctx := t.Context()
		o.dept.Records[0].FourEyes = true
		_, b := o.proposed()
		clerks := make([]binding.Clerk, 8)
		for i := range clerks {
			clerks[i] = o.reviewer("")
		}
		var all sync.WaitGroup
		taken := make([]error, len(clerks))
		for i, c := range clerks {
			all.Go(func() { _, taken[i] = o.review.Take(ctx, c, b.ID) })
		}
		all.Wait()
		first := -1
		for i, err := range taken {
			switch {
			case err == nil && first < 0:
				first = i
			case err == nil:
				t.Error("two have it")
			case !errors.Is(err, hub.Conflict):
				t.Errorf("%v", err)
			}
		}
		if _, err := o.review.Approve(ctx, clerks[first], b.ID); err != nil {
			t.Fatal(err)
		}
		o.is(b.ID, binding.Proposed, binding.ApprovedOnce)
		if o.rows("review_evidence") != 1 {
			t.Error("the second pair of eyes has nothing to look at")
		}
		if _, err := o.review.Take(ctx, clerks[first], b.ID); !errors.Is(err, hub.Denied) {
			t.Errorf("the same eyes twice: %v", err)
		}
		second := clerks[(first+1)%len(clerks)]
		if _, err := o.review.Take(ctx, second, b.ID); err != nil {
			t.Fatal(err)
		}
		if _, err := o.review.Approve(ctx, second, b.ID); err != nil {
			t.Fatal(err)
		}
		o.is(b.ID, binding.Bound, binding.Approved)
	})
}

// Whoever holds the database alone reads nothing of what waits, and it follows the master key.
func TestD3_EvidenceNeedsTheMasterKey(t *testing.T) {
	t.Parallel()
	offices(t, func(t *testing.T, o *office) {
		ctx := t.Context()
		_, b := o.proposed()
		kept, err := o.reviews.Of(ctx, b.ID, o.clock.Now())
		if err != nil {
			t.Fatal(err)
		}
		for _, secret := range []string{"สมชาย", "1234567890121", "1990-01-31", "given_name"} {
			if strings.Contains(string(kept.Sealed)+string(kept.Key), secret) {
				t.Errorf("it rests in the clear: %s", secret)
			}
		}
		fresh, err := keys.ParseMasters(keys.GenerateMaster(o.random))
		if err != nil {
			t.Fatal(err)
		}
		evidence := func(m keys.Masters) *review.Evidence {
			e, err := review.NewEvidence(review.EvidenceOptions{Store: o.reviews, Masters: m, Audit: o, Tx: o.db, Clock: o.clock.Now, Random: o.random})
			if err != nil {
				t.Fatal(err)
			}
			return e
		}
		if _, err := evidence(fresh).Reseal(ctx); err == nil {
			t.Error("it opens under another master key")
		}
		if n, err := evidence(append(slices.Clone(fresh), o.masters...)).Reseal(ctx); err != nil || n != 1 {
			t.Errorf("%d, %v", n, err)
		}
		if n, err := evidence(fresh).Reseal(ctx); err != nil || n != 1 {
			t.Errorf("%d, %v", n, err)
		}
	})
}

// What a department may answer about a record, and what may not reach a page.
func TestBND03_RecordsOfDepartments(t *testing.T) {
	t.Parallel()
	k := tenants.RecordKind{Extra: []tenants.ExtraAttribute{{ID: "first-year"}}}
	for text, good := range map[string]bool{
		`{"fields":{}}`: true, `{"fields":{"given_name":"สมชาย","first-year":"2540"}}`: true,
		``: false, `[]`: false, `{}`: false, `{"fields":null}`: false, `{"fields":{"given_name":1}}`: false, `{"fields":{"blood_type":"A"}}`: false,
		`{"fields":{"given_name":"a","given_name":"b"}}`: false, `{"fields":{},"more":1}`: false, `{"fields":{"given_name":"a\u202eb"}}`: false,
		`{"fields":{"given_name":"a\nb"}}`: false, `{"fields":{"given_name":"` + strings.Repeat("x", 501) + `"}}`: false,
	} {
		if _, err := review.ParseRecord(k, []byte(text)); (err == nil) != good || err != nil && !errors.Is(err, hub.Refused) {
			t.Errorf("%.60s: %v", text, err)
		}
	}
	lines := review.Compare(tenants.RecordKind{}, review.Fields{"given_name": "ใจดี", "family_name": "สมชาย", "gender": "male"}, review.Fields{"given_name": "สมชาย", "family_name": "ใจดี"})
	if len(lines) != 3 || lines[0].Likeness != spelling.Similar || lines[1].Likeness != spelling.Similar || lines[2].Likeness != spelling.Missing {
		t.Errorf("swapped names: %v %v", lines[0].Likeness, lines[1].Likeness)
	}
	if s := fmt.Sprintf("%v %+v %#v", review.Fields{"given_name": "x1"}, review.Fields{"given_name": "x1"}, review.Fields{"given_name": "x1"}); strings.Contains(s, "x1") {
		t.Error("fields print their texts")
	}
}

func FuzzParseRecord(f *testing.F) {
	for _, s := range []string{`{"fields":{"given_name":"a"}}`, `{"fields":{"first-year":""}}`, `{"fields":[]}`, `{"fields":{"citizen_id":"1\u0000"}}`} {
		f.Add([]byte(s))
	}
	k := tenants.RecordKind{Extra: []tenants.ExtraAttribute{{ID: "first-year"}}}
	f.Fuzz(func(t *testing.T, body []byte) {
		got, err := review.ParseRecord(k, body)
		if err != nil {
			return
		}
		for name, text := range got {
			if !hub.AttributeName(name).Known() && name != "first-year" || strings.ContainsAny(text, "\n\r\x00\u202e") {
				t.Errorf("%q: %q", name, text)
			}
		}
	})
}
