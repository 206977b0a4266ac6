package tenants

import "fmt"

// Fault is one thing that is wrong with an entry. It names fields and rules, never secret values.
type Fault struct {
	Path string // of the field, as the declarative form writes it: "oidc.redirectURIs[1]"
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
