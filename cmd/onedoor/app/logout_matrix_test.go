package app

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"onedoor/federation/simulator/landoffice"
	"onedoor/hub"
	"onedoor/hub/hubtest/formbrowser"
	"onedoor/hub/hubtest/sqltest"
	"onedoor/hub/logout"
	"onedoor/hub/oidcop"
	"onedoor/hub/samlmsg"
	"onedoor/hub/session"
	"onedoor/hub/ssf"
	"onedoor/tenants"
)

// The participants of a session of the matrix, as the ledger names them.
const (
	byBack    = "revenue-efiling" // OpenID, told from server to server
	byFrame   = "social-benefits" // OpenID, told by a hidden frame
	bySAML    = string(landSystem)
	byProxy   = "revenue-archive" // behind a reverse proxy
	byNothing = "mute"            // OpenID, can't be told
)

// origin is where a logout of the matrix starts.
type origin struct {
	name     string
	provider string // "": whichever the person signed in at
	alone    bool   // its party can't tell one person's session from another's
	there    bool   // the person's browser comes to the hub, which sends it wherever only a browser can tell
	office   bool   // a command that serves nobody: whom only a browser can tell is not told
	self     string // who asked and is answered in its own protocol
	reason   session.EndReason
	end      func(x *round) *formbrowser.Page
	call     func(x *round) samlmsg.Status // in the place of end: by SOAP
	answer   string                        // what the page of a party that speaks SAML says before the status
}

func origins() []origin {
	land, samlBank := "The login service says: ", "The service says: "
	return []origin{
		{name: "the land office, by SOAP", alone: true, self: bySAML, reason: session.EndedBySystem, call: func(x *round) samlmsg.Status { return x.called(x.land.CallLogout(x.t.Context())) }},
		{name: "the SAML bank, by redirect", provider: "samlbank", alone: true, there: true, self: "samlbank", reason: session.EndedByIDP, answer: samlBank, end: asking(samlBankHost, "/logout", "redirect")},
		{name: "the SAML bank, by POST", provider: "samlbank", alone: true, there: true, self: "samlbank", reason: session.EndedByIDP, answer: samlBank, end: asking(samlBankHost, "/logout", "post")},
		{name: "the SAML bank, by SOAP", provider: "samlbank", alone: true, self: "samlbank", reason: session.EndedByIDP, call: func(x *round) samlmsg.Status { return x.called(x.d.SAMLBank.CallLogout(x.t.Context())) }},
		{name: "the life cycle of the account", alone: true, office: true, reason: session.EndedByAccount, end: func(x *round) *formbrowser.Page {
			p, order := x.hubs[0].options.Process, AccountOrder{Account: string(x.session.Account), Staff: "desk-3"}
			if err := ChangeAccount(x.t.Context(), x.d.config, p, AccountLost, order); err != nil {
				x.t.Fatal(err)
			}
			order.Reason = "cleared"
			if err := ChangeAccount(x.t.Context(), x.d.config, p, AccountResume, order); err != nil {
				x.t.Fatal(err)
			}
			return nil
		}},

		{name: "the person, on a page of the hub", there: true, reason: session.EndedByPerson, end: func(x *round) *formbrowser.Page {
			return x.press(x.open(x.d.URL(hubHost)+"/logout").FormWith("csrf"), "what", "all")
		}},
		{name: "the revenue department, by RP-initiated logout", there: true, reason: session.EndedBySystem, end: asking(revenueHost, "/signout", "")},
		{name: "a department that can't be told, by RP-initiated logout", there: true, self: byNothing, reason: session.EndedBySystem, end: func(x *round) *formbrowser.Page {
			sub, sid := oidcop.Names(x.hubs[0].keys, "rp.conformance.example", byNothing, x.session.Account, x.session.ID)
			hint, err := x.hubs[0].keys.SignJWT("ES256", "JWT", map[string]any{"iss": x.d.config.Issuer, "aud": byNothing, "sub": sub, "sid": sid})
			if err != nil {
				x.t.Fatal(err)
			}
			return x.open(x.d.URL(hubHost) + oidcop.EndSessionPath + "?" + url.Values{"id_token_hint": {hint}}.Encode())
		}},
		{name: "the land office, by redirect", there: true, self: bySAML, reason: session.EndedBySystem, answer: land, end: asking(landHost, "/logout/all", "redirect")},
		{name: "the land office, by POST", there: true, self: bySAML, reason: session.EndedBySystem, answer: land, end: asking(landHost, "/logout/all", "post")},
		{name: "the system behind a proxy", there: true, reason: session.EndedByPerson, end: func(x *round) *formbrowser.Page {
			return x.press(x.open(x.archive.url+"/.onedoor/signout").FormWith("csrf"), "", "")
		}},
		{name: "the bank, by a logout token", provider: "bank", self: "bank", reason: session.EndedByIDP, end: asking(bankHost, "/signout", "")},
		{name: "an administrator", reason: session.EndedByAdmin, end: func(x *round) *formbrowser.Page {
			if _, err := x.hubs[0].logout.End(x.t.Context(), x.session.ID, session.Cause{Reason: session.EndedByAdmin}); err != nil {
				x.t.Fatal(err)
			}
			return x.settled()
		}},
		{name: "a limit of the session", reason: session.EndedByAge, end: func(x *round) *formbrowser.Page {
			long := time.Now().Add(-session.Longest - time.Hour).UnixMicro()
			if err := x.hubs[0].db.Write(x.t.Context()).Exec("UPDATE sessions SET started_at = ? WHERE id = ?", long, string(x.session.ID)).Error; err != nil {
				x.t.Fatal(err)
			}
			if _, err := x.hubs[0].sessions.Sweep(x.t.Context()); err != nil {
				x.t.Fatal(err)
			}
			return x.settled()
		}},
	}
}

