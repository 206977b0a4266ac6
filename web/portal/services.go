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
	held, err := p.o.Records.Mine(ctx, p.visitor(s, hub.Secret{}))
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
		e := view.ServicesEntry{ID: c.Item.ID, Names: c.Item.Names, Open: c.Open, State: c.Opening.State}
		if d, err := p.o.Departments.Department(ctx, c.Item.Department); err == nil {
			e.Owner = d.Names
		}
		page.Entries = append(page.Entries, e)
	}
	page.Token = p.v.Token(w, r, aboutServices)
	p.v.Show(w, r, status, ServicesPath, true, page)
}

// serviceLock is POST /me/services/lock. Nothing is asked for it: whoever is in a hurry must be able to close what is theirs.
func (p *Portal) serviceLock(w http.ResponseWriter, r *http.Request, s session.Session, form url.Values) {
	if err := p.o.Switches.Lock(r.Context(), s.Account, s.ID, authz.ItemID(form.Get("item"))); err != nil {
		p.v.Fail(w, r, err, ServicesPath)
		return
	}
	http.Redirect(w, r, ServicesPath+"?done=locked", http.StatusSeeOther)
}

// serviceOpen is POST /me/services/open: for who has signed in as the service asks, and the way to such a sign-in for everybody else.
func (p *Portal) serviceOpen(w http.ResponseWriter, r *http.Request, s session.Session, form url.Values) {
	ctx, id := r.Context(), authz.ItemID(form.Get("item"))
	opened, err := p.o.Switches.Open(ctx, s, id)
	switch {
	case errors.Is(err, hub.LevelUnmet):
		c, err := p.o.Switches.Choice(ctx, s.Account, id)
		if err != nil {
			p.v.Fail(w, r, err, ServicesPath)
			return
		}
		p.v.SignInAt(w, r, ServicesPath, c.Item.Demands.Least)
	case errors.Is(err, hub.Suspended):
		p.servicesPage(w, r, s, http.StatusUnprocessableEntity, view.ServicesPage{Problem: hub.Suspended})
	case err != nil:
		p.v.Fail(w, r, err, ServicesPath)
	case opened.State == authz.Asked:
		http.Redirect(w, r, ServicesPath+"?done=asked", http.StatusSeeOther)
	default:
		http.Redirect(w, r, ServicesPath+"?done=open", http.StatusSeeOther)
	}
}
