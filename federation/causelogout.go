package federation

// What can be wrong with a provider's word that a session of its own has ended.
const (
	LogoutTokenMissing   Cause = "logout_token_missing"
	LogoutTokenMalformed Cause = "logout_token_malformed"
	LogoutTokenAlg       Cause = "logout_token_alg"
	LogoutTokenEncrypted Cause = "logout_token_encryption" // not as the record says
	LogoutTokenType      Cause = "logout_token_typ"
	LogoutTokenIssuer    Cause = "logout_token_iss"
	LogoutTokenAudience  Cause = "logout_token_aud"
	LogoutTokenTime      Cause = "logout_token_time"
	LogoutTokenID        Cause = "logout_token_jti"
	LogoutTokenEvents    Cause = "logout_token_events"
	LogoutTokenNonce     Cause = "logout_token_nonce"
	LogoutTokenWhom      Cause = "logout_token_whom" // neither sub nor sid, or no texts
	LogoutTokenUsed      Cause = "logout_token_used"
	LogoutUnasked        Cause = "logout_not_registered" // by a way that the record does not open
)

var logoutCauses = []Cause{
	LogoutTokenMissing, LogoutTokenMalformed, LogoutTokenAlg, LogoutTokenEncrypted, LogoutTokenType, LogoutTokenIssuer, LogoutTokenAudience,
	LogoutTokenTime, LogoutTokenID, LogoutTokenEvents, LogoutTokenNonce, LogoutTokenWhom, LogoutTokenUsed, LogoutUnasked,
}
