package hubtest

import (
	"errors"
	"reflect"
	"sync"
	"sync/atomic"
	"testing"

	"onedoor/hub"
)

// racers is how many do the same thing at once in the tests of concurrency.
const racers = 16

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// wantKind fails unless err has the kind.
func wantKind(t *testing.T, what string, err error, kind hub.Kind) {
	t.Helper()
	if !errors.Is(err, kind) {
		t.Errorf("%s: got %v, want %s", what, err, kind)
	}
}

// wantSame fails unless both are deeply equal.
func wantSame(t *testing.T, what string, got, want any) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s:\n got %+v\nwant %+v", what, got, want)
	}
}

// race lets racers do the thing at once and fails unless exactly one succeeds and all others get the kind.
func race(t *testing.T, loser hub.Kind, do func(i int) error) {
	t.Helper()
	var (
		wg   sync.WaitGroup
		wins atomic.Int32
		gate = make(chan struct{})
	)
	for i := range racers {
		wg.Go(func() {
			<-gate
			switch err := do(i); {
			case err == nil:
				wins.Add(1)
			case !errors.Is(err, loser):
				t.Errorf("a loser got %v, want %s", err, loser)
			}
		})
	}
	close(gate)
	wg.Wait()
	if n := wins.Load(); n != 1 {
		t.Errorf("%d of %d won, want exactly 1", n, racers)
	}
}
