package forward

import (
	"net/http/httptest"
	"net/netip"
	"net/url"
	"path"
	"strings"
	"testing"
)

// RAZ-05: whichever of its readings a system gives a path, it asks for the item.
func TestRAZ05_PathsThatAskForAnItem(t *testing.T) {
	t.Parallel()
	rules := []ItemRule{{"/bills", "bills", "query"}, {"/pension/file/", "pension", "file"}}
	for uri, want := range map[string]string{
		"/": "", "/files": "", "/files?x=/bills": "", "/a/bills": "", "/100%25": "", "/%25/../%2562ills": "bills", "/%25": "", "/%E0%B8%81": "", "/ก": "",
		"/bills": "bills", "/bills/7?y=1": "bills", "/bills.pdf": "bills", "/BILLS": "bills", "//bills": "bills", "/./bills": "bills",
		"/x/../bills": "bills", "/bills/../x": "bills", "/%62ills": "bills", "/%2562ills": "bills", "/x/..%2fbills": "bills", `/x\..\bills`: "bills",
		"/x;a=b/../bills": "bills", "/;/bills": "bills", "/bills;v=1": "bills", "/x/%2e%2e/bills": "bills", "/x;/..;/bills": "bills",
		"/pension/file./new": "pension", "/pension%20/file .%2fx": "pension", "/a/.../b": "",
		"/pension/file": "pension", "/pension/file/new": "pension", "/pension/filed": "", "/pension": "",
		// What has no clear reading asks for all.
		"": "bills pension", "bills": "bills pension", "https://a.example/x": "bills pension", "/%": "bills pension", "/%u0062ills": "bills pension",
		"/x%00": "bills pension", "/%ff": "bills pension", "/a#b": "bills pension", "/%252525252562": "bills pension", "/\uff42ills": "bills pension", "/%0d%0ax": "bills pension",
	} {
		var got []string
		for _, r := range demanded(rules, uri) {
			got = append(got, r.Item)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%q: %q, want %q", uri, got, want)
		}
	}
	if demanded(nil, "bills") != nil {
		t.Error("something is asked for where there are no rules")
	}
	w := wishes(System{Items: append(rules, ItemRule{"/b", "bills", "query"}, ItemRule{"/bi", "bills", "file"})}, "/bills", "", "/bills/2")
	if len(w) != 2 || w[0].Item != "bills" || w[0].Actions[0] != "query" || w[1].Actions[0] != "file" {
		t.Errorf("%+v", w)
	}
}

// A system that decodes a path once, or twice, and resolves its dots never serves what the hub did not ask for.
func FuzzDemanded(f *testing.F) {
	for _, s := range []string{"/bills", "/x/../bills", "/%2562ills", "/;a/bills", "//bills", "/%", "/BI%4cLS"} {
		f.Add(s)
	}
	rules := []ItemRule{{"/bills", "bills", "query"}}
	f.Fuzz(func(t *testing.T, uri string) {
		served, _, _ := strings.Cut(uri, "?")
		for range 3 {
			if strings.HasPrefix(strings.ToLower(path.Clean(served)), "/bills") && len(demanded(rules, uri)) == 0 {
				t.Fatalf("%q is served as %q", uri, path.Clean(served))
			}
			next, err := url.PathUnescape(served)
			if err != nil {
				return
			}
			served = next
		}
	})
}

// RAZ-04: where the browser is, only a proxy says that may, and once.
func TestRAZ04_WhereTheBrowserIs(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		states bool
		said   []string
		want   netip.Addr
	}{
		"said":      {true, []string{"192.0.2.7"}, netip.MustParseAddr("192.0.2.7")},
		"mapped":    {true, []string{"::ffff:192.0.2.7"}, netip.MustParseAddr("192.0.2.7")},
		"not heard": {false, []string{"192.0.2.7"}, netip.Addr{}},
		"nothing":   {true, nil, netip.Addr{}},
		"twice":     {true, []string{"192.0.2.7", "192.0.2.8"}, netip.Addr{}},
		"a list":    {true, []string{"192.0.2.7, 192.0.2.8"}, netip.Addr{}},
	} {
		r := httptest.NewRequest("GET", "/", nil)
		for _, v := range c.said {
			r.Header.Add(HeaderClient, v)
		}
		if got := addressIn(r, System{StatesPlace: c.states}); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
