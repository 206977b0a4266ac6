package view

import (
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"onedoor/hub"
	"onedoor/web/locale"
)

// consoleFixtures are pages of the console: one for each form that their parts have.
func consoleFixtures() map[string]Page {
	menu := []ConsoleLink{
		{Href: "/console", Word: locale.OverviewTitle},
		{Href: "/console/statistics", Word: locale.FiguresTitle},
		{Href: "/console/staff", Word: locale.PostsTitle, Here: true},
	}
	at := time.Date(2025, 3, 1, 9, 30, 0, 0, time.UTC)
	names := ConsoleCell{Names: revenue().Owner}
	return map[string]Page{
		"console-facts": ConsolePage{
			Heading: locale.OverviewTitle, Lead: locale.OverviewLead, Menu: []ConsoleLink{{Href: "/console", Word: locale.OverviewTitle, Here: true}}, Seconds: 30,
			Parts: []ConsolePart{{ID: "now", Heading: locale.OverviewSessions, Facts: []ConsoleFact{
				{Label: locale.OverviewSessions, Cells: []ConsoleCell{{Text: Thousands(1234567)}}},
				{Label: locale.OverviewLease, Cells: []ConsoleCell{{Word: locale.OverviewLost, Tone: "bad"}, {At: at}}},
				{Label: locale.ProviderCeiling, Cells: []ConsoleCell{{Level: hub.Level{IAL: hub.IAL23, AAL: hub.AAL22}}, {}}},
			}, Links: []ConsoleLink{{Href: "/console/staff", Word: locale.PostsTitle}, {Href: "/console/departments/x", Name: names}}}},
		},
		"console-table": ConsolePage{
			Heading: locale.PostsTitle, Place: names, Menu: menu, Token: "token", Done: true, Secret: "https://login.example/join/secret", Says: locale.InviteMade,
			Parts: []ConsolePart{
				{
					ID: "posts", Heading: locale.PostsTitle, Head: []locale.Word{locale.PostRole, locale.ConsoleState, locale.ConsoleSince, locale.ConsoleAct},
					Rows: []ConsoleRow{{Cells: []ConsoleCell{{Names: hub.Text{"en": "<b>Evil</b>"}}, {Word: locale.PostActive, Tone: "good", Also: []ConsoleCell{{Code: "id"}}}, {Day: at}}, Forms: []ConsoleForm{{
						Action: "/console/staff/_/remove", Button: locale.PostRemove, About: "abc", Quiet: true, Hidden: []PostField{{Name: "post", Value: "p"}},
						Fields: []ConsoleField{{Name: "reason", Label: locale.PostReason, Needed: true, Options: []ConsoleOption{{Value: "left", Name: ConsoleCell{Word: locale.PostLeft}}}}},
					}}}},
				},
				{ID: "none", Name: names, Note: locale.FiguresRest, Empty: locale.PostsNone, Forms: []ConsoleForm{{
					Action: "/console/record", Get: true, Button: locale.RecordSearch, Fields: []ConsoleField{{Name: "kind", Label: locale.RecordKind, Value: `"><script>`}},
				}}},
				{ID: "form", Heading: locale.ItemTitle, Forms: []ConsoleForm{{
					Action: "/console/edit-item/revenue/x/_/save", Button: locale.ItemSave, Also: &ConsoleButton{Name: "try", Value: "yes", Word: locale.ItemTry}, Fields: []ConsoleField{
						{Name: "demands.maxAge", Label: locale.ItemMaxAge, Value: "soon", Hint: locale.ItemMaxAgeHint, Wrong: true, Longest: 30},
						{Name: "demands.hours", Label: locale.ItemHours, Value: "mon 08:00-17:00\n</textarea><script>", Lines: 3, Longest: 4000, Hint: locale.ItemHoursHint},
						{Label: locale.ItemAlso, Many: true, Wrong: true, Options: []ConsoleOption{{Value: "demands.exclusive", Name: ConsoleCell{Word: locale.ItemExclusive}, On: true}, {Value: "demands.approval", Name: ConsoleCell{Word: locale.ItemApproval}}}},
					},
				}}},
			},
		},
		"console-letter": ConsolePage{
			Heading: locale.LettersTitle, Place: names, Lead: locale.LetterLead, Menu: menu, Token: "token", Wrong: locale.LetterWrong,
			Parts: []ConsolePart{{ID: "letter", Name: ConsoleCell{Code: "7KQM-2XHD"}, Facts: []ConsoleFact{
				{Label: locale.LetterSent, Cells: []ConsoleCell{{At: at}}},
				{Label: locale.LetterText, Cells: []ConsoleCell{{Prose: "Two lines,\n<b>of text</b>"}}},
			}, Forms: []ConsoleForm{{Action: "/console/complaints/x/_/answer", Button: locale.LetterSend, About: "7KQM-2XHD", Fields: []ConsoleField{
				{Name: "outcome", Label: locale.LetterOutcome, Options: []ConsoleOption{{Value: "upheld", Name: ConsoleCell{Word: locale.LetterUpheld}}}},
				{Name: "text", Label: locale.LetterWords, Value: "</textarea>", Lines: 8, Longest: 4000, Least: 10, Needed: true},
			}}}}},
		},
		"console-figures": ConsolePage{
			Heading: locale.FiguresTitle, Lead: locale.FiguresLead, Menu: menu, Wrong: locale.ConsoleRefused, Stale: locale.ConsoleFresh, Back: "/console/staff", Token: "token",
			Parts: []ConsolePart{{
				ID: "by-time", Heading: locale.FiguresByTime, Head: []locale.Word{locale.FiguresByTime, locale.FiguresVisits},
				Chart: &ConsoleChart{Title: locale.FiguresVisits, Bars: []ConsoleBar{{Label: "1", N: 1200}, {Label: "2", Hidden: true}, {Label: "3"}, {Label: "4", N: 7}}},
				Rows:  []ConsoleRow{{Cells: []ConsoleCell{{Day: at}, {Word: locale.FiguresHidden}}}},
				Total: &ConsoleRow{Cells: []ConsoleCell{{Word: locale.FiguresTotal}, {Text: "≥ 1,207"}}},
			}},
		},
	}
}

