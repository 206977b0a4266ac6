package samlmsg

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"onedoor/hub"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := "testdata/" + name
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil { //nolint:gosec // test data
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs; run with -update and read the difference", path)
	}
}

func allContexts(tb testing.TB) *Contexts {
	tb.Helper()
	c, err := NewContexts(append(StandardClasses(), EIDASClasses()...))
	if err != nil {
		tb.Fatal(err)
	}
	return c
}

// everyLevel gives all pairs, those with a part that is not known included.
func everyLevel() []hub.Level {
	var all []hub.Level
	for i := hub.IALNone; i <= hub.IAL3; i++ {
		for a := hub.AALNone; a <= hub.AAL3; a++ {
			all = append(all, hub.Level{IAL: i, AAL: a})
		}
	}
	return all
}

// LOA-04: the table in both directions, one line a class and one line a level, as golden text to be read by a person.
func TestLOA04_GoldenTableOfClassesAndLevels(t *testing.T) {
	t.Parallel()
	c := allContexts(t)
	var b strings.Builder
	b.WriteString("# heard: class -> level\n")
	for _, class := range c.order {
		fmt.Fprintf(&b, "%s -> %s\n", class.Ref, class.Means)
	}
	b.WriteString("\n# said: level -> class, with no demand; with minimum of the weakest class of each family\n")
	for _, l := range everyLevel() {
		fmt.Fprintf(&b, "%s ->", l)
		for _, r := range []*RequestedAuthnContext{
			nil,
			{Comparison: Minimum, ClassRefs: []string{ClassUnspecified}},
			{Comparison: Minimum, ClassRefs: []string{"https://refeds.org/profile/sfa"}},
			{Comparison: Minimum, ClassRefs: []string{eidasPrefix + "low"}},
		} {
			d, err := c.Evaluate(r)
			if err != nil {
				t.Fatal(err)
			}
			ref, err := d.State(l)
			if err != nil {
				ref = "(" + Reason(err) + ")"
			}
			fmt.Fprintf(&b, " %s", ref)
		}
		b.WriteByte('\n')
	}
	golden(t, "contexts.golden", b.String())
}

// LOA-04: what a request asks, in the hub's terms, and what is answered.
func TestLOA04_GoldenTableOfRequests(t *testing.T) {
	t.Parallel()
	c := allContexts(t)
	own := func(i, a string) string { return "urn:onedoor:ial:" + i + ":aal:" + a }
	var b strings.Builder
	for _, refs := range [][]string{
		{own("2.1", "2.1")},
		{own("3", "3")},
		{own("2.3", "1"), own("1.1", "2.2")},
		{own("2.3", "2.1"), own("2.1", "2.1")},
		{ClassUnspecified},
		{ClassPasswordTransport},
		{ClassMobileTwoFactor, ClassPasswordTransport},
		{ClassPasswordTransport, "urn:example:nobody-knows"},
		{ClassSmartcardPKI},
		{classPrefix + "Kerberos"},
		{"https://refeds.org/profile/mfa"},
		{eidasPrefix + "low"},
		{eidasPrefix + "substantial"},
		{eidasPrefix + "high"},
		{"urn:example:nobody-knows"},
		{own("2", "2")},
	} {
		for _, comparison := range []Comparison{Exact, Minimum, Maximum, Better} {
			fmt.Fprintf(&b, "%s %s\n", comparison, strings.Join(refs, " "))
			d, err := c.Evaluate(&RequestedAuthnContext{Comparison: comparison, ClassRefs: refs})
			if err != nil {
				fmt.Fprintf(&b, "  refused: %s\n", Reason(err))
				continue
			}
			fmt.Fprintf(&b, "  least %s\n", d.Least)
			for _, l := range []hub.Level{d.Least, {IAL: hub.IAL11, AAL: hub.AAL1}, {IAL: hub.IAL23, AAL: hub.AAL22}, {IAL: hub.IAL3, AAL: hub.AAL3}} {
				ref, err := d.State(l)
				if err != nil {
					ref = "refused: " + Reason(err)
				}
				fmt.Fprintf(&b, "  at %s: %s\n", l, ref)
			}
		}
	}
	golden(t, "requests.golden", b.String())
}

// LOA-04: nothing lost, nothing raised, no dead end: for every class alone and every pair, every comparison, every level.
func TestLOA04_NothingIsLostAndNothingRaised(t *testing.T) {
	t.Parallel()
	c := allContexts(t)
	for _, l := range hub.Levels() {
		d, err := c.Evaluate(nil)
		if err != nil {
			t.Fatal(err)
		}
		ref, err := d.State(l)
		if err != nil {
			t.Fatal(err)
		}
		back, known := c.Level(ref)
		if !known || back != l || ref != l.ACR() {
			t.Errorf("%v came back as %v", l, back)
		}
	}
	for _, first := range c.order {
		for _, second := range c.order {
			refs := []string{first.Ref, second.Ref}
			means := []hub.Level{first.Means, second.Means}
			for _, comparison := range []Comparison{Exact, Minimum, Maximum, Better} {
				d, err := c.Evaluate(&RequestedAuthnContext{Comparison: comparison, ClassRefs: refs})
				if err != nil {
					continue
				}
				for _, reached := range everyLevel() {
					ref, err := d.State(reached)
					if err != nil {
						if reached.Satisfies(d.Least) {
							t.Fatalf("%s %v: reached %v, at least %v, and nothing to say", comparison, refs, reached, d.Least)
						}
						continue
					}
					said, _ := c.Level(ref)
					if !reached.Satisfies(said) {
						t.Fatalf("%s %v: reached %v, said %s (%v)", comparison, refs, reached, ref, said)
					}
					if !holds(comparison, refs, means, ref, said) {
						t.Fatalf("%s %v: said %s", comparison, refs, ref)
					}
				}
			}
		}
	}
}

