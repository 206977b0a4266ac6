package samlidp_test

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"onedoor/hub"
	"onedoor/hub/audit"
	"onedoor/hub/login"
	"onedoor/hub/samlidp"
	"onedoor/hub/samlmsg"
)

// SSO-01, PRV-10: both bindings, signed; the answer is signed twice and encrypted, goes to the metadata's place and says what the
// session is. The posted request comes without the browser's cookie and finds the session all the same.
func TestSSO01_BothBindingsFindTheSession(t *testing.T) {
	t.Parallel()
	const relay = `a&b=c"<'+/ %41`
	for _, binding := range []string{"redirect", "post"} {
		t.Run(binding, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			b, q := w.signIn("mali", usual), w.request()
			a := answer{}
			if binding == "post" {
				a = b.post(q, relay, signer("land"))
			} else {
				a = b.get(q, relay, signer("land"))
			}
			got := w.accept(a, q, landACS, true)
			if a.relay != relay {
				t.Errorf("RelayState came back as %q", a.relay)
			}
			if !got.Assertion.Encrypted || !got.Assertion.Signed || got.Authn.ClassRef != usual.ACR() {
				t.Errorf("%+v", got.Authn)
			}
			if !got.Authn.SessionNotOnOrAfter.Equal(noon.Add(12*time.Hour)) || !got.Authn.AuthnInstant.Equal(noon) {
				t.Errorf("SES-08: times %v, %v", got.Authn.AuthnInstant, got.Authn.SessionNotOnOrAfter)
			}
			if len(w.parts) != 1 || w.parts[0].Ref != got.Authn.SessionIndex || w.parts[0].System != "land" || w.parts[0].Protocol != "saml" {
				t.Errorf("participants %+v", w.parts)
			}
			e := w.lastEvent()
			if e.Kind != "assertion.issued" || e.Outcome != audit.Success || e.System != "land" || e.Level != usual || e.Detail["encrypted"] != "true" {
				t.Errorf("AUD-02: %+v", e)
			}
		})
	}
}

// The page that carries the answer runs no inline script, works without any, and tells nobody where it came from.
func TestTheFormIsCleanAndWorksWithoutScript(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a := w.signIn("mali", usual).get(w.request(), `"><script>alert(1)</script>`, signer("land"))
	csp := a.header.Get("Content-Security-Policy")
	for _, part := range []string{"default-src 'none'", "script-src 'self'", "form-action https: https://land.example", "frame-ancestors 'none'"} {
		if !strings.Contains(csp, part) {
			t.Errorf("policy %q lacks %q", csp, part)
		}
	}
	if strings.Contains(csp, "unsafe") || regexp.MustCompile(`<script[^>]*>[^<]|\son[a-z]+=|style=`).MatchString(a.body) {
		t.Errorf("inline code: %s\n%s", csp, a.body)
	}
	if !strings.Contains(a.body, `<button type="submit">`) || !strings.Contains(a.body, samlidp.ScriptPath) || strings.Contains(a.body, "<script>alert") {
		t.Error(a.body)
	}
	if a.header.Get("Cache-Control") != "no-store" || a.header.Get("Referrer-Policy") != "no-referrer" {
		t.Errorf("%v", a.header)
	}
	script := w.signIn("x", usual).do(http.MethodGet, w.server.URL+samlidp.ScriptPath, "", "")
	if !strings.HasPrefix(script.header.Get("Content-Type"), "text/javascript") || !strings.Contains(script.body, samlmsg.FormID) {
		t.Errorf("script: %v %s", script.header, script.body)
	}
}

