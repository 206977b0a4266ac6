package authz

import (
	"context"
	"encoding/json"
	"net/netip"
	"slices"
	"time"

	"onedoor/hub"
	"onedoor/hub/login"
	"onedoor/hub/session"
	"onedoor/hub/strictjson"
	"onedoor/hub/token"
)

// DetailType is the type of authorization details (RFC 9396) that name an item:
//
//	{"type": "item", "item": "tax-filing", "actions": ["query", "file"]}
//
// A token that carries one says that the item was open for the person when the token was issued, for as long as that token lives and no
// longer. Whoever introspects it is told of the items that are still open; who must know it for the very place and moment asks the decision
// point.
const DetailType = "item"

// Details gives authorization details their meaning for the OpenID provider.
type Details struct{ o DetailOptions }

// DetailOptions are what Details is made of. All are required.
type DetailOptions struct {
	Decider   *Decider
	Catalogue *Catalogue
	// Owner gives the department of a system. NotFound, Unavailable.
	Owner func(ctx context.Context, id hub.SystemID) (hub.DepartmentID, error)
	// Client gives the address of the person's browser, as seen through trusted proxies only.
	Client func(ctx context.Context) netip.Addr
	Clock  hub.Clock
}

// NewDetails checks the options. Invalid where one is missing.
func NewDetails(o DetailOptions) (*Details, error) {
	if o.Decider == nil || o.Catalogue == nil || o.Owner == nil || o.Client == nil || o.Clock == nil {
		return nil, hub.Errorf("authz.NewDetails", hub.Invalid, "an option is missing")
	}
	return &Details{o}, nil
}

var detailTypes = []string{DetailType}

// Types gives the one type.
func (*Details) Types() []string { return detailTypes }

// Check tells whether a system may ask for a detail: an item of its department that is known, with actions that the item knows. Invalid;
// Unavailable.
func (d *Details) Check(ctx context.Context, client hub.SystemID, detail []byte) error {
	_, _, err := d.read(ctx, client, detail)
	return err
}

func (d *Details) read(ctx context.Context, client hub.SystemID, detail []byte) (Item, []Action, error) {
	const op = "authz.Details"
	none := func(text string) (Item, []Action, error) { return Item{}, nil, hub.Errorf(op, hub.Invalid, text) }
	o, err := strictjson.Object(detail)
	if err != nil {
		return none("not an object")
	}
	for name := range o {
		if name != "type" && name != "item" && name != "actions" {
			return none("a member that the type does not have")
		}
	}
	id, _ := o["item"].(string)
	list, _ := o["actions"].([]any)
	if o["type"] != DetailType || id == "" || len(list) == 0 || len(list) > maxActions {
		return none("type, item and actions are needed")
	}
	item, err := d.o.Catalogue.Item(ctx, ItemID(id))
	switch {
	case hub.KindOf(err) == hub.NotFound:
		return none("no such item")
	case err != nil:
		return Item{}, nil, err
	}
	owner, err := d.o.Owner(ctx, client)
	if err != nil {
		return Item{}, nil, hub.E(op, hub.Unavailable, err)
	}
	if owner != item.Department || len(item.Systems) > 0 && !slices.Contains(item.Systems, client) {
		return none("an item that the system may not ask for")
	}
	var actions []Action
	for _, x := range list {
		a, _ := x.(string)
		if !item.Has(Action(a)) || slices.Contains(actions, Action(a)) {
			return none("an action that the item does not know, or twice")
		}
		actions = append(actions, Action(a))
	}
	return item, actions, nil
}

// Wishes gives the items that the details name, for the login to see to. Invalid, Unavailable.
func (d *Details) Wishes(ctx context.Context, client hub.SystemID, details [][]byte) ([]login.Wish, error) {
	var out []login.Wish
	for _, detail := range details {
		item, actions, err := d.read(ctx, client, detail)
		if err != nil {
			return nil, err
		}
		x := login.Wish{Item: string(item.ID)}
		for _, a := range actions {
			x.Actions = append(x.Actions, string(a))
		}
		out = append(out, x)
	}
	return out, nil
}

// Needs gives the level that all of the details ask for together, and how old the login may be at most; 0 where none says: so that the login
// is led there before anything is decided (RFC 9470).
func (d *Details) Needs(ctx context.Context, client hub.SystemID, details [][]byte) (hub.Level, time.Duration, error) {
	var level hub.Level
	var age time.Duration
	for _, detail := range details {
		item, _, err := d.read(ctx, client, detail)
		if err != nil {
			return hub.Level{}, 0, err
		}
		level, age = item.Demands.joined(level, age)
	}
	return level, age, nil
}

