package samlmsg

import (
	"strings"
	"testing"
	"time"
)

func sampleLogout() LogoutRequest {
	return LogoutRequest{
		ID: "_logout-1", IssueInstant: noon, Issuer: spID, Destination: sloURL, NotOnOrAfter: noon.Add(5 * time.Minute), Reason: LogoutByUser,
		NameID:         NameID{Value: subject, Format: FormatPersistent, NameQualifier: idpID, SPNameQualifier: spID, SPProvidedID: "x"},
		SessionIndexes: []string{"session-1", "session-2"},
	}
}

func logoutExpectation() LogoutExpectation {
	return LogoutExpectation{Now: noon.Add(time.Second), Skew: 30 * time.Second, Issuer: spID, Destination: sloURL, InResponseTo: "_logout-1"}
}

func TestSSO05_LogoutRequestTravelsByEveryBinding(t *testing.T) {
	t.Parallel()
	s, v, d := theSP().signer(t), theSP().verifier(t), theIDP().decrypter(t)
	want := sampleLogout()
	check := func(name string, m *Message, err error) {
		t.Helper()
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		q, err := m.LogoutRequest(v, d)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if q.NameID != want.NameID || strings.Join(q.SessionIndexes, " ") != "session-1 session-2" || q.Reason != LogoutByUser ||
			!q.NotOnOrAfter.Equal(want.NotOnOrAfter) || !q.Signed {
			t.Errorf("%s: %+v", name, q)
		}
		if err := CheckLogoutRequest(q, logoutExpectation()); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, to := range []*Recipient{nil, theIDP().recipient(t)} {
		inside, err := want.XML(s, to)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(inside), subject) == (to != nil) {
			t.Error("encrypted or not, but not as asked")
		}
		m, err := FromPOST(postForm("SAMLRequest", string(inside)), Limits{})
		check("POST", m, err)
		m, err = FromSOAP(SOAP(inside), Limits{})
		check("SOAP", m, err)
		bare, err := want.XML(nil, to)
		if err != nil {
			t.Fatal(err)
		}
		u, err := RedirectURL(sloURL, KindLogoutRequest, bare, "", s)
		if err != nil {
			t.Fatal(err)
		}
		m, err = FromRedirect(strings.TrimPrefix(u, sloURL+"?"), Limits{})
		check("redirect", m, err)
		if to != nil {
			_, err = m.LogoutRequest(v, nil)
			wantCause(t, err, EncryptionUnexpected)
		}
		// Always signed.
		m, err = FromPOST(postForm("SAMLRequest", string(bare)), Limits{})
		if err != nil {
			t.Fatal(err)
		}
		_, err = m.LogoutRequest(v, d)
		wantCause(t, err, SignatureMissing)
	}
}

