package authzen

import (
	"context"
	"encoding/json"
	"io"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"onedoor/authz"
	"onedoor/hub"
)

// largestBody bounds a request, in bytes.
const largestBody = 1 << 20

// render makes what is the same in every answer.
func (p *Point) render() error {
	metadata, err := json.Marshal(map[string]any{
		"policy_decision_point":       p.o.Issuer,
		"access_evaluation_endpoint":  p.o.Issuer + EvaluationPath,
		"access_evaluations_endpoint": p.o.Issuer + EvaluationsPath,
		"search_subject_endpoint":     p.o.Issuer + SearchSubjectPath,
		"search_resource_endpoint":    p.o.Issuer + SearchResourcePath,
		"search_action_endpoint":      p.o.Issuer + SearchActionPath,
	})
	p.metadata = metadata
	return err
}

// Metadata is the document that tells where to ask (AuthZEN section 9).
func (p *Point) Metadata(w http.ResponseWriter, r *http.Request) {
	if p.began(w, r, http.MethodGet) {
		w.Header().Set("Cache-Control", "public, max-age=3600")
		send(w, http.StatusOK, p.metadata)
	}
}

// began sets what every answer has, and refuses another method.
func (p *Point) began(w http.ResponseWriter, r *http.Request, method string) bool {
	h := w.Header()
	if id := r.Header.Get("X-Request-ID"); requestID(id) { // section 10.1.3
		h.Set("X-Request-ID", id)
	}
	h["Cache-Control"], h["X-Content-Type-Options"] = noStore, noSniff
	if r.Method != method {
		h.Set("Allow", method)
		refuse(w, http.StatusMethodNotAllowed, "the method must be "+method)
		return false
	}
	return true
}

var (
	noStore  = []string{"no-store"}
	noSniff  = []string{"nosniff"}
	jsonType = []string{"application/json"}
)

// requestID reports whether an id of the caller's can go back: visible ASCII of moderate length.
func requestID(id string) bool {
	return id != "" && len(id) <= 128 && !strings.ContainsFunc(id, func(r rune) bool { return r <= ' ' || r > '~' })
}

func send(w http.ResponseWriter, status int, body []byte) {
	w.Header()["Content-Type"] = jsonType
	w.WriteHeader(status)
	_, _ = w.Write(body) // the connection is gone where it fails
}

// refuse answers a request that can't be decided. The text is one of ours.
func refuse(w http.ResponseWriter, status int, text string) {
	body, err := json.Marshal(map[string]string{"error": http.StatusText(status), "error_description": text})
	if err != nil {
		body = []byte("{}")
	}
	send(w, status, body)
}

// read proves who asks, and reads the body. It answers by itself where it reports false.
func (p *Point) read(w http.ResponseWriter, r *http.Request) (a asking, q request, ok bool) {
	if !p.began(w, r, http.MethodPost) {
		return a, q, false
	}
	if a.caller, ok = p.o.Callers.Asker(w, r); !ok {
		return a, q, false
	}
	var err error
	if a.system, err = p.o.Systems.Asking(r.Context(), a.caller); err != nil {
		refuse(w, http.StatusServiceUnavailable, "the register can't be asked now")
		return a, q, false
	}
	if kind := r.Header.Get("Content-Type"); kind != "application/json" {
		if media, _, err := mime.ParseMediaType(kind); err != nil || media != "application/json" {
			refuse(w, http.StatusUnsupportedMediaType, "the body must be application/json")
			return a, q, false
		}
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, largestBody+1))
	if err != nil || len(body) > largestBody {
		refuse(w, http.StatusBadRequest, "the body must be of moderate size")
		return a, q, false
	}
	if q, err = parse(body); err != nil {
		refuse(w, http.StatusBadRequest, textOf(err))
		return a, q, false
	}
	a.client = p.o.Client(r.Context())
	return a, q, true
}

// textOf gives the words of malformed, which are ours.
func textOf(err error) string {
	_, text, _ := strings.Cut(err.Error(), string(hub.Invalid)+": ")
	return text
}

// Evaluation answers one question (section 6).
func (p *Point) Evaluation(w http.ResponseWriter, r *http.Request) {
	a, q, ok := p.read(w, r)
	if !ok {
		return
	}
	if err := q.complete(); err != nil {
		refuse(w, http.StatusBadRequest, textOf(err))
		return
	}
	send(w, http.StatusOK, p.appendDecision(make([]byte, 0, 64), p.decide(r.Context(), &a, q.evaluation)))
}

