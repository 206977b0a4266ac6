package app

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"onedoor/configs"
	"onedoor/hub"
	"onedoor/hub/oidcop"
	"onedoor/hub/passkey"
	"onedoor/web/console"
	"onedoor/web/names"
	"onedoor/web/pages"
	"onedoor/web/portal"
	"onedoor/web/server"
	"onedoor/web/view"
	"onedoor/web/visit"
)

// zone is the one of the dates on the pages: Thailand's, which knows no summer time.
var zone = time.FixedZone("+07", 7*60*60)

// layPages: what browsers see.
func (h *Hub) layPages(context.Context) error {
	cfg := h.options.Config
	look, err := view.New(view.Options{
		Platform: hub.Text{"th": "onedoor", "en": "onedoor", "zh": "onedoor", "vi": "onedoor"},
		Operator: cfg.Operator.Names, Address: cfg.Issuer, Help: help(cfg.Operator), Zone: zone, Contacts: len(h.contacts.Kinds()) > 0,
		Devices: passkey.Possible(cfg.Issuer), Records: true, Complaints: true, Entities: true,
	})
	if err != nil {
		return err
	}
	if h.screen, err = server.NewScreen(look); err != nil {
		return err
	}
	h.static = look.Static()
	h.reception, err = visit.New(visit.Options{
		Sessions: h.sessions, Screen: h.screen, Clock: h.clock, Random: h.random, Lease: h.lease.AnswerDelay(), System: ownSystem, Reach: h.ownHeight,
		Rate: server.Rate{Name: "login", Burst: cfg.Rates.Login.Burst, Every: rateOf(cfg.Rates.Login.PerMinute)},
	})
	if err != nil {
		return err
	}
	book := names.Book{Register: h.trust, Directory: forLogin{h}}
	contacts := h.contactPages()
	h.journey, err = pages.New(pages.Options{
		Login: h.login, Visit: h.reception, Sessions: h.sessions, Ends: h.logout, Ledgers: h.logout, Names: book, Clock: h.clock, Address: cfg.Issuer,
		Services: h.services, Contacts: contacts != nil,
	})
	if err != nil {
		return err
	}
	machines, err := h.passkeys()
	if err != nil {
		return err
	}
	own := portal.Options{
		Visit: h.reception, Sessions: h.sessions, Ends: h.logout, Ledgers: h.logout, Farewell: h.journey, Names: book, Clock: h.clock,
		Consents: decisions{h.consents, h.db, h.stores.Grants, h.clock}, Notices: h.notices, History: h.past, Lives: h.life, Links: doors{h.accounts, h}, Contacts: contacts,
		Switches: h.authz.openings, Records: h.bindings, Departments: h.directory, Reviews: h.review, Entities: h.entityRooms(), Memberships: h.entities,
	}
	if machines != nil {
		own.Devices, own.Machines = h.authz.registers, machines
	}
	own.Delegating = h.delegating()
	own.Entrance = &portal.Entrance{Complaints: h.complaints, Departments: h.addressees}
	if h.portal, err = portal.New(own); err != nil {
		return err
	}
	h.console, err = console.New(console.Options{
		Visit: h.reception, Staff: h.staff, Places: h.places, Cases: h.review, Decisions: h.review, Ties: h.review, Ends: h.review, Alias: h.alias, Clock: h.clock,
		Counter: h.review, Phone: h.options.Config.Issuer + portal.CounterPath, Applications: h.applications(),
	})
	return err
}

// passkeys recognises machines by keys of their own; nil where browsers make none for the hub's address.
func (h *Hub) passkeys() (*passkey.Ceremonies, error) {
	if !passkey.Possible(h.options.Config.Issuer) {
		return nil, nil
	}
	return passkey.New(passkey.Options{
		Issuer: h.options.Config.Issuer, Name: "onedoor", Keys: h.keys, Once: h.stores.Once, Clock: h.clock, Random: h.random,
	})
}

