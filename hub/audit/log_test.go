package audit

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"onedoor/hub"
)

func event() Event {
	id := func() string { return hub.NewID(hub.Randomness()) }
	return Event{
		Kind: "token.issued", Outcome: Success, Account: hub.AccountID(id()), Session: hub.SessionID(id()), System: "revenue-web",
		Provider: "thaid", Level: hub.Level{IAL: hub.IAL23, AAL: hub.AAL22}, Channel: "web",
		Detail: map[string]string{"grant": id(), "release": "given_name,family_name", "network": "203.0.113.0/24", "acr": "urn:onedoor:ial:2.3:aal:2.1"},
	}
}

func TestAUD05_RecordFillsIdTimeAndInteraction(t *testing.T) {
	t.Parallel()
	m := newMemory()
	l := newLog(t, m, at(noon))
	interaction := hub.InteractionID(hub.NewID(hub.Randomness()))
	ctx := hub.WithInteraction(t.Context(), interaction)
	own := event()
	own.Interaction = hub.InteractionID(hub.NewID(hub.Randomness()))
	own.At = noon.Add(-time.Hour).In(time.FixedZone("ICT", 7*3600))
	if err := l.Record(ctx, event(), own); err != nil {
		t.Fatal(err)
	}
	if err := l.Record(ctx); err != nil {
		t.Fatal(err)
	}
	a, b := m.rows[0].Event, m.rows[1].Event
	if !hub.ValidID(a.ID) || !hub.ValidID(b.ID) || a.ID == b.ID {
		t.Error("ids", a.ID, b.ID)
	}
	if a.Interaction != interaction || b.Interaction != own.Interaction {
		t.Error("interactions", a.Interaction, b.Interaction)
	}
	if !a.At.Equal(noon.Truncate(time.Microsecond)) || !b.At.Equal(own.At.Truncate(time.Microsecond)) || b.At.Location() != time.UTC {
		t.Error("times", a.At, b.At)
	}
	for _, r := range m.rows {
		if !bytes.Equal(r.MAC, authenticate(Canonical(r.Event))) {
			t.Error("authenticator")
		}
	}
}

func TestRecordGivesTheKindOfTheStore(t *testing.T) {
	t.Parallel()
	m := newMemory()
	m.down = hub.Errorf("memory", hub.Unavailable, "down")
	l := newLog(t, m, at(noon))
	if err := l.Record(t.Context(), event()); !errors.Is(err, hub.Unavailable) {
		t.Error(err)
	}
	if _, err := New(Options{Store: m, Clock: at(noon), Random: hub.Randomness()}); !errors.Is(err, hub.Invalid) {
		t.Error(err)
	}
}

