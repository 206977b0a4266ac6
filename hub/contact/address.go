package contact

import (
	"strings"

	"onedoor/hub"
)

// The limits of an e-mail address: RFC 5321 section 4.5.3.1.
const (
	longestLocal   = 64
	longestAddress = 254
	longestLabel   = 63
)

// atoms are the characters of a dot-atom (RFC 5322 section 3.2.3). Quoted local parts, comments, address literals and letters beyond
// ASCII (RFC 6531) are not taken: no mail server of this country hands out such addresses, and each is a way to smuggle something.
const atoms = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+-/=?^_`{|}~"

// ParseAddress reads an address as a person types it and gives its one form: an e-mail address with its domain in lower case, a phone
// number as E.164 has it ("+66812345678"). country is the calling code for numbers that begin with one zero, without "+". The error holds
// nothing of the text. Invalid.
func ParseAddress(kind Kind, text, country string) (string, error) {
	const op = "contact.ParseAddress"
	address, ok := "", false
	switch text = strings.TrimSpace(text); kind {
	case Email:
		address, ok = parseEmail(text)
	case Phone:
		address, ok = parsePhone(text, country)
	}
	if !ok {
		return "", hub.Errorf(op, hub.Invalid, "not an address of the kind")
	}
	return address, nil
}

func parseEmail(text string) (string, bool) {
	if len(text) > longestAddress {
		return "", false
	}
	local, domain, found := strings.Cut(text, "@")
	if !found || len(local) == 0 || len(local) > longestLocal || !dotted(local, atoms, longestLocal) {
		return "", false
	}
	domain = strings.ToLower(domain)
	labels := strings.Split(domain, ".")
	if len(labels) < 2 || !dotted(domain, "abcdefghijklmnopqrstuvwxyz0123456789-", longestLabel) {
		return "", false
	}
	for _, l := range labels {
		if l[0] == '-' || l[len(l)-1] == '-' {
			return "", false
		}
	}
	if top := labels[len(labels)-1]; strings.Trim(top, "0123456789") == "" { // an IPv4 address
		return "", false
	}
	return local + "@" + domain, true
}

// dotted reports whether a text is made of parts of an alphabet with single dots between them.
func dotted(text, alphabet string, longest int) bool {
	for part := range strings.SplitSeq(text, ".") {
		if part == "" || len(part) > longest || strings.Trim(part, alphabet) != "" {
			return false
		}
	}
	return true
}

// parsePhone reads a number of ITU-T E.164: at most 15 digits with the country's.
func parsePhone(text, country string) (string, bool) {
	var digits strings.Builder
	plus := strings.HasPrefix(text, "+")
	for _, c := range strings.TrimPrefix(text, "+") {
		switch {
		case c >= '0' && c <= '9':
			digits.WriteRune(c)
		case c == ' ' || c == '-' || c == '.' || c == '(' || c == ')':
		default:
			return "", false
		}
	}
	number := digits.String()
	if !plus {
		if country == "" || !strings.HasPrefix(number, "0") || strings.HasPrefix(number, "00") {
			return "", false
		}
		number = country + number[1:]
	}
	if len(number) < 8 || len(number) > 15 || number[0] == '0' {
		return "", false
	}
	return "+" + number, true
}

// Mask gives what its own person is shown of an address: enough to tell one's own addresses apart.
func Mask(kind Kind, address string) string {
	if kind == Phone {
		if len(address) < 6 {
			return "…"
		}
		return address[:3] + " … " + address[len(address)-2:]
	}
	local, domain, found := strings.Cut(address, "@")
	if !found || local == "" {
		return "…"
	}
	return local[:1] + "…@" + domain
}
