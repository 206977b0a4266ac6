// Package oneshot gives tests HTTP clients whose connections serve one request each.
//
// A test of many that run in parallel must not use http.DefaultTransport: httptest.Server.Close closes its idle connections, and a POST of
// another test that had just taken one of them fails.
package oneshot

import "net/http"

// Client gives a client that follows redirects.
func Client() *http.Client {
	return &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
}

// Staying gives a client that gives redirects back as they came.
func Staying() *http.Client {
	c := Client()
	c.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return c
}
