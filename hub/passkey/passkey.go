// Package passkey recognises a machine by a key that rests on it and can't leave it: the two ceremonies of Web Authentication (W3C, Level 3,
// sections 7.1 and 7.2), one that makes the key and one that shows it again.
//
// # What it holds to
//
//   - The key stays on the machine: what may be copied to others (a backup-eligible credential, section 6.1.3) is refused, because here it
//     stands for a place and not for a person.
//   - A ceremony counts once, for a few minutes, and only for what it was begun for ([About]): its state travels sealed through the browser, and its
//     challenge is used up by a unique index (invariant 6).
//   - It asks for no attestation and keeps nothing that could tell one person's machines from another's but the key itself. The name that the browser
//     shows is given by who calls and must be no person's.
//
// It does not own the register of machines, whose they are, or what they are good for (authz). Nobody signs in by it.
package passkey

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/url"
	"strings"
	"time"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/protocol/webauthncose"
	"github.com/go-webauthn/webauthn/webauthn"

	"onedoor/hub"
	"onedoor/hub/envelope"
)

// Credential is the public part of a key (section 4, "public key credential").
type Credential struct {
	ID        []byte // 16 to 1023 bytes
	PublicKey []byte // COSE_Key (RFC 9052 section 7)
	SignCount uint32
}

// About is what a ceremony is for. All of it must be the same at its end.
type About struct {
	Session hub.SessionID // whose browser it is in
	Party   string        // whose machine it is: an id, no name
}

// Ceremony is one under way: what the browser is asked, and what it brings back beside its answer.
type Ceremony struct {
	Options []byte // JSON: PublicKeyCredentialCreationOptionsJSON or PublicKeyCredentialRequestOptionsJSON (sections 5.1.8 and 5.1.9)
	Carried string // sealed; text of [A-Za-z0-9_.-]
}

// Once remembers single-use things by a unique index.
type Once interface {
	// Use notes (kind, key) until expires. Consumed where it was noted before.
	Use(ctx context.Context, kind, key string, expires time.Time) error
}

// Options are what Ceremonies are made of. All are required.
type Options struct {
	Issuer string // the hub's own address: https://host, or http://localhost in a demo
	Name   string // of the hub, shown by the browser
	Keys   envelope.Keys
	Once   Once
	Clock  hub.Clock
	Random io.Reader
}

// Ceremonies begins and ends them.
type Ceremonies struct {
	o   Options
	lib *webauthn.WebAuthn
}

// Life is how long a ceremony may take.
const Life = 5 * time.Minute

// MaxAnswer is the longest answer of a browser that is looked at, in bytes.
const MaxAnswer = 32 << 10

const (
	making  = "passkey/make"
	showing = "passkey/show"
)

// New checks the options. Invalid where one is missing, or browsers would have nothing to do with the address.
func New(o Options) (*Ceremonies, error) {
	const op = "passkey.New"
	if o.Name == "" || o.Keys == nil || o.Once == nil || o.Clock == nil || o.Random == nil {
		return nil, hub.Errorf(op, hub.Invalid, "an option is missing")
	}
	u, ok := trustworthy(o.Issuer)
	if !ok {
		return nil, hub.Errorf(op, hub.Invalid, "keys on machines need https, or localhost")
	}
	lib, err := webauthn.New(&webauthn.Config{
		RPID: u.Hostname(), RPDisplayName: o.Name, RPOrigins: []string{u.Scheme + "://" + u.Host},
		AttestationPreference: protocol.PreferNoAttestation,
	})
	if err != nil {
		return nil, hub.E(op, hub.Invalid, err)
	}
	return &Ceremonies{o, lib}, nil
}

// Possible reports whether browsers make keys for the hub's address: it is https, or on the own machine (section 5.1.3, "secure context").
func Possible(issuer string) bool {
	_, ok := trustworthy(issuer)
	return ok
}

