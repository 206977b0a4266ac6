package statistics

// Least is the smallest figure above zero that is shown (STA-03).
const Least = 5

// small reports whether a figure could tell of somebody.
func small(n int64) bool { return n > 0 && n < Least }

// withhold decides which parts of a total that is shown are not shown. Where one is small, all small ones are withheld, and the smallest of the
// others with them, all of that size: the difference to the total is then the sum of at least two figures and never small, and it is not to be
// told which of them is which, because the rule takes no part for what it is called or where it stands. Where there are no others, all is
// withheld, zeros too: who knows that five figures above zero make five knows each.
//
// The exhaustive test beside this tries every picture against who knows the rule.
func withhold(parts []int64) []bool {
	hidden := make([]bool, len(parts))
	any, next := false, int64(0)
	for i, n := range parts {
		switch {
		case small(n):
			hidden[i], any = true, true
		case n > 0 && (next == 0 || n < next):
			next = n
		}
	}
	for i, n := range parts {
		hidden[i] = hidden[i] || any && n == next || any && next == 0
	}
	return hidden
}

// Figure is a number as it is shown.
type Figure struct {
	N int64
	// Withheld counts the figures that are left out of N: of one, itself; of a sum, its parts.
	Withheld int
}

// Hidden reports whether there is nothing to show of it.
func (f Figure) Hidden() bool { return f.N == 0 && f.Withheld > 0 }

// plus adds figures as they are shown.
func (f Figure) plus(g Figure) Figure { return Figure{f.N + g.N, f.Withheld + g.Withheld} }

// shown gives a figure that is part of no total that is shown.
func shown(n int64) Figure {
	if small(n) {
		return Figure{Withheld: 1}
	}
	return Figure{N: n}
}

// parts gives the parts of a total as they are shown. Of a total that is not shown, none is.
func parts(total Figure, of []int64) []Figure {
	out := make([]Figure, len(of))
	hidden := withhold(of)
	for i, n := range of {
		if total.Withheld > 0 || hidden[i] {
			out[i] = Figure{Withheld: 1}
		} else {
			out[i] = Figure{N: n}
		}
	}
	return out
}
