package staff

import (
	"onedoor/hub"
	"onedoor/tenants"
)

// Areas knows how a department's areas lie in each other.
type Areas interface {
	// Within reports whether an area of the department is the other one or lies below it. False for an area that is not there.
	Within(department hub.DepartmentID, area, of tenants.AreaID) bool
}

// Covers reports whether what is held at a place counts at another: the platform's does everywhere, a department's in it, an area's in the area
// and below. It does not ask whether the place is there.
func (p Place) Covers(place Place, areas Areas) bool {
	switch {
	case p == (Place{}):
		return true
	case p.Department == "" || p.Department != place.Department:
		return false
	case p.Area == "":
		return true
	default:
		return place.Area != "" && areas.Within(place.Department, place.Area, p.Area)
	}
}

// compatible reports whether somebody may hold a role beside another at the same department: who audits changes nothing there.
func compatible(a, b Role) bool {
	if a.Platform() != b.Platform() {
		return a != PlatformAuditor && b != PlatformAuditor && a != Auditor && b != Auditor
	}
	audits := func(r Role) bool { return r == PlatformAuditor || r == Auditor }
	return a == b || !audits(a) && !audits(b)
}
