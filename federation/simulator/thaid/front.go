package thaid

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"onedoor/federation/simulator"
)

// qrContent stands in for the QR page and the phone app together.
const qrContent = `{{define "content"}}
<p>On the real page you scan a QR code with the ThaID app. Here you choose who holds the phone.
<span lang="th">หน้านี้แทนการสแกน QR ด้วยแอป ThaID</span></p>
<p>Reference code:</p><p class="code">{{.Reference}}</p>
<p><small>Valid for 120 seconds. The service <strong>{{.Client}}</strong> asks for: {{.Asked}}.</small></p>
<form method="post" action="{{.Action}}">
<input type="hidden" name="id" value="{{.ID}}">
{{template "people" .People}}
<p class="actions"><button name="decision" value="approve">Approve <span lang="th">ยินยอม</span></button>
<button class="second" name="decision" value="deny">Deny <span lang="th">ปฏิเสธ</span></button></p>
{{template "switches" .Switches}}
</form>
{{end}}`

const messageContent = `{{define "content"}}
<p>{{.Text}}</p>
{{if .Again}}<p class="actions"><a class="button" href="{{.Again}}">Get a new QR code <span lang="th">ขอ QR ใหม่</span></a></p>{{end}}
{{end}}`

type qrView struct {
	simulator.Frame
	Action, ID, Reference, Client, Asked string
	People                               []simulator.Person
	Switches                             []simulator.Switch
}

type messageView struct {
	simulator.Frame
	Text, Again string
}

func frame(title string) simulator.Frame {
	return simulator.Frame{Title: title, Name: "ThaID (stand-in)", Theme: "thaid"}
}

func (t *ThaID) message(w http.ResponseWriter, status int, title, text, again string) {
	simulator.WritePage(w, status, t.messagePage, messageView{Frame: frame(title), Text: text, Again: again})
}

func (t *ThaID) refuse(w http.ResponseWriter) {
	t.message(w, http.StatusBadRequest, "invalid_request", "Bad data request: the client or its redirect_uri is not registered, or a parameter is missing.", "")
}

// authorize shows the QR page. All five parameters are required; the redirect address is compared byte by byte.
func (t *ThaID) authorize(w http.ResponseWriter, r *http.Request) {
	if !simulator.ParseForm(w, r) {
		t.refuse(w)
		return
	}
	f := r.Form
	client, known := t.clients.Find(f.Get("client_id"))
	if !known || !slices.Contains(client.RedirectURIs, f.Get("redirect_uri")) || f.Get("state") == "" || f.Get("scope") == "" {
		t.refuse(w)
		return
	}
	q := waiting{
		client: client.ID, redirect: f.Get("redirect_uri"), state: f.Get("state"), nonce: f.Get("nonce"),
		scopes: strings.Fields(f.Get("scope")), at: t.clock(),
		again: t.base + root + "/auth/?" + r.URL.RawQuery,
	}
	if f.Get("response_type") != "code" {
		t.backError(w, r, q, "unsupported_response_type", "only code")
		return
	}
	for _, s := range q.scopes {
		if !slices.Contains(client.Scopes, s) {
			t.backError(w, r, q, "invalid_scope", "scope is not approved")
			return
		}
	}
	id := simulator.Token(t.random)
	q.reference = strings.ToUpper(strings.NewReplacer("-", "K", "_", "M").Replace(simulator.Token(t.random)[:4]))
	t.waiting.Put(id, q)
	simulator.WritePage(w, http.StatusOK, t.qrPage, qrView{
		Frame: frame("Log in with ThaID"), Action: root + "/auth/answer/", ID: id, Reference: q.reference, Client: client.ID,
		Asked: strings.Join(q.scopes, ", "), People: t.people, Switches: t.switches(),
	})
}

// answer is the person's tap on the phone.
func (t *ThaID) answer(w http.ResponseWriter, r *http.Request) {
	if !simulator.ParseForm(w, r, "fault") {
		t.refuse(w)
		return
	}
	q, open := t.waiting.Take(r.PostForm.Get("id"))
	if !open {
		t.message(w, http.StatusGone, "This QR code is gone", "It has been answered already, or is too old. Go back to the service and begin again.", "")
		return
	}
	faults := t.faults.With(r.PostForm["fault"])
	if faults[ExpiredQR] || t.clock().Sub(q.at) > qrLife {
		t.message(w, http.StatusGone, "The QR code has expired", "A QR code is valid for 120 seconds.", q.again)
		return
	}
	person, known := simulator.Find(t.people, r.PostForm.Get("person"))
	if faults[WrongState] {
		q.state = simulator.Token(t.random)
	}
	switch {
	case r.PostForm.Get("decision") != "approve" || faults[UserDenied]:
		t.backError(w, r, q, "user_denied", "user denied")
	case !known:
		t.backError(w, r, q, "access_denied", "unknown person")
	case faults[ScopeNotApproved]:
		t.backError(w, r, q, "invalid_scope", "scope is not approved")
	default:
		code := simulator.Token(t.random)
		t.codes.Put(code, approval{waiting: q, person: person, faults: faults, at: t.clock()})
		t.back(w, r, q, url.Values{"code": {code}})
	}
}
