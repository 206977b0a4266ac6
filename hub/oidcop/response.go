package oidcop

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"onedoor/hub/audit"
)

// refuseAt sends an error to the client and records it.
func (p *Provider) refuseAt(w http.ResponseWriter, r *http.Request, a *authorization, bad *refusal, about audit.Event) {
	p.note(r.Context(), authorizationRefused, bad, about)
	p.send(w, r, a, url.Values{"error": {bad.code}, "error_description": {bad.text}})
}

// send is the authorization response: to the redirect URI, with state and iss (RFC 9207), success or not. By a redirect it is a 303, so
// that a POST does not travel on (RFC 9700 section 4.12); by form_post it is a page with a form, on which nothing runs that is not a file
// of ours.
func (p *Provider) send(w http.ResponseWriter, r *http.Request, a *authorization, v url.Values) {
	if a.state != "" {
		v.Set("state", a.state)
	}
	v.Set("iss", p.issuer)
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	h.Set("Pragma", "no-cache")
	h.Set("Referrer-Policy", "no-referrer")
	if a.post {
		p.journey.Post(w, r, a.redirect, v)
		return
	}
	h.Set("Location", withQuery(a.redirect, v))
	w.WriteHeader(http.StatusSeeOther)
}

// withQuery adds parameters to a registered address, which stays as it is.
func withQuery(address string, more url.Values) string {
	separator := "?"
	if strings.Contains(address, "?") {
		separator = "&"
	}
	return address + separator + more.Encode()
}

func contains(list []string, s string) bool { return slices.Contains(list, s) }

func without(list []string, s string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(x string) bool { return x == s })
}
