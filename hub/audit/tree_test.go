package audit

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"onedoor/hub"
)

func record(t *testing.T, m *memory, n int) {
	t.Helper()
	l := newLog(t, m, at(noon))
	for range n {
		if err := l.Record(t.Context(), event()); err != nil {
			t.Fatal(err)
		}
	}
}

func verify(t *testing.T, m *memory, known ...Head) Report {
	t.Helper()
	v, err := NewVerifier(VerifierOptions{Store: m, Cuts: m, Authenticate: authenticate, Check: checkSign, Origin: "https://login.example"})
	if err != nil {
		t.Fatal(err)
	}
	r, err := v.Verify(t.Context(), known...)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestSealProveAndVerify(t *testing.T) {
	t.Parallel()
	m := newMemory()
	s := newSealer(t, m, at(noon))
	if n, err := s.Seal(t.Context()); n != 0 || err != nil || len(m.list) != 0 {
		t.Fatal("an empty log", n, err)
	}
	if r := verify(t, m); len(r.Faults) != 0 || r.Size != 0 {
		t.Fatalf("an empty log: %+v", r)
	}
	var old []Head
	for i, n := range []int{1, 1, 2, 9, 700, 1200, 5} {
		record(t, m, n)
		sealed, err := s.Seal(t.Context())
		if err != nil || sealed != n {
			t.Fatalf("step %d: %d sealed, %v", i, sealed, err)
		}
		head, err := s.Head(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		old = append(old, head)
	}
	head := old[len(old)-1]
	if head.Size != 1918 || checkSign(HeadPayload("https://login.example", head), head.Signature) != nil {
		t.Fatalf("head %+v", head)
	}
	for i := 0; i < len(m.rows); i += 37 {
		m.read = 0
		p, err := s.Prove(t.Context(), m.rows[i].Event.ID)
		if err != nil {
			t.Fatal(err)
		}
		if err := p.Verify(); err != nil {
			t.Fatalf("row %d: %v", i, err)
		}
		if m.read > 2*11 {
			t.Errorf("a proof in a log of 1918 reads %d nodes", m.read)
		}
		p.Event.Reason = "x"
		if p.Verify() == nil {
			t.Fatal("proves what did not happen")
		}
	}
	for _, o := range old {
		c, err := s.ProveConsistency(t.Context(), o.Size)
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Verify(o.Root); err != nil {
			t.Errorf("from %d: %v", o.Size, err)
		}
	}
	if r := verify(t, m, old...); len(r.Faults) != 0 || r.Size != 1918 {
		t.Errorf("%+v", r)
	}
	for name, f := range map[hub.Kind]func() error{
		hub.NotFound: func() error { _, err := s.Prove(t.Context(), hub.NewID(hub.Randomness())); return err },
		hub.Invalid:  func() error { _, err := s.ProveConsistency(t.Context(), 1919); return err },
		hub.Conflict: func() error {
			record(t, m, 1)
			_, err := s.Prove(t.Context(), m.rows[len(m.rows)-1].Event.ID)
			return err
		},
	} {
		if err := f(); !errors.Is(err, name) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAppendCostsTheLogarithm(t *testing.T) {
	t.Parallel()
	m := newMemory()
	s := newSealer(t, m, at(noon))
	record(t, m, 1023)
	if _, err := s.Seal(t.Context()); err != nil {
		t.Fatal(err)
	}
	m.read = 0
	record(t, m, 1)
	if _, err := s.Seal(t.Context()); err != nil || m.read > 10 {
		t.Errorf("appending to 1023 leaves reads %d nodes: %v", m.read, err)
	}
}

func TestSeveralNodesSealOneTree(t *testing.T) {
	t.Parallel()
	m := newMemory()
	var wg sync.WaitGroup
	for range 4 {
		s := newSealer(t, m, at(noon))
		l := newLog(t, m, at(noon))
		wg.Go(func() {
			for range 200 {
				if err := l.Record(context.Background(), event()); err != nil {
					t.Error(err)
				}
				if _, err := s.Seal(context.Background()); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if _, err := newSealer(t, m, at(noon)).Seal(t.Context()); err != nil {
		t.Fatal(err)
	}
	if r := verify(t, m); len(r.Faults) != 0 || r.Size != 800 {
		t.Errorf("%+v", r)
	}
}

func TestHeadIsSignedAnewWhenItIsOld(t *testing.T) {
	t.Parallel()
	m := newMemory()
	now := noon
	s := newSealer(t, m, func() time.Time { return now })
	record(t, m, 3)
	for _, step := range []struct {
		after time.Duration
		heads int
	}{{0, 1}, {DefaultFreshness - time.Second, 1}, {time.Second, 2}, {time.Second, 2}, {DefaultFreshness, 3}} {
		now = now.Add(step.after)
		if _, err := s.Seal(t.Context()); err != nil {
			t.Fatal(err)
		}
		if len(m.list) != step.heads {
			t.Fatalf("at %v: %d heads, want %d", now, len(m.list), step.heads)
		}
	}
	if r := verify(t, m); len(r.Faults) != 0 || r.Heads != 3 {
		t.Errorf("%+v", r)
	}
}

func TestForgedRowIsNeverSealedAndDoesNotStopTheOthers(t *testing.T) {
	t.Parallel()
	m := newMemory()
	s := newSealer(t, m, at(noon))
	record(t, m, 2)
	for range batch + 3 { // more than one step of forged rows
		if err := m.Append(t.Context(), []Row{{Event: event(), MAC: make([]byte, 32)}}); err != nil {
			t.Fatal(err)
		}
	}
	record(t, m, 2)
	n, err := s.Seal(t.Context())
	if n != 4 || !errors.Is(err, hub.Refused) {
		t.Fatal(n, err)
	}
	if n, err := s.Seal(t.Context()); n != 0 || !errors.Is(err, hub.Refused) {
		t.Fatal("the second time:", n, err)
	}
	r := verify(t, m)
	if r.Size != 4 || len(r.Faults) != maxFaults || !r.More || r.Faults[0].Kind != RowInserted {
		t.Errorf("%+v", r)
	}
}

func TestVerifySaysNothingWhenTheStoreIsDown(t *testing.T) {
	t.Parallel()
	m := newMemory()
	record(t, m, 1)
	m.down = hub.Errorf("memory", hub.Unavailable, "down")
	v, err := NewVerifier(VerifierOptions{Store: m, Cuts: m, Authenticate: authenticate, Check: checkSign, Origin: "x"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := v.Verify(t.Context()); !errors.Is(err, hub.Unavailable) {
		t.Error(err)
	}
	if _, err := newSealer(t, m, at(noon)).Seal(t.Context()); !errors.Is(err, hub.Unavailable) {
		t.Error(err)
	}
}

func TestHeadsOfAnotherLogOrWithoutLivingKey(t *testing.T) {
	t.Parallel()
	m := newMemory()
	s := newSealer(t, m, at(noon))
	for range 2 {
		record(t, m, 3)
		if _, err := s.Seal(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	run := func(origin string, check func([]byte, string) error) []Fault {
		v, err := NewVerifier(VerifierOptions{Store: m, Cuts: m, Authenticate: authenticate, Check: check, Origin: origin})
		if err != nil {
			t.Fatal(err)
		}
		r, err := v.Verify(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return r.Faults
	}
	kinds := func(faults []Fault) (out []FaultKind) {
		for _, f := range faults {
			out = append(out, f.Kind)
		}
		return out
	}
	if got := kinds(run("https://other.example", checkSign)); !slices.Equal(got, []FaultKind{HeadForged, HeadForged, HeadMissing}) {
		t.Error(got)
	}
	gone := func([]byte, string) error { return hub.Errorf("test", hub.NotFound, "gone") }
	if got := kinds(run("https://login.example", gone)); !slices.Equal(got, []FaultKind{HeadMissing}) {
		t.Error("every key gone:", got)
	}
	first := m.list[0].Signature
	oldGone := func(b []byte, sig string) error {
		if sig == first {
			return gone(b, sig)
		}
		return checkSign(b, sig)
	}
	if got := run("https://login.example", oldGone); len(got) != 0 {
		t.Error("the key of an old head is gone:", got)
	}
}

func BenchmarkRecord(b *testing.B) {
	l := newLog(b, newMemory(), at(noon))
	e := event()
	for b.Loop() {
		if err := l.Record(b.Context(), e); err != nil {
			b.Fatal(err)
		}
	}
}

func ExampleHeadPayload() {
	fmt.Printf("%s", HeadPayload("https://login.example", Head{Size: 2, Root: Hash{1}, At: time.Unix(1, 0)}))
	// Output:
	// onedoor audit tree head v1
	// https://login.example
	// 2
	// AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=
	// 1000000
}
