package samlsp_test

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"onedoor/federation"
	"onedoor/federation/samlsp"
	"onedoor/federation/simulator"
	"onedoor/federation/simulator/samlbank"
	"onedoor/hub"
	"onedoor/hub/samlmsg"
)

func TestLOA04_ALoginOverSAMLGivesTheIdentityAsTheRecordReadsIt(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*federation.Provider){
		"redirect": nil,
		"post":     func(p *federation.Provider) { p.SAML.RequestBinding = federation.SAMLPost },
		"strict":   func(p *federation.Provider) { p.SAML.SignedResponse, p.SAML.Encrypted = true, true },
		"minimum":  func(p *federation.Provider) { p.SAML.Comparison = federation.SAMLMinimum },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, change)
			got, err := r.login("mali")
			if err != nil {
				t.Fatal(err)
			}
			mali, _ := simulator.Find(simulator.People(), "mali")
			if got.Provider != providerID || got.Person.Value != mali.CitizenID || got.Person.Kind != "th.citizen" ||
				got.Level != (hub.Level{IAL: hub.IAL22, AAL: hub.AAL21}) || !got.AuthTime.Equal(noon) || !strings.HasPrefix(got.Subject, "s-") {
				t.Errorf("%#v: level %v, time %v", got, got.Level, got.AuthTime)
			}
			for attribute, want := range map[hub.AttributeName]string{
				hub.CitizenID: mali.CitizenID, hub.Name: mali.Name(), hub.GivenNameEN: mali.GivenNameEN, hub.Birthdate: mali.Birthdate, hub.Address: mali.Address,
			} {
				if got.Attributes[attribute].Value != want {
					t.Errorf("%s differs", attribute)
				}
			}
			if len(got.Session) != 43 || strings.Contains(got.Session, got.Subject) {
				t.Errorf("session %q", got.Session)
			}
			again, err := r.login("mali")
			if err != nil || again.Subject != got.Subject || again.Session == got.Session {
				t.Errorf("the second login: %v; the same name %v, another session %v", err, again.Subject == got.Subject, again.Session != got.Session)
			}
		})
	}
}

