package session

import (
	"bytes"
	"maps"
	"strings"
	"testing"
	"time"

	"onedoor/hub"
)

func everything() hub.Attributes {
	at := time.Date(2026, 3, 1, 9, 0, 0, 123000, time.UTC)
	out := hub.Attributes{}
	for i, n := range hub.AttributeNames() {
		out[n] = hub.Attribute{Value: strings.Repeat("ก", i) + string(n), Source: "thaid", At: at.Add(time.Duration(i) * time.Hour)}
	}
	out[hub.Address] = hub.Attribute{Value: "", Source: "bank"} // no time
	return out
}

func TestVault_KeepsEveryAttributeWithSourceAndTime(t *testing.T) {
	t.Parallel()
	for name, in := range map[string]hub.Attributes{"none": {}, "nil": nil, "one": {hub.Name: {Value: "x"}}, "all": everything()} {
		b, err := encodeVault(in)
		if err != nil {
			t.Fatal(err)
		}
		if len(b)%vaultBlock != 0 {
			t.Errorf("%s: %d bytes tell the size of what is inside", name, len(b))
		}
		out, err := decodeVault(b)
		if err != nil || !maps.Equal(out, in) {
			t.Errorf("%s: came back changed: %v", name, err)
		}
	}
}

func TestVault_SizeDoesNotTellShortNamesApart(t *testing.T) {
	t.Parallel()
	a, _ := encodeVault(hub.Attributes{hub.Name: {Value: "a"}})
	b, _ := encodeVault(hub.Attributes{hub.Name: {Value: strings.Repeat("b", 200)}})
	if len(a) != len(b) {
		t.Errorf("%d and %d bytes", len(a), len(b))
	}
}

func TestVault_RefusesWhatIsNoVault(t *testing.T) {
	t.Parallel()
	good, _ := encodeVault(everything())
	trailing := bytes.Clone(good)
	trailing[len(trailing)-1] = 1
	twice := append([]byte{vaultVersion, 2}, bytes.Repeat(append(appendText(appendText(appendText(nil, "name"), "v"), "p"), 0), 2)...)
	for name, b := range map[string][]byte{
		"empty": nil, "other version": append([]byte{2}, good[1:]...), "cut": good[:40], "trailing": trailing, "twice": twice,
		"count without entries": {vaultVersion, 9}, "huge count": {vaultVersion, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1},
		"huge length": {vaultVersion, 1, 0xff, 0xff, 0xff, 0xff, 0x0f}, "too long": make([]byte, vaultLargest+1),
		"a block of padding too many": append(bytes.Clone(good), make([]byte, vaultBlock)...),
	} {
		if _, err := decodeVault(b); hub.KindOf(err) != hub.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := encodeVault(hub.Attributes{hub.Address: {Value: strings.Repeat("x", vaultLargest)}}); hub.KindOf(err) != hub.Invalid {
		t.Errorf("too large: %v", err)
	}
}

func TestVault_LeavesOutWhatTheDictionaryNoLongerKnows(t *testing.T) {
	t.Parallel()
	b := []byte{vaultVersion, 2}
	for _, n := range []string{"laser_code", "name"} {
		b = append(appendText(appendText(appendText(b, n), "v"), "p"), 2)
	}
	out, err := decodeVault(b)
	if err != nil || len(out) != 1 || out[hub.Name].Value != "v" {
		t.Errorf("%d attributes, %v", len(out), err)
	}
}

func FuzzDecodeVault(f *testing.F) {
	good, _ := encodeVault(everything())
	f.Add(good)
	f.Add([]byte{vaultVersion, 0})
	f.Add([]byte{vaultVersion, 1, 4, 'n', 'a', 'm', 'e', 1, 'x', 0, 0})
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, b []byte) {
		out, err := decodeVault(b)
		if err != nil {
			if out != nil {
				t.Fatal("attributes with an error")
			}
			return
		}
		again, err := encodeVault(out)
		if err != nil {
			return // too large for the encoder
		}
		back, err := decodeVault(again)
		if err != nil || !maps.Equal(back, out) {
			t.Fatalf("not stable: %v", err)
		}
	})
}
