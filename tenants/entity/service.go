package entity

import (
	"context"
	"io"
	"slices"
	"time"

	"onedoor/hub"
	"onedoor/hub/audit"
)

// Transactor runs fn in one database transaction, which the stores find in its context. A call inside another joins it.
type Transactor interface {
	InTx(ctx context.Context, fn func(context.Context) error) error
	// AfterCommit keeps fn for when the transaction in ctx has committed: that of whoever calls, where there is one around ours.
	AfterCommit(ctx context.Context, fn func())
}

// Ends ends what rests on mandates, in the transaction of ctx.
type Ends interface {
	// EndActing revokes everything that was issued under a mandate, or for an entity where it is "", and has each system told where a session
	// was used so. What has ended meanwhile is no error.
	EndActing(ctx context.Context, id hub.EntityID, mandate string, uses []Use, at time.Time) error
}

// Rights tells what staff may do here: authz/permit, the one place of all permissions.
type Rights interface {
	// Entitled reports whether somebody has a duty about entities.
	Entitled(ctx context.Context, account hub.AccountID, duty Duty) (bool, error)
}

// Duty is something that staff of the platform do about entities, in the words of authz/permit.
type Duty string

// The duties.
const (
	Reads  Duty = "entity.read"
	Judges Duty = "entity.approve" // decides about claims
	Stops  Duty = "entity.stop"    // an entity's status, and the end of a master administrator's seat
)

// Counter counts what happens in a period, on all nodes together.
type Counter interface {
	Count(ctx context.Context, name string, subject []byte, period time.Duration, now time.Time) (int, error)
}

// Index makes keyed hashes: the same for the same purpose and parts, and of no use without the index key.
type Index interface {
	Index(purpose string, parts ...string) []byte
}

// Options are what a Service is made of. All are required but the last three.
type Options struct {
	Store   Store
	Ends    Ends
	Rights  Rights
	Counter Counter
	Index   Index
	// Person finds the account of a person's number by its keyed hash. NotFound.
	Person func(ctx context.Context, key PersonKey) (hub.AccountID, error)
	// System tells which department a system is of; false for one that is not there.
	System func(ctx context.Context, id hub.SystemID) (hub.DepartmentID, bool)
	// Department reports whether there is such a department.
	Department func(ctx context.Context, id hub.DepartmentID) bool
	Audit      audit.Recorder
	Tx         Transactor
	Clock      hub.Clock
	Random     io.Reader
	FourEyes   bool                      // what staff decide counts only when a second person has decided the same
	Registry   Registry                  // who may represent whom; nil where none is connected: then staff decide
	Settle     func(ctx context.Context) // waits until what has just ended is ended on every node (architecture D2); nil where nobody waits
}

// Service registers entities and sees to who acts for them.
type Service struct{ o Options }

// New checks the options. Invalid where one is missing.
func New(o Options) (*Service, error) {
	if o.Store == nil || o.Ends == nil || o.Rights == nil || o.Counter == nil || o.Index == nil || o.Person == nil || o.System == nil ||
		o.Department == nil || o.Audit == nil || o.Tx == nil || o.Clock == nil || o.Random == nil {
		return nil, hub.Errorf("entity.New", hub.Invalid, "an option is missing")
	}
	if o.Settle == nil {
		o.Settle = func(context.Context) {}
	}
	return &Service{o}, nil
}

// settles has the answer wait until what the transaction of ctx ends is ended on every node: after its commit, which is that of whoever calls where
// there is a transaction around ours.
func (s *Service) settles(ctx context.Context) {
	s.o.Tx.AfterCommit(ctx, func() { s.o.Settle(ctx) })
}

// now is the time as the database keeps it: whole microseconds.
func (s *Service) now() time.Time { return s.o.Clock().UTC().Truncate(time.Microsecond) }

func (s *Service) id() string { return hub.NewID(s.o.Random) }

// Nobody is who acts where no person does: the command line, and time.
const Nobody hub.AccountID = ""

