package bank

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"onedoor/federation/simulator"
)

const loginContent = `{{define "content"}}
<p>The service <strong>{{.Client}}</strong> asks the bank who you are. <span lang="th">กรุณาเลือกบุคคลสมมุติเพื่อเข้าสู่ระบบ</span></p>
<form method="post" action="/login">
<input type="hidden" name="id" value="{{.ID}}">
{{template "people" .People}}
<fieldset>
<legend>How do you log in? <span lang="th">วิธีเข้าสู่ระบบ</span></legend>
{{range .Methods}}<p class="choice"><input type="radio" name="acr" id="{{.ID}}" value="{{.Value}}"{{if .On}} checked{{end}} required><label for="{{.ID}}">{{.Text}}</label></p>
{{end}}</fieldset>
<p class="actions"><button name="decision" value="approve">Log in <span lang="th">เข้าสู่ระบบ</span></button>
<button class="second" name="decision" value="deny">Cancel <span lang="th">ยกเลิก</span></button></p>
{{template "switches" .Switches}}
</form>
{{end}}`

const homeContent = `{{define "content"}}
{{if .Person.Key}}<p>You are signed in as <strong lang="th">{{.Person.Name}}</strong>.</p>
<form method="post" action="/signout"><p class="actions"><button>Sign out of the bank <span lang="th">ออกจากระบบธนาคาร</span></button></p></form>
<p><small>Every service that you used with this login is told.</small></p>
{{else}}<p>Nothing to do here. A service that lets you log in with the bank sends you to the right page.</p>{{end}}
{{end}}`

const messageContent = `{{define "content"}}<p>{{.Text}}</p>{{end}}`

type method struct {
	ID, Value, Text string
	On              bool
}

type loginView struct {
	simulator.Frame
	ID, Client string
	People     []simulator.Person
	Methods    []method
	Switches   []simulator.Switch
}

type messageView struct {
	simulator.Frame
	Text string
}

func frame(title string) simulator.Frame {
	return simulator.Frame{Title: title, Name: "Sabaidee Bank (stand-in)", Theme: "bank"}
}

func (b *Bank) message(w http.ResponseWriter, status int, title, text string) {
	simulator.WritePage(w, status, b.messagePage, messageView{Frame: frame(title), Text: text})
}

type homeView struct {
	simulator.Frame
	Person simulator.Person
}

func (b *Bank) home(w http.ResponseWriter, r *http.Request) {
	v, _ := b.here(r)
	simulator.WritePage(w, http.StatusOK, b.homePage, homeView{Frame: frame("Sabaidee Bank"), Person: v.person})
}

// back answers the authorization request, with the issuer (RFC 9207).
func (b *Bank) back(w http.ResponseWriter, r *http.Request, q request, faults map[Fault]bool, params url.Values) {
	if q.state != "" {
		params.Set("state", q.state)
	}
	params.Set("iss", b.base)
	switch {
	case faults[NoIssParam]:
		params.Del("iss")
	case faults[WrongIssParam]:
		params.Set("iss", "https://other-bank.example")
	}
	if faults[WrongState] {
		params.Set("state", simulator.Token(b.random))
	}
	simulator.Redirect(w, r, q.redirect, params)
}

// authorize checks the request (RFC 6749 section 4.1.1, Core section 3.1.2.2) and shows the login page. The bank asks
// everybody anew, so every prompt but none and every max_age is met.
func (b *Bank) authorize(w http.ResponseWriter, r *http.Request) {
	if !simulator.ParseForm(w, r) {
		b.message(w, http.StatusBadRequest, "Invalid request", "A parameter is there twice, or the request is too long.")
		return
	}
	f, ok := b.request(r.Form)
	if !ok {
		b.message(w, http.StatusBadRequest, "Invalid request", "The request must be pushed first, and can be used once.")
		return
	}
	client, known := b.clients.Find(f.Get("client_id"))
	if !known || !slices.Contains(client.RedirectURIs, f.Get("redirect_uri")) {
		b.message(w, http.StatusBadRequest, "Invalid request", "The client or its redirect_uri is not registered.")
		return
	}
	q := request{
		client: client.ID, redirect: f.Get("redirect_uri"), state: f.Get("state"), nonce: f.Get("nonce"),
		challenge: f.Get("code_challenge"), scopes: strings.Fields(f.Get("scope")), acr: wanted(f),
	}
	if word := b.wrong(client, q, f); word != "" {
		b.back(w, r, q, nil, url.Values{"error": {word}})
		return
	}
	id := simulator.Token(b.random)
	b.asked.Put(id, q)
	two := slices.Contains(q.acr, ACRTwoFactor) && (len(q.acr) == 0 || q.acr[0] == ACRTwoFactor)
	people := slices.Clone(b.people)
	for i := range people {
		people[i].IAL = "2.2" // the bank proofs everybody at a branch, whatever ThaID knows
	}
	simulator.WritePage(w, http.StatusOK, b.loginPage, loginView{
		Frame: frame("Log in to Sabaidee Bank"), ID: id, Client: client.ID, People: people, Switches: b.switches(),
		Methods: []method{
			{ID: "acr-two", Value: ACRTwoFactor, Text: "Password and the bank's app", On: two || len(q.acr) == 0},
			{ID: "acr-one", Value: ACRPassword, Text: "Password only", On: !two && len(q.acr) > 0},
		},
	})
}

// wrong gives the error word for a request that the bank does not serve, "" for a good one.
func (b *Bank) wrong(client simulator.Client, q request, f url.Values) string {
	switch {
	case f.Get("response_type") != "code":
		return "unsupported_response_type"
	case f.Has("request"):
		return "request_not_supported"
	case f.Has("request_uri"):
		return "request_uri_not_supported"
	case !slices.Contains(q.scopes, "openid"):
		return "invalid_scope"
	case slices.ContainsFunc(q.scopes, func(s string) bool { return !slices.Contains(client.Scopes, s) }):
		return "invalid_scope"
	case len(q.challenge) != 43 || f.Get("code_challenge_method") != "S256":
		return "invalid_request"
	case f.Get("prompt") == "none":
		return "login_required"
	}
	return ""
}

// login is the person's act on the login page.
func (b *Bank) login(w http.ResponseWriter, r *http.Request) {
	if !simulator.ParseForm(w, r, "fault") {
		b.message(w, http.StatusBadRequest, "Invalid request", "The form can't be read.")
		return
	}
	q, open := b.asked.Take(r.PostForm.Get("id"))
	if !open {
		b.message(w, http.StatusGone, "This login is over", "It has been answered already, or is too old. Go back to the service and begin again.")
		return
	}
	faults := b.faults.With(r.PostForm["fault"])
	person, known := simulator.Find(b.people, r.PostForm.Get("person"))
	acr := r.PostForm.Get("acr")
	switch {
	case r.PostForm.Get("decision") != "approve" || !known:
		b.back(w, r, q, faults, url.Values{"error": {"access_denied"}})
	case acr != ACRPassword && acr != ACRTwoFactor:
		b.back(w, r, q, faults, url.Values{"error": {"invalid_request"}})
	case faults[FrontError]:
		b.back(w, r, q, faults, url.Values{"error": {"server_error"}})
	case faults[LevelRejected]:
		b.back(w, r, q, faults, url.Values{"error": {"unmet_authentication_requirements"}})
	default:
		code := simulator.Token(b.random)
		b.codes.Put(code, login{request: q, person: person, acr: acr, faults: faults, at: b.clock(), code: code, sid: b.remembered(w, r, person, q.client)})
		b.back(w, r, q, faults, url.Values{"code": {code}})
	}
}
