package federation

import (
	"context"

	"onedoor/hub"
	"onedoor/hub/login"
)

// Interactive is the further contract of a connector whose providers have no pages of their own: the person types on a page of ours
// and waits there while they approve elsewhere. Its Start gives a login.Prompt or a login.Wait.
type Interactive interface {
	Upstream
	// Submit hands in what was typed. Another page, or a wait. Kinds as Upstream.
	Submit(ctx context.Context, p Provider, ask login.Ask, answer login.Answer) (login.Redirect, error)
	// Poll reports whether Finish would find a decision. Unavailable: nobody knows now. It may be called by many at once.
	Poll(ctx context.Context, p Provider, ask login.Ask, private []byte) (bool, error)
	// Abandon calls off what Submit began. Unavailable where the provider could not be told.
	Abandon(ctx context.Context, p Provider, ask login.Ask, private []byte) error
}

// Submit implements login.Upstreams. NotFound, Suspended, LevelUnmet, Unavailable, and the kinds of Interactive.Submit.
func (r *Registry) Submit(ctx context.Context, id hub.ProviderID, ask login.Ask, answer login.Answer) (login.Redirect, error) {
	const op = "federation.Submit"
	p, connector, err := r.interactive(op, id, ask.Want)
	if err != nil {
		return login.Redirect{}, err
	}
	var out login.Redirect
	err = r.call(ctx, op, id, true, func(ctx context.Context) error {
		var err error
		out, err = connector.Submit(ctx, p, ask, answer)
		return err
	})
	return out, err
}

// Poll implements login.Upstreams. Suspended where the provider went out of service meanwhile.
func (r *Registry) Poll(ctx context.Context, id hub.ProviderID, ask login.Ask, private []byte) (bool, error) {
	const op = "federation.Poll"
	p, connector, err := r.interactive(op, id, ask.Want)
	if err != nil {
		return false, err
	}
	decided := false
	err = r.call(ctx, op, id, false, func(ctx context.Context) error { // a connector need not ask each time
		var err error
		decided, err = connector.Poll(ctx, p, ask, private)
		return err
	})
	return decided && err == nil, err
}

// Abandon implements login.Upstreams. It works for a provider that is out of service, too.
func (r *Registry) Abandon(ctx context.Context, id hub.ProviderID, ask login.Ask, private []byte) error {
	const op = "federation.Abandon"
	s := r.now.Load()
	if s == nil {
		return hub.E(op, hub.Unavailable, NotLoaded)
	}
	p, ok := s.byID[id]
	if !ok {
		return hub.E(op, hub.NotFound, UnknownProvider)
	}
	connector, able := r.prompting[p.Protocol()]
	if !able {
		return hub.E(op, hub.Unavailable, NoConnector)
	}
	return r.call(ctx, op, id, false, func(ctx context.Context) error { return connector.Abandon(ctx, p, ask, private) })
}

func (r *Registry) interactive(op string, id hub.ProviderID, want hub.Level) (Provider, Interactive, error) {
	p, _, err := r.usable(op, id, want)
	if err != nil {
		return Provider{}, nil, err
	}
	connector, able := r.prompting[p.Protocol()]
	if !able {
		return Provider{}, nil, hub.E(op, hub.Unavailable, NoConnector)
	}
	return p, connector, nil
}
