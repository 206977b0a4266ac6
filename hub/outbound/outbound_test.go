package outbound_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"onedoor/hub/outbound"
)

func TestAllowedAddresses(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]bool{
		"8.8.8.8": true, "2606:4700::1": true,
		"127.0.0.1": false, "10.1.2.3": false, "172.16.0.1": false, "192.168.1.1": false, "169.254.169.254": false, "0.0.0.0": false,
		"100.64.0.1": false, "224.0.0.1": false, "255.255.255.255": false, "198.18.0.1": false,
		"::1": false, "::": false, "fe80::1": false, "fc00::1": false, "ff02::1": false, "::ffff:127.0.0.1": false, "::ffff:10.0.0.1": false,
		"64:ff9b::7f00:1": false, "2002:7f00:1::": false,
	} {
		if got := outbound.Allowed(netip.MustParseAddr(address), nil); got != want {
			t.Errorf("%s: %v", address, got)
		}
	}
	allow := []netip.Prefix{netip.MustParsePrefix("10.20.0.0/16")}
	if !outbound.Allowed(netip.MustParseAddr("10.20.3.4"), allow) || !outbound.Allowed(netip.MustParseAddr("::ffff:10.20.3.4"), allow) || outbound.Allowed(netip.MustParseAddr("10.21.0.1"), allow) {
		t.Error("the allow-list opens exactly its networks")
	}
}

func TestGuardStandsAtTheConnection(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/away" {
			http.Redirect(w, r, "/there", http.StatusFound)
			return
		}
		_, _ = io.WriteString(w, "ok")
	}))
	defer server.Close()
	port := server.URL[strings.LastIndex(server.URL, ":"):]
	closed, err := outbound.New(outbound.Options{Timeout: 5 * time.Second, LocalNames: true})
	if err != nil {
		t.Fatal(err)
	}
	for _, url := range []string{server.URL, "http://hub.localhost" + port, "http://localhost" + port} {
		if resp, err := closed.Get(url); !errors.Is(err, outbound.ErrAddress) {
			if err == nil {
				resp.Body.Close()
			}
			t.Errorf("%s: %v", url, err)
		}
	}
	open, err := outbound.New(outbound.Options{Timeout: 5 * time.Second, LocalNames: true, Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}})
	if err != nil {
		t.Fatal(err)
	}
	for url, want := range map[string]int{"http://any.name.localhost" + port: 200, server.URL + "/away": 302} {
		resp, err := open.Get(url)
		if err != nil {
			t.Errorf("%s: %v", url, err)
			continue
		}
		resp.Body.Close()
		if resp.StatusCode != want {
			t.Errorf("%s: %d", url, resp.StatusCode)
		}
	}
	if _, err := outbound.New(outbound.Options{}); err == nil {
		t.Error("a client without a timeout")
	}
}
