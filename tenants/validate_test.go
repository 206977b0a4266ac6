package tenants_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"onedoor/hub"
	"onedoor/hub/consent"
	"onedoor/tenants"
)

func four(s string) hub.Text {
	return hub.Text{"th": s + " ไทย", "en": s, "zh": s + " 中文", "vi": s + " tiếng Việt"}
}

func goodDepartment() tenants.Department {
	return tenants.Department{ID: "revenue", Names: four("Revenue"), Complaint: "https://revenue.example/complaints"}
}

func goodSystem() tenants.System {
	return tenants.System{
		ID:         "efiling",
		Department: "revenue",
		Names:      four("E-filing"),
		Status:     tenants.Live,
		Group:      tenants.Transaction,
		Least:      hub.Level{IAL: hub.IAL23, AAL: hub.AAL21},
		Risk:       "Wrong person files a return: moderate.",
		ReviewBy:   time.Date(2027, 1, 31, 0, 0, 0, 0, time.UTC),
		Attributes: []consent.Rule{
			{
				Attribute: hub.GivenName, Purpose: "tax-return", Text: four("To fill the form"), Required: true,
				Basis: consent.ByConsent, Effect: four("You can't file"),
			},
			{Attribute: hub.CitizenID, Purpose: "tax-return", Text: four("The law says so"), Basis: consent.ByLegalDuty},
		},
		OIDC: &tenants.OIDC{
			RedirectURIs:         []string{"https://efiling.revenue.example/callback"},
			Scopes:               []string{"openid", "profile"},
			Secrets:              []tenants.Secret{{SHA256: [32]byte{1}}},
			BackchannelLogoutURI: "https://efiling.revenue.example/logout",
		},
	}
}

func show(faults []tenants.Fault) string {
	lines := make([]string, len(faults))
	for i, f := range faults {
		lines[i] = f.String()
	}
	return strings.Join(lines, "\n")
}

// expect demands exactly these "path rule" pairs, in any order.
func expect(t *testing.T, got []tenants.Fault, want ...string) {
	t.Helper()
	have := make([]string, len(got))
	for i, f := range got {
		have[i] = strings.TrimSpace(f.Path + " " + f.Rule)
	}
	slices.Sort(have)
	slices.Sort(want)
	if !slices.Equal(have, want) {
		t.Fatalf("faults:\n%s\nwant:\n%s", show(got), strings.Join(want, "\n"))
	}
}

func TestGoodEntriesHaveNoFault(t *testing.T) {
	t.Parallel()
	expect(t, goodDepartment().Validate())
	expect(t, goodSystem().Validate())
	if f := tenants.ValidateAll([]tenants.Department{goodDepartment()}, []tenants.System{goodSystem()}); f != nil {
		t.Fatal(f)
	}
}

func TestLOA07_AGroupCannotDemandLessThanItsLevel(t *testing.T) {
	t.Parallel()
	floors := map[tenants.Group]hub.Level{
		tenants.Interactive: {IAL: hub.IAL11, AAL: hub.AAL1},
		tenants.Transaction: {IAL: hub.IAL21, AAL: hub.AAL21},
		tenants.CrossAgency: {IAL: hub.IAL3, AAL: hub.AAL21},
	}
	for group, floor := range floors {
		for _, level := range hub.Levels() {
			s := goodSystem()
			s.Attributes, s.OIDC.Scopes = nil, []string{"openid"}
			s.Group, s.Least = group, level
			var want []string
			if level.IAL < floor.IAL {
				want = append(want, "least.ial LOA-07")
			}
			if level.AAL < floor.AAL {
				want = append(want, "least.aal LOA-07")
			}
			expect(t, s.Validate(), want...)
		}
	}
	for _, group := range []tenants.Group{-1, 0, 1, 5} {
		s := goodSystem()
		s.Group = group
		expect(t, s.Validate(), "group LOA-07")
	}
}

func TestLOA08_PersonalDataDemandsIAL21(t *testing.T) {
	t.Parallel()
	uses := map[string]func(*tenants.System){
		"a rule":         func(s *tenants.System) { s.OIDC.Scopes = []string{"openid"} },
		"profile":        func(s *tenants.System) { s.Attributes = nil },
		"address":        func(s *tenants.System) { s.Attributes, s.OIDC.Scopes = nil, []string{"openid", "address"} },
		"attribute name": func(s *tenants.System) { s.Attributes, s.OIDC.Scopes = nil, []string{"openid", "birthdate"} },
	}
	for name, use := range uses {
		for _, level := range hub.Levels() {
			s := goodSystem()
			s.Group, s.Least = tenants.Interactive, level
			use(&s)
			if level.IAL < hub.IAL21 {
				expect(t, s.Validate(), "least.ial LOA-08")
			} else if f := s.Validate(); f != nil {
				t.Fatalf("%s at %s: %s", name, level, show(f))
			}
		}
	}
	s := goodSystem()
	s.Group, s.Least, s.Attributes, s.OIDC.Scopes = tenants.Interactive, hub.Level{IAL: hub.IAL11, AAL: hub.AAL1}, nil, []string{"openid", "offline_access"}
	expect(t, s.Validate())
}

