package federation

import (
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"onedoor/hub"
)

var now = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

func TestLOA04_LevelOfClaims(t *testing.T) {
	t.Parallel()
	lv := func(i hub.IAL, a hub.AAL) hub.Level { return hub.Level{IAL: i, AAL: a} }
	acr := map[string]hub.Level{"both": lv(hub.IAL22, hub.AAL21), "how": {AAL: hub.AAL22}, "who": {IAL: hub.IAL22}}
	ial := map[string]hub.IAL{"1.3": hub.IAL13, "2.1": hub.IAL21, "2.3": hub.IAL23, "3": hub.IAL3}
	amr := map[string]hub.AAL{"pwd": hub.AAL1, "mfa": hub.AAL21, "hwk": hub.AAL22}
	full := Assurance{ACR: acr, IAL: ial, IALName: "ial", AMR: amr, Fixed: lv(hub.IAL11, hub.AAL1)}
	thaid := Assurance{IAL: ial, IALName: "ial", Fixed: hub.Level{AAL: hub.AAL21}}
	claim := func(v any) map[string]any { return map[string]any{"ial": v} }
	cases := []struct {
		name string
		a    Assurance
		c    Claims
		want hub.Level
	}{
		{"nothing said: fixed", full, Claims{}, lv(hub.IAL11, hub.AAL1)},
		{"acr alone", full, Claims{ACR: "both"}, lv(hub.IAL22, hub.AAL21)},
		{"acr and a lower ial claim", full, Claims{ACR: "both", Values: claim("1.3")}, lv(hub.IAL13, hub.AAL21)},
		{"acr and a higher ial claim", full, Claims{ACR: "both", Values: claim("3")}, lv(hub.IAL22, hub.AAL21)},
		{"acr and an unknown ial claim", full, Claims{ACR: "both", Values: claim("2.30")}, lv(hub.IALNone, hub.AAL21)},
		{"acr speaks of aal only", full, Claims{ACR: "how"}, lv(hub.IAL11, hub.AAL22)},
		{"acr speaks of aal only, ial claim", full, Claims{ACR: "how", Values: claim("2.3")}, lv(hub.IAL23, hub.AAL22)},
		{"acr speaks of ial only, amr", full, Claims{ACR: "who", AMR: []string{"pwd", "mfa"}}, lv(hub.IAL22, hub.AAL21)},
		{"acr beats a higher amr", full, Claims{ACR: "both", AMR: []string{"hwk"}}, lv(hub.IAL22, hub.AAL21)},
		{"unknown acr gives nothing", full, Claims{ACR: "palm"}, lv(hub.IALNone, hub.AALNone)},
		{"unknown acr, known amr", full, Claims{ACR: "palm", AMR: []string{"pwd"}}, lv(hub.IALNone, hub.AAL1)},
		{"acr without a table is not consulted", thaid, Claims{ACR: "palm", Values: claim("2.3")}, lv(hub.IAL23, hub.AAL21)},
		{"amr without a table is not consulted", thaid, Claims{AMR: []string{"hwk"}, Values: claim("2.3")}, lv(hub.IAL23, hub.AAL21)},
		{"ial as text", thaid, Claims{Values: claim("2.3")}, lv(hub.IAL23, hub.AAL21)},
		{"ial as JSON number", thaid, Claims{Values: claim(json.Number("2.3"))}, lv(hub.IAL23, hub.AAL21)},
		{"ial as JSON integer", thaid, Claims{Values: claim(json.Number("3"))}, lv(hub.IAL3, hub.AAL21)},
		{"ial as float", thaid, Claims{Values: claim(2.3)}, lv(hub.IAL23, hub.AAL21)},
		{"2.10 is not 2.1", thaid, Claims{Values: claim(json.Number("2.10"))}, lv(hub.IALNone, hub.AAL21)},
		{"2 is not 2.1", thaid, Claims{Values: claim(json.Number("2"))}, lv(hub.IALNone, hub.AAL21)},
		{"ial as object", thaid, Claims{Values: claim(map[string]any{"level": "3"})}, lv(hub.IALNone, hub.AAL21)},
		{"ial null is absent", thaid, Claims{Values: claim(nil)}, lv(hub.IALNone, hub.AAL21)},
		{"ial absent", thaid, Claims{}, lv(hub.IALNone, hub.AAL21)},
	}
	for _, c := range cases {
		if got := c.a.Level(c.c); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

func TestLOA13_UnknownAMRNeverRaises(t *testing.T) {
	t.Parallel()
	a := Assurance{AMR: map[string]hub.AAL{"pwd": hub.AAL1, "mfa": hub.AAL22}, Fixed: hub.Level{IAL: hub.IAL23, AAL: hub.AAL3}}
	cases := []struct {
		amr  []string
		want hub.AAL
	}{
		{nil, hub.AAL3}, // nothing said: by agreement
		{[]string{"palm"}, hub.AALNone},
		{[]string{"palm", "face", "mfa2", "MFA"}, hub.AALNone},
		{[]string{"pwd"}, hub.AAL1},
		{[]string{"pwd", "palm"}, hub.AAL1},
		{[]string{"palm", "mfa", "pwd"}, hub.AAL22},
	}
	for _, c := range cases {
		if got := a.Level(Claims{AMR: c.amr}).AAL; got != c.want {
			t.Errorf("amr %v: %v, want %v", c.amr, got, c.want)
		}
	}
}

func record() Provider {
	p := Provider{
		ID: "idp", Names: hub.Text{"th": "ก", "en": "a", "zh": "一", "vi": "a"}, Status: Active,
		ValidFrom: now.Add(-time.Hour), ValidUntil: now.Add(time.Hour), Ceiling: hub.Level{IAL: hub.IAL23, AAL: hub.AAL21},
		Assurance:  Assurance{IAL: map[string]hub.IAL{"1.3": hub.IAL13, "2.1": hub.IAL21, "2.3": hub.IAL23, "3": hub.IAL3}, IALName: "ial", Fixed: hub.Level{AAL: hub.AAL22}},
		Attributes: map[hub.AttributeName][]string{},
		Person:     PersonClaim{Kind: "th.citizen", Claim: "pid"},
		OIDC: &OIDC{
			Issuer: "https://idp.example", ClientID: "hub", ClientSecret: SealedSecret("x"), Scopes: []string{"openid"},
			Quirks: Quirks{BirthdateCE: true},
		},
	}
	for _, n := range hub.AttributeNames() {
		p.Attributes[n] = []string{string(n)}
	}
	p.Attributes[hub.CitizenID] = []string{"pid"}
	p.Attributes[hub.Name] = []string{"full", "name"}
	return p
}

func values() map[string]any {
	return map[string]any{
		"ial": "2.3", "pid": "3-1005-00000-01-1", "title": "นางสาว", "given_name": " มะลิ ", "middle_name": "", "family_name": "ใจดี",
		"name": "นางสาว มะลิ ใจดี", "title_en": "Miss", "given_name_en": "Mali", "middle_name_en": "Rose", "family_name_en": "Jaidee",
		"name_en": "Miss Mali Rose Jaidee", "birthdate": "1980-00-00", "gender": "female",
		"address":  map[string]any{"formatted": "99/1 Moo 5\nTambon Nai Fan", "laser": "JT9"},
		"laser_id": "JT9-1", "unmapped": "x",
	}
}

func TestPRV05_MapWholeDictionary(t *testing.T) {
	t.Parallel()
	id, err := Map(record(), Claims{Subject: "s", Values: values(), AMR: []string{"pin", "evil value", strings.Repeat("x", 99)}, Session: "sid"}, now)
	if err != nil {
		t.Fatal(err)
	}
	want := map[hub.AttributeName]string{
		hub.CitizenID: "3100500000011", hub.Title: "นางสาว", hub.GivenName: "มะลิ", hub.FamilyName: "ใจดี", hub.Name: "นางสาว มะลิ ใจดี",
		hub.TitleEN: "Miss", hub.GivenNameEN: "Mali", hub.MiddleNameEN: "Rose", hub.FamilyNameEN: "Jaidee", hub.NameEN: "Miss Mali Rose Jaidee",
		hub.Birthdate: "1980", hub.Gender: "female", hub.Address: "99/1 Moo 5 Tambon Nai Fan",
	}
	for _, n := range hub.AttributeNames() {
		a := id.Attributes[n]
		if a.Value != want[n] {
			t.Errorf("%s = %q, want %q", n, a.Value, want[n])
		}
		if a.Value != "" && (a.Source != "idp" || !a.At.Equal(now)) {
			t.Errorf("%s: PRV-09: source %q at %v", n, a.Source, a.At)
		}
	}
	if len(id.Attributes) != len(want) {
		t.Errorf("%d attributes, want %d", len(id.Attributes), len(want))
	}
	if id.Person.Value != "3100500000011" || id.Person.Kind != "th.citizen" || id.Subject != "s" || id.Session != "sid" || id.Provider != "idp" {
		t.Error("person, subject, session or provider is not what was said")
	}
	if id.Level != (hub.Level{IAL: hub.IAL23, AAL: hub.AAL21}) {
		t.Errorf("level %v: above the ceiling or changed", id.Level)
	}
	if !slices.Equal(id.Methods, []string{"pin"}) {
		t.Errorf("methods %v", id.Methods)
	}
	if !id.AuthTime.Equal(now) {
		t.Errorf("auth time %v", id.AuthTime)
	}
}

func TestMapFirstPresentClaimWins(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		full any
		want string
	}{{"First", "First"}, {"  ", "นางสาว มะลิ ใจดี"}, {nil, "นางสาว มะลิ ใจดี"}, {json.Number("7"), "นางสาว มะลิ ใจดี"}, {strings.Repeat("ก", 301), "นางสาว มะลิ ใจดี"}} {
		v := values()
		v["full"] = c.full
		id, err := Map(record(), Claims{Subject: "s", Values: v}, now)
		if err != nil || id.Attributes[hub.Name].Value != c.want {
			t.Errorf("full=%v: name %q, %v", c.full, id.Attributes[hub.Name].Value, err)
		}
	}
}

func TestMapPersonNumber(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name   string
		change func(*Provider, map[string]any)
		person string
		attr   bool
		cause  Cause
	}{
		{"good", func(*Provider, map[string]any) {}, "3100500000011", true, ""},
		{"as number", func(_ *Provider, v map[string]any) { v["pid"] = json.Number("3100500000011") }, "3100500000011", true, ""},
		{"wrong check digit", func(_ *Provider, v map[string]any) { v["pid"] = "3100500000012" }, "", false, PersonNumber},
		{"juristic number", func(_ *Provider, v map[string]any) { v["pid"] = "0105536000313" }, "", false, PersonNumber},
		{"object", func(_ *Provider, v map[string]any) { v["pid"] = map[string]any{} }, "", false, PersonNumber},
		{"empty", func(_ *Provider, v map[string]any) { v["pid"] = "" }, "", false, PersonNumber},
		{"absent", func(_ *Provider, v map[string]any) { delete(v, "pid") }, "", false, ""},
		{"null", func(_ *Provider, v map[string]any) { v["pid"] = nil }, "", false, ""},
		{"IAL 2.1 is enough", func(_ *Provider, v map[string]any) { v["ial"] = "2.1" }, "3100500000011", true, ""},
		{"IAL 1.3 is not", func(_ *Provider, v map[string]any) { v["ial"] = "1.3" }, "", false, ""},
		{"IAL 1.3 with a wrong number: not looked at", func(_ *Provider, v map[string]any) { v["ial"], v["pid"] = "1.3", "7" }, "", false, ""},
		{"IAL 3 under a ceiling of 1.3", func(p *Provider, v map[string]any) { p.Ceiling.IAL, v["ial"] = hub.IAL13, "3" }, "", false, ""},
		{"attribute from another claim, same number", func(p *Provider, v map[string]any) {
			p.Attributes[hub.CitizenID], v["cid"] = []string{"cid"}, "3100500000011"
		}, "3100500000011", true, ""},
		{"attribute from another claim, other number", func(p *Provider, v map[string]any) {
			p.Attributes[hub.CitizenID], v["cid"] = []string{"cid"}, "1999999999999"
		}, "", false, PersonDiffers},
		{"attribute without person", func(p *Provider, _ map[string]any) { p.Person = PersonClaim{} }, "", false, PersonDiffers},
	}
	for _, c := range cases {
		p, v := record(), values()
		c.change(&p, v)
		id, err := Map(p, Claims{Subject: "s", Values: v}, now)
		if c.cause != "" {
			if !errors.Is(err, hub.Refused) || Reason(err) != string(c.cause) {
				t.Errorf("%s: %v, want %s", c.name, err, c.cause)
			}
			continue
		}
		_, attr := id.Attributes[hub.CitizenID]
		if err != nil || id.Person.Value != c.person || attr != c.attr {
			t.Errorf("%s: person %q, attribute %v, %v", c.name, id.Person.Value, attr, err)
		}
	}
}

