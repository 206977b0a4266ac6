package federation

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"

	"onedoor/hub"
)

// Level gives what the claims say of the levels, before any ceiling (LOA-04). It never guesses upwards:
//
//   - IAL: from acr and from the IAL claim; where both speak of it, the lower.
//   - AAL: the same with the AAL claim; where neither speaks of it, from amr, of which the highest known value counts (LOA-13).
//   - Fixed counts for a component of which the provider said nothing at all. A value that is not in the tables is
//     something said, and gives no level.
//
// A listed acr whose level leaves a component out does not speak of that component.
func (a Assurance) Level(c Claims) hub.Level {
	var fromACR hub.Level
	unknown := false // the provider spoke in a word that nobody agreed on
	if len(a.ACR) > 0 && c.ACR != "" {
		level, listed := a.ACR[c.ACR]
		fromACR, unknown = level, !listed
	}
	return hub.Level{IAL: a.ial(fromACR.IAL, unknown, c), AAL: a.aal(fromACR.AAL, unknown, c)}
}

func (a Assurance) ial(fromACR hub.IAL, unknown bool, c Claims) hub.IAL {
	if v, present := c.Values[a.IALName]; a.IALName != "" && present && v != nil {
		word, _ := scalar(v)
		claimed := a.IAL[word]
		if fromACR != hub.IALNone {
			return min(fromACR, claimed)
		}
		return claimed
	}
	if fromACR != hub.IALNone || unknown {
		return fromACR
	}
	return a.Fixed.IAL
}

func (a Assurance) aal(fromACR hub.AAL, unknown bool, c Claims) hub.AAL {
	if v, present := c.Values[a.AALName]; a.AALName != "" && present && v != nil {
		word, _ := scalar(v)
		claimed := a.AAL[word]
		if fromACR != hub.AALNone {
			return min(fromACR, claimed)
		}
		return claimed
	}
	if fromACR != hub.AALNone {
		return fromACR
	}
	if len(a.AMR) > 0 && len(c.AMR) > 0 {
		highest := hub.AALNone
		for _, m := range c.AMR {
			highest = max(highest, a.AMR[m])
		}
		return highest
	}
	if unknown {
		return hub.AALNone
	}
	return a.Fixed.AAL
}

// ACRValues gives the provider's words for a wanted level, in order of preference (acr_values, OpenID Connect Core section
// 3.1.2.1): those agreed for exactly this level, else those of every agreed level that satisfies it, the lowest first.
func (a Assurance) ACRValues(want hub.Level) []string {
	if words := a.Request[want]; len(words) > 0 {
		return slices.Clone(words)
	}
	var levels []hub.Level
	for l := range a.Request {
		if l.Satisfies(want) {
			levels = append(levels, l)
		}
	}
	slices.SortFunc(levels, func(x, y hub.Level) int {
		return cmp.Or(cmp.Compare(x.IAL, y.IAL), cmp.Compare(x.AAL, y.AAL))
	})
	var words []string
	for _, l := range levels {
		for _, w := range a.Request[l] {
			if !slices.Contains(words, w) {
				words = append(words, w)
			}
		}
	}
	return words
}

// EssentialACR gives every word of the provider for a level that satisfies the wanted one, the lowest first: the answers that an
// essential acr may have (OpenID Connect Core section 5.5.1.1).
func (a Assurance) EssentialACR(want hub.Level) []string {
	all := a
	all.Request = maps.Clone(a.Request)
	exact := all.Request[want]
	delete(all.Request, want)
	words := slices.Clone(exact)
	for _, w := range all.ACRValues(want) {
		if !slices.Contains(words, w) {
			words = append(words, w)
		}
	}
	return words
}

// scalar gives a text, or a number by its own digits: 2.3 stays "2.3" and 2.10 stays "2.10". Connectors decode JSON with
// UseNumber; a float64 is written as shortly as it reads back the same.
func scalar(v any) (string, bool) {
	switch x := v.(type) {
	case string:
		return strings.TrimSpace(x), true
	case json.Number:
		return x.String(), true
	case float64:
		return strconv.FormatFloat(x, 'f', -1, 64), true
	case int:
		return strconv.Itoa(x), true
	case int64:
		return strconv.FormatInt(x, 10), true
	default:
		return "", false
	}
}
