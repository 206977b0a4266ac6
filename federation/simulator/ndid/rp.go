package ndid

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"onedoor/federation/simulator"
	"onedoor/hub"
	"onedoor/hub/identifier"
)

// routes lays the interface of one version.
func (n *Node) routes(prefix, version string) {
	on := func(pattern string, h http.HandlerFunc) {
		method, path, _ := strings.Cut(pattern, " ")
		n.mux.HandleFunc(method+" "+prefix+path, n.gate(h))
	}
	on("GET /info", n.info)
	on("POST /rp/requests/{namespace}/{identifier}", n.create)
	on("GET /rp/request_references/{reference}", n.reference)
	on("GET /rp/request_data/{id}", n.data)
	on("POST /rp/request_data_removal", n.removeAll)
	on("POST /rp/request_data_removal/{id}", n.remove)
	on("POST /rp/request_close", n.close)
	on("GET /rp/callback", n.errorCallback)
	on("POST /rp/callback", n.setErrorCallback)
	on("GET /utility/idp", n.listIDPs(version))
	on("GET /utility/idp/{namespace}/{identifier}", n.listIDPsOf(version))
	on("GET /utility/requests/{id}", n.request(version))
	on("GET /utility/supported_ial", n.levels(ials))
	on("GET /utility/supported_aal", n.levels(aals))
	on("GET /utility/namespaces", n.namespaces)
	on("GET /utility/services", empty)
	on("GET /utility/request_types", empty)
	on("GET /utility/idp_error_codes", n.idpErrorCodes)
	on("GET /utility/as_error_codes", empty)
	on("POST /idp/response", n.respond)
	on("POST /idp/error_response", n.respondError)
}

func empty(w http.ResponseWriter, _ *http.Request) {
	simulator.WriteJSON(w, http.StatusOK, []any{})
}

func (n *Node) info(w http.ResponseWriter, _ *http.Request) {
	simulator.WriteJSON(w, http.StatusOK, map[string]any{
		"node": map[string]any{"node_id": RelyingParty, "role": "rp"}, "api_version": "6.0", "version": "8.0.2",
	})
}

func (n *Node) levels(list []string) http.HandlerFunc {
	numbers := make([]json.Number, len(list))
	for i, l := range list {
		numbers[i] = json.Number(l)
	}
	return func(w http.ResponseWriter, _ *http.Request) { simulator.WriteJSON(w, http.StatusOK, numbers) }
}

func (n *Node) namespaces(w http.ResponseWriter, _ *http.Request) {
	simulator.WriteJSON(w, http.StatusOK, []any{map[string]any{"namespace": "citizen_id", "description": "Thai citizen number", "active": true}})
}

func (n *Node) idpErrorCodes(w http.ResponseWriter, _ *http.Request) {
	simulator.WriteJSON(w, http.StatusOK, []any{
		map[string]any{"error_code": 10101, "description": "unknown identity"},
		map[string]any{"error_code": 30001, "description": "the person does not want this"},
	})
}

// creation is the body that makes a request.
type creation struct {
	Reference string            `json:"reference_id"`
	Callback  string            `json:"callback_url"`
	Mode      json.Number       `json:"mode"`
	IDPs      []string          `json:"idp_id_list"`
	Data      []json.RawMessage `json:"data_request_list"`
	Message   *string           `json:"request_message"`
	IAL       json.Number       `json:"min_ial"`
	AAL       json.Number       `json:"min_aal"`
	MinIDP    int               `json:"min_idp"`
	Timeout   int64             `json:"request_timeout"`
	Bypass    bool              `json:"bypass_identity_check"`
	Salt      string            `json:"initial_salt"`
	Type      string            `json:"request_type"`
}

const maxMessage = 4096

