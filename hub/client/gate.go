package client

import (
	"context"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"onedoor/hub"
	"onedoor/hub/dpop"
)

// Confirmation is what a token is bound to (RFC 7800 cnf); zero for a bearer token. Both are thumbprints as they stand on the wire.
type Confirmation struct {
	Key         string // jkt (RFC 9449 section 6.1)
	Certificate string // x5t#S256 (RFC 8705 section 3.1)
}

// UnmarshalJSON reads cnf. A way of binding that this package does not know can't be checked: such a token is not read at all.
func (c *Confirmation) UnmarshalJSON(text []byte) error {
	members := map[string]string{}
	if err := json.Unmarshal(text, &members); err != nil {
		return errors.New("cnf is no object of texts")
	}
	for name, value := range members {
		switch {
		case value == "":
			return errors.New("cnf has an empty member")
		case name == "jkt":
			c.Key = value
		case name == "x5t#S256":
			c.Certificate = value
		default:
			return errors.New("cnf has an unknown member")
		}
	}
	if len(members) == 0 {
		return errors.New("cnf is empty")
	}
	return nil
}

// GateOptions are what a Gate is made of. Client or Verifier, Address and Clock are required.
type GateOptions struct {
	Client   *Client   // asks the hub about each token; or
	Verifier *Verifier // checks JWT access tokens by itself
	Address  string    // of this system as its callers write it, without a path: "https://api.land.example"
	Clock    hub.Clock
	// Certificate gives the certificate that a caller proved to hold; where nil, that of the connection. A system behind a proxy reads here what
	// its proxy hands on, and only from there.
	Certificate func(r *http.Request) *x509.Certificate
	// Once notes that a proof was used, under a key, for as long as it is good: false where it was before. Where nil, this process remembers
	// by itself; several instances of a system then each take a proof once.
	Once func(ctx context.Context, key string, proof dpop.Proof) (bool, error)
}

// Gate lets callers of a system's API in: those whose access token is active, and who hold what it is bound to (RFC 6750, RFC 9449 section 7,
// RFC 8705 section 3). It is safe for concurrent use.
type Gate struct {
	o GateOptions
}

// NewGate checks the options. Invalid.
func NewGate(o GateOptions) (*Gate, error) {
	const op = "client.NewGate"
	u, err := url.Parse(o.Address)
	switch {
	case err != nil || u.Host == "" || u.Path != "" || u.RawQuery != "" || u.Scheme != "https" && u.Scheme != "http":
		return nil, hub.Errorf(op, hub.Invalid, "the address must have a scheme and a host, and nothing behind them")
	case (o.Client == nil) == (o.Verifier == nil) || o.Clock == nil:
		return nil, hub.Errorf(op, hub.Invalid, "either a client or a verifier is required, and a clock")
	}
	if o.Certificate == nil {
		o.Certificate = func(r *http.Request) *x509.Certificate {
			if r.TLS == nil || len(r.TLS.PeerCertificates) == 0 {
				return nil
			}
			return r.TLS.PeerCertificates[0]
		}
	}
	if o.Once == nil {
		known := newReplays(o.Clock)
		o.Once = known.once
	}
	return &Gate{o: o}, nil
}

// Admit tells who calls. Unauthenticated: there is no token, or more than one. Invalid: the proof is not good for this request, has been used,
// or is another's than the token's. Consumed, Expired: the token is not active, or not for this system. Unavailable: that can't be known now.
func (g *Gate) Admit(r *http.Request) (Answer, error) {
	const op = "client.Admit"
	raw, scheme, err := presented(r)
	if err != nil {
		return Answer{}, err
	}
	held, proof, err := g.held(r, raw, scheme)
	if err != nil {
		return Answer{}, err
	}
	a, err := g.check(r.Context(), raw, held)
	if hub.KindOf(err) == hub.Unauthenticated { // not the caller: this system itself
		return Answer{}, hub.E(op, hub.Unavailable, err)
	}
	if err != nil {
		return Answer{}, err
	}
	switch bound := a.Confirmation; {
	case bound.Key != held.Key: // both ways: a bound token is no bearer token, and a bearer token no bound one
		return Answer{}, hub.Errorf(op, hub.Invalid, "the token is bound to another key, or to none")
	case bound.Certificate != "" && bound.Certificate != held.Certificate:
		return Answer{}, hub.Errorf(op, hub.Invalid, "the token is bound to another certificate")
	case proof == nil:
		return a, nil
	}
	fresh, err := g.o.Once(r.Context(), proof.Once(), *proof)
	switch {
	case err != nil:
		return Answer{}, hub.E(op, hub.Unavailable, err)
	case !fresh:
		return Answer{}, hub.E(op, hub.Invalid, dpop.ErrReplay)
	}
	return a, nil
}

