// Package client asks the hub about access tokens, for departments' systems and gateways that are written in Go. Questions that come while
// another is under way travel together in one call (POST /oauth2/introspect/batch). It keeps no answer: each is as old as its own call, so
// a sign-out that has answered is never outlived (see docs/introspection.md, where the plain HTTP is for other languages).
//
// It is RFC 7662 with client_secret_basic or tls_client_auth. [Gate] stands in front of an API and checks that callers hold what their tokens are
// bound to (DPoP, mTLS). For an API that must not ask about each token, [Verifier] checks JWT access tokens (RFC 9068) by
// the hub's keys and status lists. It knows nothing of logins.
package client

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"onedoor/hub"
)

// Options are what a Client is made of. All but Timeout are required.
type Options struct {
	Issuer string // of the hub, for instance https://login.example.go.th
	ID     string // client_id
	Secret string
	// Certified is the address for clients that prove themselves by a TLS certificate (RFC 8705), for instance
	// https://mtls.login.example.go.th; there is no Secret then, and HTTP shows the certificate.
	Certified string
	HTTP      *http.Client  // as it is trusted to reach the hub
	Timeout   time.Duration // for one call; 5 s where zero
}

// Client asks the hub. It is safe for concurrent use.
type Client struct {
	o        Options
	endpoint string

	mu      sync.Mutex
	waiting []*question
	calls   int // under way
}

const (
	mostTokens   = 500
	mostCalls    = 4 // under way at once
	largestToken = 4096
	largestReply = 16 << 20
)

// Answer is what the hub says about an active token (RFC 7662 section 2.2).
type Answer struct {
	Scope    string   `json:"scope"`
	Client   string   `json:"client_id"`
	Subject  string   `json:"sub"` // this system's own name for the person
	Audience []string `json:"aud"`
	Issuer   string   `json:"iss"`
	ID       string   `json:"jti"`
	Session  string   `json:"sid"`
	ACR      string   `json:"acr"`
	IAL      string   `json:"ial"`
	AAL      string   `json:"aal"`
	AuthTime int64    `json:"auth_time"` // seconds since 1970, as the two below
	IssuedAt int64    `json:"iat"`
	Expires  int64    `json:"exp"`
	// Confirmation is what the token is bound to: who shows it must prove to hold that, see [Gate].
	Confirmation Confirmation `json:"cnf"`
	// Representee is the legal entity that the person acts for; nil where they act for themselves. Subject stays the person.
	Representee *Representee `json:"representee"`
	// Details are what the person has opened for the token and is still open (RFC 9396); nil for nothing.
	Details json.RawMessage `json:"authorization_details"`
	// Raw is the whole answer, the person's attributes among it: personal data.
	Raw json.RawMessage `json:"-"`
}

// question is one token that somebody waits for.
type question struct {
	token string
	done  chan struct{}
	reply Answer
	err   error
}

// New checks the options. Invalid.
func New(o Options) (*Client, error) {
	const op = "client.New"
	u, err := url.Parse(o.Issuer)
	if err != nil || u.Host == "" || u.Scheme != "https" && !local(u.Hostname()) {
		return nil, hub.Errorf(op, hub.Invalid, "the issuer must be an https address")
	}
	if o.ID == "" || (o.Secret == "") == (o.Certified == "") || o.HTTP == nil || o.Timeout < 0 {
		return nil, hub.Errorf(op, hub.Invalid, "an option is missing")
	}
	if o.Timeout == 0 {
		o.Timeout = 5 * time.Second
	}
	at := o.Issuer
	if o.Certified != "" {
		if c, err := url.Parse(o.Certified); err != nil || c.Host == "" || c.Scheme != "https" {
			return nil, hub.Errorf(op, hub.Invalid, "the address for certificates must be https")
		}
		at = o.Certified
	}
	return &Client{o: o, endpoint: strings.TrimSuffix(at, "/") + "/oauth2/introspect/batch"}, nil
}

