package pages

import (
	"net/http"

	"onedoor/hub"
)

// SessionSecret gives the session secret that the browser brings; zero where it brings none.
func SessionSecret(r *http.Request) hub.Secret { return secretIn(r, SessionCookie) }

// Forget makes the browser drop its session (SES-03), for a protocol that has ended it.
func Forget(w http.ResponseWriter) { forget(w) }
