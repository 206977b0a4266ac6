package oidcop

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"onedoor/hub"
)

// credentials are what a client showed of itself.
type credentials struct {
	id        string
	secret    string
	assertion string // with private_key_jwt
	method    string
}

// assertionType is the one kind of client assertion (RFC 7523 section 2.2).
const assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

// readCredentials finds the one way in which the client authenticates (RFC 6749 section 2.3: never two at once).
func readCredentials(header []string, form params) (credentials, *refusal) {
	if form.get("client_assertion") != "" || form.get("client_assertion_type") != "" {
		return readAssertion(header, form)
	}
	id, secret := form.get("client_id"), form.get("client_secret")
	switch {
	case len(header) > 1:
		return credentials{}, refuse(codeInvalidRequest, "more than one Authorization header")
	case len(header) == 1:
		user, password, ok := parseBasic(header[0])
		switch {
		case !ok:
			return credentials{}, refuse(codeInvalidClient, "malformed Authorization header")
		case secret != "":
			return credentials{}, refuse(codeInvalidRequest, "more than one way of client authentication")
		case id != "" && id != user:
			return credentials{}, refuse(codeInvalidRequest, "client_id contradicts the Authorization header")
		}
		return credentials{id: user, secret: password, method: authBasic}, nil
	case id == "":
		return credentials{}, refuse(codeInvalidClient, "no client authentication")
	case secret != "":
		return credentials{id: id, secret: secret, method: authPost}, nil
	default:
		return credentials{id: id, method: authNone}, nil
	}
}

// parseBasic reads an Authorization header of the scheme Basic, both parts form-urlencoded (RFC 6749 section 2.3.1).
func parseBasic(header string) (id, secret string, ok bool) {
	scheme, encoded, found := strings.Cut(header, " ")
	if !found || !strings.EqualFold(scheme, "Basic") || len(encoded) > largestValue {
		return "", "", false
	}
	raw, err := base64.StdEncoding.Strict().DecodeString(encoded)
	if err != nil {
		return "", "", false
	}
	user, password, found := strings.Cut(string(raw), ":")
	if !found {
		return "", "", false
	}
	if id, err = url.QueryUnescape(user); err != nil {
		return "", "", false
	}
	if secret, err = url.QueryUnescape(password); err != nil {
		return "", "", false
	}
	if id == "" || secret == "" || !clean(id) || !clean(secret) {
		return "", "", false
	}
	return id, secret, true
}

// readAssertion finds out whose signature it would be, without believing it yet.
func readAssertion(header []string, form params) (credentials, *refusal) {
	switch {
	case len(header) > 0 || form.get("client_secret") != "":
		return credentials{}, refuse(codeInvalidRequest, "more than one way of client authentication")
	case form.get("client_assertion_type") != assertionType || form.get("client_assertion") == "":
		return credentials{}, refuse(codeInvalidClient, "client_assertion_type must be "+assertionType+", with a client_assertion")
	}
	raw := form.get("client_assertion")
	claims, err := unverified(raw)
	if err != nil || claims.subject == "" {
		return credentials{}, refuse(codeInvalidClient, "the client assertion is malformed")
	}
	if id := form.get("client_id"); id != "" && id != claims.subject {
		return credentials{}, refuse(codeInvalidRequest, "client_id contradicts the client assertion")
	}
	return credentials{id: claims.subject, assertion: raw, method: authKey}, nil
}

// unverified reads the claims of a JWT in compact form: only to find out whose keys to check it with.
func unverified(raw string) (clientClaims, error) {
	parts := strings.Split(raw, ".")
	if len(parts) != 3 {
		return clientClaims{}, hub.Errorf("oidcop.unverified", hub.Invalid, "not a JWS")
	}
	payload, err := base64.RawURLEncoding.Strict().DecodeString(parts[1])
	if err != nil {
		return clientClaims{}, hub.Errorf("oidcop.unverified", hub.Invalid, "not a JWS")
	}
	return readClaims(payload)
}

