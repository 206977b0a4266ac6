package authz

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Change is a field of an item in which two versions of it differ: its path, as in [Item.Validate], with what it was and is. Empty is nothing.
type Change struct{ Path, Was, Is string }

// Differences lists in which fields two versions of an item differ, by path; for a new item, was is the zero one.
func Differences(was, is Item) []Change {
	old, now := was.fields(), is.fields()
	var out []Change
	for path, value := range now {
		if old[path] != value {
			out = append(out, Change{path, old[path], value})
		}
	}
	for path, value := range old {
		if _, there := now[path]; !there {
			out = append(out, Change{path, value, ""})
		}
	}
	slices.SortFunc(out, func(a, b Change) int { return cmp.Compare(a.Path, b.Path) })
	return out
}

// fields gives what an item declares as texts, by path. What is empty is not there.
func (i Item) fields() map[string]string {
	d := i.Demands
	all := map[string]string{
		"department": string(i.Department), "category": i.Category, "sensitivity": string(i.Sensitivity), "status": string(i.Status),
		"systems": joined(i.Systems), "actions": joined(i.Actions), "demands.least.ial": d.Least.IAL.String(), "demands.least.aal": d.Least.AAL.String(),
		"demands.person": string(d.Person), "demands.entity": string(d.Entity), "demands.exclusive": yes(d.Exclusive), "demands.approval": yes(d.Approval),
		"demands.places.device": yes(d.Places.Device), "demands.hours": d.Hours.String(),
	}
	for lang, name := range i.Names {
		all["names."+lang] = name
	}
	if i.Group != 0 {
		all["group"] = strconv.Itoa(int(i.Group))
	}
	if d.MaxAge != 0 {
		all["demands.maxAge"] = d.MaxAge.String()
	}
	if len(d.Places.Networks) > 0 {
		words := make([]string, len(d.Places.Networks))
		for n, p := range d.Places.Networks {
			words[n] = p.String()
		}
		all["demands.places.networks"] = strings.Join(words, ", ")
	}
	if b := d.Binding; b.Demanded {
		all["demands.binding"] = strings.TrimSpace(cmp.Or(b.Kind, "*") + " " + b.IAL.String())
	}
	maps.DeleteFunc(all, func(_, value string) bool { return value == "" })
	return all
}

func joined[T ~string](all []T) string {
	words := make([]string, len(all))
	for n, x := range all {
		words[n] = string(x)
	}
	return strings.Join(words, ", ")
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return ""
}

// String gives "Asia/Bangkok mon,tue 08:00-17:00; sat 08:00-12:00"; "" for none.
func (h Hours) String() string {
	if len(h.Windows) == 0 {
		return h.Zone
	}
	words := make([]string, len(h.Windows))
	for n, w := range h.Windows {
		words[n] = w.String()
	}
	return h.Zone + " " + strings.Join(words, "; ")
}

// String gives "mon,tue 08:00-17:00".
func (w Window) String() string {
	return fmt.Sprintf("%s %s-%s", w.Days, Clock(w.From), Clock(w.To))
}

// Clock writes minutes since midnight as "08:00".
func Clock(minutes int) string { return fmt.Sprintf("%02d:%02d", minutes/60, minutes%60) }

// ParseClock reads a time of day between "00:00" and "24:00" as minutes since midnight. False for anything else.
func ParseClock(text string) (minutes int, ok bool) {
	if len(text) != 5 || text[2] != ':' || strings.Trim(text[:2]+text[3:], "0123456789") != "" {
		return 0, false
	}
	hour, minute := int(text[0]-'0')*10+int(text[1]-'0'), int(text[3]-'0')*10+int(text[4]-'0')
	return hour*60 + minute, minute < 60 && hour*60+minute <= 24*60
}

// ParseWindow reads what Window.String writes. False for anything else.
func ParseWindow(text string) (w Window, ok bool) {
	days, times, there := strings.Cut(text, " ")
	from, to, also := strings.Cut(strings.TrimSpace(times), "-")
	if !there || !also {
		return Window{}, false
	}
	for _, name := range strings.Split(days, ",") {
		day, err := ParseDay(name)
		if err != nil {
			return Window{}, false
		}
		w.Days |= day
	}
	var good, too bool
	w.From, good = ParseClock(from)
	w.To, too = ParseClock(to)
	return w, good && too
}
