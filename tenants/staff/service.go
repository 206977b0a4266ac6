package staff

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
}

// Rights decides who may appoint: authz/permit, the one place of all permissions.
type Rights interface {
	// MayAppoint reports whether somebody with these posts may invite to the role at the place, confirm or end a post of it.
	MayAppoint(ctx context.Context, by hub.AccountID, posts []Post, role Role, place Place) bool
}

// Options are what a Service is made of. All are required but FourEyes.
type Options struct {
	Store    Store
	Areas    Areas
	Rights   Rights
	Audit    audit.Recorder
	Tx       Transactor
	Clock    hub.Clock
	Random   io.Reader
	FourEyes bool // a post counts only when a second person has confirmed it
}

// Service invites, appoints and removes.
type Service struct{ o Options }

// New checks the options. Invalid where one is missing.
func New(o Options) (*Service, error) {
	if o.Store == nil || o.Areas == nil || o.Rights == nil || o.Audit == nil || o.Tx == nil || o.Clock == nil || o.Random == nil {
		return nil, hub.Errorf("staff.New", hub.Invalid, "an option is missing")
	}
	return &Service{o}, nil
}

// now is the time as the database keeps it: whole microseconds.
func (s *Service) now() time.Time { return s.o.Clock().UTC().Truncate(time.Microsecond) }

// Operator is whoever works at the machine itself, by the command line: the one who gives the first post.
const Operator hub.AccountID = ""

// Invite offers a post and gives the secret of the invitation, which nobody else ever sees. Denied where it is not theirs to give; Invalid for
// a role and a place that don't go together, or a place that is not there.
func (s *Service) Invite(ctx context.Context, by hub.AccountID, role Role, place Place) (Invitation, hub.Secret, error) {
	const op = "staff.Invite"
	none := func(err error) (Invitation, hub.Secret, error) { return Invitation{}, hub.Secret{}, err }
	if !role.Known() || role.Platform() != (place == Place{}) {
		return none(hub.Errorf(op, hub.Invalid, "the role is not one of that place"))
	}
	if place.Area != "" && !s.o.Areas.Within(place.Department, place.Area, place.Area) {
		return none(hub.Errorf(op, hub.Invalid, "no such area"))
	}
	now := s.now()
	i := Invitation{ID: hub.NewID(s.o.Random), Role: role, Place: place, InvitedBy: by, At: now, ExpiresAt: now.Add(InvitationLife)}
	secret := hub.NewSecret(s.o.Random)
	err := s.o.Tx.InTx(ctx, func(ctx context.Context) error {
		if err := s.entitled(ctx, op, by, role, place); err != nil {
			return err
		}
		if err := s.o.Store.Invite(ctx, i, secret.Hash()); err != nil {
			return err
		}
		return s.record(ctx, "staff.invited", by, "", map[string]string{"invitation": i.ID}, role, place)
	})
	if err != nil {
		return none(err)
	}
	return i, secret, nil
}

// entitled refuses whoever may not appoint. The command line may: who holds the machine holds the database.
func (s *Service) entitled(ctx context.Context, op string, by hub.AccountID, role Role, place Place) error {
	if by == Operator {
		return nil
	}
	posts, err := s.o.Store.Of(ctx, by)
	if err != nil {
		return err
	}
	if !s.o.Rights.MayAppoint(ctx, by, posts, role, place) {
		return hub.Errorf(op, hub.Denied, "not theirs to give")
	}
	return nil
}

// Offer shows what an invitation offers, before it is accepted. NotFound, Consumed, Expired.
func (s *Service) Offer(ctx context.Context, secret hub.Secret) (Invitation, error) {
	return s.o.Store.Invitation(ctx, secret.Hash(), s.now())
}

// Join takes an invitation for somebody who has just proven who they are, at the level. LevelUnmet below [Least]: the invitation stays open.
// Denied for who has invited, and for a role that does not go with one that they hold. NotFound, Consumed, Expired; Conflict where they hold
// the post already.
func (s *Service) Join(ctx context.Context, secret hub.Secret, account hub.AccountID, level hub.Level) (Post, error) {
	const op = "staff.Join"
	if account == "" {
		return Post{}, hub.Errorf(op, hub.Invalid, "nobody")
	}
	if !level.Satisfies(Least()) {
		return Post{}, hub.Errorf(op, hub.LevelUnmet, "staff must have proven more")
	}
	var p Post
	err := s.o.Tx.InTx(ctx, func(ctx context.Context) error {
		now := s.now()
		i, err := s.o.Store.Use(ctx, secret.Hash(), now)
		if err != nil {
			return err
		}
		held, err := s.o.Store.Of(ctx, account)
		if err != nil {
			return err
		}
		if i.InvitedBy == account {
			return hub.Errorf(op, hub.Denied, "nobody appoints themselves")
		}
		for _, h := range held {
			if h.State != Ended && (h.Place.Department == i.Place.Department || h.Role.Platform() || i.Role.Platform()) && !compatible(h.Role, i.Role) {
				return hub.Errorf(op, hub.Denied, "who audits holds no other role there")
			}
		}
		// Who invited may have lost the right to since.
		if err := s.entitled(ctx, op, i.InvitedBy, i.Role, i.Place); err != nil {
			return err
		}
		p = Post{ID: hub.NewID(s.o.Random), Account: account, Role: i.Role, Place: i.Place, State: Active, InvitedBy: i.InvitedBy, At: now, ConfirmedAt: now}
		if s.o.FourEyes && i.InvitedBy != Operator {
			p.State, p.ConfirmedAt = Proposed, time.Time{}
		}
		if err := s.o.Store.Add(ctx, p); err != nil {
			return err
		}
		return s.record(ctx, "staff.joined", account, account, map[string]string{"invitation": i.ID, "post": p.ID, "state": string(p.State)}, p.Role, p.Place)
	})
	return p, err
}

