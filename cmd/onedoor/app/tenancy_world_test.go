package app

import (
	"crypto/sha256"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"onedoor/configs"
	"onedoor/federation"
	"onedoor/federation/simulator/bank"
	"onedoor/federation/simulator/thaid"
	"onedoor/hub"
	"onedoor/hub/consent"
	"onedoor/hub/hubtest/formbrowser"
	"onedoor/hub/session"
	"onedoor/hub/telemetry"
	"onedoor/tenants"
	"onedoor/tenants/register"
	"onedoor/tenants/staff"
	"onedoor/web/visit"
)

// actor is somebody at the hub: with a browser of their own, and a token for the administrators' API; a program has a token and a secret.
type actor struct {
	name    string
	tenants []string // to whom they belong: "alpha", "beta", "platform", "citizen-x", "entity-e", ...
	account hub.AccountID
	session session.Session
	secret  hub.Secret
	binding hub.Secret // of the browser
	key     hub.Secret // of the vault
	client  string     // of a program: its name and secret for HTTP Basic
	bearer  string
	// container says what the placeholders of containers mean at their own place: their own department, their own entity.
	own map[string]string
}

func (a *actor) of(tenant string) bool { return slices.Contains(a.tenants, tenant) }

// tenancy is a hub with two departments, two entities, and everybody who has anything to do with them. What is tried is alpha's, X's and E's.
type tenancy struct {
	t       *testing.T
	h       *Hub
	serve   http.Handler
	actors  []*actor
	things  map[string]string // by placeholder
	unknown map[string]string // the same where there is no such thing
	marks   []mark
	calls   int
}

// mark is a text that only some may see.
type mark struct {
	text, what string
	to         []string // tenants and actors
}

const (
	alphaSecret = "alpha-secret-0123456789abcdef0123456789abcdef"
	betaSecret  = "beta-secret-0123456789abcdef0123456789abcdefg"
	alphaCB     = "https://alpha.example/cb"
)

func newTenancy(t *testing.T) *tenancy {
	t.Helper()
	w := &tenancy{t: t, things: map[string]string{}, unknown: map[string]string{}}
	w.build()
	w.departments()
	w.people()
	w.seats()
	w.records()
	w.services()
	w.belongings()
	w.ends()
	w.programs()
	return w
}

func (w *tenancy) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func every(s string) hub.Text { return hub.Text{"th": s, "en": s, "zh": s, "vi": s} }

// build makes the hub with everything switched on that has routes.
func (w *tenancy) build() {
	w.t.Helper()
	folder := w.t.TempDir()
	cfg := configs.Default()
	cfg.Issuer, cfg.DataDirectory = flowIssuer, folder
	cfg.Rates.Login = configs.Rate{PerMinute: 1_000_000, Burst: 1_000_000}
	cfg.Operator = configs.Operator{Names: every("o"), Contact: "mailto:x@onedoor.example"}
	cfg.Revocation.Lease = configs.Duration(time.Millisecond) // as little as it takes: here is one node, and nobody reads ahead
	cfg.Notices = &configs.Notices{SMTP: &configs.SMTP{Host: "127.0.0.1", Port: 1, Security: "none", From: "no-reply@onedoor.example"}}
	cfg.Registration = &configs.Registration{Departments: []configs.Sandbox{{ID: "alpha"}}}
	log, err := telemetry.NewLogger(io.Discard, slog.LevelError, telemetry.JSON)
	w.must(err)
	p := Process{Env: func(string) (string, bool) { return "", false }, Out: io.Discard, Err: io.Discard, Clock: time.Now, Random: hub.Randomness()}
	w.must(writeMasterKey(filepath.Join(folder, "master.key"), p.Random))
	masters, err := MasterKeys(cfg, p)
	w.must(err)
	w.h, err = Build(w.t.Context(), Options{Config: cfg, Process: p, DSN: "sqlite:" + cfg.DatabaseFile(), Masters: masters, HTTP: &http.Client{Transport: formbrowser.LocalNames()}, Log: log})
	w.must(err)
	w.t.Cleanup(func() {
		if err := w.h.Close(); err != nil {
			w.t.Error(err)
		}
	})
	w.serve = w.h.public.Handler()
	now := time.Now()
	trusted := thaid.Trust("https://thaid.example", "onedoor", []byte("sealed"), now.Add(-time.Hour), now.Add(time.Hour))
	trusted.Ceiling, trusted.Assurance.Fixed.AAL = staff.Least(), staff.Least().AAL // everybody here can reach what staff must
	for _, p := range []federation.Provider{trusted, bank.Trust("https://bank.example", "onedoor", []byte("sealed"), now.Add(-time.Hour), now.Add(time.Hour))} {
		_, err := w.h.trust.Put(w.t.Context(), p)
		w.must(err)
	}
}

