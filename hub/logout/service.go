package logout

import (
	"context"
	"encoding/binary"
	"io"
	"log/slog"
	"strconv"
	"sync"
	"time"

	"onedoor/hub"
	"onedoor/hub/audit"
	"onedoor/hub/jobs"
	"onedoor/hub/session"
)

// Transactor runs fn in one database transaction, which the stores find in its context. A call inside another joins it. AfterCommit keeps
// fn for when the transaction in ctx has committed, and runs it at once where there is none; what is rolled back is forgotten.
type Transactor interface {
	InTx(ctx context.Context, fn func(context.Context) error) error
	AfterCommit(ctx context.Context, fn func())
}

// Options are what a Service is made of. All are required but those of the last group.
type Options struct {
	Store        Store
	Participants Participants
	Grants       Grants
	Sessions     Sessions // asked only after everything is laid: it needs this Service itself
	Ways         []Way    // those that need nothing of what needs sessions; see Bind
	Audit        audit.Recorder
	Tx           Transactor
	Clock        hub.Clock
	Random       io.Reader
	Log          *slog.Logger
	// Delay is how long after a commit no node can take for active what it ended (architecture D2: the lease's answer delay).
	Delay func() time.Duration
	// Keeps tells how long after its last use a participant may hold a session of its own: so long it is told again and again.
	Keeps func(p session.Participant) time.Duration

	// Over, where set, is told of every campaign and its participants, in the transaction that opens it.
	Over func(ctx context.Context, c Campaign, all []session.Participant) error

	Alone   bool          // no other node shares the database
	Quiet   bool          // this process tells nobody: the nodes that serve judge how each participant can be told, and tell them
	Timeout time.Duration // of one try; 5 s where zero
	Lease   time.Duration // how long a node holds what it has begun; three times Timeout where zero
	Longest time.Duration // between two tries; 10 minutes where zero
}

// Service opens campaigns, tells participants and keeps the ledger.
type Service struct {
	o      Options
	ways   map[string]Way
	runner *jobs.Runner[work]
	news   news

	mu    sync.Mutex
	waits map[hub.SessionID]*waited // sessions that this node is ending now
}

// waited is an end that somebody waits for.
type waited struct {
	n      int       // of those who wait
	opened *Campaign // once it is committed
}

// New checks the options. Invalid where one is missing, or two ways share a protocol.
func New(o Options) (*Service, error) {
	const op = "logout.New"
	if o.Store == nil || o.Participants == nil || o.Grants == nil || o.Sessions == nil || o.Audit == nil || o.Tx == nil || o.Clock == nil ||
		o.Random == nil || o.Log == nil || o.Delay == nil || o.Keeps == nil {
		return nil, hub.Errorf(op, hub.Invalid, "an option is missing")
	}
	if o.Timeout == 0 {
		o.Timeout = 5 * time.Second
	}
	if o.Lease == 0 {
		o.Lease = 3 * o.Timeout
	}
	s := &Service{o: o, ways: map[string]Way{}, news: news{waiting: map[string][]chan<- struct{}{}}, waits: map[hub.SessionID]*waited{}}
	for _, w := range o.Ways {
		if err := s.Bind(w); err != nil {
			return nil, err
		}
	}
	var err error
	s.runner, err = jobs.New(jobs.Options[work]{
		Name: "logout", Source: source{s}, Do: s.tell, Clock: o.Clock, Jitter: s.jitter, Log: o.Log, Timeout: o.Timeout, Lease: o.Lease,
		Alone: o.Alone, Most: o.Longest,
	})
	return s, err
}

// Bind adds a way, before the first session ends: a protocol may need sessions, which need this Service. Invalid where the way has no
// protocol, or its protocol has a way.
func (s *Service) Bind(w Way) error {
	if w == nil || w.Protocol() == "" || s.ways[w.Protocol()] != nil {
		return hub.Errorf("logout.Bind", hub.Invalid, "a way without a protocol of its own")
	}
	s.ways[w.Protocol()] = w
	return nil
}

// jitter gives a number in [0, 1). Randomness that fails never comes back from crypto/rand; zero is as good.
func (s *Service) jitter() float64 {
	var b [8]byte
	if _, err := io.ReadFull(s.o.Random, b[:]); err != nil {
		return 0
	}
	return float64(binary.BigEndian.Uint64(b[:])>>11) / (1 << 53)
}

// Run tells participants until ctx ends; see jobs.Runner.
func (s *Service) Run(ctx context.Context) { s.runner.Run(ctx) }

