package department

import (
	"bytes"
	"encoding/json"
	"fmt"
	"html/template"
	"io"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// attribute is one fact about the visitor, as shown.
type attribute struct{ Name, Value string }

// pageContent is the one page: start, signed in, or a problem.
const pageContent = `<!doctype html>
<html lang="{{.Lang}}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>{{.Title}}</title>
<link rel="stylesheet" href="/style.css">
</head>
<body>
<a class="skip" href="#main">{{.T.skip}}</a>
<p class="notice" role="note">{{.T.notice}}</p>
<header>
<div class="bar">
<p class="brand">{{.Department}}</p>
<nav aria-label="{{.T.language}}"><a href="/language/th" lang="th" hreflang="th"{{if eq .Lang "th"}} aria-current="true"{{end}}>ไทย</a>
<a href="/language/en" lang="en" hreflang="en"{{if eq .Lang "en"}} aria-current="true"{{end}}>English</a></nav>
</div>
</header>
<main id="main" tabindex="-1">
{{if .Problem}}<h1>{{.T.problem}}</h1>
<p role="alert">{{.Problem}}</p>
<p class="actions"><a class="button" href="/login">{{.T.again}}</a> <a href="/">{{.T.start}}</a></p>
{{else if .Service}}{{template "service" .}}{{else if .SignedIn}}<h1>{{.T.signedIn}}</h1>
{{if .For}}<p role="status" id="representee" class="good">{{.T.actingFor}} {{.For}}</p>
<p><a href="/login?for=choose">{{.T.actForOther}}</a></p>
{{end}}{{if .Record}}<p role="status" id="record" class="good">{{.T.record}} <strong>{{.Record}}</strong></p>
{{else if .Keeps}}<p role="status" id="no-record">{{.T.noRecord}}</p>
{{end}}{{if .Services}}<section aria-labelledby="services"><h2 id="services">{{.T.services}}</h2>
<p>{{.T.servicesText}}</p>
<ul class="services">{{range .Services}}<li><a href="{{.Value}}">{{.Name}}</a></li>{{end}}</ul></section>
{{end}}<section aria-labelledby="who"><h2 id="who">{{.T.who}}</h2>
{{if .Attributes}}<dl id="attributes">{{range .Attributes}}<dt>{{.Name}}</dt><dd data-name="{{.Name}}">{{.Value}}</dd>{{end}}</dl>
{{else}}<p>{{.T.nothing}}</p>{{end}}</section>
<section aria-labelledby="how"><h2 id="how">{{.T.how}}</h2>
<dl>{{range .Facts}}<dt>{{.Name}}</dt><dd data-name="{{.Name}}">{{.Value}}</dd>{{end}}</dl></section>
<section aria-labelledby="token"><h2 id="token">{{.T.token}}</h2>
<p>{{.T.tokenText}}</p>
{{if .Answer}}<p role="status" id="answer" class="{{if .Live}}good{{else}}bad{{end}}">{{if .Live}}{{.T.tokenLive}}{{else}}{{.T.tokenDead}}{{end}}</p>
<dl id="introspection">{{range .Answer}}<dt>{{.Name}}</dt><dd data-name="{{.Name}}">{{.Value}}</dd>{{end}}</dl>{{end}}
<form method="post" action="/check"><p class="actions"><button>{{.T.ask}}</button></p></form></section>
{{if .Neighbour}}<section aria-labelledby="neighbour"><h2 id="neighbour">{{.T.neighbour}}</h2>
<p>{{.T.neighbourText}} <strong>{{.Neighbour}}</strong></p>
{{if .Asked}}{{if .Told}}<p role="status" id="told" class="good">{{.T.told}}</p>
<dl id="neighbour-answer">{{range .Told}}<dt>{{.Name}}</dt><dd data-name="{{.Name}}">{{.Value}}</dd>{{end}}</dl>
{{else}}<p role="status" id="told" class="bad">{{.T.untold}}</p>{{end}}{{end}}
<form method="post" action="/neighbour"><p class="actions"><button>{{.T.askNeighbour}}</button></p></form></section>
{{end}}<section aria-labelledby="end"><h2 id="end">{{.T.end}}</h2>
<p>{{.T.endText}}</p>
<form method="post" action="/signout"><p class="actions"><button>{{.T.signOut}}</button></p></form>
<form method="post" action="/logout"><p class="actions"><button class="second">{{.T.logout}}</button></p></form></section>
{{else}}<h1>{{.T.welcome}}</h1>
{{if .Ended}}<p role="status" id="ended" class="bad">{{.T.ended}}</p>
{{end}}<p>{{.T.intro}}</p>
<p class="actions"><a class="button" href="/login">{{.T.login}}</a></p>
{{end}}</main>
<footer><p>{{.Department}} · {{.T.foot}}</p></footer>
</body>
</html>
`

type view struct {
	Lang, Title, Department, Problem string
	T                                map[string]string
	SignedIn, Live, Ended            bool
	Attributes, Facts, Answer        []attribute
	Neighbour, Record                string
	Keeps                            bool   // records of people
	For                              string // whom the visitor acts for
	Asked                            bool
	Told                             []attribute
	Services                         []attribute // names and addresses
	Service                          *servicePage
}

type pages struct{ page *template.Template }

func newPages() (pages, error) {
	t, err := template.New("page").Parse(pageContent + serviceContent)
	return pages{page: t}, err
}

func (d *Department) write(w http.ResponseWriter, status int, v view) {
	v.T, v.Department = texts[v.Lang], d.o.Names.In(v.Lang)
	v.Title = v.Department
	switch {
	case v.Problem != "":
		v.Title = v.T["problem"] + " – " + v.Department
	case v.Service != nil:
		v.Title = v.Service.Name + " – " + v.Department
	}
	var b bytes.Buffer
	if err := d.pages.page.Execute(&b, v); err != nil {
		http.Error(w, "internal error", http.StatusInternalServerError)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; form-action 'self' "+d.o.Issuer+"; base-uri 'none'; frame-ancestors 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write(b.Bytes())
}

func (d *Department) problem(w http.ResponseWriter, r *http.Request, status int, key string) {
	lang := language(r)
	d.write(w, status, view{Lang: lang, Problem: texts[lang][key]})
}

func (d *Department) home(w http.ResponseWriter, r *http.Request) {
	v, ok := d.visitor(r)
	if !ok {
		_, ended := d.known(r)
		d.write(w, http.StatusOK, view{Lang: language(r), Ended: ended})
		return
	}
	d.show(w, r, v, nil, nil)
}

// show writes the page of a visitor, with the hub's answer about the token where it was asked, and the other department's where that was.
func (d *Department) show(w http.ResponseWriter, r *http.Request, v *visitor, answer, told map[string]any) {
	lang := language(r)
	facts := []attribute{
		{"sub", v.subject},
		{"acr", v.acr},
		{"ial", v.ial},
		{"aal", v.aal},
		{"amr", strings.Join(v.amr, " ")},
		{"auth_time", v.authTime.UTC().Format(time.RFC3339)},
		{"sid", v.sid},
	}
	facts = slices.DeleteFunc(facts, func(f attribute) bool { return f.Value == "" })
	out := view{Lang: lang, SignedIn: true, Attributes: v.attributes, Facts: facts, Record: v.record, For: v.representee, Services: d.serving(lang), Keeps: d.registry.persons()}
	if answer != nil {
		out.Live, _ = answer["active"].(bool)
		out.Answer = list(answer)
	}
	if d.o.Neighbour != nil {
		out.Neighbour, out.Asked, out.Told = d.o.Neighbour.Names.In(lang), told != nil, list(told)
	}
	d.write(w, http.StatusOK, out)
}

// language keeps the choice and goes back to the start.
func (d *Department) language(w http.ResponseWriter, r *http.Request) {
	if tag := r.PathValue("tag"); tag == "th" || tag == "en" {
		d.setCookie(w, languageCookie, tag, 365*24*time.Hour)
	}
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

const languageCookie = "__Host-language"

// language gives th or en: what was chosen, else what the browser prefers, else Thai.
func language(r *http.Request) string {
	if c, err := r.Cookie(languageCookie); err == nil && (c.Value == "th" || c.Value == "en") {
		return c.Value
	}
	for tag := range strings.SplitSeq(r.Header.Get("Accept-Language"), ",") {
		switch base, _, _ := strings.Cut(strings.TrimSpace(tag), "-"); strings.SplitN(base, ";", 2)[0] {
		case "en":
			return "en"
		case "th":
			return "th"
		}
	}
	return "th"
}

// protocol are members of UserInfo and introspection that are shown elsewhere or say nothing of the person.
var protocol = []string{"claim_sources", "records", "sub", "iss", "aud", "exp", "iat", "nbf", "jti", "sid", "acr", "amr", "ial", "aal", "auth_time", "representee"}

// representee gives whom a visitor acts for, in words; "" for themselves.
func representee(values map[string]any) string {
	r, _ := values["representee"].(map[string]any)
	if r == nil {
		return ""
	}
	names, _ := r["name"].(map[string]any)
	for _, lang := range []string{"en", "th"} {
		if name, _ := names[lang].(string); name != "" {
			return strings.TrimSpace(name + " " + plain(r["number"]))
		}
	}
	return plain(r["sub"])
}

// attributes gives what UserInfo says about the person, sorted, in plain text.
func attributes(values map[string]any) []attribute {
	return list(values, protocol...)
}

func list(values map[string]any, without ...string) []attribute {
	var out []attribute
	for name, v := range values {
		if !slices.Contains(without, name) {
			out = append(out, attribute{Name: name, Value: plain(v)})
		}
	}
	slices.SortFunc(out, func(a, b attribute) int { return strings.Compare(a.Name, b.Name) })
	return out
}

func plain(v any) string {
	switch x := v.(type) {
	case string:
		return x
	case map[string]any:
		if s, ok := x["formatted"].(string); ok {
			return s
		}
	case []any:
		parts := make([]string, len(x))
		for i, e := range x {
			parts[i] = plain(e)
		}
		return strings.Join(parts, ", ")
	case float64:
		if x == math.Trunc(x) {
			return strconv.FormatFloat(x, 'f', 0, 64)
		}
	}
	b, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprint(v)
	}
	return string(b)
}

// decode reads one JSON object whose numbers keep their digits.
func decode(r io.Reader) (map[string]any, error) {
	d := json.NewDecoder(r)
	d.UseNumber()
	var m map[string]any
	if err := d.Decode(&m); err != nil {
		return nil, err
	}
	return m, nil
}

// darkEnough reports whether white text on the colour has a contrast of at least 4.5 (WCAG 2.2, 1.4.3).
func darkEnough(colour string) bool {
	luminance := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		n, err := strconv.ParseUint(colour[1+2*i:3+2*i], 16, 8)
		if err != nil {
			return false
		}
		c := float64(n) / 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		luminance += weight * c
	}
	return 1.05/(luminance+0.05) >= 4.5
}

// style serves the style sheet in the department's colour.
func (d *Department) style(w http.ResponseWriter, _ *http.Request) {
	h := w.Header()
	h.Set("Content-Type", "text/css; charset=utf-8")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "public, max-age=300")
	_, _ = io.WriteString(w, ":root{--main:"+d.o.Colour+"}\n"+styleSheet)
}

