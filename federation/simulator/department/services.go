package department

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/oauth2"

	"onedoor/hub"
)

// Service is something that the system does only after it has asked the hub, each time: may this person, here and now? (OpenID AuthZEN 1.0)
type Service struct {
	Item   string // in the hub's catalogue
	Action string
	Names  hub.Text
	Lines  []Line // what is shown, all of it invented
}

// Line is a fact on a service's page.
type Line struct{ Name, Value hub.Text }

// ServicePath is where a service's page is, below it the item.
const ServicePath = "/services/"

// quietly is how long a sign-in that was tried without asking anybody is not tried again.
const quietly = 10 * time.Second

// verdict is the hub's answer (AuthZEN section 6.2, and the context that the hub's documentation tells of).
type verdict struct {
	Decision bool `json:"decision"`
	Context  struct {
		Reasons    []string          `json:"reasons"`
		ReasonUser map[string]string `json:"reason_user"`
		Remedies   []struct {
			Kind      string `json:"kind"`
			ACRValues string `json:"acr_values"`
			MaxAge    *int64 `json:"max_age"`
			From      string `json:"from"`
		} `json:"remedies"`
		Link string `json:"link"`
	} `json:"context"`
}

// remedy gives the place of a way to a yes; -1 for none.
func (v verdict) remedy(kind string) int {
	for i, r := range v.Context.Remedies {
		if r.Kind == kind {
			return i
		}
	}
	return -1
}

// only reports whether a no has one reason out of a few.
func (v verdict) only(reasons ...string) bool {
	return len(v.Context.Reasons) > 0 && !slices.ContainsFunc(v.Context.Reasons, func(r string) bool { return !slices.Contains(reasons, r) })
}

// again is the sign-in that would help: as strong and as fresh as the hub says (RFC 9470).
func (v verdict) again(item string) url.Values {
	q := url.Values{"to": {item}}
	if i := v.remedy("step_up"); i >= 0 {
		q.Set("acr_values", v.Context.Remedies[i].ACRValues)
		if age := v.Context.Remedies[i].MaxAge; age != nil {
			q.Set("max_age", strconv.FormatInt(*age, 10))
		}
	}
	return q
}

// service gives the service of an item.
func (d *Department) service(item string) (Service, bool) {
	i := slices.IndexFunc(d.o.Services, func(s Service) bool { return s.Item == item })
	if i < 0 {
		return Service{}, false
	}
	return d.o.Services[i], true
}

// showService is GET of a service's page.
func (d *Department) showService(w http.ResponseWriter, r *http.Request) {
	s, found := d.service(r.PathValue("item"))
	v, in := d.visitor(r)
	switch {
	case !found:
		http.Redirect(w, r, "/", http.StatusSeeOther)
		return
	case !in:
		http.Redirect(w, r, "/login?to="+url.QueryEscape(s.Item), http.StatusSeeOther)
		return
	}
	told, err := d.decide(r.Context(), v.access, s, d.address(r))
	if err != nil { // who does not know says no
		d.o.Log.WarnContext(r.Context(), "the decision point did not answer", "client", d.o.ClientID)
		d.problem(w, r, http.StatusServiceUnavailable, textNoDecision)
		return
	}
	if !told.Decision && told.only("level", "freshness", "no_person") && d.quiet(v.subject+" "+s.Item) {
		// The token may be older than what the person has shown the hub since: perhaps it gives another without asking them anything.
		q := told.again(s.Item)
		q.Set("prompt", "none")
		http.Redirect(w, r, "/login?"+q.Encode(), http.StatusSeeOther)
		return
	}
	lang := language(r)
	status := http.StatusOK
	if !told.Decision {
		status = http.StatusForbidden
	}
	d.write(w, status, view{Lang: lang, SignedIn: true, For: v.representee, Service: d.servicePage(s, told, lang)})
}

// quiet reports, once in a while, that something has not been tried just now.
func (d *Department) quiet(key string) bool {
	if _, tried := d.tried.Get(key); tried {
		return false
	}
	d.tried.Put(key, true)
	return true
}

// servicePage is what a service's page shows.
type servicePage struct {
	Name, Self   string
	Open         bool
	Lines        []attribute
	Reasons      []string // in the person's language
	From         string   // when it opens by itself
	Next, Button string   // address of what is to be done, and its words
	Codes        string
}

