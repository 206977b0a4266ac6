// Package authzen is the decision point for departments' systems: OpenID AuthZEN Authorization API 1.0 over HTTP.
//
// A subject is what the system holds of a person: an access token, or the session id (sid) that it was told. A bare name is never believed, but
// of a system that is registered as one that may name persons: it may say the number of the record that the person is bound to, while they are
// signed in at it. How well they are is the hub's to know even then.
// Where the person is comes from the request's own client address, or from the context where the system is registered as one that may
// state it. An answer is 200 with a decision, also for a no and for what can't be known; a no has its reasons and what would help.
//
// It does not own what is decided (authz) or who may call (hub/oidcop).
package authzen

import (
	"context"
	"net/http"
	"net/netip"
	"time"

	"onedoor/authz"
	"onedoor/hub"
	"onedoor/hub/session"
	"onedoor/hub/token"
)

// Paths below the issuer (AuthZEN section 9).
const (
	EvaluationPath     = "/access/v1/evaluation"
	EvaluationsPath    = "/access/v1/evaluations"
	SearchSubjectPath  = "/access/v1/search/subject"
	SearchResourcePath = "/access/v1/search/resource"
	SearchActionPath   = "/access/v1/search/action"
	MetadataPath       = "/.well-known/authzen-configuration"
)

// Callers know who asks, and what they hold.
type Callers interface {
	// Asker tells which system asks. It answers by itself where it reports false.
	Asker(w http.ResponseWriter, r *http.Request) (hub.SystemID, bool)
	// Person gives what an active access token says to a system, and the person's name there. Invalid: it is not active, or not for it.
	// Unavailable.
	Person(ctx context.Context, caller hub.SystemID, raw string) (token.Access, string, error)
	// SessionOf gives the session of a sid; "" for none.
	SessionOf(caller hub.SystemID, sid string) hub.SessionID
}

// Sessions finds the sessions that systems name.
type Sessions interface {
	// Active finds a live session. NotFound, Expired.
	Active(ctx context.Context, id hub.SessionID) (session.Session, error)
	// Participants lists where it was used.
	Participants(ctx context.Context, id hub.SessionID) ([]session.Participant, error)
}

// System is what the register says of who asks.
type System struct {
	Department hub.DepartmentID
	// StatesPlace lets it say where the person is.
	StatesPlace bool
}

// Systems knows the register. NotFound, Unavailable.
type Systems interface {
	Asking(ctx context.Context, id hub.SystemID) (System, error)
}

// Decider decides.
type Decider interface {
	Decide(ctx context.Context, q authz.Question) authz.Decision
	Allows(ctx context.Context, q authz.Question) (bool, []authz.Reason)
}

// Catalogue lists items.
type Catalogue interface {
	Item(ctx context.Context, id authz.ItemID) (authz.Item, error)
	Of(department hub.DepartmentID) []authz.Item
}

// Holders lists an entity's delegations that count.
type Holders interface {
	DelegationsOf(ctx context.Context, entity hub.EntityID, live bool, limit int) ([]authz.Delegation, error)
}

// Options are what a Point is made of. All are required.
type Options struct {
	Issuer    string
	Callers   Callers
	Sessions  Sessions
	Systems   Systems
	Decider   Decider
	Catalogue Catalogue
	Holders   Holders
	// Client gives the address of whoever speaks to the hub, as seen through its own trusted proxies only.
	Client func(ctx context.Context) netip.Addr
	// Words gives a reason in a language of the platform, for the person.
	Words func(code authz.Code, language string) string
	// Link gives the page on which the person can begin with what would change a no; "" for none, nil where there are none at all.
	Link func(d authz.Decision) string
	// Name gives the name of an account at a system.
	Name func(ctx context.Context, system hub.SystemID, account hub.AccountID) (string, error)
	// Named finds the person who is bound to a record of the caller's department and signed in at the caller, for systems that may name persons,
	// and keeps that it was done, or refused. Denied: the caller may not. NotFound: there is nobody. Unavailable.
	Named func(ctx context.Context, caller hub.SystemID, kind, number string) (session.Session, error)
	// Acting gives the entity for which a session is used at a system; "" for the person themselves.
	Acting func(ctx context.Context, id hub.SessionID, system hub.SystemID) (hub.EntityID, error)
	Clock  hub.Clock
}

// Point answers. It is safe for concurrent use.
type Point struct {
	o        Options
	metadata []byte
}

// New checks the options. Invalid where one is missing.
func New(o Options) (*Point, error) {
	if o.Issuer == "" || o.Callers == nil || o.Sessions == nil || o.Systems == nil || o.Decider == nil || o.Catalogue == nil || o.Holders == nil ||
		o.Client == nil || o.Words == nil || o.Name == nil || o.Named == nil || o.Acting == nil || o.Clock == nil {
		return nil, hub.Errorf("authzen.New", hub.Invalid, "an option is missing")
	}
	p := &Point{o: o}
	return p, p.render()
}

// subject is a person as a question names them.
type subject struct {
	party           authz.Party
	session         hub.SessionID
	interaction     hub.InteractionID
	authentications []authz.Authentication
	why             authz.Code // why there is nobody
}

