package api

import (
	"context"
	"net/http"
	"time"

	"onedoor/authz"
	"onedoor/authz/catalogue"
	"onedoor/authz/permit"
	"onedoor/hub"
	"onedoor/tenants/staff"
)

// shownDecision is a decision as it was taken: words, times and ids. Who it is about has, for a department's staff, a name that only this
// department's record knows; the session is the platform's.
type shownDecision struct {
	ID         string        `json:"id"`
	At         time.Time     `json:"at"`
	Item       string        `json:"item"`
	Version    int64         `json:"version"`
	Action     string        `json:"action,omitempty"`
	System     string        `json:"system"`
	Permit     bool          `json:"permit"`
	Reasons    []string      `json:"reasons"`
	Remedies   []string      `json:"remedies" doc:"what would have turned the no into a yes; none where nothing that they do would"`
	Person     string        `json:"person" doc:"an alias that no other department can compare; an account for the platform"`
	ForEntity  bool          `json:"forEntity"`
	Entity     string        `json:"entity,omitempty" doc:"for the platform"`
	Session    string        `json:"session,omitempty" doc:"for the platform"`
	Logins     []shownLogin  `json:"logins"`
	Asked      shownDemanded `json:"asked"`
	Opening    string        `json:"opening,omitempty" doc:"what the person had said"`
	Approved   bool          `json:"approved,omitempty" doc:"by the department's staff"`
	Mandated   bool          `json:"mandated,omitempty"`
	Delegation string        `json:"delegation,omitempty"`
	Awaits     bool          `json:"awaits,omitempty" doc:"a delegation waited for the department's staff"`
	Bound      []string      `json:"bound,omitempty" doc:"kinds of records of the department, with the level at which they were bound"`
	InNetworks bool          `json:"inNetworks,omitempty"`
	Places     int           `json:"places,omitempty" doc:"registered places in which they were"`
	Devices    int           `json:"devices,omitempty" doc:"registered devices that were shown"`
}

type shownLogin struct {
	Level wireLevel `json:"level"`
	Age   string    `json:"age" doc:"at the decision"`
}

type shownDemanded struct {
	Level  wireLevel `json:"level"`
	MaxAge string    `json:"maxAge"`
}

type decisionList struct {
	Decisions []shownDecision `json:"decisions"`
}

// rehearsalAsked is a draft that decisions are taken again under.
type rehearsalAsked struct {
	Since string   `json:"since" max:"30" doc:"how far back, as 720h: at most 2160h"`
	Draft wireItem `json:"draft"`
}

// shownRehearsal is what a draft would have made of the decisions.
type shownRehearsal struct {
	All      int            `json:"all"`
	Same     int            `json:"same"`
	Opened   int            `json:"opened" doc:"permitted that were denied"`
	Closed   int            `json:"closed" doc:"denied that were permitted"`
	Unknown  int            `json:"unknown" doc:"nobody can know: the draft hangs on what was not looked at or is not kept"`
	Whole    bool           `json:"whole" doc:"false: only the latest were looked at"`
	Changes  []shownChange  `json:"changes"`
	Reasons  []reasonCount  `json:"reasons" doc:"of those that would be denied"`
	Examples []shownExample `json:"examples" doc:"the latest that would be others"`
}

type reasonCount struct {
	Reasons []string `json:"reasons"`
	Count   int      `json:"count"`
}

type shownExample struct {
	Decision string    `json:"decision"`
	At       time.Time `json:"at"`
	Person   string    `json:"person"`
	Action   string    `json:"action,omitempty"`
	System   string    `json:"system"`
	Was      bool      `json:"was" doc:"permitted"`
	Would    bool      `json:"would"`
	Reasons  []string  `json:"reasons" doc:"for which it would be denied"`
}

func (a *API) explainRoutes() []route {
	read := []permit.Act{permit.DecisionRead}
	return []route{
		{id: "explainDecisions", method: http.MethodGet, path: "/decisions/{interaction}", summary: "What was decided on items under an interaction, why, and what it rested on; those that you may see", acts: read, out: decisionList{}, status: http.StatusOK, do: a.explainDecisions},
		{id: "listItemDecisions", method: http.MethodGet, path: "/items/{item}/decisions", summary: "The latest decisions on an item", acts: read, out: decisionList{}, status: http.StatusOK, do: a.listItemDecisions},
		{id: "rehearseItem", method: http.MethodPost, path: "/items/{item}/rehearsals", summary: "What a draft of an item would have made of the recorded decisions on it; nothing is changed", acts: []permit.Act{permit.ItemRead, permit.DecisionRead}, in: rehearsalAsked{}, out: shownRehearsal{}, status: http.StatusOK, calm: true, do: a.rehearseItem},
	}
}

