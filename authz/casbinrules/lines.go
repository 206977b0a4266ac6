package casbinrules

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/casbin/casbin/v2/model"

	"onedoor/authz"
	"onedoor/hub"
)

// A line says in words what an item demands: the columns of configs/authz/items.conf, in their order. "-" is nothing.
const nothing = "-"

func line(i authz.Item) []string {
	d := i.Demands
	return []string{
		string(i.ID),
		"department=" + string(i.Department) + " status=" + string(i.Status) + " systems=" + list(i.Systems) + " actions=" + list(i.Actions),
		levelWord(d),
		"person=" + word(string(d.Person)) + " entity=" + word(string(d.Entity)) + " exclusive=" + yes(d.Exclusive) + " approval=" + yes(d.Approval) +
			" binding=" + bindingWord(d.Binding),
		"networks=" + networkWord(d.Places.Networks) + " device=" + yes(d.Places.Device),
		hoursWord(d.Hours),
	}
}

func word(s string) string {
	if s == "" {
		return nothing
	}
	return s
}

func list[T ~string](all []T) string {
	var b strings.Builder
	for i, x := range all {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(string(x))
	}
	return word(b.String())
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

// levelWord gives "2.3/2.1/300": the levels, and the seconds that the item states; 0 where it states none.
func levelWord(d authz.Demands) string {
	return d.Least.IAL.String() + "/" + d.Least.AAL.String() + "/" + strconv.FormatInt(int64(d.MaxAge/time.Second), 10)
}

// bindingWord gives "insured/2.1", with "-" for any.
func bindingWord(b authz.Binding) string {
	if !b.Demanded {
		return nothing
	}
	return word(b.Kind) + "/" + word(b.IAL.String())
}

func networkWord(all []netip.Prefix) string {
	words := make([]string, len(all))
	for i, p := range all {
		words[i] = p.String()
	}
	return list(words)
}

// hoursWord gives "Asia/Bangkok 62/480/1020": the zone, then for each window the days as bits, beginning and end.
func hoursWord(h authz.Hours) string {
	if h.Zone == "" && len(h.Windows) == 0 {
		return nothing
	}
	words := []string{h.Zone}
	for _, w := range h.Windows {
		words = append(words, strconv.Itoa(int(w.Days))+"/"+strconv.Itoa(w.From)+"/"+strconv.Itoa(w.To))
	}
	return strings.Join(words, " ")
}

// words are the columns of an enforcer's lines made ready. What is not in here was in no line, and is refused.
type words struct {
	asked  map[string]askedDemand
	levels map[string]levelDemand
	grants map[string]grantDemand
	places map[string]authz.Places
	hours  map[string]authz.Timetable
}

type askedDemand struct {
	department hub.DepartmentID
	offered    bool
	systems    []string
	actions    []string
}

type levelDemand struct {
	least  hub.Level
	stated time.Duration // 0: the item says nothing
	age    time.Duration
}

type grantDemand struct {
	person    authz.Own
	entity    authz.Office
	exclusive bool
	approval  bool
	binding   authz.Binding
}

// wordsOf reads the columns of lines. Invalid for a word that can't be read.
func wordsOf(m model.Model, lines [][]string) (*words, error) {
	w := &words{map[string]askedDemand{}, map[string]levelDemand{}, map[string]grantDemand{}, map[string]authz.Places{}, map[string]authz.Timetable{}}
	columns := m["p"]["p"].Tokens
	for _, l := range lines {
		for i, column := range columns {
			var err error
			switch x := l[i]; column {
			case "p_asked":
				w.asked[x], err = readAsked(x)
			case "p_level":
				w.levels[x], err = readLevel(x)
			case "p_grants":
				w.grants[x], err = readGrants(x)
			case "p_place":
				w.places[x], err = readPlace(x)
			case "p_hours":
				w.hours[x], err = readHours(x)
			}
			if err != nil {
				return nil, hub.E("casbinrules.wordsOf", hub.Invalid, err)
			}
		}
	}
	return w, nil
}

// named reads a column of words name=value: exactly these names, in this order.
func named(column string, names ...string) ([]string, error) {
	parts := strings.Split(column, " ")
	if len(parts) != len(names) {
		return nil, hub.Errorf("casbinrules.named", hub.Invalid, "not the words of the column")
	}
	for i, p := range parts {
		name, value, ok := strings.Cut(p, "=")
		if !ok || name != names[i] || value == "" {
			return nil, hub.Errorf("casbinrules.named", hub.Invalid, "not the words of the column")
		}
		parts[i] = value
	}
	return parts, nil
}

func fields(s string) []string {
	if s == nothing {
		return nil
	}
	return strings.Split(s, ",")
}

func readYes(s string) (bool, error) {
	if s != "yes" && s != "no" {
		return true, hub.Errorf("casbinrules.readYes", hub.Invalid, "neither yes nor no")
	}
	return s == "yes", nil
}

func readAsked(s string) (d askedDemand, err error) {
	v, err := named(s, "department", "status", "systems", "actions")
	if err != nil {
		return d, err
	}
	return askedDemand{hub.DepartmentID(v[0]), v[1] == string(authz.Offered), fields(v[2]), fields(v[3])}, nil
}

func readGrants(s string) (d grantDemand, err error) {
	v, err := named(s, "person", "entity", "exclusive", "approval", "binding")
	if err != nil {
		return d, err
	}
	if v[0] != nothing {
		d.person = authz.Own(v[0])
	}
	if v[1] != nothing {
		d.entity = authz.Office(v[1])
	}
	if !slices.Contains([]authz.Own{authz.NotOwn, authz.Always, authz.Lockable, authz.OptIn}, d.person) ||
		!slices.Contains([]authz.Office{authz.NotOffice, authz.ByMandate, authz.ByDelegation}, d.entity) {
		return d, hub.Errorf("casbinrules.readGrants", hub.Invalid, "an unknown way of an item")
	}
	if d.exclusive, err = readYes(v[2]); err != nil {
		return d, err
	}
	if d.approval, err = readYes(v[3]); err != nil {
		return d, err
	}
	d.binding, err = readBinding(v[4])
	return d, err
}

func readPlace(s string) (p authz.Places, err error) {
	v, err := named(s, "networks", "device")
	if err != nil {
		return p, err
	}
	if p.Networks, err = readNetworks(v[0]); err != nil {
		return p, err
	}
	p.Device, err = readYes(v[1])
	return p, err
}

func readLevel(s string) (d levelDemand, err error) {
	parts := strings.Split(s, "/")
	if len(parts) != 3 {
		return d, hub.Errorf("casbinrules.readLevel", hub.Invalid, "not a level")
	}
	if d.least.IAL, err = hub.ParseIAL(parts[0]); err != nil {
		return d, err
	}
	if d.least.AAL, err = hub.ParseAAL(parts[1]); err != nil {
		return d, err
	}
	seconds, err := strconv.ParseUint(parts[2], 10, 31)
	if err != nil {
		return d, err
	}
	d.stated = time.Duration(seconds) * time.Second
	d.age = authz.Demands{Least: d.least, MaxAge: d.stated}.Age()
	return d, nil
}

func readBinding(s string) (b authz.Binding, err error) {
	if s == nothing {
		return b, nil
	}
	kind, ial, ok := strings.Cut(s, "/")
	if !ok {
		return b, hub.Errorf("casbinrules.readBinding", hub.Invalid, "not a binding")
	}
	b.Demanded = true
	if kind != nothing {
		b.Kind = kind
	}
	if ial != nothing {
		b.IAL, err = hub.ParseIAL(ial)
	}
	return b, err
}

func readNetworks(s string) (all []netip.Prefix, err error) {
	for _, f := range fields(s) {
		p, err := netip.ParsePrefix(f)
		if err != nil {
			return nil, err
		}
		all = append(all, p)
	}
	return all, nil
}

func readHours(s string) (authz.Timetable, error) {
	if s == nothing {
		return authz.Timetable{}, nil
	}
	zone, rest, _ := strings.Cut(s, " ")
	h := authz.Hours{Zone: zone}
	for _, f := range strings.Fields(rest) {
		parts := strings.Split(f, "/")
		var n [3]int
		if len(parts) != len(n) {
			return authz.Timetable{}, hub.Errorf("casbinrules.readHours", hub.Invalid, "not a window")
		}
		for i := range n {
			v, err := strconv.ParseUint(parts[i], 10, 16)
			if err != nil {
				return authz.Timetable{}, err
			}
			n[i] = int(v)
		}
		if n[0] == 0 || n[0] > int(authz.EveryDay) || n[1] >= n[2] || n[2] > 24*60 {
			return authz.Timetable{}, hub.Errorf("casbinrules.readHours", hub.Invalid, "not a window")
		}
		h.Windows = append(h.Windows, authz.Window{Days: authz.Days(n[0]), From: n[1], To: n[2]})
	}
	return h.Compile()
}
