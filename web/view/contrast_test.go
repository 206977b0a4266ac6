package view

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

var (
	colour = regexp.MustCompile(`--([a-z-]+):\s*#([0-9a-f]{6});`)
	used   = regexp.MustCompile(`var\(--([a-z-]+)\)`)
	plain  = regexp.MustCompile(`#[0-9a-fA-F]{3,8}\b|\brgba?\(|\bhsla?\(`)
)

// schemes reads the colours of the light and the dark scheme from the style sheet.
func schemes(t *testing.T) map[string]map[string]string {
	t.Helper()
	css, err := files.ReadFile("static/app.css")
	if err != nil {
		t.Fatal(err)
	}
	light, rest, ok := strings.Cut(string(css), "@media (prefers-color-scheme: dark)")
	if !ok {
		t.Fatal("no dark scheme")
	}
	dark, rest, _ := strings.Cut(rest, "/* Letters")
	out := map[string]map[string]string{"light": {}, "dark": {}}
	for _, m := range colour.FindAllStringSubmatch(light, -1) {
		out["light"][m[1]] = m[2]
	}
	for _, m := range colour.FindAllStringSubmatch(dark, -1) {
		out["dark"][m[1]] = m[2]
	}
	screen, _, _ := strings.Cut(rest, "@media print")
	if hit := plain.FindString(screen); hit != "" {
		t.Errorf("a colour outside the tokens: %s", hit)
	}
	for _, m := range used.FindAllStringSubmatch(rest, -1) {
		if out["light"][m[1]] == "" || out["dark"][m[1]] == "" {
			t.Errorf("--%s is not in both schemes", m[1])
		}
	}
	return out
}

// luminance is the relative luminance of WCAG 2.2.
func luminance(t *testing.T, hex string) float64 {
	t.Helper()
	var sum float64
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		n, err := strconv.ParseUint(hex[2*i:2*i+2], 16, 8)
		if err != nil {
			t.Fatal(err)
		}
		c := float64(n) / 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		sum += weight * c
	}
	return sum
}

func contrast(t *testing.T, a, b string) float64 {
	t.Helper()
	l1, l2 := luminance(t, a), luminance(t, b)
	return (max(l1, l2) + 0.05) / (min(l1, l2) + 0.05)
}

func TestWCAG_ColoursAreDistinctInBothSchemes(t *testing.T) {
	t.Parallel()
	const words, things = 4.5, 3.0 // success criteria 1.4.3 and 1.4.11
	pairs := []struct {
		front, back string
		least       float64
	}{
		{"text", "page", words},
		{"text", "surface", words},
		{"text", "tint", words},
		{"muted", "page", words},
		{"muted", "surface", words},
		{"muted", "tint", words},
		{"accent", "page", words},
		{"accent", "surface", words},
		{"accent", "tint", words},
		{"accent-strong", "page", words},
		{"accent-strong", "surface", words},
		{"accent-strong", "tint", words},
		{"on-accent", "accent", words},
		{"on-accent", "accent-strong", words},
		{"warn-text", "warn-surface", words},
		{"warn-line", "page", things},
		{"warn-line", "warn-surface", things},
		{"control", "page", things},
		{"control", "surface", things},
		{"focus", "page", things},
		{"focus", "surface", things},
		{"focus", "tint", things},
	}
	for scheme, colours := range schemes(t) {
		for _, p := range pairs {
			if got := contrast(t, colours[p.front], colours[p.back]); got < p.least {
				t.Errorf("%s: %s on %s has %.2f, needs %.1f", scheme, p.front, p.back, got, p.least)
			}
		}
	}
	if got := contrast(t, "000000", "ffffff"); math.Abs(got-21) > 0.01 {
		t.Errorf("black on white has %.2f", got)
	}
}
