package api

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"

	"onedoor/authz/permit"
	"onedoor/binding"
	"onedoor/binding/review"
	"onedoor/hub"
	"onedoor/tenants"
	"onedoor/tenants/entity"
	"onedoor/tenants/staff"
)

// Reviews is the desk where bindings are decided: review.Desk, whose comments name the errors. What a person has shown is seen on its pages only:
// never here, where a program could keep it.
type Reviews interface {
	Describe(ctx context.Context, c binding.Clerk, id string) (review.Case, error)
	Take(ctx context.Context, c binding.Clerk, id string) (binding.Binding, error)
	Seek(ctx context.Context, who string, p binding.Place, note map[string]string) error
	Release(ctx context.Context, c binding.Clerk, id string) (binding.Binding, error)
	Reassign(ctx context.Context, c binding.Clerk, id string, to tenants.AreaID) (binding.Binding, error)
}

// Counter is where a clerk serves people who stand before them: review.Desk.
type Counter interface {
	Sit(ctx context.Context, c binding.Clerk, department hub.DepartmentID) (string, time.Time, error)
	Try(ctx context.Context, c binding.Clerk, number string) error
	Serve(ctx context.Context, c binding.Clerk, number, code string) (binding.Binding, error)
}

// Queues list what is a clerk's to look at: review.Desk.
type Queues interface {
	Queue(ctx context.Context, c binding.Clerk, behind review.Cursor, limit int) (list []review.Waiting, next review.Cursor, places bool, err error)
	Unsettled(ctx context.Context, c binding.Clerk, behind review.Cursor, limit int) (list []review.Waiting, next review.Cursor, places bool, err error)
}

// Decisions are a clerk's on a case that they have: review.Desk.
type Decisions interface {
	Name(ctx context.Context, c binding.Clerk, id, number string) (binding.Binding, error)
	AskFor(ctx context.Context, c binding.Clerk, id, extra string) (binding.Binding, error)
	Approve(ctx context.Context, c binding.Clerk, id string) (binding.Binding, error)
	Reject(ctx context.Context, c binding.Clerk, id string, why binding.Reason) (binding.Binding, error)
}

// Entities decides who stands for legal entities: entity.Service, whose comments name the errors.
type Entities interface {
	Claims(ctx context.Context, by hub.AccountID) ([]entity.Claim, error)
	Approve(ctx context.Context, by hub.AccountID, claim string) (hub.EntityID, error)
	Reject(ctx context.Context, by hub.AccountID, claim, reason string) error
}

// shownReview is a binding that waits: ids and states, nothing of a person.
type shownReview struct {
	ID         string    `json:"id"`
	Department string    `json:"department"`
	Area       string    `json:"area,omitempty"`
	Kind       string    `json:"kind" doc:"of the record"`
	State      string    `json:"state"`
	Reason     string    `json:"reason"`
	Level      wireLevel `json:"level"`
	Mine       bool      `json:"mine" doc:"you have it open"`
	Since      time.Time `json:"since"`
}

type reviewList struct {
	Reviews []shownReview `json:"reviews"`
	Next    string        `json:"next,omitempty"`
}

type shownClaim struct {
	ID      string    `json:"id"`
	Account string    `json:"account"`
	Kind    string    `json:"kind"`
	Number  string    `json:"number"`
	Names   wireText  `json:"names"`
	Why     string    `json:"why" doc:"why staff are asked"`
	At      time.Time `json:"at"`
}

type claimList struct {
	Claims []shownClaim `json:"claims" doc:"open ones"`
}

type approvedClaim struct {
	Entity string `json:"entity,omitempty"`
	Waits  bool   `json:"waits,omitempty" doc:"for a second person to approve it"`
}

type claimRejection struct {
	Reason string `json:"reason" enum:"no_evidence|not_authorised|duplicate"`
}

