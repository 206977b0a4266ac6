package entity

import (
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"onedoor/hub"
)

// Act is something that is done about an entity.
type Act string

// The acts.
const (
	See      Act = "see"       // the entity, its seats, mandates and history
	Invite   Act = "invite"    // offer a seat, take an offer back
	Give     Act = "give"      // a mandate, or take it back
	Remove   Act = "remove"    // end somebody's seat
	Leave    Act = "leave"     // end one's own seat
	HandOver Act = "hand_over" // offer the master's seat
)

// May reports whether who holds a seat may do something about an entity, and about another one's seat where the act has one: the one place
// where that is decided. Whose seat is at another entity, or has ended, may nothing: to them the entity is not there (invariant 10).
func May(mine Seat, act Act, entity hub.EntityID, target *Seat) bool {
	if !mine.Live() || entity == "" || mine.Entity != entity || target != nil && (target.Entity != entity || !target.Live()) {
		return false
	}
	switch act {
	case See, Invite, HandOver:
		return mine.Role == Master
	case Give, Remove: // the master's own seat and mandate end by a successor only
		return mine.Role == Master && target != nil && target.Role == Operator
	case Leave:
		return mine.Role == Operator
	}
	return false
}

// Covers reports whether a mandate counts at a system of a department at a time.
func (m Mandate) Covers(department hub.DepartmentID, system hub.SystemID, at time.Time) bool {
	switch {
	case m.ID == "" || !m.EndedAt.IsZero() || at.Before(m.From) || !m.Until.IsZero() && !at.Before(m.Until):
		return false
	case m.Department == "": // everywhere
		return true
	case department == "" || m.Department != department:
		return false
	}
	return len(m.Systems) == 0 || slices.Contains(m.Systems, system)
}

// fault gives what is wrong with a term of an operator's, "" where nothing is.
func (t Term) fault(now time.Time) string {
	switch {
	case !hub.ValidName(string(t.Department)):
		return "a mandate is for a department"
	case len(t.Systems) > MaxSystems:
		return "too many systems"
	case t.Until.IsZero() || !t.Until.After(t.From) || !t.Until.After(now):
		return "a mandate ends, after it has begun"
	case t.Until.Sub(t.From) > LongestMandate:
		return "a mandate is too long"
	case t.From.Before(now.Add(-beforeNow)) || t.From.After(now.Add(longestAhead)):
		return "a mandate begins about now, or later"
	}
	for i, s := range t.Systems {
		if !hub.ValidName(string(s)) || slices.Contains(t.Systems[:i], s) {
			return "not a system, or twice"
		}
	}
	return ""
}

// clean gives a line that people wrote without what could make it look like another one: control characters and the marks that turn the
// direction of writing. False where it has some, or is too long.
func clean(text string, most int) (string, bool) {
	if strings.ContainsRune(strings.TrimSpace(text), '\n') {
		return "", false
	}
	return cleanText(text, most)
}

// cleanText is clean for a text of several lines.
func cleanText(text string, most int) (string, bool) {
	text = strings.TrimSpace(strings.ReplaceAll(text, "\r\n", "\n"))
	if !utf8.ValidString(text) || utf8.RuneCountInString(text) > most {
		return "", false
	}
	for _, r := range text {
		if r != '\n' && unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) {
			return "", false
		}
	}
	return text, true
}

// cleanNames is clean for the names of an entity, of which there must be one.
func cleanNames(names hub.Text) (hub.Text, bool) {
	out := hub.Text{}
	for lang, text := range names {
		if !slices.Contains(hub.Languages(), lang) {
			continue
		}
		text, ok := clean(text, MaxNames)
		if !ok {
			return nil, false
		}
		if text != "" {
			out[lang] = text
		}
	}
	for _, lang := range hub.Languages() { // so that everybody reads something (hub.Text.In)
		if out["en"] == "" && out["th"] == "" && out[lang] != "" {
			out["en"] = out[lang]
		}
	}
	return out, len(out) > 0
}