// set names a thing of alpha's, X's or E's, and what stands for one that is not there. An id that the markers must not leak is one of them.
func (w *tenancy) set(name, is string) {
	w.things[name] = is
	w.unknown[name] = is
	switch {
	case hub.ValidID(is):
		w.unknown[name] = hub.NewID(w.h.random)
	case len(is) > 30:
		w.unknown[name] = hub.NewSecret(w.h.random).Reveal()
	}
}

func (w *tenancy) mark(text, what string, to ...string) {
	w.marks = append(w.marks, mark{text, what, to})
}

// departments: alpha and beta are alike; what is only drafted at alpha carries a name that nobody else may read.
func (w *tenancy) departments() {
	ctx := w.t.Context()
	for id, secret := range map[hub.DepartmentID]string{"alpha": alphaSecret, "beta": betaSecret} {
		d := tenants.Department{
			ID: id, Names: every("Department " + string(id)), Complaint: "mailto:c@" + string(id) + ".example",
			Areas: []tenants.Area{{ID: "north", Names: every("North")}, {ID: "south", Names: every("South")}},
			Records: []tenants.RecordKind{
				{
					ID: "file", Names: every("File of " + string(id)), For: tenants.Person, Length: 10, Digits: true, Least: hub.Level{IAL: hub.IAL21, AAL: hub.AAL21},
					Attributes: []hub.AttributeName{hub.CitizenID, hub.Name}, Extra: []tenants.ExtraAttribute{{ID: "proof", Names: every("Proof"), Length: 20}}, Claim: []string{"proof"},
				},
				{ID: "card", Names: every("Card"), For: tenants.Person, Length: 10, Digits: true, Least: hub.Level{IAL: hub.IAL21, AAL: hub.AAL21}, Attributes: []hub.AttributeName{hub.CitizenID, hub.Name}},
				{ID: "firm", Names: every("Firm"), For: tenants.Entity, Length: 10, Digits: true, Least: hub.Level{IAL: hub.IAL21, AAL: hub.AAL21}, Extra: []tenants.ExtraAttribute{{ID: "proof", Names: every("Proof"), Length: 20}}, Claim: []string{"proof"}},
				{ID: "plot", Names: every("Plot"), For: tenants.Person, Length: 10, Digits: true, Least: hub.Level{IAL: hub.IAL21, AAL: hub.AAL21}},
			},
		}
		_, err := w.h.register.ReplaceDepartment(ctx, register.Department{Department: d, Origin: register.ByAPI})
		w.must(err)
		home := "https://" + string(id) + ".example"
		live := tenants.System{
			ID: hub.SystemID(id) + "-filing", Department: id, Names: every("Filing at " + string(id)), Status: tenants.Live, Group: tenants.Transaction,
			Least: hub.Level{IAL: hub.IAL21, AAL: hub.AAL21}, Risk: "A test.", ReviewBy: time.Date(2099, 1, 1, 0, 0, 0, 0, time.UTC), For: "both",
			Attributes: []consent.Rule{{Attribute: hub.Name, Purpose: "file", Text: every("To name you"), Effect: every("No name"), Basis: consent.ByConsent, Required: true}},
			OIDC: &tenants.OIDC{
				RedirectURIs: []string{home + "/cb"}, Resource: home + "/api", DetailTypes: []string{"item"},
				Scopes:     []string{"openid", "profile", "offline_access", tenants.ScopeSignalsManage, tenants.ScopeSignalsRead, "admin.read", "admin.write", tenants.ScopeEntityRead, tenants.ScopeEntityWrite},
				GrantTypes: []string{"authorization_code", "refresh_token", tenants.GrantMachine, tenants.GrantExchange},
				Secrets:    []tenants.Secret{{SHA256: sha256.Sum256([]byte(secret))}},
			},
			Forward: &tenants.Forward{Origins: []string{"https://old." + string(id) + ".example"}, Secrets: []tenants.Secret{{SHA256: sha256.Sum256([]byte(secret))}}},
		}
		draft := live
		draft.ID, draft.Names, draft.Status = hub.SystemID(id)+"-draft", every("DRAFTED-"+string(id)), tenants.Draft
		moved := live
		moved.ID, moved.Names, moved.Status = hub.SystemID(id)+"-moved", every("MOVED-"+string(id)), tenants.Testing
		for _, s := range []tenants.System{live, draft, moved} {
			if s.ID != live.ID {
				o := *live.OIDC
				o.Resource, o.Scopes, o.GrantTypes = "", []string{"openid"}, []string{"authorization_code"}
				s.OIDC, s.Forward = &o, nil
			}
			_, err := w.h.register.ReplaceSystem(ctx, register.System{System: s, Origin: register.ByAPI})
			w.must(err)
		}
	}
	w.must(w.h.refreshAll(ctx))
	for name, is := range map[string]string{"department": "alpha", "system": "alpha-filing", "drafted": "alpha-draft", "moved": "alpha-moved", "client": "alpha-filing"} {
		w.things[name], w.unknown[name] = is, strings.Replace(is, "alpha", "gamma", 1)
	}
	for _, text := range []string{"DRAFTED-alpha", "MOVED-alpha"} {
		w.mark(text, "a system of alpha's that is not live", "alpha", "platform")
	}
	w.things["provider"], w.unknown["provider"] = "thaid", "thaid"
	d, err := w.h.register.Department(ctx, "alpha")
	w.must(err)
	w.things["department.version"] = fmt.Sprint(d.Version)
	moved, err := w.h.register.System(ctx, "alpha-moved")
	w.must(err)
	w.things["moved.version"] = fmt.Sprint(moved.Version)
	w.unknown["department.version"], w.unknown["moved.version"] = w.things["department.version"], w.things["moved.version"]
}

