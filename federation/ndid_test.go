package federation

import (
	"encoding/json"
	"maps"
	"testing"
	"time"

	"onedoor/hub"
	"onedoor/hub/identifier"
)

func ndidRecord() Provider {
	p := record()
	p.ID, p.OIDC = "ndid", nil
	p.Ceiling = hub.Level{IAL: hub.IAL23, AAL: hub.AAL22}
	p.Person = PersonClaim{Kind: identifier.ThaiCitizen, Claim: CitizenNamespace}
	p.Attributes = map[hub.AttributeName][]string{hub.CitizenID: {CitizenNamespace}}
	p.Assurance = Assurance{
		IALName: NDIDIAL, IAL: map[string]hub.IAL{"2.1": hub.IAL21, "2.3": hub.IAL23}, AALName: NDIDAAL, AAL: map[string]hub.AAL{"2.1": hub.AAL21, "3": hub.AAL3},
	}
	message := hub.Text{}
	for _, l := range hub.Languages() {
		message[l] = "To {system} of {department}, code {code}"
	}
	p.NDID = &NDID{
		Node: "https://node.example:8443", Callback: "https://hub.example", Namespace: CitizenNamespace, Message: message,
		Least: hub.Level{IAL: hub.IAL21, AAL: hub.AAL21},
	}
	return p
}

func TestValidateNDID(t *testing.T) {
	t.Parallel()
	if fs := ndidRecord().Validate(); len(fs) > 0 {
		t.Fatal(fs)
	}
	say := func(p *Provider, text string) {
		p.NDID.Message = maps.Clone(p.NDID.Message)
		p.NDID.Message["en"] = text
	}
	for _, c := range []struct {
		path   string
		change func(*Provider)
	}{
		{"ndid.node", func(p *Provider) { p.NDID.Node = "" }},
		{"ndid.node", func(p *Provider) { p.NDID.Node = "http://node.example" }},
		{"ndid.node", func(p *Provider) { p.NDID.Node = "https://node.example/" }},
		{"ndid.node", func(p *Provider) { p.NDID.Node = "https://node.example?x=1" }},
		{"ndid.node", func(p *Provider) { p.NDID.Node, p.NDID.PrivateNetwork = "ftp://node.example", true }},
		{"ndid.callback", func(p *Provider) { p.NDID.Callback = "https://u:p@hub.example" }},
		{"ndid.apiVersion", func(p *Provider) { p.NDID.APIVersion = "4.0" }},
		{"ndid.nodeID", func(p *Provider) { p.NDID.NodeID = "a b" }},
		{"ndid.requestType", func(p *Provider) { p.NDID.RequestType = "\n" }},
		{"ndid.requestTimeout", func(p *Provider) { p.NDID.RequestTimeout = time.Second }},
		{"ndid.requestTimeout", func(p *Provider) { p.NDID.RequestTimeout = time.Hour }},
		{"ndid.requestTimeout", func(p *Provider) { p.NDID.RequestTimeout = time.Minute + time.Millisecond }},
		{"ndid.namespace", func(p *Provider) { p.NDID.Namespace = "passport_num" }},
		{"ndid.modes", func(p *Provider) { p.NDID.Modes = "3" }},
		{"ndid.message.en", func(p *Provider) { say(p, "") }},
		{"ndid.message.en", func(p *Provider) { say(p, "To {system}") }},
		{"ndid.message.en", func(p *Provider) { say(p, "Code {code}") }},
		{"ndid.message.en", func(p *Provider) { say(p, "Code {code} {code} {system}") }},
		{"ndid.message.en", func(p *Provider) { say(p, "{system} {code}") }},
		{"ndid.message.en", func(p *Provider) { say(p, "Data:text/plain,{system}{code}") }},
		{"ndid.message.en", func(p *Provider) { say(p, "To {system} {code} {name}") }},
		{"ndid.message.en", func(p *Provider) { say(p, "a\nb {system} {code}") }},
		{`ndid.message["fr"]`, func(p *Provider) { p.NDID.Message["fr"] = "x" }},
		{"ndid.least", func(p *Provider) { p.NDID.Least.IAL = hub.IAL13 }},
		{"ndid.least", func(p *Provider) { p.NDID.Least.AAL = hub.AALNone }},
		{"ndid.least", func(p *Provider) { p.NDID.Least.AAL = hub.AAL3 }},
		{`ndid.idpNames["x"].zh`, func(p *Provider) { p.NDID.IDPNames = map[string]hub.Text{"x": {"th": "a", "en": "a", "vi": "a"}} }},
		{`ndid.idpNames["a b"]`, func(p *Provider) { p.NDID.IDPNames = map[string]hub.Text{"a b": {}} }},
		{"ndid.personDenied[0]", func(p *Provider) { p.NDID.PersonDenied = []int{0} }},
		{"person", func(p *Provider) { p.Person.Claim = "pid" }},
		{"assurance", func(p *Provider) { p.Assurance.AALName = "other" }},
		{"assurance", func(p *Provider) { p.Assurance.Fixed.AAL = hub.AAL21 }},
		{"assurance", func(p *Provider) { p.Assurance.AMR = map[string]hub.AAL{"pwd": hub.AAL1} }},
		{`assurance["2.30"]`, func(p *Provider) { p.Assurance.IAL["2.30"] = hub.IAL23 }},
		{`assurance.aal["x"]`, func(p *Provider) { p.Assurance.AAL["x"] = hub.AALNone }},
		{"assurance.aalName", func(p *Provider) { p.Assurance.AALName = "" }},
		{"assurance.aal", func(p *Provider) { p.Assurance.AAL = nil }},
		{"", func(p *Provider) { p.OIDC = record().OIDC }},
	} {
		p := ndidRecord()
		c.change(&p)
		found := false
		fs := p.Validate()
		for _, f := range fs {
			found = found || f.Path == c.path
		}
		if !found {
			t.Errorf("no fault at %q, but %v", c.path, fs)
		}
	}
	p := ndidRecord()
	p.NDID.PrivateNetwork, p.NDID.Node, p.NDID.Callback = true, "http://10.0.0.7:8080", "http://hub.internal:8081/cb"
	if fs := p.Validate(); len(fs) > 0 {
		t.Errorf("a private network: %v", fs)
	}
}

