package session_test

import (
	"testing"
	"time"

	"onedoor/hub"
	"onedoor/hub/session"
)

// SES-07, SES-08, SES-09: one tick before each limit the session serves, at the limit it does not.
func TestSES07to09_LimitsAtBothEdges(t *testing.T) {
	t.Parallel()
	const tick = time.Microsecond
	day := 24 * time.Hour
	for _, c := range []struct {
		name      string
		required  hub.AAL
		age, idle time.Duration
		want      session.EndReason
	}{
		{"AAL1 before 30 days, idle all the time", hub.AAL1, 30*day - tick, 30*day - tick, ""},
		{"AAL1 at 30 days", hub.AAL1, 30 * day, 0, session.EndedByAge},
		{"AAL1 after 30 days", hub.AAL1, 30*day + time.Second, 0, session.EndedByAge},
		{"no level counts as AAL1", hub.AALNone, 30*day - tick, 30*day - tick, ""},
		{"no level counts as AAL1, over", hub.AALNone, 30 * day, 0, session.EndedByAge},
		{"AAL2.1 before 12 h", hub.AAL21, 12*time.Hour - tick, 0, ""},
		{"AAL2.1 at 12 h", hub.AAL21, 12 * time.Hour, 0, session.EndedByAge},
		{"AAL2.1 before 30 min idle", hub.AAL21, time.Hour, 30*time.Minute - tick, ""},
		{"AAL2.1 at 30 min idle", hub.AAL21, time.Hour, 30 * time.Minute, session.EndedByIdle},
		{"AAL2.2 before 12 h", hub.AAL22, 12*time.Hour - tick, 0, ""},
		{"AAL2.2 at 12 h", hub.AAL22, 12 * time.Hour, 0, session.EndedByAge},
		{"AAL2.2 before 30 min idle", hub.AAL22, time.Hour, 30*time.Minute - tick, ""},
		{"AAL2.2 at 30 min idle", hub.AAL22, time.Hour, 30 * time.Minute, session.EndedByIdle},
		{"AAL3 before 12 h", hub.AAL3, 12*time.Hour - tick, 0, ""},
		{"AAL3 at 12 h", hub.AAL3, 12 * time.Hour, 0, session.EndedByAge},
		{"AAL3 before 15 min idle", hub.AAL3, time.Hour, 15*time.Minute - tick, ""},
		{"AAL3 at 15 min idle", hub.AAL3, time.Hour, 15 * time.Minute, session.EndedByIdle},
		{"a level above all is as strict as AAL3", hub.AAL3 + 1, time.Hour, 15 * time.Minute, session.EndedByIdle},
	} {
		now := time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)
		got, lapsed := session.Lapsed(c.required, now.Add(-c.age), now.Add(-c.idle), now)
		if got != c.want || lapsed != (c.want != "") {
			t.Errorf("%s: got %q, %v", c.name, got, lapsed)
		}
	}
}

// Reading 6: the level that counts is the one that the service requires.
func TestReading6_SessionPastAAL3IdleStillServesAAL2(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)
	s := session.Session{
		Level: hub.Level{IAL: hub.IAL3, AAL: hub.AAL3}, StartedAt: now.Add(-time.Hour), AuthTime: now.Add(-time.Hour),
		LastActivity: now.Add(-20 * time.Minute),
	}
	for _, c := range []struct {
		required hub.Level
		want     bool
	}{
		{hub.Level{IAL: hub.IAL21, AAL: hub.AAL3}, false},
		{hub.Level{IAL: hub.IAL21, AAL: hub.AAL22}, true},
		{hub.Level{IAL: hub.IAL3, AAL: hub.AAL1}, true},
	} {
		if got := s.Serves(c.required, now); got != c.want {
			t.Errorf("%v: got %v", c.required, got)
		}
	}
	if why, lapsed := s.LapsedAtOwnLevel(now); !lapsed || why != session.EndedByIdle {
		t.Errorf("at its own level: %q, %v", why, lapsed)
	}
}

func TestServes_OnlyWhatLivesAndReachesBothLevels(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)
	good := session.Session{
		Level: hub.Level{IAL: hub.IAL23, AAL: hub.AAL21}, StartedAt: now, AuthTime: now, LastActivity: now,
	}
	want := hub.Level{IAL: hub.IAL23, AAL: hub.AAL21}
	for name, c := range map[string]struct {
		change func(*session.Session)
		want   bool
	}{
		"as it is":                  {func(*session.Session) {}, true},
		"IAL below":                 {func(s *session.Session) { s.Level.IAL = hub.IAL22 }, false},
		"AAL below, IAL above":      {func(s *session.Session) { s.Level = hub.Level{IAL: hub.IAL3, AAL: hub.AAL1} }, false},
		"ended":                     {func(s *session.Session) { s.EndedAt = now }, false},
		"started 30 days ago":       {func(s *session.Session) { s.StartedAt = now.Add(-session.Longest) }, false},
		"just within 30 days":       {func(s *session.Session) { s.StartedAt = now.Add(time.Microsecond - session.Longest) }, true},
		"authentication too old":    {func(s *session.Session) { s.AuthTime = now.Add(-12 * time.Hour) }, false},
		"last activity too old":     {func(s *session.Session) { s.LastActivity = now.Add(-30 * time.Minute) }, false},
		"last activity just enough": {func(s *session.Session) { s.LastActivity = now.Add(time.Microsecond - 30*time.Minute) }, true},
	} {
		s := good
		c.change(&s)
		if got := s.Serves(want, now); got != c.want {
			t.Errorf("%s: got %v", name, got)
		}
	}
}