// TakeBack closes an open invitation. Denied for who could not have given it.
func (s *Service) TakeBack(ctx context.Context, by hub.AccountID, id string) error {
	const op = "staff.TakeBack"
	return s.o.Tx.InTx(ctx, func(ctx context.Context) error {
		now := s.now()
		open, err := s.o.Store.Invitations(ctx, now)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(open, func(i Invitation) bool { return i.ID == id })
		if i < 0 {
			return hub.Errorf(op, hub.NotFound, "no such invitation")
		}
		if err := s.entitled(ctx, op, by, open[i].Role, open[i].Place); err != nil {
			return err
		}
		if err := s.o.Store.TakeBack(ctx, id, now); err != nil {
			return err
		}
		return s.record(ctx, "staff.invitation_taken_back", by, "", map[string]string{"invitation": id}, open[i].Role, open[i].Place)
	})
}

// Confirm is the second pair of eyes on a proposed post. Denied for who invited, for who holds it, and for who could not have given it;
// Consumed where it is not proposed any more.
func (s *Service) Confirm(ctx context.Context, by hub.AccountID, id string) error {
	const op = "staff.Confirm"
	return s.o.Tx.InTx(ctx, func(ctx context.Context) error {
		p, err := s.o.Store.Post(ctx, id)
		if err != nil {
			return err
		}
		if by != Operator && (by == p.InvitedBy || by == p.Account) {
			return hub.Errorf(op, hub.Denied, "a second person must confirm it")
		}
		if err := s.entitled(ctx, op, by, p.Role, p.Place); err != nil {
			return err
		}
		if err := s.o.Store.Confirm(ctx, id, by, s.now()); err != nil {
			return err
		}
		return s.record(ctx, "staff.confirmed", by, p.Account, map[string]string{"post": id}, p.Role, p.Place)
	})
}

// Remove ends a post, at once. Everybody may lay down their own. Denied for who could not have given it; Refused for the last administrator of
// the platform; Consumed where it has ended; Invalid for a reason that is none.
func (s *Service) Remove(ctx context.Context, by hub.AccountID, id, reason string) error {
	const op = "staff.Remove"
	if !slices.Contains(Reasons(), reason) {
		return hub.Errorf(op, hub.Invalid, "not a reason")
	}
	return s.o.Tx.InTx(ctx, func(ctx context.Context) error {
		p, err := s.o.Store.Post(ctx, id)
		if err != nil {
			return err
		}
		if by != p.Account || by == Operator {
			if err := s.entitled(ctx, op, by, p.Role, p.Place); err != nil {
				return err
			}
		}
		if err := s.o.Store.End(ctx, id, by, reason, s.now()); err != nil {
			return err
		}
		return s.record(ctx, "staff.removed", by, p.Account, map[string]string{"post": id, "why": reason}, p.Role, p.Place)
	})
}

// Of lists the posts of somebody that count now.
func (s *Service) Of(ctx context.Context, account hub.AccountID) ([]Post, error) {
	all, err := s.o.Store.Of(ctx, account)
	return slices.DeleteFunc(all, func(p Post) bool { return p.State != Active }), err
}

// Held lists the posts of somebody that have not ended, those too that wait for a second pair of eyes.
func (s *Service) Held(ctx context.Context, account hub.AccountID) ([]Post, error) {
	all, err := s.o.Store.Of(ctx, account)
	return slices.DeleteFunc(all, func(p Post) bool { return p.State == Ended }), err
}

// Post finds one. NotFound.
func (s *Service) Post(ctx context.Context, id string) (Post, error) { return s.o.Store.Post(ctx, id) }

// Open lists the invitations that can be taken now, the newest first.
func (s *Service) Open(ctx context.Context) ([]Invitation, error) {
	return s.o.Store.Invitations(ctx, s.now())
}

// At lists the posts of a department that have not ended, or of the platform where it is "".
func (s *Service) At(ctx context.Context, department hub.DepartmentID) ([]Post, error) {
	return s.o.Store.At(ctx, department)
}

// record writes an event: about whom, by whom, for which role and where.
func (s *Service) record(ctx context.Context, kind string, by, about hub.AccountID, detail map[string]string, role Role, place Place) error {
	detail["role"] = string(role)
	if place.Department != "" {
		detail["department"] = string(place.Department)
	}
	if place.Area != "" {
		detail["area"] = string(place.Area)
	}
	switch {
	case by == Operator:
		detail["by"] = "operator"
	case by != about:
		detail["by"] = string(by)
	}
	return s.o.Audit.Record(ctx, audit.Event{At: s.now(), Kind: kind, Outcome: audit.Success, Account: about, Detail: detail})
}
