package console

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"onedoor/authz/permit"
	"onedoor/hub"
	"onedoor/hub/audit"
	"onedoor/hub/statistics"
	"onedoor/web/locale"
	"onedoor/web/view"
)

// listed is how many values of a dimension a page shows, those with the most visits; an export has all.
const listed = 12

// period is the time that figures are asked for.
type period struct {
	text  string
	grain statistics.Grain // of the whole: "" a year, Month, Day
	start time.Time
}

// period reads a year, a month or a day; this month where nothing is asked for. Invalid.
func (f *Office) period(text string) (period, error) {
	if text == "" {
		text = f.o.Clock().In(f.o.Zone).Format("2006-01")
	}
	for layout, grain := range map[string]statistics.Grain{"2006": "", "2006-01": statistics.Month, time.DateOnly: statistics.Day} {
		if len(text) != len(layout) {
			continue
		}
		t, err := time.ParseInLocation(layout, text, f.o.Zone)
		if err == nil && t.Year() >= 2000 && t.Year() < 2200 {
			return period{text, grain, t}, nil
		}
	}
	return period{}, hub.Errorf("console.period", hub.Invalid, "neither a year nor a month nor a day")
}

// table is figures under a heading.
type table struct {
	name  string // "time", or a dimension
	word  locale.Word
	of    statistics.Table
	label func(statistics.Row) view.ConsoleCell
}

// tables asks for everything about a period: its parts, and, where it is a month, what else it can be divided by.
func (f *Office) tables(ctx context.Context, scope statistics.Scope, p period) ([]table, error) {
	var times statistics.Table
	var err error
	switch p.grain {
	case statistics.Day:
		times, err = f.o.Statistics.Day(ctx, scope, p.start)
	case statistics.Month:
		times, err = f.o.Statistics.Month(ctx, scope, p.start)
	default:
		times, err = f.o.Statistics.Year(ctx, scope, p.start.Year())
	}
	if err != nil {
		return nil, err
	}
	all := []table{{"time", locale.FiguresByTime, times, func(r statistics.Row) view.ConsoleCell {
		switch p.grain {
		case statistics.Day:
			return view.ConsoleCell{Text: r.Start.Format("15:04")}
		case statistics.Month:
			return view.ConsoleCell{Day: r.Start}
		default:
			return view.ConsoleCell{Text: r.Start.Format("2006-01")}
		}
	}}}
	if p.grain != statistics.Month {
		return all, nil
	}
	dimensions := statistics.Dimensions()
	if scope.Platform {
		dimensions = append([]statistics.Dimension{statistics.ByDepartment}, dimensions...)
	}
	names := map[hub.ProviderID]hub.Text{}
	if entries, err := f.o.Providers.Register(ctx); err == nil {
		for _, e := range entries {
			names[e.ID] = e.Names
		}
	}
	for _, d := range dimensions {
		t, err := f.o.Statistics.By(ctx, scope, p.start, d)
		if err != nil {
			return nil, err
		}
		all = append(all, table{string(d), dimensionWord(d), t, func(r statistics.Row) view.ConsoleCell { return f.value(ctx, d, r.Value, names) }})
	}
	return all, nil
}

func dimensionWord(d statistics.Dimension) locale.Word {
	switch d {
	case statistics.BySystem:
		return locale.FiguresSystem
	case statistics.ByProvider:
		return locale.FiguresProvider
	case statistics.ByChannel:
		return locale.FiguresChannel
	case statistics.ByCategory:
		return locale.FiguresCategory
	case statistics.ByDepartment:
		return locale.FiguresPlace
	default:
		return locale.FiguresOutcome
	}
}

