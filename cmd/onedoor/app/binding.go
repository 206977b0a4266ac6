package app

import (
	"context"
	"encoding/binary"
	"io"
	"log/slog"
	"slices"
	"time"

	"onedoor/authz/permit"
	"onedoor/binding"
	"onedoor/binding/bindingsql"
	"onedoor/binding/matching"
	"onedoor/binding/recordindex"
	"onedoor/hub"
	"onedoor/hub/forward"
	"onedoor/hub/hubsql"
	"onedoor/hub/identifier"
	"onedoor/hub/login"
	"onedoor/hub/oidcop"
	"onedoor/hub/samlidp"
	"onedoor/hub/session"
	"onedoor/hub/sqldb"
	"onedoor/tenants"
	"onedoor/tenants/entity"
	"onedoor/tenants/staff"
)

// layBinding: the ties of persons and entities to departments' records.
func (h *Hub) layBinding(context.Context) (err error) {
	o := h.options
	store, err := bindingsql.New(h.db)
	if err != nil {
		return err
	}
	work, err := bindingsql.NewWork(h.db)
	if err != nil {
		return err
	}
	numbers, err := binding.NewNumbers(h.keys, o.Masters, h.random)
	if err != nil {
		return err
	}
	h.recordNumbers = recordNumbers{store, numbers}
	if err := h.layEvidence(); err != nil {
		return err
	}
	indexes, err := bindingsql.NewIndexes(h.db)
	if err != nil {
		return err
	}
	finder, err := recordindex.NewFinder(indexes, h.keys, o.Masters)
	if err != nil {
		return err
	}
	h.bindings, err = binding.New(binding.Options{
		Store: store, History: store, Work: work, Departments: h.directory, Sessions: h.sessions,
		Grants:   departmentGrants{h.directory.Systems, h.stores.Grants},
		Counters: h.counters, Permits: clerks{h.permits, h.staff}, Numbers: numbers, Masters: o.Masters, Index: h.keys, Audit: h.audit, Tx: h.db,
		Clock: h.clock, Random: h.random, Log: o.Log, Wake: func() { h.bindingDesk.Wake() }, Cases: h.evidence,
		Entities: masters{h.entities}, Imported: imported{finder}, People: recordPeople{h.notices, h.entities},
		Signals: recordSignals{func() recordOutbox { return h.transmitter }, h.directory.Systems},
	})
	if err != nil {
		return err
	}
	h.bindingDesk, err = binding.NewDesk(binding.DeskOptions{
		Service: h.bindings, Sign: h.keys, HTTP: o.HTTP, Issuer: o.Config.Issuer, Log: o.Log, Alone: h.db.Dialect() == sqldb.SQLite,
		Jitter: func() float64 { return jitter(h.random) },
	})
	return err
}

// jitter gives a number in [0, 1).
func jitter(random io.Reader) float64 {
	var b [8]byte
	if _, err := io.ReadFull(random, b[:]); err != nil {
		return 0
	}
	return float64(binary.BigEndian.Uint64(b[:])>>11) / (1 << 53)
}

// departmentGrants ends what the systems of a department were given for a person or an entity.
type departmentGrants struct {
	systems func() []tenants.System
	grants  *hubsql.Grants
}

