package register

import (
	"context"
	"slices"
	"time"

	"onedoor/hub"
	"onedoor/hub/audit"
	"onedoor/tenants"
	"onedoor/tenants/staff"
)

// step is a way from one state to another.
type step struct{ was, became tenants.SystemStatus }

// steps is the whole life of a system: what is not here does not happen. Each names the act that it takes.
var steps = map[step]string{
	{tenants.Draft, tenants.Testing}:     testSystem,
	{tenants.Testing, tenants.Draft}:     testSystem,
	{tenants.Testing, tenants.Live}:      launchSystem,
	{tenants.Live, tenants.Suspended}:    suspendSystem,
	{tenants.Suspended, tenants.Live}:    launchSystem,
	{tenants.Suspended, tenants.Testing}: testSystem,
}

// Leads reports whether there is a step from one state to the other.
func Leads(was, became tenants.SystemStatus) bool { return steps[step{was, became}] != "" }

// Move takes a system a step on. version is the one that is seen, 0 for whatever it is: an emergency does not wait. Denied; Conflict where no
// step leads there, for another version, and for a step that is the files'; Faulty where a system can't go live with its record; LevelUnmet never.
// To live: Refused without a proposal for this very version, Denied for who proposed it where four eyes are asked for.
func (s *Service) Move(ctx context.Context, by staff.Actor, id hub.SystemID, to tenants.SystemStatus, reason string, version int64) (out System, err error) {
	const op = "register.Move"
	if !slices.Contains(Reasons(), reason) {
		return System{}, hub.Errorf(op, hub.Invalid, "not a reason")
	}
	err = s.alone(ctx, func(ctx context.Context) error {
		old, err := s.o.Entries.System(ctx, id)
		if err != nil {
			return err
		}
		act := steps[step{old.Status, to}]
		if act == "" {
			act = putSystem // whoever may not touch it learns nothing of its state
		}
		if err := by.Require(ctx, act, place(old.System)); err != nil {
			return err
		}
		switch {
		case version != 0 && version != old.Version:
			return hub.Errorf(op, hub.Conflict, "it has changed since")
		case !Leads(old.Status, to):
			return hub.Errorf(op, hub.Conflict, "no step leads there")
		case old.Origin == ByFile && to != tenants.Suspended && (!old.Held || to != tenants.Live):
			return hub.Errorf(op, hub.Conflict, "the entry is kept by files")
		}
		out = old
		out.Status = to
		if err := s.sound(ctx, nil, &out.System); err != nil && to != tenants.Suspended { // closing waits for no repair
			return err
		}
		if to == tenants.Live {
			if err := s.launched(ctx, by, old); err != nil {
				return err
			}
		}
		out.Held = to == tenants.Suspended
		if out.Version, err = s.o.Entries.ReplaceSystem(ctx, out); err != nil {
			return err
		}
		m := Move{ID: hub.NewID(s.o.Random), System: id, Was: old.Status, Became: to, Reason: reason, Account: by.Account, Program: by.System, At: s.now()}
		if err := s.o.Lives.Moved(ctx, m); err != nil {
			return err
		}
		if old.Status == tenants.Live {
			if err := s.o.Ends.Closed(ctx, []hub.SystemID{id}, m.At); err != nil {
				return err
			}
		}
		return s.record(ctx, "system.moved", by, audit.Event{System: id, Reason: reason},
			map[string]string{"was": string(m.Was), "became": string(m.Became), "department": string(old.Department), "move": m.ID})
	})
	return out, err
}

// launched takes the proposal by which a system goes live. A system that comes back from a suspension needs one only with four eyes.
func (s *Service) launched(ctx context.Context, by staff.Actor, old System) error {
	const op = "register.Move"
	if old.Status == tenants.Suspended && !s.o.FourEyes {
		return nil
	}
	p, err := s.o.Lives.Proposal(ctx, old.ID)
	switch {
	case hub.KindOf(err) == hub.NotFound, err == nil && p.Version != old.Version:
		return hub.Errorf(op, hub.Refused, "nobody has proposed this version")
	case err != nil:
		return err
	case s.o.FourEyes && (by.Account == "" || by.Account == p.Account):
		return hub.Errorf(op, hub.Denied, "a second person must open it")
	}
	return s.o.Lives.Take(ctx, p.ID)
}

