package simulator

import (
	"bytes"
	"html/template"
	"net/http"
)

// Frame is what every page of a stand-in has.
type Frame struct {
	Title string // of the page
	Name  string // of the stand-in
	Theme string // class of the body: "thaid", "bank"
}

// Switch is a fault as a page offers it.
type Switch struct {
	Name string
	Text string
	On   bool
}

// layout is the frame of all pages; a page defines "content".
const layout = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>{{.Title}} – {{.Name}}</title>
<link rel="stylesheet" href="/style.css">
</head>
<body class="{{.Theme}}">
<p class="notice" role="note"><strong>Stand-in.</strong> This is not the real service. Everybody here is invented.
<span lang="th">ระบบจำลอง ไม่ใช่บริการจริง บุคคลทั้งหมดเป็นข้อมูลสมมุติ</span></p>
<header><p class="brand">{{.Name}}</p></header>
<main id="main">
<h1>{{.Title}}</h1>
{{template "content" .}}
</main>
</body>
</html>
{{define "people"}}<fieldset>
<legend>Who are you? <span lang="th">คุณคือใคร</span></legend>
{{range $i, $p := .}}<p class="choice"><input type="radio" name="person" id="person-{{$p.Key}}" value="{{$p.Key}}"{{if eq $i 0}} checked{{end}} required>
<label for="person-{{$p.Key}}"><span lang="th">{{$p.Name}}</span><br><small>{{$p.NameEN}} · identity level {{$p.IAL}}</small></label></p>
{{end}}</fieldset>{{end}}
{{define "switches"}}<details>
<summary>Let something go wrong (sandbox)</summary>
<fieldset>
<legend>Faults for this one login</legend>
{{range .}}<p class="choice"><input type="checkbox" name="fault" id="fault-{{.Name}}" value="{{.Name}}"{{if .On}} checked{{end}}>
<label for="fault-{{.Name}}">{{.Text}}</label></p>
{{end}}</fieldset>
</details>{{end}}
`

const style = `:root{color-scheme:light;--ink:#1a1c22;--soft:#4a4f5c;--line:#6b7280;--paper:#fff;--ground:#f2f4f7;--main:#22314f}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);font:1.0625rem/1.6 "Noto Sans Thai","Leelawadee UI",Thonburi,system-ui,sans-serif}
body.thaid{--main:#173a6b}
body.bank{--main:#0b5345}
.notice{margin:0;padding:.5rem 1rem;background:#fff3c4;color:#4d3800;border-bottom:2px solid #8a6d00}
header{background:var(--main);color:#fff}
.brand{margin:0 auto;max-width:36rem;padding:1rem;font-size:1.25rem;font-weight:700}
main{margin:1rem auto;max-width:36rem;padding:1rem;background:var(--paper);border-radius:.75rem}
h1{font-size:1.5rem;line-height:1.3;margin:.25rem 0 1rem}
fieldset{border:1px solid var(--line);border-radius:.5rem;margin:1rem 0;padding:.5rem 1rem}
legend{font-weight:700;padding:0 .25rem}
.choice{display:flex;gap:.75rem;align-items:flex-start;margin:.25rem 0;padding:.35rem 0;min-height:2.75rem}
.choice input{width:1.5rem;height:1.5rem;margin:.15rem 0 0;flex:none;accent-color:var(--main)}
.choice label{flex:1}
small{color:var(--soft);font-size:.9375rem}
.actions{display:flex;flex-wrap:wrap;gap:.75rem;margin:1.25rem 0 .5rem}
button,.button{font:inherit;font-weight:700;min-height:2.75rem;padding:.5rem 1.25rem;border-radius:.5rem;border:2px solid var(--main);background:var(--main);color:#fff;text-decoration:none;cursor:pointer}
button.second{background:#fff;color:var(--main)}
a{color:#0b4ea2}
:focus-visible{outline:3px solid #b45309;outline-offset:2px}
summary{min-height:2.75rem;padding:.5rem 0;cursor:pointer;font-weight:700}
section{margin:1.75rem 0 0;padding-top:.75rem;border-top:1px solid var(--line)}
h2{font-size:1.25rem;line-height:1.35;margin:.25rem 0 .5rem}
h3{font-size:1.0625rem;margin:1rem 0 .25rem}
.pages li,.steps li,nav li{padding:.3rem 0}
.pages{columns:14rem;padding-left:1.25rem}
.pages li{break-inside:avoid}
code,.code{font-family:ui-monospace,monospace;overflow-wrap:anywhere}
.code{font-size:1.5rem;letter-spacing:.2em;margin:.25rem 0}
@media (prefers-reduced-motion:no-preference){html{scroll-behavior:smooth}}
`

// NewPage parses a page's content into the frame. The text is one of ours; a fault in it stops the start.
func NewPage(content string) (*template.Template, error) {
	t, err := template.New("layout").Parse(layout)
	if err != nil {
		return nil, err
	}
	return t.Parse(content)
}

// WritePage renders a page with the headers that keep it to itself.
func WritePage(w http.ResponseWriter, status int, page *template.Template, data any) {
	var b bytes.Buffer
	if err := page.Execute(&b, data); err != nil {
		http.Error(w, "internal error", http.StatusInternalServerError)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	// No form-action: browsers hold it against the redirect that follows the form, back to the relying party.
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write(b.Bytes())
}

// WriteStyle answers with the style sheet of the pages.
func WriteStyle(w http.ResponseWriter) {
	h := w.Header()
	h.Set("Content-Type", "text/css; charset=utf-8")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "public, max-age=300")
	_, _ = w.Write([]byte(style))
}
