package samlmsg

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"testing"
	"time"

	"onedoor/hub"
)

func TestBothKeysOfARolloverVerify(t *testing.T) {
	t.Parallel()
	old := issue(t, IssueOptions{Assertion: theIDP().signer(t)}, nil)
	next := issue(t, IssueOptions{Assertion: theNextIDP().signer(t)}, nil)
	both := theIDP().verifier(t, theNextIDP())
	for _, xml := range []string{old, next} {
		if _, err := acceptWith(xml, ResponseOptions{Verifier: both}, expectation()); err != nil {
			t.Error(err)
		}
	}
	_, err := acceptWith(old, ResponseOptions{Verifier: theNextIDP().verifier(t)}, expectation())
	wantCause(t, err, SignatureMismatch)
}

func TestOnlyStrongKeysVouch(t *testing.T) {
	t.Parallel()
	for _, id := range []identity{weak(), onP224()} {
		_, err := NewVerifier(VerifierOptions{Certificates: []*x509.Certificate{id.cert}})
		wantCause(t, err, KeyUnusable)
	}
	_, err := NewVerifier(VerifierOptions{Keys: []crypto.PublicKey{"x", (*rsa.PublicKey)(nil)}, Certificates: []*x509.Certificate{nil}})
	wantCause(t, err, KeyUnusable)
	// A weak key beside a good one does not lose the good one.
	if _, err := NewVerifier(VerifierOptions{Certificates: []*x509.Certificate{weak().cert, theIDP().cert}}); err != nil {
		t.Error(err)
	}
	for name, o := range map[string]SignerOptions{
		"weak":             {Key: weak().key, Certificate: weak().cert, Random: rand.Reader},
		"elliptic":         {Key: onP256().key, Certificate: onP256().cert, Random: rand.Reader},
		"other's":          {Key: theIDP().key, Certificate: theSP().cert, Random: rand.Reader},
		"no randomness":    {Key: theIDP().key, Certificate: theIDP().cert},
		"nothing whatever": {},
	} {
		if _, err := NewSigner(o); Reason(err) != string(KeyUnusable) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestExpiredCertificatesCountOnlyWhereConfigured(t *testing.T) {
	t.Parallel()
	certs := []*x509.Certificate{theIDP().cert}
	if _, err := NewVerifier(VerifierOptions{Certificates: certs}); err != nil {
		t.Error(err)
	}
	for at, ok := range map[time.Time]bool{noon: true, noon.AddDate(61, 0, 0): false, noon.AddDate(-7, 0, 0): false} {
		_, err := NewVerifier(VerifierOptions{Certificates: certs, ValidAt: at})
		if (err == nil) != ok {
			t.Errorf("%v: %v", at, err)
		}
	}
}

// ECDSA values are r and s side by side. The ASN.1 form, which other libraries write, is refused.
func TestECDSASignaturesAreRAndS(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		id  identity
		alg string
	}{{onP256(), algECDSASHA256}, {onP384(), algECDSASHA384}, {onP256(), algECDSASHA512}} {
		v := c.id.verifier(t)
		alg, _ := signatureAlgorithmOf(c.alg)
		digest := sum(alg.hash, []byte("signed"))
		asn1, err := c.id.key.Sign(rand.Reader, digest, alg.hash)
		if err != nil {
			t.Fatal(err)
		}
		raw := rawECDSA(t, asn1, c.id)
		if err := v.octets(c.alg, []byte("signed"), raw); err != nil {
			t.Errorf("%s: %v", c.alg, err)
		}
		for name, bad := range map[string][]byte{
			"asn.1": asn1, "short": raw[1:], "long": append([]byte{0}, raw...), "zero": make([]byte, len(raw)), "empty": {},
		} {
			if err := v.octets(c.alg, []byte("signed"), bad); !errors.Is(err, SignatureMismatch) {
				t.Errorf("%s %s: %v", c.alg, name, err)
			}
		}
		if err := v.octets(c.alg, []byte("another"), raw); !errors.Is(err, SignatureMismatch) {
			t.Errorf("%s over something else: %v", c.alg, err)
		}
		if err := v.octets(algRSASHA256, []byte("signed"), raw); !errors.Is(err, SignatureKey) {
			t.Errorf("RSA with an elliptic key: %v", err)
		}
	}
}

func TestOneReferenceDemandsWhatItMust(t *testing.T) {
	t.Parallel()
	o := ResponseOptions{Verifier: theIDP().verifier(t), Decrypter: theSP().decrypter(t)}
	for _, c := range []struct {
		name               string
		response, asrt     bool
		encrypt            bool
		wantResp, wantAsrt bool
		wantEnc            bool
		want               Cause
	}{
		{name: "assertion is enough", asrt: true},
		{name: "response is enough", response: true},
		{name: "response demanded", asrt: true, wantResp: true, want: SignatureMissing},
		{name: "assertion demanded", response: true, wantAsrt: true, want: SignatureMissing},
		{name: "both demanded and there", response: true, asrt: true, wantResp: true, wantAsrt: true},
		{name: "encrypted in a signed response", response: true, encrypt: true, wantEnc: true},
		{name: "signed and encrypted", asrt: true, encrypt: true, wantEnc: true, wantAsrt: true},
		{name: "all of it", response: true, asrt: true, encrypt: true, wantResp: true, wantAsrt: true, wantEnc: true},
		{name: "encrypted, unsigned within, assertion demanded", response: true, encrypt: true, wantAsrt: true, want: SignatureMissing},
		{name: "encryption demanded", response: true, wantEnc: true, want: EncryptionMissing},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			opts := signed(t, c.response, c.asrt)
			if c.encrypt {
				opts.Encrypt = theSP().recipient(t)
			}
			o := o
			o.SignedResponse, o.SignedAssertion, o.Encrypted = c.wantResp, c.wantAsrt, c.wantEnc
			got, err := acceptWith(issue(t, opts, nil), o, expectation())
			if c.want != "" {
				wantCause(t, err, c.want)
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if got.Assertion.Signed != c.asrt || got.Assertion.Encrypted != c.encrypt || got.Assertion.Subject.NameID.Value != subject {
				t.Error("not told as it is")
			}
		})
	}
	if _, err := acceptWith(issue(t, signed(t, true, true), nil), ResponseOptions{}, expectation()); Reason(err) != string(SignatureKey) {
		t.Errorf("without any trusted key: %v", err)
	}
}

