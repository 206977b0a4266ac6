package dpop

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"math/big"
	"strings"
)

// key is a public key from a proof. Exactly one of the two is set.
type key struct {
	ec    *ecdsa.PublicKey
	rsa   *rsa.PublicKey
	input string // of the thumbprint: RFC 7638 section 3
}

// private are the members of a JWK that no stranger may send us: a key that travels is a secret no more (section 4.3, check 7).
var private = []string{"d", "p", "q", "dp", "dq", "qi", "oth", "k"}

// readKey reads a public JWK (RFC 7517, RFC 7518 section 6). Every number has one spelling, so every key has one thumbprint.
func readKey(m map[string]any) (key, error) {
	for _, name := range private {
		if _, has := m[name]; has {
			return key{}, ErrKey
		}
	}
	text := func(name string) string { s, _ := m[name].(string); return s }
	switch {
	case text("kty") == "EC" && text("crv") == "P-256":
		return ecKey(text("x"), text("y"))
	case text("kty") == "RSA":
		return rsaKey(text("n"), text("e"))
	}
	return key{}, ErrKey
}

func ecKey(x, y string) (key, error) {
	point := make([]byte, 1, 65)
	point[0] = 4 // uncompressed: SEC 1 section 2.3.3
	for _, s := range []string{x, y} {
		if base64.RawURLEncoding.DecodedLen(len(s)) != 32 {
			return key{}, ErrKey
		}
		var err error
		if point, err = strict.AppendDecode(point, []byte(s)); err != nil {
			return key{}, ErrKey
		}
	}
	public, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), point) // it must be on the curve
	if err != nil {
		return key{}, ErrKey
	}
	return key{ec: public, input: `{"crv":"P-256","kty":"EC","x":"` + x + `","y":"` + y + `"}`}, nil
}

// exponent is the one that everybody uses, as bytes; a large one would only cost time.
const exponent = "AQAB"

func rsaKey(n, e string) (key, error) {
	raw, err := strict.DecodeString(n)
	if err != nil || e != exponent || strings.ContainsAny(n, "\r\n") || len(raw) > 512 || len(raw) < 256 || raw[0]&0x80 == 0 && len(raw) == 256 || raw[0] == 0 {
		return key{}, ErrKey
	}
	return key{rsa: &rsa.PublicKey{N: new(big.Int).SetBytes(raw), E: 65537}, input: `{"e":"AQAB","kty":"RSA","n":"` + n + `"}`}, nil
}

// thumbprint is that of RFC 7638 with SHA-256.
func (k key) thumbprint() [32]byte { return sha256.Sum256([]byte(k.input)) }

func (k key) fits(alg string) bool {
	return k.ec != nil && alg == "ES256" || k.rsa != nil && alg == "PS256"
}

// verify checks a signature as RFC 7518 writes it: r and s of 32 bytes each (section 3.4), or PSS with a salt as long as the hash
// (section 3.5).
func (k key) verify(digest [32]byte, signature []byte) bool {
	if k.ec != nil {
		return len(signature) == 64 &&
			ecdsa.Verify(k.ec, digest[:], new(big.Int).SetBytes(signature[:32]), new(big.Int).SetBytes(signature[32:]))
	}
	return rsa.VerifyPSS(k.rsa, crypto.SHA256, digest[:], signature, &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash}) == nil
}
