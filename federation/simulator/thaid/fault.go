package thaid

import "onedoor/federation/simulator"

// Fault is something that goes wrong on purpose.
type Fault string

// The faults.
const (
	UserDenied         Fault = "user-denied"
	ScopeNotApproved   Fault = "scope-not-approved"
	ExpiredQR          Fault = "expired-qr"
	WrongState         Fault = "wrong-state"
	CodeUsed           Fault = "code-used"
	SlowToken          Fault = "slow-token"
	ServerError        Fault = "server-error"
	APIKeyRequired     Fault = "api-key-required"
	WrongAudience      Fault = "wrong-audience"
	WrongNonce         Fault = "wrong-nonce"
	AlgNone            Fault = "alg-none"
	ForgedSignature    Fault = "forged-signature"
	MissingFamilyName  Fault = "missing-family-name"
	BirthdateZeros     Fault = "birthdate-zeros"
	BirthdateYear      Fault = "birthdate-year"
	AddressObject      Fault = "address-object"
	IALNumber          Fault = "ial-number"
	IALLow             Fault = "ial-low"
	IALUnknown         Fault = "ial-unknown"
	WrongCitizenNumber Fault = "wrong-citizen-number"
	StandardExpiry     Fault = "standard-expiry"
	ExpiredToken       Fault = "expired-token"
)

// texts tell each fault, in the order of the page.
var texts = []struct {
	fault Fault
	text  string
}{
	{UserDenied, "Answer user_denied although the person approved"},
	{ScopeNotApproved, "Answer invalid_scope: a scope is not approved"},
	{ExpiredQR, "The QR code has expired"},
	{WrongState, "Send back another state"},
	{CodeUsed, "The code has been used before"},
	{SlowToken, "Token endpoint takes 20 seconds"},
	{ServerError, "Token endpoint answers 500"},
	{APIKeyRequired, "An x-api-key header is required"},
	{WrongAudience, "ID token for another audience"},
	{WrongNonce, "ID token with another nonce"},
	{AlgNone, "ID token without signature (alg none)"},
	{ForgedSignature, "ID token signed with an unknown key"},
	{MissingFamilyName, "No family name"},
	{BirthdateZeros, "Birthdate with unknown month and day (1980-00-00)"},
	{BirthdateYear, "Birthdate is a year only"},
	{AddressObject, "Address as an object"},
	{IALNumber, "Identity level as a JSON number"},
	{IALLow, "Identity level 1.3"},
	{IALUnknown, "Identity level that nobody agreed on"},
	{WrongCitizenNumber, "Citizen number with a wrong check digit"},
	{StandardExpiry, "expires_in by the book"},
	{ExpiredToken, "expire_in lies in the past"},
}

// Faults gives all faults.
func Faults() []Fault {
	out := make([]Fault, len(texts))
	for i, t := range texts {
		out[i] = t.fault
	}
	return out
}

func (t *ThaID) switches() []simulator.Switch {
	out := make([]simulator.Switch, len(texts))
	for i, x := range texts {
		out[i] = simulator.Switch{Name: string(x.fault), Text: x.text, On: t.faults.On(x.fault)}
	}
	return out
}
