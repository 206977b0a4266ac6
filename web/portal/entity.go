package portal

import (
	"errors"
	"net/http"

	"onedoor/hub"
	"onedoor/hub/session"
	"onedoor/tenants/entity"
	"onedoor/web/server"
	"onedoor/web/view"
)

// entityMounts are the routes of the pages of legal entities.
func (p *Portal) entityMounts() []server.Mount {
	if p.o.Entities == nil {
		return nil
	}
	const one = EntitiesPath + "/{entity}"
	return []server.Mount{
		p.v.Get("/act/{invitation}", p.invitedToEntity),
		p.v.Get(EntitiesPath, p.entities),
		p.v.Post(EntitiesPath+"/sign-in", p.entitiesSignIn),
		p.v.Post(EntitiesPath+"/register", p.registerEntity),
		p.v.Post(EntitiesPath+"/join", p.joinEntity),
		p.v.Post(EntitiesPath+"/decline", p.declineEntity),
		p.v.Post(EntitiesPath+"/leave", p.leaveEntity),
		p.v.Post(EntitiesPath+"/unclaim", p.unclaimEntity),
		p.v.Get(one, p.entity),
		p.v.Post(one+"/sign-in", p.entitySignIn),
		p.v.Post(one+"/invite", p.inviteToEntity),
		p.v.Post(one+"/take-back", p.atEntity(func(r *http.Request, s session.Session, id hub.EntityID, form map[string]string) error {
			return p.o.Entities.Entities.TakeBack(r.Context(), s.Account, id, form["invitation"])
		})),
		p.v.Post(one+"/give", p.atEntity(func(r *http.Request, s session.Session, _ hub.EntityID, form map[string]string) error {
			t, any, err := p.term(form)
			if err == nil && !any {
				err = hub.Errorf("portal.give", hub.Invalid, "no department")
			}
			if err != nil {
				return err
			}
			return p.o.Entities.Entities.Give(r.Context(), s.Account, form["seat"], t)
		})),
		p.v.Post(one+"/withdraw", p.atEntity(func(r *http.Request, s session.Session, _ hub.EntityID, form map[string]string) error {
			return p.o.Entities.Entities.Withdraw(r.Context(), s.Account, form["mandate"], entity.Removed)
		})),
		p.v.Post(one+"/remove", p.atEntity(func(r *http.Request, s session.Session, _ hub.EntityID, form map[string]string) error {
			return p.o.Entities.Entities.Remove(r.Context(), s.Account, form["seat"], entity.Removed)
		})),
	}
}

// entityIn reads the path. NotFound for what can't be one.
func entityIn(r *http.Request) (hub.EntityID, string, error) {
	id := r.PathValue("entity")
	if !hub.ValidID(id) {
		return "", EntitiesPath, hub.Errorf("portal.entityIn", hub.NotFound, "not an entity")
	}
	return hub.EntityID(id), EntitiesPath + "/" + id, nil
}

// entity is GET /entities/{entity}.
func (p *Portal) entity(w http.ResponseWriter, r *http.Request) {
	p.entityPage(w, r, http.StatusOK, view.EntityPage{Done: r.URL.Query().Get("done") == "done"})
}

