package portal

import (
	"context"
	"errors"
	"net/http"
	"time"

	"onedoor/binding"
	"onedoor/binding/review"
	"onedoor/hub"
	"onedoor/tenants"
	"onedoor/web/server"
	"onedoor/web/view"
)

// Reviews are what of the person waits for staff, with their word, and the counters where they are served; review.Desk has it, and its comments name the errors.
type Reviews interface {
	Consent(ctx context.Context, v binding.Visitor, id string) error
	Consented(ctx context.Context, v binding.Visitor, id string) (time.Time, bool, error)
	Withdraw(ctx context.Context, v binding.Visitor, id string) error
	At(ctx context.Context, v binding.Visitor, number string) (review.Counter, error)
	Confirm(ctx context.Context, v binding.Visitor, number string, kind tenants.RecordKindID) (string, binding.Binding, error)
}

// evidenceMounts are the routes of what waits for staff. Without a review desk there are none.
func (p *Portal) evidenceMounts() []server.Mount {
	if p.o.Reviews == nil {
		return nil
	}
	return append(p.counterMounts(), p.v.Post(RecordsPath+"/take-back", p.evidenceTakeBack))
}

// keep keeps what the person has shown for who must look, where they have agreed to it on the form and nobody was faster with a decision.
func (p *Portal) keep(ctx context.Context, v binding.Visitor, b binding.Binding, agreed bool) error {
	if p.o.Reviews == nil || !agreed || b.State.Counts() {
		return nil
	}
	err := p.o.Reviews.Consent(ctx, v, b.ID)
	if errors.Is(err, hub.Consumed) {
		return nil
	}
	return err
}

// evidence tells what of a binding waits for staff.
func (p *Portal) evidence(ctx context.Context, v binding.Visitor, b binding.Binding, e *view.RecordsEntry) (err error) {
	if p.o.Reviews == nil || b.Owner.Account == "" {
		return nil
	}
	e.Kept, _, err = p.o.Reviews.Consented(ctx, v, b.ID)
	return err
}

// evidenceTakeBack is POST /me/records/take-back.
func (p *Portal) evidenceTakeBack(w http.ResponseWriter, r *http.Request) {
	form, s, v, ok := p.recordForm(w, r)
	if !ok {
		return
	}
	p.recordDone(w, r, s, tenants.RecordKind{}, form, p.o.Reviews.Withdraw(r.Context(), v, form.Get("binding")))
}
