package samlmsg

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/base64"
	"math/big"
	"net/url"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"onedoor/hub"
)

// The scene: a provider answers a request of the hub at noon.
const (
	idpID   = "https://idp.example/saml"
	spID    = "https://hub.example/saml/sp"
	acsURL  = "https://hub.example/saml/acs"
	ssoURL  = "https://idp.example/sso"
	sloURL  = "https://hub.example/saml/slo"
	reqID   = "_request-1"
	respID  = "_response-1"
	asrtID  = "_assertion-1"
	subject = "pairwise-subject-of-somchai"
)

var noon = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

type identity struct {
	key  crypto.Signer
	cert *x509.Certificate
}

func certify(key crypto.Signer, name string) identity {
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name},
		// Long, as the peer of the interop tests looks at the present time.
		NotBefore: noon.AddDate(-6, 0, 0), NotAfter: noon.AddDate(60, 0, 0),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		panic(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		panic(err)
	}
	return identity{key, cert}
}

func rsaIdentity(bits int, name string) func() identity {
	return sync.OnceValue(func() identity {
		key, err := rsa.GenerateKey(rand.Reader, bits)
		if err != nil {
			panic(err)
		}
		return certify(key, name)
	})
}

func ecIdentity(curve elliptic.Curve, name string) func() identity {
	return sync.OnceValue(func() identity {
		key, err := ecdsa.GenerateKey(curve, rand.Reader)
		if err != nil {
			panic(err)
		}
		return certify(key, name)
	})
}

var (
	theIDP     = rsaIdentity(2048, "idp")
	theNextIDP = rsaIdentity(2048, "idp next key")
	theSP      = rsaIdentity(2048, "sp")
	theNextSP  = rsaIdentity(2048, "sp next key")
	attacker   = rsaIdentity(2048, "attacker")
	weak       = rsaIdentity(1024, "weak")
	onP256     = ecIdentity(elliptic.P256(), "p256")
	onP384     = ecIdentity(elliptic.P384(), "p384")
	onP224     = ecIdentity(elliptic.P224(), "p224")
)

