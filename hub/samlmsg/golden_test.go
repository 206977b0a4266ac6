package samlmsg

import (
	"crypto/rand"
	"testing"
)

// What goes over the wire, byte by byte, but for what keys add.
func TestGoldenBytesOfWhatIsWritten(t *testing.T) {
	t.Parallel()
	must := func(raw []byte, err error) string {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return string(raw) + "\n"
	}
	golden(t, "authnrequest.xml", must(sampleRequest().XML(nil)))
	golden(t, "logoutrequest.xml", must(sampleLogout().XML(nil, nil)))
	golden(t, "logoutresponse.xml", must(LogoutResponse{
		ID: "_r", InResponseTo: "_logout-1", IssueInstant: noon, Issuer: spID, Destination: sloURL,
		Status: Status{Code: StatusSuccess, Second: StatusPartialLogout},
	}.XML(nil)))
	golden(t, "soap.xml", string(SOAP([]byte("<samlp:LogoutRequest/>")))+"\n")
	golden(t, "fault.xml", string(SOAPFault("Client"))+"\n")
	failure := sampleResponse()
	failure.Assertion, failure.Status = nil, Status{Code: StatusResponder, Second: StatusNoPassive, Message: "no session"}
	golden(t, "failure.xml", must(failure.XML(IssueOptions{})))
	a := sampleAssertion()
	n := 0
	a.Conditions.OneTimeUse, a.Conditions.ProxyCount, a.Authn[0].Authorities = true, &n, []string{"https://upstream.example"}
	e, err := a.element()
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "assertion.xml", must(written("test", e)))
	golden(t, "metadata.xml", metadataXML(t, func(d *EntityDescriptor) {
		d.IDP.Keys, d.SP.Keys = nil, nil
	}, nil)+"\n")
}

func TestIDsAreIdentifiersOfXML(t *testing.T) {
	t.Parallel()
	seen := make(map[string]bool)
	for range 1000 {
		id := NewID(rand.Reader)
		if !plainPart(id) || seen[id] {
			t.Fatal(id)
		}
		seen[id] = true
	}
}

// What was written reads back the same, in full.
func TestEveryPartOfAnAssertionRoundTrips(t *testing.T) {
	t.Parallel()
	want := sampleAssertion()
	n := 3
	want.Conditions.OneTimeUse, want.Conditions.ProxyCount, want.Authn[0].Authorities = true, &n, []string{"https://upstream.example"}
	want.Subject.Confirmations[0].Address = "192.0.2.1"
	want.Attributes = append(want.Attributes, Attribute{Name: "empty", Values: []string{""}})
	got, err := accept(t, issue(t, signed(t, true, true), func(r *Response) { r.Assertion = want }))
	if err != nil {
		t.Fatal(err)
	}
	want.Signed = true
	if !sameAssertion(got.Assertion, *want) {
		t.Error("something was lost")
	}
}
