package hub

import (
	"testing"
)

// LOA-01: a level satisfies a demand only if it is at least as high in both components; every pair of pairs is tried.
func TestLOA01_SatisfiesIsComponentwise(t *testing.T) {
	t.Parallel()
	for _, have := range Levels() {
		for _, want := range Levels() {
			expect := have.IAL >= want.IAL && have.AAL >= want.AAL
			if got := have.Satisfies(want); got != expect {
				t.Errorf("%v satisfies %v: got %v", have, want, got)
			}
		}
	}
	if (Level{IAL: IAL3, AAL: AAL1}).Satisfies(Level{IAL: IAL11, AAL: AAL21}) {
		t.Error("a high IAL must not stand in for a low AAL")
	}
	if (Level{}).Satisfies(Level{IAL: IAL11, AAL: AAL1}) {
		t.Error("no level must not satisfy the lowest")
	}
}

// The canonical order: IAL 1.1 < 1.2 < 1.3 < 2.1 < 2.2 < 2.3 < 3, AAL 1 < 2.1 < 2.2 < 3.
func TestLOA04_CanonicalOrderAndText(t *testing.T) {
	t.Parallel()
	ials := []string{"1.1", "1.2", "1.3", "2.1", "2.2", "2.3", "3"}
	for i, s := range ials {
		l, err := ParseIAL(s)
		if err != nil || l != IAL(i+1) || l.String() != s {
			t.Errorf("ParseIAL(%q) = %v, %v", s, l, err)
		}
	}
	aals := []string{"1", "2.1", "2.2", "3"}
	for i, s := range aals {
		l, err := ParseAAL(s)
		if err != nil || l != AAL(i+1) || l.String() != s {
			t.Errorf("ParseAAL(%q) = %v, %v", s, l, err)
		}
	}
	for _, bad := range []string{"", "2", "2.10", "2.3 ", "02.3", "4", "3.0", "-1", "1.1.1"} {
		if l, err := ParseIAL(bad); err == nil {
			t.Errorf("ParseIAL(%q) = %v, want an error", bad, l)
		}
	}
	for _, bad := range []string{"", "2", "2.3", "1.0", "3.0"} {
		if l, err := ParseAAL(bad); err == nil {
			t.Errorf("ParseAAL(%q) = %v, want an error", bad, l)
		}
	}
}

func TestLOA04_ACRRoundTrip(t *testing.T) {
	t.Parallel()
	for _, l := range Levels() {
		got, err := ParseACR(l.ACR())
		if err != nil || got != l {
			t.Errorf("ParseACR(%q) = %v, %v", l.ACR(), got, err)
		}
	}
	if got := (Level{IAL: IAL23, AAL: AAL21}).ACR(); got != "urn:onedoor:ial:2.3:aal:2.1" {
		t.Errorf("acr = %q", got)
	}
}

// A provider's word is never raised and never taken beyond its ceiling.
func TestLOA05_CapNeverRaises(t *testing.T) {
	t.Parallel()
	for _, said := range Levels() {
		for _, ceiling := range Levels() {
			got := said.Cap(ceiling)
			if !said.Satisfies(got) || !ceiling.Satisfies(got) {
				t.Errorf("%v capped by %v gives %v", said, ceiling, got)
			}
			both := said.Join(ceiling)
			if !both.Satisfies(said) || !both.Satisfies(ceiling) {
				t.Errorf("%v joined with %v gives %v", said, ceiling, both)
			}
		}
	}
}

func FuzzParseACR(f *testing.F) {
	f.Add("urn:onedoor:ial:2.3:aal:2.1")
	f.Add("urn:onedoor:ial::aal:")
	f.Add("urn:onedoor:ial:2.3:aal:2.1:aal:3")
	f.Fuzz(func(t *testing.T, s string) {
		l, err := ParseACR(s)
		if err == nil && l.ACR() != s {
			t.Fatalf("%q read as %v, which is written %q", s, l, l.ACR())
		}
	})
}