func (i identity) signer(tb testing.TB) *Signer {
	tb.Helper()
	s, err := NewSigner(SignerOptions{Key: i.key, Certificate: i.cert, Random: rand.Reader})
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

func (i identity) verifier(tb testing.TB, more ...identity) *Verifier {
	tb.Helper()
	certs := []*x509.Certificate{i.cert}
	for _, m := range more {
		certs = append(certs, m.cert)
	}
	v, err := NewVerifier(VerifierOptions{Certificates: certs})
	if err != nil {
		tb.Fatal(err)
	}
	return v
}

func (i identity) recipient(tb testing.TB, methods ...EncryptionMethod) *Recipient {
	tb.Helper()
	r, err := NewRecipient(RecipientOptions{Certificate: i.cert, Methods: methods, Random: rand.Reader})
	if err != nil {
		tb.Fatal(err)
	}
	return r
}

func (i identity) decrypter(tb testing.TB, more ...identity) *Decrypter {
	tb.Helper()
	keys := []crypto.Decrypter{i.key.(crypto.Decrypter)}
	for _, m := range more {
		keys = append(keys, m.key.(crypto.Decrypter))
	}
	d, err := NewDecrypter(DecrypterOptions{Keys: keys, Random: rand.Reader})
	if err != nil {
		tb.Fatal(err)
	}
	return d
}

func sampleAssertion() *Assertion {
	return &Assertion{
		ID: asrtID, IssueInstant: noon, Issuer: idpID,
		Subject: Subject{
			NameID: &NameID{Value: subject, Format: FormatPersistent, NameQualifier: idpID, SPNameQualifier: spID},
			Confirmations: []Confirmation{{
				Method: ConfirmationBearer, Recipient: acsURL, InResponseTo: reqID, NotOnOrAfter: noon.Add(5 * time.Minute),
			}},
		},
		Conditions: &Conditions{
			NotBefore: noon.Add(-time.Minute), NotOnOrAfter: noon.Add(5 * time.Minute), Audiences: [][]string{{spID}},
		},
		Authn: []AuthnStatement{{
			AuthnInstant: noon.Add(-time.Minute), SessionIndex: "session-1", SessionNotOnOrAfter: noon.Add(8 * time.Hour),
			ClassRef: hub.Level{IAL: hub.IAL23, AAL: hub.AAL21}.ACR(),
		}},
		Attributes: []Attribute{
			{Name: "given_name", NameFormat: AttributeBasic, Values: []string{"สมชาย"}},
			{Name: "roles", NameFormat: AttributeBasic, FriendlyName: "Roles", Values: []string{"a & b", "<c>", "line\nbreak\t\"q\""}},
		},
	}
}

func sampleResponse() Response {
	return Response{
		ID: respID, InResponseTo: reqID, IssueInstant: noon, Issuer: idpID, Destination: acsURL, Status: Success(),
		Assertion: sampleAssertion(),
	}
}

// issue writes a response of the provider. change may be nil.
func issue(tb testing.TB, o IssueOptions, change func(*Response)) string {
	tb.Helper()
	r := sampleResponse()
	if change != nil {
		change(&r)
	}
	raw, err := r.XML(o)
	if err != nil {
		tb.Fatal(err)
	}
	return string(raw)
}

// signed says which of both is signed by the provider.
func signed(tb testing.TB, response, assertion bool) IssueOptions {
	tb.Helper()
	var o IssueOptions
	if response {
		o.Response = theIDP().signer(tb)
	}
	if assertion {
		o.Assertion = theIDP().signer(tb)
	}
	return o
}

func postForm(name, xml string) url.Values {
	return url.Values{name: {base64.StdEncoding.EncodeToString([]byte(xml))}}
}

func expectation() ResponseExpectation {
	return ResponseExpectation{
		Now: noon.Add(10 * time.Second), Skew: 30 * time.Second, Issuer: idpID, Audience: spID, Recipient: acsURL, InResponseTo: reqID,
	}
}

// accept is what a service provider does with a response that came by POST.
func accept(tb testing.TB, xml string) (Accepted, error) {
	tb.Helper()
	return acceptWith(xml, ResponseOptions{Verifier: theIDP().verifier(tb), Decrypter: theSP().decrypter(tb)}, expectation())
}

func acceptWith(xml string, o ResponseOptions, x ResponseExpectation) (Accepted, error) {
	m, err := FromPOST(postForm("SAMLResponse", xml), Limits{})
	if err != nil {
		return Accepted{}, err
	}
	r, err := m.Response(o)
	if err != nil {
		return Accepted{}, err
	}
	return CheckResponse(r, x)
}

func wantCause(tb testing.TB, err error, want Cause) {
	tb.Helper()
	if got := Reason(err); got != string(want) {
		tb.Errorf("reason %q, want %q", got, want)
	}
	if err != nil && hub.KindOf(err) != want.Kind() {
		tb.Errorf("kind %q, want %q", hub.KindOf(err), want.Kind())
	}
}

// swap replaces exactly one occurrence; a test that replaces nothing proves nothing.
func swap(tb testing.TB, s, from, to string) string {
	tb.Helper()
	if !strings.Contains(s, from) {
		tb.Fatalf("nothing to replace: %.60q", from)
	}
	return strings.Replace(s, from, to, 1)
}

// cut gives what stands between two marks, marks included, and the text without it.
func cut(tb testing.TB, s, from, to string) (piece, rest string) {
	tb.Helper()
	i := strings.Index(s, from)
	if i < 0 {
		tb.Fatalf("no %q", from)
	}
	j := strings.Index(s[i:], to)
	if j < 0 {
		tb.Fatalf("no %q", to)
	}
	j += i + len(to)
	return s[i:j], s[:i] + s[j:]
}

func encode64(b []byte) string { return base64.StdEncoding.EncodeToString(b) }

// rawECDSA turns the ASN.1 form into r and s side by side.
func rawECDSA(tb testing.TB, der []byte, id identity) []byte {
	tb.Helper()
	var rs struct{ R, S *big.Int }
	if _, err := asn1.Unmarshal(der, &rs); err != nil {
		tb.Fatal(err)
	}
	size := (id.key.Public().(*ecdsa.PublicKey).Curve.Params().N.BitLen() + 7) / 8
	out := make([]byte, 2*size)
	rs.R.FillBytes(out[:size])
	rs.S.FillBytes(out[size:])
	return out
}

// sameAssertion compares without printing.
func sameAssertion(a, b Assertion) bool { return reflect.DeepEqual(a, b) }
