package pages

import (
	"net/http"
	"net/url"

	"onedoor/hub"
	"onedoor/hub/login"
	"onedoor/web/server"
	"onedoor/web/visit"
)

// anew is POST /login/{tx}/anew: the person at the browser is somebody else than who is signed in.
func (j *Journey) anew(r *http.Request, tx hub.TransactionID, _ url.Values, b login.Browser) (login.Next, error) {
	return j.o.Login.Anew(r.Context(), tx, b)
}

// signedOutOf makes the browser drop a session that a step of a login has ended, and waits until no node takes its tokens for active
// any more (D2). The login's own binding stays.
func (j *Journey) signedOutOf(w http.ResponseWriter, r *http.Request) error {
	visit.DropSession(w)
	if err := j.v.Settle(r.Context()); err != nil {
		return hub.E("pages.signedOutOf", server.NotSignedOut, err)
	}
	return nil
}
