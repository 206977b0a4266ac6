package portal

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"onedoor/hub"
	"onedoor/hub/identifier"
	"onedoor/hub/session"
	"onedoor/tenants/entity"
	"onedoor/web/view"
	"onedoor/web/visit"
)

// Entities is who may act for which legal entity; entity.Service has it, and its comments name the errors.
type Entities interface {
	Register(ctx context.Context, who entity.Applicant, a entity.Application) (entity.Outcome, error)
	Mine(ctx context.Context, account hub.AccountID) ([]entity.Membership, error)
	Waiting(ctx context.Context, account hub.AccountID) ([]entity.Claim, error)
	Unclaim(ctx context.Context, account hub.AccountID, claim string) error
	Offer(ctx context.Context, secret hub.Secret) (entity.Invitation, entity.Entity, error)
	Join(ctx context.Context, secret hub.Secret, account hub.AccountID, level hub.Level) (entity.Seat, error)
	Remove(ctx context.Context, by hub.AccountID, seat, reason string) error
	EntityDesk
}

// EntityDesk is what an entity's administrator does.
type EntityDesk interface {
	Show(ctx context.Context, by hub.AccountID, id hub.EntityID) (entity.Overview, error)
	Invite(ctx context.Context, by hub.AccountID, id hub.EntityID, o entity.Order) (entity.Invitation, hub.Secret, error)
	TakeBack(ctx context.Context, by hub.AccountID, id hub.EntityID, invitation string) error
	Give(ctx context.Context, by hub.AccountID, seat string, t entity.Term) error
	Withdraw(ctx context.Context, by hub.AccountID, mandate, reason string) error
}

// EntityRooms are what the pages of legal entities need beside.
type EntityRooms struct {
	Entities Entities
	// Person gives the number and the attributes of the person of a session's secret, by their own identity: they can be read while they are here and at
	// no other time (architecture, D3). Zero where their provider tells no number.
	Person func(ctx context.Context, secret hub.Secret) (hub.PersonNumber, hub.Attributes, error)
	// Key gives the keyed hash of a person's number.
	Key func(n hub.PersonNumber) entity.PersonKey
	// Departments lists those where a mandate can be given, by name.
	Departments func(ctx context.Context) []view.EntityDepartment
	Issuer      string
}

func (r *EntityRooms) complete() bool {
	return r.Entities != nil && r.Person != nil && r.Key != nil && r.Departments != nil && r.Issuer != ""
}

const (
	EntitiesPath  = "/entities"
	aboutEntities = "entities"
	// EntityCookie carries an invitation through the sign-in, in the place of an address that stays in a history.
	EntityCookie = "__Host-onedoor-entity"
)

// entities is GET /entities.
func (p *Portal) entities(w http.ResponseWriter, r *http.Request) {
	p.entitiesPage(w, r, http.StatusOK, view.EntitiesPage{Done: r.URL.Query().Get("done")})
}

// entitiesPage shows the page, with what has just gone right or wrong.
func (p *Portal) entitiesPage(w http.ResponseWriter, r *http.Request, status int, page view.EntitiesPage) {
	ctx, rooms := r.Context(), p.o.Entities
	fail := func(err error) { p.v.Fail(w, r, err, EntitiesPath) }
	s, in, err := p.v.SignedIn(r)
	if err != nil {
		fail(err)
		return
	}
	page.Token, page.SignedIn = p.v.Token(w, r, aboutEntities), in
	names := p.departmentNames(ctx)
	if in {
		if _, page.Strong, err = p.v.FreshAt(ctx, s, entity.Least()); err != nil {
			fail(err)
			return
		}
		mine, err := rooms.Entities.Mine(ctx, s.Account)
		if err != nil {
			fail(err)
			return
		}
		for _, m := range mine {
			page.Mine = append(page.Mine, view.EntityPlace{Entity: m.Entity, Seat: m.Seat, Mandates: p.mandates(m.Mandates, names)})
		}
		if page.Claims, err = rooms.Entities.Waiting(ctx, s.Account); err != nil {
			fail(err)
			return
		}
	}
	if secret := visit.Secret(r, EntityCookie); !secret.IsZero() && page.Done == "" && page.Wrong == "" {
		switch i, e, err := rooms.Entities.Offer(ctx, secret); {
		case err == nil:
			offer := view.EntityOffer{Entity: e, Role: i.Role}
			for _, t := range i.Terms {
				offer.Mandates = append(offer.Mandates, p.mandate(entity.Mandate{Term: t}, names))
			}
			page.Offer = &offer
		case gone(err), errors.Is(err, hub.Suspended):
			page.Wrong, page.Where = hub.KindOf(err), "offer"
			dropEntityOffer(w)
		default:
			fail(err)
			return
		}
	}
	p.v.Show(w, r, status, EntitiesPath, in, page)
}

