package configs

import _ "embed"

// StaffModel and StaffPolicy are the rules about what staff may do, as authz/casbinrules reads them.
//
//go:embed authz/staff.conf
var StaffModel string

// StaffPolicy says which role has which act.
//
//go:embed authz/staff.csv
var StaffPolicy string

// ItemModel says how the rules of service items are read; the lines come from the catalogue.
//
//go:embed authz/items.conf
var ItemModel string
