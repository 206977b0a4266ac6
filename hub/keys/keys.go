// Package keys owns the hub's keys: signing keys (published, rotated with overlap), sealing keys for access tokens, and
// index keys for keyed hashes. Private parts rest in the database only sealed under the master key, which comes from a file
// or the environment and is never in the database.
//
// It does not own what is signed, sealed or hashed.
package keys

import (
	"context"
	"log/slog"
	"time"
)

// The algorithms. RS256 and PS256 are there for systems that ask for them: an RSA signature costs more than twenty times
// an ES256 one (architecture D9), and making the key far more, so those keys come into being when first asked for.
const (
	ES256   = "ES256"   // ECDSA on P-256 with SHA-256, RFC 7518 section 3.4
	RS256   = "RS256"   // RSASSA-PKCS1-v1_5 with SHA-256, RFC 7518 section 3.3
	PS256   = "PS256"   // RSASSA-PSS with SHA-256, RFC 7518 section 3.5
	A256GCM = "A256GCM" // AES-256 in Galois/Counter Mode, NIST SP 800-38D
	HS256   = "HS256"   // HMAC-SHA-256

	RSAOAEP256 = "RSA-OAEP-256" // key encryption with RSAES-OAEP and SHA-256, RFC 7518 section 4.3
	ECDHES     = "ECDH-ES"      // key agreement on P-256, RFC 7518 section 4.6
)

// Use tells what a key is for.
type Use string

// The uses.
const (
	Sign  Use = "sign"  // signatures over tokens; public part in the JWKS
	Seal  Use = "seal"  // AES-256-GCM of access tokens
	Index Use = "index" // HMAC-SHA-256 for keyed hashes and pairwise subjects; never rotated by schedule: the hashes hang on it
	// Decrypt opens what providers encrypt for the hub (RFC 7516); the public part of the key in use is in the JWKS with use "enc".
	// Such keys come into being when a provider is registered so, see [Ring.EnsureDecryption].
	Decrypt Use = "decrypt"
	// SAML is for SAML messages: RS256 signs them, RSA-OAEP-256 opens what is encrypted for the hub in them. The public parts are in SAML
	// metadata, as certificates, and nowhere else: many peers read metadata once, so these keys live for years (see [DefaultSAMLActive])
	// and are none of those that relying parties of OpenID Connect learn anew every day. They come into being when first needed, see
	// [Ring.EnsureSAML].
	SAML Use = "saml"
)

// Record is a key as it rests.
type Record struct {
	ID         string // kid
	Use        Use
	Alg        string // ES256, RS256, PS256; A256GCM; HS256; RSA-OAEP-256, ECDH-ES
	Public     []byte // JWK, for Sign, Decrypt and SAML
	Sealed     []byte // private or secret part, sealed under the master key; empty once shredded
	Master     string // id of that master key
	CreatedAt  time.Time
	ActiveFrom time.Time // from then it signs or seals; published before
	RetireAt   time.Time // from then it only verifies or opens; zero: none set
	ExpiresAt  time.Time // from then it is gone; zero: none set
}

// Store keeps keys.
type Store interface {
	// List gives all keys, oldest first, with the version of the list.
	List(ctx context.Context) ([]Record, int64, error)
	// Version tells the version: it changes whenever a key does.
	Version(ctx context.Context) (int64, error)
	// Add adds a key if the version is still the given one. Conflict otherwise: another node was faster.
	Add(ctx context.Context, r Record, version int64) error
	// Update replaces Sealed, Master, ActiveFrom, RetireAt and ExpiresAt if the version is still the given one. Conflict
	// otherwise, so that no node undoes what another has just done (a revoked key must stay revoked); NotFound.
	Update(ctx context.Context, r Record, version int64) error
}

// LogValue shows what is not sealed.
func (r Record) LogValue() slog.Value {
	return slog.GroupValue(slog.String("id", r.ID), slog.String("use", string(r.Use)), slog.String("alg", r.Alg))
}
