package samlmsg

import (
	"encoding/base64"
	"html/template"
	"io"
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
