package pages

import (
	"net/http"
	"net/url"
	"strings"

	"onedoor/hub"
	"onedoor/hub/login"
	"onedoor/web/locale"
	"onedoor/web/server"
	"onedoor/web/visit"
)

const (
	callbackPath = "/login/callback/"

	maxGiven       = 200 // choices of a consent page; a system has fewer attributes and purposes
	maxGivenLength = 160
)

// transaction reads the path. NotFound for what can't be one.
func transaction(r *http.Request) (hub.TransactionID, error) {
	id := r.PathValue("tx")
	if !hub.ValidID(id) {
		return "", hub.Errorf("pages.transaction", hub.NotFound, "not a transaction id")
	}
	return hub.TransactionID(id), nil
}

// again tells where the person can try once more after a failure: at the login's own page, if that can help.
func again(tx hub.TransactionID, err error) string {
	switch server.KindOf(err) {
	case hub.Unavailable, hub.Internal, hub.Conflict, hub.TooMany, server.Forged, server.TooLarge, hub.Invalid:
		return way(tx)
	}
	return ""
}

// show is GET /login/{tx}.
func (j *Journey) show(w http.ResponseWriter, r *http.Request) {
	tx, err := transaction(r)
	if err != nil {
		j.screen.Fail(w, r, err, "")
		return
	}
	b := visit.Browser(r)
	if b.Binding.IsZero() {
		j.screen.Fail(w, r, hub.E("pages.show", server.NoCookie, nil), "")
		return
	}
	next, err := j.o.Login.Show(r.Context(), tx, b)
	if err != nil {
		j.screen.Fail(w, r, err, again(tx, err))
		return
	}
	later := next.Show != nil && next.Show.Step == login.StepItems && next.Show.Items == nil // they have a session now: the next call knows more
	if next.Show == nil || later || !hub.ValidID(string(next.Transaction)) {
		j.proceed(w, r, next, b, nil)
		return
	}
	if next.Session != nil {
		visit.SetSession(w, *next.Session, next.SessionAAL)
	}
	j.page(w, r, next, b, nil)
}

// step makes the handler of a form of a login. Act reads the form's own fields.
func (j *Journey) step(act func(r *http.Request, tx hub.TransactionID, form url.Values, b login.Browser) (login.Next, error), many ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		tx, err := transaction(r)
		if err != nil {
			j.screen.Fail(w, r, err, "")
			return
		}
		form, err := j.v.Form(r, string(tx), many...)
		if err != nil {
			j.screen.Fail(w, r, err, again(tx, err))
			return
		}
		b := visit.Browser(r)
		next, err := act(r, tx, form, b)
		if err != nil {
			j.screen.Fail(w, r, err, again(tx, err))
			return
		}
		j.proceed(w, r, next, b, nil)
	}
}

// choose is POST /login/{tx}/provider.
func (j *Journey) choose(r *http.Request, tx hub.TransactionID, form url.Values, b login.Browser) (login.Next, error) {
	provider := form.Get("provider")
	if !hub.ValidName(provider) {
		return login.Next{}, hub.Errorf("pages.choose", hub.Invalid, "not a provider")
	}
	return j.o.Login.Choose(r.Context(), tx, hub.ProviderID(provider), b)
}

// consent is POST /login/{tx}/consent.
func (j *Journey) consent(r *http.Request, tx hub.TransactionID, form url.Values, b login.Browser) (login.Next, error) {
	a, err := readConsent(form)
	if err != nil {
		return login.Next{}, err
	}
	return j.o.Login.Consent(r.Context(), tx, a, b)
}

// cancel is POST /login/{tx}/cancel.
func (j *Journey) cancel(r *http.Request, tx hub.TransactionID, _ url.Values, b login.Browser) (login.Next, error) {
	return j.o.Login.Cancel(r.Context(), tx, b)
}

// readConsent reads the answer of the consent page. Anything but a clear yes or no is no answer. Invalid.
func readConsent(form url.Values) (login.ConsentAnswer, error) {
	const op = "pages.readConsent"
	lang, ok := locale.Parse(form.Get("language"))
	if !ok {
		return login.ConsentAnswer{}, hub.Errorf(op, hub.Invalid, "language")
	}
	a := login.ConsentAnswer{Language: string(lang)}
	switch form.Get("decision") {
	case "deny":
		return a, nil
	case "allow":
		a.Accept = true
	default:
		return login.ConsentAnswer{}, hub.Errorf(op, hub.Invalid, "neither yes nor no")
	}
	given := form["given"]
	if len(given) > maxGiven {
		return login.ConsentAnswer{}, hub.Errorf(op, hub.Invalid, "too many choices")
	}
	for _, g := range given {
		if len(g) > maxGivenLength || !strings.Contains(g, "/") {
			return login.ConsentAnswer{}, hub.Errorf(op, hub.Invalid, "not a choice")
		}
	}
	a.Given = given
	return a, nil
}

// callback is GET /login/callback/{provider}: the browser is back from a provider.
func (j *Journey) callback(w http.ResponseWriter, r *http.Request) {
	provider := r.PathValue("provider")
	if !hub.ValidName(provider) {
		j.screen.Fail(w, r, hub.Errorf("pages.callback", hub.NotFound, "not a provider"), "")
		return
	}
	params, err := readAnswer(r.URL.RawQuery)
	if err != nil {
		j.screen.Fail(w, r, err, "")
		return
	}
	b := visit.Browser(r)
	if b.Binding.IsZero() {
		j.screen.Fail(w, r, hub.E("pages.callback", server.NoCookie, nil), "")
		return
	}
	next, err := j.o.Login.Answer(r.Context(), hub.ProviderID(provider), params, b)
	if err != nil {
		j.screen.Fail(w, r, err, "")
		return
	}
	j.proceed(w, r, next, b, nil)
}

// answerParams are what a provider may say to us by the browser, with the longest value in bytes: OpenID Connect Core section
// 3.1.2.5 and 3.1.2.6, RFC 6749 section 4.1.2, RFC 9207. What it says for people (error_description, error_uri) is dropped: it
// is foreign text and nobody shows it.
var answerParams = map[string]int{"code": 4096, "state": 512, "iss": 512, "error": 128, "session_state": 512}

// maxAnswer is the longest query, in bytes.
const maxAnswer = 8192

// readAnswer reads the query of a callback. A parameter that comes twice is refused, known or not (RFC 6749 section 3.1);
// unknown ones are dropped. Invalid.
func readAnswer(query string) (map[string]string, error) {
	const op = "pages.readAnswer"
	if len(query) > maxAnswer {
		return nil, hub.Errorf(op, hub.Invalid, "too long")
	}
	values, err := url.ParseQuery(query)
	if err != nil {
		return nil, hub.Errorf(op, hub.Invalid, "malformed query") // the cause would quote it
	}
	out := map[string]string{}
	for name, list := range values {
		if len(list) != 1 {
			return nil, hub.Errorf(op, hub.Invalid, "repeated parameter")
		}
		limit, known := answerParams[name]
		if !known {
			continue
		}
		if len(list[0]) > limit || strings.ContainsFunc(list[0], func(c rune) bool { return c < ' ' || c == 0x7f || c == '\uFFFD' }) {
			return nil, hub.Errorf(op, hub.Invalid, "parameter "+name)
		}
		out[name] = list[0]
	}
	return out, nil
}
