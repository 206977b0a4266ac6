package consent_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"onedoor/hub"
	"onedoor/hub/consent"
	"onedoor/hub/login/logintest"
)

func rule(a hub.AttributeName, purpose string, required bool, basis consent.Basis) consent.Rule {
	return consent.Rule{
		Attribute: a, Purpose: purpose, Required: required, Basis: basis,
		Text: hub.Text{"th": "เพื่อ", "en": "for " + purpose}, Effect: hub.Text{"en": "without it"},
	}
}

func said(r consent.Rule, d consent.Decision) consent.Record {
	return consent.Record{Attribute: r.Attribute, Purpose: r.Purpose, Decision: d, Version: consent.Fingerprint(r)}
}

func keys(rules []consent.Rule) []string {
	var out []string
	for _, r := range rules {
		out = append(out, r.Key())
	}
	return out
}

var (
	nameReq   = rule(hub.Name, "return", true, consent.ByConsent)
	birthOpt  = rule(hub.Birthdate, "return", false, consent.ByConsent)
	birthNews = rule(hub.Birthdate, "news", false, consent.ByConsent)
	idDuty    = rule(hub.CitizenID, "return", true, consent.ByLegalDuty)
)

// CON-02, CON-05, CON-07, PRV-06, PRV-07: what is released, asked and told, from rules, wishes and what was said before.
func TestDecide(t *testing.T) {
	t.Parallel()
	register := []consent.Rule{nameReq, birthOpt, birthNews, idDuty}
	changed := nameReq
	changed.Text = hub.Text{"th": "เพื่อ", "en": "for something else"}
	all := []hub.AttributeName{hub.Name, hub.Birthdate, hub.CitizenID}
	told := said(idDuty, consent.Told)
	for _, c := range []struct {
		name    string
		wanted  []hub.AttributeName
		current []consent.Record
		again   bool
		release string
		ask     string
		tell    string
		page    bool
	}{
		{"nothing wanted", nil, nil, false, "[]", "[]", "[]", false},
		{"nothing wanted, everything given", nil, []consent.Record{said(nameReq, consent.Given), told}, false, "[]", "[]", "[]", false},
		{"first time", all, nil, false, "[]", "[name/return birthdate/return birthdate/news]", "[citizen_id/return]", true},
		{"only the duty: told first, released then", []hub.AttributeName{hub.CitizenID}, nil, false, "[]", "[]", "[citizen_id/return]", true},
		{"duty, told", []hub.AttributeName{hub.CitizenID}, []consent.Record{told}, false, "[citizen_id]", "[]", "[citizen_id/return]", false},
		{"duty is not asked, even if forced", []hub.AttributeName{hub.CitizenID}, []consent.Record{told}, true, "[citizen_id]", "[]", "[citizen_id/return]", false},
		{"given", []hub.AttributeName{hub.Name}, []consent.Record{said(nameReq, consent.Given)}, false, "[name]", "[]", "[]", false},
		{"given, but not what is wanted now", []hub.AttributeName{hub.Birthdate}, []consent.Record{said(nameReq, consent.Given)}, false, "[]", "[birthdate/return birthdate/news]", "[]", true},
		{"given, forced", []hub.AttributeName{hub.Name}, []consent.Record{said(nameReq, consent.Given)}, true, "[]", "[name/return]", "[]", true},
		{"given for another text", []hub.AttributeName{hub.Name}, []consent.Record{said(changed, consent.Given)}, false, "[]", "[name/return]", "[]", true},
		{"required and declined is asked again", []hub.AttributeName{hub.Name}, []consent.Record{said(nameReq, consent.Declined)}, false, "[]", "[name/return]", "[]", true},
		{"withdrawn is asked again", []hub.AttributeName{hub.Name}, []consent.Record{said(nameReq, consent.Withdrawn)}, false, "[]", "[name/return]", "[]", true},
		{"told is no consent", []hub.AttributeName{hub.Name}, []consent.Record{said(nameReq, consent.Told)}, false, "[]", "[name/return]", "[]", true},
		{"given is not told", []hub.AttributeName{hub.CitizenID}, []consent.Record{said(idDuty, consent.Given)}, false, "[]", "[]", "[citizen_id/return]", true},
		{
			"optional and declined stays quiet",
			[]hub.AttributeName{hub.Birthdate},
			[]consent.Record{said(birthOpt, consent.Declined), said(birthNews, consent.Declined)},
			false, "[]", "[]", "[]", false,
		},
		{
			"optional and declined, forced",
			[]hub.AttributeName{hub.Birthdate},
			[]consent.Record{said(birthOpt, consent.Declined), said(birthNews, consent.Declined)},
			true, "[]", "[birthdate/return birthdate/news]", "[]", true,
		},
		{
			"one purpose of two is enough",
			[]hub.AttributeName{hub.Birthdate},
			[]consent.Record{said(birthOpt, consent.Declined), said(birthNews, consent.Given)},
			false, "[birthdate]", "[]", "[]", false,
		},
		{
			"optional and withdrawn is asked again",
			[]hub.AttributeName{hub.Birthdate},
			[]consent.Record{said(birthOpt, consent.Withdrawn), said(birthNews, consent.Given)},
			false, "[birthdate]", "[birthdate/return]", "[]", true,
		},
		{"wanted but not in the register", []hub.AttributeName{hub.Address}, nil, false, "[]", "[]", "[]", false},
	} {
		o := consent.Decide(register, c.wanted, c.current, consent.Facts{Again: c.again})
		if fmt.Sprint(o.Release) != c.release || fmt.Sprint(keys(o.Ask)) != c.ask || fmt.Sprint(keys(o.Tell)) != c.tell || o.Page() != c.page {
			t.Errorf("%s: release %v, ask %v, tell %v, page %v", c.name, o.Release, keys(o.Ask), keys(o.Tell), o.Page())
		}
	}
}

