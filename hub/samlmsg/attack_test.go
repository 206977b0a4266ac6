package samlmsg

import (
	"strings"
	"testing"
	"time"
)

const evil = "pairwise-subject-of-the-attacker"

// assertionOf gives the assertion's text, the signature inside of it, and both without each other.
func assertionOf(tb testing.TB, xml string) (assertion, signature, bare string) {
	tb.Helper()
	assertion, _ = cut(tb, xml, "<saml:Assertion", "</saml:Assertion>")
	signature, bare = cut(tb, assertion, "<ds:Signature ", "</ds:Signature>")
	return assertion, signature, bare
}

// forged is the assertion with another subject, and another ID.
func forged(tb testing.TB, assertion string) string {
	tb.Helper()
	return swap(tb, swap(tb, assertion, subject, evil), asrtID, "_evil")
}

// The attack corpus: every message is made from one that is accepted, and must be refused for its own reason.
func TestAttackCorpusIsRefusedEachForItsOwnReason(t *testing.T) {
	t.Parallel()
	byAssertion := issue(t, signed(t, false, true), nil)
	byResponse := issue(t, signed(t, true, false), nil)
	byBoth := issue(t, signed(t, true, true), nil)
	for name, good := range map[string]string{"assertion": byAssertion, "response": byResponse, "both": byBoth} {
		got, err := accept(t, good)
		if err != nil {
			t.Fatalf("the untouched response (signed: %s) is refused: %v", name, err)
		}
		if got.Assertion.Subject.NameID.Value != subject {
			t.Fatalf("%s: another subject", name)
		}
	}
	asrt, sig, bare := assertionOf(t, byAssertion)
	shell := strings.Replace(byAssertion, asrt, "@", 1) // the response with a hole
	fill := func(s string) string { return strings.Replace(shell, "@", s, 1) }
	respSig, respBare := cut(t, byResponse, "<ds:Signature ", "</ds:Signature>")
	evilResp := swap(t, forged(t, respBare), respID, "_evil-response")

	cases := []struct {
		name string
		xml  string
		want Cause
	}{
		// Signature wrapping, numbered as in the literature.
		{
			"XSW1 original response inside the signature of a forged one",
			swap(t, evilResp, "<samlp:Status>", swap(t, respSig, "</ds:Signature>", respBare+"</ds:Signature>")+"<samlp:Status>"), AssertionMisplaced,
		},
		{"XSW2 original response beside the signature in a forged one", swap(t, evilResp, "<samlp:Status>", respBare+respSig+"<samlp:Status>"), AssertionMisplaced},
		{"XSW3 forged assertion before the original", fill(forged(t, bare) + asrt), AssertionCount},
		{"XSW3b forged assertion after the original", fill(asrt + forged(t, bare)), AssertionCount},
		{"XSW4 original inside the forged assertion", fill(swap(t, forged(t, bare), "</saml:Assertion>", asrt+"</saml:Assertion>")), AssertionMisplaced},
		{"XSW5 signature moved into the forged assertion, original beside", fill(swap(t, forged(t, bare), "<saml:Subject>", sig+"<saml:Subject>") + bare), AssertionCount},
		{
			"XSW6 original inside the moved signature",
			fill(swap(t, forged(t, bare), "<saml:Subject>", swap(t, sig, "</ds:Signature>", bare+"</ds:Signature>")+"<saml:Subject>")), AssertionMisplaced,
		},
		{"XSW7 forged assertion in Extensions", swap(t, byAssertion, "<samlp:Status>", "<samlp:Extensions>"+forged(t, bare)+"</samlp:Extensions><samlp:Status>"), AssertionMisplaced},
		{
			"XSW8 original in an Object of the moved signature",
			fill(swap(t, forged(t, bare), "<saml:Subject>", swap(t, sig, "</ds:Signature>", "<ds:Object>"+bare+"</ds:Object></ds:Signature>")+"<saml:Subject>")), AssertionMisplaced,
		},
		{
			"XSW9 original in the Advice of the forged assertion",
			fill(swap(t, forged(t, bare), "<saml:AuthnStatement", "<saml:Advice>"+asrt+"</saml:Advice><saml:AuthnStatement")), AssertionMisplaced,
		},
		{"signature moved, original thrown away", fill(swap(t, forged(t, bare), "<saml:Subject>", sig+"<saml:Subject>")), SignatureTarget},
		{"signature moved, forged assertion takes the original's ID", fill(swap(t, swap(t, bare, subject, evil), "<saml:Subject>", sig+"<saml:Subject>")), DigestMismatch},
		{"signature moved up to the response", swap(t, fill(bare), "<samlp:Status>", sig+"<samlp:Status>"), SignatureTarget},
		{
			"signature of the assertion hidden in the status",
			swap(t, fill(bare), "</samlp:Status>", "<samlp:StatusDetail>"+sig+"</samlp:StatusDetail></samlp:Status>"), SignatureMisplaced,
		},
		{"object in the signature", swap(t, byAssertion, "</ds:Signature>", "<ds:Object></ds:Object></ds:Signature>"), SignatureMalformed},
		{"two signatures", fill(swap(t, asrt, "<saml:Subject>", sig+"<saml:Subject>")), SignatureMultiple},
		{"unsigned response with unsigned assertion", fill(bare), SignatureMissing},
		{"unsigned assertion next to the signed one in a signed response", swap(t, byResponse, "</samlp:Response>", forged(t, bare)+"</samlp:Response>"), DigestMismatch},
		{"two IDs alike", fill(asrt + swap(t, bare, subject, evil)), XMLDuplicateID},
		{"two IDs alike, another spelling", swap(t, byAssertion, "<saml:Subject>", `<saml:Subject Id="`+asrtID+`">`), XMLDuplicateID},
		{"two IDs alike, xml:id", swap(t, byAssertion, "<saml:Subject>", `<saml:Subject xml:id="`+asrtID+`">`), XMLDuplicateID},

		// What was signed was changed.
		{"subject changed", swap(t, byAssertion, subject, evil), DigestMismatch},
		{"subject changed under the response's signature", swap(t, byResponse, subject, evil), DigestMismatch},
		{"digest changed", swap(t, byAssertion, "<ds:DigestValue>", "<ds:DigestValue>AAAA"), SignatureMismatch},
		{"signature value longer", swap(t, byAssertion, "<ds:SignatureValue>", "<ds:SignatureValue>AAAA"), SignatureMismatch},
		{"signature value with something behind", swap(t, byAssertion, "</ds:SignatureValue>", "AAAA</ds:SignatureValue>"), SignatureMalformed},
		{"signature value no base64", swap(t, byAssertion, "<ds:SignatureValue>", "<ds:SignatureValue>!"), SignatureMalformed},
		{"attribute without namespace turned into one with", swap(t, byAssertion, `<saml:NameID Format=`, `<saml:NameID saml:Format=`), DigestMismatch},
		{"prefix bound to another namespace", swap(t, byAssertion, `<saml:Subject>`, `<saml:Subject xmlns:saml="urn:x">`), DigestMismatch},

		// Text that two readers might see differently.
		{"comment in NameID", swap(t, byAssertion, subject, subject[:8]+"<!-- -->"+subject[8:]), XMLComment},
		{"comment anywhere", swap(t, byAssertion, "<samlp:Status>", "<!--x--><samlp:Status>"), XMLComment},
		{"processing instruction in NameID", swap(t, byAssertion, subject, subject[:8]+"<?x y?>"+subject[8:]), XMLInstruction},
		{"element in NameID", swap(t, byAssertion, subject, subject+"<x></x>"), DigestMismatch},
		{"DTD", `<!DOCTYPE x []>` + byAssertion, XMLDoctype},
		{"entity bomb", `<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>` + swap(t, byAssertion, subject, "&b;"), XMLDoctype},
		{"external entity", `<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>` + swap(t, byAssertion, subject, "&a;"), XMLDoctype},
		{"undefined entity", swap(t, byAssertion, subject, "&a;"), XMLMalformed},
		{"second root", byAssertion + byAssertion, XMLMalformed},
		{"text behind the root", byAssertion + "x", XMLMalformed},
		{"cut short", byAssertion[:len(byAssertion)-3], XMLMalformed},
		{"attribute twice", swap(t, byAssertion, `<saml:NameID Format=`, `<saml:NameID Format="x" Format=`), XMLDuplicateAttribute},
		{"attribute twice by namespace", swap(t, byAssertion, `<saml:Subject>`, `<saml:Subject xmlns:a="urn:x" xmlns:b="urn:x" a:c="1" b:c="2">`), XMLDuplicateAttribute},
		{"undeclared prefix", swap(t, byAssertion, `<saml:Subject>`, `<saml:Subject foo:x="1">`), XMLNamespace},
		{"xml prefix bound elsewhere", swap(t, byAssertion, `<saml:Subject>`, `<saml:Subject xmlns:xml="urn:x">`), XMLNamespace},
		{"prefix undeclared again", swap(t, byAssertion, `<saml:Subject>`, `<saml:Subject xmlns:saml="">`), XMLNamespace},
		{"round trip: colon at the end of a name", swap(t, byAssertion, `<saml:Subject>`, `<saml:Subject x:="y">`), XMLRoundTrip},
		{"round trip: colon in front of a name", swap(t, byAssertion, `<saml:Subject>`, `<saml:Subject :x="y">`), XMLRoundTrip},
		{"too deep", strings.Repeat("<a>", 60) + strings.Repeat("</a>", 60), XMLTooDeep},
		{"too many elements", "<a>" + strings.Repeat("<b/>", 20_000) + "</a>", XMLTooManyNodes},
		{"too many attributes", "<a" + manyAttributes(80) + "/>", XMLTooManyNodes},
		{"too big", "<a>" + strings.Repeat("x", 300<<10) + "</a>", XMLTooBig},
		{"another charset", `<?xml version="1.0" encoding="UTF-7"?>` + byAssertion, XMLMalformed},

		// Not a response of ours.
		{"another element", strings.ReplaceAll(byAssertion, "samlp:Response", "samlp:ArtifactResponse"), MessageUnknown},
		{"another namespace", strings.ReplaceAll(byAssertion, nsSAMLP, "urn:oasis:names:tc:SAML:1.0:protocol"), MessageUnknown},
		{"another version", swap(t, byAssertion, `Version="2.0"`, `Version="1.1"`), MessageVersion},
		{"two statuses", swap(t, byAssertion, "<samlp:Status>", `<samlp:Status><samlp:StatusCode Value="`+StatusSuccess+`"></samlp:StatusCode></samlp:Status><samlp:Status>`), MessageMalformed},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := accept(t, c.xml)
			wantCause(t, err, c.want)
		})
	}
}

