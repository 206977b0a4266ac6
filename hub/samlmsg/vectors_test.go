package samlmsg

import (
	"crypto"
	"crypto/x509"
	"encoding/pem"
	"os"
	"strings"
	"testing"
)

// The vectors in testdata/xmlsec were signed by another implementation (testdata/xmlsec/Vectors.java): response and assertion,
// the latter with an InclusiveNamespaces list, attributes of two namespaces, default namespace, and line breaks as characters.
func TestVectorsOfAnotherImplementation(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]Cause{
		"rsa-sha256": "", "rsa-sha512": "", "ecdsa-p256-sha256": "", "ecdsa-p384-sha384": "", "ecdsa-p521-sha512": "",
		"rsa-sha1": SignatureAlgorithm,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			raw, err := os.ReadFile("testdata/xmlsec/" + name + ".xml")
			if err != nil {
				t.Fatal(err)
			}
			v, err := NewVerifier(VerifierOptions{Keys: []crypto.PublicKey{vectorKey(t, name)}})
			if err != nil {
				t.Fatal(err)
			}
			o := ResponseOptions{Verifier: v, SignedResponse: true, SignedAssertion: true}
			got, err := acceptWith(string(raw), o, expectation())
			if want != "" {
				wantCause(t, err, want)
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if got.Assertion.Subject.NameID.Value != subject || got.Assertion.Attributes[0].Values[0] != "สมชาย & <co> \"q\" 'a' \r" {
				t.Errorf("%q", got.Assertion.Attributes[0].Values)
			}
			// Changed in either of the two places that are signed apart.
			_, err = acceptWith(strings.Replace(string(raw), subject, evil, 1), o, expectation())
			wantCause(t, err, DigestMismatch)
		})
	}
}

func vectorKey(tb testing.TB, name string) crypto.PublicKey {
	tb.Helper()
	text, err := os.ReadFile("testdata/xmlsec/" + name + ".pem")
	if err != nil {
		tb.Fatal(err)
	}
	block, _ := pem.Decode(text)
	if block == nil {
		tb.Fatal("no PEM")
	}
	key, err := x509.ParsePKIXPublicKey(block.Bytes)
	if err != nil {
		tb.Fatal(err)
	}
	return key
}
