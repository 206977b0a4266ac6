// Package ssf tells departments' systems what happens to the sessions of their people as security events: the transmitter of the OpenID
// Shared Signals Framework 1.0, with the events of CAEP 1.0, delivered by push (RFC 8935) and poll (RFC 8936).
//
// A system that the hub can tell of a logout in its own protocol needs no stream. Streams are for what stands beside it: a gateway, a
// zero-trust proxy, a security operations centre, a second system of the department that never sees a browser.
//
// # What it holds to
//
//   - An event is a row in the transaction that causes it (architecture D6), and stays until the receiver has taken it or a week is over.
//     It may come twice, always under the same jti.
//   - A receiver learns of the sessions that its own system was used in, and nothing of any other: one stream a system, subjects by the
//     system's own pairwise sub and sid (invariant 3). Of bindings to records it learns those of its own department. At rest no event holds
//     personal data, nor a number of a record.
//   - txn, which ties an event to what else one cause has brought, is each receiver's own too: two of them can't compare it.
//
// It does not own sessions or their end (hub/logout calls [Outbox.Over]), bindings (binding calls [Outbox.Binding]), who a system is (hub/oidcop authenticates it), or the work of
// delivering (hub/jobs).
package ssf

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"onedoor/hub"
	"onedoor/hub/audit"
	"onedoor/hub/jobs"
)

// Paths of the endpoints below the issuer.
const (
	ConfigurationPath = "/.well-known/ssf-configuration"
	StreamsPath       = "/ssf/streams"
	StatusPath        = "/ssf/status"
	AddPath           = "/ssf/subjects/add"
	RemovePath        = "/ssf/subjects/remove"
	VerificationPath  = "/ssf/verification"
	PollPath          = "/ssf/poll/{stream}"
)

// The scopes of the CAEP interoperability profile.
const (
	ScopeManage = "ssf.manage"
	ScopeRead   = "ssf.read"
)

// Event types.
const (
	SessionRevoked = "https://schemas.openid.net/secevent/caep/event-type/session-revoked"
	verification   = "https://schemas.openid.net/secevent/ssf/event-type/verification"
	streamUpdated  = "https://schemas.openid.net/secevent/ssf/event-type/stream-updated"
)

// supported are the events that a receiver can ask for.
var supported = []string{SessionRevoked, BindingChanged}

// Delivery methods.
const (
	MethodPush = "urn:ietf:rfc:8935"
	MethodPoll = "urn:ietf:rfc:8936"
)

// Status of a stream (SSF section 8.1.2).
type Status string

// The statuses.
const (
	Enabled  Status = "enabled"
	Paused   Status = "paused"   // events are held
	Disabled Status = "disabled" // events are dropped
)

// Bounds.
const (
	eventLife  = 7 * 24 * time.Hour // how long a receiver that is away keeps its events
	verifyRest = 10 * time.Second   // min_verification_interval
	heldMost   = 100_000            // events that wait for one receiver; the next one pauses its stream
)

// Stream is one receiver's subscription.
type Stream struct {
	ID          string
	System      hub.SystemID
	Endpoint    string   // push: where to; "" for poll
	Header      []byte   // push: value of the Authorization header, sealed; nil for none
	Requested   []string // event types
	Description string
	Status      Status
	Reason      string // of the status, in the words of whoever set it; never shown to anybody else
	VerifiedAt  time.Time
	CreatedAt   time.Time
	Version     int // counts changes
}

// delivers lists the event types that the stream brings: those asked for that there are.
func (s Stream) delivers() []string {
	var out []string
	for _, e := range supported {
		for _, r := range s.Requested {
			if r == e {
				out = append(out, e)
			}
		}
	}
	return out
}

// Event is one Security Event Token before it is signed (RFC 8417).
type Event struct {
	ID        string // jti
	Stream    string
	Type      string
	About     bool   // it is about the stream itself, and goes whatever its status
	Claims    []byte // JSON; holds ids only
	CreatedAt time.Time
	ExpiresAt time.Time
	Tries     int
	NextAt    time.Time // of the next push
	Endpoint  string    // of the stream, as claimed
	Header    []byte    // of the stream, as claimed
	System    hub.SystemID
}

// Change is what became of an event that was tried.
type Change struct {
	ID     string
	Stream string // where set, the event must be in this stream
	Done   bool   // nothing is left to do
	Reason string // of a failure, a word of a closed list; "" for delivered
	Tried  bool
	NextAt time.Time
	At     time.Time
}

// Store keeps streams and their events. Its methods are one aggregate.
type Store interface {
	// Create adds a stream. Conflict where the system has one.
	Create(ctx context.Context, s Stream) error
	// Of finds a system's stream. NotFound.
	Of(ctx context.Context, system hub.SystemID) (Stream, error)
	// For lists the streams of these systems that are not disabled.
	For(ctx context.Context, systems []hub.SystemID) ([]Stream, error)
	// Update replaces what can change of a stream if its version is still s.Version, and counts it up. Conflict otherwise. Events that
	// wait follow the stream: to its endpoint, into the poll, or, where it is disabled, away.
	Update(ctx context.Context, s Stream) error
	// Delete removes a system's stream with all that waits. NotFound.
	Delete(ctx context.Context, system hub.SystemID) error

	// Add keeps events, those of disabled streams only where they are about the stream itself (About), and tells how many of its stream wait now, these included.
	Add(ctx context.Context, events []Event) (map[string]int, error)
	// Claim takes events of push streams, enabled or about the stream itself, that are due at now, at most limit, and puts them off until then.
	Claim(ctx context.Context, now, until time.Time, limit int) ([]Event, error)
	// Settle notes what became of events, those that are not done already, and gives these.
	Settle(ctx context.Context, changes []Change) ([]Event, error)
	// Waiting lists events of a stream for a poll, as Claim where it is not enabled, the oldest first, at most limit, with whether there are more.
	Waiting(ctx context.Context, stream string, now time.Time, limit int) ([]Event, bool, error)

	// Mute keeps a subject, by a hash of it, out of a stream, or lets it in again.
	Mute(ctx context.Context, stream string, subject [32]byte, mute bool) error
	// Muted tells which streams keep which subject out; subjects has one for each stream.
	Muted(ctx context.Context, subjects map[string][32]byte) (map[string]bool, error)
	// Purge removes events that were done or expired before the time, at most limit, and tells how many.
	Purge(ctx context.Context, before time.Time, limit int) (int, error)
}