// LOA-04: the four comparisons become the level that the login has to reach, and the answer states a class that was asked for and never
// more than what was reached.
func TestLOA04_RequestedAuthnContext(t *testing.T) {
	t.Parallel()
	acr := func(i hub.IAL, a hub.AAL) string { return hub.Level{IAL: i, AAL: a}.ACR() }
	for name, c := range map[string]struct {
		comparison samlmsg.Comparison
		refs       []string
		reached    hub.Level
		want       hub.Level
		class      string // "" for NoAuthnContext
	}{
		"exact":             {samlmsg.Exact, []string{acr(hub.IAL21, hub.AAL21)}, usual, hub.Level{IAL: hub.IAL21, AAL: hub.AAL21}, acr(hub.IAL21, hub.AAL21)},
		"exact, SAML class": {samlmsg.Exact, []string{samlmsg.ClassMobileTwoFactor}, usual, hub.Level{AAL: hub.AAL21}, samlmsg.ClassMobileTwoFactor},
		"minimum":           {samlmsg.Minimum, []string{acr(hub.IAL21, hub.AAL21)}, usual, hub.Level{IAL: hub.IAL21, AAL: hub.AAL21}, usual.ACR()},
		"maximum":           {samlmsg.Maximum, []string{acr(hub.IAL21, hub.AAL21)}, usual, hub.Level{IAL: hub.IAL11, AAL: hub.AAL1}, acr(hub.IAL21, hub.AAL21)},
		"better":            {samlmsg.Better, []string{acr(hub.IAL23, hub.AAL21)}, hub.Level{IAL: hub.IAL23, AAL: hub.AAL22}, hub.Level{IAL: hub.IAL23, AAL: hub.AAL22}, acr(hub.IAL23, hub.AAL22)},
		"not reached":       {samlmsg.Minimum, []string{acr(hub.IAL23, hub.AAL3)}, usual, hub.Level{IAL: hub.IAL23, AAL: hub.AAL3}, ""},
		"unknown":           {samlmsg.Exact, []string{"urn:nobody:knows"}, usual, hub.Level{}, ""},
		"nothing better":    {samlmsg.Better, []string{acr(hub.IAL3, hub.AAL3)}, usual, hub.Level{}, ""},
		"one of several":    {samlmsg.Exact, []string{"urn:nobody:knows", acr(hub.IAL21, hub.AAL1)}, usual, hub.Level{IAL: hub.IAL21, AAL: hub.AAL1}, acr(hub.IAL21, hub.AAL1)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			q := w.request(func(q *samlmsg.AuthnRequest) {
				q.Context = &samlmsg.RequestedAuthnContext{Comparison: c.comparison, ClassRefs: c.refs}
			})
			a := w.signIn("mali", c.reached).get(q, "", signer("land"))
			if w.reached() > 0 && w.begun[0].Want != c.want {
				t.Errorf("the login was to reach %v, want %v", w.begun[0].Want, c.want)
			}
			if c.class == "" {
				w.wantStatus(a, samlmsg.StatusNoAuthnContext)
				return
			}
			if got := w.accept(a, q, landACS, true); got.Authn.ClassRef != c.class {
				t.Errorf("stated %q, want %q", got.Authn.ClassRef, c.class)
			}
		})
	}
}

// wantStatus checks that an answer is a signed failure with this second code and no assertion.
func (w *world) wantStatus(a answer, second string) samlmsg.Response {
	w.t.Helper()
	r := w.read(a, false)
	if r.Status.OK() || r.Status.Second != second || r.Assertion != nil || !r.Signed || r.Issuer != w.idp.EntityID() || r.Destination != a.action {
		w.t.Errorf("status %+v for %q, want %q", r.Status, a.action, second)
	}
	return r
}

// Every way in which a login fails is told to the service provider; only what is not its business has no second code.
func TestEveryFailureHasItsStatus(t *testing.T) {
	t.Parallel()
	for kind, want := range map[hub.Kind]string{
		hub.Unauthenticated: samlmsg.StatusNoPassive, login.ConsentNeeded: samlmsg.StatusNoPassive, login.SelectionNeeded: samlmsg.StatusNoPassive,
		hub.LevelUnmet: samlmsg.StatusNoAuthnContext, hub.Denied: samlmsg.StatusRequestDenied, hub.Suspended: samlmsg.StatusRequestDenied,
		hub.Refused: samlmsg.StatusAuthnFailed, hub.Expired: samlmsg.StatusAuthnFailed, hub.Conflict: samlmsg.StatusAuthnFailed,
		hub.Unavailable: samlmsg.StatusNoAvailableIDP, hub.TooMany: samlmsg.StatusNoAvailableIDP, hub.Internal: "", hub.Invalid: "", "whatever": "",
	} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.finish = failing(kind)
			q := w.request(func(q *samlmsg.AuthnRequest) { q.IsPassive = true })
			a := w.signIn("mali", usual).get(q, "r", signer("land"))
			if r := w.wantStatus(a, want); r.InResponseTo != q.ID || r.Status.Code != samlmsg.StatusResponder || a.relay != "r" {
				t.Errorf("%+v", r)
			}
			if !w.begun[0].Passive || w.begun[0].Force {
				t.Errorf("the login was asked %+v", w.begun[0])
			}
			e := w.lastEvent()
			broken := kind == hub.Unavailable || kind == hub.TooMany || want == ""
			if e.Kind != "authentication.refused" || (e.Outcome == audit.Failure) != broken || strings.Contains(e.Reason, "whatever") {
				t.Errorf("%+v", e)
			}
		})
	}
}

