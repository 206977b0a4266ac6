package token

import (
	"encoding/base64"

	"onedoor/hub"
)

// Thumbprint is the SHA-256 of what a token is bound to; zero for nothing.
type Thumbprint [32]byte

// IsZero reports whether there is none.
func (t Thumbprint) IsZero() bool { return t == Thumbprint{} }

// String gives it as on the wire: base64url without padding; "" for none.
func (t Thumbprint) String() string {
	if t.IsZero() {
		return ""
	}
	return base64.RawURLEncoding.EncodeToString(t[:])
}

// Append appends it as on the wire.
func (t Thumbprint) Append(to []byte) []byte { return base64.RawURLEncoding.AppendEncode(to, t[:]) }

// ParseThumbprint reads what String gives; "" is none. Invalid for everything else that is not exactly 32 bytes.
func ParseThumbprint(s string) (t Thumbprint, err error) {
	if s == "" {
		return t, nil
	}
	if base64.RawURLEncoding.DecodedLen(len(s)) != len(t) {
		return t, hub.Errorf("token.ParseThumbprint", hub.Invalid, "not a SHA-256 in base64url")
	}
	for i := range len(s) { // the decoder skips line breaks
		if s[i] == '\n' || s[i] == '\r' {
			return t, hub.Errorf("token.ParseThumbprint", hub.Invalid, "not a SHA-256 in base64url")
		}
	}
	if n, err := strictEncoding.Decode(t[:], []byte(s)); err != nil || n != len(t) || t.IsZero() {
		return Thumbprint{}, hub.Errorf("token.ParseThumbprint", hub.Invalid, "not a SHA-256 in base64url")
	}
	return t, nil
}

// Confirmation is what a token is bound to (RFC 7800 cnf): whoever shows the token must show every one that is set. With none of them
// the token is of the bearer.
type Confirmation struct {
	Key         Thumbprint // jkt: of the DPoP key (RFC 9449 section 6.1)
	Certificate Thumbprint // x5t#S256: of the TLS client certificate (RFC 8705 section 3.1)
}

// IsZero reports whether the token is of the bearer.
func (c Confirmation) IsZero() bool { return c.Key.IsZero() && c.Certificate.IsZero() }

// Type is the token's type on the wire (RFC 9449 section 5, RFC 8705 section 3).
func (c Confirmation) Type() string {
	if c.Key.IsZero() {
		return "Bearer"
	}
	return "DPoP"
}

// Members gives the members of cnf; nil for none.
func (c Confirmation) Members() map[string]string {
	if c.IsZero() {
		return nil
	}
	m := map[string]string{}
	if !c.Key.IsZero() {
		m["jkt"] = c.Key.String()
	}
	if !c.Certificate.IsZero() {
		m["x5t#S256"] = c.Certificate.String()
	}
	return m
}