// Callers tells which system calls an endpoint.
type Callers interface {
	// Caller authenticates, and answers by itself where it reports false.
	Caller(w http.ResponseWriter, r *http.Request, scope string) (hub.SystemID, bool)
}

// Names are how a system knows a person and a session.
type Names interface {
	// Names gives sub and sid at a system. NotFound where the system has none.
	Names(ctx context.Context, system hub.SystemID, account hub.AccountID, sess hub.SessionID) (sub, sid string, err error)
}

// Transactor runs fn in one database transaction; AfterCommit keeps fn for when the transaction in ctx has committed.
type Transactor interface {
	InTx(ctx context.Context, fn func(context.Context) error) error
	AfterCommit(ctx context.Context, fn func())
}

// Seal keeps a receiver's credential so that the hub can send it again, under a key that is not in the database.
type Seal interface {
	Seal(plain []byte) ([]byte, error)
	Open(sealed []byte) ([]byte, error)
}

// OutboxOptions are what an Outbox is made of. All are required but the last.
type OutboxOptions struct {
	Issuer string
	Store  Store
	Names  Names
	// Entities are how systems know legal entities.
	Entities Entities
	Index    interface {
		Index(purpose string, parts ...string) []byte
	}
	Audit  audit.Recorder
	Tx     Transactor
	Clock  hub.Clock
	Random io.Reader
	Wake   func() // called when events have been committed, for whoever delivers them here
}

// Outbox writes events for whoever delivers them: the nodes that serve.
type Outbox struct{ o OutboxOptions }

// NewOutbox checks the options. Invalid where one is missing.
func NewOutbox(o OutboxOptions) (*Outbox, error) {
	if o.Issuer == "" || o.Store == nil || o.Names == nil || o.Entities == nil || o.Index == nil || o.Audit == nil || o.Tx == nil || o.Clock == nil || o.Random == nil {
		return nil, hub.Errorf("ssf.NewOutbox", hub.Invalid, "an option is missing")
	}
	if o.Wake == nil {
		o.Wake = func() {}
	}
	return &Outbox{o}, nil
}

// now is the time as the database keeps it: whole microseconds.
func (b *Outbox) now() time.Time { return b.o.Clock().UTC().Truncate(time.Microsecond) }

// Options are what a Transmitter is made of. All are required.
type Options struct {
	OutboxOptions
	JWKSURI string
	Callers Callers
	// Prepare sees to it that there is a key for Sign, when a receiver subscribes: so it is published long before it signs.
	Prepare func(ctx context.Context) error
	// Sign signs a SET: RS256, typ secevent+jwt.
	Sign func(ctx context.Context, claims any) (string, error)
	// Numbers gives what events about bindings must not rest with.
	Numbers Numbers
	// Allowed tells whether a push endpoint may be called at all, before it is kept. Refused.
	Allowed func(endpoint string) error
	Seal    Seal
	HTTP    *http.Client // guarded; follows no redirect
	Jitter  func() float64
	Log     *slog.Logger
	Alone   bool // no other node shares the database
}

// Transmitter keeps streams and delivers events. Its methods are safe for concurrent use.
type Transmitter struct {
	*Outbox
	o      Options
	runner *jobs.Runner[work]

	mu    sync.Mutex
	news  chan struct{}   // closed when something new waits
	polls map[string]bool // streams with somebody in a long poll here
}

// New checks the options. Invalid where one is missing.
func New(o Options) (*Transmitter, error) {
	if o.JWKSURI == "" || o.Callers == nil || o.Prepare == nil || o.Sign == nil || o.Numbers == nil || o.Allowed == nil || o.Seal == nil || o.HTTP == nil || o.Jitter == nil || o.Log == nil {
		return nil, hub.Errorf("ssf.New", hub.Invalid, "an option is missing")
	}
	t := &Transmitter{o: o, news: make(chan struct{}), polls: map[string]bool{}}
	o.OutboxOptions.Wake = t.tell
	var err error
	if t.Outbox, err = NewOutbox(o.OutboxOptions); err != nil {
		return nil, err
	}
	t.runner, err = jobs.New(jobs.Options[work]{
		Name: "security events", Source: source{t}, Do: t.push, Clock: o.Clock, Jitter: o.Jitter, Log: o.Log, Alone: o.Alone,
		First: 5 * time.Second, Most: time.Hour,
	})
	return t, err
}

// Run pushes until ctx ends; see jobs.Runner.
func (t *Transmitter) Run(ctx context.Context) { t.runner.Run(ctx) }

// Purge removes what is done, at most limit, and tells how many.
func (t *Transmitter) Purge(ctx context.Context, now time.Time, limit int) (int, error) {
	return t.o.Store.Purge(ctx, now.Add(-24*time.Hour), limit)
}