func (a *API) decisionRoutes() []route {
	approve := []permit.Act{permit.EntityApprove}
	return []route{
		{id: "listReviews", method: http.MethodGet, path: "/reviews", summary: "Bindings that wait where you may review, the longest waiting first; what people have shown is on the desk's pages only", acts: []permit.Act{permit.BindingReview}, list: true, out: reviewList{}, status: http.StatusOK, do: a.listReviews},
		{id: "listClaims", method: http.MethodGet, path: "/entities/claims", summary: "Who asks to stand for a legal entity, where staff decide; for persons", acts: []permit.Act{permit.EntityRead}, out: claimList{}, status: http.StatusOK, do: a.listClaims},
		{id: "approveClaim", method: http.MethodPost, path: "/entities/claims/{claim}/approve", summary: "Make them the entity's administrator, or be the first of two pairs of eyes; whoever was is no more", acts: approve, out: approvedClaim{}, status: http.StatusOK, do: a.approveClaim},
		{id: "rejectClaim", method: http.MethodPost, path: "/entities/claims/{claim}/reject", summary: "Say no, for a reason", acts: approve, in: claimRejection{}, out: done{}, status: http.StatusOK, do: a.rejectClaim},
	}
}

// clerk gives the person who decides.
func (c *call) clerk() binding.Clerk {
	return binding.Clerk{Account: c.person(), Level: c.subject.Level}
}

func (c *call) showReview(b binding.Binding) shownReview {
	return shownReview{
		b.ID, string(b.Place.Department), string(b.Area), string(b.Place.Kind), string(b.State), string(b.Reason), levelOf(b.Level),
		b.Reviewer != "" && b.Reviewer == c.subject.Account, b.UpdatedAt,
	}
}

func (a *API) listReviews(ctx context.Context, c *call) (reply, error) {
	p, err := a.pageOf(c)
	if err != nil {
		return reply{}, err
	}
	behind, err := p.behind()
	if err != nil {
		return reply{}, err
	}
	all, next, places, err := a.o.Queues.Queue(ctx, c.clerk(), behind, p.limit)
	switch {
	case err != nil:
		return reply{}, err
	case !places:
		return reply{}, hub.E("api.listReviews", hub.NotFound, errUnseen)
	}
	out := reviewList{Reviews: []shownReview{}}
	for _, w := range all {
		out.Reviews = append(out.Reviews, c.showReview(w.Binding))
	}
	out.Next = a.next(c, p, next.ID != "", placeIn(next))
	return reply{body: out}, nil
}

// placeIn writes a place in a queue for a cursor.
func placeIn(next review.Cursor) string {
	return strconv.FormatInt(next.At.UnixMicro(), 10) + " " + next.ID
}

// behind reads what placeIn has written.
func (p page) behind() (review.Cursor, error) {
	if p.after == "" {
		return review.Cursor{}, nil
	}
	at, id, _ := strings.Cut(p.after, " ")
	micros, err := strconv.ParseInt(at, 10, 64)
	if err != nil {
		return review.Cursor{}, hub.E("api.behind", hub.Internal, err) // we have signed it
	}
	return review.Cursor{At: time.UnixMicro(micros).UTC(), ID: id}, nil
}

func (a *API) listClaims(ctx context.Context, c *call) (reply, error) {
	if err := a.see(ctx, c, permit.EntityRead, staff.Place{}); err != nil {
		return reply{}, err
	}
	all, err := a.o.Entities.Claims(ctx, c.person())
	if err != nil {
		return reply{}, err
	}
	out := claimList{Claims: []shownClaim{}}
	for _, x := range all {
		names := x.Names
		if names == nil {
			names = wireText{}
		}
		out.Claims = append(out.Claims, shownClaim{x.ID, string(x.Account), x.Number.Kind, x.Number.Value, names, x.Why, x.At})
	}
	return reply{body: out}, nil
}

func (a *API) approveClaim(ctx context.Context, c *call) (reply, error) {
	if err := a.may(ctx, c, permit.EntityRead, permit.EntityApprove, staff.Place{}); err != nil {
		return reply{}, err
	}
	id, err := a.o.Entities.Approve(ctx, c.person(), c.path("claim"))
	return reply{body: approvedClaim{string(id), id == ""}, settles: true}, err // whoever stood for it before stands for it no more
}

func (a *API) rejectClaim(ctx context.Context, c *call) (reply, error) {
	if err := a.may(ctx, c, permit.EntityRead, permit.EntityApprove, staff.Place{}); err != nil {
		return reply{}, err
	}
	return reply{body: done{true}}, a.o.Entities.Reject(ctx, c.person(), c.path("claim"), c.in.(*claimRejection).Reason)
}