// CON-01: any change of what is shown is another version.
func TestCON01_FingerprintChangesWithWhatIsShown(t *testing.T) {
	t.Parallel()
	seen := map[string]string{consent.Fingerprint(nameReq): "as it is"}
	for name, change := range map[string]func(*consent.Rule){
		"attribute":      func(r *consent.Rule) { r.Attribute = hub.NameEN },
		"purpose":        func(r *consent.Rule) { r.Purpose = "other" },
		"text":           func(r *consent.Rule) { r.Text = hub.Text{"th": "เพื่อ", "en": "for Return"} },
		"language added": func(r *consent.Rule) { r.Text = hub.Text{"th": "เพื่อ", "en": "for return", "vi": ""} },
		"effect":         func(r *consent.Rule) { r.Effect = hub.Text{"en": "without it, nothing"} },
		"text moved":     func(r *consent.Rule) { r.Text, r.Effect = r.Effect, r.Text },
		"required":       func(r *consent.Rule) { r.Required = false },
		"basis":          func(r *consent.Rule) { r.Basis = consent.ByContract },
		"boundary":       func(r *consent.Rule) { r.Attribute, r.Purpose = "namer", "eturn" },
	} {
		r := nameReq
		change(&r)
		v := consent.Fingerprint(r)
		if other, same := seen[v]; same {
			t.Errorf("%s and %s have the same version", name, other)
		}
		seen[v] = name
	}
	if consent.Fingerprint(nameReq) != consent.Fingerprint(rule(hub.Name, "return", true, consent.ByConsent)) {
		t.Error("the same rule has two versions")
	}
}

