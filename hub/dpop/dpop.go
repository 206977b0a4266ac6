// Package dpop reads and judges proofs of possession (RFC 9449 section 4): a JWT in a header of its own, signed by the key of whoever
// sends the request, about this one request. It owns the form, the signature, the key's thumbprint (RFC 7638) and the comparison with the
// request.
//
// It does not own what a proof is good for: whether a key fits a token, whether a proof has come before, and nonces are matters of
// hub/oidcop and hub/client. It stands on the standard library alone, so that systems and gateways can use it through hub/client.
package dpop

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"onedoor/hub"
	"onedoor/hub/strictjson"
)

// Header is the name of the header that carries a proof.
const Header = "DPoP"

const (
	// Window is how far the time in a proof may be from ours, to either side: section 11.1.
	Window = 5 * time.Minute
	// longest is the longest proof, in bytes: that with an RSA key of 4096 bits has some 3000.
	longest = 6 << 10
	// longestID is the longest jti, in bytes.
	longestID = 256
	typ       = "dpop+jwt"
)

// Algorithms are those that a proof may be signed with: asymmetric ones with keys whose form is without doubt, as FAPI 2.0 section 5.4.1
// has them.
func Algorithms() []string { return []string{"ES256", "PS256"} }

// Proof is a proof whose form and signature are good. It says nothing yet about a request: see [Proof.Fits].
type Proof struct {
	Key      [32]byte // thumbprint of the key (RFC 7638, SHA-256)
	ID       string   // jti
	IssuedAt time.Time
	Nonce    string // "" where there is none

	method, url string
	token       string // ath
	expires     time.Time
	before      time.Time
}

// Flaw is why a proof is refused: an error of the Kind Invalid. Both of its texts are fixed, so that they may go out and into the record.
type Flaw struct {
	Word string // for records
	Text string // for the client's developers
}

func (f *Flaw) Error() string { return "dpop: " + f.Text }

// Unwrap gives the Kind.
func (f *Flaw) Unwrap() error { return errInvalid }

var errInvalid = hub.Errorf("dpop", hub.Invalid, "the proof is not good")

// The flaws.
var (
	ErrMissing   = &Flaw{"proof_missing", "a DPoP proof is required"}
	ErrSeveral   = &Flaw{"proof_several", "more than one DPoP header"}
	ErrForm      = &Flaw{"proof_form", "the DPoP proof is not a JWT of moderate size with the type dpop+jwt, and each member once"}
	ErrAlgorithm = &Flaw{"proof_alg", "the DPoP proof must be signed with ES256 or PS256"}
	ErrKey       = &Flaw{"proof_key", "the DPoP proof's jwk must be a public key: EC on P-256, or RSA of 2048 to 4096 bits with exponent 65537"}
	ErrSignature = &Flaw{"proof_signature", "the DPoP proof's signature is wrong"}
	ErrClaims    = &Flaw{"proof_claims", "the DPoP proof needs jti, htm, htu and iat"}
	ErrMethod    = &Flaw{"proof_htm", "the DPoP proof is for another method"}
	ErrURL       = &Flaw{"proof_htu", "the DPoP proof is for another address"}
	ErrTime      = &Flaw{"proof_time", "the DPoP proof is not of now"}
	ErrToken     = &Flaw{"proof_ath", "the DPoP proof is for another access token, or names none"}
	ErrReplay    = &Flaw{"proof_replay", "the DPoP proof has been used"}
)

// Of gives the one proof of a request as it was sent. ErrMissing, ErrSeveral.
func Of(h http.Header) (string, error) {
	all := h.Values(Header)
	switch {
	case len(all) == 0:
		return "", ErrMissing
	case len(all) > 1:
		return "", ErrSeveral
	}
	return all[0], nil
}

