package oidcop

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"onedoor/hub"
	"onedoor/hub/logout"
	"onedoor/hub/session"
)

const (
	largestLogoutAnswer = 4 << 10         // bytes of an answer that are read: it says all by its status
	meansTimeout        = 2 * time.Second // to find a client that is not in memory
)

// Way tells OpenID clients that a session has ended: by a logout token from server to server (OpenID Connect Back-Channel Logout 1.0), or
// by a hidden frame in the person's browser where that is all a client has (OpenID Connect Front-Channel Logout 1.0).
type Way struct {
	p    *Provider
	http *http.Client
}

var _ logout.Way = (*Way)(nil)

// Way gives the way to tell this provider's clients. The HTTP client guards against forbidden addresses; it must not follow redirects.
// Internal without one.
func (p *Provider) Way(client *http.Client) (*Way, error) {
	if client == nil {
		return nil, hub.Errorf("oidcop.Way", hub.Internal, "no HTTP client")
	}
	own := *client
	own.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	own.Jar = nil
	return &Way{p, &own}, nil
}

// Protocol implements logout.Way.
func (*Way) Protocol() string { return Protocol }

// Means implements logout.Way.
func (w *Way) Means(x session.Participant) logout.Means {
	ctx, cancel := context.WithTimeout(context.Background(), meansTimeout)
	defer cancel()
	c, err := w.p.client(ctx, string(x.System))
	switch kind, _ := kindIn(err); {
	case kind == hub.NotFound:
		return logout.Nothing
	case err != nil: // nobody knows now: Tell finds out
		return logout.Direct
	case c.BackchannelLogoutURI != "":
		return logout.Direct
	case c.FrontchannelLogoutURI != "":
		return logout.Browser
	}
	return logout.Nothing
}

// Host implements logout.Way.
func (w *Way) Host(n logout.Notice) string {
	ctx, cancel := context.WithTimeout(context.Background(), meansTimeout)
	defer cancel()
	c, err := w.p.client(ctx, string(n.System))
	if err != nil {
		return ""
	}
	u, err := url.Parse(c.BackchannelLogoutURI)
	if err != nil {
		return ""
	}
	return u.Host
}

// Tell implements logout.Way. 200 and 204 confirm; 400 says that the client could not or would not, and is final
// (OpenID Connect Back-Channel Logout 1.0 section 2.8). Everything else, a redirect among it, is tried again.
func (w *Way) Tell(ctx context.Context, n logout.Notice) error {
	const op = "oidcop.Tell"
	c, err := w.p.client(ctx, string(n.System))
	if err != nil {
		return err
	}
	if c.BackchannelLogoutURI == "" {
		return hub.Errorf(op, hub.NotFound, "the client has no address for it any more")
	}
	raw, err := w.p.logoutToken(ctx, c, n.ID, n.Session, n.Account)
	if err != nil { // a key that is missing today may be there tomorrow
		return hub.Errorf(op, hub.Unavailable, "no logout token can be made now")
	}
	form := url.Values{"logout_token": {raw}}.Encode()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.BackchannelLogoutURI, strings.NewReader(form))
	if err != nil {
		return hub.Errorf(op, hub.Invalid, "the client's address is none")
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("User-Agent", "onedoor")
	resp, err := w.http.Do(req)
	if err != nil {
		return hub.E(op, hub.Unavailable, err)
	}
	defer resp.Body.Close()                                                      //nolint:errcheck // read only
	_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, largestLogoutAnswer+1)) // so that the connection can serve again
	switch resp.StatusCode {
	case http.StatusOK, http.StatusNoContent:
		return nil
	case http.StatusBadRequest:
		return hub.Errorf(op, hub.Refused, "the client refused the logout token")
	}
	return hub.Errorf(op, hub.Unavailable, "the client gave no answer of the protocol")
}

// Visit implements logout.Way: the frame's address with iss and sid (OpenID Connect Front-Channel Logout 1.0 section 2).
func (w *Way) Visit(ctx context.Context, n logout.Notice, _ string) (logout.Visit, error) {
	const op = "oidcop.Visit"
	c, err := w.p.client(ctx, string(n.System))
	if err != nil {
		return logout.Visit{}, err
	}
	if c.FrontchannelLogoutURI == "" {
		return logout.Visit{}, hub.Errorf(op, hub.NotFound, "the client has no address for a frame")
	}
	return logout.Visit{Frame: true, URL: withQuery(c.FrontchannelLogoutURI, url.Values{"iss": {w.p.issuer}, "sid": {w.p.sid(c.ID, n.Session)}})}, nil
}
