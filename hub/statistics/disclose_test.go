package statistics

import (
	"fmt"
	"testing"
)

// vectors gives every list of n figures whose sum is no more than a bound: of every total that is shown, all there are.
func vectors(n int, most int64) [][]int64 {
	if n == 0 {
		return [][]int64{nil}
	}
	var all [][]int64
	for x := range most + 1 {
		for _, v := range vectors(n-1, most-x) {
			all = append(all, append([]int64{x}, v...))
		}
	}
	return all
}

// attack groups figures by the picture that is shown of them, and gives a small one that can be told from its picture, "" for none.
func attack(all [][]int64, show func([]int64) string) string {
	classes := map[string][][]int64{}
	for _, v := range all {
		p := show(v)
		classes[p] = append(classes[p], v)
	}
	for p, class := range classes {
		for i := range class[0] {
			seen := map[int64]bool{}
			for _, v := range class {
				seen[v[i]] = true
			}
			if len(seen) == 1 && small(class[0][i]) {
				return fmt.Sprintf("part %d of %q can only be %d", i, p, class[0][i])
			}
		}
	}
	return ""
}

// STA-03: who sees a total with its parts, and knows the rule, can tell no small part. Every list of up to five parts is tried.
func TestSTA03_NoPictureTellsASmallPart(t *testing.T) {
	t.Parallel()
	for n := 1; n <= 5; n++ {
		told := attack(vectors(n, 17), func(v []int64) string {
			total := shown(sum(v))
			return fmt.Sprint(total, parts(total, v))
		})
		if told != "" {
			t.Errorf("%d parts: %s", n, told)
		}
	}
}

// STA-03: the same for a month with its days and the hours of them, which are parts of parts.
func TestSTA03_NoPictureOfPartsOfPartsTellsASmallOne(t *testing.T) {
	t.Parallel()
	two := func(v []int64) string {
		days := []int64{v[0] + v[1], v[2] + v[3]}
		month := shown(sum(days))
		ofMonth := parts(month, days)
		return fmt.Sprint(month, ofMonth, parts(ofMonth[0], v[:2]), parts(ofMonth[1], v[2:]))
	}
	if told := attack(vectors(4, 22), two); told != "" {
		t.Error(told)
	}
	three := func(v []int64) string {
		days := []int64{v[0] + v[1], v[2], v[3], v[4] + v[5]}
		month := shown(sum(days))
		d := parts(month, days)
		return fmt.Sprint(month, d, parts(d[0], v[:2]), parts(d[1], v[2:3]), parts(d[2], v[3:4]), parts(d[3], v[4:]))
	}
	if told := attack(vectors(6, 13), three); told != "" {
		t.Error(told)
	}
}

// The attack is one: what only hides small figures falls to it, and so does what picks one of two equal ones by where it stands.
func TestTheAttackFindsWeakRules(t *testing.T) {
	t.Parallel()
	alone := func(v []int64) string {
		out := fmt.Sprint(sum(v))
		for _, n := range v {
			out += fmt.Sprint(shown(n))
		}
		return out
	}
	if attack(vectors(3, 15), alone) == "" {
		t.Error("a rule without a second figure is not broken")
	}
	first := func(v []int64) string {
		hidden := withhold(v)
		small, next := 0, -1
		for i, n := range v {
			if n > 0 && n < Least {
				small++
			} else if hidden[i] && n > 0 && next < 0 {
				next = i
			}
		}
		out := fmt.Sprint(sum(v))
		for i, n := range v {
			if small > 0 && (n > 0 && n < Least || i == next) {
				out += " -"
			} else {
				out += fmt.Sprint(" ", n)
			}
		}
		return out
	}
	if attack(vectors(3, 15), first) == "" {
		t.Error("a rule that goes by places is not broken")
	}
}

func TestSTA03_WhatIsWithheld(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		parts []int64
		want  string
	}{
		"nothing small":             {[]int64{5, 0, 100}, "[{5 0} {0 0} {100 0}]"},
		"one small":                 {[]int64{3, 0, 100, 20}, "[{0 1} {0 0} {100 0} {0 1}]"},
		"two small":                 {[]int64{3, 4, 100, 20}, "[{0 1} {0 1} {100 0} {0 1}]"},
		"equals go together":        {[]int64{3, 20, 20, 30}, "[{0 1} {0 1} {0 1} {30 0}]"},
		"all small":                 {[]int64{1, 1, 1, 1, 1, 0}, "[{0 1} {0 1} {0 1} {0 1} {0 1} {0 1}]"},
		"a total that is too small": {[]int64{1, 0}, "[{0 1} {0 1}]"},
		"nothing at all":            {[]int64{0, 0}, "[{0 0} {0 0}]"},
	} {
		if got := fmt.Sprint(parts(shown(sum(c.parts)), c.parts)); got != c.want {
			t.Errorf("%s: %s", name, got)
		}
	}
}
