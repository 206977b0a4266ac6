package keys

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"strings"

	jose "github.com/go-jose/go-jose/v4"

	"onedoor/hub"
)

// SignJWT gives claims as a signed JWT (RFC 7519) in JWS compact form, with the headers alg, kid and typ. Claims must be
// rendered by encoding/json as an object; typ is the media type without "application/", for instance "JWT", "at+jwt",
// "logout+jwt" (RFC 8725 section 3.11). NotFound where there is no key for alg; Invalid; Internal.
func (r *Ring) SignJWT(alg, typ string, claims any) (string, error) {
	const op = "keys.SignJWT"
	payload, err := json.Marshal(claims)
	if err != nil {
		return "", hub.Errorf(op, hub.Invalid, "claims that are not JSON") // the cause could quote a claim
	}
	if len(payload) == 0 || payload[0] != '{' {
		return "", hub.Errorf(op, hub.Invalid, "claims must be an object")
	}
	if alg == ES256 {
		return r.signES256(op, typ, payload)
	}
	jws, err := r.sign256(op, alg, typ, payload)
	if err != nil {
		return "", err
	}
	text, err := jws.CompactSerialize()
	if err != nil {
		return "", hub.E(op, hub.Internal, err)
	}
	return text, nil
}

// signES256 writes the compact form by hand (RFC 7515 section 3.1, RFC 7518 section 3.4): every login signs one, and the general way costs
// as much again as the signature.
func (r *Ring) signES256(op, typ string, payload []byte) (string, error) {
	if !validType(typ) {
		return "", hub.Errorf(op, hub.Invalid, "not a media type")
	}
	s, err := r.Signer(ES256)
	if err != nil {
		return "", err
	}
	key, ok := s.Key.(*ecdsa.PrivateKey)
	if !ok || key.Curve != elliptic.P256() {
		return "", hub.Errorf(op, hub.Internal, "a key of another kind")
	}
	kid, err := json.Marshal(s.KeyID)
	if err != nil {
		return "", hub.E(op, hub.Internal, err)
	}
	var head [256]byte
	protected := append(append(append(head[:0], `{"alg":"ES256","kid":`...), kid...), `,"typ":"`...)
	protected = append(append(protected, typ...), `"}`...) // of a few harmless characters, see validType
	const signature = 64                                   // R and S, 32 bytes each
	b64 := base64.RawURLEncoding
	out := make([]byte, 0, b64.EncodedLen(len(protected))+b64.EncodedLen(len(payload))+b64.EncodedLen(signature)+2)
	out = append(b64.AppendEncode(out, protected), '.')
	out = b64.AppendEncode(out, payload)
	hash := sha256.Sum256(out)
	x, y, err := ecdsa.Sign(rand.Reader, key, hash[:])
	if err != nil {
		return "", hub.E(op, hub.Internal, err)
	}
	var sig [signature]byte
	x.FillBytes(sig[:signature/2])
	y.FillBytes(sig[signature/2:])
	return string(b64.AppendEncode(append(out, '.'), sig[:])), nil
}

// SignDetached signs bytes that are kept elsewhere: JWS compact form with an empty payload (RFC 7515 appendix F).
// The typ keeps signatures of different purposes apart. NotFound, Invalid, Internal.
func (r *Ring) SignDetached(alg, typ string, payload []byte) (string, error) {
	const op = "keys.SignDetached"
	jws, err := r.sign256(op, alg, typ, payload)
	if err != nil {
		return "", err
	}
	text, err := jws.DetachedCompactSerialize()
	if err != nil {
		return "", hub.E(op, hub.Internal, err)
	}
	return text, nil
}

func (r *Ring) sign256(op, alg, typ string, payload []byte) (*jose.JSONWebSignature, error) {
	if !validType(typ) {
		return nil, hub.Errorf(op, hub.Invalid, "not a media type")
	}
	s, err := r.Signer(alg)
	if err != nil {
		return nil, err
	}
	signer, err := jose.NewSigner(jose.SigningKey{
		Algorithm: jose.SignatureAlgorithm(alg),
		Key:       jose.JSONWebKey{Key: s.Key, KeyID: s.KeyID, Algorithm: alg},
	}, (&jose.SignerOptions{}).WithType(jose.ContentType(typ)))
	if err != nil {
		return nil, hub.E(op, hub.Internal, err)
	}
	jws, err := signer.Sign(payload)
	if err != nil {
		return nil, hub.E(op, hub.Internal, err)
	}
	return jws, nil
}

// CheckDetached checks a signature that SignDetached of this hub made over the payload for the same typ. The algorithm is that
// of the key named by kid, never that of the header alone. NotFound where the key is gone or never was ours; Invalid.
func (r *Ring) CheckDetached(typ string, payload []byte, signature string) error {
	const op = "keys.CheckDetached"
	bad := hub.Errorf(op, hub.Invalid, "not a signature of ours")
	if len(signature) > 4096 || !validType(typ) {
		return bad
	}
	jws, err := jose.ParseDetached(signature, payload, []jose.SignatureAlgorithm{ES256, RS256, PS256})
	if err != nil || len(jws.Signatures) != 1 {
		return bad
	}
	head := jws.Signatures[0].Protected
	if t, _ := head.ExtraHeaders[jose.HeaderType].(string); t != typ {
		return bad
	}
	for _, k := range r.VerificationKeys() {
		if k.KeyID != head.KeyID {
			continue
		}
		if k.Alg != head.Algorithm || jws.DetachedVerify(payload, k.Key) != nil {
			return bad
		}
		return nil
	}
	return hub.Errorf(op, hub.NotFound, "signed by a key that is gone")
}

func validType(typ string) bool {
	return typ != "" && len(typ) <= 64 &&
		strings.Trim(typ, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-.") == ""
}
