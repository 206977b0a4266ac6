package spelling

import "strings"

// Likeness tells how alike two texts are.
type Likeness string

// The likenesses.
const (
	Same      Likeness = "same"      // of one form
	Similar   Likeness = "similar"   // a slip of the pen apart, or one known less exactly than the other
	Different Likeness = "different" //
	Missing   Likeness = "missing"   // at least one side says nothing
)

// CompareNames tells how alike two names are.
func CompareNames(a, b string) Likeness {
	x, y := []rune(Name(a)), []rune(Name(b))
	switch most := 1; {
	case len(x) == 0 || len(y) == 0:
		return Missing
	case string(x) == string(y):
		return Same
	default:
		if min(len(x), len(y)) > 6 {
			most = 2
		}
		if min(len(x), len(y)) > 2 && distance(x, y, most) <= most {
			return Similar
		}
		return Different
	}
}

// CompareDates tells how alike two dates are: similar where one says less than the other and nothing else, or where day and month are swapped.
func CompareDates(a, b string) Likeness {
	x, okX := Date(a)
	y, okY := Date(b)
	switch {
	case !okX || !okY:
		return Missing
	case x == y:
		return Same
	case strings.HasPrefix(x, y) || strings.HasPrefix(y, x):
		return Similar
	case len(x) == 10 && len(y) == 10 && x[:4] == y[:4] && x[5:7] == y[8:] && x[8:] == y[5:7]:
		return Similar
	}
	return Different
}

// Compare tells how alike two other texts are: numbers, addresses, words.
func Compare(a, b string) Likeness {
	x, y := Name(a), Name(b)
	switch {
	case x == "" || y == "":
		return Missing
	case x == y:
		return Same
	}
	return Different
}

// distance gives the edit distance with swaps of neighbours (optimal string alignment), or more than most where it is more.
func distance(a, b []rune, most int) int {
	if d := len(a) - len(b); d > most || -d > most {
		return most + 1
	}
	before, last, now := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := range a {
		now[0] = i + 1
		for j := range b {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			now[j+1] = min(last[j]+cost, last[j+1]+1, now[j]+1)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				now[j+1] = min(now[j+1], before[j-1]+1)
			}
		}
		before, last, now = last, now, before
	}
	return last[len(b)]
}
