package token_test

import (
	"maps"
	"strings"
	"testing"

	"onedoor/hub"
	"onedoor/hub/token"
)

func TestRFC7800_Confirmation(t *testing.T) {
	t.Parallel()
	const jkt = "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I" // RFC 9449 section 6.1
	const x5t = "bwcK0esc3ACC3DB2Y5_lESsXE8o9ltc05O89jdN-dg2" // RFC 8705 section 3.1: its last character is no base64 of 32 bytes
	key, err := token.ParseThumbprint(jkt)
	if err != nil || key.String() != jkt || string(key.Append([]byte("x"))) != "x"+jkt {
		t.Fatal(key, err)
	}
	for _, bad := range []string{x5t, jkt[1:], jkt + "A", jkt + "=", strings.Repeat("A", 43), "\n" + jkt[1:], strings.Repeat("/", 43)} {
		if got, err := token.ParseThumbprint(bad); hub.KindOf(err) != hub.Invalid || !got.IsZero() {
			t.Errorf("%q: %v %v", bad, got, err)
		}
	}
	none, err := token.ParseThumbprint("")
	if err != nil || !none.IsZero() || none.String() != "" {
		t.Error(none, err)
	}
	for _, c := range []struct {
		bound   token.Confirmation
		typ     string
		members map[string]string
	}{
		{token.Confirmation{}, "Bearer", nil},
		{token.Confirmation{Key: key}, "DPoP", map[string]string{"jkt": jkt}},
		{token.Confirmation{Certificate: key}, "Bearer", map[string]string{"x5t#S256": jkt}},
		{token.Confirmation{Key: key, Certificate: key}, "DPoP", map[string]string{"jkt": jkt, "x5t#S256": jkt}},
	} {
		if c.bound.Type() != c.typ || !maps.Equal(c.bound.Members(), c.members) || c.bound.IsZero() != (c.members == nil) {
			t.Errorf("%v: %s %v", c.bound, c.bound.Type(), c.bound.Members())
		}
	}
}
