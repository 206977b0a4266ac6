// Package statistics counts what happened, by time, department, system, provider, channel, category of item and outcome (STA-01), and gives
// the figures so that nobody can be found in them (STA-03).
//
// # How it counts
//
// Nothing is counted where something happens: no login, decision or validation waits for it. The figures are counted from the Merkle log of the
// record (hub/audit), whose leaves are numbered without a gap: a step takes the leaves from where the last one ended, and adds what they tell to
// the figures in the transaction that moves this place on, if it is still where it was. So no event is counted twice and none is left out,
// whichever node counts and wherever it is killed, and what is counted is what the signed heads prove.
//
// # What it shows
//
// The department is the unit of disclosure, and the month the largest period with a total that is published. In it:
//
//   - a figure from 1 to [Least]-1 is withheld;
//   - where a total is shown, others are withheld with a small one, so that what is missing is the sum of several figures and not small itself: the
//     difference tells nobody (see withhold);
//   - what a withheld figure is the total of is withheld as a whole;
//   - a month that has not ended is no publication: two looks at it differ by what happened in between. It is shown "so far" only to those who
//     may read the events themselves.
//
// Figures of the platform, and of a year, are sums of what is shown of the departments and months, and of nothing else, so that no difference
// between the two can tell what is withheld. [Service.Accounts] alone is exact: see there.
//
// It does not own the record, the register of systems, or any page.
package statistics

import (
	"context"
	"slices"
	"time"

	"onedoor/hub"
	"onedoor/hub/audit"
)

// Grain is how long the periods of a figure are.
type Grain string

// The grains. Each counts every event: an hour is not the remainder of a day.
const (
	Hour  Grain = "hour"
	Day   Grain = "day"
	Month Grain = "month"
)

func grains() []Grain { return []Grain{Hour, Day, Month} }

// HoursKept is how long figures of hours are kept. Days and months stay.
const HoursKept = 92 * 24 * time.Hour

// Cell is what a figure is the number of.
type Cell struct {
	Grain      Grain
	Start      time.Time // of the period, in the zone of the figures
	Department hub.DepartmentID
	System     hub.SystemID
	Provider   hub.ProviderID
	Channel    string
	Category   string // of the item, a word of its department
	Kind       string // of the event
	Outcome    audit.Outcome
}

// Count is a figure.
type Count struct {
	Cell
	N int64
}

// Measure is what is counted under one name.
type Measure string

// The measures.
const (
	Visits   Measure = "visits"   // ways through the door to a system: with a sign-in, without one because there was one, or refused
	Items    Measure = "items"    // decisions about items
	Openings Measure = "openings" // items that people, entities and staff opened or locked
	Bindings Measure = "bindings" // steps of ties between accounts and records of departments
)

// Measures lists them.
func Measures() []Measure { return []Measure{Visits, Items, Openings, Bindings} }

// The kinds of the reconciliation with providers.
const (
	asked   = "login.provider_chosen"
	signed  = "login.succeeded"
	refused = "login.refused"
)

// kinds gives the kinds of events of each measure; where one ends in ".", all that begin so.
var kinds = map[Measure][]string{
	Visits:   {signed, "login.resumed", refused},
	Items:    {"item.permitted", "item.denied"},
	Openings: {"item.opened", "item.locked", "item.opening_asked", "item.opening_approved", "item.opening_refused"},
	Bindings: {"binding."},
}

// of gives the measure of a kind, "" for none; counted also holds for a kind that only the reconciliation knows.
func of(kind string) (m Measure, counted bool) {
	for _, m := range Measures() {
		if slices.ContainsFunc(kinds[m], func(k string) bool {
			return k == kind || k[len(k)-1] == '.' && len(kind) > len(k) && kind[:len(k)] == k
		}) {
			return m, true
		}
	}
	return "", kind == asked
}

// Store keeps the figures.
type Store interface {
	// Progress tells how many leaves of the log are counted, and until when the log was known to be counted as a whole. Unavailable.
	Progress(ctx context.Context) (counted int64, through time.Time, err error)
	// Add adds the figures and moves the place on, in one transaction, if it is still at from. Conflict otherwise: another node was faster.
	Add(ctx context.Context, from, to int64, counts []Count) error
	// Through notes that everything in the log at that time is counted, if the place is still at counted. Unavailable.
	Through(ctx context.Context, counted int64, at time.Time) error
	// Sums adds up figures. Unavailable.
	Sums(ctx context.Context, q Query) ([]Sum, error)
	// Purge removes at most limit figures of hours before the time and tells how many.
	Purge(ctx context.Context, before time.Time, limit int) (int, error)
}

// Dimension is what figures can be divided by, beside time.
type Dimension string

// The dimensions.
const (
	BySystem     Dimension = "system"
	ByProvider   Dimension = "provider"
	ByChannel    Dimension = "channel"
	ByCategory   Dimension = "category"
	ByOutcome    Dimension = "outcome"
	ByDepartment Dimension = "department" // of the platform's figures only
)

// Dimensions lists those of a department's figures.
func Dimensions() []Dimension {
	return []Dimension{BySystem, ByProvider, ByChannel, ByCategory, ByOutcome}
}

// Query asks for figures of periods that begin from From on, before Until.
type Query struct {
	Grain       Grain
	From, Until time.Time
	Department  *hub.DepartmentID // nil: each
	By          []Dimension       // none: no division
}

// Sum is a figure of a department for a period and a kind, divided as asked.
type Sum struct {
	Start      time.Time
	Department hub.DepartmentID
	Kind       string
	Values     []string // one for each dimension of the question
	N          int64
}

// Log is the record to count from: audit.Inspector has it.
type Log interface {
	// Leaves gives the leaves from an index on in order, at most limit. Unavailable.
	Leaves(ctx context.Context, from int64, limit int) ([]audit.Placed, error)
}

// Register knows whose systems are, and of which category items. Names that it does not know have an owner or a category no more.
type Register interface {
	// Owner gives the department of a system, "" for none.
	Owner(ctx context.Context, system hub.SystemID) (hub.DepartmentID, error)
	// Category gives the category of an item, "" for none.
	Category(ctx context.Context, item string) (string, error)
}

// Options are what a Service is made of. All are required.
type Options struct {
	Store    Store
	Log      Log
	Register Register
	Clock    hub.Clock
	Zone     *time.Location // of days and months
}

// Service counts and shows.
type Service struct{ o Options }

// New checks the options. Invalid where one is missing.
func New(o Options) (*Service, error) {
	if o.Store == nil || o.Log == nil || o.Register == nil || o.Clock == nil || o.Zone == nil {
		return nil, hub.Errorf("statistics.New", hub.Invalid, "an option is missing")
	}
	return &Service{o}, nil
}

// start gives the beginning of the period that a time lies in.
func (s *Service) start(g Grain, t time.Time) time.Time {
	t = t.In(s.o.Zone)
	y, m, d := t.Date()
	switch g {
	case Hour:
		return time.Date(y, m, d, t.Hour(), 0, 0, 0, s.o.Zone)
	case Day:
		return time.Date(y, m, d, 0, 0, 0, 0, s.o.Zone)
	default:
		return time.Date(y, m, 1, 0, 0, 0, 0, s.o.Zone)
	}
}

// next gives the beginning of the period after the one that begins then.
func (s *Service) next(g Grain, t time.Time) time.Time {
	switch g {
	case Hour:
		return t.Add(time.Hour)
	case Day:
		return t.AddDate(0, 0, 1)
	default:
		return t.AddDate(0, 1, 0)
	}
}