func manyAttributes(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(" a" + strings.Repeat("b", i) + `="1"`)
	}
	return b.String()
}

// The attacker's own key makes a perfect signature and brings the certificate along: KeyInfo is never looked at.
func TestAttackKeyInfoConfusion(t *testing.T) {
	t.Parallel()
	byAttacker := issue(t, IssueOptions{Assertion: attacker().signer(t), Response: attacker().signer(t)}, nil)
	_, err := accept(t, byAttacker)
	wantCause(t, err, SignatureMismatch)

	// The attacker's signature beside the certificate of the real provider.
	his, _ := cut(t, byAttacker, "<ds:X509Certificate>", "</ds:X509Certificate>")
	good := issue(t, signed(t, true, true), nil)
	real, _ := cut(t, good, "<ds:X509Certificate>", "</ds:X509Certificate>")
	_, err = accept(t, strings.ReplaceAll(byAttacker, his, real))
	wantCause(t, err, SignatureMismatch)
}

func TestAttackOnTheContentOfASignedResponse(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		change func(*Response)
		want   Cause
	}{
		{"wrong destination", func(r *Response) { r.Destination = "https://other.example/acs" }, DestinationMismatch},
		{"no destination", func(r *Response) { r.Destination = "" }, DestinationMissing},
		{"wrong recipient", func(r *Response) { r.Assertion.Subject.Confirmations[0].Recipient = "https://other.example/acs" }, RecipientMismatch},
		{"no recipient", func(r *Response) { r.Assertion.Subject.Confirmations[0].Recipient = "" }, RecipientMismatch},
		{"wrong audience", func(r *Response) { r.Assertion.Conditions.Audiences = [][]string{{"https://other.example"}} }, AudienceMismatch},
		{"second restriction unmet", func(r *Response) {
			r.Assertion.Conditions.Audiences = [][]string{{spID}, {"https://other.example"}}
		}, AudienceMismatch},
		{"no audience", func(r *Response) { r.Assertion.Conditions.Audiences = nil }, AudienceMissing},
		{"response of another request", func(r *Response) { r.InResponseTo = "_other" }, InResponseToMismatch},
		{"confirmation of another request", func(r *Response) { r.Assertion.Subject.Confirmations[0].InResponseTo = "_other" }, InResponseToMismatch},
		{"response to no request", func(r *Response) { r.InResponseTo = "" }, Unsolicited},
		{"confirmation to no request", func(r *Response) { r.Assertion.Subject.Confirmations[0].InResponseTo = "" }, Unsolicited},
		{"another issuer of the response", func(r *Response) { r.Issuer = "https://other.example" }, IssuerMismatch},
		{"another issuer of the assertion", func(r *Response) { r.Assertion.Issuer = "https://other.example" }, IssuerMismatch},
		{"response too old", func(r *Response) { r.IssueInstant = noon.Add(-time.Hour) }, IssuedTooLongAgo},
		{"response of tomorrow", func(r *Response) { r.IssueInstant = noon.Add(time.Hour) }, IssuedInFuture},
		{"assertion too old", func(r *Response) { r.Assertion.IssueInstant = noon.Add(-time.Hour) }, IssuedTooLongAgo},
		{"assertion of tomorrow", func(r *Response) { r.Assertion.IssueInstant = noon.Add(time.Hour) }, IssuedInFuture},
		{"conditions ended", func(r *Response) { r.Assertion.Conditions.NotOnOrAfter = noon.Add(-time.Minute) }, Expired},
		{"conditions not begun", func(r *Response) { r.Assertion.Conditions.NotBefore = noon.Add(time.Minute) }, NotYetValid},
		{"confirmation ended", func(r *Response) { r.Assertion.Subject.Confirmations[0].NotOnOrAfter = noon.Add(-time.Minute) }, ConfirmationExpired},
		{"confirmation endless", func(r *Response) { r.Assertion.Subject.Confirmations[0].NotOnOrAfter = time.Time{} }, ConfirmationExpired},
		{"confirmation for a year", func(r *Response) { r.Assertion.Subject.Confirmations[0].NotOnOrAfter = noon.AddDate(1, 0, 0) }, ConfirmationTooLong},
		{"confirmation with a beginning", func(r *Response) { r.Assertion.Subject.Confirmations[0].NotBefore = noon.Add(-time.Minute) }, ConfirmationNotBefore},
		{"holder of key only", func(r *Response) {
			r.Assertion.Subject.Confirmations[0].Method = "urn:oasis:names:tc:SAML:2.0:cm:holder-of-key"
		}, ConfirmationMissing},
		{"session ended", func(r *Response) { r.Assertion.Authn[0].SessionNotOnOrAfter = noon.Add(-time.Minute) }, SessionExpired},
		{"authenticated tomorrow", func(r *Response) { r.Assertion.Authn[0].AuthnInstant = noon.Add(time.Hour) }, AuthnInFuture},
		{"two authentications", func(r *Response) { r.Assertion.Authn = append(r.Assertion.Authn, r.Assertion.Authn[0]) }, AuthnMultiple},
		{"no success", func(r *Response) {
			r.Status, r.Assertion = Status{Code: StatusResponder, Second: StatusAuthnFailed}, nil
		}, StatusNotSuccess},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := accept(t, issue(t, signed(t, true, true), c.change))
			wantCause(t, err, c.want)
			// The same, signed as little as one may.
			if c.want != StatusNotSuccess {
				_, err = accept(t, issue(t, signed(t, false, true), c.change))
				wantCause(t, err, c.want)
			}
		})
	}
}

