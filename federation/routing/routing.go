// Package routing answers for access tokens that somebody else issued (SSO-03, SSO-08): another hub, or a department's own authority. It
// owns how an issuer is recognised, how it is asked, what of its answer is believed, and the bounds of all that. It does not own the
// trust records (federation), our own tokens (hub/token) or the answer on the wire (hub/oidcop), which asks it last.
//
// # Whom to ask
//
// The token tells: a JWT by its claim iss, which must be that of a record, letter by letter; an opaque token by what it begins with (for
// another hub as this one that follows from its issuer, see token.PrefixOf). Where it tells nothing, the system that asks may name the
// issuer. Nobody else is ever asked, so a token gets to nobody who has not issued it: except where a system names another issuer, which
// it could have asked itself.
//
// # What is believed
//
// The levels and attributes that the record allows, within its ceiling, by the same mapping as for logins; the scopes that it lists for
// the system. Subject and session come out as names that only the asking system knows (invariant 3). What the issuer says about expiry,
// audience and issuer is checked again here. A token is active only where everything fits: whatever fails, it is not active, and the
// reason, from the closed list of federation.Cause, goes into the record.
//
// # Bounds
//
// One question takes no longer than the record's timeout, one batch no longer than [BatchTime]; an issuer has no more than a few
// questions under way at once, and is left alone for a while where it fails again and again. An answer serves again for seconds at most,
// and not at all unless the record says so. Questions that hubs pass on carry, signed, the list of the hubs they came through: see via.go.
package routing

import (
	"context"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"onedoor/federation"
	"onedoor/hub"
	"onedoor/hub/jwks"
)

// Register gives the trust records (federation.Registry).
type Register interface {
	// TokenIssuers lists those that have settings for tokens, in service or not; the same version is the same list.
	TokenIssuers() ([]federation.Provider, int64)
}

// Options of a Router. All are required.
type Options struct {
	Issuer   string // ours
	Register Register
	HTTP     *http.Client // hub/outbound
	// Sign makes a JWT with a key of ours.
	Sign  func(alg, typ string, claims any) (string, error)
	NewID func() string // a random jti
	Clock hub.Clock
	// Pairwise gives the name of a foreign subject or session that only one sector knows: a keyed hash over purpose, issuer, value, sector.
	Pairwise func(purpose, issuer, value, sector string) string
}

// Router asks other issuers. It is safe for concurrent use.
type Router struct {
	o     Options
	keys  *jwks.Sets
	index atomic.Pointer[index]
	wards sync.Map // hub.ProviderID -> *ward
	kept  *kept
}

// New checks that nothing is missing. Invalid.
func New(o Options) (*Router, error) {
	const op = "routing.New"
	for _, d := range []struct {
		name    string
		missing bool
	}{
		{"Issuer", o.Issuer == ""},
		{"Register", o.Register == nil},
		{"HTTP", o.HTTP == nil},
		{"Sign", o.Sign == nil},
		{"NewID", o.NewID == nil},
		{"Clock", o.Clock == nil},
		{"Pairwise", o.Pairwise == nil},
	} {
		if d.missing {
			return nil, hub.Errorf(op, hub.Invalid, "no "+d.name)
		}
	}
	keys, err := jwks.New(o.HTTP, o.Clock)
	if err != nil {
		return nil, err
	}
	return &Router{o: o, keys: keys, kept: newKept()}, nil
}

// Asker is the system on whose behalf a question is asked, as it has proven itself.
type Asker struct {
	System     hub.SystemID
	Sector     string // of its pairwise subjects
	Least      hub.Level
	Attributes []hub.AttributeName // what its register allows (PRV-06)
	Hint       string              // the issuer it names, for tokens that tell nothing; "" for none
	Via        []string            // issuers of the hubs that the question came through, from its signed client assertion
}

