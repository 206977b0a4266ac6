package pages

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"onedoor/hub"
	"onedoor/hub/contact"
	"onedoor/hub/login"
	"onedoor/hub/session"
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

// agedSessions gives the session of the test with a sign-in of a certain age.
type agedSessions struct {
	Sessions
	age time.Duration
	aal hub.AAL
}

func (a agedSessions) Resume(ctx context.Context, s hub.Secret) (session.Session, hub.Secret, error) {
	found, key, err := a.Sessions.Resume(ctx, s)
	found.Provider, found.Level = "bank", hub.Level{IAL: hub.IAL21, AAL: a.aal}
	found.AuthTime, found.StartedAt, found.LastActivity = now.Add(-a.age), now.Add(-a.age), now
	return found, key, err
}

func contactsWorld(t *testing.T, age time.Duration, aal hub.AAL) (*world, *fakeContacts) {
	t.Helper()
	w, c := newWorld(t), &fakeContacts{}
	w.o.Contacts, w.o.Clock, w.o.Sessions = c, func() time.Time { return now }, agedSessions{w.o.Sessions, age, aal}
	w.o.Own = Own{System: "onedoor", Reach: func(context.Context, session.Session) (hub.Level, error) {
		return hub.Level{IAL: hub.IAL11, AAL: hub.AAL22}, nil
	}}
	return w, c
}

const someContact = "contactaaaaaaaaaaaaaaaaaaa"

// send posts a form of ours, or one that is not.
func (w *world) send(h http.HandlerFunc, about string, in bool, form url.Values) *httptest.ResponseRecorder {
	form.Set(tokenField, token(secret(9), about))
	r := httptest.NewRequest(http.MethodPost, "https://login.example/contacts/x", strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	r.Header.Set("Accept-Language", "en")
	r.AddCookie(&http.Cookie{Name: BindingCookie, Value: secret(9).Reveal()})
	if in {
		cookied(r, w.sessions.secret)
	}
	rec := httptest.NewRecorder()
	h(rec, r)
	return rec
}

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
			one := url.Values{"contact": {someContact}}
			w.send(w.contactAdd, c.about, c.in, url.Values{"kind": {"email"}, "address": {"a@b.co"}})
			w.send(w.contactResend, c.about, c.in, one)
			w.send(w.contactRemove, c.about, c.in, one)
			if len(f.calls) != c.calls {
				t.Errorf("did %q", f.calls)
			}
			if c.calls == 3 && (f.calls[0] != "add the-account email a@b.co en" || f.calls[1] != "resend the-account "+someContact || f.calls[2] != "remove the-account "+someContact+" web") {
				t.Errorf("did %q", f.calls)
			}
			f.calls = nil
			w.send(w.contactCode, c.about, c.in, url.Values{"contact": {someContact}, "code": {"123 456"}})
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
	rec := w.send(w.contactAdd, aboutContacts, true, url.Values{"kind": {"email"}, "address": {`"<b>@x`}})
	if body := rec.Body.String(); rec.Code != http.StatusUnprocessableEntity || !strings.Contains(body, `value="&#34;&lt;b&gt;@x"`) || !strings.Contains(body, "does not look like an address") {
		t.Errorf("%d\n%s", rec.Code, body)
	}
	if rec := w.send(w.contactRemove, aboutContacts, true, url.Values{"contact": {"../x"}}); rec.Code != http.StatusBadRequest || len(f.calls) != 1 {
		t.Errorf("%d, %q", rec.Code, f.calls)
	}
	f.err = nil
	if rec := w.send(w.contactAdd, aboutContacts, true, url.Values{"kind": {"email"}, "address": {"a@b.co"}}); rec.Code != http.StatusSeeOther || rec.Header().Get("Location") != "/contacts?done=added" {
		t.Errorf("%d %q", rec.Code, rec.Header().Get("Location"))
	}
	f.err = hub.E("x", hub.Unavailable, nil)
	if rec := w.send(w.contactAdd, aboutContacts, true, url.Values{"kind": {"email"}, "address": {"a@b.co"}}); rec.Code != http.StatusServiceUnavailable || strings.Contains(rec.Body.String(), "a@b.co") {
		t.Errorf("%d\n%s", rec.Code, rec.Body)
	}
}

// The sign-in for the hub's own page asks for the same person, freshly and at the account's height, and leads back to a page of ours only.
func TestContacts_TheirOwnSignIn(t *testing.T) {
	t.Parallel()
	w, _ := contactsWorld(t, time.Hour, hub.AAL22)
	w.login.next = map[string]login.Next{"begin": {Redirect: "https://bank.example/authorize"}}
	w.send(w.contactsSignIn, aboutContacts, true, url.Values{})
	req := w.login.request
	if req.System != "onedoor" || req.Account != "the-account" || req.MaxAge == nil || *req.MaxAge != 5*time.Minute || req.Want.AAL != hub.AAL22 || req.Protocol != ownProtocol || string(req.Continue) != "/contacts" {
		t.Errorf("%+v", req)
	}
	w.send(w.contactsSignIn, aboutContacts, false, url.Values{})
	if req := w.login.request; req.Account != "" || req.MaxAge != nil {
		t.Errorf("%+v", req)
	}
	finish := func(back string, failure hub.Kind) *httptest.ResponseRecorder {
		rec := httptest.NewRecorder()
		own{w.Journey}.FinishLogin(rec, get("/login/callback/bank"), login.Result{Failure: failure, Request: login.Request{Continue: []byte(back)}})
		return rec
	}
	for _, kind := range []hub.Kind{"", hub.Denied} {
		if rec := finish("/contacts", kind); rec.Code != http.StatusSeeOther || rec.Header().Get("Location") != "/contacts" {
			t.Errorf("%q: %d %q", kind, rec.Code, rec.Header().Get("Location"))
		}
	}
	if rec := finish("/contacts", hub.TooMany); rec.Code != http.StatusTooManyRequests {
		t.Errorf("%d", rec.Code)
	}
	for _, back := range []string{"https://evil.example/", "//evil.example", "", "/contacts?x"} {
		if rec := finish(back, ""); rec.Code != http.StatusInternalServerError || rec.Header().Get("Location") != "" {
			t.Errorf("%q: %d %q", back, rec.Code, rec.Header().Get("Location"))
		}
	}
}

// Without a way to any address there is no such page, and New refuses half a configuration.
func TestContacts_NoneWithoutAWay(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if rec := w.do(get("/contacts")); rec.Code != http.StatusNotFound {
		t.Errorf("%d", rec.Code)
	}
	o := w.o
	o.Contacts = &fakeContacts{}
	if _, err := New(o); hub.KindOf(err) != hub.Invalid {
		t.Errorf("%v", err)
	}
	o.Own = Own{System: "onedoor", Reach: func(context.Context, session.Session) (hub.Level, error) { return hub.Level{}, nil }}
	j, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	if n := len(j.contactMounts()); n != 6 || j.protocols[ownProtocol] == nil {
		t.Errorf("%d routes", n)
	}
}
