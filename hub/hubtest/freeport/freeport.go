// Package freeport gives tests TCP ports for programs that open them themselves, later, and perhaps again after a kill.
//
// A port that the system chose (port 0) and that was closed again does not stay free: the system gives the same numbers to outgoing
// connections, and another test may be told the same one. The ports here lie below those of connections, and each is reserved by the UDP
// socket of the same number for as long as its test runs. So two test programs that run side by side never get the same one, and a
// reservation ends with its program, whatever ends that.
package freeport

import (
	"fmt"
	"math/rand/v2"
	"net"
	"testing"
)

// Connections are given ports from 32768 on (net.ipv4.ip_local_port_range); services of the system seldom have one above the first.
const (
	first = 16000
	last  = 32000
)

// Address gives a loopback address with a port that the caller's test has to itself until it ends.
func Address(tb testing.TB) string {
	tb.Helper()
	return at(Row(tb, 1))
}

// Row gives the first of n ports in a row that the caller's test has to itself until it ends.
func Row(tb testing.TB, n int) int {
	tb.Helper()
	for range 200 {
		start := first + rand.IntN(last-first-n)
		if reserve(tb, start, n) {
			return start
		}
	}
	tb.Fatalf("no %d free ports in a row", n)
	return 0
}

// reserve takes all of n ports or none.
func reserve(tb testing.TB, start, n int) bool {
	var held []net.PacketConn
	for port := start; port < start+n; port++ {
		c, err := net.ListenPacket("udp", at(port))
		if err == nil {
			held = append(held, c)
			var l net.Listener
			if l, err = net.Listen("tcp", at(port)); err == nil { // nobody else listens there
				err = l.Close()
			}
		}
		if err != nil {
			release(held)
			return false
		}
	}
	tb.Cleanup(func() { release(held) })
	return true
}

func release(held []net.PacketConn) {
	for _, c := range held {
		_ = c.Close() // nothing was ever sent
	}
}

func at(port int) string { return fmt.Sprint("127.0.0.1:", port) }
