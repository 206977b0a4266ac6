package view

import (
	"regexp"
	"strconv"
	"strings"
	"testing"

	"rsc.io/qr"
)

// The code that is drawn is the code of the address, module for module, with its margin, and with the three marks by which a phone finds it.
func TestScan_DrawsTheAddress(t *testing.T) {
	t.Parallel()
	const address = "https://login.example.go.th/me/records"
	svg := string((&data{}).Scan(address))
	want, err := qr.Encode(address, qr.M)
	if err != nil {
		t.Fatal(err)
	}
	side := want.Size + 2*quiet
	dark := make([][]bool, side)
	for y := range dark {
		dark[y] = make([]bool, side)
	}
	for _, m := range regexp.MustCompile(`M(\d+) (\d+)h(\d+)v1h-(\d+)z`).FindAllStringSubmatch(svg, -1) {
		x, _ := strconv.Atoi(m[1])
		y, _ := strconv.Atoi(m[2])
		n, _ := strconv.Atoi(m[3])
		if m[3] != m[4] {
			t.Fatalf("a run that does not close: %s", m[0])
		}
		for i := range n {
			dark[y][x+i] = true
		}
	}
	for y := range side {
		for x := range side {
			if dark[y][x] != want.Black(x-quiet, y-quiet) { // light outside
				t.Fatalf("module %d, %d is dark: %v", x, y, dark[y][x])
			}
		}
	}
	mark := "#######\n#     #\n# ### #\n# ### #\n# ### #\n#     #\n#######\n"
	for name, at := range map[string][2]int{"left above": {quiet, quiet}, "right above": {side - quiet - 7, quiet}, "left below": {quiet, side - quiet - 7}} {
		var b strings.Builder
		for y := range 7 {
			for x := range 7 {
				if dark[at[1]+y][at[0]+x] {
					b.WriteByte('#')
				} else {
					b.WriteByte(' ')
				}
			}
			b.WriteByte('\n')
		}
		if b.String() != mark {
			t.Errorf("the mark %s:\n%s", name, b.String())
		}
	}
	if len(svg) > 12<<10 {
		t.Errorf("%d bytes", len(svg))
	}
	if got := (&data{}).Scan(strings.Repeat("x", 5000)); got != "" {
		t.Error("an address that fits no code is drawn")
	}
}
