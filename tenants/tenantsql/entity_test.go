package tenantsql_test

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"onedoor/hub"
	"onedoor/hub/audit"
	"onedoor/hub/hubsql"
	"onedoor/hub/hubtest"
	"onedoor/hub/identifier"
	"onedoor/hub/sqldb"
	"onedoor/tenants/entity"
	"onedoor/tenants/tenantsql"
)

const (
	milling = "0105536000313" // of Siam Rice Milling in the registry
	other   = "0123456789016"
)

// town is a world with a company registry, two departments and staff of the platform.
type town struct {
	*hubtest.World
	t       *testing.T
	db      *sqldb.DB
	store   *tenantsql.Entities
	service *entity.Service
	chief   hub.AccountID // administrator of the platform
	deputy  hub.AccountID // another one
	watcher hub.AccountID // auditor of the platform

	mu       sync.Mutex
	events   []audit.Event
	ended    []entity.Use
	settled  int
	waiting  func() // called by whoever waits
	persons  map[string]hub.AccountID
	directs  map[string]bool // "person number" of who represents the milling company
	registry error
	dead     bool
}

// keyed is an index for tests: the same for the same parts.
type keyed struct{}

func (keyed) Index(purpose string, parts ...string) []byte {
	h := hub.NewSecret(hubtest.Random(purpose + "|" + strings.Join(parts, "|")))
	return h.Bytes()
}

// box seals for tests: it opens in its own place only.
type box struct{ key byte }

func (b *box) Seal(place string, plain []byte) ([]byte, error) {
	out := append([]byte(place+"\x00"), plain...)
	for i := range out {
		out[i] ^= 0x55
	}
	return append([]byte{b.key}, out...), nil
}

func (b *box) Open(place string, sealed []byte) ([]byte, error) {
	out := slices.Clone(sealed[1:])
	for i := range out {
		out[i] ^= 0x55
	}
	plain, ok := bytes.CutPrefix(out, []byte(place+"\x00"))
	if !ok {
		return nil, hub.Errorf("box.Open", hub.Invalid, "another place")
	}
	return plain, nil
}

func (o *town) Record(_ context.Context, events ...audit.Event) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.events = append(o.events, events...)
	return nil
}

func (o *town) EndActing(_ context.Context, _ hub.EntityID, _ string, uses []entity.Use, _ time.Time) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.ended = append(o.ended, uses...)
	return nil
}

// Entitled has two administrators and an auditor of the platform.
func (o *town) Entitled(_ context.Context, account hub.AccountID, duty entity.Duty) (bool, error) {
	return account == o.chief || account == o.deputy || duty == entity.Reads && account == o.watcher, nil
}

func (o *town) Ask(_ context.Context, n entity.Number, person hub.PersonNumber) (entity.Answer, error) {
	switch {
	case o.registry != nil:
		return entity.Answer{}, o.registry
	case n.Kind != identifier.ThaiJuristic:
		return entity.Answer{}, hub.Errorf("town.Ask", hub.Invalid, "not kept here")
	case n.Value != milling:
		return entity.Answer{}, hub.Errorf("town.Ask", hub.NotFound, "no such company")
	}
	return entity.Answer{Live: !o.dead, Names: hub.Text{"th": "โรงสีข้าวสยาม", "en": "Siam Rice Milling"}, Represents: o.directs[person.Value]}, nil
}

