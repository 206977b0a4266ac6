package authz_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"onedoor/authz"
)

// RAZ-05: what is told of when an item opens is so, also where clocks are put forward and back: held against a clock on the wall, minute by minute.
func TestRAZ05_HoursWhereClocksChange(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(8, 2026))
	changes := map[string][]time.Time{ // instants at or near which clocks change
		"America/New_York":    {time.Date(2026, 3, 8, 7, 0, 0, 0, time.UTC), time.Date(2026, 11, 1, 6, 0, 0, 0, time.UTC)},
		"Australia/Lord_Howe": {time.Date(2026, 4, 4, 15, 0, 0, 0, time.UTC), time.Date(2026, 10, 3, 15, 30, 0, 0, time.UTC)},
		"Africa/Cairo":        {time.Date(2026, 4, 23, 22, 0, 0, 0, time.UTC)}, // at midnight
		"Asia/Bangkok":        {time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)},
	}
	later := 0
	for zone, all := range changes {
		place, err := time.LoadLocation(zone)
		if err != nil {
			t.Fatal(err)
		}
		for range 60 {
			from := r.IntN(6*30) * 2 // most of it in the small hours, where clocks change
			h := authz.Hours{Zone: zone, Windows: []authz.Window{{Days: authz.Days(1 + r.IntN(127)), From: from, To: min(from+5+r.IntN(90), 1440)}}}
			open := func(at time.Time) bool {
				wall := at.In(place)
				minute := wall.Hour()*60 + wall.Minute()
				return h.Windows[0].Days.Has(wall.Weekday()) && minute >= h.Windows[0].From && minute < h.Windows[0].To
			}
			at := all[r.IntN(len(all))].Add(time.Duration(r.IntN(300)-150) * time.Minute)
			is, next := h.Open(at)
			if is != open(at) {
				t.Fatalf("%v at %v: %v", h, at, is)
			}
			if is {
				continue
			}
			want := at.Add(time.Minute)
			for !open(want) && want.Sub(at) < 8*24*time.Hour {
				want = want.Add(time.Minute)
			}
			if open(want) {
				if later++; !next.Equal(want) {
					t.Errorf("%v at %v: opens %v, and not %v", h, at.In(place), want.In(place), next)
				}
			}
		}
	}
	if later < 50 {
		t.Errorf("%d compared", later)
	}
}