// Check asks about one token. Consumed: it is not active, or not for this system. Unavailable: that can't be known now; treat the token as
// not active. Unauthenticated: the hub does not accept this client.
func (c *Client) Check(ctx context.Context, token string) (Answer, error) {
	const op = "client.Check"
	if token == "" || len(token) > largestToken {
		return Answer{}, hub.Errorf(op, hub.Consumed, "not a token")
	}
	q := &question{token: token, done: make(chan struct{})}
	c.mu.Lock()
	c.waiting = append(c.waiting, q)
	if c.calls < mostCalls {
		c.calls++
		go c.work()
	}
	c.mu.Unlock()
	select {
	case <-q.done:
		return q.reply, q.err
	case <-ctx.Done():
		return Answer{}, hub.E(op, hub.Unavailable, ctx.Err())
	}
}

// work asks as long as somebody waits.
func (c *Client) work() {
	for {
		c.mu.Lock()
		n := min(len(c.waiting), mostTokens)
		if n == 0 {
			c.calls--
			c.mu.Unlock()
			return
		}
		batch := c.waiting[:n:n]
		c.waiting = c.waiting[n:]
		c.mu.Unlock()
		err := c.ask(batch)
		for _, q := range batch {
			if err != nil {
				q.reply, q.err = Answer{}, err
			}
			close(q.done)
		}
	}
}

// ask makes one call. It begins after every question of the batch was put, so no answer is older than its question.
func (c *Client) ask(batch []*question) (err error) {
	const op = "client.ask"
	ctx, cancel := context.WithTimeout(context.Background(), c.o.Timeout)
	defer cancel()
	var form strings.Builder
	for i, q := range batch {
		if i > 0 {
			form.WriteByte('&')
		}
		form.WriteString("token=" + url.QueryEscape(q.token))
	}
	if c.o.Secret == "" {
		form.WriteString("&client_id=" + url.QueryEscape(c.o.ID))
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, c.endpoint, strings.NewReader(form.String()))
	if err != nil {
		return hub.E(op, hub.Invalid, err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if c.o.Secret != "" {
		r.SetBasicAuth(url.QueryEscape(c.o.ID), url.QueryEscape(c.o.Secret))
	}
	resp, err := c.o.HTTP.Do(r)
	if err != nil {
		return hub.Errorf(op, hub.Unavailable, "the hub does not answer") // the cause may quote what was sent
	}
	defer func() { err = errors.Join(err, resp.Body.Close()) }()
	switch resp.StatusCode {
	case http.StatusOK:
	case http.StatusUnauthorized:
		return hub.Errorf(op, hub.Unauthenticated, "the hub does not accept this client")
	default:
		return hub.Errorf(op, hub.Unavailable, "the hub answers "+strconv.Itoa(resp.StatusCode))
	}
	var all struct {
		Results []json.RawMessage `json:"results"`
	}
	if err := json.NewDecoder(io.LimitReader(resp.Body, largestReply)).Decode(&all); err != nil || len(all.Results) != len(batch) {
		return hub.Errorf(op, hub.Unavailable, "the hub's answer can't be read")
	}
	for i, q := range batch {
		q.reply, q.err = read(all.Results[i])
	}
	return nil
}

// read takes one member. Only the word true is active (invariant 8: what is missing is not a yes).
func read(raw json.RawMessage) (Answer, error) {
	const op = "client.Check"
	var state struct {
		Active *bool  `json:"active"`
		Error  string `json:"error"`
	}
	if err := json.Unmarshal(raw, &state); err != nil || state.Active == nil || state.Error != "" {
		return Answer{}, hub.Errorf(op, hub.Unavailable, "the hub can't know now")
	}
	if !*state.Active {
		return Answer{}, hub.Errorf(op, hub.Consumed, "the token is not active")
	}
	a := Answer{Raw: raw}
	if err := json.Unmarshal(raw, &a); err != nil {
		return Answer{}, hub.Errorf(op, hub.Unavailable, "the hub's answer can't be read")
	}
	return a, nil
}
