package oidcop

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"onedoor/hub"
)

func FuzzClientClaims(f *testing.F) {
	for _, seed := range []string{
		`{"iss":"a","sub":"a","aud":"x","exp":1,"jti":"1"}`, `{"aud":["a","b"],"nbf":1.5}`, `{"a":{"a":{"a":1}},"b":[1,[2]]}`, `{"a":1,"a":2}`,
		`{"exp":1e400}`, `{"exp":-1}`, `[]`, `{}x`, `{"scope":["a"],"resource":["https://a"],"max_age":300,"claims":{"userinfo":null}}`, ``,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		c, err := readClaims([]byte(text))
		if err != nil {
			return
		}
		if !json.Valid([]byte(text)) {
			t.Fatalf("accepted: %q", text)
		}
		if c.alone && len(c.audience) != 1 {
			t.Fatal("alone, and not one")
		}
		if c.current(time.Unix(1_000_000, 0), time.Hour) && c.expires.Before(time.Unix(1_000_000, 0).Add(-clockSkew)) {
			t.Fatal("expired, and current")
		}
		p, err := objectParams(c.members)
		if err != nil {
			return
		}
		again, err := parseParams(p.encode())
		if err != nil {
			return // too large together
		}
		for name, v := range p.values {
			if name == "resource" || name == "request" || registeredClaims[name] || again.values[name] != v {
				t.Fatalf("%q becomes %q", v, again.values[name])
			}
		}
		if !slices.Equal(again.resource, p.resource) {
			t.Fatalf("%v becomes %v", p.resource, again.resource)
		}
	})
}

func FuzzClaimsParameter(f *testing.F) {
	for _, seed := range []string{
		`{"userinfo":{"name":null,"name#en":{"essential":true},"citizen_id":{"value":"1"}},"id_token":{"acr":{"essential":true,"values":["urn:onedoor:ial:2.3:aal:2.1"]},"sub":{"value":"x"}}}`,
		`{"userinfo":[]}`, `{"userinfo":{"name":{"values":[]}}}`, `{"id_token":{"birthdate":{"values":[1,null,"a"]}}}`, `null`, `{"userinfo":null}`,
	} {
		f.Add(seed)
	}
	p, c := fuzzProvider(), fuzzClient()
	f.Fuzz(func(t *testing.T, text string) {
		w, bad := p.readWishes(c, text)
		if bad != nil {
			return
		}
		for _, n := range w.attributes() {
			if !slices.Contains(c.Attributes, n) {
				t.Fatalf("%s is outside the register", n)
			}
		}
		kept, err := json.Marshal(w.keep())
		if err != nil {
			t.Fatal(err)
		}
		var back *keptWishes
		if err := json.Unmarshal(kept, &back); err != nil {
			t.Fatal(err)
		}
		again := back.wishes(c)
		if len(again.userInfo) != len(w.userInfo) || len(again.idToken) != len(w.idToken) || !slices.Equal(again.acr, w.acr) {
			t.Fatalf("changed on the way: %q", text)
		}
		for i, x := range w.userInfo {
			if (again.userInfo[i].oneOf == nil) != (x.oneOf == nil) || len(again.userInfo[i].oneOf) != len(x.oneOf) {
				t.Fatalf("a value got lost or came up: %q", text)
			}
		}
	})
}

func FuzzUnverifiedAssertion(f *testing.F) {
	for _, seed := range []string{"a.b.c", "e30.e30.", "..", "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.", strings.Repeat(".", 5)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		p := params{values: map[string]string{"client_assertion": raw, "client_assertion_type": assertionType}}
		cred, bad := readCredentials(nil, p)
		if bad == nil && (cred.method != authKey || cred.id == "" || cred.assertion != raw) {
			t.Fatalf("%q: %+v", raw, cred)
		}
	})
}

func TestReportedACRIsOneThatWasAskedForAndHolds(t *testing.T) {
	t.Parallel()
	have := hub.Level{IAL: hub.IAL23, AAL: hub.AAL21}
	acr := func(i hub.IAL, a hub.AAL) string { return hub.Level{IAL: i, AAL: a}.ACR() }
	for _, tc := range []struct {
		asked []string
		want  string
	}{
		{nil, have.ACR()},
		{[]string{"x"}, have.ACR()},
		{[]string{acr(hub.IAL11, hub.AAL1), acr(hub.IAL21, hub.AAL21)}, acr(hub.IAL21, hub.AAL21)},
		{[]string{acr(hub.IAL21, hub.AAL21), acr(hub.IAL11, hub.AAL1)}, acr(hub.IAL21, hub.AAL21)},
		{[]string{acr(hub.IAL3, hub.AAL3), acr(hub.IAL11, hub.AAL1)}, acr(hub.IAL11, hub.AAL1)},
	} {
		if got := reported(have, tc.asked); got != tc.want {
			t.Errorf("%v: %s, want %s", tc.asked, got, tc.want)
		}
	}
}

func FuzzDetails(f *testing.F) {
	for _, seed := range []string{
		`[{"type":"item","item":"land","actions":["read"]},{"type":"item","n":1.50}]`, `[]`, `[{"type":"a"}],"x":1`, `[{"type":"<>&\u2028"}]`, `[{"type":"a","type":"b"}]`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		list, types, err := readDetails(text)
		if err != nil || text == "" {
			return
		}
		again, more, err := readDetails(joinDetails(list))
		if err != nil || len(list) == 0 || !slices.Equal(types, more) || len(again) != len(list) {
			t.Fatalf("%q: %v, %v", text, err, again)
		}
		for i := range list {
			if string(list[i]) != string(again[i]) {
				t.Fatalf("%q becomes %q", list[i], again[i])
			}
		}
		if n := len(joinDetails(list)); n > largestDetails {
			t.Fatalf("%d bytes", n)
		}
	})
}
