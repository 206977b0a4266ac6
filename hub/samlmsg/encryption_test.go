package samlmsg

import (
	"crypto"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/rsa"
	"strings"
	"testing"
)

// methods are the combinations of content and key encryption that are written.
func methods() map[string][]EncryptionMethod {
	all := map[string][]EncryptionMethod{"default": nil}
	for _, content := range []string{encAES128GCM, encAES192GCM, encAES256GCM} {
		for name, wrap := range map[string]EncryptionMethod{
			"mgf1p":             {Algorithm: encOAEPMGF1},
			"mgf1p sha1":        {Algorithm: encOAEPMGF1, Digest: digestSHA1},
			"mgf1p sha256":      {Algorithm: encOAEPMGF1, Digest: digestSHA256},
			"oaep":              {Algorithm: encOAEP},
			"oaep sha256":       {Algorithm: encOAEP, Digest: digestSHA256},
			"oaep sha256 mgf":   {Algorithm: encOAEP, Digest: digestSHA256, MGF: mgfSHA256},
			"oaep sha512 mgf":   {Algorithm: encOAEP, Digest: digestSHA512, MGF: mgfSHA512},
			"oaep sha384 mgf":   {Algorithm: encOAEP, Digest: digestSHA384, MGF: mgfSHA384},
			"oaep sha1 mgf sha": {Algorithm: encOAEP, Digest: digestSHA1, MGF: mgfSHA1},
		} {
			all[content+" "+name] = []EncryptionMethod{{Algorithm: content}, wrap}
		}
	}
	return all
}

func TestPRV10_EncryptedAssertionsRoundTripByEveryMethod(t *testing.T) {
	t.Parallel()
	for name, m := range methods() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := signed(t, true, true)
			o.Encrypt = theSP().recipient(t, m...)
			xml := issue(t, o, nil)
			for _, leak := range []string{subject, "สมชาย", asrtID} {
				if strings.Contains(xml, leak) {
					t.Errorf("%q in the clear", leak)
				}
			}
			if m == nil && !strings.Contains(xml, encAES256GCM) {
				t.Error("the default is not AES-256-GCM")
			}
			got, err := accept(t, xml)
			if err != nil {
				t.Fatal(err)
			}
			if !got.Assertion.Encrypted || got.Assertion.Subject.NameID.Value != subject {
				t.Error("another assertion")
			}
		})
	}
}

func TestEncryptionMethodsFollowThePeersMetadata(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		methods []EncryptionMethod
		content string
		wrap    string
		want    Cause
	}{
		{"nothing said", nil, encAES256GCM, encOAEPMGF1, ""},
		{"the best, not the first", []EncryptionMethod{{Algorithm: encAES128CBC}, {Algorithm: encAES128GCM}, {Algorithm: encAES256GCM}}, encAES256GCM, encOAEPMGF1, ""},
		{"what there is", []EncryptionMethod{{Algorithm: encAES128GCM}}, encAES128GCM, encOAEPMGF1, ""},
		{"key method only", []EncryptionMethod{{Algorithm: encOAEP, Digest: digestSHA256}}, encAES256GCM, encOAEP, ""},
		{"the first good key method", []EncryptionMethod{{Algorithm: nsXENC + "rsa-1_5"}, {Algorithm: encOAEPMGF1}}, encAES256GCM, encOAEPMGF1, ""},
		{"CBC only", []EncryptionMethod{{Algorithm: encAES256CBC}}, "", "", EncryptionAlgorithm},
		{"3DES only", []EncryptionMethod{{Algorithm: nsXENC + "tripledes-cbc"}}, "", "", EncryptionAlgorithm},
		{"rsa-1_5 only", []EncryptionMethod{{Algorithm: nsXENC + "rsa-1_5"}}, "", "", EncryptionAlgorithm},
		{"unknown digest", []EncryptionMethod{{Algorithm: encOAEPMGF1, Digest: "urn:x"}}, "", "", EncryptionAlgorithm},
	} {
		r, err := NewRecipient(RecipientOptions{Certificate: theSP().cert, Methods: c.methods, Random: rand.Reader})
		if c.want != "" {
			wantCause(t, err, c.want)
			continue
		}
		if err != nil || r.content.Algorithm != c.content || r.wrap.Algorithm != c.wrap {
			t.Errorf("%s: %v %+v", c.name, err, r)
		}
	}
	for _, id := range []identity{weak(), onP256()} {
		_, err := NewRecipient(RecipientOptions{Certificate: id.cert, Random: rand.Reader})
		wantCause(t, err, KeyUnusable)
	}
	_, err := NewRecipient(RecipientOptions{Certificate: theSP().cert})
	wantCause(t, err, KeyUnusable)
}

