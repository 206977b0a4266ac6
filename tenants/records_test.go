package tenants_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"onedoor/hub"
	"onedoor/tenants"
)

func goodKind() tenants.RecordKind {
	names := goodDepartment().Names
	return tenants.RecordKind{
		ID: "insured", Names: names, For: tenants.Person, Length: 20, Check: tenants.Check37_36, Least: hub.Level{IAL: hub.IAL21, AAL: hub.AAL21},
		Automatic: true, Attributes: []hub.AttributeName{hub.CitizenID, hub.Birthdate},
		Extra: []tenants.ExtraAttribute{{ID: "first-year", Names: names, Length: 4}, {ID: "old-card", Names: names, Length: 12}},
		Match: "https://sso.example/match", Notify: "https://sso.example/notify", Claim: []string{"old-card"}, Reconfirm: 365 * 24 * time.Hour,
	}
}

// BND-06: what a department says of its records is held to rules.
func TestBND06_RecordKinds(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		spoil func(*tenants.RecordKind)
		want  []string
	}{
		"good":                    {func(*tenants.RecordKind) {}, nil},
		"a bad id":                {func(k *tenants.RecordKind) { k.ID = "Insured" }, []string{"records[0].id AUD-11"}},
		"for nobody":              {func(k *tenants.RecordKind) { k.For = "" }, []string{"records[0].for"}},
		"no length":               {func(k *tenants.RecordKind) { k.Length = 0 }, []string{"records[0].length BND-06"}},
		"too long":                {func(k *tenants.RecordKind) { k.Length = 65 }, []string{"records[0].length BND-06"}},
		"an unknown rule":         {func(k *tenants.RecordKind) { k.Check = "mod-7" }, []string{"records[0].check"}},
		"luhn of letters":         {func(k *tenants.RecordKind) { k.Check = tenants.CheckLuhn }, []string{"records[0].check"}},
		"letters among digits":    {func(k *tenants.RecordKind) { k.Digits = true }, []string{"records[0].check"}},
		"X among letters":         {func(k *tenants.RecordKind) { k.Check = tenants.Check11_2 }, []string{"records[0].check"}},
		"no level":                {func(k *tenants.RecordKind) { k.Least = hub.Level{} }, []string{"records[0].least.aal LOA-09", "records[0].least.ial LOA-09"}},
		"a low level":             {func(k *tenants.RecordKind) { k.Least.IAL = hub.IAL13 }, []string{"records[0].least.ial LOA-08"}},
		"an unknown attribute":    {func(k *tenants.RecordKind) { k.Attributes[0] = "blood" }, []string{"records[0].attributes[0] PRV-05"}},
		"an attribute twice":      {func(k *tenants.RecordKind) { k.Attributes[1] = hub.CitizenID }, []string{"records[0].attributes[1]"}},
		"nothing to match":        {func(k *tenants.RecordKind) { k.Attributes = nil }, []string{"records[0].attributes PRV-06"}},
		"extra twice":             {func(k *tenants.RecordKind) { k.Extra[1].ID = "first-year"; k.Claim = nil }, []string{"records[0].extra[1].id"}},
		"extra of no length":      {func(k *tenants.RecordKind) { k.Extra[1].Length = 0 }, []string{"records[0].extra[1].length"}},
		"a proof of no attribute": {func(k *tenants.RecordKind) { k.Claim[0] = "blood" }, []string{"records[0].claim[0]"}},
		"in the clear":            {func(k *tenants.RecordKind) { k.Match = "http://sso.example/match" }, []string{"records[0].match EXC-02"}},
		"with a password":         {func(k *tenants.RecordKind) { k.Notify = "https://a:b@sso.example/" }, []string{"records[0].notify EXC-02"}},
		"stale at once":           {func(k *tenants.RecordKind) { k.Reconfirm = time.Hour }, []string{"records[0].reconfirm"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d, k := goodDepartment(), goodKind()
			c.spoil(&k)
			d.Records = []tenants.RecordKind{k}
			expect(t, d.Validate(), c.want...)
		})
	}
	d := goodDepartment()
	d.Records = []tenants.RecordKind{goodKind(), goodKind()}
	expect(t, d.Validate(), "records[1].id BND-06")
	d.Records = make([]tenants.RecordKind, 33)
	expect(t, d.Validate(), "records BND-06")
}

