package portal

import (
	"context"
	"errors"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"onedoor/authz"
	"onedoor/hub"
	"onedoor/hub/session"
	"onedoor/tenants/entity"
	"onedoor/web/server"
	"onedoor/web/view"
)

// Delegations puts services into operators' hands; authz.Delegations has it, and its comments name the errors.
type Delegations interface {
	Of(ctx context.Context, by hub.AccountID, entity hub.EntityID, live bool, limit int) ([]authz.Delegation, error)
	Hand(ctx context.Context, by hub.AccountID, entity hub.EntityID, orders ...authz.Order) ([]authz.Delegation, error)
	Withdraw(ctx context.Context, by hub.AccountID, id string) (authz.Delegation, error)
}

// EntityPlaces are where an entity works; authz.Registers has it.
type EntityPlaces interface {
	AddPlace(ctx context.Context, by hub.AccountID, entity hub.EntityID, name string, networks []netip.Prefix) (authz.Place, error)
	Places(ctx context.Context, by hub.AccountID, entity hub.EntityID) ([]authz.Place, error)
	EndPlace(ctx context.Context, by hub.AccountID, entity hub.EntityID, id string) error
	Devices(ctx context.Context, by hub.AccountID, p authz.Party) ([]authz.Device, error)
}

// Delegating is what the pages need on which an entity's administrator delegates services. All are required.
type Delegating struct {
	Delegations Delegations
	Places      EntityPlaces
	// Items lists the catalogue.
	Items func() []authz.Item
	// Overview shows an entity to its master administrator. NotFound for everybody else; Denied for an operator.
	Overview func(ctx context.Context, by hub.AccountID, id hub.EntityID) (entity.Overview, error)
	// Owner names a department.
	Owner func(ctx context.Context, id hub.DepartmentID) hub.Text
	// Zone is the one of days and times that are typed, of the IANA database.
	Zone string
}

const (
	entityItems      = "/entities/{entity}/items"
	entityPlaces     = "/entities/{entity}/places"
	aboutDelegations = "delegations"
	mostDelegations  = 200 // shown on a page
)

// delegationMounts are the routes of the pages of an entity's services and places.
func (p *Portal) delegationMounts() []server.Mount {
	if p.o.Delegating == nil {
		return nil
	}
	return []server.Mount{
		p.v.Get(entityItems, p.headPage(p.delegations)),
		p.v.Post(entityItems+"/sign-in", p.delegationsSignIn("/items")),
		p.v.Post(entityItems+"/give", p.delegate),
		p.v.Post(entityItems+"/withdraw", p.delegationWithdraw),
		p.v.Get(entityPlaces, p.headPage(p.places)),
		p.v.Post(entityPlaces+"/sign-in", p.delegationsSignIn("/places")),
		p.v.Post(entityPlaces+"/add", p.placeAdd),
		p.v.Post(entityPlaces+"/remove", p.placeRemove),
	}
}

// head is an entity with its administrator, who looks at a page of it.
type head struct {
	base  string // path of the entity
	by    hub.AccountID
	id    hub.EntityID
	all   entity.Overview
	fresh bool
}

// headOf finds out which entity the person of a session looks at. NotFound for everybody but its administrator (invariant 10: an operator and a
// stranger see the same as where there is no entity).
func (p *Portal) headOf(r *http.Request, s session.Session) (head, error) {
	const op = "portal.headOf"
	id := r.PathValue("entity")
	if !hub.ValidID(id) {
		return head{}, hub.Errorf(op, hub.NotFound, "no such page")
	}
	h := head{base: "/entities/" + id, id: hub.EntityID(id), by: s.Account}
	var err error
	if h.all, err = p.o.Delegating.Overview(r.Context(), s.Account, h.id); err != nil {
		if hub.KindOf(err) == hub.Denied {
			err = hub.E(op, hub.NotFound, err)
		}
		return h, err
	}
	_, h.fresh, err = p.v.FreshAt(r.Context(), s, entity.Least())
	return h, err
}

// headPage makes the handler of a page for an entity's administrator.
func (p *Portal) headPage(page func(w http.ResponseWriter, r *http.Request, h head)) http.HandlerFunc {
	return p.v.Private(func(w http.ResponseWriter, r *http.Request, s session.Session) {
		h, err := p.headOf(r, s)
		if err != nil {
			p.v.Fail(w, r, err, "/")
			return
		}
		page(w, r, h)
	})
}

