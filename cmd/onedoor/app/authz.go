package app

import (
	"context"
	"slices"
	"time"

	"onedoor/authz"
	"onedoor/authz/authzen"
	"onedoor/authz/authzsql"
	"onedoor/authz/casbinrules"
	"onedoor/authz/catalogue"
	"onedoor/authz/permit"
	"onedoor/binding"
	"onedoor/binding/bindingsql"
	"onedoor/configs"
	"onedoor/hub"
	"onedoor/hub/login"
	"onedoor/hub/notice"
	"onedoor/hub/session"
	"onedoor/tenants"
	"onedoor/tenants/entity"
	"onedoor/tenants/staff"
	"onedoor/tenants/tenantsql"
	"onedoor/web/server"
)

// authorization is what decides about service items, and what it rests on.
type authorization struct {
	store       *authzsql.Store
	catalogue   *authz.Catalogue
	memory      *authz.Memory
	decider     *authz.Decider
	openings    *authz.Openings
	delegations *authz.Delegations
	registers   *authz.Registers
	point       *authzen.Point
	details     *authz.Details
	changes     *catalogue.Service
	walk        *authz.Walk
}

// layAuthz: service items, and who may use them.
func (h *Hub) layAuthz(ctx context.Context) (err error) {
	a := &h.authz
	if a.store, err = authzsql.New(h.db); err != nil {
		return err
	}
	rules, err := casbinrules.NewItems(configs.ItemModel)
	if err != nil {
		return err
	}
	if a.catalogue, err = authz.NewCatalogue(a.store, rules); err != nil {
		return err
	}
	facts, err := h.parties()
	if err != nil {
		return err
	}
	a.memory, err = authz.NewMemory(authz.MemoryOptions{Store: a.store, Others: facts, Proofs: a.store, Elapsed: h.elapsed, Clock: h.clock, Limit: h.lease.Limit()})
	if err != nil {
		return err
	}
	a.decider, err = authz.New(authz.Options{
		Catalogue: a.catalogue, Memory: a.memory, Store: a.store, Audit: h.audit, Tx: h.db, Clock: h.clock, Random: h.random,
	})
	if err != nil {
		return err
	}
	a.changes, err = catalogue.New(catalogue.Options{
		Entries: a.store, Drafts: a.store, Past: a.store, Register: keptRegister{h.register}, Compiler: rules, Audit: h.audit, Tx: h.db, Clock: h.clock, Random: h.random,
	})
	if err != nil {
		return err
	}
	// Within a transaction of somebody else's (an answer of the API) nothing is true before it has committed.
	settles := func(ctx context.Context, beside time.Duration) {
		h.db.AfterCommit(ctx, func() { settle(ctx, a.memory.AnswerDelay()+beside) })
	}
	settled := func(ctx context.Context) { settles(ctx, 0) }
	desk := itemDesk{h.permits, h.staff}
	a.openings, err = authz.NewOpenings(authz.OpeningOptions{
		Store: a.store, Catalogue: a.catalogue, Desk: desk, Audit: h.audit, Tx: h.db, Clock: h.clock, Random: h.random, Settle: settled,
		Told: h.toldOfOpening,
	})
	if err != nil {
		return err
	}
	a.delegations, err = authz.NewDelegations(authz.DelegationOptions{
		Store: a.store, Registers: a.store, Catalogue: a.catalogue, Offices: facts, Desk: desk, Audit: h.audit, Tx: h.db, Clock: h.clock, Random: h.random,
		Lease: a.memory.AnswerDelay(), Settle: settles,
	})
	if err != nil {
		return err
	}
	a.registers, err = authz.NewRegisters(authz.RegisterOptions{
		Store: a.store, Proofs: a.store, Offices: facts, Audit: h.audit, Tx: h.db, Clock: h.clock, Random: h.random, Settle: settled,
	})
	if err != nil {
		return err
	}
	a.details, err = authz.NewDetails(authz.DetailOptions{
		Decider: a.decider, Catalogue: a.catalogue, Client: server.ClientAddr, Clock: h.clock,
		Owner: func(ctx context.Context, id hub.SystemID) (hub.DepartmentID, error) {
			s, err := h.directory.System(ctx, id)
			return s.Department, err
		},
	})
	if err != nil {
		return err
	}
	a.walk, err = authz.NewWalk(authz.WalkOptions{Decider: a.decider, Catalogue: a.catalogue, Openings: a.openings, Client: server.ClientAddr, Clock: h.clock})
	if err != nil {
		return err
	}
	return a.catalogue.Refresh(ctx)
}

