package logout

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"sync"
	"time"

	"onedoor/hub"
	"onedoor/hub/audit"
	"onedoor/hub/jobs"
	"onedoor/hub/session"
)

// work is a notice as the runner sees it: its key is whom telling it calls.
type work struct {
	Notice
	host string
}

// Key implements jobs.Work.
func (w work) Key() string { return w.Protocol + " " + w.host }

// Tries implements jobs.Work.
func (w work) Tries() int { return w.Notice.Tries }

// tell does one try. A visiting notice comes here when nobody has set out, or come back, in time.
func (s *Service) tell(ctx context.Context, w work) error {
	const op = "logout.tell"
	if w.State == Visiting {
		return hub.Errorf(op, hub.NotFound, "the person's browser did not come")
	}
	way := s.ways[w.Protocol]
	if way == nil || way.Means(w.participant()) != Direct { // written where nobody could judge, or the register has changed since
		return errNoWay
	}
	return way.Tell(hub.WithInteraction(ctx, w.Interaction), w.Notice)
}

// errNoWay tells that a participant can't be told from server to server.
var errNoWay = hub.Errorf("logout.tell", hub.NotFound, "no way to tell it")

// participant is whom the notice is for.
func (n Notice) participant() session.Participant {
	return session.Participant{Session: n.Session, System: n.System, Provider: n.Provider, Protocol: n.Protocol, Ref: n.Ref, FirstAt: n.At, LastAt: n.At}
}

// source is the Store as the runner sees it.
type source struct{ s *Service }

// Claim implements jobs.Source.
func (f source) Claim(ctx context.Context, now, until time.Time, limit int) ([]work, error) {
	due, err := f.s.o.Store.Claim(ctx, now, until, limit)
	if err != nil {
		return nil, err
	}
	works := make([]work, len(due))
	for i, n := range due {
		works[i] = work{Notice: n}
		if way := f.s.ways[n.Protocol]; way != nil && n.State != Visiting {
			works[i].host = way.Host(n)
		}
	}
	return works, nil
}

// Settle implements jobs.Source.
func (f source) Settle(ctx context.Context, outcomes []jobs.Outcome[work]) error {
	changes := make([]Change, len(outcomes))
	for i, out := range outcomes {
		changes[i] = judge(out)
	}
	return f.s.settle(ctx, changes)
}

// judge tells what an outcome means for its notice.
func judge(out jobs.Outcome[work]) Change {
	n := out.Work.Notice
	c := Change{ID: n.ID, State: Retrying, Tried: true, NextAt: out.NextAt, Reason: reason(out.Err)}
	final := func(state State) Change {
		c.State, c.DoneAt, c.NextAt = state, out.At, out.At
		return c
	}
	switch {
	case out.Untried && out.At.Before(n.Until):
		c.State, c.Tried, c.Reason = n.State, false, n.Reason
		return c
	case out.Untried:
		c.Tried = false
		return final(Failed)
	case n.State == Visiting && n.Tries > 0: // it set out and did not come back: what it did there nobody knows
		c.Tried, c.Reason = false, ""
		return final(Visited)
	case n.State == Visiting:
		c.Tried, c.Reason = false, "nobody_came"
		return final(Unreachable)
	case errors.Is(out.Err, errNoWay):
		c.Tried, c.Reason = false, noWay
		return final(Unreachable)
	case out.Err == nil:
		return final(Confirmed)
	case errors.Is(out.Err, hub.Refused), errors.Is(out.Err, hub.NotFound), errors.Is(out.Err, hub.Invalid):
		return final(Failed)
	case !out.At.Before(n.Until):
		return final(Failed)
	}
	if c.NextAt.After(n.Until) { // one last try just before the end
		c.NextAt = n.Until
	}
	return c
}

// reason gives the word for an error.
func reason(err error) string {
	switch {
	case err == nil:
		return ""
	case errors.Is(err, context.DeadlineExceeded):
		return "timeout"
	default:
		return string(hub.KindOf(err))
	}
}

