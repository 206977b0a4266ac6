package bindingsql_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"onedoor/binding"
	"onedoor/hub"
	"onedoor/hub/session"
)

// A unique match at the level binds; what is sent is what the kind names and nothing else; the department alone is told, and nothing rests of
// what was sent (D3).
func TestBND03_AUniqueMatchBinds(t *testing.T) {
	t.Parallel()
	bureaus(t, func(t *testing.T, b *bureau) {
		ctx, v := t.Context(), b.visitor(enough)
		if err := b.service.Arrived(ctx, binding.Owner{Account: v.Account}, numbers.Department, enough); err != nil {
			t.Fatal(err)
		}
		b.match(number(1))
		asked := b.ask(v, nil)
		if _, err := b.service.Ask(ctx, v, numbers, nil); !errors.Is(err, hub.Conflict) {
			t.Errorf("asked twice: %v", err)
		}
		if n := b.work(); n != 1 {
			t.Fatalf("%d pieces of work", n)
		}
		got := b.is(asked.ID, binding.Bound, binding.Found)
		if got.Area != "north" || got.Way != binding.ByMatch || got.Level != enough {
			t.Errorf("%+v", got)
		}
		heard := b.heard[0]
		if sent := heard["attributes"].(map[string]any); len(sent) != 2 || sent["citizen_id"] != "1234567890121" || heard["aud"] != b.server.URL+"/match" {
			t.Errorf("%v", heard)
		}
		b.work()
		if len(b.told) != 1 || b.told[0]["event"] != "bound" || b.told[0]["record"] != number(1) || b.told[0]["sub"] != heard["sub"] {
			t.Errorf("%v", b.told)
		}
		shown, err := b.service.Shown(ctx, binding.Owner{Account: v.Account}, numbers.Department, enough)
		if err != nil || len(shown) != 1 || shown[0].Number != number(1) {
			t.Errorf("%v %v", shown, err)
		}
		var left int
		if err := b.db.Read(ctx).Raw("SELECT count(*) FROM binding_work WHERE sealed IS NOT NULL").Row().Scan(&left); err != nil || left != 0 {
			t.Errorf("%d still sealed, %v", left, err)
		}
		for _, e := range b.events {
			if s := fmt.Sprint(e); strings.Contains(s, number(1)) || strings.Contains(s, "1234567890121") {
				t.Errorf("in the record: %s", s)
			}
		}
		if other := b.service.Subject("revenue", binding.Owner{Account: v.Account}); other == heard["sub"] {
			t.Error("two departments know the same name")
		}
	})
}

