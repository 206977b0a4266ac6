//go:build unix

package samlsp_test

import (
	"syscall"
	"testing"

	"onedoor/federation/simulator/samlbank"
)

// meter adds up the CPU time of the process over pieces of a benchmark: on a machine that others use too, wall time says little.
type meter struct{ from, total int64 }

func (m *meter) now() int64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return u.Utime.Nano() + u.Stime.Nano()
}

func (m *meter) start() { m.from = m.now() }

func (m *meter) stop() { m.total += m.now() - m.from }

func (m *meter) report(b *testing.B) { b.ReportMetric(float64(m.total)/float64(b.N), "cpu-ns/op") }

// BenchmarkStart is one signed AuthnRequest.
func BenchmarkStart(b *testing.B) {
	r := newRig(b, nil)
	ask := newAsk()
	if _, err := r.registry.Start(b.Context(), providerID, ask); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	var m meter
	m.start()
	for b.Loop() {
		if _, err := r.registry.Start(b.Context(), providerID, ask); err != nil {
			b.Fatal(err)
		}
	}
	m.stop()
	m.report(b)
}

// BenchmarkFinish is one answer taken, opened, verified, judged, consumed and mapped: what a SAML login costs the hub on the browser's
// way back, without the provider's POST.
func BenchmarkFinish(b *testing.B) {
	for name, faults := range map[string][]samlbank.Fault{
		"Signed": {samlbank.Plain, samlbank.OnlyAssertion}, "SignedTwice": {samlbank.Plain}, "Encrypted": nil,
	} {
		b.Run(name, func(b *testing.B) {
			r := newRig(b, nil)
			b.ReportAllocs()
			var m meter
			for b.Loop() {
				b.StopTimer()
				a := r.begin(newAsk(), "mali", faults...)
				q := r.post(a)
				b.StartTimer()
				m.start()
				_, err := r.finish(a, q)
				m.stop()
				if err != nil {
					b.Fatal(err)
				}
			}
			m.report(b)
		})
	}
}

// BenchmarkConsume is the provider's POST: parsed, verified, sealed, kept, over real HTTP.
func BenchmarkConsume(b *testing.B) {
	for name, faults := range map[string][]samlbank.Fault{"SignedTwice": {samlbank.Plain}, "Encrypted": nil} {
		b.Run(name, func(b *testing.B) {
			r := newRig(b, nil)
			a := r.begin(newAsk(), "mali", faults...)
			b.ReportAllocs()
			var m meter
			m.start()
			for b.Loop() {
				if r.post(a) == nil {
					b.Fatal("refused")
				}
			}
			m.stop()
			m.report(b)
		})
	}
}

// BenchmarkLogin is a whole SAML login over real HTTP: request, both pages of the bank with its own signatures and encryption, POST,
// answer; the hub's part and the bank's together.
func BenchmarkLogin(b *testing.B) {
	r := newRig(b, nil)
	b.ReportAllocs()
	var m meter
	m.start()
	for b.Loop() {
		if _, err := r.login("mali"); err != nil {
			b.Fatal(err)
		}
	}
	m.stop()
	m.report(b)
}
