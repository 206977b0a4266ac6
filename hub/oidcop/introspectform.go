package oidcop

import (
	"bytes"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"onedoor/hub"
	"onedoor/hub/token"
)

// question is one introspection request in a buffer of its own, which is used again. Nothing of it may be kept.
type question struct {
	body     []byte
	out      []byte
	tokens   [][]byte // parts of body, or of the text that body was turned into
	verdicts []token.Verdict
	secret   [largestShown]byte
	hint     []byte    // the issuer that the caller names for tokens that tell none
	via      []string  // the hubs that the question came through
	foreign  []Foreign // beside verdicts, where another issuer was asked; else empty
}

var questions = sync.Pool{New: func() any {
	return &question{body: make([]byte, 0, 2048), out: make([]byte, 0, 2048)}
}}

// largestShown is the longest text of a basic authentication that is read in place.
const largestShown = 512

// keptBuffer is the most that a question takes back into the pool; a batch of 500 has 300 kB.
const keptBuffer = 512 << 10

// release wipes what was read and gives the buffers back.
func (q *question) release() {
	clear(q.body)
	clear(q.out)
	clear(q.secret[:])
	clear(q.tokens)
	clear(q.verdicts)
	clear(q.foreign)
	q.hint, q.via, q.foreign = nil, nil, q.foreign[:0]
	q.body, q.out, q.tokens, q.verdicts = q.body[:0], q.out[:0], q.tokens[:0], q.verdicts[:0]
	if cap(q.body) <= keptBuffer && cap(q.out) <= 4*keptBuffer {
		questions.Put(q)
	}
}

var (
	errTooLarge = hub.Errorf("oidcop.readBody", hub.TooMany, "too large")
	errNotForm  = hub.Errorf("oidcop.readBody", hub.Invalid, "not a form, or parameters in the query")
)

// read takes the body of a form of at most limit bytes. What was read before stays in front.
func (q *question) read(r *http.Request, limit int) error {
	if r.URL.RawQuery != "" || !plainForm(r) && !isForm(r) {
		return errNotForm
	}
	if r.ContentLength > int64(limit) {
		return errTooLarge
	}
	if n := int(r.ContentLength); n >= 0 {
		had := len(q.body)
		if cap(q.body) < n {
			q.body = append(make([]byte, 0, n), q.body...)
		}
		q.body = q.body[:max(n, had)]
		if _, err := io.ReadFull(r.Body, q.body[had:]); err != nil {
			return hub.E("oidcop.readBody", hub.Invalid, err)
		}
		return nil
	}
	ended, err := q.upTo(r.Body, limit+1)
	switch {
	case err != nil:
		return err
	case !ended || len(q.body) > limit:
		return errTooLarge
	}
	return nil
}

// upTo reads on until the body has so many bytes, or ends, which it reports.
func (q *question) upTo(body io.Reader, n int) (ended bool, err error) {
	for len(q.body) < n {
		if len(q.body) == cap(q.body) {
			q.body = append(q.body, 0)[:len(q.body)]
		}
		got, err := body.Read(q.body[len(q.body):min(cap(q.body), n)])
		q.body = q.body[:len(q.body)+got]
		switch {
		case errors.Is(err, io.EOF):
			return true, nil
		case err != nil:
			return false, hub.E("oidcop.readBody", hub.Invalid, err)
		}
	}
	return false, nil
}

// plainForm knows the content type of a form as nearly everybody writes it.
func plainForm(r *http.Request) bool {
	v := r.Header["Content-Type"]
	return len(v) == 1 && v[0] == "application/x-www-form-urlencoded"
}

// simpleForm is a form of which nothing needs decoding.
type simpleForm struct {
	id, secret []byte
	hint       []byte
	other      bool // a client assertion: not a matter of microseconds
}

const maxParameters = 16

