package oidcop

import (
	"maps"
	"slices"

	"onedoor/hub"
)

// claim is one line of the table from the dictionary to claim names.
type claim struct {
	name      string
	attribute hub.AttributeName
}

// claimTable names each attribute as OpenID Connect Core section 5.1 does, where it does. Thai is the language of the register and
// of the claim without tag; both scripts have their tagged form (section 5.2).
func claimTable() []claim {
	return []claim{
		{"citizen_id", hub.CitizenID},
		{"title", hub.Title},
		{"title#th", hub.Title},
		{"title#en", hub.TitleEN},
		{"given_name", hub.GivenName},
		{"given_name#th", hub.GivenName},
		{"given_name#en", hub.GivenNameEN},
		{"middle_name", hub.MiddleName},
		{"middle_name#th", hub.MiddleName},
		{"middle_name#en", hub.MiddleNameEN},
		{"family_name", hub.FamilyName},
		{"family_name#th", hub.FamilyName},
		{"family_name#en", hub.FamilyNameEN},
		{"name", hub.Name},
		{"name#th", hub.Name},
		{"name#en", hub.NameEN},
		{"birthdate", hub.Birthdate},
		{"gender", hub.Gender},
		{"address", hub.Address},
	}
}

// inLatin gives what stands in the claim without tag where there is no Thai form.
func inLatin(n hub.AttributeName) (hub.AttributeName, bool) {
	switch n {
	case hub.Title:
		return hub.TitleEN, true
	case hub.GivenName:
		return hub.GivenNameEN, true
	case hub.MiddleName:
		return hub.MiddleNameEN, true
	case hub.FamilyName:
		return hub.FamilyNameEN, true
	case hub.Name:
		return hub.NameEN, true
	}
	return "", false
}

// wireAddress is the address claim (OpenID Connect Core section 5.1.1): the card has one text.
type wireAddress struct {
	Formatted string `json:"formatted"`
}

// wireSource tells who said a claim, and when (PRV-09).
type wireSource struct {
	Provider string `json:"provider"`
	At       int64  `json:"at"`
}

// representeeClaim is for whom the person acts.
const representeeClaim = "representee"

// sourcesClaim holds a wireSource for each claim.
const sourcesClaim = "claim_sources"

// addClaims puts released attributes into a userinfo answer.
func addClaims(out map[string]any, released hub.Attributes) {
	sources := map[string]wireSource{}
	for _, c := range claimTable() {
		a, ok := released[c.attribute]
		if !ok && c.name == string(c.attribute) {
			if latin, has := inLatin(c.attribute); has {
				a, ok = released[latin]
			}
		}
		if !ok || a.Value == "" {
			continue
		}
		switch c.attribute {
		case hub.Address:
			out[c.name] = wireAddress{a.Value}
		case hub.Birthdate:
			out[c.name] = birthdate(a.Value)
		default:
			out[c.name] = a.Value
		}
		s := wireSource{Provider: string(a.Source)}
		if !a.At.IsZero() {
			s.At = a.At.Unix()
		}
		sources[c.name] = s
	}
	if len(sources) > 0 {
		out[sourcesClaim] = sources
	}
}

// birthdate gives a form that OpenID Connect Core section 5.1 allows: YYYY-MM-DD, or YYYY where the rest is not known.
func birthdate(s string) string {
	if len(s) == len("2006-01") {
		return s[:4]
	}
	return s
}

// supportedClaims lists every claim that can come, for discovery.
func supportedClaims() []string {
	set := map[string]bool{}
	for _, n := range []string{
		"iss", "sub", "aud", "exp", "iat", "auth_time", "nonce", "acr", "amr", "sid", "ial", "aal", "at_hash", sourcesClaim, recordsClaim, representeeClaim, itemsClaim,
	} {
		set[n] = true
	}
	for _, c := range claimTable() {
		set[c.name] = true
	}
	return slices.Sorted(maps.Keys(set))
}