// A table of a month with every figure stays below 60 KB and is made in less than 5 ms.
func TestTheConsolesLargestPageIsSmall(t *testing.T) {
	t.Parallel()
	for _, l := range locale.All() {
		if n := len(render(t, newView(t), frame("console-figures", l), largest())); n > 60<<10 {
			t.Errorf("%s: %d bytes", l, n)
		}
	}
	if page := render(t, newView(t), frame("console-figures", locale.English), largest()); strings.Count(page, "<rect") != 31 {
		t.Error("bars are missing")
	}
}

// largest is a month of figures by its days and six dimensions.
func largest() ConsolePage {
	p := ConsolePage{Heading: locale.FiguresTitle, Lead: locale.FiguresLead, Token: "token"}
	head := []locale.Word{locale.FiguresByTime, locale.FiguresVisits, locale.FiguresItems, locale.FiguresOpenings, locale.FiguresBindings}
	add := func(id string, rows int) *ConsolePart {
		part := ConsolePart{ID: id, Heading: locale.FiguresByTime, Head: head}
		for i := range rows {
			part.Rows = append(part.Rows, ConsoleRow{Cells: []ConsoleCell{
				{Day: time.Date(2025, 3, 1+i, 0, 0, 0, 0, time.UTC)}, {Text: Thousands(int64(i+1) * 1234567)}, {Text: "≥ 123,456"}, {Word: locale.FiguresHidden}, {Text: "0"},
			}})
		}
		p.Parts = append(p.Parts, part)
		return &p.Parts[len(p.Parts)-1]
	}
	chart := &ConsoleChart{Title: locale.FiguresVisits}
	for i := range 31 {
		chart.Bars = append(chart.Bars, ConsoleBar{Label: "30", N: int64(i+1) * 1234567})
	}
	add("by-time", 31).Chart = chart
	for _, id := range []string{"a", "b", "c", "d", "e", "f", "g"} {
		add(id, 12)
	}
	return p
}

func BenchmarkRenderConsole(b *testing.B) {
	v, p, f := newView(b), largest(), frame("console-figures", locale.Thai)
	b.ReportAllocs()
	for b.Loop() {
		if err := v.Render(httptest.NewRecorder(), 200, f, p); err != nil {
			b.Fatal(err)
		}
	}
}