func TestEveryFaultHasAnOwnReason(t *testing.T) {
	t.Parallel()
	good := map[samlbank.Fault]bool{samlbank.Plain: true, samlbank.OnlyResponse: true, samlbank.OnlyAssertion: true, samlbank.EvidenceNumbers: true}
	type want struct {
		kind   hub.Kind
		reason string
	}
	refused := func(c samlmsg.Cause) want { return want{hub.Refused, string(c)} }
	wants := map[samlbank.Fault]want{
		samlbank.RequestDenied:  {hub.Denied, string(federation.PersonDenied)},
		samlbank.NoAuthnContext: {hub.LevelUnmet, string(federation.LevelRejected)},
		samlbank.ResponderError: {hub.Unavailable, string(federation.ProviderFailed)},

		samlbank.LowContext:     {}, // the level that is asked for is reached all the same
		samlbank.UnknownContext: {hub.LevelUnmet, string(federation.LevelBelow)},
		samlbank.OldAuthn:       {hub.Expired, string(samlmsg.AuthnTooOld)},
		samlbank.FutureAuthn:    refused(samlmsg.AuthnInFuture),
		samlbank.OldIssue:       {hub.Expired, string(samlmsg.IssuedTooLongAgo)},
		samlbank.FutureIssue:    refused(samlmsg.IssuedInFuture),
		samlbank.Expired:        {hub.Expired, string(samlmsg.Expired)},
		samlbank.NotYetValid:    refused(samlmsg.NotYetValid),
		samlbank.SessionOver:    {hub.Expired, string(samlmsg.SessionExpired)},
		samlbank.OtherRecipient: refused(samlmsg.DecryptionFailed),
		samlbank.Transient:      {hub.Refused, string(federation.NameIDFormat)},
		samlbank.ForeignName:    {hub.Refused, string(federation.NameIDForeign)},
		samlbank.WrongPerson:    {hub.Refused, string(federation.PersonNumber)},
		samlbank.TwoPersons:     {hub.Refused, string(federation.PersonNumber)},
		samlbank.NoRelayState:   {hub.Refused, string(federation.StateMismatch)},
		samlbank.WrongRelayState: {
			hub.Refused, string(federation.StateMismatch),
		},
		samlbank.WrongAudience:     refused(samlmsg.AudienceMismatch),
		samlbank.NoAudience:        refused(samlmsg.AudienceMissing),
		samlbank.WrongRecipient:    refused(samlmsg.RecipientMismatch),
		samlbank.WrongDestination:  refused(samlmsg.DestinationMismatch),
		samlbank.WrongInResponseTo: refused(samlmsg.InResponseToMismatch),
		samlbank.NoInResponseTo:    refused(samlmsg.Unsolicited),
		samlbank.WrongIssuer:       refused(samlmsg.IssuerMismatch),
		samlbank.UsedAssertion:     {hub.Refused, string(federation.AssertionUsed)},
		samlbank.Unsigned:          refused(samlmsg.SignatureMissing),
		samlbank.SHA1:              refused(samlmsg.SignatureAlgorithm),
		samlbank.SHA1Digest:        refused(samlmsg.SignatureDigest),
		samlbank.HMAC:              refused(samlmsg.SignatureAlgorithm),
		samlbank.RogueKey:          refused(samlmsg.SignatureMismatch),
		samlbank.RogueKeyInfo:      refused(samlmsg.SignatureMismatch),
		samlbank.TwoAssertions:     refused(samlmsg.AssertionCount),
		samlbank.SubjectChanged:    refused(samlmsg.DigestMismatch),
		samlbank.CommentInName:     refused(samlmsg.XMLComment),
		samlbank.Doctype:           refused(samlmsg.XMLDoctype),
		samlbank.EntityBomb:        refused(samlmsg.XMLDoctype),
		samlbank.DuplicateIDs:      refused(samlmsg.XMLDuplicateID),
		samlbank.XSW1:              refused(samlmsg.AssertionMisplaced),
		samlbank.XSW2:              refused(samlmsg.AssertionMisplaced),
		samlbank.XSW3:              refused(samlmsg.AssertionCount),
		samlbank.XSW4:              refused(samlmsg.AssertionMisplaced),
		samlbank.XSW5:              refused(samlmsg.AssertionCount),
		samlbank.XSW6:              refused(samlmsg.AssertionMisplaced),
		samlbank.XSW7:              refused(samlmsg.AssertionMisplaced),
		samlbank.XSW8:              refused(samlmsg.AssertionMisplaced),
		samlbank.NotXML:            refused(samlmsg.XMLMalformed),
		samlbank.OtherMessage:      refused(samlmsg.MessageUnexpected),
	}
	r := newRig(t, nil)
	if _, err := r.login("tharn"); err != nil {
		t.Fatalf("without a fault: %v", err)
	}
	for _, fault := range samlbank.Faults() { // one after the other: a fault must not spoil the login that follows
		t.Run(string(fault), func(t *testing.T) {
			w, known := wants[fault]
			if !known && !good[fault] {
				t.Fatal("nobody says what comes of it")
			}
			got, err := r.login("mali", fault)
			if w.kind == "" {
				if err != nil || got.Subject == "" {
					t.Fatalf("refused: %v", err)
				}
				for _, a := range got.Attributes {
					if strings.Contains(a.Value, "JT9-") || strings.Contains(a.Value, "BP1-") {
						t.Error("PRV-04: an evidence number came through")
					}
				}
				return
			}
			wantReason(t, err, w.kind, w.reason)
			if _, err := r.login("mali"); err != nil {
				t.Errorf("after the fault: %v", err)
			}
		})
	}
}

