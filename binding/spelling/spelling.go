// Package spelling brings what is written in many ways into one form: names in Thai and Latin script, dates in the Buddhist and the Christian
// era, numbers in Thai digits. Two records say the same where their forms are the same; [Compare] also tells what is nearly the same, for a
// person who looks at both.
//
// A form is for comparing and for keyed hashes, never for showing. It owns no data and knows no department.
package spelling

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// MaxName is the most bytes of a name that Name looks at; the longest names of passports have 39 characters for each part.
const MaxName = 512

// Latin letters that Unicode does not take apart (NFKD).
var whole = strings.NewReplacer("đ", "d", "ð", "d", "ł", "l", "ø", "o", "æ", "ae", "œ", "oe", "ß", "ss", "ı", "i", "þ", "th")

// Titles that are written before a given name. The longer ones come first.
var (
	thaiTitles  = []string{"นางสาว", "เด็กหญิง", "เด็กชาย", "น.ส.", "ด.ญ.", "ด.ช.", "นาย", "นาง"}
	latinTitles = []string{"master", "miss", "mrs", "mr", "ms"}
)

// Name gives the form of a name or a part of one: without title, accents, hyphens, dots and spaces, in small letters. "" for a text without a
// letter, and for one that is too long or not UTF-8. Thai vowels and tone marks stay: they tell names apart.
func Name(text string) string {
	if len(text) > MaxName || !utf8.ValidString(text) {
		return ""
	}
	text = strings.ToLower(norm.NFKC.String(strings.TrimSpace(text)))
	text = whole.Replace(norm.NFKD.String(untitled(text)))
	var b strings.Builder
	b.Grow(len(text))
	for _, r := range text {
		switch {
		case r >= '๐' && r <= '๙':
			b.WriteRune(r - '๐' + '0')
		case unicode.IsLetter(r) || unicode.IsDigit(r) || thaiMark(r):
			b.WriteRune(r)
		}
	}
	return b.String()
}

// thaiMark reports whether a rune is a vowel or tone mark above or below a Thai consonant. Phinthu and the like stay too.
func thaiMark(r rune) bool { return r == 'ั' || r >= 'ิ' && r <= 'ฺ' || r >= '็' && r <= '๎' }

// untitled takes the title away, where something that can be a name is left.
func untitled(text string) string {
	for _, t := range thaiTitles {
		// NFKC has taken the sara am of no title apart, so that they can be compared as they are.
		if rest, ok := strings.CutPrefix(text, t); ok {
			rest = strings.TrimLeft(rest, " .")
			if r, _ := utf8.DecodeRuneInString(rest); unicode.IsLetter(r) && r != 'ะ' && r != 'า' && r != 'ๅ' {
				return rest
			}
			return text
		}
	}
	for _, t := range latinTitles {
		rest, ok := strings.CutPrefix(text, t)
		if name := strings.TrimLeft(rest, " ."); ok && name != "" && len(name) < len(rest) {
			return name
		}
	}
	return text
}

// Digits writes Thai digits as those that everybody knows.
func Digits(text string) string {
	if strings.IndexFunc(text, func(r rune) bool { return r >= '๐' && r <= '๙' }) < 0 {
		return text
	}
	return strings.Map(func(r rune) rune {
		if r >= '๐' && r <= '๙' {
			return r - '๐' + '0'
		}
		return r
	}, text)
}
