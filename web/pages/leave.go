package pages

import (
	"net/http"
	"strings"

	"onedoor/hub"
	"onedoor/hub/login"
	"onedoor/web/server"
	"onedoor/web/view"
)

// afterForm reports whether the browser may still be in the chain of one of our forms: it is at a POST, or at the page that a
// POST redirects to. A redirect to another site would then be stopped by our own form-action (see server.Policy).
func afterForm(r *http.Request) bool {
	return r.Method == http.MethodPost || !strings.HasPrefix(r.URL.Path, callbackPath) && strings.HasPrefix(r.URL.Path, "/login/")
}

// leave sends the browser to another site: by a redirect, or after a form by a page that leads on. Nothing of our address goes
// along.
func (j *Journey) leave(w http.ResponseWriter, r *http.Request, target string) {
	to, err := view.LeaveURL(target)
	if err != nil {
		j.screen.Fail(w, r, hub.E("pages.leave", hub.Internal, err), "")
		return
	}
	w.Header().Set("Referrer-Policy", "no-referrer")
	if !afterForm(r) {
		http.Redirect(w, r, to, http.StatusSeeOther)
		return
	}
	f := view.Frame{Lang: server.Language(r), Interaction: server.Interaction(r.Context())}
	j.screen.Show(w, r, http.StatusOK, f, view.LeavePage{URL: to})
}

// finish hands the result to its protocol.
func (j *Journey) finish(w http.ResponseWriter, r *http.Request, res login.Result) {
	f := j.protocols[res.Request.Protocol]
	if f == nil {
		j.screen.Fail(w, r, hub.Errorf("pages.finish", hub.Internal, "no such protocol"), "")
		return
	}
	r = r.WithContext(hub.WithInteraction(r.Context(), res.Interaction))
	if !afterForm(r) {
		f.FinishLogin(w, r, res)
		return
	}
	d := &departure{ResponseWriter: w}
	f.FinishLogin(d, r, res)
	if d.target != "" {
		j.leave(w, r, d.target)
	}
}

// departure catches a protocol's redirect to another site, so that a page can take its place. All else goes through.
type departure struct {
	http.ResponseWriter
	target string
}

// WriteHeader notes a redirect that leads away.
func (d *departure) WriteHeader(status int) {
	h := d.Header()
	if to := h.Get("Location"); status >= 300 && status < 400 && to != "" && !strings.HasPrefix(to, "/") {
		d.target = to
		for _, name := range []string{"Location", "Content-Type", "Content-Length"} {
			h.Del(name)
		}
		return
	}
	d.ResponseWriter.WriteHeader(status)
}

// Write drops the few words that may stand under a redirect.
func (d *departure) Write(b []byte) (int, error) {
	if d.target != "" {
		return len(b), nil
	}
	return d.ResponseWriter.Write(b)
}

// Unwrap is for http.ResponseController.
func (d *departure) Unwrap() http.ResponseWriter { return d.ResponseWriter }
