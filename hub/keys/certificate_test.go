package keys

import (
	"bytes"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"onedoor/hub"
)

func TestCertificatesAreTheSameOnEveryNodeAndFollowTheRotation(t *testing.T) {
	t.Parallel()
	store, ms, c := &memory{}, newMasters(t, 1), newClock()
	one := openRing(t, store, ms, c)
	for use, alg := range map[Use]string{Sign: RS256, Decrypt: RSAOAEP256} {
		_, err := one.Certified(use, alg)
		wantKind(t, err, hub.NotFound)
	}
	if err := one.Ensure(t.Context(), RS256); err != nil {
		t.Fatal(err)
	}
	if err := one.EnsureDecryption(t.Context(), RSAOAEP256); err != nil {
		t.Fatal(err)
	}
	two := openRing(t, store, ms, c)
	for use, alg := range map[Use]string{Sign: RS256, Decrypt: RSAOAEP256} {
		a, err := one.Certified(use, alg)
		if err != nil || len(a) != 1 || a[0].State != Active || !a[0].Key.PublicKey.Equal(a[0].Certificate.PublicKey) {
			t.Fatalf("%s: %v, %v", use, a, err)
		}
		b, err := two.Certified(use, alg)
		if err != nil || !bytes.Equal(a[0].Certificate.Raw, b[0].Certificate.Raw) {
			t.Errorf("%s: two nodes show two certificates (%v)", use, err)
		}
		if cert := a[0].Certificate; cert.CheckSignatureFrom(cert) == nil || cert.NotBefore.After(c.Now()) || cert.NotAfter.Before(c.Now().AddDate(5, 0, 0)) {
			t.Errorf("%s: a certificate that is an authority, or not valid", use)
		}
		if text := fmt.Sprintf("%v %+v %#v", a[0], a[0], a[0]); bytes.Contains([]byte(text), a[0].Key.D.Bytes()) || len(text) > 300 {
			t.Errorf("%s: prints %s", use, text)
		}
		if _, err := json.Marshal(a[0]); err == nil {
			t.Errorf("%s: a private key went into JSON", use)
		}
	}
	if _, err := one.Rotate(t.Context(), Sign, RS256); err != nil {
		t.Fatal(err)
	}
	during, err := one.Certified(Sign, RS256)
	if err != nil || len(during) != 2 || during[0].State != Active || during[1].State != Pending {
		t.Fatalf("during the rollover: %v, %v", during, err)
	}
	c.Add(8 * 24 * time.Hour)
	after, err := one.Certified(Sign, RS256)
	if err != nil || after[0].KeyID != during[1].KeyID {
		t.Errorf("after the rollover: %v, %v", after, err)
	}
	for use, alg := range map[Use]string{Sign: ES256, Decrypt: ECDHES, Seal: A256GCM} {
		_, err := one.Certified(use, alg)
		wantKind(t, err, hub.Invalid)
	}
}