func TestWhatTheRecordDemandsIsDemanded(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(*federation.Provider)
		fault  samlbank.Fault
		kind   hub.Kind
		reason string
	}{
		"encrypted": {func(p *federation.Provider) { p.SAML.Encrypted = true }, samlbank.Plain, hub.Refused, string(samlmsg.EncryptionMissing)},
		"signed response": {
			func(p *federation.Provider) { p.SAML.SignedResponse = true }, samlbank.OnlyAssertion, hub.Refused, string(samlmsg.SignatureMissing),
		},
		"ceiling": {
			func(p *federation.Provider) { p.Ceiling.AAL = hub.AAL1 }, samlbank.UnknownContext, hub.LevelUnmet, string(federation.LevelBelow),
		},
		"subject attribute": {
			func(p *federation.Provider) {
				p.SAML.NameID, p.SAML.Subject = federation.SAMLTransient, samlbank.AttrNationalID
			}, samlbank.TwoPersons, hub.Refused, string(federation.SubjectDouble),
		},
		"another subject attribute": {
			func(p *federation.Provider) {
				p.SAML.NameID, p.SAML.Subject = federation.SAMLTransient, "urn:example:none"
			},
			samlbank.Plain, hub.Refused, string(federation.SubjectMissing),
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, c.change)
			_, err := r.login("mali", c.fault)
			wantReason(t, err, c.kind, c.reason)
		})
	}
	r := newRig(t, func(p *federation.Provider) {
		p.SAML.NameID, p.SAML.Subject = federation.SAMLTransient, samlbank.AttrNationalID
	})
	one, err := r.login("mali")
	if err != nil || one.Subject != "3100500000011" {
		t.Errorf("by an attribute: %v", err)
	}
	if !errors.Is(func() error { _, err := r.login("mali", samlbank.LowContext); return err }(), nil) {
		t.Error("a lower context that is enough")
	}
}

func TestEXC01_AnAnswerCountsForItsBrowserAndOnce(t *testing.T) {
	t.Parallel()
	r := newRig(t, nil)
	mine, his := r.begin(newAsk(), "mali"), r.begin(newAsk(), "tharn")
	// The attacker's answer, posted with the RelayState of my login: it names his request.
	stolen := &attempt{ask: mine.ask, private: mine.private, acs: his.acs, form: url.Values{"SAMLResponse": his.form["SAMLResponse"], "RelayState": mine.form["RelayState"]}}
	_, err := r.finish(mine, r.post(stolen))
	wantReason(t, err, hub.Refused, string(samlmsg.InResponseToMismatch))
	// The attacker's answer as it is, brought to my login.
	q := r.post(his)
	_, err = r.finish(mine, q)
	wantReason(t, err, hub.Refused, string(federation.StateMismatch))
	q.Set("state", mine.ask.State)
	_, err = r.finish(mine, q)
	wantReason(t, err, hub.Refused, string(federation.StateMismatch))
	_, err = r.finish(mine, q) // and the handle is gone
	wantReason(t, err, hub.Refused, string(federation.AnswerGone))
	// None of that has hurt mine.
	q = r.post(mine)
	if got, err := r.finish(mine, q); err != nil || got.Person.Value != "3100500000011" {
		t.Fatalf("my own: %v", err)
	}
	_, err = r.finish(mine, q)
	wantReason(t, err, hub.Refused, string(federation.AnswerGone))
	// Posted once more, by whoever caught it.
	_, err = r.finish(mine, r.post(mine))
	wantReason(t, err, hub.Refused, string(federation.AssertionUsed))
	// A handle that was never given out, none, and one of another provider's door.
	for code, reason := range map[string]federation.Cause{
		hub.NewSecret(strings.NewReader(strings.Repeat("x", 32))).Reveal(): federation.AnswerGone, "": federation.AnswerMalformed, "x": federation.AnswerMalformed,
	} {
		_, err = r.finish(mine, url.Values{"state": {mine.ask.State}, "code": {code}})
		wantReason(t, err, hub.Refused, string(reason))
	}
}

func TestAnAnswerWaitsAMomentOnly(t *testing.T) {
	t.Parallel()
	r := newRig(t, nil)
	a := r.begin(newAsk(), "mali")
	q := r.post(a)
	r.clock.advance(2 * time.Minute)
	_, err := r.finish(a, q)
	wantReason(t, err, hub.Expired, string(federation.AnswerGone))
	a = r.begin(newAsk(), "mali")
	r.clock.advance(16 * time.Minute)
	_, err = r.finish(a, url.Values{"state": {a.ask.State}, "code": {"x"}})
	wantReason(t, err, hub.Expired, string(federation.TooLate))
}

