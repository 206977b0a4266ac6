package department

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"io"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/coreos/go-oidc/v3/oidc"

	"onedoor/federation/simulator"
)

// Where the hub asks for a person's record, and tells what became of bindings.
const (
	MatchPath  = "/records/match"
	NoticePath = "/records/notify"
	ShowPath   = "/records/show" // where a reviewer's comparison gets a record from
)

// The types of the hub's messages.
const (
	matchType  = "onedoor-match+jwt"
	noticeType = "onedoor-binding+jwt"
	recordType = "onedoor-record+jwt"
)

// Record is what the department keeps of somebody.
type Record struct {
	Number    string
	CitizenID string
	Given     string
	Family    string
	Birthdate string
	FirstYear string // what only the department and the person know
	Card      string
	Company   string // registered number of the legal entity that it is about; "" of a person
}

// RecordFault is something that goes wrong at the department's own endpoints.
type RecordFault string

// The faults.
const (
	RecordsDown      RecordFault = "down"      // 503
	RecordsSlow      RecordFault = "slow"      // no answer until the caller goes away
	RecordsTalkative RecordFault = "talkative" // the answer holds more than it may
	RecordsWrong     RecordFault = "wrong"     // the number of another kind
	RecordsAskMore   RecordFault = "ask-more"  // always asks for one more attribute
	RecordsMany      RecordFault = "multiple"  // always finds several
)

// RecordFaults lists them.
func RecordFaults() []RecordFault {
	return []RecordFault{RecordsDown, RecordsSlow, RecordsTalkative, RecordsWrong, RecordsAskMore, RecordsMany}
}

// RecordNews is what the department was told of a binding.
type RecordNews struct {
	Event    string `json:"event"`
	Reason   string `json:"reason"`
	Record   string `json:"record"`
	Subject  string `json:"sub"`
	Sequence int    `json:"sequence"`
}

// registry is the department's file of records.
type registry struct {
	mu      sync.Mutex
	records []Record
	news    []RecordNews
	told    chan struct{}   // closed, and another put in its place, by each new message
	seen    map[string]bool // ids of messages
	faults  *simulator.Faults[RecordFault]
}

func newRegistry(records []Record) *registry {
	return &registry{records: slices.Clone(records), told: make(chan struct{}), seen: map[string]bool{}, faults: simulator.NewFaults(RecordFaults(), nil)}
}

// RecordFaults gives the switches.
func (d *Department) RecordFaults() *simulator.Faults[RecordFault] { return d.registry.faults }

// RecordNews waits until the department was told n times and lists it, oldest first; when ctx is done first, it lists what there is.
func (d *Department) RecordNews(ctx context.Context, n int) []RecordNews {
	for {
		d.registry.mu.Lock()
		news, told := slices.Clone(d.registry.news), d.registry.told
		d.registry.mu.Unlock()
		if len(news) >= n {
			return news
		}
		select {
		case <-told:
		case <-ctx.Done():
			return news
		}
	}
}

// matchClaims are the hub's question.
type matchClaims struct {
	Issuer     string            `json:"iss"`
	Audience   string            `json:"aud"`
	ID         string            `json:"jti"`
	Expires    int64             `json:"exp"`
	Attributes map[string]string `json:"attributes"`
	Entity     struct {
		Number string `json:"number"`
	} `json:"entity"`
	Extra  map[string]string `json:"extra"`
	Record string            `json:"record"`
}

const largestMessage = 32 << 10 // bytes

// message reads a signed message of the hub: its signature, its type, who sent it, to whom, and until when it is good.
func (d *Department) message(ctx context.Context, r *http.Request, typ, path string, claims any) bool {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "application/"+typ {
		return false
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, largestMessage+1))
	if err != nil || len(body) > largestMessage {
		return false
	}
	p, err := d.discover(ctx)
	if err != nil || !headerIs(string(body), typ) {
		return false
	}
	verifier := p.oidc.VerifierContext(oidc.ClientContext(ctx, d.o.HTTP), &oidc.Config{
		ClientID: d.o.BaseURL + path, SupportedSigningAlgs: []string{oidc.ES256}, Now: d.o.Clock,
	})
	token, err := verifier.Verify(ctx, string(body))
	return err == nil && token.Claims(claims) == nil
}

// headerIs checks typ, so that a message of one kind is never taken for one of another (RFC 8725 section 3.11).
func headerIs(raw, typ string) bool {
	head, _, _ := strings.Cut(raw, ".")
	b, err := base64.RawURLEncoding.DecodeString(head)
	var h struct {
		Typ string `json:"typ"`
	}
	return err == nil && json.Unmarshal(b, &h) == nil && h.Typ == typ
}

// match is POST MatchPath: it finds a record and says nothing of what is in it.
func (d *Department) match(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	faults := d.registry.faults
	switch {
	case faults.On(RecordsDown):
		http.Error(w, http.StatusText(http.StatusServiceUnavailable), http.StatusServiceUnavailable)
		return
	case faults.On(RecordsSlow):
		<-r.Context().Done()
		return
	}
	var q matchClaims
	if !d.message(r.Context(), r, matchType, MatchPath, &q) {
		simulator.WriteJSON(w, http.StatusBadRequest, map[string]any{"error": "invalid_request"})
		return
	}
	answer := d.registry.find(q)
	switch {
	case faults.On(RecordsTalkative):
		answer["name"] = "Somebody"
	case faults.On(RecordsWrong):
		answer = map[string]any{"result": "match", "record": "12"}
	case faults.On(RecordsAskMore) && q.Extra["first-year"] == "":
		answer = map[string]any{"result": "ask-more", "ask": "first-year"}
	case faults.On(RecordsMany):
		answer = map[string]any{"result": "multiple"}
	}
	simulator.WriteJSON(w, http.StatusOK, answer)
}

