package samlmsg

import (
	"errors"
	"maps"
	"slices"

	"onedoor/hub"
)

// Cause is the fine reason of a refusal, from a closed list: a machine word for the audit record, never foreign text. It is the
// innermost error of every failure of this package.
type Cause string

// What can be wrong with the XML, before any of it is believed.
const (
	XMLTooBig             Cause = "xml_too_big"
	XMLTooDeep            Cause = "xml_too_deep"
	XMLTooManyNodes       Cause = "xml_too_many_nodes"
	XMLMalformed          Cause = "xml_malformed"
	XMLDoctype            Cause = "xml_doctype" // a DTD, and so any entity of its own
	XMLInstruction        Cause = "xml_processing_instruction"
	XMLComment            Cause = "xml_comment"
	XMLRoundTrip          Cause = "xml_roundtrip" // would not survive being written and read again
	XMLNamespace          Cause = "xml_namespace"
	XMLDuplicateAttribute Cause = "xml_duplicate_attribute"
	XMLDuplicateID        Cause = "xml_duplicate_id"
)

// What can be wrong with the binding.
const (
	BindingMethod     Cause = "binding_method"
	BindingRepeated   Cause = "binding_parameter_repeated"
	BindingMissing    Cause = "binding_parameter_missing"
	BindingAmbiguous  Cause = "binding_ambiguous" // a request and a response at once
	BindingEncoding   Cause = "binding_encoding"
	BindingTooBig     Cause = "binding_too_big" // before or after inflating
	BindingRelayState Cause = "binding_relay_state"
	BindingSOAPFault  Cause = "binding_soap" // not one SOAP 1.1 envelope with one message
	BindingUnsafe     Cause = "binding_location_unsafe"
)

// What can be wrong with the message as such.
const (
	MessageUnknown    Cause = "message_unknown"
	MessageUnexpected Cause = "message_unexpected" // another kind than this endpoint takes
	MessageMalformed  Cause = "message_malformed"
	MessageVersion    Cause = "message_version"
	MessageIncomplete Cause = "message_incomplete" // ours: can't be written
)

// What can be wrong with a signature.
const (
	SignatureMissing   Cause = "signature_missing"
	SignatureMultiple  Cause = "signature_multiple"
	SignatureMisplaced Cause = "signature_misplaced"
	SignatureMalformed Cause = "signature_malformed"
	SignatureAlgorithm Cause = "signature_algorithm"
	SignatureDigest    Cause = "signature_digest_algorithm"
	SignatureC14N      Cause = "signature_canonicalization"
	SignatureTransform Cause = "signature_transform"
	SignatureReference Cause = "signature_reference_count"
	SignatureTarget    Cause = "signature_reference_target"
	SignatureKey       Cause = "signature_key" // no trusted key fits the algorithm
	SignatureMismatch  Cause = "signature_mismatch"
	DigestMismatch     Cause = "signature_digest_mismatch"
	KeyUnusable        Cause = "key_unusable"
	SigningFailed      Cause = "signing_failed" // ours: the key did not answer
)

// What can be wrong with encryption.
const (
	EncryptionUnexpected Cause = "encryption_unexpected" // nothing to decrypt it with
	EncryptionMissing    Cause = "encryption_missing"
	EncryptionAlgorithm  Cause = "encryption_algorithm"
	EncryptionMalformed  Cause = "encryption_malformed"
	DecryptionFailed     Cause = "decryption_failed" // deliberately one reason for everything
)

// What can be wrong with what a message says.
const (
	DestinationMismatch   Cause = "destination_mismatch"
	DestinationMissing    Cause = "destination_missing"
	IssuerMismatch        Cause = "issuer_mismatch"
	IssuedTooLongAgo      Cause = "issued_too_long_ago"
	IssuedInFuture        Cause = "issued_in_future"
	InResponseToMismatch  Cause = "in_response_to_mismatch"
	Unsolicited           Cause = "unsolicited"
	StatusNotSuccess      Cause = "status_not_success"
	AssertionCount        Cause = "assertion_count"
	AssertionMisplaced    Cause = "assertion_misplaced" // anywhere but right below the response
	ConditionsMissing     Cause = "conditions_missing"
	ConditionUnknown      Cause = "condition_unknown"
	NotYetValid           Cause = "not_yet_valid"
	Expired               Cause = "expired"
	AudienceMissing       Cause = "audience_missing"
	AudienceMismatch      Cause = "audience_mismatch"
	SubjectMissing        Cause = "subject_missing"
	NameForeign           Cause = "name_foreign" // made by or for somebody else
	ConfirmationMissing   Cause = "confirmation_missing"
	ConfirmationNotBefore Cause = "confirmation_not_before"
	ConfirmationExpired   Cause = "confirmation_expired"
	ConfirmationTooLong   Cause = "confirmation_too_long"
	RecipientMismatch     Cause = "recipient_mismatch"
	AuthnMissing          Cause = "authn_statement_missing"
	AuthnMultiple         Cause = "authn_statement_multiple" // nobody could say which counts
	AuthnInFuture         Cause = "authn_in_future"
	AuthnTooOld           Cause = "authn_too_old"
	SessionExpired        Cause = "session_expired"
	ACSUnknown            Cause = "acs_unknown"
	ACSAmbiguous          Cause = "acs_ambiguous"
	BindingUnsupported    Cause = "protocol_binding_unsupported"
	AttributeIndexUnknown Cause = "attribute_index_unknown"
	ContextUnmet          Cause = "authn_context_unmet"
	ContextUnknown        Cause = "authn_context_unknown"
)

