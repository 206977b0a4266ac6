package view

import (
	"html/template"
	"strconv"
	"strings"
	"time"

	"onedoor/hub"
	"onedoor/web/locale"
)

// ConsolePage is a page of administrators and auditors. They are many and alike, lists and what may be done with their entries, and so they are put
// together from parts of a few forms instead of having a template each: one look, one place for what makes it usable by everybody.
type ConsolePage struct {
	Heading locale.Word
	Place   ConsoleCell // where it is about; may be empty
	Lead    locale.Word
	Menu    []ConsoleLink // what this person may see
	Token   string        // of its forms
	Done    bool          // something has just been done
	Wrong   locale.Word   // why something was not; may be empty
	// Stale holds what must be said before something can be done: sign in again. Back is the page that the sign-in leads back to.
	Stale   locale.Word
	Back    string
	Apart   bool        // the sign-in opens beside the page, which holds what somebody has typed
	Secret  string      // shown this once: the address of an invitation, the secret of a system
	Says    locale.Word // what it is
	Seconds int         // until it asks for itself again; 0 for never
	Parts   []ConsolePart
}

// ConsoleLink leads to another page.
type ConsoleLink struct {
	Href string
	Word locale.Word
	Name ConsoleCell // in the place of Word
	Here bool
}

// ConsolePart is a part of a page, under a heading of its own.
type ConsolePart struct {
	ID      string
	Heading locale.Word
	Name    ConsoleCell // in the place of Heading
	Note    locale.Word
	Text    string // that somebody wrote, line by line
	Facts   []ConsoleFact
	Chart   *ConsoleChart
	Head    []locale.Word // of the table
	Rows    []ConsoleRow
	Total   *ConsoleRow
	Empty   locale.Word // said where there are no rows
	Forms   []ConsoleForm
	Links   []ConsoleLink
}

// ConsoleFact is one line about something.
type ConsoleFact struct {
	Label locale.Word
	Cells []ConsoleCell
}

// ConsoleRow is a line of a table; its first cell is what it is about.
type ConsoleRow struct {
	Cells []ConsoleCell
	Forms []ConsoleForm
}

// ConsoleCell is something to read: the first that is set.
type ConsoleCell struct {
	Word  locale.Word
	Names hub.Text
	Code  string    // an id, an address
	At    time.Time // a moment
	Day   time.Time // a day
	Level hub.Level
	Text  string
	Href  string // leads there
	Prose string // a text of several lines
	Tone  string // "good", "bad": of a state, beside its words
	// Also stands behind it, smaller.
	Also []ConsoleCell
}

// Blank reports whether there is nothing to read.
func (c ConsoleCell) Blank() bool {
	return !c.Word.Said() && c.Names == nil && c.Code == "" && c.At.IsZero() && c.Day.IsZero() && c.Level == (hub.Level{}) && c.Text == "" && c.Prose == ""
}

// ConsoleForm does something, or asks for another look at the page (Get).
type ConsoleForm struct {
	Action string
	Get    bool
	Button locale.Word
	About  string // what it is about, for those who hear the button's name only
	Hidden []PostField
	Fields []ConsoleField
	Quiet  bool
	Danger bool           // it ends something
	Also   *ConsoleButton // a second way to send it
}

// ConsoleButton sends a form with a value of its own.
type ConsoleButton struct {
	Name, Value string
	Word        locale.Word
}

// ConsoleField is a field of a form: a choice where there are Options, else a text. Where it is Needed, a choice begins with none.
type ConsoleField struct {
	Name    string
	Label   locale.Word
	Value   string
	Options []ConsoleOption
	// Many has each of the Options be a box to tick, sent under its own Value. Lines is of a text of several lines. Longest is in characters.
	Many    bool
	Lines   int
	Longest int
	Least   int         // characters of a text of several lines
	Hint    locale.Word // what may stand there
	Wrong   bool        // what stands there can't be meant
	Needed  bool
}

// ConsoleOption is one of the choices.
type ConsoleOption struct {
	Value string
	Name  ConsoleCell
	On    bool // of a box: it is ticked
}

// MaxLength gives how long a text may be.
func (f ConsoleField) MaxLength() int {
	if f.Longest > 0 {
		return f.Longest
	}
	return 64
}

