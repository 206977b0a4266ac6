package federation

// What can be wrong at the National Digital ID platform, besides what can be wrong at any provider.
const (
	NodeNotReady      Cause = "node_not_ready" // syncing, not connected, without keys
	NodeFault         Cause = "node_fault"
	NodeRole          Cause = "node_role"            // our node is not registered, or not as relying party
	KeyRejected       Cause = "api_key_rejected"     // ours, at the node
	NoCredit          Cause = "no_credit"            // the prepaid requests are used up
	NotListed         Cause = "not_whitelisted"      // identity providers do not take requests of ours
	SettingRejected   Cause = "setting_rejected"     // a setting of the trust record does not fit the platform
	IDPUnavailable    Cause = "idp_unavailable"      // the identity provider that was picked, or all
	IDPFailed         Cause = "idp_failed"           // it answered with an error
	NotOnboarded      Cause = "not_onboarded"        // the number is not known at the platform
	NotAnswered       Cause = "not_answered_in_time" // by the person
	NotDecided        Cause = "not_decided"          // asked for the answer too early
	RequestOver       Cause = "request_over"         // closed or complete by somebody else
	RequestLost       Cause = "request_lost"         // the platform does not know it
	RequestDiffers    Cause = "request_differs"      // what the platform keeps is not what we asked
	MessageDiffers    Cause = "message_differs"      // the person read something else
	AnswersDiffer     Cause = "answers_differ"       // not exactly one answer, or it contradicts the status
	SignatureInvalid  Cause = "signature_invalid"    // mode 2: the platform does not vouch for the signature
	IALDiffers        Cause = "ial_differs"          // mode 2: another level than the identity provider had declared
	DuplicateAnswer   Cause = "duplicate_answer"
	NumberAskedOften  Cause = "number_asked_too_often"
	NoIdentityOffered Cause = "no_idp_offered"
)

var ndidCauses = []Cause{
	NodeNotReady, NodeFault, NodeRole, KeyRejected, NoCredit, NotListed, SettingRejected, IDPUnavailable, IDPFailed, NotOnboarded,
	NotAnswered, NotDecided, RequestOver, RequestLost, RequestDiffers, MessageDiffers, AnswersDiffer, SignatureInvalid, IALDiffers,
	DuplicateAnswer, NumberAskedOften, NoIdentityOffered,
}