// entityPage shows an entity to its administrator, with what has just gone right or wrong. Nobody else learns whether it is there.
func (p *Portal) entityPage(w http.ResponseWriter, r *http.Request, status int, page view.EntityPage) {
	ctx := r.Context()
	id, path, err := entityIn(r)
	fail := func(err error) { p.v.Fail(w, r, err, EntitiesPath) }
	if err != nil {
		fail(err)
		return
	}
	s, in, err := p.v.SignedIn(r)
	if err != nil {
		fail(err)
		return
	}
	if !in {
		http.Redirect(w, r, EntitiesPath, http.StatusSeeOther)
		return
	}
	if _, page.Strong, err = p.v.FreshAt(ctx, s, entity.Least()); err != nil {
		fail(err)
		return
	}
	all, err := p.o.Entities.Entities.Show(ctx, s.Account, id)
	if errors.Is(err, hub.Denied) { // an operator's page is the list
		err = hub.E("portal.entityPage", hub.NotFound, err)
	}
	if err != nil {
		fail(err)
		return
	}
	names := p.departmentNames(ctx)
	page.Delegates, page.Records = p.o.Delegating != nil, p.o.Records != nil
	page.Token, page.Entity, page.Departments = p.v.Token(w, r, aboutEntities), all.Entity, p.o.Entities.Departments(ctx)
	for _, days := range daysAhead {
		page.Ends = append(page.Ends, view.EntityEnd{Days: days, Date: p.o.Clock().AddDate(0, 0, days)})
	}
	for _, m := range all.Members {
		page.Members = append(page.Members, view.EntityMember{Seat: m.Seat, Mandates: p.mandates(m.Mandates, names), You: m.Seat.Account == s.Account})
	}
	for _, i := range all.Invitations {
		page.Invitations = append(page.Invitations, view.EntityWaiting{ID: i.ID, Role: i.Role, Label: i.Label, ExpiresAt: i.ExpiresAt})
	}
	for _, l := range all.History {
		line := view.EntityLine{At: l.At, What: l.What, Seat: l.Seat, Reason: l.Reason}
		if l.Mandate.ID != "" {
			line.Where = p.mandate(l.Mandate, names).Department
		}
		page.History = append(page.History, line)
	}
	if page.Applications, err = p.applications(ctx, s, id); err != nil {
		fail(err)
		return
	}
	p.v.Show(w, r, status, path, true, page)
}

// entitySignIn is POST /entities/{entity}/sign-in.
func (p *Portal) entitySignIn(w http.ResponseWriter, r *http.Request) {
	_, path, err := entityIn(r)
	if err == nil {
		_, err = p.v.Form(r, aboutEntities)
	}
	if err != nil {
		p.v.Fail(w, r, err, EntitiesPath)
		return
	}
	p.v.SignInAt(w, r, path, entity.Least())
}

// atEntity makes the handler of a form that changes something at an entity.
func (p *Portal) atEntity(act func(r *http.Request, s session.Session, id hub.EntityID, form map[string]string) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		id, path, err := entityIn(r)
		if err != nil {
			p.v.Fail(w, r, err, EntitiesPath)
			return
		}
		form, s, _, ok := p.acting(w, r, path)
		if !ok {
			return
		}
		if err := act(r, s, id, form); err != nil {
			p.wrongAtEntity(w, r, form, err)
			return
		}
		http.Redirect(w, r, path+"?done=done", http.StatusSeeOther)
	}
}

// wrongAtEntity shows the page with what has gone wrong, or the failure.
func (p *Portal) wrongAtEntity(w http.ResponseWriter, r *http.Request, form map[string]string, err error) {
	switch hub.KindOf(err) {
	case hub.Invalid, hub.Denied, hub.Conflict, hub.Consumed, hub.Expired, hub.Suspended, hub.TooMany:
		p.entityPage(w, r, http.StatusConflict, view.EntityPage{Wrong: hub.KindOf(err), Typed: form})
	default:
		p.v.Fail(w, r, err, EntitiesPath)
	}
}

// inviteToEntity is POST /entities/{entity}/invite: it shows the address of the invitation, once.
func (p *Portal) inviteToEntity(w http.ResponseWriter, r *http.Request) {
	id, path, err := entityIn(r)
	if err != nil {
		p.v.Fail(w, r, err, EntitiesPath)
		return
	}
	form, s, _, ok := p.acting(w, r, path)
	if !ok {
		return
	}
	order := entity.Order{Role: entity.Role(form["role"]), Label: form["label"]}
	t, any, err := p.term(form)
	if err == nil && any {
		order.Terms = []entity.Term{t}
	}
	if err == nil {
		order.Person, err = p.personKey(form["person"])
	}
	var i entity.Invitation
	var secret hub.Secret
	if err == nil {
		i, secret, err = p.o.Entities.Entities.Invite(r.Context(), s.Account, id, order)
	}
	if err != nil {
		p.wrongAtEntity(w, r, form, err)
		return
	}
	w.Header().Set("Referrer-Policy", "no-referrer")
	p.entityPage(w, r, http.StatusOK, view.EntityPage{Link: p.o.Entities.Issuer + "/act/" + secret.Reveal(), LinkUntil: i.ExpiresAt})
}
