package app

import (
	"context"
	"encoding/json"

	"onedoor/federation"
	"onedoor/hub"
	"onedoor/hub/audit"
	"onedoor/hub/keys"
	"onedoor/hub/oidcop"
	"onedoor/tenants"
	"onedoor/web/console"
	"onedoor/web/server"
)

// officeMounts are the pages of administrators and auditors.
func (h *Hub) officeMounts() ([]server.Mount, error) {
	c := h.options.Config
	office, err := console.NewOffice(console.OfficeOptions{
		Visit: h.reception, Permits: h.permits, Team: h.staff, Register: officeRegister{h.directory, h.tenants}, Lives: h.changes,
		Providers: h.providers, Brake: h.brake, Published: h.published, Keys: officeKeys{h.keys, h.audit},
		Ledger: h.logout, Items: h.authz.catalogue, Changes: h.authz.changes, Settle: func(ctx context.Context) { settle(ctx, max(h.authz.memory.AnswerDelay(), h.lease.AnswerDelay())) },
		Entities: h.entities, Node: node{h}, Finder: h.record, Audit: h.audit, Statistics: h.statistics, Proof: h.prove, Alias: h.alias,
		Complaints: h.complaints, Clock: h.clock, Zone: zone, Address: c.Issuer, FourEyes: c.Staff.FourEyes,
		Policies: console.Policies{
			Sandboxes: c.Registration != nil, Lease: span(c.Revocation.Lease), SignFor: span(c.Keys.SignFor), SealFor: span(c.Keys.SealFor),
			SAMLFor: span(c.Keys.SAMLFor), TellFor: span(c.Logout.Timeout), TellPause: span(c.Logout.Pause), Logins: c.Rates.Login.PerMinute,
			Clients: c.Rates.Client.PerMinute, Registries: len(c.Registries),
		},
	})
	if err != nil {
		return nil, err
	}
	return office.Mounts(), nil
}

// published tells what a provider says of itself, as this node knows it.
func (h *Hub) published(p federation.Provider) federation.Published {
	if p.SAML != nil {
		return h.samlsp.Published(p)
	}
	return h.oidcrp.Published(p)
}

// officeRegister lists departments too, which the directory in memory finds by their id only.
type officeRegister struct {
	*tenants.Directory
	store tenants.Store
}

func (r officeRegister) Departments(ctx context.Context) ([]tenants.Department, error) {
	return r.store.Departments(ctx)
}

// officeKeys are the keys, with who has changed them. The ring makes its own transactions (it must know what was committed), so the event
// follows in one of its own, as at the command line.
type officeKeys struct {
	*keys.Ring
	record audit.Recorder
}

func (k officeKeys) Rotate(ctx context.Context, by hub.AccountID, use keys.Use, alg string) error {
	info, err := k.Ring.Rotate(ctx, use, alg)
	if err != nil {
		return err
	}
	return k.record.Record(ctx, audit.Event{
		Kind: "key.rotated", Outcome: audit.Success, Detail: map[string]string{"key": info.ID, "use": string(use), "alg": alg, "by": string(by)},
	})
}

// node tells about this node.
type node struct{ h *Hub }

func (n node) LeaseHeld() bool { return n.h.lease.Held() }

func (n node) Asked() uint64 {
	return n.h.metrics.Answered(oidcop.IntrospectionPath) + n.h.metrics.Answered(oidcop.BatchPath)
}

func (n node) Live(ctx context.Context) (int64, error) { return n.h.stores.Sessions.CountLive(ctx) }

// alias gives an account the name by which a department's record knows it: the same in each look, another for each department.
func (h *Hub) alias(department hub.DepartmentID, account hub.AccountID) string {
	return hub.IDOf([16]byte(h.keys.Index("record-alias", string(department), string(account))))
}

// prove gives the proof that an event is in the record, as AuditProve prints it.
func (h *Hub) prove(ctx context.Context, event string) ([]byte, error) {
	proof, err := h.sealer.Prove(ctx, event)
	if err != nil {
		return nil, err
	}
	if err := proof.Verify(); err != nil {
		return nil, hub.E("app.prove", hub.Internal, err)
	}
	return json.MarshalIndent(proofLines{
		Origin: h.options.Config.Issuer, Event: proof.Event.ID, Canonical: audit.Canonical(proof.Event), Index: proof.Index,
		Path: hashes(proof.Path), Head: lineOf(proof.Head),
	}, "", "  ")
}