// value names a value of a dimension.
func (f *Office) value(ctx context.Context, d statistics.Dimension, v string, providers map[hub.ProviderID]hub.Text) view.ConsoleCell {
	if v == "" {
		return view.ConsoleCell{Word: locale.FiguresWithout}
	}
	c := view.ConsoleCell{Code: v}
	switch d {
	case statistics.BySystem:
		if s, err := f.o.Register.System(ctx, hub.SystemID(v)); err == nil {
			c.Names = s.Names
		}
	case statistics.ByProvider:
		c.Names = providers[hub.ProviderID(v)]
	case statistics.ByDepartment:
		if d, err := f.o.Register.Department(ctx, hub.DepartmentID(v)); err == nil {
			c.Names = d.Names
		}
		c.Href = root + "/statistics/" + v
	case statistics.ByOutcome:
		c.Word = map[string]locale.Word{string(audit.Success): locale.RecordSuccess, string(audit.Refusal): locale.RecordRefusal, string(audit.Failure): locale.RecordFailure}[v]
	}
	return c
}

// measureWords names the measures, in their order.
func measureWords() []locale.Word {
	words := make([]locale.Word, 0, len(statistics.Measures()))
	for _, m := range statistics.Measures() {
		words = append(words, map[statistics.Measure]locale.Word{
			statistics.Visits: locale.FiguresVisits, statistics.Items: locale.FiguresItems, statistics.Openings: locale.FiguresOpenings, statistics.Bindings: locale.FiguresBindings,
		}[m])
	}
	return words
}

// figure is a figure to read: in words where something is withheld.
func figure(x statistics.Figure) view.ConsoleCell {
	switch {
	case x.Hidden():
		return view.ConsoleCell{Word: locale.FiguresHidden}
	case x.Withheld > 0:
		return view.ConsoleCell{Text: "≥ " + view.Thousands(x.N)}
	default:
		return number(x.N)
	}
}

func figureRow(first view.ConsoleCell, all []statistics.Figure) view.ConsoleRow {
	row := view.ConsoleRow{Cells: []view.ConsoleCell{first}}
	for _, x := range all {
		row.Cells = append(row.Cells, figure(x))
	}
	return row
}

// scope is whose figures the page is about. What has not ended is for those who may read the events themselves.
func (f *Office) scope(ctx context.Context, o officer) statistics.Scope {
	return statistics.Scope{Platform: o.place.Department == "", Department: o.place.Department, SoFar: f.may(ctx, o, permit.AuditRead)}
}

// figures is GET /console/statistics[/{department}].
func (f *Office) figures(w http.ResponseWriter, r *http.Request, o officer) {
	ctx := r.Context()
	p, err := f.period(r.URL.Query().Get("period"))
	if err != nil {
		f.v.Fail(w, r, err, o.page)
		return
	}
	all, err := f.tables(ctx, f.scope(ctx, o), p)
	if err != nil {
		f.v.Fail(w, r, err, root)
		return
	}
	ask := view.ConsolePart{ID: "period", Heading: locale.ConsoleTime, Name: view.ConsoleCell{Text: p.text}, Forms: []view.ConsoleForm{{
		Action: o.page, Get: true, Button: locale.ConsoleShow, Fields: []view.ConsoleField{{Name: "period", Label: locale.FiguresPeriod, Value: p.text}},
	}}, Links: []view.ConsoleLink{
		{Href: o.page + "?period=" + p.start.Format("2006"), Word: locale.FiguresYear},
		{Href: o.page + "?period=" + p.start.Format("2006-01"), Word: locale.FiguresMonth},
		{Href: o.page + doing + "csv?period=" + p.text, Word: locale.FiguresCSV},
		{Href: o.page + doing + "json?period=" + p.text, Word: locale.FiguresJSON},
	}}
	page := view.ConsolePage{Heading: locale.FiguresTitle, Place: f.placeName(ctx, o), Lead: locale.FiguresLead, Parts: []view.ConsolePart{ask}}
	if all[0].of.Open {
		page.Parts[0].Note = locale.FiguresOpen
	}
	for _, t := range all {
		if part, ok := figurePart(t, p); ok {
			page.Parts = append(page.Parts, part)
		}
	}
	if o.place.Department == "" && p.grain == statistics.Month && f.may(ctx, o, permit.AuditRead) {
		part, err := f.accounts(r, p)
		if err != nil {
			f.v.Fail(w, r, err, root)
			return
		}
		page.Parts = append(page.Parts, part)
	}
	f.show(w, r, http.StatusOK, o, page)
}

