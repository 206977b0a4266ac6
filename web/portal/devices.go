package portal

import (
	"context"
	"net/http"
	"net/url"

	"onedoor/authz"
	"onedoor/hub"
	"onedoor/hub/passkey"
	"onedoor/hub/session"
	"onedoor/tenants/entity"
	"onedoor/web/server"
	"onedoor/web/view"
)

// Devices is the register of machines; authz.Registers has it, and its comments name the errors.
type Devices interface {
	AddDevice(ctx context.Context, by hub.AccountID, p authz.Party, name string, c authz.Credential) (authz.Device, error)
	EndDevice(ctx context.Context, by hub.AccountID, p authz.Party, id string) error
	// Showable lists the machines that somebody can show. Denied where they don't act for the entity.
	Showable(ctx context.Context, p authz.Party) ([]authz.Device, error)
	Shown(ctx context.Context, id hub.SessionID, p authz.Party, device string, count uint32) error
	// Here lists which machines count in a session now.
	Here(ctx context.Context, id hub.SessionID) ([]authz.Proof, error)
}

// Machines has a machine make a key, and show it; passkey.Ceremonies has it, and its comments name the errors.
type Machines interface {
	Make(about passkey.About, name string, taken []passkey.Credential) (passkey.Ceremony, error)
	Made(ctx context.Context, about passkey.About, carried string, answer []byte) (passkey.Credential, error)
	Show(about passkey.About, machines []passkey.Credential) (passkey.Ceremony, error)
	Shown(ctx context.Context, about passkey.About, machines []passkey.Credential, carried string, answer []byte) (passkey.Credential, error)
}

// Memberships lists where somebody has a seat; entity.Service has it.
type Memberships interface {
	Mine(ctx context.Context, account hub.AccountID) ([]entity.Membership, error)
}

const (
	DevicesPath  = "/devices"
	aboutDevices = "devices"
	// entityDevices is the page of an entity's machines.
	entityDevices = "/entities/{entity}/devices"
)

// largestAnswer is the most that a form with a machine's answer has, in bytes: escaped, with what was carried.
const largestAnswer = 3*passkey.MaxAnswer + 16<<10

// deviceMounts are the routes of the pages of devices. Without keys on machines there are none.
func (p *Portal) deviceMounts() []server.Mount {
	if p.o.Devices == nil {
		return nil
	}
	var mounts []server.Mount
	bases := []string{DevicesPath}
	if p.o.Memberships != nil {
		bases = append(bases, entityDevices)
	}
	for _, base := range bases {
		mounts = append(mounts, p.v.Get(base, p.devices))
		for path, h := range map[string]http.HandlerFunc{
			"/sign-in": p.devicesSignIn, "/begin": p.deviceBegin, "/add": p.deviceAdd, "/show": p.deviceShow, "/shown": p.deviceShown, "/remove": p.deviceRemove,
		} {
			m := p.v.Post(base+path, h)
			if path == "/add" || path == "/shown" {
				m.Body = largestAnswer
			}
			mounts = append(mounts, m)
		}
	}
	return mounts
}

// owner is whose machines a page is about, and what whoever looks may do with them.
type owner struct {
	base    string
	session session.Session
	party   authz.Party // as Registers wants it where machines are changed: exactly one member
	acting  authz.Party // who is signed in, and for whom they act
	names   hub.Text    // of the entity
	manages bool
}

func (o owner) about() passkey.About {
	if o.party.Entity != "" {
		return passkey.About{Session: o.session.ID, Party: string(o.party.Entity)}
	}
	return passkey.About{Session: o.session.ID, Party: string(o.party.Account)}
}

// deviceOwner finds out whose page it is. False where nobody is signed in. NotFound for an entity at which the person has no seat, whether or
// not there is such an entity (invariant 10).
func (p *Portal) deviceOwner(r *http.Request) (owner, bool, error) {
	const op = "portal.deviceOwner"
	id := r.PathValue("entity")
	o := owner{base: DevicesPath}
	if id != "" {
		if !hub.ValidID(id) {
			return o, false, hub.Errorf(op, hub.NotFound, "no such page")
		}
		o.base = "/entities/" + id + "/devices"
	}
	s, in, err := p.v.SignedIn(r)
	if err != nil || !in {
		return o, false, err
	}
	o.session, o.acting = s, authz.Party{Account: s.Account, Entity: hub.EntityID(id)}
	if id == "" {
		o.party, o.manages = authz.Party{Account: s.Account}, true
		return o, true, nil
	}
	o.party = authz.Party{Entity: hub.EntityID(id)}
	all, err := p.o.Memberships.Mine(r.Context(), s.Account)
	if err != nil {
		return o, false, err
	}
	for _, m := range all {
		if m.Entity.ID == o.party.Entity {
			o.names, o.manages = m.Entity.Names, m.Seat.Role == entity.Master
			return o, true, nil
		}
	}
	return o, false, hub.Errorf(op, hub.NotFound, "no such page")
}