// What the department answers, and what becomes of the binding.
func TestBND03_Answers(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		status       int
		answer       string
		automatic    bool
		state        binding.State
		reason       binding.Reason
		asked, again bool
	}{
		"no match":            {200, `{"result":"no-match"}`, true, binding.Pending, binding.NoMatch, false, false},
		"several":             {200, `{"result":"multiple"}`, true, binding.Proposed, binding.Several, false, false},
		"one more attribute":  {200, `{"result":"ask-more","ask":"first-year"}`, true, binding.Pending, binding.AskMore, true, false},
		"made":                {200, `{"result":"create","record":"` + number(7) + `"}`, true, binding.Bound, binding.Created, false, false},
		"not by itself":       {200, `{"result":"match","record":"` + number(7) + `"}`, false, binding.Proposed, binding.Found, false, false},
		"not a number":        {200, `{"result":"match","record":"SSO7"}`, true, binding.Pending, binding.Requested, false, true},
		"another attribute":   {200, `{"result":"ask-more","ask":"blood"}`, true, binding.Pending, binding.Requested, false, true},
		"an unknown area":     {200, `{"result":"match","record":"` + number(7) + `","area":"moon"}`, true, binding.Pending, binding.Requested, false, true},
		"personal data":       {200, `{"result":"no-match","name":"Somchai"}`, true, binding.Pending, binding.Requested, false, true},
		"a member twice":      {200, `{"result":"no-match","result":"match"}`, true, binding.Pending, binding.Requested, false, true},
		"not JSON":            {200, `yes`, true, binding.Pending, binding.Requested, false, true},
		"a redirect":          {302, ``, true, binding.Pending, binding.Requested, false, true},
		"broken":              {500, ``, true, binding.Pending, binding.Requested, false, true},
		"much too much":       {200, `{"result":"` + strings.Repeat("x", 20<<10) + `"}`, true, binding.Pending, binding.Requested, false, true},
		"a record of no kind": {200, `{"result":"no-match","record":"` + number(7) + `"}`, true, binding.Pending, binding.Requested, false, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			eachLite(t, func(t *testing.T, b *bureau) {
				b.dept.Records[0].Automatic = c.automatic
				b.answer = func(map[string]any) (int, string) { return c.status, c.answer }
				v := b.visitor(enough)
				asked := b.ask(v, nil)
				b.work()
				got := b.is(asked.ID, c.state, c.reason)
				if (got.Asked != "") != c.asked {
					t.Errorf("asks for %q", got.Asked)
				}
				open, err := b.service.Asking(t.Context(), asked.ID)
				if err != nil || open != c.again {
					t.Errorf("tried again: %v, %v", open, err)
				}
				if c.again { // ten minutes later nobody waits any more
					b.clock.Advance(11 * time.Minute)
					b.work()
					b.is(asked.ID, binding.Pending, binding.Unanswered)
				}
				if c.asked {
					b.want2(b.service.Ask(t.Context(), v, numbers, map[string]string{"old-card": "1"}))(hub.Invalid)
					b.match(number(8))
					b.ask(v, map[string]string{"first-year": "1999"})
					b.work()
					b.is(asked.ID, binding.Bound, binding.Found)
					if extra := b.heard[1]["extra"].(map[string]any); extra["first-year"] != "1999" {
						t.Errorf("%v", extra)
					}
				}
			})
		})
	}
}

func eachLite(t *testing.T, test func(t *testing.T, b *bureau)) {
	t.Helper()
	w := lite(t)
	test(t, newBureau(t, w))
}

func (b *bureau) want2(_ binding.Binding, err error) func(hub.Kind) {
	b.t.Helper()
	return func(kind hub.Kind) { b.t.Helper(); b.want("", err, kind) }
}

// A person whose level is too low is asked to prove more, and a binding made at a lower level serves no higher session until it is confirmed:
// with the same record it then does; with another one it is suspended.
func TestBND04_LevelsAreConfirmedAgain(t *testing.T) {
	t.Parallel()
	eachLite(t, func(t *testing.T, b *bureau) {
		ctx := t.Context()
		v := b.visitor(hub.Level{IAL: hub.IAL13, AAL: hub.AAL21})
		b.want2(b.service.Ask(ctx, v, numbers, nil))(hub.LevelUnmet)
		v.Level = hub.Level{IAL: hub.IAL21, AAL: hub.AAL21}
		b.match(number(1))
		asked := b.ask(v, nil)
		b.work()
		low := b.is(asked.ID, binding.Bound, binding.Found)
		if again := b.ask(v, nil); again.Version != low.Version || len(b.heard) != 1 {
			t.Error("asked although it serves")
		}
		shown := func(l hub.Level) int {
			all, err := b.service.Shown(ctx, low.Owner, numbers.Department, l)
			if err != nil {
				t.Fatal(err)
			}
			return len(all)
		}
		if shown(v.Level) != 1 || shown(enough) != 0 || shown(hub.Level{IAL: hub.IAL13, AAL: hub.AAL3}) != 0 {
			t.Error("it speaks for other levels than its own")
		}
		v.Level = enough
		b.ask(v, nil)
		b.work()
		b.is(asked.ID, binding.Bound, binding.Confirmed)
		if b.heard[1]["confirms"] != true || shown(enough) != 1 || shown(hub.Level{IAL: hub.IAL3, AAL: hub.AAL21}) != 0 {
			t.Error("not confirmed")
		}
		v.Level = hub.Level{IAL: hub.IAL3, AAL: hub.AAL21}
		b.match(number(2))
		b.ask(v, nil)
		b.work()
		b.is(asked.ID, binding.Suspended, binding.Differs)
		if shown(enough) != 0 || b.ended != 1 {
			t.Error("another record, and it still serves")
		}
		b.want2(b.service.Ask(ctx, v, numbers, nil))(hub.Denied)
		b.want2(b.service.Withdraw(ctx, v, asked.ID))(hub.Denied)
	})
}

