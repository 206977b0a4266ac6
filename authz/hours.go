package authz

import (
	"strings"
	"time"
	_ "time/tzdata" // zones are known wherever the program runs

	"onedoor/hub"
)

// Hours are when an item is open. No windows: at any time.
type Hours struct {
	Zone    string // of the IANA database: "Asia/Bangkok"
	Windows []Window
}

// Window is a span of some days of the week, in minutes since midnight, the end not included. A night takes two.
type Window struct {
	Days     Days
	From, To int
}

// Days is a set of days of the week: the bit of time.Weekday.
type Days uint8

var dayNames = [...]string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}

// EveryDay is the whole week.
const EveryDay Days = 1<<7 - 1

// Has reports whether a day is in the set.
func (d Days) Has(day time.Weekday) bool { return d&(1<<day) != 0 }

// String gives "mon,tue", Sunday last.
func (d Days) String() string {
	var all []string
	for i := range 7 {
		if day := time.Weekday((i + 1) % 7); d.Has(day) {
			all = append(all, dayNames[day])
		}
	}
	return strings.Join(all, ",")
}

// ParseDay reads "mon". Invalid.
func ParseDay(s string) (Days, error) {
	for i, name := range dayNames {
		if s == name {
			return 1 << i, nil
		}
	}
	return 0, hub.Errorf("authz.ParseDay", hub.Invalid, "must be a day of the week: mon, tue, wed, thu, fri, sat or sun")
}

// Open reports whether the hours are open at an instant, and if not, when they open next, within eight days; the zero time where they
// do not. False for a zone that is unknown (invariant 8).
func (h Hours) Open(at time.Time) (open bool, next time.Time) {
	if len(h.Windows) == 0 {
		return h.Zone == "", time.Time{}
	}
	zone, err := loadZone(h.Zone)
	if err != nil {
		return false, time.Time{}
	}
	return openIn(h.Windows, zone, at)
}

func loadZone(name string) (*time.Location, error) {
	if name == "" || name == "Local" { // neither says where
		return nil, hub.Errorf("authz.loadZone", hub.Invalid, "no time zone")
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return nil, hub.E("authz.loadZone", hub.Invalid, err)
	}
	return zone, nil
}

func openIn(windows []Window, zone *time.Location, at time.Time) (bool, time.Time) {
	at = at.In(zone)
	if inWindows(windows, at) {
		return true, time.Time{}
	}
	var next time.Time
	offer := func(t time.Time) {
		if t.After(at) && (next.IsZero() || t.Before(next)) && inWindows(windows, t) {
			next = t
		}
	}
	// Where clocks are put forward over the beginning of a window, it opens when they are.
	last := at.AddDate(0, 0, 9)
	for t := at; ; {
		_, end := t.ZoneBounds()
		if end.IsZero() || end.After(last) {
			break
		}
		offer(end)
		t = end
	}
	for ahead := range 9 {
		day := at.AddDate(0, 0, ahead)
		for _, w := range windows {
			// A day on which clocks are put back has the time twice.
			wall := time.Date(day.Year(), day.Month(), day.Day(), w.From/60, w.From%60, 0, 0, time.UTC)
			for _, near := range []time.Time{wall.AddDate(0, 0, -1), wall.AddDate(0, 0, 1)} {
				_, offset := near.In(zone).Zone()
				offer(wall.Add(-time.Duration(offset) * time.Second).In(zone))
			}
		}
	}
	return false, next
}

// inWindows reports whether a clock on the wall is in one of the windows.
func inWindows(windows []Window, at time.Time) bool {
	minute, day := at.Hour()*60+at.Minute(), at.Weekday()
	for _, w := range windows {
		if w.Days.Has(day) && minute >= w.From && minute < w.To {
			return true
		}
	}
	return false
}

// Timetable is Hours made ready: no look-up of a zone, nothing allocated.
type Timetable struct {
	windows []Window
	zone    *time.Location
}

// Compile makes hours ready. Invalid for a zone that is unknown.
func (h Hours) Compile() (Timetable, error) {
	if len(h.Windows) == 0 && h.Zone == "" {
		return Timetable{}, nil
	}
	zone, err := loadZone(h.Zone)
	if err != nil || len(h.Windows) == 0 {
		return Timetable{}, hub.E("authz.Hours.Compile", hub.Invalid, err)
	}
	return Timetable{windows: h.Windows, zone: zone}, nil
}

// Open is Hours.Open.
func (t Timetable) Open(at time.Time) (bool, time.Time) {
	if len(t.windows) == 0 {
		return true, time.Time{}
	}
	return openIn(t.windows, t.zone, at)
}
