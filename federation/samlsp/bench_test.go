package samlsp_test

import (
	"testing"

	"onedoor/federation/simulator/samlbank"
)

// BenchmarkStart is one signed AuthnRequest.
func BenchmarkStart(b *testing.B) {
	r := newRig(b, nil)
	ask := newAsk()
	if _, err := r.registry.Start(b.Context(), providerID, ask); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := r.registry.Start(b.Context(), providerID, ask); err != nil {
			b.Fatal(err)
		}
	}
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
			for b.Loop() {
				b.StopTimer()
				a := r.begin(newAsk(), "mali", faults...)
				q := r.post(a)
				b.StartTimer()
				if _, err := r.finish(a, q); err != nil {
					b.Fatal(err)
				}
			}
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
			for b.Loop() {
				if r.post(a) == nil {
					b.Fatal("refused")
				}
			}
		})
	}
}

// BenchmarkLogin is a whole SAML login over real HTTP: request, both pages of the bank with its own signatures and encryption, POST,
// answer; the hub's part and the bank's together.
func BenchmarkLogin(b *testing.B) {
	r := newRig(b, nil)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := r.login("mali"); err != nil {
			b.Fatal(err)
		}
	}
}
