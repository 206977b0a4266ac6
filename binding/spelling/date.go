package spelling

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Years. What lies from firstBuddhist on is counted from the Buddha's death, 543 years before the Christian era as Thailand counts.
const (
	eras          = 543
	firstYear     = 1850
	lastYear      = 2200
	firstBuddhist = firstYear + eras
	lastBuddhist  = lastYear + eras
)

// Date gives a date as YYYY-MM-DD in the Christian era, YYYY-MM or YYYY where the rest is unknown (as on cards of people whose day of birth
// nobody wrote down). It reads YYYY-MM-DD, YYYYMMDD, DD/MM/YYYY, DD-MM-YYYY, DD.MM.YYYY and the shorter YYYY-MM, YYYY, MM/YYYY, in either era, in
// Thai digits too, with 00 for what is unknown. False for anything else, and for a day that is not in the calendar.
func Date(text string) (string, bool) {
	text = Digits(strings.TrimSpace(text))
	if len(text) > 10 || text == "" {
		return "", false
	}
	parts := strings.FieldsFunc(text, func(r rune) bool { return r == '-' || r == '/' || r == '.' })
	if len(parts) == 1 && len(text) == 8 {
		parts = []string{text[:4], text[4:6], text[6:]}
	}
	if separators := strings.Count(text, "-") + strings.Count(text, "/") + strings.Count(text, "."); separators != 0 && separators != len(parts)-1 {
		return "", false
	}
	if len(parts) > 1 && len(parts[0]) != 4 { // the day comes first
		for i, j := 0, len(parts)-1; i < j; i, j = i+1, j-1 {
			parts[i], parts[j] = parts[j], parts[i]
		}
	}
	var n [3]int // year, month, day
	for i, p := range parts {
		var err error
		if n[i], err = strconv.Atoi(p); i > 2 || err != nil || len(p) > 4 || strings.ContainsAny(p, "+-") || i == 0 && len(p) != 4 || i > 0 && len(p) > 2 {
			return "", false
		}
		if i == 2 {
			break
		}
	}
	if len(parts) > 3 || len(parts) == 0 {
		return "", false
	}
	return day(n[0], n[1], n[2])
}

func day(year, month, day int) (string, bool) {
	if year >= firstBuddhist && year <= lastBuddhist {
		year -= eras
	}
	switch {
	case year < firstYear || year > lastYear || month > 12 || day > 31 || month == 0 && day != 0:
		return "", false
	case month == 0:
		return strconv.Itoa(year), true
	case day == 0:
		return fmt.Sprintf("%04d-%02d", year, month), true
	}
	if t := time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC); t.Day() != day {
		return "", false
	}
	return fmt.Sprintf("%04d-%02d-%02d", year, month, day), true
}