// Two who match one record: the second surfaces, and the first keeps it.
func TestINV4_ConflictsSurface(t *testing.T) {
	t.Parallel()
	bureaus(t, func(t *testing.T, b *bureau) {
		b.match(number(1))
		first := b.ask(b.visitor(enough), nil)
		b.work()
		second := b.ask(b.visitor(enough), nil)
		b.work()
		b.is(first.ID, binding.Bound, binding.Found)
		if got := b.is(second.ID, binding.Proposed, binding.Taken); got.Conflict != first.ID {
			t.Errorf("%+v", got)
		}
		clerk := b.clerk(binding.ActReview, binding.ActEnd)
		if _, err := b.service.Take(t.Context(), clerk, second.ID); err != nil {
			t.Fatal(err)
		}
		if got, err := b.service.Approve(t.Context(), clerk, second.ID); err != nil || got.State != binding.Proposed || got.Conflict != first.ID {
			t.Errorf("%+v %v", got, err)
		}
		if _, err := b.service.Unbind(t.Context(), clerk, first.ID, binding.Wrong); err != nil {
			t.Fatal(err)
		}
		if _, err := b.service.Take(t.Context(), clerk, second.ID); err != nil {
			t.Fatal(err)
		}
		if _, err := b.service.Approve(t.Context(), clerk, second.ID); err != nil {
			t.Fatal(err)
		}
		b.is(second.ID, binding.Bound, binding.Approved)
	})
}

// A claim binds with the right proof, and every no looks the same; who guesses is stopped, by person and by number.
func TestBND06_ClaimsTellGuessersNothing(t *testing.T) {
	t.Parallel()
	eachLite(t, func(t *testing.T, b *bureau) {
		ctx := t.Context()
		b.answer = func(c map[string]any) (int, string) {
			extra, _ := c["extra"].(map[string]any)
			if c["record"] == number(1) && extra["old-card"] == "right" {
				return 200, `{"result":"match","record":"` + number(1) + `"}`
			}
			if c["record"] == number(3) { // finds another one than was named
				return 200, `{"result":"match","record":"` + number(1) + `"}`
			}
			return 200, `{"result":"no-match"}`
		}
		claim := func(v binding.Visitor, number, proof string) (binding.Binding, error) {
			return b.service.Claim(ctx, v, numbers, number, map[string]string{"old-card": proof})
		}
		v := b.visitor(enough)
		b.want2(claim(v, "SSO1", "right"))(hub.Invalid)
		b.want2(b.service.Claim(ctx, v, numbers, number(1), nil))(hub.Invalid)
		b.want2(b.service.Claim(ctx, v, numbers, number(1), map[string]string{"old-card": "a\nb"}))(hub.Invalid)
		var id string
		for _, wrong := range [][2]string{{number(1), "wrong"}, {number(2), "right"}, {number(3), "right"}} {
			got, err := claim(v, wrong[0], wrong[1])
			if err != nil || got.State != binding.Pending {
				t.Fatalf("%+v %v", got, err)
			}
			id = got.ID
			b.work()
			if got := b.is(id, binding.Pending, binding.Unproven); !got.Record.IsZero() {
				t.Error("keeps what was guessed")
			}
		}
		if _, err := claim(v, number(1), "right"); err != nil {
			t.Fatal(err)
		}
		b.work()
		if got := b.is(id, binding.Bound, binding.Found); got.Way != binding.ByClaim {
			t.Errorf("%+v", got)
		}
		b.want2(claim(v, number(2), "right"))(hub.Conflict)
		b.want2(claim(v, number(2), "right"))(hub.TooMany)
		asked := len(b.heard)
		for range 12 { // many people name one number
			who := b.visitor(enough)
			got, err := claim(who, number(9), "guess")
			if err != nil {
				t.Fatal(err)
			}
			b.work()
			b.is(got.ID, binding.Pending, binding.Unproven)
		}
		if n := len(b.heard) - asked; n != 10 {
			t.Errorf("%d guesses reached the department", n)
		}
	})
}

