package portal

import (
	"net/http"
	"slices"

	"onedoor/binding/review"
	"onedoor/hub"
	"onedoor/hub/session"
	"onedoor/tenants"
	"onedoor/web/server"
	"onedoor/web/view"
)

const (
	// CounterPath is where a phone arrives that has scanned what a clerk shows; the number of the sitting follows.
	CounterPath  = "/me/counter"
	aboutCounter = "counter"
)

func (p *Portal) counterMounts() []server.Mount {
	one := CounterPath + "/{sitting}"
	return []server.Mount{p.v.Post(CounterPath, p.counterFind), p.v.Get(one, p.v.Private(p.counter)), p.v.Post(one, p.counterConfirm)}
}

// counterFind is POST /me/counter: for who types the number in, instead of scanning it.
func (p *Portal) counterFind(w http.ResponseWriter, r *http.Request) {
	form, err := p.v.Form(r, aboutRecords)
	var s session.Session
	in := false
	if err == nil {
		s, in, err = p.v.SignedIn(r)
	}
	if err == nil && !in {
		err = hub.Errorf("portal.counterFind", server.NoCookie, "not signed in")
	}
	if err != nil {
		p.v.Fail(w, r, err, RecordsPath)
		return
	}
	typed := form.Get("number")
	number, ok := review.Number(typed)
	if !ok {
		p.recordsPage(w, r, s, http.StatusUnprocessableEntity, view.RecordsPage{Problem: hub.NotFound, Typed: form})
		return
	}
	http.Redirect(w, r, CounterPath+"/"+number, http.StatusSeeOther)
}

// counter is GET /me/counter/{sitting}.
func (p *Portal) counter(w http.ResponseWriter, r *http.Request, s session.Session) {
	p.counterPage(w, r, s, http.StatusOK, view.CounterPage{})
}

func (p *Portal) counterPage(w http.ResponseWriter, r *http.Request, s session.Session, status int, page view.CounterPage) {
	number, ok := review.Number(r.PathValue("sitting"))
	if !ok {
		p.v.Fail(w, r, hub.Errorf("portal.counterPage", hub.NotFound, "no such counter"), RecordsPath)
		return
	}
	page.Token, page.Path = p.v.Token(w, r, aboutCounter), CounterPath+"/"+number
	if page.Problem == "" {
		at, err := p.o.Reviews.At(r.Context(), p.visitor(s, hub.Secret{}, ""), number)
		switch hub.KindOf(err) {
		case "":
			page.At = at
		case hub.NotFound:
			status, page.Problem = http.StatusNotFound, hub.NotFound
		case hub.TooMany:
			status, page.Problem = http.StatusTooManyRequests, hub.TooMany
		default:
			p.v.Fail(w, r, err, RecordsPath)
			return
		}
	}
	p.v.Show(w, r, status, page.Path, true, page)
}

// counterConfirm is POST /me/counter/{sitting}: the code is on this page only, and in no address. It asks for a sign-in of the last minutes: a phone that
// lies about must not be enough.
func (p *Portal) counterConfirm(w http.ResponseWriter, r *http.Request) {
	form, err := p.v.Form(r, aboutCounter)
	var s session.Session
	var key hub.Secret
	in := false
	if err == nil {
		s, key, in, err = p.v.Keyed(r)
	}
	number, ok := review.Number(r.PathValue("sitting"))
	if err == nil && !ok {
		err = hub.Errorf("portal.counterConfirm", hub.NotFound, "no such counter")
	}
	if err == nil && !in {
		http.Redirect(w, r, CounterPath+"/"+number, http.StatusSeeOther) // which says what is missing
		return
	}
	v := p.visitor(s, key, "")
	var at review.Counter
	if err == nil {
		at, err = p.o.Reviews.At(r.Context(), v, number)
	}
	kind := tenants.RecordKindID(form.Get("kind"))
	least, fresh := hub.Level{}, false
	if i := slices.IndexFunc(at.Kinds, func(k review.CounterKind) bool { return k.ID == kind }); i >= 0 {
		least.AAL = at.Kinds[i].Least.AAL
	}
	if err == nil {
		_, fresh, err = p.v.FreshAt(r.Context(), s, least)
	}
	if err == nil && !fresh {
		p.v.SignInAt(w, r, CounterPath+"/"+number, least)
		return
	}
	page := view.CounterPage{}
	if err == nil {
		code, mine, confirmed := p.o.Reviews.Confirm(r.Context(), v, number, kind)
		if err = confirmed; err == nil {
			page.Code = code[:len(code)/2] + " " + code[len(code)/2:]
			err = p.keep(r.Context(), v, mine, form.Get("keep") == "1")
		}
	}
	switch k := hub.KindOf(err); k {
	case "":
		p.counterPage(w, r, s, http.StatusOK, page)
	case hub.NotFound, hub.Consumed: // the same answer: which numbers there are is nobody's business
		p.counterPage(w, r, s, http.StatusNotFound, view.CounterPage{Problem: hub.NotFound})
	case hub.TooMany:
		p.counterPage(w, r, s, http.StatusTooManyRequests, view.CounterPage{Problem: k})
	case hub.LevelUnmet:
		p.v.SignInAt(w, r, CounterPath+"/"+number, least)
	default:
		p.v.Fail(w, r, err, RecordsPath)
	}
}
