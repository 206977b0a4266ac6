// Package matching decides what a record that fits a person is worth: whether it is theirs beyond doubt, whether somebody must look, or whether
// nobody can tell.
//
// # What it holds to
//
// Only one record, and only one that agrees in three things that go wrong independently of each other, is somebody's without a look: the number of
// the state, the birth date and the given name. A clerk's slip in one of the three never leads to somebody else's record: the number of a stranger
// comes with another birth date and name, that of a twin with another given name. The family name is not among them: people marry, and
// the records that they left behind under the old name are theirs.
//
// It compares forms of names (binding/spelling), in the same script only: what one script says of the other is for people to judge. Latin spellings
// of one Thai name differ so much that they are compared by what is left when the habits of transcription are taken away. It owns no data.
package matching

import (
	"strings"

	"onedoor/binding/spelling"
)

// Agreement tells whether a fact of the person is the record's.
type Agreement int8

// The agreements.
const (
	Unknown Agreement = iota // one side does not say
	Agrees
	Differs
)

// Fit is how one record compares with a person.
type Fit struct {
	Number Agreement // of the state
	Given  Agreement
	Family Agreement
	Birth  Agreement
}

// Sure reports whether the record is the person's beyond doubt, if it is the only one that fits.
func (f Fit) Sure() bool { return f.Number == Agrees && f.Birth == Agrees && f.Given == Agrees }

// Verdict is what several fits are worth together.
type Verdict string

// The verdicts.
const (
	One     Verdict = "one"     // this one, beyond doubt
	Look    Verdict = "look"    // this one, if somebody who looks finds so
	Several Verdict = "several" // nobody can tell which
	None    Verdict = "none"
)

// Judge decides about the records that were found for a person, and gives the place of the one that it speaks of. What has another number of the state is
// somebody else's, however alike the rest is: twins are. Among many records somebody's mistyped number is another person's: beside one record that
// is sure, one with the same number, another given name and another birth date is not the person's either.
func Judge(fits []Fit) (Verdict, int) {
	at, found, sure, strange := -1, 0, 0, 0
	for i, f := range fits {
		switch {
		case f.Number == Differs:
			continue
		case f.Sure():
			at = i
			sure++
		case f.Given == Differs && f.Birth == Differs:
			strange++
		}
		if found++; sure == 0 {
			at = i
		}
	}
	switch {
	case found == 0:
		return None, -1
	case sure == 1 && found == 1+strange:
		return One, at
	case found > 1:
		return Several, -1
	}
	return Look, at
}

// Facts are what a person showed, or what a record says.
type Facts struct {
	Number            string // of the state; "" for unknown
	Given, Family     string // in Thai
	GivenEN, FamilyEN string // in Latin script
	Birth             string // as spelling.Date reads it
}

// Compare tells how a record compares with a person. Names agree where they do in one script that both have; given and family name that stand in each
// other's place agree, if both do.
func Compare(person, record Facts) Fit {
	f := Fit{Number: exactly(person.Number, record.Number), Birth: dates(person.Birth, record.Birth)}
	thai := names(person.Given, person.Family, record.Given, record.Family, spelling.Name)
	latin := names(person.GivenEN, person.FamilyEN, record.GivenEN, record.FamilyEN, Skeleton)
	f.Given, f.Family = either(thai[0], latin[0]), either(thai[1], latin[1])
	return f
}

func exactly(a, b string) Agreement {
	switch {
	case a == "" || b == "":
		return Unknown
	case a == b:
		return Agrees
	}
	return Differs
}

func dates(a, b string) Agreement {
	switch spelling.CompareDates(a, b) {
	case spelling.Same:
		return Agrees
	case spelling.Missing:
		return Unknown
	case spelling.Similar: // one knows less than the other: not enough to be sure, and no contradiction
		return Unknown
	}
	return Differs
}

// names compares given and family name in one script.
func names(given, family, recordGiven, recordFamily string, form func(string) string) [2]Agreement {
	g, f, rg, rf := form(given), form(family), form(recordGiven), form(recordFamily)
	out := [2]Agreement{exactly(g, rg), exactly(f, rf)}
	if out[0] == Differs && out[1] == Differs && g == rf && f == rg {
		return [2]Agreement{Agrees, Agrees}
	}
	return out
}

// either takes what one script says; a script that agrees is enough.
func either(a, b Agreement) Agreement {
	switch {
	case a == Agrees || b == Agrees:
		return Agrees
	case a == Differs || b == Differs:
		return Differs
	}
	return Unknown
}

// habits are ways of writing the same Thai sound in Latin letters, the longer first. What is on the left is written as what is on the right.
var habits = strings.NewReplacer(
	"kh", "k", "ph", "p", "th", "t", "bh", "p", "dh", "t", "gh", "k", "ch", "j", "sh", "s", "dj", "j", "tj", "j", "ng", "n", "ck", "k",
	"aa", "a", "ee", "i", "ii", "i", "oo", "u", "ou", "u", "uu", "u", "ae", "e", "oe", "e", "ue", "u", "ay", "ai", "ey", "ai", "ei", "ai", "oi", "oi", "oy", "oi",
	"aw", "o", "au", "o",
	"y", "i", "v", "w", "c", "k", "g", "k", "q", "k", "x", "s", "z", "s", "b", "p", "d", "t", "r", "l",
)

// Skeleton gives what is left of a name in Latin script when the habits of transcription are taken away: letters that are written for each other, and
// doubled ones.
func Skeleton(name string) string {
	s := habits.Replace(spelling.Name(name))
	var b strings.Builder
	b.Grow(len(s))
	last := rune(0)
	for _, r := range s {
		if r != last {
			b.WriteRune(r)
		}
		last = r
	}
	return b.String()
}
