package console

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"onedoor/binding"
	"onedoor/binding/review"
	"onedoor/hub"
	"onedoor/hub/session"
	"onedoor/tenants"
	"onedoor/tenants/staff"
	"onedoor/web/server"
	"onedoor/web/view"
)

// Cases are what waits for a clerk; review.Desk has it, and its comments name the errors. What is not a clerk's is NotFound.
type Cases interface {
	Queue(ctx context.Context, c binding.Clerk, behind review.Cursor, limit int) ([]review.Waiting, review.Cursor, bool, error)
	Open(ctx context.Context, c binding.Clerk, id string) (review.Case, error)
	Reassign(ctx context.Context, c binding.Clerk, id string, to tenants.AreaID) (binding.Binding, error)
}

// Counter is where a clerk serves people who stand before them; review.Desk has it.
type Counter interface {
	Counters(ctx context.Context, c binding.Clerk) ([]tenants.Department, error)
	Sit(ctx context.Context, c binding.Clerk, department hub.DepartmentID) (string, time.Time, error)
	Try(ctx context.Context, c binding.Clerk, number string) error
	Serve(ctx context.Context, c binding.Clerk, number, code string) (binding.Binding, error)
}

// Decisions are a clerk's acts on a case; review.Desk has it.
type Decisions interface {
	Take(ctx context.Context, c binding.Clerk, id string) (binding.Binding, error)
	Release(ctx context.Context, c binding.Clerk, id string) (binding.Binding, error)
	Approve(ctx context.Context, c binding.Clerk, id string) (binding.Binding, error)
	Reject(ctx context.Context, c binding.Clerk, id string, why binding.Reason) (binding.Binding, error)
	AskFor(ctx context.Context, c binding.Clerk, id, extra string) (binding.Binding, error)
	Name(ctx context.Context, c binding.Clerk, id, number string) (binding.Binding, error)
}

const (
	casesPath  = staffPath + "/cases"
	casePath   = casesPath + "/{case}"
	aboutCases = "cases"
	pageSize   = 25
)

func (c *Console) caseMounts() []server.Mount {
	return []server.Mount{
		c.v.Get(casesPath, c.cases),
		c.v.Post(casesPath+"/sign-in", c.casesSignIn),
		c.v.Post(casesPath+"/sit", c.clerks(c.sit)), c.v.Post(casesPath+"/counter", c.clerks(c.serve)),
		c.v.Get(casePath, c.oneCase),
		c.v.Post(casePath+"/sign-in", c.caseSignIn),
		c.v.Post(casePath+"/take", c.clerks(c.take)),
		c.v.Post(casePath+"/release", c.clerks(c.release)),
		c.v.Post(casePath+"/area", c.clerks(c.reassign)),
		c.v.Post(casePath+"/approve", c.deciding(c.approve)),
		c.v.Post(casePath+"/name", c.deciding(c.name)),
		c.v.Post(casePath+"/reject", c.deciding(c.reject)),
		c.v.Post(casePath+"/ask", c.deciding(c.ask)),
	}
}

// clerk gives who is signed in as staff must be, within the limits of that level; false for anybody else.
func (c *Console) clerk(s session.Session, in bool) (binding.Clerk, bool) {
	if !in {
		return binding.Clerk{}, false
	}
	is, ok := s.For(staff.Least(), c.o.Clock(), func(session.Reached) bool { return true })
	return binding.Clerk{Account: s.Account, Level: is.Level}, ok
}

// cases is GET /staff/cases.
func (c *Console) cases(w http.ResponseWriter, r *http.Request) {
	c.queue(w, r, http.StatusOK, view.CasesPage{Done: r.URL.Query().Get("done")})
}

// queue shows what waits.
func (c *Console) queue(w http.ResponseWriter, r *http.Request, status int, p view.CasesPage) {
	s, in, err := c.v.SignedIn(r)
	if err != nil {
		c.v.Fail(w, r, err, casesPath)
		return
	}
	p.Token = c.v.Token(w, r, aboutCases)
	who, ok := c.clerk(s, in)
	if p.Strong = ok; ok {
		var next review.Cursor
		if p.Cases, next, p.Post, err = c.o.Cases.Queue(r.Context(), who, cursor(r.URL.Query()), pageSize); err != nil {
			c.v.Fail(w, r, err, casesPath)
			return
		}
		if p.Counters, err = c.o.Counter.Counters(r.Context(), who); err != nil {
			c.v.Fail(w, r, err, casesPath)
			return
		}
		if next != (review.Cursor{}) {
			p.More = casesPath + "?" + url.Values{"after": {strconv.FormatInt(next.At.UnixMicro(), 10)}, "id": {next.ID}}.Encode()
		}
	}
	c.v.Show(w, r, status, casesPath, in, p)
}

