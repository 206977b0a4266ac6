// Package app is the only wiring: it builds every room, hands each what it needs, starts what runs beside the requests, and
// stops all of it in order. It holds no rule of any room.
package app

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"time"

	"onedoor/authz/permit"
	"onedoor/binding"
	"onedoor/binding/bindingsql"
	"onedoor/binding/review"
	"onedoor/configs"
	"onedoor/federation"
	"onedoor/federation/federationsql"
	"onedoor/federation/metadata"
	"onedoor/federation/ndid"
	"onedoor/federation/oidcrp"
	"onedoor/federation/samlsp"
	"onedoor/hub"
	"onedoor/hub/account"
	"onedoor/hub/audit"
	"onedoor/hub/consent"
	"onedoor/hub/contact"
	"onedoor/hub/forward"
	"onedoor/hub/grant"
	"onedoor/hub/hubsql"
	"onedoor/hub/keys"
	"onedoor/hub/login"
	"onedoor/hub/logout"
	"onedoor/hub/notice"
	"onedoor/hub/oidcop"
	"onedoor/hub/samlidp"
	"onedoor/hub/samlslo"
	"onedoor/hub/session"
	"onedoor/hub/sqldb"
	"onedoor/hub/ssf"
	"onedoor/hub/statistics"
	"onedoor/hub/telemetry"
	"onedoor/hub/token"
	"onedoor/migrations"
	"onedoor/tenants"
	"onedoor/tenants/complaint"
	"onedoor/tenants/entity"
	"onedoor/tenants/register"
	"onedoor/tenants/registration"
	"onedoor/tenants/staff"
	"onedoor/tenants/tenantsql"
	"onedoor/web/api"
	"onedoor/web/console"
	"onedoor/web/pages"
	"onedoor/web/portal"
	"onedoor/web/server"
	"onedoor/web/visit"
)

// Options are what a hub is built from. All but Lines are required.
type Options struct {
	Config  configs.Config
	Process Process
	DSN     string // as hub/sqldb reads it
	Masters keys.Masters
	HTTP    *http.Client // for calls to outside parties
	Log     *slog.Logger
	Lines   *telemetry.Buffer // where Log writes to one: requests of programs then cost less; may be nil
}

// Hub is everything, built and connected.
type Hub struct {
	options       Options
	clock         hub.Clock
	random        io.Reader
	db            *sqldb.DB
	stores        *hubsql.Stores
	keys          *keys.Ring
	audit         audit.Recorder
	past          *audit.Log // the same, to read
	record        *hubsql.Audit
	figures       *hubsql.Statistics
	statistics    *statistics.Service
	sealer        *audit.Sealer
	retention     *retention
	metrics       *telemetry.Metrics
	directory     *tenants.Directory
	registrations *tenantsql.Registrations
	sandboxes     *registration.Registrar // nil where none can be registered
	tenants       tenants.Store
	register      *tenantsql.Store // the same, for changes
	changes       *register.Service
	machines      *staff.Machines
	permits       *permit.Permits
	staff         *staff.Service
	entities      *entity.Service
	complaints    *complaint.Service
	providers     *federation.Registry
	trust         *federationsql.Store
	brake         *federation.Brake
	cuts          *logout.Cuts
	sessions      *session.Service
	notices       *notice.Service
	logout        *logout.Service
	logouts       *hubsql.Logouts
	contacts      *contact.Service
	counters      *hubsql.Counters
	accounts      *account.Service
	life          *account.Life
	consents      *consent.Service
	login         *login.Service
	bindings      *binding.Service
	recordNumbers recordNumbers
	bindingDesk   *binding.Desk
	reviews       *bindingsql.Reviews
	evidence      *review.Evidence
	review        *review.Desk
	elapsed       token.Elapsed // one for all that compare what it tells
	lease         *token.Lease
	lists         *token.StatusLists
	jwts          *token.JWTs
	screen        *server.Screen
	static        http.Handler
	reception     *visit.Reception
	journey       *pages.Journey
	portal        *portal.Portal
	console       *console.Console
	oidc          *oidcop.Provider
	ndid          *ndid.Connector
	saml          *samlidp.Provider
	forward       *forward.Gate
	signals       *hubsql.Signals
	transmitter   *ssf.Transmitter
	metadata      *metadata.Cache
	samlsp        *samlsp.Connector
	samlEnds      *samlsp.Endpoints
	samlOut       *samlslo.Service
	samlspOut     *samlslo.Service
	oidcrp        *oidcrp.Connector
	oidcEnds      *oidcrp.Endpoints
	answers       *federationsql.Answers
	authz         authorization
	keptAnswers   *hubsql.Answers // of the administrators' API
	api           *api.API
	public        *server.Server
	admin         *server.Admin
}