func TestSES10_FreshnessIsAskedForAndChecked(t *testing.T) {
	t.Parallel()
	r := newRig(t, nil)
	hour := time.Hour
	for name, c := range map[string]struct {
		change func(*attempt)
	}{"max age": {func(a *attempt) { a.ask.MaxAge = &hour }}, "fresh": {func(a *attempt) { a.ask.Fresh = true }}} {
		a := &attempt{ask: newAsk()}
		c.change(a)
		b := r.begin(a.ask, "mali", samlbank.OldAuthn)
		_, err := r.finish(b, r.post(b))
		wantReason(t, err, hub.Expired, string(samlmsg.AuthnTooOld))
		b = r.begin(a.ask, "mali")
		if _, err := r.finish(b, r.post(b)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestUnsolicitedAnswersOpenNothing(t *testing.T) {
	t.Parallel()
	const landing = "https://revenue.example/start"
	send := func(r *rig, change func(url.Values), faults ...samlbank.Fault) (int, string) {
		t.Helper()
		r.bank.SetFault(true, faults...)
		xml, err := r.bank.Unasked(r.serviceProvider(), "mali")
		r.bank.SetFault(false, faults...)
		if err != nil {
			t.Fatal(err)
		}
		form := url.Values{"SAMLResponse": {encode(xml)}}
		if change != nil {
			change(form)
		}
		resp, _ := r.do(http.MethodPost, r.connector.ACSURL(providerID), form)
		return resp.StatusCode, resp.Header.Get("Location")
	}
	r := newRig(t, nil)
	if status, _ := send(r, nil); status != http.StatusBadRequest {
		t.Errorf("an unsolicited answer was taken: %d", status)
	}
	wantReason(t, r.said.err, hub.Refused, string(samlmsg.Unsolicited))
	if e := r.memory.last(); e.Kind != "login.refused" || e.Reason != string(samlmsg.Unsolicited) || e.Provider != providerID {
		t.Errorf("recorded as %+v", e)
	}

	r = newRig(t, func(p *federation.Provider) { p.SAML.Unsolicited, p.SAML.Landing = true, landing })
	if status, to := send(r, nil); status != http.StatusSeeOther || to != landing {
		t.Errorf("%d to %q", status, to)
	}
	if status, to := send(r, func(f url.Values) { f.Set("RelayState", "https://evil.example/") }); status != http.StatusSeeOther || to != landing {
		t.Errorf("a RelayState leads somewhere: %d to %q", status, to)
	}
	for fault, want := range map[samlbank.Fault]string{
		samlbank.UsedAssertion: string(federation.AssertionUsed), samlbank.WrongAudience: string(samlmsg.AudienceMismatch),
		samlbank.XSW3: string(samlmsg.AssertionCount), samlbank.Expired: string(samlmsg.Expired), samlbank.OldAuthn: string(samlmsg.AuthnTooOld),
		samlbank.WrongInResponseTo: string(federation.StateMismatch), samlbank.Transient: string(federation.NameIDFormat),
	} {
		status, _ := send(r, nil, fault)
		if reason := federation.Reason(r.said.err); status != http.StatusBadRequest || reason != want {
			t.Errorf("%s: %d %s, want %s", fault, status, reason, want)
		}
	}
	// With a login's state it is an answer to that login, and there the request is missed.
	a := r.begin(newAsk(), "mali", samlbank.NoInResponseTo)
	_, err := r.finish(a, r.post(a))
	wantReason(t, err, hub.Refused, string(samlmsg.Unsolicited))
}

func TestNewRefusesMissingOptions(t *testing.T) {
	t.Parallel()
	if _, err := samlsp.New(samlsp.Options{Issuer: "https://hub.example"}); !errors.Is(err, hub.Internal) {
		t.Error(err)
	}
	if _, err := samlsp.New(samlsp.Options{Issuer: "https://hub.example/"}); !errors.Is(err, hub.Internal) {
		t.Error(err)
	}
	if _, err := samlsp.NewEndpoints(samlsp.EndpointOptions{}); !errors.Is(err, hub.Internal) {
		t.Error(err)
	}
}
