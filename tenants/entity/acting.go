package entity

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"onedoor/hub"
)

// Party is an entity that somebody may act for at a system.
type Party struct {
	Entity  hub.EntityID
	Mandate string
	Names   hub.Text
	Role    Role
	Until   time.Time // zero for no end
}

// Parties lists the entities that a person may act for at a system now, by name, and whom a session is used for there already: the entity,
// "" for the person themselves. False where nothing was noted, or for no session.
func (s *Service) Parties(ctx context.Context, account hub.AccountID, session hub.SessionID, department hub.DepartmentID, system hub.SystemID) ([]Party, hub.EntityID, bool, error) {
	held, err := s.o.Store.Held(ctx, account)
	if err != nil {
		return nil, "", false, err
	}
	now := s.now()
	var all []Party
	for _, m := range held {
		if !m.Covers(department, system, now) || slices.ContainsFunc(all, func(p Party) bool { return p.Entity == m.Entity }) {
			continue
		}
		e, err := s.o.Store.Entity(ctx, m.Entity)
		if err != nil {
			return nil, "", false, err
		}
		if e.Status != Active {
			continue
		}
		p := Party{Entity: e.ID, Mandate: m.ID, Names: e.Names, Role: Operator, Until: m.Until}
		if m.Department == "" {
			p.Role = Master
		}
		all = append(all, p)
	}
	slices.SortFunc(all, func(a, b Party) int {
		return strings.Compare(a.Names.In("th")+string(a.Entity), b.Names.In("th")+string(b.Entity))
	})
	if session == "" {
		return all, "", false, nil
	}
	u, err := s.o.Store.Using(ctx, session, system)
	switch {
	case errors.Is(err, hub.NotFound):
		return all, "", false, nil
	case err != nil:
		return nil, "", false, err
	}
	return all, u.Entity, true, nil
}

// Act notes for whom a session is used at a system, in the transaction of ctx, and keeps the mandate from ending before that is over: so
// whoever ends it afterwards finds this use. No entity and no mandate stand for the person themselves. Consumed where the mandate does not
// count there any more.
func (s *Service) Act(ctx context.Context, account hub.AccountID, u Use, department hub.DepartmentID) error {
	now := s.now()
	if u.Entity != "" {
		if err := s.stands(ctx, account, u.Entity, u.Mandate, department, u.System); err != nil {
			return err
		}
	} else {
		u.Mandate = ""
	}
	return s.o.Store.Used(ctx, u, now)
}

// stands holds a mandate and checks that it is what somebody says.
func (s *Service) stands(ctx context.Context, account hub.AccountID, id hub.EntityID, mandate string, department hub.DepartmentID, system hub.SystemID) error {
	const op = "entity.stands"
	m, err := s.o.Store.Hold(ctx, mandate)
	switch {
	case errors.Is(err, hub.NotFound):
		return hub.E(op, hub.Consumed, err)
	case err != nil:
		return err
	case m.Account != account || m.Entity != id || !m.Covers(department, system, s.now()):
		return hub.Errorf(op, hub.Consumed, "the mandate does not count there")
	}
	return nil
}

// Hold keeps a mandate from ending until the transaction of ctx is over: for whoever issues something under it. Consumed where it has ended.
func (s *Service) Hold(ctx context.Context, mandate string) error {
	m, err := s.o.Store.Hold(ctx, mandate)
	switch {
	case errors.Is(err, hub.NotFound):
		return hub.E("entity.Hold", hub.Consumed, err)
	case err != nil:
		return err
	case !m.Until.IsZero() && !s.now().Before(m.Until):
		return hub.Errorf("entity.Hold", hub.Consumed, "its time is over")
	}
	return nil
}

// Reach gives those of some systems where a mandate counts now: for whom something that is issued under it may be. Consumed where it counts
// nowhere any more.
func (s *Service) Reach(ctx context.Context, mandate string, systems []hub.SystemID) ([]hub.SystemID, error) {
	const op = "entity.Reach"
	m, err := s.o.Store.Mandate(ctx, mandate)
	if errors.Is(err, hub.NotFound) {
		return nil, hub.E(op, hub.Consumed, err)
	}
	if err != nil {
		return nil, err
	}
	e, err := s.o.Store.Entity(ctx, m.Entity)
	if err != nil {
		return nil, err
	}
	now := s.now()
	if !m.EndedAt.IsZero() || e.Status != Active || !m.Until.IsZero() && !now.Before(m.Until) {
		return nil, hub.Errorf(op, hub.Consumed, "the mandate does not count any more")
	}
	var out []hub.SystemID
	for _, id := range systems {
		if department, ok := s.o.System(ctx, id); ok && m.Covers(department, id, now) {
			out = append(out, id)
		}
	}
	return out, nil
}