// cursor reads where to go on; the beginning for anything that is none.
func cursor(q url.Values) review.Cursor {
	at, err := strconv.ParseInt(q.Get("after"), 10, 64)
	if err != nil || !hub.ValidID(q.Get("id")) {
		return review.Cursor{}
	}
	return review.Cursor{At: time.UnixMicro(at).UTC(), ID: q.Get("id")}
}

func (c *Console) casesSignIn(w http.ResponseWriter, r *http.Request) { c.signIn(w, r, casesPath) }

func (c *Console) caseSignIn(w http.ResponseWriter, r *http.Request) { c.signIn(w, r, at(r)) }

func (c *Console) signIn(w http.ResponseWriter, r *http.Request, page string) {
	if _, err := c.v.Form(r, aboutCases); err != nil {
		c.v.Fail(w, r, err, home(r))
		return
	}
	c.v.SignInAt(w, r, page, staff.Least())
}

// home gives the list that a request belongs to: cases that wait, or bindings.
func home(r *http.Request) string {
	if strings.HasPrefix(r.URL.Path, tiesPath) {
		return tiesPath
	}
	return casesPath
}

// at gives the path of the case, or the binding, that a request is about.
func at(r *http.Request) string {
	id := cmp.Or(r.PathValue("case"), r.PathValue("binding"))
	if !hub.ValidID(id) {
		return home(r)
	}
	return home(r) + "/" + id
}

// oneCase is GET /staff/cases/{case}.
func (c *Console) oneCase(w http.ResponseWriter, r *http.Request) {
	c.showCase(w, r, http.StatusOK, view.CasePage{})
}

// showCase shows the case, with what the page says already of an act that did not work.
func (c *Console) showCase(w http.ResponseWriter, r *http.Request, status int, p view.CasePage) {
	fail := func(err error) { c.v.Fail(w, r, err, casesPath) }
	s, in, err := c.v.SignedIn(r)
	if err != nil {
		fail(err)
		return
	}
	who, ok := c.clerk(s, in)
	if !ok {
		http.Redirect(w, r, casesPath, http.StatusSeeOther) // which says what is missing
		return
	}
	p.Token = c.v.Token(w, r, aboutCases)
	if p.Case, err = c.o.Cases.Open(r.Context(), who, r.PathValue("case")); err != nil {
		fail(err)
		return
	}
	if _, p.Strong, err = c.v.FreshAt(r.Context(), s, staff.Least()); err != nil {
		fail(err)
		return
	}
	c.v.Show(w, r, status, at(r), true, p)
}

// work is what a clerk's form asks for.
type work func(w http.ResponseWriter, r *http.Request, who binding.Clerk, form url.Values)

// clerks lets clerks through, with a form of ours.
func (c *Console) clerks(do work) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		form, err := c.v.Form(r, aboutCases)
		var s session.Session
		in := false
		if err == nil {
			s, in, err = c.v.SignedIn(r)
		}
		if err != nil {
			c.v.Fail(w, r, err, home(r))
			return
		}
		who, ok := c.clerk(s, in)
		if !ok {
			http.Redirect(w, r, home(r), http.StatusSeeOther)
			return
		}
		do(w, r, who, form)
	}
}

// deciding lets those through who have just signed in.
func (c *Console) deciding(do work) http.HandlerFunc {
	return c.clerks(func(w http.ResponseWriter, r *http.Request, who binding.Clerk, form url.Values) {
		s, in, err := c.v.SignedIn(r)
		fresh := false
		if err == nil && in {
			who.Level, fresh, err = c.v.FreshAt(r.Context(), s, staff.Least())
		}
		switch {
		case err != nil:
			c.v.Fail(w, r, err, home(r))
		case !fresh || s.Account != who.Account: // the page says what is missing
			http.Redirect(w, r, at(r), http.StatusSeeOther)
		default:
			do(w, r, who, form)
		}
	})
}

// after leads on where an act went well, and says on the case's page why it did not.
func (c *Console) after(w http.ResponseWriter, r *http.Request, err error, to string) {
	c.afterTyping(w, r, err, to, "")
}

// afterTyping is after, of an act with a number of a record: where it did not go well the number stands in its field still. It is on that page only,
// in no address and no record.
func (c *Console) afterTyping(w http.ResponseWriter, r *http.Request, err error, to, number string) {
	switch {
	case err == nil:
		http.Redirect(w, r, to, http.StatusSeeOther)
	case errors.Is(err, hub.Conflict), errors.Is(err, hub.Consumed), errors.Is(err, hub.LevelUnmet), errors.Is(err, hub.Invalid), errors.Is(err, hub.Denied):
		c.showCase(w, r, http.StatusConflict, view.CasePage{Wrong: hub.KindOf(err), Number: number})
	default:
		c.v.Fail(w, r, err, casesPath)
	}
}

