package oidcrp

import (
	"net/http"
	"net/url"
	"time"

	"onedoor/federation"
	"onedoor/hub"
)

const (
	assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer" // RFC 7523 section 2.2
	assertionLife = time.Minute
)

// identify proves the hub at a provider (Core section 9, RFC 6749 section 2.3.1): with its own key or a secret in the form, or with
// a secret in a header, which the function it gives puts there.
func (c *Connector) identify(op string, p federation.Provider, known *metadata, form url.Values) (func(*http.Request), error) {
	o := p.OIDC
	if o.AuthMethod == federation.PrivateKeyJWT {
		assertion, err := c.assertion(o, known)
		if err != nil {
			return nil, hub.E(op, hub.Internal, federation.SecretUnusable)
		}
		form.Set("client_id", o.ClientID)
		form.Set("client_assertion_type", assertionType)
		form.Set("client_assertion", assertion)
		return func(*http.Request) {}, nil
	}
	secret, err := c.open(o.ClientSecret)
	if err != nil {
		return nil, hub.E(op, hub.Internal, federation.SecretUnusable)
	}
	if o.AuthMethod == "client_secret_post" {
		form.Set("client_id", o.ClientID)
		form.Set("client_secret", string(secret))
		return func(*http.Request) {}, nil
	}
	return func(r *http.Request) {
		// Both parts are form-urlencoded before they are joined; a plain id and secret come out unchanged.
		r.SetBasicAuth(url.QueryEscape(o.ClientID), url.QueryEscape(string(secret)))
	}, nil
}

// assertion is made for one call: it lives for a minute and its jti is never used again (RFC 7523 section 3). One audience, as
// text: an assertion for several could be carried from one to the other.
func (c *Connector) assertion(o *federation.OIDC, known *metadata) (string, error) {
	audience, now := o.Issuer, c.clock()
	if o.Assertion.Audience == federation.AudienceToken {
		audience = known.token
	}
	return c.sign(o.Assertion.Algorithm(), map[string]any{
		"iss": o.ClientID, "sub": o.ClientID, "aud": audience, "jti": c.token(),
		"iat": now.Unix(), "exp": now.Add(assertionLife).Unix(),
	})
}
