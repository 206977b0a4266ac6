package configs

import (
	"errors"
	"fmt"
	"time"

	"onedoor/authz"
	"onedoor/hub"
	"onedoor/tenants"
)

// KindItem is an item of a department's catalogue.
const KindItem = "Item"

type itemForm struct {
	Kind        string   `yaml:"kind"`
	ID          string   `yaml:"id"`
	Department  string   `yaml:"department"`
	Names       hub.Text `yaml:"names"`
	Category    string   `yaml:"category"`
	Group       int      `yaml:"group"`
	Sensitivity string   `yaml:"sensitivity"`
	Status      string   `yaml:"status"`
	Systems     []string `yaml:"systems"`
	Actions     []string `yaml:"actions"`

	Demands demandsForm `yaml:"demands"`
}

type demandsForm struct {
	Least     levelForm    `yaml:"least"`
	MaxAge    Duration     `yaml:"maxAge"`
	Person    string       `yaml:"person"`
	Entity    string       `yaml:"entity"`
	Exclusive bool         `yaml:"exclusive"`
	Places    placesForm   `yaml:"places"`
	Hours     *hoursForm   `yaml:"hours"`
	Approval  bool         `yaml:"approval"`
	Binding   *bindingForm `yaml:"binding"`
}

type placesForm struct {
	Networks []Prefix `yaml:"networks"`
	Device   bool     `yaml:"device"`
}

type hoursForm struct {
	Zone    string       `yaml:"zone"`
	Windows []windowForm `yaml:"windows"`
}

type windowForm struct {
	Days []dayForm `yaml:"days"`
	From clockForm `yaml:"from"`
	To   clockForm `yaml:"to"`
}

type bindingForm struct {
	Kind string  `yaml:"kind"`
	IAL  ialForm `yaml:"ial"`
}

type dayForm authz.Days

func (v *dayForm) scan(text string) error {
	d, err := authz.ParseDay(text)
	if err != nil {
		return errors.New("must be a day of the week: mon, tue, wed, thu, fri, sat or sun")
	}
	*v = dayForm(d)
	return nil
}

func (v dayForm) String() string { return authz.Days(v).String() }

// clockForm is a time of day as minutes since midnight, plus one, so that midnight is not nothing.
type clockForm int

func (v *clockForm) scan(text string) error {
	bad := errors.New(`must be a time of day between "00:00" and "24:00"`)
	if text == "24:00" {
		*v = 24*60 + 1
		return nil
	}
	t, err := time.Parse("15:04", text)
	if err != nil || len(text) != 5 {
		return bad
	}
	*v = clockForm(t.Hour()*60 + t.Minute() + 1)
	return nil
}

func (v clockForm) String() string {
	if v == 0 {
		return ""
	}
	return fmt.Sprintf("%02d:%02d", (v-1)/60, (v-1)%60)
}

func (f itemForm) item() authz.Item {
	d := f.Demands
	i := authz.Item{
		ID: authz.ItemID(f.ID), Department: hub.DepartmentID(f.Department), Names: f.Names, Category: f.Category, Group: tenants.Group(f.Group),
		Sensitivity: authz.Sensitivity(f.Sensitivity), Status: authz.Status(f.Status),
		Demands: authz.Demands{
			Least: d.Least.level(), MaxAge: time.Duration(d.MaxAge), Person: authz.Own(d.Person), Entity: authz.Office(d.Entity), Exclusive: d.Exclusive,
			Places: authz.Places{Device: d.Places.Device}, Approval: d.Approval,
		},
	}
	for _, s := range f.Systems {
		i.Systems = append(i.Systems, hub.SystemID(s))
	}
	for _, a := range f.Actions {
		i.Actions = append(i.Actions, authz.Action(a))
	}
	for _, p := range d.Places.Networks {
		i.Demands.Places.Networks = append(i.Demands.Places.Networks, p.Prefix)
	}
	if h := d.Hours; h != nil {
		i.Demands.Hours.Zone = h.Zone
		for _, w := range h.Windows {
			x := authz.Window{From: int(w.From) - 1, To: int(w.To) - 1}
			for _, day := range w.Days {
				x.Days |= authz.Days(day)
			}
			i.Demands.Hours.Windows = append(i.Demands.Hours.Windows, x)
		}
	}
	if b := d.Binding; b != nil {
		i.Demands.Binding = authz.Binding{Demanded: true, Kind: b.Kind, IAL: hub.IAL(b.IAL)}
	}
	return i
}

func itemOf(i authz.Item) itemForm {
	d := i.Demands
	f := itemForm{
		Kind: KindItem, ID: string(i.ID), Department: string(i.Department), Names: i.Names, Category: i.Category, Group: int(i.Group),
		Sensitivity: string(i.Sensitivity), Status: string(i.Status),
		Demands: demandsForm{
			Least: levelOf(d.Least), MaxAge: Duration(d.MaxAge), Person: string(d.Person), Entity: string(d.Entity), Exclusive: d.Exclusive,
			Places: placesForm{Device: d.Places.Device}, Approval: d.Approval,
		},
	}
	for _, s := range i.Systems {
		f.Systems = append(f.Systems, string(s))
	}
	for _, a := range i.Actions {
		f.Actions = append(f.Actions, string(a))
	}
	for _, p := range d.Places.Networks {
		f.Demands.Places.Networks = append(f.Demands.Places.Networks, Prefix{p})
	}
	if d.Hours.Zone != "" || len(d.Hours.Windows) > 0 {
		f.Demands.Hours = &hoursForm{Zone: d.Hours.Zone}
		for _, w := range d.Hours.Windows {
			x := windowForm{From: clockForm(w.From + 1), To: clockForm(w.To + 1)}
			for bit := range 7 {
				if day := authz.Days(1) << ((bit + 1) % 7); w.Days&day != 0 {
					x.Days = append(x.Days, dayForm(day))
				}
			}
			f.Demands.Hours.Windows = append(f.Demands.Hours.Windows, x)
		}
	}
	if d.Binding.Demanded {
		f.Demands.Binding = &bindingForm{Kind: d.Binding.Kind, IAL: ialForm(d.Binding.IAL)}
	}
	return f
}

// Items are the declared items, as they are: they have no secrets, and a draft of them can be rehearsed without the database.
func (o *Objects) Items() []authz.Item {
	var out []authz.Item
	for _, x := range o.items {
		out = append(out, x.value)
	}
	return out
}
