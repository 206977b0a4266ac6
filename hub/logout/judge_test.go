package logout

import (
	"context"
	"testing"
	"time"

	"onedoor/hub"
	"onedoor/hub/jobs"
)

// Every outcome has one meaning: what is confirmed, refused for good or too late is final, everything else is tried again.
func TestI9_JudgeDecidesWhatIsFinal(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	next := at.Add(time.Minute)
	for _, c := range []struct {
		name          string
		state         State
		tries         int
		until         time.Duration
		err           error
		untried       bool
		want          State
		tried         bool
		reason        string
		wantNextAfter time.Duration
	}{
		{name: "confirmed", state: Open, until: time.Hour, want: Confirmed, tried: true},
		{name: "down", state: Open, until: time.Hour, err: hub.Errorf("t", hub.Unavailable, "x"), want: Retrying, tried: true, reason: "unavailable", wantNextAfter: time.Minute},
		{name: "no answer", state: Retrying, until: time.Hour, err: context.DeadlineExceeded, want: Retrying, tried: true, reason: "timeout", wantNextAfter: time.Minute},
		{name: "one last try at the end", state: Retrying, until: 30 * time.Second, err: hub.Errorf("t", hub.Unavailable, "x"), want: Retrying, tried: true, reason: "unavailable", wantNextAfter: 30 * time.Second},
		{name: "too late", state: Retrying, err: hub.Errorf("t", hub.Unavailable, "x"), want: Failed, tried: true, reason: "unavailable"},
		{name: "refused", state: Open, until: time.Hour, err: hub.Errorf("t", hub.Refused, "x"), want: Failed, tried: true, reason: "refused"},
		{name: "invalid", state: Open, until: time.Hour, err: hub.Errorf("t", hub.Invalid, "x"), want: Failed, tried: true, reason: "invalid"},
		{name: "gone", state: Open, until: time.Hour, err: hub.Errorf("t", hub.NotFound, "x"), want: Failed, tried: true, reason: "not_found"},
		{name: "no way", state: Open, until: time.Hour, err: errNoWay, want: Unreachable, reason: noWay},
		{name: "given back", state: Retrying, until: time.Hour, untried: true, want: Retrying, wantNextAfter: time.Minute},
		{name: "put off too long", state: Retrying, untried: true, want: Failed},
		{name: "nobody came", state: Visiting, err: hub.Errorf("t", hub.NotFound, "x"), want: Unreachable, reason: "nobody_came"},
		{name: "set out", state: Visiting, tries: 1, err: hub.Errorf("t", hub.NotFound, "x"), want: Visited},
	} {
		out := jobs.Outcome[work]{Work: work{Notice: Notice{State: c.state, Tries: c.tries, Until: at.Add(c.until)}}, Err: c.err, At: at, NextAt: next, Untried: c.untried}
		got := judge(out)
		if got.State != c.want || got.Tried != c.tried || got.Reason != c.reason || got.State.Final() == got.DoneAt.IsZero() {
			t.Errorf("%s: %+v", c.name, got)
		}
		if c.wantNextAfter != 0 && !got.NextAt.Equal(at.Add(c.wantNextAfter)) {
			t.Errorf("%s: next at %v", c.name, got.NextAt)
		}
	}
}
