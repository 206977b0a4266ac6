package bank

import "onedoor/federation/simulator"

// Fault is something that goes wrong on purpose.
type Fault string

// The faults.
const (
	WrongState       Fault = "wrong-state"
	WrongIssParam    Fault = "wrong-iss-parameter"
	NoIssParam       Fault = "no-iss-parameter"
	FrontError       Fault = "server-error-answer"
	LevelRejected    Fault = "level-rejected"
	TokenError       Fault = "token-500"
	SlowToken        Fault = "slow-token"
	HugeToken        Fault = "huge-token-body"
	EndlessToken     Fault = "endless-token-body"
	RedirectedToken  Fault = "redirected-token"
	GarbledToken     Fault = "garbled-token"
	NoIDToken        Fault = "no-id-token"
	MACTokenType     Fault = "other-token-type"
	WrongAudience    Fault = "wrong-aud"
	SecondAudience   Fault = "second-aud"
	WrongParty       Fault = "wrong-azp"
	WrongNonce       Fault = "wrong-nonce"
	NoNonce          Fault = "no-nonce"
	WrongIssuer      Fault = "wrong-iss"
	Expired          Fault = "expired"
	NotYetValid      Fault = "not-yet-valid"
	OldToken         Fault = "old-iat"
	FutureToken      Fault = "future-iat"
	AlgNone          Fault = "alg-none"
	AlgHMAC          Fault = "alg-hs256"
	ForgedSignature  Fault = "forged-signature"
	WrongType        Fault = "wrong-typ"
	WrongAtHash      Fault = "wrong-at-hash"
	NoSubject        Fault = "no-sub"
	NoAuthTime       Fault = "no-auth-time"
	OldAuthTime      Fault = "old-auth-time"
	FutureAuthTime   Fault = "future-auth-time"
	LowACR           Fault = "low-acr"
	UnknownACR       Fault = "unknown-acr"
	UnknownAMR       Fault = "unknown-amr"
	WrongPerson      Fault = "wrong-national-id"
	UserInfoSwap     Fault = "userinfo-sub-swap"
	UserInfoNoSub    Fault = "userinfo-no-sub"
	UserInfoError    Fault = "userinfo-500"
	HugeUserInfo     Fault = "huge-userinfo-body"
	UserInfoEvidence Fault = "userinfo-evidence"
)

// texts tell each fault, in the order of the page.
var texts = []struct {
	fault Fault
	text  string
}{
	{WrongState, "Send back another state"},
	{WrongIssParam, "Another iss in the answer"},
	{NoIssParam, "No iss in the answer"},
	{FrontError, "Answer server_error"},
	{LevelRejected, "Answer unmet_authentication_requirements"},
	{TokenError, "Token endpoint answers 500"},
	{SlowToken, "Token endpoint is slow"},
	{HugeToken, "Token response of 8 MB"},
	{EndlessToken, "Token response that never ends"},
	{RedirectedToken, "Token endpoint redirects"},
	{GarbledToken, "Token response is not JSON"},
	{NoIDToken, "No ID token"},
	{MACTokenType, "Token type is not Bearer"},
	{WrongAudience, "ID token for another audience"},
	{SecondAudience, "ID token for two audiences without azp"},
	{WrongParty, "ID token with another azp"},
	{WrongNonce, "ID token with another nonce"},
	{NoNonce, "ID token without nonce"},
	{WrongIssuer, "ID token of another issuer"},
	{Expired, "ID token has expired"},
	{NotYetValid, "ID token is not yet valid"},
	{OldToken, "ID token was issued an hour ago"},
	{FutureToken, "ID token was issued in the future"},
	{AlgNone, "ID token without signature (alg none)"},
	{AlgHMAC, "ID token signed with the client secret (HS256)"},
	{ForgedSignature, "ID token signed with an unknown key"},
	{WrongType, "A logout token in place of the ID token"},
	{WrongAtHash, "at_hash of another access token"},
	{NoSubject, "ID token without sub"},
	{NoAuthTime, "ID token without auth_time"},
	{OldAuthTime, "The login was two days ago"},
	{FutureAuthTime, "The login was in the future"},
	{LowACR, "Answer with a lower acr than asked"},
	{UnknownACR, "An acr that nobody agreed on"},
	{UnknownAMR, "No acr, and an amr that nobody agreed on"},
	{WrongPerson, "Citizen number with a wrong check digit"},
	{UserInfoSwap, "UserInfo is about somebody else"},
	{UserInfoNoSub, "UserInfo without sub"},
	{UserInfoError, "UserInfo answers 500"},
	{HugeUserInfo, "UserInfo of 8 MB"},
	{UserInfoEvidence, "UserInfo with the card's evidence numbers"},
}

// Faults gives all faults.
func Faults() []Fault {
	out := make([]Fault, len(texts))
	for i, t := range texts {
		out[i] = t.fault
	}
	return out
}

func (b *Bank) switches() []simulator.Switch {
	out := make([]simulator.Switch, len(texts))
	for i, x := range texts {
		out[i] = simulator.Switch{Name: string(x.fault), Text: x.text, On: b.faults.On(x.fault)}
	}
	return out
}
