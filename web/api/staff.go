package api

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"onedoor/authz/permit"
	"onedoor/hub"
	"onedoor/tenants"
	"onedoor/tenants/staff"
)

type wirePlace struct {
	Department string `json:"department,omitempty" max:"39" doc:"left out for the platform"`
	Area       string `json:"area,omitempty" max:"39"`
}

func (w wirePlace) place() staff.Place {
	return staff.Place{Department: hub.DepartmentID(w.Department), Area: tenants.AreaID(w.Area)}
}

func showPlace(p staff.Place) wirePlace { return wirePlace{string(p.Department), string(p.Area)} }

type shownPost struct {
	ID      string `json:"id"`
	Account string `json:"account" doc:"as your record names it"`
	Role    string `json:"role" enum:"platform_administrator|platform_auditor|department_administrator|reviewer|auditor|help_desk"`
	State   string `json:"state" enum:"proposed|active|ended"`
	wirePlace
	InvitedBy string    `json:"invitedBy,omitempty" doc:"left out for the command line"`
	At        time.Time `json:"at"`
}

type postList struct {
	Posts []shownPost `json:"posts"`
	Next  string      `json:"next,omitempty"`
}

type invitation struct {
	Role string `json:"role" enum:"platform_administrator|platform_auditor|department_administrator|reviewer|auditor|help_desk"`
	wirePlace
}

type shownInvitation struct {
	ID   string `json:"id"`
	Role string `json:"role"`
	wirePlace
	InvitedBy string    `json:"invitedBy,omitempty"`
	ExpiresAt time.Time `json:"expiresAt"`
}

type invitationList struct {
	Invitations []shownInvitation `json:"invitations"`
	Next        string            `json:"next,omitempty"`
}

// newInvitation is an invitation with its address, which is shown once.
type newInvitation struct {
	Link       string          `json:"link" doc:"of one use, for somebody who signs in as staff must: hand it over on a way that nobody else reads"`
	Invitation shownInvitation `json:"invitation"`
}

type ending struct {
	Reason string `json:"reason" enum:"left|changed|misuse|rejected"`
}

// done is the answer where there is nothing to tell.
type done struct {
	Done bool `json:"done"`
}

func (a *API) staffRoutes() []route {
	read := []permit.Act{permit.StaffRead}
	appoint := []permit.Act{permit.StaffAppoint, permit.AdministratorAppoint, permit.PlatformAppoint}
	department := []parameter{{name: "department", doc: "left out for the platform's own"}}
	return []route{
		{id: "listPosts", method: http.MethodGet, path: "/staff/posts", summary: "Who works for a department or the platform, by id of the post", acts: read, list: true, query: department, out: postList{}, status: http.StatusOK, do: a.listPosts},
		{id: "confirmPost", method: http.MethodPost, path: "/staff/posts/{post}/confirm", summary: "Be the second pair of eyes on a proposed post", acts: appoint, out: done{}, status: http.StatusOK, do: a.confirmPost},
		{id: "endPost", method: http.MethodPost, path: "/staff/posts/{post}/end", summary: "End a post, at once", acts: appoint, in: ending{}, out: done{}, status: http.StatusOK, do: a.endPost},
		{id: "listInvitations", method: http.MethodGet, path: "/staff/invitations", summary: "Open invitations, by id", acts: read, list: true, query: department, out: invitationList{}, status: http.StatusOK, do: a.listInvitations},
		{id: "invite", method: http.MethodPost, path: "/staff/invitations", summary: "Invite somebody to a post", acts: appoint, in: invitation{}, out: newInvitation{}, status: http.StatusCreated, do: a.invite},
		{id: "takeBackInvitation", method: http.MethodPost, path: "/staff/invitations/{invitation}/take-back", summary: "Close an open invitation", acts: appoint, out: done{}, status: http.StatusOK, do: a.takeBack},
	}
}

// asked gives the place that a list of staff is asked for.
func asked(c *call) staff.Place {
	return staff.Place{Department: hub.DepartmentID(c.query("department"))}
}

// reads gives what of a place's staff the caller may see: all of it, or what lies in their own areas. NotFound where it is nothing.
func (a *API) reads(ctx context.Context, c *call, place staff.Place) (func(staff.Place) bool, error) {
	covers := a.covers(ctx, c, permit.StaffRead)
	if err := a.see(ctx, c, permit.StaffRead, place); err != nil && !slices.ContainsFunc(a.o.Permits.Where(ctx, c.subject, permit.StaffRead), func(p staff.Place) bool {
		return place.Department != "" && p.Department == place.Department
	}) {
		return nil, err
	}
	return covers, nil
}