// Propose says that a version of a system is ready to go live. tested names what shows that it has been tested, the number of a report for instance:
// a name as hub.ValidName has it. Denied; Invalid for no such name; Faulty where its record is not complete; Conflict for another version, and for a
// system that is neither in test nor suspended.
func (s *Service) Propose(ctx context.Context, by staff.Actor, id hub.SystemID, version int64, tested string) (p Proposal, err error) {
	const op = "register.Propose"
	if !hub.ValidName(tested) {
		return Proposal{}, hub.Errorf(op, hub.Invalid, "what shows that it has been tested is named by an id")
	}
	err = s.alone(ctx, func(ctx context.Context) error {
		x, err := s.o.Entries.System(ctx, id)
		if err != nil {
			return err
		}
		if err := by.Require(ctx, proposeSystem, place(x.System)); err != nil {
			return err
		}
		if x.Version != version || x.Status != tenants.Testing && x.Status != tenants.Suspended {
			return hub.Errorf(op, hub.Conflict, "it has changed since, or is not in test")
		}
		live := x.System
		live.Status = tenants.Live
		if err := s.sound(ctx, nil, &live); err != nil {
			return err
		}
		p = Proposal{ID: hub.NewID(s.o.Random), System: id, Version: version, Tested: tested, Account: by.Account, At: s.now()}
		if err := s.o.Lives.Propose(ctx, p); err != nil {
			return err
		}
		return s.record(ctx, "system.proposed", by, audit.Event{System: id}, map[string]string{"proposal": p.ID, "tested": tested, "department": string(x.Department)})
	})
	return p, err
}

// Proposal gives the open proposal of a system. NotFound.
func (s *Service) Proposal(ctx context.Context, id hub.SystemID) (Proposal, error) {
	return s.o.Lives.Proposal(ctx, id)
}

// Moves lists the steps of a system, the latest first, at most limit, below the number before (0: from the latest).
func (s *Service) Moves(ctx context.Context, id hub.SystemID, before int64, limit int) ([]Move, error) {
	return s.o.Lives.Moves(ctx, id, before, limit)
}

// Connection says which secrets of a system are meant.
type Connection string

// The connections that have secrets.
const (
	OIDC    Connection = "oidc"
	Forward Connection = "forward"
)

// longestOverlap is how long an old secret may go on beside a new one.
const longestOverlap = 30 * 24 * time.Hour

// Rotate draws a new secret for a connection and gives it, once. Those that were there end after the overlap, 0 for at once. Denied; Invalid for
// a connection without secrets or an overlap of more than 30 days; Conflict for an entry that the files keep.
func (s *Service) Rotate(ctx context.Context, by staff.Actor, id hub.SystemID, c Connection, overlap time.Duration) (out System, secret string, err error) {
	const op = "register.Rotate"
	if overlap < 0 || overlap > longestOverlap {
		return System{}, "", hub.Errorf(op, hub.Invalid, "the overlap is too long")
	}
	secret = tenants.NewClientSecret(s.o.Random)
	proof, err := tenants.HashClientSecret(secret)
	if err != nil {
		return System{}, "", err
	}
	err = s.alone(ctx, func(ctx context.Context) error {
		if out, err = s.o.Entries.System(ctx, id); err != nil {
			return err
		}
		if err := by.Require(ctx, rotateSecret, place(out.System)); err != nil {
			return err
		}
		if out.Origin == ByFile {
			return hub.Errorf(op, hub.Conflict, "the entry is kept by files")
		}
		now := s.now()
		if err := out.rotate(c, proof, now, now.Add(overlap)); err != nil {
			return err
		}
		if err := s.sound(ctx, nil, &out.System); err != nil {
			return err
		}
		if out.Version, err = s.o.Entries.ReplaceSystem(ctx, out); err != nil {
			return err
		}
		return s.record(ctx, "system.secret_rotated", by, audit.Event{System: id}, map[string]string{"connection": string(c), "department": string(out.Department)})
	})
	if err != nil {
		return System{}, "", err
	}
	return out, secret, nil
}

// kept is how many secrets go on beside a new one.
const kept = 2

// rotate adds a secret and lets the older ones end.
func (s *System) rotate(c Connection, proof tenants.Secret, now, until time.Time) error {
	const op = "register.Rotate"
	fresh := func(old []tenants.Secret) []tenants.Secret {
		next := []tenants.Secret{proof}
		for _, o := range old {
			if o.ExpiresAt.IsZero() || o.ExpiresAt.After(until) {
				o.ExpiresAt = until
			}
			if o.ExpiresAt.After(now) && len(next) <= kept {
				next = append(next, o)
			}
		}
		return next
	}
	switch {
	case c == OIDC && s.OIDC != nil && s.OIDC.ShowsSecret():
		o := *s.OIDC
		o.Secrets = fresh(o.Secrets)
		s.OIDC = &o
	case c == Forward && s.Forward != nil:
		f := *s.Forward
		f.Secrets = fresh(f.Secrets)
		s.Forward = &f
	default:
		return hub.Errorf(op, hub.Invalid, "the connection has no secrets")
	}
	return nil
}