// Runs tells whether this node tells participants now.
func (s *Service) Runs() bool { return s.runner.Runs() }

// Full tells whether this node has so much to tell that it should end no more sessions than it must.
func (s *Service) Full() bool { return s.runner.Full() }

// now is the time as the database keeps it: whole microseconds.
func (s *Service) now() time.Time { return s.o.Clock().UTC().Truncate(time.Microsecond) }

// End ends a session and opens its campaign; where it has ended before, it gives the campaign of that end. Nobody is waited for: see Wait.
// NotFound for an unknown session.
func (s *Service) End(ctx context.Context, id hub.SessionID, cause session.Cause) (Campaign, error) {
	x := s.await(id)
	defer s.release(id, x)
	if _, err := s.o.Sessions.End(ctx, id, cause); err != nil {
		return Campaign{}, err
	}
	s.mu.Lock()
	opened := x.opened
	s.mu.Unlock()
	if opened != nil { // by this call, or one beside it: nobody need look
		return *opened, nil
	}
	return s.o.Store.Of(ctx, id)
}

// await notes that somebody wants to know the campaign of a session's end.
func (s *Service) await(id hub.SessionID) *waited {
	s.mu.Lock()
	defer s.mu.Unlock()
	x := s.waits[id]
	if x == nil {
		x = &waited{}
		s.waits[id] = x
	}
	x.n++
	return x
}

func (s *Service) release(id hub.SessionID, x *waited) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if x.n--; x.n == 0 {
		delete(s.waits, id)
	}
}

// tellOpened tells who asked of a session's end, once it is committed.
func (s *Service) tellOpened(c Campaign) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if x := s.waits[c.Session]; x != nil {
		x.opened = &c
	}
}

// EndBy ends the session of a browser's secret, also of one that a step-up has just replaced. NotFound where there is none: somebody else
// has ended it, who waits or has waited; whoever tells the person so calls Wait all the same.
func (s *Service) EndBy(ctx context.Context, secret hub.Secret, cause session.Cause) (Campaign, error) {
	id, err := s.o.Sessions.Recent(ctx, secret)
	if err != nil {
		return Campaign{}, err
	}
	return s.End(ctx, id, cause)
}

// EndAccount ends all sessions of an account, each with its campaign (LIF-02, SES-20). It joins the transaction in ctx; whoever uses it so
// changes the account before, so that no session begins behind it.
func (s *Service) EndAccount(ctx context.Context, account hub.AccountID, cause session.Cause) ([]Campaign, error) {
	const batch = 100
	var all []Campaign
	for {
		live, err := s.o.Sessions.OfAccount(ctx, account, true, batch)
		if err != nil {
			return all, err
		}
		for _, l := range live {
			c, err := s.End(ctx, l.ID, cause)
			if err != nil {
				return all, err
			}
			all = append(all, c)
		}
		if len(live) < batch {
			return all, nil
		}
	}
}

// Leave ends the use of a session at one system: what was issued to it there ends, it alone is told, and the session lives on. NotFound
// where the session is unknown or not used there, Expired where it has ended.
func (s *Service) Leave(ctx context.Context, id hub.SessionID, system hub.SystemID, cause session.Cause) (Campaign, error) {
	const op = "logout.Leave"
	sess, err := s.o.Sessions.Get(ctx, id)
	if err != nil {
		return Campaign{}, err
	}
	var c Campaign
	err = s.o.Tx.InTx(ctx, func(ctx context.Context) error {
		gone, err := s.o.Participants.Leave(ctx, id, system)
		if err != nil {
			return err
		}
		if len(gone) == 0 {
			return hub.Errorf(op, hub.NotFound, "the session is not used there")
		}
		now := s.now()
		if err := s.o.Grants.RevokeUse(ctx, id, system, "left", now); err != nil {
			return err
		}
		c = s.campaign(ctx, sess, cause, now)
		c.Left = system
		return s.open(ctx, &c, gone)
	})
	return c, err
}

// Ended opens the campaign of a session's end, in the transaction that ends it (session.Ended). Own notices leave as soon as that has
// committed.
func (s *Service) Ended(ctx context.Context, sess session.Session, cause session.Cause, at time.Time) error {
	all, err := s.o.Participants.Participants(ctx, sess.ID)
	if err != nil {
		return err
	}
	c := s.campaign(ctx, sess, cause, at)
	if err := s.open(ctx, &c, all); err != nil {
		return err
	}
	s.o.Tx.AfterCommit(ctx, func() { s.tellOpened(c) })
	return nil
}

