package ndid

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"onedoor/federation/simulator"
)

// form is an identity provider as the platform tells of it.
func (n *Node) form(b Bank, version string) map[string]any {
	f := map[string]any{
		"node_id": b.ID, "node_name": b.NodeName, "max_ial": json.Number(b.MaxIAL), "max_aal": json.Number(b.MaxAAL), "lial": nil, "laal": nil,
		"supported_request_message_data_url_type_list": []string{}, "agent": false,
	}
	if version == "6.0" {
		f["supported_feature_list"] = []string{}
	} else {
		f["on_the_fly_support"] = false
	}
	if n.faults.On(EvilNames) {
		f["node_name"] = "<b>Evil</b>\u202e\u0000 Bank\nsecond line"
	}
	return f
}

// filter reads the levels of a query. It reports false, and has answered, where they are none.
func filter(w http.ResponseWriter, q url.Values) (ial, aal int, ok bool) {
	for _, f := range []struct {
		name string
		list []string
		to   *int
	}{{"min_ial", ials, &ial}, {"min_aal", aals, &aal}} {
		text := q.Get(f.name)
		if text == "" {
			continue
		}
		if *f.to = rank(f.list, canonical(json.Number(text))); *f.to < 0 {
			if _, err := strconv.ParseFloat(text, 64); err != nil {
				fail(w, 20002)
				return 0, 0, false
			}
			*f.to = len(f.list) // a number that is no level: nobody reaches it
		}
	}
	return ial, aal, true
}

func (n *Node) listIDPs(version string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		ial, aal, ok := filter(w, r.URL.Query())
		if !ok {
			return
		}
		out := []any{}
		for _, b := range n.o.Banks {
			if !n.faults.On(NoBanks) && rank(ials, b.MaxIAL) >= ial && rank(aals, b.MaxAAL) >= aal {
				out = append(out, n.form(b, version))
			}
		}
		simulator.WriteJSON(w, http.StatusOK, out)
	}
}

// listIDPsOf lists those that have onboarded the person. Nobody is an empty list.
func (n *Node) listIDPsOf(version string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.PathValue("namespace") != "citizen_id" {
			fail(w, 20013)
			return
		}
		q := r.URL.Query()
		ial, aal, ok := filter(w, q)
		if !ok {
			return
		}
		if m := q.Get("mode"); m != "" && m != "2" && m != "3" {
			fail(w, 20002)
			return
		}
		out := []any{}
		person, known := n.person(r.PathValue("identifier"))
		for _, b := range n.o.Banks {
			if !known || n.faults.On(NoBanks) || !b.onboarded(person) || rank(ials, b.ial(person)) < ial || rank(aals, b.MaxAAL) < aal {
				continue
			}
			f := n.form(b, version)
			f["ial"], f["mode_list"] = json.Number(b.ial(person)), []int{2, 3}
			out = append(out, f)
		}
		simulator.WriteJSON(w, http.StatusOK, out)
	}
}

// response is what an identity provider's app hands in. NodeID says whose it is: the stand-in is all their nodes.
type response struct {
	NodeID    string      `json:"node_id"`
	Reference string      `json:"reference_id"`
	Callback  string      `json:"callback_url"`
	Request   string      `json:"request_id"`
	IAL       json.Number `json:"ial"`
	AAL       json.Number `json:"aal"`
	Status    string      `json:"status"`
	Code      int         `json:"error_code"`
}

func (n *Node) respond(w http.ResponseWriter, r *http.Request) {
	var x response
	if !read(w, r, &x) {
		return
	}
	if x.Reference == "" || x.Request == "" || x.Status != "accept" && x.Status != "reject" || x.IAL == "" || x.AAL == "" {
		fail(w, 20003)
		return
	}
	n.hand(w, x.Request, answer{bank: x.NodeID, accept: x.Status == "accept", ial: canonical(x.IAL), aal: canonical(x.AAL)})
}

func (n *Node) respondError(w http.ResponseWriter, r *http.Request) {
	var x response
	if !read(w, r, &x) {
		return
	}
	if x.Reference == "" || x.Request == "" || x.Code <= 0 {
		fail(w, 20003)
		return
	}
	n.hand(w, x.Request, answer{bank: x.NodeID, code: x.Code})
}

func (n *Node) hand(w http.ResponseWriter, request string, a answer) {
	if code := n.Answer(request, a.bank, a.accept, a.ial, a.aal, a.code); code != 0 {
		fail(w, code)
		return
	}
	w.WriteHeader(http.StatusAccepted)
}

// Answer is a bank's answer to a request: accept or reject at levels, or an error code. It gives the code of the platform's refusal, 0
// for none. Where ial or aal are empty they are the highest that the bank has for the person.
func (n *Node) Answer(id, bank string, accept bool, ial, aal string, code int) int {
	n.mu.Lock()
	defer n.mu.Unlock()
	r, ok := n.find(id)
	if !ok {
		return 20012
	}
	b, known := n.bank(bank)
	if !known {
		return 25050
	}
	person, found := n.person(r.number)
	if ial == "" && found {
		ial = b.ial(person)
	}
	if aal == "" {
		aal = b.MaxAAL
	}
	a := answer{bank: bank, accept: accept, ial: ial, aal: aal, code: code}
	if refused := n.refuse(r, b, a, found && b.onboarded(person) && ial != b.ial(person)); refused != 0 {
		return refused
	}
	n.take(r, a)
	return 0
}

// refuse checks an answer as the bank's node and the chain do.
func (n *Node) refuse(r *request, b Bank, a answer, undeclared bool) int {
	answered := slices.ContainsFunc(r.answers, func(x answer) bool { return x.bank == a.bank })
	late := n.faults.On(LateAnswer)
	switch {
	case r.closed:
		return 20025
	case r.timedOut && !late:
		return 20026
	case !slices.Contains(r.idps, a.bank):
		return 25050
	case answered:
		return 25008
	case len(r.answers) >= r.minIDP:
		return 20081
	case a.code != 0:
		return 0
	case rank(ials, a.ial) < rank(ials, r.minIAL):
		return 20055
	case rank(aals, a.aal) < rank(aals, r.minAAL):
		return 20056
	case rank(ials, a.ial) > rank(ials, b.MaxIAL):
		return 25010
	case rank(aals, a.aal) > rank(aals, b.MaxAAL):
		return 25009
	case r.mode != 1 && undeclared:
		return 20060
	}
	return 0
}

// take puts an answer on the chain and closes the request where the node does so by itself: on completed and on errored, neither on
// rejected nor on complicated. The lock is held.
func (n *Node) take(r *request, a answer) {
	r.answers = append(r.answers, a)
	n.tellStatus(r)
	if s := r.status(); !r.over() && (s == completed || s == errored) {
		r.closed = true
		n.tellStatus(r)
		n.forget(r)
	}
}