// check gives the first code that is wrong with a creation, in the order of the node; 0 for none. The lock is held.
func (n *Node) check(namespace, number string, c creation) int {
	sorted := slices.Compact(slices.Sorted(slices.Values(c.IDPs)))
	switch {
	case c.Reference == "" || !callbackURL(c.Callback) || c.Mode == "" || c.Message == nil || c.IAL == "" || c.AAL == "" || c.MinIDP < 1 || c.Timeout < 1,
		len(sorted) != len(c.IDPs):
		return 20003
	case namespace != "citizen_id":
		return 20013
	case len(*c.Message) > maxMessage:
		return 20088
	case c.Salt != "" && !longSalt(c.Salt):
		return 20087
	case !slices.Contains([]string{"1", "2", "3"}, c.Mode.String()):
		return 20066
	case c.Type != "":
		return 20091 // none is registered here
	case rank(ials, canonical(c.IAL)) < 0:
		return 20094
	case rank(aals, canonical(c.AAL)) < 0:
		return 20095
	}
	if _, err := identifier.ParseCitizen(number); err != nil && (c.Mode == "1" || c.Bypass) {
		return 20096
	}
	if _, open := n.references[c.Reference]; open {
		return 20045
	}
	if m := *c.Message; strings.HasPrefix(m, "data:") && strings.ContainsAny(m, " \t\r\n") {
		return 20070
	}
	if n.faults.On(NotListed) {
		return 20079
	}
	if code := n.checkIDPs(number, c); code != 0 {
		return code
	}
	if len(c.Data) > 0 {
		return 20018
	}
	return n.fail
}

func longSalt(s string) bool {
	b, err := base64.StdEncoding.DecodeString(s)
	return err == nil && len(b) >= 32
}

func (n *Node) checkIDPs(number string, c creation) int {
	direct := c.Mode == "1" || c.Bypass
	person, known := n.person(number)
	switch {
	case direct && len(c.IDPs) == 0:
		return 20016
	case len(c.IDPs) > 0 && len(c.IDPs) < c.MinIDP:
		return 20004
	case !direct && !known:
		return 20020
	}
	found, fit := 0, 0
	for _, b := range n.o.Banks {
		if n.faults.On(NoBanks) || len(c.IDPs) > 0 && !slices.Contains(c.IDPs, b.ID) {
			continue
		}
		if !direct && !b.onboarded(person) {
			continue
		}
		found++
		if rank(ials, b.MaxIAL) >= rank(ials, canonical(c.IAL)) && rank(aals, b.MaxAAL) >= rank(aals, canonical(c.AAL)) {
			fit++
		}
	}
	switch {
	case found == 0:
		return 20005
	case len(c.IDPs) > 0 && fit < len(c.IDPs):
		return 20058
	case fit < c.MinIDP:
		return 20006
	}
	return 0
}

// create makes a request. The reply means no more than that the node has taken it; the chain's result comes by callback.
func (n *Node) create(w http.ResponseWriter, r *http.Request) {
	var c creation
	if !read(w, r, &c) {
		return
	}
	namespace, number := r.PathValue("namespace"), r.PathValue("identifier")
	n.mu.Lock()
	if code := n.check(namespace, number, c); code != 0 {
		n.mu.Unlock()
		fail(w, code)
		return
	}
	now := n.o.Clock()
	mode, _ := c.Mode.Int64()
	n.height++
	x := &request{
		id: newRequestID(n.o.Random), reference: c.Reference, callback: c.Callback, namespace: namespace, number: number, mode: int(mode),
		minIDP: c.MinIDP, minIAL: canonical(c.IAL), minAAL: canonical(c.AAL), timeout: c.Timeout, idps: c.IDPs, message: *c.Message, salt: c.Salt,
		kind: c.Type, created: now, visible: now.Add(n.o.BlockTime), block: n.height,
	}
	if x.salt == "" {
		x.salt = base64.StdEncoding.EncodeToString(hub.NewSecret(n.o.Random).Bytes())
	}
	if len(x.idps) == 0 {
		for _, b := range n.o.Banks {
			x.idps = append(x.idps, b.ID)
		}
	}
	n.keep(x)
	n.made(x)
	first := n.faults.On(CallbackFirst)
	n.mu.Unlock()
	if first {
		n.Tick(r.Context())
	}
	if n.faults.On(ReplyLost) {
		panic(http.ErrAbortHandler) // the connection breaks
	}
	simulator.WriteJSON(w, http.StatusAccepted, map[string]any{"request_id": x.id, "initial_salt": x.salt})
}

