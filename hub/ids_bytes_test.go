package hub_test

import (
	"crypto/rand"
	"encoding/base32"
	"testing"

	"onedoor/hub"
)

// FuzzIDBytes: an id has one spelling, the one that NewID gives, and is read without an allocation.
func FuzzIDBytes(f *testing.F) {
	good := hub.NewID(rand.Reader)
	for _, seed := range []string{"", good, good[:25], good + "a", "aaaaaaaaaaaaaaaaaaaaaaaaab", "aaaaaaaaaaaaaaaaaaaaaaaaae", "A" + good[1:], "1" + good[1:], "77777777777777777777777774"} {
		f.Add(seed)
	}
	letters := base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)
	f.Fuzz(func(t *testing.T, id string) {
		b, ok := hub.IDBytes(id)
		raw, err := letters.DecodeString(id)
		if want := err == nil && len(raw) == 16 && letters.EncodeToString(raw) == id; ok != want {
			t.Fatalf("%q: %v, want %v", id, ok, want)
		}
		if ok && (string(raw) != string(b[:]) || hub.IDOf(b) != id) {
			t.Fatalf("%q: %x, want %x", id, b, raw)
		}
	})
}

func TestIDBytesAllocatesNothing(t *testing.T) {
	id := hub.NewID(rand.Reader)
	if n := testing.AllocsPerRun(100, func() { hub.IDBytes(id) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
