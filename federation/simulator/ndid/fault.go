package ndid

import "onedoor/federation/simulator"

// Fault is something that goes wrong on purpose.
type Fault string

// The faults.
const (
	Syncing           Fault = "syncing"
	NoCredit          Fault = "no-credit"
	NotListed         Fault = "not-whitelisted"
	ReplyLost         Fault = "reply-lost"
	RequestLost       Fault = "request-lost"
	Slow              Fault = "slow"
	HugeReply         Fault = "huge-reply"
	GarbledReply      Fault = "garbled-reply"
	RedirectedReply   Fault = "redirected-reply"
	NoBanks           Fault = "no-banks"
	EvilNames         Fault = "evil-names"
	CallbackFirst     Fault = "callback-before-reply"
	CallbackTwice     Fault = "callback-twice"
	CallbackDisorder  Fault = "callbacks-out-of-order"
	CallbackLost      Fault = "callbacks-lost"
	CallbackForged    Fault = "callback-forged"
	CallbackForgedNo  Fault = "callback-forged-failure"
	LowIAL            Fault = "lower-ial"
	LowAAL            Fault = "lower-aal"
	UnknownIAL        Fault = "unknown-ial"
	NoLevels          Fault = "no-levels"
	OtherBank         Fault = "answer-of-another-bank"
	OtherMessage      Fault = "another-message-hash"
	OtherRequest      Fault = "another-request"
	OtherMode         Fault = "another-mode"
	LoweredMinimum    Fault = "lowered-minimum"
	SignatureInvalid  Fault = "signature-invalid"
	SignatureUnknown  Fault = "signature-not-checked"
	IALDiffers        Fault = "ial-not-declared"
	TwoAnswers        Fault = "accept-and-reject"
	TwoAccepts        Fault = "two-accepts"
	StatusContradicts Fault = "status-contradicts"
	LateAnswer        Fault = "late-answer-counts"
	ErrorAndAccept    Fault = "error-in-completed"
)

var texts = []struct {
	fault Fault
	text  string
}{
	{Syncing, "The node is not in step with the platform (503, 10007)"},
	{NoCredit, "No prepaid credit is left (25007)"},
	{NotListed, "The hub is not on the banks' white list (20079)"},
	{ReplyLost, "A request is made, but the reply gets lost"},
	{RequestLost, "A request never gets on the chain, and no callback says so"},
	{Slow, "The node is slow"},
	{HugeReply, "Replies of 8 MB"},
	{GarbledReply, "Replies that are no JSON"},
	{RedirectedReply, "The node redirects"},
	{NoBanks, "No bank is active"},
	{EvilNames, "Banks with strange names"},
	{CallbackFirst, "Callbacks before the reply (202)"},
	{CallbackTwice, "Every callback twice"},
	{CallbackDisorder, "Callbacks out of order"},
	{CallbackLost, "No callbacks"},
	{CallbackForged, "A forged callback says: accepted"},
	{CallbackForgedNo, "A forged callback says: the request was not made"},
	{LowIAL, "The answer has a lower identity level than was asked"},
	{LowAAL, "The answer has a lower authenticator level than was asked"},
	{UnknownIAL, "The answer has an identity level that nobody agreed on"},
	{NoLevels, "The answer has no levels"},
	{OtherBank, "The answer is another bank's"},
	{OtherMessage, "The person was shown another message"},
	{OtherRequest, "The platform tells of another request"},
	{OtherMode, "The request has another mode"},
	{LoweredMinimum, "The request has a lower least level than was asked"},
	{SignatureInvalid, "Mode 2: the signature is not valid"},
	{SignatureUnknown, "Mode 2: the signature was not checked"},
	{IALDiffers, "Mode 2: the level is not the declared one"},
	{TwoAnswers, "One bank accepts, another rejects"},
	{TwoAccepts, "Two banks accept where one was asked"},
	{StatusContradicts, "The status says completed, the answer says reject"},
	{LateAnswer, "An answer after the time-out is taken"},
	{ErrorAndAccept, "The status says completed, the answer is an error"},
}

// Faults gives all faults.
func Faults() []Fault {
	out := make([]Fault, len(texts))
	for i, t := range texts {
		out[i] = t.fault
	}
	return out
}

func (n *Node) switches() []simulator.Switch {
	out := make([]simulator.Switch, len(texts))
	for i, x := range texts {
		out[i] = simulator.Switch{Name: string(x.fault), Text: x.text, On: n.faults.On(x.fault)}
	}
	return out
}