// Evaluations answers many (section 7). Without a list it is Evaluation.
func (p *Point) Evaluations(w http.ResponseWriter, r *http.Request) {
	a, q, ok := p.read(w, r)
	if !ok {
		return
	}
	all := q.all
	if !q.batch {
		all = []evaluation{q.evaluation}
	}
	for i := range all {
		if err := all[i].complete(); err != nil {
			refuse(w, http.StatusBadRequest, "evaluations["+strconv.Itoa(i)+"]: "+textOf(err))
			return
		}
	}
	if !q.batch {
		send(w, http.StatusOK, p.appendDecision(nil, p.decide(r.Context(), &a, q.evaluation)))
		return
	}
	out := []byte(`{"evaluations":[`)
	for i, e := range all {
		if i > 0 {
			out = append(out, ',')
		}
		d := p.decide(r.Context(), &a, e)
		out = p.appendDecision(out, d)
		if !d.Permit && q.semantic == "deny_on_first_deny" || d.Permit && q.semantic == "permit_on_first_permit" {
			break
		}
	}
	send(w, http.StatusOK, append(out, `]}`...))
}

var permitted = []byte(`{"decision":true}`)

// wireContext is what a no says beside (section 6.2.2): why, in machine words and for people, and what would help.
type wireContext struct {
	Reasons     []authz.Code      `json:"reasons"`
	ReasonAdmin map[string]string `json:"reason_admin"`
	ReasonUser  map[string]string `json:"reason_user"`
	Remedies    []wireRemedy      `json:"remedies,omitempty"`
	ACRValues   string            `json:"acr_values,omitempty"` // of a step-up, as in RFC 9470
	MaxAge      *int64            `json:"max_age,omitempty"`
	Link        string            `json:"link,omitempty"` // where the person can begin
}

type wireRemedy struct {
	Kind      authz.RemedyKind `json:"kind"`
	By        string           `json:"by,omitempty"` // who does it: person, administrator (of the entity) or staff (of the department)
	ACRValues string           `json:"acr_values,omitempty"`
	MaxAge    *int64           `json:"max_age,omitempty"`
	From      string           `json:"from,omitempty"` // RFC 3339
}

// appendDecision writes {"decision": ..., "context": ...}.
func (p *Point) appendDecision(to []byte, d authz.Decision) []byte {
	if d.Permit {
		return append(to, permitted...)
	}
	c := wireContext{Reasons: d.Codes(), ReasonAdmin: map[string]string{}, ReasonUser: map[string]string{}}
	words := make([]string, len(c.Reasons))
	for i, code := range c.Reasons {
		words[i] = string(code)
	}
	c.ReasonAdmin["en"] = strings.Join(words, ", ")
	for _, lang := range hub.Languages() {
		var texts []string
		for _, code := range c.Reasons {
			if t := p.o.Words(code, lang); t != "" && !slices.Contains(texts, t) {
				texts = append(texts, t)
			}
		}
		c.ReasonUser[lang] = strings.Join(texts, "\n") // Thai has no full stop
	}
	for _, x := range d.Remedies() {
		r := wireRemedy{Kind: x.Kind, By: x.Kind.Actor()}
		if x.Kind == authz.StepUp {
			r.ACRValues = x.Level.ACR()
			if x.MaxAge > 0 {
				seconds := int64(x.MaxAge / time.Second)
				r.MaxAge = &seconds
			}
			c.ACRValues, c.MaxAge = r.ACRValues, r.MaxAge
		}
		if !x.From.IsZero() {
			r.From = x.From.UTC().Format(time.RFC3339)
		}
		c.Remedies = append(c.Remedies, r)
	}
	if len(c.Remedies) > 0 && p.o.Link != nil {
		c.Link = p.o.Link(d)
	}
	body, err := json.Marshal(c)
	if err != nil { // a no is a no
		return append(to, `{"decision":false}`...)
	}
	to = append(to, `{"decision":false,"context":`...)
	return append(append(to, body...), '}')
}

