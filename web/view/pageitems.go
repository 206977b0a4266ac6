package view

import (
	"onedoor/hub/login"
	"onedoor/web/locale"
)

// ItemsPage is where a login stands at service items that are closed: the person opens them, or reads what is missing.
type ItemsPage struct {
	System login.System
	Action string // path of the login
	Token  string
	Items  login.ItemsView
}

func (ItemsPage) file() string { return "items" }
func (p ItemsPage) title(d *data) string {
	if p.Items.Opens {
		return d.T.ItemsTitle()
	}
	return d.T.ItemsMissing()
}

func (p ItemsPage) service() login.System { return p.System }

// Approved reports whether the department's staff has its say about an opening.
func (p ItemsPage) Approved() bool {
	for _, x := range p.Items.Closed {
		if x.Approved {
			return true
		}
	}
	return false
}

// ItemWhy says why an item is closed, each reason once.
func (d *data) ItemWhy(s login.Standing) (out []string) {
	for _, code := range s.Missing {
		text := locale.ItemReason(d.T, code)
		known := false
		for _, x := range out {
			known = known || x == text
		}
		if !known {
			out = append(out, text)
		}
	}
	return out
}

// ItemLink is a page of the hub where something can be done about a closed item.
type ItemLink struct{ Path, Text string }

// ItemLinks gives the pages where the person can do something about what is missing, each once.
func (d *data) ItemLinks(v login.ItemsView) (out []ItemLink) {
	add := func(path, text string) {
		for _, x := range out {
			if x.Path == path {
				return
			}
		}
		out = append(out, ItemLink{path, text})
	}
	for _, s := range v.Closed {
		for _, code := range s.Missing {
			switch code {
			case "not_opened", "locked":
				add("/me/services", d.T.NavSwitches())
			case "not_approved":
				if v.Acts == nil {
					add("/me/services", d.T.NavSwitches())
				} else {
					add("/entities", d.T.EntitiesTitle())
				}
			case "no_mandate", "not_delegated", "delegation_awaits_approval", "delegation_over", "delegation_not_yet", "not_exclusive":
				add("/entities", d.T.EntitiesTitle())
			case "device":
				add("/devices", d.T.NavDevices())
			case "not_bound", "bound_level":
				add("/me/records", d.T.NavRecords())
			}
		}
	}
	return out
}
