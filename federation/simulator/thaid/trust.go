package thaid

import (
	"time"

	"onedoor/federation"
	"onedoor/hub"
	"onedoor/hub/identifier"
)

// Trust is the trust record that fits ThaID at the address: identities up to IAL 2.3 (LOA-16); AAL 2.1 by agreement, for the
// wire says nothing of it; its dialect as quirks. The claims arrive in an ID token; without openid in the scopes they would
// arrive flat.
func Trust(base, clientID string, secret federation.SealedSecret, from, until time.Time) federation.Provider {
	ial := make(map[string]hub.IAL)
	for l := hub.IAL11; l <= hub.IAL3; l++ {
		ial[l.String()] = l
	}
	return federation.Provider{
		ID: "thaid",
		Names: hub.Text{
			"th": "ThaID (กรมการปกครอง)", "en": "ThaID (Department of Provincial Administration)", "zh": "ThaID（泰国内政部行政厅）", "vi": "ThaID (Cục Hành chính Tỉnh)",
		},
		Status: federation.Active, ValidFrom: from, ValidUntil: until,
		Ceiling:   hub.Level{IAL: hub.IAL23, AAL: hub.AAL21},
		Order:     10,
		Assurance: federation.Assurance{IAL: ial, IALName: "ial", Fixed: hub.Level{AAL: hub.AAL21}},
		Attributes: map[hub.AttributeName][]string{
			hub.CitizenID: {"pid"}, hub.Title: {"title"}, hub.GivenName: {"given_name"}, hub.MiddleName: {"middle_name"},
			hub.FamilyName: {"family_name"}, hub.Name: {"name"}, hub.TitleEN: {"title_en"}, hub.GivenNameEN: {"given_name_en"},
			hub.MiddleNameEN: {"middle_name_en"}, hub.FamilyNameEN: {"family_name_en"}, hub.NameEN: {"name_en"},
			hub.Birthdate: {"birthdate"}, hub.Gender: {"gender"}, hub.Address: {"address", "house_address"},
		},
		Person: federation.PersonClaim{Kind: identifier.ThaiCitizen, Claim: "pid"},
		OIDC: &federation.OIDC{
			Issuer: base, ClientID: clientID, ClientSecret: secret, AuthMethod: "client_secret_basic",
			Scopes: []string{
				"openid", "pid", "name", "name_en", "title", "title_en", "given_name", "middle_name", "family_name", "given_name_en",
				"middle_name_en", "family_name_en", "birthdate", "gender", "address", "ial",
			},
			Quirks: federation.Quirks{
				FlatClaims: true, NoPKCE: true, NoUserInfo: true, ExpireIn: true, RevokeAfterUse: true, RevokeBearer: true,
				SigningAlgs: []string{"ES256"}, BirthdateCE: true, AlwaysFresh: true, ErrorIsDenied: []string{"user_denied"},
			},
		},
	}
}
