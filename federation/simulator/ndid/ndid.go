// Package ndid is a stand-in for the Thai National Digital ID platform as a relying party meets it: the HTTP interface of its own node
// (API 6.0 under / and /v6, 5.3 under /v5, 4.0 under /v4), with the checks in their order, the statuses, the unsigned callbacks and
// their retries, and its bad days; and two banks with the phone apps of invented people.
//
// It stands for the whole platform: chain, message queue and the banks' nodes are tables in memory. Time moves by its clock, and what
// the platform does by itself (blocks, callbacks, time-outs) happens in Tick.
package ndid

import (
	"context"
	"html/template"
	"io"
	"net/http"
	"slices"
	"sync"
	"time"

	"onedoor/federation/simulator"
	"onedoor/hub"
)

// RelyingParty is the node id of the relying party whose node this is.
const RelyingParty = "rp-hub"

// Options of a Node.
type Options struct {
	Clock  hub.Clock
	Random io.Reader
	HTTP   *http.Client // makes the callbacks; follows no redirect
	APIKey string       // where set, calls must bring it as X-API-Key
	Banks  []Bank       // default Banks()
	People []simulator.Person
	// BlockTime is how long it takes until a change is on the chain and its callback goes out.
	BlockTime time.Duration
	// CallbackVersion decides the form of callbacks, whatever the path of the call: "6.0" (default), "5.3", "4.0".
	CallbackVersion string
	Faults          []Fault // on from the start
	SlowFor         time.Duration
}

// Bank is an identity provider of the platform.
type Bank struct {
	ID        string // node id
	Key       string // in the addresses of its phone app
	NodeName  string // as the platform tells it: in production a JSON text
	Name      hub.Text
	MaxIAL    string
	MaxAAL    string
	Onboarded []string // keys of the people who may be asked in mode 2
}

// Banks gives the two banks: one with the higher levels, which has onboarded Maliwan and Lin for mode 2, and one with lower ones.
func Banks() []Bank {
	return []Bank{
		{
			ID: "idp-dee", Key: "dee", MaxIAL: "2.3", MaxAAL: "2.2", Onboarded: []string{"mali", "lin"},
			Name:     hub.Text{"th": "ธนาคารดีเสมอ", "en": "Dee Samer Bank"},
			NodeName: `{"industry_code":"001","company_code":"901","marketing_name_th":"ธนาคารดีเสมอ","marketing_name_en":"Dee Samer Bank","role":"IDP"}`,
		},
		{
			ID: "idp-munjai", Key: "munjai", MaxIAL: "2.1", MaxAAL: "2.1",
			Name:     hub.Text{"th": "ธนาคารมั่นใจ", "en": "Munjai Bank"},
			NodeName: `{"industry_code":"001","company_code":"902","marketing_name_th":"ธนาคารมั่นใจ","marketing_name_en":"Munjai Bank","role":"IDP"}`,
		},
	}
}

// The levels that the platform supports, lowest first.
var (
	ials = []string{"1.1", "1.2", "1.3", "2.1", "2.2", "2.3", "3"}
	aals = []string{"1", "2.1", "2.2", "3"}
)

// Node is the stand-in. It is an http.Handler, safe for concurrent use.
type Node struct {
	o      Options
	faults *simulator.Faults[Fault]
	mux    *http.ServeMux
	index  *template.Template
	phone  *template.Template
	done   *template.Template

	mu         sync.Mutex
	requests   map[string]*request
	order      []string          // of requests, oldest first
	references map[string]string // of open requests, to their ids
	queue      []delivery
	height     uint64
	errorURL   string
	fail       int // error code of every creation; 0 for none
	removed    int // how often data was removed
	delivering sync.Mutex
}

// maxRequests bounds what is kept; the oldest go first.
const maxRequests = 10_000

// New gives a stand-in.
func New(o Options) (*Node, error) {
	const op = "simulator/ndid.New"
	switch {
	case o.Clock == nil || o.Random == nil || o.HTTP == nil:
		return nil, hub.Errorf(op, hub.Internal, "no clock, randomness or HTTP client")
	case o.BlockTime < 0 || o.SlowFor < 0:
		return nil, hub.Errorf(op, hub.Internal, "negative time")
	case !slices.Contains([]string{"", "6.0", "5.3", "4.0"}, o.CallbackVersion):
		return nil, hub.Errorf(op, hub.Internal, "no such version")
	}
	client := *o.HTTP
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	o.HTTP = &client
	if o.Banks == nil {
		o.Banks = Banks()
	}
	if o.People == nil {
		o.People = simulator.People()
	}
	if o.SlowFor == 0 {
		o.SlowFor = 20 * time.Second
	}
	n := &Node{
		o: o, faults: simulator.NewFaults(Faults(), o.Faults), requests: make(map[string]*request), references: make(map[string]string), height: 1000,
	}
	for content, page := range map[string]**template.Template{indexContent: &n.index, phoneContent: &n.phone, doneContent: &n.done} {
		var err error
		if *page, err = simulator.NewPage(content); err != nil {
			return nil, hub.E(op, hub.Internal, err)
		}
	}
	n.mux = http.NewServeMux()
	for prefix, version := range map[string]string{"": "6.0", "/v6": "6.0", "/v5": "5.3", "/v4": "4.0"} {
		n.routes(prefix, version)
	}
	return n, nil
}

// ServeHTTP answers as the node does.
func (n *Node) ServeHTTP(w http.ResponseWriter, r *http.Request) { n.mux.ServeHTTP(w, r) }

// SetFault turns switches on or off.
func (n *Node) SetFault(on bool, faults ...Fault) { n.faults.Set(on, faults...) }

// Fail has every creation of a request refused with the code, from now on; 0 for no longer.
func (n *Node) Fail(code int) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.fail = code
}

// Removals counts how often the relying party had data removed.
func (n *Node) Removals() int {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.removed
}

// Run ticks until ctx ends.
func (n *Node) Run(ctx context.Context) {
	t := time.NewTicker(250 * time.Millisecond)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
			n.Tick(ctx)
		}
	}
}

// bank finds a bank by its node id.
func (n *Node) bank(id string) (Bank, bool) {
	i := slices.IndexFunc(n.o.Banks, func(b Bank) bool { return b.ID == id })
	if i < 0 {
		return Bank{}, false
	}
	return n.o.Banks[i], true
}

// person finds a person by the number.
func (n *Node) person(number string) (simulator.Person, bool) {
	i := slices.IndexFunc(n.o.People, func(p simulator.Person) bool { return p.CitizenID == number })
	if i < 0 {
		return simulator.Person{}, false
	}
	return n.o.People[i], true
}

// onboarded reports whether the bank may be asked about the person in mode 2.
func (b Bank) onboarded(p simulator.Person) bool { return slices.Contains(b.Onboarded, p.Key) }

// ial gives how well the bank knows the person.
func (b Bank) ial(p simulator.Person) string {
	if rank(ials, p.IAL) < rank(ials, b.MaxIAL) {
		return p.IAL
	}
	return b.MaxIAL
}

// rank gives the place of a level in its list, -1 for none.
func rank(list []string, level string) int { return slices.Index(list, level) }