func trustworthy(issuer string) (*url.URL, bool) {
	u, err := url.Parse(issuer)
	if err != nil || u.Hostname() == "" {
		return nil, false
	}
	here := u.Hostname() == "localhost" || strings.HasSuffix(u.Hostname(), ".localhost")
	return u, u.Scheme == "https" || u.Scheme == "http" && here
}

// state is a ceremony on its way through the browser.
type state struct {
	About   About                `json:"a"`
	Session webauthn.SessionData `json:"s"`
	Until   time.Time            `json:"u"`
}

// Make asks for a new key on the machine at which the person sits. Name is the machine's and is shown by the browser; taken are the keys that
// the party has, so that a machine gets no second one. Invalid, Unavailable.
func (c *Ceremonies) Make(about About, name string, taken []Credential) (Ceremony, error) {
	const op = "passkey.Make"
	if about.Session == "" || about.Party == "" || name == "" {
		return Ceremony{}, hub.Errorf(op, hub.Invalid, "whose machine is it, and what is it called?")
	}
	asked, s, err := c.lib.BeginRegistration(party{about: about, name: name},
		webauthn.WithAuthenticatorSelection(protocol.AuthenticatorSelection{
			AuthenticatorAttachment: protocol.Platform, // built in: a key on a stick walks from machine to machine
			ResidentKey:             protocol.ResidentKeyRequirementDiscouraged,
			UserVerification:        protocol.VerificationPreferred,
		}),
		webauthn.WithCredentialParameters(algorithms()),
		webauthn.WithExclusions(descriptors(taken)))
	if err != nil {
		return Ceremony{}, hub.E(op, hub.Internal, err)
	}
	return c.begun(making, about, asked.Response, s)
}

// Made ends Make: the key, which nobody had before. Invalid, Expired, Consumed; Refused where the key could leave the machine.
func (c *Ceremonies) Made(ctx context.Context, about About, carried string, answer []byte) (Credential, error) {
	const op = "passkey.Made"
	s, err := c.ended(ctx, making, about, carried, answer)
	if err != nil {
		return Credential{}, err
	}
	said, err := protocol.ParseCredentialCreationResponseBytes(answer)
	if err != nil {
		return Credential{}, bad(op)
	}
	made, err := c.lib.CreateCredential(party{about: about}, s.Session, said)
	if err != nil {
		return Credential{}, bad(op)
	}
	if made.Flags.BackupEligible {
		return Credential{}, hub.Errorf(op, hub.Refused, "this key can be copied to other machines")
	}
	return Credential{ID: made.ID, PublicKey: made.PublicKey, SignCount: made.Authenticator.SignCount}, nil
}

// Show asks for the proof that one of the machines is the one at which the person sits. NotFound where there is none.
func (c *Ceremonies) Show(about About, machines []Credential) (Ceremony, error) {
	const op = "passkey.Show"
	switch {
	case about.Session == "" || about.Party == "":
		return Ceremony{}, hub.Errorf(op, hub.Invalid, "whose machine is it?")
	case len(machines) == 0:
		return Ceremony{}, hub.Errorf(op, hub.NotFound, "no machine is registered")
	}
	asked, s, err := c.lib.BeginLogin(party{about: about, machines: machines}, webauthn.WithUserVerification(protocol.VerificationPreferred))
	if err != nil {
		return Ceremony{}, hub.E(op, hub.Internal, err)
	}
	return c.begun(showing, about, asked.Response, s)
}

