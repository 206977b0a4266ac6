// Package registration lets developers of a department register sandbox systems by themselves: OAuth 2.0 Dynamic Client
// Registration (RFC 7591, OpenID Connect Registration 1.0) and its management (RFC 7592), behind an initial access token.
//
// A sandbox is no system of the register. It has a name of its own form, is kept apart, lives for a limited time and is held to
// limits at every look-up, not only when it is registered: it gets openid and what the operator has opened to the department's
// sandboxes, never the citizen number; each person is asked for each attribute and told that it is a test; its addresses are on
// this machine or on hosts that the operator has named; and it is a sector of its own, so that its subjects say nothing about
// those of any other system (OpenID Connect Core section 8.1). A sandbox never becomes a system: that is declared (EXC-06).
//
// Differences from the specifications, all of them allowed there: a software statement is refused; a sector_identifier_uri too,
// because each sandbox is its own sector; the default of id_token_signed_response_alg is ES256; a secret is told once, because only
// its hash is kept, and a replacement without it makes a new one.
//
// It does not own the register of systems (tenants), the tables (tenantsql) or the protocol that a sandbox then speaks.
package registration

import (
	"context"
	"io"
	"log/slog"
	"slices"
	"strings"
	"time"

	"onedoor/hub"
	"onedoor/hub/audit"
	"onedoor/tenants"
)

// Path is the registration endpoint below the issuer; a sandbox is managed at Path/{client}.
const Path = "/oauth2/register"

// prefix begins the name of every sandbox, and of nothing else.
const prefix = "sandbox-"

// IsSandbox reports whether the name has the form of a sandbox's.
func IsSandbox(id hub.SystemID) bool {
	rest, ok := strings.CutPrefix(string(id), prefix)
	return ok && hub.ValidID(rest)
}

// Token is an initial access token (RFC 7591 section 1.2): who holds it may register sandboxes of one department.
type Token struct {
	ID         string
	Hash       [32]byte // of the 256 random bits that the token is
	Department hub.DepartmentID
	Uses       int // so far
	Most       int // times that it can be used
	CreatedAt  time.Time
	ExpiresAt  time.Time
	RevokedAt  time.Time // zero: not
}

// Sandbox is a registered sandbox system.
type Sandbox struct {
	// System is what was registered: its status is testing, its names are the developer's, its attributes are none. What holds now
	// is what [Registrar.System] makes of it.
	System tenants.System
	Token  string // the initial access token that it came by
	// Access is the hash of the registration access token. Before is the hash of the one it replaced: good until the new one is
	// used for the first time, because the answer that told it can get lost. Zero: none.
	Access    [32]byte
	Before    [32]byte
	CreatedAt time.Time
	ExpiresAt time.Time
}

// Store keeps initial access tokens and sandboxes.
type Store interface {
	// Token finds an initial access token, whatever its state. NotFound, Unavailable.
	Token(ctx context.Context, hash [32]byte) (Token, error)
	// UseToken counts one use of a token that is good at the time, in one statement. Consumed: used up, expired or revoked.
	// NotFound, Unavailable.
	UseToken(ctx context.Context, hash [32]byte, at time.Time) error
	// Create adds a sandbox. Conflict, Unavailable.
	Create(ctx context.Context, s Sandbox) error
	// Sandbox finds one, expired or not. NotFound, Unavailable.
	Sandbox(ctx context.Context, id hub.SystemID) (Sandbox, error)
	// Replace puts the sandbox in the place of the one with the same name whose Access is was. Conflict: it has another one by
	// now, or is gone. Unavailable.
	Replace(ctx context.Context, s Sandbox, was [32]byte) error
	// Delete removes a sandbox and writes the end of its tokens into the feed of revocations, and reports whether it was there.
	// No token of it outlives the time until. Unavailable.
	Delete(ctx context.Context, id hub.SystemID, at, until time.Time) (bool, error)
}

// Department is what the operator opens to the sandboxes of a department.
type Department struct {
	ID         hub.DepartmentID
	Attributes []hub.AttributeName // that a sandbox may ask persons for; never the citizen number
	Hosts      []string            // where sandboxes may live beside localhost: "test.example", or ".test.example" for all below it
}

// Departments tells whether a department is there.
type Departments interface {
	// Department finds one. NotFound, Unavailable.
	Department(ctx context.Context, id hub.DepartmentID) (tenants.Department, error)
}

// Transactor runs a function in one database transaction.
type Transactor interface {
	InTx(ctx context.Context, fn func(context.Context) error) error
}

// Options are what a Registrar is made of. All are required.
type Options struct {
	Issuer      string        // of the hub, without a slash at the end
	Lifetime    time.Duration // of a sandbox
	Open        []Department
	Store       Store
	Departments Departments
	Audit       audit.Recorder
	Tx          Transactor
	Clock       hub.Clock
	Random      io.Reader
	Log         *slog.Logger
}

// Registrar registers and answers for sandboxes. It is safe for concurrent use.
type Registrar struct{ o Options }

// New checks the options. Invalid: what is opened to sandboxes; Internal: a dependency is missing.
func New(o Options) (*Registrar, error) {
	const op = "registration.New"
	for _, d := range []struct {
		name    string
		missing bool
	}{
		{"Issuer", o.Issuer == ""},
		{"Store", o.Store == nil},
		{"Departments", o.Departments == nil},
		{"Audit", o.Audit == nil},
		{"Tx", o.Tx == nil},
		{"Clock", o.Clock == nil},
		{"Random", o.Random == nil},
		{"Log", o.Log == nil},
	} {
		if d.missing {
			return nil, hub.Errorf(op, hub.Internal, "no "+d.name)
		}
	}
	if o.Lifetime <= 0 || len(o.Open) == 0 {
		return nil, hub.Errorf(op, hub.Invalid, "no lifetime, or nothing is opened to sandboxes")
	}
	for _, d := range o.Open {
		if !hub.ValidName(string(d.ID)) || slices.Contains(d.Attributes, hub.CitizenID) {
			return nil, hub.Errorf(op, hub.Invalid, "no department, or one whose sandboxes would get the citizen number")
		}
	}
	o.Open = slices.Clone(o.Open)
	return &Registrar{o}, nil
}

// NewToken makes an initial access token and gives the text that its holder presents; the Token keeps the hash only.
func NewToken(random io.Reader, d hub.DepartmentID, most int, now, expires time.Time) (Token, string) {
	secret := hub.NewSecret(random)
	return Token{
		ID: hub.NewID(random), Hash: secret.Hash(), Department: d, Most: most, CreatedAt: now, ExpiresAt: expires,
	}, secret.Reveal()
}

// Good reports whether the token can be used at the time.
func (t Token) Good(at time.Time) bool {
	return t.RevokedAt.IsZero() && at.Before(t.ExpiresAt) && t.Uses < t.Most
}

// now is the time as the database keeps it: whole microseconds.
func (r *Registrar) now() time.Time { return r.o.Clock().UTC().Truncate(time.Microsecond) }

// open finds what is opened to a department's sandboxes.
func (r *Registrar) open(id hub.DepartmentID) (Department, bool) {
	i := slices.IndexFunc(r.o.Open, func(d Department) bool { return d.ID == id })
	if i < 0 {
		return Department{}, false
	}
	return r.o.Open[i], true
}
