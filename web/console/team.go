package console

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"onedoor/authz/permit"
	"onedoor/hub"
	"onedoor/tenants"
	"onedoor/tenants/staff"
	"onedoor/web/locale"
	"onedoor/web/view"
)

var roleWords = map[staff.Role]func(locale.Catalogue) string{
	staff.PlatformAdministrator:   locale.Catalogue.RolePlatformAdministrator,
	staff.PlatformAuditor:         locale.Catalogue.RolePlatformAuditor,
	staff.DepartmentAdministrator: locale.Catalogue.RoleDepartmentAdministrator,
	staff.Reviewer:                locale.Catalogue.RoleReviewer,
	staff.Auditor:                 locale.Catalogue.RoleAuditor,
	staff.HelpDesk:                locale.Catalogue.RoleHelpDesk,
}

// roleName names a role, in every language.
func roleName(role staff.Role) view.ConsoleCell {
	return said(roleWords[role], string(role))
}

// posts is GET /console/staff[/{department}]: who works there, who is invited, and what may be done about it.
func (f *Office) posts(w http.ResponseWriter, r *http.Request, o officer) {
	f.postsPage(w, r, o, "")
}

func (f *Office) postsPage(w http.ResponseWriter, r *http.Request, o officer, secret string) {
	ctx := r.Context()
	held, err := f.o.Team.At(ctx, o.place.Department)
	if err != nil {
		f.v.Fail(w, r, err, root)
		return
	}
	open, err := f.opened(ctx, o)
	if err != nil {
		f.v.Fail(w, r, err, root)
		return
	}
	areas := map[tenants.AreaID]hub.Text{}
	var department tenants.Department
	if o.place.Department != "" {
		if department, err = f.o.Register.Department(ctx, o.place.Department); err != nil {
			f.v.Fail(w, r, err, root)
			return
		}
		for _, a := range department.Areas {
			areas[a.ID] = a.Names
		}
	}
	area := func(p staff.Place) view.ConsoleCell {
		if p.Area == "" {
			return view.ConsoleCell{}
		}
		return view.ConsoleCell{Names: areas[p.Area], Code: string(p.Area)}
	}
	list := view.ConsolePart{
		ID: "posts", Heading: locale.PostsTitle, Empty: locale.PostsNone,
		Head: []locale.Word{locale.PostRole, locale.PostArea, locale.ConsoleState, locale.ConsoleSince, locale.PostAccount, locale.ConsoleAct},
	}
	for _, p := range held {
		state := view.ConsoleCell{Word: locale.PostActive, Tone: "good"}
		if p.State == staff.Proposed {
			state = view.ConsoleCell{Word: locale.PostProposed, Tone: "bad"}
		}
		row := view.ConsoleRow{Cells: []view.ConsoleCell{roleName(p.Role), area(p.Place), state, {Day: p.At}, {Code: f.account(o, p.Account)}}}
		given := f.o.Permits.May(ctx, o.subject, permit.Appointing(p.Role), p.Place).Allowed
		hidden := []view.PostField{{Name: "post", Value: p.ID}}
		if given && p.State == staff.Proposed && p.InvitedBy != o.session.Account && p.Account != o.session.Account {
			row.Forms = append(row.Forms, view.ConsoleForm{Action: o.page + doing + "confirm", Button: locale.PostConfirm, About: f.account(o, p.Account), Hidden: hidden})
		}
		if given || p.Account == o.session.Account {
			row.Forms = append(row.Forms, view.ConsoleForm{
				Action: o.page + doing + "remove", Button: locale.PostRemove, About: f.account(o, p.Account), Hidden: hidden, Quiet: true,
				Fields: []view.ConsoleField{{Name: "reason", Label: locale.PostReason, Options: []view.ConsoleOption{
					{Value: staff.Left, Name: view.ConsoleCell{Word: locale.PostLeft}},
					{Value: staff.Changed, Name: view.ConsoleCell{Word: locale.PostChanged}},
					{Value: staff.Misuse, Name: view.ConsoleCell{Word: locale.PostMisuse}},
					{Value: staff.Rejected, Name: view.ConsoleCell{Word: locale.PostRejected}},
				}}},
			})
		}
		list.Rows = append(list.Rows, row)
	}
	p := view.ConsolePage{Heading: locale.PostsTitle, Place: f.placeName(ctx, o), Lead: locale.PostsLead, Secret: secret, Says: locale.InviteMade, Parts: []view.ConsolePart{list}}
	if invited := f.invited(r, o, open, area); len(invited.Rows) > 0 {
		p.Parts = append(p.Parts, invited)
	}
	if form, ok := f.inviting(r, o, department); ok {
		p.Parts = append(p.Parts, view.ConsolePart{ID: "invite", Heading: locale.InviteTitle, Forms: []view.ConsoleForm{form}})
	}
	f.show(w, r, http.StatusOK, o, p)
}

// opened gives the open invitations to the place of the page.
func (f *Office) opened(ctx context.Context, o officer) ([]staff.Invitation, error) {
	all, err := f.o.Team.Open(ctx)
	return slices.DeleteFunc(all, func(i staff.Invitation) bool { return i.Place.Department != o.place.Department }), err
}