// headForm reads a form of who may change something now. False where it has answered.
func (p *Portal) headForm(w http.ResponseWriter, r *http.Request, page string, many ...string) (head, url.Values, bool) {
	h, form, in, err := p.headAsks(r, many...)
	switch {
	case err != nil:
		p.v.Fail(w, r, err, "/")
	case !in || !h.fresh:
		http.Redirect(w, r, "/entities/"+url.PathEscape(r.PathValue("entity"))+page, http.StatusSeeOther) // where they can sign in
	default:
		return h, form, true
	}
	return h, nil, false
}

// headAsks reads a form of an entity's administrator. False where nobody is signed in.
func (p *Portal) headAsks(r *http.Request, many ...string) (h head, form url.Values, in bool, err error) {
	if form, err = p.v.Form(r, aboutDelegations, many...); err != nil {
		return h, nil, false, err
	}
	s, in, err := p.v.SignedIn(r)
	if err == nil && in {
		h, err = p.headOf(r, s)
	}
	return h, form, in, err
}

// delegationsSignIn is POST …/sign-in of a page.
func (p *Portal) delegationsSignIn(page string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		h, _, in, err := p.headAsks(r)
		switch {
		case err != nil:
			p.v.Fail(w, r, err, "/")
		case !in:
			p.v.Fail(w, r, hub.Errorf("portal.delegationsSignIn", hub.NotFound, "no such page"), "/")
		default:
			p.v.SignInAt(w, r, h.base+page, entity.Least())
		}
	}
}

// delegations is GET /entities/{entity}/items.
func (p *Portal) delegations(w http.ResponseWriter, r *http.Request, h head) {
	p.delegationsPage(w, r, h, http.StatusOK, view.DelegationsPage{Done: r.URL.Query().Get("done")})
}

func (p *Portal) delegationsPage(w http.ResponseWriter, r *http.Request, h head, status int, page view.DelegationsPage) {
	ctx, o := r.Context(), p.o.Delegating
	page.Base, page.Entity, page.Fresh, page.Token = h.base, h.all.Entity.Names, h.fresh, p.v.Token(w, r, aboutDelegations)
	held, err := o.Delegations.Of(ctx, h.by, h.id, true, mostDelegations)
	var places []authz.Place
	if err == nil {
		places, err = o.Places.Places(ctx, h.by, h.id)
	}
	var devices []authz.Device
	if err == nil {
		devices, err = o.Places.Devices(ctx, h.by, authz.Party{Entity: h.id})
	}
	if err != nil {
		p.v.Fail(w, r, err, "/")
		return
	}
	items := map[authz.ItemID]authz.Item{}
	for _, i := range o.Items() {
		if items[i.ID] = i; i.Demands.Entity == authz.ByDelegation && i.Status == authz.Offered {
			page.Items = append(page.Items, view.DelegationItem{
				ID: i.ID, Names: i.Names, Owner: o.Owner(ctx, i.Department), Exclusive: i.Demands.Exclusive, Approval: i.Demands.Approval,
			})
		}
	}
	labels := map[string]string{}
	for _, x := range places {
		labels[x.ID], page.Places = x.Label, append(page.Places, view.Option{ID: x.ID, Label: x.Label})
	}
	for _, x := range devices {
		labels[x.ID], page.Devices = x.Label, append(page.Devices, view.Option{ID: x.ID, Label: x.Label})
	}
	for _, m := range h.all.Members {
		page.Operators = append(page.Operators, view.Option{ID: m.Seat.ID, Label: m.Seat.Label})
	}
	for _, d := range held {
		page.Entries = append(page.Entries, h.entry(d, items[d.Item], o.Owner(ctx, d.Department), labels))
	}
	p.v.Show(w, r, status, h.base+"/items", true, page)
}

