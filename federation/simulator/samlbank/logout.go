package samlbank

import (
	"context"
	"net/http"
	"slices"
	"time"

	"onedoor/federation/simulator"
	"onedoor/federation/simulator/samlout"
	"onedoor/hub"
	"onedoor/hub/samlmsg"
)

// login is somebody of whom a service was told.
type login struct {
	sp    string
	name  samlmsg.NameID
	index string
}

const loginLife = 12 * time.Hour

// layLogout makes the single logout service.
func (b *Bank) layLogout(client *http.Client) {
	b.out = samlout.New(samlout.Options{
		EntityID: b.EntityID(), BaseURL: b.base, Signer: b.signer, HTTP: client, Clock: b.clock, Random: b.random,
		Find: b.other,
		End: func(id samlmsg.NameID, indexes []string) int {
			return b.logins.Drop(func(l login) bool { return l.name == id && (len(indexes) == 0 || slices.Contains(indexes, l.index)) })
		},
		Told: func(w http.ResponseWriter, _ *http.Request, status samlmsg.Status) {
			b.message(w, http.StatusOK, "You are logged out", "The service says: "+samlout.Word(status)+".")
		},
		Problem: func(w http.ResponseWriter, text string) { b.message(w, http.StatusBadRequest, "Invalid message", text) },
	})
}

// Logout gives the single logout service, for tests that watch or disturb it.
func (b *Bank) Logout() *samlout.Party { return b.out }

// SignedIn counts the logins that services were told of and that have not ended.
func (b *Bank) SignedIn() int { return b.logins.Len() }

// Forget drops every login, and tells nobody: as a restart would.
func (b *Bank) Forget() { b.logins.Drop(func(login) bool { return true }) }

func (b *Bank) remember(sp string, a samlmsg.Assertion) {
	b.logins.Put(simulator.Token(b.random), login{sp: sp, name: *a.Subject.NameID, index: a.Authn[0].SessionIndex})
}

func (b *Bank) other(ctx context.Context, entityID string) (samlout.Other, error) {
	e, err := b.known(ctx, entityID)
	if err != nil {
		return samlout.Other{}, err
	}
	return samlout.Other{EntityID: e.EntityID, Role: e.SP.Role}, nil
}

// one forgets one login and gives it.
func (b *Bank) one() (found login, ok bool) {
	b.logins.Drop(func(l login) bool {
		if ok {
			return false
		}
		found, ok = l, true
		return true
	})
	return found, ok
}

// logout ends a login here, and asks the service to end its session: the browser goes there; with binding=post by a form.
func (b *Bank) logout(w http.ResponseWriter, r *http.Request) {
	one, ok := b.one()
	if !ok {
		b.message(w, http.StatusOK, "Nobody is logged in", "There is nothing to log out of.")
		return
	}
	other, err := b.other(r.Context(), one.sp)
	if err != nil {
		b.message(w, http.StatusBadGateway, "The service can't be reached", "The bank can't find out where to tell that you have logged out.")
		return
	}
	binding := samlmsg.BindingRedirect
	if r.PostFormValue("binding") == "post" {
		binding = samlmsg.BindingPOST
	}
	b.out.Ask(w, r, other, binding, one.name, one.index)
}

// CallLogout ends a login here and asks the service by SOAP to end its session, and gives the status. NotFound where nobody is logged in.
func (b *Bank) CallLogout(ctx context.Context) (samlmsg.Status, error) {
	one, ok := b.one()
	if !ok {
		return samlmsg.Status{}, hub.Errorf("samlbank.CallLogout", hub.NotFound, "nobody is logged in")
	}
	other, err := b.other(ctx, one.sp)
	if err != nil {
		return samlmsg.Status{}, err
	}
	return b.out.Call(ctx, other, one.name, one.index)
}
