package pages

import (
	"net/http"

	"onedoor/hub"
	"onedoor/web/view"
)

// AskSignOut asks the person whether to sign out, as a system wishes that can't show that it means their session. Then they go on to the
// address, which the system's protocol has checked; "" leads nowhere.
func (j *Journey) AskSignOut(w http.ResponseWriter, r *http.Request, system hub.SystemID, onward string, wishes []string) {
	f := view.Frame{Lang: j.v.Language(w, r, wishes), SignedIn: true}
	page := view.SignOutPage{Token: j.v.Token(w, r, aboutExit(string(system), onward)), System: system, Onward: onward}
	j.screen.Show(w, r, http.StatusOK, f, page)
}

// aboutExit is what the token of the sign-out form is about: also where it leads to, so that nobody can put another address into it.
func aboutExit(system, onward string) string {
	if system == "" && onward == "" {
		return aboutSignOut
	}
	return aboutSignOut + "\x00" + system + "\x00" + onward
}

// Leave sends the browser on to an address outside that a protocol has checked.
func (j *Journey) Leave(w http.ResponseWriter, r *http.Request, onward string) { j.leave(w, r, onward) }
