package configs

import (
	"bytes"
	"errors"
	"io"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// maxFile is the size that a file may have, in bytes.
const maxFile = 1 << 20

// document is one YAML document with the line of each path in it.
type document struct {
	file   string
	root   *yaml.Node
	lines  map[string]int
	bad    map[string]bool // paths whose value could not be read
	faults *Faults
}

// scanner is a value that is written as one scalar and reads itself from its text, whatever YAML would take it for: 2.3 is
// a level here, not a number.
type scanner interface{ scan(text string) error }

// parse splits a file into its documents. Empty documents are left out.
func parse(file string, data []byte, faults *Faults) []*document {
	add := func(line int, text string) { *faults = append(*faults, Fault{File: file, Line: line, Text: text}) }
	switch {
	case len(data) > maxFile:
		add(0, "is larger than "+strconv.Itoa(maxFile)+" bytes")
		return nil
	case !utf8.Valid(data):
		add(0, "is not UTF-8")
		return nil
	}
	var docs []*document
	d := yaml.NewDecoder(bytes.NewReader(data))
	for {
		var n yaml.Node
		err := d.Decode(&n)
		if errors.Is(err, io.EOF) {
			return docs
		}
		if err != nil {
			line, text := syntax(err)
			add(line, text)
			return docs
		}
		if n.Kind != yaml.DocumentNode || len(n.Content) != 1 || n.Content[0].ShortTag() == "!!null" {
			continue
		}
		docs = append(docs, &document{file: file, root: n.Content[0], lines: map[string]int{}, bad: map[string]bool{}, faults: faults})
	}
}

var yamlLine = regexp.MustCompile(`^yaml: (?:line (\d+): )?`)

// syntax takes the line out of the text of a YAML error.
func syntax(err error) (int, string) {
	text := err.Error()
	m := yamlLine.FindStringSubmatch(text)
	if m == nil {
		return 0, "is not YAML: " + text
	}
	line, _ := strconv.Atoi(m[1])
	return line, "is not YAML: " + text[len(m[0]):]
}

// readFile reads at most maxFile bytes and one more, so that parse sees what is too large.
func readFile(file string) ([]byte, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close() //nolint:errcheck // nothing was written
	return io.ReadAll(io.LimitReader(f, maxFile+1))
}

// fault adds a fault of what is written at the path.
func (d *document) fault(path, rule, text string) {
	d.bad[path] = true
	*d.faults = append(*d.faults, Fault{File: d.file, Line: d.line(path), Path: path, Text: text, Rule: rule})
}

// found adds what a check of the values says, unless reading has already said something there or around it: a value that
// could not be read must not also be called missing.
func (d *document) found(path, rule, text string) {
	for at := path; ; {
		if d.bad[at] {
			return
		}
		cut := strings.LastIndexAny(at, ".[")
		if cut < 0 {
			break
		}
		at = at[:cut]
	}
	*d.faults = append(*d.faults, Fault{File: d.file, Line: d.line(path), Path: path, Text: text, Rule: rule})
}

// line gives the line of the path, or of the nearest thing around it that is there.
func (d *document) line(path string) int {
	for {
		if line, ok := d.lines[path]; ok {
			return line
		}
		cut := strings.LastIndexAny(path, ".[")
		if cut < 0 {
			return d.root.Line
		}
		path = path[:cut]
	}
}

// decode reads the whole document into the struct that v points to.
func (d *document) decode(v any) { d.value(d.root, "", reflect.ValueOf(v).Elem()) }

func (d *document) value(n *yaml.Node, path string, v reflect.Value) {
	if _, known := d.lines[path]; !known {
		d.lines[path] = n.Line
	}
	switch {
	case n.Kind == yaml.AliasNode:
		d.fault(path, "", "is an alias; write the value out")
		return
	case n.Anchor != "":
		d.fault(path, "", "has an anchor; write each value where it belongs")
		return
	case n.Style&yaml.TaggedStyle != 0:
		d.fault(path, "", "has a tag; write the plain value")
		return
	case n.ShortTag() == "!!null":
		d.fault(path, "", "has no value; give it one or leave the key out")
		return
	}
	if s, ok := v.Addr().Interface().(scanner); ok {
		d.scan(n, path, s)
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		d.value(n, path, v.Elem())
	case reflect.Struct:
		d.structure(n, path, v)
	case reflect.Map:
		d.mapping(n, path, v)
	case reflect.Slice:
		d.sequence(n, path, v)
	default:
		d.scalar(n, path, v)
	}
}

func (d *document) scan(n *yaml.Node, path string, s scanner) {
	if n.Kind != yaml.ScalarNode {
		d.fault(path, "", "must be one value")
		return
	}
	if err := s.scan(n.Value); err != nil {
		d.fault(path, "", err.Error())
	}
}

// keys walks over a mapping and reports keys that are no text or there twice.
func (d *document) keys(n *yaml.Node, path string, each func(key string, value *yaml.Node, at string)) {
	if n.Kind != yaml.MappingNode {
		d.fault(path, "", "must be a mapping of keys to values")
		return
	}
	seen := make(map[string]int, len(n.Content)/2)
	for i := 0; i+1 < len(n.Content); i += 2 {
		k, v := n.Content[i], n.Content[i+1]
		at := under(path, printableKey(k.Value))
		if k.Kind != yaml.ScalarNode || k.Anchor != "" || k.Style&yaml.TaggedStyle != 0 || k.ShortTag() == "!!null" {
			*d.faults = append(*d.faults, Fault{File: d.file, Line: k.Line, Path: path, Text: "a key must be plain text"})
			continue
		}
		if first, twice := seen[k.Value]; twice {
			*d.faults = append(*d.faults, Fault{File: d.file, Line: k.Line, Path: at, Text: "is there twice, first in line " + strconv.Itoa(first)})
			continue
		}
		seen[k.Value] = k.Line
		d.lines[at] = k.Line
		each(k.Value, v, at)
	}
}

func (d *document) structure(n *yaml.Node, path string, v reflect.Value) {
	fields := fieldsOf(v.Type())
	d.keys(n, path, func(key string, value *yaml.Node, at string) {
		i := slices.IndexFunc(fields, func(f field) bool { return f.name == key })
		if i < 0 {
			d.fault(at, "", "is unknown here; known: "+names(fields))
			return
		}
		d.value(value, at, v.Field(fields[i].index))
	})
}

func (d *document) mapping(n *yaml.Node, path string, v reflect.Value) {
	m := reflect.MakeMap(v.Type())
	d.keys(n, path, func(key string, value *yaml.Node, at string) {
		quoted := path + "[" + strconv.Quote(key) + "]" // as the domain packages write a table's key
		d.lines[quoted] = value.Line
		x := reflect.New(v.Type().Elem()).Elem()
		d.value(value, at, x)
		d.bad[quoted] = d.bad[at]
		m.SetMapIndex(reflect.ValueOf(key).Convert(v.Type().Key()), x)
	})
	v.Set(m)
}

func (d *document) sequence(n *yaml.Node, path string, v reflect.Value) {
	if n.Kind != yaml.SequenceNode {
		d.fault(path, "", "must be a list")
		return
	}
	s := reflect.MakeSlice(v.Type(), len(n.Content), len(n.Content))
	for i, x := range n.Content {
		d.value(x, path+"["+strconv.Itoa(i)+"]", s.Index(i))
	}
	v.Set(s)
}

func (d *document) scalar(n *yaml.Node, path string, v reflect.Value) {
	tag := n.ShortTag()
	switch {
	case n.Kind != yaml.ScalarNode:
		d.fault(path, "", "must be one value")
	case v.Kind() == reflect.String && tag == "!!str":
		v.SetString(n.Value)
	case v.Kind() == reflect.String:
		d.fault(path, "", "must be text; put it in quotes")
	case v.Kind() == reflect.Bool && tag == "!!bool" && (n.Value == "true" || n.Value == "false"):
		v.SetBool(n.Value == "true")
	case v.Kind() == reflect.Bool:
		d.fault(path, "", "must be true or false")
	case v.Kind() == reflect.Int:
		i, err := strconv.Atoi(n.Value)
		if tag != "!!int" || err != nil || strconv.Itoa(i) != n.Value {
			d.fault(path, "", "must be a whole number")
			return
		}
		v.SetInt(int64(i))
	default:
		panic("configs: a field of type " + v.Type().String() + " can't be read")
	}
}

// field is a key of a struct. The tag is "yaml", the name is the key.
type field struct {
	name  string
	index int
}

func fieldsOf(t reflect.Type) []field {
	var fs []field
	for i := range t.NumField() {
		if name, ok := t.Field(i).Tag.Lookup("yaml"); ok {
			fs = append(fs, field{name, i})
		}
	}
	return fs
}

func names(fs []field) string {
	all := make([]string, len(fs))
	for i, f := range fs {
		all[i] = f.name
	}
	slices.Sort(all)
	return strings.Join(all, ", ")
}

func under(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

// printableKey keeps a foreign key short and harmless in a path.
func printableKey(s string) string {
	if len(s) > 60 {
		s = s[:60] + "..."
	}
	if q := strconv.QuoteToGraphic(s); q != `"`+s+`"` {
		return q
	}
	return s
}

// Duration is a span of time: Go's form ("12h30m", "500ms") or whole days ("90d").
type Duration time.Duration

func (v *Duration) scan(text string) error {
	if days, ok := strings.CutSuffix(text, "d"); ok {
		n, err := strconv.ParseUint(days, 10, 16)
		if err == nil && n <= 36500 {
			*v = Duration(time.Duration(n) * 24 * time.Hour)
			return nil
		}
	}
	d, err := time.ParseDuration(text)
	if err != nil {
		return errors.New(`must be a span of time such as "500ms", "15m", "12h" or "90d"`)
	}
	*v = Duration(d)
	return nil
}

// String gives the form that scan reads, days where it comes out even.
func (v Duration) String() string {
	d := time.Duration(v)
	if d >= 48*time.Hour && d%(24*time.Hour) == 0 {
		return strconv.FormatInt(int64(d/(24*time.Hour)), 10) + "d"
	}
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}

// date is a day (from 00:00 UTC) or an instant of RFC 3339.
type date time.Time

func (v *date) scan(text string) error {
	for _, layout := range []string{time.DateOnly, time.RFC3339} {
		if t, err := time.Parse(layout, text); err == nil {
			if t.Year() < 2000 || t.Year() > 2200 {
				return errors.New("must lie between the years 2000 and 2200 of the Christian era")
			}
			*v = date(t.UTC())
			return nil
		}
	}
	return errors.New("must be a day such as 2027-01-31 or an instant such as 2027-01-31T12:00:00Z")
}

// String gives the form that scan reads; "" for none.
func (v date) String() string {
	t := time.Time(v)
	switch {
	case t.IsZero():
		return ""
	case t.Equal(t.Truncate(24 * time.Hour)):
		return t.UTC().Format(time.DateOnly)
	default:
		return t.UTC().Format(time.RFC3339Nano)
	}
}
