package statistics

import (
	"context"
	"maps"
	"slices"
	"time"

	"onedoor/hub"
)

// Scope is whose figures are asked for.
type Scope struct {
	Platform   bool             // the sum of what is shown of each department
	Department hub.DepartmentID // else
	// SoFar shows what has not ended as it is now, the small figures withheld, and is for those only who may read the events themselves.
	SoFar bool
}

// Row is one line of a table.
type Row struct {
	Start   time.Time // of a period
	Value   string    // or of a dimension; "" for none
	Figures []Figure  // in the order of Measures
}

// Table is figures by time or by a dimension.
type Table struct {
	Rows   []Row
	Totals []Figure // in the order of Measures; zero where Open
	Open   bool     // it has not ended: no publication
	// Rest tells that there are values of the dimension that are not listed, because nothing of them is shown: that something is there to be
	// withheld would tell of it too.
	Rest bool
}

// figures is what is counted for one department in one table: by row, by measure.
type figures [][]int64

// Year gives the months of a year.
func (s *Service) Year(ctx context.Context, scope Scope, year int) (Table, error) {
	from := time.Date(year, 1, 1, 0, 0, 0, 0, s.o.Zone)
	through, err := s.through(ctx)
	if err != nil {
		return Table{}, err
	}
	now := s.o.Clock()
	starts := slices.DeleteFunc(s.starts(Month, from, from.AddDate(1, 0, 0)), func(t time.Time) bool { return t.After(now) || !scope.SoFar && !s.over(Month, t, through) })
	if len(starts) == 0 {
		return Table{Open: true, Totals: make([]Figure, len(Measures()))}, nil
	}
	return s.table(ctx, scope, Query{Grain: Month, From: from, Until: from.AddDate(1, 0, 0)}, starts, func(f figures) figure {
		out := figure{rows: make([][]Figure, len(starts)), totals: make([]Figure, len(Measures()))}
		for i := range starts {
			out.rows[i] = make([]Figure, len(Measures()))
			for m := range Measures() {
				out.rows[i][m] = shown(f[i][m])
				out.totals[m] = out.totals[m].plus(out.rows[i][m])
			}
		}
		return out
	}, !s.over(Month, from.AddDate(0, 11, 0), through))
}

// Month gives the days of the month that a time lies in.
func (s *Service) Month(ctx context.Context, scope Scope, at time.Time) (Table, error) {
	from := s.start(Month, at)
	return s.divided(ctx, scope, from, Query{Grain: Day, From: from, Until: s.next(Month, from)})
}

// Day gives the hours of the day that a time lies in.
func (s *Service) Day(ctx context.Context, scope Scope, at time.Time) (Table, error) {
	from := s.start(Day, at)
	return s.divided(ctx, scope, s.start(Month, at), Query{Grain: Hour, From: from, Until: s.next(Day, from)})
}

// By divides the month that a time lies in by a dimension.
func (s *Service) By(ctx context.Context, scope Scope, at time.Time, d Dimension) (Table, error) {
	from := s.start(Month, at)
	return s.divided(ctx, scope, from, Query{Grain: Month, From: from, Until: s.next(Month, from), By: []Dimension{d}})
}

// divided gives a month, or a day of it, by the parts that the question asks for.
func (s *Service) divided(ctx context.Context, scope Scope, month time.Time, q Query) (Table, error) {
	through, err := s.through(ctx)
	if err != nil {
		return Table{}, err
	}
	open := !s.over(Month, month, through)
	if open && !scope.SoFar {
		return Table{Open: true, Totals: make([]Figure, len(Measures()))}, nil
	}
	// The totals that the parts must not give away: of the day, which is a part of its month.
	days, err := s.sums(ctx, scope, Query{Grain: Day, From: month, Until: s.next(Month, month)})
	if err != nil {
		return Table{}, err
	}
	ofDays := s.starts(Day, month, s.next(Month, month))
	above := map[hub.DepartmentID]figures{}
	for _, x := range days {
		count(above, x, slices.IndexFunc(ofDays, x.Start.Equal), len(ofDays))
	}
	var starts []time.Time
	if len(q.By) == 0 {
		now := s.o.Clock()
		starts = slices.DeleteFunc(s.starts(q.Grain, q.From, q.Until), func(t time.Time) bool { return open && t.After(now) })
		if len(starts) == 0 {
			return Table{Open: true, Totals: make([]Figure, len(Measures()))}, nil
		}
	}
	day := slices.IndexFunc(ofDays, q.From.Equal)
	return s.tableOf(ctx, scope, q, starts, open, func(id hub.DepartmentID, f figures) figure {
		out := figure{rows: make([][]Figure, len(f)), totals: make([]Figure, len(Measures()))}
		for i := range f {
			out.rows[i] = make([]Figure, len(Measures()))
		}
		for m := range Measures() {
			column := f.column(m)
			if open {
				for i, n := range column {
					out.rows[i][m] = shown(n)
					out.totals[m] = out.totals[m].plus(out.rows[i][m])
				}
				continue
			}
			of := above[id].column(m)
			total := shown(sum(of))
			if q.Grain == Hour && len(of) > 0 {
				total = parts(total, of)[day]
			}
			out.totals[m] = total
			for i, x := range parts(total, column) {
				out.rows[i][m] = x
			}
		}
		return out
	})
}

