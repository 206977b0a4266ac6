package authz

import (
	"context"
	"maps"
	"slices"
	"sync"
	"sync/atomic"

	"onedoor/hub"
)

// Rules are the policy of a catalogue, made ready to judge.
type Rules interface {
	// Judge holds a case against what its item demands. It gives the reasons of a no, or none and true for a yes. Where it knows no rule, or
	// a rule can't be held against the case, it is a no.
	Judge(c *Case) ([]Reason, bool)
}

// Compiler makes rules of items. Before are the rules that are in force, nil for none: what has not changed can be taken from them.
type Compiler interface {
	Compile(items []Item, before Rules) (Rules, error)
}

// Catalogue answers for items from memory.
type Catalogue struct {
	store    ItemStore
	compiler Compiler
	mu       sync.Mutex // one refresh at a time
	now      atomic.Pointer[edition]
}

// edition is one state of the catalogue: items and rules change together.
type edition struct {
	version int64
	items   map[ItemID]*Item
	rules   Rules

	sorted sync.Once
	of     map[hub.DepartmentID][]*Item // by id, made when somebody asks
}

// department lists the items of a department by id.
func (e *edition) department(id hub.DepartmentID) []*Item {
	e.sorted.Do(func() {
		e.of = map[hub.DepartmentID][]*Item{}
		for _, name := range slices.Sorted(maps.Keys(e.items)) {
			i := e.items[name]
			e.of[i.Department] = append(e.of[i.Department], i)
		}
	})
	return e.of[id]
}

// NewCatalogue gives an empty catalogue. It knows nothing until the first Refresh. Invalid.
func NewCatalogue(store ItemStore, compiler Compiler) (*Catalogue, error) {
	if store == nil || compiler == nil {
		return nil, hub.Errorf("authz.NewCatalogue", hub.Invalid, "store and compiler are required")
	}
	return &Catalogue{store: store, compiler: compiler}, nil
}

// Refresh reads the catalogue again where its version is another than is known here. It fails as the store does and then leaves what was
// known in force.
func (c *Catalogue) Refresh(ctx context.Context) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	// The version is read first: a change between the reads shows again at the next refresh, and none is missed.
	version, err := c.store.ItemsVersion(ctx)
	if err != nil {
		return err
	}
	before := c.now.Load()
	if before != nil && before.version == version {
		return nil
	}
	next, err := c.read(ctx, before)
	if err != nil {
		return err
	}
	next.version = version
	c.now.Store(next)
	return nil
}

// read gives the edition of now: of the one before, only what has changed since is read.
func (c *Catalogue) read(ctx context.Context, before *edition) (next *edition, err error) {
	next = &edition{}
	var changed []Item
	var gone []ItemID
	var old Rules
	if before == nil {
		changed, err = c.store.Items(ctx)
		next.items = make(map[ItemID]*Item, len(changed))
	} else {
		changed, gone, err = c.store.ItemsSince(ctx, before.version)
		next.items, old = maps.Clone(before.items), before.rules
	}
	if err != nil {
		return nil, err
	}
	for i := range changed {
		next.items[changed[i].ID] = &changed[i]
	}
	for _, id := range gone {
		delete(next.items, id)
	}
	all := make([]Item, 0, len(next.items))
	for _, i := range next.items {
		all = append(all, *i)
	}
	next.rules, err = c.compiler.Compile(all, old)
	return next, err
}

// at gives the catalogue in a version or a later one, reading it where it must. Unavailable.
func (c *Catalogue) at(ctx context.Context, version int64) (*edition, error) {
	const op = "authz.Catalogue"
	if e := c.now.Load(); e != nil && e.version >= version {
		return e, nil
	}
	if err := c.Refresh(ctx); err != nil {
		return nil, hub.E(op, hub.Unavailable, err)
	}
	if e := c.now.Load(); e != nil && e.version >= version {
		return e, nil
	}
	return nil, hub.Errorf(op, hub.Unavailable, "the catalogue is older than its version")
}

// Reach reads the catalogue again where a version is newer than what is known here. Unavailable.
func (c *Catalogue) Reach(ctx context.Context, version int64) error {
	_, err := c.at(ctx, version)
	return err
}

// Item finds an item. NotFound; Unavailable before the first refresh.
func (c *Catalogue) Item(_ context.Context, id ItemID) (Item, error) {
	const op = "authz.Item"
	e := c.now.Load()
	if e == nil {
		return Item{}, hub.Errorf(op, hub.Unavailable, "the catalogue is not loaded yet")
	}
	i, ok := e.items[id]
	if !ok {
		return Item{}, hub.Errorf(op, hub.NotFound, "no such item")
	}
	return *i, nil
}

// Items lists all by id; nil before the first refresh.
func (c *Catalogue) Items() []Item {
	e := c.now.Load()
	if e == nil {
		return nil
	}
	out := make([]Item, 0, len(e.items))
	for _, id := range slices.Sorted(maps.Keys(e.items)) {
		out = append(out, *e.items[id])
	}
	return out
}

// Of lists the items of a department by id.
func (c *Catalogue) Of(department hub.DepartmentID) []Item {
	e := c.now.Load()
	if e == nil {
		return nil
	}
	var out []Item
	for _, i := range e.department(department) {
		out = append(out, *i)
	}
	return out
}
