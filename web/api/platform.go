package api

import (
	"context"
	"net/http"
	"time"

	"onedoor/authz/permit"
	"onedoor/federation"
	"onedoor/hub"
	"onedoor/hub/keys"
	"onedoor/tenants/staff"
)

// Providers are the identity providers: federation.Registry.
type Providers interface {
	Register(ctx context.Context) ([]federation.Entry, error)
}

// Brake suspends providers: federation.Brake, whose comments name the errors.
type Brake interface {
	Suspend(ctx context.Context, h federation.Halt) error
	Progress(ctx context.Context, id hub.ProviderID) (ended int, done time.Time, err error)
	Resume(ctx context.Context, by hub.AccountID, id hub.ProviderID, reason string) error
}

// Keys are the hub's own.
type Keys interface {
	List(ctx context.Context) ([]keys.Info, error)
	// Rotate makes the next key now, and records who had it made. Conflict for what is never rotated; Invalid; NotFound.
	Rotate(ctx context.Context, by hub.AccountID, use keys.Use, alg string) error
}

type shownProvider struct {
	ID         string    `json:"id"`
	Names      wireText  `json:"names"`
	Status     string    `json:"status" doc:"of its trust record"`
	InService  bool      `json:"inService"`
	Held       string    `json:"held,omitempty" doc:"staff have suspended it: why"`
	HeldBy     string    `json:"heldBy,omitempty"`
	HeldAt     time.Time `json:"heldAt,omitzero"`
	ValidFrom  time.Time `json:"validFrom"`
	ValidUntil time.Time `json:"validUntil"`
	Ceiling    wireLevel `json:"ceiling"`
	Trouble    bool      `json:"trouble" doc:"it did not answer this node lately"`
	// Of the last order to end the sessions that rest on it.
	Ending    bool      `json:"ending" doc:"the sessions that rest on it are being ended; nothing of them is good any more"`
	Ended     int       `json:"ended,omitempty" doc:"so many were ended by the last order"`
	EndedDone time.Time `json:"endedDone,omitzero" doc:"when the last of them was"`
}

type providerList struct {
	Providers []shownProvider `json:"providers"`
}

// providerMove suspends a provider, or lets it take part again.
type providerMove struct {
	To     string `json:"to" enum:"suspended|active"`
	Reason string `json:"reason" enum:"planned|incident|misuse|maintenance|settled|tested" doc:"active: settled, tested"`
	// Sessions says what becomes of those that rest on it.
	Sessions string `json:"sessions,omitempty" enum:"end|keep" doc:"suspended: what becomes of the sessions that rest on it. Without it an incident or misuse ends them; end can be sent again for a provider that is suspended"`
}

type shownKey struct {
	ID         string    `json:"id"`
	Use        string    `json:"use"`
	Alg        string    `json:"alg"`
	State      string    `json:"state"`
	CreatedAt  time.Time `json:"createdAt"`
	ActiveFrom time.Time `json:"activeFrom"`
	RetireAt   time.Time `json:"retireAt,omitzero"`
	ExpiresAt  time.Time `json:"expiresAt,omitzero"`
}

type keyList struct {
	Keys []shownKey `json:"keys" doc:"names and dates, the latest first"`
}

type keyTurn struct {
	Use string `json:"use" max:"39"`
	Alg string `json:"alg" max:"39"`
}

func (a *API) platformRoutes() []route {
	return []route{
		{id: "listProviders", method: http.MethodGet, path: "/providers", summary: "The identity providers", acts: []permit.Act{permit.ProviderRead}, out: providerList{}, status: http.StatusOK, do: a.listProviders},
		{id: "moveProvider", method: http.MethodPost, path: "/providers/{provider}/moves", summary: "Take an identity provider out of service at once, and end the sessions that rest on it; or let it take part again as its trust record says. Where sessions end, answered when no node takes anything of them for active any more", acts: []permit.Act{permit.ProviderPut}, in: providerMove{}, out: done{}, status: http.StatusOK, do: a.moveProvider},
		{id: "listKeys", method: http.MethodGet, path: "/keys", summary: "The hub's keys: names and dates, never the keys", acts: []permit.Act{permit.KeyRead}, out: keyList{}, status: http.StatusOK, do: a.listKeys},
		{id: "rotateKey", method: http.MethodPost, path: "/keys/rotate", summary: "Make the next key of a use now instead of by schedule", acts: []permit.Act{permit.KeyRotate}, in: keyTurn{}, out: done{}, status: http.StatusOK, do: a.rotateKey},
	}
}

func (a *API) listProviders(ctx context.Context, c *call) (reply, error) {
	if err := a.see(ctx, c, permit.ProviderRead, staff.Place{}); err != nil {
		return reply{}, err
	}
	all, err := a.o.Providers.Register(ctx)
	if err != nil {
		return reply{}, err
	}
	out := providerList{Providers: []shownProvider{}}
	for _, e := range all {
		ended, done, err := a.o.Brake.Progress(ctx, e.ID)
		if err != nil && hub.KindOf(err) != hub.NotFound {
			return reply{}, err
		}
		out.Providers = append(out.Providers, shownProvider{
			string(e.ID), e.Names, string(e.Status), e.InService, e.Held.Reason, string(e.Held.By), e.Held.At, e.ValidFrom, e.ValidUntil, levelOf(e.Ceiling), e.Trouble,
			err == nil && done.IsZero(), ended, done,
		})
	}
	return reply{body: out}, nil
}

func (a *API) moveProvider(ctx context.Context, c *call) (reply, error) {
	if err := a.may(ctx, c, permit.ProviderRead, permit.ProviderPut, staff.Place{}); err != nil {
		return reply{}, err
	}
	in, id := c.in.(*providerMove), hub.ProviderID(c.path("provider"))
	fate := federation.Fate(in.Sessions)
	if in.To == "active" {
		if fate != federation.FateByReason {
			return reply{}, hub.Errorf("api.moveProvider", hub.Invalid, "a provider that takes part again ends no sessions")
		}
		return reply{body: done{true}}, a.o.Brake.Resume(ctx, c.person(), id, in.Reason)
	}
	err := a.o.Brake.Suspend(ctx, federation.Halt{Provider: id, Reason: in.Reason, By: c.person(), Sessions: fate})
	return reply{body: done{true}, settles: fate.Ends(in.Reason)}, err
}

func (a *API) listKeys(ctx context.Context, c *call) (reply, error) {
	if err := a.see(ctx, c, permit.KeyRead, staff.Place{}); err != nil {
		return reply{}, err
	}
	all, err := a.o.Keys.List(ctx)
	if err != nil {
		return reply{}, err
	}
	out := keyList{Keys: []shownKey{}}
	for i := len(all) - 1; i >= 0; i-- {
		k := all[i]
		out.Keys = append(out.Keys, shownKey{k.ID, string(k.Use), k.Alg, string(k.State), k.CreatedAt, k.ActiveFrom, k.RetireAt, k.ExpiresAt})
	}
	return reply{body: out}, nil
}

func (a *API) rotateKey(ctx context.Context, c *call) (reply, error) {
	if err := a.may(ctx, c, permit.KeyRead, permit.KeyRotate, staff.Place{}); err != nil {
		return reply{}, err
	}
	in := c.in.(*keyTurn)
	return reply{body: done{true}}, a.o.Keys.Rotate(ctx, c.person(), keys.Use(in.Use), in.Alg)
}