// LOA-06: which identity at which service needs the person's word, over all pairs.
func TestLOA06_HigherIdentityIsAskedWhereTheServiceIsLower(t *testing.T) {
	t.Parallel()
	group := map[hub.IAL]int{
		hub.IALNone: 1, hub.IAL11: 1, hub.IAL12: 1, hub.IAL13: 1, hub.IAL21: 2, hub.IAL22: 2, hub.IAL23: 2, hub.IAL3: 3,
	}
	for have, g := range group {
		for want, h := range group {
			f := consent.Facts{Have: hub.Level{IAL: have, AAL: hub.AAL1}, Want: hub.Level{IAL: want, AAL: hub.AAL3}}
			o := consent.Decide(nil, nil, nil, f)
			if o.Higher != (g > h) || o.Page() != o.Higher {
				t.Errorf("%v at %v: %v", have, want, o.Higher)
			}
			if !o.Higher {
				continue
			}
			yes, refused := o.Accepted([]string{consent.HigherKey})
			if refused || consent.Decide(nil, nil, consent.After(nil, yes), f).Page() {
				t.Errorf("%v at %v: asked again after a yes", have, want)
			}
			f.Again = true
			if consent.Decide(nil, nil, consent.After(nil, yes), f).Higher {
				t.Errorf("%v at %v: first use was asked twice", have, want)
			}
			f.Again = false
			no, refused := o.Accepted(nil)
			if !refused || !consent.Decide(nil, nil, consent.After(nil, no), f).Higher {
				t.Errorf("%v at %v: a no was taken for a yes", have, want)
			}
		}
	}
	at := func(have, want hub.IAL) consent.Facts {
		return consent.Facts{Have: hub.Level{IAL: have}, Want: hub.Level{IAL: want}}
	}
	two, _ := consent.Decide(nil, nil, nil, at(hub.IAL21, hub.IAL11)).Accepted([]string{consent.HigherKey})
	if !consent.Decide(nil, nil, consent.After(nil, two), at(hub.IAL3, hub.IAL11)).Higher {
		t.Error("a yes for an IAL2 identity was taken for one for IAL3")
	}
	if consent.Decide(nil, nil, consent.After(nil, two), at(hub.IAL23, hub.IAL13)).Higher {
		t.Error("asked again for the same groups")
	}
}

// CON-02, CON-05: what an answer means.
func TestCON05_AnswerTurnsIntoRulings(t *testing.T) {
	t.Parallel()
	f := consent.Facts{Have: hub.Level{IAL: hub.IAL23}, Want: hub.Level{IAL: hub.IAL11}}
	o := consent.Decide([]consent.Rule{nameReq, birthOpt, birthNews, idDuty}, []hub.AttributeName{hub.Name, hub.Birthdate, hub.CitizenID}, nil, f)
	text := func(rs []consent.Ruling) string {
		var out []string
		for _, r := range rs {
			if r.Version == "" {
				t.Error("no version")
			}
			out = append(out, consent.Key(r.Attribute, r.Purpose)+"="+string(r.Decision))
		}
		return fmt.Sprint(out)
	}
	got, refused := o.Accepted([]string{"name/return", "birthdate/news", consent.HigherKey, "address/return", "citizen_id/return"})
	if want := "[name/return=given birthdate/return=declined birthdate/news=given citizen_id/return=told /higher-identity=given]"; text(got) != want || refused {
		t.Errorf("%s, %v", text(got), refused)
	}
	after := consent.Decide([]consent.Rule{nameReq, birthOpt, birthNews, idDuty}, []hub.AttributeName{hub.Name, hub.Birthdate, hub.CitizenID}, consent.After(nil, got), f)
	if after.Page() || fmt.Sprint(after.Release) != "[citizen_id name birthdate]" {
		t.Errorf("afterwards: page %v, release %v", after.Page(), after.Release)
	}
	if _, refused := o.Accepted([]string{"birthdate/return", consent.HigherKey}); !refused {
		t.Error("a required one was left out and nobody noticed")
	}
	if _, refused := o.Accepted([]string{"name/return"}); !refused {
		t.Error("the higher identity was left out and nobody noticed")
	}
	if want := "[name/return=declined /higher-identity=declined]"; text(o.Rejected()) != want {
		t.Errorf("no to the whole: %s", text(o.Rejected()))
	}
}

