// Package strictjson reads JSON objects that other parties sent and that a decision rests on: claims of tokens, answers of providers. Two
// readers of one text must read the same, so a member that comes twice is refused (RFC 8259 section 4, RFC 7519 section 4), names keep
// their case, numbers keep their digits, and nothing may follow the object. It knows no claim.
package strictjson

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
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
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	v, err := value(d, 0)
	if err != nil {
		return nil, hub.E(op, hub.Invalid, errUnreadable) // the decoder's own words may quote the text
	}
	o, ok := v.(map[string]any)
	if _, err := d.Token(); !ok || !errors.Is(err, io.EOF) {
		return nil, hub.E(op, hub.Invalid, errUnreadable)
	}
	return o, nil
}

func value(d *json.Decoder, depth int) (any, error) {
	t, err := d.Token()
	if err != nil {
		return nil, err
	}
	delim, compound := t.(json.Delim)
	if !compound {
		return t, nil
	}
	if depth == deepest {
		return nil, errUnreadable
	}
	if delim == '[' {
		list := []any{}
		for d.More() {
			v, err := value(d, depth+1)
			if err != nil {
				return nil, err
			}
			list = append(list, v)
		}
		_, err := d.Token()
		return list, err
	}
	o := map[string]any{}
	for d.More() {
		t, err := d.Token()
		if err != nil {
			return nil, err
		}
		name, _ := t.(string)
		if _, twice := o[name]; twice {
			return nil, errUnreadable
		}
		if o[name], err = value(d, depth+1); err != nil {
			return nil, err
		}
	}
	_, err = d.Token()
	return o, err
}
