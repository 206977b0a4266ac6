package api

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"onedoor/authz/permit"
	"onedoor/hub"
	"onedoor/hub/audit"
	"onedoor/tenants/staff"
)

type shownEvent struct {
	ID          string            `json:"id"`
	At          time.Time         `json:"at"`
	Kind        string            `json:"kind"`
	Outcome     string            `json:"outcome" enum:"success|refusal|failure"`
	Reason      string            `json:"reason,omitempty"`
	Interaction string            `json:"interaction,omitempty"`
	Account     string            `json:"account,omitempty"`
	Session     string            `json:"session,omitempty"`
	System      string            `json:"system,omitempty"`
	Provider    string            `json:"provider,omitempty"`
	Channel     string            `json:"channel,omitempty"`
	Detail      map[string]string `json:"detail,omitempty"`
}

type eventList struct {
	Events []shownEvent `json:"events"`
	Next   string       `json:"next,omitempty"`
}

func (a *API) auditRoutes() []route {
	return []route{{
		id: "searchEvents", method: http.MethodGet, path: "/audit/events", acts: []permit.Act{permit.AuditRead}, list: true, out: eventList{}, status: http.StatusOK,
		summary: "The record, the latest first: for a department's auditors that of one system of theirs, without accounts and sessions", do: a.searchEvents,
		query: []parameter{
			{name: "system", doc: "needed by whoever does not read for the platform"},
			{name: "account"},
			{name: "interaction"},
			{name: "kind", doc: "as system.moved; of a kind that is rare a page may hold little or nothing, and say where to go on"},
		},
	}}
}

func (a *API) searchEvents(ctx context.Context, c *call) (reply, error) {
	p, err := a.pageOf(c)
	if err != nil {
		return reply{}, err
	}
	s := audit.Search{
		Limit:  p.limit,
		System: hub.SystemID(c.query("system")), Account: hub.AccountID(c.query("account")), Interaction: hub.InteractionID(c.query("interaction")), Kind: c.query("kind"),
	}
	whole := a.o.Permits.May(ctx, c.subject, permit.AuditRead, staff.Place{}).Allowed
	if !whole {
		// What lies between departments is the platform's: who asks for one system learns of no account and no session, which would lead on.
		if s.System == "" || s.Account != "" || s.Interaction != "" {
			return reply{}, a.see(ctx, c, permit.AuditRead, staff.Place{})
		}
		x, err := a.o.Register.System(ctx, s.System)
		if err != nil {
			return reply{}, err
		}
		if err := a.see(ctx, c, permit.AuditRead, placeOf(x.System)); err != nil {
			return reply{}, err
		}
	}
	if p.after != "" {
		if s.Before, err = strconv.ParseInt(p.after, 10, 64); err != nil {
			return reply{}, hub.E("api.searchEvents", hub.Internal, err) // we have signed it
		}
	}
	found, err := a.o.Record.Search(ctx, s)
	if err != nil {
		return reply{}, err
	}
	if s.Account != "" { // who looks through somebody's record leaves a line in it
		if err := a.o.Audit.Record(ctx, audit.Event{Kind: "account.searched", Outcome: audit.Success, Account: s.Account, Channel: "api", Detail: c.actor.Note(nil)}); err != nil {
			return reply{}, err
		}
	}
	out := eventList{Events: []shownEvent{}, Next: a.next(c, p, found.Next > 0, strconv.FormatInt(found.Next, 10))}
	for _, e := range found.Events {
		x := shownEvent{
			ID: e.ID, At: e.At, Kind: e.Kind, Outcome: string(e.Outcome), Reason: e.Reason, Interaction: string(e.Interaction), Account: string(e.Account),
			Session: string(e.Session), System: string(e.System), Provider: string(e.Provider), Channel: e.Channel, Detail: e.Detail,
		}
		if !whole {
			x.Account, x.Session, x.Interaction, x.Detail = "", "", "", nil
		}
		out.Events = append(out.Events, x)
	}
	return reply{body: out}, nil
}