func gone(err error) bool {
	return errors.Is(err, hub.NotFound) || errors.Is(err, hub.Consumed) || errors.Is(err, hub.Expired)
}

func (p *Portal) departmentNames(ctx context.Context) map[hub.DepartmentID]hub.Text {
	names := map[hub.DepartmentID]hub.Text{}
	for _, d := range p.o.Entities.Departments(ctx) {
		names[d.ID] = d.Names
	}
	return names
}

func (p *Portal) mandates(all []entity.Mandate, names map[hub.DepartmentID]hub.Text) []view.EntityMandate {
	var out []view.EntityMandate
	for _, m := range all {
		out = append(out, p.mandate(m, names))
	}
	return out
}

func (p *Portal) mandate(m entity.Mandate, names map[hub.DepartmentID]hub.Text) view.EntityMandate {
	x := view.EntityMandate{ID: m.ID, Until: m.Until}
	if m.Department != "" {
		if x.Department = names[m.Department]; len(x.Department) == 0 { // it is not in the register any more
			x.Department = hub.Text{"en": string(m.Department)}
		}
		if m.From.After(p.o.Clock()) {
			x.From = m.From
		}
	}
	return x
}

// invitedToEntity is GET /act/{invitation}: it takes the invitation out of the address at once.
func (p *Portal) invitedToEntity(w http.ResponseWriter, r *http.Request) {
	secret, err := hub.ParseSecret(r.PathValue("invitation"))
	if err != nil {
		p.v.Fail(w, r, hub.Errorf("portal.invitedToEntity", hub.NotFound, "no invitation"), "")
		return
	}
	http.SetCookie(w, visit.Cookie(EntityCookie, secret.Reveal()))
	w.Header().Set("Referrer-Policy", "no-referrer")
	http.Redirect(w, r, EntitiesPath, http.StatusSeeOther)
}

func dropEntityOffer(w http.ResponseWriter) {
	c := visit.Cookie(EntityCookie, "")
	c.MaxAge = -1
	http.SetCookie(w, c)
}

// entitiesSignIn is POST /entities/sign-in.
func (p *Portal) entitiesSignIn(w http.ResponseWriter, r *http.Request) {
	if _, err := p.v.Form(r, aboutEntities); err != nil {
		p.v.Fail(w, r, err, EntitiesPath)
		return
	}
	p.v.SignInAt(w, r, EntitiesPath, entity.Least())
}

// acting reads a form and tells who sent it, with the level that they have just reached. False where the page that says what is missing, or the
// failure, was the answer.
func (p *Portal) acting(w http.ResponseWriter, r *http.Request, back string) (map[string]string, session.Session, hub.Level, bool) {
	none := func(err error) (map[string]string, session.Session, hub.Level, bool) {
		p.v.Fail(w, r, err, back)
		return nil, session.Session{}, hub.Level{}, false
	}
	form, err := p.v.Form(r, aboutEntities)
	if err != nil {
		return none(err)
	}
	s, in, err := p.v.SignedIn(r)
	var level hub.Level
	strong := false
	if err == nil && in {
		level, strong, err = p.v.FreshAt(r.Context(), s, entity.Least())
	}
	if err != nil {
		return none(err)
	}
	if !strong { // the page says what is missing
		http.Redirect(w, r, back, http.StatusSeeOther)
		return nil, session.Session{}, hub.Level{}, false
	}
	fields := map[string]string{}
	for name := range form {
		fields[name] = form.Get(name)
	}
	return fields, s, level, true
}

// registerEntity is POST /entities/register.
func (p *Portal) registerEntity(w http.ResponseWriter, r *http.Request) {
	form, s, level, ok := p.acting(w, r, EntitiesPath)
	if !ok {
		return
	}
	person, shown, err := p.o.Entities.Person(r.Context(), visit.Secret(r, visit.SessionCookie))
	if err != nil {
		p.v.Fail(w, r, err, EntitiesPath)
		return
	}
	name := strings.TrimSpace(form["name"])
	names := hub.Text{}
	if name != "" {
		names["th"], names["en"] = name, name
	}
	out, err := p.o.Entities.Entities.Register(r.Context(), entity.Applicant{Account: s.Account, Level: level, Person: person, Shown: shown}, entity.Application{
		Kind: form["kind"], Number: form["number"], Names: names, Review: form["review"] == "yes", Statement: form["statement"],
	})
	switch kind := hub.KindOf(err); {
	case err == nil && out.Entity != "":
		http.Redirect(w, r, EntitiesPath+"?done=registered", http.StatusSeeOther)
	case err == nil:
		http.Redirect(w, r, EntitiesPath+"?done=claimed", http.StatusSeeOther)
	case slices.Contains([]hub.Kind{hub.Invalid, hub.NotFound, hub.Refused, hub.Denied, hub.Unavailable, hub.TooMany, hub.Conflict}, kind):
		p.entitiesPage(w, r, http.StatusConflict, view.EntitiesPage{Wrong: kind, Where: "register", Typed: form})
	default:
		p.v.Fail(w, r, err, EntitiesPath)
	}
}