// help gives the ways to the operator that its contact is.
func help(o configs.Operator) view.Help {
	switch scheme, rest, _ := strings.Cut(o.Contact, ":"); scheme {
	case "mailto":
		return view.Help{Email: rest, Office: o.Office}
	case "tel":
		return view.Help{Phone: rest, Office: o.Office}
	default:
		return view.Help{URL: o.Contact, Office: o.Office}
	}
}

// layEdge: the listeners' two sides.
func (h *Hub) layEdge(context.Context) (err error) {
	cfg := h.options.Config
	journal, err := h.journal()
	if err != nil {
		return err
	}
	office, err := h.officeMounts()
	if err != nil {
		return err
	}
	h.public, err = server.New(server.Options{
		Journal: journal,
		Issuer:  cfg.Issuer, Screen: h.screen, Mounts: append(h.mounts(), office...), Log: h.options.Log, Observer: h.metrics, Clock: h.clock, Random: h.random,
		Certified: certifiedSide(cfg), TrustedProxies: trusted(cfg.BehindProxy), Timeout: span(cfg.Limits.RequestTimeout), Grace: span(cfg.Limits.StopTimeout),
	})
	if err != nil {
		return err
	}
	h.admin, err = server.NewAdmin(server.AdminOptions{
		Log: h.options.Log, Metrics: h.metrics.Handler(),
		Checks: []server.Check{
			{Name: "serving", Check: h.public.Ready},
			{Name: "database", Check: h.db.Ping},
			{Name: "lease", Check: h.leaseHeld},
		},
	})
	return err
}

// mounts lists everything that the public side answers.
func (h *Hub) mounts() []server.Mount {
	read, form := []string{http.MethodGet}, []string{http.MethodPost}
	both := []string{http.MethodGet, http.MethodPost}
	cfg := h.options.Config
	login := server.Rate{Name: "login", Burst: cfg.Rates.Login.Burst, Every: rateOf(cfg.Rates.Login.PerMinute)}
	return append(slices.Concat(h.reception.Mounts(), h.journey.Mounts(), h.portal.Mounts(), h.console.Mounts(), h.registrationMounts(), h.samlMounts(login), h.upstreamSAMLMounts(login), h.samlLogoutMounts(login), h.ndidMounts(), h.oidcMounts(), h.logoutMounts(login), h.forwardMounts(login), h.signalMounts(), h.decisionMounts(), h.api.Mounts()),
		server.Mount{Methods: read, Path: "/static/{name...}", Handler: h.static},
		server.Mount{Methods: both, Path: oidcop.AuthorizePath, Handler: http.HandlerFunc(h.oidc.Authorize), Rate: login},
		server.Mount{Methods: form, Path: oidcop.TokenPath, Handler: http.HandlerFunc(h.oidc.Token), Machine: true},
		server.Mount{Methods: both, Path: oidcop.UserInfoPath, Handler: http.HandlerFunc(h.oidc.UserInfo), Machine: true},
		server.Mount{Methods: form, Path: oidcop.IntrospectionPath, Handler: http.HandlerFunc(h.oidc.Introspect), Machine: true, Timeout: -1},
		server.Mount{Methods: form, Path: oidcop.BatchPath, Handler: http.HandlerFunc(h.oidc.IntrospectBatch), Machine: true, Body: 1 << 20},
		server.Mount{Methods: append([]string{http.MethodGet}, form...), Path: oidcop.LogoutNoticesPath, Handler: h.oidc.LogoutNotices(h.logout.OfSystem), Machine: true},
		server.Mount{Methods: form, Path: oidcop.RevocationPath, Handler: h.settled(h.oidc.Revoke), Machine: true},
		server.Mount{Methods: read, Path: oidcop.JWKSPath, Handler: http.HandlerFunc(h.oidc.JWKS), Machine: true},
		server.Mount{Methods: read, Path: oidcop.DiscoveryPath, Handler: http.HandlerFunc(h.oidc.Discovery), Machine: true},
	)
}

// leaseHeld fails while this node may not answer for tokens from memory.
func (h *Hub) leaseHeld(context.Context) error {
	if !h.lease.Held() {
		return hub.Errorf("app.leaseHeld", hub.Unavailable, "the revocations were not read in time")
	}
	return nil
}
