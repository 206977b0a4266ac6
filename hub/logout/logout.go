// Package logout owns the neutral logout in the middle (architecture, idea 2): every end of a session, wherever it starts, opens
// one campaign with one notice for each participant, in the transaction that ends the session (D6), and keeps the ledger that says who has
// confirmed, who is still being told and who can't be told.
//
// It does not own the session (hub/session ends it and calls [Service.Ended] in its transaction), the validation of tokens (hub/token), or
// any protocol: each contributes one [Way] to tell its participants.
package logout

import (
	"context"
	"time"

	"onedoor/hub"
	"onedoor/hub/session"
)

// Campaign is one session's end and everybody who is told of it; or, where Left is set, the end of its use at one system.
type Campaign struct {
	ID          string
	Session     hub.SessionID
	Account     hub.AccountID
	Left        hub.SystemID // the person left this system only; the session lives
	Cause       session.Cause
	Interaction hub.InteractionID
	At          time.Time // the end, as committed
	ClosedAt    time.Time // zero while a notice is open
}

// State is where a notice stands.
type State string

// The states. Open, Visiting and Retrying are not final.
const (
	Open        State = "open"        // written, nobody has tried yet
	Retrying    State = "retrying"    // tried without success, will be tried again
	Visiting    State = "visiting"    // only the person's browser can tell it (front channel)
	Confirmed   State = "confirmed"   // the participant said that the session is over there
	Visited     State = "visited"     // the browser went there; nobody confirmed
	Failed      State = "failed"      // the last retry failed, or the participant refused for good
	Unreachable State = "unreachable" // there is no way to tell it
	Initiator   State = "initiator"   // it asked for the logout itself and is answered in its own protocol
)

// Final tells whether nothing more is tried.
func (s State) Final() bool { return s != Open && s != Retrying && s != Visiting }

// Notice is what one participant is told: a row before it is an action. Its ID is the same on every try: a protocol makes its
// message's id from it (jti, SAML ID), so that a participant that is told twice sees one message.
type Notice struct {
	ID          string
	Campaign    string
	Session     hub.SessionID
	Account     hub.AccountID
	System      hub.SystemID   // a department's system, or
	Provider    hub.ProviderID // the identity provider's own session upstream; one of the two
	Protocol    string         // names the Way
	Ref         string         // as session.Participant
	Left        bool           // the person left this system only
	Cause       session.Cause
	Interaction hub.InteractionID
	At          time.Time // the end
	Until       time.Time // until when the participant could still hold a session: then it is tried no more
	State       State
	Tries       int
	NextAt      time.Time // of the next try
	DoneAt      time.Time // zero while not final
	Reason      string    // of the last failure, a word of a closed list; never foreign text
}

// Means is how a participant can be told.
type Means int

// The means, best last.
const (
	Nothing Means = iota // it can't
	Browser              // by the person's browser only (front channel, SAML redirect or POST)
	Direct               // from server to server
)

// Way tells participants of one protocol. All methods may be called from many goroutines.
type Way interface {
	// Protocol is what session.Participant.Protocol says.
	Protocol() string
	// Means tells how a participant can be told, from memory: it is called in the transaction that ends the session.
	Means(p session.Participant) Means
	// Host names whom Tell would call, for the limit per host; it makes no call.
	Host(n Notice) string
	// Tell tells a participant directly. nil: it has confirmed. Refused, NotFound and Invalid are final; any other error is tried again.
	Tell(ctx context.Context, n Notice) error
	// Visit gives what the person's browser must do. back is where the browser comes back to (an absolute URL of at most 100 characters),
	// with the answer if the protocol has one. NotFound: the participant has no such way.
	Visit(ctx context.Context, n Notice, back string) (Visit, error)
}

// Visit is a front-channel step of the signed-out page.
type Visit struct {
	Frame  bool              // true: loaded in a hidden frame (OIDC Front-Channel Logout 1.0); false: the whole page goes there and comes back (SAML)
	URL    string            // exact, with its query
	Fields map[string]string // not nil: posted as a form
}
