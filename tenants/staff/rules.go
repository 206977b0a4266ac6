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

// Covers reports whether what a post gives counts at a place: the platform's posts do everywhere, a department's in it, an area's in the area
// and below. A post that is proposed or has ended counts nowhere.
func (p Post) Covers(place Place, areas Areas) bool {
	switch {
	case p.State != Active:
		return false
	case p.Role.Platform():
		return p.Place == (Place{})
	case p.Place.Department == "" || p.Place.Department != place.Department:
		return false
	case p.Place.Area == "":
		return true
	default:
		return place.Area != "" && areas.Within(place.Department, place.Area, p.Place.Area)
	}
}

// MayAppoint reports whether somebody with these posts may give the role at the place: an administrator of the platform the roles of the platform and
// the administrators of departments; a department's administrator every role of the department, within their own area.
func MayAppoint(posts []Post, role Role, place Place, areas Areas) bool {
	if !role.Known() || role.Platform() != (place == Place{}) || !role.Platform() && place.Department == "" {
		return false
	}
	for _, p := range posts {
		switch {
		case p.Role == PlatformAdministrator && (role.Platform() || role == DepartmentAdministrator) && p.Covers(place, areas),
			p.Role == DepartmentAdministrator && !role.Platform() && p.Covers(place, areas):
			return true
		}
	}
	return false
}

// compatible reports whether somebody may hold a role beside another at the same department: who audits changes nothing there.
func compatible(a, b Role) bool {
	if a.Platform() != b.Platform() {
		return a != PlatformAuditor && b != PlatformAuditor && a != Auditor && b != Auditor
	}
	audits := func(r Role) bool { return r == PlatformAuditor || r == Auditor }
	return a == b || !audits(a) && !audits(b)
}
