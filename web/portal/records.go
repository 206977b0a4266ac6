package portal

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"onedoor/binding"
	"onedoor/hub"
	"onedoor/hub/session"
	"onedoor/tenants"
	"onedoor/tenants/entity"
	"onedoor/web/server"
	"onedoor/web/view"
)

// Records are the ties of the person to departments' records; binding.Service has it, and its comments name the errors.
type Records interface {
	Mine(ctx context.Context, v binding.Visitor) ([]binding.Binding, error)
	Ask(ctx context.Context, v binding.Visitor, p binding.Place, extra map[string]string) (binding.Binding, error)
	Claim(ctx context.Context, v binding.Visitor, p binding.Place, number string, proofs map[string]string) (binding.Binding, error)
	Withdraw(ctx context.Context, v binding.Visitor, id string) (binding.Binding, error)
	Number(ctx context.Context, v binding.Visitor, id string) (string, error)
	Asking(ctx context.Context, id string) (bool, error)
}

// Departments finds departments; tenants.Directory has it. NotFound.
type Departments interface {
	Department(ctx context.Context, id hub.DepartmentID) (tenants.Department, error)
}

const (
	RecordsPath = "/me/records"
	// entityRecords is the same for a legal entity.
	entityRecords = EntitiesPath + "/{entity}/records"
	aboutRecords  = "records"
	proofPrefix   = "proof-"
)

// recordMounts are the routes of the page of records. Without records there are none.
func (p *Portal) recordMounts() []server.Mount {
	if p.o.Records == nil {
		return nil
	}
	var out []server.Mount
	for _, page := range []string{RecordsPath, entityRecords} {
		out = append(out,
			p.v.Get(page, p.v.Private(p.records)),
			p.v.Post(page+"/ask", p.recordAsk), p.v.Post(page+"/claim", p.recordClaim), p.v.Post(page+"/unbind", p.recordUnbind),
		)
		if p.o.Entities == nil {
			break
		}
	}
	return out
}

// recordsAt reads from the path whose records a page is about: the person's own, with an empty id, or those of a legal entity. NotFound for
// what can't be one.
func recordsAt(r *http.Request) (hub.EntityID, string, error) {
	if r.PathValue("entity") == "" {
		return "", RecordsPath, nil
	}
	id, path, err := entityIn(r)
	return id, path + "/records", err
}

// visitor is who is signed in, for themselves or for an entity, at what their session has reached by now.
func (p *Portal) visitor(s session.Session, key hub.Secret, of hub.EntityID) binding.Visitor {
	return binding.Visitor{Session: s.ID, Account: s.Account, Entity: of, Level: s.Highest(p.o.Clock()), Key: key}
}

// records is GET of the page.
func (p *Portal) records(w http.ResponseWriter, r *http.Request, s session.Session) {
	p.recordsPage(w, r, s, http.StatusOK, view.RecordsPage{Done: r.URL.Query().Get("done") == "1"})
}

func (p *Portal) recordsPage(w http.ResponseWriter, r *http.Request, s session.Session, status int, page view.RecordsPage) {
	id, path, err := recordsAt(r)
	page.Token, page.Counters = p.v.Token(w, r, aboutRecords), p.o.Reviews != nil && id == ""
	if err == nil && id != "" {
		page.Path = path
		page.Of, err = p.entityNames(r.Context(), s.Account, id)
	}
	if err == nil {
		page.Entries, err = p.recordEntries(r.Context(), p.visitor(s, hub.Secret{}, id))
	}
	if err != nil {
		p.v.Fail(w, r, err, "/")
		return
	}
	p.v.Show(w, r, status, path, true, page)
}

// entityNames gives what an entity is called, to its master administrator. NotFound for everybody else (invariant 10).
func (p *Portal) entityNames(ctx context.Context, by hub.AccountID, id hub.EntityID) (hub.Text, error) {
	all, err := p.o.Entities.Entities.Show(ctx, by, id)
	if hub.KindOf(err) == hub.Denied {
		err = hub.E("portal.entityNames", hub.NotFound, err)
	}
	return all.Entity.Names, err
}

