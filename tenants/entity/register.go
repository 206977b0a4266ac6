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
	Shown   hub.Attributes   // what their provider attests; of it, their names wait for staff where they agree (Application.Review)
}

// Application is what they want.
type Application struct {
	Kind, Number string
	Names        hub.Text // as they write them: for staff only, the registry's own count where it is asked
	Review       bool     // let staff decide where the registry does not confirm, by what the person has shown
	Statement    string   // how they prove it, in their own words: for staff only
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
	statement, ok := cleanText(a.Statement, MaxStatement)
	switch {
	case !ok:
		return Outcome{}, hub.Errorf(op, hub.Invalid, "the statement")
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
	proof := Proof{Statement: statement, Level: who.Level, Asked: why == "" || why == NotConfirmed, Live: answer.Live, Represents: answer.Represents}
	if proof.Asked {
		proof.Names, _ = cleanNames(answer.Names)
	}
	if a.Review {
		proof.Shown = namesOf(who.Shown)
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
		return s.claim(ctx, Claim{Account: who.Account, Number: n, Names: names, Why: why}, proof)
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
			if err := s.enter(ctx, e, who.Account, who.Account); err != nil {
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

// Kinds lists the kinds of numbers of legal entities, for a form.
func Kinds() []string { return identifier.EntityKinds() }

// enter registers an entity.
func (s *Service) enter(ctx context.Context, e Entity, by, about hub.AccountID) error {
	if err := s.o.Store.Add(ctx, e); err != nil {
		return err
	}
	return s.record(ctx, "entity.registered", by, about, e.ID, map[string]string{"evidence": string(e.Evidence), "kind": e.Number.Kind})
}

// enthrone gives the empty place of the master administrator. Who has been an operator there is one no more.
func (s *Service) enthrone(ctx context.Context, id hub.EntityID, account, by hub.AccountID, now time.Time) error {
	if err := s.vacate(ctx, id, account); err != nil {
		return err
	}
	if by == Nobody {
		by = account
	}
	return s.crown(ctx, Seat{ID: s.id(), Entity: id, Account: account, Role: Master, At: now}, "entity.joined", by)
}

// vacate ends the seat that somebody has at an entity, if any: an operator who becomes the master.
func (s *Service) vacate(ctx context.Context, id hub.EntityID, account hub.AccountID) error {
	held, err := s.o.Store.SeatsAt(ctx, account)
	if err != nil {
		return err
	}
	for _, h := range held {
		if h.Entity == id {
			return s.endSeat(ctx, h, account, Changed) // one of a person and entity counts
		}
	}
	return nil
}