// whole reports whether the caller sees the record of the platform, and with it whom a decision was about.
func (a *API) whole(ctx context.Context, c *call) bool {
	return a.o.Permits.May(ctx, c.subject, permit.AuditRead, staff.Place{}).Allowed
}

// personOf gives whom a decision was about in the words of who asks.
func (a *API) personOf(whole bool, department hub.DepartmentID, account hub.AccountID) string {
	if whole || account == "" {
		return string(account)
	}
	return a.o.Alias(department, account)
}

// known names accounts to who asks about a department: as they are to who sees the record of the platform, and to everybody else as the department's own
// record names them, so that no two departments can compare theirs (invariant 3).
func (a *API) known(ctx context.Context, c *call, department hub.DepartmentID) func(hub.AccountID) string {
	whole := a.whole(ctx, c)
	return func(account hub.AccountID) string { return a.personOf(whole, department, account) }
}

func (a *API) showDecisions(ctx context.Context, c *call, all []catalogue.Explanation) decisionList {
	whole, out := a.whole(ctx, c), decisionList{Decisions: []shownDecision{}}
	for _, x := range all {
		r, d := x.Record, x.Item.Demands
		s := shownDecision{
			ID: r.ID, At: r.At, Item: string(r.Item), Version: r.Version, Action: string(r.Action), System: string(r.System), Permit: r.Permit,
			Reasons: texts(r.Reasons), Remedies: texts(x.Remedies), Person: a.personOf(whole, x.Item.Department, r.Party.Account),
			ForEntity: r.Party.Entity != "", Logins: []shownLogin{}, Asked: shownDemanded{levelOf(d.Least), d.Age().String()},
			Opening: string(r.Seen.Opening), Approved: r.Seen.Decided, Awaits: r.Seen.Awaits, Mandated: r.Seen.Mandated, InNetworks: r.Seen.InNetworks,
			Places: len(r.Seen.Places), Devices: len(r.Seen.Devices),
		}
		if whole {
			s.Entity, s.Session = string(r.Party.Entity), string(r.Session)
		}
		for _, l := range r.Seen.Authentications {
			s.Logins = append(s.Logins, shownLogin{levelOf(l.Level), r.At.Sub(l.At).Round(time.Second).String()})
		}
		if held := r.Seen.Delegation; held != nil {
			s.Delegation, s.Approved = held.ID, !held.DecidedAt.IsZero()
		}
		for _, b := range r.Seen.Bound {
			s.Bound = append(s.Bound, b.Kind+" "+b.IAL.String())
		}
		out.Decisions = append(out.Decisions, s)
	}
	return out
}

func (a *API) explainDecisions(ctx context.Context, c *call) (reply, error) {
	all, err := a.o.Items.Explain(ctx, c.actor, hub.InteractionID(c.path("interaction")))
	if err != nil {
		return reply{}, unseen(err)
	}
	return reply{body: a.showDecisions(ctx, c, all)}, nil
}

func (a *API) listItemDecisions(ctx context.Context, c *call) (reply, error) {
	e, err := a.item(ctx, c)
	if err != nil {
		return reply{}, err
	}
	all, err := a.o.Items.Recent(ctx, c.actor, e.ID, defaultLimit)
	if err != nil {
		return reply{}, err
	}
	return reply{body: a.showDecisions(ctx, c, all)}, nil
}

func (a *API) rehearseItem(ctx context.Context, c *call) (reply, error) {
	e, err := a.item(ctx, c)
	if err != nil {
		return reply{}, err
	}
	in := c.in.(*rehearsalAsked)
	back := span(in.Since)
	if back <= 0 || back > catalogue.LongestSince {
		return reply{}, &faulty{hub.Invalid, []fault{{Path: "since", Text: "must be a time of at most 2160h"}}}
	}
	draft, err := in.Draft.item(e.ID)
	if err != nil {
		return reply{}, err
	}
	x, err := a.o.Items.Rehearse(ctx, c.actor, draft, back)
	if err != nil {
		return reply{}, err
	}
	out := shownRehearsal{
		All: x.All, Same: x.Same, Opened: x.Opened, Closed: x.Closed, Unknown: x.Unknown, Whole: x.Whole, Changes: showChanges(x.Changes),
		Reasons: []reasonCount{}, Examples: []shownExample{},
	}
	for _, n := range x.Reasons {
		out.Reasons = append(out.Reasons, reasonCount{texts(n.Codes), n.N})
	}
	whole := a.whole(ctx, c)
	for _, e := range x.Examples {
		r := e.Record
		out.Examples = append(out.Examples, shownExample{
			r.ID, r.At, a.personOf(whole, draft.Department, r.Party.Account), string(r.Action), string(r.System), r.Permit, e.Would.Permit,
			texts(authz.Decision{Reasons: e.Would.Reasons}.Codes()),
		})
	}
	return reply{body: out}, nil
}
