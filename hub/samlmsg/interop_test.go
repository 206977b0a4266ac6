package samlmsg

import (
	"crypto/rsa"
	"encoding/base64"
	"encoding/xml"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/beevik/etree"
	"github.com/crewjam/saml"
	dsig "github.com/russellhaering/goxmldsig"
)

// The peer: crewjam/saml in both roles, where it is right. It reads its clock from a package variable, so these tests use the
// present time.

func mustURL(tb testing.TB, s string) url.URL {
	tb.Helper()
	u, err := url.Parse(s)
	if err != nil {
		tb.Fatal(err)
	}
	return *u
}

func peerMetadata(tb testing.TB, d EntityDescriptor) *saml.EntityDescriptor {
	tb.Helper()
	raw, err := d.XML(nil)
	if err != nil {
		tb.Fatal(err)
	}
	var out saml.EntityDescriptor
	if err := xml.Unmarshal(raw, &out); err != nil {
		tb.Fatal(err)
	}
	return &out
}

func peerSP(tb testing.TB) *saml.ServiceProvider {
	tb.Helper()
	d := sampleEntity()
	d.SP = nil
	d.ValidUntil = time.Now().Add(time.Hour)
	return &saml.ServiceProvider{
		EntityID: spID, Key: theSP().key.(*rsa.PrivateKey), Certificate: theSP().cert, AcsURL: mustURL(tb, acsURL), SloURL: mustURL(tb, sloURL),
		IDPMetadata: peerMetadata(tb, d), SignatureMethod: dsig.RSASHA256SignatureMethod,
	}
}

// current moves the scene from noon to now.
func current(r *Response) {
	shift := func(t *time.Time) {
		if !t.IsZero() {
			*t = time.Now().Add(t.Sub(noon)).UTC()
		}
	}
	shift(&r.IssueInstant)
	a := r.Assertion
	shift(&a.IssueInstant)
	shift(&a.Conditions.NotBefore)
	shift(&a.Conditions.NotOnOrAfter)
	shift(&a.Subject.Confirmations[0].NotOnOrAfter)
	shift(&a.Authn[0].AuthnInstant)
	shift(&a.Authn[0].SessionNotOnOrAfter)
}

func TestInteropCrewjamSPReadsOurResponses(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*IssueOptions){
		"assertion signed":   func(o *IssueOptions) { o.Response = nil },
		"response signed":    func(o *IssueOptions) { o.Assertion = nil },
		"both signed":        func(*IssueOptions) {},
		"encrypted, AES-128": func(o *IssueOptions) { o.Encrypt = theSP().recipient(t, EncryptionMethod{Algorithm: encAES128GCM}) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := signed(t, true, true)
			change(&o)
			raw := issue(t, o, current)
			got, err := peerSP(t).ParseXMLResponse([]byte(raw), []string{reqID}, mustURL(t, acsURL))
			if err != nil {
				t.Fatalf("%v: %v", err, err.(*saml.InvalidResponseError).PrivateErr) //nolint:errorlint // the peer's habit
			}
			if got.Subject.NameID.Value != subject || got.AttributeStatements[0].Attributes[1].Values[2].Value != "line\nbreak\t\"q\"" {
				t.Error("the peer read something else")
			}
		})
	}
}

