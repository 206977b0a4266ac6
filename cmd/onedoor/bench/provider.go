package bench

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/tls"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"onedoor/hub"
	"onedoor/hub/hubtest/formbrowser"
)

// metadata is what is read of a discovery document (OpenID Connect Discovery 1.0 section 3).
type metadata struct {
	Issuer        string   `json:"issuer"`
	Authorization string   `json:"authorization_endpoint"`
	Token         string   `json:"token_endpoint"`
	Introspection string   `json:"introspection_endpoint"`
	EndSession    string   `json:"end_session_endpoint"`
	GrantTypes    []string `json:"grant_types_supported"`
}

// provider is the one that is measured.
type provider struct {
	o         Options
	m         metadata
	transport *http.Transport
	http      *http.Client
	alone     sync.Once
	perLogin  float64 // see loginCPU
}

// local reports whether a host is this machine, by its name or address (RFC 6761 section 6.3).
func local(host string) bool {
	if a, err := netip.ParseAddr(host); err == nil {
		return a.Unmap().IsLoopback()
	}
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	return host == "localhost" || strings.HasSuffix(host, ".localhost")
}

// dial goes nowhere but to this machine, unless another is meant: every address counts, also those that pages and redirects name.
func (p *provider) dial(ctx context.Context, network, address string) (net.Conn, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	if !local(host) && !p.o.Remote {
		return nil, hub.Errorf("bench.dial", hub.Denied, "an address of another machine")
	}
	if local(host) && strings.HasSuffix(strings.ToLower(host), "localhost") {
		address = net.JoinHostPort("127.0.0.1", port)
	}
	return new(net.Dialer).DialContext(ctx, network, address)
}

// discover reads the provider's metadata.
func discover(ctx context.Context, o Options) (*provider, error) {
	const op = "bench.discover"
	p := &provider{o: o}
	p.transport = &http.Transport{
		DialContext: p.dial, MaxIdleConnsPerHost: o.Concurrency + 8, MaxIdleConns: 4*o.Concurrency + 32, DisableCompression: true,
		TLSClientConfig: &tls.Config{RootCAs: o.Roots, MinVersion: tls.VersionTLS12},
	}
	p.http = &http.Client{
		Transport: p.transport, Timeout: 30 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimSuffix(o.Issuer, "/")+"/.well-known/openid-configuration", nil)
	if err != nil {
		return nil, hub.E(op, hub.Invalid, err)
	}
	status, body, err := p.send(r)
	switch {
	case err != nil:
		return nil, hub.E(op, hub.Unavailable, err)
	case status != http.StatusOK:
		return nil, hub.Errorf(op, hub.Unavailable, "the discovery document answers "+strconv.Itoa(status))
	}
	if err := json.Unmarshal(body, &p.m); err != nil || p.m.Issuer != o.Issuer {
		return nil, hub.Errorf(op, hub.Refused, "the discovery document is of another issuer, or none")
	}
	return p, nil
}

func (p *provider) close() { p.transport.CloseIdleConnections() }

func (p *provider) send(r *http.Request) (status int, body []byte, err error) {
	resp, err := p.http.Do(r)
	if err != nil {
		return 0, nil, err
	}
	defer func() { err = errors.Join(err, resp.Body.Close()) }()
	body, err = io.ReadAll(io.LimitReader(resp.Body, mostBody))
	return resp.StatusCode, body, err
}

// client is who asks the provider.
type client struct {
	id, secret string // no secret: a public client
	redirect   string
}

func (p *provider) own() client { return client{p.o.Client, p.o.Secret, p.o.Redirect} }

// basic is the client's Authorization header (RFC 6749 section 2.3.1).
func (c client) basic() string {
	pair := url.QueryEscape(c.id) + ":" + url.QueryEscape(c.secret)
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(pair))
}

// grants is a token response.
type grants struct {
	Access  string `json:"access_token"`
	Refresh string `json:"refresh_token"`
	ID      string `json:"id_token"`
}

