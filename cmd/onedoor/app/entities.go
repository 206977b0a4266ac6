package app

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"onedoor/authz/permit"
	"onedoor/hub"
	"onedoor/hub/account"
	"onedoor/hub/grant"
	"onedoor/hub/hubsql"
	"onedoor/hub/identifier"
	"onedoor/hub/login"
	"onedoor/hub/logout"
	"onedoor/hub/oidcop"
	"onedoor/hub/samlidp"
	"onedoor/hub/session"
	"onedoor/hub/sqldb"
	"onedoor/tenants"
	"onedoor/tenants/entity"
	"onedoor/tenants/entity/registry"
	"onedoor/tenants/staff"
	"onedoor/tenants/tenantsql"
	"onedoor/web/api"
	"onedoor/web/portal"
	"onedoor/web/view"
)

// layEntities: legal entities, and for whom persons act.
func (h *Hub) layEntities(context.Context) (err error) {
	store, err := tenantsql.NewEntities(h.db, contactVault{h.options.Masters, h.random}, h.keys)
	if err != nil {
		return err
	}
	o := entity.Options{
		Store: store, Ends: actingEnds{h.db, h.logout, h.stores.Grants}, Rights: clerks{h.permits, h.staff}, Counter: h.counters, Index: h.keys,
		Person: byPerson(h.stores.Accounts), System: departmentOf(h.directory), Department: isDepartment(h.directory),
		Audit: h.audit, Tx: h.db, Clock: h.clock, Random: h.random,
		Settle: func(ctx context.Context) { settle(ctx, h.lease.AnswerDelay()) }, FourEyes: h.options.Config.Staff.FourEyes,
	}
	var asked registry.Several
	for _, c := range h.options.Config.Registries {
		r, err := registry.New(registry.Options{
			Issuer: h.options.Config.Issuer, URL: c.URL, Name: c.Name, JWKSURI: c.JWKSURI, Kinds: c.Kinds, Signer: h.keys, HTTP: h.options.HTTP,
			Clock: h.clock, Random: h.random,
		})
		if err != nil {
			return err
		}
		asked = append(asked, r)
	}
	if len(asked) > 0 {
		o.Registry = asked
	}
	h.entities, err = entity.New(o)
	return err
}

// actingEnds ends what was issued and used under mandates (entity.Ends).
type actingEnds struct {
	db     *sqldb.DB
	logout *logout.Service
	grants *hubsql.Grants
}

// EndActing implements entity.Ends. Each system where a session was used so is told as if the person had left it: its session there ends, and the
// one at the hub goes on.
func (e actingEnds) EndActing(ctx context.Context, id hub.EntityID, mandate string, uses []entity.Use, at time.Time) error {
	for _, u := range uses {
		err := e.db.Savepoint(ctx, func(ctx context.Context) error {
			_, err := e.logout.Leave(ctx, u.Session, u.System, session.Cause{Reason: session.EndedByMandate})
			return err
		})
		if err != nil && !errors.Is(err, hub.NotFound) && !errors.Is(err, hub.Expired) { // it is over there
			return err
		}
	}
	_, err := e.grants.RevokeActing(ctx, id, mandate, grant.MandateEnded, at)
	return err
}

// byPerson finds the account of a person's number by its keyed hash.
func byPerson(accounts *hubsql.Accounts) func(context.Context, entity.PersonKey) (hub.AccountID, error) {
	return func(ctx context.Context, k entity.PersonKey) (hub.AccountID, error) {
		a, err := accounts.ByPerson(ctx, account.PersonKey(k))
		return a.ID, err
	}
}

func departmentOf(d *tenants.Directory) func(context.Context, hub.SystemID) (hub.DepartmentID, bool) {
	return func(ctx context.Context, id hub.SystemID) (hub.DepartmentID, bool) {
		s, err := d.System(ctx, id)
		return s.Department, err == nil
	}
}

func isDepartment(d *tenants.Directory) func(context.Context, hub.DepartmentID) bool {
	return func(ctx context.Context, id hub.DepartmentID) bool {
		_, err := d.Department(ctx, id)
		return err == nil
	}
}

// actingFor gives the login what it must know of entities.
type actingFor struct{ *entity.Service }

// Of implements login.Parties.
func (p actingFor) Of(ctx context.Context, account hub.AccountID, session hub.SessionID, system login.System) ([]login.Party, hub.EntityID, bool, error) {
	all, last, known, err := p.Parties(ctx, account, session, system.Department, system.ID)
	if err != nil {
		return nil, "", false, err
	}
	out := make([]login.Party, len(all))
	for i, x := range all {
		out[i] = login.Party{Entity: x.Entity, Mandate: x.Mandate, Names: x.Names, Head: x.Role == entity.Master, Until: x.Until}
	}
	return out, last, known, nil
}

