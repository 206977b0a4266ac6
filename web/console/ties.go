package console

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"onedoor/binding"
	"onedoor/binding/review"
	"onedoor/hub"
	"onedoor/tenants"
	"onedoor/tenants/staff"
	"onedoor/web/server"
	"onedoor/web/view"
)

// Ties are bindings that somebody may end; review.Desk has it, and its comments name the errors. What is not a clerk's is NotFound.
type Ties interface {
	Shelves(ctx context.Context, c binding.Clerk) ([]review.Shelf, error)
	Unsettled(ctx context.Context, c binding.Clerk, behind review.Cursor, limit int) ([]review.Waiting, review.Cursor, bool, error)
	Find(ctx context.Context, c binding.Clerk, p binding.Place, number string) (binding.Binding, error)
	Inspect(ctx context.Context, c binding.Clerk, id string) (review.Tie, error)
}

// Ends are a clerk's acts on them; review.Desk has it.
type Ends interface {
	Suspend(ctx context.Context, c binding.Clerk, id string, why binding.Reason) (binding.Binding, error)
	Resume(ctx context.Context, c binding.Clerk, id string) (binding.Binding, error)
	Unbind(ctx context.Context, c binding.Clerk, id string, why binding.Reason) (binding.Binding, error)
	Decline(ctx context.Context, c binding.Clerk, id string) (binding.Binding, error)
}

const (
	tiesPath = staffPath + "/bindings"
	tiePath  = tiesPath + "/{binding}"
)

func (c *Console) tieMounts() []server.Mount {
	return []server.Mount{
		c.v.Get(tiesPath, c.ties),
		c.v.Post(tiesPath+"/sign-in", c.tiesSignIn),
		c.v.Post(tiesPath+"/find", c.clerks(c.findTie)),
		c.v.Get(tiePath, c.oneTie),
		c.v.Post(tiePath+"/sign-in", c.caseSignIn),
		c.v.Post(tiePath+"/move", c.deciding(c.moveTie)),
		c.v.Post(tiePath+"/decline", c.deciding(c.declineTie)),
	}
}

func (c *Console) tiesSignIn(w http.ResponseWriter, r *http.Request) { c.signIn(w, r, tiesPath) }

// ties is GET /staff/bindings.
func (c *Console) ties(w http.ResponseWriter, r *http.Request) {
	c.showTies(w, r, http.StatusOK, view.TiesPage{})
}

// showTies shows where a clerk finds bindings, and those that wait.
func (c *Console) showTies(w http.ResponseWriter, r *http.Request, status int, p view.TiesPage) {
	fail := func(err error) { c.v.Fail(w, r, err, tiesPath) }
	s, in, err := c.v.SignedIn(r)
	if err != nil {
		fail(err)
		return
	}
	p.Token = c.v.Token(w, r, aboutCases)
	who, ok := c.clerk(s, in)
	if p.Strong = ok; ok {
		if p.Shelves, err = c.o.Ties.Shelves(r.Context(), who); err != nil {
			fail(err)
			return
		}
		var next review.Cursor
		if p.Ties, next, _, err = c.o.Ties.Unsettled(r.Context(), who, cursor(r.URL.Query()), pageSize); err != nil {
			fail(err)
			return
		}
		if next != (review.Cursor{}) {
			p.More = tiesPath + "?" + url.Values{"after": {strconv.FormatInt(next.At.UnixMicro(), 10)}, "id": {next.ID}}.Encode()
		}
	}
	c.v.Show(w, r, status, tiesPath, in, p)
}