// What can be wrong with metadata.
const (
	MetadataMalformed Cause = "metadata_malformed"
	MetadataExpired   Cause = "metadata_expired"
	MetadataEndless   Cause = "metadata_without_valid_until"
	MetadataTooLong   Cause = "metadata_valid_too_long"
	MetadataDuplicate Cause = "metadata_entity_twice"
	EndpointUnsafe    Cause = "endpoint_unsafe"
)

var causeKinds = map[Cause]hub.Kind{
	XMLTooBig: hub.TooMany, XMLTooDeep: hub.TooMany, XMLTooManyNodes: hub.TooMany, XMLMalformed: hub.Invalid,
	XMLDoctype: hub.Invalid, XMLInstruction: hub.Invalid, XMLComment: hub.Invalid, XMLRoundTrip: hub.Invalid,
	XMLNamespace: hub.Invalid, XMLDuplicateAttribute: hub.Invalid, XMLDuplicateID: hub.Invalid,
	BindingMethod: hub.Invalid, BindingRepeated: hub.Invalid, BindingMissing: hub.Invalid, BindingAmbiguous: hub.Invalid,
	BindingEncoding: hub.Invalid, BindingTooBig: hub.TooMany, BindingRelayState: hub.Invalid, BindingSOAPFault: hub.Invalid,
	BindingUnsafe:  hub.Invalid,
	MessageUnknown: hub.Invalid, MessageUnexpected: hub.Invalid, MessageMalformed: hub.Invalid, MessageVersion: hub.Invalid,
	MessageIncomplete: hub.Internal,
	SignatureMissing:  hub.Refused, SignatureMultiple: hub.Refused, SignatureMisplaced: hub.Refused,
	SignatureMalformed: hub.Refused, SignatureAlgorithm: hub.Refused, SignatureDigest: hub.Refused,
	SignatureC14N: hub.Refused, SignatureTransform: hub.Refused, SignatureReference: hub.Refused, SignatureTarget: hub.Refused,
	SignatureKey: hub.Refused, SignatureMismatch: hub.Refused, DigestMismatch: hub.Refused, KeyUnusable: hub.Refused,
	SigningFailed:        hub.Unavailable,
	EncryptionUnexpected: hub.Refused, EncryptionMissing: hub.Refused, EncryptionAlgorithm: hub.Refused,
	EncryptionMalformed: hub.Refused, DecryptionFailed: hub.Refused,
	DestinationMismatch: hub.Refused, DestinationMissing: hub.Refused, IssuerMismatch: hub.Refused,
	IssuedTooLongAgo: hub.Expired, IssuedInFuture: hub.Refused, InResponseToMismatch: hub.Refused, Unsolicited: hub.Refused,
	StatusNotSuccess: hub.Refused, AssertionCount: hub.Refused, AssertionMisplaced: hub.Refused, ConditionsMissing: hub.Refused, ConditionUnknown: hub.Refused,
	NotYetValid: hub.Refused, Expired: hub.Expired, AudienceMissing: hub.Refused, AudienceMismatch: hub.Refused,
	SubjectMissing: hub.Refused, NameForeign: hub.Refused, ConfirmationMissing: hub.Refused, ConfirmationNotBefore: hub.Refused,
	ConfirmationExpired: hub.Expired, ConfirmationTooLong: hub.Refused, RecipientMismatch: hub.Refused,
	AuthnMissing: hub.Refused, AuthnMultiple: hub.Refused, AuthnInFuture: hub.Refused, AuthnTooOld: hub.Expired, SessionExpired: hub.Expired,
	ACSUnknown: hub.Refused, ACSAmbiguous: hub.Invalid, BindingUnsupported: hub.Refused, AttributeIndexUnknown: hub.Invalid,
	ContextUnmet: hub.LevelUnmet, ContextUnknown: hub.LevelUnmet,
	MetadataMalformed: hub.Invalid, MetadataExpired: hub.Expired, MetadataEndless: hub.Refused, MetadataTooLong: hub.Refused,
	MetadataDuplicate: hub.Refused, EndpointUnsafe: hub.Refused,
}

// Causes gives the closed list, sorted.
func Causes() []Cause { return slices.Sorted(maps.Keys(causeKinds)) }

// Kind gives the coarse meaning.
func (c Cause) Kind() hub.Kind { return causeKinds[c] }

// Error makes a Cause the innermost error of a chain.
func (c Cause) Error() string { return string(c) }

// Reason gives the machine word, for a caller that knows no SAML: errors.As into an interface with this method.
func (c Cause) Reason() string { return string(c) }

// Reason gives the fine machine reason of an error of this package: a Cause where there is one, else the hub.Kind; "" for nil.
func Reason(err error) string {
	var c Cause
	if errors.As(err, &c) {
		return string(c)
	}
	return string(hub.KindOf(err))
}

// refuse builds the error of a cause.
func refuse(op string, c Cause) error { return hub.E("samlmsg."+op, c.Kind(), c) }

// at gives the error of a helper that returned a bare Cause the name of the operation; nil stays nil and a finished hub.Error
// stays as it is.
func at(op string, err error) error {
	if err == nil {
		return nil
	}
	if c, ok := err.(Cause); ok { //nolint:errorlint // only a bare cause is meant; a wrapped one has its operation
		return refuse(op, c)
	}
	return err
}
