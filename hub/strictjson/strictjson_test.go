package strictjson_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"onedoor/hub"
	"onedoor/hub/strictjson"
)

func TestObject(t *testing.T) {
	t.Parallel()
	got, err := strictjson.Object([]byte(` {"a":[1,{"b":null}],"A":"x","n":10000000000000000001} `))
	want := map[string]any{"a": []any{json.Number("1"), map[string]any{"b": nil}}, "A": "x", "n": json.Number("10000000000000000001")}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%v %v", got, err)
	}
	for _, bad := range []string{
		"", "null", "[]", `"x"`, `{"a":1,"a":2}`, `{"x":{"a":1,"a":1}}`, `{"a":1,"\u0061":2}`, `{} {}`, `{}x`, `{"a":1`, "{\"a\":\"\xff\"}",
		strings.Repeat(`{"a":`, 40) + "1" + strings.Repeat("}", 40),
	} {
		if _, err := strictjson.Object([]byte(bad)); !errors.Is(err, hub.Invalid) {
			t.Errorf("%.40q: %v", bad, err)
		}
	}
}

func FuzzObject(f *testing.F) {
	for _, seed := range []string{
		"{}", `{"a":{"b":[1,2,{"c":"d"}]}}`, `{"a":1,"a":2}`, "[", "{\"\\ud800\":1}", `{"a":-0.5e+7,"b":[],"c":"\\","d":"\u00e9\"","e":[true,false,null]}`, `{"a":01}`, `{"a":-}`, `{"a":1.}`, `{"a":1e}`,
		`{"a":"` + "\t" + `"}`, `{"a" : [ 1 , 2 ] } `, `{"a":[1,]}`, `{,}`, `{"a":1,}`, `{"a":nul}`, `{"a":"\x"}`, "{\"a\":\"\u2028\ufeff\"}", "\ufeff{}", `{"a":.5}`, `{"a":+1}`, `{"a":tru`, `{"a":"\`,
		`{"a":"\ud83d\ude00","\u0061b":"\u0000"}`, strings.Repeat(`{"a":`, 32) + "1" + strings.Repeat("}", 32), strings.Repeat(`{"a":`, 33) + "1" + strings.Repeat("}", 33), `{"a":` + strings.Repeat("[", 32) + strings.Repeat("]", 32) + "}",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		o, err := strictjson.Object(text)
		want, ok := byTokens(text)
		if (err == nil) != ok || ok && !reflect.DeepEqual(o, want) {
			t.Fatalf("%q is read as %v %v, by tokens as %v %t", text, o, err, want, ok)
		}
		if err != nil {
			return
		}
		var loose map[string]any
		if json.Unmarshal(text, &loose) != nil || len(loose) != len(o) {
			t.Fatalf("%q is read in two ways", text)
		}
	})
}

// byTokens is the same reader, made of the tokens of encoding/json.
func byTokens(text []byte) (map[string]any, bool) {
	if !utf8.Valid(text) {
		return nil, false
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	v, ok := valueByTokens(d, 0)
	o, is := v.(map[string]any)
	_, err := d.Token()
	return o, ok && is && errors.Is(err, io.EOF)
}

func valueByTokens(d *json.Decoder, depth int) (any, bool) {
	t, err := d.Token()
	if err != nil {
		return nil, false
	}
	delim, compound := t.(json.Delim)
	if !compound {
		return t, true
	}
	if depth == 32 {
		return nil, false
	}
	if delim == '[' {
		list := []any{}
		for d.More() {
			v, ok := valueByTokens(d, depth+1)
			if !ok {
				return nil, false
			}
			list = append(list, v)
		}
		_, err := d.Token()
		return list, err == nil
	}
	o := map[string]any{}
	for d.More() {
		t, err := d.Token()
		if err != nil {
			return nil, false
		}
		name, _ := t.(string)
		if _, twice := o[name]; twice {
			return nil, false
		}
		v, ok := valueByTokens(d, depth+1)
		if !ok {
			return nil, false
		}
		o[name] = v
	}
	_, err = d.Token()
	return o, err == nil
}

func BenchmarkObject(b *testing.B) {
	text := []byte(`{"subject":{"type":"access_token","id":"od1_` + strings.Repeat("x", 400) + `"},"resource":{"type":"service_item","id":"item-4711"},"action":{"name":"query"}}`)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := strictjson.Object(text); err != nil {
			b.Fatal(err)
		}
	}
}
