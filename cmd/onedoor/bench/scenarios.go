package bench

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"onedoor/hub/hubtest/formbrowser"
)

// The scenarios of one token and of many in one call, and that of participants of this process.
const (
	introspectOne   = "introspect"
	introspectBatch = "introspect-batch"
	toldByAll       = "logout-told"
)

func scenarios() []scenario {
	return []scenario{
		{name: introspectOne, prepare: introspect(1)},
		{name: introspectBatch, prepare: introspect(0)},
		{name: "client-credentials", prepare: clientCredentials},
		{name: "code-flow", prepare: codeFlow},
		{name: "refresh", prepare: refresh},
		{name: "full-login", prepare: fullLogin},
		{name: "logout", prepare: logout},
		{name: toldByAll, run: logoutTold},
	}
}

// timed measures a step as a whole.
func (p *provider) timed(do func(ctx context.Context) error) step {
	return func(ctx context.Context) (time.Duration, error) {
		begin := p.o.Clock()
		err := do(ctx)
		return p.o.Clock().Sub(begin), err
	}
}

// access gives a token to ask about.
func (p *provider) access(ctx context.Context) (string, error) {
	if p.o.Token != "" {
		return p.o.Token, nil
	}
	b, err := p.browser()
	if err != nil {
		return "", err
	}
	g, err := p.code(ctx, b, p.o.Scope)
	return g.Access, err
}

// introspect asks about one token a call, or about Options.Batch of them.
func introspect(n int) func(context.Context, *provider) (func(int) step, error) {
	return func(ctx context.Context, p *provider) (func(int) step, error) {
		endpoint, tokens := p.m.Introspection, n
		if n == 0 {
			endpoint, tokens = strings.TrimSuffix(p.o.Issuer, "/")+p.o.BatchPath, p.o.Batch
		}
		if p.m.Introspection == "" {
			return nil, errNotOffered
		}
		raw, err := p.access(ctx)
		if err != nil {
			return nil, err
		}
		form := strings.TrimSuffix(strings.Repeat("token="+url.QueryEscape(raw)+"&", tokens), "&")
		trial, err := p.line(endpoint, p.own().basic())
		if err != nil {
			return nil, err
		}
		defer trial.close()
		status, body, err := trial.ask(ctx, form)
		switch {
		case err != nil:
			return nil, err
		case status == 404 && n == 0:
			return nil, errNotOffered
		case status != 200 || actives(body) != tokens:
			return nil, errors.New("introspection answers " + strconv.Itoa(status) + " " + errorCode(body) + " with " + strconv.Itoa(actives(body)) + " active")
		}
		return func(int) step {
			l, err := p.line(endpoint, p.own().basic())
			return p.timed(func(ctx context.Context) error {
				if err != nil {
					return err
				}
				status, body, err := l.ask(ctx, form)
				if err == nil && (status != 200 || actives(body) != tokens) {
					err = errors.New("not active, status " + strconv.Itoa(status))
				}
				return err
			})
		}, nil
	}
}

func clientCredentials(ctx context.Context, p *provider) (func(int) step, error) {
	if !slices.Contains(p.m.GrantTypes, "client_credentials") {
		return nil, errNotOffered
	}
	form := url.Values{"grant_type": {"client_credentials"}}
	if _, err := p.token(ctx, p.own(), form); errors.Is(err, errNotOffered) { // what else goes wrong shows in the figures
		return nil, err
	}
	return func(int) step {
		return p.timed(func(ctx context.Context) error {
			_, err := p.token(ctx, p.own(), form)
			return err
		})
	}, nil
}

// signedIn gives each worker a browser whose person is signed in.
func (p *provider) signedIn(ctx context.Context, scope string) ([]*formbrowser.Browser, []grants, error) {
	browsers, all := make([]*formbrowser.Browser, p.o.Concurrency), make([]grants, p.o.Concurrency)
	for i := range browsers {
		b, err := p.browser()
		if err != nil {
			return nil, nil, err
		}
		if all[i], err = p.code(ctx, b, scope); err != nil {
			return nil, nil, err
		}
		browsers[i] = b
	}
	return browsers, all, nil
}

// codeFlow is a login at a system while the session lives: request, code, tokens.
func codeFlow(ctx context.Context, p *provider) (func(int) step, error) {
	browsers, _, err := p.signedIn(ctx, p.o.Scope)
	return func(worker int) step {
		return p.timed(func(ctx context.Context) error {
			_, err := p.code(ctx, browsers[worker], p.o.Scope)
			return err
		})
	}, err
}

func refresh(ctx context.Context, p *provider) (func(int) step, error) {
	if !slices.Contains(p.m.GrantTypes, "refresh_token") {
		return nil, errNotOffered
	}
	_, all, err := p.signedIn(ctx, p.o.Scope+" offline_access")
	if err != nil {
		return nil, err
	}
	if all[0].Refresh == "" {
		return nil, errNotOffered
	}
	return func(worker int) step {
		return p.timed(func(ctx context.Context) error {
			g, err := p.token(ctx, p.own(), url.Values{"grant_type": {"refresh_token"}, "refresh_token": {all[worker].Refresh}})
			if err == nil && g.Refresh != "" {
				all[worker].Refresh = g.Refresh
			}
			return err
		})
	}, nil
}

// fullLogin is everything from the request of somebody who is not signed in to the tokens, the identity provider's pages included.
func fullLogin(_ context.Context, p *provider) (func(int) step, error) {
	return func(int) step {
		return p.timed(func(ctx context.Context) error {
			b, err := p.browser()
			if err == nil {
				_, err = p.code(ctx, b, p.o.Scope)
			}
			return err
		})
	}, nil
}

// logout is the sign-out of a session at the provider; the login before it does not count.
func logout(_ context.Context, p *provider) (func(int) step, error) {
	address := p.m.EndSession
	if address == "" {
		address = strings.TrimSuffix(p.o.Issuer, "/") + "/logout"
	}
	return func(int) step {
		return func(ctx context.Context) (time.Duration, error) {
			b, err := p.browser()
			if err != nil {
				return 0, err
			}
			if _, err := p.code(ctx, b, p.o.Scope); err != nil {
				return 0, err
			}
			begin := p.o.Clock()
			page, err := b.Open(ctx, address)
			if err != nil {
				return 0, err
			}
			if f := page.FormWith("csrf"); f != nil {
				if page, err = f.Press(ctx, "", ""); err != nil {
					return 0, err
				}
			}
			took := p.o.Clock().Sub(begin)
			if page.Status >= 400 {
				return took, errors.New("the sign-out answers " + strconv.Itoa(page.Status))
			}
			return took, nil
		}
	}, nil
}
