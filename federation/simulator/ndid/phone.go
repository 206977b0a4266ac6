package ndid

import (
	"net/http"
	"slices"
	"strconv"
	"time"

	"onedoor/federation/simulator"
	"onedoor/hub"
)

// Request is what a phone app shows of a request.
type Request struct {
	ID      string
	Message string
	From    string // node id of the relying party
	MinIAL  string
	MinAAL  string
	Mode    int
	Ends    time.Time
}

// Pending lists the open requests to a bank about a person, newest first.
func (n *Node) Pending(bank, person string) []Request {
	p, known := simulator.Find(n.o.People, person)
	if !known {
		return nil
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	var out []Request
	for _, id := range slices.Backward(n.order) {
		r, there := n.find(id)
		if !there || r.number != p.CitizenID || r.over() || len(r.answers) > 0 || !slices.Contains(r.idps, bank) {
			continue
		}
		out = append(out, Request{
			ID: r.id, Message: r.message, From: RelyingParty, MinIAL: r.minIAL, MinAAL: r.minAAL, Mode: r.mode,
			Ends: r.created.Add(time.Duration(r.timeout) * time.Second),
		})
	}
	return out
}

const indexContent = `{{define "content"}}
<p>Whose phone do you hold? <span lang="th">แอปของธนาคารใด</span></p>
<ul>
{{range .Banks}}<li><a class="button" href="/{{.Key}}">{{.Name.In "en"}} <span lang="th">{{.Name.In "th"}}</span></a></li>
{{end}}</ul>
<form method="post" action="/faults">
{{template "switches" .Switches}}
<p class="actions"><button class="second">Set the faults</button></p>
</form>
{{end}}`

const phoneContent = `{{define "content"}}
<form method="get" action="/{{.Key}}">
{{template "people" .People}}
<p class="actions"><button>Open the app as this person <span lang="th">เปิดแอป</span></button></p>
</form>
{{with .Person}}<h2>{{.NameEN}} <span lang="th">{{.Name}}</span></h2>
{{if not $.Requests}}<p role="status">Nobody asks you for anything. <span lang="th">ไม่มีคำขอ</span></p>
<p><a class="button" href="/{{$.Key}}?person={{.Key}}">Look again <span lang="th">ดูอีกครั้ง</span></a></p>
{{end}}{{end}}
{{range .Requests}}<form method="post" action="/{{$.Key}}/answer">
<input type="hidden" name="request" value="{{.ID}}">
<input type="hidden" name="person" value="{{$.Person.Key}}">
<p>A service asks you to confirm who you are: <span lang="th">มีบริการขอให้ท่านยืนยันตัวตน</span></p>
<p><strong>{{.Message}}</strong></p>
<p><small>From {{.From}} · identity level {{.MinIAL}} or more · sign-in level {{.MinAAL}} or more · mode {{.Mode}}</small></p>
<p>Compare the code with the one on the web page. If it is another one, refuse.</p>
<p class="actions"><button name="decision" value="accept">Accept <span lang="th">ยืนยัน</span></button>
<button class="second" name="decision" value="reject">Refuse <span lang="th">ปฏิเสธ</span></button>
<button class="second" name="decision" value="10101">I am not known here (error 10101)</button>
<button class="second" name="decision" value="30001">Answer with error 30001</button></p>
</form>
{{end}}
{{end}}`

const doneContent = `{{define "content"}}
<p role="status">{{.Text}}</p>
<p class="actions"><a class="button" href="/{{.Key}}">Back to the app <span lang="th">กลับไปที่แอป</span></a></p>
{{end}}`

type indexView struct {
	simulator.Frame
	Banks    []Bank
	Switches []simulator.Switch
}

type phoneView struct {
	simulator.Frame
	Key      string
	People   []simulator.Person
	Person   *simulator.Person
	Requests []Request
}

type doneView struct {
	simulator.Frame
	Key, Text string
}

// Phone gives the phone apps of the banks, as pages on a host of their own: / lists them, /{bank} is one.
func (n *Node) Phone() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		simulator.WritePage(w, http.StatusOK, n.index, indexView{
			Frame: simulator.Frame{Title: "The banks' phone apps", Name: "NDID (stand-in)", Theme: "bank"}, Banks: n.o.Banks, Switches: n.switches(),
		})
	})
	mux.HandleFunc("GET /style.css", func(w http.ResponseWriter, _ *http.Request) { simulator.WriteStyle(w) })
	mux.HandleFunc("POST /faults", n.setFaults)
	mux.HandleFunc("GET /{bank}", n.app)
	mux.HandleFunc("POST /{bank}/answer", n.tap)
	return http.NewCrossOriginProtection().Handler(mux)
}

