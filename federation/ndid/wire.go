package ndid

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"

	"onedoor/federation"
	"onedoor/hub"
)

// Limits of a body, in bytes after decompression.
const (
	maxList  = 2 << 20 // a list of identity providers with their names
	maxReply = 512 << 10
	maxCall  = 256 << 10 // a callback
)

// reply is what the node answered, bounded.
type reply struct {
	status int
	body   []byte
}

// missing reports an answer that says: there is no such thing, and no more than that.
func (r reply) missing() bool { return r.status == http.StatusNotFound && code(r.body) == 0 }

// prefix gives the path prefix of the node's API version.
func prefix(version string) string {
	if version == "5.3" {
		return "/v5"
	}
	return "/v6"
}

// call sends one request to the node and reads a bounded answer. Unavailable: no answer in time. Refused: a redirect or an endless body.
// No error holds the address: it can have a citizen number in it.
func (c *Connector) call(ctx context.Context, p federation.Provider, op, method, path string, query url.Values, body any) (reply, error) {
	address := p.NDID.Node
	if !federation.NodeURL(address, p.NDID.PrivateNetwork) {
		return reply{}, hub.E(op, hub.Refused, federation.EndpointUnsafe)
	}
	address += prefix(p.NDID.APIVersion) + path
	if len(query) > 0 {
		address += "?" + query.Encode()
	}
	var content io.Reader
	if body != nil {
		text, err := json.Marshal(body)
		if err != nil {
			return reply{}, hub.Errorf(op, hub.Internal, "a request can't be written")
		}
		content = bytes.NewReader(text)
	}
	ctx, cancel := context.WithTimeout(ctx, c.callTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, method, address, content)
	if err != nil {
		return reply{}, hub.E(op, hub.Refused, federation.EndpointUnsafe)
	}
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", "onedoor")
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if len(p.NDID.APIKey) > 0 {
		key, err := c.open(p.NDID.APIKey)
		if err != nil {
			return reply{}, hub.E(op, hub.Internal, federation.SecretUnusable)
		}
		req.Header.Set("X-API-Key", string(key))
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return reply{}, c.unreachable(ctx, p, op, err)
	}
	defer resp.Body.Close() //nolint:errcheck // nothing was written
	if resp.StatusCode >= 300 && resp.StatusCode < 400 {
		return reply{}, hub.E(op, hub.Refused, federation.Redirected)
	}
	limit := int64(maxReply)
	if strings.HasPrefix(path, "/utility/idp") {
		limit = maxList
	}
	text, err := io.ReadAll(io.LimitReader(resp.Body, limit+1))
	if err != nil {
		return reply{}, c.unreachable(ctx, p, op, err)
	}
	if int64(len(text)) > limit {
		return reply{}, hub.E(op, hub.Refused, federation.BodyTooBig)
	}
	return reply{status: resp.StatusCode, body: text}, nil
}

// unreachable turns an error of the HTTP client into ours. Its text is foreign, has the address in it, and goes nowhere.
func (c *Connector) unreachable(ctx context.Context, p federation.Provider, op string, err error) error {
	var timeout net.Error
	cause := federation.Unreachable
	switch {
	case errors.Is(err, context.Canceled) || errors.Is(ctx.Err(), context.Canceled):
		return hub.E(op, hub.Unavailable, federation.Canceled) // the person went away
	case errors.Is(err, context.DeadlineExceeded) || ctx.Err() != nil || errors.As(err, &timeout) && timeout.Timeout():
		cause = federation.TimedOut
	}
	return c.signal(context.WithoutCancel(ctx), p, op, reaction{hub.Unavailable, cause, SignalUnreachable}, 0)
}

func (c *Connector) get(ctx context.Context, p federation.Provider, op, path string) (reply, error) {
	return c.call(ctx, p, op, http.MethodGet, path, nil, nil)
}

// failed gives the error of an answer that is none of success.
func (c *Connector) failed(ctx context.Context, p federation.Provider, op string, r reply) error {
	if r.status >= 200 && r.status < 300 {
		return nil
	}
	n := code(r.body)
	return c.signal(ctx, p, op, reactionTo(n, r.status), n)
}

// failure is the body of an error. Its message is foreign text and stays out.
type failure struct {
	Error *struct {
		Code int `json:"code"`
	} `json:"error"`
}

// code gives the error code of a body; 0 where there is none.
func code(body []byte) int {
	var f failure
	if decode(body, &f) != nil || f.Error == nil {
		return 0
	}
	return f.Error.Code
}

// decode reads exactly one JSON value. Members that are not known are passed over: versions of the node add some.
func decode(body []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	if err := d.Decode(v); err != nil {
		return errors.New("ndid: not the JSON that was expected")
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("ndid: more than one JSON value")
	}
	return nil
}
