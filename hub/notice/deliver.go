package notice

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"

	"onedoor/hub"
	"onedoor/hub/audit"
)

const (
	claimBatch = 20
	atOnce     = 4               // notices under way at the same time, on one node
	claimLease = 5 * time.Minute // longer than a batch takes: a node that dies leaves its notices to others after that
	firstPause = 30 * time.Second
	mostPause  = 6 * time.Hour
	keepTrying = 5 * 24 * time.Hour // from the first try, as RFC 5321 section 4.5.4.1 has it for mail
	// enough failures of a channel in a row end a round for it: what is behind it does not answer, and a round must not wait for each.
	enough = 3
)

// pause gives how long after a try that somebody could not be told the next one comes.
func pause(tries int) time.Duration {
	p := firstPause
	for range tries - 1 {
		if p *= 2; p >= mostPause {
			return mostPause
		}
	}
	return p
}

// round is one call of Deliver.
type round struct {
	*Service
	claimed time.Time // what Claim put everything off to
	mu      sync.Mutex
	count   int
	failed  map[string]int // channel -> failures in a row
	cause   error
}

// Deliver brings what is due to its people and tells how many notices found theirs. Every contact of the person is told, never through
// the channel in which the thing happened (AUD-09): whoever has got hold of one must not be able to silence the others. A contact is told
// once; who could not be told is tried again, ever more slowly, for five days. A notice without a contact waits for one (Reachable).
// Without notifiers Deliver does nothing: everything stays due. The error is the last one of a channel that did not answer, after all
// that was due was tried.
func (s *Service) Deliver(ctx context.Context) (int, error) {
	if len(s.o.Notifiers) == 0 {
		return 0, nil
	}
	now := s.now()
	due, err := s.o.Store.Claim(ctx, now, now.Add(claimLease), claimBatch)
	if err != nil {
		return 0, err
	}
	r := &round{Service: s, claimed: now.Add(claimLease), failed: map[string]int{}}
	next := make(chan Notice)
	var all sync.WaitGroup
	for range min(atOnce, len(due)) {
		all.Go(func() {
			for n := range next {
				r.finish(r.deliver(hub.WithInteraction(ctx, n.Interaction), n))
			}
		})
	}
	for _, n := range due {
		next <- n
	}
	close(next)
	all.Wait()
	return r.count, r.cause
}

func (r *round) finish(told bool, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if told {
		r.count++
	}
	if err != nil {
		r.cause = err
	}
}

// answers notes how a channel did, and reports whether to go on using it in this round.
func (r *round) answers(channel string, failed bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if failed {
		r.failed[channel]++
	} else {
		r.failed[channel] = 0
	}
}

func (r *round) given(channel string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.failed[channel] >= enough
}

// deliver tells everybody who was not told yet. True where the notice is delivered by now.
func (r *round) deliver(ctx context.Context, n Notice) (bool, error) {
	contacts, err := r.o.Contacts.Whom(ctx, n.Account, n.At)
	if err != nil {
		return false, err
	}
	tellings, err := r.o.Store.Tellings(ctx, n.ID)
	if err != nil {
		return false, err
	}
	before := len(tellings)
	var again bool
	var cause error
	for _, c := range contacts {
		i := slices.IndexFunc(r.o.Notifiers, func(by Notifier) bool { return by.Channel() == c.Channel })
		if i < 0 || c.Channel == n.Channel || slices.ContainsFunc(tellings, func(t Telling) bool { return t.Contact.ID == c.ID }) {
			continue
		}
		if r.given(c.Channel) {
			again = true
			continue
		}
		outcome, err := r.tell(ctx, n, c, r.o.Notifiers[i])
		if err != nil {
			again, cause = true, err
			continue
		}
		tellings = append(tellings, Telling{Notice: n.ID, Contact: c, Outcome: outcome})
	}
	now := r.now()
	switch over := !n.GiveUpAt.IsZero() && !now.Before(n.GiveUpAt); {
	case again && !over:
		return false, errors.Join(cause, r.o.Store.Later(ctx, n.ID, now.Add(pause(n.Tries)), now.Add(keepTrying)))
	case len(tellings) == 0 && !again && before == 0:
		return false, r.o.Store.Park(ctx, n.ID, r.claimed) // nobody to tell: until there is
	default:
		told, err := r.end(ctx, n, tellings, now)
		return told, errors.Join(cause, err)
	}
}

// tell tells one contact and notes it. An error where it must be tried again.
func (r *round) tell(ctx context.Context, n Notice, c Contact, by Notifier) (Outcome, error) {
	outcome, e := Told, audit.Event{Kind: "notice.delivered", Outcome: audit.Success}
	err := by.Notify(ctx, n, c.ID)
	switch {
	case errors.Is(err, hub.NotFound), errors.Is(err, hub.Refused):
		outcome, e = Refused, audit.Event{Kind: "notice.refused", Outcome: audit.Refusal}
	case err != nil:
		r.answers(c.Channel, true)
		return "", err
	}
	r.answers(c.Channel, false)
	at := r.now()
	e.At, e.Reason, e.Account, e.Level, e.Provider, e.Channel = at, string(n.Kind), n.Account, n.Level, n.Provider, c.Channel
	e.Detail = map[string]string{"contact": c.ID}
	return outcome, r.o.Tx.InTx(ctx, func(ctx context.Context) error {
		if err := r.o.Store.Tell(ctx, Telling{Notice: n.ID, Contact: c, Outcome: outcome, At: at}); err != nil {
			return err
		}
		return r.o.Audit.Record(ctx, e)
	})
}

// end closes a notice: delivered where anybody was told, else failed.
func (r *round) end(ctx context.Context, n Notice, tellings []Telling, at time.Time) (bool, error) {
	var channels []string
	for _, t := range tellings {
		if t.Outcome == Told && !slices.Contains(channels, t.Contact.Channel) {
			channels = append(channels, t.Contact.Channel)
		}
	}
	if len(channels) > 0 {
		err := r.o.Store.Delivered(ctx, n.ID, strings.Join(channels, ","), at)
		return err == nil, err
	}
	why := "unreachable"
	if len(tellings) > 0 {
		why = "refused"
	}
	return false, r.o.Tx.InTx(ctx, func(ctx context.Context) error {
		if err := r.o.Store.Failed(ctx, n.ID, why, at); err != nil {
			return err
		}
		return r.o.Audit.Record(ctx, audit.Event{
			At: at, Kind: "notice.failed", Outcome: audit.Failure, Reason: string(n.Kind), Account: n.Account, Level: n.Level, Provider: n.Provider,
			Channel: n.Channel, Detail: map[string]string{"why": why},
		})
	})
}