// An answer counts for one page and one person.
func TestDigest_TellsPagesAndPersonsApart(t *testing.T) {
	t.Parallel()
	wanted := []hub.AttributeName{hub.Name, hub.Birthdate}
	a := consent.Decide([]consent.Rule{nameReq, birthOpt}, wanted, nil, consent.Facts{})
	same := consent.Decide([]consent.Rule{birthOpt, nameReq}, wanted, nil, consent.Facts{})
	if !bytes.Equal(a.Digest("x"), same.Digest("x")) {
		t.Error("the order of the register matters")
	}
	changed := birthOpt
	changed.Required = true
	for name, d := range map[string][]byte{
		"person": a.Digest("y"),
		"rule":   consent.Decide([]consent.Rule{nameReq, changed}, wanted, nil, consent.Facts{}).Digest("x"),
		"fewer":  consent.Decide([]consent.Rule{nameReq}, wanted, nil, consent.Facts{}).Digest("x"),
		"higher": consent.Decide([]consent.Rule{nameReq, birthOpt}, wanted, nil, consent.Facts{Have: hub.Level{IAL: hub.IAL3}}).Digest("x"),
	} {
		if bytes.Equal(a.Digest("x"), d) {
			t.Errorf("another %s, the same page", name)
		}
	}
}

func newService(t *testing.T) (*consent.Service, *logintest.Memory, *logintest.Clock, context.Context) {
	t.Helper()
	clock := logintest.NewClock()
	mem := logintest.NewMemory(clock.Now)
	s, err := consent.New(consent.Options{Store: mem.ConsentStore(), Audit: mem, Tx: mem, Clock: clock.Now, Random: rand.Reader})
	if err != nil {
		t.Fatal(err)
	}
	return s, mem, clock, hub.WithInteraction(context.Background(), "interactiononeaaaaaaaaaaaa")
}

func TestNew_EveryOptionIsRequired(t *testing.T) {
	t.Parallel()
	clock := logintest.NewClock()
	mem := logintest.NewMemory(clock.Now)
	for i := range 5 {
		o := consent.Options{Store: mem.ConsentStore(), Audit: mem, Tx: mem, Clock: clock.Now, Random: rand.Reader}
		switch i {
		case 0:
			o.Store = nil
		case 1:
			o.Audit = nil
		case 2:
			o.Tx = nil
		case 3:
			o.Clock = nil
		case 4:
			o.Random = nil
		}
		if _, err := consent.New(o); hub.KindOf(err) != hub.Invalid {
			t.Errorf("option %d missing: %v", i, err)
		}
	}
}

// CON-03, CON-04, CON-06, CON-07: given, taken back in one go, asked again, and the history keeps it all.
func TestCON03_CON04_CON06_WithdrawnInOneGoAndNothingForgotten(t *testing.T) {
	t.Parallel()
	s, mem, clock, ctx := newService(t)
	rules := []consent.Rule{nameReq, birthOpt, idDuty}
	wanted := []hub.AttributeName{hub.Name, hub.Birthdate, hub.CitizenID}
	decide := func() consent.Outcome {
		current, err := s.Current(ctx, "accountoneaaaaaaaaaaaaaaaa", "tax")
		if err != nil {
			t.Fatal(err)
		}
		return consent.Decide(rules, wanted, current, consent.Facts{})
	}
	rulings, _ := decide().Accepted([]string{"name/return"})
	if err := s.Record(ctx, consent.Decisions{Account: "accountoneaaaaaaaaaaaaaaaa", Session: "sessiononeaaaaaaaaaaaaaaaa", System: "tax", Language: "th", Rulings: rulings}); err != nil {
		t.Fatal(err)
	}
	if o := decide(); o.Page() || fmt.Sprint(o.Release) != "[citizen_id name]" {
		t.Errorf("after the answer: %v, %v", o.Page(), o.Release)
	}
	clock.Add(time.Hour)
	n, err := s.Withdraw(ctx, "accountoneaaaaaaaaaaaaaaaa", "tax")
	if err != nil || n != 1 {
		t.Fatalf("%d, %v", n, err)
	}
	if o := decide(); fmt.Sprint(keys(o.Ask)) != "[name/return]" || fmt.Sprint(o.Release) != "[citizen_id]" {
		t.Errorf("after the withdrawal: ask %v, release %v", keys(o.Ask), o.Release)
	}
	if n, err := s.Withdraw(ctx, "accountoneaaaaaaaaaaaaaaaa", "tax"); err != nil || n != 0 {
		t.Errorf("again: %d, %v", n, err)
	}
	if n, err := s.Withdraw(ctx, "accounttwoaaaaaaaaaaaaaaaa", "tax"); err != nil || n != 0 {
		t.Errorf("of another: %d, %v", n, err)
	}
	clock.Add(183 * 24 * time.Hour)
	history, err := s.History(ctx, "accountoneaaaaaaaaaaaaaaaa", 10)
	if err != nil || len(history) != 4 || history[0].Decision != consent.Withdrawn || history[3].Decision != consent.Given ||
		history[3].Language != "th" || history[3].Interaction != "interactiononeaaaaaaaaaaaa" {
		t.Errorf("history %+v, %v", history, err)
	}
	want := []string{"consent.given", "consent.declined", "consent.told", "consent.withdrawn"}
	if got := mem.Kinds(); !slices.Equal(got, want) {
		t.Errorf("events %v", got)
	}
}