// SearchAction lists what the subject may do with a resource (section 8.6).
func (p *Point) SearchAction(w http.ResponseWriter, r *http.Request) {
	a, q, ok := p.read(w, r)
	if !ok {
		return
	}
	if !q.has.subject || !q.has.resource || q.subject.id == "" || q.resource.id == "" {
		refuse(w, http.StatusBadRequest, "subject and resource, with type and id, are missing")
		return
	}
	var found []any
	item, err := p.o.Catalogue.Item(r.Context(), authz.ItemID(q.resource.id))
	if err == nil && q.resource.kind == "service_item" && item.Department == a.system.Department {
		for _, action := range item.Actions {
			if p.allows(r.Context(), &a, q.evaluation, item.ID, action) {
				found = append(found, map[string]string{"name": string(action)})
			}
		}
	}
	p.results(w, found, "")
}

// SearchResource lists the items of the department that the subject may use so (section 8.5), by id.
func (p *Point) SearchResource(w http.ResponseWriter, r *http.Request) {
	a, q, ok := p.read(w, r)
	if !ok {
		return
	}
	if !q.has.subject || q.subject.id == "" || !q.has.action || q.resource.kind != "service_item" {
		refuse(w, http.StatusBadRequest, "subject, action and a resource of the type service_item are needed")
		return
	}
	var found []any
	next := ""
	for _, item := range p.o.Catalogue.Of(a.system.Department) {
		if string(item.ID) <= q.page.token || !p.allows(r.Context(), &a, q.evaluation, item.ID, authz.Action(q.action)) {
			continue
		}
		if len(found) == q.page.limit {
			next = found[len(found)-1].(map[string]string)["id"]
			break
		}
		found = append(found, map[string]string{"type": "service_item", "id": string(item.ID)})
	}
	p.results(w, found, next)
}

// SearchSubject lists the operators of an entity who hold an item (section 8.4), by the names that they have at the caller. Whose entity it
// is, an access token of one who acts for it says, in subject.properties: a system learns of no entity that does not use it.
func (p *Point) SearchSubject(w http.ResponseWriter, r *http.Request) {
	a, q, ok := p.read(w, r)
	if !ok {
		return
	}
	if q.subject.kind != "operator" || q.subject.token == "" || !q.has.resource || q.resource.id == "" || !q.has.action {
		refuse(w, http.StatusBadRequest, "a subject of the type operator with an access_token in its properties, a resource and an action are needed")
		return
	}
	found, err := p.holders(r.Context(), &a, q)
	if err != nil {
		refuse(w, http.StatusServiceUnavailable, "that can't be known now")
		return
	}
	p.results(w, found, "")
}

func (p *Point) holders(ctx context.Context, a *asking, q request) ([]any, error) {
	s := p.find(ctx, a.caller, entity{kind: "access_token", id: q.subject.token})
	item, err := p.o.Catalogue.Item(ctx, authz.ItemID(q.resource.id))
	switch {
	case s.why == authz.FactsUnknown, err != nil && hub.KindOf(err) != hub.NotFound:
		return nil, hub.E("authzen.holders", hub.Unavailable, err)
	case err != nil || s.party.Entity == "" || item.Department != a.system.Department || !item.Has(authz.Action(q.action)) || item.Status != authz.Offered:
		return nil, nil
	}
	all, err := p.o.Holders.DelegationsOf(ctx, s.party.Entity, true, mostResults)
	if err != nil {
		return nil, err
	}
	var found []any
	for _, d := range all {
		if d.Item != item.ID || !d.In(p.now()) {
			continue
		}
		name, err := p.o.Name(ctx, a.caller, d.Operator)
		if err != nil {
			return nil, err
		}
		found = append(found, map[string]string{"type": "operator", "id": name})
	}
	return found, nil
}

// allows asks without a record: nothing is opened by a list.
func (p *Point) allows(ctx context.Context, a *asking, e evaluation, item authz.ItemID, action authz.Action) bool {
	e.resource, e.action = entity{kind: "service_item", id: string(item)}, string(action)
	ctx, q, why := p.question(ctx, a, e)
	if why != "" {
		return false
	}
	ok, _ := p.o.Decider.Allows(ctx, q)
	return ok
}

func (p *Point) results(w http.ResponseWriter, found []any, next string) {
	if found == nil {
		found = []any{}
	}
	body, err := json.Marshal(map[string]any{"results": found, "page": map[string]any{"next_token": next, "count": len(found)}})
	if err != nil {
		refuse(w, http.StatusInternalServerError, "the answer can't be written")
		return
	}
	send(w, http.StatusOK, body)
}