func (s *Service) campaign(ctx context.Context, sess session.Session, cause session.Cause, at time.Time) Campaign {
	c := Campaign{
		ID: hub.NewID(s.o.Random), Session: sess.ID, Account: sess.Account, Cause: cause, Interaction: hub.InteractionFrom(ctx), At: at,
	}
	if c.Interaction == "" {
		c.Interaction = sess.Interaction
	}
	return c
}

// shortest is how long after the end a participant is told again at least, however long ago it was used last: limits are the hub's view of
// a session that is not the hub's.
const shortest = 10 * time.Minute

// visitFor is how long the person's browser may take to begin with visits.
const visitFor = 10 * time.Minute

// open writes a campaign with a notice for each participant, and hands the notices to the runner for when that is committed.
func (s *Service) open(ctx context.Context, c *Campaign, all []session.Participant) error {
	due := c.At
	runs := s.runner.Runs()
	if runs { // they are this node's from the start; if it dies, another takes them when this time has come
		due = due.Add(s.runner.Lease())
	}
	notices := make([]Notice, len(all))
	var own []work
	open := 0
	for i, p := range all {
		n := Notice{
			ID: hub.NewID(s.o.Random), Campaign: c.ID, Session: c.Session, Account: c.Account, System: p.System, Provider: p.Provider,
			Protocol: p.Protocol, Ref: p.Ref, Left: c.Left != "", Cause: c.Cause, Interaction: c.Interaction, At: c.At, NextAt: due, State: Open,
			Until: later(p.LastAt.Add(s.o.Keeps(p)), c.At.Add(shortest)),
		}
		switch way := s.ways[p.Protocol]; {
		case asked(c.Cause, p):
			n.State = Initiator
		case s.o.Quiet: // NextAt is now
		case way == nil:
			n.State, n.Reason = Unreachable, noWay
		default:
			switch way.Means(p) {
			case Direct:
				own = append(own, work{n, way.Host(n)})
			case Browser:
				n.State, n.NextAt = Visiting, c.At.Add(visitFor)
				n.Until = n.NextAt
			default:
				n.State, n.Reason = Unreachable, noWay
			}
		}
		if n.State.Final() {
			n.DoneAt = c.At
		} else {
			open++
		}
		notices[i] = n
	}
	events := []audit.Event{s.event(*c, "logout.opened", audit.Success, map[string]string{
		"participants": strconv.Itoa(len(all)), "open": strconv.Itoa(open),
	})}
	for _, n := range notices {
		if n.State == Unreachable {
			events = append(events, told(n))
		}
	}
	if open == 0 {
		c.ClosedAt = c.At
		events = append(events, s.event(*c, "logout.closed", audit.Success, nil))
	}
	if err := s.o.Store.Open(ctx, *c, notices); err != nil {
		return err
	}
	if err := s.o.Audit.Record(ctx, events...); err != nil {
		return err
	}
	if s.o.Over != nil {
		if err := s.o.Over(ctx, *c, all); err != nil {
			return err
		}
	}
	s.o.Tx.AfterCommit(ctx, func() { s.runner.Push(due, own...) })
	return nil
}

// noWay is the reason where a participant can't be told.
const noWay = "no_way"

// asked tells whether a participant began the logout and is answered in its own protocol.
func asked(c session.Cause, p session.Participant) bool {
	return c.Protocol != "" && c.Protocol == p.Protocol && (c.System != "" && c.System == p.System || c.Provider != "" && c.Provider == p.Provider)
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func (s *Service) event(c Campaign, kind string, outcome audit.Outcome, detail map[string]string) audit.Event {
	e := audit.Event{
		Interaction: c.Interaction, Kind: kind, Outcome: outcome, Reason: string(c.Cause.Reason), Account: c.Account, Session: c.Session,
		System: c.Cause.System, Provider: c.Cause.Provider, Detail: map[string]string{"campaign": c.ID},
	}
	for k, v := range detail {
		e.Detail[k] = v
	}
	return e
}

// told is the event of a notice that has become final.
func told(n Notice) audit.Event {
	e := audit.Event{
		Interaction: n.Interaction, Kind: "logout." + string(n.State), Outcome: audit.Success, Reason: n.Reason, Account: n.Account,
		Session: n.Session, System: n.System, Provider: n.Provider,
		Detail: map[string]string{"campaign": n.Campaign, "protocol": n.Protocol, "tries": strconv.Itoa(n.Tries)},
	}
	if n.State == Failed || n.State == Unreachable {
		e.Outcome = audit.Failure
	}
	return e
}
