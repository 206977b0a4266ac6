// Package api owns the administrators' JSON API under /api/admin/v1 and its description (OpenAPI 3.1).
//
// # What it holds to
//
//   - It is opened by bearer tokens of the hub only (RFC 6750, RFC 9449), never by a cookie: no page in somebody's browser can ride on a session of
//     theirs, so there is no forgery to defend against. A token is a program's own (client_credentials, scopes admin.read and admin.write), or speaks
//     for a member of staff who has logged in at a client with those scopes. Either may do what authz/permit says, and nothing else.
//   - What a legal entity's administrator does for it (/my/entities) has scopes of its own, entity.read and entity.write, and is no program's: a seat
//     at the entity decides, as on the pages.
//   - What somebody may not read is not there: 404. What they may read but not do is 403. Nothing else depends on what is there.
//   - A request is checked against the very description that is published: an unknown member, one that comes twice, a wrong type is refused.
//   - A change of an entry names the version that it is a change of (If-Match). Everything that is done by POST carries an Idempotency-Key: the same
//     request again gets the same answer and is done once, also where two come at once; another request under the same key is refused.
//   - Failures are problem details (RFC 9457) with words of ours, never a cause's own text.
//
// It decides nothing itself: permissions are authz/permit's, changes the rooms' they are about.
package api

import (
	"context"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"onedoor/authz/catalogue"
	"onedoor/authz/permit"
	"onedoor/binding"
	"onedoor/hub"
	"onedoor/hub/audit"
	"onedoor/hub/logout"
	"onedoor/hub/session"
	"onedoor/hub/token"
	"onedoor/tenants/register"
	"onedoor/tenants/staff"
	"onedoor/web/server"
)

// Path is where the API is.
const Path = "/api/admin/v1"

// The scopes of tokens for the API.
const (
	scopeRead  = "admin.read"
	scopeWrite = "admin.write"
	// Of somebody who administers a legal entity, and of nobody for themselves alone: a program of theirs gets no more than that by it.
	scopeOwnRead  = "entity.read"
	scopeOwnWrite = "entity.write"
)

// Agents tells who calls, by their token: oidcop.Provider.
type Agents interface {
	// Agent answers by itself where it reports false.
	Agent(w http.ResponseWriter, r *http.Request, scope string) (token.Access, bool)
}

// Sessions knows the sessions of accounts: session.Service.
type Sessions interface {
	OfAccount(ctx context.Context, account hub.AccountID, live bool, limit int) ([]session.Session, error)
	// Get finds a session, ended or not. NotFound.
	Get(ctx context.Context, id hub.SessionID) (session.Session, error)
}

// Logouts ends sessions and knows who was told: logout.Service, whose comments name the errors.
type Logouts interface {
	End(ctx context.Context, id hub.SessionID, cause session.Cause) (logout.Campaign, error)
	EndAccount(ctx context.Context, account hub.AccountID, cause session.Cause) ([]logout.Campaign, error)
	Ledger(ctx context.Context, campaigns ...string) ([]logout.Entry, error)
	OfSystem(ctx context.Context, system hub.SystemID, before time.Time, limit int) ([]logout.Notice, error)
	Failed(ctx context.Context, behind logout.Cursor, limit int) ([]logout.Notice, error)
	Notice(ctx context.Context, id string) (logout.Notice, error)
	Retry(ctx context.Context, id, by string) (int, error)
}

// Answers keeps what was answered under idempotency keys.
type Answers interface {
	// Begin notes a request, in the transaction of ctx, until it ends: another one of the same caller and key waits. It gives what was
	// answered before and false, or nil and true where this is the first. Conflict where the request under the key was another one.
	Begin(ctx context.Context, k AnswerKey, expires time.Time) (answered []byte, first bool, err error)
	// Finish keeps the answer, in the same transaction.
	Finish(ctx context.Context, k AnswerKey, answer []byte) error
}

// AnswerKey names a request of a caller: hashes of the key and of what was asked.
type AnswerKey struct {
	Caller  string
	Key     [32]byte
	Request [32]byte
	Now     time.Time
}

// Index gives keyed hashes: keys.Ring.
type Index interface {
	Index(purpose string, parts ...string) []byte
}

// Options are what an API is made of. All are required.
type Options struct {
	Issuer      string
	Agents      Agents
	Permits     *permit.Permits
	Places      permit.Places
	Staff       *staff.Service
	Machines    *staff.Machines
	Register    *register.Service
	Items       *catalogue.Service
	Openings    Openings
	Delegations Delegations
	// Party names an entity, and its places and devices by their ids; nothing where there is none.
	Party func(ctx context.Context, id hub.EntityID) (names hub.Text, labels map[string]string, err error)
	// Alias gives an account the name that a department knows it by in the record: no two departments can compare theirs (invariant 3).
	Alias func(department hub.DepartmentID, account hub.AccountID) string
	// Height gives the level that a person must reach for a change, as on the pages: the highest authenticator level that the account ever had
	// and a provider can reach now, never less than the level they have. Who has got hold of a weaker way in must not get around the stronger.
	Height func(ctx context.Context, account hub.AccountID, have hub.Level) (hub.Level, error)
	// Subject gives the owner of a record the name by which the department's own endpoints know it: binding.Service.
	Subject     func(department hub.DepartmentID, o binding.Owner) string
	Sessions    Sessions
	Logouts     Logouts
	Reviews     Reviews
	Counter     Counter
	Decisions   Decisions
	Queues      Queues
	Bindings    Bindings
	Entities    Entities
	EntityStops EntityStops
	Successions Successions
	Lives       Lives
	Providers   Providers
	Brake       Brake
	Keys        Keys
	Record      audit.Finder
	Answers     Answers
	Audit       audit.Recorder
	Tx          staff.Transactor
	Index       Index
	Clock       hub.Clock
	Random      io.Reader
	Settle      func(ctx context.Context) // waits until no node takes for active what has just ended (architecture D2)
	Rate        server.Rate
	Imports     Imports
	Longest     int64 // file of record keys, in bytes
	Least       int64 // of its bytes a second that must come

	// Own is what an entity's administrator does.
	Own OwnEntities

	// Complaints are what people have written to authorities: how many, for how long, and no text.
	Complaints Complaints
}

