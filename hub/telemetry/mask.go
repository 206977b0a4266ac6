package telemetry

import (
	"net/netip"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// longestValue is the most of one text that is written.
const longestValue = 16 << 10

// Mask gives a text without what has the form of personal data or of a secret: Thai personal numbers (13 digits with the right
// check digit, in any script, with or without separators), Thai telephone numbers, e-mail addresses, full network addresses,
// tokens and other long opaque words, the query of a URL, values of denied names in form and JSON texts, and everything from
// the first letter outside ASCII on: the hub's own words are English, so that is somebody else's text, most likely a name.
func Mask(s string) string {
	if plain(s) {
		return s
	}
	if len(s) > longestValue {
		s = s[:longestValue]
		if i := strings.LastIndexAny(s, " \n\t"); i > longestValue/2 {
			s = s[:i] // no half of a number or name at the end
		}
		s += " [cut]"
	}
	s = maskNumbers(s)
	s = headerLine.ReplaceAllString(s, "$1: "+redacted)
	s = scheme.ReplaceAllString(s, "$1 "+redacted)
	s = sealedToken.ReplaceAllString(s, redacted)
	s = joseToken.ReplaceAllString(s, redacted)
	s = maskJSON(s)
	s = userInfo.ReplaceAllString(s, "://"+redacted+"@")
	s = query.ReplaceAllString(s, "$1$2"+redacted)
	s = assigned.ReplaceAllStringFunc(s, func(m string) string {
		name, _, _ := strings.Cut(m, "=")
		if denied(name) {
			return name + "=" + redacted
		}
		return m
	})
	s = opaque.ReplaceAllStringFunc(s, func(m string) string {
		if strings.ContainsAny(m, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") {
			return redacted
		}
		return m // words of a specification joined by "_"
	})
	s = email.ReplaceAllString(s, redacted)
	s = address.ReplaceAllStringFunc(s, maskAddress)
	return cutForeign(s)
}

// plain reports whether a text is one that nothing in Mask would change: most are.
func plain(s string) bool {
	if len(s) > 1000 {
		return false
	}
	digits, run := 0, 0
	for i := range len(s) {
		c := s[i]
		switch {
		case c >= '0' && c <= '9':
			digits++
			run++
		case c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || c == '-':
			run++
		case c == ' ' || c == '.' || c == ',' || c == '/' || c == '(' || c == ')' || c == '*':
			run = 0
		default:
			return false
		}
		if digits >= 4 || run >= 20 {
			return ownID(s)
		}
	}
	return !strings.Contains(s, " ") || !scheme.MatchString(s)
}

// ownID reports whether the whole text is an id of ours: the commonest value of all, and it can hold digits.
func ownID(s string) bool {
	return len(s) == 26 && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz234567") == ""
}

var (
	headerLine  = regexp.MustCompile(`(?i)\b((?:proxy-)?authorization|(?:set-)?cookie)"?\s*:[^\r\n]*`)
	scheme      = regexp.MustCompile(`(?i)\b(bearer|basic|dpop)\s+[A-Za-z0-9._~+/=-]{6,}`)
	sealedToken = regexp.MustCompile(`od1_[A-Za-z0-9_-]*`)
	joseToken   = regexp.MustCompile(`eyJ[A-Za-z0-9_-]{6,}(?:\.[A-Za-z0-9_-]*)*`)
	jsonMember  = regexp.MustCompile(`\\*"([A-Za-z][A-Za-z0-9_.:-]{0,63})\\*"\s*:\s*`)
	userInfo    = regexp.MustCompile(`://[^/\s"'@]*@`)
	query       = regexp.MustCompile(`([^\s?#]\?)[^\s"'<>]+|(#)[^\s"'<>]*[=&%][^\s"'<>]*`)
	assigned    = regexp.MustCompile(`[A-Za-z][A-Za-z0-9_.-]{0,63}=(?:"[^"]*"?|'[^']*'?|[^\s&;,"']+)`)
	opaque      = regexp.MustCompile(`[A-Za-z0-9_+-]{43,}={0,2}`)
	email       = regexp.MustCompile(`[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+`)
	address     = regexp.MustCompile(`\b\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}\b(?:/\d{1,2}\b)?|\[?[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7}(?:%[0-9A-Za-z]+)?\]?(?:/\d{1,3}\b)?`)
)

func maskAddress(m string) string {
	if p, err := netip.ParsePrefix(m); err == nil && p.Bits() <= prefixBits(p.Addr()) {
		return m // a network already
	}
	bare, _, _ := strings.Cut(m, "/")
	bare = strings.Trim(bare, "[]")
	a, err := netip.ParseAddr(bare)
	if err != nil {
		return m
	}
	return strings.Replace(m, bare, prefix(a), 1)
}

// maskJSON hides the values of denied members. One that is an object or a list hides the rest of the text: where it ends is not
// worth a parser.
func maskJSON(s string) string {
	var b strings.Builder
	for {
		at := jsonMember.FindStringSubmatchIndex(s)
		if at == nil {
			return b.String() + s
		}
		b.WriteString(s[:at[1]])
		hide := denied(s[at[2]:at[3]])
		s = s[at[1]:]
		if !hide {
			continue
		}
		b.WriteString(redacted)
		if rest, before := strings.CutPrefix(s, redacted); before {
			s = rest
			continue
		}
		switch rest := strings.TrimLeft(s, `\`); {
		case rest == "" || rest[0] == '{' || rest[0] == '[':
			return b.String()
		case rest[0] == '"':
			s = afterQuote(rest[1:])
		default:
			if i := strings.IndexAny(s, ",}] \n"); i >= 0 {
				s = s[i:]
			} else {
				s = ""
			}
		}
	}
}

// afterQuote gives what follows the end of a quoted text: a quotation mark before a comma, a bracket or the end. One that stands
// before anything else was part of the value.
func afterQuote(s string) string {
	for i := range len(s) {
		if s[i] != '"' {
			continue
		}
		rest := strings.TrimLeft(s[i+1:], " \t\r\n")
		if rest == "" || rest[0] == ',' || rest[0] == '}' || rest[0] == ']' {
			return s[i+1:]
		}
	}
	return ""
}

// zeros are the digits zero of the scripts whose digits people here may type.
var zeros = []rune{'0', 0x0660, 0x06f0, 0x0966, 0x0e50, 0x0ed0, 0x1040, 0x17e0, 0xff10}

func digit(r rune) (int, bool) {
	for _, z := range zeros {
		if r >= z && r <= z+9 {
			return int(r - z), true
		}
	}
	return 0, false
}

// maxGap is how many separators may stand between two digits of one number: " - ".
const maxGap = 3

// number is a chain of digits.
type number struct {
	digits []int
	from   []int // where each digit begins and ends
	to     []int
}

// maskNumbers hides personal numbers and telephone numbers.
func maskNumbers(s string) string {
	var n number
	var hide [][2]int
	gap := 0
	end := func() {
		hide = n.personal(hide)
		n, gap = number{n.digits[:0], n.from[:0], n.to[:0]}, 0
	}
	for i, r := range s {
		if d, ok := digit(r); ok {
			n.digits, n.from, n.to = append(n.digits, d), append(n.from, i), append(n.to, i+utf8.RuneLen(r))
			gap = 0
			continue
		}
		if len(n.digits) == 0 {
			continue
		}
		if gap++; gap > maxGap || !separator(r) {
			end()
		}
	}
	end()
	if len(hide) == 0 {
		return s
	}
	var b strings.Builder
	at := 0
	for _, h := range hide {
		if h[0] > at {
			b.WriteString(s[at:h[0]])
		}
		if h[1] > at {
			b.WriteString(redacted)
			at = h[1]
		}
	}
	return b.String() + s[at:]
}

func separator(r rune) bool {
	return r == '-' || r == '.' || r == '_' || r == '/' || r == 0x200b || unicode.In(r, unicode.Pd, unicode.Zs)
}

// personal adds the places of personal numbers, in order, to the list.
func (n number) personal(hide [][2]int) [][2]int {
	const length = 13
	for i := 0; i+length <= len(n.digits); i++ {
		if thai(n.digits[i : i+length]) {
			hide = append(hide, [2]int{n.from[i], n.to[i+length-1]})
		}
	}
	if k := len(n.digits); (k == 10 || k == 11) && phone(n.digits) {
		hide = append(hide, [2]int{n.from[0], n.to[k-1]})
	}
	return hide
}

// thai checks the check digit of a Thai personal or juristic number.
func thai(d []int) bool {
	sum := 0
	for i := range 12 {
		sum += d[i] * (13 - i)
	}
	return (11-sum%11)%10 == d[12]
}

// phone knows Thai mobile numbers, 0 or 66 in front.
func phone(d []int) bool {
	if len(d) == 11 {
		return d[0] == 6 && d[1] == 6 && (d[2] == 6 || d[2] == 8 || d[2] == 9)
	}
	return d[0] == 0 && (d[1] == 6 || d[1] == 8 || d[1] == 9)
}

// escaped is a letter outside ASCII written in ASCII: percent-encoded, or as in Go and JSON texts.
var escaped = regexp.MustCompile(`%[89A-Fa-f][0-9A-Fa-f]|\\x[89A-Fa-f][0-9A-Fa-f]|\\u(?:0[1-9A-Fa-f]|[1-9A-Fa-f][0-9A-Fa-f])[0-9A-Fa-f]{2}|\\u00[c-fC-F][0-9A-Fa-f]`)

// cutForeign hides everything from the word on in which the first letter outside ASCII stands.
func cutForeign(s string) string {
	at := -1
	for i, r := range s {
		if r > 0x7f && (unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsDigit(r) || r == utf8.RuneError) {
			at = i
			break
		}
	}
	if m := escaped.FindStringIndex(s); m != nil && (at < 0 || m[0] < at) {
		at = m[0]
	}
	if at < 0 {
		return s
	}
	start := strings.LastIndexAny(s[:at], " \t\n\"'=:,;/([{") + 1
	return s[:start] + redacted
}