// Act implements login.Parties.
func (p actingFor) Act(ctx context.Context, account hub.AccountID, session hub.SessionID, system login.System, party login.Party) error {
	return p.Service.Act(ctx, account, entity.Use{Session: session, System: system.ID, Entity: party.Entity, Mandate: party.Mandate}, system.Department)
}

// oidcMandates gives the OpenID provider what it must know of entities.
type oidcMandates struct{ *entity.Service }

// Entity implements oidcop.Mandates.
func (m oidcMandates) Entity(ctx context.Context, id hub.EntityID) (oidcop.Entity, error) {
	e, err := m.Service.Entity(ctx, id)
	return oidcop.Entity{Names: e.Names, NumberType: e.Number.Kind, Number: e.Number.Value}, err
}

// samlMandates gives the SAML identity provider what it must know of entities.
type samlMandates struct{ *entity.Service }

// Entity implements samlidp.Mandates.
func (m samlMandates) Entity(ctx context.Context, id hub.EntityID) (samlidp.Entity, error) {
	e, err := m.Service.Entity(ctx, id)
	return samlidp.Entity{Names: e.Names, NumberType: e.Number.Kind, Number: e.Number.Value}, err
}

// expireMandates ends mandates whose time is over.
func (h *Hub) expireMandates(ctx context.Context) error {
	_, err := h.entities.Expire(ctx)
	return err
}

// Entitled implements entity.Rights. What the session has reached is for whoever holds the session to check.
func (c clerks) Entitled(ctx context.Context, account hub.AccountID, duty entity.Duty) (bool, error) {
	subject, err := permit.SubjectOf(ctx, c.posts, account, staff.Least())
	return err == nil && c.permits.May(ctx, subject, permit.Act(duty), staff.Place{}).Allowed, err
}

// entityRooms is what the pages of legal entities need.
func (h *Hub) entityRooms() *portal.EntityRooms {
	return &portal.EntityRooms{
		Entities: h.entities, Person: h.inPerson, Departments: h.departmentsForMandates, Issuer: h.options.Config.Issuer,
		Key: h.personKey,
	}
}

// personKey gives the keyed hash of a person's number.
func (h *Hub) personKey(n hub.PersonNumber) entity.PersonKey {
	return entity.PersonKey{Kind: n.Kind, Hash: h.keys.Index("person", n.Kind, n.Value)}
}

// ownEntities is what an entity's administrator does by the API: with the rooms of the pages.
func (h *Hub) ownEntities() api.OwnEntities {
	return api.OwnEntities{
		Seats: h.entities, Mandates: h.entities, Hands: h.authz.delegations, Grounds: h.authz.registers, Items: h.authz.catalogue.Items,
		Key: func(number string) (entity.PersonKey, error) {
			n, err := identifier.Parse(identifier.ThaiCitizen, number)
			if err != nil {
				return entity.PersonKey{}, err
			}
			return h.personKey(n), nil
		},
	}
}

// inPerson gives the person's own number and attributes out of the vault, which their cookie opens.
func (h *Hub) inPerson(ctx context.Context, secret hub.Secret) (hub.PersonNumber, hub.Attributes, error) {
	s, key, err := h.sessions.Resume(ctx, secret)
	if err != nil {
		return hub.PersonNumber{}, nil, err
	}
	all, err := h.sessions.Attributes(ctx, s.ID, key)
	if err != nil {
		return hub.PersonNumber{}, nil, err
	}
	for _, kind := range []string{identifier.ThaiCitizen, identifier.ChineseResident, identifier.VietnameseCitizen} {
		if n, err := identifier.Parse(kind, all[hub.CitizenID].Value); err == nil {
			return n, all, nil
		}
	}
	return hub.PersonNumber{}, all, nil
}

// departmentsForMandates lists the departments that have a live system which serves entities.
func (h *Hub) departmentsForMandates(ctx context.Context) []view.EntityDepartment {
	return h.serving(ctx, func(s tenants.System) bool { return s.For != login.Persons })
}

// serving lists the departments that have a live system of some sort, by name.
func (h *Hub) serving(ctx context.Context, keep func(tenants.System) bool) []view.EntityDepartment {
	var out []view.EntityDepartment
	for _, s := range h.directory.Systems() {
		if !keep(s) || s.Status != tenants.Live || slices.ContainsFunc(out, func(d view.EntityDepartment) bool { return d.ID == s.Department }) {
			continue
		}
		if names, ok := h.owner(ctx, s.Department); ok {
			out = append(out, view.EntityDepartment{ID: s.Department, Names: names})
		}
	}
	slices.SortFunc(out, func(a, b view.EntityDepartment) int { return strings.Compare(a.Names.In("th"), b.Names.In("th")) })
	return out
}
