package telemetry

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"onedoor/hub"
)

// timers are those that somebody asked for; the test lets their time pass.
type timers struct {
	mu  sync.Mutex
	due []func()
}

func (t *timers) after(_ time.Duration, f func()) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.due = append(t.due, f)
}

func (t *timers) pass() int {
	t.mu.Lock()
	due := t.due
	t.due = nil
	t.mu.Unlock()
	for _, f := range due {
		f()
	}
	return len(due)
}

func TestJournalWritesWhatTheLoggerWrites(t *testing.T) {
	t.Parallel()
	var out, plain bytes.Buffer
	tm := &timers{}
	buffer, err := NewBuffer(&out, tm.after)
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 3, 1, 8, 0, 0, 123456789, time.UTC)
	j, err := NewJournal(buffer, func() time.Time { return at })
	if err != nil {
		t.Fatal(err)
	}
	const id = "abcdefghijklmnopqrstuvwxyz"
	for _, r := range []Request{
		{"POST", "/oauth2/introspect", 200, 1234567 * time.Nanosecond, 530, id},
		{"GET", "/login/{tx}", 503, 0, 0, id},
		{"GET", "unmatched", 404, time.Hour, 1, id},
	} {
		j.Request(r)
		log, err := NewLogger(&plain, slog.LevelInfo, JSON)
		if err != nil {
			t.Fatal(err)
		}
		log.LogAttrs(t.Context(), slog.LevelInfo, "request", slog.String("method", r.Method), slog.String("route", r.Route), slog.Int("status", r.Status),
			slog.Float64("ms", float64(r.Took.Microseconds())/1000), slog.Int64("bytes", r.Bytes), slog.String("interaction", string(r.Interaction)))
	}
	if out.Len() != 0 {
		t.Error("written before its time")
	}
	if tm.pass() != 1 || tm.pass() != 0 {
		t.Error("one flush for all lines")
	}
	got, want := strings.Split(out.String(), "\n"), strings.Split(plain.String(), "\n")
	if len(got) != 4 || len(want) != 4 {
		t.Fatalf("%d lines, %d", len(got), len(want))
	}
	for i := range 3 {
		var a, b map[string]any
		if err := errors.Join(json.Unmarshal([]byte(got[i]), &a), json.Unmarshal([]byte(want[i]), &b)); err != nil {
			t.Fatal(err)
		}
		if a["time"] != "2026-03-01T08:00:00.123456789Z" {
			t.Errorf("time %v", a["time"])
		}
		delete(a, "time")
		delete(b, "time")
		if x, y := mustJSON(t, a), mustJSON(t, b); x != y {
			t.Errorf("journal %s\nlogger  %s", x, y)
		}
	}
}

func mustJSON(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestJournalHoldsNothingThatWasSent(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	tm := &timers{}
	buffer, _ := NewBuffer(&out, tm.after)
	j, _ := NewJournal(buffer, time.Now)
	j.Request(Request{Method: "someone\"", Route: "/a\"b", Status: 200, Interaction: "someone\"@example"})
	if err := buffer.Flush(); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(out.String(), "someone") || strings.Contains(out.String(), `a\`) || !json.Valid(out.Bytes()) {
		t.Errorf("%s", out.String())
	}
}

func TestBufferWritesWarningsAtOnceAndFullBuffersToo(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	tm := &timers{}
	buffer, _ := NewBuffer(&out, tm.after)
	log, err := NewLogger(buffer, slog.LevelInfo, JSON)
	if err != nil {
		t.Fatal(err)
	}
	log.Info("one")
	if out.Len() != 0 {
		t.Error("written before its time")
	}
	log.Warn("two")
	if strings.Count(out.String(), "\n") != 2 {
		t.Errorf("after a warning: %q", out.String())
	}
	for range bufferSize / 10 {
		if _, err := io.WriteString(buffer, "123456789\n"); err != nil {
			t.Fatal(err)
		}
	}
	if out.Len() < bufferSize/2 {
		t.Error("a full buffer waits")
	}
	tm.pass()
	if strings.Count(out.String(), "\n") != 2+bufferSize/10 {
		t.Errorf("%d lines", strings.Count(out.String(), "\n"))
	}
}

func TestJournalConstructors(t *testing.T) {
	t.Parallel()
	_, e1 := NewBuffer(nil, func(time.Duration, func()) {})
	_, e2 := NewBuffer(io.Discard, nil)
	_, e3 := NewJournal(nil, time.Now)
	for i, err := range []error{e1, e2, e3} {
		if !errors.Is(err, hub.Invalid) {
			t.Errorf("%d: %v", i, err)
		}
	}
}

func BenchmarkJournal(b *testing.B) {
	tm := &timers{}
	buffer, _ := NewBuffer(io.Discard, tm.after)
	j, _ := NewJournal(buffer, time.Now)
	b.ReportAllocs()
	for b.Loop() {
		j.Request(Request{"POST", "/oauth2/introspect", 200, 1234567, 530, "abcdefghijklmnopqrstuvwxyz"})
	}
}