// resigned builds a response whose SignedInfo was changed before it was signed with the provider's own key, so that only the
// profile stands against it.
func resigned(t *testing.T, change func(string) string) string {
	t.Helper()
	xml := issue(t, signed(t, false, true), nil)
	info, _ := cut(t, xml, "<ds:SignedInfo>", "</ds:SignedInfo>")
	e, err := parse([]byte(strings.Replace(change(info), "<ds:SignedInfo>", `<ds:SignedInfo xmlns:ds="`+nsDS+`">`, 1)), MessageLimits(), false)
	if err != nil {
		t.Fatal(err)
	}
	value, err := theIDP().signer(t).octets(canonical(e, nil, nil))
	if err != nil {
		t.Fatal(err)
	}
	old, _ := cut(t, xml, "<ds:SignatureValue>", "</ds:SignatureValue>")
	xml = swap(t, xml, old, "<ds:SignatureValue>"+encode64(value)+"</ds:SignatureValue>")
	return swap(t, xml, info, change(info))
}

func TestAttackOnTheProfileOfTheSignature(t *testing.T) {
	t.Parallel()
	// To prove the tool: unchanged, it is accepted.
	if _, err := accept(t, resigned(t, func(s string) string { return s })); err != nil {
		t.Fatalf("a signature made anew is refused: %v", err)
	}
	reference := func(s string) string { r, _ := cut(t, s, "<ds:Reference", "</ds:Reference>"); return r }
	for _, c := range []struct {
		name   string
		change func(string) string
		want   Cause
	}{
		{"RSA-SHA1", func(s string) string { return swap(t, s, algRSASHA256, nsDS+"rsa-sha1") }, SignatureAlgorithm},
		{"HMAC with the certificate as secret", func(s string) string {
			return swap(t, s, algRSASHA256, "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256")
		}, SignatureAlgorithm},
		{"RSA-MD5", func(s string) string {
			return swap(t, s, algRSASHA256, "http://www.w3.org/2001/04/xmldsig-more#rsa-md5")
		}, SignatureAlgorithm},
		{"no algorithm", func(s string) string { return swap(t, s, algRSASHA256, "") }, SignatureAlgorithm},
		{"HMACOutputLength", func(s string) string {
			return swap(t, s, `rsa-sha256"></ds:SignatureMethod>`, `rsa-sha256"><ds:HMACOutputLength>8</ds:HMACOutputLength></ds:SignatureMethod>`)
		}, SignatureAlgorithm},
		{"ECDSA with an RSA key", func(s string) string { return swap(t, s, algRSASHA256, algECDSASHA256) }, SignatureKey},
		{"another RSA hash", func(s string) string { return swap(t, s, algRSASHA256, algRSASHA512) }, SignatureMismatch},
		{"SHA-1 digest", func(s string) string { return swap(t, s, digestSHA256, nsDS+"sha1") }, SignatureDigest},
		{"digest of another length", func(s string) string { return swap(t, s, digestSHA256, digestSHA512) }, DigestMismatch},
		{"empty reference", func(s string) string { return swap(t, s, `URI="#`+asrtID+`"`, `URI=""`) }, SignatureTarget},
		{"no URI", func(s string) string { return swap(t, s, ` URI="#`+asrtID+`"`, ``) }, SignatureTarget},
		{"bare hash", func(s string) string { return swap(t, s, `URI="#`+asrtID+`"`, `URI="#"`) }, SignatureTarget},
		{"XPointer", func(s string) string { return swap(t, s, `URI="#`+asrtID+`"`, `URI="#xpointer(id('`+asrtID+`'))"`) }, SignatureTarget},
		{"external reference", func(s string) string {
			return swap(t, s, `URI="#`+asrtID+`"`, `URI="https://evil.example/#`+asrtID+`"`)
		}, SignatureTarget},
		{"reference to the response", func(s string) string { return swap(t, s, `URI="#`+asrtID+`"`, `URI="#`+respID+`"`) }, SignatureTarget},
		{"two references", func(s string) string { return swap(t, s, "</ds:Reference>", "</ds:Reference>"+reference(s)) }, SignatureReference},
		{"no reference", func(s string) string { return swap(t, s, reference(s), "") }, SignatureReference},
		{"inclusive canonicalization of SignedInfo", func(s string) string {
			return swap(t, s, `CanonicalizationMethod Algorithm="`+c14nExclusive, `CanonicalizationMethod Algorithm="http://www.w3.org/TR/2001/REC-xml-c14n-20010315`)
		}, SignatureC14N},
		{"canonicalization with comments", func(s string) string {
			return swap(t, s, `Transform Algorithm="`+c14nExclusive, `Transform Algorithm="`+c14nExclusive+"WithComments")
		}, SignatureTransform},
		{"XSLT transform", func(s string) string {
			return swap(t, s, `Transform Algorithm="`+c14nExclusive, `Transform Algorithm="http://www.w3.org/TR/1999/REC-xslt-19991116`)
		}, SignatureTransform},
		{"XPath transform", func(s string) string {
			return swap(t, s, "</ds:Transforms>", `<ds:Transform Algorithm="http://www.w3.org/TR/1999/REC-xpath-19991116"><ds:XPath>not(self::x)</ds:XPath></ds:Transform></ds:Transforms>`)
		}, SignatureTransform},
		{"no enveloped transform", func(s string) string {
			return swap(t, s, `<ds:Transform Algorithm="`+enveloped+`"></ds:Transform>`, "")
		}, SignatureTransform},
		{"no canonicalization transform", func(s string) string {
			return swap(t, s, `<ds:Transform Algorithm="`+c14nExclusive+`"></ds:Transform>`, "")
		}, SignatureTransform},
		{"no transforms", func(s string) string {
			l, _ := cut(t, s, "<ds:Transforms>", "</ds:Transforms>")
			return swap(t, s, l, "")
		}, SignatureTransform},
		{"enveloped twice", func(s string) string {
			one := `<ds:Transform Algorithm="` + enveloped + `"></ds:Transform>`
			return swap(t, s, one, one+one)
		}, SignatureTransform},
		{"transforms the other way round", func(s string) string {
			l, _ := cut(t, s, "<ds:Transforms>", "</ds:Transforms>")
			return swap(t, s, l, `<ds:Transforms><ds:Transform Algorithm="`+c14nExclusive+`"></ds:Transform><ds:Transform Algorithm="`+enveloped+`"></ds:Transform></ds:Transforms>`)
		}, SignatureTransform},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := accept(t, resigned(t, c.change))
			wantCause(t, err, c.want)
		})
	}
}