// API is the administrators' API.
type API struct {
	o           Options
	routes      []route
	schemas     *schemas
	description []byte
}

// New checks the options and describes the routes. Invalid where an option is missing or a route is not sound.
func New(o Options) (*API, error) {
	const op = "api.New"
	if o.Issuer == "" || o.Agents == nil || o.Permits == nil || o.Places == nil || o.Staff == nil || o.Machines == nil || o.Register == nil || o.Items == nil || o.Openings == nil || o.Delegations == nil || o.Party == nil || o.Alias == nil || o.Height == nil || o.Subject == nil || o.Sessions == nil ||
		o.Logouts == nil || o.Reviews == nil || o.Counter == nil || o.Entities == nil || o.Complaints == nil || o.Record == nil || o.Answers == nil || o.Audit == nil || o.Tx == nil || o.Index == nil || o.Clock == nil || o.Random == nil || o.Settle == nil ||
		o.Imports == nil || o.EntityStops == nil || o.Successions == nil || o.Lives == nil || o.Providers == nil || o.Brake == nil || o.Keys == nil || o.Decisions == nil || o.Bindings == nil || o.Queues == nil || !o.Own.complete() || o.Longest <= 0 || o.Least <= 0 {
		return nil, hub.Errorf(op, hub.Invalid, "an option is missing")
	}
	a := &API{o: o, schemas: newSchemas()}
	a.routes = slices.Concat(a.departmentRoutes(), a.systemRoutes(), a.staffRoutes(), a.machineRoutes(), a.sessionRoutes(), a.noticeRoutes(), a.decisionRoutes(), a.complaintRoutes(), a.caseRoutes(), a.bindingRoutes(), a.entityRoutes(), a.accountRoutes(), a.platformRoutes(), a.importRoutes(), a.itemRoutes(), a.explainRoutes(), a.applicationRoutes(), a.ownRoutes(), a.auditRoutes())
	var err error
	if a.description, err = a.describe(); err != nil {
		return nil, hub.E(op, hub.Invalid, err)
	}
	return a, nil
}

// route is one operation of the API.
type route struct {
	id      string // operationId
	method  string
	path    string // below Path
	summary string
	acts    []permit.Act // what it takes, for the description
	query   []parameter  // beside those of lists
	list    bool         // it is a list with limit and cursor
	in      any          // zero value of the body's type; nil for none
	out     any          // zero value of the answer's type; nil for none
	status  int          // of a good answer
	matches bool         // it takes If-Match
	wide    bool         // its body may be long
	own     bool         // it is an entity administrator's, and no staff's
	file    bool         // its body is a file, which is read while it comes
	calm    bool         // it takes no sign-in of the last minutes, though it is a POST or PUT
	do      func(ctx context.Context, c *call) (reply, error)
	// ahead, where set, is done before the transaction of do: what it counts is counted also where do fails.
	ahead func(ctx context.Context, c *call) error
}

// parameter is one of the query.
type parameter struct {
	name, doc string
	enum      []string
}

// reply is a good answer.
type reply struct {
	body    any
	etag    string
	settles bool // it is given only when what it has ended is ended on every node
}

const (
	smallBody = 64 << 10 // bytes
	wideBody  = 1 << 20  // of a system with its SAML metadata
	// How long whoever sends a file may fall behind the rate of Options.Least, and how long the answer may take once it is in: a million lines are
	// put into order then.
	uploadGrace  = 30 * time.Second
	uploadAnswer = 30 * time.Minute
)

// Mounts lists where the API hangs, one mount for each path.
func (a *API) Mounts() []server.Mount {
	var all []server.Mount
	for _, r := range a.routes {
		i := slices.IndexFunc(all, func(m server.Mount) bool { return m.Path == Path+r.path })
		if i < 0 {
			all = append(all, server.Mount{Path: Path + r.path, Machine: true, Rate: a.o.Rate, Body: smallBody})
			i = len(all) - 1
		}
		all[i].Methods = append(all[i].Methods, r.method)
		switch {
		case r.wide:
			all[i].Body = wideBody
		case r.file:
			all[i].Body, all[i].Upload = a.o.Longest, server.Upload{Least: a.o.Least, Grace: uploadGrace, Answer: uploadAnswer}
		}
	}
	for i, m := range all {
		own := slices.DeleteFunc(slices.Clone(a.routes), func(r route) bool { return Path+r.path != m.Path })
		all[i].Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if j := slices.IndexFunc(own, func(x route) bool { return x.method == r.Method }); j >= 0 {
				a.serve(w, r, own[j])
			}
		})
	}
	return append(all, server.Mount{Methods: []string{http.MethodGet}, Path: Path + "/openapi.json", Machine: true, Rate: a.o.Rate, Handler: http.HandlerFunc(a.showDescription)})
}

// showDescription is GET openapi.json: the description is public.
func (a *API) showDescription(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "public, max-age=300")
	_, _ = w.Write(a.description)
}

// pathNames gives the names of a path's parameters.
func pathNames(path string) (names []string) {
	for part := range strings.SplitSeq(path, "/") {
		if name, ok := strings.CutPrefix(part, "{"); ok {
			names = append(names, strings.TrimSuffix(name, "}"))
		}
	}
	return names
}
