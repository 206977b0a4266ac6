package console

import (
	"context"
	"errors"
	"net/http"

	"onedoor/authz"
	"onedoor/hub"
	"onedoor/tenants/staff"
	"onedoor/web/server"
	"onedoor/web/view"
)

// Openings are what persons ask a department's staff to open for them; authz.Openings has it, and its comments name the errors.
type Openings interface {
	Waiting(ctx context.Context, by hub.AccountID, department hub.DepartmentID, limit int) ([]authz.Opening, error)
	Approve(ctx context.Context, by hub.AccountID, id string) (authz.Opening, error)
	Refuse(ctx context.Context, by hub.AccountID, id string) (authz.Opening, error)
}

// Delegations are what entities ask for their operators; authz.Delegations has it, and its comments name the errors.
type Delegations interface {
	Waiting(ctx context.Context, by hub.AccountID, department hub.DepartmentID, limit int) ([]authz.Delegation, error)
	Approve(ctx context.Context, by hub.AccountID, id string) (authz.Delegation, error)
	Refuse(ctx context.Context, by hub.AccountID, id string) (authz.Delegation, error)
}

// Applications are what persons and entities ask of a department's staff before a sensitive service opens (RAZ-06). All are required.
type Applications struct {
	Openings    Openings
	Delegations Delegations
	// Item finds an entry of the catalogue. NotFound.
	Item func(ctx context.Context, id authz.ItemID) (authz.Item, error)
	// Entity names an entity; nil where there is none.
	Entity func(ctx context.Context, id hub.EntityID) hub.Text
	// Labels name the places and devices of an entity by their ids.
	Labels func(ctx context.Context, id hub.EntityID) (map[string]string, error)
}

const (
	applicationsPath  = staffPath + "/applications"
	aboutApplications = "applications"
	mostApplications  = 50 // of a department and kind, on a page
)

func (c *Console) applicationMounts() []server.Mount {
	if c.o.Applications == nil {
		return nil
	}
	return []server.Mount{
		c.v.Get(applicationsPath, c.applications),
		c.v.Post(applicationsPath+"/sign-in", c.applicationsSignIn),
		c.v.Post(applicationsPath+"/decide", c.applicationDecide),
	}
}

// applications is GET /staff/applications.
func (c *Console) applications(w http.ResponseWriter, r *http.Request) {
	c.applicationsPage(w, r, http.StatusOK, view.ItemDeskPage{Done: r.URL.Query().Get("done")})
}

func (c *Console) applicationsPage(w http.ResponseWriter, r *http.Request, status int, page view.ItemDeskPage) {
	ctx := r.Context()
	s, in, err := c.v.SignedIn(r)
	if err == nil {
		page.Token = c.v.Token(w, r, aboutApplications)
		if _, page.Strong = c.clerk(s, in); page.Strong {
			if page.Entries, err = c.waiting(ctx, s.Account); err == nil {
				_, page.Fresh, err = c.v.FreshAt(ctx, s, staff.Least())
			}
		}
	}
	if err != nil {
		c.v.Fail(w, r, err, applicationsPath)
		return
	}
	c.v.Show(w, r, status, applicationsPath, in, page)
}

// waiting lists what a member of staff may decide about, of all departments where they have a post.
func (c *Console) waiting(ctx context.Context, by hub.AccountID) (out []view.ItemDeskEntry, err error) {
	held, err := c.o.Staff.Held(ctx, by)
	if err != nil {
		return nil, err
	}
	seen := map[hub.DepartmentID]bool{}
	for _, post := range held {
		d := post.Place.Department
		if d == "" || seen[d] || post.State != staff.Active {
			continue
		}
		seen[d] = true
		owner, _ := c.o.Places(ctx, staff.Place{Department: d})
		opened, err := c.o.Applications.Openings.Waiting(ctx, by, d, mostApplications)
		if errors.Is(err, hub.Denied) { // another task than approving
			continue
		}
		if err != nil {
			return nil, err
		}
		for _, o := range opened {
			e := view.ItemDeskEntry{At: o.At, DelegationEntry: view.DelegationEntry{ID: o.ID, Owner: owner}}
			if e.Names, err = c.itemNames(ctx, o.Item); err != nil {
				return nil, err
			}
			out = append(out, e)
		}
		delegated, err := c.o.Applications.Delegations.Waiting(ctx, by, d, mostApplications)
		if err != nil {
			return nil, err
		}
		for _, x := range delegated {
			e, err := c.delegated(ctx, x, owner)
			if err != nil {
				return nil, err
			}
			out = append(out, e)
		}
	}
	return out, nil
}

