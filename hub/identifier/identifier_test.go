package identifier

import (
	"errors"
	"strings"
	"testing"

	"onedoor/hub"
)

func TestCitizen(t *testing.T) {
	t.Parallel()
	cases := []struct {
		in, want string // want "" for refused
	}{
		{"1345951597671", "1345951597671"},
		{"1234567890121", "1234567890121"},
		{"3100500000011", "3100500000011"},
		{"1999999999999", "1999999999999"},
		{"8000000000006", "8000000000006"},
		{"1000000000131", "1000000000131"}, // sum mod 11 = 0
		{"1000000000050", "1000000000050"}, // 1
		{"1000000000009", "1000000000009"}, // 2
		{"1000000000041", "1000000000041"}, // 10
		{"1-3459-51597-67-1", "1345951597671"},
		{" 1 3459 51597 67 1 ", "1345951597671"},
		{"๑๓๔๕๙๕๑๕๙๗๖๗๑", "1345951597671"},
		{"๑-๓๔๕๙-๕๑๕๙๗-๖๗-๑", "1345951597671"},
		{"1234567890122", ""}, // wrong check
		{"1345951597670", ""},
		{"0105536000313", ""}, // juristic
		{"0994000617721", ""},
		{"0000000000001", ""}, // check passes
		{"9000000000004", ""}, // check passes, 9 is not given
		{"", ""},
		{"134595159767", ""},
		{"13459515976711", ""},
		{"1345951597671-", ""},
		{"-1345951597671", ""},
		{"1--345951597671", ""},
		{"1345951597671x", ""},
		{"１３４５９５１５９７６７１", ""}, // full width
		{"1345951597671" + strings.Repeat(" ", 60), ""},
		{"1.345951597671e12", ""},
	}
	for _, c := range cases {
		got, err := ParseCitizen(c.in)
		if got != c.want || (err == nil) != (c.want != "") {
			t.Errorf("ParseCitizen(%q) = %q, %v", c.in, got, err)
		}
		if err != nil && !errors.Is(err, hub.Invalid) {
			t.Errorf("ParseCitizen(%q): kind %v", c.in, hub.KindOf(err))
		}
	}
	if sum := checkDigit([]byte("900000000000")); string(sum) != "4" {
		t.Errorf("the case of the first digit 9 does not test what it says: check digit %c", sum)
	}
}

func TestJuristic(t *testing.T) {
	t.Parallel()
	cases := []struct{ in, want string }{
		{"0105536000313", "0105536000313"},
		{"0123456789016", "0123456789016"},
		{"0994000617721", "0994000617721"},
		{"0-10-5-536-00031-3", "0105536000313"},
		{"0994000617723", ""},
		{"0000000000001", ""}, // check passes, all zero body
		{"1345951597671", ""}, // a citizen
	}
	for _, c := range cases {
		got, err := ParseJuristic(c.in)
		if got != c.want || (err == nil) != (c.want != "") {
			t.Errorf("ParseJuristic(%q) = %q, %v", c.in, got, err)
		}
	}
}

func TestParseByKind(t *testing.T) {
	t.Parallel()
	seen := 0
	for kind, number := range map[string]string{
		ThaiCitizen: "3100500000011", ThaiJuristic: "0105536000313", ChineseResident: "440524188001010014", ChineseCredit: "91350100M000100Y43",
		VietnameseCitizen: "001099012345", VietnameseEnterprise: "0100233488",
	} {
		seen++
		p, err := Parse(kind, number)
		if err != nil || p.Kind != kind || p.Value != number {
			t.Errorf("Parse(%s) = %v, %v", kind, p.Kind, err)
		}
	}
	for _, c := range [][2]string{{"vn.cccd", "001099012345"}, {"", "3100500000011"}, {ThaiJuristic, "3100500000011"}, {ThaiCitizen, "0105536000313"}} {
		if _, err := Parse(c[0], c[1]); !errors.Is(err, hub.Invalid) {
			t.Errorf("Parse(%q) = %v, want Invalid", c[0], err)
		}
	}
	if len(Kinds()) != seen {
		t.Error("Kinds and Parse differ")
	}
}

func TestPRV01_ErrorsHoldNoNumber(t *testing.T) {
	t.Parallel()
	_, err := ParseCitizen("1345951597670")
	if err == nil || strings.Contains(err.Error(), "134595") {
		t.Errorf("error %v", err)
	}
}

func TestFormat(t *testing.T) {
	t.Parallel()
	if got := FormatCitizen("1345951597671"); got != "1-3459-51597-67-1" {
		t.Errorf("FormatCitizen = %q", got)
	}
	if got := FormatJuristic("0105536000313"); got != "0-10-5-536-00031-3" {
		t.Errorf("FormatJuristic = %q", got)
	}
	if got := FormatCitizen("12"); got != "12" {
		t.Errorf("FormatCitizen(short) = %q", got)
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"1345951597671", "1-3459-51597-67-1", "๑๓๔๕๙๕๑๕๙๗๖๗๑", "0105536000313", "0-10-5-536-00031-3", "", "- - -", "\xff\xfe"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, kind := range Kinds() {
			if n, err := Parse(kind, s); err == nil {
				if again, err := Parse(kind, n.Value); err != nil || again != n {
					t.Fatalf("%s: what was parsed parses as something else: %v", kind, err)
				}
			}
		}
		c, errC := ParseCitizen(s)
		j, errJ := ParseJuristic(s)
		if errC == nil && errJ == nil {
			t.Fatal("one number is a person and a juristic person")
		}
		if errC == nil {
			again, err := ParseCitizen(FormatCitizen(c))
			if err != nil || again != c || len(c) != 13 {
				t.Fatalf("round trip: %v", err)
			}
		}
		if errJ == nil {
			again, err := ParseJuristic(FormatJuristic(j))
			if err != nil || again != j || len(j) != 13 {
				t.Fatalf("round trip: %v", err)
			}
		}
	})
}
