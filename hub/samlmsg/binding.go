package samlmsg

import (
	"bytes"
	"compress/flate"
	"encoding/base64"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"unicode/utf8"
)

const (
	paramRequest   = "SAMLRequest"
	paramResponse  = "SAMLResponse"
	paramRelay     = "RelayState"
	paramAlgorithm = "SigAlg"
	paramSignature = "Signature"
	paramEncoding  = "SAMLEncoding"

	encodingDeflate = "urn:oasis:names:tc:SAML:2.0:bindings:URL-Encoding:DEFLATE"
)

// detached is the signature of the HTTP-Redirect binding.
type detached struct {
	signed    []byte // the octets as they stood in the query
	algorithm string
	value     []byte
}

// FromHTTP reads the message of a browser's request: HTTP-Redirect by GET, HTTP-POST by POST. The body is bounded. Zero limits
// are those of messages. Invalid, TooMany.
func FromHTTP(w http.ResponseWriter, r *http.Request, limits Limits) (*Message, error) {
	const op = "FromHTTP"
	limits = limits.or(MessageLimits())
	switch r.Method {
	case http.MethodGet:
		return FromRedirect(r.URL.RawQuery, limits)
	case http.MethodPost:
	default:
		return nil, refuse(op, BindingMethod)
	}
	media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || media != "application/x-www-form-urlencoded" {
		return nil, refuse(op, BindingEncoding)
	}
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, refuse(op, BindingEncoding)
	}
	if query.Has(paramRequest) || query.Has(paramResponse) || query.Has(paramRelay) {
		return nil, refuse(op, BindingRepeated)
	}
	// Base64 makes 4 of 3, percent-encoding of its few special characters little more.
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, int64(limits.Bytes)*2+4096))
	var tooBig *http.MaxBytesError
	switch {
	case errors.As(err, &tooBig):
		return nil, refuse(op, BindingTooBig)
	case err != nil:
		return nil, refuse(op, BindingEncoding)
	}
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return nil, refuse(op, BindingEncoding)
	}
	return FromPOST(form, limits)
}

// FromPOST reads a message of the HTTP-POST binding (SAML Bindings section 3.5) from the form's fields. Invalid, TooMany.
func FromPOST(form url.Values, limits Limits) (*Message, error) {
	const op = "FromPOST"
	limits = limits.or(MessageLimits())
	for _, values := range form {
		if len(values) != 1 {
			return nil, refuse(op, BindingRepeated)
		}
	}
	name, err := whichParameter(form.Has(paramRequest), form.Has(paramResponse))
	if err != nil {
		return nil, at(op, err)
	}
	relay := form.Get(paramRelay)
	if !relayStateOK(relay, limits.RelayState) {
		return nil, refuse(op, BindingRelayState)
	}
	encoded := form.Get(name)
	if len(encoded) > limits.Bytes*2 {
		return nil, refuse(op, BindingTooBig)
	}
	raw, ok := unbase64(encoded)
	if !ok {
		return nil, refuse(op, BindingEncoding)
	}
	m, err := newMessage(raw, BindingPOST, limits)
	if err != nil {
		return nil, at(op, err)
	}
	if m.kind.parameter() != name {
		return nil, refuse(op, MessageUnexpected)
	}
	m.relay = relay
	return m, nil
}

func whichParameter(request, response bool) (string, error) {
	switch {
	case request && response:
		return "", BindingAmbiguous
	case request:
		return paramRequest, nil
	case response:
		return paramResponse, nil
	}
	return "", BindingMissing
}

// relayStateOK takes what fits and can't do harm in a form or a log: UTF-8 without control characters.
func relayStateOK(s string, limit int) bool {
	return len(s) <= limit && utf8.ValidString(s) && strings.IndexFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f }) < 0
}

// FromRedirect reads a message of the HTTP-Redirect binding with DEFLATE encoding (SAML Bindings section 3.4) from the raw
// query string. A signature is kept together with the octets that it covers, exactly as they were sent. Invalid, TooMany.
func FromRedirect(rawQuery string, limits Limits) (*Message, error) {
	const op = "FromRedirect"
	limits = limits.or(MessageLimits())
	if len(rawQuery) > limits.Bytes*2 {
		return nil, refuse(op, BindingTooBig)
	}
	q, err := splitQuery(rawQuery)
	if err != nil {
		return nil, at(op, err)
	}
	name, err := whichParameter(q.has(paramRequest), q.has(paramResponse))
	if err != nil {
		return nil, at(op, err)
	}
	if q.has(paramEncoding) && q[paramEncoding].value != encodingDeflate {
		return nil, refuse(op, BindingEncoding)
	}
	relay := q[paramRelay].value
	if !relayStateOK(relay, limits.RelayState) {
		return nil, refuse(op, BindingRelayState)
	}
	raw, err := inflate(q[name].value, limits.Bytes)
	if err != nil {
		return nil, at(op, err)
	}
	m, err := newMessage(raw, BindingRedirect, limits)
	if err != nil {
		return nil, at(op, err)
	}
	if m.kind.parameter() != name {
		return nil, refuse(op, MessageUnexpected)
	}
	m.relay = relay
	if m.detached, err = q.detached(name); err != nil {
		return nil, at(op, err)
	}
	return m, nil
}

// pair is a parameter as it was written and as it reads.
type pair struct{ raw, value string }

type query map[string]pair

