package ndid

import (
	"encoding/json"
	"slices"

	"onedoor/federation"
	"onedoor/hub"
)

// detail is a request as the platform tells of it (GET /utility/requests/{request_id}).
type detail struct {
	Request   string      `json:"request_id"`
	Mode      int         `json:"mode"`
	MinIDP    int         `json:"min_idp"`
	IAL       json.Number `json:"min_ial"`
	AAL       json.Number `json:"min_aal"`
	IDPs      []string    `json:"idp_id_list"`
	Hash      string      `json:"request_message_hash"`
	Responses []response  `json:"response_list"`
	Closed    bool        `json:"closed"`
	TimedOut  bool        `json:"timed_out"`
	Status    string      `json:"status"`
}

// response is one identity provider's answer: a decision, or an error code.
type response struct {
	IDP            string      `json:"idp_id"`
	IAL            json.Number `json:"ial"`
	AAL            json.Number `json:"aal"`
	Status         string      `json:"status"`
	ValidIAL       *bool       `json:"valid_ial"`
	ValidSignature *bool       `json:"valid_signature"`
	ErrorCode      *int        `json:"error_code"`
}

// The statuses of a request. "closed" and "timed out" are no statuses.
const (
	statusPending     = "pending"
	statusConfirmed   = "confirmed"
	statusRejected    = "rejected"
	statusComplicated = "complicated"
	statusCompleted   = "completed"
	statusErrored     = "errored"
	statusPartial     = "partial_completed"
	answerAccept      = "accept"
	answerReject      = "reject"
)

// open reports whether the person can still answer.
func (d detail) open() bool { return d.Status == statusPending && !d.Closed && !d.TimedOut }

// undecided is the verdict on a request that the person can still answer.
var undecided = reaction{hub.Unavailable, federation.NotDecided, ""}

// judge decides what a request that was read from the node says, against what was asked. It is pure. The response is the one that
// vouches for the person, only where ok; else the reaction tells why nobody is.
//
// Nothing counts but the one answer of the one identity provider that was asked, to the very message that was sent, in time, at the
// levels that were asked, and in mode 2 with a signature and a level that the platform has checked.
func judge(p federation.Provider, q question, d detail) (r response, no reaction, code int, ok bool) {
	refuse := func(cause federation.Cause) (response, reaction, int, bool) {
		return response{}, reaction{hub.Refused, cause, SignalSuspicious}, 0, false
	}
	plain := func(kind hub.Kind, cause federation.Cause) (response, reaction, int, bool) {
		return response{}, reaction{kind, cause, ""}, 0, false
	}
	switch {
	case d.Request != q.Request || d.Mode != q.Mode || d.MinIDP != 1 || !slices.Equal(d.IDPs, []string{q.IDP}) ||
		federation.Decimal(d.IAL) != q.IAL || federation.Decimal(d.AAL) != q.AAL:
		return refuse(federation.RequestDiffers)
	case d.Hash != messageHash(q.Namespace, q.Number, q.Salt, q.Message):
		return refuse(federation.MessageDiffers)
	case d.open():
		return response{}, undecided, 0, false
	case d.TimedOut: // whatever came afterwards
		return plain(hub.Expired, federation.NotAnswered)
	case len(d.Responses) == 0:
		return plain(hub.Expired, federation.RequestOver)
	case len(d.Responses) > 1 || d.Responses[0].IDP != q.IDP:
		return refuse(federation.AnswersDiffer)
	}
	a := d.Responses[0]
	if a.ErrorCode != nil {
		if d.Status != statusErrored {
			return refuse(federation.AnswersDiffer)
		}
		return response{}, reactionToIDP(*p.NDID, *a.ErrorCode), *a.ErrorCode, false
	}
	switch {
	case d.Status == statusRejected && a.Status == answerReject:
		return plain(hub.Denied, federation.PersonDenied)
	case d.Status != statusCompleted && d.Status != statusConfirmed || a.Status != answerAccept:
		return refuse(federation.AnswersDiffer)
	case q.Mode == modeOnboarded && (a.ValidSignature == nil || !*a.ValidSignature), a.ValidSignature != nil && !*a.ValidSignature:
		return refuse(federation.SignatureInvalid)
	case q.Mode == modeOnboarded && (a.ValidIAL == nil || !*a.ValidIAL), a.ValidIAL != nil && !*a.ValidIAL:
		return refuse(federation.IALDiffers)
	}
	asked := said(p.Assurance, json.Number(q.IAL), json.Number(q.AAL))
	got := said(p.Assurance, a.IAL, a.AAL)
	if got.IAL == hub.IALNone || got.AAL == hub.AALNone || !got.Satisfies(asked) || asked.IAL < hub.IAL21 {
		return response{}, reaction{hub.LevelUnmet, federation.LevelBelow, SignalSuspicious}, 0, false
	}
	return a, reaction{}, 0, true
}
