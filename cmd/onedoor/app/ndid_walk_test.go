package app

import (
	"strings"
	"testing"
	"time"

	"onedoor/federation/simulator/ndid"
	"onedoor/hub/hubtest/formbrowser"
)

// Over NDID: the person types the number, picks a bank, sees the same code on the page and on the phone, accepts there, and the waiting
// page goes on by itself, without JavaScript. The number is found nowhere afterwards (PRV-01, invariant 2).
func TestWalkOverNDID(t *testing.T) {
	t.Parallel()
	d, log := startDemo(t, true)
	b := newBrowser(t)
	mali := person(t, "mali")

	b.open(d.URL(revenueHost))
	b.press(`a[href="/login"]`, `button[name=provider][value=ndid]`)
	b.press(`button[name=provider][value=ndid]`, `form[action$="/input"] button`)
	b.at(d.URL(hubHost))
	b.shoot("ndid-input")
	b.pick(`input[type=radio]`)
	b.fill(`input[inputmode=numeric]`, mali.CitizenID)
	b.press(`form[action$="/input"] button`, `.verify .code`)
	b.shoot("ndid-wait")
	code := b.read(`.verify .code`)
	if code = strings.TrimSpace(code); code == "" {
		t.Fatal("no code on the waiting page")
	}
	acceptOnPhone(t, d, "mali", code)
	run(b, "wait for the consent page", waitFor(`button[name=decision][value=allow]`))
	b.shoot("ndid-consent")
	b.press(`button[name=decision][value=allow]`, `form[action="/check"]`)
	b.at(d.URL(revenueHost))
	if !strings.Contains(b.text(), mali.CitizenID) {
		t.Errorf("the department was not told the number, which the law lets it have:\n%s", b.text())
	}
	noTrace(t, d, log, b, mali)
}

// acceptOnPhone opens the banks' apps as the person until one shows a request with the code, as somebody does who has just been
// told to look, and accepts it.
func acceptOnPhone(t *testing.T, d *Demo, key, code string) {
	t.Helper()
	phone, err := formbrowser.New(formbrowser.Options{Transport: d.client.Transport})
	if err != nil {
		t.Fatal(err)
	}
	again := time.NewTicker(100 * time.Millisecond)
	defer again.Stop()
	deadline := time.After(patience)
	for {
		for _, bank := range ndid.Banks() {
			p, err := phone.Open(t.Context(), d.URL(phonesHost)+"/"+bank.Key+"?person="+key)
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range p.Forms() {
				if f.Has("decision", "accept") && strings.Contains(p.Text(), code) {
					if _, err := f.Press(t.Context(), "decision", "accept"); err != nil {
						t.Fatal(err)
					}
					return
				}
			}
		}
		select {
		case <-again.C:
		case <-deadline:
			t.Fatal("no bank's phone shows a request with the code " + code)
		}
	}
}
