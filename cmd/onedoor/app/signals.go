package app

import (
	"context"
	"encoding/binary"
	"io"
	"net/http"
	"net/netip"
	"net/url"
	"slices"

	"onedoor/hub"
	"onedoor/hub/hubsql"
	"onedoor/hub/keys"
	"onedoor/hub/logout"
	"onedoor/hub/oidcop"
	"onedoor/hub/outbound"
	"onedoor/hub/pairwise"
	"onedoor/hub/session"
	"onedoor/hub/sqldb"
	"onedoor/hub/ssf"
	"onedoor/tenants"
	"onedoor/tenants/tenantsql"
	"onedoor/web/server"
)

// signalContext binds receivers' sealed credentials to their purpose.
const signalContext = "shared-signals"

// laySignals: what subscribed systems are told of ended sessions.
func (h *Hub) laySignals(context.Context) (err error) {
	o := h.options
	if h.signals, err = hubsql.NewSignals(h.db); err != nil {
		return err
	}
	names, err := pairwise.New(h.keys)
	if err != nil {
		return err
	}
	h.transmitter, err = ssf.New(ssf.Options{
		OutboxOptions: ssf.OutboxOptions{
			Issuer: o.Config.Issuer, Store: h.signals, Names: systemNames{h.keys, h.directory}, Entities: entityNames{names, h.directory}, Index: h.keys, Audit: h.audit, Tx: h.db,
			Clock: h.clock, Random: h.random,
		},
		JWKSURI: o.Config.Issuer + oidcop.JWKSPath, Callers: h.oidc,
		// The CAEP interoperability profile wants RS256.
		Prepare: func(ctx context.Context) error { return h.keys.Ensure(ctx, keys.RS256) },
		Sign: func(_ context.Context, claims any) (string, error) {
			return h.keys.SignJWT(keys.RS256, "secevent+jwt", claims)
		},
		Numbers: h.recordNumbers, Allowed: h.receiver, Seal: credentials{o.Masters, h.random}, HTTP: o.HTTP, Log: o.Log, Alone: h.db.Dialect() == sqldb.SQLite,
		Jitter: func() float64 {
			var b [8]byte
			if _, err := io.ReadFull(h.random, b[:]); err != nil {
				return 0
			}
			return float64(binary.BigEndian.Uint64(b[:])>>11) / (1 << 53)
		},
	})
	return err
}

// signals gives what a command needs to write events: the nodes that serve deliver them.
func (o *office) signals() (*ssf.Outbox, error) {
	store, err := hubsql.NewSignals(o.db)
	if err != nil {
		return nil, err
	}
	systems, err := tenantsql.New(o.db)
	if err != nil {
		return nil, err
	}
	names, err := pairwise.New(o.ring)
	if err != nil {
		return nil, err
	}
	return ssf.NewOutbox(ssf.OutboxOptions{
		Issuer: o.issuer, Store: store, Names: systemNames{o.ring, entries{systems}}, Entities: entityNames{names, entries{systems}}, Index: o.ring, Audit: o.record, Tx: o.db,
		Clock: o.Clock, Random: o.Random,
	})
}

// entries finds systems in the database, for a command that runs once.
type entries struct{ store tenants.Store }

// System gives a system. NotFound, Unavailable.
func (r entries) System(ctx context.Context, id hub.SystemID) (tenants.System, error) {
	all, err := r.store.Systems(ctx)
	if err != nil {
		return tenants.System{}, err
	}
	i := slices.IndexFunc(all, func(s tenants.System) bool { return s.ID == id })
	if i < 0 {
		return tenants.System{}, hub.Errorf("app.entries", hub.NotFound, "no such system")
	}
	return all[i], nil
}

// outbox is where what is over is told of.
type outbox interface {
	Over(ctx context.Context, o ssf.Over) error
}

// over tells an outbox what a campaign is about: the logout knows no signals.
func over(ctx context.Context, to outbox, c logout.Campaign, all []session.Participant) error {
	o := ssf.Over{Session: c.Session, Account: c.Account, Interaction: c.Interaction, Cause: c.Cause, At: c.At}
	for _, p := range all {
		if p.System != "" && !slices.Contains(o.Systems, p.System) {
			o.Systems = append(o.Systems, p.System)
		}
	}
	return to.Over(ctx, o)
}

// systemNames gives how a system knows a person and a session.
type systemNames struct {
	index     oidcop.Index
	directory interface {
		System(ctx context.Context, id hub.SystemID) (tenants.System, error)
	}
}

// Names implements ssf.Names.
func (n systemNames) Names(ctx context.Context, system hub.SystemID, account hub.AccountID, sess hub.SessionID) (sub, sid string, err error) {
	s, err := n.directory.System(ctx, system)
	if err != nil {
		return "", "", err
	}
	sector, _ := s.Sector()
	if sector == "" {
		return "", "", hub.Errorf("app.Names", hub.NotFound, "the system has no names for people outside of SAML")
	}
	sub, sid = oidcop.Names(n.index, sector, system, account, sess)
	return sub, sid, nil
}

// credentials seals what receivers want to be shown, under the master key.
type credentials struct {
	masters keys.Masters
	random  io.Reader
}

// Seal implements ssf.Seal.
func (c credentials) Seal(plain []byte) ([]byte, error) {
	return c.masters.SealSecret(c.random, signalContext, plain)
}

// Open implements ssf.Seal.
func (c credentials) Open(sealed []byte) ([]byte, error) {
	return c.masters.OpenSecret(signalContext, sealed)
}

// receiver tells whether events may be pushed to an address. Names are looked up when they are called: then the guard judges.
func (h *Hub) receiver(endpoint string) error {
	const op = "app.receiver"
	u, err := url.Parse(endpoint)
	switch {
	case err != nil || len(endpoint) > 2048 || u.Host == "" || u.User != nil || u.Fragment != "":
		return hub.Errorf(op, hub.Refused, "not an address of a receiver")
	case u.Scheme != "https" && (u.Scheme != "http" || h.options.Config.SecureContext()):
		return hub.Errorf(op, hub.Refused, "not https")
	}
	if a, err := netip.ParseAddr(u.Hostname()); err == nil && !outbound.Allowed(a, prefixes(h.options.Config.Outbound.AllowPrivate)) {
		return hub.Errorf(op, hub.Refused, "an address that the hub doesn't call")
	}
	return nil
}

// signalMounts lists the endpoints of the transmitter.
func (h *Hub) signalMounts() []server.Mount {
	t, read, post := h.transmitter, []string{http.MethodGet}, []string{http.MethodPost}
	streams := []string{http.MethodGet, http.MethodPost, http.MethodPatch, http.MethodPut, http.MethodDelete}
	return []server.Mount{
		{Methods: read, Path: ssf.ConfigurationPath, Handler: http.HandlerFunc(t.Configuration), Machine: true},
		{Methods: streams, Path: ssf.StreamsPath, Handler: http.HandlerFunc(t.Streams), Machine: true},
		{Methods: []string{http.MethodGet, http.MethodPost}, Path: ssf.StatusPath, Handler: http.HandlerFunc(t.StreamStatus), Machine: true},
		{Methods: post, Path: ssf.AddPath, Handler: http.HandlerFunc(t.AddSubject), Machine: true},
		{Methods: post, Path: ssf.RemovePath, Handler: http.HandlerFunc(t.RemoveSubject), Machine: true},
		{Methods: post, Path: ssf.VerificationPath, Handler: http.HandlerFunc(t.Verify), Machine: true},
		{Methods: post, Path: ssf.PollPath, Handler: http.HandlerFunc(t.Poll), Machine: true, Timeout: -1},
	}
}
