package app

import (
	"context"
	"encoding/binary"
	"io"
	"time"

	"onedoor/authz/permit"
	"onedoor/binding"
	"onedoor/binding/bindingsql"
	"onedoor/hub"
	"onedoor/hub/hubsql"
	"onedoor/hub/oidcop"
	"onedoor/hub/samlidp"
	"onedoor/hub/session"
	"onedoor/hub/sqldb"
	"onedoor/tenants"
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
	if err := h.layEvidence(); err != nil {
		return err
	}
	record, err := h.heard()
	if err != nil {
		return err
	}
	h.bindings, err = binding.New(binding.Options{
		Store: store, History: store, Work: work, Departments: h.directory, Sessions: h.sessions,
		Grants:   departmentGrants{h.directory.Systems, h.stores.Grants},
		Counters: h.counters, Permits: clerks{h.permits, h.staff}, Numbers: numbers, Masters: o.Masters, Index: h.keys, Audit: record, Tx: h.db,
		Clock: h.clock, Random: h.random, Log: o.Log, Wake: func() { h.bindingDesk.Wake() }, Cases: h.evidence,
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

// departmentGrants ends what the systems of a department were given for a person.
type departmentGrants struct {
	systems func() []tenants.System
	grants  *hubsql.Grants
}

// EndAt implements binding.Grants.
func (d departmentGrants) EndAt(ctx context.Context, o binding.Owner, department hub.DepartmentID, at time.Time) error {
	if o.Account == "" {
		return nil
	}
	for _, s := range d.systems() {
		if s.Department != department {
			continue
		}
		if _, err := d.grants.RevokeSystem(ctx, o.Account, s.ID, "record_changed", at); err != nil {
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

// arrivals tells the bindings of everybody who comes; they are laid after the login.
type arrivals struct{ h *Hub }

// Arrived implements login.Arrivals.
func (a arrivals) Arrived(ctx context.Context, account hub.AccountID, department hub.DepartmentID, level hub.Level) error {
	return a.h.bindings.Arrived(ctx, account, department, level)
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
	owner := binding.Owner{Account: p.Account}
	if p.Entity != "" {
		owner = binding.Owner{Entity: p.Entity}
	}
	all, err := r.bindings.Shown(ctx, owner, department, level)
	var out []oidcop.Record
	for _, s := range all {
		out = append(out, oidcop.Record{
			Kind: string(s.Kind), Number: s.Number, Way: string(s.Way), IAL: s.Level.IAL.String(), BoundAt: s.BoundAt.Unix(), ConfirmedAt: s.ConfirmedAt.Unix(),
		})
	}
	return out, err
}

// samlRecords puts them into the SAML identity provider's.
type samlRecords struct{ bindings *binding.Service }

// Records implements samlidp.Records.
func (r samlRecords) Records(ctx context.Context, account hub.AccountID, department hub.DepartmentID, level hub.Level) ([]samlidp.Record, error) {
	all, err := r.bindings.Shown(ctx, binding.Owner{Account: account}, department, level)
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