// Shown ends Show: which of the machines has signed, with its new counter. The register holds the counter against the one that it knows
// (section 6.1.1). Machines are those that count now: one that was taken out meanwhile does not. Invalid, Expired, Consumed.
func (c *Ceremonies) Shown(ctx context.Context, about About, machines []Credential, carried string, answer []byte) (Credential, error) {
	const op = "passkey.Shown"
	s, err := c.ended(ctx, showing, about, carried, answer)
	if err != nil {
		return Credential{}, err
	}
	said, err := protocol.ParseCredentialRequestResponseBytes(answer)
	if err != nil {
		return Credential{}, bad(op)
	}
	who := party{about: about, machines: machines}
	s.Session.AllowedCredentialIDs = nil // those that are registered now count, not those of then
	shown, err := c.lib.ValidateLogin(who, s.Session, said)
	if err != nil {
		return Credential{}, bad(op)
	}
	return Credential{ID: shown.ID, PublicKey: shown.PublicKey, SignCount: said.Response.AuthenticatorData.Counter}, nil
}

// bad is one and the same error whatever is wrong with an answer.
func bad(op string) error {
	return hub.Errorf(op, hub.Invalid, "the browser's answer is not good for this")
}

func (c *Ceremonies) begun(purpose string, about About, options any, s *webauthn.SessionData) (Ceremony, error) {
	const op = "passkey.begun"
	raw, err := json.Marshal(options)
	if err != nil {
		return Ceremony{}, hub.E(op, hub.Internal, err)
	}
	s.Expires = time.Time{} // by our clock, not by the library's
	carried, err := envelope.Carry(c.o.Keys, c.o.Random, purpose, state{About: about, Session: *s, Until: c.o.Clock().Add(Life)})
	if err != nil {
		return Ceremony{}, err
	}
	return Ceremony{Options: raw, Carried: carried}, nil
}

// ended opens what was carried and uses it up, whatever the answer is worth: who guesses begins anew.
func (c *Ceremonies) ended(ctx context.Context, purpose string, about About, carried string, answer []byte) (state, error) {
	const op = "passkey.ended"
	var s state
	if err := envelope.Carried(c.o.Keys, purpose, carried, &s); err != nil {
		return state{}, err
	}
	switch {
	case len(answer) == 0 || len(answer) > MaxAnswer || s.About != about || s.Session.Challenge == "":
		return state{}, bad(op)
	case !c.o.Clock().Before(s.Until):
		return state{}, hub.Errorf(op, hub.Expired, "it took too long")
	}
	key := sha256.Sum256([]byte(s.Session.Challenge))
	if err := c.o.Once.Use(ctx, purpose, hex.EncodeToString(key[:]), s.Until); err != nil {
		return state{}, err
	}
	return s, nil
}

// algorithms are those that machines have: ES256, and RS256 for Windows Hello on older chips.
func algorithms() []protocol.CredentialParameter {
	return []protocol.CredentialParameter{
		{Type: protocol.PublicKeyCredentialType, Algorithm: webauthncose.AlgES256},
		{Type: protocol.PublicKeyCredentialType, Algorithm: webauthncose.AlgRS256},
	}
}

// party is whose machines they are, in the library's words.
type party struct {
	about    About
	name     string
	machines []Credential
}

// WebAuthnID is the user handle (section 5.4.3): a hash, as the id of the party is not for the machine to know.
func (p party) WebAuthnID() []byte {
	h := sha256.Sum256([]byte("onedoor/passkey/" + p.about.Party))
	return h[:]
}

func (p party) WebAuthnName() string        { return p.name }
func (p party) WebAuthnDisplayName() string { return p.name }

func (p party) WebAuthnCredentials() []webauthn.Credential {
	out := make([]webauthn.Credential, 0, len(p.machines))
	for _, m := range p.machines {
		out = append(out, webauthn.Credential{ID: m.ID, PublicKey: m.PublicKey, Authenticator: webauthn.Authenticator{SignCount: m.SignCount}})
	}
	return out
}

func descriptors(machines []Credential) []protocol.CredentialDescriptor {
	out := make([]protocol.CredentialDescriptor, 0, len(machines))
	for _, m := range machines {
		out = append(out, protocol.CredentialDescriptor{Type: protocol.PublicKeyCredentialType, CredentialID: m.ID})
	}
	return out
}
