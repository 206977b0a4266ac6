package federation

import (
	"strings"
	"unicode"
)

// forbidden are fragments of the names under which the card's evidence numbers have been seen or must be expected: the
// laser code on the back, the chip's number, the number of the card request (BP.1) and the number under the photo
// (smartcard_code). They are compared with a name reduced to lower-case letters and digits.
var forbidden = []string{
	"laser", "backcode", "backnumber", "backofcard", "cardback",
	"chip", "icserial", "cplc", "smartcard", "cardserial",
	"cardrequest", "requestcard", "requestno", "requestnum", "requestid", "requestcode", "bp1",
	"เลเซอร์", "หลังบัตร", "ชิป", "ชิพ", "คำขอ", "ใต้รูป",
}

// doubtful fragments name some number of the card, unless one of the excuses says that it is the person's.
var (
	doubtful = []string{"cardno", "cardnum", "cardcode", "cardid", "เลขบัตร", "รหัสบัตร"}
	excuses  = []string{"idcard", "citizen", "national", "person", "ประชาชน"}
)

// Forbidden reports whether a claim, scope or parameter of this name could carry an evidence number that must never be
// forwarded (PRV-04: ETDA 1/2566 annex 6 cl. 15). In doubt it says yes.
func Forbidden(name string) bool {
	n := reduce(name)
	return containsAny(n, forbidden) || containsAny(n, doubtful) && !containsAny(n, excuses)
}

func containsAny(s string, fragments []string) bool {
	for _, f := range fragments {
		if strings.Contains(s, f) {
			return true
		}
	}
	return false
}

// Scrub removes forbidden evidence numbers from what a provider sent, at every depth, in place. A connector calls it before
// anything else sees the values; the Registry calls it again.
func Scrub(values map[string]any) { scrub("", values) }

// scrub judges each name alone and together with the names around it, so that {"card":{"request":{"no":..}}} goes too.
func scrub(path string, values map[string]any) {
	for name, v := range values {
		full := path + reduce(name)
		if Forbidden(name) || Forbidden(full) {
			delete(values, name)
			continue
		}
		scrubValue(full, v)
	}
}

func scrubValue(path string, v any) {
	switch x := v.(type) {
	case map[string]any:
		scrub(path, x)
	case []any:
		for _, e := range x {
			scrubValue(path, e)
		}
	}
}

// reduce keeps letters, Thai vowel and tone marks, and digits, in lower case.
func reduce(name string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsLetter(r), unicode.IsDigit(r):
			return unicode.ToLower(r)
		case unicode.Is(unicode.Thai, r):
			return r
		default:
			return -1
		}
	}, name)
}
