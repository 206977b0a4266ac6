package landoffice

import (
	"net/http"
	"strings"
	"time"

	"onedoor/federation/simulator"
)

// pageContent is the one page: start, signed in, the title deed, or a problem.
const pageContent = `{{define "content"}}{{if .Ended}}<p role="status" id="ended">You are logged out here. The login service says: <strong>{{.Ended}}</strong>.</p>
<p class="actions"><a href="/">Start page</a></p>
{{else if .Problem}}<p role="alert">{{.Problem}}</p>
<p class="actions"><a class="button" href="/login">Try again</a> <a href="/">Start page</a></p>
{{else if .Visitor}}{{if .Deed}}<section aria-labelledby="deed"><h2 id="deed">Title deed <span lang="th">โฉนดที่ดิน</span></h2>
<p id="deed-text">Plot 42, invented: opened because the login is strong enough.</p></section>{{end}}
<section aria-labelledby="who"><h2 id="who">You are logged in <span lang="th">ท่านเข้าสู่ระบบแล้ว</span></h2>
<dl id="facts">{{range .Visitor}}<dt>{{.Name}}</dt><dd data-name="{{.Name}}">{{.Value}}</dd>{{end}}</dl></section>
<p class="actions"><a class="button" id="to-deed" href="/items/deed">Open the title deed</a></p>
<form method="post" action="/logout/all"><p class="actions"><button id="everywhere">Log out everywhere <span lang="th">ออกจากระบบทุกแห่ง</span></button></p></form>
<form method="post" action="/logout"><p class="actions"><button class="second">Log out here</button></p></form>
{{else}}<p>This system has no passwords of its own. You log in once at the government's one door.
<span lang="th">ระบบนี้ไม่มีรหัสผ่านของตนเอง ท่านเข้าสู่ระบบครั้งเดียวที่ประตูเดียวของภาครัฐ</span></p>
<p class="actions"><a class="button" href="/login">Log in <span lang="th">เข้าสู่ระบบ</span></a>
<a id="by-post" href="/login?binding=post">Log in by a form</a></p>{{end}}{{end}}
`

// fact is one thing about the visitor, as shown.
type fact struct{ Name, Value string }

type content struct {
	simulator.Frame
	Problem string
	Visitor []fact
	Deed    bool
	Ended   string // how a logout everywhere ended
}

func facts(v *visitor) []fact {
	out := []fact{
		{"NameID", v.name.Value},
		{"NameID format", v.name.Format[strings.LastIndexByte(v.name.Format, ':')+1:]},
		{"AuthnContext", v.class},
		{"AuthnInstant", v.authTime.UTC().Format(time.RFC3339)},
		{"SessionIndex", v.index},
	}
	if v.encrypted {
		out = append(out, fact{"Assertion", "signed and encrypted"})
	}
	for _, a := range v.attributes {
		name := a.FriendlyName
		if name == "" {
			name = a.Name
		}
		out = append(out, fact{name, strings.Join(a.Values, ", ")})
	}
	return out
}

func (l *LandOffice) show(w http.ResponseWriter, status int, c content) {
	c.Name = l.o.Names["th"] + " · " + l.o.Names["en"]
	c.Frame.Title = "Land office"
	c.Theme = "land"
	simulator.WritePage(w, status, l.page, c)
}

func (l *LandOffice) problem(w http.ResponseWriter, status int, text string) {
	l.show(w, status, content{Problem: text})
}
