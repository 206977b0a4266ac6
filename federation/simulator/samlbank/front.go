package samlbank

import (
	"context"
	"net/http"
	"slices"
	"time"

	"onedoor/federation/simulator"
	"onedoor/hub"
	"onedoor/hub/samlmsg"
)

const loginContent = `{{define "content"}}
<p>The service <strong>{{.Client}}</strong> asks the bank who you are. <span lang="th">กรุณาเลือกบุคคลสมมุติเพื่อเข้าสู่ระบบ</span></p>
<form method="post" action="/login">
<input type="hidden" name="id" value="{{.ID}}">
{{template "people" .People}}
<fieldset>
<legend>How do you log in? <span lang="th">วิธีเข้าสู่ระบบ</span></legend>
{{range .Methods}}<p class="choice"><input type="radio" name="context" id="{{.ID}}" value="{{.Value}}"{{if .On}} checked{{end}} required><label for="{{.ID}}">{{.Text}}</label></p>
{{end}}</fieldset>
<p class="actions"><button name="decision" value="approve">Log in <span lang="th">เข้าสู่ระบบ</span></button>
<button class="second" name="decision" value="deny">Cancel <span lang="th">ยกเลิก</span></button></p>
{{template "switches" .Switches}}
</form>
{{end}}`

const messageContent = `{{define "content"}}<p>{{.Text}}</p>
{{if .Logins}}<form method="post" action="/logout"><p class="actions"><button id="everywhere">Log out of the bank and all services <span lang="th">ออกจากระบบทุกแห่ง</span></button></p></form>
{{end}}{{end}}`

// postContent carries the answer. Its script sends it at once; without scripts the button does.
const postContent = `{{define "content"}}
<form id="saml-post" method="post" action="{{.Form.Action}}" accept-charset="utf-8">
<input type="hidden" name="{{.Form.Parameter}}" value="{{.Form.Value}}">
{{if .Form.RelayState}}<input type="hidden" name="RelayState" value="{{.Form.RelayState}}">{{end}}
<p class="actions"><button type="submit">Back to the service <span lang="th">กลับไปยังบริการ</span></button></p>
</form>
<script src="/post.js" defer></script>
{{end}}`

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
	Text   string
	Logins int
}

type postView struct {
	simulator.Frame
	Form samlmsg.Form
}

func frame(title string) simulator.Frame {
	return simulator.Frame{Title: title, Name: "Sabaidee Savings (stand-in)", Theme: "bank"}
}

func (b *Bank) message(w http.ResponseWriter, status int, title, text string) {
	simulator.WritePage(w, status, b.messagePage, messageView{Frame: frame(title), Text: text})
}

func (b *Bank) home(w http.ResponseWriter, _ *http.Request) {
	text := "Nothing to do here. A service that lets you log in with the bank sends you to the right page."
	simulator.WritePage(w, http.StatusOK, b.messagePage, messageView{Frame: frame("Sabaidee Savings"), Text: text, Logins: b.SignedIn()})
}

func postScript(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/javascript; charset=utf-8")
	_, _ = w.Write([]byte(`document.getElementById("saml-post").submit();` + "\n"))
}

// sso checks the request (SAML Profiles section 4.1.4.1) and shows the login page.
func (b *Bank) sso(w http.ResponseWriter, r *http.Request) {
	m, err := samlmsg.FromHTTP(w, r, samlmsg.Limits{})
	if err != nil {
		b.message(w, http.StatusBadRequest, "Invalid request", "This is not a SAML request: "+samlmsg.Reason(err)+".")
		return
	}
	sp, err := b.serviceProvider(r, m.ClaimedIssuer())
	if err != nil {
		b.message(w, http.StatusBadRequest, "Invalid request", "The bank does not know this service.")
		return
	}
	q, err := b.judge(m, sp)
	if err != nil {
		b.message(w, http.StatusBadRequest, "Invalid request", "The request is not accepted: "+samlmsg.Reason(err)+".")
		return
	}
	id := simulator.Token(b.random)
	b.asked.Put(id, q)
	people := slices.Clone(b.people)
	for i := range people {
		people[i].IAL = "2.2" // the bank proofs everybody at a branch, whatever ThaID knows
	}
	password := len(q.classes) > 0 && q.classes[0] == ContextPassword
	simulator.WritePage(w, http.StatusOK, b.loginPage, loginView{
		Frame: frame("Log in to Sabaidee Savings"), ID: id, Client: q.sp, People: people, Switches: b.switches(),
		Methods: []method{
			{ID: "context-two", Value: ContextTwoFactor, Text: "Password and the bank's app", On: !password},
			{ID: "context-one", Value: ContextPassword, Text: "Password only", On: password},
		},
	})
}

