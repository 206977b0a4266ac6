// Package cast is the demo's first page: who do you want to be? It lists prepared people, how each of them signs in, what they can do, and where.
// It knows nothing of the hub but the addresses that it is given.
package cast

import (
	"html/template"
	"net/http"
	"strings"

	"onedoor/federation/simulator"
	"onedoor/hub"
)

// Role is a prepared person with what they are here.
type Role struct {
	Key      string // names the section: "citizen"
	Title    string
	TitleTH  string
	Person   simulator.Person
	Provider string // where to sign in, as the hub's page calls it
	Typed    bool   // the citizen number has to be typed there, and a phone answered
	Can      []string
	Steps    []Link // to be done once, in this order
	Pages    []Link
}

// Link is a way somewhere.
type Link struct{ Text, URL string }

// Sheet is the page. It is an http.Handler for the root of its host.
type Sheet struct {
	page   *template.Template
	roles  []Role
	phones string
}

// New makes the page. Phones is where the banks' phone apps are. Invalid for a role that can't be played.
func New(roles []Role, phones string) (*Sheet, error) {
	for _, r := range roles {
		if r.Key == "" || r.Title == "" || r.TitleTH == "" || r.Person.Key == "" || r.Provider == "" || len(r.Can) == 0 || len(r.Pages) == 0 {
			return nil, hub.Errorf("cast.New", hub.Invalid, "a role lacks something")
		}
		for _, l := range append(append([]Link{}, r.Steps...), r.Pages...) {
			if l.Text == "" || !strings.HasPrefix(l.URL, "http://") && !strings.HasPrefix(l.URL, "https://") {
				return nil, hub.Errorf("cast.New", hub.Invalid, "a link leads nowhere")
			}
		}
	}
	page, err := simulator.NewPage(content)
	if err != nil {
		return nil, hub.E("cast.New", hub.Internal, err)
	}
	return &Sheet{page, roles, phones}, nil
}

// Roles gives what the page shows.
func (s *Sheet) Roles() []Role { return s.roles }

// ServeHTTP serves the page and its style.
func (s *Sheet) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, http.StatusText(http.StatusMethodNotAllowed), http.StatusMethodNotAllowed)
	case r.URL.Path == "/style.css":
		simulator.WriteStyle(w)
	case r.URL.Path != "/":
		http.NotFound(w, r)
	default:
		simulator.WritePage(w, http.StatusOK, s.page, struct {
			simulator.Frame
			Roles  []Role
			Phones string
		}{simulator.Frame{Title: "Who do you want to be?", Name: "onedoor demo"}, s.roles, s.phones})
	}
}

const content = `{{define "content"}}<p lang="th"><strong>คุณอยากเป็นใคร</strong></p>
<p>Six people are prepared. Use a window of its own (private, or another browser) for each of them: one browser is one person.
<span lang="th">ใช้หน้าต่างแยกกันสำหรับแต่ละคน</span></p>
<nav aria-label="People"><ol>{{range .Roles}}<li><a href="#{{.Key}}">{{.Title}}: {{.Person.NameEN}}</a></li>
{{end}}</ol></nav>
{{$phones := .Phones}}{{range .Roles}}<section id="{{.Key}}" aria-labelledby="h-{{.Key}}">
<h2 id="h-{{.Key}}">{{.Title}} <span lang="th">{{.TitleTH}}</span></h2>
<p><strong>{{.Person.NameEN}}</strong> <span lang="th">{{.Person.Name}}</span></p>
<p>Sign in with <strong>{{.Provider}}</strong>{{if .Typed}}: type the citizen number <code>{{.Person.CitizenID}}</code>, pick a bank, then accept as this person in
<a href="{{$phones}}">the bank’s phone app</a>{{else}} and pick this person there{{end}}.</p>
<ul>{{range .Can}}<li>{{.}}</li>
{{end}}</ul>
{{if .Steps}}<h3>First, once</h3>
<ol class="steps">{{range .Steps}}<li><a href="{{.URL}}">{{.Text}}</a></li>
{{end}}</ol>
{{end}}<h3>Pages</h3>
<ul class="pages">{{range .Pages}}<li><a href="{{.URL}}">{{.Text}}</a></li>
{{end}}</ul>
</section>
{{end}}{{end}}`