// What is on its way when the person signs out is shredded, and is not sent.
func TestPRV02_SignedOutBeforeItWasSent(t *testing.T) {
	t.Parallel()
	bureaus(t, func(t *testing.T, b *bureau) {
		v := b.visitor(enough)
		asked := b.ask(v, nil)
		if err := b.service.SessionEnded(t.Context(), v.Session); err != nil {
			t.Fatal(err)
		}
		if b.work(); len(b.heard) != 0 {
			t.Error("sent after the sign-out")
		}
		b.ask(v, nil) // and again, ended in a way that nobody told
		b.sessions[v.Session] = session.Session{ID: v.Session, EndedAt: b.clock.Now()}
		if b.work(); len(b.heard) != 0 {
			t.Error("sent although the session has ended")
		}
		open, err := b.service.Asking(t.Context(), asked.ID)
		if err != nil || open {
			t.Errorf("%v %v", open, err)
		}
	})
}

// Staff: what is theirs to do, four eyes, and no two at once.
func TestBND02_Review(t *testing.T) {
	t.Parallel()
	eachLite(t, func(t *testing.T, b *bureau) {
		ctx, s := t.Context(), b.service
		b.dept.Records[0].FourEyes, b.dept.Records[0].Automatic = true, false
		b.match(number(1))
		v := b.visitor(enough)
		asked := b.ask(v, nil)
		b.work()
		one, two := b.clerk(binding.ActReview, binding.ActApprove, binding.ActCounter), b.clerk(binding.ActReview, binding.ActApprove, binding.ActEnd)
		stranger := b.clerk()
		own := binding.Clerk{Account: v.Account, Level: enough}
		b.may[binding.ActReview][v.Account] = true
		b.want2(s.Take(ctx, stranger, asked.ID))(hub.Denied)
		b.want2(s.Take(ctx, own, asked.ID))(hub.Denied)
		b.want2(s.Approve(ctx, one, asked.ID))(hub.Consumed)
		if _, err := s.Take(ctx, one, asked.ID); err != nil {
			t.Fatal(err)
		}
		b.want2(s.Take(ctx, two, asked.ID))(hub.Conflict)
		b.want2(s.Approve(ctx, two, asked.ID))(hub.Consumed)
		b.want2(s.Ask(ctx, v, numbers, nil))(hub.Conflict)
		if _, got, err := s.Look(ctx, one, asked.ID); err != nil || got != number(1) {
			t.Errorf("%q %v", got, err)
		}
		_, _, err := s.Look(ctx, two, asked.ID)
		b.want("looks without having it", err, hub.Consumed)
		b.clock.Advance(binding.ReviewTime)
		b.want2(s.Approve(ctx, one, asked.ID))(hub.Consumed)
		if _, err := s.Take(ctx, two, asked.ID); err != nil {
			t.Fatalf("left open: %v", err)
		}
		if _, err := s.Approve(ctx, two, asked.ID); err != nil {
			t.Fatal(err)
		}
		b.is(asked.ID, binding.Proposed, binding.ApprovedOnce)
		b.want2(s.Take(ctx, two, asked.ID))(hub.Denied)
		if _, err := s.Take(ctx, one, asked.ID); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Approve(ctx, one, asked.ID); err != nil {
			t.Fatal(err)
		}
		b.is(asked.ID, binding.Bound, binding.Approved)
		three := b.clerk(binding.ActEnd)
		b.want2(s.Suspend(ctx, one, asked.ID, binding.Suspicious))(hub.Denied)
		b.want2(s.Suspend(ctx, two, asked.ID, binding.Approved))(hub.Invalid)
		for _, step := range []func() (binding.Binding, error){
			func() (binding.Binding, error) { return s.Suspend(ctx, two, asked.ID, binding.Suspicious) },
			func() (binding.Binding, error) { return s.Resume(ctx, two, asked.ID) },
			func() (binding.Binding, error) { return s.Resume(ctx, three, asked.ID) },
			func() (binding.Binding, error) { return s.Unbind(ctx, two, asked.ID, binding.Closed) },
			func() (binding.Binding, error) { return s.Unbind(ctx, three, asked.ID, binding.Closed) },
		} {
			if _, err := step(); err != nil {
				t.Fatal(err)
			}
		}
		b.want2(s.Unbind(ctx, two, asked.ID, binding.Closed))(hub.Conflict)
		b.work()
		told := make([]string, 16)
		for _, c := range b.told {
			told[int(c["sequence"].(float64))] = c["event"].(string)
		}
		if strings.Join(strings.Fields(strings.Join(told, " ")), " ") != "bound suspended bound unbound" || b.ended != 2 {
			t.Errorf("told %v, ended %d times", told, b.ended)
		}
		changes, err := s.Changes(ctx, asked.ID)
		if err != nil || len(changes) < 8 || changes[0].Reason != binding.Closed || changes[0].By.Account != three.Account {
			t.Errorf("%d %v", len(changes), err)
		}

		next := b.ask(v, nil) // at the counter
		b.work()
		if _, err := s.Take(ctx, one, next.ID); err != nil {
			t.Fatal(err)
		}
		b.want2(s.Name(ctx, one, next.ID, "SSO9", enough))(hub.Invalid)
		b.want2(s.Name(ctx, one, next.ID, number(9), hub.Level{IAL: hub.IAL11, AAL: hub.AAL21}))(hub.LevelUnmet)
		if got, err := s.Name(ctx, one, next.ID, number(9), enough); err != nil || got.Way != binding.ByCounter {
			t.Fatalf("%+v %v", got, err)
		}
		if _, err := s.AskFor(ctx, one, next.ID, "blood"); !errors.Is(err, hub.Invalid) {
			t.Error(err)
		}
		if _, err := s.Release(ctx, one, next.ID); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Take(ctx, one, next.ID); err != nil {
			t.Fatal(err)
		}
		if got, err := s.Reject(ctx, one, next.ID, binding.Mismatch); err != nil || got.State != binding.Pending || !got.Record.IsZero() {
			t.Errorf("%+v %v", got, err)
		}
	})
}