// Entity gives an entity, for a department that is registered to be told its number and names. NotFound.
func (s *Service) Entity(ctx context.Context, id hub.EntityID) (Entity, error) {
	if !hub.ValidID(string(id)) {
		return Entity{}, missing("entity.Entity")
	}
	return s.o.Store.Entity(ctx, id)
}

// Membership is a person's own place at an entity.
type Membership struct {
	Entity   Entity
	Seat     Seat
	Mandates []Mandate // that have not ended
}

// Mine lists where somebody has a seat, the oldest first.
func (s *Service) Mine(ctx context.Context, account hub.AccountID) ([]Membership, error) {
	seats, err := s.o.Store.SeatsAt(ctx, account)
	if err != nil {
		return nil, err
	}
	held, err := s.o.Store.Held(ctx, account)
	if err != nil {
		return nil, err
	}
	var all []Membership
	for _, seat := range seats {
		e, err := s.o.Store.Entity(ctx, seat.Entity)
		if err != nil {
			return nil, err
		}
		m := Membership{Entity: e, Seat: seat}
		for _, h := range held {
			if h.Seat == seat.ID {
				m.Mandates = append(m.Mandates, h)
			}
		}
		all = append(all, m)
	}
	return all, nil
}

// Waiting lists somebody's own claims, the newest first.
func (s *Service) Waiting(ctx context.Context, account hub.AccountID) ([]Claim, error) {
	return s.o.Store.ClaimsOf(ctx, account, historyLength)
}

// Member is a seat that counts, with its mandates that have not ended.
type Member struct {
	Seat     Seat
	Mandates []Mandate
}

// Line is one line of an entity's history: what happened to which seat, when, and who did it.
type Line struct {
	At      time.Time
	What    string // "joined", "removed", "given", "ended"
	Seat    Seat
	Mandate Mandate // of "given" and "ended"
	By      hub.AccountID
	Reason  string
}

// Overview is an entity as its master administrator sees it.
type Overview struct {
	Entity      Entity
	Mine        Seat
	Members     []Member // the master first, then by time of joining
	Invitations []Invitation
	History     []Line // the newest first
	Wish        Wish   // of staff; zero where there is none, and for everybody but staff
}

// Show gives an entity to its master administrator. NotFound for everybody else; Denied for an operator.
func (s *Service) Show(ctx context.Context, by hub.AccountID, id hub.EntityID) (Overview, error) {
	mine, err := s.seatOf(ctx, "entity.Show", by, See, id, nil)
	if err != nil {
		return Overview{}, err
	}
	o, err := s.overview(ctx, id)
	o.Mine = mine
	return o, err
}

func (s *Service) overview(ctx context.Context, id hub.EntityID) (o Overview, err error) {
	if o.Entity, err = s.o.Store.Entity(ctx, id); err != nil {
		return Overview{}, err
	}
	seats, err := s.o.Store.SeatsOf(ctx, id, MaxSeats)
	if err != nil {
		return Overview{}, err
	}
	mandates, err := s.o.Store.MandatesOf(ctx, id, MaxSeats)
	if err != nil {
		return Overview{}, err
	}
	if o.Invitations, err = s.o.Store.InvitationsOf(ctx, id, s.now()); err != nil {
		return Overview{}, err
	}
	known := map[string]Seat{}
	for _, x := range slices.Backward(seats) {
		known[x.ID] = x
		o.History = append(o.History, Line{At: x.At, What: "joined", Seat: x, By: x.InvitedBy})
		if !x.Live() {
			o.History = append(o.History, Line{At: x.EndedAt, What: "removed", Seat: x, By: x.EndedBy, Reason: x.EndReason})
			continue
		}
		m := Member{Seat: x}
		for _, y := range slices.Backward(mandates) {
			if y.Seat == x.ID && y.EndedAt.IsZero() {
				m.Mandates = append(m.Mandates, y)
			}
		}
		o.Members = append(o.Members, m)
	}
	for _, y := range mandates {
		if y.Department == "" { // the master's, which is the seat
			continue
		}
		o.History = append(o.History, Line{At: y.At, What: "given", Seat: known[y.Seat], Mandate: y, By: y.GivenBy})
		if !y.EndedAt.IsZero() {
			o.History = append(o.History, Line{At: y.EndedAt, What: "ended", Seat: known[y.Seat], Mandate: y, By: y.EndedBy, Reason: y.EndReason})
		}
	}
	slices.SortStableFunc(o.Members, func(a, b Member) int {
		return strings.Compare(string(a.Seat.Role), string(b.Seat.Role)) // "master" is before "operator"
	})
	order := []string{"removed", "ended", "given", "joined"} // of what happened at one moment, the last first
	slices.SortStableFunc(o.History, func(a, b Line) int {
		return cmp.Or(b.At.Compare(a.At), cmp.Compare(slices.Index(order, a.What), slices.Index(order, b.What)))
	})
	if len(o.History) > historyLength {
		o.History = o.History[:historyLength]
	}
	return o, nil
}
