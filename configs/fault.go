package configs

import (
	"slices"
	"strconv"
	"strings"
)

// Fault is one thing that is wrong in what the operator wrote. It holds no secret value.
type Fault struct {
	File string // as given; "environment" for a variable; may be empty
	Line int    // from 1; 0 where there is none
	Path string // "tls.keyFile"; may be empty
	Text string // what is wrong and what would be right
	Rule string // requirement id or section of a specification; may be empty
}

// String gives "file:line: path: text (rule)".
func (f Fault) String() string {
	var b strings.Builder
	if f.File != "" {
		b.WriteString(f.File)
		if f.Line > 0 {
			b.WriteByte(':')
			b.WriteString(strconv.Itoa(f.Line))
		}
		b.WriteString(": ")
	}
	if f.Path != "" {
		b.WriteString(f.Path)
		b.WriteString(": ")
	}
	b.WriteString(f.Text)
	if f.Rule != "" {
		b.WriteString(" (")
		b.WriteString(f.Rule)
		b.WriteByte(')')
	}
	return b.String()
}

// Faults are all faults that were found. As an error they print one a line.
type Faults []Fault

// Error lists the faults, one a line.
func (fs Faults) Error() string {
	lines := make([]string, len(fs))
	for i, f := range fs {
		lines[i] = f.String()
	}
	return strings.Join(lines, "\n")
}

// err gives the faults in the order of files and lines, nil where there are none.
func (fs Faults) err() error {
	if len(fs) == 0 {
		return nil
	}
	slices.SortStableFunc(fs, func(a, b Fault) int {
		if c := strings.Compare(a.File, b.File); c != 0 {
			return c
		}
		return a.Line - b.Line
	})
	return fs
}
