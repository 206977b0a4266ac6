package app

import (
	"context"
	"time"

	"onedoor/authz/permit"
	"onedoor/binding"
	"onedoor/binding/bindingsql"
	"onedoor/binding/review"
	"onedoor/hub"
	"onedoor/hub/notice"
	"onedoor/tenants/entity"
)

// layEvidence: what people showed, for as long as somebody must look. The bindings tell it when a case ends.
func (h *Hub) layEvidence() (err error) {
	if h.reviews, err = bindingsql.NewReviews(h.db); err != nil {
		return err
	}
	h.evidence, err = review.NewEvidence(review.EvidenceOptions{
		Store: h.reviews, Masters: h.options.Masters, Audit: h.audit, Tx: h.db, Clock: h.clock, Random: h.random,
	})
	return err
}

// layReview: the desk at which staff compare and decide.
func (h *Hub) layReview(context.Context) (err error) {
	o := h.options
	h.review, err = review.New(review.Options{
		Bindings: h.bindings, Evidence: h.evidence, Queue: h.reviews, Sittings: h.reviews, Permits: clerks{h.permits, h.staff}, Departments: h.directory,
		Sessions: h.sessions, Counters: h.counters, Index: h.keys, Sign: h.keys, HTTP: o.HTTP, Issuer: o.Config.Issuer, Audit: h.audit, Tx: h.db,
		Clock: h.clock, Random: h.random, Entities: registered{h.entities}, Told: h.toldAtDesk(notice.CounterConfirmed),
	})
	return err
}

// registered tells the desk of legal entities.
type registered struct{ entities *entity.Service }

// Facts implements review.Entities.
func (r registered) Facts(ctx context.Context, id hub.EntityID) (review.Company, error) {
	e, err := r.entities.Entity(ctx, id)
	return review.Company{Kind: e.Number.Kind, Number: e.Number.Value, Names: e.Names, Status: string(e.Status)}, err
}

// purgeImports removes rows of record keys that nobody is found by any more: of imports that were given up, or whose successor was cut off.
func (h *Hub) purgeImports(ctx context.Context, _ time.Time, limit int) (int, error) {
	store, err := bindingsql.NewIndexes(h.db)
	if err != nil {
		return 0, err
	}
	const rounds = 40 // one that was given up through the API has millions
	all := 0
	for range rounds {
		n, err := store.Sweep(ctx, limit)
		if all += n; err != nil || n == 0 {
			return all, err
		}
	}
	return all, nil
}

// Where implements review.Permits.
func (c clerks) Where(ctx context.Context, who binding.Clerk, act binding.Act) ([]review.Place, error) {
	subject, err := permit.SubjectOf(ctx, c.posts, who.Account, who.Level)
	if err != nil {
		return nil, err
	}
	var all []review.Place
	for _, p := range c.permits.Where(ctx, subject, permit.Act(act)) {
		if p.Department != "" { // cases belong to departments: who may everywhere names none
			all = append(all, review.Place{Department: p.Department, Area: p.Area})
		}
	}
	return all, nil
}

// evidence gives what waits for reviewers, to a command.
func (o *office) evidence() (*review.Evidence, error) {
	store, err := bindingsql.NewReviews(o.db)
	if err != nil {
		return nil, err
	}
	return review.NewEvidence(review.EvidenceOptions{Store: store, Masters: o.masters, Audit: o.record, Tx: o.db, Clock: o.Clock, Random: o.Random})
}

// resealEvidence seals the keys of what waits for reviewers anew and tells how many there are.
func (o *office) resealEvidence(ctx context.Context) (int, error) {
	e, err := o.evidence()
	if err != nil {
		return 0, err
	}
	return e.Reseal(ctx)
}
