package review

import (
	"context"
	"errors"
	"strings"
	"time"

	"onedoor/binding"
	"onedoor/hub"
)

// Codes at the counter.
const (
	// CodeLife is how long a code is good.
	CodeLife   = 10 * time.Minute
	codeLength = 8
	// mostTries is how many codes a clerk may try in an hour: of 32^8 with a handful open, nobody comes upon one.
	mostTries = 60
)

// own finds a binding of the visitor's own as a person. NotFound, also for those of others.
func (d *Desk) own(ctx context.Context, v binding.Visitor, id string) (binding.Binding, error) {
	const op = "review.own"
	if v.Account == "" || v.Session == "" {
		return binding.Binding{}, hub.Errorf(op, hub.Unauthenticated, "nobody")
	}
	b, err := d.o.Bindings.ByID(ctx, id)
	if err == nil && b.Owner != (binding.Owner{Account: v.Account}) {
		err = hub.Errorf(op, hub.NotFound, "somebody else's")
	}
	return b, err
}

// Consent keeps what the visitor has shown in this session, for a reviewer of one binding: the attributes that the kind names. By calling this they
// have agreed to that. Consumed where nobody has to look any more.
func (d *Desk) Consent(ctx context.Context, v binding.Visitor, id string) error {
	b, err := d.own(ctx, v, id)
	if err != nil {
		return err
	}
	dept, err := d.o.Departments.Department(ctx, b.Place.Department)
	if err != nil {
		return err
	}
	k, ok := dept.Record(b.Place.Kind)
	if !ok {
		return hub.Errorf("review.Consent", hub.NotFound, "the department keeps no such records")
	}
	if len(k.Attributes) == 0 {
		return nil // there is nothing to show
	}
	all, err := d.o.Sessions.Attributes(ctx, v.Session, v.Key)
	if err != nil {
		return err
	}
	return d.o.Tx.InTx(ctx, func(ctx context.Context) error { return d.o.Evidence.keep(ctx, b, fieldsOf(k, all)) })
}

// Consented reports whether what the visitor showed waits for a reviewer, and until when.
func (d *Desk) Consented(ctx context.Context, v binding.Visitor, id string) (time.Time, bool, error) {
	b, err := d.own(ctx, v, id)
	if err != nil {
		return time.Time{}, false, err
	}
	k, ok, err := d.o.Evidence.there(ctx, b)
	return k.Until, ok, err
}

// Withdraw takes the visitor's word back: what they showed is gone at once, also where a reviewer has the case open.
func (d *Desk) Withdraw(ctx context.Context, v binding.Visitor, id string) error {
	b, err := d.own(ctx, v, id)
	if err != nil {
		return err
	}
	return d.o.Tx.InTx(ctx, func(ctx context.Context) error { return d.o.Evidence.shred(ctx, b, "withdrawn") })
}

// Code gives a code that the visitor says at a counter, good once and for [CodeLife]: whoever holds the device of the account stands there. Consumed
// where the binding is decided; LevelUnmet where this sign-in is weaker than the records demand: papers at a counter don't make up for it.
func (d *Desk) Code(ctx context.Context, v binding.Visitor, id string) (string, error) {
	b, err := d.own(ctx, v, id)
	if err != nil {
		return "", err
	}
	if b.State.Counts() || b.State == binding.Unbound {
		return "", hub.Errorf("review.Code", hub.Consumed, "decided")
	}
	dept, err := d.o.Departments.Department(ctx, b.Place.Department)
	if err != nil {
		return "", err
	}
	if k, ok := dept.Record(b.Place.Kind); !ok || v.Level.AAL < k.Least.AAL {
		return "", hub.Errorf("review.Code", hub.LevelUnmet, "too weak a sign-in for these records")
	}
	code, err := newCode(d.o.Random)
	if err != nil {
		return "", err
	}
	return code, d.o.Tx.InTx(ctx, func(ctx context.Context) error {
		if err := d.o.Codes.PutCode(ctx, codeHash(d.o.Index, code), b.ID, d.o.Clock().Add(CodeLife)); err != nil {
			return err
		}
		return d.o.Evidence.record(ctx, "review.code_made", b, "", v.Account)
	})
}

// Try counts that a clerk tries a code. Who runs Counter in a transaction of their own calls this before it: what is rolled back does not count.
// TooMany.
func (d *Desk) Try(ctx context.Context, c binding.Clerk) error {
	n, err := d.o.Counters.Count(ctx, "binding.counter", d.o.Index.Index("binding/counter-tries", string(c.Account)), time.Hour, d.o.Clock())
	if err == nil && n > mostTries {
		err = hub.Errorf("review.Try", hub.TooMany, "too many codes were tried")
	}
	return err
}

// Counter takes up the case of somebody who stands at the counter, by the code that they say. NotFound for a code that is not good, or of a case that
// is not this clerk's. Each try is counted before, by Try.
func (d *Desk) Counter(ctx context.Context, c binding.Clerk, code string) (binding.Binding, error) {
	const op = "review.Counter"
	none := hub.Errorf(op, hub.NotFound, "no such code")
	code = strings.ToUpper(strings.Map(func(r rune) rune {
		if r == ' ' || r == '-' {
			return -1
		}
		return r
	}, code))
	if len(code) != codeLength {
		return binding.Binding{}, none
	}
	now := d.o.Clock()
	var out binding.Binding
	err := d.o.Tx.InTx(ctx, func(ctx context.Context) error {
		id, err := d.o.Codes.UseCode(ctx, codeHash(d.o.Index, code), c.Account, now)
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
		return d.o.Evidence.record(ctx, "review.at_counter", out, "", c.Account)
	})
	if errors.Is(err, hub.Denied) || errors.Is(err, hub.LevelUnmet) { // a program has reached no level: it would hear which codes there are
		return binding.Binding{}, none
	}
	return out, err
}
