package oidcop

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"onedoor/hub"
	"onedoor/hub/statuslist"
	"onedoor/hub/token"
)

// StatusListPath is where the status lists are published, each under its own name.
const StatusListPath = "/oauth2/statuslist/"

// JWTs makes access tokens for APIs that must validate offline.
type JWTs interface {
	// Issue makes the JWT of a token, and gives it its place in a status list in the transaction of ctx. NotFound where there is no key for
	// the algorithm, Invalid, Unavailable.
	Issue(ctx context.Context, a token.Access, c token.Claims) (string, error)
}

// StatusLists publishes what became of those tokens.
type StatusLists interface {
	// Publish gives a list by its name. NotFound; Unavailable where it can't be known now.
	Publish(ctx context.Context, id string) (token.Published, error)
}

// issue gives an access token its form on the wire: a JWT (RFC 9068) where it was asked for by the name of one API that must validate offline,
// sealed everywhere else. It shortens the life of a JWT to what one may have.
func (p *Provider) issue(ctx context.Context, a *token.Access, api *Resource, methods []string) (string, error) {
	if api == nil || api.JWT == "" {
		return p.tokens.Seal(*a)
	}
	if most := a.IssuedAt.Add(token.JWTLife); a.ExpiresAt.After(most) {
		a.ExpiresAt = most
	}
	a.ExpiresAt = a.ExpiresAt.Truncate(time.Second)
	c := token.Claims{Alg: api.JWT, API: api.System, Audience: api.URI, Subject: string(a.System), Methods: methods}
	if !a.Machine {
		to, err := p.client(ctx, string(api.System))
		if err != nil {
			return "", err
		}
		c.Subject, c.SID = p.subject(to, a.Account), p.sid(to.ID, a.Session)
		c.Entity = p.entities.Of(p.sectors.of(&to), a.Entity)
	}
	return p.jwts.Issue(ctx, *a, c)
}

// alone gives the one API that a token was asked for by name; nil where it is for more, or where nobody named it.
func alone(accepting []Resource, audience []string, named bool) *Resource {
	if !named || len(audience) != 1 {
		return nil
	}
	i := slices.IndexFunc(accepting, func(r Resource) bool { return string(r.System) == audience[0] })
	if i < 0 || accepting[i].URI == "" {
		return nil
	}
	return &accepting[i]
}

// isJWT tells a JWT from a sealed token. Both have been validated.
func isJWT(raw string) bool { return !strings.HasPrefix(raw, token.Prefix) }

// StatusList publishes a status list (draft-ietf-oauth-status-list-21 section 8): for everybody, as a list tells nothing to who has no token
// of it. It may be kept for as long as its ttl says.
func (p *Provider) StatusList(w http.ResponseWriter, r *http.Request) {
	if !allow(w, r, http.MethodGet, http.MethodHead) {
		return
	}
	h := w.Header()
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Access-Control-Allow-Origin", "*") // section 11.5: nothing that a browser sends along opens anything here
	if r.URL.RawQuery != "" {
		status := http.StatusBadRequest
		if r.URL.Query().Has("time") {
			status = http.StatusNotImplemented // section 8.4: there are no lists of the past
		}
		h.Set("Cache-Control", "no-store")
		http.Error(w, http.StatusText(status), status)
		return
	}
	list, err := p.lists.Publish(r.Context(), strings.TrimPrefix(r.URL.Path, StatusListPath))
	if err != nil {
		status := http.StatusServiceUnavailable
		if kind, _ := kindIn(err); kind == hub.NotFound {
			status = http.StatusNotFound
		} else {
			p.log.ErrorContext(r.Context(), "status list not given", "cause", causeText(err))
			h.Set("Retry-After", "1")
		}
		h.Set("Cache-Control", "no-store")
		http.Error(w, http.StatusText(status), status)
		return
	}
	tag := `"` + list.Tag + `"`
	h.Set("Cache-Control", "public, max-age="+strconv.Itoa(int(token.StatusLife/time.Second)))
	h.Set("ETag", tag)
	if r.Header.Get("If-None-Match") == tag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	h.Set("Content-Type", statuslist.MediaType)
	h.Set("Content-Length", strconv.Itoa(len(list.Body)))
	w.WriteHeader(http.StatusOK)
	if r.Method != http.MethodHead {
		_, _ = w.Write([]byte(list.Body)) // the connection is gone where it fails
	}
}
