package logout

import (
	"context"
	"errors"
	"time"

	"onedoor/hub"
)

// Ledger gives campaigns with their notices. Unknown ids are left out.
func (s *Service) Ledger(ctx context.Context, campaigns ...string) ([]Entry, error) {
	return s.o.Store.Entries(ctx, campaigns)
}

// OfAccount lists an account's campaigns, latest first, at most limit: for the person's own page.
func (s *Service) OfAccount(ctx context.Context, account hub.AccountID, limit int) ([]Entry, error) {
	return s.o.Store.OfAccount(ctx, account, limit)
}

// OfSystem lists the notices to one system and to no other (invariant 10), latest first, at most limit, of ends before the time.
func (s *Service) OfSystem(ctx context.Context, system hub.SystemID, before time.Time, limit int) ([]Notice, error) {
	if system == "" {
		return nil, hub.Errorf("logout.OfSystem", hub.Invalid, "no system")
	}
	return s.o.Store.OfSystem(ctx, system, before, limit)
}

// Failed lists notices that failed or could not be told, latest first, at most limit, of those behind the cursor: for the administrator.
func (s *Service) Failed(ctx context.Context, behind Cursor, limit int) ([]Notice, error) {
	return s.o.Store.Failed(ctx, behind, limit)
}

// FailedAt is Failed of the notices to these systems, and to no other (invariant 10): for the department whose systems they are.
func (s *Service) FailedAt(ctx context.Context, systems []hub.SystemID, behind Cursor, limit int) ([]Notice, error) {
	return s.o.Store.FailedAt(ctx, systems, behind, limit)
}

// Underway gives campaigns whose participants are still being told, latest first, at most limit: for the administrator.
func (s *Service) Underway(ctx context.Context, limit int) ([]Entry, error) {
	return s.o.Store.Underway(ctx, limit)
}

// Backlog counts the notices that are not final, and gives the time of the oldest end among them, zero for none: for the metrics.
func (s *Service) Backlog(ctx context.Context) (int, time.Time, error) { return s.o.Store.Backlog(ctx) }

// Notice finds one: for a protocol that gets the answer to a visit. NotFound.
func (s *Service) Notice(ctx context.Context, id string) (Notice, error) {
	return s.o.Store.Notice(ctx, id)
}

// viewFor is how long a view can be looked at.
const viewFor = 30 * time.Minute

// View lets whoever carries the secret look at the campaigns for half an hour, and at nothing else. onward is where the person goes on to
// when done, an exact address of the system that whoever calls has checked; both may be empty.
func (s *Service) View(ctx context.Context, campaigns []string, onward string, system hub.SystemID) (hub.Secret, error) {
	secret := hub.NewSecret(s.o.Random)
	v := View{Campaigns: campaigns, Onward: onward, System: system, ExpiresAt: s.now().Add(viewFor)}
	if err := s.o.Store.Show(ctx, secret.Hash(), v); err != nil {
		return hub.Secret{}, err
	}
	return secret, nil
}

// Viewed gives a view with its campaigns. NotFound, also for one that has expired.
func (s *Service) Viewed(ctx context.Context, secret hub.Secret) (View, []Entry, error) {
	if secret.IsZero() {
		return View{}, nil, hub.Errorf("logout.Viewed", hub.NotFound, "no secret")
	}
	v, err := s.o.Store.Shown(ctx, secret.Hash(), s.now())
	if err != nil {
		return View{}, nil, err
	}
	all, err := s.o.Store.Entries(ctx, v.Campaigns)
	return v, all, err
}

// Visit gives what the person's browser must do to tell a visiting notice, back being where it comes back to. It sets out with Depart.
// NotFound for a notice that is no visiting one. Where the protocol can't say how to visit, the notice fails, and the error is NotFound too.
func (s *Service) Visit(ctx context.Context, n Notice, back string) (Visit, error) {
	const op = "logout.Visit"
	way := s.ways[n.Protocol]
	if n.State != Visiting || way == nil {
		return Visit{}, hub.Errorf(op, hub.NotFound, "nothing to visit")
	}
	v, err := way.Visit(hub.WithInteraction(ctx, n.Interaction), n, back)
	if err == nil {
		return v, nil
	}
	now := s.now()
	failed := s.settle(ctx, []Change{{ID: n.ID, State: Failed, NextAt: now, DoneAt: now, Reason: reason(err)}})
	return Visit{}, errors.Join(hub.E(op, hub.NotFound, err), failed)
}

// Depart notes that the browser sets out, to be back within so long: what it has not told by then nobody knows. False where it has set out
// before: it is not sent twice.
func (s *Service) Depart(ctx context.Context, n Notice, within time.Duration) (bool, error) {
	return s.o.Store.Depart(ctx, n.ID, s.now().Add(within))
}

// Visited notes what a participant said through the person's browser: nil, it has confirmed; an error, it has refused. The protocol has
// checked that the answer is the participant's, and belongs to this notice. A notice that is final already stays as it is.
func (s *Service) Visited(ctx context.Context, id string, answer error) error {
	now := s.now()
	c := Change{ID: id, State: Confirmed, NextAt: now, DoneAt: now}
	if answer != nil {
		c.State, c.Reason = Failed, reason(answer)
	}
	return s.settle(ctx, []Change{c})
}

// Passed notes that the browser set out for these and had its time: nobody has confirmed.
func (s *Service) Passed(ctx context.Context, ids ...string) error {
	now := s.now()
	changes := make([]Change, len(ids))
	for i, id := range ids {
		changes[i] = Change{ID: id, State: Visited, NextAt: now, DoneAt: now}
	}
	return s.settle(ctx, changes)
}
