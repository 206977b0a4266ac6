package api

import (
	"context"
	"net/http"
	"time"

	"onedoor/authz/permit"
	"onedoor/hub"
	"onedoor/hub/audit"
	"onedoor/hub/session"
	"onedoor/tenants/staff"
)

// shownSession is what staff may know of somebody's session: nothing of the person.
type shownSession struct {
	ID           string    `json:"id"`
	Provider     string    `json:"provider"`
	Level        wireLevel `json:"level"`
	StartedAt    time.Time `json:"startedAt"`
	LastActivity time.Time `json:"lastActivity"`
	Channel      string    `json:"channel"`
}

type sessionList struct {
	Sessions []shownSession `json:"sessions" doc:"live ones, the latest first, at most 200"`
}

type endedSessions struct {
	Campaigns []string `json:"campaigns" doc:"one for each session that has ended"`
}

func (a *API) sessionRoutes() []route {
	end := []permit.Act{permit.SessionEnd}
	return []route{
		{id: "listSessions", method: http.MethodGet, path: "/accounts/{account}/sessions", summary: "The live sessions of an account; the look is recorded", acts: []permit.Act{permit.AccountRead}, out: sessionList{}, status: http.StatusOK, do: a.listSessions},
		{id: "endSessions", method: http.MethodPost, path: "/accounts/{account}/sessions/end", summary: "End all sessions of an account; answered when no node takes them for active any more", acts: end, out: endedSessions{}, status: http.StatusOK, do: a.endSessions},
		{id: "endSession", method: http.MethodPost, path: "/sessions/{session}/end", summary: "End one session; answered when no node takes it for active any more", acts: end, out: endedSessions{}, status: http.StatusOK, do: a.endSession},
	}
}

func (a *API) listSessions(ctx context.Context, c *call) (reply, error) {
	if err := a.see(ctx, c, permit.AccountRead, staff.Place{}); err != nil {
		return reply{}, err
	}
	id := hub.AccountID(c.path("account"))
	all, err := a.o.Sessions.OfAccount(ctx, id, true, mostLimit)
	if err != nil {
		return reply{}, err
	}
	// What staff see of somebody, that person can see in turn (OPS-03).
	if err := a.o.Audit.Record(ctx, audit.Event{Kind: "account.shown", Outcome: audit.Success, Account: id, Channel: "api", Detail: c.actor.Note(nil)}); err != nil {
		return reply{}, err
	}
	out := sessionList{Sessions: []shownSession{}}
	for _, s := range all {
		out.Sessions = append(out.Sessions, shownSession{string(s.ID), string(s.Provider), levelOf(s.Level), s.StartedAt, s.LastActivity, s.Channel})
	}
	return reply{body: out}, nil
}

// byStaff is the cause of an end that staff ask for.
var byStaff = session.Cause{Reason: session.EndedByAdmin}

// ordered records who had sessions ended: the campaign tells what came of it.
func (a *API) ordered(ctx context.Context, c *call, e audit.Event) error {
	e.Kind, e.Outcome, e.Channel, e.Detail = "session.ended_by_staff", audit.Success, "api", c.actor.Note(nil)
	return a.o.Audit.Record(ctx, e)
}

func (a *API) endSessions(ctx context.Context, c *call) (reply, error) {
	if err := a.may(ctx, c, permit.AccountRead, permit.SessionEnd, staff.Place{}); err != nil {
		return reply{}, err
	}
	id := hub.AccountID(c.path("account"))
	out := endedSessions{Campaigns: []string{}}
	all, err := a.o.Logouts.EndAccount(ctx, id, byStaff)
	if err != nil {
		return reply{}, err
	}
	for _, x := range all {
		out.Campaigns = append(out.Campaigns, x.ID)
	}
	return reply{body: out, settles: true}, a.ordered(ctx, c, audit.Event{Account: id})
}

func (a *API) endSession(ctx context.Context, c *call) (reply, error) {
	if err := a.may(ctx, c, permit.AccountRead, permit.SessionEnd, staff.Place{}); err != nil {
		return reply{}, err
	}
	s, err := a.o.Sessions.Get(ctx, hub.SessionID(c.path("session")))
	if err != nil {
		return reply{}, err
	}
	x, err := a.o.Logouts.End(ctx, s.ID, byStaff)
	if err != nil {
		return reply{}, err
	}
	return reply{body: endedSessions{[]string{x.ID}}, settles: true}, a.ordered(ctx, c, audit.Event{Account: s.Account, Session: s.ID})
}
