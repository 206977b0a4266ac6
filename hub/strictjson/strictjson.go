// Package strictjson reads JSON objects that other parties sent and that a decision rests on: claims of tokens, answers of providers. Two
// readers of one text must read the same, so a member that comes twice is refused (RFC 8259 section 4, RFC 7519 section 4), names keep
// their case, numbers keep their digits, and nothing may follow the object. It knows no claim.
//
// It reads in one pass and by itself, because every question of a department's system goes through it and the tokens of encoding/json cost more
// than the rest of the question; the tests hold it against a reader made of those.
package strictjson

import (
	"encoding/json"
	"errors"
	"strings"
	"unicode/utf8"

	"onedoor/hub"
)

// deepest bounds the nesting; no answer needs a quarter of it.
const deepest = 32

var errUnreadable = errors.New("not one JSON object with each member once")

// Object reads exactly one object. Values are map[string]any, []any, string, bool, nil and json.Number. Invalid. The caller bounds the size.
func Object(text []byte) (map[string]any, error) {
	const op = "strictjson.Object"
	if !utf8.Valid(text) {
		return nil, hub.E(op, hub.Invalid, errUnreadable)
	}
	r := reader{text: string(text)} // one copy, of which all texts are parts
	r.blanks()
	if r.next() != '{' {
		return nil, hub.E(op, hub.Invalid, errUnreadable)
	}
	o, ok := r.object(0)
	if r.blanks(); !ok || r.at != len(r.text) {
		return nil, hub.E(op, hub.Invalid, errUnreadable)
	}
	return o, nil
}

// reader is a place in a text that is valid UTF-8.
type reader struct {
	text string
	at   int
}

// blanks goes over white space (RFC 8259 section 2).
func (r *reader) blanks() {
	for r.at < len(r.text) {
		switch r.text[r.at] {
		case ' ', '\t', '\n', '\r':
			r.at++
		default:
			return
		}
	}
}

// next gives the byte here; 0 at the end, which no value begins with.
func (r *reader) next() byte {
	if r.at < len(r.text) {
		return r.text[r.at]
	}
	return 0
}

// take goes over a byte. False where another is here.
func (r *reader) take(b byte) bool {
	if r.next() != b {
		return false
	}
	r.at++
	return true
}

// value reads a value, with the white space around it.
func (r *reader) value(depth int) (v any, ok bool) {
	r.blanks()
	switch b := r.next(); {
	case b == '"':
		v, ok = r.string()
	case b == '{' && depth < deepest:
		v, ok = r.object(depth)
	case b == '[' && depth < deepest:
		v, ok = r.list(depth)
	case b == 't':
		v, ok = true, r.word("true")
	case b == 'f':
		v, ok = false, r.word("false")
	case b == 'n':
		v, ok = nil, r.word("null")
	default:
		v, ok = r.number()
	}
	r.blanks()
	return v, ok
}

func (r *reader) word(w string) bool {
	if !strings.HasPrefix(r.text[r.at:], w) {
		return false
	}
	r.at += len(w)
	return true
}

// object reads an object, which begins here.
func (r *reader) object(depth int) (map[string]any, bool) {
	r.at++
	o := map[string]any{}
	if r.blanks(); r.take('}') {
		return o, true
	}
	for {
		r.blanks()
		name, ok := r.string()
		if r.blanks(); !ok || !r.take(':') {
			return nil, false
		}
		before := len(o)
		v, ok := r.value(depth + 1)
		if o[name] = v; !ok || len(o) == before {
			return nil, false
		}
		switch {
		case r.take(','):
		case r.take('}'):
			return o, true
		default:
			return nil, false
		}
	}
}

// list reads a list, which begins here.
func (r *reader) list(depth int) ([]any, bool) {
	r.at++
	all := []any{}
	if r.blanks(); r.take(']') {
		return all, true
	}
	for {
		v, ok := r.value(depth + 1)
		if !ok {
			return nil, false
		}
		all = append(all, v)
		switch {
		case r.take(','):
		case r.take(']'):
			return all, true
		default:
			return nil, false
		}
	}
}

// string reads a text (RFC 8259 section 7). One with escapes is rare, and read by encoding/json.
func (r *reader) string() (string, bool) {
	if !r.take('"') {
		return "", false
	}
	begin, escaped := r.at, false
	for r.at < len(r.text) {
		switch b := r.text[r.at]; {
		case b == '"':
			inner := r.text[begin:r.at]
			r.at++
			if !escaped {
				return inner, true
			}
			var out string
			err := json.Unmarshal([]byte(r.text[begin-1:r.at]), &out)
			return out, err == nil
		case b < ' ':
			return "", false
		case b == '\\':
			escaped = true
			r.at++ // whatever follows does not end the text
		}
		r.at++
	}
	return "", false
}

// number reads a number (RFC 8259 section 6), and keeps its digits.
func (r *reader) number() (json.Number, bool) {
	begin := r.at
	r.take('-')
	if !r.take('0') && !r.digits() {
		return "", false
	}
	if r.take('.') && !r.digits() {
		return "", false
	}
	if r.take('e') || r.take('E') {
		_ = r.take('+') || r.take('-')
		if !r.digits() {
			return "", false
		}
	}
	return json.Number(r.text[begin:r.at]), true
}

// digits goes over digits. False where there is none.
func (r *reader) digits() bool {
	begin := r.at
	for r.at < len(r.text) && r.text[r.at] >= '0' && r.text[r.at] <= '9' {
		r.at++
	}
	return r.at > begin
}
