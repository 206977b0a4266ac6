package app

import (
	"context"
	"net/http"
	"slices"

	"onedoor/authz"
	"onedoor/authz/authzen"
	"onedoor/binding"
	"onedoor/hub"
	"onedoor/hub/audit"
	"onedoor/hub/session"
	"onedoor/tenants"
	"onedoor/web/locale"
	"onedoor/web/portal"
	"onedoor/web/server"
)

// layDecisions: the decision point for departments' systems.
func (h *Hub) layDecisions(context.Context) error {
	entities, err := h.parties()
	if err != nil {
		return err
	}
	h.authz.point, err = authzen.New(authzen.Options{
		Issuer: h.options.Config.Issuer, Callers: h.oidc, Sessions: h.sessions, Systems: askingSystems{h.directory}, Decider: h.authz.decider,
		Catalogue: h.authz.catalogue, Holders: h.authz.store, Client: server.ClientAddr, Words: itemReason, Name: h.oidc.Name, Named: h.named, Clock: h.clock,
		Link: func(d authz.Decision) string { return remedyPage(h.options.Config.Issuer, d) },
		Acting: func(ctx context.Context, id hub.SessionID, system hub.SystemID) (hub.EntityID, error) {
			u, err := entities.entities.Using(ctx, id, system)
			if hub.KindOf(err) == hub.NotFound {
				return "", nil
			}
			return u.Entity, err
		},
	})
	return err
}

// remedyPage gives the page of the hub on which the first of what would change a no is begun: what is done with the system itself, as a better
// sign-in, has none here.
func remedyPage(issuer string, d authz.Decision) string {
	for _, r := range d.Remedies() {
		switch r.Kind {
		case authz.OpenItem:
			return issuer + portal.ServicesPath + "/" + string(d.Item.ID)
		case authz.AskApprove:
			if d.Item.Demands.Person != authz.NotOwn {
				return issuer + portal.ServicesPath + "/" + string(d.Item.ID)
			}
			return issuer + portal.EntitiesPath
		case authz.AskMandate, authz.Delegate:
			return issuer + portal.EntitiesPath
		case authz.Bind:
			return issuer + portal.RecordsPath
		case authz.ShowDevice:
			if d.Item.Demands.Entity != "" {
				return issuer + portal.EntitiesPath
			}
			return issuer + portal.DevicesPath
		case authz.StepUp, authz.OtherPlace, authz.OtherHours:
		}
	}
	return ""
}

// itemReason gives a reason in a language of the platform.
func itemReason(code authz.Code, language string) string {
	lang, ok := locale.Parse(language)
	if !ok {
		return ""
	}
	return locale.ItemReason(locale.For(lang), string(code))
}

// askingSystems gives the register in the decision point's words. A system that is not live does not get so far.
type askingSystems struct{ directory *tenants.Directory }

// Asking implements authzen.Systems.
func (a askingSystems) Asking(ctx context.Context, id hub.SystemID) (authzen.System, error) {
	s, err := a.directory.System(ctx, id)
	return authzen.System{Department: s.Department, StatesPlace: s.StatesPlace}, err
}

// decisionMounts lists what departments' systems ask.
func (h *Hub) decisionMounts() []server.Mount {
	read, post := []string{http.MethodGet}, []string{http.MethodPost}
	p := h.authz.point
	return []server.Mount{
		{Methods: post, Path: authzen.EvaluationPath, Handler: http.HandlerFunc(p.Evaluation), Machine: true},
		{Methods: post, Path: authzen.EvaluationsPath, Handler: http.HandlerFunc(p.Evaluations), Machine: true, Body: 1 << 20},
		{Methods: post, Path: authzen.SearchSubjectPath, Handler: http.HandlerFunc(p.SearchSubject), Machine: true},
		{Methods: post, Path: authzen.SearchResourcePath, Handler: http.HandlerFunc(p.SearchResource), Machine: true},
		{Methods: post, Path: authzen.SearchActionPath, Handler: http.HandlerFunc(p.SearchAction), Machine: true},
		{Methods: read, Path: authzen.MetadataPath, Handler: http.HandlerFunc(p.Metadata), Machine: true},
	}
}

// named finds the person of a record who is signed in at a system that may name persons, and keeps that it was done (AUD-02).
func (h *Hub) named(ctx context.Context, caller hub.SystemID, kind, number string) (session.Session, error) {
	found, err := h.present(ctx, caller, kind, number)
	e := audit.Event{Kind: "item.person_named", Outcome: audit.Success, System: caller, Account: found.Account, Session: found.ID}
	if err != nil {
		e.Outcome, e.Reason = audit.Refusal, string(hub.KindOf(err))
		if hub.KindOf(err) == hub.Unavailable {
			e.Outcome = audit.Failure
		}
	}
	if written := h.audit.Record(ctx, e); written != nil {
		return session.Session{}, hub.E("app.named", hub.Unavailable, written)
	}
	return found, err
}

// present finds the session in which the person of a record is signed in at a system now, the latest of several.
func (h *Hub) present(ctx context.Context, caller hub.SystemID, kind, number string) (session.Session, error) {
	const op, most = "app.present", 20
	none := func(k hub.Kind, text string) (session.Session, error) {
		return session.Session{}, hub.Errorf(op, k, text)
	}
	s, err := h.directory.System(ctx, caller)
	switch {
	case err != nil:
		return session.Session{}, hub.E(op, hub.Unavailable, err)
	case !s.NamesPersons:
		return none(hub.Denied, "the system may not name persons")
	}
	b, err := h.bindings.Named(ctx, binding.Place{Department: s.Department, Kind: tenants.RecordKindID(kind)}, number)
	switch {
	case err != nil:
		return session.Session{}, err
	case b.State != binding.Bound || b.Owner.Account == "":
		return none(hub.NotFound, "the record is nobody's who can be signed in")
	}
	all, err := h.sessions.OfAccount(ctx, b.Owner.Account, true, most)
	if err != nil {
		return session.Session{}, err
	}
	for _, x := range all {
		used, err := h.sessions.Participants(ctx, x.ID)
		if err != nil {
			return session.Session{}, err
		}
		if !slices.ContainsFunc(used, func(p session.Participant) bool { return p.System == caller }) {
			continue
		}
		live, err := h.sessions.Active(ctx, x.ID)
		if k := hub.KindOf(err); k == hub.NotFound || k == hub.Expired {
			continue
		}
		return live, err
	}
	return none(hub.NotFound, "the person is not signed in at the system")
}
