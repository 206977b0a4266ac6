package samlmsg

import (
	"testing"
	"time"
)

func TestResponseIsJudgedAtTheEdges(t *testing.T) {
	t.Parallel()
	good := func() Response { r := sampleResponse(); r.Assertion.Signed = true; return r }
	hour := time.Hour
	for _, c := range []struct {
		name   string
		change func(*Response, *ResponseExpectation)
		want   Cause
	}{
		{"good", func(*Response, *ResponseExpectation) {}, ""},
		{"response without issuer, not signed", func(r *Response, _ *ResponseExpectation) { r.Issuer = "" }, ""},
		{"response without issuer, signed", func(r *Response, _ *ResponseExpectation) { r.Issuer, r.Signed = "", true }, IssuerMismatch},
		{"nothing signed", func(r *Response, _ *ResponseExpectation) { r.Assertion.Signed = false }, SignatureMissing},
		{"no assertion", func(r *Response, _ *ResponseExpectation) { r.Assertion = nil }, AssertionCount},
		{"no conditions", func(r *Response, _ *ResponseExpectation) { r.Assertion.Conditions = nil }, ConditionsMissing},
		{"condition nobody knows", func(r *Response, _ *ResponseExpectation) { r.Assertion.Conditions.Unknown = true }, ConditionUnknown},
		{"no subject", func(r *Response, _ *ResponseExpectation) { r.Assertion.Subject.NameID = nil }, SubjectMissing},
		{"no confirmation", func(r *Response, _ *ResponseExpectation) { r.Assertion.Subject.Confirmations = nil }, ConfirmationMissing},
		{"no statement", func(r *Response, _ *ResponseExpectation) { r.Assertion.Authn = nil }, AuthnMissing},
		{"audience among others", func(r *Response, _ *ResponseExpectation) { r.Assertion.Conditions.Audiences = [][]string{{"x", spID}} }, ""},
		{"one time use", func(r *Response, _ *ResponseExpectation) { r.Assertion.Conditions.OneTimeUse = true }, ""},
		{"second confirmation holds", func(r *Response, _ *ResponseExpectation) {
			bad := r.Assertion.Subject.Confirmations[0]
			bad.Recipient = "x"
			r.Assertion.Subject.Confirmations = append([]Confirmation{bad}, r.Assertion.Subject.Confirmations...)
		}, ""},
		{"conditions, last moment", func(_ *Response, x *ResponseExpectation) { x.Now = noon.Add(5*time.Minute + 30*time.Second - 1) }, ""},
		{"conditions, one later", func(_ *Response, x *ResponseExpectation) { x.Now = noon.Add(5*time.Minute + 30*time.Second) }, Expired},
		{"conditions, first moment", func(r *Response, x *ResponseExpectation) {
			x.Now = noon
			r.Assertion.Conditions.NotBefore = noon.Add(30 * time.Second)
		}, ""},
		{"conditions, one earlier", func(r *Response, x *ResponseExpectation) {
			x.Now = noon
			r.Assertion.Conditions.NotBefore = noon.Add(30*time.Second + 1)
		}, NotYetValid},
		{"confirmation, last moment", func(r *Response, x *ResponseExpectation) {
			x.Now = noon.Add(90*time.Second - 1)
			r.Assertion.Subject.Confirmations[0].NotOnOrAfter = noon.Add(time.Minute)
		}, ""},
		{"confirmation, one later", func(r *Response, x *ResponseExpectation) {
			x.Now = noon.Add(90 * time.Second)
			r.Assertion.Subject.Confirmations[0].NotOnOrAfter = noon.Add(time.Minute)
		}, ConfirmationExpired},
		{"issued, oldest", func(_ *Response, x *ResponseExpectation) {
			x.MaxAge, x.Now = time.Minute, noon.Add(90*time.Second)
		}, ""},
		{"issued, one older", func(_ *Response, x *ResponseExpectation) {
			x.MaxAge, x.Now = time.Minute, noon.Add(90*time.Second+1)
		}, IssuedTooLongAgo},
		{"issued, newest", func(_ *Response, x *ResponseExpectation) { x.Now = noon.Add(-30 * time.Second) }, ""},
		{"issued, one newer", func(_ *Response, x *ResponseExpectation) { x.Now = noon.Add(-30*time.Second - 1) }, IssuedInFuture},
		{"session, last moment", func(r *Response, _ *ResponseExpectation) {
			r.Assertion.Authn[0].SessionNotOnOrAfter = noon.Add(-20*time.Second + 1)
		}, ""},
		{"session, one later", func(r *Response, _ *ResponseExpectation) {
			r.Assertion.Authn[0].SessionNotOnOrAfter = noon.Add(-20 * time.Second)
		}, SessionExpired},
		{"session without end", func(r *Response, _ *ResponseExpectation) { r.Assertion.Authn[0].SessionNotOnOrAfter = time.Time{} }, ""},
		{"authenticated within", func(r *Response, x *ResponseExpectation) {
			x.MaxAuthnAge, x.Now = &hour, noon
			r.Assertion.Authn[0].AuthnInstant = noon.Add(-hour - 30*time.Second)
		}, ""},
		{"authenticated before", func(r *Response, x *ResponseExpectation) {
			x.MaxAuthnAge, x.Now = &hour, noon
			r.Assertion.Authn[0].AuthnInstant = noon.Add(-hour - 30*time.Second - 1)
		}, AuthnTooOld},
		{"unsolicited where allowed", func(r *Response, x *ResponseExpectation) {
			x.InResponseTo, x.Unsolicited = "", true
			r.InResponseTo, r.Assertion.Subject.Confirmations[0].InResponseTo = "", ""
		}, ""},
		{"unsolicited where not allowed", func(r *Response, x *ResponseExpectation) {
			x.InResponseTo = ""
			r.InResponseTo, r.Assertion.Subject.Confirmations[0].InResponseTo = "", ""
		}, Unsolicited},
		{"unsolicited that answers somebody", func(_ *Response, x *ResponseExpectation) { x.InResponseTo, x.Unsolicited = "", true }, InResponseToMismatch},
		{"allowing unsolicited does not loosen what was asked", func(r *Response, x *ResponseExpectation) {
			x.Unsolicited = true
			r.InResponseTo = ""
		}, Unsolicited},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r, x := good(), expectation()
			c.change(&r, &x)
			got, err := CheckResponse(r, x)
			if c.want != "" {
				wantCause(t, err, c.want)
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if want := noon.Add(orDefault(x.MaxAge, DefaultMaxAge) + x.Skew); !got.RememberUntil.Equal(want) {
				t.Errorf("remember until %v, want %v", got.RememberUntil, want)
			}
			// What is remembered until then is refused after.
			x.Now = got.RememberUntil.Add(1)
			if _, err := CheckResponse(r, x); err == nil {
				t.Error("accepted after it was forgotten")
			}
		})
	}
}

