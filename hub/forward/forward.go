// Package forward connects systems that speak no protocol: the reverse proxy in front of one asks the hub about every request, and the
// hub says yes with who it is, or no with where to sign in. It serves nginx (auth_request), Traefik and Caddy (forward authentication)
// and Envoy (ext_authz over HTTP).
//
// # The way of a browser
//
// The browser sees the system at its own origin. What lies below /.onedoor/ there the proxy hands to the hub:
//
//	GET /account                    proxy asks the hub: no. The browser goes to
//	GET /.onedoor/start?to=/account cookie of this browser; on to the hub, with a sealed state
//	GET hub /forward/{system}/login the login that every protocol shares; back to the system's origin
//	GET /.onedoor/callback?code=... code and browser fit: session cookie; on to /account
//	GET /account                    proxy asks the hub: yes, X-Onedoor-Subject and the rest
//
// The session cookie is a sealed access token (hub/token) of a few minutes for this system, so a check costs no SQL and ends with
// everything else when the person signs out (architecture D2). Past its minutes the check asks SQL whether all of it still stands, notes
// the activity, and gives the next one.
//
// # What it holds to
//
//   - A proxy proves that it is the system's own, by secret or by network. The browser's word about origin or system counts for nothing.
//   - A code works once, for the browser that began, at the system and the origin it began at.
//   - A path may ask for a service item, which is decided at each request, from memory (RAZ-05, RAZ-08). What is missing the sign-in leads
//     through, as for every login.
//   - Headers with attributes go out only as consented, and the release is recorded. The signed form (X-Onedoor-Identity) lets a system
//     check that headers come from the hub; nginx sets or clears each header, so none of a browser's own gets through.
//   - What can't be known is not allowed: the answer is 503 and the proxy lets nobody in.
//
// It does not own logins (hub/login), sessions (hub/session), tokens (hub/token), or whether a system may be used (tenants).
package forward

import (
	"context"
	"crypto/cipher"
	"io"
	"net/http"
	"net/netip"
	"strings"
	"sync/atomic"
	"time"

	"onedoor/hub"
	"onedoor/hub/audit"
	"onedoor/hub/grant"
	"onedoor/hub/login"
	"onedoor/hub/pairwise"
	"onedoor/hub/session"
	"onedoor/hub/token"
)

// Protocol is this protocol's name in login.Request and in session participants.
const Protocol = "forward"

// Paths of the endpoints below the issuer.
const (
	CheckPath    = "/forward/{system}/check"           // 200, or 401 with X-Onedoor-Login: nginx
	GatePath     = "/forward/{system}/gate"            // 200, or a redirect for a browser and 401 for a program: Traefik, Caddy
	EnvoyPath    = "/forward/{system}/envoy/{path...}" // the same with the request's path at the end
	StartPath    = "/forward/{system}/start"
	LoginPath    = "/forward/{system}/login"
	CallbackPath = "/forward/{system}/callback"
	SignOutPath  = "/forward/{system}/signout"
	ExitPath     = "/forward/{system}/exit" // at the hub: where signout leads
)

// OwnPath is where the system's proxy hands requests to the hub: below it start, callback and signout.
const OwnPath = "/.onedoor/"

// Lifetimes.
const (
	tokenLife = 5 * time.Minute // of the session cookie's token, as SES-18 has it for access tokens
	startLife = 15 * time.Minute
	codeLife  = time.Minute
)

// System is a department's system as the register describes it.
type System struct {
	ID      hub.SystemID
	Live    bool // only a live system gets anything (EXC-07)
	Least   hub.Level
	Sector  string // for the pairwise subject (OpenID Connect Core section 8.1)
	Origins []string
	Secrets []Secret
	Proxies []netip.Prefix
	Headers map[string]hub.AttributeName
	// Department is whose system it is, Records which kind of its records goes in which header.
	Department hub.DepartmentID
	Records    map[string]string
	// Attributes is what the register allows (PRV-06).
	Attributes []hub.AttributeName
	For        login.Serves
	// Items are what its paths ask for beside a sign-in. StatesPlace lets its proxy say where the browser is (HeaderClient).
	Items       []ItemRule
	StatesPlace bool
}

// Secret is a proxy's secret as the hub keeps it.
type Secret struct {
	SHA256    [32]byte
	ExpiresAt time.Time // zero: none
}

// Systems finds the systems that are connected so, from memory. NotFound; Unavailable before the register is loaded.
type Systems interface {
	Forward(ctx context.Context, id hub.SystemID) (System, error)
}

// Journey is the person's way through the login, and the pages beside it.
type Journey interface {
	// Begin starts the login. It answers the browser and calls [Gate.FinishLogin] in the end.
	Begin(w http.ResponseWriter, r *http.Request, req login.Request)
	// Refuse shows the error page.
	Refuse(w http.ResponseWriter, r *http.Request, err error)
	// AskSignOut asks the person whether to sign out, of all or of the system alone, and does what they say.
	AskSignOut(w http.ResponseWriter, r *http.Request, system hub.SystemID, onward string, languages []string)
}