// held is what the sender proves.
func (g *Gate) held(r *http.Request, raw, scheme string) (h Held, proof *dpop.Proof, err error) {
	if c := g.o.Certificate(r); c != nil {
		sum := sha256.Sum256(c.Raw)
		h.Certificate = base64.RawURLEncoding.EncodeToString(sum[:])
	}
	if scheme != schemeDPoP {
		return h, nil, nil
	}
	text, err := dpop.Of(r.Header)
	var p dpop.Proof
	if err == nil {
		p, err = dpop.Parse(text)
	}
	if err == nil {
		err = p.Fits(dpop.Request{Method: r.Method, URLs: []string{g.o.Address + r.URL.EscapedPath()}, Token: raw}, g.o.Clock())
	}
	if err != nil {
		return Held{}, nil, hub.E("client.Admit", hub.Invalid, err)
	}
	h.Key = base64.RawURLEncoding.EncodeToString(p.Key[:])
	return h, &p, nil
}

// check asks, or verifies.
func (g *Gate) check(ctx context.Context, raw string, held Held) (Answer, error) {
	if g.o.Client != nil {
		return g.o.Client.Check(ctx, raw)
	}
	a, err := g.o.Verifier.Verify(ctx, raw, held)
	if err != nil {
		return Answer{}, err
	}
	return Answer{
		Scope: a.Scope, Client: a.Client, Subject: a.Subject, Audience: []string{g.o.Verifier.o.Resource}, Issuer: g.o.Verifier.o.Issuer, ID: a.ID,
		Session: a.Session, ACR: a.ACR, AuthTime: a.AuthTime, IssuedAt: a.IssuedAt, Expires: a.Expires, Confirmation: a.Confirmation,
		Representee: a.Representee, Details: a.Details, Raw: a.Raw,
	}, nil
}

// The schemes of access tokens.
const (
	schemeBearer = "Bearer"
	schemeDPoP   = "DPoP"
)

// presented gives the one access token of the request and the scheme by which it came: in the header, nowhere else.
func presented(r *http.Request) (raw, scheme string, err error) {
	const op = "client.Admit"
	all := r.Header.Values("Authorization")
	if len(all) != 1 {
		return "", "", hub.Errorf(op, hub.Unauthenticated, "no access token, or more than one")
	}
	word, raw, _ := strings.Cut(all[0], " ")
	for _, known := range []string{schemeBearer, schemeDPoP} {
		if strings.EqualFold(word, known) && raw != "" {
			return raw, known, nil
		}
	}
	return "", "", hub.Errorf(op, hub.Unauthenticated, "no access token")
}

type admittedKey struct{}

// Admitted tells who calls, inside of a handler that Protect has let somebody in to.
func Admitted(ctx context.Context) (Answer, bool) {
	a, ok := ctx.Value(admittedKey{}).(Answer)
	return a, ok
}

// Protect lets in who may, and answers all others as RFC 6750 section 3 and RFC 9449 section 7.1 say.
func (g *Gate) Protect(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a, err := g.Admit(r)
		if err == nil {
			next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), admittedKey{}, a)))
			return
		}
		w.Header().Set("Cache-Control", "no-store")
		fault := ""
		var flaw *dpop.Flaw
		switch kind := hub.KindOf(err); {
		case errors.As(err, &flaw):
			fault = `, error="invalid_dpop_proof", error_description="` + flaw.Text + `"`
		case kind == hub.Invalid, kind == hub.Consumed, kind == hub.Expired:
			fault = `, error="invalid_token"`
		case kind != hub.Unauthenticated:
			w.Header().Set("Retry-After", "5")
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		w.Header()["Www-Authenticate"] = challenges(r, fault)
		w.WriteHeader(http.StatusUnauthorized)
	})
}

func challenges(r *http.Request, fault string) []string {
	bearer, proof := schemeBearer+` realm="onedoor"`, schemeDPoP+` realm="onedoor", algs="`+strings.Join(dpop.Algorithms(), " ")+`"`
	if _, scheme, err := presented(r); err == nil && scheme == schemeDPoP {
		return []string{proof + fault, bearer}
	}
	return []string{bearer + fault, proof}
}