// devices is GET of the page.
func (p *Portal) devices(w http.ResponseWriter, r *http.Request) {
	o, in, err := p.deviceOwner(r)
	if err != nil {
		p.v.Fail(w, r, err, "/")
		return
	}
	p.devicesPage(w, r, o, in, http.StatusOK, view.DevicesPage{Done: r.URL.Query().Get("done")})
}

func (p *Portal) devicesPage(w http.ResponseWriter, r *http.Request, o owner, in bool, status int, page view.DevicesPage) {
	page.Base, page.Token, page.State = o.base, p.v.Token(w, r, aboutDevices), view.DevicesSignedOut
	if in {
		if err := p.fillDevices(r.Context(), o, &page); err != nil {
			p.v.Fail(w, r, err, o.base)
			return
		}
	}
	p.v.Show(w, r, status, o.base, in, page)
}

func (p *Portal) fillDevices(ctx context.Context, o owner, page *view.DevicesPage) error {
	page.Entity, page.Manages, page.State = o.names, o.manages, view.DevicesStale
	fresh, err := p.v.Fresh(ctx, o.session)
	if err != nil {
		return err
	}
	if fresh {
		page.State = view.DevicesFresh
	}
	held, err := p.o.Devices.Showable(ctx, o.acting)
	if err != nil {
		return err
	}
	proofs, err := p.o.Devices.Here(ctx, o.session.ID)
	if err != nil {
		return err
	}
	for _, d := range held {
		e := view.DevicesEntry{ID: d.ID, Label: d.Label, At: d.At}
		for _, proof := range proofs {
			if proof.Device == d.ID {
				e.Until = proof.Until
			}
		}
		page.Entries = append(page.Entries, e)
	}
	return nil
}

// deviceForm reads a form about devices for who is signed in: freshly where the register is to be changed. False where it has answered already.
func (p *Portal) deviceForm(w http.ResponseWriter, r *http.Request, changes bool) (owner, url.Values, bool) {
	const op = "portal.deviceForm"
	form, err := p.v.Form(r, aboutDevices)
	var o owner
	var in bool
	if err == nil {
		o, in, err = p.deviceOwner(r)
	}
	if err == nil && in && changes {
		if !o.manages {
			err = hub.Errorf(op, hub.NotFound, "not theirs to change")
		} else {
			in, err = p.v.Fresh(r.Context(), o.session)
		}
	}
	switch {
	case err != nil:
		p.v.Fail(w, r, err, "/")
		return o, nil, false
	case !in:
		http.Redirect(w, r, o.base, http.StatusSeeOther) // where the person can sign in
		return o, nil, false
	}
	return o, form, true
}

// devicesSignIn is POST …/sign-in.
func (p *Portal) devicesSignIn(w http.ResponseWriter, r *http.Request) {
	_, err := p.v.Form(r, aboutDevices)
	var o owner
	if err == nil {
		o, _, err = p.deviceOwner(r)
	}
	if err != nil {
		p.v.Fail(w, r, err, "/")
		return
	}
	p.v.SignIn(w, r, o.base)
}

// deviceBegin is POST …/begin: it leads to the page on which the machine makes its key.
func (p *Portal) deviceBegin(w http.ResponseWriter, r *http.Request) {
	o, form, ok := p.deviceForm(w, r, true)
	if !ok {
		return
	}
	name := form.Get("label")
	if !authz.ValidLabel(name) {
		p.devicesPage(w, r, o, true, http.StatusUnprocessableEntity, view.DevicesPage{Problem: hub.Invalid, Typed: name})
		return
	}
	held, err := p.o.Devices.Showable(r.Context(), o.acting)
	if err != nil {
		p.v.Fail(w, r, err, o.base)
		return
	}
	c, err := p.o.Machines.Make(o.about(), name, keysOf(held))
	p.ceremony(w, r, o, view.CeremonyPage{Kind: view.CeremonyMake, Label: name}, c, err)
}