// matrix is the demo with one more department of each kind that it lacks, and what they all share.
type matrix struct {
	d       *Demo
	hubs    []*Hub
	land    *landoffice.LandOffice
	archive *archive
	signals *signals
	poll    string
	noSOAP  bool // parties that speak SAML are told by the person's browser

	secret    string // of the department that can't be told
	transport http.RoundTripper
}

// SSO-05: every origin of a logout against every kind of participant on both sides of the hub, over real HTTP: each participant is told in the
// best way that it has, who asked is answered in its own protocol, with PartialLogout where somebody has not confirmed, the signals
// are there, and no department has the person signed in. On SQLite with SAML parties that are told by SOAP, and on PostgreSQL with two nodes
// that take turns and SAML parties that only the browser can tell.
func TestSSO05_EveryOriginReachesEveryParticipant(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		nodes     int
		noSOAP    bool
		providers []string
	}{
		"SQLite, by SOAP":         {1, false, []string{"bank", "samlbank"}},
		"PostgreSQL, by browsers": {2, true, []string{"thaid", "samlbank"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dsn := ""
			if c.nodes > 1 {
				dsn = sqltest.PostgresDSN(t)
			}
			m, log := newMatrix(t, c.nodes, dsn, c.noSOAP)
			var beside sync.WaitGroup
			room := make(chan struct{}, 6)
			for _, o := range origins() {
				providers := c.providers
				if o.provider != "" {
					providers = []string{o.provider}
				}
				for _, provider := range providers {
					everybody := []bool{true}
					if (o.answer != "" || o.call != nil) && provider == "samlbank" {
						everybody = append(everybody, false)
					}
					for _, all := range everybody {
						cell := func() {
							t.Run(fmt.Sprintf("%s; %s, everybody %v", o.name, provider, all), func(t *testing.T) { m.cell(t, o, provider, all) })
						}
						if o.alone {
							cell()
							continue
						}
						beside.Go(func() { // they wait for the lease more than they do anything
							room <- struct{}{}
							defer func() { <-room }()
							cell()
						})
					}
				}
			}
			beside.Wait()
			if !c.noSOAP {
				t.Run("one refuses", m.refused)
			}
			m.heard(t)
			if n := m.d.ThaID.LiveTokens(); n != 0 {
				t.Errorf("%d tokens of ThaID live", n)
			}
			if strings.Contains(log.String(), "panic") {
				t.Error("something panicked")
			}
		})
	}
}

