package review

import (
	"slices"
	"strings"

	"onedoor/binding/spelling"
	"onedoor/hub"
	"onedoor/tenants"
)

// Line is one field of both sides. It prints as "[redacted]" by its texts' type.
type Line struct {
	Name     string // of the dictionary, or the id of a further attribute
	Names    hub.Text
	Shown    string // by the person; "" where they showed nothing
	Held     string // by the department; "" where its record says nothing
	Likeness spelling.Likeness
}

// Compare puts what the person showed beside what the department's record says, in the order of the dictionary and then of the kind's further
// attributes: all that either side has.
func Compare(k tenants.RecordKind, shown, held Fields) []Line {
	var out []Line
	add := func(name string, names hub.Text) {
		l := Line{Name: name, Names: names, Shown: shown[name], Held: held[name]}
		if l.Shown == "" && l.Held == "" {
			return
		}
		l.Likeness = likeness(hub.AttributeName(name), l.Shown, l.Held)
		out = append(out, l)
	}
	for _, n := range hub.AttributeNames() {
		add(string(n), nil)
	}
	for _, e := range k.Extra {
		add(e.ID, e.Names)
	}
	swapped(out, shown, held)
	return out
}

func likeness(n hub.AttributeName, shown, held string) spelling.Likeness {
	switch n {
	case hub.Birthdate:
		return spelling.CompareDates(shown, held)
	case hub.GivenName, hub.MiddleName, hub.FamilyName, hub.Name, hub.GivenNameEN, hub.MiddleNameEN, hub.FamilyNameEN, hub.NameEN:
		return spelling.CompareNames(shown, held)
	case hub.Title, hub.TitleEN, hub.Gender, hub.Address, hub.CitizenID:
	}
	return spelling.Compare(shown, held)
}

// swapped marks given and family names that stand in each other's place as similar: a slip of whoever typed, for a person to judge.
func swapped(lines []Line, shown, held Fields) {
	for _, pair := range [][2]hub.AttributeName{{hub.GivenName, hub.FamilyName}, {hub.GivenNameEN, hub.FamilyNameEN}} {
		given, family := string(pair[0]), string(pair[1])
		if spelling.CompareNames(shown[given], held[family]) != spelling.Same || spelling.CompareNames(shown[family], held[given]) != spelling.Same {
			continue
		}
		for i := range lines {
			if (lines[i].Name == given || lines[i].Name == family) && lines[i].Likeness == spelling.Different {
				lines[i].Likeness = spelling.Similar
			}
		}
	}
}

// Differing counts the lines that differ.
func Differing(lines []Line) int {
	n := 0
	for _, l := range lines {
		if l.Likeness == spelling.Different {
			n++
		}
	}
	return n
}

// fieldsOf takes the fields that count out of attributes.
func fieldsOf(k tenants.RecordKind, a hub.Attributes) Fields {
	out := make(Fields, len(k.Attributes))
	for _, n := range k.Attributes {
		if v := strings.TrimSpace(a[n].Value); v != "" {
			out[string(n)] = v
		}
	}
	return out
}

// knows reports whether a department's record may have such a field.
func knows(k tenants.RecordKind, name string) bool {
	return hub.AttributeName(name).Known() || slices.ContainsFunc(k.Extra, func(e tenants.ExtraAttribute) bool { return e.ID == name })
}
