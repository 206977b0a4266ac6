package pages

import (
	"net/http"
	"net/url"

	"onedoor/hub"
	"onedoor/hub/login"
)

// party is POST /login/{tx}/party: the person says for whom they act.
func (j *Journey) party(r *http.Request, tx hub.TransactionID, form url.Values, b login.Browser) (login.Next, error) {
	word := form.Get("party")
	if word != login.PartySelf && !hub.ValidID(word) {
		return login.Next{}, hub.Errorf("pages.party", hub.Invalid, "neither themselves nor an entity")
	}
	return j.o.Login.Act(r.Context(), tx, word, b)
}