const styleSheet = `:root{color-scheme:light;--ink:#1a1c22;--soft:#4a4f5c;--line:#d5d9e0;--paper:#fff;--ground:#f4f5f8}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);font:1.0625rem/1.65 "Noto Sans Thai","Leelawadee UI",Thonburi,system-ui,sans-serif}
.skip{position:absolute;left:-999rem}
.skip:focus{left:1rem;top:.5rem;background:#fff;padding:.5rem 1rem;z-index:1}
.notice{margin:0;padding:.4rem 1rem;background:#fff3c4;color:#4d3800;font-size:.9375rem}
header{background:var(--main);color:#fff}
.bar{display:flex;flex-wrap:wrap;gap:.5rem 1.5rem;justify-content:space-between;align-items:center;max-width:46rem;margin:0 auto;padding:.75rem 1rem}
.brand{margin:0;font-size:1.25rem;font-weight:700}
nav{display:flex;gap:.25rem}
nav a{color:#fff;padding:.5rem .75rem;min-height:2.75rem;display:inline-flex;align-items:center;border-radius:.5rem;text-decoration:none}
nav a[aria-current]{text-decoration:underline;text-underline-offset:.3em;font-weight:700}
main{max-width:46rem;margin:1.25rem auto;padding:0 1rem}
main:focus{outline:none}
h1{font-size:1.625rem;line-height:1.3;margin:.5rem 0 1rem}
h2{font-size:1.125rem;margin:0 0 .5rem}
section{background:var(--paper);border:1px solid var(--line);border-radius:.75rem;padding:1rem 1.25rem;margin:0 0 1rem}
dl{display:grid;grid-template-columns:minmax(7rem,12rem) 1fr;gap:.25rem 1rem;margin:.5rem 0}
dt{color:var(--soft)}
dd{margin:0;overflow-wrap:anywhere}
@media (max-width:30rem){dl{grid-template-columns:1fr}dd{margin-bottom:.5rem}}
.actions{display:flex;flex-wrap:wrap;gap:1rem;align-items:center;margin:1rem 0 .25rem}
button,.button{font:inherit;font-weight:700;min-height:2.75rem;padding:.5rem 1.25rem;border-radius:.5rem;border:2px solid var(--main);background:var(--main);color:#fff;text-decoration:none;cursor:pointer;display:inline-block}
button.second{background:#fff;color:var(--main)}
a{color:var(--main)}
.good,.bad{font-weight:700;padding:.5rem .75rem;border-radius:.5rem}
.good{background:#e3f4e8;color:#0f4d23}
.bad{background:#fde8e6;color:#7a1510}
.bad p{margin:0}.bad p+p{margin-top:.5rem}
.hint,summary{color:var(--soft)}
.services{margin:.5rem 0;padding-left:1.25rem}
.services a{display:inline-block;padding:.375rem 0}
#look{display:inline-block;padding:.5rem 0}
summary{cursor:pointer;padding:.5rem 0}
code{overflow-wrap:anywhere}
:focus-visible{outline:3px solid #b45309;outline-offset:2px}
header .bad p{margin:0}.bad p+p{margin-top:.5rem}
.hint,summary{color:var(--soft)}
.services{margin:.5rem 0;padding-left:1.25rem}
.services a{display:inline-block;padding:.375rem 0}
#look{display:inline-block;padding:.5rem 0}
summary{cursor:pointer;padding:.5rem 0}
code{overflow-wrap:anywhere}
:focus-visible{outline-color:#ffd166}
footer{max-width:46rem;margin:0 auto;padding:0 1rem 2rem;color:var(--soft);font-size:.9375rem}
`