// joinEntity is POST /entities/join.
func (p *Portal) joinEntity(w http.ResponseWriter, r *http.Request) {
	_, s, level, ok := p.acting(w, r, EntitiesPath)
	if !ok {
		return
	}
	secret := visit.Secret(r, EntityCookie)
	if secret.IsZero() {
		p.v.Fail(w, r, hub.Errorf("portal.joinEntity", hub.NotFound, "no invitation"), EntitiesPath)
		return
	}
	_, err := p.o.Entities.Entities.Join(r.Context(), secret, s.Account, level)
	switch kind := hub.KindOf(err); {
	case err == nil:
		dropEntityOffer(w)
		http.Redirect(w, r, EntitiesPath+"?done=done", http.StatusSeeOther)
	case gone(err), errors.Is(err, hub.Denied), errors.Is(err, hub.Conflict), errors.Is(err, hub.Suspended):
		p.entitiesPage(w, r, http.StatusConflict, view.EntitiesPage{Wrong: kind, Where: "offer"})
	default:
		p.v.Fail(w, r, err, EntitiesPath)
	}
}

// declineEntity is POST /entities/decline: this browser forgets the invitation, which stays open for whom it was meant.
func (p *Portal) declineEntity(w http.ResponseWriter, r *http.Request) {
	if _, err := p.v.Form(r, aboutEntities); err != nil {
		p.v.Fail(w, r, err, EntitiesPath)
		return
	}
	dropEntityOffer(w)
	http.Redirect(w, r, EntitiesPath, http.StatusSeeOther)
}

// leaveEntity is POST /entities/leave: somebody gives up their own seat.
func (p *Portal) leaveEntity(w http.ResponseWriter, r *http.Request) {
	form, s, _, ok := p.acting(w, r, EntitiesPath)
	if !ok {
		return
	}
	mine, err := p.o.Entities.Entities.Mine(r.Context(), s.Account)
	if err == nil && !slices.ContainsFunc(mine, func(m entity.Membership) bool { return m.Seat.ID == form["seat"] }) {
		err = hub.Errorf("portal.leaveEntity", hub.NotFound, "not a seat of theirs")
	}
	if err == nil {
		err = p.o.Entities.Entities.Remove(r.Context(), s.Account, form["seat"], "")
	}
	switch kind := hub.KindOf(err); {
	case err == nil:
		http.Redirect(w, r, EntitiesPath+"?done=done", http.StatusSeeOther)
	case gone(err), errors.Is(err, hub.Denied):
		p.entitiesPage(w, r, http.StatusConflict, view.EntitiesPage{Wrong: kind})
	default:
		p.v.Fail(w, r, err, EntitiesPath)
	}
}

// unclaimEntity is POST /entities/unclaim: somebody takes their own request back.
func (p *Portal) unclaimEntity(w http.ResponseWriter, r *http.Request) {
	form, s, _, ok := p.acting(w, r, EntitiesPath)
	if !ok {
		return
	}
	switch err := p.o.Entities.Entities.Unclaim(r.Context(), s.Account, form["claim"]); {
	case err == nil:
		http.Redirect(w, r, EntitiesPath+"?done=done", http.StatusSeeOther)
	case errors.Is(err, hub.Consumed):
		p.entitiesPage(w, r, http.StatusConflict, view.EntitiesPage{Wrong: hub.Consumed})
	default:
		p.v.Fail(w, r, err, EntitiesPath)
	}
}

// daysAhead are the choices of when a mandate ends.
var daysAhead = []int{30, 90, 180, 365}

// term reads for which department and how long; none where no department was chosen. Invalid.
func (p *Portal) term(form map[string]string) (entity.Term, bool, error) {
	if form["department"] == "" {
		return entity.Term{}, false, nil
	}
	days, err := strconv.Atoi(form["days"])
	if err != nil || !slices.Contains(daysAhead, days) {
		return entity.Term{}, false, hub.Errorf("portal.term", hub.Invalid, "not a choice of days")
	}
	now := p.o.Clock().UTC().Truncate(time.Microsecond)
	return entity.Term{Department: hub.DepartmentID(form["department"]), From: now, Until: now.AddDate(0, 0, days)}, true, nil
}

// personKey reads for which person an invitation is; zero for anybody. Invalid.
func (p *Portal) personKey(typed string) (entity.PersonKey, error) {
	if strings.TrimSpace(typed) == "" {
		return entity.PersonKey{}, nil
	}
	n, err := identifier.Parse(identifier.ThaiCitizen, typed)
	if err != nil {
		return entity.PersonKey{}, err
	}
	return p.o.Entities.Key(n), nil
}