func TestSSO05_LogoutResponseTellsHowItEnded(t *testing.T) {
	t.Parallel()
	p := LogoutResponse{
		ID: "_r", InResponseTo: "_logout-1", IssueInstant: noon, Issuer: spID, Destination: sloURL, Status: Status{Code: StatusSuccess, Second: StatusPartialLogout},
	}
	raw, err := p.XML(theSP().signer(t))
	if err != nil {
		t.Fatal(err)
	}
	m, err := FromPOST(postForm("SAMLResponse", string(raw)), Limits{})
	if err != nil {
		t.Fatal(err)
	}
	got, err := m.LogoutResponse(theSP().verifier(t))
	if err != nil {
		t.Fatal(err)
	}
	if err := CheckLogoutResponse(got, logoutExpectation()); err != nil || !got.Status.OK() || got.Status.Second != StatusPartialLogout {
		t.Errorf("%v %+v", err, got)
	}
	for _, c := range []struct {
		name   string
		change func(*LogoutResponse, *LogoutExpectation)
		want   Cause
	}{
		{"another request", func(p *LogoutResponse, _ *LogoutExpectation) { p.InResponseTo = "_other" }, InResponseToMismatch},
		{"no request", func(p *LogoutResponse, _ *LogoutExpectation) { p.InResponseTo = "" }, Unsolicited},
		{"none was sent", func(p *LogoutResponse, x *LogoutExpectation) { p.InResponseTo, x.InResponseTo = "", "" }, Unsolicited},
		{"issuer", func(p *LogoutResponse, _ *LogoutExpectation) { p.Issuer = "x" }, IssuerMismatch},
		{"destination", func(p *LogoutResponse, _ *LogoutExpectation) { p.Destination = "x" }, DestinationMismatch},
		{"no destination", func(p *LogoutResponse, _ *LogoutExpectation) { p.Destination = "" }, DestinationMissing},
		{"old", func(p *LogoutResponse, _ *LogoutExpectation) { p.IssueInstant = noon.Add(-time.Hour) }, IssuedTooLongAgo},
		{"unsigned", func(p *LogoutResponse, _ *LogoutExpectation) { p.Signed = false }, SignatureMissing},
	} {
		p, x := got, logoutExpectation()
		c.change(&p, &x)
		if err := CheckLogoutResponse(p, x); Reason(err) != string(c.want) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

func TestSSO05_LogoutRequestIsJudged(t *testing.T) {
	t.Parallel()
	good := sampleLogout()
	good.Signed = true
	for _, c := range []struct {
		name   string
		change func(*LogoutRequest, *LogoutExpectation)
		want   Cause
	}{
		{"good", func(*LogoutRequest, *LogoutExpectation) {}, ""},
		{"SOAP without destination", func(q *LogoutRequest, x *LogoutExpectation) { q.Destination, x.Destination = "", "" }, ""},
		{"the last moment", func(_ *LogoutRequest, x *LogoutExpectation) { x.Now = noon.Add(5*time.Minute + 29*time.Second) }, ""},
		{"one too late", func(_ *LogoutRequest, x *LogoutExpectation) { x.Now = noon.Add(5*time.Minute + 30*time.Second) }, Expired},
		{"issued too long ago", func(q *LogoutRequest, _ *LogoutExpectation) { q.IssueInstant = noon.Add(-time.Hour) }, IssuedTooLongAgo},
		{"future", func(q *LogoutRequest, _ *LogoutExpectation) { q.IssueInstant = noon.Add(time.Hour) }, IssuedInFuture},
		{"issuer", func(q *LogoutRequest, _ *LogoutExpectation) { q.Issuer = idpID }, IssuerMismatch},
		{"destination", func(q *LogoutRequest, _ *LogoutExpectation) { q.Destination = ssoURL }, DestinationMismatch},
		{"no destination", func(q *LogoutRequest, _ *LogoutExpectation) { q.Destination = "" }, DestinationMissing},
		{"unsigned", func(q *LogoutRequest, _ *LogoutExpectation) { q.Signed = false }, SignatureMissing},
		{"nobody", func(q *LogoutRequest, _ *LogoutExpectation) { q.NameID = NameID{} }, SubjectMissing},
	} {
		q, x := good, logoutExpectation()
		c.change(&q, &x)
		if err := CheckLogoutRequest(q, x); Reason(err) != string(c.want) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

func TestIncompleteLogoutMessagesAreNotWritten(t *testing.T) {
	t.Parallel()
	for _, change := range []func(*LogoutRequest){
		func(q *LogoutRequest) { q.ID = "" },
		func(q *LogoutRequest) { q.Issuer = "" },
		func(q *LogoutRequest) { q.IssueInstant = time.Time{} },
		func(q *LogoutRequest) { q.NameID = NameID{} },
	} {
		q := sampleLogout()
		change(&q)
		if _, err := q.XML(nil, nil); Reason(err) != string(MessageIncomplete) {
			t.Error(err)
		}
	}
	if _, err := (LogoutResponse{}).XML(nil); Reason(err) != string(MessageIncomplete) {
		t.Error(err)
	}
	if _, err := (AuthnRequest{}).XML(nil); Reason(err) != string(MessageIncomplete) {
		t.Error(err)
	}
}
