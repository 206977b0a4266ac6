package app

import (
	"context"
	"errors"
	"net/http"
	"text/tabwriter"
	"time"

	"onedoor/configs"
	"onedoor/hub"
	"onedoor/hub/audit"
	"onedoor/hub/login"
	"onedoor/tenants"
	"onedoor/tenants/registration"
	"onedoor/tenants/tenantsql"
	"onedoor/web/server"
)

// laySandboxes: what developers register by themselves, where the configuration opens that.
func (h *Hub) laySandboxes() error {
	store, err := tenantsql.NewRegistrations(h.db)
	if err != nil {
		return err
	}
	h.registrations = store
	c := h.options.Config.Registration
	if c == nil {
		return nil
	}
	var open []registration.Department
	for _, d := range c.Departments {
		x := registration.Department{ID: hub.DepartmentID(d.ID), Hosts: d.Hosts}
		for _, a := range d.Attributes {
			x.Attributes = append(x.Attributes, hub.AttributeName(a))
		}
		open = append(open, x)
	}
	h.sandboxes, err = registration.New(registration.Options{
		Issuer: h.options.Config.Issuer, Lifetime: c.SandboxLifetime(), Open: open, Store: store, Departments: h.directory,
		Audit: h.audit, Tx: h.db, Clock: h.clock, Random: h.random, Log: h.options.Log,
	})
	return err
}

// registrationEndpoint is the endpoint's address for the discovery document, "" where there is none.
func (h *Hub) registrationEndpoint() string {
	if h.sandboxes == nil {
		return ""
	}
	return h.options.Config.Issuer + registration.Path
}

// registrationMounts are the endpoint's routes, none where it is not opened. Its rate is one of its own: sandboxes are few.
func (h *Hub) registrationMounts() []server.Mount {
	if h.sandboxes == nil {
		return nil
	}
	rate := server.Rate{Name: "registration", Burst: 30, Every: 2 * time.Second}
	return []server.Mount{
		{Methods: []string{http.MethodPost}, Path: registration.Path, Handler: http.HandlerFunc(h.sandboxes.Register), Machine: true, Rate: rate},
		{
			Methods: []string{http.MethodGet, http.MethodPut, http.MethodDelete}, Path: registration.Path + "/{client}",
			Handler: http.HandlerFunc(h.sandboxes.Manage), Machine: true, Rate: rate,
		},
	}
}

// system finds a declared system or a sandbox. The form of a sandbox's name decides, so that neither can stand for the other.
func (h *Hub) system(ctx context.Context, id hub.SystemID) (tenants.System, error) {
	switch {
	case !registration.IsSandbox(id):
		return h.directory.System(ctx, id)
	case h.sandboxes == nil:
		return tenants.System{}, hub.Errorf("app.system", hub.NotFound, "there are no sandboxes here")
	default:
		return h.sandboxes.System(ctx, id)
	}
}

// opened reports whether a system may be logged in to: a declared one that is live (EXC-07), or a sandbox that was found, which is
// within its limits and named as a test.
func opened(s tenants.System) bool {
	return s.Status == tenants.Live || registration.IsSandbox(s.ID) && s.Status == tenants.Testing
}

// forLogin is the directory in the login's own words, sandboxes among it.
type forLogin struct{ h *Hub }

// System implements login.Directory.
func (f forLogin) System(ctx context.Context, id hub.SystemID) (login.System, error) {
	if id == ownSystem {
		return f.h.ownPages(), nil
	}
	if !registration.IsSandbox(id) {
		return f.h.directory.ForLogin().System(ctx, id)
	}
	s, err := f.h.system(ctx, id)
	if err != nil {
		return login.System{}, err
	}
	owner, err := f.h.directory.Department(ctx, s.Department)
	if err != nil {
		return login.System{}, err
	}
	return login.System{
		ID: s.ID, Department: s.Department, Names: s.Names, Owner: owner.Names, Complaint: owner.Complaint, Live: opened(s), Least: s.Least,
		Rules: s.Attributes,
	}, nil
}