// BND-01 and BND-04 as the login does it: once per person and department, nothing at departments without records, and for who was seen before not
// one statement.
func TestBND01_Arrivals(t *testing.T) {
	t.Parallel()
	bureaus(t, func(t *testing.T, b *bureau) {
		ctx, who := t.Context(), hub.AccountID(b.id())
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				if err := b.db.InTx(ctx, func(ctx context.Context) error {
					return b.service.Arrived(ctx, binding.Owner{Account: who}, numbers.Department, enough)
				}); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		got, err := b.store.Of(ctx, binding.Owner{Account: who}, "")
		if err != nil || len(got) != 1 || len(b.events) != 1 || b.events[0].Kind != "binding.begun" {
			t.Fatalf("%d bindings, %d events, %v", len(got), len(b.events), err)
		}
		if err := b.service.Arrived(ctx, binding.Owner{Account: who}, numbers.Department, enough); err != nil {
			t.Fatal(err)
		}
		dead, cancel := context.WithCancel(ctx) // with it, any statement fails
		cancel()
		if err := b.service.Arrived(dead, binding.Owner{Account: who}, numbers.Department, enough); err != nil {
			t.Errorf("a statement for who was seen: %v", err)
		}
		if err := b.service.Arrived(dead, b.person(), numbers.Department, enough); err == nil {
			t.Error("that proves nothing")
		}
		b.dept.Records = nil
		if err := b.service.Arrived(dead, b.person(), numbers.Department, enough); err != nil {
			t.Errorf("a statement at a department without records: %v", err)
		}
	})
}