// settle writes changes, the events of those that are final and of the campaigns that they close, in one transaction, and tells whoever
// waits.
func (s *Service) settle(ctx context.Context, changes []Change) error {
	var changed []Notice
	err := s.o.Tx.InTx(ctx, func(ctx context.Context) error {
		all, closed, err := s.o.Store.Settle(ctx, changes, s.now())
		if err != nil {
			return err
		}
		changed = all
		var events []audit.Event
		for _, n := range changed {
			if n.State.Final() {
				events = append(events, told(n))
			}
		}
		for _, c := range closed {
			events = append(events, s.event(c, "logout.closed", audit.Success, nil))
		}
		if len(events) == 0 {
			return nil
		}
		return s.o.Audit.Record(ctx, events...)
	})
	if err == nil {
		s.news.tell(changed)
	}
	return err
}

// news tells those who wait for a campaign that something of it has changed on this node.
type news struct {
	mu      sync.Mutex
	waiting map[string][]chan<- struct{} // by campaign; each channel has room for one
}

// of gives what tells of the campaigns from now on, until stop.
func (n *news) of(campaigns []string) (changed <-chan struct{}, stop func()) {
	own := make(chan struct{}, 1)
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, id := range campaigns {
		n.waiting[id] = append(n.waiting[id], own)
	}
	return own, func() {
		n.mu.Lock()
		defer n.mu.Unlock()
		for _, id := range campaigns {
			if n.waiting[id] = slices.DeleteFunc(n.waiting[id], func(c chan<- struct{}) bool { return c == own }); len(n.waiting[id]) == 0 {
				delete(n.waiting, id)
			}
		}
	}
}

func (n *news) tell(changed []Notice) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, c := range changed {
		for _, to := range n.waiting[c.Campaign] {
			select {
			case to <- struct{}{}:
			default: // it will look already
			}
		}
	}
}

// lookEvery is how often Wait asks for what another node may have settled, and lookAlone how often where there is none.
const (
	lookEvery = 250 * time.Millisecond
	lookAlone = 2 * time.Second
)

// Wait answers when every participant of the campaigns that can be told from server to server is told or won't be, or after most, whichever
// is first: those that only the person's browser can tell wait for the page, which waits for us. It never answers before no node can
// take the sessions for active that ended (architecture D2), for a campaign and for no campaign alike: then somebody else has ended the
// session a moment ago. True where nobody is left. Unavailable where ctx ends before: then nothing is promised.
func (s *Service) Wait(ctx context.Context, most time.Duration, campaigns ...string) (bool, error) {
	const op = "logout.Wait"
	changed, stop := s.news.of(campaigns) // before the first look, so that nothing is missed
	defer stop()
	settled, enough := time.NewTimer(s.o.Delay()), time.NewTimer(most)
	defer settled.Stop()
	defer enough.Stop()
	every := lookEvery
	if s.o.Alone {
		every = lookAlone
	}
	select {
	case <-settled.C:
	case <-ctx.Done():
		return false, hub.E(op, hub.Unavailable, ctx.Err())
	}
	for {
		open, err := s.o.Store.Outstanding(ctx, campaigns)
		if err != nil || open == 0 {
			return err == nil, nil //nolint:nilerr // the session has ended: what can't be read is shown later
		}
		look := time.NewTimer(every)
		select {
		case <-changed:
		case <-look.C:
		case <-enough.C:
			look.Stop()
			return false, nil
		case <-ctx.Done():
			look.Stop()
			return false, hub.E(op, hub.Unavailable, ctx.Err())
		}
		look.Stop()
	}
}

// Retry makes failed or unreachable notices open again and has them told: all of a campaign, or the one whose id it is. It tells how many.
// NotFound where there is none. by is who decided it, for the record: an id, never a name.
func (s *Service) Retry(ctx context.Context, id, by string) (int, error) {
	if !hub.ValidName(by) && !hub.ValidID(by) {
		return 0, hub.Errorf("logout.Retry", hub.Invalid, "who decides is named by an id")
	}
	var again []Notice
	err := s.o.Tx.InTx(ctx, func(ctx context.Context) error {
		now := s.now()
		var err error
		if again, err = s.o.Store.Reopen(ctx, id, now, now.Add(shortest)); err != nil {
			return err
		}
		for _, n := range again {
			err := s.o.Audit.Record(ctx, audit.Event{
				Interaction: n.Interaction, Kind: "logout.retried", Outcome: audit.Success, Account: n.Account, Session: n.Session, System: n.System,
				Provider: n.Provider, Detail: map[string]string{"campaign": n.Campaign, "tries": strconv.Itoa(n.Tries), "actor": by},
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil {
		s.runner.Wake()
	}
	return len(again), err
}