func TestFailureMayComeUnsignedOnlyWhereAllowed(t *testing.T) {
	t.Parallel()
	r := sampleResponse()
	r.Assertion, r.Status = nil, Status{Code: StatusResponder, Second: StatusNoAuthnContext, Message: "<not & for logs>"}
	raw, err := r.XML(IssueOptions{})
	if err != nil {
		t.Fatal(err)
	}
	m, err := FromPOST(postForm("SAMLResponse", string(raw)), Limits{})
	if err != nil {
		t.Fatal(err)
	}
	v := theIDP().verifier(t)
	for _, o := range []ResponseOptions{{Verifier: v, SignedResponse: true}, {Verifier: v}} {
		if _, err := m.Response(o); Reason(err) != string(SignatureMissing) {
			t.Errorf("%+v: %v", o, err)
		}
	}
	for _, o := range []ResponseOptions{{Verifier: v, UnsignedFailure: true}, {Verifier: v, UnsignedFailure: true, SignedResponse: true}} {
		got, err := m.Response(o)
		if err != nil || got.Signed || got.Status != r.Status || got.InResponseTo != reqID {
			t.Errorf("%v: %+v", err, got)
		}
	}
	// It opens no way for a success without a signature.
	bare := strings.Replace(string(raw), StatusResponder, StatusSuccess, 1)
	m, err = FromPOST(postForm("SAMLResponse", bare), Limits{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := m.Response(ResponseOptions{Verifier: v, UnsignedFailure: true, SignedResponse: true}); Reason(err) != string(SignatureMissing) {
		t.Error(err)
	}
}

func TestEveryCauseHasAKindAndNoTwoAreAlike(t *testing.T) {
	t.Parallel()
	if len(Causes()) < 60 {
		t.Errorf("%d causes", len(Causes()))
	}
	for _, c := range Causes() {
		if c.Kind() == "" || strings.Trim(string(c), "abcdefghijklmnopqrstuvwxyz_0123456789") != "" {
			t.Errorf("%q", c)
		}
	}
	err := fmt.Errorf("outer: %w", refuse("X", AudienceMismatch))
	if Reason(err) != "audience_mismatch" || !errors.Is(err, hub.Refused) || Reason(hub.Denied) != "denied" || Reason(nil) != "" {
		t.Error("Reason")
	}
	var word interface{ Reason() string }
	if !errors.As(err, &word) || word.Reason() != "audience_mismatch" {
		t.Error("the word can't be had without this package")
	}
}

// Invariant 2: nothing of a person prints or logs.
func TestInvariant2_NothingOfAPersonPrints(t *testing.T) {
	t.Parallel()
	a := *sampleAssertion()
	got := Accepted{Assertion: a}
	var log strings.Builder
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", "a", a, "n", *a.Subject.NameID, "v", a.Attributes[0])
	text := fmt.Sprintf("%v %+v %#v %v %+v %#v %v %#v", a, a, a, a.Subject.NameID, *a.Subject.NameID, *a.Subject.NameID, a.Attributes, got) + log.String()
	for _, leak := range []string{subject, "สมชาย"} {
		if strings.Contains(text, leak) {
			t.Errorf("%q leaks: %s", leak, text)
		}
	}
}

type brokenKey struct{ crypto.Signer }

func (brokenKey) Sign(io.Reader, []byte, crypto.SignerOpts) ([]byte, error) {
	return nil, errors.New("the HSM says secret things")
}

func TestAKeyThatDoesNotAnswerIsUnavailable(t *testing.T) {
	t.Parallel()
	s, err := NewSigner(SignerOptions{Key: brokenKey{theIDP().key}, Certificate: theIDP().cert, Random: rand.Reader})
	if err != nil {
		t.Fatal(err)
	}
	_, err = sampleResponse().XML(IssueOptions{Response: s})
	wantCause(t, err, SigningFailed)
	if strings.Contains(err.Error(), "secret") {
		t.Errorf("foreign text in %v", err)
	}
}
