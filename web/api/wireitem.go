package api

import (
	"net/netip"
	"strconv"
	"strings"
	"time"

	"onedoor/authz"
	"onedoor/authz/catalogue"
	"onedoor/hub"
	"onedoor/tenants"
)

// wireItem is what a service item declares.
type wireItem struct {
	Department  string      `json:"department" max:"39"`
	Names       wireText    `json:"names"`
	Category    string      `json:"category" max:"39" doc:"a word of the department's own, for its statistics"`
	Group       int         `json:"group" doc:"2 interactive, 3 transaction, 4 cross-agency"`
	Sensitivity string      `json:"sensitivity" enum:"ordinary|sensitive"`
	Status      string      `json:"status" enum:"offered|suspended"`
	Systems     []string    `json:"systems,omitempty" max:"39" doc:"that may ask; all of the department where it is left out"`
	Actions     []string    `json:"actions" max:"39"`
	Demands     wireDemands `json:"demands"`
}

type wireDemands struct {
	Least     wireLevel    `json:"least"`
	MaxAge    string       `json:"maxAge,omitempty" max:"30" doc:"as 10m"`
	Person    string       `json:"person,omitempty" enum:"|always|lockable|opt_in"`
	Entity    string       `json:"entity,omitempty" enum:"|mandate|delegation"`
	Exclusive bool         `json:"exclusive,omitempty"`
	Places    wirePlaces   `json:"places,omitzero"`
	Hours     *wireHours   `json:"hours,omitempty"`
	Approval  bool         `json:"approval,omitempty"`
	Binding   *wireBinding `json:"binding,omitempty"`
}

type wirePlaces struct {
	Networks []string `json:"networks,omitempty" max:"64"`
	Device   bool     `json:"device,omitempty"`
}

type wireHours struct {
	Zone    string       `json:"zone" max:"64"`
	Windows []wireWindow `json:"windows"`
}

type wireWindow struct {
	Days []string `json:"days" enum:"mon|tue|wed|thu|fri|sat|sun"`
	From string   `json:"from" max:"5"`
	To   string   `json:"to" max:"5"`
}

type wireBinding struct {
	Kind string `json:"kind,omitempty" max:"39"`
	IAL  string `json:"ial,omitempty" enum:"|1.1|1.2|1.3|2.1|2.2|2.3|3"`
}

// shownItem is an item as it is kept.
type shownItem struct {
	ID      string `json:"id"`
	Version int64  `json:"version"`
	Origin  string `json:"origin" enum:"file|api" doc:"who keeps the entry"`
	Held    bool   `json:"held,omitempty" doc:"staff have suspended it: files do not offer it again"`
	wireItem
}

// shownChange is a field in which two versions differ; empty is nothing.
type shownChange struct {
	Path string `json:"path"`
	Was  string `json:"was"`
	Is   string `json:"is"`
}

// item gives the item; what can't be read is told with its path, and with everything else that is wrong.
func (w wireItem) item(id authz.ItemID) (authz.Item, error) {
	d := w.Demands
	i := authz.Item{
		ID: id, Department: hub.DepartmentID(w.Department), Names: w.Names, Category: w.Category, Group: tenants.Group(w.Group),
		Sensitivity: authz.Sensitivity(w.Sensitivity), Status: authz.Status(w.Status), Systems: namesOf[hub.SystemID](w.Systems),
		Actions: namesOf[authz.Action](w.Actions),
		Demands: authz.Demands{
			Least: d.Least.level(), MaxAge: span(d.MaxAge), Person: authz.Own(d.Person), Entity: authz.Office(d.Entity), Exclusive: d.Exclusive,
			Places: authz.Places{Device: d.Places.Device}, Approval: d.Approval,
		},
	}
	var faults []tenants.Fault
	i.Demands.Places.Networks, faults = readNetworks(d.Places.Networks, "demands.places.networks")
	if d.Hours != nil {
		var more []tenants.Fault
		i.Demands.Hours, more = d.Hours.hours("demands.hours")
		faults = append(faults, more...)
	}
	if b := d.Binding; b != nil {
		i.Demands.Binding = authz.Binding{Demanded: true, Kind: b.Kind}
		if ial, err := hub.ParseIAL(b.IAL); err == nil {
			i.Demands.Binding.IAL = ial
		}
	}
	if len(faults) == 0 {
		return i, nil
	}
	for _, f := range i.Validate() { // all at once; what could not be read is told only as that
		if !strings.HasPrefix(f.Path, "demands.hours") && !strings.HasPrefix(f.Path, "demands.places.networks") {
			faults = append(faults, f)
		}
	}
	return i, &catalogue.Faulty{Faults: faults}
}

