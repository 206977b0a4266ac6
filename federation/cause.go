package federation

import (
	"errors"
	"slices"

	"onedoor/hub"
)

// Cause is the fine reason of a failure at a provider, from a closed list: a machine word for the audit record, never
// foreign text. It is the innermost error of what connectors and the Registry return.
type Cause string

// What can be wrong with the answer that the browser brings.
const (
	StateMismatch   Cause = "state_mismatch"
	AnswerMalformed Cause = "answer_malformed"
	AnswerForeign   Cause = "answer_of_other_provider" // mix-up (RFC 9700 section 4.4)
	IssuerMissing   Cause = "issuer_missing"           // RFC 9207
	IssuerMismatch  Cause = "issuer_mismatch"
	IssuerUnasked   Cause = "issuer_not_announced"
	TooLate         Cause = "too_late"
	PersonDenied    Cause = "person_denied"
	RequestRejected Cause = "request_rejected" // the provider did not like what was asked
	ProviderFailed  Cause = "provider_failed"  // it said so itself
	LevelRejected   Cause = "level_rejected"   // it said itself that it can't reach the level
)

// What can be wrong on the back channel.
const (
	TimedOut          Cause = "timed_out"
	Canceled          Cause = "canceled" // the person's browser went away
	Unreachable       Cause = "unreachable"
	Redirected        Cause = "redirected"
	BodyTooBig        Cause = "body_too_big"
	StatusUnexpected  Cause = "status_unexpected"
	ResponseMalformed Cause = "response_malformed"
	ResponseMedia     Cause = "response_media_type"
	AddressRefused    Cause = "address_refused" // by the guard of our outbound calls
	EndpointMissing   Cause = "endpoint_missing"
	EndpointUnsafe    Cause = "endpoint_unsafe"
	DiscoveryIssuer   Cause = "discovery_issuer"
	KeysUnavailable   Cause = "keys_unavailable"
	KeysUnfit         Cause = "keys_unfit" // published keys that nobody may rely on: private, symmetric, weak
	SecretUnusable    Cause = "secret_unusable"
	CodeRejected      Cause = "code_rejected"
	ClientRejected    Cause = "client_rejected"
	TokenMissing      Cause = "token_missing"
	TokenType         Cause = "token_type"
	TokenExpired      Cause = "token_expired"
	TokenInactive     Cause = "token_inactive"
)

// What can be wrong with what the provider vouches for.
const (
	IDTokenMalformed Cause = "id_token_malformed"
	IDTokenAlg       Cause = "id_token_alg"
	IDTokenSignature Cause = "id_token_signature"
	IDTokenPlain     Cause = "id_token_not_encrypted"
	IDTokenEncrypted Cause = "id_token_encryption" // not as the record says
	IDTokenKey       Cause = "id_token_decryption" // no key of ours opens it
	IDTokenType      Cause = "id_token_typ"
	IDTokenClaim     Cause = "id_token_claim" // a claim of another type than it must have
	IDTokenIssuer    Cause = "id_token_issuer"
	IDTokenAudience  Cause = "id_token_audience"
	IDTokenParty     Cause = "id_token_azp"
	IDTokenStranger  Cause = "id_token_aud_stranger"
	IDTokenExpiry    Cause = "id_token_exp"
	IDTokenExpired   Cause = "id_token_expired"
	IDTokenEarly     Cause = "id_token_not_yet_valid"
	IDTokenIssued    Cause = "id_token_iat"
	IDTokenNonce     Cause = "id_token_nonce"
	IDTokenAtHash    Cause = "id_token_at_hash"
	IDTokenCHash     Cause = "id_token_c_hash"
	AuthTimeMissing  Cause = "auth_time_missing"
	AuthTimeOld      Cause = "auth_time_old"
	AuthTimeFuture   Cause = "auth_time_future"
	SubjectMissing   Cause = "subject_missing"
	UserInfoSubject  Cause = "userinfo_subject"
	UserInfoToken    Cause = "userinfo_token"         // a signed UserInfo answer that does not verify
	UserInfoPlain    Cause = "userinfo_not_protected" // not signed or not encrypted as the record says
	UserInfoKey      Cause = "userinfo_decryption"
	LevelUnasked     Cause = "acr_not_asked" // not among the essential ones
	LevelBelow       Cause = "level_below"   // LOA-05
	PersonNumber     Cause = "person_number"
	PersonDiffers    Cause = "person_number_differs"
)

// What the Registry itself says.
const (
	UnknownProvider Cause = "unknown_provider"
	NotInService    Cause = "not_in_service"
	CeilingBelow    Cause = "ceiling_below"
	Busy            Cause = "busy" // too many calls to this provider are under way
	NotLoaded       Cause = "not_loaded"
	NoConnector     Cause = "no_connector"
)

var causes = []Cause{
	StateMismatch, AnswerMalformed, AnswerForeign, IssuerMissing, IssuerMismatch, IssuerUnasked, TooLate, PersonDenied,
	RequestRejected, ProviderFailed, LevelRejected,
	TimedOut, Canceled, Unreachable, Redirected, BodyTooBig, StatusUnexpected, ResponseMalformed, ResponseMedia, AddressRefused,
	EndpointMissing, EndpointUnsafe, DiscoveryIssuer, KeysUnavailable, KeysUnfit, SecretUnusable, CodeRejected, ClientRejected,
	TokenMissing, TokenType, TokenExpired, TokenInactive,
	IDTokenMalformed, IDTokenAlg, IDTokenSignature, IDTokenPlain, IDTokenEncrypted, IDTokenKey, IDTokenType, IDTokenClaim,
	IDTokenIssuer, IDTokenAudience, IDTokenParty, IDTokenStranger, IDTokenExpiry, IDTokenExpired, IDTokenEarly, IDTokenIssued,
	IDTokenNonce, IDTokenAtHash, IDTokenCHash, AuthTimeMissing, AuthTimeOld, AuthTimeFuture, SubjectMissing,
	UserInfoSubject, UserInfoToken, UserInfoPlain, UserInfoKey, LevelUnasked, LevelBelow, PersonNumber, PersonDiffers,
	UnknownProvider, NotInService, CeilingBelow, Busy, NotLoaded, NoConnector,
}

// broken are the causes that show a provider out of order by itself: no browser can bring them about at a sound one.
var broken = []Cause{
	Redirected, BodyTooBig, ResponseMalformed, ResponseMedia, AddressRefused, EndpointMissing, EndpointUnsafe, DiscoveryIssuer,
	KeysUnfit, ClientRejected, TokenMissing, TokenType, TokenExpired, IDTokenMalformed, IDTokenAlg, IDTokenSignature, IDTokenPlain,
	IDTokenEncrypted, IDTokenKey, IDTokenIssuer, IDTokenAudience, UserInfoToken, UserInfoPlain, UserInfoKey, UserInfoSubject,
}

// Causes gives the closed list.
func Causes() []Cause {
	return slices.Concat(causes, ndidCauses, samlCauses, tokenCauses, logoutCauses)
}

// Error makes a Cause the innermost error of a chain.
func (c Cause) Error() string { return string(c) }

// Reason gives the machine word, for a caller that knows no federation: errors.As into an interface with this method.
func (c Cause) Reason() string { return string(c) }

// Reason gives the fine machine reason of an error from this room or a connector: a Cause, or the word of a closed list that the
// connector's own protocol has (samlmsg.Cause), else the hub.Kind; "" for nil.
func Reason(err error) string {
	var fine interface{ Reason() string }
	if errors.As(err, &fine) {
		return fine.Reason()
	}
	return string(hub.KindOf(err))
}