func TestMapSubject(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"", strings.Repeat("s", 256), "\xff"} {
		if _, err := Map(record(), Claims{Subject: s, Values: values()}, now); Reason(err) != string(SubjectMissing) {
			t.Errorf("subject of %d bytes: %v", len(s), err)
		}
	}
}

func TestPRV04_NoEvidenceInIdentity(t *testing.T) {
	t.Parallel()
	p, v := record(), values()
	v["chip_no"], v["full"] = "CHIP-7", "ok"
	p.Attributes[hub.Gender] = []string{"chip_no", "gender"} // a record that Validate refuses
	id, err := Map(p, Claims{Subject: "s", Values: v}, now)
	if err != nil {
		t.Fatal(err)
	}
	for name, a := range id.Attributes {
		if strings.Contains(a.Value, "CHIP") || strings.Contains(a.Value, "JT9") {
			t.Errorf("%s carries an evidence number", name)
		}
	}
	if id.Attributes[hub.Gender].Value != "female" {
		t.Error("the next claim was not taken")
	}
}

func TestAddress(t *testing.T) {
	t.Parallel()
	cases := []struct {
		in   any
		want string
	}{
		{"  1 Rama IV\tRoad ", "1 Rama IV Road"},
		{map[string]any{"formatted": "A\r\nB"}, "A B"},
		{map[string]any{"formatted": " ", "street_address": "1 Rama IV", "postal_code": json.Number("10110"), "country": "TH"}, "1 Rama IV 10110 TH"},
		{map[string]any{}, ""},
		{json.Number("4"), ""},
		{"a\u202eb\x00c", "abc"},
		{strings.Repeat("ก", 1001), ""},
		{"\xff", ""},
	}
	for _, c := range cases {
		if got := address(c.in); got != c.want {
			t.Errorf("address(%v) = %q, want %q", c.in, got, c.want)
		}
	}
}

