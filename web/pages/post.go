package pages

import (
	"maps"
	"net/http"
	"net/url"
	"slices"

	"onedoor/hub"
	"onedoor/web/server"
	"onedoor/web/view"
)

// Post shows a page that sends the fields to a system by a form: for protocols that answer in this way. The page ends the chain of the
// form that led here, if there is one, so it may stand after any step.
func (j *Journey) Post(w http.ResponseWriter, r *http.Request, to string, fields url.Values) {
	target, err := view.PostURL(to)
	if err != nil {
		j.screen.Fail(w, r, hub.E("pages.Post", hub.Internal, err), "")
		return
	}
	p := view.PostPage{To: target}
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		for _, v := range fields[name] {
			p.Fields = append(p.Fields, view.PostField{Name: name, Value: v})
		}
	}
	h := w.Header()
	h.Set("Content-Security-Policy", view.PostPolicy(target))
	h.Set("Referrer-Policy", "no-referrer")
	j.screen.Show(w, r, http.StatusOK, view.Frame{Lang: server.Language(r), Interaction: server.Interaction(r.Context())}, p)
}
