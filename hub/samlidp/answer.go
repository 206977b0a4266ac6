package samlidp

import (
	"bytes"
	"net/http"
	"net/url"

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
	form.Script = ScriptPath
	form.Texts = textsIn(p.o.Language(r))
	var page bytes.Buffer
	if _, err := form.WriteTo(&page); err != nil {
		p.o.Journey.Refuse(w, r, err)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", policy(a.ACS))
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "no-store")
	h.Set("Pragma", "no-cache")
	w.WriteHeader(http.StatusOK)
	_, _ = w.Write(page.Bytes()) // the connection is gone where it fails
}

// policy is the content security policy of the page: one script of our own, and a form that goes to the service provider. Chromium
// holds form-action against every redirect that follows the form, and a department may send the browser on to another host of its
// own, which nobody registers; so any https address may follow, but where the form itself goes is written in it.
func policy(acs string) string {
	target := ""
	if u, err := url.Parse(acs); err == nil {
		target = " " + u.Scheme + "://" + u.Host
	}
	return "default-src 'none'; script-src 'self'; form-action https:" + target + "; base-uri 'none'; frame-ancestors 'none'"
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

// textsIn gives the words of the page.
func textsIn(language string) samlmsg.FormTexts {
	switch language {
	case "en":
		return samlmsg.FormTexts{
			Language: "en", Title: "Back to the service", Explain: "You are being taken back to the service. If nothing happens, press the button.",
			Button: "Continue",
		}
	case "zh":
		return samlmsg.FormTexts{Language: "zh", Title: "返回服务", Explain: "正在返回服务。如果没有反应，请按下按钮。", Button: "继续"}
	case "vi":
		return samlmsg.FormTexts{
			Language: "vi", Title: "Quay lại dịch vụ", Explain: "Bạn đang được đưa trở lại dịch vụ. Nếu không có gì xảy ra, hãy nhấn nút.",
			Button: "Tiếp tục",
		}
	default:
		return samlmsg.FormTexts{
			Language: "th", Title: "กลับไปยังบริการ", Explain: "กำลังนำท่านกลับไปยังบริการ หากไม่มีอะไรเกิดขึ้น โปรดกดปุ่ม", Button: "ดำเนินการต่อ",
		}
	}
}
