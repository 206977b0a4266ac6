package federation

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"onedoor/hub"
	"onedoor/hub/login"
)

// OpenIDConnect is the name of the protocol whose settings are Provider.OIDC, as key of Options.Connectors.
const OpenIDConnect = "oidc"

// NationalDigitalID is the name of the protocol whose settings are Provider.NDID.
const NationalDigitalID = "ndid"

// SAML2 is the name of the protocol whose settings are Provider.SAML.
const SAML2 = "saml"

// Protocol names the one protocol that the provider speaks; "" where no settings are there.
func (p Provider) Protocol() string {
	switch {
	case p.OIDC != nil:
		return OpenIDConnect
	case p.NDID != nil:
		return NationalDigitalID
	case p.SAML != nil:
		return SAML2
	default:
		return ""
	}
}

// InService reports whether the provider may be used at the time (LOA-02): active, and within its dates. A record without
// an end is not in service.
func (p Provider) InService(now time.Time) bool {
	return p.Status == Active && !now.Before(p.ValidFrom) && now.Before(p.ValidUntil)
}

// Options of a Registry.
type Options struct {
	Store Store
	// Holds are the suspensions by staff, which go before what trust records say. Nil: there are none.
	Holds      HoldStore
	Connectors map[string]Upstream // by protocol
	// Interactive are the connectors of protocols whose providers have no pages of their own. They must not be in Connectors too.
	Interactive map[string]Interactive
	Clock       hub.Clock
	// CallTimeout bounds one Start or Finish with all its calls to the provider; default 12 s.
	CallTimeout time.Duration
	// Concurrency bounds the calls under way to one provider, so that a hanging one holds nothing of the others; default 256.
	Concurrency int
}

// Defaults of Options.
const (
	defaultCallTimeout = 12 * time.Second
	defaultConcurrency = 256
)

// Registry is the federation as the login sees it (login.Upstreams). It answers from a snapshot in memory, which Refresh
// brings up to date: no look-up costs a statement.
type Registry struct {
	store       Store
	holds       HoldStore
	connectors  map[string]Upstream
	prompting   map[string]Interactive
	clock       hub.Clock
	callTimeout time.Duration
	concurrency int

	refreshing sync.Mutex // one refresh at a time
	now        atomic.Pointer[snapshot]
	health     sync.Map // hub.ProviderID -> *ward
}

var _ login.Upstreams = (*Registry)(nil)

type snapshot struct {
	version int64
	sorted  []Provider // in order of display
	byID    map[hub.ProviderID]Provider
	tokens  []Provider
	own     OwnKeys
	held    map[hub.ProviderID]Hold
}

// New gives a registry that answers Unavailable until its first Refresh has succeeded.
func New(o Options) (*Registry, error) {
	const op = "federation.New"
	switch {
	case o.Store == nil:
		return nil, hub.Errorf(op, hub.Internal, "no store")
	case o.Clock == nil:
		return nil, hub.Errorf(op, hub.Internal, "no clock")
	case len(o.Connectors)+len(o.Interactive) == 0:
		return nil, hub.Errorf(op, hub.Internal, "no connectors")
	case o.CallTimeout < 0 || o.Concurrency < 0:
		return nil, hub.Errorf(op, hub.Internal, "negative limit")
	}
	connectors := make(map[string]Upstream, len(o.Connectors)+len(o.Interactive))
	for protocol, c := range o.Connectors {
		if c == nil || protocol == "" {
			return nil, hub.Errorf(op, hub.Internal, "empty connector")
		}
		connectors[protocol] = c
	}
	prompting := make(map[string]Interactive, len(o.Interactive))
	for protocol, c := range o.Interactive {
		if c == nil || protocol == "" || connectors[protocol] != nil {
			return nil, hub.Errorf(op, hub.Internal, "empty connector, or two for one protocol")
		}
		connectors[protocol], prompting[protocol] = c, c
	}
	return &Registry{
		store: o.Store, holds: o.Holds, connectors: connectors, prompting: prompting, clock: o.Clock,
		callTimeout: cmp.Or(o.CallTimeout, defaultCallTimeout),
		concurrency: cmp.Or(o.Concurrency, defaultConcurrency),
	}, nil
}

// Refresh reads the version of the list and, where it is another one, the list. It fails as the store does and then leaves
// in force what was known. The caller decides how often: a suspended provider is refused from the next refresh on.
func (r *Registry) Refresh(ctx context.Context) error {
	r.refreshing.Lock()
	defer r.refreshing.Unlock()
	// The version is read first: a change between both reads shows again at the next refresh, and none is missed.
	version, err := r.store.Version(ctx)
	if err != nil {
		return err
	}
	if known := r.now.Load(); known != nil && known.version == version {
		return nil
	}
	providers, err := r.store.Providers(ctx)
	if err != nil {
		return err
	}
	next := &snapshot{version: version, sorted: slices.Clone(providers), byID: make(map[hub.ProviderID]Provider, len(providers)), held: map[hub.ProviderID]Hold{}}
	if r.holds != nil {
		held, err := r.holds.Holds(ctx)
		if err != nil {
			return err
		}
		for _, h := range held {
			next.held[h.Provider] = h
		}
	}
	for i, p := range next.sorted {
		if _, ok := next.held[p.ID]; ok { // whatever its record says
			next.sorted[i].Status = Suspended
		}
	}
	slices.SortFunc(next.sorted, func(a, b Provider) int {
		return cmp.Or(cmp.Compare(a.Order, b.Order), cmp.Compare(a.ID, b.ID))
	})
	for _, p := range next.sorted {
		next.byID[p.ID] = p
		if p.Tokens != nil {
			next.tokens = append(next.tokens, p)
		}
	}
	next.own = ownKeys(next.sorted)
	r.now.Store(next)
	return nil
}

