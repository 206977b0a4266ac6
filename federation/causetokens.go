package federation

// What can be wrong with a foreign access token, with what its issuer says of it, or with the way there (SSO-03).
const (
	RouteUnentitled Cause = "route_not_entitled" // the system may not ask about tokens of this issuer
	RouteLoop       Cause = "route_loop"         // the question has been here before
	RouteBack       Cause = "route_back"         // it would go to a hub that it came from
	RouteTooFar     Cause = "route_too_far"      // too many hubs on the way
	RouteOpaque     Cause = "route_opaque"       // the issuer has no endpoint for tokens that are not JWTs
	RoutePaused     Cause = "route_paused"       // the issuer has failed too often just now
	RouteNoTime     Cause = "route_no_time"      // the other tokens of the batch took all of it
	RouteHint       Cause = "route_hint"         // the hint names another issuer than the token does

	AccessAlg       Cause = "access_token_alg"
	AccessType      Cause = "access_token_typ"
	AccessSignature Cause = "access_token_signature"
	AccessMalformed Cause = "access_token_malformed"
	AccessIssuer    Cause = "access_token_issuer"
	AccessAudience  Cause = "access_token_audience"
	AccessExpired   Cause = "access_token_expired"
	AccessExpiry    Cause = "access_token_exp" // none, or too far away
	AccessEarly     Cause = "access_token_not_yet_valid"
	AccessSubject   Cause = "access_token_subject" // none, or the answer names another one
	AccessDiffers   Cause = "access_token_differs" // the answer is about another token
	AccessMachine   Cause = "access_token_machine" // no person has logged in
	AccessDelegated Cause = "access_token_act"     // somebody acts for the person: not believed from outside
	AccessBinding   Cause = "access_token_cnf"     // bound to a key in a way that we can't pass on

	AnswerUnsigned  Cause = "answer_not_signed"
	AnswerSignature Cause = "answer_signature"
	AnswerAlg       Cause = "answer_alg"
	AnswerType      Cause = "answer_typ"
	AnswerIssuer    Cause = "answer_issuer"
	AnswerAudience  Cause = "answer_audience"
	AnswerTime      Cause = "answer_iat"
)

var tokenCauses = []Cause{
	RouteUnentitled, RouteLoop, RouteBack, RouteTooFar, RouteOpaque, RoutePaused, RouteNoTime, RouteHint,
	AccessAlg, AccessType, AccessSignature, AccessMalformed, AccessIssuer, AccessAudience, AccessExpired, AccessExpiry, AccessEarly,
	AccessSubject, AccessDiffers, AccessMachine, AccessDelegated, AccessBinding,
	AnswerUnsigned, AnswerSignature, AnswerAlg, AnswerType, AnswerIssuer, AnswerAudience, AnswerTime,
}
