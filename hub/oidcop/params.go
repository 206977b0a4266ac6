package oidcop

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"onedoor/hub"
)

const (
	largestForm  = 32 << 10 // bytes of a query or body
	largestValue = 4 << 10  // bytes of one parameter; sealed tokens and ID tokens are the longest
	largestJWT   = 16 << 10 // bytes of a request object, or of an ID token as a hint
)

// params are the parameters of a request, each at most once. A parameter without value was not sent (RFC 6749 section 3.1).
type params struct {
	values   map[string]string
	repeated map[string]bool // they have no value
	resource []string        // the one parameter that may come several times (RFC 8707 section 2)
	pushed   []byte          // SHA-256 of the request URI's secret, of a pushed request
}

func (p params) get(name string) string { return p.values[name] }

// doubled reports whether a parameter came more than once (RFC 6749 section 3.1: it must not).
func (p params) doubled() bool { return len(p.repeated) > 0 }

// parseParams reads a query string or a form. Invalid where it is malformed, too large, or holds control characters or bytes that
// are no UTF-8.
func parseParams(raw string) (params, error) {
	const op = "oidcop.parseParams"
	if len(raw) > largestForm {
		return params{}, hub.Errorf(op, hub.TooMany, "too large")
	}
	form, err := url.ParseQuery(raw)
	if err != nil {
		return params{}, hub.Errorf(op, hub.Invalid, "malformed parameters")
	}
	p := params{values: make(map[string]string, len(form)), repeated: map[string]bool{}}
	for name, values := range form {
		if name == "resource" {
			if p.resource, err = resources(values); err != nil {
				return params{}, err
			}
			continue
		}
		if len(values) > 1 {
			p.repeated[name] = true
			continue
		}
		limit := largestValue
		if name == "request" || name == "id_token_hint" {
			limit = largestJWT
		}
		if len(values[0]) > limit || !clean(values[0]) || !clean(name) {
			return params{}, hub.Errorf(op, hub.Invalid, "a parameter is too long or holds control characters")
		}
		if values[0] != "" {
			p.values[name] = values[0]
		}
	}
	return p, nil
}

// mostResources is how many resource indicators a request may name.
const mostResources = 16

func resources(values []string) ([]string, error) {
	const op = "oidcop.parseParams"
	var out []string
	for _, v := range values {
		if len(v) > largestValue || !clean(v) {
			return nil, hub.Errorf(op, hub.Invalid, "a parameter is too long or holds control characters")
		}
		if v != "" && !slices.Contains(out, v) {
			out = append(out, v)
		}
	}
	if len(out) > mostResources {
		return nil, hub.Errorf(op, hub.Invalid, "too many resources")
	}
	return out, nil
}

// only gives the parameters with these names.
func (p params) only(names ...string) params {
	out := params{values: make(map[string]string, len(names)), repeated: map[string]bool{}}
	for _, n := range names {
		if v := p.values[n]; v != "" {
			out.values[n] = v
		}
		if p.repeated[n] {
			out.repeated[n] = true
		}
		if n == "resource" {
			out.resource = p.resource
		}
	}
	return out
}

// encode gives the parameters as a form, for parseParams.
func (p params) encode() string {
	v := make(url.Values, len(p.values)+1)
	for name, value := range p.values {
		v.Set(name, value)
	}
	if len(p.resource) > 0 {
		v["resource"] = p.resource
	}
	return v.Encode()
}

func clean(s string) bool {
	if !utf8.ValidString(s) {
		return false
	}
	for _, r := range s {
		if unicode.IsControl(r) {
			return false
		}
	}
	return true
}

// readForm reads the body of a POST as parameters. The query must be empty: credentials and tokens have no business in a URL
// (RFC 6749 section 2.3.1).
func readForm(w http.ResponseWriter, r *http.Request) (params, error) {
	const op = "oidcop.readForm"
	if r.URL.RawQuery != "" {
		return params{}, hub.Errorf(op, hub.Invalid, "parameters in the query")
	}
	if !isForm(r) {
		return params{}, hub.Errorf(op, hub.Invalid, "not a form")
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, largestForm))
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return params{}, hub.Errorf(op, hub.TooMany, "too large")
	case err != nil:
		return params{}, hub.E(op, hub.Invalid, err)
	}
	return parseParams(string(body))
}

func isForm(r *http.Request) bool {
	t, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	return err == nil && t == "application/x-www-form-urlencoded"
}

// allow answers 405 unless the method is one of these.
func allow(w http.ResponseWriter, r *http.Request, methods ...string) bool {
	if slices.Contains(methods, r.Method) {
		return true
	}
	w.Header().Set("Allow", strings.Join(methods, ", "))
	http.Error(w, http.StatusText(http.StatusMethodNotAllowed), http.StatusMethodNotAllowed)
	return false
}