// recordEntries lists the bindings of the person, or of the entity, and what else the departments where they have one keep of such owners.
func (p *Portal) recordEntries(ctx context.Context, v binding.Visitor) ([]view.RecordsEntry, error) {
	mine, err := p.o.Records.Mine(ctx, v)
	if err != nil {
		return nil, err
	}
	holder := tenants.Person
	if v.Entity != "" {
		holder = tenants.Entity
	}
	var out []view.RecordsEntry
	var seen []hub.DepartmentID
	for _, b := range mine {
		if slices.Contains(seen, b.Place.Department) {
			continue
		}
		seen = append(seen, b.Place.Department)
		d, err := p.o.Departments.Department(ctx, b.Place.Department)
		if hub.KindOf(err) == hub.NotFound {
			continue
		}
		if err != nil {
			return nil, err
		}
		for _, k := range d.Records {
			if k.For != holder {
				continue
			}
			e, err := p.recordEntry(ctx, v, d, k, mine)
			if err != nil {
				return nil, err
			}
			out = append(out, e)
		}
	}
	return out, nil
}

func (p *Portal) recordEntry(ctx context.Context, v binding.Visitor, d tenants.Department, k tenants.RecordKind, mine []binding.Binding) (view.RecordsEntry, error) {
	e := view.RecordsEntry{Department: d.ID, Kind: string(k.ID), Owner: d.Names, Names: k.Names, CanAsk: true, ForEntity: v.Entity != ""}
	if !e.ForEntity { // of an entity the department is told what the register has of it, and nothing of the person
		e.Sends, e.CanKeep = k.Attributes, p.o.Reviews != nil && len(k.Attributes) > 0
	}
	for _, id := range k.Claim {
		if x, ok := k.ExtraOf(id); ok {
			e.Claim = append(e.Claim, view.RecordsQuestion{ID: x.ID, Names: x.Names, Length: x.Length})
		}
	}
	i := slices.IndexFunc(mine, func(b binding.Binding) bool { return b.Place == binding.Place{Department: d.ID, Kind: k.ID} })
	if i < 0 {
		return e, nil
	}
	b := mine[i]
	e.ID, e.State, e.Reason, e.At = b.ID, string(b.State), string(b.Reason), b.BoundAt
	var err error
	if e.Asking, err = p.o.Records.Asking(ctx, b.ID); err != nil {
		return e, err
	}
	if x, ok := k.ExtraOf(b.Asked); ok {
		e.More = &view.RecordsQuestion{ID: x.ID, Names: x.Names, Length: x.Length}
	}
	if b.State.Counts() {
		if e.Number, err = p.o.Records.Number(ctx, v, b.ID); err != nil {
			return e, err
		}
	}
	if err := p.evidence(ctx, v, b, &e); err != nil {
		return e, err
	}
	now := p.o.Clock()
	e.Confirm = b.State == binding.Bound && (v.Level.IAL > b.Level.IAL || b.Stale(k, now))
	e.CanUnbind = b.State == binding.Bound
	e.CanAsk = !e.Asking && (b.State == binding.Pending || b.State == binding.Proposed && b.Reason == binding.Several || e.Confirm)
	return e, nil
}

// recordForm reads a form of the page for who is signed in. False where it has answered already.
func (p *Portal) recordForm(w http.ResponseWriter, r *http.Request) (url.Values, session.Session, binding.Visitor, bool) {
	const op = "portal.recordForm"
	id, path, err := recordsAt(r)
	if err != nil {
		p.v.Fail(w, r, err, "/")
		return nil, session.Session{}, binding.Visitor{}, false
	}
	form, err := p.v.Form(r, aboutRecords)
	var s session.Session
	var key hub.Secret
	in := false
	if err == nil {
		s, key, in, err = p.v.Keyed(r)
	}
	if err == nil && !in {
		err = hub.Errorf(op, server.NoCookie, "not signed in")
	}
	fresh := true
	if err == nil && id != "" { // as everything that changes an entity
		if _, err = p.entityNames(r.Context(), s.Account, id); err == nil {
			_, fresh, err = p.v.FreshAt(r.Context(), s, entity.Least())
		}
	}
	if err != nil {
		p.v.Fail(w, r, err, path)
		return nil, s, binding.Visitor{}, false
	}
	if !fresh {
		p.v.SignInAt(w, r, path, entity.Least())
		return nil, s, binding.Visitor{}, false
	}
	return form, s, p.visitor(s, key, id), true
}

