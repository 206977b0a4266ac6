package freeport

import (
	"net"
	"testing"
)

// Nobody is given what another has, the port can be opened again and again, and what a test had is free when it has ended.
func TestAPortIsItsTestsAlone(t *testing.T) {
	start := 0
	t.Run("one test", func(t *testing.T) {
		start = Row(t, 3)
		if reserve(t, start+2, 1) || reserve(t, start-1, 2) {
			t.Error("a port was given twice")
		}
		for range 2 {
			l, err := net.Listen("tcp", at(start+1))
			if err != nil {
				t.Fatal(err)
			}
			if err := l.Close(); err != nil {
				t.Fatal(err)
			}
		}
	})
	if !reserve(t, start, 3) {
		t.Error("the ports are still held after their test")
	}
	taken, err := net.Listen("tcp", Address(t))
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close() //nolint:errcheck // nobody was let in
	if reserve(t, taken.Addr().(*net.TCPAddr).Port, 1) {
		t.Error("a port was given at which somebody listens")
	}
}