func (a *API) listPosts(ctx context.Context, c *call) (reply, error) {
	p, err := a.pageOf(c)
	if err != nil {
		return reply{}, err
	}
	place := asked(c)
	covers, err := a.reads(ctx, c, place)
	if err != nil {
		return reply{}, err
	}
	all, err := a.o.Staff.At(ctx, place.Department)
	if err != nil {
		return reply{}, err
	}
	slices.SortFunc(all, func(x, y staff.Post) int { return strings.Compare(x.ID, y.ID) })
	out, known := postList{Posts: []shownPost{}}, a.known(ctx, c, place.Department)
	for _, x := range all {
		if x.ID <= p.after || !covers(x.Place) {
			continue
		}
		if len(out.Posts) == p.limit {
			out.Next = a.next(c, p, true, out.Posts[p.limit-1].ID)
			break
		}
		out.Posts = append(out.Posts, shownPost{x.ID, known(x.Account), string(x.Role), string(x.State), showPlace(x.Place), known(x.InvitedBy), x.At})
	}
	return reply{body: out}, nil
}

// person gives the person who acts. The acts about staff are for persons only; should the rules ever say otherwise, a program must not pass for the
// command line, whose account is "".
func (c *call) person() hub.AccountID {
	if c.subject.Account == "" {
		return "nobody"
	}
	return c.subject.Account
}

// post finds the one of the path that the caller may see, and may end or confirm.
func (a *API) post(ctx context.Context, c *call) (staff.Post, error) {
	x, err := a.o.Staff.Post(ctx, c.path("post"))
	if err != nil {
		return staff.Post{}, err
	}
	return x, a.may(ctx, c, permit.StaffRead, permit.Appointing(x.Role), x.Place)
}

func (a *API) confirmPost(ctx context.Context, c *call) (reply, error) {
	x, err := a.post(ctx, c)
	if err != nil {
		return reply{}, err
	}
	return reply{body: done{true}}, a.o.Staff.Confirm(ctx, c.person(), x.ID)
}

func (a *API) endPost(ctx context.Context, c *call) (reply, error) {
	x, err := a.post(ctx, c)
	if err != nil {
		return reply{}, err
	}
	return reply{body: done{true}}, a.o.Staff.Remove(ctx, c.person(), x.ID, c.in.(*ending).Reason)
}

func (a *API) listInvitations(ctx context.Context, c *call) (reply, error) {
	p, err := a.pageOf(c)
	if err != nil {
		return reply{}, err
	}
	place := asked(c)
	covers, err := a.reads(ctx, c, place)
	if err != nil {
		return reply{}, err
	}
	all, err := a.o.Staff.Open(ctx)
	if err != nil {
		return reply{}, err
	}
	slices.SortFunc(all, func(x, y staff.Invitation) int { return strings.Compare(x.ID, y.ID) })
	out, known := invitationList{Invitations: []shownInvitation{}}, a.known(ctx, c, place.Department)
	for _, x := range all {
		if x.ID <= p.after || x.Place.Department != place.Department || !covers(x.Place) {
			continue
		}
		if len(out.Invitations) == p.limit {
			out.Next = a.next(c, p, true, out.Invitations[p.limit-1].ID)
			break
		}
		out.Invitations = append(out.Invitations, showInvitation(x, known))
	}
	return reply{body: out}, nil
}

func showInvitation(x staff.Invitation, known func(hub.AccountID) string) shownInvitation {
	return shownInvitation{x.ID, string(x.Role), showPlace(x.Place), known(x.InvitedBy), x.ExpiresAt}
}

func (a *API) invite(ctx context.Context, c *call) (reply, error) {
	in := c.in.(*invitation)
	role, place := staff.Role(in.Role), in.place()
	if err := a.may(ctx, c, permit.StaffRead, permit.Appointing(role), place); err != nil {
		return reply{}, err
	}
	x, secret, err := a.o.Staff.Invite(ctx, c.person(), role, place)
	if err != nil {
		return reply{}, err
	}
	return reply{body: newInvitation{a.o.Issuer + "/join/" + secret.Reveal(), showInvitation(x, a.known(ctx, c, x.Place.Department))}}, nil
}

func (a *API) takeBack(ctx context.Context, c *call) (reply, error) {
	all, err := a.o.Staff.Open(ctx)
	if err != nil {
		return reply{}, err
	}
	id := c.path("invitation")
	i := slices.IndexFunc(all, func(x staff.Invitation) bool { return x.ID == id })
	if i < 0 {
		return reply{}, hub.Errorf("api.takeBack", hub.NotFound, "no such invitation")
	}
	if err := a.may(ctx, c, permit.StaffRead, permit.Appointing(all[i].Role), all[i].Place); err != nil {
		return reply{}, err
	}
	return reply{body: done{true}}, a.o.Staff.TakeBack(ctx, c.person(), id)
}
