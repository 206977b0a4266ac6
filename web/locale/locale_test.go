package locale

import (
	"reflect"
	"strings"
	"testing"
	"time"
	"unicode"
)

// texts calls every method of a catalogue and gives its texts by key.
func texts(t *testing.T, c Catalogue) map[string][]string {
	t.Helper()
	out := map[string][]string{}
	v, keys := reflect.ValueOf(c), reflect.TypeFor[Catalogue]()
	for i := range keys.NumMethod() {
		name := keys.Method(i).Name
		m := v.MethodByName(name)
		args := make([]reflect.Value, m.Type().NumIn())
		for j := range args {
			args[j] = reflect.ValueOf("<" + strings.Repeat("#", j+1) + ">")
		}
		for _, r := range m.Call(args) {
			switch x := r.Interface().(type) {
			case string:
				out[name] = append(out[name], x)
			case Trouble:
				out[name] = append(out[name], x.Title, x.What, x.Next)
			case Section:
				out[name] = append(append(out[name], x.Heading), x.Paragraphs...)
			default:
				t.Fatalf("%s gives a %T", name, x)
			}
		}
	}
	return out
}

func TestEveryLanguageHasEveryKeyAndNoOther(t *testing.T) {
	t.Parallel()
	want := reflect.TypeFor[Catalogue]().NumMethod()
	for _, l := range All() {
		c := For(l)
		if got := reflect.TypeOf(c).NumMethod(); got != want {
			t.Errorf("%s has %d keys, the dictionary has %d: a key that nobody can use", l, got, want)
		}
		for key, list := range texts(t, c) {
			for _, s := range list {
				if strings.TrimSpace(s) == "" || s != strings.TrimSpace(s) {
					t.Errorf("%s %s: %q is empty or has spaces around it", l, key, s)
				}
			}
		}
	}
}

func TestEveryTextIsWrittenInItsLanguage(t *testing.T) {
	t.Parallel()
	script := map[Lang]*unicode.RangeTable{Thai: unicode.Thai, Chinese: unicode.Han}
	international := map[string]bool{"PolicyCookies": true} // the Chinese heading is "Cookie", as the law's own texts write it
	en := texts(t, For(English))
	for _, l := range []Lang{Thai, Chinese, Vietnamese} {
		for key, list := range texts(t, For(l)) {
			if len(list) != len(en[key]) {
				t.Errorf("%s %s has %d parts, English has %d", l, key, len(list), len(en[key]))
				continue
			}
			for i, s := range list {
				if international[key] && i == 0 {
					continue
				}
				if s == en[key][i] {
					t.Errorf("%s %s is the English text", l, key)
				}
				if table := script[l]; table != nil && strings.IndexFunc(s, func(r rune) bool { return unicode.Is(table, r) }) < 0 {
					t.Errorf("%s %s has no letter of its script: %q", l, key, s)
				}
				for other, table := range script {
					if other != l && strings.IndexFunc(s, func(r rune) bool { return unicode.Is(table, r) }) >= 0 {
						t.Errorf("%s %s has letters of %s", l, key, other)
					}
				}
			}
		}
	}
}

func TestEveryParameterIsUsedInEveryLanguage(t *testing.T) {
	t.Parallel()
	keys := reflect.TypeFor[Catalogue]()
	for _, l := range All() {
		all := texts(t, For(l))
		for i := range keys.NumMethod() {
			m := keys.Method(i)
			joined := strings.Join(all[m.Name], "\n")
			for j := range m.Type.NumIn() {
				if n := strings.Count(joined, "<"+strings.Repeat("#", j+1)+">"); n != 1 {
					t.Errorf("%s %s uses parameter %d %d times, want once", l, m.Name, j+1, n)
				}
			}
		}
	}
}

func TestNoTextCarriesMarkup(t *testing.T) {
	t.Parallel()
	for _, l := range All() {
		for key, list := range texts(t, For(l)) {
			for _, s := range list {
				plain := strings.NewReplacer("<#>", "X", "<##>", "Y").Replace(s)
				if strings.ContainsAny(plain, "<>&{}%\n\t") || strings.Contains(plain, "  ") {
					t.Errorf("%s %s has markup, a formatting verb or a doubled space: %q", l, key, s)
				}
			}
		}
	}
}

