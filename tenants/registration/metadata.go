package registration

import (
	"bytes"
	"encoding/json"
	"io"
	"unicode/utf8"
)

// members are the client metadata as they were sent: each once, null taken for absent (RFC 7592 section 2.2).
type members map[string]json.RawMessage

const (
	largestBody = 48 << 10 // bytes; a JWK Set may have 32 KiB
	mostMembers = 200
)

// parseMembers reads one JSON object and nothing behind it. It refuses members that come twice: two readers of one document must
// not see two different clients.
func parseMembers(body []byte) (members, *refusal) {
	malformed := refuse(codeMetadata, "the request must be one JSON object")
	if len(body) > largestBody || !utf8.Valid(body) {
		return nil, malformed
	}
	d := json.NewDecoder(bytes.NewReader(body))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return nil, malformed
	}
	out := members{}
	seen := map[string]bool{}
	for d.More() {
		t, err := d.Token()
		name, ok := t.(string)
		if err != nil || !ok || len(seen) >= mostMembers {
			return nil, malformed
		}
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			return nil, malformed
		}
		if seen[name] {
			return nil, refuse(codeMetadata, "a member is there twice")
		}
		seen[name] = true
		if string(value) != "null" {
			out[name] = value
		}
	}
	if _, err := d.Token(); err != nil { // the closing brace
		return nil, malformed
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, malformed
	}
	return out, nil
}

// reader takes members apart and keeps the first fault.
type reader struct {
	members
	bad *refusal
}

func (r *reader) fail(name, text string) {
	if r.bad == nil {
		code := codeMetadata
		if name == "redirect_uris" {
			code = codeRedirect
		}
		r.bad = refuse(code, name+": "+text)
	}
}

// text gives a text, "" where it is absent.
func (r *reader) text(name string) string {
	raw, ok := r.members[name]
	if !ok {
		return ""
	}
	var s string
	if json.Unmarshal(raw, &s) != nil {
		r.fail(name, "must be a string")
	}
	return s
}

// list gives a list of texts, nil where it is absent.
func (r *reader) list(name string) []string {
	raw, ok := r.members[name]
	if !ok {
		return nil
	}
	var many []*string // null among them is no text
	if json.Unmarshal(raw, &many) != nil {
		r.fail(name, "must be a list of strings")
		return nil
	}
	out := make([]string, 0, len(many))
	for _, s := range many {
		if s == nil {
			r.fail(name, "must be a list of strings")
			return nil
		}
		out = append(out, *s)
	}
	return out
}

// flag gives a truth value, false where it is absent.
func (r *reader) flag(name string) bool {
	raw, ok := r.members[name]
	if !ok {
		return false
	}
	var b bool
	if json.Unmarshal(raw, &b) != nil {
		r.fail(name, "must be true or false")
	}
	return b
}

// seconds gives a whole number that is not negative, 0 where it is absent.
func (r *reader) seconds(name string) int64 {
	raw, ok := r.members[name]
	if !ok {
		return 0
	}
	var n int64
	if json.Unmarshal(raw, &n) != nil || n < 0 || n > 1<<31 {
		r.fail(name, "must be a number of seconds")
	}
	return n
}

// object gives a JSON object in its shortest form, "" where it is absent.
func (r *reader) object(name string) string {
	raw, ok := r.members[name]
	if !ok {
		return ""
	}
	var out bytes.Buffer
	if len(raw) == 0 || raw[0] != '{' || json.Compact(&out, raw) != nil {
		r.fail(name, "must be an object")
	}
	return out.String()
}

// only refuses every value but these.
func (r *reader) only(name, value string, allowed string) {
	if value != "" && value != allowed {
		r.fail(name, "must be "+allowed)
	}
}

// none refuses a member that asks for something that the hub does not do. To leave it out silently would leave the client less
// safe than it believes to be. False and empty lists ask for nothing.
func (r *reader) none(names ...string) {
	for _, name := range names {
		switch string(bytes.TrimSpace(r.members[name])) {
		case "", "false", "[]":
		default:
			r.fail(name, "is not supported")
		}
	}
}
