package ndid

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"time"
)

// request is a request on the chain, with what the banks' message queues carry.
type request struct {
	id        string
	reference string
	callback  string
	namespace string
	number    string
	mode      int
	minIDP    int
	minIAL    string
	minAAL    string
	timeout   int64 // seconds
	idps      []string
	message   string
	salt      string
	kind      string // request_type
	created   time.Time
	visible   time.Time // when it is on the chain; zero for never
	block     uint64
	answers   []answer
	closed    bool
	timedOut  bool
}

// answer is a bank's.
type answer struct {
	bank   string
	accept bool
	ial    string
	aal    string
	code   int // of an error; 0 for none
}

// hash is the request_message_hash: of the message and a salt made of namespace, identifier and initial salt, all as text.
func (r *request) hash() string {
	first := sha256.Sum256([]byte(r.namespace + r.number + r.salt))
	second := sha256.Sum256([]byte(r.message + base64.StdEncoding.EncodeToString(first[:])))
	return base64.StdEncoding.EncodeToString(second[:])
}

// The statuses.
const (
	pending     = "pending"
	confirmed   = "confirmed"
	rejected    = "rejected"
	complicated = "complicated"
	completed   = "completed"
	errored     = "errored"
)

// status follows from the answers.
func (r *request) status() string {
	accepts, rejects, errors := 0, 0, 0
	for _, a := range r.answers {
		switch {
		case a.code != 0:
			errors++
		case a.accept:
			accepts++
		default:
			rejects++
		}
	}
	switch {
	case errors > len(r.idps)-r.minIDP:
		return errored
	case accepts > 0 && rejects > 0:
		return complicated
	case rejects > 0:
		return rejected
	case accepts >= r.minIDP:
		return completed
	case accepts > 0:
		return confirmed
	default:
		return pending
	}
}

func (r *request) over() bool { return r.closed || r.timedOut }

// detail is the request as the platform tells of it.
func (n *Node) detail(r *request, version string) map[string]any {
	status := r.status()
	list := []map[string]any{}
	valid := []map[string]any{}
	for i, a := range r.answers {
		one := n.answerForm(r, a, i)
		list = append(list, one)
		valid = append(valid, map[string]any{"idp_id": a.bank, "valid_ial": one["valid_ial"], "valid_signature": one["valid_signature"]})
	}
	if len(r.answers) > 0 {
		other := n.o.Banks[len(n.o.Banks)-1].ID
		extra := map[string]any{
			"idp_id": other, "ial": json.Number(r.minIAL), "aal": json.Number(r.minAAL), "signature": signature(r), "valid_ial": nil, "valid_signature": nil,
		}
		switch {
		case n.faults.On(TwoAnswers):
			extra["status"], status = "reject", complicated
			list = append(list, extra)
		case n.faults.On(TwoAccepts):
			extra["status"], status = "accept", completed
			list = append(list, extra)
		case n.faults.On(StatusContradicts):
			list[0]["status"], status = "reject", completed
		case n.faults.On(ErrorAndAccept):
			list[0], status = map[string]any{"idp_id": r.answers[0].bank, "error_code": 10101}, completed
		}
	}
	id, hash, mode, minIAL := r.id, r.hash(), r.mode, r.minIAL
	if n.faults.On(OtherRequest) {
		id = newRequestID(n.o.Random)
	}
	if n.faults.On(OtherMessage) {
		sum := sha256.Sum256([]byte("another"))
		hash = base64.StdEncoding.EncodeToString(sum[:])
	}
	if n.faults.On(OtherMode) {
		mode = 3
	}
	if n.faults.On(LoweredMinimum) {
		minIAL = ials[0]
	}
	d := map[string]any{
		"request_id": id, "mode": mode, "min_idp": r.minIDP, "min_ial": json.Number(minIAL), "min_aal": json.Number(r.minAAL),
		"request_timeout": r.timeout, "idp_id_list": r.idps, "data_request_list": []any{}, "request_message_hash": hash,
		"response_list": list, "closed": r.closed, "timed_out": r.timedOut, "request_type": nil, "requester_node_id": RelyingParty,
		"status": status, "creation_block_height": n.chain(r.block),
	}
	if r.kind != "" {
		d["request_type"] = r.kind
	}
	if version == "4.0" {
		return map[string]any{
			"request_id": id, "status": status, "mode": mode, "min_idp": r.minIDP, "answered_idp_count": len(r.answers), "closed": r.closed,
			"timed_out": r.timedOut, "service_list": []any{}, "response_valid_list": valid, "requester_node_id": RelyingParty,
		}
	}
	return d
}

// answerForm is an answer as the platform tells of it. In mode 1 nothing of it was checked.
func (n *Node) answerForm(r *request, a answer, _ int) map[string]any {
	if a.code != 0 {
		return map[string]any{"idp_id": a.bank, "error_code": a.code}
	}
	status := "reject"
	if a.accept {
		status = "accept"
	}
	one := map[string]any{
		"idp_id": a.bank, "ial": json.Number(a.ial), "aal": json.Number(a.aal), "status": status, "signature": signature(r),
		"valid_ial": nil, "valid_signature": nil,
	}
	if r.mode != 1 {
		one["valid_ial"], one["valid_signature"] = true, true
	}
	for fault, change := range map[Fault]func(){
		LowIAL:           func() { one["ial"] = json.Number("1.3") },
		LowAAL:           func() { one["aal"] = json.Number("1") },
		UnknownIAL:       func() { one["ial"] = json.Number("2.9") },
		NoLevels:         func() { delete(one, "ial"); delete(one, "aal") },
		SignatureInvalid: func() { one["valid_signature"] = false },
		SignatureUnknown: func() { one["valid_signature"] = nil },
		IALDiffers:       func() { one["valid_ial"] = false },
		OtherBank:        func() { one["idp_id"] = n.o.Banks[len(n.o.Banks)-1].ID },
	} {
		if n.faults.On(fault) {
			change()
		}
	}
	return one
}

func signature(r *request) string {
	sum := sha256.Sum256([]byte("signature of " + r.id))
	return base64.StdEncoding.EncodeToString(sum[:])
}

func (n *Node) chain(height uint64) string { return fmt.Sprintf("stand-in-chain:%d", height) }

// keep adds a request and forgets the oldest beyond the limit. The lock is held.
func (n *Node) keep(r *request) {
	if len(n.order) >= maxRequests {
		old := n.requests[n.order[0]]
		delete(n.references, old.reference)
		delete(n.requests, old.id)
		n.order = slices.Delete(n.order, 0, 1)
	}
	n.requests[r.id] = r
	n.references[r.reference] = r.id
	n.order = append(n.order, r.id)
}

// find gives a request that is on the chain. The lock is held.
func (n *Node) find(id string) (*request, bool) {
	r, ok := n.requests[id]
	if !ok || r.visible.IsZero() || n.o.Clock().Before(r.visible) {
		return nil, false
	}
	return r, true
}