// token asks the token endpoint.
func (p *provider) token(ctx context.Context, c client, form url.Values) (g grants, err error) {
	if c.secret == "" {
		form.Set("client_id", c.id)
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, p.m.Token, strings.NewReader(form.Encode()))
	if err != nil {
		return g, err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if c.secret != "" {
		r.Header.Set("Authorization", c.basic())
	}
	status, body, err := p.send(r)
	switch {
	case err != nil:
		return g, err
	case status != http.StatusOK && errorCode(body) == "unauthorized_client":
		return g, fmt.Errorf("%w: the grant type is not for this client", errNotOffered)
	case status != http.StatusOK:
		return g, errors.New("the token endpoint answers " + strconv.Itoa(status) + " " + errorCode(body))
	}
	if err := json.Unmarshal(body, &g); err != nil || g.Access == "" {
		return g, errors.New("the token endpoint gives no access token")
	}
	return g, nil
}

// errorCode finds the error of an OAuth answer; nothing else of it is shown.
func errorCode(body []byte) string {
	var e struct {
		Error string `json:"error"`
	}
	if json.Unmarshal(body, &e) != nil || len(e.Error) > 64 {
		return ""
	}
	return e.Error
}

// browser is a new person's, with no cookies.
func (p *provider) browser() (*formbrowser.Browser, error) {
	return formbrowser.New(formbrowser.Options{
		Transport: p.transport,
		Away: func(u *url.URL) bool {
			a := *u
			a.RawQuery, a.Fragment = "", ""
			return a.String() == p.o.Redirect || p.o.Participants > 0 && a.Path == participantRedirect
		},
	})
}

const mostPages = 16 // of one login

// code walks through the login of the browser and gives tokens for the code at its end. scope is that of the request.
func (p *provider) code(ctx context.Context, b *formbrowser.Browser, scope string) (grants, error) {
	return p.codeFor(ctx, b, p.own(), scope)
}

// codeFor is code at a client.
func (p *provider) codeFor(ctx context.Context, b *formbrowser.Browser, c client, scope string) (grants, error) {
	if c.redirect == "" {
		return grants{}, errors.New("a login needs the client's redirect URI")
	}
	verifier, state := hub.NewSecret(p.o.Random).Reveal(), hub.NewID(p.o.Random)
	challenge := sha256.Sum256([]byte(verifier))
	q := url.Values{
		"response_type": {"code"}, "client_id": {c.id}, "redirect_uri": {c.redirect}, "scope": {scope}, "state": {state},
		"nonce": {hub.NewID(p.o.Random)}, "code_challenge_method": {"S256"},
		"code_challenge": {base64.RawURLEncoding.EncodeToString(challenge[:])},
	}
	page, err := b.Open(ctx, p.m.Authorization+"?"+q.Encode())
	for range mostPages {
		switch {
		case err != nil:
			return grants{}, err
		case !page.Away():
			page, err = p.press(ctx, page)
			continue
		case page.Params.Get("state") != state:
			return grants{}, errors.New("the answer has another state")
		case page.Params.Get("error") == "invalid_scope":
			return grants{}, fmt.Errorf("%w: the scope is not for this client", errNotOffered)
		case page.Params.Get("code") == "":
			return grants{}, errors.New("no code, but " + errorWord(page.Params.Get("error")))
		}
		return p.token(ctx, c, url.Values{
			"grant_type": {"authorization_code"}, "code": {page.Params.Get("code")}, "redirect_uri": {c.redirect}, "code_verifier": {verifier},
		})
	}
	return grants{}, errors.New("the pages of the login do not end")
}

// errorWord gives an error code as it may be shown.
func errorWord(s string) string {
	if s == "" || len(s) > 64 || strings.Trim(s, "abcdefghijklmnopqrstuvwxyz_") != "" {
		return "nothing"
	}
	return s
}

// press does on a page of onedoor, or of its stand-ins, what a person in a hurry would: choose a provider, say who is there, agree.
func (p *provider) press(ctx context.Context, page *formbrowser.Page) (*formbrowser.Page, error) {
	for _, f := range page.Forms() {
		choices := func(name string) (all []string) {
			for _, b := range f.Buttons {
				if b.Name == name {
					all = append(all, b.Value)
				}
			}
			return all
		}
		if all := choices("provider"); len(all) > 0 {
			want := p.o.Provider
			if want == "" {
				want = all[0]
			}
			return f.Press(ctx, "provider", want)
		}
		if people := f.Boxes("person"); len(people) > 0 {
			who := p.o.Person
			if who == "" {
				who = people[0]
			}
			if err := f.Pick("person", who); err != nil {
				return nil, err
			}
			if i := slices.IndexFunc(f.Buttons, func(b formbrowser.Button) bool { return b.Value != "deny" }); i >= 0 {
				return f.Press(ctx, f.Buttons[i].Name, f.Buttons[i].Value)
			}
		}
		if slices.Contains(choices("decision"), "allow") {
			return f.Press(ctx, "decision", "allow")
		}
	}
	return nil, errors.New("a page of the login that this client does not know, status " + strconv.Itoa(page.Status) + " at " + page.URL.Path)
}

var activeMember = []byte(`"active":true`)

// actives counts the active answers, also where the answer is written with blanks.
func actives(body []byte) int {
	n := bytes.Count(body, activeMember)
	if n == 0 {
		n = bytes.Count(body, []byte(`"active": true`))
	}
	return n
}
