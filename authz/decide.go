package authz

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"io"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"onedoor/hub"
	"onedoor/hub/audit"
	"onedoor/hub/session"
)

// Case is a question with everything that is known about it.
type Case struct {
	Question Question
	Facts    *Facts   // never nil; empty where the item asks for none
	Shown    []string // registered devices that were shown in the session
	Now      time.Time
	// Whereabouts, where set, stand for the address: of a decision that is taken again.
	Whereabouts *Whereabouts
}

// Whereabouts is what a decision knew of the place: the address itself is not kept.
type Whereabouts struct {
	Networks   string // mark of the list that it was held against
	InNetworks bool
	Places     []string
}

// In reports whether the person is in one of the networks. Known is false for a decision taken again under other networks.
func (c *Case) In(networks []netip.Prefix) (in, known bool) {
	if w := c.Whereabouts; w != nil {
		return w.InNetworks, w.Networks == markOf(networks)
	}
	return within(networks, c.Question.Address), true
}

// At reports whether the person is at one of the entity's registered places with these ids.
func (c *Case) At(ids []string) bool {
	if w := c.Whereabouts; w != nil {
		return slices.ContainsFunc(w.Places, func(id string) bool { return slices.Contains(ids, id) })
	}
	for i := range c.Facts.Places {
		if p := &c.Facts.Places[i]; slices.Contains(ids, p.ID) && within(p.Networks, c.Question.Address) {
			return true
		}
	}
	return false
}

// Age gives how old the authentication may be that reaches Least: what the item says, and never longer than a session may stand for the
// level (SES-07 to SES-09).
func (d Demands) Age() time.Duration {
	limit := session.LimitFor(d.Least.AAL).Age
	if d.MaxAge > 0 {
		limit = min(limit, d.MaxAge)
	}
	return limit
}

// Transactor runs fn in one database transaction, which the stores find in its context. A call inside another joins it.
type Transactor interface {
	InTx(ctx context.Context, fn func(context.Context) error) error
}

// Options are what a Decider is made of. All are required.
type Options struct {
	Catalogue *Catalogue
	Memory    *Memory
	Store     DecisionStore
	Audit     audit.Recorder
	Tx        Transactor
	Clock     hub.Clock
	Random    io.Reader
}

// Decider answers. It is safe for concurrent use.
type Decider struct {
	o    Options
	told [64]toldShard
}

// New checks the options. Invalid where one is missing.
func New(o Options) (*Decider, error) {
	if o.Catalogue == nil || o.Memory == nil || o.Store == nil || o.Audit == nil || o.Tx == nil || o.Clock == nil || o.Random == nil {
		return nil, hub.Errorf("authz.New", hub.Invalid, "an option is missing")
	}
	d := &Decider{o: o}
	for i := range d.told {
		d.told[i].of = map[asked]told{}
	}
	return d, nil
}

// Decide answers a question, and keeps what it answered: a yes that can't be kept is none. It never fails: what could not be known is a
// reason of a no (invariant 8).
func (d *Decider) Decide(ctx context.Context, q Question) Decision {
	e, c, why := d.prepare(ctx, q)
	if e == nil {
		return no(why, Item{})
	}
	item := e.items[q.Item]
	out := Decision{Item: *item}
	if why != "" {
		out.Reasons = []Reason{{Code: why}}
	} else {
		out.Reasons, out.Permit = e.rules.Judge(c)
	}
	if out.Permit && len(out.Reasons) > 0 || !out.Permit && len(out.Reasons) == 0 {
		out.Permit, out.Reasons = false, append(out.Reasons, Reason{Code: NoRule})
	}
	if err := d.keep(ctx, c, out); err != nil && out.Permit {
		return no(RecordUnwritten, *item)
	}
	return out
}

func no(why Code, i Item) Decision {
	return Decision{Reasons: []Reason{{Code: why}}, Item: i}
}

// prepare finds the catalogue of now and what the item has to know. Without an edition the question has no item that could be recorded.
func (d *Decider) prepare(ctx context.Context, q Question) (*edition, *Case, Code) {
	version, err := d.o.Memory.Version(ctx)
	if err != nil {
		return nil, nil, PolicyUnknown
	}
	e, err := d.o.Catalogue.at(ctx, version)
	if err != nil {
		return nil, nil, PolicyUnknown
	}
	item, ok := e.items[q.Item]
	if !ok {
		return nil, nil, UnknownItem
	}
	c := &Case{Question: q, Facts: &noFacts, Now: d.o.Clock()}
	if q.Party.Account == "" || q.Session == "" {
		return e, c, NoPerson
	}
	d1 := &item.Demands
	if q.Party.Entity != "" || d1.Person == Lockable || d1.Person == OptIn || d1.Binding.Demanded || d1.Places.Device {
		if c.Facts, err = d.o.Memory.Facts(ctx, q.Party); err != nil {
			c.Facts = &noFacts
			return e, c, FactsUnknown
		}
	}
	held := c.Facts.Delegation(q.Item)
	if d1.Places.Device || held != nil && len(held.Devices) > 0 {
		proofs, err := d.o.Memory.Proofs(ctx, q.Session)
		if err != nil {
			return e, c, FactsUnknown
		}
		c.Shown = shown(proofs, c.Facts.Devices, c.Now)
	}
	return e, c, ""
}