// Allow gives the details as they were asked for where each of their actions is open for the person of the session, who acts for the
// entity or, where it is "", for themselves. LevelUnmet where authenticating again would do, Denied where that is not enough.
func (d *Details) Allow(ctx context.Context, client hub.SystemID, s session.Session, entity hub.EntityID, details [][]byte) ([][]byte, error) {
	const op = "authz.Allow"
	owner, err := d.o.Owner(ctx, client)
	if err != nil {
		return nil, hub.E(op, hub.Unavailable, err)
	}
	for _, detail := range details {
		item, actions, err := d.read(ctx, client, detail)
		if err != nil {
			return nil, err
		}
		for _, a := range actions {
			x := d.o.Decider.Decide(ctx, Question{
				Item: item.ID, Action: a, System: client, Department: owner, Party: Party{Account: s.Account, Entity: entity}, Session: s.ID,
				Authentications: Standing(s, d.o.Clock()), Address: d.o.Client(ctx),
			})
			if x.Permit {
				continue
			}
			for _, r := range x.Reasons {
				switch {
				case r.Code.Unknown():
					return nil, hub.Errorf(op, hub.Unavailable, "that can't be known now")
				case r.Code == LevelTooLow, r.Code == TooOld:
				default:
					return nil, hub.Errorf(op, hub.Denied, "an item is closed")
				}
			}
			return nil, hub.Errorf(op, hub.LevelUnmet, "an item asks for a better or newer login")
		}
	}
	return details, nil
}

// Still gives those details of a token that are still open to the person it speaks of, from memory: an item that was locked or withdrawn, or
// whose demands have changed, is told to nobody any more, whatever the token says. Unavailable.
func (d *Details) Still(ctx context.Context, a token.Access, details [][]byte) ([][]byte, error) {
	const op = "authz.Still"
	owner, err := d.o.Owner(ctx, a.System)
	if err != nil {
		return nil, hub.E(op, hub.Unavailable, err)
	}
	q := Question{
		System: a.System, Department: owner, Party: Party{Account: a.Account, Entity: a.Entity}, Session: a.Session,
		Authentications: []Authentication{{Level: a.Level, At: a.AuthTime}},
	}
	var out [][]byte
	for _, detail := range details {
		item, actions, err := d.read(ctx, a.System, detail)
		if hub.KindOf(err) == hub.Invalid {
			continue // the item is gone, or is not the system's any more
		}
		if err != nil {
			return nil, err
		}
		open := true
		for _, action := range actions {
			q.Item, q.Action = item.ID, action
			ok, reasons := d.o.Decider.Still(ctx, q)
			if slices.ContainsFunc(reasons, func(r Reason) bool { return r.Code.Unknown() }) {
				return nil, hub.Errorf(op, hub.Unavailable, "that can't be known now")
			}
			open = open && ok
		}
		if open {
			out = append(out, detail)
		}
	}
	return out, nil
}

// mostTellable bounds a list of items that a system is told of.
const mostTellable = 100

// Open lists the items of a system's department that are open to whom a token of theirs speaks of, as authorization details are written: what they
// may do with it, by id. Where the person is nobody knows, so what asks for a place is not among them. Nothing is kept of it: a list opens nothing.
// Unavailable.
func (d *Details) Open(ctx context.Context, system hub.SystemID, a token.Access) ([]byte, error) {
	all, err := d.OpenTo(ctx, system, a)
	if err != nil {
		return nil, err
	}
	return json.Marshal(all)
}

// Allowed is an item with what may be done with it.
type Allowed struct {
	Item    ItemID
	Actions []Action
}

// MarshalJSON writes it as an authorization detail.
func (o Allowed) MarshalJSON() ([]byte, error) {
	return json.Marshal(map[string]any{"type": DetailType, "item": o.Item, "actions": o.Actions})
}

// OpenTo is Open without its form.
func (d *Details) OpenTo(ctx context.Context, system hub.SystemID, a token.Access) ([]Allowed, error) {
	const op = "authz.Open"
	owner, err := d.o.Owner(ctx, system)
	if err != nil {
		return nil, hub.E(op, hub.Unavailable, err)
	}
	q := Question{
		System: system, Department: owner, Party: Party{Account: a.Account, Entity: a.Entity}, Session: a.Session,
		Authentications: []Authentication{{Level: a.Level, At: a.AuthTime}},
	}
	out := []Allowed{}
	for _, item := range d.o.Catalogue.Of(owner) {
		if len(out) == mostTellable {
			break
		}
		o := Allowed{Item: item.ID}
		for _, action := range item.Actions {
			q.Item, q.Action = item.ID, action
			ok, reasons := d.o.Decider.Allows(ctx, q)
			if slices.ContainsFunc(reasons, func(r Reason) bool { return r.Code.Unknown() }) {
				return nil, hub.Errorf(op, hub.Unavailable, "that can't be known now")
			}
			if ok {
				o.Actions = append(o.Actions, action)
			}
		}
		if len(o.Actions) > 0 {
			out = append(out, o)
		}
	}
	return out, nil
}

// Lasts reports that a refresh token brings no item again: a token that carries one comes from the person's own walk.
func (*Details) Lasts([]byte) bool { return false }