// entry puts a delegation into the words of a page.
func (h head) entry(d authz.Delegation, item authz.Item, owner hub.Text, labels map[string]string) view.DelegationEntry {
	e := view.DelegationEntry{
		ID: d.ID, Names: item.Names, Owner: owner, Exclusive: d.Exclusive, Proposed: d.State == authz.Proposed, From: d.From, Until: d.Until, Hours: d.Hours,
	}
	for _, m := range h.all.Members {
		if m.Seat.Account == d.Operator {
			e.Operator, e.Head = m.Seat.Label, m.Seat.Role == entity.Master
		}
	}
	for _, id := range d.Places {
		e.Places = append(e.Places, labels[id])
	}
	for _, id := range d.Devices {
		e.Devices = append(e.Devices, labels[id])
	}
	return e
}

// delegate is POST /entities/{entity}/items/give: a set of services under the same terms, all or none.
func (p *Portal) delegate(w http.ResponseWriter, r *http.Request) {
	h, form, ok := p.headForm(w, r, "/items", "item", "place", "device", "day")
	if !ok {
		return
	}
	orders, err := p.orders(h, form)
	if err == nil {
		_, err = p.o.Delegating.Delegations.Hand(r.Context(), h.by, h.id, orders...)
	}
	switch kind := hub.KindOf(err); {
	case err == nil:
		http.Redirect(w, r, h.base+"/items?done=given", http.StatusSeeOther)
	case kind == hub.Invalid, kind == hub.Refused, kind == hub.Conflict, kind == hub.NotFound:
		p.delegationsPage(w, r, h, http.StatusUnprocessableEntity, view.DelegationsPage{Problem: kind, Typed: form})
	default:
		p.v.Fail(w, r, err, h.base+"/items")
	}
}

// orders reads what is to be delegated. Invalid.
func (p *Portal) orders(h head, form url.Values) ([]authz.Order, error) {
	bad := hub.Errorf("portal.orders", hub.Invalid, "the form can't be meant")
	const most = 50
	var operator hub.AccountID
	for _, m := range h.all.Members {
		if m.Seat.ID == form.Get("operator") && m.Seat.Live() {
			operator = m.Seat.Account
		}
	}
	zone, err := time.LoadLocation(p.o.Delegating.Zone)
	if err != nil {
		return nil, hub.E("portal.orders", hub.Internal, err)
	}
	from, okFrom := day(form.Get("from"), zone)
	until, okUntil := day(form.Get("until"), zone)
	hours, okHours := openHours(form, p.o.Delegating.Zone)
	if operator == "" || len(form["item"]) == 0 || len(form["item"]) > most || !okFrom || !okUntil || !okHours {
		return nil, bad
	}
	if !until.IsZero() {
		until = until.AddDate(0, 0, 1) // the last day counts
	}
	var out []authz.Order
	for _, id := range form["item"] {
		out = append(out, authz.Order{
			Item: authz.ItemID(id), Operator: operator, Exclusive: form.Get("exclusive") != "", From: from, Until: until,
			Places: form["place"], Devices: form["device"], Hours: hours,
		})
	}
	return out, nil
}

// day reads a day as its first instant; the zero time for none.
func day(text string, zone *time.Location) (time.Time, bool) {
	if text == "" {
		return time.Time{}, true
	}
	t, err := time.ParseInLocation(time.DateOnly, text, zone)
	return t, err == nil
}

// openHours reads the days and times of a form. None where all is empty; days without times are whole days, times without days every day's.
func openHours(form url.Values, zone string) (authz.Hours, bool) {
	days, open, shut := form["day"], form.Get("open"), form.Get("close")
	if len(days) == 0 && open == "" && shut == "" {
		return authz.Hours{}, true
	}
	w := authz.Window{Days: authz.EveryDay, From: 0, To: 24 * 60}
	if len(days) > 0 {
		w.Days = 0
	}
	for _, d := range days {
		one, err := authz.ParseDay(d)
		if err != nil {
			return authz.Hours{}, false
		}
		w.Days |= one
	}
	for text, to := range map[string]*int{open: &w.From, shut: &w.To} {
		if text == "" {
			continue
		}
		t, err := time.Parse("15:04", text)
		if err != nil {
			return authz.Hours{}, false
		}
		*to = t.Hour()*60 + t.Minute()
	}
	return authz.Hours{Zone: zone, Windows: []authz.Window{w}}, w.From < w.To
}