// record writes an event: about whom, by whom, at which entity.
func (s *Service) record(ctx context.Context, kind string, by, about hub.AccountID, id hub.EntityID, detail map[string]string) error {
	if detail == nil {
		detail = map[string]string{}
	}
	if id != "" {
		detail["entity"] = string(id)
	}
	if by != about {
		detail["by"] = string(by)
	}
	if by == Nobody {
		detail["by"] = "operator"
	}
	return s.o.Audit.Record(ctx, audit.Event{At: s.now(), Kind: kind, Outcome: audit.Success, Account: about, Detail: detail})
}

// missing is what everybody hears who has nothing to do with an entity, whether it is there or not (invariant 10).
func missing(op string) error { return hub.Errorf(op, hub.NotFound, "no such entity") }

// seatOf finds a person's seat at an entity and whether it may do something there. NotFound for everybody who has none, Denied for an operator
// who asks for what is the administrator's.
func (s *Service) seatOf(ctx context.Context, op string, by hub.AccountID, act Act, id hub.EntityID, target *Seat) (Seat, error) {
	if by == Nobody || !hub.ValidID(string(id)) {
		return Seat{}, missing(op)
	}
	all, err := s.o.Store.SeatsAt(ctx, by)
	if err != nil {
		return Seat{}, err
	}
	i := slices.IndexFunc(all, func(x Seat) bool { return x.Entity == id })
	switch {
	case i < 0 || target != nil && target.Entity != id:
		return Seat{}, missing(op)
	case !May(all[i], act, id, target):
		return Seat{}, hub.Errorf(op, hub.Denied, "not theirs to do")
	}
	return all[i], nil
}

// open refuses what can't be done about an entity that is not active.
func (s *Service) open(ctx context.Context, op string, id hub.EntityID) (Entity, error) {
	e, err := s.o.Store.Entity(ctx, id)
	if err == nil && e.Status != Active {
		err = hub.Errorf(op, hub.Suspended, "the entity is not active")
	}
	return e, err
}

// Order is an administrator's wish for an invitation.
type Order struct {
	Role   Role
	Label  string
	Person PersonKey // zero for whoever holds the secret
	Terms  []Term
}

// Invite offers a seat and gives the secret of the invitation, which nobody else ever sees. A Master's is the hand-over of the role: who takes
// it takes the place of who offered it. NotFound for an entity that is not theirs; Denied; Invalid; Suspended; TooMany.
func (s *Service) Invite(ctx context.Context, by hub.AccountID, id hub.EntityID, o Order) (Invitation, hub.Secret, error) {
	const op = "entity.Invite"
	none := func(err error) (Invitation, hub.Secret, error) { return Invitation{}, hub.Secret{}, err }
	act := Invite
	if o.Role == Master {
		act = HandOver
	}
	seat, err := s.seatOf(ctx, op, by, act, id, nil)
	if err != nil {
		return none(err)
	}
	now := s.now()
	label, ok := clean(o.Label, MaxLabel)
	switch {
	case o.Role != Master && o.Role != Operator, !ok, len(o.Terms) > MaxTerms, o.Role == Master && len(o.Terms) > 0:
		return none(hub.Errorf(op, hub.Invalid, "role, label or number of mandates"))
	}
	for i, t := range o.Terms {
		if err := s.checkTerm(ctx, op, t, now); err != nil {
			return none(err)
		}
		if slices.ContainsFunc(o.Terms[:i], func(x Term) bool { return x.Department == t.Department }) {
			return none(hub.Errorf(op, hub.Invalid, "two mandates at one department"))
		}
	}
	i := Invitation{
		ID: s.id(), Entity: id, Role: o.Role, Label: label, Person: o.Person, Terms: slices.Clone(o.Terms), InvitedBy: by, At: now,
		ExpiresAt: now.Add(InvitationLife),
	}
	secret := hub.NewSecret(s.o.Random)
	err = s.o.Tx.InTx(ctx, func(ctx context.Context) error {
		if _, err := s.open(ctx, op, id); err != nil {
			return err
		}
		if again, err := s.seatOf(ctx, op, by, act, id, nil); err != nil || again.ID != seat.ID {
			return cmpErr(err, missing(op))
		}
		waiting, err := s.o.Store.InvitationsOf(ctx, id, now)
		if err != nil {
			return err
		}
		if len(waiting) >= MaxSeats {
			return hub.Errorf(op, hub.TooMany, "too many open invitations")
		}
		if err := s.o.Store.Invite(ctx, i, secret.Hash()); err != nil {
			return err
		}
		return s.record(ctx, "entity.invited", by, "", id, map[string]string{"invitation": i.ID, "role": string(i.Role)})
	})
	if err != nil {
		return none(err)
	}
	return i, secret, nil
}

