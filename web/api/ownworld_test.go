package api_test

import (
	"context"
	"net/netip"
	"strings"
	"time"

	"onedoor/authz"
	"onedoor/hub"
	"onedoor/hub/hubtest"
	"onedoor/tenants/entity"
	"onedoor/web/api"
)

// own is the company of companies, with the seats of its administrator and of an operator; what is done is noted.
type own struct{ w *world }

const (
	headSeat  = "hhhhhhhhhhhhhhhhhhhhhhhhhh"
	handSeat  = "jjjjjjjjjjjjjjjjjjjjjjjjjj"
	mandateID = "kkkkkkkkkkkkkkkkkkkkkkkkkk"
	placeID   = "llllllllllllllllllllllllll"
	deviceID  = "mmmmmmmmmmmmmmmmmmmmmmmmmm"
	offerID   = "nnnnnnnnnnnnnnnnnnnnnnnnnn"
	handedID  = "oooooooooooooooooooooooooo"
)

func (o own) rooms() api.OwnEntities {
	return api.OwnEntities{
		Seats: o, Mandates: termed{o}, Hands: hands{o}, Grounds: o,
		Items: func() []authz.Item {
			return []authz.Item{
				{ID: "return", Department: "revenue", Names: four("Return"), Status: authz.Offered, Actions: []authz.Action{"file"}, Demands: authz.Demands{Entity: authz.ByDelegation, Exclusive: true, Approval: true}},
				{ID: "own", Department: "revenue", Names: four("Own"), Status: authz.Offered, Demands: authz.Demands{Person: authz.Always}},
				{ID: "gone", Department: "revenue", Names: four("Gone"), Status: authz.Withheld, Demands: authz.Demands{Entity: authz.ByDelegation}},
			}
		},
		Key: func(number string) (entity.PersonKey, error) {
			if number != "1101700230708" {
				return entity.PersonKey{}, hub.Errorf("own", hub.Invalid, "not a number")
			}
			return entity.PersonKey{Kind: "th.citizen", Hash: []byte("hash")}, nil
		},
	}
}

// did notes what was done, for the company only, by its administrator only.
func (o own) did(by hub.AccountID, id hub.EntityID, words ...string) error {
	if by != o.w.head || id != companyID {
		return hub.Errorf("own", hub.Denied, "not the administrator")
	}
	o.w.mu.Lock()
	defer o.w.mu.Unlock()
	o.w.acted = append(o.w.acted, strings.Join(words, " "))
	return nil
}

func (o own) Mine(_ context.Context, account hub.AccountID) ([]entity.Membership, error) {
	e := companies{}.company()
	switch account {
	case o.w.head:
		return []entity.Membership{{Entity: e, Seat: entity.Seat{ID: headSeat, Role: entity.Master}}}, nil
	case o.w.hand:
		return []entity.Membership{{Entity: e, Seat: entity.Seat{ID: handSeat, Role: entity.Operator}}}, nil
	}
	return nil, nil
}

func (o own) Show(_ context.Context, by hub.AccountID, id hub.EntityID) (entity.Overview, error) {
	switch {
	case id != companyID || by != o.w.head && by != o.w.hand:
		return entity.Overview{}, hub.Errorf("own", hub.NotFound, "no entity")
	case by == o.w.hand:
		return entity.Overview{}, hub.Errorf("own", hub.Denied, "an operator")
	}
	until := hubtest.Noon().Add(time.Hour)
	return entity.Overview{
		Entity: companies{}.company(),
		Members: []entity.Member{
			{Seat: entity.Seat{ID: headSeat, Account: o.w.head, Role: entity.Master, Label: "Head", At: hubtest.Noon()}},
			{
				Seat:     entity.Seat{ID: handSeat, Account: o.w.hand, Role: entity.Operator, Label: "Accounts", At: hubtest.Noon()},
				Mandates: []entity.Mandate{{ID: mandateID, Term: entity.Term{Department: "revenue", From: hubtest.Noon(), Until: until}}},
			},
		},
		Invitations: []entity.Invitation{{ID: offerID, Role: entity.Operator, Label: "Payroll", ExpiresAt: until}},
	}, nil
}

func (o own) Invite(_ context.Context, by hub.AccountID, id hub.EntityID, x entity.Order) (entity.Invitation, hub.Secret, error) {
	words := []string{"invite", string(x.Role), x.Label, string(x.Person.Hash)}
	for _, t := range x.Terms {
		words = append(words, string(t.Department), t.From.Format(time.TimeOnly))
	}
	return entity.Invitation{ID: offerID, Role: x.Role, Label: x.Label}, hub.NewSecret(hub.Randomness()), o.did(by, id, words...)
}

func (o own) TakeBack(_ context.Context, by hub.AccountID, id hub.EntityID, invitation string) error {
	return o.did(by, id, "take back", invitation)
}

func (o own) Remove(_ context.Context, by hub.AccountID, seat, reason string) error {
	return o.did(by, companyID, "remove", seat, reason)
}

func (o own) AddPlace(_ context.Context, by hub.AccountID, id hub.EntityID, name string, networks []netip.Prefix) (authz.Place, error) {
	return authz.Place{ID: placeID, Label: name, Networks: networks}, o.did(by, id, "place", name, networks[0].String())
}

func (o own) Places(_ context.Context, by hub.AccountID, id hub.EntityID) ([]authz.Place, error) {
	return []authz.Place{{ID: placeID, Label: "Office", Networks: []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")}}}, o.did(by, id, "places")
}

func (o own) EndPlace(_ context.Context, by hub.AccountID, id hub.EntityID, place string) error {
	return o.did(by, id, "end place", place)
}

func (o own) Devices(_ context.Context, by hub.AccountID, p authz.Party) ([]authz.Device, error) {
	return []authz.Device{{ID: deviceID, Label: "Desk 2"}}, o.did(by, p.Entity, "devices")
}

func (o own) EndDevice(_ context.Context, by hub.AccountID, p authz.Party, id string) error {
	return o.did(by, p.Entity, "end device", id)
}

// termed and hands have methods of the same names.
type (
	termed struct{ own }
	hands  struct{ own }
)

func (t termed) Give(_ context.Context, by hub.AccountID, seat string, x entity.Term) error {
	return t.did(by, companyID, "give", seat, string(x.Department), x.Until.Format(time.DateOnly))
}

func (t termed) Withdraw(_ context.Context, by hub.AccountID, mandate, reason string) error {
	return t.did(by, companyID, "withdraw mandate", mandate, reason)
}

func (h hands) Of(_ context.Context, by hub.AccountID, id hub.EntityID, _ bool, _ int) ([]authz.Delegation, error) {
	return []authz.Delegation{{ID: handedID, Entity: id, Item: "return", Department: "revenue", Operator: h.w.hand, State: authz.Proposed, Places: []string{placeID}}}, h.did(by, id, "delegations")
}

func (h hands) Hand(_ context.Context, by hub.AccountID, id hub.EntityID, orders ...authz.Order) (out []authz.Delegation, err error) {
	for _, o := range orders {
		out = append(out, authz.Delegation{ID: handedID, Entity: id, Item: o.Item, Operator: o.Operator, State: authz.Active})
		if err := h.did(by, id, "delegate", string(o.Item), o.Hours.Zone, strings.Join(o.Places, ",")); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (h hands) Withdraw(_ context.Context, by hub.AccountID, id string) (authz.Delegation, error) {
	return authz.Delegation{ID: id}, h.did(by, companyID, "withdraw", id)
}
