package tenants

import (
	"context"
	"slices"
	"strconv"

	"onedoor/hub"
)

// Bounds of a department's areas.
const (
	maxAreas = 5000
	maxDepth = 8 // areas within areas
)

// areas checks a department's areas (BND-05).
func (fs *faults) areas(all []Area) {
	const rule = "BND-05"
	if len(all) > maxAreas {
		fs.add("areas", rule, "must be at most %d", maxAreas)
		return
	}
	for i, a := range all {
		at := "areas[" + strconv.Itoa(i) + "]"
		if !hub.ValidName(string(a.ID)) {
			fs.add(at+".id", "AUD-11", "must be 1 to %d of a-z, 0-9 and '-', beginning with a letter, at most %d of them digits", hub.MaxName, hub.MaxNameDigits)
		}
		if slices.IndexFunc(all, func(b Area) bool { return b.ID == a.ID }) < i {
			fs.add(at+".id", rule, "is there twice")
		}
		fs.text(at+".names", a.Names, maxName, "")
		if _, ok := (Department{Areas: all}).above(a.ID); !ok {
			fs.add(at+".parent", rule, "must name an area of the department, at most %d deep and in no circle", maxDepth)
		}
	}
}

// above gives an area with all that it lies in, itself first. False for one that is not there, that names a parent that is not, or that lies
// in a circle or too deep.
func (d Department) above(id AreaID) ([]AreaID, bool) {
	var chain []AreaID
	for id != "" {
		i := slices.IndexFunc(d.Areas, func(a Area) bool { return a.ID == id })
		if i < 0 || len(chain) >= maxDepth {
			return nil, false
		}
		chain = append(chain, id)
		id = d.Areas[i].Parent
	}
	return chain, len(chain) > 0
}

// Within reports whether an area of a department is the other one or lies below it. False for whatever is not there (invariant 8).
func (d *Directory) Within(department hub.DepartmentID, area, of AreaID) bool {
	found, err := d.Department(context.Background(), department)
	if err != nil {
		return false
	}
	chain, ok := found.above(area)
	return ok && slices.Contains(chain, of)
}