// What a service provider can be told before anybody logs in.
func TestRequestsThatCantBeMetAreAnswered(t *testing.T) {
	t.Parallel()
	index := 7
	for name, c := range map[string]struct {
		change func(*samlmsg.AuthnRequest)
		second string
	}{
		"e-mail address as NameID": {func(q *samlmsg.AuthnRequest) {
			q.NameIDPolicy = &samlmsg.NameIDPolicy{Format: "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"}
		}, samlmsg.StatusInvalidNameIDPolicy},
		"an affiliation": {func(q *samlmsg.AuthnRequest) {
			q.NameIDPolicy = &samlmsg.NameIDPolicy{SPNameQualifier: "https://affiliation.example"}
		}, samlmsg.StatusInvalidNameIDPolicy},
		"answer by artifact": {func(q *samlmsg.AuthnRequest) {
			q.ProtocolBinding = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Artifact"
		}, samlmsg.StatusUnsupportedBinding},
		"attribute service that is not there": {func(q *samlmsg.AuthnRequest) { q.AttributeIndex = &index }, samlmsg.StatusRequestUnsupported},
		"another provider":                    {func(q *samlmsg.AuthnRequest) { q.Scoping = &samlmsg.Scoping{IDPs: []string{"https://idp.example"}} }, samlmsg.StatusNoSupportedIDP},
		"a name that is none of ours":         {func(q *samlmsg.AuthnRequest) { q.Subject = &samlmsg.NameID{Value: "x@example.org"} }, samlmsg.StatusUnknownPrincipal},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.wantStatus(w.signIn("mali", usual).get(w.request(c.change), "", signer("land")), c.second)
			if w.reached() != 0 {
				t.Error("the person was bothered with it")
			}
		})
	}
}

// Invariant 3: the persistent name is the same at every login of one person at one department, and another one at another department;
// the transient one and the SessionIndex are of one session at one department.
func TestInvariant3_NamesArePairwise(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ask := func(b *browser, entity, format string) samlmsg.Accepted {
		q := w.request(from(entity), func(q *samlmsg.AuthnRequest) {
			q.NameIDPolicy = &samlmsg.NameIDPolicy{Format: format, AllowCreate: true}
		})
		if entity == taxID {
			return w.accept(b.get(q, "", nil), q, taxACS, false)
		}
		return w.accept(b.get(q, "", signer("land")), q, landACS, true)
	}
	one, again, other := w.signIn("mali", usual), w.signIn("mali", usual), w.signIn("tharn", usual)
	first := ask(one, landID, samlmsg.FormatPersistent)
	id := first.Assertion.Subject.NameID
	if id.Format != samlmsg.FormatPersistent || id.NameQualifier != w.idp.EntityID() || id.SPNameQualifier != landID || len(id.Value) > 256 {
		t.Errorf("%q %q %q", id.Format, id.NameQualifier, id.SPNameQualifier)
	}
	values := func(all ...samlmsg.Accepted) (names, indexes []string) {
		for _, a := range all {
			names, indexes = append(names, a.Assertion.Subject.NameID.Value), append(indexes, a.Authn.SessionIndex)
		}
		return names, indexes
	}
	names, indexes := values(first, ask(again, landID, ""), ask(one, landID, samlmsg.FormatUnspecified))
	if names[0] != names[1] || names[0] != names[2] || indexes[0] == indexes[1] || indexes[0] != indexes[2] {
		t.Error("the same person has two names at one department, or two sessions one index")
	}
	differ, marks := values(first, ask(one, taxID, ""), ask(other, landID, ""), ask(one, landID, samlmsg.FormatTransient), ask(one, taxID, samlmsg.FormatTransient),
		ask(again, landID, samlmsg.FormatTransient))
	slices.Sort(differ)
	if len(slices.Compact(differ)) != 6 {
		t.Error("two names that must differ do not")
	}
	if marks[0] == marks[1] {
		t.Error("two departments can compare the SessionIndex")
	}
	for _, n := range append(names, differ...) {
		if strings.Contains(n, "mali") {
			t.Error("a name tells the account")
		}
	}
}