// figure is a table of one department as it is shown.
type figure struct {
	rows   [][]Figure
	totals []Figure
}

func (f figures) column(m int) []int64 {
	out := make([]int64, len(f))
	for i := range f {
		out[i] = f[i][m]
	}
	return out
}

func sum(all []int64) (n int64) {
	for _, x := range all {
		n += x
	}
	return n
}

// count adds a sum to the figures of its department.
func count(all map[hub.DepartmentID]figures, x Sum, row, rows int) {
	m, _ := of(x.Kind)
	column := slices.Index(Measures(), m)
	if row < 0 || column < 0 {
		return
	}
	if all[x.Department] == nil {
		f := make(figures, rows)
		for i := range f {
			f[i] = make([]int64, len(Measures()))
		}
		all[x.Department] = f
	}
	all[x.Department][row][column] += x.N
}

// table is tableOf for a rule that is the same for every department.
func (s *Service) table(ctx context.Context, scope Scope, q Query, starts []time.Time, show func(figures) figure, open bool) (Table, error) {
	return s.tableOf(ctx, scope, q, starts, open, func(_ hub.DepartmentID, f figures) figure { return show(f) })
}

// tableOf adds up what is shown of each department.
func (s *Service) tableOf(ctx context.Context, scope Scope, q Query, starts []time.Time, open bool, show func(hub.DepartmentID, figures) figure) (Table, error) {
	byDepartment := slices.Equal(q.By, []Dimension{ByDepartment})
	if byDepartment {
		q.By = nil
	}
	all, err := s.sums(ctx, scope, q)
	if err != nil {
		return Table{}, err
	}
	var values []string
	if starts == nil {
		seen := map[string]bool{}
		for _, x := range all {
			if m, _ := of(x.Kind); m != "" {
				seen[value(x, byDepartment)] = true
			}
		}
		values = slices.Sorted(maps.Keys(seen))
	}
	rows := max(len(starts), len(values))
	counted := map[hub.DepartmentID]figures{}
	for _, x := range all {
		row := slices.IndexFunc(starts, x.Start.Equal)
		if starts == nil {
			row = slices.Index(values, value(x, byDepartment))
		}
		count(counted, x, row, rows)
	}
	t := Table{Rows: make([]Row, rows), Totals: make([]Figure, len(Measures())), Open: open}
	for i := range t.Rows {
		t.Rows[i].Figures = make([]Figure, len(Measures()))
		if starts != nil {
			t.Rows[i].Start = starts[i]
		} else {
			t.Rows[i].Value = values[i]
		}
	}
	for _, id := range slices.Sorted(maps.Keys(counted)) {
		f := show(id, counted[id])
		for m := range Measures() {
			t.Totals[m] = t.Totals[m].plus(f.totals[m])
			for i := range t.Rows {
				if !byDepartment || values[i] == string(id) { // of the others it is nothing
					t.Rows[i].Figures[m] = t.Rows[i].Figures[m].plus(f.rows[i][m])
				}
			}
		}
	}
	if starts == nil {
		listed := slices.DeleteFunc(t.Rows, func(r Row) bool { return !slices.ContainsFunc(r.Figures, func(f Figure) bool { return f.N > 0 }) })
		t.Rest, t.Rows = len(listed) < len(values), listed
	}
	return t, nil
}

// value gives the row of a sum in a table by a dimension.
func value(x Sum, byDepartment bool) string {
	if byDepartment {
		return string(x.Department)
	}
	return x.Values[0]
}

// sums asks for the figures of a scope.
func (s *Service) sums(ctx context.Context, scope Scope, q Query) ([]Sum, error) {
	if !scope.Platform {
		if scope.Department == "" {
			return nil, hub.Errorf("statistics.sums", hub.Invalid, "no department")
		}
		q.Department = &scope.Department
	}
	all, err := s.o.Store.Sums(ctx, q)
	if err != nil {
		return nil, hub.E("statistics.sums", hub.KindOf(err), err)
	}
	return all, nil
}

// starts lists the beginnings of the periods from a time on, before another.
func (s *Service) starts(g Grain, from, until time.Time) (all []time.Time) {
	for t := from; t.Before(until); t = s.next(g, t) {
		all = append(all, t)
	}
	return all
}

// late is how long after its end a period is closed: what happened in it has been written and counted by then.
const late = 15 * time.Minute

// through gives until when everything is counted.
func (s *Service) through(ctx context.Context) (time.Time, error) {
	_, through, err := s.o.Store.Progress(ctx)
	if err != nil {
		return time.Time{}, hub.E("statistics.through", hub.KindOf(err), err)
	}
	return through, nil
}

// over reports whether a period has ended and is counted.
func (s *Service) over(g Grain, start, through time.Time) bool {
	return !s.next(g, start).Add(late).After(through)
}

// Progress tells how many events of the log have been looked at, and until when it is known to be counted as a whole.
func (s *Service) Progress(ctx context.Context) (int64, time.Time, error) {
	return s.o.Store.Progress(ctx)
}
