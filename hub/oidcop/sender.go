package oidcop

import (
	"context"
	"crypto/hmac"
	"encoding/base64"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"onedoor/hub"
	"onedoor/hub/dpop"
	"onedoor/hub/oidcop/fositestore"
	"onedoor/hub/token"
)

// This file is about senders: tokens that are of use only to whoever proves to hold a key, by DPoP (RFC 9449) or by a TLS client certificate
// (RFC 8705).

// sender is what the sender of a request proved to hold.
type sender struct {
	proof       *dpop.Proof // nil for none
	certificate token.Thumbprint
}

func (s sender) key() token.Thumbprint {
	if s.proof == nil {
		return token.Thumbprint{}
	}
	return token.Thumbprint(s.proof.Key)
}

// proof checks the DPoP proof of a request to one of our endpoints, but for its single use: see [Provider.spend]. It gives nil where there
// is none. access is the token that the request carries, "" for none. Whoever sends a proof gets the nonce for the next one along with the
// answer.
//
// A nonce of ours is always demanded (section 8): so a proof is as young as our own clock says, and nobody can make them in advance. The
// time that the proof states may be off by minutes; a telephone's clock often is.
func (p *Provider) proof(w http.ResponseWriter, r *http.Request, path, access string) (*dpop.Proof, *refusal) {
	raw, err := dpop.Of(r.Header)
	if errors.Is(err, dpop.ErrMissing) {
		return nil, nil
	}
	var proof dpop.Proof
	now := p.now()
	if err == nil {
		proof, err = dpop.Parse(raw)
	}
	if err == nil {
		err = proof.Fits(dpop.Request{Method: r.Method, URLs: p.addresses(path), Token: access}, now)
	}
	if err != nil {
		return nil, badProof(err)
	}
	w.Header()["DPoP-Nonce"] = []string{p.nonce(now.Unix() / nonceStep)} // as RFC 9449 writes it
	if !p.fresh(proof.Nonce, now) {
		bad := refuse(codeUseNonce, "the DPoP proof must hold the nonce of the DPoP-Nonce header")
		bad.silent = true // the first request of everybody: nothing is amiss
		return nil, bad
	}
	return &proof, nil
}

func badProof(err error) *refusal {
	var flaw *dpop.Flaw
	if !errors.As(err, &flaw) {
		return fault(err)
	}
	return refuse(codeInvalidProof, flaw.Text).because(flaw.Word).from(err)
}

// addresses are those under which an endpoint is reached.
func (p *Provider) addresses(path string) []string {
	if p.mtls == nil {
		return []string{p.issuer + path}
	}
	return []string{p.issuer + path, p.mtls.Address + path}
}

// nonceStep is how long one nonce is handed out, in seconds. It is accepted for one more step, and for one before, for nodes whose clock is
// a little ahead.
const nonceStep = 120

// nonce gives that of a step of time. Nobody else can make it, and every node makes the same: it is a keyed hash, and nothing is kept.
func (p *Provider) nonce(step int64) string {
	return base64.RawURLEncoding.EncodeToString(p.index.Index("dpop-nonce", strconv.FormatInt(step, 10))[:18])
}

func (p *Provider) fresh(nonce string, now time.Time) bool {
	step := now.Unix() / nonceStep
	return slices.ContainsFunc([]int64{step, step - 1, step + 1}, func(n int64) bool {
		return hmac.Equal([]byte(nonce), []byte(p.nonce(n)))
	})
}

// spend uses up the proof, in the transaction of what it was good for: so that only what succeeds leaves a row, and of two nodes that get
// the same proof one goes on. A refusal where it came before.
func (p *Provider) spend(ctx context.Context, s sender) error {
	if s.proof == nil {
		return nil
	}
	err := p.once.Use(ctx, "dpop-proof", s.proof.Once(), s.proof.Until())
	if kind, _ := kindIn(err); kind == hub.Consumed {
		return refuse(codeInvalidProof, dpop.ErrReplay.Text).because(dpop.ErrReplay.Word)
	}
	return err
}

// sent takes the sender of a token request and refuses where the client's register demands more of it.
func (p *Provider) sent(w http.ResponseWriter, r *http.Request, c Client) (s sender, bad *refusal) {
	if s.proof, bad = p.proof(w, r, TokenPath, ""); bad != nil {
		return s, bad
	}
	s.certificate = p.certificate(r.Context())
	switch {
	case c.DPoPBound && s.proof == nil:
		return s, badProof(dpop.ErrMissing)
	case c.CertificateBound && s.certificate.IsZero():
		return s, refuse(codeInvalidRequest, "the tokens of this client are bound to its certificate, and none was shown").because("no_certificate")
	case c.FAPI && !c.CertificateBound && s.proof == nil: // FAPI 2.0 Security Profile section 5.3.2.1
		return s, refuse(codeInvalidRequest, "the tokens of this client must be bound to a DPoP key or a certificate").because("bearer")
	}
	return s, nil
}