// toldOfOpening keeps the notice of an item that was locked or opened (RAZ-02). One that waits for the staff, or was refused, is as closed as
// it was.
func (h *Hub) toldOfOpening(ctx context.Context, account hub.AccountID, state authz.OpeningState) error {
	switch state {
	case authz.Locked:
		return h.notices.Changed(ctx, account, notice.ItemLocked, "", "web")
	case authz.Open:
		return h.notices.Changed(ctx, account, notice.ItemOpened, "", "web")
	case authz.Asked, authz.Refused:
	}
	return nil
}

// parties answers for what the rooms of entities and bindings know of a party.
type parties struct {
	entities  *tenantsql.Entities
	bindings  *bindingsql.Store
	directory *tenants.Directory
	clock     hub.Clock
}

var (
	_ authz.Others  = (*parties)(nil)
	_ authz.Offices = (*parties)(nil)
)

func (h *Hub) parties() (*parties, error) {
	entities, err := tenantsql.NewEntities(h.db, contactVault{h.options.Masters, h.random}, h.keys)
	if err != nil {
		return nil, err
	}
	bindings, err := bindingsql.New(h.db)
	return &parties{entities, bindings, h.directory, h.clock}, err
}

// Mandates implements authz.Others: those of an entity that is active.
func (p *parties) Mandates(ctx context.Context, who authz.Party) ([]authz.Mandate, error) {
	all, err := p.entities.Held(ctx, who.Account)
	if err != nil {
		return nil, err
	}
	var out []authz.Mandate
	for _, m := range all {
		if m.Entity == who.Entity && m.EndedAt.IsZero() {
			out = append(out, authz.Mandate{Department: m.Department, Systems: m.Systems, From: m.From, Until: m.Until})
		}
	}
	if len(out) == 0 {
		return nil, nil
	}
	e, err := p.entities.Entity(ctx, who.Entity)
	if err != nil || e.Status != entity.Active {
		return nil, err
	}
	return out, nil
}

// Bound implements authz.Others: the ties that count and were confirmed in time.
func (p *parties) Bound(ctx context.Context, who authz.Party) ([]authz.Bound, error) {
	owner := binding.Owner{Account: who.Account}
	if who.Entity != "" {
		owner = binding.Owner{Entity: who.Entity}
	}
	all, err := p.bindings.Of(ctx, owner, "")
	if err != nil {
		return nil, err
	}
	var out []authz.Bound
	for _, b := range all {
		d, err := p.directory.Department(ctx, b.Place.Department)
		if err != nil {
			return nil, err
		}
		n := slices.IndexFunc(d.Records, func(k tenants.RecordKind) bool { return k.ID == b.Place.Kind })
		if b.State == binding.Bound && n >= 0 && !b.Stale(d.Records[n], p.clock()) {
			out = append(out, authz.Bound{Department: b.Place.Department, Kind: string(b.Place.Kind), IAL: b.Level.IAL})
		}
	}
	return out, nil
}