// find resolves what a system holds of a person.
func (p *Point) find(ctx context.Context, caller hub.SystemID, e entity) subject {
	raw := e.id
	switch e.kind {
	case "access_token":
	case "user", "operator":
		if raw = e.token; raw == "" {
			return subject{why: authz.NoPerson}
		}
	case "session":
		return p.bySession(ctx, caller, e.id)
	case "record":
		return p.byRecord(ctx, caller, e)
	default:
		return subject{why: authz.NoPerson}
	}
	a, name, err := p.o.Callers.Person(ctx, caller, raw)
	switch {
	case err != nil && hub.KindOf(err) == hub.Invalid:
		return subject{why: authz.NoPerson}
	case err != nil:
		return subject{why: authz.FactsUnknown}
	case e.kind != "access_token" && e.id != name: // the token is somebody else's
		return subject{why: authz.NoPerson}
	}
	s := subject{
		party: partyOf(a), session: a.Session, interaction: a.Interaction,
		authentications: []authz.Authentication{{Level: a.Level, At: a.AuthTime}},
	}
	if e.kind == "user" && s.party.Entity != "" || e.kind == "operator" && s.party.Entity == "" {
		return subject{why: authz.NoPerson}
	}
	return s
}

// byRecord resolves the number of a record.
func (p *Point) byRecord(ctx context.Context, caller hub.SystemID, e entity) subject {
	s, err := p.o.Named(ctx, caller, e.record, e.id)
	if err != nil {
		return subject{why: unknownOr(err)}
	}
	found := p.present(ctx, caller, s)
	if found.party.Entity != "" { // the record is the person's, and they are there for somebody else
		return subject{why: authz.NoPerson}
	}
	return found
}

// present gives the person of a session as they use it at a system.
func (p *Point) present(ctx context.Context, caller hub.SystemID, s session.Session) subject {
	entity, err := p.o.Acting(ctx, s.ID, caller)
	if err != nil {
		return subject{why: authz.FactsUnknown}
	}
	return subject{
		party: authz.Party{Account: s.Account, Entity: entity}, session: s.ID, interaction: s.Interaction, authentications: authz.Standing(s, p.o.Clock()),
	}
}

// bySession resolves a sid. The session must have been used at the system: a sid proves nothing by itself.
func (p *Point) bySession(ctx context.Context, caller hub.SystemID, sid string) subject {
	id := p.o.Callers.SessionOf(caller, sid)
	if id == "" {
		return subject{why: authz.NoPerson}
	}
	used, err := p.o.Sessions.Participants(ctx, id)
	if err != nil {
		return subject{why: unknownOr(err)}
	}
	there := false
	for _, x := range used {
		there = there || x.System == caller
	}
	if !there {
		return subject{why: authz.NoPerson}
	}
	s, err := p.o.Sessions.Active(ctx, id)
	if err != nil {
		return subject{why: unknownOr(err)}
	}
	return p.present(ctx, caller, s)
}

// unknownOr tells a session that is not there from one of which nobody knows.
func unknownOr(err error) authz.Code {
	switch hub.KindOf(err) {
	case hub.NotFound, hub.Expired, hub.Invalid, hub.Denied:
		return authz.NoPerson
	}
	return authz.FactsUnknown
}

// asking is a request that has been read, with who asks.
type asking struct {
	caller   hub.SystemID
	system   System
	client   netip.Addr
	subjects map[entity]subject // found so far: those of a batch are mostly one
}

// question puts one evaluation into the words of authz. Without a person it gives why.
func (p *Point) question(ctx context.Context, a *asking, e evaluation) (context.Context, authz.Question, authz.Code) {
	s, known := a.subjects[e.subject]
	if !known {
		s = p.find(ctx, a.caller, e.subject)
		if a.subjects == nil {
			a.subjects = map[entity]subject{}
		}
		a.subjects[e.subject] = s
	}
	if s.why != "" {
		return ctx, authz.Question{}, s.why
	}
	q := authz.Question{
		Item: authz.ItemID(e.resource.id), Action: authz.Action(e.action), System: a.caller, Department: a.system.Department,
		Party: s.party, Session: s.session, Authentications: s.authentications, Address: a.client,
	}
	if a.system.StatesPlace {
		q.Address = e.address // where it says nothing, nobody knows
	}
	if s.interaction != "" {
		ctx = hub.WithInteraction(ctx, s.interaction)
	}
	return ctx, q, ""
}

// decide answers one evaluation.
func (p *Point) decide(ctx context.Context, a *asking, e evaluation) authz.Decision {
	if e.resource.kind != "service_item" {
		return authz.Decision{Reasons: []authz.Reason{{Code: authz.UnknownItem}}}
	}
	ctx, q, why := p.question(ctx, a, e)
	if why != "" {
		return authz.Decision{Reasons: []authz.Reason{{Code: why}}}
	}
	d := p.o.Decider.Decide(ctx, q)
	if d.Item.Department != "" && d.Item.Department != a.system.Department { // another department's item is as unknown as none
		return authz.Decision{Reasons: []authz.Reason{{Code: authz.UnknownItem}}}
	}
	return d
}

// now is the time of an answer.
func (p *Point) now() time.Time { return p.o.Clock() }