func (n *Node) setFaults(w http.ResponseWriter, r *http.Request) {
	if !simulator.ParseForm(w, r, "fault") {
		n.say(w, http.StatusBadRequest, "", "These are no faults.")
		return
	}
	for _, f := range Faults() {
		n.faults.Set(slices.Contains(r.PostForm["fault"], string(f)), f)
	}
	n.say(w, http.StatusOK, "", "The faults are set.")
}

func (n *Node) say(w http.ResponseWriter, status int, key, text string) {
	simulator.WritePage(w, status, n.done, doneView{Frame: simulator.Frame{Title: "Your bank", Name: "NDID (stand-in)", Theme: "bank"}, Key: key, Text: text})
}

func (n *Node) bankOf(w http.ResponseWriter, r *http.Request) (Bank, bool) {
	i := slices.IndexFunc(n.o.Banks, func(b Bank) bool { return b.Key == r.PathValue("bank") })
	if i < 0 {
		n.say(w, http.StatusNotFound, "", "There is no such bank.")
		return Bank{}, false
	}
	return n.o.Banks[i], true
}

// app shows a bank's app: who holds the phone, and what that person is asked.
func (n *Node) app(w http.ResponseWriter, r *http.Request) {
	b, ok := n.bankOf(w, r)
	if !ok {
		return
	}
	v := phoneView{
		Frame: simulator.Frame{Title: b.Name.In("en") + " app", Name: b.Name.In("en") + " (stand-in)", Theme: "bank"}, Key: b.Key, People: n.o.People,
	}
	if p, known := simulator.Find(n.o.People, r.URL.Query().Get("person")); known {
		v.Person, v.Requests = &p, n.Pending(b.ID, p.Key)
	}
	simulator.WritePage(w, http.StatusOK, n.phone, v)
}

// tap is the person's answer. It counts for requests about that person only.
func (n *Node) tap(w http.ResponseWriter, r *http.Request) {
	b, ok := n.bankOf(w, r)
	if !ok {
		return
	}
	if !simulator.ParseForm(w, r) {
		n.say(w, http.StatusBadRequest, b.Key, "This is no answer.")
		return
	}
	f := r.PostForm
	id := f.Get("request")
	if !slices.ContainsFunc(n.Pending(b.ID, f.Get("person")), func(x Request) bool { return x.ID == id }) {
		n.say(w, http.StatusGone, b.Key, "This request is over.")
		return
	}
	code, decision := 0, f.Get("decision")
	if decision != "accept" && decision != "reject" {
		var err error
		if code, err = strconv.Atoi(decision); err != nil || code <= 0 {
			n.say(w, http.StatusBadRequest, b.Key, "This is no answer.")
			return
		}
	}
	if refused := n.Answer(id, b.ID, decision == "accept", "", "", code); refused != 0 {
		n.say(w, http.StatusConflict, b.Key, "The platform does not take this answer: "+strconv.Itoa(refused)+" "+messages[refused]+".")
		return
	}
	n.say(w, http.StatusOK, b.Key, "Your answer has been sent. Go back to the web page.")
}

// Names of the platform, for trust records.
var names = hub.Text{
	"th": "NDID (ธนาคารและผู้ให้บริการยืนยันตัวตน)", "en": "NDID (banks and other identity providers)", "zh": "NDID（银行及其他身份提供方）",
	"vi": "NDID (ngân hàng và nhà cung cấp danh tính khác)",
}
