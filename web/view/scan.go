package view

import (
	"html/template"
	"strconv"
	"strings"

	"rsc.io/qr"
)

// quiet is the margin of a code that is scanned, in modules (ISO/IEC 18004 section 9.1).
const quiet = 4

// Scan draws an address as a QR code (ISO/IEC 18004, error correction M) for somebody else's phone; the address stands beside it in text. Nothing where the
// address is too long for a code. One path, drawn from runs of dark modules: the page stays small, and nothing of it comes from elsewhere.
func (*data) Scan(address string) template.HTML {
	code, err := qr.Encode(address, qr.M)
	if err != nil {
		return ""
	}
	side := strconv.Itoa(code.Size + 2*quiet)
	var b strings.Builder
	b.WriteString(`<svg class="scan" role="img" aria-labelledby="scan-address" viewBox="0 0 ` + side + " " + side + `"><rect class="scan-light" width="` + side + `" height="` + side + `"></rect><path class="scan-dark" d="`)
	for y := range code.Size {
		for x := 0; x < code.Size; {
			run := 0
			for x+run < code.Size && code.Black(x+run, y) {
				run++
			}
			if run > 0 {
				n := strconv.Itoa(run)
				b.WriteString("M" + strconv.Itoa(x+quiet) + " " + strconv.Itoa(y+quiet) + "h" + n + "v1h-" + n + "z")
			}
			x += max(run, 1)
		}
	}
	b.WriteString(`"></path></svg>`)
	return template.HTML(b.String()) //nolint:gosec // G203: numbers only
}
