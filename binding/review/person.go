package review

import (
	"context"
	"time"

	"onedoor/binding"
	"onedoor/hub"
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
