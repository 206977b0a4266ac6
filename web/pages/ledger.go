package pages

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"onedoor/hub"
	"onedoor/hub/logout"
	"onedoor/web/names"
	"onedoor/web/server"
	"onedoor/web/view"
	"onedoor/web/visit"
)

const (
	signedOutPath = "/signed-out"

	mostLooks  = 40 // how often the page asks again by itself: for about five minutes
	frameTime  = 4 * time.Second
	awayTime   = 5 * time.Minute // for a whole-page visit: the person may have to confirm there
	mostFrames = 20              // on one page; further ones come with the next look
)

// viewed finds the view of the page's secret. The page can't be kept or linked to: its address says nothing, and ends soon.
func (j *Journey) viewed(r *http.Request) (hub.Secret, logout.View, []logout.Entry, error) {
	secret, err := hub.ParseSecret(r.PathValue("view"))
	if err != nil {
		return hub.Secret{}, logout.View{}, nil, hub.Errorf("pages.viewed", hub.NotFound, "no such page")
	}
	v, all, err := j.o.Ledgers.Viewed(r.Context(), secret)
	return secret, v, all, err
}

// ledger is GET /signed-out/{view}: who has been told. While somebody is being told it asks again by itself, ever more slowly, up to a
// bound; beside that there is a link for it.
func (j *Journey) ledger(w http.ResponseWriter, r *http.Request) {
	secret, v, all, err := j.viewed(r)
	if errors.Is(err, hub.NotFound) {
		http.Redirect(w, r, signedOutPath, http.StatusSeeOther)
		return
	}
	if err != nil {
		j.screen.Fail(w, r, err, "")
		return
	}
	path := signedOutPath + "/" + secret.Reveal()
	page, err := j.ledgerPage(r.Context(), path, v, all)
	if err != nil {
		j.screen.Fail(w, r, err, path)
		return
	}
	looks, err := strconv.Atoi(r.URL.Query().Get("n"))
	if err != nil || looks < 0 {
		looks = 0
	}
	page.Again = path + "?n=" + strconv.Itoa(min(looks, mostLooks)+1)
	if page.Open && looks < mostLooks {
		page.Seconds = min(1+looks/3, 10)
	}
	policy := server.Policy
	if len(page.Frames) > 0 {
		policy += "; frame-src " + strings.Join(origins(page.Frames), " ")
		page.Seconds = int(frameTime/time.Second) + 1 // not before they had their time
		page.Next = ""
	}
	h := w.Header()
	h.Set("Content-Security-Policy", policy)
	h.Set("Referrer-Policy", "no-referrer")
	f := view.Frame{Lang: j.v.Language(w, r, nil), Path: path, SignedIn: !visit.Secret(r, visit.SessionCookie).IsZero()}
	j.screen.Show(w, r, http.StatusOK, f, page)
}

// origins gives the scheme and host of each address, each once.
func origins(addresses []string) []string {
	var out []string
	for _, a := range addresses {
		if u, err := url.Parse(a); err == nil {
			out = append(out, u.Scheme+"://"+u.Host)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// ledgerPage makes the page. Visits in frames set out with it; the first whole-page one is where the page leads on to.
func (j *Journey) ledgerPage(ctx context.Context, path string, v logout.View, all []logout.Entry) (view.LedgerPage, error) {
	page := view.LedgerPage{Path: path}
	named, err := j.o.Names.Page(ctx)
	if err != nil {
		return page, err
	}
	for _, e := range all {
		if e.Left != "" {
			s := named.System(ctx, e.Left)
			s.ID = e.Left
			page.Left = &s
		}
		page.Told = append(page.Told, named.Rows(ctx, e)...)
		for _, n := range e.Notices {
			if n.State != logout.Visiting || n.Tries > 0 {
				page.Open = page.Open || !n.State.Final()
				continue
			}
			trip, err := j.o.Ledgers.Visit(ctx, n, j.o.Address+path)
			if errors.Is(err, hub.NotFound) {
				continue // it has been noted as failed: the next look shows it
			}
			if err != nil {
				return page, err
			}
			page.Open = true
			switch {
			case !trip.Frame && page.Next == "":
				page.Next = path + "/visit/" + n.ID
			case trip.Frame && len(page.Frames) < mostFrames:
				if err := j.frame(ctx, &page, n, trip); err != nil {
					return page, err
				}
			}
		}
	}
	page.Told = names.Merged(page.Told)
	if v.Onward != "" {
		if page.Onward, err = view.LeaveURL(v.Onward); err != nil {
			return page, err
		}
		page.System = named.System(ctx, v.System).Names
	}
	return page, nil
}

func (j *Journey) frame(ctx context.Context, page *view.LedgerPage, n logout.Notice, trip logout.Visit) error {
	address, err := view.PostURL(trip.URL) // https, or this machine
	if err != nil {
		return err
	}
	first, err := j.o.Ledgers.Depart(ctx, n, frameTime)
	if err == nil && first {
		page.Frames = append(page.Frames, address)
	}
	return err
}

// visit is GET /signed-out/{view}/visit/{notice}: the browser goes to a service that only it can tell, once. The page leads here; a link
// that somebody else made finds nothing without the page's secret.
func (j *Journey) visit(w http.ResponseWriter, r *http.Request) {
	secret, _, all, err := j.viewed(r)
	path := signedOutPath
	if err == nil {
		path += "/" + secret.Reveal()
	}
	if err != nil && !errors.Is(err, hub.NotFound) {
		j.screen.Fail(w, r, err, path)
		return
	}
	id := r.PathValue("notice")
	for _, e := range all {
		for _, n := range e.Notices {
			if n.ID == id && n.State == logout.Visiting && n.Tries == 0 {
				j.setOut(w, r, n, path)
				return
			}
		}
	}
	http.Redirect(w, r, path, http.StatusSeeOther)
}

func (j *Journey) setOut(w http.ResponseWriter, r *http.Request, n logout.Notice, path string) {
	trip, err := j.o.Ledgers.Visit(r.Context(), n, j.o.Address+path)
	first := false
	if err == nil {
		first, err = j.o.Ledgers.Depart(r.Context(), n, awayTime)
	}
	switch {
	case err != nil && !errors.Is(err, hub.NotFound):
		j.screen.Fail(w, r, err, path)
	case err != nil, !first, trip.Frame:
		http.Redirect(w, r, path, http.StatusSeeOther)
	case trip.Fields != nil:
		fields := url.Values{}
		for name, value := range trip.Fields {
			fields.Set(name, value)
		}
		j.Post(w, r, trip.URL, fields)
	default:
		j.leave(w, r, trip.URL)
	}
}
