package oidcop

import (
	"encoding/json"
	"slices"
	"testing"

	"onedoor/hub"
)

// FuzzSimpleForm: what the form reader of the hot path accepts means exactly what the general one says.
func FuzzSimpleForm(f *testing.F) {
	for _, s := range []string{
		"token=abc", "token=a&token_type_hint=access_token", "client_id=a&client_secret=b&token=c", "token=", "=x", "a=b=c&token=1", "token=a&&b=1", "token=a%20b",
		"token=a+b", "token=a;b=c", "token=a\n", "token=\x00", "token=a&token=b", "client_assertion=x&token=y", "&token=a&", "token", "\xff=\xfe&token=1",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, body string) {
		q := question{body: []byte(body)}
		got, ok := q.simple(false)
		if !ok {
			return
		}
		p, err := parseParams(body)
		if err != nil || p.doubled() {
			t.Fatalf("%q: the general parser refuses: %v", body, err)
		}
		token := ""
		if len(q.tokens) > 0 {
			token = string(q.tokens[0])
		}
		other := p.get("client_assertion") != "" || p.get("client_assertion_type") != ""
		if len(q.tokens) > 1 || token != p.get("token") || string(got.id) != p.get("client_id") || string(got.secret) != p.get("client_secret") || got.other != other {
			t.Fatalf("%q: token %q, id %q, secret %q", body, token, got.id, got.secret)
		}
		if many := (&question{body: []byte(body)}); true {
			if _, ok := many.simple(true); !ok || len(many.tokens) != len(q.tokens) {
				t.Fatalf("%q: as a batch %d tokens", body, len(many.tokens))
			}
		}
	})
}

func FuzzAppendEscaped(f *testing.F) {
	for _, s := range []string{"", "plain", `a"b\c`, "\x00\x1f", "ก", "\xff", "a\u2028b", "<&>"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		var back, want string
		if err := json.Unmarshal(append(appendEscaped([]byte{'"'}, s), '"'), &back); err != nil {
			t.Fatalf("%q: %v", s, err)
		}
		std, err := json.Marshal(s)
		if err == nil {
			err = json.Unmarshal(std, &want)
		}
		if err != nil || back != want {
			t.Fatalf("%q became %q, %v", s, back, err)
		}
	})
}

func TestAnswersSayTheLevelsAsTheLevelsDo(t *testing.T) {
	t.Parallel()
	x, err := newRendered(`https://a.example/"`)
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range hub.Levels() {
		var m map[string]string
		if err := json.Unmarshal([]byte("{"+x.levelMembers(l)+"}"), &m); err != nil || m["acr"] != l.ACR() || m["ial"] != l.IAL.String() || m["aal"] != l.AAL.String() {
			t.Errorf("%v: %v %v", l, m, err)
		}
	}
	if x.levelMembers(hub.Level{IAL: 200, AAL: 200}) != x.levelMembers(hub.Level{}) {
		t.Error("a level that there is not")
	}
}

func TestReleasesStayWithinTheirRoom(t *testing.T) {
	t.Parallel()
	c := newReleases()
	id := func(i int) hub.SessionID { return hub.SessionID([]byte{byte(i), byte(i >> 8), byte(i >> 16)}) }
	sealed := make([]byte, 64<<10) // the same bytes for all
	for i := range 2 * releaseRoom / len(sealed) {
		c.keep(id(i), release{system: "a", names: 1, sealed: sealed})
		c.keep(id(i), release{system: "a", names: 1, sealed: sealed}) // in place of the one before
	}
	total, kept := 0, 0
	for i := range c.shards {
		s := &c.shards[i]
		real := 0
		for _, list := range s.kept {
			kept += len(list)
			for _, r := range list {
				real += cost(r)
			}
		}
		if real != s.bytes {
			t.Errorf("shard %d counts %d bytes and holds %d", i, s.bytes, real)
		}
		total += s.bytes
	}
	if total > releaseRoom || kept == 0 {
		t.Errorf("%d entries, %d bytes", kept, total)
	}
}

// TestUnescapedLooksAtEachByte: the eight at once say what the bytes one by one say, whatever stands beside.
func TestUnescapedLooksAtEachByte(t *testing.T) {
	t.Parallel()
	plain := []byte("Az09-_.~!}AZ")
	for at := range plain {
		for c := range 256 {
			for _, beside := range []byte{'a', '!', '~', 0, ' ', '+', '%', ';', 0x7f, 0x80, 0xff} {
				text := append([]byte(nil), plain...)
				text[at] = byte(c)
				if at+1 < len(text) {
					text[at+1] = beside
				}
				want := !slices.ContainsFunc(text, func(b byte) bool { return !itself[b] })
				if unescaped(text) != want {
					t.Fatalf("%q: %v, want %v", text, !want, want)
				}
			}
		}
	}
}
