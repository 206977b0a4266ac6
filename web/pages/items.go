package pages

import (
	"net/http"
	"net/url"

	"onedoor/hub"
	"onedoor/hub/login"
)

// items is POST /login/{tx}/items: the person opens what the system asks for, or keeps it closed. Anything but a clear answer is none.
func (j *Journey) items(r *http.Request, tx hub.TransactionID, form url.Values, b login.Browser) (login.Next, error) {
	var a login.ItemsAnswer
	switch form.Get("decision") {
	case "open":
		a.Open = true
	case "once":
		a.Open, a.Once = true, true
	case "keep":
	default:
		return login.Next{}, hub.Errorf("pages.items", hub.Invalid, "neither open nor closed")
	}
	return j.o.Login.Items(r.Context(), tx, a, b)
}
