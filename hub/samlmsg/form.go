package samlmsg

import (
	"bytes"
	"encoding/base64"
	"html/template"
	"io"
	"net/http"
	"strings"
)

// Form is the page that carries a message by HTTP-POST (SAML Bindings section 3.5.3): a form with a plain button, which a
// script file of the caller's may press. It holds no inline script, style or handler.
type Form struct {
	Action     string // location of the peer's metadata
	Parameter  string // SAMLRequest or SAMLResponse
	Value      string // base64 of the XML
	RelayState string
	Texts      FormTexts
	Script     string // address of a script on the hub's own origin, "" for none; it finds the form by its id
}

// FormID is the id of the form, for the script that sends it.
const FormID = "saml-post"

// FormTexts are the words that a person reads when no script runs.
type FormTexts struct {
	Language string // BCP 47
	Title    string
	Explain  string
	Button   string
}

var formPage = template.Must(template.New("saml-post").Parse(`<!DOCTYPE html>
<html lang="{{.Texts.Language}}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>{{.Texts.Title}}</title>
{{- if .Script}}
<script src="{{.Script}}" defer></script>
{{- end}}
</head>
<body>
<main>
<h1>{{.Texts.Title}}</h1>
<p>{{.Texts.Explain}}</p>
<form id="` + FormID + `" method="post" action="{{.Action}}" accept-charset="utf-8">
<input type="hidden" name="{{.Parameter}}" value="{{.Value}}">
{{- if .RelayState}}
<input type="hidden" name="RelayState" value="{{.RelayState}}">
{{- end}}
<button type="submit">{{.Texts.Button}}</button>
</form>
</main>
</body>
</html>
`))

// NewForm makes the form for a message. Invalid: the location is not one to send a browser to, or the relay state is too long.
func NewForm(location string, kind Kind, xml []byte, relayState string) (Form, error) {
	const op = "NewForm"
	if _, ok := safeLocation(location); !ok {
		return Form{}, refuse(op, BindingUnsafe)
	}
	if !relayStateOK(relayState, MessageLimits().RelayState) {
		return Form{}, refuse(op, BindingRelayState)
	}
	return Form{
		Action: location, Parameter: kind.parameter(), Value: base64.StdEncoding.EncodeToString(xml), RelayState: relayState,
		Texts: FormTexts{Language: "en", Title: "Continue", Explain: "Press the button to continue.", Button: "Continue"},
	}, nil
}

// WriteTo writes the page.
func (f Form) WriteTo(w io.Writer) (int64, error) {
	var page strings.Builder
	if err := formPage.Execute(&page, f); err != nil {
		return 0, refuse("Form.WriteTo", MessageIncomplete)
	}
	n, err := io.WriteString(w, page.String())
	return int64(n), err
}

// ContentSecurityPolicy gives the header for the page: scripts from the hub's own origin only, and this form may go where it
// is meant to go. The peer's own redirects after the form was sent are checked by some browsers against form-action too; a
// peer that redirects across origins has those named in more.
func (f Form) ContentSecurityPolicy(more ...string) string {
	targets := []string{}
	for _, location := range append([]string{f.Action}, more...) {
		if u, ok := safeLocation(location); ok {
			targets = append(targets, u.Scheme+"://"+u.Host)
		}
	}
	return "default-src 'none'; script-src 'self'; style-src 'self'; form-action " + strings.Join(targets, " ") +
		"; base-uri 'none'; frame-ancestors 'none'"
}

// Serve answers with the page: its form goes where it is meant to go, and a script of our own may press its button. Chromium holds
// form-action against every redirect that follows the form, and a peer may send the browser on to another host of its own, which nobody
// registers; so any https address may follow, but where the form itself goes is written in it. Nothing is written where it fails.
func (f Form) Serve(w http.ResponseWriter) error {
	var page bytes.Buffer
	if _, err := f.WriteTo(&page); err != nil {
		return err
	}
	target := ""
	if u, ok := safeLocation(f.Action); ok {
		target = " " + u.Scheme + "://" + u.Host
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy",
		"default-src 'none'; script-src 'self'; form-action https:"+target+"; base-uri 'none'; frame-ancestors 'none'")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "no-store")
	h.Set("Pragma", "no-cache")
	w.WriteHeader(http.StatusOK)
	_, _ = w.Write(page.Bytes()) // the connection is gone where it fails
	return nil
}

// ReturnTexts gives the words of a page that takes a person back to a service: th, en, zh or vi, and Thai for everything else.
func ReturnTexts(language string) FormTexts {
	switch language {
	case "en":
		return FormTexts{
			Language: "en", Title: "Back to the service", Explain: "You are being taken back to the service. If nothing happens, press the button.",
			Button: "Continue",
		}
	case "zh":
		return FormTexts{Language: "zh", Title: "返回服务", Explain: "正在返回服务。如果没有反应，请按下按钮。", Button: "继续"}
	case "vi":
		return FormTexts{
			Language: "vi", Title: "Quay lại dịch vụ", Explain: "Bạn đang được đưa trở lại dịch vụ. Nếu không có gì xảy ra, hãy nhấn nút.",
			Button: "Tiếp tục",
		}
	default:
		return FormTexts{
			Language: "th", Title: "กลับไปยังบริการ", Explain: "กำลังนำท่านกลับไปยังบริการ หากไม่มีอะไรเกิดขึ้น โปรดกดปุ่ม", Button: "ดำเนินการต่อ",
		}
	}
}

// LogoutTexts gives the words of a page that takes a person to a service to sign out there.
func LogoutTexts(language string) FormTexts {
	switch language {
	case "en":
		return FormTexts{
			Language: "en", Title: "Signing you out", Explain: "You are being taken to a service to sign out there too. If nothing happens, press the button.",
			Button: "Continue",
		}
	case "zh":
		return FormTexts{Language: "zh", Title: "正在退出登录", Explain: "正在前往另一项服务，以便在那里也退出登录。如果没有反应，请按下按钮。", Button: "继续"}
	case "vi":
		return FormTexts{
			Language: "vi", Title: "Đang đăng xuất", Explain: "Bạn đang được đưa đến một dịch vụ để đăng xuất cả ở đó. Nếu không có gì xảy ra, hãy nhấn nút.",
			Button: "Tiếp tục",
		}
	default:
		return FormTexts{
			Language: "th", Title: "กำลังออกจากระบบ", Explain: "กำลังนำท่านไปยังบริการเพื่อออกจากระบบที่นั่นด้วย หากไม่มีอะไรเกิดขึ้น โปรดกดปุ่ม", Button: "ดำเนินการต่อ",
		}
	}
}
