package api

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"onedoor/authz/permit"
	"onedoor/hub"
	"onedoor/tenants"
	"onedoor/tenants/register"
	"onedoor/tenants/staff"
)

type systemList struct {
	Systems []shownSystem `json:"systems"`
	Next    string        `json:"next,omitempty"`
}

// systemMove takes a system a step on.
type systemMove struct {
	To     string `json:"to" enum:"draft|testing|live|suspended"`
	Reason string `json:"reason" enum:"planned|incident|misuse|maintenance|tested|settled"`
}

type shownMove struct {
	ID      string    `json:"id"`
	Was     string    `json:"was"`
	Became  string    `json:"became"`
	Reason  string    `json:"reason"`
	Account string    `json:"account,omitempty"`
	Program string    `json:"program,omitempty"`
	At      time.Time `json:"at"`
}

type moveList struct {
	Moves []shownMove `json:"moves"`
	Next  string      `json:"next,omitempty"`
}

// proposal says that a version of a system is ready to go live.
type proposal struct {
	Tested string `json:"tested" max:"39" doc:"id of what shows that it has been tested (EXC-06)"`
}

type shownProposal struct {
	ID      string    `json:"id"`
	Version int64     `json:"version"`
	Tested  string    `json:"tested"`
	Account string    `json:"account"`
	At      time.Time `json:"at"`
}

// rotation asks for a new secret.
type rotation struct {
	Connection string `json:"connection" enum:"oidc|forward"`
	Overlap    string `json:"overlap,omitempty" max:"30" doc:"how long the old secrets go on, as 24h: at most 720h; they end at once where it is left out"`
}

// newSecret is a secret, shown once.
type newSecret struct {
	Secret string      `json:"secret" doc:"the hub keeps only its hash: it can't be shown again"`
	System shownSystem `json:"system"`
}

func (a *API) systemRoutes() []route {
	read := []permit.Act{permit.SystemRead}
	const one = "/systems/{system}"
	return []route{
		{id: "listSystems", method: http.MethodGet, path: "/systems", summary: "Systems that you may see, by id", acts: read, list: true, query: []parameter{{name: "department"}}, out: systemList{}, status: http.StatusOK, do: a.listSystems},
		{id: "getSystem", method: http.MethodGet, path: one, summary: "A system", acts: read, out: shownSystem{}, status: http.StatusOK, matches: true, do: a.getSystem},
		{id: "putSystem", method: http.MethodPut, path: one, summary: "Add a draft, or replace what a system declares; its status and secrets stay", acts: []permit.Act{permit.SystemPut, permit.SystemLaunch, permit.MachineGrant}, in: wireSystem{}, out: shownSystem{}, status: http.StatusOK, matches: true, wide: true, do: a.putSystem},
		{id: "listMoves", method: http.MethodGet, path: one + "/moves", summary: "The life of a system, the latest step first", acts: read, list: true, out: moveList{}, status: http.StatusOK, do: a.listMoves},
		{id: "moveSystem", method: http.MethodPost, path: one + "/moves", summary: "Take a system a step on; with If-Match only where it is still that version", acts: []permit.Act{permit.SystemTest, permit.SystemLaunch, permit.SystemSuspend}, in: systemMove{}, out: shownSystem{}, status: http.StatusOK, matches: true, do: a.moveSystem},
		{id: "getProposal", method: http.MethodGet, path: one + "/proposal", summary: "The open proposal to go live", acts: read, out: shownProposal{}, status: http.StatusOK, do: a.getProposal},
		{id: "proposeSystem", method: http.MethodPost, path: one + "/proposal", summary: "Say that the version of If-Match is ready to go live", acts: []permit.Act{permit.SystemPropose}, in: proposal{}, out: shownProposal{}, status: http.StatusCreated, matches: true, do: a.proposeSystem},
		{id: "rotateSecret", method: http.MethodPost, path: one + "/secrets", summary: "Draw a new secret, which is shown once", acts: []permit.Act{permit.SystemRotate}, in: rotation{}, out: newSecret{}, status: http.StatusCreated, do: a.rotateSecret},
	}
}

func placeOf(s tenants.System) staff.Place {
	return staff.Place{Department: s.Department, Area: s.Area}
}

// system finds the one of the path that the caller may see.
func (a *API) system(ctx context.Context, c *call) (register.System, error) {
	x, err := a.o.Register.System(ctx, hub.SystemID(c.path("system")))
	if err != nil {
		return register.System{}, err
	}
	return x, a.see(ctx, c, permit.SystemRead, placeOf(x.System))
}

