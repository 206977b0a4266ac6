package oidcop

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"
	"time"

	"onedoor/hub"
)

// credentials are what a client showed of itself.
type credentials struct {
	id     string
	secret string
	method string
}

// readCredentials finds the one way in which the client authenticates (RFC 6749 section 2.3: never two at once).
func readCredentials(header []string, form params) (credentials, *refusal) {
	if form.get("client_assertion") != "" || form.get("client_assertion_type") != "" {
		return credentials{}, refuse(codeInvalidClient, "client assertions are not supported")
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
		return credentials{user, password, authBasic}, nil
	case id == "":
		return credentials{}, refuse(codeInvalidClient, "no client authentication")
	case secret != "":
		return credentials{id, secret, authPost}, nil
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

// authenticate proves which client is asking, by the method that is registered for it and no other. It tells nobody whether the
// client exists. Public clients only name themselves.
func (p *Provider) authenticate(ctx context.Context, r *http.Request, form params) (Client, *refusal) {
	failed := refuse(codeInvalidClient, "client authentication failed")
	cred, bad := readCredentials(r.Header.Values("Authorization"), form)
	if bad != nil {
		return Client{}, bad
	}
	client, err := p.client(ctx, cred.id)
	switch kind, _ := kindIn(err); {
	case kind == hub.NotFound:
		return Client{}, failed.because("unknown_client").from(err)
	case err != nil:
		return Client{}, fault(err)
	case client.AuthMethod != cred.method:
		return client, failed.because("auth_method")
	case cred.method != authNone && !secretMatches(client.Secrets, cred.secret, p.clock()):
		return client, failed.because("secret")
	case !client.Live:
		return client, failed.because(string(hub.Suspended))
	}
	return client, nil
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
