package entity

import (
	"context"
	"errors"
	"time"

	"onedoor/hub"
	"onedoor/hub/identifier"
)

// Registry knows who may represent which entity: a company registry.
type Registry interface {
	// Ask asks whether a person may represent an entity by themselves. NotFound: the registry does not know the entity. Refused: its answer
	// can't be trusted. Unavailable. Invalid where it keeps no such numbers.
	Ask(ctx context.Context, number Number, person hub.PersonNumber) (Answer, error)
}

// Answer is what a registry says.
type Answer struct {
	Live       bool // the entity is there, and not dissolved
	Names      hub.Text
	Represents bool // the person may represent it by themselves: a director or an authorised signatory
}

// Applicant is who wants to register an entity: somebody who has just proven who they are.
type Applicant struct {
	Account hub.AccountID
	Level   hub.Level
	Person  hub.PersonNumber // zero where the person's provider tells none
}

// Application is what they want.
type Application struct {
	Kind, Number string
	Names        hub.Text // as they write them: for staff only, the registry's own count where it is asked
	Review       bool     // let staff decide where the registry does not confirm
}

// Outcome tells what became of it: registered, or a claim that waits for staff.
type Outcome struct {
	Entity hub.EntityID
	Claim  string
}

// Register makes somebody the master administrator of an entity: at once where a registry confirms that they may represent it and nobody holds
// that place; else, where they want so, as a claim for staff. Invalid: not a number of an entity, or no name for staff to go by. LevelUnmet
// below [Least]. TooMany. NotFound: the registry does not know it. Refused: it is dissolved, or closed here. Denied: not confirmed; Unavailable:
// nobody could be asked. With the last two it can be tried again with Review. Who is told Denied learns nothing about who is in the place.
func (s *Service) Register(ctx context.Context, who Applicant, a Application) (Outcome, error) {
	const op = "entity.Register"
	n, err := ParseNumber(a.Kind, a.Number)
	if err != nil {
		return Outcome{}, err
	}
	names, named := cleanNames(a.Names)
	switch {
	case who.Account == Nobody:
		return Outcome{}, hub.Errorf(op, hub.Invalid, "nobody")
	case !who.Level.Satisfies(least):
		return Outcome{}, hub.Errorf(op, hub.LevelUnmet, "who registers an entity must have proven more")
	}
	tries, err := s.o.Counter.Count(ctx, "entity.register", s.o.Index.Index("entity-register", string(who.Account)), dayLong, s.now())
	if err != nil {
		return Outcome{}, err
	}
	if tries > registerTries {
		return Outcome{}, hub.Errorf(op, hub.TooMany, "too many companies asked about on one day")
	}
	answer, why, err := s.evidence(ctx, n, who.Person)
	if err != nil {
		return Outcome{}, err
	}
	var out Outcome
	if why == "" {
		var free bool
		if out, free, err = s.enrol(ctx, who, n, answer.Names); err != nil || free {
			return out, err
		}
		why, names, named = Taken, answer.Names, true
	}
	switch {
	case a.Review && !named:
		return Outcome{}, hub.Errorf(op, hub.Invalid, "no name")
	case a.Review, why == NoRegistry && named:
		return s.claim(ctx, who, n, names, why)
	case why == NoRegistry:
		return Outcome{}, hub.Errorf(op, hub.Invalid, "no name")
	case why == NoAnswer:
		return Outcome{}, hub.Errorf(op, hub.Unavailable, "the registry does not answer")
	}
	return Outcome{}, hub.Errorf(op, hub.Denied, "not confirmed")
}

