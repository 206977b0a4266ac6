package visit

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"time"

	"onedoor/hub"
	"onedoor/hub/login"
	"onedoor/hub/session"
	"onedoor/web/locale"
	"onedoor/web/server"
	"onedoor/web/view"
)

// Sessions finds the session of a browser; session.Service has it.
type Sessions interface {
	// Resume finds the live session of a secret. NotFound, Expired: there is none any more. Unavailable.
	Resume(ctx context.Context, secret hub.Secret) (session.Session, hub.Secret, error)
}

// Options are what a Reception is made of. All are required but Rate.
type Options struct {
	Sessions Sessions
	Screen   *server.Screen
	Clock    hub.Clock
	Random   io.Reader
	// Lease is the revocation lease of all nodes (architecture D2). What ends tokens is answered no sooner than this after its commit, so
	// that no node takes a token for active once the person has been told that it is not.
	Lease time.Duration
	// System is the name under which the login's directory gives the hub's own pages (login.System.Own).
	System hub.SystemID
	// Reach gives the level that the person of a session must reach to change what protects the account: the highest authenticator level
	// that the account ever had and a provider can reach now. Who has got hold of a weaker way in must not get around the stronger one.
	Reach func(ctx context.Context, s session.Session) (hub.Level, error)
	Rate  server.Rate // of what reads a secret of the person's, for each client network; {"login", 300, 50 ms} where zero
}

// Beginner begins logins; pages.Journey has it.
type Beginner interface {
	Begin(w http.ResponseWriter, r *http.Request, req login.Request)
}

// Reception receives browsers. Bind the journey and name all pages (Returns) before the first request.
type Reception struct {
	o       Options
	cross   *http.CrossOriginProtection
	journey Beginner
	returns [][]string // the parts of paths
}

// New checks the options. Invalid where one is missing.
func New(o Options) (*Reception, error) {
	if o.Sessions == nil || o.Screen == nil || o.Clock == nil || o.Random == nil || o.Lease <= 0 || o.System == "" || o.Reach == nil {
		return nil, hub.Errorf("visit.New", hub.Invalid, "an option is missing")
	}
	if o.Rate == (server.Rate{}) {
		// Generous, because whole provinces sit behind one network of a mobile carrier; what must not be guessed has 256 bits.
		o.Rate = server.Rate{Name: "login", Burst: 300, Every: 50 * time.Millisecond}
	}
	return &Reception{o: o, cross: http.NewCrossOriginProtection()}, nil
}

// Bind tells what begins logins. The journey itself needs the Reception, so this can't be an option. Invalid for none or a second one.
func (v *Reception) Bind(b Beginner) error {
	if b == nil || v.journey != nil {
		return hub.Errorf("visit.Bind", hub.Invalid, "no journey, or bound before")
	}
	v.journey = b
	return nil
}

// SignedIn gives the session of the browser. False where there is none, and then the cookies say nothing any more. Unavailable.
func (v *Reception) SignedIn(r *http.Request) (session.Session, bool, error) {
	s, _, in, err := v.Keyed(r)
	return s, in, err
}

// Keyed is SignedIn with the key of the session's vault: for what opens it, because the person has just said so.
func (v *Reception) Keyed(r *http.Request) (session.Session, hub.Secret, bool, error) {
	secret := Secret(r, SessionCookie)
	if secret.IsZero() {
		return session.Session{}, hub.Secret{}, false, nil
	}
	s, key, err := v.o.Sessions.Resume(r.Context(), secret)
	switch {
	case errors.Is(err, hub.NotFound), errors.Is(err, hub.Expired):
		return session.Session{}, hub.Secret{}, false, nil
	case err != nil:
		return session.Session{}, hub.Secret{}, false, err
	}
	return s, key, true, nil
}

// Binding gives the secret that ties forms and logins to this browser, and sets one where it brings none.
func (v *Reception) Binding(w http.ResponseWriter, r *http.Request) hub.Secret {
	binding := Secret(r, BindingCookie)
	if binding.IsZero() {
		binding = hub.NewSecret(v.o.Random)
		setBinding(w, binding)
	}
	return binding
}

// Token makes the token for the forms of a page that are about something; [Reception.Form] asks for the same.
func (v *Reception) Token(w http.ResponseWriter, r *http.Request, about string) string {
	return Token(v.Binding(w, r), about)
}