func (d *Department) servicePage(s Service, told verdict, lang string) *servicePage {
	p := &servicePage{Name: s.Names.In(lang), Self: ServicePath + url.PathEscape(s.Item), Open: told.Decision}
	if p.Open {
		for _, l := range s.Lines {
			p.Lines = append(p.Lines, attribute{l.Name.In(lang), l.Value.In(lang)})
		}
		return p
	}
	t := texts[lang]
	p.Reasons, p.Codes = strings.FieldsFunc(told.Context.ReasonUser[lang], func(r rune) bool { return r == '\n' }), strings.Join(told.Context.Reasons, ", ")
	if told.only("no_person") {
		p.Reasons = []string{t["noPerson"]}
	}
	if len(p.Reasons) == 0 {
		p.Reasons = []string{t["itemClosed"]}
	}
	for _, x := range told.Context.Remedies {
		if from, err := time.Parse(time.RFC3339, x.From); err == nil {
			p.From = moment(from.In(bangkok), lang)
		}
	}
	p.Next, p.Button = d.next(s, told, t)
	return p
}

// moment writes a time: for Thai in the Buddhist era.
func moment(at time.Time, lang string) string {
	if lang == "th" {
		return at.Format("2/1/") + strconv.Itoa(at.Year()+543) + at.Format(" 15:04")
	}
	return at.Format("2 January 2006 15:04")
}

var bangkok = time.FixedZone("+07", 7*60*60)

// next gives the one thing that is to be done first. What is opened or shown at the hub comes before a better sign-in here: the hub asks for
// that by itself.
func (d *Department) next(s Service, told verdict, t map[string]string) (string, string) {
	for _, r := range told.Context.Remedies { // the link is for the first that is done at the hub
		if words, there := t["do_"+r.Kind]; there && r.Kind != "step_up" && strings.HasPrefix(told.Context.Link, d.o.Issuer+"/") {
			return told.Context.Link, words
		}
	}
	switch login := "/login?" + told.again(s.Item).Encode(); {
	case told.remedy("step_up") >= 0:
		return login, t["do_step_up"]
	case told.only("no_person"):
		return login, t["again"]
	case told.only("not_for_persons", "not_for_entities", "level", "freshness", "no_mandate"):
		return "/login?for=choose&to=" + url.QueryEscape(s.Item), t["actForOther"]
	}
	return "", ""
}

// Serving lists the system's services for its start page.
func (d *Department) serving(lang string) (out []attribute) {
	for _, s := range d.o.Services {
		out = append(out, attribute{s.Names.In(lang), ServicePath + url.PathEscape(s.Item)})
	}
	return out
}

// decide asks the hub's decision point with the token that the system holds.
func (d *Department) decide(ctx context.Context, access string, s Service, from netip.Addr) (v verdict, err error) {
	endpoint, err := d.decisionPoint(ctx)
	if err != nil {
		return v, err
	}
	question := map[string]any{
		"subject":  map[string]string{"type": "access_token", "id": access},
		"resource": map[string]string{"type": "service_item", "id": s.Item},
		"action":   map[string]string{"name": s.Action},
	}
	if d.o.StatesPlace && from.IsValid() {
		question["context"] = map[string]string{"ip_address": from.String()}
	}
	body, err := json.Marshal(question)
	if err != nil {
		return v, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, endpoint, bytes.NewReader(body))
	if err != nil {
		return v, err
	}
	req.Header.Set("Content-Type", "application/json")
	req.SetBasicAuth(url.QueryEscape(d.o.ClientID), url.QueryEscape(d.o.ClientSecret))
	return v, d.answerOf(req, &v)
}

// answerOf reads the JSON of an answer with status 200.
func (d *Department) answerOf(req *http.Request, into any) (err error) {
	resp, err := d.o.HTTP.Do(req)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, resp.Body.Close()) }()
	if resp.StatusCode != http.StatusOK {
		return errors.New("answered " + strconv.Itoa(resp.StatusCode))
	}
	return json.NewDecoder(io.LimitReader(resp.Body, 64<<10)).Decode(into)
}

