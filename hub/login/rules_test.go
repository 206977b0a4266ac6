package login

import (
	"strings"
	"testing"
	"time"

	"onedoor/hub"
	"onedoor/hub/consent"
	"onedoor/hub/session"
)

func TestAnswer_MaxAgeForceSelectAccount(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	want := hub.Level{IAL: hub.IAL21, AAL: hub.AAL21}
	sess := session.Session{
		Account: "a", Provider: "thaid", Level: want, StartedAt: now.Add(-time.Hour), AuthTime: now.Add(-time.Hour), LastActivity: now,
	}
	choices := []Choice{{ID: "thaid"}}
	age := func(d time.Duration) *time.Duration { return &d }
	for name, c := range map[string]struct {
		req  Request
		want hub.Level
		in   bool
	}{
		"no wish":                 {Request{}, want, true},
		"force":                   {Request{Force: true}, want, false},
		"select":                  {Request{SelectAccount: true}, want, false},
		"age reached":             {Request{MaxAge: age(time.Hour)}, want, true},
		"age passed":              {Request{MaxAge: age(time.Hour - time.Microsecond)}, want, false},
		"age 0":                   {Request{MaxAge: age(0)}, want, false},
		"age below 0":             {Request{MaxAge: age(-1)}, want, false},
		"right account":           {Request{Account: "a"}, want, true},
		"other account":           {Request{Account: "b"}, want, false},
		"higher IAL":              {Request{}, hub.Level{IAL: hub.IAL22, AAL: hub.AAL1}, false},
		"higher AAL":              {Request{}, hub.Level{IAL: hub.IAL11, AAL: hub.AAL22}, false},
		"lower in both":           {Request{}, hub.Level{IAL: hub.IAL11, AAL: hub.AAL1}, true},
		"passive changes nothing": {Request{Passive: true, AskConsent: true}, want, true},
	} {
		if _, got := answer(sess, c.req, c.want, choices, now); got != c.in {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestFresh_WhatCountsAsAgain(t *testing.T) {
	t.Parallel()
	began := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	now := began.Add(5 * time.Minute)
	age := func(d time.Duration) *time.Duration { return &d }
	for name, c := range map[string]struct {
		req  Request
		at   time.Time
		want bool
	}{
		"no wish":                     {Request{}, began.Add(-time.Hour), true},
		"no wish, not told":           {Request{}, time.Time{}, true},
		"force, after the beginning":  {Request{Force: true}, began.Add(time.Second), true},
		"force, within the skew":      {Request{Force: true}, began.Add(-time.Minute), true},
		"force, before":               {Request{Force: true}, began.Add(-time.Minute - time.Microsecond), false},
		"force, not told":             {Request{Force: true}, time.Time{}, false},
		"select, before":              {Request{SelectAccount: true}, began.Add(-2 * time.Minute), false},
		"age 0, before":               {Request{MaxAge: age(0)}, began.Add(-2 * time.Minute), false},
		"age 0, after":                {Request{MaxAge: age(0)}, began, true},
		"age 1 s, slow at the page":   {Request{MaxAge: age(time.Second)}, began, true},
		"age 1 h, reached":            {Request{MaxAge: age(time.Hour)}, now.Add(-time.Hour - time.Minute), true},
		"age 1 h, passed":             {Request{MaxAge: age(time.Hour)}, now.Add(-time.Hour - time.Minute - time.Microsecond), false},
		"age 1 h, not told":           {Request{MaxAge: age(time.Hour)}, time.Time{}, false},
		"age 1 h but forced, earlier": {Request{MaxAge: age(time.Hour), Force: true}, began.Add(-30 * time.Minute), false},
	} {
		if got := fresh(c.req, began, c.at, now); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestWanted_IsNeverBelowTheRegister(t *testing.T) {
	t.Parallel()
	for _, least := range append(hub.Levels(), hub.Level{}) {
		for _, ask := range append(hub.Levels(), hub.Level{}) {
			got := wanted(Request{Want: ask}, System{Least: least})
			if !got.Satisfies(least) || !got.Satisfies(ask) || got.IAL < hub.IAL11 || got.AAL < hub.AAL1 {
				t.Fatalf("%v and %v: %v", least, ask, got)
			}
			if got.IAL > max(least.IAL, ask.IAL, hub.IAL11) || got.AAL > max(least.AAL, ask.AAL, hub.AAL1) {
				t.Fatalf("%v and %v: %v is more than either", least, ask, got)
			}
		}
	}
}

func TestAdmissible_OrderOfReasons(t *testing.T) {
	t.Parallel()
	sys := System{Live: true, Rules: []consent.Rule{{Attribute: hub.Name}, {Attribute: "laser_code"}}}
	for name, c := range map[string]struct {
		req  Request
		live bool
		want hub.Kind
	}{
		"good":                              {Request{Attributes: []hub.AttributeName{hub.Name}}, true, ""},
		"nothing wanted":                    {Request{}, true, ""},
		"not live, and wrong":               {Request{Attributes: []hub.AttributeName{hub.Address}}, false, hub.Suspended},
		"one of two not registered":         {Request{Attributes: []hub.AttributeName{hub.Name, hub.Address}}, true, hub.Invalid},
		"registered, not in the dictionary": {Request{Attributes: []hub.AttributeName{"laser_code"}}, true, hub.Invalid},
	} {
		sys.Live = c.live
		if got := admissible(c.req, sys); got != c.want {
			t.Errorf("%s: %q", name, got)
		}
	}
}

type fineError string

func (s fineError) Error() string  { return "an error" }
func (s fineError) Reason() string { return string(s) }

func TestReasonOf_TakesWordsAndNoForeignText(t *testing.T) {
	t.Parallel()
	for word, want := range map[string]string{
		"id_token_nonce": "id_token_nonce", "": "refused", "Somchai": "refused", "a b": "refused", "1101700230708": "refused",
		strings.Repeat("a", 41): "refused",
	} {
		if got := reasonOf(hub.E("test", hub.Refused, fineError(word))); got != want {
			t.Errorf("%q: %q", word, got)
		}
	}
	if got := reasonOf(hub.E("test", hub.Expired, nil)); got != "expired" {
		t.Errorf("a kind alone: %q", got)
	}
}
