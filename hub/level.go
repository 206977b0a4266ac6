package hub

import (
	"fmt"
	"strings"
)

// IAL is an identity assurance level of the Thai standards, in canonical order (DGS 1-2:2564, ETDA).
// The zero value means "none stated" and is below every level.
type IAL uint8

// The identity assurance levels.
const (
	IALNone IAL = iota
	IAL11
	IAL12
	IAL13
	IAL21
	IAL22
	IAL23
	IAL3
)

var ialText = [...]string{"", "1.1", "1.2", "1.3", "2.1", "2.2", "2.3", "3"}

// AAL is an authenticator assurance level, in canonical order. The zero value means "none stated".
type AAL uint8

// The authenticator assurance levels.
const (
	AALNone AAL = iota
	AAL1
	AAL21
	AAL22
	AAL3
)

var aalText = [...]string{"", "1", "2.1", "2.2", "3"}

// String gives the level as the standard writes it, "" for none.
func (l IAL) String() string { return levelText(ialText[:], uint8(l)) }

// String gives the level as the standard writes it, "" for none.
func (l AAL) String() string { return levelText(aalText[:], uint8(l)) }

func levelText(names []string, l uint8) string {
	if int(l) < len(names) {
		return names[l]
	}
	return fmt.Sprintf("level(%d)", l)
}

// ParseIAL reads "1.1" to "3". It is exact: "2.10", "2" and "" are Invalid. Whole DGS levels are read by ParseDGS.
func ParseIAL(s string) (IAL, error) {
	for i, t := range ialText {
		if t == s && t != "" {
			return IAL(i), nil
		}
	}
	return IALNone, Errorf("hub.ParseIAL", Invalid, "not an identity assurance level")
}

// ParseAAL reads "1", "2.1", "2.2" or "3", exactly.
func ParseAAL(s string) (AAL, error) {
	for i, t := range aalText {
		if t == s && t != "" {
			return AAL(i), nil
		}
	}
	return AALNone, Errorf("hub.ParseAAL", Invalid, "not an authenticator assurance level")
}

// Level is a pair of assurance levels. They are never folded into one number.
type Level struct {
	IAL IAL
	AAL AAL
}

// Satisfies reports whether l is at least want in both components (LOA-01).
func (l Level) Satisfies(want Level) bool { return l.IAL >= want.IAL && l.AAL >= want.AAL }

// Cap gives the lower of both levels in each component: what a provider said, within what it may vouch for.
func (l Level) Cap(ceiling Level) Level {
	return Level{IAL: min(l.IAL, ceiling.IAL), AAL: min(l.AAL, ceiling.AAL)}
}

// Join gives the higher of both levels in each component: what two demands ask for together.
func (l Level) Join(other Level) Level {
	return Level{IAL: max(l.IAL, other.IAL), AAL: max(l.AAL, other.AAL)}
}

// String gives "ial 2.3, aal 2.1".
func (l Level) String() string { return "ial " + l.IAL.String() + ", aal " + l.AAL.String() }

const (
	acrPrefix = "urn:onedoor:ial:"
	acrMiddle = ":aal:"
)

// ACR gives the Authentication Context Class Reference of the level, for instance
// "urn:onedoor:ial:2.3:aal:2.1" (the Thai standards define no URI of their own). Both parts must be stated.
func (l Level) ACR() string { return acrPrefix + l.IAL.String() + acrMiddle + l.AAL.String() }

// ParseACR reads what ACR writes. Anything else is Invalid.
func ParseACR(s string) (Level, error) {
	rest, ok := strings.CutPrefix(s, acrPrefix)
	if !ok {
		return Level{}, Errorf("hub.ParseACR", Invalid, "unknown acr")
	}
	i, a, ok := strings.Cut(rest, acrMiddle)
	if !ok {
		return Level{}, Errorf("hub.ParseACR", Invalid, "unknown acr")
	}
	ial, err := ParseIAL(i)
	if err != nil {
		return Level{}, err
	}
	aal, err := ParseAAL(a)
	if err != nil {
		return Level{}, err
	}
	return Level{IAL: ial, AAL: aal}, nil
}

// Levels gives every pair of stated levels, lowest first: IAL by IAL.
func Levels() []Level {
	var all []Level
	for i := IAL11; i <= IAL3; i++ {
		for a := AAL1; a <= AAL3; a++ {
			all = append(all, Level{IAL: i, AAL: a})
		}
	}
	return all
}
