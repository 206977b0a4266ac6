package authz

import (
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"onedoor/hub"
	"onedoor/tenants"
)

// Bounds of an entry.
const (
	maxActions  = 16
	maxSystems  = 32
	maxNetworks = 64
	maxWindows  = 21
	maxItemName = 200
	longestAge  = 30 * 24 * time.Hour
)

// Validate lists everything that is wrong with the item by itself; nil where nothing is.
func (i Item) Validate() []tenants.Fault {
	var fs faults
	if !hub.ValidName(string(i.ID)) {
		fs.add("id", "AUD-11", "must be 1 to %d of a-z, 0-9 and '-', beginning with a letter, at most %d of them digits", hub.MaxName, hub.MaxNameDigits)
	}
	if !hub.ValidName(string(i.Department)) {
		fs.add("department", "", "must name a department")
	}
	for _, lang := range i.Names.Missing() {
		fs.add("names."+lang, "", "is missing")
	}
	for lang, name := range i.Names {
		if !slices.Contains(hub.Languages(), lang) || utf8.RuneCountInString(name) > maxItemName || strings.ContainsFunc(name, control) {
			fs.add("names."+lang, "", "must be at most %d printable characters, in one of %s", maxItemName, strings.Join(hub.Languages(), ", "))
		}
	}
	if !hub.ValidName(i.Category) {
		fs.add("category", "STA-01", "must be a word of the form of an id")
	}
	if i.Group < tenants.Interactive || i.Group > tenants.CrossAgency {
		fs.add("group", "LOA-07", "must be 2 (interactive), 3 (transaction) or 4 (cross-agency)")
	}
	if i.Sensitivity != Ordinary && i.Sensitivity != Sensitive {
		fs.add("sensitivity", "RAZ-01", "must be ordinary or sensitive")
	}
	if i.Status != Offered && i.Status != Withheld {
		fs.add("status", "", "must be offered or suspended")
	}
	fs.lists(i)
	fs.demands(i)
	return fs
}

func control(r rune) bool { return r < ' ' || r == 0x7f || r == utf8.RuneError }

func (fs *faults) lists(i Item) {
	if len(i.Actions) == 0 || len(i.Actions) > maxActions {
		fs.add("actions", "RAZ-01", "must name one to %d actions, such as query, file or sign", maxActions)
	}
	for n, a := range i.Actions {
		if !hub.ValidName(string(a)) || slices.Index(i.Actions, a) < n {
			fs.add(at("actions", n), "", "must be a word of the form of an id, and there once")
		}
	}
	if len(i.Systems) > maxSystems {
		fs.add("systems", "", "must be at most %d", maxSystems)
	}
	for n, s := range i.Systems {
		if !hub.ValidName(string(s)) || slices.Index(i.Systems, s) < n {
			fs.add(at("systems", n), "", "must name a system, and once")
		}
	}
}

func (fs *faults) demands(i Item) {
	d := i.Demands
	if d.Least.IAL == hub.IALNone || d.Least.IAL > hub.IAL3 {
		fs.add("demands.least.ial", "LOA-09", "is missing: the identity level that the item demands")
	}
	if d.Least.AAL == hub.AALNone || d.Least.AAL > hub.AAL3 {
		fs.add("demands.least.aal", "LOA-09", "is missing: the authenticator level that the item demands")
	}
	if d.MaxAge != 0 && (d.MaxAge < time.Minute || d.MaxAge > longestAge || d.MaxAge%time.Second != 0) {
		fs.add("demands.maxAge", "RAZ-07", "must lie between 1m and 720h, in whole seconds")
	}
	if !slices.Contains([]Own{NotOwn, Always, Lockable, OptIn}, d.Person) {
		fs.add("demands.person", "RAZ-02", "must be always, lockable or opt_in, or be left out where the item is of entities alone")
	}
	if !slices.Contains([]Office{NotOffice, ByMandate, ByDelegation}, d.Entity) {
		fs.add("demands.entity", "RAZ-03", "must be mandate or delegation, or be left out where the item is of persons alone")
	}
	if d.Person == NotOwn && d.Entity == NotOffice {
		fs.add("demands.person", "RAZ-02", "is missing, and so is entity: whose item is it?")
	}
	if i.Sensitivity == Sensitive && d.Person == Always {
		fs.add("demands.person", "RAZ-02", "must be lockable or opt_in: who it concerns can close a sensitive item")
	}
	if d.Exclusive && d.Entity != ByDelegation {
		fs.add("demands.exclusive", "RAZ-03", "needs entity: delegation")
	}
	if d.Approval && d.Person != OptIn && d.Entity != ByDelegation {
		fs.add("demands.approval", "RAZ-06", "needs person: opt_in or entity: delegation: what would the staff approve?")
	}
	fs.networks("demands.places.networks", d.Places.Networks)
	fs.hours("demands.hours", d.Hours)
	if b := d.Binding; b.Kind != "" && !hub.ValidName(b.Kind) || b.IAL > hub.IAL3 || !b.Demanded && b != (Binding{}) {
		fs.add("demands.binding", "BND-01", "must name a kind of record by its id, or a level, or both")
	}
}

func (fs *faults) networks(path string, all []netip.Prefix) {
	if len(all) > maxNetworks {
		fs.add(path, "RAZ-04", "must be at most %d networks", maxNetworks)
	}
	for n, p := range all {
		if !p.IsValid() || p != p.Masked() || p.Addr().Is4In6() || p.Bits() == 0 || slices.Index(all, p) < n {
			fs.add(at(path, n), "RAZ-04", "must be a network without host bits, not the whole internet, and there once")
		}
	}
}

func (fs *faults) hours(path string, h Hours) {
	if len(h.Windows) == 0 && h.Zone == "" {
		return
	}
	if _, err := loadZone(h.Zone); err != nil {
		fs.add(path+".zone", "", "must be a time zone of the IANA database, such as Asia/Bangkok")
	}
	if len(h.Windows) == 0 || len(h.Windows) > maxWindows {
		fs.add(path+".windows", "", "must be one to %d", maxWindows)
	}
	for n, w := range h.Windows {
		if w.Days == 0 || w.Days > EveryDay || w.From < 0 || w.To > 24*60 || w.From >= w.To {
			fs.add(at(path+".windows", n), "", "must have days, and a beginning before its end on the same day")
		}
	}
}

// ValidateAll lists what only shows beside the register: departments and systems that are not there.
func ValidateAll(items []Item, departments []tenants.Department, systems []tenants.System) []EntryFault {
	known := map[hub.DepartmentID]bool{}
	for _, d := range departments {
		known[d.ID] = true
	}
	owner := map[hub.SystemID]hub.DepartmentID{}
	for _, s := range systems {
		owner[s.ID] = s.Department
	}
	var out []EntryFault
	for _, i := range items {
		var fs faults
		if !known[i.Department] {
			fs.add("department", "", "is not registered")
		}
		for n, s := range i.Systems {
			if d, ok := owner[s]; !ok || d != i.Department {
				fs.add(at("systems", n), "", "must be a system of the same department")
			}
		}
		for _, f := range fs {
			out = append(out, EntryFault{Item: i.ID, Fault: f})
		}
	}
	return out
}

// EntryFault is a fault of one of several items.
type EntryFault struct {
	Item ItemID
	tenants.Fault
}

func at(path string, n int) string { return path + "[" + strconv.Itoa(n) + "]" }

type faults []tenants.Fault

func (fs *faults) add(path, rule, format string, args ...any) {
	*fs = append(*fs, tenants.Fault{Path: path, Rule: rule, Text: fmt.Sprintf(format, args...)})
}
