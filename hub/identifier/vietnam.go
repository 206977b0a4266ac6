package identifier

import (
	"strings"

	"onedoor/hub"
)

// The kinds of Vietnam.
const (
	VietnameseCitizen    = "vn.citizen"    // a natural person: 12 digits, no check digit
	VietnameseEnterprise = "vn.enterprise" // enterprise code, which is the tax code: 10 digits, or 10-3 for a branch
)

// ParseVietnameseCitizen gives the 12 digits of a Vietnamese personal identification number. It has no check digit: three digits of the place
// where the birth was registered, one of century and sex, two of the year, six at random. Invalid where the form is wrong.
func ParseVietnameseCitizen(text string) (string, error) {
	const op = "identifier.ParseVietnameseCitizen"
	s, err := compact(op, text)
	if err != nil {
		return "", err
	}
	if len(s) != 12 || !allDigits(s) || s[:3] == "000" || s[6:] == "000000" {
		return "", hub.Errorf(op, hub.Invalid, "not 12 digits of a person")
	}
	return s, nil
}

// ParseEnterprise gives a Vietnamese enterprise code: 10 digits, and for a branch a hyphen and its three digits. Invalid where form or check
// digit is wrong, where the serial is zero, or the branch.
func ParseEnterprise(text string) (string, error) {
	const op = "identifier.ParseEnterprise"
	s, err := compact(op, text)
	if err != nil {
		return "", err
	}
	if len(s) != 10 && len(s) != 13 || !allDigits(s) {
		return "", hub.Errorf(op, hub.Invalid, "not 10 digits, or 13 of a branch")
	}
	if strings.Trim(s[2:9], "0") == "" {
		return "", hub.Errorf(op, hub.Invalid, "the serial is zero")
	}
	sum := 0
	for i, w := range [...]int{31, 29, 23, 19, 17, 13, 7, 5, 3} {
		sum += int(s[i]-'0') * w
	}
	if c := 10 - sum%11; c < 0 || c > 9 || byte(c)+'0' != s[9] {
		return "", hub.Errorf(op, hub.Invalid, "check digit is wrong")
	}
	if len(s) == 10 {
		return s, nil
	}
	if s[10:] == "000" {
		return "", hub.Errorf(op, hub.Invalid, "no such branch")
	}
	return s[:10] + "-" + s[10:], nil
}