// What a person does about their own: nobody else's is there for them.
func TestMine_AndNobodyElses(t *testing.T) {
	t.Parallel()
	eachLite(t, func(t *testing.T, b *bureau) {
		ctx := t.Context()
		b.match(number(1))
		v, other := b.visitor(enough), b.visitor(enough)
		asked := b.ask(v, nil)
		b.work()
		if got, err := b.service.Number(ctx, v, asked.ID); err != nil || got != number(1) {
			t.Errorf("%q %v", got, err)
		}
		_, err := b.service.Number(ctx, other, asked.ID)
		b.want("another's number", err, hub.NotFound)
		b.want2(b.service.Withdraw(ctx, other, asked.ID))(hub.NotFound)
		acting := v
		acting.Entity = hub.EntityID(b.id())
		_, err = b.service.Mine(ctx, acting)
		b.want("an entity's", err, hub.Denied)
		if got, err := b.service.Withdraw(ctx, v, asked.ID); err != nil || got.State != binding.Unbound {
			t.Errorf("%+v %v", got, err)
		}
		b.want2(b.service.Withdraw(ctx, v, asked.ID))(hub.Consumed)
		if mine, err := b.service.Mine(ctx, v); err != nil || len(mine) != 0 {
			t.Errorf("%v %v", mine, err)
		}
		again := b.ask(v, nil)
		b.work()
		b.is(again.ID, binding.Bound, binding.Found)
		if err := b.service.EndAccount(ctx, v.Account); err != nil {
			t.Fatal(err)
		}
		b.is(again.ID, binding.Unbound, binding.AccountEnded)
	})
}

// Invariant 4 whatever many people, clerks and departments do at once: of every record at most one binding counts, of every owner and kind at most
// one is open; and history tells every move.
func TestINV4_UnderConcurrency(t *testing.T) {
	t.Parallel()
	bureaus(t, func(t *testing.T, b *bureau) {
		const people, records, rounds = 10, 4, 12
		ctx := t.Context()
		b.answer = func(map[string]any) (int, string) {
			return 200, `{"result":"match","record":"` + number(rand.IntN(records)) + `"}` //nolint:gosec // a test
		}
		clerk := b.clerk(binding.ActReview, binding.ActEnd, binding.ActCounter, binding.ActApprove)
		var odd atomic.Int32
		fine := func(err error) {
			if err != nil && !errors.Is(err, hub.Conflict) && !errors.Is(err, hub.Consumed) && !errors.Is(err, hub.Denied) && !errors.Is(err, hub.TooMany) {
				odd.Add(1)
				t.Error(err)
			}
		}
		var all sync.WaitGroup
		for range people {
			v := b.visitor(enough)
			all.Go(func() {
				for range rounds {
					got, err := b.service.Ask(ctx, v, numbers, nil)
					fine(err)
					if err != nil {
						continue
					}
					switch rand.IntN(4) { //nolint:gosec // a test
					case 0:
						_, err = b.service.Withdraw(ctx, v, got.ID)
					case 1:
						if _, err = b.service.Take(ctx, clerk, got.ID); err == nil {
							_, err = b.service.Approve(ctx, clerk, got.ID)
						}
					case 2:
						_, err = b.service.Unbind(ctx, clerk, got.ID, binding.Wrong)
					default:
						_, err = b.desk.Once(ctx)
					}
					fine(err)
				}
			})
		}
		all.Wait()
		b.work()
		for _, check := range []string{
			"SELECT count(*) FROM (SELECT record_hash FROM bindings WHERE state IN ('bound', 'suspended') GROUP BY record_hash HAVING count(*) > 1) x",
			"SELECT count(*) FROM (SELECT owner, department, kind FROM bindings WHERE state <> 'unbound' GROUP BY owner, department, kind HAVING count(*) > 1) x",
			"SELECT count(*) FROM bindings b WHERE b.version + 1 <> (SELECT count(*) FROM binding_changes c WHERE c.binding = b.id)",
		} {
			var n int
			if err := b.db.Read(ctx).Raw(check).Row().Scan(&n); err != nil || n != 0 {
				t.Errorf("%d broken, %v: %s", n, err, check)
			}
		}
		var bound int
		if err := b.db.Read(ctx).Raw("SELECT count(*) FROM binding_changes WHERE became = 'bound'").Row().Scan(&bound); err != nil || bound == 0 {
			t.Errorf("nothing was ever bound: %v", err)
		}
	})
}
