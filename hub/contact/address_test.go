package contact_test

import (
	"errors"
	"strings"
	"testing"

	"onedoor/hub"
	"onedoor/hub/contact"
)

func TestParseAddress(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		kind       contact.Kind
		text, want string
	}{
		{contact.Email, " Mali.J+gov@Mail.Example.CO.TH ", "Mali.J+gov@mail.example.co.th"},
		{contact.Email, "a@b.c", "a@b.c"},
		{contact.Email, strings.Repeat("a", 64) + "@b.co", strings.Repeat("a", 64) + "@b.co"},
		{contact.Email, strings.Repeat("a", 65) + "@b.co", ""},
		{contact.Email, "a@" + strings.Repeat("b", 64) + ".co", ""},
		{contact.Email, "a@b", ""},
		{contact.Email, "a@@b.co", ""},
		{contact.Email, "a@b..co", ""},
		{contact.Email, ".a@b.co", ""},
		{contact.Email, "a.@b.co", ""},
		{contact.Email, "a@-b.co", ""},
		{contact.Email, "a@b-.co", ""},
		{contact.Email, "a@192.0.2.1", ""},
		{contact.Email, "a@[192.0.2.1]", ""},
		{contact.Email, `"a b"@c.co`, ""},
		{contact.Email, "Mali <a@b.co>", ""},
		{contact.Email, "a@b.co, c@d.co", ""},
		{contact.Email, "a@b.co\r\nBcc: x@y.z", ""},
		{contact.Email, "a@b.co\nRCPT TO:<x@y.z>", ""},
		{contact.Email, "มะลิ@ตัวอย่าง.ไทย", ""},
		{contact.Email, "", ""},
		{contact.Phone, "081-234 5678", "+66812345678"},
		{contact.Phone, "+66 (81) 234.5678", "+66812345678"},
		{contact.Phone, "+1", ""},
		{contact.Phone, "+1234567890123456", ""},
		{contact.Phone, "0066812345678", ""},
		{contact.Phone, "812345678", ""},
		{contact.Phone, "+0812345678", ""},
		{contact.Phone, "๐๘๑๒๓๔๕๖๗๘", ""},
		{contact.Phone, "+66812345678;ext=1", ""},
		{"pigeon", "a@b.co", ""},
	} {
		got, err := contact.ParseAddress(c.kind, c.text, "66")
		if got != c.want || (err == nil) != (c.want != "") || err != nil && !errors.Is(err, hub.Invalid) {
			t.Errorf("%s %q: %q, %v", c.kind, c.text, got, err)
		}
		if err != nil && c.text != "" && strings.Contains(err.Error(), strings.TrimSpace(c.text)) {
			t.Errorf("the error repeats %q", c.text)
		}
	}
	for _, c := range []struct {
		kind       contact.Kind
		text, want string
	}{{contact.Email, "mali@b.co", "m…@b.co"}, {contact.Phone, "+66812345678", "+66 … 78"}, {contact.Email, "", "…"}, {contact.Phone, "+1", "…"}} {
		if got := contact.Mask(c.kind, c.text); got != c.want {
			t.Errorf("%q is shown as %q", c.text, got)
		}
	}
}

// What is taken has one form, is parsed to itself, and holds nothing that a protocol would take for its own.
func FuzzParseAddress(f *testing.F) {
	for _, s := range []string{"a@b.co", "081-234-5678", "+66 81 234 5678", "a@b.co\r\nBcc: x", `"x"@y.z`, "a@[::1]", "<a@b.co>"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, kind := range []contact.Kind{contact.Email, contact.Phone} {
			got, err := contact.ParseAddress(kind, text, "66")
			if err != nil {
				continue
			}
			if again, err := contact.ParseAddress(kind, got, "66"); err != nil || again != got {
				t.Errorf("%q becomes %q becomes %q, %v", text, got, again, err)
			}
			if strings.ContainsAny(got, "\r\n\t <>,;:\"\\()[]\x00") || len(got) > 254 {
				t.Errorf("%q is taken", got)
			}
			if kind == contact.Email && len(got) > 8 && strings.Contains(contact.Mask(kind, got), got) {
				t.Errorf("%q is not masked", got)
			}
		}
	})
}