// simple takes the body apart where that can be done in place: no escapes, no parameter twice, none empty, and every token, of
// which a batch has many, one after the other in q.tokens. It reports false for everything else; the general parser then has the
// last word, so that there is one truth about what a form means (see FuzzSimpleForm).
func (q *question) simple(batch bool) (f simpleForm, ok bool) {
	var names [maxParameters][]byte
	n := 0
	rest := q.body
	for len(rest) > 0 {
		pair := rest
		if i := bytes.IndexByte(rest, '&'); i >= 0 {
			pair, rest = rest[:i], rest[i+1:]
		} else {
			rest = nil
		}
		i := bytes.IndexByte(pair, '=')
		if i <= 0 || i == len(pair)-1 || len(pair)-i-1 > largestValue || !unescaped(pair) {
			return f, false
		}
		name, value := pair[:i], pair[i+1:]
		if batch && string(name) == "token" {
			if len(q.tokens) == maxBatch {
				return f, false
			}
			q.tokens = append(q.tokens, value)
			continue
		}
		for _, known := range names[:n] {
			if bytes.Equal(known, name) {
				return f, false
			}
		}
		if n == maxParameters {
			return f, false
		}
		names[n] = name
		n++
		switch string(name) {
		case "token":
			q.tokens = append(q.tokens, value)
		case "client_id":
			f.id = value
		case "client_secret":
			f.secret = value
		case hintParameter:
			f.hint = value
		case "client_assertion", "client_assertion_type":
			f.other = true
		}
	}
	return f, true
}

// unescaped reports whether the bytes stand for themselves in a form: visible ASCII without "+", "%" and ";", which url.ParseQuery
// refuses.
func unescaped(b []byte) bool {
	for ; len(b) >= 8; b = b[8:] { // eight at once: a byte of these is 0x80 where its letter is not visible, or one of the three
		v := binary.LittleEndian.Uint64(b)
		odd := v | (v - each*'!') | (v + each) // above 0x7f, below 0x21 or 0x7f; a borrow or carry can only come from a byte that is odd itself
		odd |= zero(v^each*'+') | zero(v^each*'%') | zero(v^each*';')
		if odd&(each<<7) != 0 {
			return false
		}
	}
	for _, c := range b {
		if !itself[c] {
			return false
		}
	}
	return true
}

// each has a one in every byte.
const each = 0x0101010101010101

// zero marks, by its highest bit, the lowest byte that is zero, and perhaps others above it: nothing where there is none.
func zero(v uint64) uint64 { return (v - each) &^ v }

var itself = func() (t [256]bool) {
	for c := '!'; c <= '~'; c++ {
		t[c] = c != '+' && c != '%' && c != ';'
	}
	return t
}()

// showed finds the caller's id and secret where they are shown in the plainest way: by basic authentication or in the form, not by
// both. It reports false for everything else, which is not yet a refusal.
func (q *question) showed(r *http.Request, f simpleForm) (id, secret []byte, method string, ok bool) {
	header := r.Header["Authorization"]
	switch {
	case f.other || len(header) > 1:
		return nil, nil, "", false
	case len(header) == 0:
		return f.id, f.secret, authPost, len(f.id) > 0 && len(f.secret) > 0
	case len(f.secret) > 0:
		return nil, nil, "", false
	}
	encoded, found := strings.CutPrefix(header[0], "Basic ")
	if !found || len(encoded) > largestShown {
		return nil, nil, "", false
	}
	var text [largestShown]byte
	n, err := strictBasic.Decode(q.secret[:], text[:copy(text[:], encoded)])
	if err != nil || !unescaped(q.secret[:n]) || strings.ContainsAny(encoded, "\r\n") {
		return nil, nil, "", false
	}
	id, secret, found = bytes.Cut(q.secret[:n], []byte{':'})
	if !found || len(id) == 0 || len(secret) == 0 || len(f.id) > 0 && !bytes.Equal(f.id, id) {
		return nil, nil, "", false
	}
	return id, secret, authBasic, true
}

var strictBasic = base64.StdEncoding.Strict()

// matches is secretMatches for bytes.
func matches(secrets []Secret, presented []byte, now time.Time) bool {
	hash := sha256.Sum256(presented)
	match := 0
	for i := range secrets {
		valid := 1
		if !secrets[i].ExpiresAt.IsZero() && !now.Before(secrets[i].ExpiresAt) {
			valid = 0
		}
		match |= valid & subtle.ConstantTimeCompare(hash[:], secrets[i].SHA256[:])
	}
	return match == 1
}