// A request that names the person is answered only for that person.
func TestTheSubjectMustBeTheOneAskedFor(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	q := w.request()
	mali := w.signIn("mali", usual)
	name := w.accept(mali.get(q, "", signer("land")), q, landACS, true).Assertion.Subject.NameID
	hers := w.request(func(q *samlmsg.AuthnRequest) { q.Subject = name })
	w.accept(mali.get(hers, "", signer("land")), hers, landACS, true)
	hers.ID = "_another"
	w.wantStatus(w.signIn("tharn", usual).get(hers, "", signer("land")), samlmsg.StatusUnknownPrincipal)
}

// PRV-06, PRV-09, CON-01: what was asked, what the register allows and what was agreed to; each with its source and time. Both levels
// are told whatever class is stated.
func TestPRV06_AttributesAreThoseAgreedTo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	attributes := func(a samlmsg.Accepted) map[string][]string {
		out := map[string][]string{}
		for _, x := range a.Assertion.Attributes {
			out[x.Name] = x.Values
		}
		return out
	}
	b := w.signIn("mali", usual)
	q := w.request()
	got := attributes(w.accept(b.get(q, "", signer("land")), q, landACS, true))
	if got["urn:onedoor:attribute:citizen_id"][0] != "3100500000011" || got["urn:onedoor:attribute:name"][0] != w.vault[hub.Name].Value ||
		got["urn:onedoor:ial"][0] != "2.3" || got["urn:onedoor:aal"][0] != "2.1" || len(got) != 5 {
		t.Errorf("%v", got)
	}
	if s := got["urn:onedoor:attribute-sources"]; len(s) != 2 || s[0] != "urn:onedoor:attribute:citizen_id thaid 2026-03-02T12:00:00Z" {
		t.Errorf("PRV-09: %v", s)
	}
	// The person agreed to one; somebody above slips another one in, which was not asked for.
	w.finish = func(login.Request) login.Result {
		return login.Result{Release: []hub.AttributeName{hub.Name, hub.Address}}
	}
	q = w.request()
	if got := attributes(w.accept(b.get(q, "", signer("land")), q, landACS, true)); got["urn:onedoor:attribute:name"] == nil || len(got) != 4 {
		t.Errorf("%v", got)
	}
	// A name of the department's own.
	q = w.request(from(taxID))
	if got := attributes(w.accept(b.get(q, "", nil), q, taxACS, false)); got["urn:oid:2.16.840.1.113730.3.1.241"] == nil {
		t.Errorf("%v", got)
	}
	// The metadata asks for less than the register allows, and for what it does not.
	w.finish = w.resume
	w.change(landID, func(sp *samlidp.ServiceProvider) {
		sp.Role.AttributeConsuming = []samlmsg.AttributeConsumingService{{Index: 1, Requested: []samlmsg.RequestedAttribute{
			{Name: "urn:onedoor:attribute:name", Required: true}, {Name: "urn:onedoor:attribute:address"}, {Name: "mail"},
		}}}
	})
	q = w.request()
	w.accept(b.get(q, "", signer("land")), q, landACS, true)
	if asked := w.begun[len(w.begun)-1].Attributes; !slices.Equal(asked, []hub.AttributeName{hub.Name}) {
		t.Errorf("the login was asked for %v", asked)
	}
}

// ForceAuthn wants a new authentication; an answer without one is refused, whoever says that it is good.
func TestForceAuthn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.signIn("mali", usual)
	force := func(q *samlmsg.AuthnRequest) { q.ForceAuthn = true }
	w.wantStatus(b.get(w.request(force), "", signer("land")), samlmsg.StatusAuthnFailed)
	w.finish = func(login.Request) login.Result { return login.Result{SignedIn: true} }
	q := w.request(force)
	w.accept(b.get(q, "", signer("land")), q, landACS, true)
	if !w.begun[0].Force {
		t.Error("the login was not told")
	}
}
