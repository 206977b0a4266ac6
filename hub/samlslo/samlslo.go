// Package samlslo is SAML 2.0 single logout (SAML Profiles section 4.4), once for both sides of the hub: towards departments' service
// providers, for which the hub is the identity provider (hub/samlidp), and towards identity providers, for which it is a service provider
// (federation/samlsp).
//
// It owns the single logout service over HTTP-Redirect, HTTP-POST and SOAP: what a LogoutRequest must prove, which sessions it means, the
// answer to it; and the logout.Way by which the hub tells such peers itself. It does not own the messages (hub/samlmsg), who the peers are
// and which names they know (its Side), the end of a session and its ledger (hub/logout), or pages.
//
// # What it holds to
//
//   - A LogoutRequest is signed by the keys of the peer's metadata, names itself the peer's, is for us, now, and counts once. What can't
//     prove who sent it is told nothing.
//   - It ends sessions only that were made known to this very peer, under this very name: found by keyed hashes of NameID and
//     SessionIndex. Another person's SessionIndex beside one's own NameID means no session.
//   - A request of a service provider that comes through a browser counts only in the browser that has one of the sessions it means: a link
//     or a form that somebody planted elsewhere signs nobody out. From server to server the signature alone stands for the provider. An
//     identity provider is the authority for what it said, so its request needs no browser.
//   - Who asks for a session that is not its own, or none of this browser, gets RequestDenied, or from server to server UnknownPrincipal,
//     whether there is such a session or not.
//   - A peer has confirmed when it says Success, also with PartialLogout (its own session is over; what lies behind it is its ledger), or
//     UnknownPrincipal (it has no such session), signed.
//   - The answer is Success where every participant has confirmed, and Success with PartialLogout otherwise: also where a browser went
//     somewhere and nobody confirmed.
//
// Sources: SAML 2.0 Core section 3.7, Bindings sections 3.2, 3.4 and 3.5, Profiles section 4.4, with errata.
package samlslo

import (
	"context"
	"crypto/cipher"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"onedoor/hub"
	"onedoor/hub/audit"
	"onedoor/hub/logout"
	"onedoor/hub/samlmsg"
	"onedoor/hub/session"
)

// Peer is one entity on the other side. Exactly one of System and Provider is set.
type Peer struct {
	System   hub.SystemID
	Provider hub.ProviderID
	EntityID string
	Role     samlmsg.Role  // of its metadata: keys and single logout services
	Skew     time.Duration // of its clock

	// What we are towards it.
	Self string // our entity id
	SLO  string // our single logout service for HTTP-Redirect and HTTP-POST
	SOAP string // and for SOAP

	Encrypt *samlmsg.Recipient // names in our requests are encrypted for it; nil: plain
}

// key names the peer among those of both sides.
func (p Peer) key() string {
	if p.System != "" {
		return "system:" + string(p.System)
	}
	return "provider:" + string(p.Provider)
}

// SystemKey and ProviderKey name a peer in samlmsg.Names.
func SystemKey(id hub.SystemID) string     { return Peer{System: id}.key() }
func ProviderKey(id hub.ProviderID) string { return Peer{Provider: id}.key() }

// issuer and audience are who names persons, and to whom.
func (p Peer) issuer() string {
	if p.System != "" {
		return p.Self
	}
	return p.EntityID
}

func (p Peer) audience() string {
	if p.System != "" {
		return p.EntityID
	}
	return p.Self
}

// fits holds the qualifiers of a name against who made it for whom. They may be left out (SAML Core section 8.3.7).
func (p Peer) fits(id samlmsg.NameID) bool {
	return (id.NameQualifier == "" || id.NameQualifier == p.issuer()) && (id.SPNameQualifier == "" || id.SPNameQualifier == p.audience())
}

// cause is why a session ends that the peer asks for.
func (p Peer) cause(protocol string) session.Cause {
	if p.System != "" {
		return session.Cause{Reason: session.EndedBySystem, System: p.System, Protocol: protocol}
	}
	return session.Cause{Reason: session.EndedByIDP, Provider: p.Provider, Protocol: protocol}
}

// endpoint gives where messages of a binding go. Locations that nobody should be sent to are as good as none.
func (p Peer) endpoint(binding string) (samlmsg.Endpoint, bool) {
	for _, e := range p.Role.SingleLogout {
		if e.Binding == binding && safe(e.Location) && (e.ResponseLocation == "" || safe(e.ResponseLocation)) {
			return e, true
		}
	}
	return samlmsg.Endpoint{}, false
}

// browser gives where a browser goes: by HTTP-Redirect, which is shorter, or else by HTTP-POST.
func (p Peer) browser() (samlmsg.Endpoint, bool) {
	if e, ok := p.endpoint(samlmsg.BindingRedirect); ok {
		return e, true
	}
	return p.endpoint(samlmsg.BindingPOST)
}

// safe takes https, and http to this machine itself.
func safe(location string) bool {
	u, err := url.Parse(location)
	if err != nil || u.Hostname() == "" {
		return false
	}
	host := strings.ToLower(u.Hostname())
	ip := net.ParseIP(host)
	return u.Scheme == "https" || u.Scheme == "http" && (host == "localhost" || strings.HasSuffix(host, ".localhost") || ip != nil && ip.IsLoopback())
}