func (a *API) listSystems(ctx context.Context, c *call) (reply, error) {
	p, err := a.pageOf(c)
	if err != nil {
		return reply{}, err
	}
	all, err := a.o.Register.Systems(ctx)
	if err != nil {
		return reply{}, err
	}
	out := systemList{Systems: []shownSystem{}}
	covers, only := a.covers(ctx, c, permit.SystemRead), hub.DepartmentID(c.query("department"))
	for _, x := range all {
		if string(x.ID) <= p.after || only != "" && x.Department != only || !covers(placeOf(x.System)) {
			continue
		}
		if len(out.Systems) == p.limit {
			out.Next = a.next(c, p, true, out.Systems[p.limit-1].ID)
			break
		}
		out.Systems = append(out.Systems, showSystem(x))
	}
	return reply{body: out}, nil
}

func (a *API) getSystem(ctx context.Context, c *call) (reply, error) {
	x, err := a.system(ctx, c)
	if err != nil {
		return reply{}, err
	}
	return reply{body: showSystem(x), etag: etag(x.Version)}, nil
}

func (a *API) putSystem(ctx context.Context, c *call) (reply, error) {
	version, err := c.version()
	if err != nil {
		return reply{}, err
	}
	s := c.in.(*wireSystem).system(hub.SystemID(c.path("system")))
	if err := a.see(ctx, c, permit.SystemRead, placeOf(s)); err != nil {
		return reply{}, err
	}
	if version != 0 {
		old, err := a.system(ctx, c)
		if err != nil {
			return reply{}, err
		}
		if err := matching(version, old.Version); err != nil {
			return reply{}, err
		}
	}
	x, err := a.o.Register.PutSystem(ctx, c.actor, s, version)
	if err != nil {
		return reply{}, err
	}
	return reply{body: showSystem(x), etag: etag(x.Version)}, nil
}

func (a *API) listMoves(ctx context.Context, c *call) (reply, error) {
	p, err := a.pageOf(c)
	if err != nil {
		return reply{}, err
	}
	x, err := a.system(ctx, c)
	if err != nil {
		return reply{}, err
	}
	var before int64
	if p.after != "" {
		if before, err = strconv.ParseInt(p.after, 10, 64); err != nil {
			return reply{}, hub.E("api.listMoves", hub.Internal, err) // we have signed it
		}
	}
	all, err := a.o.Register.Moves(ctx, x.ID, before, p.limit+1)
	if err != nil {
		return reply{}, err
	}
	out, known := moveList{Moves: []shownMove{}}, a.known(ctx, c, x.Department)
	for i, m := range all {
		if i == p.limit {
			out.Next = a.next(c, p, true, strconv.FormatInt(all[i-1].Seq, 10))
			break
		}
		out.Moves = append(out.Moves, shownMove{m.ID, string(m.Was), string(m.Became), m.Reason, known(m.Account), string(m.Program), m.At})
	}
	return reply{body: out}, nil
}

func (a *API) moveSystem(ctx context.Context, c *call) (reply, error) {
	seen, err := c.seen()
	if err != nil {
		return reply{}, err
	}
	old, err := a.system(ctx, c)
	if err != nil {
		return reply{}, err
	}
	if seen != 0 {
		if err := matching(seen, old.Version); err != nil {
			return reply{}, err
		}
	}
	in := c.in.(*systemMove)
	x, err := a.o.Register.Move(ctx, c.actor, old.ID, tenants.SystemStatus(in.To), in.Reason, seen)
	if err != nil {
		return reply{}, err
	}
	return reply{body: showSystem(x), etag: etag(x.Version), settles: old.Status == tenants.Live}, nil
}

func (a *API) getProposal(ctx context.Context, c *call) (reply, error) {
	x, err := a.system(ctx, c)
	if err != nil {
		return reply{}, err
	}
	p, err := a.o.Register.Proposal(ctx, x.ID)
	return reply{body: showProposal(p, a.known(ctx, c, x.Department))}, err
}

func showProposal(p register.Proposal, known func(hub.AccountID) string) shownProposal {
	return shownProposal{p.ID, p.Version, p.Tested, known(p.Account), p.At}
}

func (a *API) proposeSystem(ctx context.Context, c *call) (reply, error) {
	version, err := c.version()
	if err != nil {
		return reply{}, err
	}
	x, err := a.system(ctx, c)
	if err != nil {
		return reply{}, err
	}
	if err := matching(version, x.Version); err != nil {
		return reply{}, err
	}
	p, err := a.o.Register.Propose(ctx, c.actor, x.ID, version, c.in.(*proposal).Tested)
	return reply{body: showProposal(p, a.known(ctx, c, x.Department)), etag: etag(x.Version)}, err
}

func (a *API) rotateSecret(ctx context.Context, c *call) (reply, error) {
	x, err := a.system(ctx, c)
	if err != nil {
		return reply{}, err
	}
	in := c.in.(*rotation)
	x, secret, err := a.o.Register.Rotate(ctx, c.actor, x.ID, register.Connection(in.Connection), span(in.Overlap))
	if err != nil {
		return reply{}, err
	}
	return reply{body: newSecret{secret, showSystem(x)}, etag: etag(x.Version)}, nil
}
