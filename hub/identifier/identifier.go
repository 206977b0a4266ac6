// Package identifier knows the numbers that states give to persons and legal entities: their form, their check digit, how
// they are written for people to read. Connectors use it on what a provider said, portals on what a person typed.
//
// It owns the Thai 13-digit numbers of persons and of juristic persons, which share one check digit; the Chinese resident number and unified
// social credit code; the Vietnamese personal number and enterprise code. It does not own where
// a number may be kept (only as a keyed hash, hub/account) or sent. A number is never part of an error of this package.
package identifier

import (
	"strings"

	"onedoor/hub"
)

// The kinds of hub.PersonNumber that this package can check.
const (
	ThaiCitizen  = "th.citizen"  // a natural person: first digit 1 to 8
	ThaiJuristic = "th.juristic" // a juristic person: first digit 0
)

const (
	digits    = 13
	inputSize = 64 // bytes; the longest sensible spelling is 13 Thai digits and 4 hyphens, 43 bytes
)

// Kinds lists the kinds that Parse knows.
func Kinds() []string {
	return []string{ThaiCitizen, ThaiJuristic, ChineseResident, ChineseCredit, VietnameseCitizen, VietnameseEnterprise}
}

// EntityKinds lists the kinds of legal entities (ENT-05).
func EntityKinds() []string { return []string{ThaiJuristic, ChineseCredit, VietnameseEnterprise} }

// Parse normalises and checks a number of the kind. Invalid for an unknown kind or a number that is not one.
func Parse(kind, text string) (hub.PersonNumber, error) {
	const op = "identifier.Parse"
	var value string
	var err error
	switch kind {
	case ThaiCitizen:
		value, err = ParseCitizen(text)
	case ThaiJuristic:
		value, err = ParseJuristic(text)
	case ChineseResident:
		value, err = ParseResident(text)
	case ChineseCredit:
		value, err = ParseCredit(text)
	case VietnameseCitizen:
		value, err = ParseVietnameseCitizen(text)
	case VietnameseEnterprise:
		value, err = ParseEnterprise(text)
	default:
		return hub.PersonNumber{}, hub.Errorf(op, hub.Invalid, "unknown kind of number")
	}
	if err != nil {
		return hub.PersonNumber{}, err
	}
	return hub.PersonNumber{Kind: kind, Value: value}, nil
}

// ParseCitizen gives the 13 digits of a Thai citizen number. Hyphens and spaces between digits and Thai digits are
// accepted. The first digit must be 1 to 8: 0 is for juristic persons (and for persons without registration, who hold no
// card and can't be at a provider), 9 is not given. Invalid where the form or the check digit is wrong.
func ParseCitizen(text string) (string, error) {
	const op = "identifier.ParseCitizen"
	d, err := normalise(op, text)
	if err != nil {
		return "", err
	}
	if d[0] < '1' || d[0] > '8' {
		return "", hub.Errorf(op, hub.Invalid, "first digit is not one of a person")
	}
	return d, nil
}

// ParseJuristic gives the 13 digits of a Thai juristic person's number, which begins with 0. Invalid where the form or the
// check digit is wrong, or where nothing but zeros stands before the check digit.
func ParseJuristic(text string) (string, error) {
	const op = "identifier.ParseJuristic"
	d, err := normalise(op, text)
	if err != nil {
		return "", err
	}
	if d[0] != '0' {
		return "", hub.Errorf(op, hub.Invalid, "first digit is not one of a juristic person")
	}
	if strings.Trim(d[:digits-1], "0") == "" {
		return "", hub.Errorf(op, hub.Invalid, "nothing but zeros")
	}
	return d, nil
}

// FormatCitizen writes a normalised citizen number as on the card, N-NNNN-NNNNN-NN-N; anything else is given back as it is.
func FormatCitizen(number string) string { return format(number, 1, 5, 10, 12) }

// FormatJuristic writes a normalised juristic number as 0-NN-N-NNN-NNNNN-N; anything else is given back as it is.
func FormatJuristic(number string) string { return format(number, 1, 3, 4, 7, 12) }

func format(number string, cuts ...int) string {
	if len(number) != digits {
		return number
	}
	var b strings.Builder
	from := 0
	for _, c := range cuts {
		b.WriteString(number[from:c])
		b.WriteByte('-')
		from = c
	}
	b.WriteString(number[from:])
	return b.String()
}

// normalise gives 13 ASCII digits whose last is the right check digit.
func normalise(op, text string) (string, error) {
	if len(text) > inputSize {
		return "", hub.Errorf(op, hub.Invalid, "too long")
	}
	var b [digits]byte
	n, separator := 0, true // a separator may stand between two digits only, and alone
	for _, r := range strings.TrimSpace(text) {
		switch {
		case r >= '๐' && r <= '๙':
			r = r - '๐' + '0'
			fallthrough
		case r >= '0' && r <= '9':
			if n == digits {
				return "", hub.Errorf(op, hub.Invalid, "not 13 digits")
			}
			b[n] = byte(r)
			n++
			separator = false
		case (r == '-' || r == ' ') && !separator:
			separator = true
		default:
			return "", hub.Errorf(op, hub.Invalid, "not a digit")
		}
	}
	if n != digits || separator {
		return "", hub.Errorf(op, hub.Invalid, "not 13 digits")
	}
	if checkDigit(b[:digits-1]) != b[digits-1] {
		return "", hub.Errorf(op, hub.Invalid, "check digit is wrong")
	}
	return string(b[:]), nil
}

// checkDigit gives the check digit of twelve digits: weights 13 to 2, (11 - sum mod 11) mod 10.
func checkDigit(body []byte) byte {
	sum := 0
	for i, d := range body {
		sum += int(d-'0') * (digits - i)
	}
	return byte((11-sum%11)%10) + '0'
}