// Peers finds the other side.
type Peers interface {
	// Sender finds the peer that a message says it comes from. at is the provider that our address names, "" where it names none.
	// NotFound; Suspended: it is not in service; Unavailable: its metadata can't be had.
	Sender(ctx context.Context, at hub.ProviderID, issuer string) (Peer, error)
	// Of finds the peer of a participant, in service or not. NotFound, Unavailable.
	Of(ctx context.Context, system hub.SystemID, provider hub.ProviderID) (Peer, error)
	// Known is Of from memory: it asks nobody. False where that does not do.
	Known(system hub.SystemID, provider hub.ProviderID) (Peer, bool)
	// Renew asks for newer metadata, because a signature did not fit. False where there is none newer.
	Renew(ctx context.Context, p Peer) (bool, error)
}

// Own is what is ours on a side.
type Own interface {
	// Signer signs with the key in use. Unavailable.
	Signer(ctx context.Context) (*samlmsg.Signer, error)
	// Decrypter opens names that a peer has encrypted for us. Unavailable.
	Decrypter(ctx context.Context, p Peer) (*samlmsg.Decrypter, error)
	// Name gives the name under which the peer of a notice knows the person, exactly as it was issued, and the SessionIndex; "" for none.
	// NotFound where that is gone.
	Name(ctx context.Context, p Peer, n logout.Notice) (samlmsg.NameID, string, error)
}

// Logouts is the neutral logout; logout.Service has it, and its comments name the errors.
type Logouts interface {
	End(ctx context.Context, id hub.SessionID, cause session.Cause) (logout.Campaign, error)
	Wait(ctx context.Context, most time.Duration, campaigns ...string) (bool, error)
	Ledger(ctx context.Context, campaigns ...string) ([]logout.Entry, error)
	Notice(ctx context.Context, id string) (logout.Notice, error)
	Visited(ctx context.Context, id string, answer error) error
}

// Pages is the web room's side of a logout.
type Pages interface {
	// Session gives the live session that the browser has. NotFound where it has none; Unavailable.
	Session(r *http.Request) (hub.SessionID, error)
	// Forget drops the browser's session cookie, because its session has ended.
	Forget(w http.ResponseWriter)
	// Onward shows how the logout goes, with what only this browser can tell participants, and leads on to the address in the end; "" leads
	// nowhere. Without campaigns there is nothing to show but that the person is signed out, if they are.
	Onward(w http.ResponseWriter, r *http.Request, campaigns []string, onward string)
	// Refuse shows the error page.
	Refuse(w http.ResponseWriter, r *http.Request, err error)
	// Language gives the language of a page, one of hub.Languages.
	Language(r *http.Request) string
}

// Once remembers single-use things; grant.Once is the contract. Consumed where it was noted before.
type Once interface {
	Use(ctx context.Context, kind, key string, expires time.Time) error
}

// Transactor runs a function in one database transaction, or joins the one in ctx.
type Transactor interface {
	InTx(ctx context.Context, fn func(context.Context) error) error
}

// Keys seals what travels through the browser.
type Keys interface {
	SealingKey() (id string, key cipher.AEAD, err error)
	OpeningKey(id string) (cipher.AEAD, error)
}

// Options are what a Service is made of. All are required but the last.
type Options struct {
	Protocol string // of the participants: "saml", "saml-upstream"
	Peers    Peers
	Own      Own
	Pages    Pages
	Names    samlmsg.Names
	Index    samlmsg.Indexer
	Once     Once
	Tx       Transactor
	Keys     Keys
	Audit    audit.Recorder
	HTTP     *http.Client // for SOAP; it decides about forbidden addresses and time
	Clock    hub.Clock
	Random   io.Reader
	Log      *slog.Logger
	// Path is our single logout service, below which "/continue", "/answer", "/visit" and "/back" lie. {provider} in it stands for the
	// provider.
	Path   string
	Script string // address of the script that sends forms
	// Patience is how long the answer to a LogoutRequest waits for the participants; 4 s where zero.
	Patience time.Duration
}

// The times that are not options.
const (
	requestAge   = 5 * time.Minute  // of a request, from its IssueInstant
	carryLife    = 5 * time.Minute  // of a posted request on its way through the redirect
	answerLife   = 30 * time.Minute // of an answer that waits for the person's browser
	requestKept  = time.Hour        // how long a used id is remembered: longer than all of these before it
	requestLife  = 5 * time.Minute  // NotOnOrAfter of our requests
	usualPatient = 4 * time.Second
)

// Service is one side's single logout service. It is a logout.Way, and safe for concurrent use.
type Service struct {
	o       Options
	logouts Logouts
}

var _ logout.Way = (*Service)(nil)

// New checks the options. Internal where one is missing. Bind it before the first request.
func New(o Options) (*Service, error) {
	const op = "samlslo.New"
	if o.Protocol == "" || o.Peers == nil || o.Own == nil || o.Pages == nil || o.Names == nil || o.Index == nil || o.Once == nil || o.Tx == nil || o.Keys == nil ||
		o.Audit == nil || o.HTTP == nil || o.Clock == nil || o.Random == nil || o.Log == nil || o.Path == "" || o.Script == "" || o.Patience < 0 {
		return nil, hub.Errorf(op, hub.Internal, "an option is missing")
	}
	if o.Patience == 0 {
		o.Patience = usualPatient
	}
	client := *o.HTTP
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	client.Jar = nil
	o.HTTP = &client
	return &Service{o: o}, nil
}

// Bind gives the neutral logout, which needs its ways before it can be made. Internal where it is none, or was given before.
func (s *Service) Bind(l Logouts) error {
	if l == nil || s.logouts != nil {
		return hub.Errorf("samlslo.Bind", hub.Internal, "no logout, or bound before")
	}
	s.logouts = l
	return nil
}

// now is the time as the database keeps it: whole microseconds.
func (s *Service) now() time.Time { return s.o.Clock().UTC().Truncate(time.Microsecond) }