// decisionPoint learns at the first use where to ask (AuthZEN section 9). Only an address of the hub's own is believed.
func (d *Department) decisionPoint(ctx context.Context) (string, error) {
	if known := d.point.Load(); known != nil {
		return *known, nil
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, d.o.Issuer+"/.well-known/authzen-configuration", nil)
	if err != nil {
		return "", err
	}
	var m struct {
		Point    string `json:"policy_decision_point"`
		Evaluate string `json:"access_evaluation_endpoint"`
	}
	if err := d.answerOf(req, &m); err != nil {
		return "", err
	}
	if m.Point != d.o.Issuer || !strings.HasPrefix(m.Evaluate, d.o.Issuer+"/") {
		return "", errors.New("the document is not the hub's")
	}
	d.point.Store(&m.Evaluate)
	return m.Evaluate, nil
}

// address gives where the person is: who speaks to the system, or, where that is one of its own proxies, the last one who is not.
func (d *Department) address(r *http.Request) netip.Addr {
	from, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	at := from.Addr().Unmap()
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0 && d.behind(at); i-- {
		if strings.TrimSpace(hops[i]) == "" {
			break
		}
		if at, err = netip.ParseAddr(strings.TrimSpace(hops[i])); err != nil {
			return netip.Addr{} // nobody knows
		}
		at = at.Unmap()
	}
	return at
}

func (d *Department) behind(a netip.Addr) bool {
	return slices.ContainsFunc(d.o.Behind, func(p netip.Prefix) bool { return p.Contains(a) })
}

var acrForm = regexp.MustCompile(`^urn:onedoor:ial:[0-9.]{1,3}:aal:[0-9.]{1,3}$`)

// asked reads what a link of ours adds to a login: where to go on, and how strong, how fresh and how quiet it is to be. What is not one of ours is
// left out.
func (d *Department) asked(r *http.Request) (to string, quiet bool, options []oauth2.AuthCodeOption) {
	q := r.URL.Query()
	if s, ok := d.service(q.Get("to")); ok {
		to = s.Item
	}
	switch acr := q.Get("acr_values"); {
	case acrForm.MatchString(acr):
		options = append(options, oauth2.SetAuthURLParam("acr_values", acr))
	case len(d.o.ACRValues) > 0:
		options = append(options, oauth2.SetAuthURLParam("acr_values", strings.Join(d.o.ACRValues, " ")))
	}
	if age, err := strconv.ParseUint(q.Get("max_age"), 10, 31); err == nil {
		options = append(options, oauth2.SetAuthURLParam("max_age", strconv.FormatUint(age, 10)))
	}
	if q.Get("for") == "choose" { // whoever acts for several parties says again for whom
		options = append(options, oauth2.SetAuthURLParam("act_for", "choose"))
	}
	if quiet = q.Get("prompt") == "none" && to != ""; quiet {
		options = append(options, oauth2.SetAuthURLParam("prompt", "none"))
	}
	return to, quiet, options
}

// back gives where a login leads.
func back(to string) string {
	if to == "" {
		return "/"
	}
	return ServicePath + url.PathEscape(to)
}

const serviceContent = `{{define "service"}}{{$s := .Service}}<h1>{{$s.Name}}</h1>
{{if .For}}<p id="representee">{{.T.actingFor}} <strong>{{.For}}</strong></p>
{{end}}{{if $s.Open}}<p role="status" id="open" class="good">{{.T.itemOpen}}</p>
<section><dl>{{range $s.Lines}}<dt>{{.Name}}</dt><dd>{{.Value}}</dd>{{end}}</dl></section>
<p class="hint">{{.T.itemOpenText}}</p>
{{else}}<div role="alert" id="refused" class="bad">{{range $s.Reasons}}<p>{{.}}</p>{{end}}</div>
{{if $s.From}}<p>{{.T.itemFrom}} <strong>{{$s.From}}</strong></p>
{{end}}{{if $s.Next}}<p class="actions"><a class="button" id="next" href="{{$s.Next}}">{{$s.Button}}</a></p>
{{end}}<p class="actions"><a id="look" href="{{$s.Self}}">{{.T.lookAgain}}</a></p>
<p class="hint">{{.T.itemClosedText}}{{if $s.Next}} {{.T.comeBack}}{{end}}</p>
<details><summary>{{.T.itemSaid}}</summary><p><code id="codes">{{$s.Codes}}</code></p></details>
{{end}}<p><a href="/">{{.T.start}}</a></p>
{{end}}`
