// Package ndid is the relying party towards the Thai National Digital ID platform (NDID, node API 6.0 and 5.3), which the hub reaches
// through a node of its own. There is no redirect: the person types the citizen number and picks an identity provider on a page of
// ours, approves in its app, and waits with us meanwhile. It is a federation.Interactive.
//
// It owns the request to the node, the message with the verification code, the judgement of what the platform says (judge), the
// callback from the node, and what each error code means. It does not own the pages, the trust record, or who keeps state between
// the steps (hub/login).
//
// # What is trusted
//
// Callbacks of the platform are neither signed nor authenticated. One is accepted on an address with a secret of its request only,
// and even then it is no more than a reason to read the request from the node again, soon; without callbacks everything works the
// same by polling, a few seconds later. So what a node of the hub learns from callbacks needs no sharing with the others.
//
// In mode 1 nothing but the platform's membership vouches for an answer: there is no signature to check. In mode 2 the platform
// checks signature and level.
//
// # The citizen number
//
// It is kept sealed under the browser's secret while the person waits (hub/login), and nowhere else. The node's API wants it in the
// path: no error, log or metric of this room holds an address. Whoever puts a proxy before the node must keep its log clean, too.
package ndid

import (
	"cmp"
	"context"
	"io"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"onedoor/federation"
	"onedoor/hub"
	"onedoor/hub/login"
)

// Counter counts what happens in a period, on all nodes of the hub together; hubsql.Counters does.
type Counter interface {
	// Count adds one to the subject's count in the running period and gives it. Unavailable.
	Count(ctx context.Context, name string, subject []byte, period time.Duration, now time.Time) (int, error)
}

// Options of a Connector. All are required but the last three.
type Options struct {
	// HTTP calls the node. Its transport decides about proxies, TLS roots and forbidden addresses: the node's private one must be
	// allowed. It must not write addresses anywhere. Its redirect policy and cookie jar are not used.
	HTTP   *http.Client
	Clock  hub.Clock
	Random io.Reader
	// Open opens a sealed secret of ours.
	Open func(sealed []byte) ([]byte, error)
	// Index gives a keyed hash that is the same on every node of the hub: it makes the callbacks' secrets.
	Index interface {
		Index(purpose string, parts ...string) []byte
	}
	// Observe is told what an operator must see, to be counted.
	Observe func(hub.ProviderID, Signal)
	Log     *slog.Logger
	// Counter holds the limit of requests about one number over all nodes of the hub; nil where there is one node, which counts by itself.
	Counter Counter
	// CallTimeout bounds each call to the node; default 5 s.
	CallTimeout time.Duration
	// PollEvery is how often a request is read while no callback comes; default 4 s.
	PollEvery time.Duration
}

// The times and limits that are not options.
const (
	defaultCallTimeout = 5 * time.Second
	defaultPollEvery   = 4 * time.Second
	cleanTimeout       = 2 * time.Second  // for closing and removing, which nobody should wait for
	grace              = 15 * time.Second // after the request's end, for the platform to say so
	shortest           = time.Minute      // what is left of a login must be enough to find the phone
	commitTime         = time.Minute      // a request that is not on the chain by then never will be
	levelsLife         = 10 * time.Minute // of the lists of supported levels
	skew               = time.Minute      // by how much the nodes' clocks may differ
)

// Connector speaks to the nodes of all NDID trust records. It is a federation.Interactive, safe for concurrent use.
type Connector struct {
	http        *http.Client
	clock       hub.Clock
	random      io.Reader
	open        func([]byte) ([]byte, error)
	index       func(purpose string, parts ...string) []byte
	observe     func(hub.ProviderID, Signal)
	log         *slog.Logger
	callTimeout time.Duration
	pollEvery   time.Duration
	desk        *desk
	counter     Counter

	mu     sync.Mutex
	levels map[hub.ProviderID]supported
}

var _ federation.Interactive = (*Connector)(nil)

// New gives a connector. It calls nobody until it is used.
func New(o Options) (*Connector, error) {
	const op = "ndid.New"
	for name, missing := range map[string]bool{
		"no HTTP client": o.HTTP == nil, "no clock": o.Clock == nil, "no randomness": o.Random == nil,
		"no way to open secrets": o.Open == nil, "no index": o.Index == nil, "no observer": o.Observe == nil, "no log": o.Log == nil,
		"negative time": o.CallTimeout < 0 || o.PollEvery < 0,
	} {
		if missing {
			return nil, hub.Errorf(op, hub.Internal, name)
		}
	}
	client := *o.HTTP
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	client.Jar = nil
	return &Connector{
		http: &client, clock: o.Clock, random: o.Random, open: o.Open, index: o.Index.Index, observe: o.Observe, log: o.Log,
		callTimeout: cmp.Or(o.CallTimeout, defaultCallTimeout), pollEvery: cmp.Or(o.PollEvery, defaultPollEvery),
		desk: newDesk(), counter: o.Counter, levels: make(map[hub.ProviderID]supported),
	}, nil
}

// Start gives the page on which the person types the number and picks one of the identity providers that can reach the level now.
// Unavailable where the node does not answer or nobody is there; LevelUnmet where the platform knows no such level.
func (c *Connector) Start(ctx context.Context, p federation.Provider, ask login.Ask) (login.Redirect, error) {
	const op = "ndid.Start"
	if p.NDID == nil {
		return login.Redirect{}, hub.Errorf(op, hub.Internal, "no settings")
	}
	return c.page(ctx, p, ask, problem{})
}

// problem is why the page is shown again.
type problem struct {
	page, number, idp hub.Kind
}

// The names of the fields of the page.
const (
	numberField = "number"
	idpField    = "idp"
)

func (c *Connector) page(ctx context.Context, p federation.Provider, ask login.Ask, why problem) (login.Redirect, error) {
	const op = "ndid.page"
	least, err := c.least(ctx, p, ask.Want)
	if err != nil {
		return login.Redirect{}, err
	}
	idps, err := c.identityProviders(ctx, p, least)
	if err != nil {
		return login.Redirect{}, err
	}
	if len(idps) == 0 {
		return login.Redirect{}, hub.E(op, hub.Unavailable, federation.NoIdentityOffered)
	}
	private, err := encode(question{Provider: p.ID, Node: p.NDID.Node})
	if err != nil {
		return login.Redirect{}, err
	}
	options := make([]login.Option, len(idps))
	for i, idp := range idps {
		options[i] = login.Option{Value: idp.id, Names: idp.names}
	}
	return login.Redirect{Private: private, Prompt: &login.Prompt{Problem: why.page, Fields: []login.Field{
		{Name: numberField, Kind: login.FieldCitizenNumber, Problem: why.number},
		{Name: idpField, Kind: login.FieldIDP, Options: options, Problem: why.idp},
	}}}, nil
}