func TestBirthdate(t *testing.T) {
	t.Parallel()
	cases := []struct {
		in     string
		zeros  bool
		want   string
		wantOK bool
	}{
		{"1990-04-12", true, "1990-04-12", true},
		{"1990-04-12", false, "1990-04-12", true},
		{"1980-00-00", true, "1980", true},
		{"1980-00-00", false, "", false},
		{"1980-05-00", true, "1980-05", true},
		{"1980-00-05", true, "1980", true},
		{"1980-05", false, "1980-05", true},
		{"1980", false, "1980", true},
		{" 1980 ", true, "1980", true},
		{"2026-11-21", true, "2026-11-21", true},
		{"2026-12-21", true, "", false}, // the future
		{"2533-04-12", true, "", false}, // Buddhist era: never guessed
		{"1849-12-31", true, "", false},
		{"1990-02-30", true, "", false},
		{"1990-13-01", true, "", false},
		{"1990-4-12", true, "", false},
		{"1990-04-12T00:00:00Z", true, "", false},
		{"12/04/1990", true, "", false},
		{"0000-04-12", true, "", false},
		{"", true, "", false},
		{"1990-04-12-01", true, "", false},
		{"+990-04-12", true, "", false},
	}
	for _, c := range cases {
		if got, ok := Birthdate(c.in, c.zeros, now); got != c.want || ok != c.wantOK {
			t.Errorf("Birthdate(%q, %v) = %q, %v", c.in, c.zeros, got, ok)
		}
	}
}