// evidence asks the registry. Why it proves nothing, "" where it does.
func (s *Service) evidence(ctx context.Context, n Number, person hub.PersonNumber) (Answer, string, error) {
	const op = "entity.evidence"
	switch {
	case s.o.Registry == nil:
		return Answer{}, NoRegistry, nil
	case person.IsZero():
		return Answer{}, NoNumber, nil
	}
	answer, err := s.o.Registry.Ask(ctx, n, person)
	switch {
	case errors.Is(err, hub.Invalid):
		return Answer{}, NoRegistry, nil
	case errors.Is(err, hub.NotFound):
		return Answer{}, "", hub.E(op, hub.NotFound, err)
	case err != nil: // also what can't be trusted: nothing is decided by it
		return Answer{}, NoAnswer, nil
	case !answer.Live:
		return Answer{}, "", hub.Errorf(op, hub.Refused, "the registry says that it is dissolved")
	case !answer.Represents:
		return answer, NotConfirmed, nil
	}
	names, ok := cleanNames(answer.Names)
	if !ok {
		return Answer{}, NoAnswer, nil
	}
	answer.Names = names
	return answer, "", nil
}

// enrol gives who has proven that they represent an entity the place of its master administrator, if nobody is in it. False where somebody is.
func (s *Service) enrol(ctx context.Context, who Applicant, n Number, names hub.Text) (out Outcome, free bool, err error) {
	const op = "entity.enrol"
	err = s.o.Tx.InTx(ctx, func(ctx context.Context) error {
		out, free = Outcome{}, false
		now := s.now()
		e, err := s.o.Store.ByNumber(ctx, n)
		switch {
		case errors.Is(err, hub.NotFound):
			e = Entity{ID: hub.EntityID(s.id()), Number: n, Names: names, Status: Active, Evidence: ByRegistry, At: now, ChangedAt: now}
			if err := s.o.Store.Add(ctx, e); err != nil {
				return err
			}
			if err := s.record(ctx, "entity.registered", who.Account, who.Account, e.ID, map[string]string{"evidence": string(ByRegistry), "kind": n.Kind}); err != nil {
				return err
			}
		case err != nil:
			return err
		case e.Status == Closed:
			return hub.Errorf(op, hub.Refused, "it is closed here")
		case e.Status != Active:
			return nil
		default:
			if master, err := s.master(ctx, e.ID); err != nil || master.ID != "" {
				return err
			}
		}
		if err := s.enthrone(ctx, e.ID, who.Account, Nobody, now); err != nil {
			return err
		}
		out.Entity, free = e.ID, true
		return nil
	})
	if errors.Is(err, hub.Conflict) { // somebody was faster
		return Outcome{}, false, nil
	}
	return out, free, err
}

// claim leaves the decision to staff.
func (s *Service) claim(ctx context.Context, who Applicant, n Number, names hub.Text, why string) (Outcome, error) {
	const op = "entity.claim"
	c := Claim{ID: s.id(), Account: who.Account, Number: n, Names: names, Why: why, State: Open, At: s.now()}
	err := s.o.Tx.InTx(ctx, func(ctx context.Context) error {
		mine, err := s.o.Store.ClaimsOf(ctx, who.Account, historyLength)
		if err != nil {
			return err
		}
		open := 0
		for _, m := range mine {
			if m.State == Open {
				open++
			}
		}
		if open >= openClaims {
			return hub.Errorf(op, hub.TooMany, "too many open claims")
		}
		if err := s.o.Store.AddClaim(ctx, c); err != nil {
			return err
		}
		return s.record(ctx, "entity.claimed", who.Account, who.Account, "", map[string]string{"claim": c.ID, "why": why, "kind": n.Kind})
	})
	if err != nil {
		return Outcome{}, err
	}
	return Outcome{Claim: c.ID}, nil
}

// Claims lists what waits for staff, the oldest first. NotFound for who does not decide, nor audits.
func (s *Service) Claims(ctx context.Context, by hub.AccountID) ([]Claim, error) {
	if err := s.entitled(ctx, "entity.Claims", by, true); err != nil {
		return nil, err
	}
	return s.o.Store.ClaimsOpen(ctx, historyLength)
}