// EndAt implements binding.Grants.
func (d departmentGrants) EndAt(ctx context.Context, o binding.Owner, department hub.DepartmentID, at time.Time) error {
	const reason = "record_changed"
	for _, s := range d.systems() {
		if s.Department != department {
			continue
		}
		var err error
		if o.Entity != "" {
			_, err = d.grants.RevokeActingAt(ctx, o.Entity, s.ID, reason, at)
		} else {
			_, err = d.grants.RevokeSystem(ctx, o.Account, s.ID, reason, at)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// clerks asks the rules about staff.
type clerks struct {
	permits *permit.Permits
	posts   *staff.Service
}

// May implements binding.Permits.
func (c clerks) May(ctx context.Context, who binding.Clerk, act binding.Act, department hub.DepartmentID, area tenants.AreaID) error {
	subject, err := permit.SubjectOf(ctx, c.posts, who.Account, who.Level)
	if err != nil {
		return err
	}
	return c.permits.May(ctx, subject, permit.Act(act), staff.Place{Department: department, Area: area}).Err("app.clerks")
}

// masters tells who may bind an entity's records: its master administrator.
type masters struct{ entities *entity.Service }

// MayBind implements binding.Entities.
func (m masters) MayBind(ctx context.Context, account hub.AccountID, id hub.EntityID) error {
	all, err := m.entities.Mine(ctx, account)
	if err != nil {
		return err
	}
	for _, x := range all {
		if x.Entity.ID == id && x.Seat.Role == entity.Master {
			return nil
		}
	}
	return hub.Errorf("app.MayBind", hub.Denied, "not theirs to bind")
}

// Stands implements binding.Entities: who has a seat, whatever it is for.
func (m masters) Stands(ctx context.Context, account hub.AccountID, id hub.EntityID) (bool, error) {
	all, err := m.entities.Mine(ctx, account)
	return slices.ContainsFunc(all, func(x entity.Membership) bool { return x.Entity.ID == id }), err
}

// Facts implements binding.Entities.
func (m masters) Facts(ctx context.Context, id hub.EntityID) (binding.Facts, error) {
	e, err := m.entities.Entity(ctx, id)
	names := make(map[string]string, len(e.Names))
	for lang, text := range e.Names {
		names[string(lang)] = text
	}
	return binding.Facts{NumberType: e.Number.Kind, Number: e.Number.Value, Names: names}, err
}

// imported finds records among the keys that departments imported.
type imported struct{ finder *recordindex.Finder }

// Find implements binding.Imported. What is only a person's to judge is proposed, never bound by itself.
func (i imported) Find(ctx context.Context, p binding.Place, attributes hub.Attributes) (binding.Answer, error) {
	who := recordindex.Person{Attributes: attributes}
	if n, err := identifier.Parse(identifier.ThaiCitizen, attributes[hub.CitizenID].Value); err == nil {
		who.Number = n
	}
	found, err := i.finder.Find(ctx, p, who)
	if err != nil {
		return binding.Answer{}, err
	}
	fits := make([]matching.Fit, len(found))
	for n, f := range found {
		fits[n] = matching.Fit{
			Number: matching.Agreement(f.Number), Given: matching.Agreement(f.Given), Family: matching.Agreement(f.Family), Birth: matching.Agreement(f.Birth),
		}
	}
	if len(found) == recordindex.MaxMatches { // there may be more that were not told of
		return binding.Answer{Result: binding.Multiple}, nil
	}
	verdict, at := matching.Judge(fits)
	switch verdict {
	case matching.One, matching.Look:
		return binding.Answer{Result: binding.Match, Number: found[at].Record, Area: found[at].Area, Unsure: verdict == matching.Look}, nil
	case matching.Several:
		return binding.Answer{Result: binding.Multiple}, nil
	}
	return binding.Answer{Result: binding.None}, nil
}

// arrivals tells the bindings of everybody who comes; they are laid after the login.
type arrivals struct{ h *Hub }

// Arrived implements login.Arrivals.
func (a arrivals) Arrived(ctx context.Context, account hub.AccountID, acts login.Party, department hub.DepartmentID, level hub.Level) error {
	return a.h.bindings.Arrived(ctx, ownerOf(account, acts.Entity), department, level)
}

// ownerOf gives whose records are meant: those of the entity that somebody acts for, never their own beside them.
func ownerOf(account hub.AccountID, entity hub.EntityID) binding.Owner {
	if entity != "" {
		return binding.Owner{Entity: entity}
	}
	return binding.Owner{Account: account}
}

// parting is told of every end of a session: who must be told of it is noted, and what was on its way about the person is shredded.
type parting struct {
	tell  session.Ended
	shred func(ctx context.Context, id hub.SessionID) error
}

// Ended implements session.Ended.
func (p parting) Ended(ctx context.Context, s session.Session, cause session.Cause, at time.Time) error {
	if err := p.shred(ctx, s.ID); err != nil {
		return err
	}
	return p.tell.Ended(ctx, s, cause, at)
}

// shredding ends the open questions of a session.
func shredding(db *sqldb.DB) (func(ctx context.Context, id hub.SessionID) error, error) {
	work, err := bindingsql.NewWork(db)
	if err != nil {
		return nil, err
	}
	return work.Shred, nil
}

// tokenRecords puts bound records into the OpenID provider's words.
type tokenRecords struct{ bindings *binding.Service }

// Records implements oidcop.Records.
func (r tokenRecords) Records(ctx context.Context, p oidcop.Party, department hub.DepartmentID, level hub.Level) ([]oidcop.Record, error) {
	all, err := r.bindings.Shown(ctx, ownerOf(p.Account, p.Entity), department, level)
	var out []oidcop.Record
	for _, s := range all {
		out = append(out, oidcop.Record{
			Kind: string(s.Kind), Number: s.Number, Way: string(s.Way), IAL: s.Level.IAL.String(), BoundAt: s.BoundAt.Unix(), ConfirmedAt: s.ConfirmedAt.Unix(),
		})
	}
	return out, err
}

// forwardRecords puts them into the words of forward authentication.
type forwardRecords struct{ bindings *binding.Service }

// Records implements forward.Records.
func (r forwardRecords) Records(ctx context.Context, account hub.AccountID, entity hub.EntityID, department hub.DepartmentID, level hub.Level) ([]forward.Record, error) {
	all, err := tokenRecords(r).Records(ctx, oidcop.Party{Account: account, Entity: entity}, department, level)
	var out []forward.Record
	for _, x := range all {
		out = append(out, forward.Record(x)) // the members are the same
	}
	return out, err
}

// samlRecords puts them into the SAML identity provider's.
type samlRecords struct{ bindings *binding.Service }

// Records implements samlidp.Records.
func (r samlRecords) Records(ctx context.Context, account hub.AccountID, entity hub.EntityID, department hub.DepartmentID, level hub.Level) ([]samlidp.Record, error) {
	all, err := r.bindings.Shown(ctx, ownerOf(account, entity), department, level)
	var out []samlidp.Record
	for _, s := range all {
		out = append(out, samlidp.Record{Kind: string(s.Kind), Number: s.Number, Way: string(s.Way), Level: s.Level, BoundAt: s.BoundAt})
	}
	return out, err
}

// resealBindings seals departments' numbers anew and tells how many there are.
func (o *office) resealBindings(ctx context.Context) (n int, err error) {
	store, err := bindingsql.New(o.db)
	if err != nil {
		return 0, err
	}
	numbers, err := binding.NewNumbers(o.ring, o.masters, o.Random)
	if err != nil {
		return 0, err
	}
	return numbers.ResealAll(ctx, store)
}

// nobody is present at the command line: no session, no clerk.
type nobody struct{}

// Attributes implements binding.Sessions.
func (nobody) Attributes(context.Context, hub.SessionID, hub.Secret) (hub.Attributes, error) {
	return nil, hub.Errorf("app.nobody", hub.NotFound, "nobody is present")
}

// Get implements binding.Sessions.
func (nobody) Get(context.Context, hub.SessionID) (session.Session, error) {
	return session.Session{}, hub.Errorf("app.nobody", hub.NotFound, "nobody is present")
}

// May implements binding.Permits.
func (nobody) May(context.Context, binding.Clerk, binding.Act, hub.DepartmentID, tenants.AreaID) error {
	return hub.Errorf("app.nobody", hub.Denied, "nobody is present")
}

// bindings gives what a command needs to end bindings: the nodes that serve tell the departments.
func (o *office) bindings(ctx context.Context, stores *hubsql.Stores) (*binding.Service, error) {
	store, err := bindingsql.New(o.db)
	if err != nil {
		return nil, err
	}
	work, err := bindingsql.NewWork(o.db)
	if err != nil {
		return nil, err
	}
	numbers, err := binding.NewNumbers(o.ring, o.masters, o.Random)
	if err != nil {
		return nil, err
	}
	_, directory, err := o.register(ctx)
	if err != nil {
		return nil, err
	}
	counters, err := hubsql.NewCounters(o.db)
	if err != nil {
		return nil, err
	}
	evidence, err := o.evidence()
	if err != nil {
		return nil, err
	}
	out, err := o.signals()
	if err != nil {
		return nil, err
	}
	return binding.New(binding.Options{
		Cases: evidence, Signals: recordSignals{func() recordOutbox { return out }, directory.Systems},
		Store: store, History: store, Work: work, Departments: directory, Sessions: nobody{}, Grants: departmentGrants{directory.Systems, stores.Grants},
		Counters: counters, Permits: nobody{}, Numbers: numbers, Masters: o.masters, Index: o.ring, Audit: o.record, Tx: o.db, Clock: o.Clock, Random: o.Random,
		Log: slog.New(slog.DiscardHandler), Wake: func() {},
	})
}