var noFacts Facts

// shown gives the devices that were shown, still count, and are registered by the party.
func shown(proofs []Proof, registered []string, now time.Time) (out []string) {
	for _, p := range proofs {
		if now.Before(p.Until) && slices.Contains(registered, p.Device) {
			out = append(out, p.Device)
		}
	}
	return out
}

// Allows reports, without keeping anything, whether an item is open for a question now: for lists of what may be used.
func (d *Decider) Allows(ctx context.Context, q Question) (bool, []Reason) {
	e, c, why := d.prepare(ctx, q)
	if e == nil || why != "" {
		return false, []Reason{{Code: why}}
	}
	reasons, ok := e.rules.Judge(c)
	return ok && len(reasons) == 0, reasons
}

// Still is Allows for what somebody was given before: whether it is still open to them. Where they were then had to be the right place, and where
// they are now nobody knows: all else is asked anew.
func (d *Decider) Still(ctx context.Context, q Question) (bool, []Reason) {
	e, c, why := d.prepare(ctx, q)
	if e == nil || why != "" {
		return false, []Reason{{Code: why}}
	}
	c.Whereabouts = &Whereabouts{Networks: markOf(e.items[q.Item].Demands.Places.Networks), InNetworks: true}
	if held := c.Facts.Delegation(q.Item); held != nil {
		c.Whereabouts.Places = held.Places
	}
	reasons, ok := e.rules.Judge(c)
	return ok && len(reasons) == 0, reasons
}

// asked is one thing that somebody does again and again.
type asked struct {
	party   Party
	session hub.SessionID
	system  hub.SystemID
	item    ItemID
	action  Action
}

// told is what the record says of it.
type told struct {
	interaction hub.InteractionID
	version     int64
	permit      bool
	codes       uint64
	until       time.Time
}

type toldShard struct {
	mu sync.Mutex
	of map[asked]told
}

// sameFor is how long one record stands for the same answer to the same question: who does the same again and again within a session
// writes it once.
const (
	sameFor  = 5 * time.Minute
	mostTold = 100_000 / 64
)

// keep writes what was decided, in the record and in the list of decisions, unless it stands there.
func (d *Decider) keep(ctx context.Context, c *Case, out Decision) error {
	key := asked{c.Question.Party, c.Question.Session, c.Question.System, c.Question.Item, c.Question.Action}
	if !out.Item.Has(key.action) { // whatever somebody makes up is one question
		key.action = ""
	}
	now := told{
		interaction: hub.InteractionFrom(ctx), version: out.Item.Version, permit: out.Permit, codes: mix(out.Reasons), until: c.Now.Add(sameFor),
	}
	s := &d.told[shardOf(string(key.session))]
	s.mu.Lock()
	before, ok := s.of[key]
	s.mu.Unlock()
	if ok && c.Now.Before(before.until) && before.interaction == now.interaction && before.version == now.version &&
		before.permit == now.permit && before.codes == now.codes {
		return nil
	}
	r := recordOf(c, out)
	r.ID, r.Interaction = hub.NewID(d.o.Random), now.interaction
	err := d.o.Tx.InTx(ctx, func(ctx context.Context) error {
		if err := d.o.Store.Keep(ctx, []Record{r}); err != nil {
			return err
		}
		return d.o.Audit.Record(ctx, eventOf(r))
	})
	if err != nil {
		return err
	}
	s.mu.Lock()
	if len(s.of) >= mostTold {
		drop(s.of)
	}
	s.of[key] = now
	s.mu.Unlock()
	return nil
}

func mix(all []Reason) (h uint64) {
	for _, r := range all {
		for i := range len(r.Code) {
			h = h*31 + uint64(r.Code[i])
		}
		h = h*31 + 1
	}
	return h
}

