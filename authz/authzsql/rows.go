package authzsql

import (
	"encoding/json"
	"net/netip"
	"strings"
	"time"

	"onedoor/authz"
	"onedoor/hub"
	"onedoor/tenants"
)

// form is the version of the documents below. A change of their fields is a new form, which reads the older ones.
const form = 1

type itemRow struct {
	Form        int      `json:"form"`
	Department  string   `json:"department"`
	Names       hub.Text `json:"names,omitempty"`
	Category    string   `json:"category,omitempty"`
	Group       int      `json:"group,omitempty"`
	Sensitivity string   `json:"sensitivity,omitempty"`
	Status      string   `json:"status,omitempty"`
	Systems     []string `json:"systems,omitempty"`
	Actions     []string `json:"actions,omitempty"`

	Least     string         `json:"least,omitempty"`   // "2.3/2.1"
	MaxAge    int64          `json:"max_age,omitempty"` // nanoseconds
	Person    string         `json:"person,omitempty"`
	Entity    string         `json:"entity,omitempty"`
	Exclusive bool           `json:"exclusive,omitempty"`
	Networks  []netip.Prefix `json:"networks,omitempty"`
	Device    bool           `json:"device,omitempty"`
	Hours     *hoursRow      `json:"hours,omitempty"`
	Approval  bool           `json:"approval,omitempty"`
	Binding   *boundRow      `json:"binding,omitempty"`
}

type hoursRow struct {
	Zone    string      `json:"zone,omitempty"`
	Windows []windowRow `json:"windows,omitempty"`
}

type windowRow struct {
	Days uint8 `json:"days"` // bits, Sunday the lowest
	From int   `json:"from"` // minutes since midnight
	To   int   `json:"to"`
}

type boundRow struct {
	Department string `json:"department,omitempty"`
	Kind       string `json:"kind,omitempty"`
	IAL        string `json:"ial,omitempty"`
}

type termsRow struct {
	Places  []string  `json:"places,omitempty"`
	Devices []string  `json:"devices,omitempty"`
	Hours   *hoursRow `json:"hours,omitempty"`
}

func writeHours(h authz.Hours) *hoursRow {
	if h.Zone == "" && len(h.Windows) == 0 {
		return nil
	}
	out := &hoursRow{Zone: h.Zone}
	for _, w := range h.Windows {
		out.Windows = append(out.Windows, windowRow{uint8(w.Days), w.From, w.To})
	}
	return out
}

func readHours(r *hoursRow) (h authz.Hours) {
	if r == nil {
		return h
	}
	h.Zone = r.Zone
	for _, w := range r.Windows {
		h.Windows = append(h.Windows, authz.Window{Days: authz.Days(w.Days), From: w.From, To: w.To})
	}
	return h
}

func writeLevel(l hub.Level) string {
	if l == (hub.Level{}) {
		return ""
	}
	return l.IAL.String() + "/" + l.AAL.String()
}

func readLevel(s string) (l hub.Level, err error) {
	if s == "" {
		return l, nil
	}
	ial, aal, _ := strings.Cut(s, "/")
	if l.IAL, err = hub.ParseIAL(ial); err != nil {
		return l, err
	}
	l.AAL, err = hub.ParseAAL(aal)
	return l, err
}

func readIAL(s string) (hub.IAL, error) {
	if s == "" {
		return hub.IALNone, nil
	}
	return hub.ParseIAL(s)
}

// words puts names of one type into those of another.
func words[To, From ~string](all []From) (out []To) {
	for _, x := range all {
		out = append(out, To(x))
	}
	return out
}

func writeItem(i authz.Item) (string, error) {
	d := i.Demands
	r := itemRow{
		Form: form, Department: string(i.Department), Names: i.Names, Category: i.Category, Group: int(i.Group),
		Sensitivity: string(i.Sensitivity), Status: string(i.Status), Systems: words[string](i.Systems), Actions: words[string](i.Actions),
		Least: writeLevel(d.Least), MaxAge: int64(d.MaxAge), Person: string(d.Person), Entity: string(d.Entity), Exclusive: d.Exclusive,
		Networks: d.Places.Networks, Device: d.Places.Device, Hours: writeHours(d.Hours), Approval: d.Approval,
	}
	if d.Binding.Demanded {
		r.Binding = &boundRow{Kind: d.Binding.Kind, IAL: d.Binding.IAL.String()}
	}
	b, err := json.Marshal(r)
	return string(b), err
}

func readItem(id, spec string, version int64) (authz.Item, error) {
	var r itemRow
	if err := readJSON(spec, &r); err != nil {
		return authz.Item{}, err
	}
	if r.Form != form {
		return authz.Item{}, hub.Errorf("authzsql.readItem", hub.Internal, "an item of a form that this program does not know")
	}
	least, err := readLevel(r.Least)
	if err != nil {
		return authz.Item{}, err
	}
	i := authz.Item{
		ID: authz.ItemID(id), Department: hub.DepartmentID(r.Department), Names: r.Names, Category: r.Category, Group: tenants.Group(r.Group),
		Sensitivity: authz.Sensitivity(r.Sensitivity), Status: authz.Status(r.Status), Systems: words[hub.SystemID](r.Systems),
		Actions: words[authz.Action](r.Actions), Version: version,
		Demands: authz.Demands{
			Least: least, MaxAge: time.Duration(r.MaxAge), Person: authz.Own(r.Person), Entity: authz.Office(r.Entity), Exclusive: r.Exclusive,
			Places: authz.Places{Networks: r.Networks, Device: r.Device}, Hours: readHours(r.Hours), Approval: r.Approval,
		},
	}
	if r.Binding != nil {
		ial, err := readIAL(r.Binding.IAL)
		if err != nil {
			return authz.Item{}, err
		}
		i.Demands.Binding = authz.Binding{Demanded: true, Kind: r.Binding.Kind, IAL: ial}
	}
	return i, nil
}

func writeTerms(d authz.Delegation) (string, error) {
	b, err := json.Marshal(termsRow{d.Places, d.Devices, writeHours(d.Hours)})
	return string(b), err
}

func readTerms(text string, d *authz.Delegation) error {
	var r termsRow
	if err := readJSON(text, &r); err != nil {
		return err
	}
	d.Places, d.Devices, d.Hours = r.Places, r.Devices, readHours(r.Hours)
	return nil
}
