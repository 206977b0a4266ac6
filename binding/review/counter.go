package review

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"onedoor/binding"
	"onedoor/hub"
	"onedoor/hub/audit"
	"onedoor/tenants"
)

// At a counter two browsers meet: the clerk's, and the phone of whoever stands there. A sitting ties them, from both sides:
//
//   - The clerk begins it, for a department. Its number stands in what is scanned. It is good for one person, once, and for [SittingLife]; the next one
//     of the same clerk ends it.
//   - The person opens it, signs in as themselves, is told at whose counter they say that they stand, and confirms. Their own case is tied to it, and nobody
//     else's can be: there is no way to name one.
//   - They are shown a code, and the clerk types it into the very sitting. A code is worth nothing without its sitting, and a sitting nothing in the hands of
//     another clerk.
//
// So a number that was photographed, forwarded or guessed lets somebody confirm a case of their own, whose code the clerk then does not hear: the sitting is
// lost, and a new one begun. Who reads a code out over a telephone to somebody at a counter is what remains; the page on the phone warns of it in words,
// the clerk compares papers with the case, and the person is told through another channel that their case was taken up at a counter.
const (
	// SittingLife is how long a sitting is good.
	SittingLife = 10 * time.Minute
	// numberLetters are what numbers of sittings are made of: 23^8 of them, and a handful open at a time.
	numberLetters = "abcdefghjkmnpqrstuvwxyz"
	numberLength  = 8
	codeDigits    = 6
	mostCodes     = 5  // tries of one sitting: of 10^6 codes
	mostTries     = 60 // of a clerk in an hour, whichever the sittings
	mostNumbers   = 60 // that a person may try in an hour
)

// Sitting is one as it rests.
type Sitting struct {
	Department hub.DepartmentID
	Clerk      hub.AccountID
	Until      time.Time
	Binding    string // that was confirmed; "" before
}

// Counter is where somebody says that they stand.
type Counter struct {
	Department tenants.Department
	Until      time.Time
	Kinds      []CounterKind
}

// CounterKind is a kind of records about which a person can be served there.
type CounterKind struct {
	tenants.RecordKind
	Binding binding.Binding // the person's; zero where confirming begins it
}

// Told is told whose case a clerk has taken up at a counter, after somebody had confirmed it with that person's sign-in, in the transaction that does it.
type Told func(ctx context.Context, account hub.AccountID) error

func (d *Desk) number(number string) []byte { return d.o.Index.Index("binding/counter-number", number) }

func (d *Desk) code(number, code string) []byte {
	return d.o.Index.Index("binding/counter-code", number, code)
}

// bare gives what was typed without what people put between groups.
func bare(typed string) string { return strings.NewReplacer(" ", "", "-", "").Replace(typed) }

// Number reads the number of a sitting as somebody has typed it. False for what can't be one.
func Number(typed string) (string, bool) {
	n := strings.ToLower(bare(typed))
	return n, len(n) == numberLength && strings.Trim(n, numberLetters) == ""
}

func newNumber(random io.Reader) (string, error) {
	out := make([]byte, 0, numberLength)
	for raw := make([]byte, 1); len(out) < numberLength; {
		if _, err := io.ReadFull(random, raw); err != nil {
			return "", hub.E("review.newNumber", hub.Internal, err)
		}
		if i := int(raw[0]); i < 256-256%len(numberLetters) { // no letter is likelier than another
			out = append(out, numberLetters[i%len(numberLetters)])
		}
	}
	return string(out), nil
}

func newCode(random io.Reader) (string, error) {
	const most = 1_000_000
	for raw := make([]byte, 4); ; {
		if _, err := io.ReadFull(random, raw); err != nil {
			return "", hub.E("review.newCode", hub.Internal, err)
		}
		if n := uint32(raw[0])<<24 | uint32(raw[1])<<16 | uint32(raw[2])<<8 | uint32(raw[3]); n < 1<<32-1<<32%most {
			return fmt.Sprintf("%0*d", codeDigits, n%most), nil
		}
	}
}

