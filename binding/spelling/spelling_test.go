package spelling

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestBND03_Names(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		a, b string
		want Likeness
	}{
		"capitals":            {"SOMCHAI", "Somchai", Same},
		"a Thai title":        {"นายสมชาย", "สมชาย", Same},
		"a spelled title":     {"น.ส. มาลี", "นางสาวมาลี", Same},
		"a Latin title":       {"Mr. Somchai", "SOMCHAI", Same},
		"no title but a name": {"นายิกา", "ิกา", Different},
		"a name like a title": {"Msomi", "omi", Different},
		"accents":             {"Nguyễn Văn", "NGUYEN VAN", Same},
		"a barred letter":     {"Đặng", "DANG", Same},
		"hyphen and space":    {"Jean-Pierre", "jean pierre", Same},
		"sara am":             {"คำ", "คํา", Same}, // one rune, or nikhahit and sara aa
		"Thai tone":           {"ใจดี", "ใจดื", Similar},
		"a slip":              {"สมชาย", "สมชัย", Similar},
		"two neighbours":      {"Somchai", "Somhcai", Similar},
		"two slips":           {"Rattanaporn", "Ratanapron", Similar},
		"another name":        {"สมชาย", "สมหญิง", Different},
		"short names":         {"Bo", "Do", Different},
		"nothing":             {"", "สมชาย", Missing},
		"no letter":           {"--", "สมชาย", Missing},
		"zero width":          {"สม\u200bชาย", "สมชาย", Same},
	} {
		if got := CompareNames(c.a, c.b); got != c.want {
			t.Errorf("%s: %s and %s are %s (%q, %q)", name, c.a, c.b, got, Name(c.a), Name(c.b))
		}
		if a, b := CompareNames(c.a, c.b), CompareNames(c.b, c.a); a != b {
			t.Errorf("%s: %s one way, %s the other", name, a, b)
		}
	}
	if Name(strings.Repeat("a", MaxName+1)) != "" || Name("a\xff") != "" {
		t.Error("took what is no name")
	}
}

func TestBND03_Dates(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"1997-05-17": "1997-05-17", "2540-05-17": "1997-05-17", "17/05/2540": "1997-05-17", "๑๗/๐๕/๒๕๔๐": "1997-05-17",
		"17.5.1997": "1997-05-17", "25400517": "1997-05-17", "2543-02-29": "2000-02-29", "2540": "1997", "2540-05": "1997-05", "05/2540": "1997-05",
		"2540-00-00": "1997", "25400500": "1997-05", " 1997-05-17 ": "1997-05-17",
		"1900-02-29": "", "2001-02-29": "", "1997-13-01": "", "1997-00-05": "", "0999-01-01": "", "2300-01-01": "", "1997--05-17": "", "-1997": "",
		"17/05/97": "", "1997-5-17-2": "", "": "", "yesterday": "", "1997-05-1x": "", "+997": "", "1997/": "", "12-34-56": "",
	} {
		if got, ok := Date(text); got != want || ok != (want != "") {
			t.Errorf("%q: %q %v, want %q", text, got, ok, want)
		}
	}
	for _, c := range []struct {
		a, b string
		want Likeness
	}{
		{"2540-05-17", "17/05/1997", Same},
		{"1997", "2540-05-17", Similar},
		{"1997-05-07", "1997-07-05", Similar},
		{"1997-05-17", "1997-05-18", Different},
		{"", "1997", Missing},
	} {
		if got := CompareDates(c.a, c.b); got != c.want {
			t.Errorf("%s, %s: %s", c.a, c.b, got)
		}
	}
}

func FuzzName(f *testing.F) {
	for _, s := range []string{"นายสมชาย", "Nguyễn", "คำ", "Mr. X", "İstanbul", "ﬁ", "a\xffb", "น.ส."} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		form := Name(s)
		if !utf8.ValidString(form) || len(form) > 18*MaxName { // one rune becomes 18 at most (NFKD)
			t.Errorf("%q", form)
		}
		if form != "" && CompareNames(s, s) != Same {
			t.Error("not like itself")
		}
	})
}

func FuzzDate(f *testing.F) {
	for _, s := range []string{"2540-05-17", "17/05/2540", "๒๕๔๐", "25400517", "1997-00-00"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		form, ok := Date(s)
		if !ok {
			return
		}
		if again, ok := Date(form); !ok || again != form {
			t.Errorf("%q became %q and then %q", s, form, again)
		}
	})
}
