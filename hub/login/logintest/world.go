package logintest

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"strings"
	"sync"
	"time"

	"onedoor/hub"
	"onedoor/hub/login"
)

// Clock stands still until it is moved.
type Clock struct {
	mu  sync.Mutex
	now time.Time
}

// NewClock starts on a fixed day.
func NewClock() *Clock { return &Clock{now: time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)} }

// Now tells the time (hub.Clock).
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Add moves the clock.
func (c *Clock) Add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// Index makes keyed hashes under a fixed key.
type Index struct{}

// Index gives HMAC-SHA-256 over the purpose and the parts, each with its length in front.
func (Index) Index(purpose string, parts ...string) []byte {
	h := hmac.New(sha256.New, []byte("the key of the tests"))
	for _, p := range append([]string{purpose}, parts...) {
		h.Write(binary.BigEndian.AppendUint64(nil, uint64(len(p))))
		h.Write([]byte(p))
	}
	return h.Sum(nil)
}

// Directory knows the systems that are put into it.
type Directory struct {
	mu      sync.Mutex
	systems map[hub.SystemID]login.System
}

// Put adds or replaces a system.
func (d *Directory) Put(s login.System) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.systems == nil {
		d.systems = map[hub.SystemID]login.System{}
	}
	d.systems[s.ID] = s
}

// System finds one. NotFound.
func (d *Directory) System(_ context.Context, id hub.SystemID) (login.System, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	s, ok := d.systems[id]
	if !ok {
		return login.System{}, no(hub.NotFound)
	}
	return s, nil
}

// Federation stands in for the providers. A redirect leads to "https://<provider>.test/?state=<state>"; what comes back for a code is
// what Says was told.
type Federation struct {
	mu      sync.Mutex
	choices []login.Choice
	says    map[string]said
	asks    []login.Ask

	// Down, where set, is asked before every Start. Set it between calls only.
	Down func(hub.ProviderID) error
	// Finishing, where set, runs inside Finish, before the answer. Set it between calls only.
	Finishing func()
}

type said struct {
	identity hub.Identity
	err      error
}

// Offers sets the providers.
func (f *Federation) Offers(choices ...login.Choice) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.choices = choices
}

// Says sets what a code stands for.
func (f *Federation) Says(code string, id hub.Identity, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.says == nil {
		f.says = map[string]said{}
	}
	f.says[code] = said{id, err}
}

// Asks gives what was asked so far, starts and finishes in turn.
func (f *Federation) Asks() []login.Ask {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]login.Ask(nil), f.asks...)
}

// Offer lists the providers that can reach the level.
func (f *Federation) Offer(_ context.Context, want hub.Level) ([]login.Choice, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	var out []login.Choice
	for _, c := range f.choices {
		if c.Ceiling.Satisfies(want) {
			out = append(out, c)
		}
	}
	return out, nil
}

// Start redirects.
func (f *Federation) Start(_ context.Context, p hub.ProviderID, ask login.Ask) (login.Redirect, error) {
	if f.Down != nil {
		if err := f.Down(p); err != nil {
			return login.Redirect{}, err
		}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.asks = append(f.asks, ask)
	return login.Redirect{URL: "https://" + string(p) + ".test/?state=" + ask.State, Private: []byte("nonce of " + ask.State)}, nil
}

// Finish gives what the code stands for. Refused where the private state is not the one that Start gave out with this state.
func (f *Federation) Finish(ctx context.Context, _ hub.ProviderID, ask login.Ask, a login.Answer) (hub.Identity, error) {
	if f.Finishing != nil {
		f.Finishing()
	}
	if err := ctx.Err(); err != nil {
		return hub.Identity{}, hub.E("logintest.Finish", hub.Unavailable, err)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.asks = append(f.asks, ask)
	if string(a.Private) != "nonce of "+ask.State {
		return hub.Identity{}, no(hub.Refused)
	}
	s, ok := f.says[a.Params["code"]]
	if !ok {
		return hub.Identity{}, no(hub.Refused)
	}
	return s.identity, s.err
}

// StateOf gives the state parameter of a redirect.
func StateOf(redirect string) string {
	_, state, _ := strings.Cut(redirect, "?state=")
	return state
}

// NewBrowser makes a browser that has been here before only to get its binding.
func NewBrowser() login.Browser {
	return login.Browser{Binding: hub.NewSecret(rand.Reader), Channel: "web", Device: "Firefox on Linux", Network: "192.0.2.0/24", Languages: []string{"th"}}
}
