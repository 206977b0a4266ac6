package token

import (
	"bytes"
	"crypto/rand"
	"encoding/binary"
	"testing"
	"time"

	"onedoor/hub"
)

func FuzzDecodeAccess(f *testing.F) {
	id := hub.NewID(rand.Reader)
	b, err := appendAccess(nil, Access{
		ID: id, Session: hub.SessionID(id), System: "a", Audience: []string{"b"}, Scopes: []string{"openid"}, Rests: []string{"thaid", "bank"},
		Release: []hub.AttributeName{hub.Name}, Level: hub.Level{IAL: hub.IAL3, AAL: hub.AAL3},
		AuthTime: time.Unix(1, 0), ExpiresAt: time.Unix(2, 0), VaultKey: hub.NewSecret(rand.Reader),
	})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	f.Add(b[:len(b)-1])
	f.Add([]byte{})
	bound, err := appendAccess(nil, Access{ID: id, System: "a", ExpiresAt: time.Unix(2, 0), Bound: Confirmation{Key: Thumbprint{1}, Certificate: Thumbprint{2}}})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(bound)
	detailed, err := appendAccess(nil, Access{ID: id, System: "a", ExpiresAt: time.Unix(2, 0), Details: `[{"type":"item"}]`})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(detailed)
	known, err := appendAccess(nil, Access{
		ID: id, System: "a", ExpiresAt: time.Unix(2, 0), Records: []Records{{"revenue", `[{"kind":"taxpayer"}]`}, {"social-security", `[]`}},
	})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(known)
	acting, err := appendAccess(nil, Access{ID: id, Account: hub.AccountID(id), System: "a", Entity: hub.EntityID(id), ExpiresAt: time.Unix(2, 0)})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(acting)
	f.Add(acting[:len(acting)-1])
	f.Add(known[:len(known)-1])
	f.Add(bound[:len(bound)-32])
	f.Add([]byte{encodingVersion, 0, 1})
	f.Add(append(bytes.Clone(b), 0))
	f.Fuzz(func(t *testing.T, b []byte) {
		var a Access
		if !decodeAccess(b, &a) {
			return
		}
		again, err := appendAccess(nil, a)
		if err != nil {
			t.Fatalf("decodes what does not encode: %v", err)
		}
		if !bytes.Equal(again, b) {
			t.Fatalf("two encodings of one value:\n%x\n%x", b, again)
		}
	})
}

func TestAppendIDIsHubNewID(t *testing.T) {
	t.Parallel()
	for i := range 2000 {
		var b [keyIDSize]byte
		binary.BigEndian.PutUint64(b[:], uint64(i)*0x9e3779b97f4a7c15)
		binary.BigEndian.PutUint64(b[8:], ^uint64(i)*0xbf58476d1ce4e5b9)
		if got, want := string(appendID(nil, b[:])), idEncoding.EncodeToString(b[:]); got != want {
			t.Fatalf("%x: %s, want %s", b, got, want)
		}
	}
}