func readNetworks(texts []string, path string) (all []netip.Prefix, faults []tenants.Fault) {
	for n, text := range texts {
		p, err := netip.ParsePrefix(text)
		if err != nil {
			faults = append(faults, tenants.Fault{Path: path + "[" + strconv.Itoa(n) + "]", Rule: "RAZ-04", Text: "must be a network such as 192.0.2.0/24"})
		}
		all = append(all, p)
	}
	return all, faults
}

func (w wireHours) hours(path string) (h authz.Hours, faults []tenants.Fault) {
	h.Zone = w.Zone
	for n, x := range w.Windows {
		from, good := authz.ParseClock(x.From)
		to, too := authz.ParseClock(x.To)
		if !good || !too {
			faults = append(faults, tenants.Fault{Path: path + ".windows[" + strconv.Itoa(n) + "]", Text: `must be times of day between "00:00" and "24:00"`})
		}
		window := authz.Window{From: from, To: to}
		for _, day := range x.Days {
			if d, err := authz.ParseDay(day); err == nil { // one of the enum
				window.Days |= d
			}
		}
		h.Windows = append(h.Windows, window)
	}
	return h, faults
}

func showHours(h authz.Hours) *wireHours {
	if h.Zone == "" && len(h.Windows) == 0 {
		return nil
	}
	w := &wireHours{Zone: h.Zone, Windows: []wireWindow{}}
	for _, x := range h.Windows {
		w.Windows = append(w.Windows, wireWindow{strings.Split(x.Days.String(), ","), authz.Clock(x.From), authz.Clock(x.To)})
	}
	return w
}

func itemOf(i authz.Item) wireItem {
	d := i.Demands
	w := wireItem{
		Department: string(i.Department), Names: i.Names, Category: i.Category, Group: int(i.Group), Sensitivity: string(i.Sensitivity),
		Status: string(i.Status), Systems: texts(i.Systems), Actions: texts(i.Actions),
		Demands: wireDemands{
			Least: levelOf(d.Least), MaxAge: spanOf(d.MaxAge), Person: string(d.Person), Entity: string(d.Entity), Exclusive: d.Exclusive,
			Places: wirePlaces{Device: d.Places.Device}, Hours: showHours(d.Hours), Approval: d.Approval,
		},
	}
	for _, p := range d.Places.Networks {
		w.Demands.Places.Networks = append(w.Demands.Places.Networks, p.String())
	}
	if b := d.Binding; b.Demanded {
		w.Demands.Binding = &wireBinding{b.Kind, b.IAL.String()}
	}
	return w
}

func showItem(e catalogue.Entry) shownItem {
	return shownItem{string(e.ID), e.Version, string(e.Origin), e.Held, itemOf(e.Item)}
}

func showChanges(all []authz.Change) []shownChange {
	out := []shownChange{}
	for _, c := range all {
		out = append(out, shownChange(c))
	}
	return out
}

// shownAuthors are who made a change: neither for files.
type shownAuthors struct {
	Account string `json:"account,omitempty"`
	Program string `json:"program,omitempty"`
	Second  string `json:"second,omitempty" doc:"account that has confirmed it"`
}

func showAuthors(a catalogue.Authors, known func(hub.AccountID) string) shownAuthors {
	return shownAuthors{known(a.Account), string(a.Program), known(a.Second)}
}

// shownItemVersion is an item as it was from a time on.
type shownItemVersion struct {
	Version int64         `json:"version"`
	At      time.Time     `json:"at"`
	By      shownAuthors  `json:"by"`
	Changes []shownChange `json:"changes" doc:"since the version before"`
	Item    wireItem      `json:"item"`
}

// shownDraft is a change that waits for somebody else's yes.
type shownDraft struct {
	ID   string       `json:"id"`
	Item string       `json:"item"`
	Base int64        `json:"base" doc:"version that it is a change of; 0 for a new item"`
	By   shownAuthors `json:"by"`
	At   time.Time    `json:"at"`
	To   wireItem     `json:"to"`
}

func showDraft(d catalogue.Draft, known func(hub.AccountID) string) shownDraft {
	return shownDraft{d.ID, string(d.Item.ID), d.Base, showAuthors(d.By, known), d.At, itemOf(d.Item)}
}
