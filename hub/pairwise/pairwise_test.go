package pairwise_test

import (
	"crypto/rand"
	"testing"

	"onedoor/hub"
	"onedoor/hub/login/logintest"
	"onedoor/hub/pairwise"
)

func names(t testing.TB) *pairwise.Entities {
	t.Helper()
	e, err := pairwise.New(logintest.Index{})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func TestInvariant3_EachSectorKnowsAnEntityByAnIDOfItsOwn(t *testing.T) {
	t.Parallel()
	e, id := names(t), hub.EntityID(hub.NewID(rand.Reader))
	tax, care := e.Of("tax.example", id), e.Of("care.example", id)
	if len(tax) != pairwise.Size || tax == care || tax == string(id) || tax != names(t).Of("tax.example", id) {
		t.Errorf("%q %q", tax, care)
	}
	if got, ok := e.Open("tax.example", tax); !ok || got != id {
		t.Errorf("opened at home: %q %v", got, ok)
	}
	if got, ok := e.Open("care.example", tax); !ok || got == id || !hub.ValidID(string(got)) {
		t.Errorf("opened elsewhere: %q %v", got, ok)
	}
	if got := e.Of("tax.example", "no entity"); got != "" {
		t.Errorf("%q", got)
	}
	if _, err := pairwise.New(nil); hub.KindOf(err) != hub.Invalid {
		t.Error(err)
	}
}

//nolint:paralleltest // it counts allocations
func TestD9_NamingAllocatesNothing(t *testing.T) {
	e, id, room := names(t), hub.EntityID(hub.NewID(rand.Reader)), make([]byte, 0, 64)
	e.Of("tax.example", id)
	if n := testing.AllocsPerRun(100, func() { _ = e.Append(room, "tax.example", id) }); n > 1 {
		t.Errorf("%v allocations", n)
	}
}

func FuzzOpen(f *testing.F) {
	e := names(f)
	for _, s := range []string{"", "self", e.Of("tax.example", hub.EntityID(hub.NewID(rand.Reader))), "AAAAAAAAAAAAAAAAAAAAAA", "AAAAAAAAAAAAAAAAAAAAAB", "=\x00"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if id, ok := e.Open("tax.example", s); ok && e.Of("tax.example", id) != s {
			t.Errorf("%q has two spellings", s)
		}
	})
}
