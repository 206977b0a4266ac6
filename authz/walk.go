package authz

import (
	"context"
	"net/netip"
	"slices"
	"time"

	"onedoor/hub"
	"onedoor/hub/login"
	"onedoor/hub/session"
)

// Walk is what a login knows of items: what they ask for, how they stand with who is signed in, and that the person opens them on the way.
// Nothing is decided by it: who hands out what the login was for asks the Decider.
type Walk struct{ o WalkOptions }

var _ login.Items = (*Walk)(nil)

// WalkOptions are what a Walk is made of. All are required.
type WalkOptions struct {
	Decider   *Decider
	Catalogue *Catalogue
	Openings  *Openings
	// Client gives the address of the person's browser, as seen through trusted proxies only.
	Client func(ctx context.Context) netip.Addr
	Clock  hub.Clock
}

// NewWalk checks the options. Invalid where one is missing.
func NewWalk(o WalkOptions) (*Walk, error) {
	if o.Decider == nil || o.Catalogue == nil || o.Openings == nil || o.Client == nil || o.Clock == nil {
		return nil, hub.Errorf("authz.NewWalk", hub.Invalid, "an option is missing")
	}
	return &Walk{o}, nil
}

// Needs implements login.Items.
func (w *Walk) Needs(ctx context.Context, wishes []login.Wish) (hub.Level, time.Duration, error) {
	var level hub.Level
	var age time.Duration
	for _, x := range wishes {
		item, err := w.item(ctx, x.Item)
		if err != nil {
			return hub.Level{}, 0, err
		}
		level, age = item.Demands.joined(level, age)
	}
	return level, age, nil
}

// joined adds what an item asks of the login: both levels, and the lesser age where one is stated.
func (d Demands) joined(level hub.Level, age time.Duration) (hub.Level, time.Duration) {
	if d.MaxAge > 0 && (age == 0 || d.MaxAge < age) {
		age = d.MaxAge
	}
	return level.Join(d.Least), age
}

func (w *Walk) item(ctx context.Context, id string) (Item, error) {
	item, err := w.o.Catalogue.Item(ctx, ItemID(id))
	if hub.KindOf(err) == hub.NotFound {
		err = hub.E("authz.Walk", hub.Invalid, err)
	}
	return item, err
}

// Stand implements login.Items.
func (w *Walk) Stand(ctx context.Context, who login.Opener, wishes []login.Wish) ([]login.Standing, error) {
	q := Question{
		System: who.System.ID, Department: who.System.Department, Party: Party{Account: who.Session.Account, Entity: who.Entity}, Session: who.Session.ID,
		Authentications: Standing(who.Session, w.o.Clock()), Address: w.o.Client(ctx),
	}
	var out []login.Standing
	for _, x := range wishes {
		item, err := w.item(ctx, x.Item)
		if err != nil {
			return nil, err
		}
		s := login.Standing{Wish: x, Names: item.Names, Version: item.Version, Open: true, Approved: item.Demands.Approval}
		q.Item = item.ID
		for _, a := range x.Actions {
			q.Action = Action(a)
			ok, reasons := w.o.Decider.Allows(ctx, q)
			if ok {
				continue
			}
			s.Open = false
			for _, r := range reasons {
				if r.Code.Unknown() {
					return nil, hub.Errorf("authz.Walk", hub.Unavailable, "that can't be known now")
				}
				if word := string(r.Code); !slices.Contains(s.Missing, word) {
					s.Missing = append(s.Missing, word)
				}
			}
		}
		s.Opens = len(s.Missing) > 0 && !slices.ContainsFunc(s.Missing, func(word string) bool { return Code(word) != NotOpened && Code(word) != IsLocked })
		out = append(out, s)
	}
	return out, nil
}

// Unknown reports whether a reason is that something did not answer.
func (c Code) Unknown() bool { return c == FactsUnknown || c == PolicyUnknown || c == RecordUnwritten }

// Open implements login.Items.
func (w *Walk) Open(ctx context.Context, s session.Session, item string, once bool) error {
	open := w.o.Openings.Open
	if once {
		open = w.o.Openings.OpenOnce
	}
	_, err := open(ctx, s, ItemID(item))
	return err
}
