package server

import (
	"encoding/json"
	"net/http"
	"strconv"

	"onedoor/hub"
	"onedoor/web/locale"
	"onedoor/web/view"
)

// Screen shows pages to browsers: the only place that turns a failure into a page. Nothing of the failure itself is shown.
type Screen struct {
	view *view.View
}

// NewScreen needs a view. Invalid.
func NewScreen(v *view.View) (*Screen, error) {
	if v == nil {
		return nil, hub.Errorf("server.NewScreen", hub.Invalid, "no view")
	}
	return &Screen{v}, nil
}

// Show writes a page in this language. Path is where the page can be asked for again, "" for nowhere; signedIn offers the way out.
func (s *Screen) Show(w http.ResponseWriter, r *http.Request, status int, f view.Frame, p view.Page) {
	if f.Interaction == "" {
		f.Interaction = Interaction(r.Context())
	}
	if err := s.view.Render(w, status, f, p); err != nil {
		s.Fail(w, r, err, "")
	}
}

// Fail answers a failure with its page, or with a few words of JSON where the mount is for programs, and hands the cause to the
// request's log record. Retry is a path of ours that the person can try next; it is offered only where that can help.
func (s *Screen) Fail(w http.ResponseWriter, r *http.Request, err error, retry string) {
	kind := KindOf(err)
	a := answerFor(kind)
	v := visitOf(r.Context())
	if v != nil {
		v.kind, v.cause = kind, err
	}
	h := w.Header()
	if h.Get("Retry-After") == "" {
		switch kind {
		case hub.TooMany:
			h.Set("Retry-After", "60")
		case hub.Unavailable:
			h.Set("Retry-After", "10")
		}
	}
	if kind == TooLarge {
		h.Set("Connection", "close") // the rest of the body is not read
	}
	if v != nil && v.machine {
		program(w, r, a.status, kind)
		return
	}
	f := view.Frame{Lang: Language(r), Interaction: Interaction(r.Context())}
	if err := s.view.Render(w, a.status, f, view.ErrorPage{Says: a.says, Retry: retry}); err != nil {
		if v != nil {
			v.kind, v.cause = hub.Internal, err
		}
		http.Error(w, locale.For(f.Lang).ErrInternal().Title, http.StatusInternalServerError)
	}
}

// program answers a failure at the edge to a program.
func program(w http.ResponseWriter, r *http.Request, status int, kind hub.Kind) {
	body, err := json.Marshal(map[string]string{"error": string(kind), "interaction": string(Interaction(r.Context()))})
	if err != nil { // two strings: it can't
		body = []byte(`{}`)
	}
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Content-Length", strconv.Itoa(len(body)))
	h.Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write(body)
}
