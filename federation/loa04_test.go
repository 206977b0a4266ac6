package federation_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"onedoor/federation"
	"onedoor/federation/simulator/bank"
	"onedoor/federation/simulator/thaid"
	"onedoor/hub"
)

var update = flag.Bool("update", false, "rewrite golden files")

// TestLOA04_GoldenTables writes down, for both stand-ins' trust records, which words each asked level becomes and what each
// word of an answer becomes, in the hub's own acr. A change of any line must be meant.
func TestLOA04_GoldenTables(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	from := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	secret := federation.SealedSecret("x")
	tha := thaid.Trust("https://thaid.example", "hub", secret, from, from.AddDate(1, 0, 0))
	bnk := bank.Trust("https://bank.example", "hub", secret, from, from.AddDate(1, 0, 0))
	for _, p := range []federation.Provider{tha, bnk} {
		if faults := p.Validate(); len(faults) > 0 {
			t.Errorf("%s: %v", p.ID, faults)
		}
		fmt.Fprintf(&b, "# %s: asked level -> acr_values\n", p.ID)
		for _, want := range hub.Levels() {
			words := "-"
			if p.Ceiling.Satisfies(want) {
				words = "(no word)"
				if w := p.Assurance.ACRValues(want); len(w) > 0 {
					words = strings.Join(w, " ")
				}
			}
			fmt.Fprintf(&b, "%s\t%s\n", want.ACR(), words)
		}
	}
	line := func(p federation.Provider, said string, c federation.Claims) {
		c.Subject = "s"
		id, err := federation.Map(p, c, from)
		if err != nil {
			t.Errorf("%s: %v", said, err)
			return
		}
		fmt.Fprintf(&b, "%s\t%s\n", said, id.Level)
	}
	fmt.Fprintf(&b, "# thaid: ial -> level\n")
	for _, v := range []any{
		"1.1", "1.2", "1.3", "2.1", "2.2", "2.3", "3", json.Number("1.3"), json.Number("2.3"), json.Number("3"), json.Number("2.30"),
		"2.10", "2", "", "high", nil, true,
	} {
		said, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		line(tha, string(said), federation.Claims{Values: map[string]any{"ial": v}})
	}
	fmt.Fprintf(&b, "# bank: acr, amr -> level\n")
	for _, acr := range []string{bank.ACRPassword, bank.ACRTwoFactor, "", "0", "urn:onedoor:ial:3:aal:3"} {
		for _, amr := range [][]string{nil, {"pwd"}, {"pwd", "otp"}, {"pwd", "otp", "mfa"}, {"palm"}} {
			line(bnk, fmt.Sprintf("%q %v", acr, amr), federation.Claims{ACR: acr, AMR: amr})
		}
	}
	path := filepath.Join("testdata", "loa04.golden")
	if *update {
		if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(b.Bytes(), want) {
		t.Errorf("the mapping changed; if that is meant, run with -update:\n%s", b.String())
	}
}

// TestLOA04_NothingIsLostBetweenProtocols: what a provider states comes out of the hub's acr as the same pair of levels.
func TestLOA04_NothingIsLostBetweenProtocols(t *testing.T) {
	t.Parallel()
	for _, l := range hub.Levels() {
		p := federation.Provider{Ceiling: hub.Level{IAL: hub.IAL3, AAL: hub.AAL3}, Assurance: federation.Assurance{
			ACR: map[string]hub.Level{"word": l}, Request: map[hub.Level][]string{l: {"word"}},
		}}
		if w := p.Assurance.ACRValues(l); len(w) != 1 || w[0] != "word" {
			t.Errorf("%v is asked as %v", l, w)
		}
		id, err := federation.Map(p, federation.Claims{Subject: "s", ACR: "word"}, time.Now())
		if err != nil {
			t.Fatal(err)
		}
		back, err := hub.ParseACR(id.Level.ACR())
		if err != nil || back != l {
			t.Errorf("%v comes out as %v, %v", l, back, err)
		}
	}
}