// bind binds what is issued now to the sender. A code that was asked for with a key (RFC 9449 section 10) and the refresh token of a public
// client (section 5, RFC 8705 section 4) are good with that key only. A confidential client may change its key, but what was bound is never
// of the bearer again.
func bind(c Client, sess *fositestore.Session, s sender, code bool) *refusal {
	was, now := sess.State.Bound, token.Confirmation{Key: s.key()}
	if c.CertificateBound {
		now.Certificate = s.certificate
	}
	wrong, text := grantCodeOf(hub.Denied)
	differs := func(a, b token.Thumbprint) bool { return !a.IsZero() && a != b }
	switch {
	case !was.Key.IsZero() && s.proof == nil:
		return badProof(dpop.ErrMissing)
	case !was.Certificate.IsZero() && now.Certificate.IsZero():
		return refuse(wrong, text).because("no_certificate")
	case (code || c.AuthMethod == authNone) && (differs(was.Key, now.Key) || differs(was.Certificate, now.Certificate)):
		return refuse(wrong, text).because("other_key")
	}
	sess.Bound, sess.State.Bound = now, now
	return nil
}

// askedKey is the key that an authorization request binds its code to.
func askedKey(form params) (token.Thumbprint, *refusal) {
	t, err := token.ParseThumbprint(form.get("dpop_jkt"))
	if err != nil {
		return t, refuse(codeInvalidRequest, "dpop_jkt is not a SHA-256 JWK thumbprint").from(err)
	}
	return t, nil
}

// entitled refuses a token whose sender did not prove what the token is bound to. scheme is the word before it.
func entitled(bound token.Confirmation, scheme string, s sender) *refusal {
	bad := refuse(codeInvalidToken, "the token is bound to a key that was not proven")
	switch {
	case bound.Key.IsZero() && scheme == schemeDPoP:
		return refuse(codeInvalidToken, "the token is not bound to a DPoP key").because("not_bound")
	case !bound.Key.IsZero() && scheme != schemeDPoP: // RFC 9449 section 7.1: never as a bearer token
		return bad.because("bearer")
	case bound.Key != s.key() && !bound.Key.IsZero():
		return bad.because("other_key")
	case !bound.Certificate.IsZero() && bound.Certificate != s.certificate:
		return bad.because("other_certificate")
	}
	return nil
}

// holds tells whether the sender of a request with an access token may use it. The proof must be spent with what the request gets.
func (p *Provider) holds(w http.ResponseWriter, r *http.Request, raw, scheme string, a token.Access) (s sender, bad *refusal) {
	if scheme == schemeDPoP && !a.Bound.Key.IsZero() {
		s.proof, bad = p.proof(w, r, UserInfoPath, raw)
		if bad == nil && s.proof == nil {
			bad = badProof(dpop.ErrMissing)
		}
	}
	s.certificate = p.certificate(r.Context())
	if bad == nil {
		bad = entitled(a.Bound, scheme, s)
	}
	return s, bad
}

// The schemes of access tokens (RFC 6750 section 2.1, RFC 9449 section 7.1).
const (
	schemeBearer = "Bearer"
	schemeDPoP   = "DPoP"
)

// challenges writes WWW-Authenticate for a resource: with the fault at the scheme that was used, and the other scheme as a way to go.
func challenges(scheme, fault string) []string {
	bearer, proof := `Bearer realm="onedoor"`, `DPoP realm="onedoor", algs="`+strings.Join(dpop.Algorithms(), " ")+`"`
	if scheme == schemeDPoP {
		return []string{proof + fault, bearer}
	}
	return []string{bearer + fault, proof}
}

// appendConfirmation appends the member cnf of an introspection answer (RFC 7800 section 3.1).
func appendConfirmation(to []byte, c token.Confirmation) []byte {
	if c.IsZero() {
		return to
	}
	to = append(to, `,"cnf":{`...)
	if !c.Key.IsZero() {
		to = append(c.Key.Append(append(to, `"jkt":"`...)), '"')
	}
	if !c.Certificate.IsZero() {
		if !c.Key.IsZero() {
			to = append(to, ',')
		}
		to = append(c.Certificate.Append(append(to, `"x5t#S256":"`...)), '"')
	}
	return append(to, '}')
}
