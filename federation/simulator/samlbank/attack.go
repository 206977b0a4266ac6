package samlbank

import (
	"strings"
)

// forgers turn a good answer, plain and signed as little as one may, into an attack. They work on the text, as attackers do.
var forgers = map[Fault]func(xml string) string{
	Unsigned: func(xml string) string { return strings.ReplaceAll(xml, signature(xml), "") },
	SHA1: func(xml string) string {
		return strings.ReplaceAll(xml, "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", "http://www.w3.org/2000/09/xmldsig#rsa-sha1")
	},
	SHA1Digest: func(xml string) string {
		return strings.ReplaceAll(xml, `DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"`, `DigestMethod Algorithm="http://www.w3.org/2000/09/xmldsig#sha1"`)
	},
	HMAC: func(xml string) string {
		return strings.ReplaceAll(xml, "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256")
	},
	SubjectChanged: func(xml string) string { return strings.Replace(xml, nameOf(xml), "s-of-the-attacker", 1) },
	CommentInName:  func(xml string) string { return strings.Replace(xml, nameOf(xml), nameOf(xml)+"<!---->.evil", 1) },
	Doctype:        func(xml string) string { return "<!DOCTYPE x [<!ENTITY a \"b\">]>" + xml },
	EntityBomb: func(xml string) string {
		var b strings.Builder
		b.WriteString(`<!DOCTYPE x [<!ENTITY a0 "aaaaaaaaaa">`)
		for i := range 9 {
			b.WriteString("<!ENTITY a" + string(rune('1'+i)) + ` "` + strings.Repeat("&a"+string(rune('0'+i))+";", 10) + `">`)
		}
		return b.String() + "]>" + strings.Replace(xml, nameOf(xml), "&a9;", 1)
	},
	DuplicateIDs:  func(xml string) string { a := assertion(xml); return strings.Replace(xml, a, a+without(a), 1) },
	TwoAssertions: func(xml string) string { a := assertion(xml); return strings.Replace(xml, a, a+evil(without(a)), 1) },
	XSW1: func(xml string) string {
		s, bare := signature(xml), without(xml)
		return before(evil(bare), "<samlp:Status>", before(s, "</ds:Signature>", bare))
	},
	XSW2: func(xml string) string {
		s, bare := signature(xml), without(xml)
		return before(evil(bare), "<samlp:Status>", bare+s)
	},
	XSW3: func(xml string) string { a := assertion(xml); return strings.Replace(xml, a, evil(without(a))+a, 1) },
	XSW4: func(xml string) string {
		a := assertion(xml)
		return strings.Replace(xml, a, before(evil(without(a)), "</saml:Assertion>", a), 1)
	},
	XSW5: func(xml string) string {
		a := assertion(xml)
		return strings.Replace(xml, a, before(evil(without(a)), "<saml:Subject>", signature(a))+without(a), 1)
	},
	XSW6: func(xml string) string {
		a := assertion(xml)
		return strings.Replace(xml, a, before(evil(without(a)), "<saml:Subject>", before(signature(a), "</ds:Signature>", without(a))), 1)
	},
	XSW7: func(xml string) string {
		return before(xml, "<samlp:Status>", "<samlp:Extensions>"+evil(without(assertion(xml)))+"</samlp:Extensions>")
	},
	XSW8: func(xml string) string {
		a := assertion(xml)
		return strings.Replace(xml, a, before(evil(without(a)), "<saml:Subject>", before(signature(a), "</ds:Signature>", "<ds:Object>"+without(a)+"</ds:Object>")), 1)
	},
	NotXML: func(string) string { return "hello" },
	OtherMessage: func(xml string) string {
		return strings.ReplaceAll(xml, "samlp:Response", "samlp:LogoutResponse")
	},
}

// touched reports whether the answer will be forged, for which it must be plain.
func (a answer) touched() bool {
	for fault := range a.faults {
		if forgers[fault] != nil {
			return true
		}
	}
	return a.faults[RogueKeyInfo]
}

// forge makes an attack of the answer where a fault says so.
func (b *Bank) forge(a answer, xml []byte) ([]byte, error) {
	text := string(xml)
	if a.faults[RogueKeyInfo] {
		rogue, err := b.stranger()
		if err != nil {
			return nil, err
		}
		text = strings.ReplaceAll(text, encode(rogue.Certificate().Raw), encode(b.signer().Certificate().Raw))
	}
	for _, t := range texts { // in their order, so that two at once always give the same
		if forge := forgers[t.fault]; forge != nil && a.faults[t.fault] {
			text = forge(text)
		}
	}
	return []byte(text), nil
}

// part gives the first element of a name with its content, "" where there is none.
func part(xml, open, end string) string {
	i := strings.Index(xml, open)
	if i < 0 {
		return ""
	}
	j := strings.Index(xml[i:], end)
	if j < 0 {
		return ""
	}
	return xml[i : i+j+len(end)]
}

func assertion(xml string) string { return part(xml, "<saml:Assertion", "</saml:Assertion>") }

func signature(xml string) string { return part(xml, "<ds:Signature ", "</ds:Signature>") }

func without(xml string) string { return strings.Replace(xml, signature(xml), "", 1) }

func nameOf(xml string) string {
	name := part(xml, "<saml:NameID", "</saml:NameID>")
	return strings.TrimSuffix(name[strings.Index(name, ">")+1:], "</saml:NameID>")
}

// evil gives the element the attacker's subject and IDs of its own.
func evil(xml string) string {
	return strings.ReplaceAll(strings.Replace(xml, nameOf(xml), "s-of-the-attacker", 1), ` ID="_`, ` ID="_evil-`)
}

// before puts a text in front of the first place where another stands.
func before(xml, place, text string) string { return strings.Replace(xml, place, text+place, 1) }