// wish is one request, in which {x} stands for a thing.
type wish struct {
	method, path string
	form, json   string
	about        string // of the form's token
	headers      map[string]string
	cookie       string
	basic        bool // a program proves itself by its secret; else by its token
}

// send asks as somebody does: a browser with its cookies and the token of its form, a program with its credentials; each time from another network,
// so that no limit on one is met.
func (w *tenancy) send(a *actor, x wish) *httptest.ResponseRecorder {
	w.t.Helper()
	body := x.form
	if x.about != "" {
		body += "&" + visit.TokenField + "=" + visit.Token(a.binding, x.about)
	}
	if x.json != "" {
		body = x.json
	}
	r := httptest.NewRequestWithContext(w.t.Context(), x.method, flowIssuer+x.path, strings.NewReader(body))
	w.calls++
	r.RemoteAddr = fmt.Sprintf("100.%d.%d.7:4711", w.calls>>8&0x7f, w.calls&0xff)
	r.Header.Set("Accept-Language", "en")
	switch {
	case x.json != "":
		r.Header.Set("Content-Type", "application/json")
	case x.method != http.MethodGet && x.method != http.MethodHead:
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	name, secret, program := strings.Cut(a.client, ":")
	switch {
	case program && x.basic:
		r.SetBasicAuth(name, secret)
	case strings.HasPrefix(x.path, "/api/"), strings.HasPrefix(x.path, "/ssf/"), strings.HasPrefix(x.path, "/oauth2/userinfo"), program:
		if a.bearer != "" {
			r.Header.Set("Authorization", "Bearer "+a.bearer)
		}
	}
	for k, v := range x.headers {
		r.Header.Set(k, v)
	}
	cookies := []string{visit.BindingCookie + "=" + a.binding.Reveal()}
	if !a.secret.IsZero() {
		cookies = append(cookies, visit.SessionCookie+"="+a.secret.Reveal())
	}
	if x.cookie != "" {
		cookies = append(cookies, x.cookie)
	}
	if !program {
		r.Header.Set("Cookie", strings.Join(cookies, "; "))
	}
	rec := httptest.NewRecorder()
	w.serve.ServeHTTP(rec, r)
	return rec
}
