package app

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"onedoor/authz"
	"onedoor/authz/catalogue"
	"onedoor/binding"
	"onedoor/federation/simulator"
	"onedoor/hub"
	"onedoor/hub/consent"
	"onedoor/hub/contact"
	"onedoor/hub/notice"
	"onedoor/tenants"
	"onedoor/tenants/complaint"
	"onedoor/tenants/staff"
	"onedoor/tenants/tenantsql"
)

// records: X is bound to a file at alpha, and waits there for a clerk with what they have shown; of Z the reviewer has a case open.
func (w *tenancy) records() {
	ctx, x := w.t.Context(), w.actor("citizen-x")
	clerk := binding.Clerk{Account: w.actor("reviewer-alpha").account, Level: staff.Least()}
	me := binding.Visitor{Session: x.session.ID, Account: x.account, Level: staff.Least(), Key: x.key}
	const number = "7310049982"
	proofs := map[string]string{"proof": "x"}
	b, err := w.h.bindings.Claim(ctx, me, binding.Place{Department: "alpha", Kind: "file"}, number, proofs)
	w.must(err)
	_, err = w.h.bindings.Take(ctx, clerk, b.ID)
	w.must(err)
	_, err = w.h.bindings.Approve(ctx, clerk, b.ID)
	w.must(err)
	w.set("bound", b.ID)
	w.mark(number, "the number of X's record", "citizen-x", "reviewer-alpha", "department-administrator-alpha") // who may end it finds it by that
	w.mark(b.ID, "X's binding", "citizen-x", "alpha", "platform")
	e := w.actor("master-e")
	b, err = w.h.bindings.Claim(ctx, binding.Visitor{Session: e.session.ID, Account: e.account, Entity: hub.EntityID(w.things["entity"]), Level: staff.Least(), Key: e.key}, binding.Place{Department: "alpha", Kind: "firm"}, "7310070000", proofs)
	w.must(err)
	_, err = w.h.bindings.Take(ctx, clerk, b.ID)
	w.must(err)
	_, err = w.h.bindings.Approve(ctx, clerk, b.ID)
	w.must(err)
	w.set("firm", b.ID)
	b, err = w.h.bindings.Ask(ctx, me, binding.Place{Department: "alpha", Kind: "card"}, nil)
	w.must(err)
	w.must(w.h.review.Consent(ctx, me, b.ID))
	sitting, _, err := w.h.review.Sit(ctx, clerk, "alpha")
	w.must(err)
	code, _, err := w.h.review.Confirm(ctx, me, sitting, "card")
	w.must(err)
	w.set("case", b.ID)
	w.things["code"], w.unknown["code"] = code, "000000"
	w.things["sitting"], w.unknown["sitting"] = sitting, "zzzzzzzz"
	w.mark(b.ID, "X's case", "citizen-x", "reviewer-alpha")
	z := w.person("citizen-z", hub.AccountID(w.things["account"]), &simulator.People()[2], staff.Least(), 0)
	b, err = w.h.bindings.Claim(ctx, binding.Visitor{Session: z.session.ID, Account: z.account, Level: staff.Least(), Key: z.key}, binding.Place{Department: "alpha", Kind: "file"}, "7310049990", proofs)
	w.must(err)
	_, err = w.h.bindings.Take(ctx, clerk, b.ID)
	w.must(err)
	w.set("held", b.ID)
	w.things["binding"], w.unknown["binding"] = w.things["held"], w.unknown["held"]
	w.mark("7310049990", "the number of Z's record", "reviewer-alpha")
}

