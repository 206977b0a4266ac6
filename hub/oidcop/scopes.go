package oidcop

import (
	"slices"
	"strings"

	"onedoor/hub"
)

// Scopes that are not the name of an attribute.
const (
	scopeOpenID  = "openid"
	scopeProfile = "profile"
	scopeOffline = "offline_access"
)

// attributesOf is the one table from scope to attributes: profile gives names, birth date and gender (OpenID Connect Core section
// 5.4), and the name of an attribute gives that attribute.
func attributesOf(scope string) []hub.AttributeName {
	switch scope {
	case scopeProfile:
		return []hub.AttributeName{
			hub.Title, hub.GivenName, hub.MiddleName, hub.FamilyName, hub.Name,
			hub.TitleEN, hub.GivenNameEN, hub.MiddleNameEN, hub.FamilyNameEN, hub.NameEN,
			hub.Birthdate, hub.Gender,
		}
	default:
		if n := hub.AttributeName(scope); n.Known() {
			return []hub.AttributeName{n}
		}
		return nil
	}
}

// releasable gives what the scopes ask for, within what the register allows (PRV-06), in the order of the dictionary.
func releasable(scopes []string, allowed []hub.AttributeName) []hub.AttributeName {
	var out []hub.AttributeName
	for _, n := range hub.AttributeNames() {
		if slices.Contains(allowed, n) &&
			slices.ContainsFunc(scopes, func(s string) bool { return slices.Contains(attributesOf(s), n) }) {
			out = append(out, n)
		}
	}
	return out
}

// within gives the names that are in both lists, in the order of the first.
func within(names, limit []hub.AttributeName) []hub.AttributeName {
	var out []hub.AttributeName
	for _, n := range names {
		if slices.Contains(limit, n) {
			out = append(out, n)
		}
	}
	return out
}

// supportedScopes lists every scope the hub knows.
func supportedScopes() []string {
	out := []string{scopeOpenID, scopeProfile, scopeOffline}
	for _, n := range hub.AttributeNames() {
		out = append(out, string(n))
	}
	return out
}

// splitList reads a list separated by single or several spaces, each entry once, in its order.
func splitList(s string) []string {
	var out []string
	for _, e := range strings.Split(s, " ") {
		if e != "" && !slices.Contains(out, e) {
			out = append(out, e)
		}
	}
	return out
}