// ConsoleChart are bars, with the table below them for what they say exactly.
type ConsoleChart struct {
	Title locale.Word
	Bars  []ConsoleBar
}

// ConsoleBar is a figure. One that is withheld has no bar but a mark.
type ConsoleBar struct {
	Label  string
	N      int64
	Hidden bool
}

func (ConsolePage) file() string           { return "console" }
func (p ConsolePage) title(d *data) string { return d.Lang.Say(p.Heading) }

// Say gives a word in the language of the page.
func (d *data) Say(w locale.Word) string { return d.Lang.Say(w) }

// MenuName is what the menu beside a page is called.
func (d *data) MenuName() string {
	if _, ok := d.P.(ConsolePage); ok {
		return d.Lang.Say(locale.ConsoleMenu)
	}
	return d.T.PortalMenu()
}

// consoleMenu gives the menu of a page of the console.
func (d *data) consoleMenu(p ConsolePage) []entry {
	var all []entry
	for _, l := range p.Menu {
		all = append(all, entry{Path: Section(l.Href), Name: d.Lang.Say(l.Word), Current: l.Here})
	}
	return all
}

// consoleWords are what the template itself says.
type consoleWords struct{ Back, Done, SignIn, Choose, Check locale.Word }

// Words gives them.
func (*data) Words() consoleWords {
	return consoleWords{locale.ConsoleBack, locale.ConsoleDone, locale.ConsoleSignIn, locale.ConsoleChoose, locale.ConsoleCheck}
}

// charted is a chart with the part that it stands in.
type charted struct {
	ID, Title string
	Drawing   drawing
}

// Chart gives a chart for the template of charts.
func (d *data) Chart(c *ConsoleChart, id string) charted {
	return charted{id, d.Lang.Say(c.Title), d.Draw(*c)}
}

// label is what a cell of a table stands under, for narrow screens where a row becomes a list.
func (p ConsolePart) label(i int) locale.Word {
	if i < len(p.Head) {
		return p.Head[i]
	}
	return locale.Word{}
}

// Line writes the cells of a row; the first is its heading. It is written here and not in the template because pages have hundreds of cells, and
// the engine of templates takes longer over each of them than everything else together. Everything that is not a word of ours is escaped.
func (d *data) Line(p ConsolePart, r ConsoleRow) template.HTML {
	var b strings.Builder
	for i, c := range r.Cells {
		if i == 0 {
			b.WriteString(`<th scope="row">`)
			d.write(&b, c)
			b.WriteString(`</th>`)
			continue
		}
		b.WriteString(`<td data-label="`)
		template.HTMLEscape(into{&b}, []byte(d.Lang.Say(p.label(i))))
		b.WriteString(`">`)
		d.write(&b, c)
		b.WriteString(`</td>`)
	}
	return template.HTML(b.String()) //nolint:gosec // G203: escaped, piece by piece
}

// Cell writes a cell.
func (d *data) Cell(c ConsoleCell) template.HTML {
	var b strings.Builder
	d.write(&b, c)
	return template.HTML(b.String()) //nolint:gosec // G203: escaped, piece by piece
}

// Read gives what a cell says, without marks, for where only text may stand.
func (d *data) Read(c ConsoleCell) string {
	switch {
	case c.Word.Said():
		return d.Lang.Say(c.Word)
	case c.Names != nil:
		return d.Plain(c.Names)
	case c.Code != "":
		return c.Code
	default:
		return c.Text
	}
}

// into lets a builder be written to as html/template wants it.
type into struct{ *strings.Builder }