// find looks for the one record that is the person's: by the citizen number, with birth date and given name beside it; or the one that they named, if
// they know what is on its card.
func (g *registry) find(q matchClaims) map[string]any {
	g.mu.Lock()
	defer g.mu.Unlock()
	var found []Record
	for _, r := range g.records {
		switch {
		case q.Record != "":
			if r.Number == q.Record && r.Card != "" && r.Card == q.Extra["card"] {
				found = append(found, r)
			}
		case q.Entity.Number != "":
			if r.Company == q.Entity.Number {
				found = append(found, r)
			}
		case r.Company == "" && r.CitizenID == q.Attributes["citizen_id"]:
			found = append(found, r)
		}
	}
	switch {
	case len(found) == 0:
		return map[string]any{"result": "no-match"}
	case len(found) > 1:
		return map[string]any{"result": "multiple"}
	}
	r := found[0]
	same := q.Attributes["given_name"] == r.Given && q.Attributes["birthdate"] == r.Birthdate
	switch {
	case q.Record != "" || q.Entity.Number != "" || same:
		return map[string]any{"result": "match", "record": r.Number}
	case q.Extra["first-year"] == "":
		return map[string]any{"result": "ask-more", "ask": "first-year"}
	case q.Extra["first-year"] == r.FirstYear:
		return map[string]any{"result": "match", "record": r.Number}
	}
	return map[string]any{"result": "no-match"}
}

// notice is POST NoticePath.
func (d *Department) notice(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	var n struct {
		RecordNews
		ID string `json:"jti"`
	}
	if !d.message(r.Context(), r, noticeType, NoticePath, &n) || n.ID == "" {
		simulator.WriteJSON(w, http.StatusBadRequest, map[string]any{"error": "invalid_request"})
		return
	}
	d.registry.mu.Lock()
	defer d.registry.mu.Unlock()
	if !d.registry.seen[n.ID] { // the hub tells again where it got no answer
		d.registry.seen[n.ID] = true
		d.registry.news = append(d.registry.news, n.RecordNews)
		close(d.registry.told)
		d.registry.told = make(chan struct{})
	}
	w.WriteHeader(http.StatusNoContent)
}

// Insured gives records of the invented people, each under 20 characters of social security's own: all that the stand-in knows of them.
func Insured(people []simulator.Person, check func(body string) byte) []Record {
	var out []Record
	for i, p := range people {
		body := "SSO" + string("KMTRWXYZ"[i%8]) + "2026" + strings.Repeat(string(rune('0'+i%10)), 11)
		out = append(out, Record{
			Number: body + string(check(body)), CitizenID: p.CitizenID, Given: p.GivenName, Family: p.FamilyName, Birthdate: p.Birthdate, FirstYear: "2015", Card: "9" + body[8:16],
		})
		if p.Key == twice { // an employer of long ago had the name wrong, and nobody has put the two records together
			old := "SSOQ1999" + strings.Repeat("7", 11)
			out = append(out, Record{
				Number: old + string(check(old)), CitizenID: p.CitizenID, Given: p.GivenName[:len(p.GivenName)-len("ส")] + "ศ", Family: p.FamilyName, Birthdate: p.Birthdate,
			})
		}
	}
	return out
}

// Taxpayers gives records of companies, each under 40 digits of the revenue department's own.
func Taxpayers(numbers ...string) []Record {
	var out []Record
	for i, n := range numbers {
		out = append(out, Record{Number: strings.Repeat(strconv.Itoa(i+1), 27) + n, Company: n})
	}
	return out
}

// persons reports whether records of people are kept.
func (g *registry) persons() bool {
	return slices.ContainsFunc(g.records, func(r Record) bool { return r.Company == "" })
}

// twice is whom social security has two records of.
const twice = "tharn"

// showRecord is POST ShowPath: it shows one record to the hub, for a reviewer who compares.
func (d *Department) showRecord(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	var q struct {
		Record   string `json:"record"`
		Reviewer string `json:"reviewer"`
	}
	if d.registry.faults.On(RecordsDown) {
		http.Error(w, http.StatusText(http.StatusServiceUnavailable), http.StatusServiceUnavailable)
		return
	}
	if !d.message(r.Context(), r, recordType, ShowPath, &q) || q.Reviewer == "" {
		simulator.WriteJSON(w, http.StatusBadRequest, map[string]any{"error": "invalid_request"})
		return
	}
	d.registry.mu.Lock()
	defer d.registry.mu.Unlock()
	at := slices.IndexFunc(d.registry.records, func(x Record) bool { return x.Number == q.Record })
	if at < 0 {
		simulator.WriteJSON(w, http.StatusNotFound, map[string]any{"error": "not_found"})
		return
	}
	x := d.registry.records[at]
	fields := map[string]string{"citizen_id": x.CitizenID, "given_name": x.Given, "family_name": x.Family, "birthdate": buddhist(x.Birthdate)}
	if x.FirstYear != "" {
		fields["first-year"] = x.FirstYear
	}
	simulator.WriteJSON(w, http.StatusOK, map[string]any{"fields": fields})
}

// buddhist writes a date as the department's files do: day first, in the Buddhist era.
func buddhist(date string) string {
	year, err := strconv.Atoi(date[:4])
	if err != nil || len(date) != len("2006-01-02") {
		return date
	}
	return date[8:] + "/" + date[5:7] + "/" + strconv.Itoa(year+543)
}
