package locale

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// Lang is a language of the platform, as its BCP 47 tag.
type Lang string

// The languages. Chinese is in simplified characters.
const (
	Thai       Lang = "th"
	English    Lang = "en"
	Chinese    Lang = "zh"
	Vietnamese Lang = "vi"
)

// CookieName is the cookie that keeps the person's choice of language.
const CookieName = "__Host-onedoor-lang"

// All gives the languages in the order in which pages offer them, the default first.
func All() []Lang { return []Lang{Thai, English, Chinese, Vietnamese} }

// For gives the catalogue of a language; Thai for one that the platform does not have.
func For(l Lang) Catalogue {
	switch l {
	case English:
		return english{}
	case Chinese:
		return chinese{}
	case Vietnamese:
		return vietnamese{}
	default:
		return thai{}
	}
}

// Tag gives the value of the lang attribute: "zh-Hans" for Chinese, so that fonts with simplified forms are used.
func (l Lang) Tag() string {
	if l == Chinese {
		return "zh-Hans"
	}
	return string(l)
}

// OwnName gives the language's name in itself.
func (l Lang) OwnName() string {
	switch l {
	case English:
		return "English"
	case Chinese:
		return "中文"
	case Vietnamese:
		return "Tiếng Việt"
	default:
		return "ไทย"
	}
}

// Parse reads a language tag (RFC 5646): its primary subtag decides, so "zh-CN" and "vi_VN" are known. It reports whether
// the platform has the language.
func Parse(tag string) (Lang, bool) {
	if len(tag) > 35 { // the longest registered tags are shorter (RFC 5646 section 4.4.1)
		return "", false
	}
	primary, _, _ := strings.Cut(strings.ReplaceAll(tag, "_", "-"), "-")
	l := Lang(strings.ToLower(strings.TrimSpace(primary)))
	if !slices.Contains(All(), l) {
		return "", false
	}
	return l, true
}

// Wishes is what a request says about language.
type Wishes struct {
	Query  string   // the parameter lang: the person chose just now
	Cookie string   // the person chose before
	UI     []string // what the department asked for (ui_locales), best first
	Accept string   // the header Accept-Language
}

// Choose gives the language: what the person chose comes first, then what the department asked for, then what the
// browser prefers, then Thai.
func Choose(w Wishes) Lang {
	for _, tag := range append([]string{w.Query, w.Cookie}, w.UI...) {
		if l, ok := Parse(tag); ok {
			return l
		}
	}
	for _, tag := range Accepted(w.Accept) {
		if l, ok := Parse(tag); ok {
			return l
		}
	}
	return Thai
}

// maxAccept bounds the header that is read, in bytes; browsers send less than a tenth.
const maxAccept = 1024

// Accepted reads a header Accept-Language (RFC 9110 section 12.5.4) and gives its tags, the preferred first. Parts that
// can't be read and tags of weight 0 are left out; what lies past 1,024 bytes or 16 tags is not read.
func Accepted(header string) []string {
	if len(header) > maxAccept {
		header = header[:maxAccept]
	}
	type wish struct {
		tag    string
		weight float64
	}
	var wishes []wish
	for part := range strings.SplitSeq(header, ",") {
		tag, params, _ := strings.Cut(part, ";")
		tag = strings.TrimSpace(tag)
		if tag == "" || len(tag) > 35 || strings.Trim(tag, tagAlphabet) != "" {
			continue
		}
		weight := 1.0
		if q, ok := strings.CutPrefix(strings.ReplaceAll(params, " ", ""), "q="); ok {
			f, err := strconv.ParseFloat(q, 64)
			if err != nil || !(f >= 0 && f <= 1) {
				continue
			}
			weight = f
		}
		if weight > 0 {
			wishes = append(wishes, wish{tag, weight})
		}
		if len(wishes) == 16 {
			break
		}
	}
	slices.SortStableFunc(wishes, func(a, b wish) int {
		switch {
		case a.weight > b.weight:
			return -1
		case a.weight < b.weight:
			return 1
		}
		return 0
	})
	tags := make([]string, len(wishes))
	for i, w := range wishes {
		tags[i] = w.tag
	}
	return tags
}

const tagAlphabet = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-"

var thaiMonths = [...]string{
	"มกราคม", "กุมภาพันธ์", "มีนาคม", "เมษายน", "พฤษภาคม", "มิถุนายน",
	"กรกฎาคม", "สิงหาคม", "กันยายน", "ตุลาคม", "พฤศจิกายน", "ธันวาคม",
}

// buddhistEra is what Thailand's calendar is ahead of the Christian era, in years.
const buddhistEra = 543

// Date writes a day as the language does, in the time's own zone: Thai in the Buddhist era.
func (l Lang) Date(t time.Time) string {
	y, m, d := t.Date()
	switch l {
	case English:
		return t.Format("2 January 2006")
	case Chinese:
		return strconv.Itoa(y) + "年" + strconv.Itoa(int(m)) + "月" + strconv.Itoa(d) + "日"
	case Vietnamese:
		return "ngày " + strconv.Itoa(d) + " tháng " + strconv.Itoa(int(m)) + " năm " + strconv.Itoa(y)
	default:
		return strconv.Itoa(d) + " " + thaiMonths[m-1] + " " + strconv.Itoa(y+buddhistEra)
	}
}