func eventOf(r Record) audit.Event {
	e := audit.Event{
		Kind: "item.permitted", Outcome: audit.Success, At: r.At, Account: r.Party.Account, Session: r.Session, System: r.System,
		Detail: map[string]string{"item": string(r.Item), "action": string(r.Action), "version": strconv.FormatInt(r.Version, 10), "decision": r.ID},
	}
	if r.Party.Entity != "" {
		e.Detail["entity"] = string(r.Party.Entity)
	}
	if !r.Permit {
		e.Kind, e.Outcome = "item.denied", audit.Refusal
		words := make([]string, len(r.Reasons))
		for i, c := range r.Reasons {
			words[i] = string(c)
		}
		if len(words) > 0 {
			e.Reason, e.Detail["reasons"] = words[0], strings.Join(words[:min(len(words), 8)], ",")
		}
	}
	return e
}

func recordOf(c *Case, out Decision) Record {
	q := &c.Question
	r := Record{
		At: c.Now, Party: q.Party, Session: q.Session, System: q.System, Item: q.Item, Version: out.Item.Version, Action: q.Action,
		Permit: out.Permit, Reasons: out.Codes(),
		Seen: Seen{Authentications: slices.Clone(q.Authentications), Devices: c.Shown, Networks: markOf(out.Item.Demands.Places.Networks)},
	}
	if !out.Item.Has(q.Action) {
		r.Action = "" // foreign text has no place in the record
	}
	if o := c.Facts.Opening(q.Item); o != nil {
		r.Seen.Opening, r.Seen.Decided = o.State, !o.DecidedAt.IsZero()
		if o.State == Open && !o.Counts(q.Session, c.Now) {
			r.Seen.Opening = Locked // open in another session alone
		}
	}
	if held := c.Facts.Delegation(q.Item); held != nil {
		kept := *held
		kept.Operator, kept.ProposedBy, kept.DecidedBy = "", "", ""
		r.Seen.Delegation = &kept
	}
	r.Seen.Awaits = c.Facts.Awaits(q.Party, q.Item)
	r.Seen.Mandated = slices.ContainsFunc(c.Facts.Mandates, func(m Mandate) bool { return m.Covers(out.Item.Department, q.System, c.Now) })
	for _, b := range c.Facts.Bound {
		if b.Department == out.Item.Department {
			r.Seen.Bound = append(r.Seen.Bound, b)
		}
	}
	r.Seen.InNetworks = within(out.Item.Demands.Places.Networks, q.Address)
	for _, p := range c.Facts.Places {
		if p.Has(q.Address) {
			r.Seen.Places = append(r.Seen.Places, p.ID)
		}
	}
	return r
}

// markOf marks a list of networks; "" for none.
func markOf(networks []netip.Prefix) string {
	if len(networks) == 0 {
		return ""
	}
	var b strings.Builder
	for _, n := range networks {
		b.WriteString(n.String())
		b.WriteByte(' ')
	}
	h := sha256.Sum256([]byte(b.String()))
	return base64.RawURLEncoding.EncodeToString(h[:9])
}

// CaseOf gives the case of a recorded decision, as it was known then.
func (r Record) CaseOf(department hub.DepartmentID) *Case {
	f := &Facts{Devices: r.Seen.Devices, Bound: r.Seen.Bound}
	if r.Seen.Opening != "" {
		o := Opening{Account: r.Party.Account, Item: r.Item, State: r.Seen.Opening}
		if r.Seen.Decided {
			o.DecidedAt = r.At
		}
		f.Openings = []Opening{o}
	}
	if held := r.Seen.Delegation; held != nil {
		kept := *held
		kept.Item, kept.Entity, kept.Operator = r.Item, r.Party.Entity, r.Party.Account
		f.Delegations = []Delegation{kept}
	}
	if r.Seen.Awaits {
		f.Waiting = []Delegation{{Item: r.Item, Entity: r.Party.Entity, Operator: r.Party.Account, State: Proposed}}
	}
	if r.Seen.Mandated {
		f.Mandates = []Mandate{{Department: department}}
	}
	return &Case{
		Question: Question{
			Item: r.Item, Action: r.Action, System: r.System, Department: department, Party: r.Party, Session: r.Session, Authentications: r.Seen.Authentications,
		},
		Facts: f, Shown: r.Seen.Devices, Now: r.At,
		Whereabouts: &Whereabouts{Networks: r.Seen.Networks, InNetworks: r.Seen.InNetworks, Places: r.Seen.Places},
	}
}

// Standing gives the authentications of a session, each at the level for which it still stands.
func Standing(s session.Session, now time.Time) []Authentication {
	var out []Authentication
	for _, r := range s.Authentications() {
		if level, ok := s.Still(r.Level, r.AuthTime, now); ok {
			out = append(out, Authentication{Level: level, At: r.AuthTime})
		}
	}
	return out
}
