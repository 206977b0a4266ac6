package console

import (
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"onedoor/authz"
	"onedoor/hub"
	"onedoor/tenants"
	"onedoor/web/locale"
	"onedoor/web/view"
)

// itemForm is what stands in the form of an item: texts as somebody has typed them, so that nothing is lost where something is wrong.
type itemForm struct {
	id     string // of an item that there is
	values url.Values
	wrong  map[string]bool // fields, by the path of a fault
}

// Lengths of fields, in characters.
const (
	longestName  = 200
	longestLines = 4000
)

// formOf fills the form with an item.
func formOf(i authz.Item) itemForm {
	d := i.Demands
	v := url.Values{}
	set := func(name, value string) {
		if value != "" {
			v.Set(name, value)
		}
	}
	for _, lang := range hub.Languages() {
		set("names."+lang, i.Names[lang])
	}
	set("category", i.Category)
	set("group", strconv.Itoa(int(i.Group)))
	set("sensitivity", string(i.Sensitivity))
	set("status", string(i.Status))
	set("actions", joined(i.Actions, ", "))
	for _, s := range i.Systems {
		set("system."+string(s), "yes")
	}
	set("demands.least.ial", d.Least.IAL.String())
	set("demands.least.aal", d.Least.AAL.String())
	if d.MaxAge != 0 {
		set("demands.maxAge", short(d.MaxAge))
	}
	set("demands.person", string(d.Person))
	set("demands.entity", string(d.Entity))
	for name, on := range map[string]bool{"demands.exclusive": d.Exclusive, "demands.approval": d.Approval, "demands.places.device": d.Places.Device} {
		if on {
			set(name, "yes")
		}
	}
	var lines []string
	for _, n := range d.Places.Networks {
		lines = append(lines, n.String())
	}
	set("demands.places.networks", strings.Join(lines, "\n"))
	lines = nil
	for _, w := range d.Hours.Windows {
		lines = append(lines, w.String())
	}
	set("demands.hours", strings.Join(lines, "\n"))
	set("demands.hours.zone", d.Hours.Zone)
	if b := d.Binding; b.Demanded {
		set("demands.binding", anyRecord)
		set("demands.binding", b.Kind)
		set("demands.binding.ial", b.IAL.String())
	}
	return itemForm{id: string(i.ID), values: v}
}

// anyRecord stands for a record of any kind; no kind is called so.
const anyRecord = "*"

func joined[T ~string](all []T, between string) string {
	words := make([]string, len(all))
	for i, x := range all {
		words[i] = string(x)
	}
	return strings.Join(words, between)
}

// short writes a span of time without what is nothing: "10m", not "10m0s".
func short(d time.Duration) string {
	text := d.String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}

// item reads the form, and marks what can't be read.
func (f *itemForm) item(department hub.DepartmentID) authz.Item {
	v := f.values
	f.wrong = map[string]bool{}
	bad := func(path string, is bool) {
		if is {
			f.wrong[path] = true
		}
	}
	get := func(name string) string { return strings.TrimSpace(v.Get(name)) }
	i := authz.Item{
		ID: authz.ItemID(f.id), Department: department, Names: hub.Text{}, Category: get("category"), Sensitivity: authz.Sensitivity(get("sensitivity")),
		Status: authz.Status(get("status")),
		Demands: authz.Demands{
			Person: authz.Own(get("demands.person")), Entity: authz.Office(get("demands.entity")), Exclusive: get("demands.exclusive") != "",
			Approval: get("demands.approval") != "", Places: authz.Places{Device: get("demands.places.device") != ""},
		},
	}
	if f.id == "" {
		i.ID = authz.ItemID(get("id"))
	}
	for _, lang := range hub.Languages() {
		if name := get("names." + lang); name != "" {
			i.Names[lang] = name
		}
	}
	group, _ := strconv.Atoi(get("group")) // what is no number is no group
	i.Group = tenants.Group(group)
	for _, a := range strings.FieldsFunc(get("actions"), func(r rune) bool { return r == ',' || r == ' ' || r == '\n' || r == '\r' || r == '\t' }) {
		i.Actions = append(i.Actions, authz.Action(a))
	}
	for name := range v {
		if s, ok := strings.CutPrefix(name, "system."); ok && v.Get(name) != "" {
			i.Systems = append(i.Systems, hub.SystemID(s))
		}
	}
	slices.Sort(i.Systems)
	d := &i.Demands
	var err error
	d.Least.IAL, err = hub.ParseIAL(get("demands.least.ial"))
	bad("demands.least.ial", err != nil)
	d.Least.AAL, err = hub.ParseAAL(get("demands.least.aal"))
	bad("demands.least.aal", err != nil)
	if text := get("demands.maxAge"); text != "" {
		d.MaxAge, err = time.ParseDuration(text)
		bad("demands.maxAge", err != nil || d.MaxAge == 0)
	}
	for _, line := range lines(get("demands.places.networks")) {
		p, err := netip.ParsePrefix(line)
		bad("demands.places.networks", err != nil)
		d.Places.Networks = append(d.Places.Networks, p)
	}
	for _, line := range lines(get("demands.hours")) {
		w, ok := authz.ParseWindow(line)
		bad("demands.hours", !ok)
		d.Hours.Windows = append(d.Hours.Windows, w)
	}
	if len(d.Hours.Windows) > 0 { // the zone alone says nothing
		d.Hours.Zone = get("demands.hours.zone")
	}
	if kind := get("demands.binding"); kind != "" {
		d.Binding.Demanded = true
		if kind != anyRecord {
			d.Binding.Kind = kind
		}
		if text := get("demands.binding.ial"); text != "" {
			d.Binding.IAL, err = hub.ParseIAL(text)
			bad("demands.binding", err != nil)
		}
	}
	return i
}