// D5: no event, no decision.
func TestD5_WithoutItsEventNoDecision(t *testing.T) {
	t.Parallel()
	s, mem, _, ctx := newService(t)
	mem.Fail = func(op string) error {
		if op == "audit" {
			return hub.Errorf("test", hub.Unavailable, "no record")
		}
		return nil
	}
	rulings, _ := consent.Decide([]consent.Rule{nameReq}, []hub.AttributeName{hub.Name}, nil, consent.Facts{}).Accepted([]string{"name/return"})
	err := s.Record(ctx, consent.Decisions{Account: "accountoneaaaaaaaaaaaaaaaa", System: "tax", Rulings: rulings})
	if current, _ := s.Current(ctx, "accountoneaaaaaaaaaaaaaaaa", "tax"); !errors.Is(err, hub.Unavailable) || len(current) != 0 {
		t.Errorf("%v, %d", err, len(current))
	}
}

func TestRecord_RefusesHalfDecisions(t *testing.T) {
	t.Parallel()
	s, mem, _, ctx := newService(t)
	good := consent.Ruling{Attribute: hub.Name, Purpose: "return", Decision: consent.Given, Version: "v"}
	for name, d := range map[string]consent.Decisions{
		"no account":        {System: "tax", Rulings: []consent.Ruling{good}},
		"no system":         {Account: "a", Rulings: []consent.Ruling{good}},
		"unknown attribute": {Account: "accountoneaaaaaaaaaaaaaaaa", System: "tax", Rulings: []consent.Ruling{{Attribute: "laser_code", Purpose: "p", Decision: consent.Given, Version: "v"}}},
		"no attribute":      {Account: "accountoneaaaaaaaaaaaaaaaa", System: "tax", Rulings: []consent.Ruling{{Purpose: "p", Decision: consent.Given, Version: "v"}}},
		"no version":        {Account: "accountoneaaaaaaaaaaaaaaaa", System: "tax", Rulings: []consent.Ruling{{Attribute: hub.Name, Purpose: "p", Decision: consent.Given}}},
		"unknown decision":  {Account: "accountoneaaaaaaaaaaaaaaaa", System: "tax", Rulings: []consent.Ruling{{Attribute: hub.Name, Purpose: "p", Decision: "maybe", Version: "v"}}},
	} {
		if err := s.Record(ctx, d); hub.KindOf(err) != hub.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := s.Record(ctx, consent.Decisions{Account: "accountoneaaaaaaaaaaaaaaaa", System: "tax"}); err != nil || len(mem.Events()) != 0 {
		t.Errorf("nothing to record: %v", err)
	}
}