func TestChoose(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		w    Wishes
		want Lang
	}{
		{"nothing said", Wishes{}, Thai},
		{"query beats all", Wishes{Query: "vi", Cookie: "en", UI: []string{"zh"}, Accept: "th"}, Vietnamese},
		{"cookie beats department and browser", Wishes{Cookie: "en", UI: []string{"zh"}, Accept: "th"}, English},
		{"department beats browser", Wishes{UI: []string{"fr", "zh-TW"}, Accept: "en"}, Chinese},
		{"browser", Wishes{Accept: "de, vi-VN;q=0.8, en;q=0.9"}, English},
		{"unknown values are passed over", Wishes{Query: "xx", Cookie: "../../th", Accept: "vi"}, Vietnamese},
		{"simplified and traditional Chinese", Wishes{Accept: "zh-Hant-HK"}, Chinese},
		{"only unknown ones", Wishes{Query: "fr", Accept: "de,fr;q=0.3"}, Thai},
	} {
		if got := Choose(c.w); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestAccepted(t *testing.T) {
	t.Parallel()
	for header, want := range map[string]string{
		"":                              "",
		"en":                            "en",
		"en;q=0.1, th;q=0.9":            "th en",
		"en;q=0, vi":                    "vi",
		"en;q=NaN, vi;q=1e9, th;q=-1":   "",
		"a b, <script>, zh-CN ; q=0.5":  "zh-CN",
		"th,en,zh,vi":                   "th en zh vi",
		strings.Repeat("en,", 5_000):    strings.TrimSpace(strings.Repeat("en ", 16)),
		strings.Repeat("x", 100_000):    "",
		"en;level=1;q=0.4, vi;q=0.5;x=": "en",
	} {
		if got := strings.Join(Accepted(header), " "); got != want {
			t.Errorf("%.40q: %q, want %q", header, got, want)
		}
	}
}

func FuzzAccepted(f *testing.F) {
	for _, s := range []string{"", "en", "th-TH,th;q=0.9,en;q=0.8", "zh-Hans-CN;q=1.0;x,*;q=0.1", ";;;,,,=q", "en;q=0.000000001"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, header string) {
		tags := Accepted(header)
		if len(tags) > 16 {
			t.Fatalf("%d tags", len(tags))
		}
		for _, tag := range tags {
			if tag == "" || strings.Trim(tag, tagAlphabet) != "" || !strings.Contains(header, tag) {
				t.Fatalf("tag %q", tag)
			}
		}
		if l := Choose(Wishes{Accept: header}); For(l) == nil {
			t.Fatal("no catalogue")
		}
	})
}

func TestDates(t *testing.T) {
	t.Parallel()
	day := time.Date(2024, time.February, 29, 23, 59, 0, 0, time.FixedZone("ICT", 7*3600))
	for l, want := range map[Lang]string{
		Thai: "29 กุมภาพันธ์ 2567", English: "29 February 2024", Chinese: "2024年2月29日", Vietnamese: "ngày 29 tháng 2 năm 2024",
	} {
		if got := l.Date(day); got != want {
			t.Errorf("%s: %q, want %q", l, got, want)
		}
	}
	if got := Thai.Date(time.Date(2025, time.December, 31, 0, 0, 0, 0, time.UTC)); got != "31 ธันวาคม 2568" {
		t.Error(got)
	}
}

func TestTagsAndNames(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, l := range All() {
		if back, ok := Parse(l.Tag()); !ok || back != l {
			t.Errorf("%s: its tag %q reads as %q", l, l.Tag(), back)
		}
		if l.OwnName() == "" || seen[l.OwnName()] {
			t.Errorf("%s has no name of its own", l)
		}
		seen[l.OwnName()] = true
	}
	if _, ok := Parse("fr"); ok {
		t.Error("French is not here")
	}
}

func TestChineseSetsSpacesOnlyBesideOtherScripts(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"ThaID": "使用 ThaID 登录", "暹罗银行": "使用暹罗银行登录", "ThaID 应用": "使用 ThaID 应用登录", "示例（甲）": "使用示例（甲）登录", "": "使用  登录",
	} {
		if got := For(Chinese).ChooseWith(name); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}