func TestInteropWeReadCrewjamIdPResponses(t *testing.T) {
	t.Parallel()
	for name, encrypt := range map[string]bool{"signed": false, "encrypted with AES-CBC": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			idp := &saml.IdentityProvider{
				Key: theIDP().key, Certificate: theIDP().cert, MetadataURL: mustURL(t, idpID), SSOURL: mustURL(t, ssoURL), SignatureMethod: dsig.RSASHA256SignatureMethod,
			}
			sp := sampleEntity()
			sp.EntityID, sp.IDP, sp.SP.Keys = spID, nil, nil
			if encrypt {
				sp.SP.Keys = []KeyDescriptor{{Use: UseEncryption, Certificates: certs(theSP())}}
			}
			metadata := peerMetadata(t, sp)
			q := sampleRequest()
			q.IssueInstant = time.Now()
			raw, err := q.XML(theSP().signer(t))
			if err != nil {
				t.Fatal(err)
			}
			r := httptest.NewRequest(http.MethodPost, ssoURL, strings.NewReader(postForm("SAMLRequest", string(raw)).Encode()))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			req, err := saml.NewIdpAuthnRequest(idp, r)
			if err != nil {
				t.Fatal(err)
			}
			req.Now = time.Now()
			req.IDP.ServiceProviderProvider = providerOf{metadata}
			if err := req.Validate(); err != nil {
				t.Fatalf("the peer refuses our request: %v", err)
			}
			session := &saml.Session{ID: "s", CreateTime: time.Now(), ExpireTime: time.Now().Add(time.Hour), Index: "session-1", NameID: subject, UserName: "somchai"}
			if err := (saml.DefaultAssertionMaker{}).MakeAssertion(req, session); err != nil {
				t.Fatal(err)
			}
			if err := req.MakeResponse(); err != nil {
				t.Fatal(err)
			}
			doc := etree.NewDocument()
			doc.SetRoot(req.ResponseEl)
			text, err := doc.WriteToString()
			if err != nil {
				t.Fatal(err)
			}
			d, err := NewDecrypter(DecrypterOptions{Keys: theSP().decrypter(t).keys, Random: theSP().decrypter(t).random, AllowCBC: true})
			if err != nil {
				t.Fatal(err)
			}
			x := expectation()
			x.Now = time.Now()
			got, err := acceptWith(text, ResponseOptions{Verifier: theIDP().verifier(t), Decrypter: d, SignedAssertion: true, Encrypted: encrypt}, x)
			if err != nil {
				t.Fatal(err)
			}
			if got.Assertion.Subject.NameID.Value != subject || got.Authn.ClassRef != ClassPasswordTransport || got.Authn.SessionIndex != "session-1" {
				t.Error("another assertion")
			}
		})
	}
}

type providerOf struct{ metadata *saml.EntityDescriptor }

func (p providerOf) GetServiceProvider(*http.Request, string) (*saml.EntityDescriptor, error) {
	return p.metadata, nil
}

