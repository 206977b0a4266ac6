// Package login is the protocol-neutral login (architecture, section 1). Every downstream protocol turns its request into
// a [Request] and gets back a [Result]; every upstream connector turns its answer into a hub.Identity. Between them stands
// one dispatcher ([Service]) that goes step by step: resume a session, choose a provider, wait for its answer, ask for
// consent, finish. Steps return to the dispatcher and never call each other.
//
// It does not own sessions, accounts, consents or providers, and it knows no HTTP: the pages (web/pages) show what it says.
package login

import (
	"context"
	"time"

	"onedoor/hub"
	"onedoor/hub/account"
	"onedoor/hub/audit"
	"onedoor/hub/consent"
	"onedoor/hub/session"
)

// Request is what a system asks for, in no protocol's words.
type Request struct {
	Protocol      string              // who finishes it: "oidc", "saml", ...
	Continue      []byte              // the protocol's own state, given back with the Result; opaque here
	System        hub.SystemID        //
	Want          hub.Level           // least level asked by the request; the system's registered least level is joined to it
	MaxAge        *time.Duration      // greatest age of the authentication; nil for no wish; 0 forces a new one
	Force         bool                // authenticate again (prompt=login, ForceAuthn)
	Passive       bool                // show nothing (prompt=none, IsPassive)
	AskConsent    bool                // ask again even where consent is remembered (prompt=consent)
	SelectAccount bool                // let the person choose who to be (prompt=select_account)
	Attributes    []hub.AttributeName // wanted; each must be in the system's register
	Account       hub.AccountID       // where set, only this account will do (id_token_hint)
	Languages     []string            // preferred, best first (ui_locales)
	ProviderHint  hub.ProviderID      // where set and able, the chooser is skipped
	Offline       bool                // access beyond this visit is wanted (offline_access): the person is asked
	// Party is for whom the person shall act: PartySelf, PartyChoose or the id of an entity; "" for no wish. It is heard where the system
	// serves entities, and opens nothing that the person may not do.
	Party string
	// Items are the service items that must be open to the person. Passive, and one is closed: ItemNeeded.
	Items []Wish
	// Settles says that the protocol calls Result.Settle in the transaction in which it answers.
	Settles bool
}

// Result is how the login ended. Exactly one of Failure and Session.ID is set.
type Result struct {
	Interaction hub.InteractionID
	Request     Request
	Failure     hub.Kind // Unauthenticated: passive and nobody signed in. Denied: the person said no, or refused a required
	// attribute. LevelUnmet: no provider can reach it. ConsentNeeded (see below) where passive. Unavailable, Suspended, ...
	Session  session.Session
	Key      hub.Secret // the vault key, for the credential that is made of this result
	Release  []hub.AttributeName
	SignedIn bool // true where the person authenticated just now; false where a session was resumed
	Offline  bool // the person granted access beyond this visit
	Party    Party
	// Settle belongs into the transaction in which the protocol answers (see Request.Settles), before anything else there. It writes
	// what the login has left to write: that a session was resumed and where, one transaction in place of two for what is the most
	// frequent login. And it sees to it that the person has not taken consent back meanwhile: Conflict, told here or at the end of the
	// transaction. It gives the events that the protocol records together with its own. It may be called again where the
	// transaction is tried again. Nil where there was no success, or the protocol did not ask for it.
	Settle func(ctx context.Context) ([]audit.Event, error)
}

// ConsentNeeded and SelectionNeeded are finer words for a passive request that would have to show a page.
const (
	ConsentNeeded   hub.Kind = "consent_needed"
	SelectionNeeded hub.Kind = "selection_needed"
)

// System is what the login must know of a department's system.
type System struct {
	ID         hub.SystemID
	Department hub.DepartmentID
	Names      hub.Text // of the system
	Owner      hub.Text // name of the department
	Complaint  string   // where to complain to the department (PRV-14): an https, mailto or tel URL; may be empty
	Live       bool     // only a live system gets a login (EXC-07)
	// Own says that it is the hub's own pages: nothing is released to anybody, so nothing is asked (LOA-06), and a logout has nobody to tell.
	Own   bool
	Least hub.Level
	Rules []consent.Rule
	For   Serves
}

