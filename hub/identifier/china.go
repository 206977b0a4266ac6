package identifier

import (
	"strings"
	"time"

	"onedoor/hub"
)

// The kinds of China.
const (
	ChineseResident = "cn.resident" // GB 11643-1999: a natural person, 18 characters
	ChineseCredit   = "cn.uscc"     // GB 32100-2015: unified social credit code of an organisation, 18 characters
)

const (
	residentSize = 18
	creditSize   = 18
)

// ParseResident gives the 18 characters of a Chinese resident identity number, its X in upper case. Invalid where form, birth date or check
// character (ISO 7064 MOD 11-2) is wrong. The numbers of 15 digits that were given until 1999 are no longer valid.
func ParseResident(text string) (string, error) {
	const op = "identifier.ParseResident"
	s, err := compact(op, text)
	if err != nil {
		return "", err
	}
	if len(s) != residentSize || !allDigits(s[:residentSize-1]) || s[0] == '0' {
		return "", hub.Errorf(op, hub.Invalid, "not 17 digits and a check character")
	}
	if _, err := time.Parse("20060102", s[6:14]); err != nil {
		return "", hub.Errorf(op, hub.Invalid, "the day of birth does not exist")
	}
	weights := [...]int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2}
	sum := 0
	for i, w := range weights {
		sum += int(s[i]-'0') * w
	}
	if "10X98765432"[sum%11] != s[residentSize-1] {
		return "", hub.Errorf(op, hub.Invalid, "check character is wrong")
	}
	return s, nil
}

// creditAlphabet has the characters of a credit code in the order of their values: I, O, S, V and Z look like others and are not there.
const creditAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"

// ParseCredit gives the 18 characters of a unified social credit code in upper case. Invalid where the form or the check character is wrong.
// The check character of the organisation code inside (GB 11714) is not asked: codes were given whose does not fit.
func ParseCredit(text string) (string, error) {
	const op = "identifier.ParseCredit"
	s, err := compact(op, text)
	if err != nil {
		return "", err
	}
	if len(s) != creditSize || strings.Trim(s, creditAlphabet) != "" || !allDigits(s[2:8]) {
		return "", hub.Errorf(op, hub.Invalid, "not a code of 18 characters")
	}
	sum, weight := 0, 1
	for _, c := range []byte(s[:creditSize-1]) {
		sum += strings.IndexByte(creditAlphabet, c) * weight
		weight = weight * 3 % 31
	}
	if creditAlphabet[(31-sum%31)%31] != s[creditSize-1] {
		return "", hub.Errorf(op, hub.Invalid, "check character is wrong")
	}
	return s, nil
}

// compact gives the text in upper case without white space and hyphens around and between. Invalid for anything but ASCII letters and digits.
func compact(op, text string) (string, error) {
	if len(text) > inputSize {
		return "", hub.Errorf(op, hub.Invalid, "too long")
	}
	b := make([]byte, 0, residentSize+1)
	for _, c := range []byte(strings.TrimSpace(text)) {
		switch {
		case c == ' ' || c == '-':
			continue
		case c >= 'a' && c <= 'z':
			c -= 'a' - 'A'
		case c >= '0' && c <= '9' || c >= 'A' && c <= 'Z':
		default:
			return "", hub.Errorf(op, hub.Invalid, "not a letter or digit")
		}
		b = append(b, c)
	}
	return string(b), nil
}

func allDigits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }
