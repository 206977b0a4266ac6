package visit

import (
	"net/http"
	"time"

	"onedoor/hub"
	"onedoor/hub/session"
	"onedoor/web/locale"
)

// The cookies; see the package's comment.
const (
	SessionCookie = "__Host-onedoor"
	BindingCookie = "__Host-onedoor-login"
)

// languageLife is how long the chosen language is remembered.
const languageLife = 365 * 24 * time.Hour

// Cookie makes a cookie as all of ours are, see the package's comment. It dies with the browser.
func Cookie(name, value string) *http.Cookie {
	return &http.Cookie{Name: name, Value: value, Path: "/", Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode}
}

// SetSession gives the browser its session secret. The cookie outlives the browser at AAL1 only.
func SetSession(w http.ResponseWriter, secret hub.Secret, aal hub.AAL) {
	c := Cookie(SessionCookie, secret.Reveal())
	if aal == hub.AAL1 {
		c.MaxAge = int(session.LimitFor(hub.AAL1).Age / time.Second)
	}
	http.SetCookie(w, c)
}

func setBinding(w http.ResponseWriter, secret hub.Secret) {
	http.SetCookie(w, Cookie(BindingCookie, secret.Reveal()))
}

func setLanguage(w http.ResponseWriter, l locale.Lang) {
	c := Cookie(locale.CookieName, string(l))
	c.MaxAge = int(languageLife / time.Second)
	http.SetCookie(w, c)
}

// Forget makes the browser drop the session and the binding (SES-03).
func Forget(w http.ResponseWriter) {
	for _, name := range []string{SessionCookie, BindingCookie} {
		c := Cookie(name, "")
		c.MaxAge, c.Expires = -1, time.Unix(1, 0).UTC()
		http.SetCookie(w, c)
	}
}

// DropSession makes the browser drop the session alone: the login that is under way goes on.
func DropSession(w http.ResponseWriter) {
	c := Cookie(SessionCookie, "")
	c.MaxAge, c.Expires = -1, time.Unix(1, 0).UTC()
	http.SetCookie(w, c)
}

// Secret reads a secret from a cookie; none where there is no such cookie, where it is malformed, or where there are several
// of the name: a browser sends one, so it is not for us to choose.
func Secret(r *http.Request, name string) hub.Secret {
	found := r.CookiesNamed(name)
	if len(found) != 1 {
		return hub.Secret{}
	}
	s, err := hub.ParseSecret(found[0].Value)
	if err != nil {
		return hub.Secret{}
	}
	return s
}