// Approve gives the person of a claim the place of the master administrator: it registers the entity where it is not, and whoever was in the
// place loses it (an entity has one). Denied for their own; NotFound; Consumed where it is decided; Refused where the entity is closed.
func (s *Service) Approve(ctx context.Context, by hub.AccountID, claim string) (hub.EntityID, error) {
	const op = "entity.Approve"
	if !hub.ValidID(claim) {
		return "", missing(op)
	}
	var id hub.EntityID
	err := s.o.Tx.InTx(ctx, func(ctx context.Context) error {
		if err := s.entitled(ctx, op, by, false); err != nil {
			return err
		}
		now := s.now()
		c, err := s.o.Store.Claim(ctx, claim)
		switch {
		case err != nil:
			return err
		case c.State != Open:
			return hub.Errorf(op, hub.Consumed, "it is decided")
		case c.Account == by:
			return hub.Errorf(op, hub.Denied, "nobody decides about themselves")
		}
		if err := s.o.Store.Decide(ctx, claim, Approved, by, "", now); err != nil {
			return err
		}
		e, err := s.o.Store.ByNumber(ctx, c.Number)
		switch {
		case errors.Is(err, hub.NotFound):
			e = Entity{ID: hub.EntityID(s.id()), Number: c.Number, Names: c.Names, Status: Active, Evidence: ByStaff, At: now, ChangedAt: now}
			if err := s.o.Store.Add(ctx, e); err != nil {
				return err
			}
			if err := s.record(ctx, "entity.registered", by, c.Account, e.ID, map[string]string{"evidence": string(ByStaff), "kind": c.Number.Kind}); err != nil {
				return err
			}
		case err != nil:
			return err
		case e.Status == Closed:
			return hub.Errorf(op, hub.Refused, "it is closed here")
		}
		id = e.ID
		master, err := s.master(ctx, e.ID)
		if err != nil {
			return err
		}
		if master.Account == c.Account {
			return hub.Errorf(op, hub.Conflict, "they are in the place")
		}
		if master.ID != "" {
			if err := s.endSeat(ctx, master, by, Replaced); err != nil {
				return err
			}
		}
		if err := s.enthrone(ctx, e.ID, c.Account, by, now); err != nil {
			return err
		}
		return s.record(ctx, "entity.approved", by, c.Account, e.ID, map[string]string{"claim": claim})
	})
	if err == nil {
		s.o.Settle(ctx)
	}
	return id, err
}

// Reject says no to a claim. Denied for their own; NotFound; Consumed; Invalid for a reason that is none.
func (s *Service) Reject(ctx context.Context, by hub.AccountID, claim, reason string) error {
	const op = "entity.Reject"
	known := false
	for _, r := range ClaimReasons() {
		known = known || r == reason
	}
	if !known {
		return hub.Errorf(op, hub.Invalid, "not a reason")
	}
	if !hub.ValidID(claim) {
		return missing(op)
	}
	return s.o.Tx.InTx(ctx, func(ctx context.Context) error {
		if err := s.entitled(ctx, op, by, false); err != nil {
			return err
		}
		c, err := s.o.Store.Claim(ctx, claim)
		if err != nil {
			return err
		}
		if c.Account == by {
			return hub.Errorf(op, hub.Denied, "nobody decides about themselves")
		}
		if err := s.o.Store.Decide(ctx, claim, Rejected, by, reason, s.now()); err != nil {
			return err
		}
		return s.record(ctx, "entity.rejected", by, c.Account, "", map[string]string{"claim": claim, "why": reason})
	})
}

// Kinds lists the kinds of numbers of legal entities, for a form.
func Kinds() []string { return identifier.EntityKinds() }

// enthrone gives the empty place of the master administrator. Who has been an operator there is one no more.
func (s *Service) enthrone(ctx context.Context, id hub.EntityID, account, by hub.AccountID, now time.Time) error {
	held, err := s.o.Store.SeatsAt(ctx, account)
	if err != nil {
		return err
	}
	for _, h := range held {
		if h.Entity == id {
			if err := s.endSeat(ctx, h, account, Changed); err != nil {
				return err
			}
		}
	}
	if by == Nobody {
		by = account
	}
	return s.crown(ctx, Seat{ID: s.id(), Entity: id, Account: account, Role: Master, At: now}, "entity.joined", by)
}
