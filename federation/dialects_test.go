package federation_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"onedoor/federation"
	"onedoor/federation/simulator/bank"
	"onedoor/federation/simulator/ndid"
	"onedoor/federation/simulator/samlbank"
	"onedoor/federation/simulator/thaid"
	"onedoor/hub"
	"onedoor/hub/samlmsg"
)

// dialect is a protocol's way of writing levels. Exact ones say every level and nothing else; the others say less, never more.
type dialect struct {
	name  string
	exact bool
	say   func(hub.Level) (string, bool) // a level that was reached, as stated
	hear  func(string) (hub.Level, bool) // what that is taken for on the other side
}

// dialects are all in which the hub states levels to departments or hears them from providers, as the stand-ins are registered.
func dialects(t *testing.T) []dialect {
	t.Helper()
	published := append(samlmsg.StandardClasses(), samlmsg.EIDASClasses()...)
	contexts, err := samlmsg.NewContexts(published)
	if err != nil {
		t.Fatal(err)
	}
	class := func(family string) func(hub.Level) (string, bool) { // asked for the least of a family, at least
		return func(l hub.Level) (string, bool) {
			for _, c := range published {
				if c.Family != family || !c.State {
					continue
				}
				d, err := contexts.Evaluate(&samlmsg.RequestedAuthnContext{Comparison: samlmsg.Minimum, ClassRefs: []string{c.Ref}})
				if err != nil {
					t.Fatal(err)
				}
				ref, err := d.State(l)
				return ref, err == nil
			}
			return "", false
		}
	}
	from := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	until, secret := from.AddDate(1, 0, 0), federation.SealedSecret("x")
	heard := func(p federation.Provider, c federation.Claims) (hub.Level, bool) {
		c.Subject = "s"
		id, err := federation.Map(p, c, from)
		return id.Level, err == nil
	}
	app := thaid.Trust("https://thaid.example", "hub", secret, from, until)
	node := ndid.Trust("https://node.example", "https://hub.example", nil, from, until)
	return []dialect{
		{
			"OIDC acr", true, func(l hub.Level) (string, bool) { return l.ACR(), true },
			func(s string) (hub.Level, bool) { l, err := hub.ParseACR(s); return l, err == nil },
		},
		{"SAML, own classes", true, func(l hub.Level) (string, bool) {
			d, err := contexts.Evaluate(nil)
			if err != nil {
				t.Fatal(err)
			}
			ref, err := d.State(l)
			return ref, err == nil
		}, contexts.Level},
		{"SAML, published classes", false, class(samlmsg.FamilySAML), contexts.Level},
		{"SAML, REFEDS profiles", false, class(samlmsg.FamilyREFEDS), contexts.Level},
		{"SAML, eIDAS levels", false, class(samlmsg.FamilyEIDAS), contexts.Level},
		{
			"NDID ial and aal", true, func(l hub.Level) (string, bool) { return l.IAL.String() + " " + l.AAL.String(), true },
			func(s string) (hub.Level, bool) {
				ial, aal, _ := strings.Cut(s, " ")
				open := node // the table itself, without this provider's ceiling
				open.Ceiling = hub.Level{IAL: hub.IAL3, AAL: hub.AAL3}
				return heard(open, federation.Claims{Values: map[string]any{federation.NDIDIAL: json.Number(ial), federation.NDIDAAL: json.Number(aal)}})
			},
		},
		{
			"ThaID ial", false, func(l hub.Level) (string, bool) { return l.IAL.String(), l.AAL >= hub.AAL21 },
			func(s string) (hub.Level, bool) {
				return heard(app, federation.Claims{Values: map[string]any{"ial": s}})
			},
		},
	}
}

// LOA-04: every level through every dialect and back. Nothing is raised anywhere; through the exact ones nothing is lost; and what a
// level becomes is written down, so that a change of any line must be meant.
func TestLOA04_EveryLevelThroughEveryDialectAndBack(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	for _, d := range dialects(t) {
		fmt.Fprintf(&b, "# %s: level -> stated -> heard\n", d.name)
		for _, l := range hub.Levels() {
			word, ok := d.say(l)
			if !ok {
				if d.exact {
					t.Errorf("%s has no word for %v", d.name, l)
				}
				fmt.Fprintf(&b, "%s\t-\n", l)
				continue
			}
			back, known := d.hear(word)
			switch {
			case !known:
				t.Errorf("%s: %q is not understood", d.name, word)
			case !l.Satisfies(back):
				t.Errorf("%s: %v was raised to %v by %q", d.name, l, back, word)
			case d.exact && back != l:
				t.Errorf("%s: %v became %v by %q", d.name, l, back, word)
			}
			fmt.Fprintf(&b, "%s\t%s\t%s\n", l, word, back)
		}
	}
	golden(t, "dialects.golden", b.Bytes())
}

// LOA-04, LOA-05, the other way: what a level is asked as. Whoever answers with one of the asked words has reached the level.
func TestLOA04_WhatIsAskedIsEnoughWhenAnswered(t *testing.T) {
	t.Parallel()
	from := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	until := from.AddDate(1, 0, 0)
	savings, err := samlbank.New(samlbank.Options{
		BaseURL: "https://savings.example", Clock: func() time.Time { return from }, Random: rand.Reader,
		Metadata: func(context.Context, string) ([]byte, error) { return nil, hub.E("test", hub.NotFound, nil) },
	})
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	for _, p := range []federation.Provider{bank.Trust("https://bank.example", "hub", federation.SealedSecret("x"), from, until), savings.Trust(from, until)} {
		fmt.Fprintf(&b, "# %s: asked level -> words -> least answer\n", p.ID)
		for _, want := range hub.Levels() {
			if !p.Ceiling.Satisfies(want) {
				fmt.Fprintf(&b, "%s\t(not offered)\n", want)
				continue
			}
			words := p.Assurance.ACRValues(want)
			if len(words) == 0 {
				t.Errorf("%s: no word for %v", p.ID, want)
			}
			for _, w := range words {
				id, err := federation.Map(p, federation.Claims{Subject: "s", ACR: w}, from)
				if err != nil || !id.Level.Satisfies(want) {
					t.Errorf("%s: asked %q for %v, which is %v, %v", p.ID, w, want, id.Level, err)
				}
				fmt.Fprintf(&b, "%s\t%s\t%s\n", want, w, id.Level)
			}
		}
	}
	contexts, err := samlmsg.NewContexts(samlmsg.StandardClasses())
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range hub.Levels() { // departments ask the hub in its own classes
		for _, comparison := range []samlmsg.Comparison{samlmsg.Exact, samlmsg.Minimum} {
			d, err := contexts.Evaluate(&samlmsg.RequestedAuthnContext{Comparison: comparison, ClassRefs: []string{want.ACR()}})
			if err != nil || d.Least != want {
				t.Errorf("SAML %s of %v: %v, %v", comparison, want, d.Least, err)
			}
		}
	}
	golden(t, "asked.golden", b.Bytes())
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s changed; if that is meant, run with -update:\n%s", name, got)
	}
}