// holds is the definition of the comparisons in SAML Core section 3.3.2.2.1, in its plainest form.
func holds(comparison Comparison, refs []string, means []hub.Level, ref string, said hub.Level) bool {
	some, all := false, true
	for _, m := range means {
		switch comparison {
		case Minimum:
			some = some || said.Satisfies(m)
		case Maximum:
			some = some || m.Satisfies(said)
		case Better:
			all = all && said != m && said.Satisfies(m)
		}
	}
	switch comparison {
	case Exact:
		return slices.Contains(refs, ref)
	case Better:
		return all
	}
	return some
}

// LOA-01: the least level that is asked is one of those that were wished, and no wished one is below it.
func TestLOA01_TheLeastLevelIsAWishedOne(t *testing.T) {
	t.Parallel()
	c := allContexts(t)
	for _, a := range hub.Levels() {
		for _, b := range hub.Levels() {
			for _, comparison := range []Comparison{Exact, Minimum} {
				d, err := c.Evaluate(&RequestedAuthnContext{Comparison: comparison, ClassRefs: []string{a.ACR(), b.ACR()}})
				if err != nil {
					t.Fatal(err)
				}
				if d.Least != a && d.Least != b {
					t.Fatalf("%v %v: %v", a, b, d.Least)
				}
				for _, x := range []hub.Level{a, b} {
					if x != d.Least && d.Least.Satisfies(x) {
						t.Fatalf("%v %v: %v is more than needed", a, b, d.Least)
					}
				}
			}
		}
	}
}

func TestATableThatWouldRaiseIsRefused(t *testing.T) {
	t.Parallel()
	for name, classes := range map[string][]ContextClass{
		"raises":    {{Ref: "urn:x", Family: "x", Means: aal(hub.AAL3), Needs: aal(hub.AAL1)}},
		"twice":     {{Ref: "urn:x", Family: "x"}, {Ref: "urn:x", Family: "y"}},
		"own again": {{Ref: hub.Level{IAL: hub.IAL11, AAL: hub.AAL1}.ACR(), Family: "x"}},
		"unnamed":   {{Family: "x"}},
		"no family": {{Ref: "urn:x"}},
	} {
		if _, err := NewContexts(classes); hub.KindOf(err) != hub.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	if l, known := allContexts(t).Level("urn:unknown"); known || l != (hub.Level{}) {
		t.Error("an unknown class vouches for something")
	}
}

func TestOwnRefsAreAllThatSatisfy(t *testing.T) {
	t.Parallel()
	c := allContexts(t)
	for _, want := range everyLevel() {
		refs := OwnRefs(want)
		for _, l := range hub.Levels() {
			if slices.Contains(refs, l.ACR()) != l.Satisfies(want) {
				t.Errorf("%v: %v", want, l)
			}
		}
		if len(refs) > 0 {
			first, _ := c.Level(refs[0])
			if !first.Satisfies(want) {
				t.Errorf("%v: first is %v", want, first)
			}
		}
	}
}

func TestAllClassRefsOfARequestAreKept(t *testing.T) {
	t.Parallel()
	for _, comparison := range []Comparison{Exact, Minimum, Maximum, Better} {
		q := sampleRequest()
		q.Context = &RequestedAuthnContext{Comparison: comparison, ClassRefs: OwnRefs(hub.Level{IAL: hub.IAL21})}
		raw, err := q.XML(theSP().signer(t))
		if err != nil {
			t.Fatal(err)
		}
		m, err := FromPOST(postForm("SAMLRequest", string(raw)), Limits{})
		if err != nil {
			t.Fatal(err)
		}
		got, err := m.AuthnRequest(theSP().verifier(t), nil, SignatureRequired)
		if err != nil || got.Context.Comparison != comparison || !slices.Equal(got.Context.ClassRefs, q.Context.ClassRefs) {
			t.Errorf("%v %+v", err, got.Context)
		}
	}
	for name, context := range map[string]string{
		"comparison": `<samlp:RequestedAuthnContext Comparison="least"><saml:AuthnContextClassRef>urn:x</saml:AuthnContextClassRef></samlp:RequestedAuthnContext>`,
		"empty":      `<samlp:RequestedAuthnContext></samlp:RequestedAuthnContext>`,
		"both":       `<samlp:RequestedAuthnContext><saml:AuthnContextClassRef>urn:x</saml:AuthnContextClassRef><saml:AuthnContextDeclRef>urn:y</saml:AuthnContextDeclRef></samlp:RequestedAuthnContext>`,
		"empty ref":  `<samlp:RequestedAuthnContext><saml:AuthnContextClassRef></saml:AuthnContextClassRef></samlp:RequestedAuthnContext>`,
	} {
		e := mustParse(t, strings.Replace(context, "<samlp:RequestedAuthnContext", `<samlp:RequestedAuthnContext xmlns:samlp="`+nsSAMLP+`" xmlns:saml="`+nsSAML+`"`, 1))
		if _, err := readRequestedContext(e); err == nil {
			t.Errorf("%s passes", name)
		}
	}
	declared := &RequestedAuthnContext{Comparison: Exact, DeclRefs: []string{"urn:x"}}
	_, err := allContexts(t).Evaluate(declared)
	wantCause(t, err, ContextUnknown)
}
