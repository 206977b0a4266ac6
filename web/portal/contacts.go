package portal

import (
	"context"
	"errors"
	"net/http"
	"net/url"

	"onedoor/hub"
	"onedoor/hub/contact"
	"onedoor/hub/session"
	"onedoor/web/server"
	"onedoor/web/view"
	"onedoor/web/visit"
)

// Contacts are where the person is told of their account; contact.Service has it, and its comments name the errors.
type Contacts interface {
	Kinds() []contact.Kind
	Of(ctx context.Context, account hub.AccountID) ([]contact.Shown, error)
	Add(ctx context.Context, account hub.AccountID, kind contact.Kind, text, language string) (contact.Contact, error)
	Resend(ctx context.Context, account hub.AccountID, id string) error
	Confirm(ctx context.Context, account hub.AccountID, id, typed, channel string) error
	Remove(ctx context.Context, account hub.AccountID, id, channel string) error
}

const (
	contactsPath  = "/contacts"
	aboutContacts = "contacts"
)

// contactMounts are the routes of the page of contacts. Without a way to any address there is none.
func (p *Portal) contactMounts() []server.Mount {
	if p.o.Contacts == nil {
		return nil
	}
	mounts := []server.Mount{p.v.Get(contactsPath, p.v.Private(p.contacts))}
	for path, h := range map[string]http.HandlerFunc{
		"/sign-in": p.contactsSignIn, "/add": p.contactAdd, "/code": p.contactCode, "/resend": p.contactResend, "/remove": p.contactRemove,
	} {
		mounts = append(mounts, p.v.Post(contactsPath+path, h))
	}
	return mounts
}

// contacts is GET /contacts.
func (p *Portal) contacts(w http.ResponseWriter, r *http.Request, s session.Session) {
	p.contactsPage(w, r, s, http.StatusOK, view.ContactsPage{Done: r.URL.Query().Get("done")})
}

// contactsPage shows the page, with what has just gone right or wrong.
func (p *Portal) contactsPage(w http.ResponseWriter, r *http.Request, s session.Session, status int, page view.ContactsPage) {
	page.Token, page.State = p.v.Token(w, r, aboutContacts), view.ContactsStale
	entries, err := p.o.Contacts.Of(r.Context(), s.Account)
	fresh := false
	if err == nil {
		fresh, err = p.v.Fresh(r.Context(), s)
	}
	if err != nil {
		p.v.Fail(w, r, err, contactsPath)
		return
	}
	page.Entries = entries
	if fresh {
		page.State, page.Kinds = view.ContactsFresh, p.o.Contacts.Kinds()
	}
	p.v.Show(w, r, status, contactsPath, true, page)
}

// contactsSignIn is POST /contacts/sign-in.
func (p *Portal) contactsSignIn(w http.ResponseWriter, r *http.Request) {
	if _, err := p.v.Form(r, aboutContacts); err != nil {
		p.v.Fail(w, r, err, contactsPath)
		return
	}
	p.v.SignIn(w, r, contactsPath)
}

// contactAdd is POST /contacts/add.
func (p *Portal) contactAdd(w http.ResponseWriter, r *http.Request) {
	p.changeContacts(w, r, true, "added", func(ctx context.Context, s session.Session, form url.Values) (string, string, error) {
		kind, typed := form.Get("kind"), form.Get("address")
		_, err := p.o.Contacts.Add(ctx, s.Account, contact.Kind(kind), typed, string(server.Language(r)))
		return kind, typed, err
	})
}

// contactCode is POST /contacts/code. It needs no fresh sign-in: whoever knows the code reads at the address, and it was added freshly.
func (p *Portal) contactCode(w http.ResponseWriter, r *http.Request) {
	p.changeContacts(w, r, false, "confirmed", func(ctx context.Context, s session.Session, form url.Values) (string, string, error) {
		id := form.Get("contact")
		return id, "", p.o.Contacts.Confirm(ctx, s.Account, id, form.Get("code"), visit.Channel)
	})
}

// contactResend is POST /contacts/resend.
func (p *Portal) contactResend(w http.ResponseWriter, r *http.Request) {
	p.changeContacts(w, r, true, "added", func(ctx context.Context, s session.Session, form url.Values) (string, string, error) {
		id := form.Get("contact")
		return id, "", p.o.Contacts.Resend(ctx, s.Account, id)
	})
}

// contactRemove is POST /contacts/remove.
func (p *Portal) contactRemove(w http.ResponseWriter, r *http.Request) {
	p.changeContacts(w, r, true, "removed", func(ctx context.Context, s session.Session, form url.Values) (string, string, error) {
		id := form.Get("contact")
		return id, "", p.o.Contacts.Remove(ctx, s.Account, id, visit.Channel)
	})
}

// changeContacts does what a form asks for: for who is signed in, and freshly where that is needed. What the person can mend is said on the
// page, with what was typed.
func (p *Portal) changeContacts(w http.ResponseWriter, r *http.Request, freshly bool, done string,
	change func(ctx context.Context, s session.Session, form url.Values) (where, typed string, err error),
) {
	form, err := p.v.Form(r, aboutContacts)
	if err == nil && form.Has("contact") && !hub.ValidID(form.Get("contact")) {
		err = hub.Errorf("portal.contacts", hub.Invalid, "no such contact")
	}
	var s session.Session
	var in bool
	if err == nil {
		s, in, err = p.v.SignedIn(r)
	}
	if err != nil {
		p.v.Fail(w, r, err, contactsPath)
		return
	}
	if in && freshly {
		if in, err = p.v.Fresh(r.Context(), s); err != nil {
			p.v.Fail(w, r, err, contactsPath)
			return
		}
	}
	if !in {
		http.Redirect(w, r, contactsPath, http.StatusSeeOther) // where the person can sign in
		return
	}
	where, typed, err := change(r.Context(), s, form)
	switch kind := hub.KindOf(err); {
	case err == nil, errors.Is(err, hub.Consumed):
		http.Redirect(w, r, contactsPath+"?done="+done, http.StatusSeeOther)
	case kind == hub.Invalid, kind == hub.Conflict, kind == hub.TooMany, kind == hub.Refused, kind == hub.Expired:
		p.contactsPage(w, r, s, http.StatusUnprocessableEntity, view.ContactsPage{Problem: kind, Where: where, Typed: typed})
	default:
		p.v.Fail(w, r, err, contactsPath)
	}
}
