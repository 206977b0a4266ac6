package main

import (
	"strings"
	"testing"
)

// LIF-01: what an operator may order, and what is refused before anything is touched. That an order reaches every node is shown in app.
func TestLIF01_AccountCommands(t *testing.T) {
	t.Parallel()
	d := newDesk(t, "")
	d.good("migrate", "--config", "@onedoor.yaml")
	const nobody = "aaaaaaaaaaaaaaaaaaaaaaaaaa"
	for _, c := range []struct {
		args string
		code int
		want string
	}{
		{"account", exitUsage, "needs one of its commands"},
		{"account suspend --config @onedoor.yaml " + nobody, exitUsage, "reason"},
		{"account suspend --config @onedoor.yaml --reason review", exitUsage, "accepts 1 arg"},
		{"account suspend --config @onedoor.yaml --reason deceased " + nobody, exitFailure, "a reason that does not lead there"},
		{"account suspend --config @onedoor.yaml --reason review " + nobody, exitFailure, "not_found"},
		{"account suspend --config @onedoor.yaml --reason review 1101700230708", exitFailure, "26 letters and digits"},
		{"account lost --config @onedoor.yaml --as Somchai " + nobody, exitFailure, "named by an id"},
		{"account lost --config @onedoor.yaml " + nobody, exitFailure, "not_found"},
		{"account resume --config @onedoor.yaml --reason cleared " + nobody, exitFailure, "not_found"},
		{"account terminate --config @onedoor.yaml --reason fraud " + nobody, exitFailure, "not_found"},
		{"account show --config @onedoor.yaml " + nobody, exitFailure, "not_found"},
	} {
		code, out, problem := d.run(strings.Fields(c.args)...)
		if code != c.code || !strings.Contains(problem, c.want) {
			t.Errorf("%s: code %d, want %d with %q\n%s%s", c.args, code, c.code, c.want, out, problem)
		}
		if strings.Contains(problem, "1101700230708") {
			t.Errorf("%s: the number is repeated: %s", c.args, problem)
		}
	}
}