func newTown(t *testing.T, db *sqldb.DB, registry bool, change ...func(*entity.Options)) *town {
	t.Helper()
	all, err := hubsql.New(db)
	if err != nil {
		t.Fatal(err)
	}
	counters, err := hubsql.NewCounters(db)
	if err != nil {
		t.Fatal(err)
	}
	store, err := tenantsql.NewEntities(db, &box{1}, keyed{})
	if err != nil {
		t.Fatal(err)
	}
	o := &town{t: t, db: db, store: store, persons: map[string]hub.AccountID{}, directs: map[string]bool{"director": true, "second": true}}
	o.World = hubtest.NewWorld(t, hubtest.Stores{Accounts: all.Accounts, Sessions: all.Sessions, Consents: all.Consents, Grants: all.Grants})
	o.chief, o.deputy, o.watcher = o.Account(t).ID, o.Account(t).ID, o.Account(t).ID
	departments := map[hub.SystemID]hub.DepartmentID{"tax-filing": "revenue", "tax-refund": "revenue", "benefits": "social-security"}
	options := entity.Options{
		Store: store, Ends: o, Rights: o, Counter: counters, Index: keyed{}, Audit: o, Tx: db, Clock: o.Clock.Now, Random: o.Random,
		Person: func(_ context.Context, k entity.PersonKey) (hub.AccountID, error) {
			if id, ok := o.persons[k.Kind+string(k.Hash)]; ok {
				return id, nil
			}
			return "", hub.Errorf("town.Person", hub.NotFound, "nobody")
		},
		System: func(_ context.Context, id hub.SystemID) (hub.DepartmentID, bool) {
			d, ok := departments[id]
			return d, ok
		},
		Department: func(_ context.Context, id hub.DepartmentID) bool { return id == "revenue" || id == "social-security" },
		Settle: func(context.Context) {
			o.mu.Lock()
			defer o.mu.Unlock()
			o.settled++
			if o.waiting != nil {
				o.waiting()
			}
		},
	}
	if registry {
		options.Registry = o
	}
	for _, c := range change {
		c(&options)
	}
	if o.service, err = entity.New(options); err != nil {
		t.Fatal(err)
	}
	return o
}

func (o *town) person() hub.AccountID { return o.Account(o.t).ID }

func (o *town) must(err error) {
	o.t.Helper()
	if err != nil {
		o.t.Fatal(err)
	}
}

func (o *town) want(what string, err error, kind hub.Kind) {
	o.t.Helper()
	if !errors.Is(err, kind) {
		o.t.Errorf("%s: %v, want %s", what, err, kind)
	}
}

func applicant(account hub.AccountID, person string) entity.Applicant {
	return entity.Applicant{Account: account, Level: entity.Least(), Person: hub.PersonNumber{Kind: "th.citizen", Value: person}}
}

func company(number string) entity.Application {
	return entity.Application{Kind: identifier.ThaiJuristic, Number: number, Names: hub.Text{"en": "What I Say It Is"}}
}

// registered makes a director the master administrator of the milling company.
func (o *town) registered() (hub.AccountID, hub.EntityID) {
	o.t.Helper()
	who := o.person()
	out, err := o.service.Register(o.t.Context(), applicant(who, "director"), company(milling))
	if err != nil || out.Entity == "" || out.Claim != "" {
		o.t.Fatalf("%+v %v", out, err)
	}
	return who, out.Entity
}

// year is a term of a year at a department.
func (o *town) year(department hub.DepartmentID, systems ...hub.SystemID) entity.Term {
	now := o.Clock.Now()
	return entity.Term{Department: department, Systems: systems, From: now, Until: now.Add(365 * 24 * time.Hour)}
}

// operator invites somebody with mandates and lets them join.
func (o *town) operator(by hub.AccountID, id hub.EntityID, terms ...entity.Term) (hub.AccountID, entity.Seat) {
	o.t.Helper()
	_, secret, err := o.service.Invite(o.t.Context(), by, id, entity.Order{Role: entity.Operator, Label: "บัญชี 2", Terms: terms})
	o.must(err)
	who := o.person()
	seat, err := o.service.Join(o.t.Context(), secret, who, entity.Least())
	o.must(err)
	return who, seat
}

// parties gives the entities somebody may act for at a system.
func (o *town) parties(who hub.AccountID, department hub.DepartmentID, system hub.SystemID) []entity.Party {
	o.t.Helper()
	all, _, _, err := o.service.Parties(o.t.Context(), who, "", department, system)
	o.must(err)
	return all
}

// acting lets somebody use a new session at a system for an entity.
func (o *town) acting(who hub.AccountID, department hub.DepartmentID, system hub.SystemID) (entity.Use, error) {
	o.t.Helper()
	s := o.NewSession(who)
	o.must(o.Sessions.Create(o.t.Context(), s, hub.NewSecret(o.Random).Hash()))
	all := o.parties(who, department, system)
	if len(all) != 1 {
		o.t.Fatalf("%+v", all)
	}
	u := entity.Use{Session: s.ID, System: system, Entity: all[0].Entity, Mandate: all[0].Mandate}
	return u, o.db.InTx(o.t.Context(), func(ctx context.Context) error { return o.service.Act(ctx, who, u, department) })
}