// deviceShow is POST …/show: it leads to the page on which the machine shows its key.
func (p *Portal) deviceShow(w http.ResponseWriter, r *http.Request) {
	o, _, ok := p.deviceForm(w, r, false)
	if !ok {
		return
	}
	held, err := p.o.Devices.Showable(r.Context(), o.acting)
	if err != nil {
		p.v.Fail(w, r, err, o.base)
		return
	}
	c, err := p.o.Machines.Show(o.about(), keysOf(held))
	p.ceremony(w, r, o, view.CeremonyPage{Kind: view.CeremonyShow}, c, err)
}

func (p *Portal) ceremony(w http.ResponseWriter, r *http.Request, o owner, page view.CeremonyPage, c passkey.Ceremony, err error) {
	if err != nil {
		p.v.Fail(w, r, err, o.base)
		return
	}
	page.Base, page.Token, page.Options, page.Carried = o.base, p.v.Token(w, r, aboutDevices), string(c.Options), c.Carried
	w.Header().Set("Content-Security-Policy", view.CeremonyPolicy)
	p.v.Show(w, r, http.StatusOK, o.base, true, page)
}

// deviceAdd is POST …/add: the machine has made its key.
func (p *Portal) deviceAdd(w http.ResponseWriter, r *http.Request) {
	o, form, ok := p.deviceForm(w, r, true)
	if !ok {
		return
	}
	ctx, name := r.Context(), form.Get("label")
	made, err := p.o.Machines.Made(ctx, o.about(), form.Get("carried"), []byte(form.Get("answer")))
	if err == nil {
		_, err = p.o.Devices.AddDevice(ctx, o.session.Account, o.party, name, authz.Credential{ID: made.ID, PublicKey: made.PublicKey, SignCount: made.SignCount})
	}
	p.devicesDone(w, r, o, err, "added", name)
}

// deviceShown is POST …/shown: the machine has shown its key.
func (p *Portal) deviceShown(w http.ResponseWriter, r *http.Request) {
	o, form, ok := p.deviceForm(w, r, false)
	if !ok {
		return
	}
	ctx := r.Context()
	held, err := p.o.Devices.Showable(ctx, o.acting)
	var shown passkey.Credential
	if err == nil {
		shown, err = p.o.Machines.Shown(ctx, o.about(), keysOf(held), form.Get("carried"), []byte(form.Get("answer")))
		if hub.KindOf(err) == hub.Invalid {
			err = hub.E("portal.deviceShown", hub.NotFound, err) // none of those that are registered
		}
	}
	if err == nil {
		err = hub.Errorf("portal.deviceShown", hub.NotFound, "not in the register")
		for _, d := range held {
			if string(d.Credential.ID) == string(shown.ID) {
				err = p.o.Devices.Shown(ctx, o.session.ID, o.acting, d.ID, shown.SignCount)
			}
		}
	}
	p.devicesDone(w, r, o, err, "shown", "")
}

// deviceRemove is POST …/remove.
func (p *Portal) deviceRemove(w http.ResponseWriter, r *http.Request) {
	o, form, ok := p.deviceForm(w, r, true)
	if !ok {
		return
	}
	err := p.o.Devices.EndDevice(r.Context(), o.session.Account, o.party, form.Get("device"))
	if hub.KindOf(err) == hub.NotFound {
		err = nil // it is out of the register, which is what was asked for
	}
	p.devicesDone(w, r, o, err, "removed", "")
}

// devicesDone leads back to the page, which tells what has gone right or wrong.
func (p *Portal) devicesDone(w http.ResponseWriter, r *http.Request, o owner, err error, done, typed string) {
	switch kind := hub.KindOf(err); {
	case err == nil:
		http.Redirect(w, r, o.base+"?done="+done, http.StatusSeeOther)
	case kind == hub.Invalid, kind == hub.NotFound, kind == hub.Conflict, kind == hub.TooMany, kind == hub.Refused, kind == hub.Expired, kind == hub.Consumed:
		p.devicesPage(w, r, o, true, http.StatusUnprocessableEntity, view.DevicesPage{Problem: kind, Typed: typed})
	default:
		p.v.Fail(w, r, err, o.base)
	}
}

func keysOf(held []authz.Device) []passkey.Credential {
	out := make([]passkey.Credential, 0, len(held))
	for _, d := range held {
		out = append(out, passkey.Credential{ID: d.Credential.ID, PublicKey: d.Credential.PublicKey, SignCount: d.Credential.SignCount})
	}
	return out
}
