package audit

import (
	"strings"

	"onedoor/hub"
)

// Bounds of an event's texts.
const (
	maxWord    = 64  // kind, reason, channel, a key of the detail
	maxValue   = 200 // a value of the detail
	maxDetails = 16

	// longestNumber is the longest number that a value may hold as a word of its own: telephone numbers have 9 digits or more.
	// Inside a longer word one more than 11 is refused: personal numbers have 12 (Vietnam) or 13 (Thailand) digits, and an id of
	// ours, 26 letters and digits, never has so many in a row.
	longestNumber   = 8
	longestInWord   = 11
	longestOpaque   = 39 // secrets and codes have 43 characters of base64url
	lower           = "abcdefghijklmnopqrstuvwxyz"
	upper           = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	figures         = "0123456789"
	valueAlphabet   = lower + upper + figures + ".,:;/_+-"
	detailAlphabet  = lower + figures + "_"
	reasonAlphabet  = lower + figures + "._-"
	kindAlphabet    = lower + "._-"
	channelAlphabet = lower + figures + "_-"
)

// check refuses an event that has not the closed form: so that nothing personal, no secret and no foreign text can come into
// the record by mistake. The error names the field, never its content. Invalid.
func check(e Event) error {
	switch {
	case !word(e.Kind, kindAlphabet) || !strings.Contains(e.Kind, ".") || strings.Contains(e.Kind, "..") || strings.HasSuffix(e.Kind, "."):
		return bad("kind")
	case e.Outcome != Success && e.Outcome != Refusal && e.Outcome != Failure:
		return bad("outcome")
	case e.Reason != "" && (!word(e.Reason, reasonAlphabet) || revealing(e.Reason)):
		return bad("reason")
	case e.Channel != "" && (!word(e.Channel, channelAlphabet) || revealing(e.Channel)):
		return bad("channel")
	case e.ID != "" && !hub.ValidID(e.ID):
		return bad("id")
	case e.Interaction != "" && !hub.ValidID(string(e.Interaction)):
		return bad("interaction")
	case e.Account != "" && !hub.ValidID(string(e.Account)):
		return bad("account")
	case e.Session != "" && !hub.ValidID(string(e.Session)):
		return bad("session")
	case e.System != "" && (!hub.ValidName(string(e.System)) || revealing(string(e.System))):
		return bad("system")
	case e.Provider != "" && (!hub.ValidName(string(e.Provider)) || revealing(string(e.Provider))):
		return bad("provider")
	case e.Level.IAL > hub.IAL3 || e.Level.AAL > hub.AAL3:
		return bad("level")
	case len(e.Detail) > maxDetails:
		return bad("number of details")
	case !e.At.IsZero() && e.At.UnixMicro() <= 0:
		return bad("time")
	}
	for k, v := range e.Detail {
		if !word(k, detailAlphabet) || revealing(k) {
			return bad("key of a detail")
		}
		if !value(v) {
			return bad("value of the detail " + k)
		}
	}
	return nil
}

func bad(field string) error {
	return hub.Errorf("audit.Record", hub.Invalid, "not of the closed form: "+field)
}

func word(s, alphabet string) bool {
	return s != "" && len(s) <= maxWord && s[0] >= 'a' && s[0] <= 'z' && strings.Trim(s, alphabet) == ""
}

func value(s string) bool {
	return len(s) <= maxValue && strings.Trim(s, valueAlphabet) == "" && (hub.ValidID(s) || !revealing(s))
}

// revealing reports whether a text of the alphabet looks like a number of a person or like a secret. "-" and "_" do not end a
// number: personal numbers are written with them.
func revealing(s string) bool {
	opaque, run, number := 0, 0, 0
	alone := true // only digits and hyphens since the last separator
	for i := range len(s) + 1 {
		c := byte('.')
		if i < len(s) {
			c = s[i]
		}
		switch {
		case c >= '0' && c <= '9':
			opaque++
			run++
			number++
		case c == '-' || c == '_':
			opaque++
		case c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z':
			opaque++
			run = 0
			alone = false
		default:
			if alone && number > longestNumber {
				return true
			}
			opaque, run, number, alone = 0, 0, 0, true
		}
		if opaque > longestOpaque || run > longestInWord {
			return true
		}
	}
	return false
}
