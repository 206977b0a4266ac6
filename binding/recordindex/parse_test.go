package recordindex

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"onedoor/hub"
)

func TestBND06_CSVLines(t *testing.T) {
	t.Parallel()
	p, err := readHeader([]byte("record,number,given_name"))
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]struct {
		v   []string
		why Why
	}{
		"a,b,c":             {[]string{"a", "b", "c"}, ""},
		" a , b,c ":         {[]string{"a", "b", "c"}, ""},
		`"a","b","c"`:       {[]string{"a", "b", "c"}, ""},
		`"a,1","b""2",""`:   {[]string{"a,1", `b"2`, ""}, ""},
		",,":                {[]string{"", "", ""}, ""},
		"a,b":               {nil, Columns},
		"a,b,c,":            {nil, Columns},
		`a"b,c,d`:           {nil, Quotes},
		`"a"b,c,d`:          {nil, Quotes},
		`"a,b,c`:            {nil, Quotes},
		`a,b,"`:             {nil, Quotes},
		"a,b,\x80":          {nil, Encoding},
		"a,b,\x1b[31m":      {nil, Encoding},
		"a;b;c":             {nil, Columns},
		"=cmd|'/c calc',b,": {[]string{"=cmd|'/c calc'", "b", ""}, ""},
	} {
		v, _, why := p.line([]byte(text))
		if why != want.why || why == "" && !slices.Equal(v[:3], want.v) {
			t.Errorf("%q: %q %s", text, v, why)
		}
	}
}

func TestBND06_LongLinesCostNoMemory(t *testing.T) {
	t.Parallel()
	l := newLines(io.MultiReader(strings.NewReader("first\r\n"), io.LimitReader(endless{}, 64<<20), strings.NewReader("\nlast")))
	var got []string
	for {
		text, long, err := l.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if long {
			text = []byte("(long)")
		}
		got = append(got, string(text))
	}
	if want := []string{"first", "(long)", "last"}; !slices.Equal(got, want) || l.line != 3 || l.offset != 7+64<<20+5 {
		t.Errorf("%q %d %d", got, l.line, l.offset)
	}
}

type endless struct{}

func (endless) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = 'x'
	}
	return len(b), nil
}

func FuzzCSV(f *testing.F) {
	for _, s := range []string{
		"record,number\na,b\n", "\xEF\xBB\xBFrecord;number\r\n\"a\";b", "record\n\"a\"\"b\"\n\n", "record,area\n\",\",\"\"\n", "record\tnumber\n\t\n", "record\n\"\n", "\"record\"\nx",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		l := newLines(bytes.NewReader(file))
		first, long, err := l.next()
		if err != nil || long {
			return
		}
		p, err := readHeader(first)
		if err != nil {
			if !errors.Is(err, hub.Invalid) {
				t.Fatal(err)
			}
			return
		}
		for {
			text, long, err := l.next()
			if err != nil {
				break
			}
			v, _, why := p.line(text)
			if long || why != "" || len(text) == 0 {
				continue
			}
			// What we take, the standard library takes, and reads the same.
			r := csv.NewReader(bytes.NewReader(text))
			r.Comma = rune(p.separator)
			want, err := r.Read()
			if errors.Is(err, io.EOF) { // it skips an empty line
				continue
			}
			if err != nil || len(want) != len(p.columns) {
				t.Fatalf("%q is taken, but is not CSV: %v", text, err)
			}
			for i, s := range want {
				if v[p.columns[i]] != strings.TrimSpace(s) {
					t.Fatalf("%q: %q, want %q", text, v[p.columns[i]], s)
				}
			}
		}
		if l.offset != int64(len(file)) {
			t.Errorf("%d of %d bytes", l.offset, len(file))
		}
	})
}

func FuzzNDJSON(f *testing.F) {
	for _, s := range []string{
		`{"record":"a","number":"b"}`, `{"record":"\u0e01","area":""}`, `{"record":"a","record":"b"}`, `{}`, `{"x":"a"}`, `{"record":["a"]}`, `{"record":"a"}{}`, "{\"record\":\"\xff\"}",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		v, _, why := jsonParser{}.line(text)
		if why != "" {
			return
		}
		var want map[string]string
		if err := json.Unmarshal(text, &want); err != nil {
			t.Fatalf("%q is taken, but is no object of texts: %v", text, err)
		}
		for _, name := range Fields() {
			if v[place(name)] != strings.TrimSpace(want[string(name)]) {
				t.Fatalf("%q: %s is %q, want %q", text, name, v[place(name)], want[string(name)])
			}
			delete(want, string(name))
		}
		if len(want) > 0 {
			t.Fatalf("%q: %d members were overlooked", text, len(want))
		}
	})
}