// sitting gives what a clerk shows to whoever stands before them.
func (c *Console) sitting(number string) *view.Sitting {
	return &view.Sitting{Number: number, Address: c.o.Phone + "/" + number}
}

// sit is POST /staff/cases/sit. The number is on this page only.
func (c *Console) sit(w http.ResponseWriter, r *http.Request, who binding.Clerk, form url.Values) {
	number, _, err := c.o.Counter.Sit(r.Context(), who, hub.DepartmentID(form.Get("department")))
	if err != nil {
		c.v.Fail(w, r, err, casesPath)
		return
	}
	c.queue(w, r, http.StatusOK, view.CasesPage{Sitting: c.sitting(number)})
}

// serve is POST /staff/cases/counter: the code that stands on somebody's phone. A wrong one leaves the sitting on the page.
func (c *Console) serve(w http.ResponseWriter, r *http.Request, who binding.Clerk, form url.Values) {
	number, ok := review.Number(form.Get("sitting"))
	err := c.o.Counter.Try(r.Context(), who, number)
	var b binding.Binding
	if err == nil {
		b, err = c.o.Counter.Serve(r.Context(), who, number, form.Get("code"))
	}
	switch {
	case err == nil:
		http.Redirect(w, r, casesPath+"/"+b.ID, http.StatusSeeOther)
	case errors.Is(err, hub.NotFound), errors.Is(err, hub.Conflict), errors.Is(err, hub.Consumed), errors.Is(err, hub.TooMany):
		p := view.CasesPage{Wrong: hub.KindOf(err)}
		if ok && errors.Is(err, hub.NotFound) {
			p.Sitting = &view.Sitting{Number: number} // it was scanned already
		}
		c.queue(w, r, http.StatusConflict, p)
	default:
		c.v.Fail(w, r, err, casesPath)
	}
}

func (c *Console) take(w http.ResponseWriter, r *http.Request, who binding.Clerk, _ url.Values) {
	_, err := c.o.Decisions.Take(r.Context(), who, r.PathValue("case"))
	c.after(w, r, err, at(r))
}

func (c *Console) release(w http.ResponseWriter, r *http.Request, who binding.Clerk, _ url.Values) {
	_, err := c.o.Decisions.Release(r.Context(), who, r.PathValue("case"))
	c.after(w, r, err, casesPath+"?done=released")
}

func (c *Console) reassign(w http.ResponseWriter, r *http.Request, who binding.Clerk, form url.Values) {
	to := form.Get("area")
	if to == "-" { // all of the department
		to = ""
	}
	_, err := c.o.Cases.Reassign(r.Context(), who, r.PathValue("case"), tenants.AreaID(to))
	c.after(w, r, err, casesPath+"?done=moved")
}

func (c *Console) approve(w http.ResponseWriter, r *http.Request, who binding.Clerk, _ url.Values) {
	b, err := c.o.Decisions.Approve(r.Context(), who, r.PathValue("case"))
	switch {
	case err == nil && b.State == binding.Bound:
		c.after(w, r, nil, casesPath+"?done=bound")
	case err == nil && b.Reason == binding.ApprovedOnce:
		c.after(w, r, nil, casesPath+"?done=once")
	case err == nil: // somebody else has the record by now
		c.showCase(w, r, http.StatusConflict, view.CasePage{Wrong: hub.Conflict})
	default:
		c.after(w, r, err, "")
	}
}

func (c *Console) name(w http.ResponseWriter, r *http.Request, who binding.Clerk, form url.Values) {
	_, err := c.o.Decisions.Name(r.Context(), who, r.PathValue("case"), form.Get("number"))
	c.afterTyping(w, r, err, at(r), form.Get("number"))
}

func (c *Console) reject(w http.ResponseWriter, r *http.Request, who binding.Clerk, form url.Values) {
	_, err := c.o.Decisions.Reject(r.Context(), who, r.PathValue("case"), binding.Reason(form.Get("why")))
	c.after(w, r, err, casesPath+"?done=back")
}

func (c *Console) ask(w http.ResponseWriter, r *http.Request, who binding.Clerk, form url.Values) {
	_, err := c.o.Decisions.AskFor(r.Context(), who, r.PathValue("case"), form.Get("extra"))
	c.after(w, r, err, casesPath+"?done=asked")
}
