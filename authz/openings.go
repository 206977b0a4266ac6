package authz

import (
	"context"
	"io"
	"slices"
	"time"

	"onedoor/hub"
	"onedoor/hub/audit"
	"onedoor/hub/session"
)

// Desk knows what a department's staff may do.
type Desk interface {
	// Approves refuses whoever may not approve openings and delegations of the department. Denied, Unavailable.
	Approves(ctx context.Context, by hub.AccountID, department hub.DepartmentID) error
	// Revokes refuses whoever may not end delegations of the department's items. Denied, Unavailable.
	Revokes(ctx context.Context, by hub.AccountID, department hub.DepartmentID) error
}

// OpeningOptions are what Openings is made of. All are required.
type OpeningOptions struct {
	Store     OpeningStore
	Catalogue *Catalogue
	Desk      Desk
	Audit     audit.Recorder
	Tx        Transactor
	Clock     hub.Clock
	Random    io.Reader
	// Told keeps what the person must hear of through another channel (AUD-09), in the transaction of the change.
	Told func(ctx context.Context, account hub.AccountID, state OpeningState) error
	// Settle returns when no node decides by what was before (Memory.AnswerDelay).
	Settle func(ctx context.Context)
}

// Openings is the person's own switch for each of their items (RAZ-02).
type Openings struct{ o OpeningOptions }

// NewOpenings checks the options. Invalid where one is missing.
func NewOpenings(o OpeningOptions) (*Openings, error) {
	if o.Store == nil || o.Catalogue == nil || o.Desk == nil || o.Audit == nil || o.Tx == nil || o.Clock == nil || o.Random == nil ||
		o.Told == nil || o.Settle == nil {
		return nil, hub.Errorf("authz.NewOpenings", hub.Invalid, "an option is missing")
	}
	return &Openings{o}, nil
}

func (s *Openings) now() time.Time { return s.o.Clock().UTC().Truncate(time.Microsecond) }

// Choice is an item with what the person has said about it.
type Choice struct {
	Item    Item
	Opening Opening // the zero one where they never said anything
	Open    bool    // as far as the person is concerned, maybe in one session alone: see Opening.Session
}

// choiceOf tells how an item stands with what was said about it.
func choiceOf(i Item, o Opening, now time.Time) Choice {
	c := Choice{Item: i, Opening: o}
	open := o.Counts(o.Session, now)
	switch i.Demands.Person {
	case Always:
		c.Open = true
	case Lockable:
		c.Open = o.State == "" || open
	case OptIn:
		c.Open = open
	case NotOwn:
	}
	return c
}

// Of lists the items that the person can open and lock, of the departments, by id; and those elsewhere of which they have said something.
func (s *Openings) Of(ctx context.Context, account hub.AccountID, departments []hub.DepartmentID) ([]Choice, error) {
	said, err := s.o.Store.OpeningsOf(ctx, account)
	if err != nil {
		return nil, err
	}
	var out []Choice
	for _, i := range s.o.Catalogue.Items() {
		if i.Demands.Person != Lockable && i.Demands.Person != OptIn {
			continue
		}
		n := slices.IndexFunc(said, func(o Opening) bool { return o.Item == i.ID })
		switch {
		case n >= 0:
			out = append(out, choiceOf(i, said[n], s.now()))
		case slices.Contains(departments, i.Department):
			out = append(out, choiceOf(i, Opening{}, s.now()))
		}
	}
	return out, nil
}

// Choice gives one item as it stands with the person. NotFound for one that the person has no switch for.
func (s *Openings) Choice(ctx context.Context, account hub.AccountID, item ItemID) (Choice, error) {
	i, err := s.own(ctx, item)
	if err != nil {
		return Choice{}, err
	}
	said, err := s.o.Store.OpeningsOf(ctx, account)
	if err != nil {
		return Choice{}, err
	}
	for _, o := range said {
		if o.Item == item {
			return choiceOf(i, o, s.now()), nil
		}
	}
	return choiceOf(i, Opening{}, s.now()), nil
}

func (s *Openings) own(ctx context.Context, item ItemID) (Item, error) {
	i, err := s.o.Catalogue.Item(ctx, item)
	if err == nil && i.Demands.Person != Lockable && i.Demands.Person != OptIn {
		err = hub.Errorf("authz.Openings", hub.NotFound, "no item that the person can open and lock")
	}
	return i, err
}

// Lock closes an item of the person's: nobody sees it online until they open it again, not even they. Nothing is asked for it. NotFound.
func (s *Openings) Lock(ctx context.Context, account hub.AccountID, id hub.SessionID, item ItemID) error {
	i, err := s.own(ctx, item)
	if err != nil {
		return err
	}
	_, err = s.say(ctx, id, i, Opening{Account: account, State: Locked})
	return err
}

// Open opens an item of the person's, who must have proven for it what the item demands; the state tells whether it is open or waits for the
// department's staff. NotFound; LevelUnmet where they must authenticate better or anew.
func (s *Openings) Open(ctx context.Context, sess session.Session, item ItemID) (Opening, error) {
	i, err := s.openable(ctx, sess, item)
	if err != nil {
		return Opening{}, err
	}
	to := Opening{Account: sess.Account, State: Open}
	if i.Demands.Approval {
		to.State = Asked
	}
	return s.say(ctx, sess.ID, i, to)
}