// findTie is POST /staff/bindings/find: the number is in no address.
func (c *Console) findTie(w http.ResponseWriter, r *http.Request, who binding.Clerk, form url.Values) {
	department, kind, _ := strings.Cut(form.Get("records"), "/")
	at := binding.Place{Department: hub.DepartmentID(department), Kind: tenants.RecordKindID(kind)}
	b, err := c.o.Ties.Find(r.Context(), who, at, form.Get("number"))
	switch {
	case err == nil:
		http.Redirect(w, r, tiesPath+"/"+b.ID, http.StatusSeeOther)
	case errors.Is(err, hub.NotFound):
		c.showTies(w, r, http.StatusNotFound, view.TiesPage{Wrong: hub.NotFound})
	case errors.Is(err, hub.TooMany):
		c.showTies(w, r, http.StatusTooManyRequests, view.TiesPage{Wrong: hub.TooMany})
	default:
		c.v.Fail(w, r, err, tiesPath)
	}
}

// oneTie is GET /staff/bindings/{binding}.
func (c *Console) oneTie(w http.ResponseWriter, r *http.Request) {
	c.showTie(w, r, http.StatusOK, view.TiePage{Done: r.URL.Query().Get("done") == "1"})
}

func (c *Console) showTie(w http.ResponseWriter, r *http.Request, status int, p view.TiePage) {
	fail := func(err error) { c.v.Fail(w, r, err, tiesPath) }
	s, in, err := c.v.SignedIn(r)
	if err != nil {
		fail(err)
		return
	}
	who, ok := c.clerk(s, in)
	if !ok {
		http.Redirect(w, r, tiesPath, http.StatusSeeOther) // which says what is missing
		return
	}
	p.Token, p.Me = c.v.Token(w, r, aboutCases), who.Account
	if p.Tie, err = c.o.Ties.Inspect(r.Context(), who, r.PathValue("binding")); err != nil {
		fail(err)
		return
	}
	p.Actors = map[hub.AccountID]string{}
	for _, x := range p.Tie.History {
		if x.By.Kind == binding.ByStaff { // a person is not named to a department: they have another name there
			p.Actors[x.By.Account] = c.o.Alias(p.Tie.Place.Department, x.By.Account)
		}
	}
	if _, p.Strong, err = c.v.FreshAt(r.Context(), s, staff.Least()); err != nil {
		fail(err)
		return
	}
	c.v.Show(w, r, status, at(r), true, p)
}

// moveTie is POST /staff/bindings/{binding}/move. It answers when nothing rests on what has ended (architecture D2).
func (c *Console) moveTie(w http.ResponseWriter, r *http.Request, who binding.Clerk, form url.Values) {
	ctx, id, why := r.Context(), r.PathValue("binding"), binding.Reason(form.Get("why"))
	var err error
	switch binding.State(form.Get("to")) {
	case binding.Suspended:
		_, err = c.o.Ends.Suspend(ctx, who, id, why)
	case binding.Bound:
		_, err = c.o.Ends.Resume(ctx, who, id)
	case binding.Unbound:
		_, err = c.o.Ends.Unbind(ctx, who, id, why)
	default:
		err = hub.Errorf("console.moveTie", hub.Invalid, "no such move")
	}
	if err == nil {
		err = c.v.Settle(ctx)
	}
	c.tieDone(w, r, err)
}

func (c *Console) declineTie(w http.ResponseWriter, r *http.Request, who binding.Clerk, _ url.Values) {
	_, err := c.o.Ends.Decline(r.Context(), who, r.PathValue("binding"))
	c.tieDone(w, r, err)
}

// tieDone leads back to the binding, or says on its page why not.
func (c *Console) tieDone(w http.ResponseWriter, r *http.Request, err error) {
	switch {
	case err == nil:
		http.Redirect(w, r, at(r)+"?done=1", http.StatusSeeOther)
	case errors.Is(err, hub.Conflict), errors.Is(err, hub.Consumed), errors.Is(err, hub.Invalid), errors.Is(err, hub.Denied):
		c.showTie(w, r, http.StatusConflict, view.TiePage{Wrong: hub.KindOf(err)})
	default:
		c.v.Fail(w, r, err, tiesPath)
	}
}
