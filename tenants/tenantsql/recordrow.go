package tenantsql

import (
	"time"

	"onedoor/hub"
	"onedoor/tenants"
)

type recordRow struct {
	ID         string     `json:"id"`
	Names      hub.Text   `json:"names,omitempty"`
	For        string     `json:"for"`
	Length     int        `json:"length"`
	Digits     bool       `json:"digits,omitempty"`
	Check      string     `json:"check,omitempty"`
	Least      string     `json:"least,omitempty"`
	Automatic  bool       `json:"automatic,omitempty"`
	FourEyes   bool       `json:"four_eyes,omitempty"`
	Attributes []string   `json:"attributes,omitempty"`
	Extra      []extraRow `json:"extra,omitempty"`
	Match      string     `json:"match,omitempty"`
	Notify     string     `json:"notify,omitempty"`
	Show       string     `json:"show,omitempty"`
	Claim      []string   `json:"claim,omitempty"`
	Reconfirm  int64      `json:"reconfirm,omitempty"` // nanoseconds
}

type extraRow struct {
	ID     string   `json:"id"`
	Names  hub.Text `json:"names,omitempty"`
	Length int      `json:"length"`
}

func writeRecords(kinds []tenants.RecordKind) (rows []recordRow) {
	for _, k := range kinds {
		r := recordRow{
			ID: string(k.ID), Names: k.Names, For: string(k.For), Length: k.Length, Digits: k.Digits, Check: k.Check, Least: writeLevel(k.Least),
			Automatic: k.Automatic, FourEyes: k.FourEyes, Match: k.Match, Notify: k.Notify, Show: k.Show, Claim: k.Claim, Reconfirm: int64(k.Reconfirm),
		}
		for _, a := range k.Attributes {
			r.Attributes = append(r.Attributes, string(a))
		}
		for _, e := range k.Extra {
			r.Extra = append(r.Extra, extraRow(e))
		}
		rows = append(rows, r)
	}
	return rows
}

func readRecords(rows []recordRow) (kinds []tenants.RecordKind, err error) {
	for _, r := range rows {
		k := tenants.RecordKind{
			ID: tenants.RecordKindID(r.ID), Names: r.Names, For: tenants.Holder(r.For), Length: r.Length, Digits: r.Digits, Check: r.Check,
			Automatic: r.Automatic, FourEyes: r.FourEyes, Match: r.Match, Notify: r.Notify, Show: r.Show, Claim: r.Claim, Reconfirm: time.Duration(r.Reconfirm),
		}
		if k.Least, err = readLevel(r.Least); err != nil {
			return nil, err
		}
		for _, a := range r.Attributes {
			k.Attributes = append(k.Attributes, hub.AttributeName(a))
		}
		for _, e := range r.Extra {
			k.Extra = append(k.Extra, tenants.ExtraAttribute(e))
		}
		kinds = append(kinds, k)
	}
	return kinds, nil
}