func TestLOA09_LiveNeedsRiskLevelsAndReview(t *testing.T) {
	t.Parallel()
	s := goodSystem()
	s.Risk, s.ReviewBy, s.Least = " \n", time.Time{}, hub.Level{}
	expect(t, s.Validate(), "least.ial LOA-09", "least.aal LOA-09", "risk LOA-09", "reviewBy LOA-10")
	for _, status := range []tenants.SystemStatus{tenants.Draft, tenants.Testing, tenants.Suspended} {
		s := goodSystem()
		s.Status, s.Risk, s.ReviewBy = status, "", time.Time{}
		expect(t, s.Validate())
	}
}

func TestDepartmentFaults(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		spoil func(*tenants.Department)
		want  []string
	}{
		"id":              {func(d *tenants.Department) { d.ID = "Revenue" }, []string{"id AUD-11"}},
		"AUD11 number":    {func(d *tenants.Department) { d.ID = "d-1234-56789" }, []string{"id AUD-11"}},
		"AUD11 opaque":    {func(d *tenants.Department) { d.ID = hub.DepartmentID(strings.Repeat("a", 40)) }, []string{"id AUD-11"}},
		"longest":         {func(d *tenants.Department) { d.ID = hub.DepartmentID(strings.Repeat("a", 31) + "12345678") }, nil},
		"language absent": {func(d *tenants.Department) { delete(d.Names, "vi") }, []string{"names.vi"}},
		"no names":        {func(d *tenants.Department) { d.Names = nil }, []string{"names.th", "names.en", "names.zh", "names.vi"}},
		"foreign tongue":  {func(d *tenants.Department) { d.Names["de"] = "Finanzamt" }, []string{"names.de"}},
		"blank":           {func(d *tenants.Department) { d.Names["en"] = "  " }, []string{"names.en"}},
		"too long":        {func(d *tenants.Department) { d.Names["en"] = strings.Repeat("x", 201) }, []string{"names.en"}},
		"control":         {func(d *tenants.Department) { d.Names["en"] = "Re\x00venue" }, []string{"names.en"}},
		"turned around":   {func(d *tenants.Department) { d.Names["en"] = "Re\u202evenue" }, []string{"names.en"}},
		"not UTF-8":       {func(d *tenants.Department) { d.Names["en"] = "Re\xffvenue" }, []string{"names.en"}},
		"no complaint":    {func(d *tenants.Department) { d.Complaint = "" }, []string{"complaint PRV-14"}},
		"script":          {func(d *tenants.Department) { d.Complaint = "javascript:alert(1)" }, []string{"complaint PRV-14"}},
		"plain http":      {func(d *tenants.Department) { d.Complaint = "http://revenue.example/" }, []string{"complaint PRV-14"}},
		"mail":            {func(d *tenants.Department) { d.Complaint = "mailto:help@revenue.example" }, nil},
		"telephone":       {func(d *tenants.Department) { d.Complaint = "tel:1161" }, nil},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := goodDepartment()
			c.spoil(&d)
			expect(t, d.Validate(), c.want...)
		})
	}
}

func TestRegisterOfAttributesFaults(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		spoil func(r []consent.Rule) []consent.Rule
		want  []string
	}{
		"PRV05 unknown attribute": {func(r []consent.Rule) []consent.Rule { r[0].Attribute = "laser_id"; return r }, []string{"attributes[0].attribute PRV-05"}},
		"CON01 no purpose":        {func(r []consent.Rule) []consent.Rule { r[0].Purpose = ""; return r }, []string{"attributes[0].purpose CON-01"}},
		"CON01 purpose not told":  {func(r []consent.Rule) []consent.Rule { delete(r[1].Text, "zh"); return r }, []string{"attributes[1].text.zh CON-01"}},
		"CON05 effect not told":   {func(r []consent.Rule) []consent.Rule { delete(r[0].Effect, "th"); return r }, []string{"attributes[0].effect.th CON-05"}},
		"CON05 half an effect": {func(r []consent.Rule) []consent.Rule {
			r[1].Effect = hub.Text{"th": "x", "en": "x", "zh": "x"}
			return r
		}, []string{"attributes[1].effect.vi CON-05"}},
		"CON07 same purpose twice": {func(r []consent.Rule) []consent.Rule { return append(r, r[0]) }, []string{"attributes[2] CON-07"}},
		"CON07 other purpose":      {func(r []consent.Rule) []consent.Rule { x := r[0]; x.Purpose = "newsletter"; return append(r, x) }, nil},
		"PRV18 no basis":           {func(r []consent.Rule) []consent.Rule { r[1].Basis = ""; return r }, []string{"attributes[1].basis PRV-18"}},
		"PRV18 own basis":          {func(r []consent.Rule) []consent.Rule { r[1].Basis = "convenience"; return r }, []string{"attributes[1].basis PRV-18"}},
		"too many":                 {func(r []consent.Rule) []consent.Rule { return make([]consent.Rule, 65) }, []string{"attributes"}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := goodSystem()
			s.Attributes = c.spoil(s.Attributes)
			expect(t, s.Validate(), c.want...)
		})
	}
}

func TestSystemFieldsFaults(t *testing.T) {
	t.Parallel()
	s := goodSystem()
	s.ID, s.Department, s.Status, s.OIDC = "9lives", "", "open", nil
	expect(t, s.Validate(), "id AUD-11", "department", "status EXC-06", "oidc")
}
