package samlidp_test

import (
	"errors"
	"testing"

	"onedoor/hub"
	"onedoor/hub/logout"
	"onedoor/hub/samlidp"
	"onedoor/hub/samlmsg"
	"onedoor/hub/samlslo"
)

// SSO-05: what a department is told at a logout is exactly what it was told at the login, for both kinds of name, and what it asks by that
// name finds the session, and no other.
func TestSSO05_TheNameOfALoginIsTheNameOfItsLogout(t *testing.T) {
	t.Parallel()
	for _, format := range []string{samlmsg.FormatPersistent, samlmsg.FormatTransient} {
		w := newWorld(t)
		one, two := w.signIn("account-one", usual), w.signIn("account-two", usual)
		side := w.idp.LogoutSide()
		peer, err := side.Sender(t.Context(), "", landID)
		if err != nil {
			t.Fatal(err)
		}
		for _, b := range []*browser{one, two} {
			r := w.read(b.get(w.request(func(q *samlmsg.AuthnRequest) { q.NameIDPolicy = &samlmsg.NameIDPolicy{Format: format} }), "", signer("land")), true)
			part := w.parts[len(w.parts)-1]
			name, index, err := side.Name(t.Context(), peer, logout.Notice{
				Session: part.Session, Account: w.sessions[part.Session].Account, System: part.System, Ref: part.Ref,
			})
			if err != nil || name != *r.Assertion.Subject.NameID || index != r.Assertion.Authn[0].SessionIndex || name.Format != format {
				t.Errorf("%s: at the logout %v %q", format, err, index)
			}
			q := samlmsg.LogoutRequest{NameID: *r.Assertion.Subject.NameID, SessionIndexes: []string{r.Assertion.Authn[0].SessionIndex}}
			hash, indexes := q.Hashes(w, samlslo.SystemKey("land"))
			found, err := w.Find(t.Context(), samlslo.SystemKey("land"), hash)
			if err != nil {
				t.Fatal(err)
			}
			if live, _ := samlmsg.Meant(found, indexes); len(live) != 1 || live[0] != hub.SessionID(b.session) {
				t.Errorf("%s: the request means %v", format, live)
			}
			// Another department's request by the same name finds nothing.
			if hash, _ := q.Hashes(w, samlslo.SystemKey("tax")); len(hash) > 0 {
				if found, _ := w.Find(t.Context(), samlslo.SystemKey("tax"), hash); len(found) != 0 {
					t.Errorf("%s: another department finds %v", format, found)
				}
			}
		}
	}
}

func TestWhoTakesPartInALogout(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	side := w.idp.LogoutSide()
	if _, err := side.Sender(t.Context(), "", "https://nobody.example"); !errors.Is(err, hub.NotFound) {
		t.Errorf("nobody: %v", err)
	}
	peer, ok := side.Known("land", "")
	if !ok || peer.SLO != w.server.URL+samlidp.SLOPath || peer.SOAP != w.server.URL+samlidp.SLOSOAPPath || peer.Self != w.idp.EntityID() || peer.Encrypt != nil {
		t.Errorf("%+v", peer)
	}
	w.change(landID, func(sp *samlidp.ServiceProvider) { sp.EncryptNames = true })
	if peer, err := side.Of(t.Context(), "land", ""); err != nil || peer.Encrypt == nil {
		t.Errorf("its names are not encrypted: %v", err)
	}
	w.change(taxID, func(sp *samlidp.ServiceProvider) { sp.EncryptNames = true })
	if _, err := side.Of(t.Context(), "tax", ""); !errors.Is(err, hub.Refused) {
		t.Errorf("names encrypted for nobody: %v", err)
	}
	// Who is out of service asks nothing, and is told all the same.
	w.change(landID, func(sp *samlidp.ServiceProvider) { sp.Live = false })
	if _, err := side.Sender(t.Context(), "", landID); !errors.Is(err, hub.Suspended) {
		t.Errorf("out of service: %v", err)
	}
	if _, err := side.Of(t.Context(), "land", ""); err != nil {
		t.Errorf("out of service, to be told: %v", err)
	}
}
