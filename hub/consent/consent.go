// Package consent owns the person's decisions about which attribute goes to which system for which purpose
// (CON-01..07, PRV-06, PRV-07, PRV-11, PRV-18): the pure rule that says what may be released and what must be asked,
// and the append-only record of what was decided.
package consent

import (
	"context"
	"time"

	"onedoor/hub"
)

// Basis is the legal ground on which an attribute is released (PRV-18).
type Basis string

// ByConsent asks the person; the others are the grounds listed in PRV-18 and release without asking, but always
// say so on the page.
const (
	ByConsent          Basis = "consent"
	ByLegalDuty        Basis = "legal_duty"
	ByPublicTask       Basis = "public_task"
	ByContract         Basis = "contract"
	ByVitalInterest    Basis = "vital_interest"
	ByLegitimate       Basis = "legitimate_interest"
	ByArchiveStatistic Basis = "archive_statistics"
)

// Rule is what a system's register says of one attribute for one purpose. The same attribute for two purposes is two rules (CON-07).
type Rule struct {
	Attribute hub.AttributeName
	Purpose   string   // short name, unique together with the attribute, for instance "tax-return"
	Text      hub.Text // the purpose in the person's language
	Required  bool     // the service can't work without; refusing ends the login at that system only
	Basis     Basis
	Effect    hub.Text // consequence of refusing (CON-05)
}

// Decision is what the person said, or was told.
type Decision string

// The decisions.
const (
	Given     Decision = "given"
	Declined  Decision = "declined"
	Withdrawn Decision = "withdrawn"
	Told      Decision = "told" // of a rule on another basis than consent: the person was told, not asked
)

// Record is one decision at one time. Records are added, never changed (CON-04).
type Record struct {
	ID          string
	Account     hub.AccountID
	System      hub.SystemID
	Attribute   hub.AttributeName // empty for the decision of LOA-06 and that of offline access
	Purpose     string
	Decision    Decision
	Version     string // fingerprint of the rule as it was shown: text, requirement, basis
	Language    string
	At          time.Time
	Interaction hub.InteractionID
	Seq         int64 // the order in which records were kept; the store gives it
}

// Last gives the place of the latest of the records, 0 for none.
func Last(records []Record) int64 {
	var last int64
	for _, r := range records {
		last = max(last, r.Seq)
	}
	return last
}

// HigherIdentity is the purpose name of the decision that an identity of a higher level may serve a lower service (LOA-06).
const HigherIdentity = "higher-identity"

// OfflineAccess is the purpose name of the decision that a system may get new access tokens for as long as the sign-in lasts without
// the person coming by (OpenID Connect Core section 11).
const OfflineAccess = "offline-access"

// Store keeps decisions.
type Store interface {
	// Add appends records.
	Add(ctx context.Context, records ...Record) error
	// Current gives the latest record per attribute and purpose for this account and system.
	Current(ctx context.Context, account hub.AccountID, system hub.SystemID) ([]Record, error)
	// Unchanged is Conflict where a later record than the last one seen (0 for none) has been kept for this account and system. In a
	// transaction that defers its changes it is the transaction that says so.
	Unchanged(ctx context.Context, account hub.AccountID, system hub.SystemID, last int64) error
	// History gives all records of an account, newest first, at most limit.
	History(ctx context.Context, account hub.AccountID, limit int) ([]Record, error)
}