func (c *Console) itemNames(ctx context.Context, id authz.ItemID) (hub.Text, error) {
	i, err := c.o.Applications.Item(ctx, id)
	if errors.Is(err, hub.NotFound) {
		return hub.Text{"en": string(id)}, nil
	}
	return i.Names, err
}

// delegated puts an entity's application into the words of the page, with everything that is asked for.
func (c *Console) delegated(ctx context.Context, d authz.Delegation, owner hub.Text) (view.ItemDeskEntry, error) {
	e := view.ItemDeskEntry{Delegation: true, Entity: c.o.Applications.Entity(ctx, d.Entity), At: d.ProposedAt, DelegationEntry: view.DelegationEntry{
		ID: d.ID, Owner: owner, Exclusive: d.Exclusive, From: d.From, Until: d.Until, Hours: d.Hours,
	}}
	var err error
	if e.Names, err = c.itemNames(ctx, d.Item); err != nil {
		return e, err
	}
	if len(d.Places)+len(d.Devices) == 0 {
		return e, nil
	}
	labels, err := c.o.Applications.Labels(ctx, d.Entity)
	for _, id := range d.Places {
		e.Places = append(e.Places, labels[id])
	}
	for _, id := range d.Devices {
		e.Devices = append(e.Devices, labels[id])
	}
	return e, err
}

// applicationsSignIn is POST /staff/applications/sign-in.
func (c *Console) applicationsSignIn(w http.ResponseWriter, r *http.Request) {
	if _, err := c.v.Form(r, aboutApplications); err != nil {
		c.v.Fail(w, r, err, applicationsPath)
		return
	}
	c.v.SignInAt(w, r, applicationsPath, staff.Least())
}

// applicationDecide is POST /staff/applications/decide. Whether it is theirs to decide, the domain says.
func (c *Console) applicationDecide(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	form, err := c.v.Form(r, aboutApplications)
	fresh := false
	var by hub.AccountID
	if err == nil {
		s, in, bad := c.v.SignedIn(r)
		if err = bad; err == nil && in {
			by = s.Account
			_, fresh, err = c.v.FreshAt(ctx, s, staff.Least())
		}
	}
	if err != nil {
		c.v.Fail(w, r, err, applicationsPath)
		return
	}
	if !fresh {
		http.Redirect(w, r, applicationsPath, http.StatusSeeOther) // where they can sign in
		return
	}
	done := "approved"
	a := c.o.Applications
	delegation, opening, yes := form.Get("delegation"), form.Get("opening"), form.Get("decision") == "approve"
	switch {
	case form.Get("decision") != "approve" && form.Get("decision") != "refuse" || (delegation == "") == (opening == ""):
		err = hub.Errorf("console.applicationDecide", hub.Invalid, "no decision")
	case delegation != "" && yes:
		_, err = a.Delegations.Approve(ctx, by, delegation)
	case delegation != "":
		_, err = a.Delegations.Refuse(ctx, by, delegation)
	case yes:
		_, err = a.Openings.Approve(ctx, by, opening)
	default:
		_, err = a.Openings.Refuse(ctx, by, opening)
	}
	if !yes {
		done = "refused"
	}
	switch kind := hub.KindOf(err); {
	case err == nil:
		http.Redirect(w, r, applicationsPath+"?done="+done, http.StatusSeeOther)
	case kind == hub.Consumed, kind == hub.NotFound, kind == hub.Conflict, kind == hub.Denied, kind == hub.Expired, kind == hub.Refused:
		c.applicationsPage(w, r, http.StatusUnprocessableEntity, view.ItemDeskPage{Problem: kind})
	default:
		c.v.Fail(w, r, err, applicationsPath)
	}
}
