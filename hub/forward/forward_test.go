package forward

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

func TestTarget_LeadsToNoOtherHost(t *testing.T) {
	t.Parallel()
	for to, want := range map[string]string{
		"/":                             "/",
		"/files?year=2540&x=%2F#a":      "/files?year=2540&x=%2F#a",
		"":                              "/",
		"files":                         "/",
		"//evil.example":                "/",
		"/\\evil.example":               "/",
		"/a\\..\\b":                     "/",
		"https://evil.example/":         "/",
		"/\tevil":                       "/",
		"/a b":                          "/",
		"/ก":                            "/",
		"/\r\nSet-Cookie: a=b":          "/",
		"/.onedoor/signout":             "/", // no loop
		"/" + strings.Repeat("a", 2048): "/",
	} {
		if got := target(to); got != want {
			t.Errorf("%q: %q, want %q", to, got, want)
		}
	}
}

// A browser that follows an origin and what target gives stays at the origin.
func FuzzTarget(f *testing.F) {
	for _, s := range []string{"/", "//x", "/\\x", "/a?b#c", "/%2f%2fx", "/@x", "/:80", "\t/x", "/.onedoor/"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, to string) {
		u, err := url.Parse("https://archive.example" + target(to))
		if err != nil {
			return // a browser shows an error
		}
		if u.Host != "archive.example" || u.Scheme != "https" || u.User != nil {
			t.Errorf("%q leads to %s", to, u)
		}
	})
}

func TestInHeader_IsVisibleASCIIAndComesBack(t *testing.T) {
	t.Parallel()
	for _, value := range []string{"", "Mali", "มะลิวัลย์ แสงจันทร์ฉาย", "100% 'a' \"b\"", "a\r\nX-Onedoor-Subject: somebody", "\x00\x7f", "赵"} {
		got := inHeader(value)
		for _, c := range []byte(got) {
			if c <= ' ' || c > '~' {
				t.Errorf("%q: %q", value, got)
			}
		}
		if back, err := url.PathUnescape(got); err != nil || back != value {
			t.Errorf("%q: %q comes back as %q", value, got, back)
		}
	}
}

func TestOriginAt_OnlyTheSystemsOwn(t *testing.T) {
	t.Parallel()
	one, two := System{Origins: []string{"https://a.example"}}, System{Origins: []string{"https://a.example", "https://b.example"}}
	for _, c := range []struct {
		s           System
		host, proto string
		want        string
		ok          bool
	}{
		{one, "", "", "https://a.example", true},
		{one, "A.example", "", "https://a.example", true},
		{one, "a.example", "http", "http://a.example", false},
		{one, "b.example", "https", "https://b.example", false},
		{two, "", "", "", false}, // it doesn't say which
		{two, "b.example", "https", "https://b.example", true},
		{two, "b.example, a.example", "https", "https://b.example, a.example", false},
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		if c.host != "" {
			r.Header.Set("X-Forwarded-Host", c.host)
		}
		if c.proto != "" {
			r.Header.Set("X-Forwarded-Proto", c.proto)
		}
		if got, ok := c.s.originAt(originOf(r)); ok != c.ok || got != c.want {
			t.Errorf("%q %q: %q %v", c.host, c.proto, got, ok)
		}
	}
}

func TestAnswers_TheLeastAskedForGoesFirst(t *testing.T) {
	t.Parallel()
	c := newAnswers()
	for i := range answersRoom + 10 {
		c.mu.Lock()
		c.room(strings.Repeat("x", 1) + string(rune(i)))
		c.mu.Unlock()
		if _, ok := c.attributes("x" + string(rune(0))); ok {
			t.Fatal("nothing was kept for it")
		}
	}
	if len(c.kept) != answersRoom || c.order.Len() != answersRoom {
		t.Errorf("%d and %d kept", len(c.kept), c.order.Len())
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.find("x"+string(rune(0))) == nil || c.find("x"+string(rune(1))) != nil {
		t.Error("the one that was asked for all the time is gone, or the oldest is still there")
	}
}