// The texts that a problem can have.
const (
	textHubDown       = "hubDown"
	textHubRefused    = "hubRefused"
	textDenied        = "denied"
	textStrangeAnswer = "strangeAnswer"
	textNoDecision    = "noDecision"
)

var texts = map[string]map[string]string{
	"en": {
		"skip": "Skip to content", "notice": "Demonstration system. Everybody here is invented.", "language": "Language",
		"welcome": "Welcome", "intro": "This system has no passwords of its own. You log in once at the government's one door, and every department accepts it.",
		"login": "Log in", "signedIn": "You are logged in", "who": "What this department was told about you",
		"nothing": "Nothing but that it is you.", "how": "How you logged in",
		"token": "Is the login still good?", "tokenText": "The department holds an access token. Only the hub can say whether it still counts.",
		"record": "We know you by your record", "noRecord": "We do not know yet which of our records is yours. You can ask the hub to bind it to your account.",
		"tokenLive": "Yes: the hub says that the token is active.", "tokenDead": "No: the hub says that the token is not active any more.",
		"neighbour": "What does another department know?", "neighbourText": "You need not fetch a paper there. This department can ask for you, with a pass that the hub gives for this one purpose:",
		"askNeighbour": "Ask for me", "told": "The other department has answered. It knows you by a name of its own, and knows who asked.",
		"untold": "The other department did not answer. Perhaps your login no longer counts.",
		"ask":    "Ask the hub about my token", "end": "Leave", "endText": "Sign out of everything that you signed in to with this login, or of this department only.",
		"signOut": "Sign out everywhere", "ended": "You are signed out: the hub has told us that your login has ended.",
		"actingFor": "You act for", "actForOther": "Act for somebody else",
		"logout": "Log out here", "problem": "That did not work", "again": "Try again", "start": "Start page", "foot": "onedoor demonstration",
		"services": "What you can do here", "servicesText": "For each of these the department asks the hub first: may you, here and now?",
		"itemOpen": "Open to you.", "itemOpenText": "The hub was asked a moment ago. Whoever may close this for you can do so at any time, and it closes here at once.",
		"itemClosed": "This is closed.", "itemClosedText": "Nothing has been shown to anybody.", "comeBack": "When you have done it, come back here.",
		"itemFrom": "Open from", "itemSaid": "What the hub said, for engineers", "lookAgain": "Look again", "noPerson": "Your sign-in has run out here. Sign in again.",
		"do_open": "Open it in your account", "do_binding": "Connect your record", "do_delegation": "See what you may do, and for whom",
		"do_mandate": "See what you may do, and for whom", "do_approval": "See how it stands", "do_device": "Show this machine", "do_step_up": "Confirm that it is you",
		textNoDecision:    "The hub can't say just now whether this is open to you, so it stays closed. Please try again in a moment.",
		textHubDown:       "The login service can't be reached just now. Please try again in a moment.",
		textHubRefused:    "The login did not come to its end. Nobody is logged in. Please try again.",
		textDenied:        "You did not agree, so nothing was sent to this department.",
		textStrangeAnswer: "This answer does not belong to a login that you began here, or it came too late. Please begin again.",
	},
	"th": {
		"skip": "ข้ามไปยังเนื้อหา", "notice": "ระบบสาธิต บุคคลทั้งหมดเป็นข้อมูลสมมุติ", "language": "ภาษา",
		"welcome": "ยินดีต้อนรับ", "intro": "ระบบนี้ไม่มีรหัสผ่านของตนเอง ท่านเข้าสู่ระบบครั้งเดียวที่ประตูเดียวของภาครัฐ แล้วใช้ได้กับทุกหน่วยงาน",
		"login": "เข้าสู่ระบบ", "signedIn": "ท่านเข้าสู่ระบบแล้ว", "who": "ข้อมูลของท่านที่หน่วยงานนี้ได้รับ",
		"nothing": "ไม่มีข้อมูลอื่น นอกจากยืนยันว่าเป็นท่าน", "how": "ท่านเข้าสู่ระบบอย่างไร",
		"token": "การเข้าสู่ระบบยังใช้ได้หรือไม่", "tokenText": "หน่วยงานถือโทเคนการเข้าถึงไว้ มีเพียงศูนย์กลางเท่านั้นที่บอกได้ว่ายังใช้ได้หรือไม่",
		"record": "เรารู้จักท่านจากทะเบียนเลขที่", "noRecord": "เรายังไม่ทราบว่าทะเบียนใดเป็นของท่าน ท่านขอให้ศูนย์กลางผูกทะเบียนกับบัญชีของท่านได้",
		"tokenLive": "ใช้ได้ ศูนย์กลางยืนยันว่าโทเคนยังใช้งานอยู่", "tokenDead": "ใช้ไม่ได้แล้ว ศูนย์กลางแจ้งว่าโทเคนสิ้นสุดแล้ว",
		"neighbour": "หน่วยงานอื่นมีข้อมูลอะไร", "neighbourText": "ท่านไม่ต้องไปขอเอกสารเอง หน่วยงานนี้สอบถามแทนท่านได้ ด้วยบัตรผ่านที่ศูนย์กลางออกให้เพื่อการนี้เท่านั้น:",
		"askNeighbour": "สอบถามแทนฉัน", "told": "หน่วยงานนั้นตอบแล้ว โดยรู้จักท่านด้วยชื่ออ้างอิงของตนเอง และรู้ว่าใครเป็นผู้ถาม",
		"untold": "หน่วยงานนั้นไม่ตอบ อาจเพราะการเข้าสู่ระบบของท่านสิ้นสุดแล้ว",
		"ask":    "สอบถามศูนย์กลางเรื่องโทเคนของฉัน", "end": "ออกจากระบบ", "endText": "ออกจากระบบทุกหน่วยงานที่เข้าด้วยการเข้าสู่ระบบครั้งนี้ หรือเฉพาะหน่วยงานนี้",
		"signOut": "ออกจากระบบทุกแห่ง", "ended": "ท่านออกจากระบบแล้ว ศูนย์กลางแจ้งว่าการเข้าสู่ระบบของท่านสิ้นสุดลง",
		"actingFor": "ท่านทำรายการในนามของ", "actForOther": "ทำรายการในนามของผู้อื่น",
		"logout": "ออกจากระบบของหน่วยงานนี้", "problem": "ดำเนินการไม่สำเร็จ", "again": "ลองอีกครั้ง", "start": "หน้าแรก", "foot": "ระบบสาธิต onedoor",
		"services": "บริการที่นี่", "servicesText": "ก่อนแสดงแต่ละรายการ หน่วยงานจะถามศูนย์กลางก่อนว่า ขณะนี้ท่านใช้ได้หรือไม่",
		"itemOpen": "เปิดให้ท่านใช้แล้ว", "itemOpenText": "เพิ่งสอบถามศูนย์กลางเมื่อสักครู่ ผู้ที่มีสิทธิปิดรายการนี้ปิดได้ทุกเมื่อ และจะปิดที่นี่ทันที",
		"itemClosed": "รายการนี้ปิดอยู่", "itemClosedText": "ยังไม่มีการแสดงข้อมูลแก่ผู้ใด", "comeBack": "เมื่อดำเนินการแล้ว โปรดกลับมาที่หน้านี้",
		"itemFrom": "เปิดตั้งแต่", "itemSaid": "คำตอบของศูนย์กลาง สำหรับวิศวกร", "lookAgain": "ตรวจสอบอีกครั้ง", "noPerson": "การเข้าสู่ระบบของท่านที่นี่หมดอายุแล้ว โปรดเข้าสู่ระบบอีกครั้ง",
		"do_open": "เปิดในบัญชีของฉัน", "do_binding": "เชื่อมทะเบียนของฉัน", "do_delegation": "ดูว่าฉันทำรายการแทนใครได้บ้าง",
		"do_mandate": "ดูว่าฉันทำรายการแทนใครได้บ้าง", "do_approval": "ดูสถานะ", "do_device": "แสดงเครื่องนี้", "do_step_up": "ยืนยันว่าเป็นฉัน",
		textNoDecision:    "ขณะนี้ศูนย์กลางยังตอบไม่ได้ว่าท่านใช้รายการนี้ได้หรือไม่ จึงปิดไว้ก่อน โปรดลองอีกครั้งในอีกสักครู่",
		textHubDown:       "ขณะนี้ติดต่อบริการเข้าสู่ระบบไม่ได้ โปรดลองอีกครั้งในอีกสักครู่",
		textHubRefused:    "การเข้าสู่ระบบไม่สำเร็จ ยังไม่มีผู้ใดเข้าสู่ระบบ โปรดลองอีกครั้ง",
		textDenied:        "ท่านไม่ยินยอม จึงไม่มีการส่งข้อมูลใดไปยังหน่วยงานนี้",
		textStrangeAnswer: "คำตอบนี้ไม่ตรงกับการเข้าสู่ระบบที่ท่านเริ่มไว้ หรือมาช้าเกินไป โปรดเริ่มใหม่",
	},
}