// Answer is what is known of one token. Where Err is set it is not active; nothing else counts then but Provider.
type Answer struct {
	Err        error // NotFound: no issuer that we trust. Else a federation.Cause is in the chain.
	Provider   hub.ProviderID
	Issuer     string
	Client     string // to whom it was issued, as the issuer calls them
	Scopes     []string
	Subject    string // pairwise
	Session    string // pairwise; "" where the issuer tells none
	ID         string // pairwise form of jti; "" where the issuer tells none
	Level      hub.Level
	AuthTime   time.Time // zero where the issuer tells none
	IssuedAt   time.Time // zero where the issuer tells none
	ExpiresAt  time.Time
	Binding    map[string]string // members of cnf (RFC 7800); nil for a bearer token
	Attributes hub.Attributes
}

// Inactive reports whether the issuer itself said that the token is not active: nothing is wrong then.
func (a Answer) Inactive() bool { return a.Err == errInactive }

var (
	errUnknown  = hub.Errorf("routing.Ask", hub.NotFound, "no issuer that is trusted")
	errInactive = hub.E("routing.Ask", hub.Consumed, federation.TokenInactive)
)

// Bounds of a batch.
const (
	// BatchTime is the longest that all the questions of one batch take together.
	BatchTime = 5 * time.Second
	atOnce    = 16 // questions of one batch under way
)

// Ask answers for each token, in order. It never takes longer than BatchTime.
func (r *Router) Ask(ctx context.Context, asker Asker, tokens [][]byte) []Answer {
	out := make([]Answer, len(tokens))
	x := r.current()
	if x == nil {
		for i := range out {
			out[i].Err = errUnknown
		}
		return out
	}
	if hop := x.peers[asker.System]; hop != "" && !slices.Contains(asker.Via, hop) {
		asker.Via = append(slices.Clip(asker.Via), hop) // it does not say so itself, and is one all the same
	}
	ctx, cancel := context.WithTimeout(ctx, BatchTime)
	defer cancel()
	asked := map[string]int{} // the same token twice is one question
	var again [][2]int
	var all sync.WaitGroup
	places := make(chan struct{}, atOnce)
	for i, raw := range tokens {
		text := string(raw)
		if first, twice := asked[text]; twice {
			again = append(again, [2]int{i, first})
			continue
		}
		asked[text] = i
		t, err := x.recognise(text, asker.Hint)
		if err != nil {
			out[i].Err, out[i].Provider = err, t.provider.ID
			continue
		}
		if len(tokens) == 1 {
			out[i] = r.one(ctx, asker, t)
			continue
		}
		all.Go(func() {
			select {
			case places <- struct{}{}:
				defer func() { <-places }()
				out[i] = r.one(ctx, asker, t)
			case <-ctx.Done():
				out[i] = Answer{Provider: t.provider.ID, Err: hub.E("routing.Ask", hub.Unavailable, federation.RouteNoTime)}
			}
		})
	}
	all.Wait()
	for _, pair := range again {
		out[pair[0]] = out[pair[1]]
	}
	return out
}

// one answers for one token of a known issuer.
func (r *Router) one(ctx context.Context, asker Asker, t target) Answer {
	a := Answer{Provider: t.provider.ID, Issuer: t.settings.Issuer}
	limits, err := r.allowed(asker, t)
	if err != nil {
		a.Err = err
		return a
	}
	ctx, cancel := context.WithTimeout(ctx, t.settings.Timeout)
	defer cancel()
	audiences := t.settings.Audiences
	if len(limits.Audiences) > 0 {
		audiences = limits.Audiences
	}
	claims, err := r.claims(ctx, asker, t)
	if err == nil {
		err = claims.check(t, audiences, r.o.Clock())
	}
	if err == nil {
		err = r.translate(&a, asker, limits, t, claims)
	}
	if err != nil {
		return Answer{Provider: a.Provider, Issuer: a.Issuer, Err: err}
	}
	return a
}

// allowed finds what the system may learn of the issuer's tokens, and cuts loops before anything is sent.
func (r *Router) allowed(asker Asker, t target) (federation.TokenSystem, error) {
	const op = "routing.allowed"
	if !t.provider.InService(r.o.Clock()) {
		return federation.TokenSystem{}, hub.E(op, hub.Suspended, federation.NotInService)
	}
	limits, ok := t.settings.For(asker.System) // another hub that asks is a system as any other
	if !ok {
		return federation.TokenSystem{}, hub.E(op, hub.Denied, federation.RouteUnentitled)
	}
	return limits, r.loops(asker.Via, t.settings)
}