// delegationWithdraw is POST /entities/{entity}/items/withdraw.
func (p *Portal) delegationWithdraw(w http.ResponseWriter, r *http.Request) {
	h, form, ok := p.headForm(w, r, "/items")
	if !ok {
		return
	}
	held, err := p.o.Delegating.Delegations.Of(r.Context(), h.by, h.id, true, mostDelegations)
	if err == nil {
		err = hub.Errorf("portal.delegationWithdraw", hub.NotFound, "no such delegation")
		for _, d := range held {
			if d.ID == form.Get("delegation") {
				_, err = p.o.Delegating.Delegations.Withdraw(r.Context(), h.by, d.ID)
			}
		}
	}
	if err != nil && !errors.Is(err, hub.Consumed) && !errors.Is(err, hub.NotFound) { // it is over, which is what was asked for
		p.v.Fail(w, r, err, h.base+"/items")
		return
	}
	http.Redirect(w, r, h.base+"/items?done=withdrawn", http.StatusSeeOther)
}

// places is GET /entities/{entity}/places.
func (p *Portal) places(w http.ResponseWriter, r *http.Request, h head) {
	p.placesPage(w, r, h, http.StatusOK, view.PlacesPage{Done: r.URL.Query().Get("done")})
}

func (p *Portal) placesPage(w http.ResponseWriter, r *http.Request, h head, status int, page view.PlacesPage) {
	page.Base, page.Entity, page.Fresh, page.Token = h.base, h.all.Entity.Names, h.fresh, p.v.Token(w, r, aboutDelegations)
	if a := server.ClientAddr(r.Context()); a.IsValid() {
		page.Here = a.String()
	}
	held, err := p.o.Delegating.Places.Places(r.Context(), h.by, h.id)
	if err != nil {
		p.v.Fail(w, r, err, "/")
		return
	}
	for _, x := range held {
		var networks []string
		for _, n := range x.Networks {
			networks = append(networks, n.String())
		}
		page.Entries = append(page.Entries, view.PlaceEntry{ID: x.ID, Label: x.Label, Networks: strings.Join(networks, ", ")})
	}
	p.v.Show(w, r, status, h.base+"/places", true, page)
}

// placeAdd is POST /entities/{entity}/places/add.
func (p *Portal) placeAdd(w http.ResponseWriter, r *http.Request) {
	h, form, ok := p.headForm(w, r, "/places")
	if !ok {
		return
	}
	networks, err := networksOf(form.Get("networks"))
	if err == nil {
		_, err = p.o.Delegating.Places.AddPlace(r.Context(), h.by, h.id, form.Get("label"), networks)
	}
	switch kind := hub.KindOf(err); {
	case err == nil:
		http.Redirect(w, r, h.base+"/places?done=placed", http.StatusSeeOther)
	case kind == hub.Invalid, kind == hub.TooMany:
		p.placesPage(w, r, h, http.StatusUnprocessableEntity, view.PlacesPage{Problem: kind, Typed: form})
	default:
		p.v.Fail(w, r, err, h.base+"/places")
	}
}

// networksOf reads addresses and ranges. Invalid.
func networksOf(text string) ([]netip.Prefix, error) {
	const most = 32
	var out []netip.Prefix
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return r == ' ' || r == ',' || r == '\n' || r == '\r' }) {
		prefix, err := netip.ParsePrefix(word)
		if a, bad := netip.ParseAddr(word); bad == nil {
			prefix, err = netip.PrefixFrom(a, a.BitLen()), nil
		}
		if err != nil || len(out) == most {
			return nil, hub.Errorf("portal.networksOf", hub.Invalid, "not a list of networks")
		}
		out = append(out, prefix.Masked())
	}
	return out, nil
}

// placeRemove is POST /entities/{entity}/places/remove.
func (p *Portal) placeRemove(w http.ResponseWriter, r *http.Request) {
	h, form, ok := p.headForm(w, r, "/places")
	if !ok {
		return
	}
	if err := p.o.Delegating.Places.EndPlace(r.Context(), h.by, h.id, form.Get("place")); err != nil && !errors.Is(err, hub.NotFound) {
		p.v.Fail(w, r, err, h.base+"/places")
		return
	}
	http.Redirect(w, r, h.base+"/places?done=unplaced", http.StatusSeeOther)
}