// lines gives the lines of a text that are not empty.
func lines(text string) (all []string) {
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			all = append(all, line)
		}
	}
	return all
}

// mark marks the fields of faults.
func (f *itemForm) mark(faults []tenants.Fault) {
	if f.wrong == nil {
		f.wrong = map[string]bool{}
	}
	for _, x := range faults {
		path, _, _ := strings.Cut(x.Path, "[")
		switch {
		case path == "demands.hours.zone":
		case strings.HasPrefix(path, "demands.hours"):
			path = "demands.hours"
		}
		f.wrong[path] = true
	}
}

// fields are the fields of the form, of a department with these systems.
func (f *itemForm) fields(d tenants.Department, systems []tenants.System) []view.ConsoleField {
	text := func(name string, longest int, hint locale.Word) view.ConsoleField {
		return view.ConsoleField{Name: name, Label: locale.ItemWord(name), Value: f.values.Get(name), Longest: longest, Hint: hint, Wrong: f.wrong[name]}
	}
	area := func(name string, hint locale.Word) view.ConsoleField {
		x := text(name, longestLines, hint)
		x.Lines = 3
		return x
	}
	pick := func(name string, label locale.Word, options ...view.ConsoleOption) view.ConsoleField {
		return view.ConsoleField{Name: name, Label: label, Value: f.values.Get(name), Options: options, Wrong: f.wrong[name]}
	}
	box := func(name string, cell view.ConsoleCell) view.ConsoleOption {
		return view.ConsoleOption{Value: name, Name: cell, On: f.values.Get(name) != ""}
	}
	var all []view.ConsoleField
	if f.id == "" {
		all = append(all, text("id", hub.MaxName, locale.ItemIDHint))
	}
	for _, lang := range hub.Languages() {
		all = append(all, text("names."+lang, longestName, locale.Word{}))
	}
	zone := text("demands.hours.zone", 64, locale.ItemZoneHint)
	zone.Label = locale.ItemZone
	all = append(
		all,
		text("category", hub.MaxName, locale.ItemIDHint),
		pick("group", locale.ItemGroup, option("2", locale.ItemGroup2), option("3", locale.ItemGroup3), option("4", locale.ItemGroup4)),
		pick("sensitivity", locale.ItemSensitivity, option(string(authz.Sensitive), locale.ItemSensitive), option(string(authz.Ordinary), locale.ItemOrdinary)),
		pick("status", locale.ConsoleState, option(string(authz.Offered), locale.ItemOffered), option(string(authz.Withheld), locale.ItemWithheld)),
		text("actions", longestName, locale.ItemActionsHint),
		pick("demands.least.ial", locale.ItemIAL, levels(hub.IAL3)...),
		pick("demands.least.aal", locale.ItemAAL, levels(hub.AAL3)...),
		text("demands.maxAge", 30, locale.ItemMaxAgeHint),
		pick("demands.person", locale.ItemPerson, option("", locale.ItemNotFor), option(string(authz.OptIn), locale.ItemOptIn), option(string(authz.Lockable), locale.ItemLockable), option(string(authz.Always), locale.ItemAlways)),
		pick("demands.entity", locale.ItemEntity, option("", locale.ItemNotFor), option(string(authz.ByMandate), locale.ItemMandate), option(string(authz.ByDelegation), locale.ItemDelegated)),
		view.ConsoleField{Label: locale.ItemAlso, Many: true, Wrong: f.wrong["demands.exclusive"] || f.wrong["demands.approval"], Options: []view.ConsoleOption{
			box("demands.exclusive", view.ConsoleCell{Word: locale.ItemExclusive}), box("demands.approval", view.ConsoleCell{Word: locale.ItemApproval}),
			box("demands.places.device", view.ConsoleCell{Word: locale.ItemDevice}),
		}},
		area("demands.places.networks", locale.ItemNetsHint),
		area("demands.hours", locale.ItemHoursHint),
		zone,
	)
	kinds := []view.ConsoleOption{option("", locale.ItemNoRecord), option(anyRecord, locale.ItemAnyRecord)}
	for _, k := range d.Records {
		kinds = append(kinds, view.ConsoleOption{Value: string(k.ID), Name: view.ConsoleCell{Names: k.Names}})
	}
	if kind := f.values.Get("demands.binding"); !slices.ContainsFunc(kinds, func(o view.ConsoleOption) bool { return o.Value == kind }) {
		kinds = append(kinds, view.ConsoleOption{Value: kind, Name: view.ConsoleCell{Code: kind}}) // as it is kept
	}
	all = append(all, pick("demands.binding", locale.ItemBinding, kinds...),
		pick("demands.binding.ial", locale.ItemBoundAt, append([]view.ConsoleOption{option("", locale.ItemAnyLevel)}, levels(hub.IAL3)...)...))
	if len(systems) > 0 {
		ask := view.ConsoleField{Label: locale.ItemSystems, Many: true, Wrong: f.wrong["systems"]}
		for _, s := range systems {
			ask.Options = append(ask.Options, box("system."+string(s.ID), view.ConsoleCell{Names: s.Names}))
		}
		all = append(all, ask)
	}
	return all
}

func option(value string, word locale.Word) view.ConsoleOption {
	return view.ConsoleOption{Value: value, Name: view.ConsoleCell{Word: word}}
}

// levels lists the levels up to the highest.
func levels[L interface {
	~uint8
	String() string
}](highest L) (out []view.ConsoleOption) {
	for l := L(1); l <= highest; l++ {
		out = append(out, view.ConsoleOption{Value: l.String(), Name: view.ConsoleCell{Text: l.String()}})
	}
	return out
}
