package portal

import (
	"context"
	"errors"
	"net/http"
	"time"

	"onedoor/binding"
	"onedoor/hub"
	"onedoor/tenants"
	"onedoor/web/server"
	"onedoor/web/view"
)

// Reviews are what of the person waits for staff, with their word; review.Desk has it, and its comments name the errors.
type Reviews interface {
	Consent(ctx context.Context, v binding.Visitor, id string) error
	Consented(ctx context.Context, v binding.Visitor, id string) (time.Time, bool, error)
	Withdraw(ctx context.Context, v binding.Visitor, id string) error
	Code(ctx context.Context, v binding.Visitor, id string) (string, error)
}

// evidenceMounts are the routes of what waits for staff. Without a review desk there are none.
func (p *Portal) evidenceMounts() []server.Mount {
	if p.o.Reviews == nil {
		return nil
	}
	return []server.Mount{p.v.Post(RecordsPath+"/take-back", p.evidenceTakeBack), p.v.Post(RecordsPath+"/counter", p.evidenceCode)}
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
	e.Counter = b.State == binding.Pending || b.State == binding.Proposed || b.State == binding.Review
	e.Kept, _, err = p.o.Reviews.Consented(ctx, v, b.ID)
	return err
}

// evidenceTakeBack is POST /me/records/take-back.
func (p *Portal) evidenceTakeBack(w http.ResponseWriter, r *http.Request) {
	form, s, v, ok := p.recordForm(w, r)
	if !ok {
		return
	}
	p.recordDone(w, r, s, tenants.RecordKind{}, p.o.Reviews.Withdraw(r.Context(), v, form.Get("binding")))
}

// evidenceCode is POST /me/records/counter. The code is on this page only, and in no address.
func (p *Portal) evidenceCode(w http.ResponseWriter, r *http.Request) {
	form, s, v, ok := p.recordForm(w, r)
	if !ok {
		return
	}
	at, k, err := p.place(r.Context(), form)
	var code string
	if err == nil {
		code, err = p.o.Reviews.Code(r.Context(), v, form.Get("binding"))
	}
	if err != nil {
		p.recordDone(w, r, s, k, err)
		return
	}
	p.recordsPage(w, r, s, http.StatusOK, view.RecordsPage{Code: code[:len(code)/2] + "-" + code[len(code)/2:], CodeFor: string(at.Department) + "/" + string(at.Kind)})
}
