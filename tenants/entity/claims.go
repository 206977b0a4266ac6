package entity

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"time"

	"onedoor/hub"
)

// ClaimState is where a claim stands.
type ClaimState string

// The states of a claim.
const (
	Open     ClaimState = "open"
	Approved ClaimState = "approved"
	Rejected ClaimState = "rejected"
)

// Why a claim is for staff to decide.
const (
	NoRegistry   = "no_registry"   // none is connected for such numbers
	NoAnswer     = "no_answer"     // the registry did not answer
	NotConfirmed = "not_confirmed" // the registry does not name the person
	NoNumber     = "no_number"     // the person's own number is not known, so nobody could be asked
	Taken        = "taken"         // the entity has an administrator
)

// Withdrawn is the reason of a claim that its person took back.
const Withdrawn = "withdrawn"

// ClaimReasons lists the reasons for which staff reject a claim.
func ClaimReasons() []string { return []string{"no_evidence", "not_authorised", "duplicate"} }

// Claim is a request to become the master administrator of an entity, for staff to decide.
type Claim struct {
	ID        string
	Account   hub.AccountID
	Number    Number   // zero once it is decided
	Names     hub.Text // as the person wrote them, or the registry's where the place is taken; none once it is decided
	Why       string
	State     ClaimState
	At        time.Time
	First     hub.AccountID // who has approved, where a second person must
	FirstAt   time.Time
	DecidedAt time.Time
	DecidedBy hub.AccountID
	Reason    string // of a rejection
}

// Proof is what a claim rests on: what the person wrote, what their sign-in had proven and, where they agreed, their names as their provider
// attests them; and what the registry said when it was asked. It rests sealed, is opened for who decides and for no list, each look is recorded, and
// it is gone once the claim is decided, or after [ProofLife]. It prints as "[redacted]".
type Proof struct {
	Statement  string
	Shown      map[hub.AttributeName]string
	Level      hub.Level
	Asked      bool // the registry has answered; without, the rest says nothing
	Live       bool
	Represents bool
	Names      hub.Text
}

// String hides it.
func (Proof) String() string { return "[redacted]" }

// GoString hides it.
func (Proof) GoString() string { return "[redacted]" }

// LogValue hides it.
func (Proof) LogValue() slog.Value { return slog.StringValue("[redacted]") }

// proofNames are what of a person's attributes is worth comparing with the papers of a company: their names, and nothing else.
var proofNames = []hub.AttributeName{
	hub.Title, hub.GivenName, hub.MiddleName, hub.FamilyName, hub.Name, hub.TitleEN, hub.GivenNameEN, hub.MiddleNameEN, hub.FamilyNameEN, hub.NameEN,
}

// ProofNames lists the attributes that a proof can hold, in the order of reading.
func ProofNames() []hub.AttributeName { return slices.Clone(proofNames) }

// namesOf takes the names out of attributes.
func namesOf(a hub.Attributes) map[hub.AttributeName]string {
	out := map[hub.AttributeName]string{}
	for _, n := range proofNames {
		if v := strings.TrimSpace(a[n].Value); v != "" {
			out[n] = v
		}
	}
	return out
}

// Claims is the part about claims.
type Claims interface {
	// AddClaim adds one with its proof. Conflict where the person has an open one for the number.
	AddClaim(ctx context.Context, c Claim, p Proof) error
	// Claim finds one. NotFound.
	Claim(ctx context.Context, id string) (Claim, error)
	// Proof gives what an open one rests on. NotFound where it is gone.
	Proof(ctx context.Context, id string) (Proof, error)
	// Second notes the first approval of an open one that waits for another. Consumed where it is decided, or has one.
	Second(ctx context.Context, id string, by hub.AccountID, at time.Time) error
	// Decide closes an open one and shreds its number, names and proof. Consumed where it is decided.
	Decide(ctx context.Context, id string, to ClaimState, by hub.AccountID, reason string, at time.Time) error
	// ClaimsOpen lists the open ones, the oldest first, at most limit.
	ClaimsOpen(ctx context.Context, limit int) ([]Claim, error)
	// ClaimsOf lists those of a person, the newest first, at most limit.
	ClaimsOf(ctx context.Context, account hub.AccountID, limit int) ([]Claim, error)
	// ShredProofs shreds the proofs of claims made before, and tells of how many.
	ShredProofs(ctx context.Context, before time.Time) (int, error)
}

// claim leaves the decision to staff.
func (s *Service) claim(ctx context.Context, c Claim, p Proof) (Outcome, error) {
	const op = "entity.claim"
	c.ID, c.State, c.At = s.id(), Open, s.now()
	err := s.o.Tx.InTx(ctx, func(ctx context.Context) error {
		mine, err := s.o.Store.ClaimsOf(ctx, c.Account, historyLength)
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
		if err := s.o.Store.AddClaim(ctx, c, p); err != nil {
			return err
		}
		return s.record(ctx, "entity.claimed", c.Account, c.Account, "", map[string]string{"claim": c.ID, "why": c.Why, "kind": c.Number.Kind})
	})
	if err != nil {
		return Outcome{}, err
	}
	return Outcome{Claim: c.ID}, nil
}

// Claims lists what waits for staff, the oldest first. NotFound for who does not decide, nor audits.
func (s *Service) Claims(ctx context.Context, by hub.AccountID) ([]Claim, error) {
	if err := s.entitled(ctx, "entity.Claims", by, Reads); err != nil {
		return nil, err
	}
	return s.o.Store.ClaimsOpen(ctx, historyLength)
}

// Case is a claim as who decides about it sees it.
type Case struct {
	Claim  Claim
	Proof  Proof
	Proven bool   // the proof is there; it is not once a claim is decided, or too old
	Entity Entity // that has the number; zero where it is not registered
	Master Seat   // who would lose the place; zero where it is empty
}

