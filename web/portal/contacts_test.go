package portal

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"onedoor/hub"
	"onedoor/hub/contact"
	"onedoor/web/visit/visittest"
)

// fakeContacts notes what it is asked for.
type fakeContacts struct {
	calls []string
	err   error
	list  []contact.Shown
}

func (f *fakeContacts) Kinds() []contact.Kind { return []contact.Kind{contact.Email} }

func (f *fakeContacts) Of(context.Context, hub.AccountID) ([]contact.Shown, error) {
	return f.list, nil
}

func (f *fakeContacts) note(parts ...string) error {
	f.calls = append(f.calls, strings.Join(parts, " "))
	return f.err
}

func (f *fakeContacts) Add(_ context.Context, a hub.AccountID, k contact.Kind, text, lang string) (contact.Contact, error) {
	return contact.Contact{}, f.note("add", string(a), string(k), text, lang)
}

func (f *fakeContacts) Resend(_ context.Context, a hub.AccountID, id string) error {
	return f.note("resend", string(a), id)
}

func (f *fakeContacts) Confirm(_ context.Context, a hub.AccountID, id, typed, channel string) error {
	return f.note("confirm", string(a), id, typed, channel)
}

func (f *fakeContacts) Remove(_ context.Context, a hub.AccountID, id, channel string) error {
	return f.note("remove", string(a), id, channel)
}

// contactsWorld is one with a page of contacts, and a sign-in of this age and level.
func contactsWorld(t *testing.T, age time.Duration, aal hub.AAL) (*world, *fakeContacts) {
	t.Helper()
	f := &fakeContacts{}
	w := newWorld(t, f)
	w.here.Age, w.here.Level = age, hub.Level{IAL: hub.IAL21, AAL: aal}
	return w, f
}

const someContact = "contactaaaaaaaaaaaaaaaaaaa"

// AUD-09: where people are told is changed by the account's own person only, freshly signed in at the account's own height, with a form of ours.
func TestAUD09_ContactsChangeOnlyByAFreshSignIn(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		age   time.Duration
		aal   hub.AAL
		in    bool
		about string
		calls int // of add, resend and remove together
		code  int // of confirm
	}{
		"fresh":              {4 * time.Minute, hub.AAL22, true, aboutContacts, 3, 1},
		"at the very limit":  {5 * time.Minute, hub.AAL22, true, aboutContacts, 3, 1},
		"too long ago":       {5*time.Minute + time.Second, hub.AAL22, true, aboutContacts, 0, 1},
		"fresh, but too low": {time.Second, hub.AAL21, true, aboutContacts, 0, 1},
		"nobody signed in":   {time.Second, hub.AAL22, false, aboutContacts, 0, 0},
		"somebody's form":    {time.Second, hub.AAL22, true, aboutConsents, 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, f := contactsWorld(t, c.age, c.aal)
			post := func(path string, form url.Values) {
				r := visittest.Post(path, c.about, form)
				if c.in {
					r = mine(r)
				}
				w.do(r)
			}
			one := func() url.Values { return url.Values{"contact": {someContact}} }
			post("/contacts/add", url.Values{"kind": {"email"}, "address": {"a@b.co"}})
			post("/contacts/resend", one())
			post("/contacts/remove", one())
			if len(f.calls) != c.calls {
				t.Errorf("did %q", f.calls)
			}
			if c.calls == 3 && (f.calls[0] != "add the-account email a@b.co en" || f.calls[1] != "resend the-account "+someContact || f.calls[2] != "remove the-account "+someContact+" web") {
				t.Errorf("did %q", f.calls)
			}
			f.calls = nil
			post("/contacts/code", url.Values{"contact": {someContact}, "code": {"123 456"}})
			if len(f.calls) != c.code || c.code == 1 && f.calls[0] != "confirm the-account "+someContact+" 123 456 web" {
				t.Errorf("did %q", f.calls)
			}
		})
	}
}

// What went wrong is said where it was typed, which is kept; what went right leads back, so that a reload does nothing.
func TestContacts_WhatWasTypedIsKept(t *testing.T) {
	t.Parallel()
	w, f := contactsWorld(t, time.Minute, hub.AAL22)
	f.err = hub.E("x", hub.Invalid, nil)
	rec := w.send("/contacts/add", aboutContacts, url.Values{"kind": {"email"}, "address": {`"<b>@x`}})
	if body := rec.Body.String(); rec.Code != http.StatusUnprocessableEntity || !strings.Contains(body, `value="&#34;&lt;b&gt;@x"`) || !strings.Contains(body, "does not look like an address") {
		t.Errorf("%d\n%s", rec.Code, body)
	}
	if rec := w.send("/contacts/remove", aboutContacts, url.Values{"contact": {"../x"}}); rec.Code != http.StatusBadRequest || len(f.calls) != 1 {
		t.Errorf("%d, %q", rec.Code, f.calls)
	}
	f.err = nil
	if rec := w.send("/contacts/add", aboutContacts, url.Values{"kind": {"email"}, "address": {"a@b.co"}}); rec.Code != http.StatusSeeOther || rec.Header().Get("Location") != "/contacts?done=added" {
		t.Errorf("%d %q", rec.Code, rec.Header().Get("Location"))
	}
	f.err = hub.E("x", hub.Unavailable, nil)
	if rec := w.send("/contacts/add", aboutContacts, url.Values{"kind": {"email"}, "address": {"a@b.co"}}); rec.Code != http.StatusServiceUnavailable || strings.Contains(rec.Body.String(), "a@b.co") {
		t.Errorf("%d\n%s", rec.Code, rec.Body)
	}
}

// The sign-in of the page asks for the same person, freshly and at the account's height.
func TestContacts_TheirOwnSignIn(t *testing.T) {
	t.Parallel()
	w, _ := contactsWorld(t, time.Hour, hub.AAL22)
	w.send("/contacts/sign-in", aboutContacts, nil)
	w.do(visittest.Post("/contacts/sign-in", aboutContacts, nil))
	if len(w.journey.Requests) != 2 {
		t.Fatalf("%d sign-ins", len(w.journey.Requests))
	}
	if req := w.journey.Requests[0]; req.Account != visittest.Account || req.MaxAge == nil || req.Want.AAL != hub.AAL22 || string(req.Continue) != "/contacts" {
		t.Errorf("%+v", req)
	}
	if req := w.journey.Requests[1]; req.Account != "" || req.MaxAge != nil {
		t.Errorf("%+v", req)
	}
}

// Without a way to any address there is no such page.
func TestContacts_NoneWithoutAWay(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if rec := w.do(visittest.Get("/contacts")); rec.Code != http.StatusNotFound {
		t.Errorf("%d", rec.Code)
	}
}
