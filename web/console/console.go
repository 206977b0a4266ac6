package console

import (
	"slices"

	"onedoor/hub"
	"onedoor/web/server"
	"onedoor/web/visit"
)

// Options are what a Console is made of. All are required but the last.
type Options struct {
	Visit     *visit.Reception
	Staff     Staff
	Places    Places
	Cases     Cases
	Decisions Decisions
	Ties      Ties
	Ends      Ends
	// Alias gives an account the name that a department knows it by in the record: no two departments can compare theirs (invariant 3).
	Alias   func(department hub.DepartmentID, account hub.AccountID) string
	Clock   hub.Clock
	Counter Counter
	// Phone is the full address that the phone of whoever stands at a counter opens, without the number of the sitting.
	Phone string
	// Applications are what waits for staff before a service opens; nil where nothing does.
	Applications *Applications
}

// Console is where staff work.
type Console struct {
	o Options
	v *visit.Reception
}

// New checks the options. Invalid where one is missing.
func New(o Options) (*Console, error) {
	if o.Visit == nil || o.Staff == nil || o.Places == nil || o.Cases == nil || o.Decisions == nil || o.Ties == nil || o.Ends == nil || o.Alias == nil || o.Counter == nil || o.Clock == nil || o.Phone == "" {
		return nil, hub.Errorf("console.New", hub.Invalid, "an option is missing")
	}
	if err := o.Visit.Returns(staffPath, casesPath, casePath, tiesPath, tiePath, applicationsPath); err != nil {
		return nil, err
	}
	if a := o.Applications; a != nil && (a.Openings == nil || a.Delegations == nil || a.Item == nil || a.Entity == nil || a.Labels == nil) {
		return nil, hub.Errorf("console.New", hub.Invalid, "an option of applications is missing")
	}
	return &Console{o: o, v: o.Visit}, nil
}

// Mounts lists the routes.
func (c *Console) Mounts() []server.Mount {
	return slices.Concat(c.staffMounts(), c.caseMounts(), c.tieMounts(), c.applicationMounts())
}
