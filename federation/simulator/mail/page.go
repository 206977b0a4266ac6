package mail

import (
	"net/http"
	"slices"
	"strings"

	"onedoor/federation/simulator"
)

const boxContent = `{{define "content"}}
<p>Every mail that was sent here, newest first, whoever it was to. Any address will do: nothing leaves this machine.
<span lang="th">อีเมลทั้งหมดที่ส่งมาที่นี่ ไม่มีการส่งออกนอกเครื่องนี้</span></p>
<p><a class="button" href="/">Look again <span lang="th">ดูอีกครั้ง</span></a></p>
{{range .Messages}}<section class="mail">
<h2>{{.Subject}}</h2>
<p><small>To {{.To}} · {{.At.Format "15:04:05"}}</small></p>
{{range .Paragraphs}}<p>{{.}}</p>
{{end}}
</section>
{{else}}<p role="status">No mail yet. <span lang="th">ยังไม่มีอีเมล</span></p>
{{end}}
{{end}}`

// Paragraphs gives the text, line by line.
func (m Message) Paragraphs() []string {
	return slices.DeleteFunc(strings.Split(m.Text, "\n"), func(l string) bool { return l == "" })
}

// Page gives the page with what was taken.
func (s *Server) Page() (http.Handler, error) {
	page, err := simulator.NewPage(boxContent)
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /style.css", func(w http.ResponseWriter, _ *http.Request) { simulator.WriteStyle(w) })
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		all := s.Messages()
		slices.Reverse(all)
		simulator.WritePage(w, http.StatusOK, page, struct {
			simulator.Frame
			Messages []Message
		}{simulator.Frame{Title: "Mail", Name: "Mailbox"}, all})
	})
	return mux, nil
}