// secretContext binds our sealed secrets at identity providers to their purpose.
const secretContext = "identity-provider"

// Build opens the database, lays every room and connects them. It starts nothing: see Run. Close it when done.
func Build(ctx context.Context, o Options) (_ *Hub, err error) {
	h := &Hub{options: o, clock: o.Process.Clock, random: o.Process.Random}
	if h.db, err = sqldb.Open(ctx, sqldb.Options{DSN: o.DSN, Logger: o.Log, MaxConns: o.Config.Database.MaxConnections}); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, h.db.Close())
		}
	}()
	if err = h.schema(ctx); err != nil {
		return nil, err
	}
	for _, lay := range []func(context.Context) error{h.layGround, h.layRegisters, h.layStaff, h.layNotices, h.layLogout, h.layEntities, h.layComplaints, h.layPersons, h.layBinding, h.layReview, h.layTokens, h.layAuthz, h.layPages, h.layProtocols, h.layDecisions, h.laySignals, h.laySAML, h.layUpstreamSAML, h.laySAMLLogout, h.layOIDCLogout, h.layAPI, h.layEdge} {
		if err = lay(ctx); err != nil {
			return nil, err
		}
	}
	return h, nil
}

// schema brings the database up to date, or refuses one that is not.
func (h *Hub) schema(ctx context.Context) error {
	if h.options.Config.Database.Migrate {
		return migrations.Up(ctx, h.db.SQL(), h.db.Dialect())
	}
	return migrations.Check(ctx, h.db.SQL(), h.db.Dialect())
}

// Close closes the database. Call it after Run has returned.
func (h *Hub) Close() error { return h.db.Close() }

// layGround: stores, keys, audit, metrics.
func (h *Hub) layGround(ctx context.Context) (err error) {
	o := h.options
	if h.stores, err = hubsql.New(h.db); err != nil {
		return err
	}
	if h.counters, err = hubsql.NewCounters(h.db); err != nil {
		return err
	}
	keyStore, err := hubsql.NewKeys(h.db)
	if err != nil {
		return err
	}
	ring := Schedules(o.Config.Keys)
	ring.Store, ring.Masters, ring.Clock, ring.Random = keyStore, o.Masters, h.clock, h.random
	if h.keys, err = keys.Open(ctx, ring); err != nil {
		return err
	}
	record, err := hubsql.NewAudit(h.db)
	if err != nil {
		return err
	}
	if err = h.layStatistics(record); err != nil {
		return err
	}
	log, err := audit.New(audit.Options{Store: record, Authenticate: authenticator(h.keys), Clock: h.clock, Random: h.random})
	if err != nil {
		return err
	}
	if h.metrics, err = telemetry.NewMetrics(); err != nil {
		return err
	}
	h.audit, h.past = h.metrics.Count(log), log
	h.sealer, err = audit.NewSealer(audit.SealerOptions{
		Store: record, Authenticate: authenticator(h.keys), Origin: o.Config.Issuer, Clock: h.clock,
		Sign: func(payload []byte) (string, error) { return h.keys.SignDetached(keys.ES256, audit.HeadType, payload) },
	})
	if err != nil {
		return err
	}
	return h.layRetention()
}