// LOA-04: an AAL that a provider states is read by its table, and a number that is not in it gives no level.
func TestLOA04_AStatedAAL(t *testing.T) {
	t.Parallel()
	p := ndidRecord()
	for _, c := range []struct {
		aal  any
		acr  string
		want hub.AAL
	}{
		{json.Number("2.1"), "", hub.AAL21},
		{json.Number("3"), "", hub.AAL22},
		{json.Number("2.10"), "", hub.AALNone},
		{"2.1", "", hub.AAL21},
		{nil, "", hub.AALNone},
		{json.Number("3"), "low", hub.AAL1},
		{json.Number("9"), "low", hub.AALNone},
	} {
		p.Assurance.ACR = map[string]hub.Level{"low": {AAL: hub.AAL1}}
		id, err := Map(p, Claims{Subject: "s", ACR: c.acr, Values: map[string]any{"aal": c.aal}}, time.Now())
		if err != nil || id.Level.AAL != c.want {
			t.Errorf("%v %q: %v, %v", c.aal, c.acr, id.Level, err)
		}
	}
}

func TestDecimal(t *testing.T) {
	t.Parallel()
	for n, want := range map[json.Number]string{
		"1": "1", "2.3": "2.3", "2.30": "2.3", "3.0": "3", "10": "10", "0.5": "0.5",
		"": "", ".5": "", "2.": "", "02.3": "", "2.3.4": "", "-1": "", "1e1": "", "2.3000000": "", "x": "",
	} {
		if got := Decimal(n); got != want {
			t.Errorf("%q: %q, want %q", n, got, want)
		}
	}
}
