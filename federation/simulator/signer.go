package simulator

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"

	"github.com/go-jose/go-jose/v4"

	"onedoor/hub"
)

// Signer signs tokens with ES256 (RFC 7518 section 3.4), and can do what a provider must not.
type Signer struct {
	key    jose.JSONWebKey
	rogue  jose.JSONWebKey // not published, under the published key's id
	public []byte          // JWK Set
}

// NewSigner makes a key.
func NewSigner(random io.Reader) (*Signer, error) {
	const op = "simulator.NewSigner"
	kid := hub.NewID(random)
	key, err := ecdsa.GenerateKey(elliptic.P256(), random)
	if err != nil {
		return nil, hub.E(op, hub.Internal, err)
	}
	rogue, err := ecdsa.GenerateKey(elliptic.P256(), random)
	if err != nil {
		return nil, hub.E(op, hub.Internal, err)
	}
	set, err := json.Marshal(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{
		{Key: key.Public(), KeyID: kid, Use: "sig", Algorithm: string(jose.ES256)},
	}})
	if err != nil {
		return nil, hub.E(op, hub.Internal, err)
	}
	return &Signer{key: jose.JSONWebKey{Key: key, KeyID: kid}, rogue: jose.JSONWebKey{Key: rogue, KeyID: kid}, public: set}, nil
}

// KeySet is the JWK Set to publish.
func (s *Signer) KeySet() []byte { return s.public }

// Sign gives a signed token.
func (s *Signer) Sign(claims map[string]any) (string, error) {
	return sign(jose.ES256, s.key, "JWT", claims)
}

// SignAs gives a signed token of another type (typ).
func (s *Signer) SignAs(typ string, claims map[string]any) (string, error) {
	return sign(jose.ES256, s.key, typ, claims)
}

// Read gives the claims of a token that this signer made, whatever its times say.
func (s *Signer) Read(raw string) (map[string]any, bool) {
	jws, err := jose.ParseSignedCompact(raw, []jose.SignatureAlgorithm{jose.ES256})
	if err != nil {
		return nil, false
	}
	payload, err := jws.Verify(s.key.Public())
	if err != nil {
		return nil, false
	}
	var claims map[string]any
	return claims, json.Unmarshal(payload, &claims) == nil
}

// SignRogue gives a token under the published key's id, signed with another key.
func (s *Signer) SignRogue(claims map[string]any) (string, error) {
	return sign(jose.ES256, s.rogue, "JWT", claims)
}

// SignedWithSecret gives a token signed with a client secret (HS256), which a hub that knows public keys only must not accept.
func SignedWithSecret(secret string, claims map[string]any) (string, error) {
	key := sha256.Sum256([]byte(secret))
	return sign(jose.HS256, key[:], "JWT", claims)
}

func sign(alg jose.SignatureAlgorithm, key any, typ string, claims map[string]any) (string, error) {
	const op = "simulator.Sign"
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: alg, Key: key}, (&jose.SignerOptions{}).WithType(jose.ContentType(typ)))
	if err != nil {
		return "", hub.E(op, hub.Internal, err)
	}
	payload, err := json.Marshal(claims)
	if err != nil {
		return "", hub.E(op, hub.Internal, err)
	}
	jws, err := signer.Sign(payload)
	if err != nil {
		return "", hub.E(op, hub.Internal, err)
	}
	token, err := jws.CompactSerialize()
	if err != nil {
		return "", hub.E(op, hub.Internal, err)
	}
	return token, nil
}

// Unsigned gives a token with alg none (RFC 7519 section 6), which nobody may accept.
func Unsigned(claims map[string]any) (string, error) {
	payload, err := json.Marshal(claims)
	if err != nil {
		return "", hub.E("simulator.Unsigned", hub.Internal, err)
	}
	encode := base64.RawURLEncoding.EncodeToString
	return encode([]byte(`{"alg":"none","typ":"JWT"}`)) + "." + encode(payload) + ".", nil
}

// AtHash gives at_hash of an access token for ES256 (OpenID Connect Core section 3.1.3.6).
func AtHash(access string) string {
	sum := sha256.Sum256([]byte(access))
	return base64.RawURLEncoding.EncodeToString(sum[:len(sum)/2])
}

// Encrypt gives a text as JWE for a public key (RFC 7516) by the key's algorithm, the content in A256GCM. content is its media type
// without "application/" (cty), empty where it is not told.
func Encrypt(key jose.JSONWebKey, content, text string) (string, error) {
	const op = "simulator.Encrypt"
	options := &jose.EncrypterOptions{}
	if content != "" {
		options = options.WithContentType(jose.ContentType(content))
	}
	to := jose.Recipient{Algorithm: jose.KeyAlgorithm(key.Algorithm), Key: key.Key, KeyID: key.KeyID}
	e, err := jose.NewEncrypter(jose.A256GCM, to, options)
	if err != nil {
		return "", hub.E(op, hub.Internal, err)
	}
	message, err := e.Encrypt([]byte(text))
	if err != nil {
		return "", hub.E(op, hub.Internal, err)
	}
	out, err := message.CompactSerialize()
	if err != nil {
		return "", hub.E(op, hub.Internal, err)
	}
	return out, nil
}

// SignRogueAs is SignRogue with another type (typ).
func (s *Signer) SignRogueAs(typ string, claims map[string]any) (string, error) {
	return sign(jose.ES256, s.rogue, typ, claims)
}