// authenticate proves which client is asking, by the method that is registered for it and no other. It tells nobody whether the
// client exists. Public clients only name themselves. Failures are counted. Past the limit they are answered as such. A secret that is right
// is let in all the same, so that nobody can shut a client out; a signature, which costs something, is not looked at while this client has
// failed too often from this network: what others fail there does not count.
func (p *Provider) authenticate(ctx context.Context, r *http.Request, form params) (Client, *refusal) {
	cred, bad := readCredentials(r.Header.Values("Authorization"), form)
	network := p.network(ctx)
	known := hub.SystemID("")
	if hub.ValidName(cred.id) {
		known = hub.SystemID(cred.id)
	}
	if cred.method == authKey {
		if wait, first := p.failures.blockedItself(network, known); wait > 0 {
			return Client{}, tooMany(wait, first)
		}
	}
	var client Client
	if bad == nil {
		client, bad = p.prove(ctx, cred)
	}
	if bad == nil || bad.code != codeInvalidClient {
		return client, bad
	}
	if wait, first := p.failures.blocked(network, known); wait > 0 {
		return Client{}, tooMany(wait, first)
	}
	p.failures.count(network, known)
	return client, bad
}

func (p *Provider) prove(ctx context.Context, cred credentials) (Client, *refusal) {
	failed := refuse(codeInvalidClient, "client authentication failed")
	client, err := p.client(ctx, cred.id)
	switch kind, _ := kindIn(err); {
	case kind == hub.NotFound:
		return Client{}, failed.because("unknown_client").from(err)
	case err != nil:
		return Client{}, fault(err)
	case client.byCertificate() && cred.method == authNone: // it only names itself: the connection proves it
		if bad := p.proveByCertificate(ctx, client); bad != nil {
			return client, bad
		}
	case client.AuthMethod != cred.method:
		return client, failed.because("auth_method")
	case cred.method == authKey:
		if bad := p.proveByKey(ctx, client, cred.assertion); bad != nil {
			return client, bad
		}
	case cred.method != authNone && !secretMatches(client.Secrets, cred.secret, p.clock()):
		return client, failed.because("secret")
	}
	if !client.Live {
		return client, failed.because(string(hub.Suspended))
	}
	return client, nil
}

// proveByKey checks a client assertion (RFC 7523 section 3, OpenID Connect Core section 9). It is for us: its audience is the issuer, or
// for clients that go by the older rule one of our endpoints; under the FAPI profile it is the issuer and nothing beside. Its jti counts
// once (invariant 6).
func (p *Provider) proveByKey(ctx context.Context, c Client, raw string) *refusal {
	failed := refuse(codeInvalidClient, "client authentication failed")
	algs := c.authAlgs()
	if c.FAPI {
		algs = slices.DeleteFunc(slices.Clone(algs), func(a string) bool { return a == "RS256" })
	}
	claims, err := p.clientJWT(ctx, c, raw, algs, "jwt", "client-authentication+jwt")
	switch kind, _ := kindIn(err); {
	case kind == hub.Invalid:
		return failed.because("assertion").from(err)
	case err != nil:
		return fault(err)
	case claims.issuer != string(c.ID) || claims.subject != string(c.ID):
		return failed.because("assertion_issuer")
	case !p.addressed(c, claims):
		return failed.because("assertion_audience")
	case !claims.current(p.clock(), longestProof):
		return failed.because("assertion_time")
	case claims.id == "":
		return failed.because("assertion_jti")
	}
	err = p.once.Use(ctx, "client-assertion", string(c.ID)+" "+claims.id, claims.expires.Add(clockSkew))
	switch kind, _ := kindIn(err); {
	case kind == hub.Consumed:
		return failed.because("assertion_replay").from(err)
	case err != nil:
		return fault(err)
	}
	return nil
}

func (p *Provider) addressed(c Client, claims clientClaims) bool {
	if c.FAPI {
		return claims.alone && claims.audience[0] == p.issuer
	}
	return slices.ContainsFunc(claims.audience, func(a string) bool {
		return a == p.issuer || a == p.issuer+TokenPath || a == p.issuer+PushedPath || a == p.issuer+IntrospectionPath || a == p.issuer+RevocationPath
	})
}

// secretMatches compares with every secret that is valid now, in constant time. SHA-256 is enough: secrets are 256 random bits
// made by a machine, never words people choose (D7).
func secretMatches(secrets []Secret, presented string, now time.Time) bool {
	hash := sha256.Sum256([]byte(presented))
	match := 0
	for _, s := range secrets {
		valid := 1
		if !s.ExpiresAt.IsZero() && !now.Before(s.ExpiresAt) {
			valid = 0
		}
		match |= valid & subtle.ConstantTimeCompare(hash[:], s.SHA256[:])
	}
	return match == 1
}