// made tells of a new request, and has the banks look at it. The lock is held.
func (n *Node) made(x *request) {
	switch {
	case n.faults.On(RequestLost):
		x.visible = x.created.AddDate(100, 0, 0)
		return
	case n.faults.On(NoCredit):
		x.visible = x.created.AddDate(100, 0, 0)
		n.tellResult("create_request_result", x.callback, x.reference, x, 25007)
		n.forget(x)
		return
	}
	n.tellResult("create_request_result", x.callback, x.reference, x, 0)
	n.tellStatus(x)
	if n.faults.On(CallbackForged) {
		forged := n.detail(x, n.o.CallbackVersion)
		forged["type"], forged["node_id"], forged["status"], forged["block_height"] = "request_status", RelyingParty, completed, n.chain(n.height+1000)
		forged["response_list"] = []any{map[string]any{"idp_id": x.idps[0], "ial": 3, "aal": 3, "status": "accept", "signature": "", "valid_ial": true, "valid_signature": true}}
		n.tell(x.callback, forged)
	}
	if n.faults.On(CallbackForgedNo) {
		n.tellResult("create_request_result", x.callback, x.reference, x, 25007)
	}
	if _, known := n.person(x.number); !known { // a bank says so by itself
		n.take(x, answer{bank: x.idps[0], code: 10101})
	}
}

func (n *Node) reference(w http.ResponseWriter, r *http.Request) {
	n.mu.Lock()
	id, ok := n.references[r.PathValue("reference")]
	n.mu.Unlock()
	if !ok {
		w.WriteHeader(http.StatusNotFound)
		return
	}
	simulator.WriteJSON(w, http.StatusOK, map[string]any{"request_id": id})
}

func (n *Node) data(w http.ResponseWriter, r *http.Request) {
	n.mu.Lock()
	_, ok := n.find(r.PathValue("id"))
	n.mu.Unlock()
	if !ok {
		w.WriteHeader(http.StatusNotFound)
		return
	}
	simulator.WriteJSON(w, http.StatusOK, []any{})
}

func (n *Node) removeAll(w http.ResponseWriter, _ *http.Request) { n.removal(w) }

func (n *Node) remove(w http.ResponseWriter, _ *http.Request) { n.removal(w) }

func (n *Node) removal(w http.ResponseWriter) {
	n.mu.Lock()
	n.removed++
	n.mu.Unlock()
	w.WriteHeader(http.StatusNoContent)
}

func (n *Node) close(w http.ResponseWriter, r *http.Request) {
	var c struct {
		Reference string `json:"reference_id"`
		Callback  string `json:"callback_url"`
		Request   string `json:"request_id"`
	}
	if !read(w, r, &c) {
		return
	}
	if c.Reference == "" || c.Request == "" || !callbackURL(c.Callback) {
		fail(w, 20003)
		return
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	x, ok := n.find(c.Request)
	switch {
	case !ok:
		fail(w, 20012)
		return
	case x.closed:
		fail(w, 20025)
		return
	case x.timedOut:
		fail(w, 20026)
		return
	}
	x.closed = true
	n.tellResult("close_request_result", c.Callback, c.Reference, x, 0)
	n.tellStatus(x)
	n.forget(x)
	w.WriteHeader(http.StatusAccepted)
}

func (n *Node) errorCallback(w http.ResponseWriter, _ *http.Request) {
	n.mu.Lock()
	url := n.errorURL
	n.mu.Unlock()
	if url == "" {
		w.WriteHeader(http.StatusNotFound)
		return
	}
	simulator.WriteJSON(w, http.StatusOK, map[string]any{"error_url": url})
}

func (n *Node) setErrorCallback(w http.ResponseWriter, r *http.Request) {
	var c struct {
		URL string `json:"error_url"`
	}
	if !read(w, r, &c) {
		return
	}
	if !callbackURL(c.URL) {
		fail(w, 20003)
		return
	}
	n.mu.Lock()
	n.errorURL = c.URL
	n.mu.Unlock()
	w.WriteHeader(http.StatusNoContent)
}

func (n *Node) request(version string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		n.mu.Lock()
		defer n.mu.Unlock()
		x, ok := n.find(r.PathValue("id"))
		if !ok {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		simulator.WriteJSON(w, http.StatusOK, n.detail(x, version))
	}
}
