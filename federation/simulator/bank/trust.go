package bank

import (
	"time"

	"onedoor/federation"
	"onedoor/hub"
	"onedoor/hub/identifier"
)

// Trust is the trust record that fits the bank at the address: identities up to IAL 2.2, proofed at a branch; AAL 1 or 2.2
// as its acr says.
func Trust(base, clientID string, secret federation.SealedSecret, from, until time.Time) federation.Provider {
	password := hub.Level{IAL: hub.IAL22, AAL: hub.AAL1}
	twoFactor := hub.Level{IAL: hub.IAL22, AAL: hub.AAL22}
	return federation.Provider{
		ID: "bank",
		Names: hub.Text{
			"th": "ธนาคารสบายดี", "en": "Sabaidee Bank", "zh": "萨拜迪银行", "vi": "Ngân hàng Sabaidee",
		},
		Status: federation.Active, ValidFrom: from, ValidUntil: until,
		Ceiling: twoFactor,
		Order:   20,
		Assurance: federation.Assurance{
			ACR:     map[string]hub.Level{ACRPassword: password, ACRTwoFactor: twoFactor},
			AMR:     map[string]hub.AAL{"pwd": hub.AAL1, "otp": hub.AAL1, "mfa": hub.AAL22},
			Request: map[hub.Level][]string{password: {ACRPassword}, twoFactor: {ACRTwoFactor}},
		},
		Attributes: map[hub.AttributeName][]string{
			hub.CitizenID: {"national_id"}, hub.Title: {"title#th"}, hub.GivenName: {"given_name#th"}, hub.MiddleName: {"middle_name#th"},
			hub.FamilyName: {"family_name#th"}, hub.Name: {"name#th"}, hub.TitleEN: {"title"}, hub.GivenNameEN: {"given_name"},
			hub.MiddleNameEN: {"middle_name"}, hub.FamilyNameEN: {"family_name"}, hub.NameEN: {"name"},
			hub.Birthdate: {"birthdate"}, hub.Gender: {"gender"}, hub.Address: {"address"},
		},
		Person: federation.PersonClaim{Kind: identifier.ThaiCitizen, Claim: "national_id"},
		OIDC: &federation.OIDC{
			Issuer: base, ClientID: clientID, ClientSecret: secret,
			Scopes: Scopes(),
			Logout: federation.OIDCLogout{Browser: true, Hint: true}, // its ID tokens hold nothing personal
			Quirks: federation.Quirks{SigningAlgs: []string{"ES256"}, RevokeAfterUse: true},
		},
	}
}
