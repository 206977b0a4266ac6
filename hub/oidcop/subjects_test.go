package oidcop

import (
	"strings"
	"testing"

	"onedoor/hub"
)

// Invariant 3: what is remembered of one sector, or of one person, is never told to or of another, whatever falls on the same place.
func TestInvariant3_RememberedSubjectsAreTheirOwn(t *testing.T) {
	t.Parallel()
	s := newSubjects()
	made := 0
	ask := func(sector, account string) string {
		return string(s.append([]byte("x"), sector, hub.AccountID(account), func(to []byte) []byte {
			made++
			return append(to, (account + "|" + sector + strings.Repeat(".", subjectSize))[:subjectSize]...)
		}))[1:]
	}
	ids := make([]string, 500)
	for i := range ids {
		ids[i] = strings.Repeat("a", accountSize-3) + string([]byte{'a' + byte(i%26), 'a' + byte(i/26%26), 'a' + byte(i/676)})
	}
	for range 2 {
		for _, id := range ids {
			for _, sector := range []string{"tax.example", "land.example"} {
				if got := ask(sector, id); !strings.HasPrefix(got, id+"|"+sector) {
					t.Fatalf("%s at %s: %q", id, sector, got)
				}
			}
		}
	}
	before := made
	if ask("land.example", ids[499]); made != before {
		t.Error("nothing is remembered")
	}
	if got := ask("tax.example", "odd"); !strings.HasPrefix(got, "odd|tax.example") || made != before+1 {
		t.Errorf("an id of another form: %q", got)
	}
}