func (q query) has(name string) bool { _, ok := q[name]; return ok }

// splitQuery takes a query apart without losing how it was written. A parameter may stand there once, whatever it is, and its
// name must be written plainly where it is one of ours: "SAML%52equest" is a way to show two readers two messages.
func splitQuery(raw string) (query, error) {
	q := make(query)
	for part := range strings.SplitSeq(raw, "&") {
		if part == "" {
			continue
		}
		rawName, rawValue, _ := strings.Cut(part, "=")
		name, err := url.QueryUnescape(rawName)
		if err != nil || strings.Contains(part, ";") {
			return nil, BindingEncoding
		}
		value, err := url.QueryUnescape(rawValue)
		if err != nil {
			return nil, BindingEncoding
		}
		switch name {
		case paramRequest, paramResponse, paramRelay, paramAlgorithm, paramSignature, paramEncoding:
			if rawName != name {
				return nil, BindingEncoding
			}
		}
		if q.has(name) {
			return nil, BindingRepeated
		}
		q[name] = pair{rawValue, value}
	}
	return q, nil
}

// detached gives the signature in the query, nil where there is none, an error where there is half a one.
func (q query) detached(name string) (*detached, error) {
	if !q.has(paramAlgorithm) && !q.has(paramSignature) {
		return nil, nil //nolint:nilnil // none is a value
	}
	if !q.has(paramAlgorithm) || !q.has(paramSignature) {
		return nil, SignatureMalformed
	}
	value, ok := unbase64(q[paramSignature].value)
	if !ok {
		return nil, SignatureMalformed
	}
	signed := name + "=" + q[name].raw
	if q.has(paramRelay) {
		signed += "&" + paramRelay + "=" + q[paramRelay].raw
	}
	signed += "&" + paramAlgorithm + "=" + q[paramAlgorithm].raw
	return &detached{signed: []byte(signed), algorithm: q[paramAlgorithm].value, value: value}, nil
}

// inflate reads base64 of raw DEFLATE, never more than limit bytes of it, and nothing behind it.
func inflate(encoded string, limit int) ([]byte, error) {
	packed, ok := unbase64(encoded)
	if !ok {
		return nil, BindingEncoding
	}
	from := bytes.NewReader(packed)
	reader := flate.NewReader(from)
	raw, err := io.ReadAll(io.LimitReader(reader, int64(limit)+1))
	switch {
	case len(raw) > limit:
		return nil, BindingTooBig
	case err != nil || from.Len() > 0:
		return nil, BindingEncoding
	}
	return raw, nil
}

// deflaters are used again: one has some 800 kB of tables.
var deflaters = sync.Pool{New: func() any {
	w, err := flate.NewWriter(io.Discard, flate.BestCompression)
	if err != nil {
		panic("samlmsg: " + err.Error()) // it fails for unknown levels only
	}
	return w
}}

// RedirectURL gives the address that carries a message by HTTP-Redirect: the location of the peer's metadata with the message
// appended, signed in the query where s is not nil. The XML itself must not be signed. A Response never goes this way (SAML
// Profiles section 4.1.2). Invalid, Unavailable.
func RedirectURL(location string, kind Kind, xml []byte, relayState string, s *Signer) (string, error) {
	const op = "RedirectURL"
	u, ok := safeLocation(location)
	if !ok || kind == KindResponse {
		return "", refuse(op, BindingUnsafe)
	}
	if !relayStateOK(relayState, MessageLimits().RelayState) {
		return "", refuse(op, BindingRelayState)
	}
	var packed bytes.Buffer
	w := deflaters.Get().(*flate.Writer)
	defer deflaters.Put(w)
	w.Reset(&packed)
	_, err := w.Write(xml)
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		return "", refuse(op, BindingEncoding)
	}
	q := kind.parameter() + "=" + url.QueryEscape(base64.StdEncoding.EncodeToString(packed.Bytes()))
	if relayState != "" {
		q += "&" + paramRelay + "=" + url.QueryEscape(relayState)
	}
	if s != nil {
		q += "&" + paramAlgorithm + "=" + url.QueryEscape(algRSASHA256)
		value, err := s.octets([]byte(q))
		if err != nil {
			return "", refuse(op, SigningFailed)
		}
		q += "&" + paramSignature + "=" + url.QueryEscape(base64.StdEncoding.EncodeToString(value))
	}
	if u.RawQuery != "" {
		q = u.RawQuery + "&" + q
	}
	u.RawQuery = q
	return u.String(), nil
}

// safeLocation takes an absolute http or https address with a host, no user part and no fragment, and nothing else that a
// browser might be made to run. Whether plain http will do is for the caller's configuration to say.
func safeLocation(location string) (*url.URL, bool) {
	if len(location) > 2*maxURI || strings.IndexFunc(location, func(r rune) bool { return r <= ' ' || r == 0x7f || r == '\\' }) >= 0 {
		return nil, false
	}
	u, err := url.Parse(location)
	if err != nil || (u.Scheme != "https" && u.Scheme != "http") || u.Host == "" || u.Hostname() == "" || u.User != nil || u.Opaque != "" ||
		strings.Contains(location, "#") || strings.IndexFunc(u.Host, notInHost) >= 0 {
		return nil, false
	}
	return u, true
}

// notInHost holds for what has no place in a host and port; ";" and "," would mean something in a header.
func notInHost(r rune) bool {
	return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune(".-_:[]", r))
}