// Offer lists the providers that are in service and whose ceiling satisfies want (LOA-01), in order of display. An empty
// list means that no provider can. Unavailable before the first Refresh.
func (r *Registry) Offer(_ context.Context, want hub.Level) ([]login.Choice, error) {
	s := r.now.Load()
	if s == nil {
		return nil, hub.E("federation.Offer", hub.Unavailable, NotLoaded)
	}
	now := r.clock()
	var out []login.Choice
	for _, p := range s.sorted {
		if !p.InService(now) || !p.Ceiling.Satisfies(want) {
			continue
		}
		if _, able := r.connectors[p.Protocol()]; !able {
			continue
		}
		out = append(out, login.Choice{
			ID: p.ID, Names: p.Names, Ceiling: p.Ceiling, Restricted: p.Restricted, Trouble: r.ward(p.ID).trouble(now),
		})
	}
	return out, nil
}

// Start prepares the way to a provider. NotFound, Suspended, LevelUnmet where its ceiling is below what is wanted,
// Unavailable.
func (r *Registry) Start(ctx context.Context, id hub.ProviderID, ask login.Ask) (login.Redirect, error) {
	const op = "federation.Start"
	p, connector, err := r.usable(op, id, ask.Want)
	if err != nil {
		return login.Redirect{}, err
	}
	var out login.Redirect
	err = r.call(ctx, op, id, false, func(ctx context.Context) error {
		var err error
		out, err = connector.Start(ctx, p, ask)
		return err
	})
	return out, err
}

// Finish checks the answer, maps it and checks the level again (LOA-05). Besides the kinds of Upstream.Finish: NotFound,
// Suspended where the provider went out of service meanwhile, LevelUnmet where what it vouches for, within its ceiling, is
// below what was wanted or is no level at all.
func (r *Registry) Finish(ctx context.Context, id hub.ProviderID, ask login.Ask, answer login.Answer) (hub.Identity, error) {
	const op = "federation.Finish"
	p, connector, err := r.usable(op, id, ask.Want)
	if err != nil {
		return hub.Identity{}, err
	}
	var claims Claims
	err = r.call(ctx, op, id, true, func(ctx context.Context) error {
		var err error
		claims, err = connector.Finish(ctx, p, ask, answer)
		return err
	})
	if err != nil {
		return hub.Identity{}, err
	}
	// The record may have changed while the provider was slow: what counts is the trust at the end.
	if p, _, err = r.usable(op, id, ask.Want); err != nil {
		return hub.Identity{}, err
	}
	identity, err := Map(p, claims, r.clock())
	if err != nil {
		return hub.Identity{}, err
	}
	if l := identity.Level; l.IAL == hub.IALNone || l.AAL == hub.AALNone || !l.Satisfies(ask.Want) {
		return hub.Identity{}, hub.E(op, hub.LevelUnmet, LevelBelow)
	}
	return identity, nil
}

// usable finds a provider that is in service, can reach the level, and its connector.
func (r *Registry) usable(op string, id hub.ProviderID, want hub.Level) (Provider, Upstream, error) {
	s := r.now.Load()
	if s == nil {
		return Provider{}, nil, hub.E(op, hub.Unavailable, NotLoaded)
	}
	p, ok := s.byID[id]
	switch {
	case !ok:
		return Provider{}, nil, hub.E(op, hub.NotFound, UnknownProvider)
	case !p.InService(r.clock()):
		return Provider{}, nil, hub.E(op, hub.Suspended, NotInService)
	case !p.Ceiling.Satisfies(want):
		return Provider{}, nil, hub.E(op, hub.LevelUnmet, CeilingBelow)
	}
	connector, able := r.connectors[p.Protocol()]
	if !able {
		return Provider{}, nil, hub.E(op, hub.Unavailable, NoConnector)
	}
	return p, connector, nil
}

// call runs one piece of work at a provider: with a place among the calls under way, within the time, and noted. contact
// tells whether success proves that the provider answered.
func (r *Registry) call(ctx context.Context, op string, id hub.ProviderID, contact bool, work func(context.Context) error) error {
	w := r.ward(id)
	if !w.enter() {
		return hub.E(op, hub.Unavailable, Busy)
	}
	defer w.leave()
	bounded, cancel := context.WithTimeout(ctx, r.callTimeout)
	defer cancel()
	err := work(bounded)
	var cause Cause
	errors.As(err, &cause)
	switch {
	case ctx.Err() != nil: // the person went away
	case errors.Is(err, hub.Unavailable) || slices.Contains(broken, cause):
		w.failed(r.clock())
	case err == nil && contact:
		w.answered(r.clock())
	}
	return err
}
