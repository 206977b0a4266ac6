package api_test

import (
	"context"
	"time"

	"onedoor/authz/permit"
	"onedoor/binding"
	"onedoor/binding/review"
	"onedoor/hub"
	"onedoor/hub/audit"
	"onedoor/hub/hubtest"
	"onedoor/tenants"
	"onedoor/tenants/entity"
	"onedoor/tenants/staff"
)

// desk has one case, in the revenue department's north.
type desk struct{ w *world }

const caseID = "eeeeeeeeeeeeeeeeeeeeeeeeee"

func (d desk) may(ctx context.Context, c binding.Clerk, place staff.Place) bool {
	s, err := permit.SubjectOf(ctx, d.w.staff, c.Account, c.Level)
	return err == nil && d.w.permits.May(ctx, s, permit.BindingReview, place).Allowed
}

func (d desk) Queue(ctx context.Context, c binding.Clerk, _ review.Cursor, _ int) ([]review.Waiting, review.Cursor, bool, error) {
	s, err := permit.SubjectOf(ctx, d.w.staff, c.Account, c.Level)
	if err != nil || len(d.w.permits.Where(ctx, s, permit.BindingReview)) == 0 {
		return nil, review.Cursor{}, false, err
	}
	if b, err := d.Take(ctx, c, caseID); err == nil {
		return []review.Waiting{{Binding: b}}, review.Cursor{}, true, nil
	}
	return nil, review.Cursor{}, true, nil
}

func (d desk) Take(ctx context.Context, c binding.Clerk, id string) (binding.Binding, error) {
	if id != caseID || !d.may(ctx, c, north) {
		return binding.Binding{}, hub.Errorf("desk", hub.NotFound, "no case")
	}
	return binding.Binding{ID: id, Place: binding.Place{Department: "revenue", Kind: "taxpayer"}, Area: "north", Reviewer: c.Account, UpdatedAt: hubtest.Noon()}, nil
}

func (d desk) Release(ctx context.Context, c binding.Clerk, id string) (binding.Binding, error) {
	return d.Take(ctx, c, id)
}

func (d desk) Approve(ctx context.Context, c binding.Clerk, id string) (binding.Binding, error) {
	return d.Take(ctx, c, id)
}

func (d desk) Reject(ctx context.Context, c binding.Clerk, id string, _ binding.Reason) (binding.Binding, error) {
	return d.Take(ctx, c, id)
}

func (d desk) Describe(ctx context.Context, c binding.Clerk, id string) (review.Case, error) {
	b, err := d.Take(ctx, c, id)
	return review.Case{
		Waiting: review.Waiting{Binding: b, Mine: true}, Areas: revenue().Areas, Records: tenants.RecordKind{Extra: []tenants.ExtraAttribute{{ID: "card"}}},
		History: []binding.Change{{Became: binding.Review, By: binding.Actor{Kind: binding.ByPerson, Account: personID}}, {Became: binding.Proposed, By: binding.Actor{Kind: binding.ByStaff, Account: c.Account}}},
	}, err
}

func (d desk) Try(context.Context, binding.Clerk, string) error {
	d.w.mu.Lock()
	defer d.w.mu.Unlock()
	if d.w.tries++; d.w.tries == d.w.most {
		return hub.Errorf("desk", hub.TooMany, "too many")
	}
	return nil
}

func (d desk) Seek(ctx context.Context, who string, _ binding.Place, note map[string]string) error {
	return d.w.Record(ctx, audit.Event{Kind: "binding.searched", Reason: who, Detail: note})
}

func (d desk) Sit(ctx context.Context, c binding.Clerk, department hub.DepartmentID) (string, time.Time, error) {
	if department != "revenue" || !d.may(ctx, c, north) {
		return "", time.Time{}, hub.Errorf("desk", hub.NotFound, "not theirs")
	}
	return "abcdefgh", d.w.clock.Now(), nil
}

func (d desk) Serve(ctx context.Context, c binding.Clerk, number, code string) (binding.Binding, error) {
	if number != "abcdefgh" || code != "123456" {
		return binding.Binding{}, hub.Errorf("desk", hub.NotFound, "no code")
	}
	return d.Take(ctx, c, caseID)
}