func cmpErr(err, other error) error {
	if err != nil {
		return err
	}
	return other
}

// checkTerm refuses a term that can't be, or that names what is not in the register.
func (s *Service) checkTerm(ctx context.Context, op string, t Term, now time.Time) error {
	if fault := t.fault(now); fault != "" {
		return hub.Errorf(op, hub.Invalid, fault)
	}
	if !s.o.Department(ctx, t.Department) {
		return hub.Errorf(op, hub.Invalid, "no such department")
	}
	for _, id := range t.Systems {
		if of, ok := s.o.System(ctx, id); !ok || of != t.Department {
			return hub.Errorf(op, hub.Invalid, "not a system of the department")
		}
	}
	return nil
}

// TakeBack closes an open invitation. NotFound, Denied.
func (s *Service) TakeBack(ctx context.Context, by hub.AccountID, id hub.EntityID, invitation string) error {
	const op = "entity.TakeBack"
	return s.o.Tx.InTx(ctx, func(ctx context.Context) error {
		if _, err := s.seatOf(ctx, op, by, Invite, id, nil); err != nil {
			return err
		}
		if err := s.o.Store.TakeBack(ctx, id, invitation, s.now()); err != nil {
			return err
		}
		return s.record(ctx, "entity.invitation_taken_back", by, "", id, map[string]string{"invitation": invitation})
	})
}

// Offer shows what an invitation offers, before it is accepted, and by whom. NotFound, Consumed, Expired, Suspended.
func (s *Service) Offer(ctx context.Context, secret hub.Secret) (Invitation, Entity, error) {
	i, err := s.o.Store.Invitation(ctx, secret.Hash(), s.now())
	if err != nil {
		return Invitation{}, Entity{}, err
	}
	e, err := s.open(ctx, "entity.Offer", i.Entity)
	return i, e, err
}

