package app

import (
	"cmp"
	"context"
	"net/url"
	"slices"
	"strings"

	"onedoor/hub"
	"onedoor/tenants"
	"onedoor/web/view"
)

// services lists the live systems that begin a login when somebody comes from elsewhere (OpenID Connect Core section 4), department by
// department. No target_link_uri goes along: the system knows its own first page. A sandbox is never among them.
func (h *Hub) services(ctx context.Context) []view.Service {
	type entry struct {
		department hub.DepartmentID
		view.Service
	}
	var all []entry
	for _, s := range h.directory.Systems() {
		if s.Status != tenants.Live || s.OIDC == nil || s.OIDC.InitiateLoginURI == "" {
			continue
		}
		owner, ok := h.owner(ctx, s.Department)
		if !ok {
			continue
		}
		all = append(all, entry{s.Department, view.Service{Names: s.Names, Owner: owner, URL: initiate(s.OIDC.InitiateLoginURI, h.options.Config.Issuer)}})
	}
	slices.SortStableFunc(all, func(a, b entry) int {
		return cmp.Or(cmp.Compare(a.department, b.department), cmp.Compare(a.Names.In("th"), b.Names.In("th")))
	})
	out := make([]view.Service, len(all))
	for i, e := range all {
		out[i] = e.Service
	}
	return out
}

func (h *Hub) owner(ctx context.Context, id hub.DepartmentID) (hub.Text, bool) {
	d, err := h.directory.Department(ctx, id)
	return d.Names, err == nil
}

// initiate adds the issuer to the address where a system begins logins.
func initiate(address, issuer string) string {
	separator := "?"
	if strings.Contains(address, "?") {
		separator = "&"
	}
	return address + separator + url.Values{"iss": {issuer}}.Encode()
}
