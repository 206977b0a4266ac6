package samlmsg

import (
	"bytes"
	"crypto"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/beevik/etree"
	xrv "github.com/mattermost/xml-roundtrip-validator"
	dsig "github.com/russellhaering/goxmldsig"

	"onedoor/hub"
)

// FuzzParse holds the parser to three promises: what it takes survives the round-trip validator; its canonical form reads back
// as the same canonical form; and another implementation of canonicalization agrees.
func FuzzParse(f *testing.F) {
	for _, s := range []string{
		issue(f, signed(f, true, true), nil), metadataXML(f, nil, nil),
		`<a xmlns="urn:d" xmlns:b="urn:b" b:c="1" d="2"><b:e xmlns:b="urn:c"/>t<![CDATA[<x>]]></a>`,
		`<a><b xmlns=""/></a>`, `<a x="&#x9;&#xA;&#xD;&quot;">&#xD;&gt;</a>`, `<?xml version="1.0"?><a/>`, `<!DOCTYPE a><a/>`, `<a :b="1"/>`, `<ไทย/>`,
		"\xef\xbb\xbf<a/>", `<a xmlns:x="urn:x"><x:b x:c="1"/></a>`, `<a id="1" Id="1"/>`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		limits := Limits{Bytes: 1 << 16, Depth: 20, Nodes: 500, RelayState: 80}
		e, err := parse(raw, limits, false)
		if err != nil {
			if _, ok := err.(Cause); !ok { //nolint:errorlint // bare causes only
				t.Fatalf("not a cause: %v", err)
			}
			return
		}
		if err := xrv.Validate(bytes.NewReader(raw)); err != nil {
			t.Fatalf("the round-trip validator refuses what was taken: %v", err)
		}
		once := canonical(e, nil, nil)
		again, err := parse(once, Limits{Bytes: len(once), Depth: 20, Nodes: 10_000, RelayState: 80}, false)
		if err != nil {
			t.Fatalf("canonical form is refused: %v", err)
		}
		if twice := canonical(again, nil, nil); !bytes.Equal(once, twice) {
			t.Fatalf("not stable:\n%s\n%s", once, twice)
		}
		doc := etree.NewDocument()
		if doc.ReadFromBytes(raw) != nil || !comparable(e) {
			return
		}
		theirs, err := dsig.MakeC14N10ExclusiveCanonicalizerWithPrefixList("").Canonicalize(doc.Root())
		if err == nil && !bytes.Equal(theirs, once) {
			t.Fatalf("they say\n%s\nwe say\n%s", theirs, once)
		}
	})
}

// comparable leaves out where the other implementation is known to be wrong: xmlns="", the xml prefix, and the order of
// attributes of two prefixes.
func comparable(e *element) bool {
	return e.walk(func(x *element) error {
		prefixed := 0
		for _, a := range x.attrs {
			if a.prefix != "" {
				prefixed++
			}
			if a.prefix == "xml" {
				return XMLNamespace
			}
		}
		for _, d := range x.decls {
			if d.uri == "" || d.prefix == "xml" {
				return XMLNamespace
			}
		}
		if prefixed > 1 || x.prefix == "xml" {
			return XMLNamespace
		}
		return nil
	}) == nil
}

// FuzzMessage: whatever comes by POST, nothing panics, every refusal has a cause, and nobody but the provider is believed.
func FuzzMessage(f *testing.F) {
	v, d := theIDP().verifier(f), theSP().decrypter(f)
	o := signed(f, true, true)
	o.Encrypt = theSP().recipient(f)
	logout, err := sampleLogout().XML(theIDP().signer(f), theSP().recipient(f))
	if err != nil {
		f.Fatal(err)
	}
	request, err := sampleRequest().XML(nil)
	if err != nil {
		f.Fatal(err)
	}
	for _, s := range []string{issue(f, signed(f, true, true), nil), issue(f, signed(f, false, true), nil), issue(f, o, nil), string(logout), string(request), string(SOAP(logout))} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		for _, parameter := range []string{paramRequest, paramResponse} {
			m, err := FromPOST(postForm(parameter, string(raw)), Limits{})
			if err != nil {
				known(t, err)
				continue
			}
			_, _, _ = m.ClaimedIssuer(), m.ClaimedInResponseTo(), m.ClaimsSignature()
			if q, err := m.AuthnRequest(v, d, SignatureOptional); err == nil {
				_, err = CheckAuthnRequest(q, RequestExpectation{Now: noon, Destination: ssoURL, Issuer: spID, SP: consumers()})
				known(t, err)
				c, _ := NewContexts(StandardClasses())
				_, err = c.Evaluate(q.Context)
				known(t, err)
			} else {
				known(t, err)
			}
			if q, err := m.LogoutRequest(v, d); err == nil {
				if q.NameID.Value != subject {
					t.Fatal("a forged logout")
				}
			} else {
				known(t, err)
			}
			_, err = m.LogoutResponse(v)
			known(t, err)
			r, err := m.Response(ResponseOptions{Verifier: v, Decrypter: d, UnsignedFailure: true})
			known(t, err)
			if err == nil && r.Assertion != nil && (r.Assertion.Subject.NameID == nil || r.Assertion.Subject.NameID.Value != subject) {
				t.Fatal("a forged assertion")
			}
		}
		if m, err := FromSOAP(raw, Limits{}); err == nil {
			_, err = m.LogoutRequest(v, d)
			known(t, err)
		} else {
			known(t, err)
		}
	})
}

