package api

import (
	"time"

	"onedoor/hub"
	"onedoor/tenants"
	"onedoor/tenants/register"
)

// What goes over the wire. Names are those of the files of `onedoor apply`.

// wireText is a text in the platform's languages.
type wireText = map[string]string

type wireLevel struct {
	IAL string `json:"ial" enum:"|1.1|1.2|1.3|2.1|2.2|2.3|3"`
	AAL string `json:"aal" enum:"|1|2.1|2.2|3"`
}

func levelOf(l hub.Level) wireLevel { return wireLevel{l.IAL.String(), l.AAL.String()} }

// level gives the level; what it can't read is none, which the register refuses where it needs one.
func (l wireLevel) level() (out hub.Level) {
	if ial, err := hub.ParseIAL(l.IAL); err == nil {
		out.IAL = ial
	}
	if aal, err := hub.ParseAAL(l.AAL); err == nil {
		out.AAL = aal
	}
	return out
}

// fourths of texts: a span of time as Go writes it; "" for none.
func spanOf(d time.Duration) string {
	if d == 0 {
		return ""
	}
	return d.String()
}

// span reads a span of time. What it can't read is -1 ns, which no rule of the register lets pass.
func span(text string) time.Duration {
	if text == "" {
		return 0
	}
	d, err := time.ParseDuration(text)
	if err != nil {
		return -1
	}
	return d
}

func texts[T ~string](in []T) []string {
	out := make([]string, len(in))
	for i, v := range in {
		out[i] = string(v)
	}
	return out
}

func namesOf[T ~string](in []string) []T {
	if in == nil {
		return nil
	}
	out := make([]T, len(in))
	for i, v := range in {
		out[i] = T(v)
	}
	return out
}

// wireDepartment is what a department declares.
type wireDepartment struct {
	Names     wireText         `json:"names"`
	Complaint string           `json:"complaint" doc:"where a person can complain or ask for correction: https, mailto or tel"`
	Contacts  []wireContact    `json:"contacts,omitempty"`
	Areas     []wireArea       `json:"areas,omitempty"`
	Records   []wireRecordKind `json:"records,omitempty" doc:"kinds of records that the department keeps"`
	FourEyes  bool             `json:"fourEyes,omitempty" doc:"a change of a service item counts when somebody else has confirmed it; to end it takes the platform"`
}

type wireContact struct {
	For string `json:"for" enum:"technical|security|privacy|support"`
	URI string `json:"uri"`
}

type wireArea struct {
	ID     string   `json:"id" max:"39"`
	Parent string   `json:"parent,omitempty" max:"39"`
	Names  wireText `json:"names"`
}

type wireRecordKind struct {
	ID         string               `json:"id" max:"39"`
	Names      wireText             `json:"names"`
	For        string               `json:"for" enum:"person|entity"`
	Length     int                  `json:"length"`
	Digits     bool                 `json:"digits,omitempty"`
	Check      string               `json:"check,omitempty" max:"60"`
	Least      wireLevel            `json:"least"`
	Automatic  bool                 `json:"automatic,omitempty"`
	FourEyes   bool                 `json:"fourEyes,omitempty"`
	Attributes []string             `json:"attributes,omitempty" max:"60"`
	Extra      []wireExtraAttribute `json:"extra,omitempty"`
	Match      string               `json:"match,omitempty"`
	Notify     string               `json:"notify,omitempty"`
	Show       string               `json:"show,omitempty"`
	Claim      []string             `json:"claim,omitempty" max:"39"`
	Reconfirm  string               `json:"reconfirm,omitempty" max:"30" doc:"as 8760h"`
}

type wireExtraAttribute struct {
	ID     string   `json:"id" max:"39"`
	Names  wireText `json:"names"`
	Length int      `json:"length"`
}

// shownDepartment is a department as it is kept.
type shownDepartment struct {
	ID      string `json:"id"`
	Status  string `json:"status" enum:"active|suspended"`
	Version int64  `json:"version"`
	Origin  string `json:"origin" enum:"file|api" doc:"who keeps the entry"`
	wireDepartment
}

func (w wireDepartment) department(id hub.DepartmentID) tenants.Department {
	d := tenants.Department{ID: id, Names: w.Names, Complaint: w.Complaint, FourEyes: w.FourEyes}
	for _, c := range w.Contacts {
		d.Contacts = append(d.Contacts, tenants.Contact(c))
	}
	for _, x := range w.Areas {
		d.Areas = append(d.Areas, tenants.Area{ID: tenants.AreaID(x.ID), Parent: tenants.AreaID(x.Parent), Names: x.Names})
	}
	for _, k := range w.Records {
		kind := tenants.RecordKind{
			ID: tenants.RecordKindID(k.ID), Names: k.Names, For: tenants.Holder(k.For), Length: k.Length, Digits: k.Digits, Check: k.Check,
			Least: k.Least.level(), Automatic: k.Automatic, FourEyes: k.FourEyes, Attributes: namesOf[hub.AttributeName](k.Attributes),
			Match: k.Match, Notify: k.Notify, Show: k.Show, Claim: k.Claim, Reconfirm: span(k.Reconfirm),
		}
		for _, e := range k.Extra {
			kind.Extra = append(kind.Extra, tenants.ExtraAttribute{ID: e.ID, Names: e.Names, Length: e.Length})
		}
		d.Records = append(d.Records, kind)
	}
	return d
}

func departmentOf(d tenants.Department) wireDepartment {
	w := wireDepartment{Names: d.Names, Complaint: d.Complaint, FourEyes: d.FourEyes}
	for _, c := range d.Contacts {
		w.Contacts = append(w.Contacts, wireContact(c))
	}
	for _, x := range d.Areas {
		w.Areas = append(w.Areas, wireArea{string(x.ID), string(x.Parent), x.Names})
	}
	for _, k := range d.Records {
		kind := wireRecordKind{
			ID: string(k.ID), Names: k.Names, For: string(k.For), Length: k.Length, Digits: k.Digits, Check: k.Check, Least: levelOf(k.Least),
			Automatic: k.Automatic, FourEyes: k.FourEyes, Attributes: texts(k.Attributes), Match: k.Match, Notify: k.Notify, Show: k.Show, Claim: k.Claim,
			Reconfirm: spanOf(k.Reconfirm),
		}
		for _, e := range k.Extra {
			kind.Extra = append(kind.Extra, wireExtraAttribute{e.ID, e.Names, e.Length})
		}
		w.Records = append(w.Records, kind)
	}
	return w
}

func showDepartment(d register.Department) shownDepartment {
	status := tenants.DepartmentActive
	if !d.Active() {
		status = tenants.DepartmentSuspended
	}
	return shownDepartment{string(d.ID), string(status), d.Version, string(d.Origin), departmentOf(d.Department)}
}
