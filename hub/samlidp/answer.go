package samlidp

import (
	"net/http"

	"onedoor/hub/audit"
	"onedoor/hub/samlmsg"
)

// refuseAt tells the service provider how its request ended, and records it. Where not even that can be signed, the page says so.
func (p *Provider) refuseAt(w http.ResponseWriter, r *http.Request, sp ServiceProvider, a question, bad *refusal, about audit.Event) {
	about.System = sp.ID
	p.note(r.Context(), about, bad.reason, bad.broken(), bad.cause)
	signer, err := p.signer(r.Context())
	if err != nil {
		p.o.Journey.Refuse(w, r, err)
		return
	}
	response, err := samlmsg.Response{
		ID: p.id(), InResponseTo: a.ID, IssueInstant: p.now(), Issuer: p.entityID, Destination: a.ACS, Status: bad.status,
	}.XML(samlmsg.IssueOptions{Response: signer})
	if err != nil {
		p.o.Journey.Refuse(w, r, err)
		return
	}
	p.post(w, r, a, response)
}

// post writes the page that carries a response to the assertion consumer service. It sends itself where scripts run, and has a
// button where they do not.
func (p *Provider) post(w http.ResponseWriter, r *http.Request, a question, response []byte) {
	form, err := samlmsg.NewForm(a.ACS, samlmsg.KindResponse, response, a.Relay)
	if err != nil {
		p.o.Journey.Refuse(w, r, err)
		return
	}
	form.Script, form.Texts = ScriptPath, samlmsg.ReturnTexts(p.o.Language(r))
	if err := form.Serve(w); err != nil {
		p.o.Journey.Refuse(w, r, err)
	}
}

// script presses the button.
const script = `document.getElementById("` + samlmsg.FormID + `").requestSubmit();` + "\n"

// Script is the script of the page.
func (p *Provider) Script(w http.ResponseWriter, r *http.Request) {
	if !allow(w, r, http.MethodGet, http.MethodHead) {
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/javascript; charset=utf-8")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "public, max-age=86400")
	_, _ = w.Write([]byte(script))
}