// Directory finds systems. NotFound.
type Directory interface {
	System(ctx context.Context, id hub.SystemID) (System, error)
}

// Choice is a provider as the chooser shows it.
type Choice struct {
	ID         hub.ProviderID
	Names      hub.Text
	Ceiling    hub.Level
	Restricted bool // LOA-15: show the notice
	Trouble    bool // did not answer lately (OPS-06)
}

// Ask is what the login wants of an upstream provider.
type Ask struct {
	Transaction hub.TransactionID
	State       string // random, bound to transaction and browser; comes back with the answer
	Want        hub.Level
	Fresh       bool // authenticate again even if signed in there
	MaxAge      *time.Duration
	Languages   []string
	Until       time.Time // when the login is over, whatever happens
	System      hub.Text  // names of the system, for a provider that tells the person whom they sign in to
	Department  hub.Text
}

// Redirect is where the person goes next, at a provider's wish. Exactly one of URL, Prompt and Wait is set: most providers have pages
// of their own (URL); where one has none, the person types something on a page of ours (Prompt) and waits there until they have
// approved elsewhere (Wait). Private comes back with what follows: nonce, code verifier and the like.
type Redirect struct {
	URL     string
	Prompt  *Prompt
	Wait    *Wait
	Private []byte
}

// Answer is what the browser brought back from a provider.
type Answer struct {
	Params  map[string]string // each parameter once; repeated ones were refused at the edge
	Private []byte
}

// Upstreams is the federation, as the login sees it.
type Upstreams interface {
	// Offer lists the providers that can vouch for at least this level now (LOA-01), in order of display.
	Offer(ctx context.Context, want hub.Level) ([]Choice, error)
	// Start prepares the way to a provider. NotFound, Suspended, LevelUnmet, Unavailable.
	Start(ctx context.Context, provider hub.ProviderID, ask Ask) (Redirect, error)
	// Submit hands in what the person typed on the page that was asked for, each field of it once; Answer.Params has them by name.
	// The page again, with what is wrong, or what comes next. Kinds as Start and Finish.
	Submit(ctx context.Context, provider hub.ProviderID, ask Ask, answer Answer) (Redirect, error)
	// Poll tells whether a provider has decided while the person waits. It decides nothing: Finish does, once. Unavailable:
	// nobody knows; ask again later. Every other kind is the end.
	Poll(ctx context.Context, provider hub.ProviderID, ask Ask, private []byte) (bool, error)
	// Abandon tells a provider that the person does not wait any more. Unavailable where it could not be told.
	Abandon(ctx context.Context, provider hub.ProviderID, ask Ask, private []byte) error
	// Finish checks the answer. Denied: the person said no there. Refused: the answer can't be trusted.
	// LevelUnmet: below what was asked (LOA-05). Unavailable: the provider did not answer. Expired.
	Finish(ctx context.Context, provider hub.ProviderID, ask Ask, answer Answer) (hub.Identity, error)
}

// Browser is what the edge knows of the person's browser.
type Browser struct {
	Session   hub.Secret // from the session cookie; zero where there is none
	Binding   hub.Secret // from the login cookie; the edge makes one where there is none
	Channel   string     // "web"
	Device    string     // coarse kind, see session.Session
	Network   string     // network prefix (/24 or /48)
	Languages []string   // from Accept-Language
}

// Step is where a transaction stands.
type Step string

// The steps.
const (
	StepChoose    Step = "choose"    // the person chooses a provider
	StepUpstream  Step = "upstream"  // the browser is at the provider
	StepInput     Step = "input"     // the person types what a provider without pages of its own needs
	StepWait      Step = "wait"      // the person approves elsewhere; the page asks again by itself
	StepFinishing Step = "finishing" // the answer is being checked; a reload shows the waiting page
	StepParty     Step = "party"     // the person says for whom they act
	StepItems     Step = "items"     // the person opens what the system asks for, or hears what is missing
	StepConsent   Step = "consent"
	StepDone      Step = "done"
)