// Join takes an invitation for somebody who has just proven who they are, at the level. LevelUnmet below [Least]: the invitation stays open.
// Denied for who has invited, for another person than the one that it is for, and where who invited could not do so any more; Conflict where
// they have a seat there already (an operator's makes place for the master's); NotFound, Consumed, Expired; Suspended where the entity is.
func (s *Service) Join(ctx context.Context, secret hub.Secret, account hub.AccountID, level hub.Level) (Seat, error) {
	const op = "entity.Join"
	if account == Nobody {
		return Seat{}, hub.Errorf(op, hub.Invalid, "nobody")
	}
	if !level.Satisfies(least) {
		return Seat{}, hub.Errorf(op, hub.LevelUnmet, "who acts for an entity must have proven more")
	}
	var seat Seat
	err := s.o.Tx.InTx(ctx, func(ctx context.Context) error {
		now := s.now()
		i, err := s.o.Store.UseInvitation(ctx, secret.Hash(), now)
		if err != nil {
			return err
		}
		if i.InvitedBy == account {
			return hub.Errorf(op, hub.Denied, "nobody invites themselves")
		}
		if i.Person.Kind != "" {
			who, err := s.o.Person(ctx, i.Person)
			switch {
			case hub.KindOf(err) == hub.NotFound, err == nil && who != account:
				return hub.Errorf(op, hub.Denied, "it is for another person")
			case err != nil:
				return err
			}
		}
		if _, err := s.open(ctx, op, i.Entity); err != nil {
			return err
		}
		act := Invite
		if i.Role == Master {
			act = HandOver
		}
		inviter, err := s.seatOf(ctx, op, i.InvitedBy, act, i.Entity, nil)
		switch kind := hub.KindOf(err); {
		case kind == hub.NotFound:
			return hub.Errorf(op, hub.Denied, "who invited is not there any more")
		case err != nil:
			return err
		}
		seat = Seat{ID: s.id(), Entity: i.Entity, Account: account, Role: i.Role, Label: i.Label, InvitedBy: i.InvitedBy, At: now}
		if i.Role == Master {
			s.settles(ctx)
			return s.handOver(ctx, inviter, seat)
		}
		if err := s.o.Store.AddSeat(ctx, seat); err != nil {
			return err
		}
		if err := s.record(ctx, "entity.joined", account, account, i.Entity, map[string]string{
			"invitation": i.ID, "seat": seat.ID, "role": string(seat.Role), "invited_by": string(i.InvitedBy),
		}); err != nil {
			return err
		}
		for _, t := range i.Terms {
			if !t.Until.After(now) { // it was over before it was taken
				continue
			}
			if err := s.give(ctx, i.InvitedBy, seat, t, now); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return Seat{}, err
	}
	return seat, nil
}

// handOver puts a successor in the place of the master administrator, who keeps nothing: whoever shall go on as an operator is invited so.
func (s *Service) handOver(ctx context.Context, from, to Seat) error {
	if err := s.endSeat(ctx, from, from.Account, HandedOver); err != nil {
		return err
	}
	if err := s.vacate(ctx, to.Entity, to.Account); err != nil {
		return err
	}
	return s.crown(ctx, to, "entity.handed_over", to.Account)
}

// crown gives the master's seat with its mandate for everywhere.
func (s *Service) crown(ctx context.Context, seat Seat, kind string, by hub.AccountID) error {
	if err := s.o.Store.AddSeat(ctx, seat); err != nil {
		return err
	}
	m := Mandate{ID: s.id(), Seat: seat.ID, Entity: seat.Entity, Account: seat.Account, Term: Term{From: seat.At}, GivenBy: by, At: seat.At}
	if err := s.o.Store.Give(ctx, m); err != nil {
		return err
	}
	return s.record(ctx, kind, by, seat.Account, seat.Entity, map[string]string{"seat": seat.ID, "mandate": m.ID, "role": string(seat.Role)})
}

// Give gives a mandate to an operator. NotFound, Denied, Invalid, Suspended; Conflict where they have one for the department.
func (s *Service) Give(ctx context.Context, by hub.AccountID, seat string, t Term) error {
	const op = "entity.Give"
	return s.o.Tx.InTx(ctx, func(ctx context.Context) error {
		now := s.now()
		target, err := s.target(ctx, op, seat)
		if err != nil {
			return err
		}
		if _, err := s.seatOf(ctx, op, by, Give, target.Entity, &target); err != nil {
			return err
		}
		if _, err := s.open(ctx, op, target.Entity); err != nil {
			return err
		}
		if err := s.checkTerm(ctx, op, t, now); err != nil {
			return err
		}
		return s.give(ctx, by, target, t, now)
	})
}

// target finds a seat that somebody wants to do something about.
func (s *Service) target(ctx context.Context, op, seat string) (Seat, error) {
	if !hub.ValidID(seat) {
		return Seat{}, missing(op)
	}
	return s.o.Store.Seat(ctx, seat)
}

func (s *Service) give(ctx context.Context, by hub.AccountID, seat Seat, t Term, now time.Time) error {
	m := Mandate{ID: s.id(), Seat: seat.ID, Entity: seat.Entity, Account: seat.Account, Term: t, GivenBy: by, At: now}
	if err := s.o.Store.Give(ctx, m); err != nil {
		return err
	}
	return s.record(ctx, "mandate.given", by, seat.Account, seat.Entity, map[string]string{
		"mandate": m.ID, "seat": seat.ID, "department": string(t.Department),
	})
}
