package envelope

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"strings"
	"testing"

	"onedoor/hub"
)

// ring has one key, or none.
type ring struct {
	id  string
	key cipher.AEAD
}

func (r ring) SealingKey() (string, cipher.AEAD, error) {
	if r.key == nil {
		return "", nil, hub.Errorf("test", hub.NotFound, "no key")
	}
	return r.id, r.key, nil
}

func (r ring) OpeningKey(id string) (cipher.AEAD, error) {
	if id != r.id {
		return nil, hub.Errorf("test", hub.NotFound, "no key")
	}
	return r.key, nil
}

func newRing(tb testing.TB) ring {
	tb.Helper()
	block, err := aes.NewCipher(hub.NewSecret(rand.Reader).Bytes())
	if err != nil {
		tb.Fatal(err)
	}
	key, err := cipher.NewGCM(block)
	if err != nil {
		tb.Fatal(err)
	}
	return ring{hub.NewID(rand.Reader), key}
}

func TestCarried_OnlyWhatWasCarriedForTheSamePurpose(t *testing.T) {
	t.Parallel()
	keys := newRing(t)
	text, err := Carry(keys, rand.Reader, "purpose 1\x00", map[string]string{"to": "/x"})
	if err != nil {
		t.Fatal(err)
	}
	if strings.Trim(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-") != "" {
		t.Errorf("%q needs escaping", text)
	}
	var got map[string]string
	if err := Carried(keys, "purpose 1\x00", text, &got); err != nil || got["to"] != "/x" {
		t.Fatalf("%v %v", got, err)
	}
	_, rest, _ := strings.Cut(text, ".")
	for name, c := range map[string]struct {
		keys    ring
		purpose string
		text    string
	}{
		"another purpose": {keys, "purpose 2\x00", text},
		"other keys":      {newRing(t), "purpose 1\x00", text},
		"nothing":         {keys, "purpose 1\x00", ""},
		"no key's name":   {keys, "purpose 1\x00", rest},
		"another name":    {keys, "purpose 1\x00", hub.NewID(rand.Reader) + "." + rest},
		"cut off":         {keys, "purpose 1\x00", text[:len(text)-2]},
		"a line break":    {keys, "purpose 1\x00", text[:40] + "\n" + text[40:]},
		"too long":        {keys, "purpose 1\x00", text + strings.Repeat("A", MaxCarried)},
	} {
		if err := Carried(c.keys, c.purpose, c.text, &got); hub.KindOf(err) != hub.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := Carry(ring{}, rand.Reader, "", 1); hub.KindOf(err) != hub.Unavailable {
		t.Errorf("no key: %v", err)
	}
	if _, err := Carry(keys, rand.Reader, "", strings.Repeat("x", MaxCarried)); hub.KindOf(err) != hub.TooMany {
		t.Errorf("too long: %v", err)
	}
}

func FuzzCarried(f *testing.F) {
	keys := newRing(f)
	text, err := Carry(keys, rand.Reader, "p", 1)
	if err != nil {
		f.Fatal(err)
	}
	for _, s := range []string{text, "", ".", keys.id + ".", keys.id + ".AAAA", text + "A"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		var v any
		if err := Carried(keys, "p", s, &v); (err == nil) != (s == text) {
			t.Errorf("%q: %v", s, err)
		}
	})
}