// RegistrationToken makes an initial access token for a department's developers and prints it, once. Invalid where the configuration
// opens nothing to the department; NotFound where the department is not registered.
func RegistrationToken(ctx context.Context, cfg configs.Config, p Process, department string, uses int, valid time.Duration) (err error) {
	const op = "app.RegistrationToken"
	open := false
	if cfg.Registration != nil {
		for _, d := range cfg.Registration.Departments {
			open = open || d.ID == department
		}
	}
	switch {
	case !open:
		return hub.Errorf(op, hub.Invalid, "the configuration opens no sandboxes to this department: see its section registration")
	case uses < 1 || uses > 10000:
		return hub.Errorf(op, hub.Invalid, "a token can be used 1 to 10000 times")
	case valid < time.Minute || valid > 365*24*time.Hour:
		return hub.Errorf(op, hub.Invalid, "a token is valid for a minute to a year")
	}
	return atRegistrations(ctx, cfg, p, func(ctx context.Context, o *office, store *tenantsql.Registrations) error {
		register, err := tenantsql.New(o.db)
		if err != nil {
			return err
		}
		all, err := register.Departments(ctx)
		if err != nil {
			return err
		}
		known := false
		for _, d := range all {
			known = known || string(d.ID) == department
		}
		if !known {
			return hub.Errorf(op, hub.NotFound, "there is no such department: apply it first")
		}
		now := p.Clock().UTC().Truncate(time.Microsecond)
		t, text := registration.NewToken(p.Random, hub.DepartmentID(department), uses, now, now.Add(valid))
		err = o.db.InTx(ctx, func(ctx context.Context) error {
			if err := store.PutToken(ctx, t); err != nil {
				return err
			}
			return o.record.Record(ctx, audit.Event{
				Kind: "registration.allowed", Outcome: audit.Success, Detail: map[string]string{"department": department, "token": t.ID},
			})
		})
		if err != nil {
			return err
		}
		say(p.Out, "token: %s\nid: %s\ndepartment: %s\nuses: %d\nuntil: %s\nendpoint: %s", text, t.ID, department, uses, when(t.ExpiresAt), cfg.Issuer+registration.Path)
		return nil
	})
}

// RegistrationList lists initial access tokens and sandboxes, never their secrets.
func RegistrationList(ctx context.Context, cfg configs.Config, p Process) error {
	return atRegistrations(ctx, cfg, p, func(ctx context.Context, _ *office, store *tenantsql.Registrations) error {
		tokens, err := store.Tokens(ctx)
		if err != nil {
			return err
		}
		sandboxes, err := store.Sandboxes(ctx)
		if err != nil {
			return err
		}
		t := tabwriter.NewWriter(p.Out, 0, 8, 2, ' ', 0)
		say(t, "TOKEN\tDEPARTMENT\tUSED\tUNTIL\tSTATE")
		for _, x := range tokens {
			state := "good"
			switch {
			case !x.RevokedAt.IsZero():
				state = "revoked"
			case !x.Good(p.Clock()):
				state = "over"
			}
			say(t, "%s\t%s\t%d of %d\t%s\t%s", x.ID, x.Department, x.Uses, x.Most, when(x.ExpiresAt), state)
		}
		say(t, "\nSANDBOX\tDEPARTMENT\tNAME\tUNTIL\tTOKEN")
		for _, s := range sandboxes {
			say(t, "%s\t%s\t%s\t%s\t%s", s.System.ID, s.System.Department, s.System.Names["en"], when(s.ExpiresAt), s.Token)
		}
		return t.Flush()
	})
}

// RegistrationEnd revokes an initial access token or deletes a sandbox, by its id. NotFound where there is neither, or it has ended.
func RegistrationEnd(ctx context.Context, cfg configs.Config, p Process, id string) error {
	const op = "app.RegistrationEnd"
	return atRegistrations(ctx, cfg, p, func(ctx context.Context, o *office, store *tenantsql.Registrations) error {
		now := p.Clock().UTC().Truncate(time.Microsecond)
		done := false
		err := o.db.InTx(ctx, func(ctx context.Context) (err error) {
			e := audit.Event{Kind: "registration.forbidden", Outcome: audit.Success, Detail: map[string]string{"token": id}}
			if sandbox := hub.SystemID(id); registration.IsSandbox(sandbox) {
				done, err = store.Delete(ctx, sandbox, now, now.Add(registration.TokenLife))
				e = audit.Event{Kind: "registration.deleted", Outcome: audit.Success, System: sandbox, Reason: "operator"}
			} else {
				done, err = store.RevokeToken(ctx, id, now)
			}
			if err != nil || !done {
				return err
			}
			return o.record.Record(ctx, e)
		})
		if err != nil {
			return err
		}
		if !done {
			return hub.Errorf(op, hub.NotFound, "there is no such token or sandbox, or it has ended before")
		}
		say(p.Out, "%s has ended", id)
		return nil
	})
}

// atRegistrations opens the office for work on sandboxes.
func atRegistrations(ctx context.Context, cfg configs.Config, p Process, work func(context.Context, *office, *tenantsql.Registrations) error) (err error) {
	o, err := openOffice(ctx, cfg, p)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, o.Close()) }()
	store, err := tenantsql.NewRegistrations(o.db)
	if err != nil {
		return err
	}
	return work(ctx, o, store)
}