// place reads which records a form is about.
func (p *Portal) place(ctx context.Context, form url.Values) (binding.Place, tenants.RecordKind, error) {
	const op = "portal.place"
	at := binding.Place{Department: hub.DepartmentID(form.Get("department")), Kind: tenants.RecordKindID(form.Get("kind"))}
	if !hub.ValidName(string(at.Department)) || !hub.ValidName(string(at.Kind)) {
		return at, tenants.RecordKind{}, hub.Errorf(op, hub.Invalid, "no such records")
	}
	d, err := p.o.Departments.Department(ctx, at.Department)
	if err != nil {
		return at, tenants.RecordKind{}, err
	}
	k, ok := d.Record(at.Kind)
	if !ok {
		return at, k, hub.Errorf(op, hub.NotFound, "no such records")
	}
	return at, k, nil
}

// recordAsk is POST /me/records/ask.
func (p *Portal) recordAsk(w http.ResponseWriter, r *http.Request) {
	form, s, v, ok := p.recordForm(w, r)
	if !ok {
		return
	}
	at, k, err := p.place(r.Context(), form)
	if err == nil {
		var extra map[string]string
		if id := form.Get("question"); id != "" {
			extra = map[string]string{id: strings.TrimSpace(form.Get("answer"))}
		}
		var b binding.Binding
		if b, err = p.o.Records.Ask(r.Context(), v, at, extra); err == nil {
			err = p.keep(r.Context(), v, b, form.Get("keep") == "1")
		}
	}
	p.recordDone(w, r, s, k, form, err)
}

// recordClaim is POST /me/records/claim.
func (p *Portal) recordClaim(w http.ResponseWriter, r *http.Request) {
	form, s, v, ok := p.recordForm(w, r)
	if !ok {
		return
	}
	at, k, err := p.place(r.Context(), form)
	if err == nil {
		proofs := make(map[string]string, len(k.Claim))
		for _, id := range k.Claim {
			proofs[id] = strings.TrimSpace(form.Get(proofPrefix + id))
		}
		var b binding.Binding
		if b, err = p.o.Records.Claim(r.Context(), v, at, form.Get("number"), proofs); err == nil {
			err = p.keep(r.Context(), v, b, form.Get("keep") == "1")
		}
	}
	p.recordDone(w, r, s, k, form, err)
}

// recordUnbind is POST /me/records/unbind.
func (p *Portal) recordUnbind(w http.ResponseWriter, r *http.Request) {
	form, s, v, ok := p.recordForm(w, r)
	if !ok {
		return
	}
	_, err := p.o.Records.Withdraw(r.Context(), v, form.Get("binding"))
	if err == nil {
		err = p.v.Settle(r.Context()) // tokens that carried it are dead on every node before we say so (D2)
	}
	p.recordDone(w, r, s, tenants.RecordKind{}, form, err)
}

// recordDone answers a form: with the page anew, with what is wrong on it, or with the way to a stronger sign-in.
func (p *Portal) recordDone(w http.ResponseWriter, r *http.Request, s session.Session, k tenants.RecordKind, form url.Values, err error) {
	_, path, _ := recordsAt(r) // it was read before
	switch kind := hub.KindOf(err); kind {
	case "":
		http.Redirect(w, r, path+"?done=1", http.StatusSeeOther)
	case hub.LevelUnmet:
		p.v.SignInAt(w, r, path, k.Least)
	case hub.Conflict, hub.Consumed, hub.TooMany, hub.Denied, hub.Invalid:
		p.recordsPage(w, r, s, http.StatusUnprocessableEntity, view.RecordsPage{Problem: kind, Typed: form})
	default:
		p.v.Fail(w, r, err, path)
	}
}
