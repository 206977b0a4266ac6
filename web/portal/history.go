package portal

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"time"

	"onedoor/hub"
	"onedoor/hub/audit"
	"onedoor/hub/session"
	"onedoor/web/locale"
	"onedoor/web/names"
	"onedoor/web/server"
	"onedoor/web/view"
)

const (
	historyPath = string(view.SectionHistory)
	historyPage = 40     // events
	mostExport  = 20_000 // events of one file: years of somebody who comes every day
)

// machinery is what a person need not read: steps of what another event tells.
var machinery = []string{
	"login.started", "login.provider_asked", "login.provider_chosen", "login.anew", "token.issued", "token.refused", "token.revoked", "logout.opened",
	"logout.closed", "logout.retried", "logout.refused", "logout.ignored", "notice.delivered", "notice.refused", "account.person_added",
	"contact.code_renewed", "forward.refused",
}

// historyAreas says which areas of events belong together for a reader.
var historyAreas = map[view.HistoryArea][]string{
	view.HistoryAll: nil, view.HistorySignIns: {"session", "login"}, view.HistoryData: {"consent", "grant", "forward", "token", "userinfo", "introspection", "assertion"},
	view.HistoryRecords: {"binding", "review", "item", "entity", "mandate", "device"},
	view.HistoryAccount: {"account", "contact", "notice", "staff", "complaint"},
}

// chosen is what a reader has chosen.
type chosen struct {
	area   view.HistoryArea
	back   view.HistoryBack
	before string
}

// choose reads the choices. Invalid for what is none.
func choose(q url.Values) (chosen, error) {
	c := chosen{view.HistoryArea(q.Get("area")), view.HistoryBack(q.Get("back")), q.Get("before")}
	_, known := historyAreas[c.area]
	if !known || c.back != view.HistoryMonth && c.back != view.HistoryHalf && c.back != view.HistoryEver || c.before != "" && !hub.ValidID(c.before) {
		return chosen{}, hub.Errorf("portal.history", hub.Invalid, "no such choice")
	}
	return c, nil
}

// part puts the choices into the words of the record.
func (c chosen) part(now time.Time, limit int) audit.Part {
	since := halfYear(now)
	switch c.back {
	case view.HistoryMonth:
		since = now.AddDate(0, 0, -30)
	case view.HistoryEver:
		since = time.Unix(0, 0)
	}
	return audit.Part{Since: since, Before: c.before, Areas: historyAreas[c.area], Without: machinery, Limit: limit}
}

// history is GET /me/history (AUD-01 to AUD-04).
func (p *Portal) history(w http.ResponseWriter, r *http.Request, s session.Session) {
	c, err := choose(r.URL.Query())
	var events []audit.Event
	if err == nil {
		events, err = p.o.History.Past(r.Context(), s.Account, c.part(p.o.Clock(), historyPage+1))
	}
	var named *names.Page
	if err == nil {
		named, err = p.o.Names.Page(r.Context())
	}
	if err != nil {
		p.v.Fail(w, r, err, historyPath)
		return
	}
	page := view.HistoryPage{Area: c.area, Back: c.back, Before: c.before}
	if len(events) > historyPage {
		events = events[:historyPage]
		page.Older = events[historyPage-1].ID
	}
	page.Entries = told(r.Context(), named, events)
	p.v.Show(w, r, http.StatusOK, historyPath, true, page)
}

// told gives events the names that people know. Accounts, sessions and details stay behind: the page has nothing of a person (AUD-04).
func told(ctx context.Context, named *names.Page, events []audit.Event) []view.HistoryEntry {
	var out []view.HistoryEntry
	for _, e := range events {
		s := named.System(ctx, e.System)
		if s.Own && strings.HasPrefix(e.Kind, "login.") {
			continue // a sign-in for pages like this one: the session's own event tells it
		}
		x := view.HistoryEntry{
			At: e.At, Kind: e.Kind, Outcome: e.Outcome, Reason: e.Reason, System: s.Names, Owner: s.Owner, Provider: named.Provider(e.Provider),
			Level: e.Level, Interaction: e.Interaction, Channel: e.Channel,
		}
		if e.System != "" && len(s.Names) == 0 { // not in the register any more
			x.System = hub.Text{"en": string(e.System)}
		}
		out = append(out, x)
	}
	return out
}

