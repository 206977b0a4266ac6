// Package registry stands in for a company registry: it knows some invented companies and their directors, and answers the hub's signed
// questions about them (docs/entities.md). It can be told to misbehave in the ways that the hub must stand. For the demo and for tests.
package registry

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"time"

	jose "github.com/go-jose/go-jose/v4"

	"onedoor/federation/simulator"
	"onedoor/hub"
)

// The paths.
const (
	AskPath  = "/representation"
	KeysPath = "/jwks.json"
)

// Name is who answers.
const Name = "company-registry"

// Company is an entry of the register.
type Company struct {
	Type      string // of its number
	Number    string
	Names     map[string]string
	Dissolved bool
	Directors []string // their own numbers
}

// Companies gives the invented companies: Maliwan and Lintuayang direct the mill, Tharnnamsai the bakery, and one is dissolved.
func Companies() []Company {
	return []Company{
		{
			Type: "th.juristic", Number: "0105536000313", Directors: []string{"3100500000011", "8000000000006"},
			Names: map[string]string{"th": "บริษัท โรงสีข้าวสยาม (สาธิต) จำกัด", "en": "Siam Rice Milling (demo) Co., Ltd."},
		},
		{
			Type: "th.juristic", Number: "0123456789016", Directors: []string{"1999999999999"},
			Names: map[string]string{"th": "บริษัท ขนมปังเหนือ (สาธิต) จำกัด", "en": "Northern Bread (demo) Co., Ltd."},
		},
		{
			Type: "th.juristic", Number: "0994000617721", Directors: []string{"3100500000011"}, Dissolved: true,
			Names: map[string]string{"th": "ห้างหุ้นส่วนที่เลิกแล้ว (สาธิต)", "en": "Gone Partners (demo)"},
		},
	}
}

// Fault is a way to misbehave.
type Fault string

// The faults.
const (
	Down         Fault = "down"          // 503
	Rogue        Fault = "rogue"         // signs with a key that is not published
	Unsigned     Fault = "unsigned"      // alg none
	Replay       Fault = "replay"        // answers another question
	Stale        Fault = "stale"         // answers of an hour ago
	OtherHub     Fault = "other_hub"     // answers for somebody else
	OtherType    Fault = "other_type"    // a JWT of another type
	Silent       Fault = "silent"        // says nothing of the person
	Huge         Fault = "huge"          // more than anybody should read
	Redirect     Fault = "redirect"      // to somewhere else
	NoSuchStatus Fault = "no_such_state" // a status that is not agreed
)

// Faults lists them.
func Faults() []Fault {
	return []Fault{Down, Rogue, Unsigned, Replay, Stale, OtherHub, OtherType, Silent, Huge, Redirect, NoSuchStatus}
}

// Options are what a Registry is made of. All but On are required.
type Options struct {
	Companies []Company
	Hub       string        // issuer of the hub, who may ask
	Keys      func() []byte // the hub's own keys, a JWK Set
	Clock     hub.Clock
	Random    io.Reader
	On        []Fault
}

// Registry is the stand-in.
type Registry struct {
	*simulator.Faults[Fault]
	o      Options
	signer *simulator.Signer
	seen   *simulator.Memory[bool]
	asked  *simulator.Memory[map[string]any]
}

// New makes it, with keys of its own.
func New(o Options) (*Registry, error) {
	if o.Hub == "" || o.Keys == nil || o.Clock == nil || o.Random == nil {
		return nil, hub.Errorf("registry.New", hub.Invalid, "an option is missing")
	}
	signer, err := simulator.NewSigner(o.Random)
	if err != nil {
		return nil, err
	}
	return &Registry{
		Faults: simulator.NewFaults(Faults(), o.On), o: o, signer: signer,
		seen: simulator.NewMemory[bool](o.Clock, 5*time.Minute, 10_000), asked: simulator.NewMemory[map[string]any](o.Clock, time.Hour, 100),
	}, nil
}

// Asked gives a question that was asked, by its jti: for tests that look at what is told.
func (r *Registry) Asked(id string) (map[string]any, bool) { return r.asked.Get(id) }

// Questions counts what was asked.
func (r *Registry) Questions() int { return r.asked.Len() }

// ServeHTTP serves the register.
func (r *Registry) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	switch {
	case req.URL.Path == KeysPath && req.Method == http.MethodGet:
		w.Header().Set("Content-Type", "application/jwk-set+json")
		_, _ = w.Write(r.signer.KeySet())
	case req.URL.Path == AskPath && req.Method == http.MethodPost:
		r.answer(w, req)
	default:
		http.NotFound(w, req)
	}
}

