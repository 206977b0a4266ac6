package view

import (
	"onedoor/hub"
	"onedoor/tenants/staff"
)

// StaffPage is the page of who works for an authority, or is invited to.
type StaffPage struct {
	Token    string
	SignedIn bool
	// Strong tells that the person is signed in as staff must be.
	Strong bool
	Offer  *StaffPost // what they are invited to
	Posts  []StaffPost
	Done   string   // what has just gone right: "joined"
	Wrong  hub.Kind // why an invitation can't be accepted
}

// StaffPost is a role at a place.
type StaffPost struct {
	Role     staff.Role
	Owner    hub.Text // the department; nil for the platform
	Area     hub.Text // nil for all of it
	Proposed bool
}

func (StaffPage) file() string         { return "staff" }
func (StaffPage) title(d *data) string { return d.T.StaffTitle() }

// Role names a role.
func (d *data) Role(r staff.Role) string {
	switch r {
	case staff.PlatformAdministrator:
		return d.T.RolePlatformAdministrator()
	case staff.PlatformAuditor:
		return d.T.RolePlatformAuditor()
	case staff.DepartmentAdministrator:
		return d.T.RoleDepartmentAdministrator()
	case staff.Reviewer:
		return d.T.RoleReviewer()
	case staff.Auditor:
		return d.T.RoleAuditor()
	case staff.HelpDesk:
		return d.T.RoleHelpDesk()
	}
	return string(r)
}

// StaffWrong says why an invitation can't be accepted; "" for nothing wrong.
func (d *data) StaffWrong(p StaffPage) string {
	switch p.Wrong {
	case "":
		return ""
	case hub.Denied, hub.Conflict:
		return d.T.StaffDenied()
	default:
		return d.T.StaffGone()
	}
}