func TestInteropWeReadCrewjamSPRequests(t *testing.T) {
	t.Parallel()
	sp, v := peerSP(t), theSP().verifier(t)
	u, err := sp.MakeRedirectAuthenticationRequest("relay-state_1")
	if err != nil {
		t.Fatal(err)
	}
	m, err := FromRedirect(u.RawQuery, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	q, err := m.AuthnRequest(v, nil, SignatureRequired)
	if err != nil || q.Issuer != spID || q.ACSURL != acsURL || m.RelayState() != "relay-state_1" {
		t.Errorf("redirect: %v %+v", err, q)
	}
	req, err := sp.MakeAuthenticationRequest(ssoURL, saml.HTTPPostBinding, saml.HTTPPostBinding)
	if err != nil {
		t.Fatal(err)
	}
	m, err = FromPOST(postForm("SAMLRequest", elementText(t, req.Element())), Limits{})
	if err != nil {
		t.Fatal(err)
	}
	if q, err = m.AuthnRequest(v, nil, SignatureRequired); err != nil || !q.Signed || q.Issuer != spID {
		t.Errorf("POST: %v %+v", err, q)
	}
	logout, err := sp.MakeLogoutRequest(sloURL, subject)
	if err != nil {
		t.Fatal(err)
	}
	m, err = FromPOST(postForm("SAMLRequest", elementText(t, logout.Element())), Limits{})
	if err != nil {
		t.Fatal(err)
	}
	if l, err := m.LogoutRequest(v, nil); err != nil || l.NameID.Value != subject {
		t.Errorf("logout: %v", err)
	}
	// What it gets wrong is refused: a signature inside of a redirected message.
	u, err = sp.MakeRedirectLogoutRequest(subject, "")
	if err != nil {
		t.Fatal(err)
	}
	m, err = FromRedirect(u.RawQuery, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	_, err = m.LogoutRequest(v, nil)
	wantCause(t, err, SignatureMisplaced)
}

func TestInteropCrewjamSPReadsOurLogoutResponse(t *testing.T) {
	t.Parallel()
	p := LogoutResponse{ID: "_r", InResponseTo: "_l", IssueInstant: time.Now(), Issuer: idpID, Destination: sloURL, Status: Success()}
	raw, err := p.XML(theIDP().signer(t))
	if err != nil {
		t.Fatal(err)
	}
	if err := peerSP(t).ValidateLogoutResponseForm(base64.StdEncoding.EncodeToString(raw)); err != nil {
		t.Error(err)
	}
}

func TestInteropWeReadCrewjamMetadata(t *testing.T) {
	t.Parallel()
	raw, err := xml.Marshal(peerSP(t).Metadata())
	if err != nil {
		t.Fatal(err)
	}
	m, err := ParseMetadata(raw, MetadataOptions{Now: time.Now()})
	if err != nil {
		t.Fatal(err)
	}
	e, ok := m.Entity(spID)
	if !ok || e.SP == nil || e.SP.AssertionConsumers[0].Location != acsURL || len(e.SP.SigningCertificates()) == 0 {
		t.Errorf("%+v", m)
	}
	// It offers nothing better than CBC, and so gets nothing encrypted by accident.
	k, ok := e.SP.EncryptionKey()
	if !ok {
		t.Fatal("no key")
	}
	_, err = NewRecipient(RecipientOptions{Certificate: k.Certificates[0], Methods: k.Methods, Random: theSP().decrypter(t).random})
	wantCause(t, err, EncryptionAlgorithm)
}

// goxmldsig verifies what we sign, and we what it signs.
func TestInteropGoxmldsig(t *testing.T) {
	t.Parallel()
	q, err := sampleRequest().XML(theSP().signer(t))
	if err != nil {
		t.Fatal(err)
	}
	doc := etree.NewDocument()
	if err := doc.ReadFromBytes(q); err != nil {
		t.Fatal(err)
	}
	theirs := dsig.NewDefaultValidationContext(&dsig.MemoryX509CertificateStore{Roots: certs(theSP())})
	theirs.Clock = dsig.NewFakeClockAt(noon)
	if _, err := theirs.Validate(doc.Root()); err != nil {
		t.Errorf("they refuse ours: %v", err)
	}
	for _, method := range []string{dsig.RSASHA256SignatureMethod, dsig.RSASHA384SignatureMethod, dsig.RSASHA512SignatureMethod, dsig.RSASHA1SignatureMethod} {
		signing, err := dsig.NewSigningContext(theSP().key, [][]byte{theSP().cert.Raw})
		if err != nil {
			t.Fatal(err)
		}
		signing.Canonicalizer = dsig.MakeC14N10ExclusiveCanonicalizerWithPrefixList("")
		if err := signing.SetSignatureMethod(method); err != nil {
			t.Fatal(err)
		}
		bare, err := sampleRequest().XML(nil)
		if err != nil {
			t.Fatal(err)
		}
		doc := etree.NewDocument()
		if err := doc.ReadFromBytes(bare); err != nil {
			t.Fatal(err)
		}
		el, err := signing.SignEnveloped(doc.Root())
		if err != nil {
			t.Fatal(err)
		}
		m, err := FromPOST(postForm("SAMLRequest", elementText(t, el)), Limits{})
		if err != nil {
			t.Fatal(err)
		}
		_, err = m.AuthnRequest(theSP().verifier(t), nil, SignatureRequired)
		if method == dsig.RSASHA1SignatureMethod {
			wantCause(t, err, SignatureAlgorithm)
		} else if err != nil {
			t.Errorf("%s: %v", method, err)
		}
	}
}

func elementText(tb testing.TB, el *etree.Element) string {
	tb.Helper()
	doc := etree.NewDocument()
	doc.SetRoot(el)
	s, err := doc.WriteToString()
	if err != nil {
		tb.Fatal(err)
	}
	return s
}