func known(t *testing.T, err error) {
	t.Helper()
	if err != nil && Cause(Reason(err)).Kind() == "" {
		t.Fatalf("no cause: %v", err)
	}
}

// FuzzRedirect: no query panics or passes without the signature.
func FuzzRedirect(f *testing.F) {
	v := theSP().verifier(f)
	good := redirect(f, sampleRequest(), "state", theSP().signer(f))
	f.Add(good)
	f.Add(strings.Replace(good, "&RelayState=state", "", 1))
	f.Add("SAMLRequest=%21&SAMLRequest=x")
	f.Add("SAMLResponse=" + url.QueryEscape(encode64([]byte{1, 2, 3})))
	f.Fuzz(func(t *testing.T, query string) {
		m, err := FromRedirect(query, Limits{})
		if err != nil {
			known(t, err)
			return
		}
		q, err := m.AuthnRequest(v, nil, SignatureRequired)
		known(t, err)
		if err == nil && (q.ID != reqID || !q.ForceAuthn) {
			t.Fatal("a forged request")
		}
	})
}

// FuzzMetadata: no document panics, every refusal has a cause, and no location that is taken is one to run.
func FuzzMetadata(f *testing.F) {
	f.Add([]byte(metadataXML(f, nil, theIDP().signer(f))))
	f.Add([]byte(metadataXML(f, nil, nil)))
	f.Add([]byte(`<EntitiesDescriptor xmlns="` + nsMD + `" cacheDuration="P1D"><EntityDescriptor entityID="a"/></EntitiesDescriptor>`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		m, err := ParseMetadata(raw, MetadataOptions{Now: noon, Limits: Limits{Bytes: 1 << 18, Nodes: 5000}})
		if err != nil {
			known(t, err)
			return
		}
		for _, e := range m.Entities {
			if e.SP == nil {
				continue
			}
			for _, a := range e.SP.AssertionConsumers {
				if !strings.HasPrefix(strings.ToLower(a.Location), "http") {
					t.Fatalf("%q", a.Location)
				}
			}
		}
		if len(m.Entities) == 1 {
			d := m.Entities[0]
			if raw, err := d.XML(nil); err == nil {
				if _, err := ParseMetadata(raw, MetadataOptions{Now: noon}); err != nil {
					t.Fatalf("what we wrote of it can't be read: %v", err)
				}
			}
		}
	})
}

// FuzzDecrypt: no ciphertext panics or tells more than that it failed.
func FuzzDecrypt(f *testing.F) {
	keys := []crypto.Decrypter{theSP().key.(crypto.Decrypter)}
	d, err := NewDecrypter(DecrypterOptions{Keys: keys, Random: theSP().decrypter(f).random, AllowCBC: true})
	if err != nil {
		f.Fatal(err)
	}
	e, err := theSP().recipient(f).encrypt("saml:EncryptedID", canonical(NameID{Value: subject}.element(), nil, nil))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(canonical(e, nil, nil))
	f.Fuzz(func(t *testing.T, raw []byte) {
		e, err := parse(raw, MessageLimits(), false)
		if err != nil {
			return
		}
		if _, err := d.decrypt(e, nsSAML, "NameID"); err != nil {
			if hub.KindOf(err) != hub.Internal && Reason(err) == "" {
				t.Fatal(err)
			}
		}
	})
}

// FuzzScalars: times and durations.
func FuzzScalars(f *testing.F) {
	for _, s := range []string{"2026-11-21T12:00:00Z", "P1DT6H30M1.5S", "PT", "-P1D", "9999-99-99T99:99:99Z"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if at, ok := parseTime(s); ok {
			if back, ok := parseTime(formatTime(at)); !ok || !back.Equal(at.Truncate(time.Millisecond)) {
				t.Fatalf("%q", s)
			}
		}
		if d, ok := parseDuration(s); ok && (d < 0 || d > 2*maxDuration) {
			t.Fatalf("%q = %v", s, d)
		}
	})
}
