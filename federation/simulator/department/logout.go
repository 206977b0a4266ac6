package department

import (
	"net/http"
	"net/url"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"

	"onedoor/federation/simulator"
)

// Where the hub tells of a logout: from server to server, or in a frame.
const (
	BackchannelPath  = "/backchannel-logout"
	FrontchannelPath = "/frontchannel-logout"
)

// toldLife is how long it is remembered that the hub's session is over: longer than a session here lasts.
const toldLife = sessionLife + time.Hour

// signOut ends the session here and goes on to the hub, which ends it everywhere (OpenID Connect RP-Initiated Logout 1.0 section 2).
func (d *Department) signOut(w http.ResponseWriter, r *http.Request) {
	v, ok := d.visitor(r)
	d.leave(w, r)
	p, err := d.discover(r.Context())
	if !ok || err != nil || p.endSession == "" {
		http.Redirect(w, r, "/", http.StatusSeeOther)
		return
	}
	q := url.Values{"id_token_hint": {v.idToken}, "post_logout_redirect_uri": {d.o.BaseURL + "/"}, "state": {simulator.Token(d.o.Random)}, "ui_locales": {language(r)}}
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Referrer-Policy", "no-referrer")
	http.Redirect(w, r, p.endSession+"?"+q.Encode(), http.StatusSeeOther)
}

// leave ends the session of the browser here.
func (d *Department) leave(w http.ResponseWriter, r *http.Request) {
	if c, err := r.Cookie(d.cookie); err == nil {
		d.sessions.Take(c.Value)
	}
	d.dropCookie(w, d.cookie)
}

// backchannel takes a logout token (OpenID Connect Back-Channel Logout 1.0 section 2.6).
func (d *Department) backchannel(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	if !simulator.ParseForm(w, r) {
		simulator.WriteJSON(w, http.StatusBadRequest, map[string]any{"error": "invalid_request"})
		return
	}
	p, err := d.discover(r.Context())
	if err != nil {
		http.Error(w, http.StatusText(http.StatusServiceUnavailable), http.StatusServiceUnavailable)
		return
	}
	token, err := p.verifier.VerifyLogout(oidc.ClientContext(r.Context(), d.o.HTTP), r.PostForm.Get("logout_token"))
	if err != nil || token.SessionID == "" {
		d.o.Log.WarnContext(r.Context(), "a logout token was refused", "client", d.o.ClientID)
		simulator.WriteJSON(w, http.StatusBadRequest, map[string]any{"error": "invalid_request"})
		return
	}
	d.over(token.SessionID)
	w.WriteHeader(http.StatusOK)
}

// frontchannel is what the hub's page loads in a frame, without our cookies (OpenID Connect Front-Channel Logout 1.0 section 2).
func (d *Department) frontchannel(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors "+d.o.Issuer)
	if q.Get("iss") != d.o.Issuer || q.Get("sid") == "" {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	d.over(q.Get("sid"))
	_, _ = w.Write([]byte("<!doctype html><title>-</title>"))
}

// over notes that the hub's session is over: who came with it is signed in here no more.
func (d *Department) over(sid string) {
	if _, told := d.told.Get(sid); !told {
		d.told.Put(sid, d.o.Clock())
	}
}

// Told reports whether the hub has said that its session is over.
func (d *Department) Told(sid string) bool {
	_, told := d.told.Get(sid)
	return told
}
