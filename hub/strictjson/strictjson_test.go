package strictjson_test

import (
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"

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
	for _, seed := range []string{"{}", `{"a":{"b":[1,2,{"c":"d"}]}}`, `{"a":1,"a":2}`, "[", "{\"\\ud800\":1}"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		o, err := strictjson.Object(text)
		if err != nil {
			return
		}
		var loose map[string]any
		if json.Unmarshal(text, &loose) != nil || len(loose) != len(o) {
			t.Fatalf("%q is read in two ways", text)
		}
	})
}
