package samlbank

import (
	"encoding/base64"
	"time"

	"onedoor/federation"
	"onedoor/hub"
	"onedoor/hub/identifier"
)

func encode(b []byte) string { return base64.StdEncoding.EncodeToString(b) }

// Trust is the trust record that fits the bank: identities up to IAL 2.2, proofed at a branch; AAL 1 or 2.1 as its context class says.
func (b *Bank) Trust(from, until time.Time) federation.Provider {
	password := hub.Level{IAL: hub.IAL22, AAL: hub.AAL1}
	twoFactor := hub.Level{IAL: hub.IAL22, AAL: hub.AAL21}
	return federation.Provider{
		ID: "samlbank",
		Names: hub.Text{
			"th": "ออมทรัพย์สบายดี", "en": "Sabaidee Savings", "zh": "萨拜迪储蓄银行", "vi": "Tiết kiệm Sabaidee",
		},
		Status: federation.Active, ValidFrom: from, ValidUntil: until,
		Ceiling: twoFactor,
		Order:   30,
		Assurance: federation.Assurance{
			ACR: map[string]hub.Level{ContextPassword: password, ContextTwoFactor: twoFactor},
			// All that will do: SAML asks for exactly these, and who has the app may use it.
			Request: map[hub.Level][]string{password: {ContextPassword, ContextTwoFactor}, twoFactor: {ContextTwoFactor}},
		},
		Attributes: map[hub.AttributeName][]string{
			hub.CitizenID: {AttrNationalID}, hub.Name: {AttrName}, hub.NameEN: {AttrNameEN}, hub.GivenName: {AttrGiven}, hub.GivenNameEN: {AttrGivenEN},
			hub.FamilyName: {AttrFamily}, hub.FamilyNameEN: {AttrFamilyEN}, hub.Birthdate: {AttrBirthdate}, hub.Gender: {AttrGender}, hub.Address: {AttrAddress},
		},
		Person: federation.PersonClaim{Kind: identifier.ThaiCitizen, Claim: AttrNationalID},
		SAML: &federation.SAML{
			EntityID: b.EntityID(), Metadata: federation.SAMLMetadata{URL: b.base + "/metadata", Pins: []string{b.Pin()}},
		},
	}
}