func TestPRV01_AUD11_RecordTakesTheClosedFormOnly(t *testing.T) {
	t.Parallel()
	detail := func(k, v string) func(*Event) { return func(e *Event) { e.Detail = map[string]string{k: v} } }
	for name, spoil := range map[string]func(*Event){
		"no kind":                     func(e *Event) { e.Kind = "" },
		"kind of one word":            func(e *Event) { e.Kind = "login" },
		"kind with a number":          func(e *Event) { e.Kind = "login.1345951597671" },
		"kind with a name":            func(e *Event) { e.Kind = "login.สมชาย" },
		"kind in upper case":          func(e *Event) { e.Kind = "login.Somchai" },
		"kind that ends":              func(e *Event) { e.Kind = "login." },
		"long kind":                   func(e *Event) { e.Kind = "a." + strings.Repeat("b", 63) },
		"no outcome":                  func(e *Event) { e.Outcome = "" },
		"another outcome":             func(e *Event) { e.Outcome = "maybe" },
		"reason is a sentence":        func(e *Event) { e.Reason = "somchai said no" },
		"reason is a number":          func(e *Event) { e.Reason = "1345951597671" },
		"reason holds a number":       func(e *Event) { e.Reason = "pid-1345951597671" },
		"account is a number":         func(e *Event) { e.Account = "1345951597671" },
		"session is a secret":         func(e *Event) { e.Session = hub.SessionID(hub.NewSecret(hub.Randomness()).Reveal()) },
		"interaction":                 func(e *Event) { e.Interaction = "x" },
		"id":                          func(e *Event) { e.ID = "x" },
		"system with a space":         func(e *Event) { e.System = "a b" },
		"system is a number":          func(e *Event) { e.System = "a1345951597671" },
		"provider":                    func(e *Event) { e.Provider = "https://idp.example/?sub=1" },
		"level":                       func(e *Event) { e.Level.AAL = 9 },
		"channel":                     func(e *Event) { e.Channel = "0812345678" },
		"time before 1970":            func(e *Event) { e.At = time.Unix(-5, 0) },
		"detail key":                  detail("Name", "x"),
		"detail key is a number":      detail("a1345951597671", "x"),
		"value is a citizen number":   detail("x", "1345951597671"),
		"written as on the card":      detail("x", "1-3459-51597-67-1"),
		"within a word":               detail("x", "pid1345951597671"),
		"among others":                detail("x", "a,1345951597671,b"),
		"value is a Vietnamese one":   detail("x", "001099012345"),
		"value is a phone":            detail("x", "0812345678"),
		"value is a phone, abroad":    detail("x", "+66812345678"),
		"value is an e-mail":          detail("x", "somchai@example.com"),
		"value is a name":             detail("x", "สมชาย"),
		"value has a space":           detail("x", "Somchai Jaidee"),
		"value is a URL with a query": detail("x", "https://a.example/?code=1"),
		"value is JSON":               detail("x", `{"sub":"x"}`),
		"value is a secret":           detail("x", hub.NewSecret(hub.Randomness()).Reveal()),
		"value is a JWT":              detail("x", "eyJhbGciOiJFUzI1NiJ9"+strings.Repeat("a", 30)),
		"value is an access token":    detail("x", "od1_"+strings.Repeat("a", 300)),
		"value ends a line":           detail("x", "a\nb"),
		"value is long":               detail("x", strings.Repeat("a.", 101)),
		"many details": func(e *Event) {
			e.Detail = map[string]string{}
			for i := range 17 {
				e.Detail[fmt.Sprintf("k%d", i)] = "x"
			}
		},
	} {
		m := newMemory()
		e := event()
		spoil(&e)
		err := newLog(t, m, at(noon)).Record(t.Context(), event(), e)
		if !errors.Is(err, hub.Invalid) {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if len(m.rows) != 0 {
			t.Errorf("%s: the others were written", name)
		}
		for _, secret := range []string{"1345951597671", "somchai", "สมชาย", "0812345678"} {
			if strings.Contains(err.Error(), secret) {
				t.Errorf("%s: the error quotes it: %v", name, err)
			}
		}
	}
}

func TestRecordTakesEveryIdOfOurs(t *testing.T) {
	t.Parallel()
	m := newMemory()
	l := newLog(t, m, at(noon))
	// An id can happen to hold many figures in a row: it is an id all the same.
	for _, id := range []string{"aaa234567234567234567aaaaa", "23456723456723456723456723"} {
		e := event()
		e.Account, e.Detail = hub.AccountID(id), map[string]string{"token": id}
		if err := l.Record(t.Context(), e); err != nil {
			t.Error(err)
		}
	}
	for _, e := range []Event{
		{Kind: "key.rotated", Outcome: Success, Detail: map[string]string{"alg": "ES256"}},
		{Kind: "login.provider_chosen", Outcome: Failure, Reason: "level_unmet"},
		{Kind: "a.b.c-d", Outcome: Refusal, Reason: "invalid_request", Detail: map[string]string{"scope": "openid+profile", "count": "12345678", "at": "2026-03-01T12:00:00"}},
	} {
		if err := l.Record(t.Context(), e); err != nil {
			t.Errorf("%s: %v", e.Kind, err)
		}
	}
}

func TestCanonicalTellsEveryFieldApart(t *testing.T) {
	t.Parallel()
	base := event()
	base.ID, base.At = hub.NewID(hub.Randomness()), noon
	seen := map[string]string{string(Canonical(base)): "base"}
	for name, change := range map[string]func(*Event){
		"id":          func(e *Event) { e.ID = "x" },
		"at":          func(e *Event) { e.At = e.At.Add(time.Microsecond) },
		"interaction": func(e *Event) { e.Interaction = "x" },
		"kind":        func(e *Event) { e.Kind = "token.refused" },
		"outcome":     func(e *Event) { e.Outcome = Failure },
		"reason":      func(e *Event) { e.Reason = "x" },
		"account":     func(e *Event) { e.Account = "" },
		"session":     func(e *Event) { e.Session = "" },
		"system":      func(e *Event) { e.System = "" },
		"provider":    func(e *Event) { e.Provider = "" },
		"shifted":     func(e *Event) { e.System, e.Provider = e.System+"t", e.Provider[1:] },
		"ial":         func(e *Event) { e.Level.IAL-- },
		"aal":         func(e *Event) { e.Level.AAL-- },
		"channel":     func(e *Event) { e.Channel = "app" },
		"detail":      func(e *Event) { e.Detail = maps.Clone(e.Detail); e.Detail["acr"] = "x" },
		"detail less": func(e *Event) { e.Detail = maps.Clone(e.Detail); delete(e.Detail, "acr") },
		"no detail":   func(e *Event) { e.Detail = nil },
	} {
		e := base
		change(&e)
		c := string(Canonical(e))
		if other, twice := seen[c]; twice {
			t.Errorf("%s and %s have one form", name, other)
		}
		seen[c] = name
	}
	for range 20 { // the order of a map does not matter
		if _, ok := seen[string(Canonical(base))]; !ok {
			t.Fatal("one event, two forms")
		}
	}
}

func TestAUD01_AUD03_AUD04_HistoryOfSixMonths(t *testing.T) {
	t.Parallel()
	m := newMemory()
	now := noon
	l := newLog(t, m, func() time.Time { return now })
	me, other := event(), event()
	kinds := []string{"login.finished", "consent.given", "consent.withdrawn", "session.ended"}
	for _, k := range kinds {
		me.Kind = k
		if err := l.Record(t.Context(), me, other); err != nil {
			t.Fatal(err)
		}
		now = now.Add(time.Second)
	}
	now = noon.Add(183 * 24 * time.Hour)
	got, err := l.History(t.Context(), me.Account, now.Add(-184*24*time.Hour), 100)
	if err != nil {
		t.Fatal(err)
	}
	var seen []string
	for _, e := range got {
		seen = append(seen, e.Kind)
	}
	slices.Reverse(kinds)
	if !slices.Equal(seen, kinds) {
		t.Errorf("history %v, want %v", seen, kinds)
	}
	if got, _ := l.History(t.Context(), me.Account, noon, 2); len(got) != 2 || got[0].Kind != "session.ended" {
		t.Error("limit", got)
	}
	for _, f := range []func() ([]Event, error){
		func() ([]Event, error) { return l.History(t.Context(), "1345951597671", noon, 1) },
		func() ([]Event, error) { return l.History(t.Context(), me.Account, noon, 0) },
	} {
		if _, err := f(); !errors.Is(err, hub.Invalid) {
			t.Error(err)
		}
	}
}

func FuzzRecord(f *testing.F) {
	f.Add("a.b", "x", "k", "v")
	f.Add("a.b", "x", "k", "1345951597671")
	f.Add("a.1345951597671", "x", "k", "1-3459-51597-67-1")
	f.Add("login.x", "0812345678", "pid", "1 3459 51597 67 1")
	f.Fuzz(func(t *testing.T, kind, reason, key, v string) {
		m := newMemory()
		l, err := New(Options{Store: m, Authenticate: authenticate, Clock: at(noon), Random: hub.Randomness()})
		if err != nil {
			t.Fatal(err)
		}
		if l.Record(context.Background(), Event{Kind: kind, Outcome: Success, Reason: reason, Detail: map[string]string{key: v}}) != nil {
			return
		}
		for _, s := range []string{kind, reason, key, v} {
			run := 0
			for _, c := range s {
				switch {
				case c >= '0' && c <= '9':
					run++
				case c != '-' && c != '_':
					run = 0
				}
				if c > 0x7e || c <= ' ' || (run >= 13 && !hub.ValidID(s)) {
					t.Fatalf("%q is in the record", s)
				}
			}
		}
	})
}
