package statistics

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"onedoor/hub"
	"onedoor/hub/audit"
)

// memory is a Store and a Log, and knows whose systems are.
type memory struct {
	counted int64
	through time.Time
	cells   map[Cell]int64
	leaves  []audit.Placed
	stale   bool // another node counts first
}

func (m *memory) Progress(context.Context) (int64, time.Time, error) {
	return m.counted, m.through, nil
}

func (m *memory) Add(_ context.Context, from, to int64, counts []Count) error {
	if m.counted != from || m.stale {
		return hub.Errorf("memory", hub.Conflict, "counted")
	}
	for _, c := range counts {
		m.cells[c.Cell] += c.N
	}
	m.counted = to
	return nil
}

func (m *memory) Through(_ context.Context, _ int64, at time.Time) error { m.through = at; return nil }

func (m *memory) Sums(_ context.Context, q Query) ([]Sum, error) {
	var all []Sum
	for c, n := range m.cells {
		if c.Grain != q.Grain || c.Start.Before(q.From) || !c.Start.Before(q.Until) || q.Department != nil && *q.Department != c.Department {
			continue
		}
		x := Sum{Start: c.Start, Department: c.Department, Kind: c.Kind, N: n}
		for _, d := range q.By {
			x.Values = append(x.Values, map[Dimension]string{
				BySystem: string(c.System), ByProvider: string(c.Provider), ByChannel: c.Channel, ByCategory: c.Category, ByOutcome: string(c.Outcome),
			}[d])
		}
		all = append(all, x)
	}
	return all, nil
}

func (m *memory) Purge(context.Context, time.Time, int) (int, error) { return 0, nil }

func (m *memory) Leaves(_ context.Context, from int64, limit int) ([]audit.Placed, error) {
	return m.leaves[min(from, int64(len(m.leaves))):min(from+int64(limit), int64(len(m.leaves)))], nil
}

func (*memory) Owner(_ context.Context, s hub.SystemID) (hub.DepartmentID, error) {
	return map[hub.SystemID]hub.DepartmentID{"efiling": "revenue", "refunds": "revenue", "benefits": "social"}[s], nil
}

func (*memory) Category(_ context.Context, item string) (string, error) {
	return map[string]string{"tax-return": "taxes"}[item], nil
}

var bangkok = time.FixedZone("+07", 7*3600)

// at gives a time of the zone.
func at(text string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04", text, bangkok)
	if err != nil {
		panic(err)
	}
	return t
}

// happen puts n events into the log.
func (m *memory) happen(n int, when string, e audit.Event) {
	e.At = at(when).UTC()
	if e.Outcome == "" {
		e.Outcome = audit.Success
	}
	for range n {
		m.leaves = append(m.leaves, audit.Placed{Index: int64(len(m.leaves)), Row: &audit.Row{Event: e}})
	}
}

func newService(t *testing.T, now string) (*memory, *Service) {
	t.Helper()
	m := &memory{cells: map[Cell]int64{}}
	s, err := New(Options{Store: m, Log: m, Register: m, Clock: func() time.Time { return at(now) }, Zone: bangkok})
	if err != nil {
		t.Fatal(err)
	}
	return m, s
}

func visit(system hub.SystemID, provider hub.ProviderID) audit.Event {
	return audit.Event{Kind: signed, System: system, Provider: provider, Channel: "web"}
}

func line(r Row) string {
	name := r.Value
	if !r.Start.IsZero() {
		name = r.Start.Format("01-02T15")
	}
	return fmt.Sprint(name, r.Figures[0])
}

