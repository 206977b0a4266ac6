package portal

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"

	"onedoor/authz"
	"onedoor/binding"
	"onedoor/hub"
	"onedoor/hub/session"
	"onedoor/web/server"
	"onedoor/web/view"
)

// Switches are the person's own for each of their services; authz.Openings has them, and its comments name the errors.
type Switches interface {
	Of(ctx context.Context, account hub.AccountID, departments []hub.DepartmentID) ([]authz.Choice, error)
	Choice(ctx context.Context, account hub.AccountID, item authz.ItemID) (authz.Choice, error)
	Lock(ctx context.Context, account hub.AccountID, id hub.SessionID, item authz.ItemID) error
	Open(ctx context.Context, s session.Session, item authz.ItemID) (authz.Opening, error)
}

// ServicesPath is the page on which people open and lock services of theirs.
const ServicesPath = "/me/services"

const aboutServices = "services"

// serviceMounts are the routes of the page of services. Without any there are none.
func (p *Portal) serviceMounts() []server.Mount {
	if p.o.Switches == nil {
		return nil
	}
	return []server.Mount{
		p.v.Get(ServicesPath, p.v.Private(p.services)),
		p.v.Get(ServicesPath+"/{item}", p.v.Private(p.service)),
		p.v.Post(ServicesPath+"/lock", p.v.Act(aboutServices, ServicesPath, p.serviceLock)),
		p.v.Post(ServicesPath+"/open", p.v.Act(aboutServices, ServicesPath, p.serviceOpen)),
	}
}

// services is GET of the page.
func (p *Portal) services(w http.ResponseWriter, r *http.Request, s session.Session) {
	p.servicesPage(w, r, s, http.StatusOK, view.ServicesPage{Done: r.URL.Query().Get("done")})
}

// servicesPage lists the services of the departments that have a record of the person.
func (p *Portal) servicesPage(w http.ResponseWriter, r *http.Request, s session.Session, status int, page view.ServicesPage) {
	ctx := r.Context()
	held, err := p.o.Records.Mine(ctx, p.visitor(s, hub.Secret{}, ""))
	var departments []hub.DepartmentID
	for _, b := range held {
		if b.State != binding.Unbound && !slices.Contains(departments, b.Place.Department) {
			departments = append(departments, b.Place.Department)
		}
	}
	var all []authz.Choice
	if err == nil {
		all, err = p.o.Switches.Of(ctx, s.Account, departments)
	}
	if err != nil {
		p.v.Fail(w, r, err, ServicesPath)
		return
	}
	for _, c := range all {
		page.Entries = append(page.Entries, p.serviceEntry(ctx, c))
	}
	page.Token = p.v.Token(w, r, aboutServices)
	p.v.Show(w, r, status, ServicesPath, true, page)
}

func (p *Portal) serviceEntry(ctx context.Context, c authz.Choice) view.ServicesEntry {
	e := view.ServicesEntry{ID: c.Item.ID, Names: c.Item.Names, Open: c.Open, Once: c.Opening.Session != "", State: c.Opening.State}
	if d, err := p.o.Departments.Department(ctx, c.Item.Department); err == nil {
		e.Owner = d.Names
	}
	return e
}

// service is GET /me/services/{item}: where a department sends a person who wanted to use it. Whether the department has a record of them does
// not matter here: it was asked for by name.
func (p *Portal) service(w http.ResponseWriter, r *http.Request, s session.Session) {
	p.servicePage(w, r, s, authz.ItemID(r.PathValue("item")), http.StatusOK, view.ServicesPage{Done: r.URL.Query().Get("done")})
}

func (p *Portal) servicePage(w http.ResponseWriter, r *http.Request, s session.Session, id authz.ItemID, status int, page view.ServicesPage) {
	c, err := p.choice(r.Context(), s, id)
	if err != nil {
		p.v.Fail(w, r, err, ServicesPath)
		return
	}
	page.One, page.Entries, page.Token = true, []view.ServicesEntry{p.serviceEntry(r.Context(), c)}, p.v.Token(w, r, aboutServices)
	p.v.Show(w, r, status, ServicesPath+"/"+string(id), true, page)
}

// choice gives an item as it stands with the person. NotFound also for what can't be the name of one.
func (p *Portal) choice(ctx context.Context, s session.Session, id authz.ItemID) (authz.Choice, error) {
	if !hub.ValidName(string(id)) {
		return authz.Choice{}, hub.Errorf("portal.choice", hub.NotFound, "no such service")
	}
	return p.o.Switches.Choice(ctx, s.Account, id)
}

// servicesBack gives the page that a form came from: that of one service, or of all.
func servicesBack(form url.Values) string {
	if id := form.Get("item"); form.Get("one") != "" && hub.ValidName(id) {
		return ServicesPath + "/" + id
	}
	return ServicesPath
}

// serviceLock is POST /me/services/lock. Nothing is asked for it: whoever is in a hurry must be able to close what is theirs.
func (p *Portal) serviceLock(w http.ResponseWriter, r *http.Request, s session.Session, form url.Values) {
	if err := p.o.Switches.Lock(r.Context(), s.Account, s.ID, authz.ItemID(form.Get("item"))); err != nil {
		p.v.Fail(w, r, err, ServicesPath)
		return
	}
	http.Redirect(w, r, servicesBack(form)+"?done=locked", http.StatusSeeOther)
}

// serviceOpen is POST /me/services/open: for who has signed in as the service asks, and the way to such a sign-in for everybody else.
func (p *Portal) serviceOpen(w http.ResponseWriter, r *http.Request, s session.Session, form url.Values) {
	ctx, id, back := r.Context(), authz.ItemID(form.Get("item")), servicesBack(form)
	opened, err := p.o.Switches.Open(ctx, s, id)
	switch {
	case errors.Is(err, hub.LevelUnmet):
		c, err := p.o.Switches.Choice(ctx, s.Account, id)
		if err != nil {
			p.v.Fail(w, r, err, ServicesPath)
			return
		}
		p.v.SignInAt(w, r, back, c.Item.Demands.Least)
	case errors.Is(err, hub.Suspended) && back != ServicesPath:
		p.servicePage(w, r, s, id, http.StatusUnprocessableEntity, view.ServicesPage{Problem: hub.Suspended})
	case errors.Is(err, hub.Suspended):
		p.servicesPage(w, r, s, http.StatusUnprocessableEntity, view.ServicesPage{Problem: hub.Suspended})
	case err != nil:
		p.v.Fail(w, r, err, ServicesPath)
	case opened.State == authz.Asked:
		http.Redirect(w, r, back+"?done=asked", http.StatusSeeOther)
	default:
		http.Redirect(w, r, back+"?done=open", http.StatusSeeOther)
	}
}