// export is GET /me/history/export: what is chosen, as a file.
func (p *Portal) export(w http.ResponseWriter, r *http.Request) {
	s, in, err := p.v.SignedIn(r)
	if err == nil && !in {
		http.Redirect(w, r, historyPath, http.StatusSeeOther) // where the person can sign in
		return
	}
	q := r.URL.Query()
	var c chosen
	if err == nil {
		c, err = choose(q)
	}
	form := map[string]func([]exported) (string, []byte, error){"csv": asCSV, "json": asJSON}[q.Get("format")]
	if err == nil && form == nil {
		err = hub.Errorf("portal.export", hub.Invalid, "no such form")
	}
	var rows []exported
	if err == nil {
		rows, err = p.exported(r.Context(), s.Account, c, server.Language(r))
	}
	var kind string
	var body []byte
	if err == nil {
		kind, body, err = form(rows)
	}
	if err != nil {
		p.v.Fail(w, r, err, historyPath)
		return
	}
	h := w.Header()
	h.Set("Content-Type", kind)
	h.Set("Content-Disposition", `attachment; filename="history.`+q.Get("format")+`"`)
	h.Set("Cache-Control", "no-store")
	_, _ = w.Write(body)
}

// exported is one event in a file.
type exported struct {
	Time        string `json:"time"` // RFC 3339, UTC
	What        string `json:"what"`
	Kind        string `json:"kind"`
	Outcome     string `json:"outcome"`
	Reason      string `json:"reason,omitempty"`
	Service     string `json:"service,omitempty"`
	Department  string `json:"department,omitempty"`
	Provider    string `json:"provider,omitempty"`
	IAL         string `json:"ial,omitempty"`
	AAL         string `json:"aal,omitempty"`
	Channel     string `json:"channel,omitempty"`
	Interaction string `json:"interaction,omitempty"`
}

func (p *Portal) exported(ctx context.Context, account hub.AccountID, c chosen, lang locale.Lang) ([]exported, error) {
	named, err := p.o.Names.Page(ctx)
	if err != nil {
		return nil, err
	}
	texts := locale.For(lang)
	in := func(t hub.Text) string { return t.In(string(lang)) }
	rows := []exported{} // a file of nothing is a list all the same
	for c.before = ""; len(rows) < mostExport; {
		events, err := p.o.History.Past(ctx, account, c.part(p.o.Clock(), audit.MaxHistory))
		if err != nil {
			return nil, err
		}
		for _, e := range told(ctx, named, events) {
			rows = append(rows, exported{
				e.At.UTC().Format(time.RFC3339), e.Says(texts), e.Kind, string(e.Outcome), e.Reason, in(e.System), in(e.Owner), in(e.Provider),
				e.Level.IAL.String(), e.Level.AAL.String(), e.Channel, string(e.Interaction),
			})
		}
		if len(events) < audit.MaxHistory {
			break
		}
		c.before = events[len(events)-1].ID
	}
	return rows, nil
}

// asJSON writes a list of objects.
func asJSON(rows []exported) (string, []byte, error) {
	body, err := json.MarshalIndent(rows, "", "  ")
	return "application/json", body, err
}

// byteOrder tells programs for tables that the file is UTF-8: without it they read Thai in a code page of their own.
const byteOrder = "\uFEFF"

// asCSV writes a table (RFC 4180).
func asCSV(rows []exported) (string, []byte, error) {
	var b bytes.Buffer
	b.WriteString(byteOrder)
	w := csv.NewWriter(&b)
	w.UseCRLF = true
	_ = w.Write([]string{"time", "what", "kind", "outcome", "reason", "service", "department", "provider", "ial", "aal", "channel", "interaction"})
	for _, r := range rows {
		line := []string{r.Time, r.What, r.Kind, r.Outcome, r.Reason, r.Service, r.Department, r.Provider, r.IAL, r.AAL, r.Channel, r.Interaction}
		for i := range line {
			line[i] = harmless(line[i])
		}
		_ = w.Write(line)
	}
	w.Flush()
	return "text/csv; charset=utf-8", b.Bytes(), w.Error()
}

// harmless keeps a program for tables from taking a name out of a register for a formula.
func harmless(cell string) string {
	if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
		return "'" + cell
	}
	return cell
}