// STA-01, STA-03: figures of a month that has ended, by its days and by what it can be divided by; the small ones withheld with company.
func TestSTA01_AMonthByTimeAndByDimension(t *testing.T) {
	t.Parallel()
	m, s := newService(t, "2025-03-02 12:00")
	m.happen(20, "2025-02-03 00:30", visit("efiling", "thaid"))
	m.happen(7, "2025-02-04 23:59", visit("refunds", "bank"))
	m.happen(3, "2025-02-05 10:00", visit("efiling", "bank"))
	m.happen(40, "2025-02-05 11:00", audit.Event{Kind: "login.started", System: "efiling"}) // nothing that is counted
	m.happen(6, "2025-02-06 10:00", audit.Event{Kind: "item.denied", Outcome: audit.Refusal, System: "efiling", Detail: map[string]string{"item": "tax-return"}})
	m.happen(9, "2025-03-01 00:00", visit("efiling", "thaid"))
	m.happen(50, "2025-02-03 10:00", visit("benefits", "thaid"))
	if n, err := s.Advance(t.Context()); err != nil || n != int64(len(m.leaves)) {
		t.Fatal(n, err)
	}
	revenue := Scope{Department: "revenue"}
	days, err := s.Month(t.Context(), revenue, at("2025-02-14 09:00"))
	if err != nil || len(days.Rows) != 28 || days.Open {
		t.Fatal(len(days.Rows), err)
	}
	if got := line(days.Rows[2]) + line(days.Rows[3]) + line(days.Rows[4]) + fmt.Sprint(days.Totals[0], days.Rows[5].Figures[1]); got != "02-03T00{20 0}02-04T00{0 1}02-05T00{0 1}{30 0} {6 0}" {
		t.Error(got)
	}
	hours, err := s.Day(t.Context(), revenue, at("2025-02-03 09:00"))
	if err != nil || line(hours.Rows[0]) != "02-03T00{20 0}" || hours.Totals[0].N != 20 {
		t.Error(hours, err)
	}
	// Of a day that is withheld as company of a small one its hours are withheld too.
	if hours, err = s.Day(t.Context(), revenue, at("2025-02-04 09:00")); err != nil || !hours.Totals[0].Hidden() || !hours.Rows[23].Figures[0].Hidden() || !hours.Rows[1].Figures[0].Hidden() {
		t.Error(hours, err)
	}
	for d, want := range map[Dimension]string{
		ByProvider: "{0 0}bank{10 0}thaid{20 0}", BySystem: "efiling{23 0}refunds{7 0}", ByChannel: "{0 0}web{30 0}", ByCategory: "{30 0}taxes{0 0}",
		ByOutcome: "refusal{0 0}success{30 0}",
	} {
		table, err := s.By(t.Context(), revenue, at("2025-02-14 09:00"), d)
		got := ""
		for _, r := range table.Rows {
			got += line(r)
		}
		if err != nil || got != want {
			t.Errorf("%s: %s, %v", d, got, err)
		}
	}
	year, err := s.Year(t.Context(), revenue, 2025)
	if err != nil || line(year.Rows[1]) != "02-01T00{30 0}" || len(year.Rows) != 2 || !year.Open || year.Totals[0].N != 30 {
		t.Error(year, err)
	}
}

// STA-02, STA-03: the platform's figures are the sum of what departments show, so that the difference tells nobody's; each department sees its own.
func TestSTA02_ThePlatformIsTheSumOfWhatIsShown(t *testing.T) {
	t.Parallel()
	m, s := newService(t, "2025-03-02 12:00")
	m.happen(100, "2025-02-03 10:00", visit("efiling", "thaid"))
	m.happen(2, "2025-02-03 11:00", visit("benefits", "thaid"))
	m.happen(10, "2025-02-03 11:00", audit.Event{Kind: refused, Outcome: audit.Refusal, Provider: "thaid"}) // of no system that is known
	if _, err := s.Advance(t.Context()); err != nil {
		t.Fatal(err)
	}
	platform, err := s.By(t.Context(), Scope{Platform: true}, at("2025-02-14 09:00"), ByProvider)
	if err != nil || len(platform.Rows) != 1 || platform.Rows[0].Figures[0] != (Figure{110, 1}) || platform.Totals[0] != (Figure{110, 1}) {
		t.Error(platform, err)
	}
	all, err := s.By(t.Context(), Scope{Platform: true}, at("2025-02-14 09:00"), ByDepartment)
	if err != nil || fmt.Sprint(all.Rows, all.Rest) != "[{0001-01-01 00:00:00 +0000 UTC  [{10 0} {0 0} {0 0} {0 0}]} {0001-01-01 00:00:00 +0000 UTC revenue [{100 0} {0 0} {0 0} {0 0}]}] true" {
		t.Error(all.Rows, all.Rest, err)
	}
	social, err := s.By(t.Context(), Scope{Department: "social"}, at("2025-02-14 09:00"), ByProvider)
	if err != nil || len(social.Rows) != 0 || !social.Rest || !social.Totals[0].Hidden() {
		t.Error(social, err)
	}
	if _, err := s.Year(t.Context(), Scope{}, 2025); !errors.Is(err, hub.Invalid) {
		t.Error("a department without a name sees everything", err)
	}
}