// Numbers have one spelling, and what the check character tells is heard.
func TestBND06_Normalise(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		check      string
		length     int
		digits     bool
		text, want string // "" for none
	}{
		{tenants.Check37_36, 13, false, "A12425GABC12" + string(tenants.CheckCharacter37("A12425GABC12")), "A12425GABC12" + string(tenants.CheckCharacter37("A12425GABC12"))},
		{tenants.Check37_36, 12, false, "a124-25gabc 1m", ""},
		{tenants.Check37_36, 5, false, "a123-" + string(tenants.CheckCharacter37("A123")), "A123" + string(tenants.CheckCharacter37("A123"))},
		{tenants.Check11_2, 16, true, "0000 0002 1825 0097", "0000000218250097"}, // ORCID and ISNI use it
		{tenants.Check11_2, 16, true, "0000 0002 1694 233x", "000000021694233X"},
		{tenants.Check11_2, 16, true, "0000000218250098", ""},
		{tenants.Check11_2, 16, true, "X000000218250097", ""},
		{tenants.CheckLuhn, 16, true, "4539-1488 0343 6467", "4539148803436467"},
		{tenants.CheckLuhn, 16, true, "4539148803436466", ""},
		{"th.citizen", 13, true, "1-2345-67890-12-1", "1234567890121"},
		{"th.citizen", 13, true, "1234567890122", ""},
		{"", 4, false, "ab-1 2", "AB12"},
		{"", 4, false, "AB123", ""},
		{"", 4, false, "AB1", ""},
		{"", 4, true, "AB12", ""},
		{"", 4, false, "กข12", ""},
		{"", 4, false, "AB1\x00", ""},
		{"", 4, false, strings.Repeat(" ", 300) + "AB12", ""},
	} {
		k := tenants.RecordKind{Length: c.length, Digits: c.digits, Check: c.check}
		got, err := k.Normalise(c.text)
		if got != c.want || (err != nil) != (c.want == "") || err != nil && !errors.Is(err, hub.Invalid) {
			t.Errorf("%s %q: %q, %v, want %q", c.check, c.text, got, err, c.want)
		}
		if err != nil && strings.Contains(err.Error(), c.text) {
			t.Errorf("%v", err)
		}
	}
}

// Any one wrong character, and any two neighbours changed over, are found by the check characters that promise it.
func TestBND06_OneWrongCharacterIsFound(t *testing.T) {
	t.Parallel()
	body := "SSO7Q2K9M4X1P8B3T6Z"
	k, good := tenants.RecordKind{Length: 20, Check: tenants.Check37_36}, body+string(tenants.CheckCharacter37(body))
	if _, err := k.Normalise(good); err != nil {
		t.Fatal(err)
	}
	for i := range len(good) {
		for _, c := range "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ" {
			wrong := good[:i] + string(c) + good[i+1:]
			if _, err := k.Normalise(wrong); err == nil && wrong != good {
				t.Errorf("%s passes", wrong)
			}
		}
	}
}

func TestBND01_TheFirstKindForPersons(t *testing.T) {
	t.Parallel()
	d := goodDepartment()
	if _, ok := d.FirstRecord(tenants.Person); ok {
		t.Error("a kind of none")
	}
	firm, insured := goodKind(), goodKind()
	firm.ID, firm.For = "employers", tenants.Entity
	d.Records = []tenants.RecordKind{firm, insured}
	if k, ok := d.FirstRecord(tenants.Person); !ok || k.ID != "insured" {
		t.Errorf("%s %v", k.ID, ok)
	}
	if _, ok := d.Record("employers"); !ok {
		t.Error("not found")
	}
}

func FuzzNormalise(f *testing.F) {
	for _, s := range []string{"", "A1", "0000 0002 1694 233x", "1-2345-67890-12-1", "กข"} {
		f.Add(s, 16, true)
	}
	f.Fuzz(func(t *testing.T, text string, length int, digits bool) {
		for _, check := range append(tenants.RecordChecks(), "") {
			k := tenants.RecordKind{Length: min(max(length, 1), 64), Digits: digits, Check: check}
			got, err := k.Normalise(text)
			if err != nil {
				continue
			}
			if again, err := k.Normalise(got); err != nil || again != got || len(got) != k.Length {
				t.Fatalf("%q -> %q -> %q, %v", text, got, again, err)
			}
		}
	})
}
