package federation

import (
	"fmt"
	"strconv"
)

// Fault is one thing that is wrong with a trust record. It names fields and rules, never secret values.
type Fault struct {
	Path string // of the field, as the declarative form writes it: "oidc.scopes[1]"
	Rule string // requirement id or section of a specification, where one demands it; may be empty
	Text string // what is wrong and what would be right
}

// String gives path, text and rule on one line.
func (f Fault) String() string {
	s := f.Path + ": " + f.Text
	if f.Rule != "" {
		s += " (" + f.Rule + ")"
	}
	return s
}

// faults collects.
type faults []Fault

func (fs *faults) add(path, rule, format string, args ...any) {
	*fs = append(*fs, Fault{Path: path, Rule: rule, Text: fmt.Sprintf(format, args...)})
}

func index(path string, i int) string { return path + "[" + strconv.Itoa(i) + "]" }

// key writes a table's key into a path, cut to a length that a line bears.
func key(path, k string) string {
	const limit = 80
	if len(k) > limit {
		k = k[:limit]
	}
	return path + "[" + strconv.Quote(k) + "]"
}