func TestSeveralDecryptionKeysAreTried(t *testing.T) {
	t.Parallel()
	o := signed(t, false, true)
	o.Encrypt = theSP().recipient(t)
	xml := issue(t, o, nil)
	v := theIDP().verifier(t)
	for _, d := range []*Decrypter{theNextSP().decrypter(t, theSP()), theSP().decrypter(t, theNextSP())} {
		if _, err := acceptWith(xml, ResponseOptions{Verifier: v, Decrypter: d}, expectation()); err != nil {
			t.Error(err)
		}
	}
	_, err := acceptWith(xml, ResponseOptions{Verifier: v, Decrypter: theNextSP().decrypter(t)}, expectation())
	wantCause(t, err, DecryptionFailed)
	_, err = acceptWith(xml, ResponseOptions{Verifier: v}, expectation())
	wantCause(t, err, EncryptionUnexpected)
}

func TestDecrypterTakesStrongRSAKeysOnly(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]DecrypterOptions{
		"none":          {Random: rand.Reader},
		"nil":           {Keys: []crypto.Decrypter{nil}, Random: rand.Reader},
		"weak":          {Keys: []crypto.Decrypter{weak().key.(crypto.Decrypter)}, Random: rand.Reader},
		"no randomness": {Keys: []crypto.Decrypter{theSP().key.(crypto.Decrypter)}},
	} {
		if _, err := NewDecrypter(o); Reason(err) != string(KeyUnusable) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// encryptedBy makes an unsigned response around an assertion encrypted with given octets and method names.
func encryptedBy(t *testing.T, content, wrap string, wrapped, sealed []byte) string {
	t.Helper()
	o := signed(t, false, true)
	o.Encrypt = theSP().recipient(t)
	xml := issue(t, o, nil)
	data, _ := cut(t, xml, "<xenc:EncryptedData", "</xenc:EncryptedData>")
	return swap(t, xml, data, `<xenc:EncryptedData xmlns:xenc="`+nsXENC+`" xmlns:ds="`+nsDS+`"><xenc:EncryptionMethod Algorithm="`+content+`"/><ds:KeyInfo><xenc:EncryptedKey>`+
		`<xenc:EncryptionMethod Algorithm="`+wrap+`"/><xenc:CipherData><xenc:CipherValue>`+encode64(wrapped)+`</xenc:CipherValue></xenc:CipherData></xenc:EncryptedKey></ds:KeyInfo>`+
		`<xenc:CipherData><xenc:CipherValue>`+encode64(sealed)+`</xenc:CipherValue></xenc:CipherData></xenc:EncryptedData>`)
}

func signedAssertionText(t *testing.T) string {
	t.Helper()
	a, _, _ := assertionOf(t, issue(t, signed(t, false, true), nil))
	return a
}

func wrapKey(t *testing.T, key []byte) []byte {
	t.Helper()
	w, err := rsa.EncryptOAEPWithOptions(rand.Reader, &theSP().key.(*rsa.PrivateKey).PublicKey, key, &rsa.OAEPOptions{Hash: crypto.SHA1})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func gcmSeal(t *testing.T, key []byte, plain string) []byte {
	t.Helper()
	block, err := aes.NewCipher(key)
	if err != nil {
		t.Fatal(err)
	}
	gcm, err := cipher.NewGCM(block)
	if err != nil {
		t.Fatal(err)
	}
	nonce := make([]byte, 12)
	return gcm.Seal(nonce, nonce, []byte(plain), nil)
}

func cbcSeal(t *testing.T, key []byte, plain string) []byte {
	t.Helper()
	block, err := aes.NewCipher(key)
	if err != nil {
		t.Fatal(err)
	}
	pad := 16 - len(plain)%16
	padded := append([]byte(plain), make([]byte, pad-1)...)
	padded = append(padded, byte(pad))
	out := make([]byte, 16+len(padded))
	cipher.NewCBCEncrypter(block, out[:16]).CryptBlocks(out[16:], padded)
	return out
}

func TestAttacksOnEncryptedAssertions(t *testing.T) {
	t.Parallel()
	key := make([]byte, 32)
	wrapped := wrapKey(t, key)
	inner := signedAssertionText(t)
	_, _, bare := assertionOf(t, issue(t, signed(t, false, true), nil))
	good := encryptedBy(t, encAES256GCM, encOAEPMGF1, wrapped, gcmSeal(t, key, inner))
	if _, err := accept(t, good); err != nil {
		t.Fatalf("the tool is broken: %v", err)
	}
	//lint:ignore SA1019 that it is refused is the point
	v15, err := rsa.EncryptPKCS1v15(rand.Reader, &theSP().key.(*rsa.PrivateKey).PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	bent := gcmSeal(t, key, inner)
	bent[40] ^= 1
	bentKey := wrapKey(t, key)
	bentKey[0] ^= 1
	encryptedKey, _ := cut(t, good, "<xenc:EncryptedKey>", "</xenc:EncryptedKey>")
	signature, _ := cut(t, inner, "<ds:Signature ", "</ds:Signature>")
	for _, c := range []struct {
		name, xml string
		want      Cause
	}{
		{"rsa-1_5", encryptedBy(t, encAES256GCM, nsXENC+"rsa-1_5", v15, gcmSeal(t, key, inner)), EncryptionAlgorithm},
		{"3DES", encryptedBy(t, nsXENC+"tripledes-cbc", encOAEPMGF1, wrapped, gcmSeal(t, key, inner)), EncryptionAlgorithm},
		{"CBC where it is not configured", encryptedBy(t, encAES256CBC, encOAEPMGF1, wrapped, cbcSeal(t, key, inner)), EncryptionAlgorithm},
		{"no algorithm", encryptedBy(t, "", encOAEPMGF1, wrapped, gcmSeal(t, key, inner)), EncryptionAlgorithm},
		{"content bent", encryptedBy(t, encAES256GCM, encOAEPMGF1, wrapped, bent), DecryptionFailed},
		{"content cut", encryptedBy(t, encAES256GCM, encOAEPMGF1, wrapped, bent[:20]), DecryptionFailed},
		{"key bent", encryptedBy(t, encAES256GCM, encOAEPMGF1, bentKey, gcmSeal(t, key, inner)), DecryptionFailed},
		{"key of another length", encryptedBy(t, encAES256GCM, encOAEPMGF1, wrapKey(t, key[:16]), gcmSeal(t, key, inner)), DecryptionFailed},
		{"GCM said, CBC done", encryptedBy(t, encAES256GCM, encOAEPMGF1, wrapped, cbcSeal(t, key, inner)), DecryptionFailed},
		{"not XML", encryptedBy(t, encAES256GCM, encOAEPMGF1, wrapped, gcmSeal(t, key, "x")), DecryptionFailed},
		{"two elements", encryptedBy(t, encAES256GCM, encOAEPMGF1, wrapped, gcmSeal(t, key, inner+inner)), DecryptionFailed},
		{"DTD inside", encryptedBy(t, encAES256GCM, encOAEPMGF1, wrapped, gcmSeal(t, key, "<!DOCTYPE x>"+inner)), DecryptionFailed},
		{"comment inside", encryptedBy(t, encAES256GCM, encOAEPMGF1, wrapped, gcmSeal(t, key, swap(t, inner, subject, "a<!-- -->b"))), DecryptionFailed},
		{"another element inside", encryptedBy(t, encAES256GCM, encOAEPMGF1, wrapped, gcmSeal(t, key, "<saml:NameID xmlns:saml=\""+nsSAML+"\">x</saml:NameID>")), DecryptionFailed},
		{"unsigned assertion that the attacker encrypted", encryptedBy(t, encAES256GCM, encOAEPMGF1, wrapped, gcmSeal(t, key, bare)), SignatureMissing},
		{"changed inside", encryptedBy(t, encAES256GCM, encOAEPMGF1, wrapped, gcmSeal(t, key, swap(t, inner, subject, evil))), DigestMismatch},
		{"wrapped inside", encryptedBy(t, encAES256GCM, encOAEPMGF1, wrapped, gcmSeal(t, key, swap(t, forged(t, bare), "<saml:Subject>", swap(t, signature, "</ds:Signature>", bare+"</ds:Signature>")+"<saml:Subject>"))), AssertionMisplaced},
		{"signature hidden inside", encryptedBy(t, encAES256GCM, encOAEPMGF1, wrapped, gcmSeal(t, key, swap(t, bare, "<saml:Subject>", "<saml:Subject>"+signature))), SignatureMisplaced},
		{"encrypted beside plain", swap(t, good, "</samlp:Response>", bare+"</samlp:Response>"), AssertionCount},
		{"encrypted twice", swap(t, good, "</samlp:Response>", `<saml:EncryptedAssertion xmlns:saml="`+nsSAML+`"/></samlp:Response>`), AssertionCount},
		{"cipher reference", swap(t, good, encryptedKey, swap(t, encryptedKey, "<xenc:CipherValue>"+encode64(wrapped)+"</xenc:CipherValue>", `<xenc:CipherReference URI="https://evil.example/"/>`)), EncryptionMalformed},
		{"no key", swap(t, good, encryptedKey, ""), EncryptionMalformed},
		{"key by reference", swap(t, good, encryptedKey, `<ds:RetrievalMethod URI="https://evil.example/"/>`), EncryptionMalformed},
		{"many keys", swap(t, good, encryptedKey, strings.Repeat(encryptedKey, 5)), EncryptionMalformed},
		{"content type", swap(t, good, `<xenc:EncryptedData `, `<xenc:EncryptedData Type="`+nsXENC+`Content" `), EncryptionMalformed},
		{"unknown OAEP digest", swap(t, good, `<xenc:EncryptionMethod Algorithm="`+encOAEPMGF1+`"/>`, `<xenc:EncryptionMethod Algorithm="`+encOAEPMGF1+`"><ds:DigestMethod Algorithm="urn:x"/></xenc:EncryptionMethod>`), EncryptionAlgorithm},
		{"another label", swap(t, good, `<xenc:EncryptionMethod Algorithm="`+encOAEPMGF1+`"/>`, `<xenc:EncryptionMethod Algorithm="`+encOAEPMGF1+`"><xenc:OAEPparams>AAAA</xenc:OAEPparams></xenc:EncryptionMethod>`), DecryptionFailed},
		{"something else within", swap(t, good, "<xenc:EncryptedData ", "<x/><xenc:EncryptedData "), EncryptionMalformed},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := accept(t, c.xml)
			wantCause(t, err, c.want)
		})
	}
	// Keys for several recipients, and one beside the data, are found.
	for name, xml := range map[string]string{
		"second key": swap(t, good, encryptedKey, strings.Replace(encryptedKey, encode64(wrapped), encode64(bentKey), 1)+encryptedKey),
		"key beside": swap(t, swap(t, good, encryptedKey, `<ds:RetrievalMethod URI="#k"/>`), "</xenc:EncryptedData>", `</xenc:EncryptedData>`+
			swap(t, encryptedKey, "<xenc:EncryptedKey>", `<xenc:EncryptedKey Id="k" xmlns:xenc="`+nsXENC+`" xmlns:ds="`+nsDS+`">`)),
	} {
		if _, err := accept(t, xml); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// With CBC everything that can go wrong after decryption looks the same, be it the padding, the XML or the signature inside.
func TestCBCHasNoOracle(t *testing.T) {
	t.Parallel()
	d, err := NewDecrypter(DecrypterOptions{Keys: []crypto.Decrypter{theSP().key.(crypto.Decrypter)}, Random: rand.Reader, AllowCBC: true})
	if err != nil {
		t.Fatal(err)
	}
	o := ResponseOptions{Verifier: theIDP().verifier(t), Decrypter: d}
	inner := signedAssertionText(t)
	for _, size := range []int{16, 24, 32} {
		key := make([]byte, size)
		alg := map[int]string{16: encAES128CBC, 24: encAES192CBC, 32: encAES256CBC}[size]
		wrapped := wrapKey(t, key)
		if _, err := acceptWith(encryptedBy(t, alg, encOAEPMGF1, wrapped, cbcSeal(t, key, inner)), o, expectation()); err != nil {
			t.Fatalf("%s: %v", alg, err)
		}
		badPad := cbcSeal(t, key, inner)
		badPad[len(badPad)-17] ^= 0x7f
		for name, sealed := range map[string][]byte{
			"padding":        badPad,
			"XML":            cbcSeal(t, key, "<a>"),
			"signature":      cbcSeal(t, key, strings.Replace(inner, subject, evil, 1)),
			"no signature":   cbcSeal(t, key, "<saml:Assertion xmlns:saml=\""+nsSAML+"\"/>"),
			"half a block":   cbcSeal(t, key, inner)[:40],
			"nothing but IV": make([]byte, 16),
		} {
			_, err := acceptWith(encryptedBy(t, alg, encOAEPMGF1, wrapped, sealed), o, expectation())
			if Reason(err) != string(DecryptionFailed) || err.Error() != refuse("Response", DecryptionFailed).Error() {
				t.Errorf("%s, %s: %v", alg, name, err)
			}
		}
	}
}

func TestEncryptedNamesAndAttributesAreOpened(t *testing.T) {
	t.Parallel()
	to := theSP().recipient(t)
	a, err := sampleAssertion().element()
	if err != nil {
		t.Fatal(err)
	}
	// Replace the name and one attribute by encrypted ones, then sign.
	s := a.first(nsSAML, "Subject")
	name, err := to.encrypt("saml:EncryptedID", canonical(s.first(nsSAML, "NameID"), nil, nil))
	if err != nil {
		t.Fatal(err)
	}
	s.nodes[0] = node{el: name}
	statement := a.first(nsSAML, "AttributeStatement")
	attr, err := to.encrypt("saml:EncryptedAttribute", canonical(statement.nodes[0].el, nil, nil))
	if err != nil {
		t.Fatal(err)
	}
	statement.nodes[0] = node{el: attr}
	if err := theIDP().signer(t).enveloped(a, 1); err != nil {
		t.Fatal(err)
	}
	plain := issue(t, signed(t, false, true), nil)
	old, _ := cut(t, plain, "<saml:Assertion", "</saml:Assertion>")
	xml := swap(t, plain, old, string(canonical(a, nil, nil)))
	got, err := accept(t, xml)
	if err != nil {
		t.Fatal(err)
	}
	values := map[string]string{}
	for _, a := range got.Assertion.Attributes {
		values[a.Name] = a.Values[0]
	}
	if got.Assertion.Subject.NameID.Value != subject || values["given_name"] != "สมชาย" || values["roles"] != "a & b" {
		t.Errorf("%v", values)
	}
	_, err = acceptWith(xml, ResponseOptions{Verifier: theIDP().verifier(t)}, expectation())
	wantCause(t, err, EncryptionUnexpected)
}

// Decrypting costs more than asking: an unsigned request gets nothing decrypted.
func TestNothingIsDecryptedForAnUnsignedRequest(t *testing.T) {
	t.Parallel()
	encrypted, err := theIDP().recipient(t).encrypt("saml:EncryptedID", canonical(NameID{Value: subject}.element(), nil, nil))
	if err != nil {
		t.Fatal(err)
	}
	request := func(s *Signer) *Message {
		bare, err := sampleRequest().XML(nil)
		if err != nil {
			t.Fatal(err)
		}
		e := mustParse(t, string(bare))
		e.insert(1, build("saml:Subject").add(encrypted))
		raw, err := finish("test", e, s)
		if err != nil {
			t.Fatal(err)
		}
		m, err := FromPOST(postForm("SAMLRequest", string(raw)), Limits{})
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	d := theIDP().decrypter(t)
	_, err = request(nil).AuthnRequest(theSP().verifier(t), d, SignatureOptional)
	wantCause(t, err, EncryptionUnexpected)
	q, err := request(theSP().signer(t)).AuthnRequest(theSP().verifier(t), d, SignatureRequired)
	if err != nil || q.Subject == nil || q.Subject.Value != subject {
		t.Errorf("signed: %v", err)
	}
	want := sampleRequest()
	want.Subject = &NameID{Value: subject, Format: FormatPersistent}
	raw, err := want.XML(nil)
	if err != nil {
		t.Fatal(err)
	}
	m, err := FromPOST(postForm("SAMLRequest", string(raw)), Limits{})
	if err != nil {
		t.Fatal(err)
	}
	if q, err := m.AuthnRequest(nil, nil, SignatureOptional); err != nil || *q.Subject != *want.Subject {
		t.Errorf("plain: %v", err)
	}
}