// Transaction is a login under way, bound to one browser by the hash of its binding secret.
type Transaction struct {
	ID          hub.TransactionID
	BrowserHash [32]byte
	Interaction hub.InteractionID
	Request     Request
	Step        Step
	Provider    hub.ProviderID
	State       string // expected back from the provider
	// Private is at StepUpstream, StepInput and StepWait what the connector gave, sealed under the browser's binding secret, and
	// at StepItems and StepConsent a digest of the page shown.
	Private  []byte
	Session  hub.SessionID
	SignedIn bool
	Attempts int // failed answers so far (AUD-08)
	// Same is the person whose live session this login raises: nobody else's answer will do. Empty where it raises none, or where
	// the person has said that they are somebody else (Service.Anew).
	Same hub.AccountID
	Anew bool // they have said so
	// Party is for whom they act, once that is settled: PartySelf or an entity's id. Empty before, and where the system serves persons.
	Party     string
	CreatedAt time.Time
	ExpiresAt time.Time
}

// Visit is the browser's live session, whose account it is, and what that has decided at a system: the latest record per choice.
type Visit struct {
	Session  session.Session
	Account  account.Account
	Consents []consent.Record
}

// Store keeps transactions.
type Store interface {
	// Create adds one.
	Create(ctx context.Context, t Transaction) error
	// Get finds an unexpired one. NotFound, Expired.
	Get(ctx context.Context, id hub.TransactionID, now time.Time) (Transaction, error)
	// Advance replaces the mutable fields if the step is still from. Conflict otherwise: another request was faster.
	Advance(ctx context.Context, t Transaction, from Step) error
	// Visit finds at once what a login needs of the browser's session. NotFound where no live session has the secret.
	Visit(ctx context.Context, secretHash [32]byte, system hub.SystemID) (Visit, error)
	// Purge removes those expired before the time, at most limit, and tells how many.
	Purge(ctx context.Context, before time.Time, limit int) (int, error)
}

// Next is what the edge must do now. Exactly one of Show, Redirect and Done is set.
type Next struct {
	Transaction hub.TransactionID // of the login under way
	Show        *View
	Redirect    string
	Done        *Result
	Session     *hub.Secret // where set, the session cookie's new value
	SignedOut   bool        // the browser's session has ended in this call: the cookie goes, and who waits for it must be told (D2)
	SessionAAL  hub.AAL     // with Session: decides the cookie's life
}

// View is what a page of the login shows.
type View struct {
	Step        Step
	Interaction hub.InteractionID
	System      System
	Want        hub.Level
	Choices     []Choice // StepChoose
	StepUp      StepUp   // StepChoose: why somebody who is signed in must sign in again; "" for everybody else
	Problem     hub.Kind // StepChoose: why the person is back; "" at first. StepParty: Denied where what they chose is none. StepWait: Unavailable while the provider does not answer
	ProblemAt   hub.ProviderID
	Reason      string       // with Problem Suspended, where it is the account: "suspended" or "terminated" (LIF-03)
	Why         string       // then: the reason of that, a word of hub/account
	Party       *PartyView   // StepParty
	Items       *ItemsView   // StepItems; nil where the next call knows more
	Consent     *ConsentView // StepConsent
	Provider    *Choice      // StepInput, StepWait, StepFinishing
	Prompt      *Prompt      // StepInput
	Wait        *Wait        // StepWait
	Languages   []string     // what the request prefers
}

// StepUp tells why somebody who is signed in must sign in again. It must be the same person.
type StepUp string

// The reasons.
const (
	StepUpLevel StepUp = "level" // the session never reached what is wanted, or not at a provider that may vouch for it now
	StepUpFresh StepUp = "fresh" // it did, but too long ago
	StepUpEnded StepUp = "ended" // the session that was to be raised is not there any more
)

// ConsentView is what the consent page asks.
type ConsentView struct {
	Rules  []consent.Rule // to be decided; those of another basis than consent are told, not asked
	Higher bool           // LOA-06: an identity of a higher level is about to serve a lower service
	// Offline asks whether the system may have access beyond this visit.
	Offline bool
	Have    hub.Level
}

// ConsentAnswer is what came back from it. Given holds consent.Rule.Key ("attribute/purpose") of each accepted choice, and
// consent.HigherKey and consent.OfflineKey where those were asked and accepted.
type ConsentAnswer struct {
	Accept   bool // false: the person said no to the whole
	Given    []string
	Language string
}