// serviceProvider gives who asks, by its metadata.
func (b *Bank) serviceProvider(r *http.Request, entityID string) (samlmsg.EntityDescriptor, error) {
	return b.known(r.Context(), entityID)
}

func (b *Bank) known(ctx context.Context, entityID string) (samlmsg.EntityDescriptor, error) {
	const op = "samlbank.serviceProvider"
	raw, err := b.metadata(ctx, entityID)
	if err != nil {
		return samlmsg.EntityDescriptor{}, err
	}
	m, err := samlmsg.ParseMetadata(raw, samlmsg.MetadataOptions{Now: b.clock()})
	if err != nil {
		return samlmsg.EntityDescriptor{}, err
	}
	e, ok := m.Entity(entityID)
	if !ok || e.SP == nil {
		return samlmsg.EntityDescriptor{}, hub.Errorf(op, hub.NotFound, "no such service provider")
	}
	return e, nil
}

// judge verifies the request with the keys of the service's metadata, and takes where the answer goes from there.
func (b *Bank) judge(m *samlmsg.Message, sp samlmsg.EntityDescriptor) (request, error) {
	v, err := samlmsg.NewVerifier(samlmsg.VerifierOptions{Certificates: sp.SP.SigningCertificates()})
	if err != nil {
		return request{}, err
	}
	q, err := m.AuthnRequest(v, nil, samlmsg.SignatureRequired)
	if err != nil {
		return request{}, err
	}
	consumer, err := samlmsg.CheckAuthnRequest(q, samlmsg.RequestExpectation{
		Now: b.clock(), Skew: time.Minute, Issuer: sp.EntityID, Destination: b.base + "/sso", SP: *sp.SP,
	})
	if err != nil {
		return request{}, err
	}
	out := request{id: q.ID, sp: sp.EntityID, acs: consumer.Endpoint.Location, relay: m.RelayState(), forced: q.ForceAuthn, format: samlmsg.FormatPersistent}
	if q.NameIDPolicy != nil && q.NameIDPolicy.Format == samlmsg.FormatTransient {
		out.format = samlmsg.FormatTransient
	}
	if q.Context != nil {
		out.classes = q.Context.ClassRefs
	}
	return out, nil
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
	person, known := simulator.Find(b.people, r.PostForm.Get("person"))
	class := r.PostForm.Get("context")
	approved := r.PostForm.Get("decision") == "approve" && known && (class == ContextPassword || class == ContextTwoFactor)
	sp, err := b.serviceProvider(r, q.sp)
	if err != nil {
		b.message(w, http.StatusBadGateway, "The service can't be reached", "The bank can't find out where to send you back to.")
		return
	}
	a := answer{request: q, person: person, context: class, approved: approved, faults: b.faults.With(r.PostForm["fault"]), encryption: sp.SP.Role}
	xml, err := b.answer(a)
	if err == nil {
		err = b.post(w, a, xml)
	}
	if err != nil {
		b.message(w, http.StatusInternalServerError, "The bank has a problem", "The answer could not be made.")
	}
}

// post shows the page that carries the answer back.
func (b *Bank) post(w http.ResponseWriter, a answer, xml []byte) error {
	relay := a.relay
	switch {
	case a.faults[NoRelayState]:
		relay = ""
	case a.faults[WrongRelayState]:
		relay = hub.NewID(b.random) + "." + simulator.Token(b.random)
	}
	form, err := samlmsg.NewForm(a.acs, samlmsg.KindResponse, xml, relay)
	if err != nil {
		return err
	}
	// The page's own script may run, and its form may go anywhere.
	w.Header().Set("Referrer-Policy", "no-referrer")
	simulator.WritePage(scripted{w}, http.StatusOK, b.postPage, postView{Frame: frame("Back to the service"), Form: form})
	return nil
}

// scripted lets a page run the script of its own host.
type scripted struct{ http.ResponseWriter }

// WriteHeader puts the page's own policy in the place of the frame's.
func (s scripted) WriteHeader(status int) {
	s.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; base-uri 'none'; frame-ancestors 'none'")
	s.ResponseWriter.WriteHeader(status)
}
