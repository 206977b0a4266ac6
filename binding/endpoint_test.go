package binding

import (
	"errors"
	"testing"

	"onedoor/hub"
)

// EXC-04: an answer says what the schema knows, in one way, and nothing of a person; anything else is refused whole.
func TestParseAnswer(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]Answer{
		`{"result":"no-match"}`:                              {Result: None},
		`{"result":"multiple"}`:                              {Result: Multiple},
		`{"result":"match","record":"A1"}`:                   {Result: Match, Number: "A1"},
		` {"record":"A1","area":"north","result":"create"} `: {Result: Create, Number: "A1", Area: "north"},
		`{"result":"ask-more","ask":"first-year"}`:           {Result: More, Ask: "first-year"},
		``:                                 {},
		`[]`:                               {},
		`{}`:                               {},
		`{"result":"Match","record":"A1"}`: {},
		`{"result":"match"}`:               {},
		`{"result":"match","record":""}`:   {},
		`{"result":"match","record":7}`:    {},
		`{"result":"match","record":"A1","record":"A2"}`:         {},
		`{"result":"match","record":"A1","name":"Somchai"}`:      {},
		`{"result":"match","record":"A1","area":"../x"}`:         {},
		`{"result":"no-match","record":"A1"}`:                    {},
		`{"result":"no-match","area":"north"}`:                   {},
		`{"result":"ask-more"}`:                                  {},
		`{"result":"ask-more","ask":"First Year"}`:               {},
		`{"result":"multiple","ask":"first-year"}`:               {},
		`{"result":"match","record":"A1"} {"result":"no-match"}`: {},
		`{"result":"match","record":"A1","unsure":"yes"}`:        {},
		"{\"result\":\"match\",\"record\":\"A1\xff\"}":           {},
		`{"result":{"result":"match"},"record":"A1"}`:            {},
	} {
		got, err := ParseAnswer([]byte(text))
		if got != want || (err != nil) != (want == Answer{}) || err != nil && !errors.Is(err, hub.Refused) {
			t.Errorf("%q: %+v, %v", text, got.Result, err)
		}
	}
}

func FuzzParseAnswer(f *testing.F) {
	f.Add([]byte(`{"result":"match","record":"A1","area":"north"}`))
	f.Add([]byte(`{"result":"ask-more","ask":"first-year"}`))
	f.Add([]byte(`{"result":"no-match","result":"match"}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		a, err := ParseAnswer(body)
		if err != nil {
			if a != (Answer{}) {
				t.Fatal("says something with a refusal")
			}
			return
		}
		found := a.Result == Match || a.Result == Create
		if found != (a.Number != "") || (a.Ask != "") != (a.Result == More) || a.Unsure || len(a.Number) > maxNumber {
			t.Fatalf("%s", body)
		}
	})
}

// The state machine, whole: what is not here can't be.
func TestStates_Moves(t *testing.T) {
	t.Parallel()
	can := map[State]string{
		Pending: "pending proposed review bound unbound", Proposed: "pending proposed review bound unbound", Review: "pending proposed review bound unbound",
		Bound: "bound suspended unbound", Suspended: "bound suspended unbound", Unbound: "",
	}
	for _, from := range States() {
		got := ""
		for _, to := range States() {
			if from.CanBecome(to) {
				if got != "" {
					got += " "
				}
				got += string(to)
			}
		}
		if got != can[from] {
			t.Errorf("%s -> %q, want %q", from, got, can[from])
		}
		if from.Counts() != (from == Bound || from == Suspended) {
			t.Error(from)
		}
	}
}

// What prints or logs a number says nothing.
func TestPRV01_NumbersDoNotPrint(t *testing.T) {
	t.Parallel()
	for _, s := range []string{Answer{Number: "A1"}.String(), Answer{Number: "A1"}.LogValue().String(), Shown{Kind: "k", Number: "A1"}.String(), question{Record: "A1"}.LogValue().String()} {
		if s == "" || len(s) > 12 || s == "A1" {
			t.Errorf("%q", s)
		}
	}
}

// A node remembers whom it has seen, within bounds; forgetting costs a question and nothing else.
func TestSeen_IsBounded(t *testing.T) {
	t.Parallel()
	s := newSeen(100)
	at := func(i int) Owner {
		return Owner{Account: hub.AccountID(string(rune('a'+i%26)) + string(rune('0'+i/26)))}
	}
	for i := range 200 {
		s.add(at(i), "d")
		if !s.has(at(i), "d") || s.has(at(i), "e") || len(s.new)+len(s.old) > 100 {
			t.Fatalf("%d: %d + %d", i, len(s.new), len(s.old))
		}
	}
	if s.has(at(0), "d") {
		t.Error("remembers for ever")
	}
}
