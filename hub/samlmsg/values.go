package samlmsg

import (
	"strconv"
	"strings"
	"time"
)

// instant reads an xs:dateTime attribute; zero where it is absent and not required.
func (e *element) instant(name string, required bool) (time.Time, error) {
	s, ok := e.attr(name)
	if !ok && !required {
		return time.Time{}, nil
	}
	t, ok := parseTime(s)
	if !ok {
		return time.Time{}, MessageMalformed
	}
	return t, nil
}

// parseTime reads an xs:dateTime with a time zone. SAML Core section 1.3.3 wants UTC; an offset is unambiguous and taken too. A
// time without a zone is not.
func parseTime(s string) (time.Time, bool) {
	if len(s) < len("2006-01-02T15:04:05Z") || len(s) > 40 || strings.Trim(s, "0123456789TZ:.+-") != "" {
		return time.Time{}, false
	}
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil || t.Year() < 1970 {
		return time.Time{}, false
	}
	return t.UTC(), true
}

// formatTime writes whole milliseconds in UTC: what every peer reads.
func formatTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02T15:04:05.000Z")
}

// flag reads an xs:boolean attribute; false where it is absent.
func (e *element) flag(name string) (bool, error) {
	s, ok := e.attr(name)
	if !ok {
		return false, nil
	}
	switch s {
	case "true", "1":
		return true, nil
	case "false", "0":
		return false, nil
	}
	return false, MessageMalformed
}

// index reads an xs:unsignedShort attribute; nil where it is absent.
func (e *element) index(name string) (*int, error) {
	s, ok := e.attr(name)
	if !ok {
		return nil, nil //nolint:nilnil // absent is a value
	}
	n, err := strconv.ParseUint(s, 10, 16)
	if err != nil {
		return nil, MessageMalformed
	}
	i := int(n)
	return &i, nil
}

// words reads the texts of elements as URIs: not empty, and not longer than one may be.
func words(found []*element) ([]string, error) {
	var out []string
	for _, e := range found {
		w, ok := e.word()
		if !ok || w == "" || len(w) > maxURI {
			return nil, MessageMalformed
		}
		out = append(out, w)
	}
	return out, nil
}

// parseDuration reads an xs:duration (XML Schema part 2 section 3.2.6) that is not negative, such as "P1D" or "PT6H30M". A year
// counts 365 days and a month 30: good enough for how long to keep a copy.
func parseDuration(s string) (time.Duration, bool) {
	rest, ok := strings.CutPrefix(s, "P")
	if !ok || rest == "" || len(s) > 40 {
		return 0, false
	}
	date, clock, timed := strings.Cut(rest, "T")
	if timed && clock == "" {
		return 0, false
	}
	const day = 24 * time.Hour
	a, ok1 := durationPart(date, "YMD", 365*day, 30*day, day)
	b, ok2 := durationPart(clock, "HMS", time.Hour, time.Minute, time.Second)
	if !ok1 || !ok2 || a > maxDuration || b > maxDuration {
		return 0, false
	}
	return a + b, true
}

const maxDuration = 100 * 365 * 24 * time.Hour

func durationPart(s, letters string, units ...time.Duration) (total time.Duration, ok bool) {
	for i := 0; s != ""; i++ {
		end := strings.IndexAny(s, letters)
		if end < 1 {
			return 0, false
		}
		which := strings.IndexByte(letters, s[end])
		if which < i {
			return 0, false
		}
		i = which
		number := s[:end]
		if whole, fraction, has := strings.Cut(number, "."); has {
			// Only seconds have a fraction, and a fraction of a second does not matter here.
			if letters[which] != 'S' || fraction == "" || strings.Trim(fraction, "0123456789") != "" {
				return 0, false
			}
			number = whole
		}
		n, err := strconv.ParseUint(number, 10, 31)
		if err != nil || time.Duration(n) > maxDuration/units[which] {
			return 0, false
		}
		total += time.Duration(n) * units[which]
		if total > maxDuration {
			return 0, false
		}
		s = s[end+1:]
	}
	return total, true
}

// formatDuration writes an xs:duration of whole seconds; "" for zero.
func formatDuration(d time.Duration) string {
	if d <= 0 {
		return ""
	}
	return "PT" + strconv.FormatInt(int64(d/time.Second), 10) + "S"
}
