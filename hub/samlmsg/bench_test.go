package samlmsg

import (
	"crypto"
	"crypto/rsa"
	"testing"
)

func BenchmarkVerifyResponse(b *testing.B) {
	for name, o := range map[string]IssueOptions{"assertion": signed(b, false, true), "both": signed(b, true, true)} {
		b.Run(name, func(b *testing.B) {
			xml := issue(b, o, nil)
			form := postForm("SAMLResponse", xml)
			opts, x := ResponseOptions{Verifier: theIDP().verifier(b)}, expectation()
			b.SetBytes(int64(len(xml)))
			b.ReportAllocs()
			for b.Loop() {
				m, err := FromPOST(form, Limits{})
				if err != nil {
					b.Fatal(err)
				}
				r, err := m.Response(opts)
				if err != nil {
					b.Fatal(err)
				}
				if _, err := CheckResponse(r, x); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkIssueResponse(b *testing.B) {
	enc := signed(b, true, true)
	enc.Encrypt = theSP().recipient(b)
	for name, o := range map[string]IssueOptions{"assertion": signed(b, false, true), "both": signed(b, true, true), "both encrypted": enc} {
		b.Run(name, func(b *testing.B) {
			r := sampleResponse()
			b.ReportAllocs()
			for b.Loop() {
				if _, err := r.XML(o); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkEncrypt(b *testing.B) {
	a, _, _ := assertionOf(b, issue(b, signed(b, false, true), nil))
	to := theSP().recipient(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := to.encrypt("saml:EncryptedAssertion", []byte(a)); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDecrypt(b *testing.B) {
	a, _, _ := assertionOf(b, issue(b, signed(b, false, true), nil))
	e, err := theSP().recipient(b).encrypt("saml:EncryptedAssertion", []byte(a))
	if err != nil {
		b.Fatal(err)
	}
	d := theSP().decrypter(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := d.open(e, nsSAML, "Assertion"); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkRSASign is what of issuing is the key alone.
func BenchmarkRSASign(b *testing.B) {
	key := theIDP().key.(*rsa.PrivateKey)
	digest := sum(crypto.SHA256, []byte("x"))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := rsa.SignPKCS1v15(nil, key, crypto.SHA256, digest); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkVerifyRedirect(b *testing.B) {
	query := redirect(b, sampleRequest(), "state", theSP().signer(b))
	v := theSP().verifier(b)
	b.ReportAllocs()
	for b.Loop() {
		m, err := FromRedirect(query, Limits{})
		if err != nil {
			b.Fatal(err)
		}
		if _, err := m.AuthnRequest(v, nil, SignatureRequired); err != nil {
			b.Fatal(err)
		}
	}
}
