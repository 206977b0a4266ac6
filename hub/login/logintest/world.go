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
// what Says was told. A provider in Prompts has no pages of its own: it wants a "number" typed and an "idp" chosen of "a" and "b",
// then it decides as Says was told for the number, once it was.
type Federation struct {
	mu        sync.Mutex
	choices   []login.Choice
	says      map[string]said
	asks      []login.Ask
	abandoned []string

	// Prompts are the providers without pages. Set it between calls only.
	Prompts map[hub.ProviderID]bool
	// Submitting, where set, is asked before a wait begins. Set it between calls only.
	Submitting func(fields map[string]string) error
	// Polling, where set, is asked before every Poll. Set it between calls only.
	Polling func() error

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
	if f.Prompts[p] {
		return login.Redirect{Prompt: page(""), Private: []byte("page of " + ask.State)}, nil
	}
	return login.Redirect{URL: "https://" + string(p) + ".test/?state=" + ask.State, Private: []byte("nonce of " + ask.State)}, nil
}

func page(problem hub.Kind) *login.Prompt {
	return &login.Prompt{Fields: []login.Field{
		{Name: "number", Kind: login.FieldCitizenNumber, Problem: problem},
		{Name: "idp", Kind: login.FieldIDP, Options: []login.Option{
			{Value: "a", Names: hub.Text{"en": "A"}}, {Value: "b", Names: hub.Text{"en": "B"}},
		}},
	}}
}

// Code is shown on both sides.
const Code = "4F7K"

// waitingFor is in front of the private state while a provider without pages decides; the number follows.
const waitingFor = "wait of "

// Submit lets the person wait for the number, or shows the page again where it is "wrong". Refused where the private state is not
// the one that Start gave out with this state.
func (f *Federation) Submit(_ context.Context, _ hub.ProviderID, ask login.Ask, a login.Answer) (login.Redirect, error) {
	if f.Submitting != nil {
		if err := f.Submitting(a.Params); err != nil {
			return login.Redirect{}, err
		}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.asks = append(f.asks, ask)
	switch {
	case string(a.Private) != "page of "+ask.State:
		return login.Redirect{}, no(hub.Refused)
	case a.Params["number"] == "wrong":
		return login.Redirect{Prompt: page(hub.Invalid), Private: a.Private}, nil
	}
	return login.Redirect{
		Wait:    &login.Wait{Code: Code, Names: hub.Text{"en": a.Params["idp"]}, Until: ask.Until},
		Private: []byte(waitingFor + ask.State + " " + a.Params["number"]),
	}, nil
}

// number gives what a wait is for.
func number(ask login.Ask, private []byte) (string, bool) {
	return strings.CutPrefix(string(private), waitingFor+ask.State+" ")
}

// Poll reports whether Says was told of the number.
func (f *Federation) Poll(_ context.Context, _ hub.ProviderID, ask login.Ask, private []byte) (bool, error) {
	if f.Polling != nil {
		if err := f.Polling(); err != nil {
			return false, err
		}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	n, mine := number(ask, private)
	if !mine {
		return false, no(hub.Refused)
	}
	_, decided := f.says[n]
	return decided, nil
}

// Abandon keeps note.
func (f *Federation) Abandon(_ context.Context, _ hub.ProviderID, ask login.Ask, private []byte) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	n, mine := number(ask, private)
	if !mine {
		return no(hub.Refused)
	}
	f.abandoned = append(f.abandoned, n)
	return nil
}

// Abandoned gives the numbers that nobody waits for any more.
func (f *Federation) Abandoned() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]string(nil), f.abandoned...)
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
	code, waited := number(ask, a.Private)
	if !waited {
		if string(a.Private) != "nonce of "+ask.State {
			return hub.Identity{}, no(hub.Refused)
		}
		code = a.Params["code"]
	}
	s, ok := f.says[code]
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
