package keys

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"onedoor/hub"
)

func TestParseMasterReadsEveryUsualForm(t *testing.T) {
	t.Parallel()
	raw := make([]byte, 32)
	for i := range raw {
		raw[i] = byte(i*7 + 251) // gives + and / in base64
	}
	want, err := ParseMaster(hex.EncodeToString(raw))
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"hexadecimal":     hex.EncodeToString(raw),
		"upper case":      strings.ToUpper(hex.EncodeToString(raw)),
		"base64":          base64.StdEncoding.EncodeToString(raw),
		"base64 raw":      base64.RawStdEncoding.EncodeToString(raw),
		"base64url":       base64.URLEncoding.EncodeToString(raw),
		"base64url raw":   base64.RawURLEncoding.EncodeToString(raw),
		"with line break": base64.StdEncoding.EncodeToString(raw) + "\r\n",
	} {
		got, err := ParseMaster(text)
		if err != nil || got.ID() != want.ID() {
			t.Errorf("%s: id %q, error %v, want id %q", name, got.ID(), err, want.ID())
		}
	}
	if len(want.ID()) != 16 || strings.Contains(hex.EncodeToString(raw), want.ID()) {
		t.Errorf("fingerprint %q", want.ID())
	}
}

func TestParseMasterRefuses(t *testing.T) {
	t.Parallel()
	good := GenerateMaster(rand.Reader)
	for name, text := range map[string]string{
		"empty":            "",
		"short":            good[:42],
		"long":             good + "AA",
		"not base64":       "!" + good[1:],
		"line break in it": good[:20] + "\n" + good[20:42],
		"not hexadecimal":  strings.Repeat("0g", 32),
		"all zero":         strings.Repeat("0", 64),
		"all alike":        strings.Repeat("ab", 32),
		"trailing bits":    strings.Repeat("A", 42) + "B",
		"63 digits":        strings.Repeat("0", 62) + "1",
	} {
		_, err := ParseMaster(text)
		if err == nil {
			t.Errorf("%s: taken", name)
			continue
		}
		if hub.KindOf(err) != hub.Invalid || (len(text) > 8 && strings.Contains(err.Error(), text[:8])) {
			t.Errorf("%s: error %v", name, err)
		}
	}
}

func TestParseMastersKeepsOrderAndRefusesTwins(t *testing.T) {
	t.Parallel()
	a, b := GenerateMaster(rand.Reader), GenerateMaster(rand.Reader)
	ms, err := ParseMasters(" " + a + ",\n" + b + "\n")
	if err != nil || len(ms) != 2 {
		t.Fatal(ms, err)
	}
	if first, _ := ParseMaster(a); ms[0].ID() != first.ID() {
		t.Error("order lost")
	}
	for _, text := range []string{"", " , ", a + "," + a, a + ",x"} {
		_, err := ParseMasters(text)
		wantKind(t, err, hub.Invalid)
	}
}

func TestSealSecret(t *testing.T) {
	t.Parallel()
	ms := newMasters(t, 2)
	sealed, err := ms.SealSecret(rand.Reader, "provider/thaid", []byte("s3cret"))
	if err != nil {
		t.Fatal(err)
	}
	turned := Masters{ms[1], ms[0]} // after a change of master the old one still opens
	if plain, err := turned.OpenSecret("provider/thaid", sealed); err != nil || string(plain) != "s3cret" {
		t.Fatal(string(plain), err)
	}
	_, err = ms.OpenSecret("provider/bank", sealed)
	wantKind(t, err, hub.Invalid)
	_, err = newMasters(t, 1).OpenSecret("provider/thaid", sealed)
	wantKind(t, err, hub.NotFound)
	for i := range sealed {
		bad := bytes.Clone(sealed)
		bad[i] ^= 1
		if _, err := ms.OpenSecret("provider/thaid", bad); err == nil {
			t.Fatalf("opens with byte %d changed", i)
		}
		if _, err := ms.OpenSecret("provider/thaid", sealed[:i]); err == nil {
			t.Fatalf("opens when cut at %d", i)
		}
	}
}

func TestPrivatePartsAreNeverPrinted(t *testing.T) {
	t.Parallel()
	ms := newMasters(t, 1)
	store := &memory{}
	r := openRing(t, store, ms, newClock())
	s, err := r.Signer(ES256)
	if err != nil {
		t.Fatal(err)
	}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%x", "%d", "%q"} {
		for _, v := range []any{ms[0], ms, s, &s, r} {
			got := fmt.Sprintf(verb, v)
			if strings.Contains(got, "aead") || strings.Contains(got, "ecdsa") || strings.Contains(got, "0x") || len(got) > 80 {
				t.Errorf("%s of %T shows %q", verb, v, got)
			}
		}
	}
	if _, err := json.Marshal(s); err == nil {
		t.Error("a signer goes into JSON")
	}
	var log bytes.Buffer
	l := slog.New(slog.NewJSONHandler(&log, nil))
	l.Info("x", "master", ms[0], "signer", s, "ring", r, "record", store.records[2])
	if bytes.Contains(log.Bytes(), []byte("Sealed")) || log.Len() > 400 {
		t.Errorf("log shows %s", log.Bytes())
	}
}