// Case gives an open claim with what it rests on to who decides about it. The look is recorded, and first, so that nothing is seen without that.
// NotFound for everybody else. Consumed where it is decided; Denied for their own.
func (s *Service) Case(ctx context.Context, by hub.AccountID, claim string) (c Case, err error) {
	const op = "entity.Case"
	err = s.o.Tx.InTx(ctx, func(ctx context.Context) error {
		c = Case{}
		if c.Claim, err = s.decidable(ctx, op, by, claim); err != nil {
			return err
		}
		if err := s.record(ctx, "entity.claim_shown", by, c.Claim.Account, "", map[string]string{"claim": claim}); err != nil {
			return err
		}
		switch c.Proof, err = s.o.Store.Proof(ctx, claim); {
		case err == nil:
			c.Proven = true
		case !errors.Is(err, hub.NotFound):
			return err
		}
		c.Entity, err = s.o.Store.ByNumber(ctx, c.Claim.Number)
		switch {
		case errors.Is(err, hub.NotFound):
			return nil
		case err != nil:
			return err
		}
		c.Master, err = s.master(ctx, c.Entity.ID)
		return err
	})
	if err != nil {
		return Case{}, err
	}
	return c, nil
}

// decidable finds an open claim that somebody may decide.
func (s *Service) decidable(ctx context.Context, op string, by hub.AccountID, claim string) (Claim, error) {
	if !hub.ValidID(claim) {
		return Claim{}, missing(op)
	}
	if err := s.entitled(ctx, op, by, Judges); err != nil {
		return Claim{}, err
	}
	c, err := s.o.Store.Claim(ctx, claim)
	switch {
	case err != nil:
		return Claim{}, err
	case c.State != Open:
		return Claim{}, hub.Errorf(op, hub.Consumed, "it is decided")
	case c.Account == by:
		return Claim{}, hub.Errorf(op, hub.Denied, "nobody decides about themselves")
	}
	return c, nil
}

// Approve gives the person of a claim the place of the master administrator: it registers the entity where it is not, and whoever was in the
// place loses it (an entity has one). Where the platform wants two pairs of eyes the first approval is only noted, and "" is the answer. Denied for
// their own, and for the first of the two; NotFound; Consumed where it is decided; Refused where the entity is closed; Conflict where they are in
// the place.
func (s *Service) Approve(ctx context.Context, by hub.AccountID, claim string) (hub.EntityID, error) {
	const op = "entity.Approve"
	var id hub.EntityID
	err := s.o.Tx.InTx(ctx, func(ctx context.Context) error {
		id = ""
		c, err := s.decidable(ctx, op, by, claim)
		if err != nil {
			return err
		}
		now := s.now()
		e, err := s.o.Store.ByNumber(ctx, c.Number)
		known := !errors.Is(err, hub.NotFound)
		switch {
		case err != nil && known:
			return err
		case e.Status == Closed:
			return hub.Errorf(op, hub.Refused, "it is closed here")
		case s.o.FourEyes && by != Nobody && c.First == "":
			if err := s.o.Store.Second(ctx, claim, by, now); err != nil {
				return err
			}
			return s.record(ctx, "entity.claim_seconded", by, c.Account, e.ID, map[string]string{"claim": claim})
		case by != Nobody && c.First == by:
			return hub.Errorf(op, hub.Denied, "a second person must approve it")
		}
		if err := s.o.Store.Decide(ctx, claim, Approved, by, "", now); err != nil {
			return err
		}
		if !known {
			e = Entity{ID: hub.EntityID(s.id()), Number: c.Number, Names: c.Names, Status: Active, Evidence: ByStaff, At: now, ChangedAt: now}
			if err := s.enter(ctx, e, by, c.Account); err != nil {
				return err
			}
		}
		id = e.ID
		master, err := s.master(ctx, e.ID)
		if err != nil {
			return err
		}
		if master.Account == c.Account {
			return hub.Errorf(op, hub.Conflict, "they are in the place")
		}
		s.settles(ctx)
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
	if err != nil {
		return "", err
	}
	return id, nil
}

// Reject says no to a claim: one person is enough. Denied for their own; NotFound; Consumed; Invalid for a reason that is none.
func (s *Service) Reject(ctx context.Context, by hub.AccountID, claim, reason string) error {
	const op = "entity.Reject"
	if !slices.Contains(ClaimReasons(), reason) {
		return hub.Errorf(op, hub.Invalid, "not a reason")
	}
	return s.o.Tx.InTx(ctx, func(ctx context.Context) error {
		c, err := s.decidable(ctx, op, by, claim)
		if err != nil {
			return err
		}
		return s.reject(ctx, c, by, reason)
	})
}

func (s *Service) reject(ctx context.Context, c Claim, by hub.AccountID, reason string) error {
	if err := s.o.Store.Decide(ctx, c.ID, Rejected, by, reason, s.now()); err != nil {
		return err
	}
	return s.record(ctx, "entity.rejected", by, c.Account, "", map[string]string{"claim": c.ID, "why": reason})
}

// Unclaim takes one's own claim back, with all that it rests on. NotFound for another's; Consumed where it is decided.
func (s *Service) Unclaim(ctx context.Context, account hub.AccountID, claim string) error {
	const op = "entity.Unclaim"
	if account == Nobody || !hub.ValidID(claim) {
		return missing(op)
	}
	return s.o.Tx.InTx(ctx, func(ctx context.Context) error {
		c, err := s.o.Store.Claim(ctx, claim)
		if err != nil {
			return err
		}
		if c.Account != account {
			return missing(op)
		}
		return s.reject(ctx, c, account, Withdrawn)
	})
}