// STA-03: what has not ended is no publication, whoever asks, and is shown so far to those only who may read the events.
func TestSTA03_WhatHasNotEndedIsNotPublished(t *testing.T) {
	t.Parallel()
	m, s := newService(t, "2025-02-10 12:00")
	m.happen(20, "2025-02-03 10:00", visit("efiling", "thaid"))
	m.happen(2, "2025-02-04 10:00", visit("efiling", "bank"))
	if _, err := s.Advance(t.Context()); err != nil {
		t.Fatal(err)
	}
	closed, open := Scope{Department: "revenue"}, Scope{Department: "revenue", SoFar: true}
	for _, ask := range []func(Scope) (Table, error){
		func(x Scope) (Table, error) { return s.Month(t.Context(), x, at("2025-02-10 12:00")) },
		func(x Scope) (Table, error) { return s.By(t.Context(), x, at("2025-02-10 12:00"), ByProvider) },
	} {
		if table, err := ask(closed); err != nil || len(table.Rows) != 0 || !table.Open {
			t.Error(table, err)
		}
		if table, err := ask(open); err != nil || table.Totals[0] != (Figure{20, 1}) || !table.Open {
			t.Error(table, err)
		}
	}
	// It has ended only when the log is known to be counted past its end.
	if year, err := s.Year(t.Context(), closed, 2025); err != nil || year.Totals[0] != (Figure{}) {
		t.Error(year, err)
	}
	m.through = at("2025-03-01 00:14")
	if table, err := s.Month(t.Context(), closed, at("2025-02-10 12:00")); err != nil || !table.Open {
		t.Error(table, err)
	}
	m.through = at("2025-03-01 00:15")
	if table, err := s.Month(t.Context(), closed, at("2025-02-10 12:00")); err != nil || table.Open || table.Totals[0].N != 22 {
		t.Error(table, err)
	}
}

// STA-04: what providers did in a month, by channel, exactly.
func TestSTA04_AccountsOfProviders(t *testing.T) {
	t.Parallel()
	m, s := newService(t, "2025-03-02 12:00")
	m.happen(4, "2025-02-03 10:00", audit.Event{Kind: asked, System: "efiling", Provider: "bank", Channel: "web"})
	m.happen(2, "2025-02-03 10:00", visit("efiling", "bank"))
	m.happen(1, "2025-02-03 10:00", audit.Event{Kind: refused, Outcome: audit.Refusal, Provider: "bank", Channel: "web"})
	m.happen(1, "2025-02-03 10:00", audit.Event{Kind: refused, Outcome: audit.Failure, Provider: "bank", Channel: "web"})
	m.happen(3, "2025-02-28 23:59", audit.Event{Kind: signed, System: "benefits", Provider: "thaid", Channel: "app"})
	m.happen(3, "2025-03-01 00:00", visit("efiling", "bank"))
	m.happen(3, "2025-02-01 00:00", audit.Event{Kind: "login.resumed", System: "efiling", Channel: "web"})
	if _, err := s.Advance(t.Context()); err != nil {
		t.Fatal(err)
	}
	got, err := s.Accounts(t.Context(), at("2025-02-14 09:00"))
	if err != nil || fmt.Sprint(got) != "[{bank web 4 2 1 1} {thaid app 0 3 0 0}]" {
		t.Error(got, err)
	}
	if r, err := s.Recent(t.Context(), Visits, at("2025-03-01 00:00")); err != nil || r[audit.Success] != 3 {
		t.Error(r, err)
	}
}

// A gap in the log is no reason to count on.
func TestAdvance_StopsAtAGapAndLeavesItToOthers(t *testing.T) {
	t.Parallel()
	m, s := newService(t, "2025-03-02 12:00")
	m.happen(2, "2025-02-03 10:00", visit("efiling", "bank"))
	m.stale = true
	if n, err := s.Advance(t.Context()); err != nil || n != 0 || m.counted != 0 {
		t.Error("another node is at it", n, err)
	}
	m.stale = false
	m.leaves[1].Index = 2
	if _, err := s.Advance(t.Context()); !errors.Is(err, hub.Internal) || m.counted != 0 {
		t.Error(err)
	}
	if _, err := New(Options{}); !errors.Is(err, hub.Invalid) {
		t.Error(err)
	}
}