// Counters lists the departments at whose counters the clerk serves.
func (d *Desk) Counters(ctx context.Context, c binding.Clerk) ([]tenants.Department, error) {
	return d.departments(ctx, c, binding.ActCounter)
}

// Sit begins a sitting at a counter of a department and gives its number. NotFound where the clerk serves at none of its counters.
func (d *Desk) Sit(ctx context.Context, c binding.Clerk, department hub.DepartmentID) (string, time.Time, error) {
	const op = "review.Sit"
	all, err := d.Counters(ctx, c)
	if err == nil && !slices.ContainsFunc(all, func(x tenants.Department) bool { return x.ID == department }) {
		err = hub.Errorf(op, hub.NotFound, "not a counter of theirs")
	}
	if err != nil {
		return "", time.Time{}, err
	}
	number, err := newNumber(d.o.Random)
	if err != nil {
		return "", time.Time{}, err
	}
	now := d.o.Clock()
	s := Sitting{Department: department, Clerk: c.Account, Until: now.Add(SittingLife)}
	return number, s.Until, d.o.Tx.InTx(ctx, func(ctx context.Context) error {
		if err := d.o.Sittings.Sit(ctx, d.number(number), s); err != nil {
			return err
		}
		return d.o.Audit.Record(ctx, audit.Event{
			At: now, Kind: "review.counter_opened", Outcome: audit.Success, Detail: map[string]string{"department": string(department), "by": string(c.Account)},
		})
	})
}

// At shows a visitor at whose counter a number is, and about what they can be served there. NotFound for a number that is not good; TooMany for who has
// tried too many.
func (d *Desk) At(ctx context.Context, v binding.Visitor, number string) (Counter, error) {
	const op = "review.At"
	if v.Account == "" || v.Session == "" {
		return Counter{}, hub.Errorf(op, hub.Unauthenticated, "nobody")
	}
	n, err := d.o.Counters.Count(ctx, "binding.counter-number", d.o.Index.Index("binding/counter-numbers", string(v.Account)), time.Hour, d.o.Clock())
	if err != nil {
		return Counter{}, err
	}
	if n > mostNumbers {
		return Counter{}, hub.Errorf(op, hub.TooMany, "too many numbers were tried")
	}
	number, ok := Number(number)
	if !ok {
		return Counter{}, hub.Errorf(op, hub.NotFound, "no such number")
	}
	s, err := d.o.Sittings.Sitting(ctx, d.number(number), d.o.Clock())
	if err != nil {
		return Counter{}, err
	}
	dept, err := d.o.Departments.Department(ctx, s.Department)
	if err != nil {
		return Counter{}, err
	}
	mine, err := d.o.Bindings.Mine(ctx, v)
	if err != nil {
		return Counter{}, err
	}
	out := Counter{Department: dept, Until: s.Until}
	first, _ := dept.FirstRecord(tenants.Person)
	for _, k := range dept.Records {
		if k.For != tenants.Person {
			continue
		}
		i := slices.IndexFunc(mine, func(b binding.Binding) bool { return b.Place == binding.Place{Department: dept.ID, Kind: k.ID} })
		switch {
		case i < 0 && k.ID == first.ID:
			out.Kinds = append(out.Kinds, CounterKind{RecordKind: k})
		case i >= 0 && !mine[i].State.Counts() && mine[i].State != binding.Unbound:
			out.Kinds = append(out.Kinds, CounterKind{k, mine[i]})
		}
	}
	return out, nil
}