func consumers() SPSSODescriptor {
	return SPSSODescriptor{
		AssertionConsumers: []IndexedEndpoint{
			{Binding: BindingRedirect, Location: "https://sp.example/redirect", Index: 0},
			{Binding: BindingPOST, Location: "https://sp.example/acs", Index: 1},
			{Binding: BindingPOST, Location: "https://sp.example/default", Index: 2, IsDefault: true},
		},
		AttributeConsuming: []AttributeConsumingService{{Index: 0}, {Index: 5, IsDefault: true}},
	}
}

func TestAuthnRequestIsJudgedAndAnsweredOnlyToMetadata(t *testing.T) {
	t.Parallel()
	n := func(i int) *int { return &i }
	for _, c := range []struct {
		name   string
		change func(*AuthnRequest, *RequestExpectation)
		acs    string
		want   Cause
	}{
		{"default", func(*AuthnRequest, *RequestExpectation) {}, "https://sp.example/default", ""},
		{"first where none is default", func(_ *AuthnRequest, x *RequestExpectation) { x.SP.AssertionConsumers[2].IsDefault = false }, "https://sp.example/acs", ""},
		{"by address", func(q *AuthnRequest, _ *RequestExpectation) { q.ACSURL = "https://sp.example/acs" }, "https://sp.example/acs", ""},
		{"by address and binding", func(q *AuthnRequest, _ *RequestExpectation) {
			q.ACSURL, q.ProtocolBinding = "https://sp.example/acs", BindingPOST
		}, "https://sp.example/acs", ""},
		{"by index", func(q *AuthnRequest, _ *RequestExpectation) { q.ACSIndex = n(1) }, "https://sp.example/acs", ""},
		{"injected address", func(q *AuthnRequest, _ *RequestExpectation) { q.ACSURL = "https://evil.example/acs" }, "", ACSUnknown},
		{"address with something behind", func(q *AuthnRequest, _ *RequestExpectation) { q.ACSURL = "https://sp.example/acs/" }, "", ACSUnknown},
		{"address in another case", func(q *AuthnRequest, _ *RequestExpectation) { q.ACSURL = "https://SP.example/acs" }, "", ACSUnknown},
		{"address of another binding", func(q *AuthnRequest, _ *RequestExpectation) { q.ACSURL = "https://sp.example/redirect" }, "", ACSUnknown},
		{"unknown index", func(q *AuthnRequest, _ *RequestExpectation) { q.ACSIndex = n(9) }, "", ACSUnknown},
		{"index of another binding", func(q *AuthnRequest, _ *RequestExpectation) { q.ACSIndex = n(0) }, "", BindingUnsupported},
		{"index and address", func(q *AuthnRequest, _ *RequestExpectation) {
			q.ACSIndex, q.ACSURL = n(1), "https://sp.example/acs"
		}, "", ACSAmbiguous},
		{"index and binding", func(q *AuthnRequest, _ *RequestExpectation) { q.ACSIndex, q.ProtocolBinding = n(1), BindingPOST }, "", ACSAmbiguous},
		{"artifact", func(q *AuthnRequest, _ *RequestExpectation) {
			q.ProtocolBinding = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Artifact"
		}, "", BindingUnsupported},
		{"no endpoint at all", func(_ *AuthnRequest, x *RequestExpectation) { x.SP.AssertionConsumers = nil }, "", ACSUnknown},
		{"attributes by index", func(q *AuthnRequest, _ *RequestExpectation) { q.AttributeIndex = n(0) }, "https://sp.example/default", ""},
		{"attributes by unknown index", func(q *AuthnRequest, _ *RequestExpectation) { q.AttributeIndex = n(3) }, "", AttributeIndexUnknown},
		{"destination", func(q *AuthnRequest, _ *RequestExpectation) { q.Destination = acsURL }, "", DestinationMismatch},
		{"no destination, unsigned", func(q *AuthnRequest, _ *RequestExpectation) { q.Destination = "" }, "https://sp.example/default", ""},
		{"no destination, signed", func(q *AuthnRequest, _ *RequestExpectation) { q.Destination, q.Signed = "", true }, "", DestinationMissing},
		{"issuer", func(q *AuthnRequest, _ *RequestExpectation) { q.Issuer = idpID }, "", IssuerMismatch},
		{"too old", func(_ *AuthnRequest, x *RequestExpectation) { x.Now = noon.Add(5*time.Minute + 30*time.Second + 1) }, "", IssuedTooLongAgo},
		{"of the future", func(_ *AuthnRequest, x *RequestExpectation) { x.Now = noon.Add(-time.Minute) }, "", IssuedInFuture},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			q := sampleRequest()
			q.ACSURL, q.ProtocolBinding = "", ""
			x := RequestExpectation{Now: noon, Skew: 30 * time.Second, Destination: ssoURL, Issuer: spID, SP: consumers()}
			c.change(&q, &x)
			got, err := CheckAuthnRequest(q, x)
			if c.want != "" {
				wantCause(t, err, c.want)
				return
			}
			if err != nil || got.Endpoint.Location != c.acs || got.Endpoint.Binding != BindingPOST {
				t.Errorf("%v %+v", err, got)
			}
			if want := 5; q.AttributeIndex == nil && got.Attributes.Index != want {
				t.Errorf("attributes %d", got.Attributes.Index)
			}
		})
	}
}