// Parse reads a proof and checks its signature with the key that it names (section 4.3, checks 1 to 7). The error is a *Flaw.
func Parse(raw string) (Proof, error) {
	head, rest, ok := strings.Cut(raw, ".")
	body, sig, also := strings.Cut(rest, ".")
	if !ok || !also || len(raw) > longest || strings.ContainsAny(raw, "\r\n") || strings.Contains(sig, ".") {
		return Proof{}, ErrForm
	}
	header, err := part(head)
	if err != nil {
		return Proof{}, err
	}
	if header["typ"] != typ || header["crit"] != nil || header["b64"] != nil {
		return Proof{}, ErrForm
	}
	alg, _ := header["alg"].(string)
	if alg != "ES256" && alg != "PS256" {
		return Proof{}, ErrAlgorithm
	}
	members, ok := header["jwk"].(map[string]any)
	if !ok {
		return Proof{}, ErrKey
	}
	key, err := readKey(members)
	if err != nil {
		return Proof{}, err
	}
	signature, err := strict.DecodeString(sig)
	if err != nil {
		return Proof{}, ErrForm
	}
	if !key.fits(alg) {
		return Proof{}, ErrAlgorithm
	}
	if !key.verify(sha256.Sum256([]byte(raw[:len(head)+1+len(body)])), signature) {
		return Proof{}, ErrSignature
	}
	claims, err := part(body)
	if err != nil {
		return Proof{}, err
	}
	p, err := readClaims(claims)
	p.Key = key.thumbprint()
	return p, err
}

var strict = base64.RawURLEncoding.Strict()

func part(text string) (map[string]any, error) {
	raw, err := strict.DecodeString(text)
	if err != nil {
		return nil, ErrForm
	}
	o, err := strictjson.Object(raw)
	if err != nil {
		return nil, ErrForm
	}
	return o, nil
}

func readClaims(m map[string]any) (p Proof, err error) {
	for name, to := range map[string]*string{"jti": &p.ID, "htm": &p.method, "htu": &p.url, "nonce": &p.Nonce, "ath": &p.token} {
		v, has := m[name]
		s, ok := v.(string)
		if has && (!ok || s == "") {
			return Proof{}, ErrClaims
		}
		*to = s
	}
	for name, to := range map[string]*time.Time{"iat": &p.IssuedAt, "exp": &p.expires, "nbf": &p.before} {
		v, has := m[name]
		if !has {
			continue
		}
		if *to, err = numericDate(v); err != nil {
			return Proof{}, err
		}
	}
	if p.ID == "" || len(p.ID) > longestID || p.method == "" || p.url == "" || p.IssuedAt.IsZero() {
		return Proof{}, ErrClaims
	}
	return p, nil
}

// numericDate reads seconds, perhaps with a fraction (RFC 7519 section 2).
func numericDate(v any) (time.Time, error) {
	n, ok := v.(json.Number)
	if !ok {
		return time.Time{}, ErrClaims
	}
	f, err := n.Float64()
	if err != nil || f < 1 || f > 1<<40 {
		return time.Time{}, ErrClaims
	}
	return time.UnixMicro(int64(f * 1e6)), nil
}

// Request is what a proof must be about.
type Request struct {
	Method string
	// URLs are the addresses under which the request may have been sent, without query and fragment; one of them must fit.
	URLs []string
	// Token is the access token that the request carries; "" for none. The proof must then name it (section 4.3, check 12).
	Token string
}

// Fits compares the proof with the request and the time (section 4.3, checks 8 to 12, without the nonce). The error is a *Flaw.
func (p Proof) Fits(r Request, now time.Time) error {
	switch {
	case p.method != r.Method:
		return ErrMethod
	case !anyURL(p.url, r.URLs):
		return ErrURL
	case p.IssuedAt.Before(now.Add(-Window)) || p.IssuedAt.After(now.Add(Window)):
		return ErrTime
	case !p.expires.IsZero() && !now.Before(p.expires.Add(skew)), !p.before.IsZero() && p.before.After(now.Add(skew)):
		return ErrTime
	case r.Token != "" && !p.names(r.Token):
		return ErrToken
	}
	return nil
}

// skew is between the sender's clock and ours, where the proof itself states its times.
const skew = time.Minute

func (p Proof) names(token string) bool {
	sum := sha256.Sum256([]byte(token))
	var text [43]byte
	base64.RawURLEncoding.Encode(text[:], sum[:])
	return subtle.ConstantTimeCompare(text[:], []byte(p.token)) == 1
}

// Once is the key under which a proof counts as used: the key that made it, and its own id (section 11.1).
func (p Proof) Once() string { return base64.RawURLEncoding.EncodeToString(p.Key[:]) + " " + p.ID }

// Until is the time from which the proof is too old for anybody, clocks that lag included: it need not be remembered longer.
func (p Proof) Until() time.Time { return p.IssuedAt.Add(Window + skew) }