// layRegisters: departments, systems, identity providers.
func (h *Hub) layRegisters(ctx context.Context) (err error) {
	if h.register, err = tenantsql.New(h.db); err != nil {
		return err
	}
	h.tenants = h.register
	if h.directory, err = tenants.NewDirectory(h.tenants); err != nil {
		return err
	}
	if err = h.laySandboxes(); err != nil {
		return err
	}
	if h.trust, err = federationsql.New(h.db); err != nil {
		return err
	}
	if err = h.upstreamOIDC(); err != nil {
		return err
	}
	saml, err := h.upstreamSAML()
	if err != nil {
		return err
	}
	if h.ndid, err = h.upstreamNDID(); err != nil {
		return err
	}
	h.providers, err = federation.New(federation.Options{
		Store: h.trust, Holds: h.trust, Clock: h.clock,
		Connectors:  map[string]federation.Upstream{federation.OpenIDConnect: h.oidcrp, federation.SAML2: saml},
		Interactive: map[string]federation.Interactive{federation.NationalDigitalID: h.ndid},
	})
	if err != nil {
		return err
	}
	if err = h.metrics.WatchProviders(h.providerHealth); err != nil {
		return err
	}
	return h.refresh(ctx)
}

// layPersons: accounts, sessions, consents and the login that joins them.
func (h *Hub) layPersons(context.Context) (err error) {
	o := h.options
	h.accounts, err = account.New(account.Options{Store: h.stores.Accounts, Notices: h.notices, Audit: h.audit, Tx: h.db, Clock: h.clock, Random: h.random, Index: h.keys})
	if err != nil {
		return err
	}
	shred, err := shredding(h.db)
	if err != nil {
		return err
	}
	if h.life, err = newLife(h.db, h.stores, h.logout, h.notices, h.audit, h.clock, h.random, func(ctx context.Context, id hub.AccountID) error { return h.bindings.EndAccount(ctx, id) }); err != nil {
		return err
	}
	h.sessions, err = session.New(session.Options{Store: h.stores.Sessions, Audit: h.audit, Tx: h.db, Clock: h.clock, Random: h.random, Index: h.keys, Ended: parting{h.logout, shred}, Names: h.stores.SAMLNames})
	if err != nil {
		return err
	}
	h.consents, err = consent.New(consent.Options{Store: h.stores.Consents, Audit: h.audit, Tx: h.db, Clock: h.clock, Random: h.random})
	if err != nil {
		return err
	}
	h.login, err = login.New(login.Options{
		Directory: forLogin{h}, Upstreams: h.providers, Sessions: h.sessions, Accounts: h.accounts, Consents: h.consents,
		Store: h.stores.Logins, Audit: h.audit, Tx: h.db, Clock: h.clock, Random: h.random, Log: o.Log,
		Arrivals: arrivals{h},
		Parties:  actingFor{h.entities},
		Items:    itemWalk{h},
	})
	return err
}

// tokens is what the OpenID provider needs of access tokens, from the three rooms that have it.
type tokens struct {
	*token.Sealer
	*token.Validator
	*token.Lease
}

// layTokens: grants and the lease.
func (h *Hub) layTokens(context.Context) (err error) {
	h.elapsed = sinceBoot()
	h.lease, err = token.NewLease(token.LeaseOptions{
		Feed: h.stores.Revocations, Fallback: h.stores.Revocations, Elapsed: h.elapsed, Clock: h.clock, Limit: time.Duration(h.options.Config.Revocation.Lease),
		OnEnd: func(end token.Revocation) { h.oidc.Forget(end) }, // nothing is read before all rooms are laid
	})
	return err
}

// layProtocols: what departments speak.
func (h *Hub) layProtocols(context.Context) error {
	grants, err := grant.New(grant.Options{Store: h.stores.Grants, Audit: h.audit, Tx: h.db, Clock: h.clock, Random: h.random, Mandates: h.entities})
	if err != nil {
		return err
	}
	sealer, err := token.NewSealer(h.options.Config.Issuer, h.keys, h.clock, h.random)
	if err != nil {
		return err
	}
	validator, err := token.NewValidator(sealer, h.lease, h.clock)
	if err != nil {
		return err
	}
	if err := h.layJWTs(); err != nil {
		return err
	}
	all := tokens{sealer, validator.Accepting(h.jwts), h.lease}
	if err := h.layForward(grants, all); err != nil {
		return err
	}
	return h.layOIDC(grants, all)
}