// Sessions is what the gate must know of sessions.
type Sessions interface {
	// Active finds a live session and notes the activity, at most once a minute. NotFound; Expired: ended, or past every limit.
	Active(ctx context.Context, id hub.SessionID) (session.Session, error)
	// Join notes that the session is used at a system. Expired: it has ended.
	Join(ctx context.Context, p session.Participant) error
	// Attributes opens the vault. NotFound, Expired, Invalid, Unavailable.
	Attributes(ctx context.Context, id hub.SessionID, key hub.Secret) (hub.Attributes, error)
}

// Grants start with a code and are ended when it comes twice. grant.Grants has it.
type Grants interface {
	Mint(form grant.Form, id hub.GrantID, vault hub.Secret, expires time.Time) (hub.Secret, grant.Credential, error)
	Start(ctx context.Context, g grant.Grant, code grant.Credential, level hub.Level, also ...audit.Event) error
	Get(ctx context.Context, id hub.GrantID) (grant.Grant, error)
	Code(ctx context.Context, hash [32]byte) (grant.Credential, grant.Grant, error)
	UseCode(ctx context.Context, hash [32]byte) error
	Revoke(ctx context.Context, g grant.Grant, reason string) (bool, error)
}

// Tokens are sealed access tokens.
type Tokens interface {
	Seal(a token.Access) (string, error)
	// Validate gives what a token says while it is active. Invalid, Expired, Consumed: it is not. Unavailable: that can't be known.
	Validate(ctx context.Context, raw string) (token.Access, error)
	// OpenLate gives what a token of ours says although it may have expired, and nothing about whether it is active. Invalid.
	OpenLate(raw string) (token.Access, error)
}

// Ends asks SQL whether something that a token stands on has ended.
type Ends interface {
	Ended(ctx context.Context, a token.Access) (bool, error)
}

// Keys has the hub's keys.
type Keys interface {
	// SealingKey gives the AES-256-GCM key in use and counts one seal with a random nonce. Unavailable.
	SealingKey() (id string, key cipher.AEAD, err error)
	// OpeningKey gives one by its id. NotFound.
	OpeningKey(id string) (cipher.AEAD, error)
	// SignJWT signs claims. Unavailable, Internal.
	SignJWT(alg, typ string, claims any) (string, error)
}

// Index makes keyed hashes.
type Index interface {
	Index(purpose string, parts ...string) []byte
}

// Transactor runs a function in one database transaction, or joins the one in ctx.
type Transactor interface {
	InTx(ctx context.Context, fn func(context.Context) error) error
}

// Options are what a Gate is made of. All are required.
type Options struct {
	Issuer   string // of the hub: scheme and host
	Systems  Systems
	Journey  Journey
	Sessions Sessions
	Grants   Grants
	Tokens   Tokens
	Ends     Ends
	Items    Items
	Keys     Keys
	Index    Index
	Audit    audit.Recorder
	Tx       Transactor
	// Client gives the address of whoever speaks to the hub, as seen through its own trusted proxies only.
	Client func(ctx context.Context) netip.Addr
	Clock  hub.Clock
	Random io.Reader

	Records Records // what departments know people by; nil where they keep nothing
}

// Gate answers proxies and leads browsers. Its methods are safe for concurrent use.
type Gate struct {
	o        Options
	issued   *answers
	entities *pairwise.Entities
	recorded atomic.Int64 // when a refusal of a proxy was recorded last, microseconds since 1970 UTC
}

// New checks the options. Invalid for the issuer, Internal for a dependency that is missing.
func New(o Options) (*Gate, error) {
	const op = "forward.New"
	if !strings.HasPrefix(o.Issuer, "http") || strings.HasSuffix(o.Issuer, "/") {
		return nil, hub.Errorf(op, hub.Invalid, "the issuer is not scheme and host")
	}
	for _, d := range []struct {
		name    string
		missing bool
	}{
		{"Systems", o.Systems == nil},
		{"Journey", o.Journey == nil},
		{"Sessions", o.Sessions == nil},
		{"Grants", o.Grants == nil},
		{"Tokens", o.Tokens == nil},
		{"Ends", o.Ends == nil},
		{"Items", o.Items == nil},
		{"Keys", o.Keys == nil},
		{"Index", o.Index == nil},
		{"Audit", o.Audit == nil},
		{"Tx", o.Tx == nil},
		{"Client", o.Client == nil},
		{"Clock", o.Clock == nil},
		{"Random", o.Random == nil},
	} {
		if d.missing {
			return nil, hub.Errorf(op, hub.Internal, "no "+d.name)
		}
	}
	names, err := pairwise.New(o.Index)
	if err != nil {
		return nil, err
	}
	return &Gate{o: o, issued: newAnswers(), entities: names}, nil
}

// now is the time as the database keeps it: whole microseconds.
func (g *Gate) now() time.Time { return g.o.Clock().UTC().Truncate(time.Microsecond) }

// system finds a live system. NotFound for every other one.
func (g *Gate) system(r *http.Request) (System, error) {
	s, err := g.o.Systems.Forward(r.Context(), hub.SystemID(r.PathValue("system")))
	if err != nil {
		return System{}, err
	}
	if !s.Live || len(s.Origins) == 0 {
		return System{}, hub.Errorf("forward.system", hub.NotFound, "the system is not live")
	}
	return s, nil
}
