package session_test

import (
	"testing"
	"time"

	"onedoor/hub/session"
)

func TestSES10_FreshAtItsEdges(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	for age, want := range map[time.Duration]bool{
		0: true, session.FreshFor: true, session.FreshFor + 1: false, 24 * time.Hour: false, -time.Second: true, -session.FreshFor - 1: false,
	} {
		if session.Fresh(now.Add(-age), now) != want {
			t.Errorf("%s old: want %t", age, want)
		}
	}
	if session.Fresh(time.Time{}, now) {
		t.Error("no sign-in at all is fresh")
	}
}