// figurePart shows a table. False for one that has nothing to show.
func figurePart(t table, p period) (view.ConsolePart, bool) {
	part := view.ConsolePart{ID: "by-" + t.name, Heading: t.word, Head: append([]locale.Word{t.word}, measureWords()...), Empty: locale.FiguresNone}
	rows := t.of.Rows
	if t.name == "time" {
		chart := &view.ConsoleChart{Title: locale.FiguresVisits}
		for _, r := range rows {
			label := r.Start.Format("2")
			switch p.grain {
			case statistics.Day:
				label = r.Start.Format("15")
			case "":
				label = r.Start.Format("1")
			}
			chart.Bars = append(chart.Bars, view.ConsoleBar{Label: label, N: r.Figures[0].N, Hidden: r.Figures[0].Hidden()})
		}
		if len(rows) > 0 {
			part.Chart = chart
			total := figureRow(view.ConsoleCell{Word: locale.FiguresTotal}, t.of.Totals)
			part.Total = &total
		}
	} else {
		slices.SortStableFunc(rows, func(a, b statistics.Row) int { return cmp.Compare(b.Figures[0].N, a.Figures[0].N) })
		if len(rows) == 0 && !t.of.Rest {
			return part, false
		}
		switch {
		case len(rows) == 0:
			part.Empty = locale.FiguresRest
		case t.of.Rest || len(rows) > listed:
			part.Note = locale.FiguresRest
		}
		rows = rows[:min(len(rows), listed)]
	}
	for _, r := range rows {
		if t.name == "time" && !slices.ContainsFunc(r.Figures, func(x statistics.Figure) bool { return x.N != 0 || x.Withheld != 0 || x.Hidden() }) {
			part.Note = locale.FiguresNothing // the chart and the export have them
			continue
		}
		part.Rows = append(part.Rows, figureRow(t.label(r), r.Figures))
	}
	return part, true
}

// accounts are the figures to check bills of providers with (STA-04).
func (f *Office) accounts(r *http.Request, p period) (view.ConsolePart, error) {
	all, err := f.o.Statistics.Accounts(r.Context(), p.start)
	part := view.ConsolePart{
		ID: "accounts", Heading: locale.AccountsTitle, Note: locale.AccountsLead, Empty: locale.FiguresNone,
		Head: []locale.Word{locale.ProvidersTitle, locale.FiguresChannel, locale.AccountsAsked, locale.AccountsSigned, locale.RecordRefusal, locale.RecordFailure},
	}
	names := f.providerNames(r)
	for _, a := range all {
		part.Rows = append(part.Rows, view.ConsoleRow{Cells: []view.ConsoleCell{
			{Names: names[a.Provider], Code: string(a.Provider)}, {Code: a.Channel}, number(a.Asked), number(a.Signed), number(a.Refused), number(a.Failed),
		}})
	}
	return part, err
}

// export is GET /console/statistics[/{department}]/_/{form}: what is published of a period, and nothing of one that has not ended.
func (f *Office) export(w http.ResponseWriter, r *http.Request, o officer) {
	form := r.PathValue("form")
	write, ok := map[string]func(string, []table) ([]byte, error){"csv": asCSV, "json": asJSON}[form]
	if !ok {
		f.v.Fail(w, r, nothing(), "")
		return
	}
	p, err := f.period(r.URL.Query().Get("period"))
	var body []byte
	if err == nil {
		scope := f.scope(r.Context(), o)
		scope.SoFar = false
		var all []table
		if all, err = f.tables(r.Context(), scope, p); err == nil {
			body, err = write(p.text, all)
		}
	}
	if err != nil {
		f.v.Fail(w, r, err, o.page)
		return
	}
	place := cmp.Or(string(o.place.Department), "platform")
	hand(w, map[string]string{"csv": "text/csv; charset=utf-8", "json": "application/json"}[form], strings.Join([]string{"onedoor", place, p.text}, "-")+"."+form, body)
}
