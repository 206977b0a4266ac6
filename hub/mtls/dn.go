package mtls

import (
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/hex"
	"slices"
	"strings"
	"unicode/utf8"

	"onedoor/hub"
)

const (
	longestDN = 1024 // bytes
	mostParts = 32
)

// name is a distinguished name in the order of a certificate: relative names, each a sorted list of "type=value".
type name [][]string

// equal compares them exactly: same types, same values to the letter, same order. That is stricter than directories are, and never laxer.
func (n name) equal(other name) bool {
	return len(n) > 0 && slices.EqualFunc(n, other, slices.Equal[[]string])
}

// types are the short names of attribute types (RFC 4514 section 3, RFC 4519), and those that tools write beside them.
var types = map[string]string{
	"CN": "2.5.4.3", "SN": "2.5.4.4", "SERIALNUMBER": "2.5.4.5", "C": "2.5.4.6", "L": "2.5.4.7", "ST": "2.5.4.8", "STREET": "2.5.4.9",
	"O": "2.5.4.10", "OU": "2.5.4.11", "TITLE": "2.5.4.12", "POSTALCODE": "2.5.4.17", "GIVENNAME": "2.5.4.42",
	"ORGANIZATIONIDENTIFIER": "2.5.4.97", "UID": "0.9.2342.19200300.100.1.1", "DC": "0.9.2342.19200300.100.1.25",
	"EMAILADDRESS": "1.2.840.113549.1.9.1",
}

// rawDN reads the name in a certificate.
func rawDN(der []byte) (name, bool) {
	var seq pkix.RDNSequence
	if rest, err := asn1.Unmarshal(der, &seq); err != nil || len(rest) > 0 {
		return nil, false
	}
	var out name
	for _, set := range seq {
		var parts []string
		for _, a := range set {
			text, ok := a.Value.(string)
			if !ok {
				return nil, false
			}
			parts = append(parts, a.Type.String()+"="+text)
		}
		slices.Sort(parts)
		out = append(out, parts)
	}
	return out, true
}

// parseDN reads the text of a distinguished name (RFC 4514), which begins with the last part of the certificate's. Invalid. Values that are
// written as #hex are read where they are texts.
func parseDN(text string) (name, error) {
	bad := hub.Errorf("mtls.parseDN", hub.Invalid, "not a distinguished name of RFC 4514, such as CN=efiling,O=Revenue,C=TH")
	if text == "" || len(text) > longestDN || !utf8.ValidString(text) {
		return nil, bad
	}
	var out name
	var parts []string
	for rest, more := text, true; more; {
		kind, after, ok := strings.Cut(rest, "=")
		oid, known := typeOf(kind)
		if !ok || !known {
			return nil, bad
		}
		value, end, left, ok := cutValue(after)
		if !ok || len(out)+len(parts) >= mostParts {
			return nil, bad
		}
		parts = append(parts, oid+"="+value)
		if end != '+' {
			slices.Sort(parts)
			out = append(out, parts)
			parts = nil
		}
		rest, more = left, end != 0
	}
	slices.Reverse(out)
	return out, nil
}

// typeOf gives the number of an attribute type.
func typeOf(s string) (string, bool) {
	s = strings.ToUpper(strings.Trim(s, " "))
	if oid, ok := types[s]; ok {
		return oid, true
	}
	numbers := strings.Split(s, ".")
	for _, n := range numbers {
		if n == "" || len(n) > 12 || strings.Trim(n, "0123456789") != "" || len(n) > 1 && n[0] == '0' {
			return "", false
		}
	}
	return s, len(numbers) > 1
}

// cutValue reads a value up to the comma or plus behind it, which it gives, 0 for the end.
func cutValue(s string) (value string, end byte, rest string, ok bool) {
	s = strings.TrimLeft(s, " ")
	if strings.HasPrefix(s, "#") {
		return cutHex(s[1:])
	}
	var b []byte
	kept := 0 // of b: spaces at the end count only where they were escaped
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == ',' || c == '+':
			return done(b[:kept], c, s[i+1:])
		case c == '"' || c == ';' || c == '<' || c == '>' || c == 0:
			return "", 0, "", false
		case c != '\\':
			b = append(b, c)
			if c != ' ' {
				kept = len(b)
			}
		case i+1 < len(s) && strings.IndexByte(` "#+,;<=>\`, s[i+1]) >= 0:
			i++
			b = append(b, s[i])
			kept = len(b)
		case i+2 < len(s):
			raw, err := hex.DecodeString(s[i+1 : i+3])
			if err != nil {
				return "", 0, "", false
			}
			i += 2
			b = append(b, raw...)
			kept = len(b)
		default:
			return "", 0, "", false
		}
	}
	return done(b[:kept], 0, "")
}

func done(b []byte, end byte, rest string) (string, byte, string, bool) {
	return string(b), end, rest, len(b) > 0 && utf8.Valid(b)
}

// cutHex reads a value that is written as the hexadecimal digits of its DER.
func cutHex(s string) (value string, end byte, rest string, ok bool) {
	digits := s
	if i := strings.IndexAny(s, ",+"); i >= 0 {
		digits, end, rest = s[:i], s[i], s[i+1:]
	}
	der, err := hex.DecodeString(strings.TrimRight(digits, " "))
	if err != nil {
		return "", 0, "", false
	}
	var v any
	if left, err := asn1.Unmarshal(der, &v); err != nil || len(left) > 0 {
		return "", 0, "", false
	}
	text, isText := v.(string)
	return text, end, rest, isText && text != "" && utf8.ValidString(text)
}