func newMatrix(t *testing.T, nodes int, dsn string, noSOAP bool) (*matrix, *record) {
	t.Helper()
	d, hubs, log := startNodes(t, nodes, dsn, func(o *DemoOptions) { o.NoSOAP, o.Spare = noSOAP, false })
	<-d.Joined
	transport := formbrowser.LocalNames()
	t.Cleanup(transport.CloseIdleConnections)
	m := &matrix{
		d: d, hubs: hubs, noSOAP: noSOAP, archive: newArchive(t, d, hubs), signals: &signals{t: t, d: d},
		secret: tenants.NewClientSecret(hub.Randomness()), transport: transport,
	}
	var ok bool
	if m.land, ok = d.landing.ready().(*landoffice.LandOffice); !ok || d.SAMLBank == nil {
		t.Fatal("the land office does not open, or the bank could not join")
	}
	m.archive.put(func(s *tenants.System) { s.Attributes, s.Forward.Headers, s.Least.IAL = nil, nil, hub.IAL21 })
	hashed, err := tenants.HashClientSecret(m.secret)
	if err != nil {
		t.Fatal(err)
	}
	_, err = hubs[0].tenants.PutSystem(t.Context(), tenants.System{
		ID: byNothing, Department: "revenue", Names: suiteName, Status: tenants.Live, Group: tenants.Transaction,
		Least: hub.Level{IAL: hub.IAL21, AAL: hub.AAL21}, Risk: "none: a test", ReviewBy: time.Date(2099, 1, 1, 0, 0, 0, 0, time.UTC),
		OIDC: &tenants.OIDC{
			RedirectURIs: []string{away + "/mute"}, Scopes: []string{"openid", "offline_access"}, GrantTypes: []string{"authorization_code", "refresh_token"},
			Secrets: []tenants.Secret{hashed},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	// Here ThaID's token is kept for the session, sealed, and revoked at its end.
	all, err := hubs[0].trust.Providers(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range all {
		if p.ID == "thaid" {
			own := *p.OIDC
			own.Quirks.RevokeAfterUse, own.Logout.Revoke = false, true
			p.OIDC = &own
			if _, err := hubs[0].trust.Put(t.Context(), p); err != nil {
				t.Fatal(err)
			}
		}
	}
	m.signals.register(hubs, byBack)
	for _, h := range hubs {
		if err := h.refresh(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	stream := m.signals.api(http.MethodPost, ssf.StreamsPath, byBack, `{"events_requested":["`+ssf.SessionRevoked+`"]}`, http.StatusCreated)
	m.poll = strings.TrimPrefix(stream["delivery"].(map[string]any)["endpoint_url"].(string), d.URL(hubHost))
	return m, log
}

// cell ends one session at the origin and looks at everybody.
func (m *matrix) cell(t *testing.T, o origin, provider string, everybody bool) {
	if o.alone { // who was not told, because nobody's browser came along, would be taken for this one
		m.land.Forget()
		m.d.SAMLBank.Forget()
	}
	x := m.signIn(t, provider, everybody)
	want := x.expected(o, provider, everybody)
	said := ""
	if o.call != nil {
		status := o.call(x)
		said = status.Code[strings.LastIndexByte(status.Code, ':')+1:]
		if status.Second != "" {
			said = status.Second[strings.LastIndexByte(status.Second, ':')+1:]
		}
	} else if page := o.end(x); page != nil {
		if o.there {
			page = x.onward(page)
		}
		said = page.Text()
	}
	if o.call != nil || o.answer != "" {
		status := "Success"
		for _, state := range want {
			if state != logout.Confirmed && state != logout.Initiator {
				status = "PartialLogout"
			}
		}
		if !strings.Contains(said, o.answer+status) {
			t.Errorf("who asked is not told %s:\n%s", status, said)
		}
	}
	x.dead()
	x.holds(want, o.reason)
	x.signedOut(want)
}

// expected tells how each participant must stand in the ledger.
func (x *round) expected(o origin, provider string, everybody bool) map[string]logout.State {
	want := map[string]logout.State{byBack: logout.Confirmed, byProxy: logout.Confirmed, bySAML: logout.Confirmed}
	// Who can be told by the browser only waits for it in vain where it does not come.
	visited := func(with logout.State) logout.State {
		switch {
		case o.there:
			return with
		case o.office:
			return logout.Unreachable
		}
		return logout.Visiting
	}
	if x.noSOAP {
		want[bySAML] = visited(logout.Confirmed)
	}
	if everybody {
		want[byFrame], want[byNothing] = visited(logout.Visiting), logout.Unreachable
	}
	switch want[provider] = logout.Confirmed; {
	case provider == "bank":
		want[provider] = visited(logout.Visited)
	case provider == "samlbank" && x.noSOAP:
		want[provider] = visited(logout.Confirmed)
	}
	if o.self != "" {
		want[o.self] = logout.Initiator
	}
	return want
}

// holds waits for the ledger to say so. A frame that has set out has had its time after a few seconds.
func (x *round) holds(want map[string]logout.State, reason session.EndReason) {
	x.t.Helper()
	c, err := x.hubs[0].logouts.Of(x.t.Context(), x.session.ID)
	if err != nil {
		x.t.Fatal(err)
	}
	var got map[string]logout.State
	same := func() bool {
		all, err := x.hubs[0].logout.Ledger(x.t.Context(), c.ID)
		if err != nil || len(all) != 1 {
			x.t.Fatal(all, err)
		}
		got = map[string]logout.State{}
		for _, n := range all[0].Notices {
			got[string(n.System)+string(n.Provider)] = n.State
		}
		if got[byFrame] == logout.Visited {
			got[byFrame] = logout.Visiting
		}
		return maps.Equal(got, want)
	}
	for end := time.Now().Add(10 * time.Second); !same(); {
		if time.Now().After(end) {
			x.t.Fatalf("the ledger has %v, want %v", got, want)
		}
		if _, err := x.hubs[0].logout.Wait(x.t.Context(), 0); err != nil {
			x.t.Fatal(err)
		}
	}
	if c.Cause.Reason != reason {
		x.t.Errorf("because of %q, want %q", c.Cause.Reason, reason)
	}
}

// signedOut holds that the session is gone: at whoever has confirmed it, at whoever asked, and at the hub.
func (x *round) signedOut(want map[string]logout.State) {
	x.t.Helper()
	gone := func(system string) bool {
		return want[system] == logout.Confirmed || want[system] == logout.Initiator || want[system] == logout.Visited
	}
	if p := x.open(x.d.URL(revenueHost)); strings.Contains(p.Body, `action="/signout"`) {
		x.t.Error(p.Errorf("signed in at the revenue department"))
	}
	if p := x.open(x.d.URL(landHost)); gone(bySAML) == strings.Contains(p.Body, "NameID") {
		x.t.Error(p.Errorf("the land office, which is %s", want[bySAML]))
	}
	if p := x.open(x.archive.url + "/"); p.FormWith("provider") == nil {
		x.t.Error(p.Errorf("the proxy lets somebody through"))
	}
	if state, there := want["bank"]; there {
		if p := x.open(x.d.URL(bankHost)); gone("bank") == strings.Contains(p.Body, `action="/signout"`) {
			x.t.Error(p.Errorf("the bank, which is %s", state))
		}
	}
	if p := x.open(x.d.URL(hubHost) + "/sessions"); strings.Contains(p.Text(), "This browser") {
		x.t.Error(p.Errorf("signed in at the hub"))
	}
}

// refused lets a party say no: who asked is told that not everybody is signed out, in each direction.
func (m *matrix) refused(t *testing.T) {
	no := &samlmsg.Status{Code: samlmsg.StatusRequester, Second: samlmsg.StatusRequestDenied}
	for _, o := range origins() {
		other, at := m.d.SAMLBank.Logout(), "samlbank"
		if o.self == "samlbank" {
			other, at = m.land.Logout(), bySAML
		}
		if o.self != "samlbank" && o.self != bySAML {
			continue
		}
		t.Run(o.name, func(t *testing.T) {
			x := m.signIn(t, "samlbank", false)
			other.Answer(no)
			defer other.Answer(nil)
			said := ""
			if o.call != nil {
				said = o.call(x).Second
			} else {
				said = x.onward(o.end(x)).Text()
			}
			if !strings.Contains(said, "PartialLogout") {
				t.Errorf("who asked is not told that somebody refused:\n%s", said)
			}
			want := x.expected(o, "samlbank", false)
			want[at] = logout.Failed
			x.holds(want, o.reason)
		})
	}
}

// heard holds that the stream has an event for each session, once, under the names that the system knows.
func (m *matrix) heard(t *testing.T) {
	t.Helper()
	var ended []string
	err := m.hubs[0].db.Read(t.Context()).Raw("SELECT c.session FROM logout_campaigns c ORDER BY c.session").Scan(&ended).Error
	if err != nil || len(ended) < 20 {
		t.Fatalf("%d sessions, %v", len(ended), err)
	}
	var want, got []string
	for _, id := range ended {
		_, sid := oidcop.Names(m.hubs[0].keys, revenueHost+".localhost", byBack, "", hub.SessionID(id))
		want = append(want, sid)
	}
	m.signals.t = t
	sets := m.signals.api(http.MethodPost, m.poll, byBack, `{"returnImmediately":true,"maxEvents":1000}`, http.StatusOK)["sets"].(map[string]any)
	for _, set := range sets {
		about := m.signals.verified(set.(string))["sub_id"].(map[string]any)
		got = append(got, about["session"].(map[string]any)["id"].(string))
	}
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("%d events for %d sessions", len(got), len(want))
	}
}