func (r *Registry) answer(w http.ResponseWriter, req *http.Request) {
	if r.On(Down) {
		http.Error(w, "closed", http.StatusServiceUnavailable)
		return
	}
	if r.On(Redirect) {
		http.Redirect(w, req, "http://127.0.0.1:1/elsewhere", http.StatusTemporaryRedirect)
		return
	}
	q, ok := r.read(req)
	if !ok {
		http.Error(w, "not a question", http.StatusBadRequest)
		return
	}
	now := r.o.Clock()
	about, person := q["entity"].(map[string]any), q["person"].(map[string]any)
	claims := map[string]any{
		"iss": Name, "aud": r.o.Hub, "iat": now.Unix(), "exp": now.Add(time.Minute).Unix(), "in_response_to": q["jti"],
		"entity": map[string]any{"found": false},
	}
	i := slices.IndexFunc(r.o.Companies, func(c Company) bool { return c.Type == about["type"] && c.Number == about["number"] })
	if i >= 0 {
		c := r.o.Companies[i]
		status := "active"
		if c.Dissolved {
			status = "dissolved"
		}
		if r.On(NoSuchStatus) {
			status = "sleeping"
		}
		claims["entity"] = map[string]any{"found": true, "status": status, "name": c.Names}
		if !r.On(Silent) {
			claims["person"] = map[string]any{"represents": r.directs(c, person)}
		}
	}
	if r.On(Replay) {
		claims["in_response_to"] = hub.NewID(r.o.Random)
	}
	if r.On(Stale) {
		claims["iat"], claims["exp"] = now.Add(-time.Hour).Unix(), now.Add(-59*time.Minute).Unix()
	}
	if r.On(OtherHub) {
		claims["aud"] = "https://other.example"
	}
	text, err := r.sign(claims)
	if err != nil {
		http.Error(w, "failed", http.StatusInternalServerError)
		return
	}
	if r.On(Huge) {
		text += string(make([]byte, 1<<20))
	}
	w.Header().Set("Content-Type", "application/jwt")
	_, _ = io.WriteString(w, text)
}

func (r *Registry) sign(claims map[string]any) (string, error) {
	switch {
	case r.On(Rogue):
		return r.signer.SignRogueAs(answerType, claims)
	case r.On(Unsigned):
		return simulator.Unsigned(claims)
	case r.On(OtherType):
		return r.signer.Sign(claims)
	}
	return r.signer.SignAs(answerType, claims)
}

const (
	answerType   = "onedoor-registry-answer+jwt"
	questionType = "onedoor-registry-question+jwt"
)

// read checks a question: signed by the hub, for us, of this minute, asked for the first time.
func (r *Registry) read(req *http.Request) (map[string]any, bool) {
	body, err := io.ReadAll(io.LimitReader(req.Body, 8<<10))
	if err != nil || req.Header.Get("Content-Type") != "application/jwt" {
		return nil, false
	}
	jws, err := jose.ParseSignedCompact(string(body), []jose.SignatureAlgorithm{jose.ES256})
	if err != nil || len(jws.Signatures) != 1 {
		return nil, false
	}
	head := jws.Signatures[0].Protected
	if typ, _ := head.ExtraHeaders[jose.HeaderType].(string); typ != questionType {
		return nil, false
	}
	var set jose.JSONWebKeySet
	if json.Unmarshal(r.o.Keys(), &set) != nil {
		return nil, false
	}
	var q map[string]any
	for _, k := range set.Key(head.KeyID) {
		if payload, err := jws.Verify(k); err == nil && json.Unmarshal(payload, &q) == nil {
			break
		}
	}
	id, _ := q["jti"].(string)
	exp, _ := q["exp"].(float64)
	_, entity := q["entity"].(map[string]any)
	_, person := q["person"].(map[string]any)
	if q["iss"] != r.o.Hub || q["aud"] != Name || id == "" || !entity || !person || r.o.Clock().Unix() > int64(exp) {
		return nil, false
	}
	if _, again := r.seen.Get(id); again {
		return nil, false
	}
	r.seen.Put(id, true)
	r.asked.Put(id, q)
	return q, true
}

// directs compares the hash that was sent with that of each director's number: of who is none nothing is learned.
func (r *Registry) directs(c Company, person map[string]any) bool {
	nonce, err := base64.RawURLEncoding.DecodeString(text(person["nonce"]))
	if err != nil || person["type"] != "th.citizen" {
		return false
	}
	return slices.ContainsFunc(c.Directors, func(number string) bool {
		h := hmac.New(sha256.New, nonce)
		h.Write([]byte(number))
		return hmac.Equal([]byte(base64.RawURLEncoding.EncodeToString(h.Sum(nil))), []byte(text(person["hash"])))
	})
}

func text(v any) string {
	s, _ := v.(string)
	return s
}