// services: items of alpha's, one of them withdrawn; X asks for one, E has one in its operator's hands and asks for another.
func (w *tenancy) services() {
	ctx, x, e := w.t.Context(), w.actor("citizen-x"), w.actor("master-e")
	for id, change := range map[authz.ItemID]func(*authz.Item){
		"alpha-lockable": func(i *authz.Item) { i.Demands.Person = authz.Lockable },
		"alpha-asked":    func(i *authz.Item) { i.Demands.Person, i.Demands.Approval = authz.OptIn, true },
		"alpha-shared":   func(i *authz.Item) { i.Demands.Entity = authz.ByDelegation },
		"alpha-approved": func(i *authz.Item) { i.Demands.Entity, i.Demands.Approval = authz.ByDelegation, true },
		"alpha-withheld": func(i *authz.Item) { i.Demands.Person, i.Status = authz.Lockable, authz.Withheld },
	} {
		i := authz.Item{
			ID: id, Department: "alpha", Names: every("Service " + string(id)), Category: "tests", Group: tenants.Transaction, Sensitivity: authz.Sensitive, Status: authz.Offered,
			Actions: []authz.Action{"query"}, Demands: authz.Demands{Least: hub.Level{IAL: hub.IAL21, AAL: hub.AAL21}},
		}
		change(&i)
		if i.Status == authz.Withheld {
			i.Names = every("WITHHELD-alpha")
		}
		_, err := w.h.authz.store.PutItem(ctx, i, time.Now())
		w.must(err)
	}
	kept := authz.Item{
		ID: "alpha-kept", Department: "alpha", Names: every("Kept"), Category: "tests", Group: tenants.Transaction, Sensitivity: authz.Sensitive, Status: authz.Withheld,
		Actions: []authz.Action{"query"}, Demands: authz.Demands{Least: hub.Level{IAL: hub.IAL21, AAL: hub.AAL21}, Person: authz.Lockable},
	}
	_, err := w.h.authz.store.ReplaceItem(ctx, catalogue.Entry{Origin: catalogue.ByAPI, Item: kept}, catalogue.Authors{}, time.Now())
	w.must(err)
	drawn := kept
	drawn.Names = every("DRAWN-alpha")
	entry, err := w.h.authz.store.Entry(ctx, "alpha-kept")
	w.must(err)
	w.set("draft", hub.NewID(w.h.random))
	w.must(w.h.authz.store.KeepDraft(ctx, catalogue.Draft{ID: w.things["draft"], Item: drawn, Base: entry.Version, By: catalogue.Authors{Account: hub.AccountID(w.things["account"])}, At: time.Now().UTC()}))
	w.things["item"], w.unknown["item"] = "alpha-kept", "gamma-kept"
	w.things["item.version"], w.unknown["item.version"] = fmt.Sprint(entry.Version), fmt.Sprint(entry.Version)
	w.mark("DRAWN-alpha", "a draft of alpha's", "alpha", "platform")
	w.must(w.h.authz.catalogue.Refresh(ctx))
	w.mark("WITHHELD-alpha", "a service of alpha's that is not offered", "alpha", "platform", "citizen-x")
	o, err := w.h.authz.openings.Open(ctx, x.session, "alpha-asked")
	w.must(err)
	w.set("opening", o.ID)
	place, err := w.h.authz.registers.AddPlace(ctx, e.account, hub.EntityID(w.things["entity"]), "PLACE-E", []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")})
	w.must(err)
	w.set("place", place.ID)
	operator := w.actor("operator-e").account
	device, err := w.h.authz.registers.AddDevice(ctx, e.account, authz.Party{Entity: hub.EntityID(w.things["entity"])}, "DEVICE-E", authz.Credential{ID: []byte("0123456789abcdef"), PublicKey: []byte("key")})
	w.must(err)
	w.set("device.entity", device.ID)
	for name, item := range map[string]authz.ItemID{"delegation": "alpha-shared", "proposed": "alpha-approved"} {
		d, err := w.h.authz.delegations.Delegate(ctx, e.account, hub.EntityID(w.things["entity"]), authz.Order{Item: item, Operator: operator, Places: []string{place.ID}})
		w.must(err)
		w.set(name, d.ID)
	}
	device, err = w.h.authz.registers.AddDevice(ctx, x.account, authz.Party{Account: x.account}, "DEVICE-X", authz.Credential{ID: []byte("fedcba9876543210"), PublicKey: []byte("key")})
	w.must(err)
	w.set("device", device.ID)
	w.mark("PLACE-E", "where E works", "entity-e", "reviewer-alpha")
	w.mark("DEVICE-E", "a machine of E's", "entity-e", "operator-e", "reviewer-alpha")
	w.mark("DEVICE-X", "a machine of X's", "citizen-x")
	w.mark(w.things["opening"], "what X asks for", "citizen-x", "reviewer-alpha")
	w.mark(w.things["proposed"], "what E asks for", "entity-e", "reviewer-alpha")
}

// belongings: what else X has at the hub.
func (w *tenancy) belongings() {
	ctx, x := w.t.Context(), w.actor("citizen-x")
	c, err := w.h.contacts.Add(ctx, x.account, contact.Email, "xaver.secret@example.org", "en")
	w.must(err)
	w.set("contact", c.ID)
	w.mark("@example.org", "X's address", "citizen-x")
	w.mark(c.ID, "X's address", "citizen-x")
	for name, removed := range map[string]string{"link": "NULL", "link.removed": "1"} {
		id := hub.NewID(w.h.random)
		_, err := w.h.db.SQL().ExecContext(ctx, `INSERT INTO account_links (id, account, provider, subject_hash, ial, aal, linked_at, last_used_at, source, removed_at)
			VALUES (?, ?, 'bank', randomblob(32), 2, 2, 1, 1, '', `+removed+`)`, id, x.account)
		w.must(err)
		w.set(name, id)
		w.mark(id, "X's provider", "citizen-x")
	}
	rule := consent.Rule{Attribute: hub.Name, Purpose: "file", Text: every("To name you"), Basis: consent.ByConsent, Required: true}
	asked := consent.Decide([]consent.Rule{rule}, []hub.AttributeName{hub.Name}, nil, consent.Facts{Want: staff.Least(), Have: staff.Least(), Offline: true})
	rulings, _ := asked.Accepted([]string{rule.Key(), consent.OfflineKey})
	w.must(w.h.consents.Record(ctx, consent.Decisions{Account: x.account, Session: x.session.ID, System: "alpha-filing", Channel: "web", Language: "th", Rulings: rulings}))
	_, err = w.h.db.SQL().ExecContext(ctx, `INSERT INTO session_participants (session, system, provider, protocol, ref, first_at, last_at) VALUES (?, 'alpha-filing', '', 'oidc', 'REF-OF-ALPHA', ?, ?)`,
		x.session.ID, time.Now().UnixMicro(), time.Now().UnixMicro())
	w.must(err)
	w.must(w.h.notices.Changed(ctx, x.account, notice.ItemLocked, "", "web"))
	for name, d := range map[string]hub.DepartmentID{"letter": "alpha", "letter.platform": ""} {
		c, err := w.h.complaints.File(ctx, x.account, complaint.Order{Kind: complaint.Complaint, Department: d, Text: "COMPLAINT-X to " + string(d), Channel: "web"})
		w.must(err)
		w.things[name], w.unknown[name] = c.Reference, "BCDFGHJK"
	}
	w.mark("COMPLAINT-X to alpha", "what X writes to alpha", "citizen-x", "department-administrator-alpha", "help-desk-alpha")
	w.mark("COMPLAINT-X to <", "what X writes to the platform", "citizen-x", "platform")
	// A login of X's that has got as far as the choice of a provider.
	q := url.Values{
		"response_type": {"code"}, "client_id": {"alpha-filing"}, "redirect_uri": {alphaCB}, "scope": {"openid"}, "state": {"s-0123456789"}, "prompt": {"login"},
		"code_challenge": {flowChallenge}, "code_challenge_method": {"S256"},
	}
	to := w.send(x, wish{method: http.MethodGet, path: "/oauth2/authorize?" + q.Encode()}).Header().Get("Location")
	if !strings.HasPrefix(to, "/login/") && !strings.HasPrefix(to, flowIssuer+"/login/") {
		w.t.Fatalf("no login of X's: %q", to)
	}
	w.set("tx", to[strings.LastIndex(to, "/")+1:])
}

// ends: a notice that did not reach alpha, and an event of X's.
func (w *tenancy) ends() {
	ctx, now := w.t.Context(), time.Now().UnixMicro()
	campaign, failed, session := hub.NewID(w.h.random), hub.NewID(w.h.random), hub.NewID(w.h.random)
	x := w.actor("citizen-x").account
	_, err := w.h.db.SQL().ExecContext(ctx, `INSERT INTO logout_campaigns (id, session, account, left_system, reason, system, provider, protocol, interaction, at, closed_at)
		VALUES (?, ?, ?, '', 'person', '', '', '', '', ?, ?)`, campaign, session, x, now, now)
	w.must(err)
	_, err = w.h.db.SQL().ExecContext(ctx, `INSERT INTO logout_notices (id, campaign, system, provider, protocol, ref, at, until, state, tries, next_at, done_at, reason)
		VALUES (?, ?, 'alpha-filing', '', 'oidc', 'REF-OF-ALPHA', ?, ?, 'failed', 3, ?, ?, 'status')`, failed, campaign, now, now+int64(time.Hour/time.Microsecond), now, now)
	w.must(err)
	w.set("campaign", campaign)
	w.set("notice", failed)
	w.mark(failed, "a notice to alpha", "alpha", "platform")
	secret, err := w.h.logout.View(ctx, []string{campaign}, "", "")
	w.must(err)
	w.set("view", secret.Reveal())
	var event string
	w.must(w.h.db.SQL().QueryRowContext(ctx, `SELECT id FROM audit_events WHERE account = ? LIMIT 1`, x).Scan(&event))
	w.set("event", event)
	w.set("interaction", hub.NewID(w.h.random))
	w.send(w.actor("nobody"), wish{method: http.MethodGet, path: "/saml2/metadata"}) // makes its keys
}

// programs: a system of each department with a token for itself, which may what its department's administrator may; alpha's has a stream.
func (w *tenancy) programs() {
	ctx := w.t.Context()
	posts, err := tenantsql.NewStaff(w.h.db)
	w.must(err)
	for _, d := range []string{"alpha", "beta"} {
		secret := map[string]string{"alpha": alphaSecret, "beta": betaSecret}[d]
		a := &actor{name: "program-" + d, tenants: []string{"program-" + d, d}, client: d + "-filing:" + secret, binding: hub.NewSecret(w.h.random)}
		a.own = w.actor("department-administrator-" + d).own
		right := staff.Right{ID: hub.NewID(w.h.random), System: hub.SystemID(d) + "-filing", Role: staff.DepartmentAdministrator, Place: staff.Place{Department: hub.DepartmentID(d)}, At: time.Now().UTC()}
		w.must(posts.Give(ctx, right))
		if d == "alpha" {
			w.set("right", right.ID)
		}
		form := url.Values{"grant_type": {"client_credentials"}, "scope": {"admin.read admin.write ssf.manage ssf.read"}}
		var got struct {
			Token string `json:"access_token"`
		}
		rec := w.send(a, wish{method: http.MethodPost, path: "/oauth2/token", form: form.Encode(), basic: true})
		if err := json.Unmarshal(rec.Body.Bytes(), &got); err != nil || got.Token == "" {
			w.t.Fatalf("no token for %s: %d %s", d, rec.Code, rec.Body)
		}
		a.bearer = got.Token
		w.actors = append(w.actors, a)
	}
	rec := w.send(w.actor("program-alpha"), wish{method: http.MethodPost, path: "/ssf/streams", json: `{"events_requested":["https://schemas.openid.net/secevent/caep/event-type/session-revoked"],"description":"STREAM-ALPHA"}`})
	var stream struct {
		ID string `json:"stream_id"`
	}
	if err := json.Unmarshal(rec.Body.Bytes(), &stream); err != nil || stream.ID == "" {
		w.t.Fatalf("no stream: %d %s", rec.Code, rec.Body)
	}
	w.set("stream", stream.ID)
	rec = w.send(w.actor("program-alpha"), wish{method: http.MethodPost, path: "/api/admin/v1/departments/alpha/imports", json: `{"kind":"file","format":"csv"}`, headers: map[string]string{"Idempotency-Key": hub.NewID(w.h.random)}})
	var begun struct {
		ID string `json:"id"`
	}
	if err := json.Unmarshal(rec.Body.Bytes(), &begun); err != nil || begun.ID == "" {
		w.t.Fatalf("no import: %d %s", rec.Code, rec.Body)
	}
	w.set("import", begun.ID)
	w.mark(begun.ID, "an import of alpha's", "alpha", "platform")
	w.mark("STREAM-ALPHA", "a stream of alpha's", "program-alpha")
}
