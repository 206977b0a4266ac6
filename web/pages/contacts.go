package pages

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
func (j *Journey) contactMounts() []server.Mount {
	if j.o.Contacts == nil {
		return nil
	}
	const small = 8 << 10 // bytes
	mounts := []server.Mount{{Methods: []string{http.MethodGet}, Path: contactsPath, Handler: http.HandlerFunc(j.contacts), Body: small, Rate: j.o.Rate}}
	for path, h := range map[string]http.HandlerFunc{
		"/sign-in": j.contactsSignIn, "/add": j.contactAdd, "/code": j.contactCode, "/resend": j.contactResend, "/remove": j.contactRemove,
	} {
		mounts = append(mounts, server.Mount{Methods: []string{http.MethodPost}, Path: contactsPath + path, Handler: h, Body: small, Rate: j.o.Rate})
	}
	return mounts
}

// contacts is GET /contacts.
func (j *Journey) contacts(w http.ResponseWriter, r *http.Request) {
	j.contactsPage(w, r, http.StatusOK, view.ContactsPage{Done: r.URL.Query().Get("done")})
}

// contactsPage shows the page, with what has just gone right or wrong.
func (j *Journey) contactsPage(w http.ResponseWriter, r *http.Request, status int, p view.ContactsPage) {
	fail := func(err error) { j.o.Screen.Fail(w, r, err, contactsPath) }
	s, in, err := j.signedIn(r)
	if err != nil {
		fail(err)
		return
	}
	binding := secretIn(r, BindingCookie)
	if binding.IsZero() {
		binding = hub.NewSecret(j.o.Random)
		setBinding(w, binding)
	}
	p.Token, p.State = token(binding, aboutContacts), view.ContactsSignedOut
	if in {
		p.State = view.ContactsStale
		if p.Entries, err = j.o.Contacts.Of(r.Context(), s.Account); err != nil {
			fail(err)
			return
		}
		fresh, err := j.fresh(r.Context(), s)
		if err != nil {
			fail(err)
			return
		}
		if fresh {
			p.State, p.Kinds = view.ContactsFresh, j.o.Contacts.Kinds()
		}
	}
	f := view.Frame{Lang: j.language(w, r, nil), Path: contactsPath, SignedIn: in}
	j.o.Screen.Show(w, r, status, f, p)
}

// contactsSignIn is POST /contacts/sign-in.
func (j *Journey) contactsSignIn(w http.ResponseWriter, r *http.Request) {
	if _, err := j.form(r, aboutContacts); err != nil {
		j.o.Screen.Fail(w, r, err, contactsPath)
		return
	}
	j.signIn(w, r, contactsPath)
}

// contactAdd is POST /contacts/add.
func (j *Journey) contactAdd(w http.ResponseWriter, r *http.Request) {
	j.changeContacts(w, r, true, "added", func(ctx context.Context, s session.Session, form url.Values) (string, string, error) {
		kind, typed := form.Get("kind"), form.Get("address")
		_, err := j.o.Contacts.Add(ctx, s.Account, contact.Kind(kind), typed, string(server.Language(r)))
		return kind, typed, err
	})
}

// contactCode is POST /contacts/code. It needs no fresh sign-in: whoever knows the code reads at the address, and it was added freshly.
func (j *Journey) contactCode(w http.ResponseWriter, r *http.Request) {
	j.changeContacts(w, r, false, "confirmed", func(ctx context.Context, s session.Session, form url.Values) (string, string, error) {
		id := form.Get("contact")
		return id, "", j.o.Contacts.Confirm(ctx, s.Account, id, form.Get("code"), channel)
	})
}

// contactResend is POST /contacts/resend.
func (j *Journey) contactResend(w http.ResponseWriter, r *http.Request) {
	j.changeContacts(w, r, true, "added", func(ctx context.Context, s session.Session, form url.Values) (string, string, error) {
		id := form.Get("contact")
		return id, "", j.o.Contacts.Resend(ctx, s.Account, id)
	})
}

// contactRemove is POST /contacts/remove.
func (j *Journey) contactRemove(w http.ResponseWriter, r *http.Request) {
	j.changeContacts(w, r, true, "removed", func(ctx context.Context, s session.Session, form url.Values) (string, string, error) {
		id := form.Get("contact")
		return id, "", j.o.Contacts.Remove(ctx, s.Account, id, channel)
	})
}

// changeContacts does what a form asks for: for who is signed in, and freshly where that is needed. What the person can mend is said on the
// page, with what was typed.
func (j *Journey) changeContacts(w http.ResponseWriter, r *http.Request, freshly bool, done string,
	change func(ctx context.Context, s session.Session, form url.Values) (where, typed string, err error),
) {
	form, err := j.form(r, aboutContacts)
	if err == nil && form.Has("contact") && !hub.ValidID(form.Get("contact")) {
		err = hub.Errorf("pages.contacts", hub.Invalid, "no such contact")
	}
	var s session.Session
	var in bool
	if err == nil {
		s, in, err = j.signedIn(r)
	}
	if err != nil {
		j.o.Screen.Fail(w, r, err, contactsPath)
		return
	}
	if in && freshly {
		if in, err = j.fresh(r.Context(), s); err != nil {
			j.o.Screen.Fail(w, r, err, contactsPath)
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
		j.contactsPage(w, r, http.StatusUnprocessableEntity, view.ContactsPage{Problem: kind, Where: where, Typed: typed})
	default:
		j.o.Screen.Fail(w, r, err, contactsPath)
	}
}
