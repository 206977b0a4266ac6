package oidcrp

import (
	"context"
	"errors"
	"io"
	"maps"
	"mime"
	"net"
	"net/http"
	"net/url"
	"strings"

	"onedoor/federation"
	"onedoor/hub"
)

// Limits of a body, in bytes after decompression.
const (
	maxDiscovery = 256 << 10
	maxKeySet    = 512 << 10
	maxToken     = 256 << 10
	maxUserInfo  = 256 << 10
	maxSmall     = 64 << 10
)

// reply is what a provider answered on the back channel, bounded.
type reply struct {
	status int
	media  string
	body   []byte
}

// call sends one request and reads a bounded answer. Unavailable: no answer in time. Refused: a redirect or an endless body.
func (c *Connector) call(ctx context.Context, op string, p federation.Provider, req *http.Request, limit int64) (reply, error) {
	ctx, cancel := context.WithTimeout(ctx, c.callTimeout)
	defer cancel()
	req = req.WithContext(ctx)
	if req.Header.Get("Accept") == "" {
		req.Header.Set("Accept", "application/json")
	}
	req.Header.Set("User-Agent", "onedoor")
	if name := p.OIDC.Quirks.APIKeyHeader; name != "" {
		key, err := c.open(p.OIDC.Quirks.APIKey)
		if err != nil {
			return reply{}, hub.E(op, hub.Internal, federation.SecretUnusable)
		}
		req.Header.Set(name, string(key))
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return reply{}, hub.E(op, hub.Unavailable, network(ctx, err))
	}
	defer resp.Body.Close()
	if resp.StatusCode >= 300 && resp.StatusCode < 400 {
		return reply{}, hub.E(op, hub.Refused, federation.Redirected)
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, limit+1))
	if err != nil {
		return reply{}, hub.E(op, hub.Unavailable, network(ctx, err))
	}
	if int64(len(body)) > limit {
		return reply{}, hub.E(op, hub.Refused, federation.BodyTooBig)
	}
	media, _, _ := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	return reply{status: resp.StatusCode, media: media, body: body}, nil
}

// network turns an error of the HTTP client into a Cause. Its text is foreign and goes nowhere.
func network(ctx context.Context, err error) federation.Cause {
	var timeout net.Error
	var guard interface{ AddressRefused() bool }
	switch {
	case errors.As(err, &guard):
		return federation.AddressRefused
	case errors.Is(err, context.Canceled) || errors.Is(ctx.Err(), context.Canceled):
		return federation.Canceled
	case errors.Is(err, context.DeadlineExceeded) || ctx.Err() != nil || errors.As(err, &timeout) && timeout.Timeout():
		return federation.TimedOut
	default:
		return federation.Unreachable
	}
}

// get asks for a document.
func (c *Connector) get(ctx context.Context, op string, p federation.Provider, address string, limit int64, bearer string) (reply, error) {
	if !federation.SafeURL(address) {
		return reply{}, hub.E(op, hub.Refused, federation.EndpointUnsafe)
	}
	req, err := http.NewRequest(http.MethodGet, address, nil)
	if err != nil {
		return reply{}, hub.E(op, hub.Refused, federation.EndpointUnsafe)
	}
	if bearer != "" {
		req.Header.Set("Authorization", "Bearer "+bearer)
	}
	return c.call(ctx, op, p, req, limit)
}

// post sends a form as the hub's client at this provider (RFC 6749 section 2.3.1).
func (c *Connector) post(ctx context.Context, op string, p federation.Provider, known *metadata, address string, form url.Values, limit int64) (reply, error) {
	if !federation.SafeURL(address) {
		return reply{}, hub.E(op, hub.Refused, federation.EndpointUnsafe)
	}
	form = maps.Clone(form)
	dress, err := c.identify(op, p, known, form)
	if err != nil {
		return reply{}, err
	}
	req, err := http.NewRequest(http.MethodPost, address, strings.NewReader(form.Encode()))
	if err != nil {
		return reply{}, hub.E(op, hub.Refused, federation.EndpointUnsafe)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	dress(req)
	return c.call(ctx, op, p, req, limit)
}

// object reads the answer as one JSON object. Refused where it is none, or calls itself something else: a page of a proxy or of
// somebody who can write files at the provider is not its word.
func (c *Connector) object(op string, p federation.Provider, got reply) (map[string]any, error) {
	if !p.OIDC.Quirks.AnyContentType && got.media != "application/json" && !strings.HasSuffix(got.media, "+json") {
		return nil, hub.E(op, hub.Refused, federation.ResponseMedia)
	}
	m, ok := decodeObject(got.body)
	if !ok {
		return nil, hub.E(op, hub.Refused, federation.ResponseMalformed)
	}
	return m, nil
}

// text gives a member that must be a string, "" where it is absent or something else.
func text(m map[string]any, name string) string {
	s, _ := m[name].(string)
	return s
}

// statusFailure gives the error of an unexpected status.
func statusFailure(op string, status int) error {
	switch {
	case status == http.StatusNotFound || status == http.StatusMethodNotAllowed || status == http.StatusGone:
		return hub.E(op, hub.Unavailable, federation.EndpointMissing)
	case status >= 500 || status == http.StatusTooManyRequests || status == http.StatusRequestTimeout:
		return hub.E(op, hub.Unavailable, federation.StatusUnexpected)
	default:
		return hub.E(op, hub.Refused, federation.StatusUnexpected)
	}
}