// write writes a cell: where it leads, its state, what it says, and what stands behind it.
func (d *data) write(b *strings.Builder, c ConsoleCell) {
	text := func(s string) { template.HTMLEscape(into{b}, []byte(s)) }
	shut := ""
	switch {
	case strings.HasPrefix(c.Href, "/") && !strings.HasPrefix(c.Href, "//"): // to pages of ours, and nowhere else
		b.WriteString(`<a href="`)
		text(c.Href)
		b.WriteString(`">`)
		shut = `</a>`
	case c.Tone != "":
		b.WriteString(`<span class="state `)
		text(c.Tone)
		b.WriteString(`">`)
		shut = `</span>`
	}
	switch {
	case c.Word.Said():
		text(d.Lang.Say(c.Word))
	case c.Names != nil:
		w := d.Text(c.Names)
		if w.Lang != "" {
			b.WriteString(`<span lang="` + w.Lang + `">`)
		}
		text(w.Text)
		if w.Lang != "" {
			b.WriteString(`</span>`)
		}
	case c.Code != "":
		b.WriteString(`<code>`)
		text(c.Code)
		b.WriteString(`</code>`)
	case !c.At.IsZero():
		b.WriteString(`<time datetime="` + d.Stamp(c.At) + `">` + d.Moment(c.At) + `</time>`)
	case !c.Day.IsZero():
		b.WriteString(`<time datetime="` + d.Day(c.Day) + `">` + d.Date(c.Day) + `</time>`)
	case c.Prose != "":
		b.WriteString(`<span class="said">`)
		text(c.Prose)
		b.WriteString(`</span>`)
	case c.Text != "":
		text(c.Text)
	case c.Level != (hub.Level{}):
		b.WriteString(`<span class="level">` + leveled(c.Level) + `</span>`)
	default:
		b.WriteString(`–`)
	}
	b.WriteString(shut)
	for _, more := range c.Also {
		b.WriteString(` <span class="also">`)
		d.write(b, more)
		b.WriteString(`</span>`)
	}
}

// leveled writes a level.
func leveled(l hub.Level) string {
	var all []string
	if s := l.IAL.String(); s != "" {
		all = append(all, "IAL "+s)
	}
	if s := l.AAL.String(); s != "" {
		all = append(all, "AAL "+s)
	}
	return strings.Join(all, " · ")
}

// formed is a form with its page.
type formed struct {
	ConsoleForm
	Page  *data
	Token string
}

// Form gives a form for the template of forms.
func (d *data) Form(p ConsolePage, f ConsoleForm) formed { return formed{f, d, p.Token} }

// The drawing of a chart, in units of its own.
const (
	chartWidth  = 720
	chartHeight = 220
	chartFloor  = 180 // where the bars stand
	chartTop    = 30
	chartLeft   = 8
)

// bar is a bar as it is drawn.
type bar struct {
	X, Y, W, H, Mid float64
	Label           string
	Hidden          bool
}

// drawing is a chart as it is drawn.
type drawing struct {
	Width, Height, Floor, Right int
	Top                         string // the highest figure
	Bars                        []bar
	Says                        string
}

// Draw lays a chart out. Labels that would run into each other are left out: the table has them all.
func (d *data) Draw(c ConsoleChart) drawing {
	out := drawing{Width: chartWidth, Height: chartHeight, Floor: chartFloor, Right: chartWidth - chartLeft}
	top := int64(1)
	for _, b := range c.Bars {
		top = max(top, b.N)
	}
	step := float64(chartWidth-2*chartLeft) / float64(max(1, len(c.Bars)))
	longest := 1
	for _, b := range c.Bars {
		longest = max(longest, len(b.Label))
	}
	each := max(1, int(float64(longest*14)/step+1))
	var says []string
	for i, b := range c.Bars {
		x := float64(chartLeft) + float64(i)*step
		h := float64(chartFloor-chartTop) * float64(b.N) / float64(top)
		one := bar{X: round(x + step*0.15), W: round(step * 0.7), H: round(h), Y: round(chartFloor - h), Mid: round(x + step/2), Hidden: b.Hidden}
		if i%each == 0 {
			one.Label = b.Label
		}
		out.Bars = append(out.Bars, one)
		if b.N > 0 {
			says = append(says, b.Label+": "+d.Number(b.N))
		}
	}
	out.Top = d.Number(top)
	out.Says = strings.Join(says, ", ")
	return out
}

func round(x float64) float64 { return float64(int64(x*10+0.5)) / 10 }

// Number writes a figure with marks between thousands.
func (*data) Number(n int64) string { return Thousands(n) }

// Thousands writes a figure with marks between thousands, as all four languages do in tables.
func Thousands(n int64) string {
	text := strconv.FormatInt(n, 10)
	for i := len(text) - 3; i > 0 && text[i-1] != '-'; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}
