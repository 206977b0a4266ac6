package configs

import (
	"time"

	"onedoor/hub"
	"onedoor/tenants"
)

type recordForm struct {
	ID         string      `yaml:"id"`
	Names      hub.Text    `yaml:"names"`
	For        string      `yaml:"for"`
	Length     int         `yaml:"length"`
	Digits     bool        `yaml:"digits"`
	Check      string      `yaml:"check"`
	Least      levelForm   `yaml:"least"`
	Automatic  bool        `yaml:"automatic"`
	FourEyes   bool        `yaml:"fourEyes"`
	Attributes []string    `yaml:"attributes"`
	Extra      []extraForm `yaml:"extra"`
	Match      string      `yaml:"match"`
	Notify     string      `yaml:"notify"`
	Show       string      `yaml:"show"`
	Claim      []string    `yaml:"claim"`
	Reconfirm  Duration    `yaml:"reconfirm"`
}

type extraForm struct {
	ID     string   `yaml:"id"`
	Names  hub.Text `yaml:"names"`
	Length int      `yaml:"length"`
}

func (f recordForm) record() tenants.RecordKind {
	k := tenants.RecordKind{
		ID: tenants.RecordKindID(f.ID), Names: f.Names, For: tenants.Holder(f.For), Length: f.Length, Digits: f.Digits, Check: f.Check,
		Least: f.Least.level(), Automatic: f.Automatic, FourEyes: f.FourEyes, Match: f.Match, Notify: f.Notify, Show: f.Show,
		Claim: f.Claim, Reconfirm: time.Duration(f.Reconfirm),
	}
	for _, a := range f.Attributes {
		k.Attributes = append(k.Attributes, hub.AttributeName(a))
	}
	for _, e := range f.Extra {
		k.Extra = append(k.Extra, tenants.ExtraAttribute(e))
	}
	return k
}

func recordOf(k tenants.RecordKind) recordForm {
	f := recordForm{
		ID: string(k.ID), Names: k.Names, For: string(k.For), Length: k.Length, Digits: k.Digits, Check: k.Check, Least: levelOf(k.Least),
		Automatic: k.Automatic, FourEyes: k.FourEyes, Match: k.Match, Notify: k.Notify, Show: k.Show, Claim: k.Claim,
		Reconfirm: Duration(k.Reconfirm),
	}
	for _, a := range k.Attributes {
		f.Attributes = append(f.Attributes, string(a))
	}
	for _, e := range k.Extra {
		f.Extra = append(f.Extra, extraForm(e))
	}
	return f
}