// Administers implements authz.Offices: the master administrator of an active entity.
func (p *parties) Administers(ctx context.Context, by hub.AccountID, id hub.EntityID) error {
	const op = "app.Administers"
	seats, err := p.entities.SeatsAt(ctx, by)
	if err != nil {
		return err
	}
	for _, s := range seats {
		if s.Entity != id || s.Role != entity.Master || !s.Live() {
			continue
		}
		e, err := p.entities.Entity(ctx, id)
		switch {
		case err != nil:
			return err
		case e.Status != entity.Active:
			return hub.Errorf(op, hub.Suspended, "the entity is not active")
		}
		return nil
	}
	return hub.Errorf(op, hub.Denied, "not the administrator of the entity")
}

// keptRegister gives departments and systems as they are kept, not as a node remembers them.
type keptRegister struct{ store *tenantsql.Store }

// Department implements catalogue.Register.
func (r keptRegister) Department(ctx context.Context, id hub.DepartmentID) (tenants.Department, error) {
	d, err := r.store.Department(ctx, id)
	return d.Department, err
}

// System implements catalogue.Register.
func (r keptRegister) System(ctx context.Context, id hub.SystemID) (tenants.System, error) {
	s, err := r.store.System(ctx, id)
	return s.System, err
}

// itemDesk knows which staff approves what people ask for.
type itemDesk struct {
	permits *permit.Permits
	posts   permit.Posts
}

// Approves implements authz.Desk. The level of the clerk's own session is for the page to see to, which has it.
func (d itemDesk) Approves(ctx context.Context, by hub.AccountID, department hub.DepartmentID) error {
	return d.may(ctx, by, permit.GrantApprove, department)
}

// Revokes implements authz.Desk, as Approves.
func (d itemDesk) Revokes(ctx context.Context, by hub.AccountID, department hub.DepartmentID) error {
	return d.may(ctx, by, permit.GrantRevoke, department)
}

func (d itemDesk) may(ctx context.Context, by hub.AccountID, act permit.Act, department hub.DepartmentID) error {
	s, err := permit.SubjectOf(ctx, d.posts, by, staff.Least())
	if err != nil {
		return err
	}
	if x := d.permits.May(ctx, s, act, staff.Place{Department: department}); !x.Allowed {
		return hub.Errorf("app.itemDesk", hub.Denied, "not permitted at the department: "+string(act))
	}
	return nil
}

// purgeAuthz removes what is of no use any more: news, proofs, and decisions after their time.
func (h *Hub) purgeAuthz(ctx context.Context, now time.Time, limit int) (int, error) {
	n, err := h.authz.store.Purge(ctx, now, limit)
	if err != nil {
		return n, err
	}
	h.authz.memory.Forget()
	m, err := h.authz.store.PurgeDecisions(ctx, now.Add(-decisionsKept), limit)
	return n + m, err
}

// decisionsKept is how long decisions can be explained by their facts and rehearsed; the audit record of each stays.
const decisionsKept = 90 * 24 * time.Hour

// refreshAuthz reads whose facts are others now, and the catalogue where it has changed.
func (h *Hub) refreshAuthz(ctx context.Context) error {
	if err := h.authz.memory.Refresh(ctx); err != nil {
		return err
	}
	version, err := h.authz.memory.Version(ctx)
	if err != nil {
		return err
	}
	return h.authz.catalogue.Reach(ctx, version)
}

// itemWalk is what a login knows of items, which are laid after it.
type itemWalk struct{ h *Hub }

// Needs implements login.Items.
func (w itemWalk) Needs(ctx context.Context, wishes []login.Wish) (hub.Level, time.Duration, error) {
	return w.h.authz.walk.Needs(ctx, wishes)
}

// Stand implements login.Items.
func (w itemWalk) Stand(ctx context.Context, who login.Opener, wishes []login.Wish) ([]login.Standing, error) {
	return w.h.authz.walk.Stand(ctx, who, wishes)
}

// Open implements login.Items.
func (w itemWalk) Open(ctx context.Context, s session.Session, item string, once bool) error {
	return w.h.authz.walk.Open(ctx, s, item, once)
}