// invited lists the open invitations.
func (f *Office) invited(r *http.Request, o officer, open []staff.Invitation, area func(staff.Place) view.ConsoleCell) view.ConsolePart {
	part := view.ConsolePart{ID: "open", Heading: locale.InviteOpen, Head: []locale.Word{locale.PostRole, locale.PostArea, locale.ConsoleUntil, locale.ConsoleAct}}
	for _, i := range open {
		row := view.ConsoleRow{Cells: []view.ConsoleCell{roleName(i.Role), area(i.Place), {At: i.ExpiresAt}}}
		if f.o.Permits.May(r.Context(), o.subject, permit.Appointing(i.Role), i.Place).Allowed {
			row.Forms = []view.ConsoleForm{{Action: o.page + doing + "take-back", Button: locale.InviteTakeBack, Hidden: []view.PostField{{Name: "invitation", Value: i.ID}}, Quiet: true}}
		}
		part.Rows = append(part.Rows, row)
	}
	return part
}

// inviting is the form for another invitation. False where this person may invite nobody here.
func (f *Office) inviting(r *http.Request, o officer, d tenants.Department) (view.ConsoleForm, bool) {
	var roles []view.ConsoleOption
	for _, role := range staff.Roles() {
		if role.Platform() == (o.place.Department == "") && f.o.Permits.May(r.Context(), o.subject, permit.Appointing(role), o.place).Allowed {
			roles = append(roles, view.ConsoleOption{Value: string(role), Name: roleName(role)})
		}
	}
	form := view.ConsoleForm{Action: o.page + doing + "invite", Button: locale.InviteButton, Fields: []view.ConsoleField{{Name: "role", Label: locale.PostRole, Options: roles}}}
	if len(d.Areas) > 0 {
		areas := []view.ConsoleOption{{Name: view.ConsoleCell{Word: locale.InviteWhole}}}
		for _, a := range d.Areas {
			areas = append(areas, view.ConsoleOption{Value: string(a.ID), Name: view.ConsoleCell{Names: a.Names}})
		}
		form.Fields = append(form.Fields, view.ConsoleField{Name: "area", Label: locale.PostArea, Options: areas})
	}
	return form, len(roles) > 0
}

// account is what somebody is called here: by their account at the platform, by an alias at a department.
func (f *Office) account(o officer, account hub.AccountID) string {
	if account == "" || o.place.Department == "" {
		return string(account)
	}
	return f.o.Alias(o.place.Department, account)
}

// invite is POST /console/staff[/{department}]/_/invite. The address is in the answer and nowhere else.
func (f *Office) invite(w http.ResponseWriter, r *http.Request, o officer, form url.Values) (bool, error) {
	place := o.place
	place.Area = tenants.AreaID(form.Get("area"))
	role := staff.Role(form.Get("role"))
	if !f.o.Permits.May(r.Context(), o.subject, permit.Appointing(role), place).Allowed {
		return true, f.refuse(w, r)
	}
	_, secret, err := f.o.Team.Invite(r.Context(), o.session.Account, role, place)
	if err != nil {
		return false, err
	}
	f.postsPage(w, r, o, strings.TrimSuffix(f.o.Address, "/")+"/join/"+secret.Reveal())
	return true, nil
}

// refuse answers like a page that is not there.
func (f *Office) refuse(w http.ResponseWriter, r *http.Request) error {
	f.v.Fail(w, r, nothing(), "")
	return nil
}

// ofPlace finds a post of the place of the page: those of other places are not there.
func (f *Office) ofPlace(r *http.Request, o officer, id string) (staff.Post, error) {
	held, err := f.o.Team.At(r.Context(), o.place.Department)
	if err != nil {
		return staff.Post{}, err
	}
	i := slices.IndexFunc(held, func(p staff.Post) bool { return p.ID == id })
	if i < 0 || held[i].Account != o.session.Account && !f.o.Permits.May(r.Context(), o.subject, permit.Appointing(held[i].Role), held[i].Place).Allowed {
		return staff.Post{}, nothing()
	}
	return held[i], nil
}

func (f *Office) confirm(_ http.ResponseWriter, r *http.Request, o officer, form url.Values) (bool, error) {
	p, err := f.ofPlace(r, o, form.Get("post"))
	if err != nil {
		return false, err
	}
	return false, f.o.Team.Confirm(r.Context(), o.session.Account, p.ID)
}

func (f *Office) remove(_ http.ResponseWriter, r *http.Request, o officer, form url.Values) (bool, error) {
	p, err := f.ofPlace(r, o, form.Get("post"))
	if err != nil {
		return false, err
	}
	return false, f.o.Team.Remove(r.Context(), o.session.Account, p.ID, form.Get("reason"))
}

func (f *Office) takeBack(_ http.ResponseWriter, r *http.Request, o officer, form url.Values) (bool, error) {
	open, err := f.opened(r.Context(), o)
	if err != nil {
		return false, err
	}
	i := slices.IndexFunc(open, func(i staff.Invitation) bool { return i.ID == form.Get("invitation") })
	if i < 0 || !f.o.Permits.May(r.Context(), o.subject, permit.Appointing(open[i].Role), open[i].Place).Allowed {
		return false, nothing()
	}
	return false, f.o.Team.TakeBack(r.Context(), o.session.Account, open[i].ID)
}