func (d desk) Reassign(ctx context.Context, c binding.Clerk, id string, to tenants.AreaID) (binding.Binding, error) {
	b, err := d.Take(ctx, c, id)
	b.Area = to
	return b, err
}

func (d desk) Name(ctx context.Context, c binding.Clerk, id, _ string) (binding.Binding, error) {
	return d.Take(ctx, c, id)
}

func (d desk) AskFor(ctx context.Context, c binding.Clerk, id, _ string) (binding.Binding, error) {
	return d.Take(ctx, c, id)
}

func (d desk) Unsettled(ctx context.Context, c binding.Clerk, _ review.Cursor, _ int) ([]review.Waiting, review.Cursor, bool, error) {
	s, err := permit.SubjectOf(ctx, d.w.staff, c.Account, c.Level)
	if err != nil || len(d.w.permits.Where(ctx, s, permit.BindingEnd)) == 0 {
		return nil, review.Cursor{}, false, err
	}
	if d.w.permits.May(ctx, s, permit.BindingEnd, north).Allowed {
		return []review.Waiting{{Binding: bound()}}, review.Cursor{}, true, nil
	}
	return nil, review.Cursor{}, true, nil
}

func bound() binding.Binding {
	return binding.Binding{ID: caseID, Place: binding.Place{Department: "revenue", Kind: "taxpayer"}, Owner: binding.Owner{Account: personID}, State: binding.Bound, Area: "north", UpdatedAt: hubtest.Noon()}
}

// ties has one binding, in the revenue department's north.
type ties struct{ w *world }

func (ties) ByID(_ context.Context, id string) (binding.Binding, error) {
	if id != caseID {
		return binding.Binding{}, hub.Errorf("ties", hub.NotFound, "no binding")
	}
	return bound(), nil
}

func (x ties) Named(ctx context.Context, p binding.Place, number string) (binding.Binding, error) {
	if p != bound().Place || number != "0000000001" {
		return binding.Binding{}, hub.Errorf("ties", hub.NotFound, "no binding")
	}
	return x.ByID(ctx, caseID)
}

func (ties) Changes(context.Context, string) ([]binding.Change, error) {
	return []binding.Change{{Became: binding.Bound, Reason: binding.Approved, By: binding.Actor{Kind: binding.ByPerson, Account: personID}}}, nil
}

func (x ties) Suspend(ctx context.Context, c binding.Clerk, id string, why binding.Reason) (binding.Binding, error) {
	return x.end(ctx, c, id, binding.Suspended, why)
}

func (x ties) Resume(ctx context.Context, c binding.Clerk, id string) (binding.Binding, error) {
	return x.end(ctx, c, id, binding.Bound, binding.Cleared)
}

func (x ties) Unbind(ctx context.Context, c binding.Clerk, id string, why binding.Reason) (binding.Binding, error) {
	return x.end(ctx, c, id, binding.Unbound, why)
}

func (x ties) Decline(ctx context.Context, c binding.Clerk, id string) (binding.Binding, error) {
	return x.end(ctx, c, id, binding.Bound, binding.Approved)
}

func (x ties) end(ctx context.Context, c binding.Clerk, id string, to binding.State, why binding.Reason) (binding.Binding, error) {
	b, err := x.ByID(ctx, id)
	s, wrong := permit.SubjectOf(ctx, x.w.staff, c.Account, c.Level)
	if wrong != nil || !x.w.permits.May(ctx, s, permit.BindingEnd, north).Allowed {
		return b, hub.Errorf("ties", hub.Internal, "it was not asked who it is")
	}
	b.State, b.Reason = to, why
	return b, err
}

// claims has one claim, which persons with a post decide about.
type claims struct{ w *world }

func (x claims) person(by hub.AccountID) error {
	if !hub.ValidID(string(by)) {
		return hub.Errorf("claims", hub.NotFound, "not a person")
	}
	return nil
}

func (x claims) Claims(_ context.Context, by hub.AccountID) ([]entity.Claim, error) {
	return []entity.Claim{{ID: caseID, Account: personID}}, x.person(by)
}

func (x claims) Approve(_ context.Context, by hub.AccountID, _ string) (hub.EntityID, error) {
	return "entity", x.person(by)
}

func (x claims) Reject(_ context.Context, by hub.AccountID, _, _ string) error { return x.person(by) }
