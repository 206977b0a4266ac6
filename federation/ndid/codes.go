package ndid

import (
	"context"
	"log/slog"
	"slices"

	"onedoor/federation"
	"onedoor/hub"
)

// Signal is something that an operator must see, from a closed list: a word for metrics and logs.
type Signal string

// The signals. Those at the top need somebody at once.
const (
	SignalCredit      Signal = "no_credit"         // nobody can sign in until requests are bought
	SignalNode        Signal = "node_not_ready"    // our node is not in step with the platform
	SignalUnreachable Signal = "node_unreachable"  // it does not answer
	SignalKey         Signal = "api_key_rejected"  //
	SignalRole        Signal = "node_role"         //
	SignalSettings    Signal = "settings_rejected" // of the trust record
	SignalSuspicious  Signal = "answer_suspicious" // what the platform keeps is not what was asked or may be trusted
	SignalBug         Signal = "request_malformed" // ours
	SignalPlatform    Signal = "platform_fault"
	SignalIDP         Signal = "idp_failed"
	SignalPushing     Signal = "number_asked_often"  // somebody may be pestering a person with requests
	SignalCallback    Signal = "callback_unknown"    // a callback at an address that we did not give out
	SignalTold        Signal = "creation_failed"     // a callback said that a request did not come about
	SignalCleaning    Signal = "clean_up_incomplete" // a request could not be closed, or its data not removed
)

// Signals gives the closed list.
func Signals() []Signal {
	return []Signal{
		SignalCredit, SignalNode, SignalUnreachable, SignalKey, SignalRole, SignalSettings, SignalSuspicious, SignalBug, SignalPlatform,
		SignalIDP, SignalPushing, SignalCallback, SignalTold, SignalCleaning,
	}
}

// reaction is what an error means: to the person (kind), to the record (cause), to the operator (signal; "" for nothing to do).
type reaction struct {
	kind   hub.Kind
	cause  federation.Cause
	signal Signal
}

// Common reactions.
var (
	notReady    = reaction{hub.Unavailable, federation.NodeNotReady, SignalNode}
	bug         = reaction{hub.Internal, federation.RequestRejected, SignalBug}
	settings    = reaction{hub.Internal, federation.SettingRejected, SignalSettings}
	noIDP       = reaction{hub.Unavailable, federation.IDPUnavailable, ""}
	over        = reaction{hub.Expired, federation.RequestOver, ""}
	lost        = reaction{hub.Unavailable, federation.RequestLost, ""}
	levelError  = reaction{hub.LevelUnmet, federation.LevelRejected, ""}
	unknownHere = reaction{hub.Refused, federation.NotOnboarded, ""}
)

// The codes that the flow itself needs.
const (
	codeReferenceUsed = 20045
	codePersonRefused = 10016
)

// reactions is what each error code of the platform means (node API 8.x). Codes that only other roles can get are in it too: a
// misconfigured node passes anything on.
var reactions = map[int]reaction{
	10007: notReady, 10008: notReady, 10029: notReady,
	codePersonRefused: {hub.Denied, federation.PersonDenied, ""},
	10041:             {hub.Unavailable, federation.IDPUnavailable, SignalIDP}, // the message queue gave up on that identity provider

	20001: bug, 20002: bug, 20003: bug, 20007: bug, 20059: bug,
	20004: noIDP, 20005: noIDP, 20006: noIDP, 20016: noIDP, 20058: noIDP,
	20012: lost, 25001: lost,
	20013: settings, 25014: settings, 25067: settings,
	20017: settings, 20018: settings, 20022: settings, 20024: settings, 20043: settings, // we ask no data of anybody
	20020: unknownHere, 20071: unknownHere,
	20021: levelError,
	20025: over, 20026: {hub.Expired, federation.NotAnswered, ""}, 25002: over, 25003: {hub.Expired, federation.NotAnswered, ""}, 25004: over,
	20036: settings, 20088: settings, // the message is too long
	codeReferenceUsed: {hub.Internal, federation.RequestRejected, SignalBug},
	20055:             levelError, 20056: levelError, 20060: levelError, 25009: levelError, 25010: levelError,
	20057: settings, // node_id is missing: the node is a proxy
	20066: settings, 20091: settings, 20094: settings, 20095: settings,
	20096: {hub.Refused, federation.PersonNumber, ""},
	20070: bug, 20087: bug,
	20079: {hub.Unavailable, federation.NotListed, SignalSettings}, 25074: {hub.Unavailable, federation.NotListed, SignalSettings},
	20081: over, 20082: over,
	20092: {hub.Unavailable, federation.KeyRejected, SignalKey},
	25007: {hub.Unavailable, federation.NoCredit, SignalCredit},
	25008: {hub.Refused, federation.DuplicateAnswer, ""},
	25039: settings, // the request is another node's
	25050: noIDP, 25051: noIDP, 25052: noIDP,
	25075: {hub.Unavailable, federation.IDPUnavailable, SignalIDP}, 25076: {hub.Unavailable, federation.IDPUnavailable, SignalIDP},
	31000: {hub.Refused, federation.IDPFailed, SignalIDP},
	35001: {hub.Unavailable, federation.NodeRole, SignalRole},
}

// reactionTo gives what a code means; for one that is not listed, what its family means, and without a code the HTTP status.
func reactionTo(code, status int) reaction {
	if r, ok := reactions[code]; ok {
		return r
	}
	switch {
	case code >= 10000 && code < 20000: // of the server, of its chain
		return reaction{hub.Unavailable, federation.NodeFault, SignalPlatform}
	case code >= 20000 && code < 25000: // of the client
		return bug
	case code >= 25000 && code < 30000: // of the client, found on the chain
		return reaction{hub.Refused, federation.RequestRejected, SignalPlatform}
	case code >= 35000 && code < 40000:
		return reaction{hub.Unavailable, federation.NodeRole, SignalRole}
	case status == 503:
		return notReady
	case status >= 500 || status == 429:
		return reaction{hub.Unavailable, federation.NodeFault, SignalPlatform}
	default:
		return reaction{hub.Refused, federation.StatusUnexpected, SignalPlatform}
	}
}

// reactionToIDP gives what an error code of an identity provider means. Those codes are the platform's own, and not public: the
// trust record says which of them are a person's no.
func reactionToIDP(n federation.NDID, code int) reaction {
	if code == codePersonRefused || slices.Contains(n.PersonDenied, code) {
		return reaction{hub.Denied, federation.PersonDenied, ""}
	}
	return reaction{hub.Refused, federation.IDPFailed, SignalIDP}
}

// aboutIDP reports whether a code means: pick another identity provider.
func aboutIDP(code int) bool {
	return slices.Contains([]int{20004, 20005, 20006, 20016, 20058, 25050, 25051, 25052, 25075}, code)
}

// signal tells the operator, and gives the error for everybody else. The code is 0 where the platform gave none.
func (c *Connector) signal(ctx context.Context, p federation.Provider, op string, r reaction, code int) error {
	if r.signal != "" {
		c.alert(ctx, p.ID, r.signal, slog.String("cause", string(r.cause)), slog.Int("code", code))
	}
	return hub.E(op, r.kind, r.cause)
}

func (c *Connector) alert(ctx context.Context, id hub.ProviderID, s Signal, more ...slog.Attr) {
	c.observe(id, s)
	c.log.LogAttrs(ctx, slog.LevelWarn, "ndid", append([]slog.Attr{
		slog.String("signal", string(s)), slog.String("provider", string(id)), slog.String("interaction", string(hub.InteractionFrom(ctx))),
	}, more...)...)
}
