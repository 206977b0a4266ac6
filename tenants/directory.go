package tenants

import (
	"context"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"onedoor/hub"
	"onedoor/hub/login"
)

// Directory answers for departments and systems from memory: no look-up costs a statement. Refresh brings it up to date
// whenever the register's version has changed; the caller decides how often. Entries given out are shared: read only.
type Directory struct {
	store Store
	mu    sync.Mutex // one refresh at a time
	now   atomic.Pointer[register]
}

type register struct {
	version     int64
	systems     map[hub.SystemID]System
	departments map[hub.DepartmentID]Department
	accepting   map[hub.SystemID][]hub.SystemID // systems that accept a system's access tokens, by id
	exchanging  map[hub.SystemID][]hub.SystemID // systems that let a system come with a person's token, by id
	entities    map[string]hub.SystemID         // by SAML entity id
}

// NewDirectory gives an empty directory over the store. It answers Unavailable until the first Refresh has succeeded.
func NewDirectory(store Store) (*Directory, error) {
	if store == nil {
		return nil, hub.Errorf("tenants.NewDirectory", hub.Internal, "no store")
	}
	return &Directory{store: store}, nil
}

// Refresh reads the version and, where it is another one, both lists. It fails as the store does and then leaves what was
// known in force.
func (d *Directory) Refresh(ctx context.Context) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	// The version is read first: a change between the reads shows again at the next refresh, and none is missed.
	version, err := d.store.Version(ctx)
	if err != nil {
		return err
	}
	if known := d.now.Load(); known != nil && known.version == version {
		return nil
	}
	departments, err := d.store.Departments(ctx)
	if err != nil {
		return err
	}
	systems, err := d.store.Systems(ctx)
	if err != nil {
		return err
	}
	next := &register{
		version:     version,
		systems:     make(map[hub.SystemID]System, len(systems)),
		departments: make(map[hub.DepartmentID]Department, len(departments)),
		entities:    make(map[string]hub.SystemID),
	}
	next.accepting, next.exchanging = make(map[hub.SystemID][]hub.SystemID), make(map[hub.SystemID][]hub.SystemID)
	for _, x := range departments {
		next.departments[x.ID] = x
	}
	for _, s := range systems {
		// Whoever asks for a system sees what counts: nothing of a department that is suspended is open (EXC-07).
		if owner, ok := next.departments[s.Department]; ok && !owner.Active() && s.Status != Draft {
			s.Status = Suspended
		}
		if s.OIDC != nil {
			for _, client := range s.OIDC.AudienceOf {
				next.accepting[client] = append(next.accepting[client], s.ID)
			}
			for _, x := range s.OIDC.ExchangeFrom {
				next.exchanging[x.From] = append(next.exchanging[x.From], s.ID)
			}
		}
		next.systems[s.ID] = s
		if s.SAML != nil {
			next.entities[s.SAML.EntityID] = s.ID
		}
	}
	d.now.Store(next)
	return nil
}

// System finds a system. NotFound; Unavailable before the first refresh.
func (d *Directory) System(_ context.Context, id hub.SystemID) (System, error) {
	const op = "tenants.System"
	r := d.now.Load()
	if r == nil {
		return System{}, hub.Errorf(op, hub.Unavailable, "the register is not loaded yet")
	}
	s, ok := r.systems[id]
	if !ok {
		return System{}, hub.Errorf(op, hub.NotFound, "no such system")
	}
	return s, nil
}

// Entity finds the system with a SAML entity id. NotFound; Unavailable before the first refresh.
func (d *Directory) Entity(_ context.Context, entityID string) (System, error) {
	const op = "tenants.Entity"
	r := d.now.Load()
	if r == nil {
		return System{}, hub.Errorf(op, hub.Unavailable, "the register is not loaded yet")
	}
	id, ok := r.entities[entityID]
	if !ok {
		return System{}, hub.Errorf(op, hub.NotFound, "no such entity")
	}
	return r.systems[id], nil
}

// Accepting lists the systems that have registered themselves as accepting the access tokens of a system (RFC 8707), by id; none before
// the first refresh.
func (d *Directory) Accepting(id hub.SystemID) []System {
	r := d.now.Load()
	if r == nil {
		return nil
	}
	return r.list(r.accepting[id])
}

// Exchanging lists the systems that have said what a system may do that comes with a person's token (RFC 8693), by id; none before the first
// refresh.
func (d *Directory) Exchanging(id hub.SystemID) []System {
	r := d.now.Load()
	if r == nil {
		return nil
	}
	return r.list(r.exchanging[id])
}

func (r *register) list(ids []hub.SystemID) []System {
	var out []System
	for _, id := range ids {
		out = append(out, r.systems[id])
	}
	slices.SortFunc(out, func(a, b System) int { return strings.Compare(string(a.ID), string(b.ID)) })
	return out
}

// Department finds a department. NotFound; Unavailable before the first refresh.
func (d *Directory) Department(_ context.Context, id hub.DepartmentID) (Department, error) {
	const op = "tenants.Department"
	r := d.now.Load()
	if r == nil {
		return Department{}, hub.Errorf(op, hub.Unavailable, "the register is not loaded yet")
	}
	x, ok := r.departments[id]
	if !ok {
		return Department{}, hub.Errorf(op, hub.NotFound, "no such department")
	}
	return x, nil
}

// Systems lists all systems by id; nil before the first refresh.
func (d *Directory) Systems() []System {
	r := d.now.Load()
	if r == nil {
		return nil
	}
	out := make([]System, 0, len(r.systems))
	for _, id := range slices.Sorted(maps.Keys(r.systems)) {
		out = append(out, r.systems[id])
	}
	return out
}

// ForLogin gives the directory in the login's own words.
func (d *Directory) ForLogin() login.Directory { return forLogin{d} }

type forLogin struct{ d *Directory }

// System finds a system with the name of its department. NotFound; Unavailable before the first refresh.
func (f forLogin) System(ctx context.Context, id hub.SystemID) (login.System, error) {
	s, err := f.d.System(ctx, id)
	if err != nil {
		return login.System{}, err
	}
	owner, err := f.d.Department(ctx, s.Department)
	if err != nil {
		return login.System{}, err
	}
	return login.System{
		ID:         s.ID,
		Department: s.Department,
		Names:      s.Names,
		Owner:      owner.Names,
		Live:       s.Status == Live,
		Least:      s.Least,
		Rules:      s.Attributes,
		For:        s.For,
	}, nil
}