func FuzzBirthdate(f *testing.F) {
	for _, s := range []string{"1990-04-12", "1980-00-00", "1980", "1980-05", "", "x", "2533-01-01", "1990-02-30"} {
		f.Add(s, true)
		f.Add(s, false)
	}
	f.Fuzz(func(t *testing.T, s string, zeros bool) {
		got, ok := Birthdate(s, zeros, now)
		if ok != (got != "") {
			t.Fatalf("%q: %v", got, ok)
		}
		if again, ok2 := Birthdate(got, false, now); ok && (!ok2 || again != got) {
			t.Fatalf("%q gives %q, which does not read back", s, got)
		}
	})
}

func FuzzMap(f *testing.F) {
	for _, s := range []string{
		`{"ial":"2.3","pid":"3100500000011","name":"a","birthdate":"1980-00-00","address":{"formatted":"x"}}`,
		`{"ial":2.3,"pid":3100500000011,"laser_id":"JT9","card":{"chip":"x"},"cards":[{"bp1":"x"}]}`,
		`{"ial":{},"pid":[],"address":[[]],"birthdate":1980,"gender":null}`, `{}`, `null`,
	} {
		f.Add([]byte(s), "subject")
	}
	f.Fuzz(func(t *testing.T, body []byte, subject string) {
		d := json.NewDecoder(strings.NewReader(string(body)))
		d.UseNumber()
		var v map[string]any
		if d.Decode(&v) != nil {
			return
		}
		p := record()
		id, err := Map(p, Claims{Subject: subject, Values: v}, now)
		if err != nil {
			if !errors.Is(err, hub.Refused) {
				t.Fatalf("kind %v", hub.KindOf(err))
			}
			return
		}
		if id.Level != id.Level.Cap(p.Ceiling) {
			t.Fatal("above the ceiling")
		}
		if id.Level.IAL < hub.IAL21 && (!id.Person.IsZero() || id.Attributes[hub.CitizenID].Value != "") {
			t.Fatal("an unproven number")
		}
		for name, a := range id.Attributes {
			if !name.Known() || a.Value == "" || strings.ContainsAny(a.Value, "\r\n\x00") {
				t.Fatalf("attribute %q", name)
			}
		}
	})
}

func TestClaimsAndIdentityPrintNothing(t *testing.T) {
	t.Parallel()
	c := Claims{Subject: "secret-sub", Values: values()}
	if s := c.String(); s != "[redacted]" {
		t.Error(s)
	}
	if s := SealedSecret("x").String(); s != "[redacted]" {
		t.Error(s)
	}
	if len(maps.Clone(c.Values)) == 0 {
		t.Error("nothing was hidden")
	}
}
