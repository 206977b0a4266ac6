package authz_test

import (
	"fmt"
	"testing"
	"time"

	"onedoor/authz"
	"onedoor/hub"
)

func TestDifferences(t *testing.T) {
	t.Parallel()
	was := authz.Item{ID: "x", Category: "a", Actions: []authz.Action{"query"}, Demands: authz.Demands{MaxAge: time.Minute, Person: authz.OptIn, Binding: authz.Binding{Demanded: true}}}
	is := was
	is.Names, is.Actions = hub.Text{"en": "X"}, []authz.Action{"query", "file"}
	is.Demands = authz.Demands{Hours: authz.Hours{Zone: "Asia/Bangkok", Windows: []authz.Window{{Days: 0b11, From: 0, To: 1440}}}, Exclusive: true}
	want := "[{actions query query, file} {demands.binding * } {demands.exclusive  yes} {demands.hours  Asia/Bangkok mon,sun 00:00-24:00}" +
		" {demands.maxAge 1m0s } {demands.person opt_in } {names.en  X}]"
	if got := fmt.Sprint(authz.Differences(was, is)); got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
	if got := authz.Differences(is, is); len(got) != 0 {
		t.Error(got)
	}
}

func TestParseClock(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{"00:00": 0, "08:30": 510, "24:00": 1440} {
		if got, ok := authz.ParseClock(text); !ok || got != want || authz.Clock(got) != text {
			t.Error(text, got, ok)
		}
	}
	for _, bad := range []string{"", "8:30", "24:01", "08:60", "+8:30", "08:3a", "٠٨:٣٠", "0830 "} {
		if got, ok := authz.ParseClock(bad); ok {
			t.Error(bad, got)
		}
	}
}
