package view

import (
	"onedoor/binding/review"
	"onedoor/hub"
	"onedoor/web/locale"
)

// CounterPage is on the phone of somebody who has scanned what a clerk shows.
type CounterPage struct {
	Token   string
	Path    string // the page's own
	At      review.Counter
	Code    string   // that the clerk types; "" before
	Problem hub.Kind // why there is none
}

func (CounterPage) file() string         { return "counter" }
func (CounterPage) section() Section     { return SectionRecords }
func (CounterPage) title(d *data) string { return d.Say(locale.CounterAsk) }

// Sends lists what of the person is shown to the clerk, if they agree.
func (CounterPage) Sends(k review.CounterKind) []hub.AttributeName { return k.Attributes }

// counterWords are what stands on the pages of counters.
type counterWords struct {
	Of, Only, None, Keep, Show, Read, Number, Go, Here, Lasts, Start, Other, First, Second, Third locale.Word
}

// CounterWords gives them.
func (*data) CounterWords() counterWords {
	return counterWords{
		locale.CounterOf, locale.CounterOnly, locale.CounterNone, locale.CounterKeep, locale.CounterShow, locale.CounterRead, locale.CounterNumber, locale.CounterGo,
		locale.CounterHere, locale.CounterLasts, locale.CounterStart, locale.CounterOther, locale.CounterFirst, locale.CounterSecond, locale.CounterThird,
	}
}

// CounterProblem says why nobody can be served, "" where somebody can.
func (d *data) CounterProblem(k hub.Kind) string {
	switch k {
	case "":
		return ""
	case hub.TooMany:
		return d.Say(locale.CounterTired)
	default:
		return d.Say(locale.CounterOver)
	}
}

// CounterFault says why a code opened no case, "" where none was tried.
func (d *data) CounterFault(k hub.Kind) string {
	switch k {
	case "":
		return ""
	case hub.TooMany:
		return d.Say(locale.CounterTired)
	case hub.Conflict:
		return d.T.WrongTaken()
	default:
		return d.T.CounterGone()
	}
}