// Language gives the language of a page, and keeps it where the person has just chosen it.
func (v *Reception) Language(w http.ResponseWriter, r *http.Request, wishes []string) locale.Lang {
	if r.Method == http.MethodGet {
		if l, ok := locale.Parse(r.URL.Query().Get("lang")); ok {
			setLanguage(w, l)
		}
	}
	return server.Language(r, wishes...)
}

// Show answers with a page that can be asked for again at the path. In tells whether somebody is signed in.
func (v *Reception) Show(w http.ResponseWriter, r *http.Request, status int, path string, in bool, p view.Page) {
	v.o.Screen.Show(w, r, status, view.Frame{Lang: v.Language(w, r, nil), Path: path, Query: lasting(r, path), SignedIn: in}, p)
}

// longestQuery is what is carried on of a query, in bytes: more is nothing that a page of ours has asked for.
const longestQuery = 512

// lasting gives what a page was asked for and goes on to be in another language: a period, a search. What has just been done is not.
func lasting(r *http.Request, path string) string {
	if r.Method != http.MethodGet || r.URL.Path != path || len(r.URL.RawQuery) > longestQuery {
		return ""
	}
	q := r.URL.Query()
	for _, gone := range []string{"lang", "done", "wrong", "stale"} {
		q.Del(gone)
	}
	return q.Encode()
}

// Fail answers with the page of a failure; retry is a path of ours to try next, "" for none.
func (v *Reception) Fail(w http.ResponseWriter, r *http.Request, err error, retry string) {
	v.o.Screen.Fail(w, r, err, retry)
}

// Screen gives what shows pages, for those with a frame of their own.
func (v *Reception) Screen() *server.Screen { return v.o.Screen }

// Lease gives how long an answer waits after a commit that ended tokens.
func (v *Reception) Lease() time.Duration { return v.o.Lease }

// Settle waits until no node can take for active what was ended by a transaction that has just committed (D2). Unavailable where the
// request ends before.
func (v *Reception) Settle(ctx context.Context) error {
	t := time.NewTimer(v.o.Lease)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return hub.E("visit.Settle", hub.Unavailable, ctx.Err())
	}
}

const small = 8 << 10 // bytes: of a form with a few fields

// Get makes the route of a page.
func (v *Reception) Get(path string, h http.HandlerFunc) server.Mount {
	return server.Mount{Methods: []string{http.MethodGet}, Path: path, Handler: h, Body: small, Rate: v.o.Rate}
}

// Post makes the route of a form.
func (v *Reception) Post(path string, h http.HandlerFunc) server.Mount {
	return server.Mount{Methods: []string{http.MethodPost}, Path: path, Handler: h, Body: small, Rate: v.o.Rate}
}

// Private makes the handler of a page for whoever is signed in. Everybody else is asked to sign in, and led back to it.
func (v *Reception) Private(page func(w http.ResponseWriter, r *http.Request, s session.Session)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		s, in, err := v.SignedIn(r)
		switch {
		case err != nil:
			v.Fail(w, r, err, r.URL.Path)
		case !in:
			v.Show(w, r, http.StatusOK, r.URL.Path, false, view.GatePage{Token: v.Token(w, r, aboutSignIn), Back: r.URL.Path})
		default:
			page(w, r, s)
		}
	}
}

// Act makes the handler of a form about something, for whoever is signed in. The form is checked before anything else; who is not signed
// in any more is led to the page, which says so.
func (v *Reception) Act(about, page string, act func(w http.ResponseWriter, r *http.Request, s session.Session, form url.Values)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		form, err := v.Form(r, about)
		var s session.Session
		var in bool
		if err == nil {
			s, in, err = v.SignedIn(r)
		}
		switch {
		case err != nil:
			v.Fail(w, r, err, page)
		case !in:
			http.Redirect(w, r, page, http.StatusSeeOther)
		default:
			act(w, r, s, form)
		}
	}
}

const (
	signInPath  = "/sign-in"
	aboutSignIn = "sign-in"
)

// Mounts lists the Reception's own routes.
func (v *Reception) Mounts() []server.Mount { return []server.Mount{v.Post(signInPath, v.enter)} }

// enter is POST /sign-in, from the page that stands in the place of another: see Private.
func (v *Reception) enter(w http.ResponseWriter, r *http.Request) {
	form, err := v.Form(r, aboutSignIn)
	if err == nil && !v.returning(form.Get("page")) {
		err = hub.Errorf("visit.enter", hub.Invalid, "no page of ours")
	}
	if err != nil {
		v.Fail(w, r, err, "")
		return
	}
	v.SignIn(w, r, form.Get("page"))
}
