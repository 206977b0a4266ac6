package api_test

import (
	"context"
	"time"

	"onedoor/federation"
	"onedoor/hub"
	"onedoor/hub/account"
	"onedoor/hub/hubtest"
	"onedoor/hub/keys"
	"onedoor/tenants/entity"
	"onedoor/tenants/staff"
)

// Rooms that the platform's operations are tried against. Each refuses who is no person, as the real ones do.

func personal(by hub.AccountID) error {
	if !hub.ValidID(string(by)) {
		return hub.Errorf("played", hub.Internal, "an act of a person's by nobody")
	}
	return nil
}

// lives has one account.
type lives struct{ w *world }

func (x lives) Show(_ context.Context, id hub.AccountID) (account.Account, []account.Change, error) {
	if id != personID {
		return account.Account{}, nil, hub.Errorf("lives", hub.NotFound, "no account")
	}
	status := x.w.status
	if status == "" {
		status = account.Active
	}
	return account.Account{ID: id, Status: status, Highest: staff.Least(), CreatedAt: hubtest.Noon(), ChangedAt: hubtest.Noon()}, []account.Change{
		{Was: account.Active, Became: account.Suspended, By: account.Actor{Kind: account.ByPerson, ID: personID}},
		{Was: account.Suspended, Became: account.Active, By: account.Actor{Kind: account.ByStaff, ID: "desk-3"}},
	}, nil
}

func (x lives) move(o account.Order, to account.Status) (account.Change, error) {
	x.w.status = to
	x.w.orders = append(x.w.orders, o)
	return account.Change{}, personal(hub.AccountID(o.By.ID))
}

func (x lives) Suspend(_ context.Context, o account.Order) (account.Change, error) {
	return x.move(o, account.Suspended)
}

func (x lives) Resume(_ context.Context, o account.Order) (account.Change, error) {
	return x.move(o, account.Active)
}

func (x lives) Terminate(_ context.Context, o account.Order) (account.Change, error) {
	return x.move(o, account.Terminated)
}

// estate is the platform's providers, keys and entities.
type estate struct{}

func (estate) Register(context.Context) ([]federation.Entry, error) {
	return []federation.Entry{{ID: "bank", Names: four("Bank"), Status: federation.Active, Held: federation.Hold{Reason: federation.HeldIncident, By: personID}}}, nil
}

func (estate) List(context.Context) ([]keys.Info, error) {
	return []keys.Info{{ID: "old", Use: keys.Sign, Alg: "ES256"}, {ID: "new", Use: keys.Sign, Alg: "ES256"}}, nil
}

func (estate) Rotate(_ context.Context, by hub.AccountID, use keys.Use, _ string) error {
	if use == keys.Index {
		return hub.Errorf("estate", hub.Conflict, "never")
	}
	return personal(by)
}

// brakes suspends the bank.
type brakes struct{}

func (brakes) Suspend(_ context.Context, h federation.Halt) error {
	if h.Provider != "bank" {
		return hub.Errorf("brakes", hub.NotFound, "no provider")
	}
	return personal(h.By)
}

func (b brakes) Resume(ctx context.Context, by hub.AccountID, id hub.ProviderID, _ string) error {
	return b.Suspend(ctx, federation.Halt{Provider: id, By: by})
}

func (brakes) Progress(context.Context, hub.ProviderID) (int, time.Time, error) {
	return 2, time.Time{}, nil
}

// companies has one entity.
type companies struct{}

const companyID = "ffffffffffffffffffffffffff"

func (companies) one(by hub.AccountID, id hub.EntityID) error {
	if id != companyID {
		return hub.Errorf("companies", hub.NotFound, "no entity")
	}
	return personal(by)
}

func (companies) company() entity.Entity {
	return entity.Entity{ID: companyID, Number: entity.Number{Kind: "th.juristic", Value: "0105540000001"}, Status: entity.Active, At: hubtest.Noon(), ChangedAt: hubtest.Noon()}
}

func (x companies) Find(_ context.Context, by hub.AccountID, _, _ string) (entity.Entity, error) {
	if !hub.ValidID(string(by)) {
		return entity.Entity{}, hub.Errorf("companies", hub.NotFound, "for persons")
	}
	return x.company(), nil
}

func (x companies) List(_ context.Context, by hub.AccountID, after hub.EntityID, _ int) ([]entity.Entity, error) {
	if !hub.ValidID(string(by)) {
		return nil, hub.Errorf("companies", hub.NotFound, "for persons")
	}
	if after != "" {
		return nil, nil
	}
	return []entity.Entity{x.company(), x.company()}, nil
}

func (x companies) Look(ctx context.Context, by hub.AccountID, id hub.EntityID) (entity.Overview, error) {
	if _, err := x.Find(ctx, by, "", ""); err != nil {
		return entity.Overview{}, err
	}
	return entity.Overview{
		Entity: x.company(), Members: []entity.Member{{Seat: entity.Seat{ID: caseID, Account: personID, Role: entity.Master}}},
		Wish: entity.Wish{Entity: companyID, Reason: entity.Misuse, By: personID},
	}, x.one(by, id)
}

func (x companies) Suspend(_ context.Context, by hub.AccountID, id hub.EntityID, _ string) error {
	return x.one(by, id)
}

func (x companies) Resume(_ context.Context, by hub.AccountID, id hub.EntityID) error {
	return x.one(by, id)
}

func (x companies) Close(_ context.Context, by hub.AccountID, id hub.EntityID, _ string) error {
	return x.one(by, id)
}

func (x companies) Succeed(_ context.Context, by hub.AccountID, id hub.EntityID, _, _ string) (bool, error) {
	return false, x.one(by, id)
}

func (x companies) Drop(_ context.Context, by hub.AccountID, id hub.EntityID) error {
	return x.one(by, id)
}