// OpenOnce is Open for the person's present session alone, and for as long at most as the item lets an authentication be old. What is open
// already stays as it is. Denied where the staff has its say: nobody looks at an application for one sign-in.
func (s *Openings) OpenOnce(ctx context.Context, sess session.Session, item ItemID) (Opening, error) {
	i, err := s.openable(ctx, sess, item)
	if err != nil {
		return Opening{}, err
	}
	if i.Demands.Approval {
		return Opening{}, hub.Errorf("authz.OpenOnce", hub.Denied, "the department's staff has its say")
	}
	if c, err := s.Choice(ctx, sess.Account, item); err != nil || c.Open && c.Opening.Session == "" {
		return c.Opening, err
	}
	return s.say(ctx, sess.ID, i, Opening{Account: sess.Account, State: Open, Session: sess.ID, Until: s.now().Add(i.Demands.Age())})
}

// openable finds an item that the person of a session may open now.
func (s *Openings) openable(ctx context.Context, sess session.Session, item ItemID) (Item, error) {
	const op = "authz.Open"
	i, err := s.own(ctx, item)
	if err != nil {
		return Item{}, err
	}
	if i.Status != Offered {
		return Item{}, hub.Errorf(op, hub.Suspended, "the item is not offered")
	}
	if !Reaches(sess, i.Demands, s.now()) {
		return Item{}, hub.Errorf(op, hub.LevelUnmet, "opening asks for what the item asks for")
	}
	return i, nil
}

// Reaches reports whether a session stands for what an item demands of the login.
func Reaches(s session.Session, d Demands, now time.Time) bool {
	_, ok := s.For(d.Least, now, func(r session.Reached) bool { return now.Sub(r.AuthTime) < d.Age() })
	return ok
}

// say keeps the person's word, which they gave in a session.
func (s *Openings) say(ctx context.Context, id hub.SessionID, i Item, word Opening) (Opening, error) {
	var o Opening
	changed := false
	err := s.o.Tx.InTx(ctx, func(ctx context.Context) (err error) {
		said := word
		said.ID, said.Item, said.Department, said.At = hub.NewID(s.o.Random), i.ID, i.Department, s.now()
		if o, changed, err = s.o.Store.Say(ctx, said); err != nil || !changed {
			return err // as it was: no second application, no second notice, and no approval lost
		}
		kind := map[OpeningState]string{Locked: "item.locked", Open: "item.opened", Asked: "item.opening_asked"}[word.State]
		if err := s.event(ctx, kind, o, o.Account, id, i); err != nil {
			return err
		}
		return s.o.Told(ctx, o.Account, o.State)
	})
	if err != nil {
		return Opening{}, err
	}
	if changed {
		s.o.Settle(ctx)
	}
	return o, nil
}

func (s *Openings) event(ctx context.Context, kind string, o Opening, by hub.AccountID, id hub.SessionID, i Item) error {
	e := audit.Event{
		Kind: kind, Outcome: audit.Success, At: o.At, Account: o.Account, Session: id,
		Detail: map[string]string{"item": string(o.Item), "department": string(o.Department), "opening": o.ID},
	}
	if i.Version > 0 {
		e.Detail["level"] = i.Demands.Least.ACR()
	}
	if o.Session != "" {
		e.Detail["once"] = "true"
	}
	if by != o.Account {
		e.Detail["by"] = string(by)
	}
	return s.o.Audit.Record(ctx, e)
}

// Waiting lists what waits for a department's staff, the oldest first. Denied for whoever may not approve it.
func (s *Openings) Waiting(ctx context.Context, by hub.AccountID, department hub.DepartmentID, limit int) ([]Opening, error) {
	if err := s.o.Desk.Approves(ctx, by, department); err != nil {
		return nil, err
	}
	return s.o.Store.OpeningsAsked(ctx, department, limit)
}

// Approve and Refuse decide on an application, at the department's desk with the application shown (RAZ-06). Denied for the person
// themselves; NotFound, also for whoever may not decide there; Consumed where it does not wait any more.
func (s *Openings) Approve(ctx context.Context, by hub.AccountID, id string) (Opening, error) {
	return s.decide(ctx, by, id, Open, "item.opening_approved")
}

// Refuse is the other answer: see Approve.
func (s *Openings) Refuse(ctx context.Context, by hub.AccountID, id string) (Opening, error) {
	return s.decide(ctx, by, id, Refused, "item.opening_refused")
}

// elsewhere makes an application of another department's one that is not there (invariant 10): who may not decide about it hears no more of it.
func elsewhere(op string, err error) error {
	if hub.KindOf(err) == hub.Denied {
		return hub.E(op, hub.NotFound, err)
	}
	return err
}

func (s *Openings) decide(ctx context.Context, by hub.AccountID, id string, to OpeningState, kind string) (Opening, error) {
	const op = "authz.Openings"
	var o Opening
	err := s.o.Tx.InTx(ctx, func(ctx context.Context) (err error) {
		if o, err = s.o.Store.Opening(ctx, id); err != nil {
			return err
		}
		if o.Account == by {
			return hub.Errorf(op, hub.Denied, "nobody approves what they asked for")
		}
		if err := s.o.Desk.Approves(ctx, by, o.Department); err != nil {
			return elsewhere(op, err)
		}
		if o, err = s.o.Store.Decide(ctx, id, to, by, s.now()); err != nil {
			return err
		}
		told := o
		told.At = s.now()
		if err := s.event(ctx, kind, told, by, "", Item{}); err != nil {
			return err
		}
		return s.o.Told(ctx, o.Account, to)
	})
	if err != nil {
		return Opening{}, err
	}
	s.o.Settle(ctx)
	return o, nil
}