// Confirm says that the visitor stands at the counter of a number, about their own records of a kind, and gives the code that the clerk must hear. Where
// they have none there yet, that begins them. NotFound for a number that is not good, or a kind about which nobody is served there; Consumed where somebody
// else was faster; LevelUnmet where this sign-in is weaker than the records demand: papers at a counter don't make up for it.
func (d *Desk) Confirm(ctx context.Context, v binding.Visitor, number string, kind tenants.RecordKindID) (code string, out binding.Binding, err error) {
	const op = "review.Confirm"
	at, err := d.At(ctx, v, number)
	if err != nil {
		return "", out, err
	}
	i := slices.IndexFunc(at.Kinds, func(k CounterKind) bool { return k.ID == kind })
	if i < 0 {
		return "", out, hub.Errorf(op, hub.NotFound, "nobody is served about that")
	}
	k := at.Kinds[i]
	if v.Level.AAL < k.Least.AAL {
		return "", out, hub.Errorf(op, hub.LevelUnmet, "too weak a sign-in for these records")
	}
	if code, err = newCode(d.o.Random); err != nil {
		return "", out, err
	}
	number, _ = Number(number)
	return code, out, d.o.Tx.InTx(ctx, func(ctx context.Context) error {
		if out = k.Binding; out.ID == "" {
			if err := d.o.Bindings.Arrived(ctx, binding.Owner{Account: v.Account}, at.Department.ID, v.Level); err != nil {
				return err
			}
			mine, err := d.o.Bindings.Mine(ctx, v)
			if err != nil {
				return err
			}
			i := slices.IndexFunc(mine, func(b binding.Binding) bool {
				return b.Place == binding.Place{Department: at.Department.ID, Kind: kind}
			})
			if i < 0 {
				return hub.Errorf(op, hub.Consumed, "it was not begun")
			}
			out = mine[i]
		}
		if err := d.o.Sittings.Confirm(ctx, d.number(number), out.ID, d.code(number, code), d.o.Clock()); err != nil {
			return err
		}
		return d.o.Evidence.record(ctx, "review.code_made", out, "", v.Account)
	})
}

// Try counts that a clerk tries a code in a sitting. Who runs Serve in a transaction of their own calls this before it: what is rolled back does not
// count. TooMany, for this sitting from then on.
func (d *Desk) Try(ctx context.Context, c binding.Clerk, number string) error {
	number, _ = Number(number)
	now := d.o.Clock()
	one, err := d.o.Counters.Count(ctx, "binding.counter-code", d.o.Index.Index("binding/counter-codes", string(c.Account), number), time.Hour, now)
	if err != nil {
		return err
	}
	all, err := d.o.Counters.Count(ctx, "binding.counter", d.o.Index.Index("binding/counter-tries", string(c.Account)), time.Hour, now)
	if err == nil && (one > mostCodes || all > mostTries) {
		err = hub.Errorf("review.Try", hub.TooMany, "too many codes were tried")
	}
	return err
}

// Serve takes up the case of somebody who stands at the counter, in a sitting of this clerk's, by the code that stands on their phone. NotFound for a code
// that is not good there, or of a case that is not this clerk's. Each try is counted before, by Try.
func (d *Desk) Serve(ctx context.Context, c binding.Clerk, number, code string) (binding.Binding, error) {
	const op = "review.Serve"
	none := hub.Errorf(op, hub.NotFound, "no such code")
	number, ok := Number(number)
	code = bare(code)
	if !ok || len(code) != codeDigits {
		return binding.Binding{}, none
	}
	now := d.o.Clock()
	var out binding.Binding
	err := d.o.Tx.InTx(ctx, func(ctx context.Context) error {
		id, err := d.o.Sittings.Use(ctx, d.number(number), d.code(number, code), c.Account, now)
		if err != nil {
			return err
		}
		b, err := d.o.Bindings.ByID(ctx, id)
		if err != nil {
			return err
		}
		if err := d.o.Permits.May(ctx, c, binding.ActCounter, b.Place.Department, b.Area); err != nil {
			return err
		}
		if out, err = d.o.Bindings.Take(ctx, c, id); err != nil {
			return err
		}
		if err := d.o.Told(ctx, out.Owner.Account); err != nil {
			return err
		}
		return d.o.Evidence.record(ctx, "review.at_counter", out, "", c.Account)
	})
	if errors.Is(err, hub.Denied) || errors.Is(err, hub.LevelUnmet) { // a program has reached no level: it would hear which codes there are
		return binding.Binding{}, none
	}
	return out, err
}
