package api

import (
	"encoding/json"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// schema is a JSON Schema (draft 2020-12) of the few words that this API needs. What is published is what is checked.
type schema struct {
	Ref         string             `json:"$ref,omitempty"`
	Type        string             `json:"type,omitempty"`
	Format      string             `json:"format,omitempty"`
	Description string             `json:"description,omitempty"`
	Enum        []string           `json:"enum,omitempty"`
	MaxLength   int                `json:"maxLength,omitempty"`
	MaxItems    int                `json:"maxItems,omitempty"`
	Items       *schema            `json:"items,omitempty"`
	Properties  map[string]*schema `json:"properties,omitempty"`
	Required    []string           `json:"required,omitempty"`
	// Additional is false for an object of fixed members, a schema for a map.
	Additional any `json:"additionalProperties,omitempty"`
}

// Bounds that hold where a member states none.
const (
	longestText = 2000
	mostItems   = 5000
)

// schemas are the named types of the description.
type schemas struct {
	named map[string]*schema
}

func newSchemas() *schemas { return &schemas{named: map[string]*schema{}} }

const refPrefix = "#/components/schemas/"

// of gives the schema of a Go type: structures by reference, each member with what its tags say: doc, enum (words, separated by a bar), max
// (characters of a text), format.
func (s *schemas) of(t reflect.Type) *schema {
	switch {
	case t == reflect.TypeFor[time.Time]():
		return &schema{Type: "string", Format: "date-time"}
	case t.Kind() == reflect.Pointer:
		return s.of(t.Elem())
	}
	switch t.Kind() {
	case reflect.String:
		return &schema{Type: "string", MaxLength: longestText}
	case reflect.Bool:
		return &schema{Type: "boolean"}
	case reflect.Int, reflect.Int64:
		return &schema{Type: "integer"}
	case reflect.Slice:
		return &schema{Type: "array", Items: s.of(t.Elem()), MaxItems: mostItems}
	case reflect.Map:
		return &schema{Type: "object", Additional: s.of(t.Elem())}
	case reflect.Struct:
		name := strings.TrimPrefix(t.Name(), "wire")
		name = strings.ToUpper(name[:1]) + name[1:]
		if s.named[name] == nil {
			x := &schema{Type: "object", Properties: map[string]*schema{}, Additional: false}
			s.named[name] = x
			s.members(t, x)
		}
		return &schema{Ref: refPrefix + name}
	default:
		panic("api: a type that the description has no word for: " + t.String()) // of the program's own types, at the start
	}
}

func (s *schemas) members(t reflect.Type, x *schema) {
	for i := range t.NumField() {
		f := t.Field(i)
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if f.Anonymous && name == "" {
			s.members(f.Type, x)
			continue
		}
		m := s.of(f.Type)
		m.Description = f.Tag.Get("doc")
		to := m
		if m.Items != nil && m.Items.Ref == "" {
			to = m.Items
		}
		if words := f.Tag.Get("enum"); words != "" {
			to.Enum = strings.Split(words, "|")
		}
		if format := f.Tag.Get("format"); format != "" {
			to.Format = format
		}
		if most, err := strconv.Atoi(f.Tag.Get("max")); err == nil {
			to.MaxLength = most
		}
		x.Properties[name] = m
		if !strings.Contains(options, "omitempty") && !strings.Contains(options, "omitzero") {
			x.Required = append(x.Required, name)
		}
	}
	slices.Sort(x.Required)
}

// check lists what is wrong with a value, as strictjson reads it.
func (s *schemas) check(x *schema, v any, path string, to []fault) []fault {
	wrong := func(text string) []fault { return append(to, fault{Path: path, Text: text}) }
	if len(to) >= 50 {
		return to
	}
	if x.Ref != "" {
		return s.check(s.named[strings.TrimPrefix(x.Ref, refPrefix)], v, path, to)
	}
	switch x.Type {
	case "string":
		text, ok := v.(string)
		switch {
		case !ok:
			return wrong("must be text")
		case x.MaxLength > 0 && utf8.RuneCountInString(text) > x.MaxLength:
			return wrong("must be at most " + strconv.Itoa(x.MaxLength) + " characters")
		case len(x.Enum) > 0 && !slices.Contains(x.Enum, text):
			return wrong("must be one of " + strings.Join(x.Enum, ", "))
		case x.Format == "date-time":
			if _, err := time.Parse(time.RFC3339, text); err != nil {
				return wrong("must be a time as 2026-01-31T12:00:00Z")
			}
		}
	case "boolean":
		if _, ok := v.(bool); !ok {
			return wrong("must be true or false")
		}
	case "integer":
		n, ok := v.(json.Number)
		if !ok {
			return wrong("must be a whole number")
		}
		if _, err := strconv.ParseInt(n.String(), 10, 53); err != nil {
			return wrong("must be a whole number")
		}
	case "array":
		all, ok := v.([]any)
		if !ok {
			return wrong("must be a list")
		}
		if len(all) > x.MaxItems {
			return wrong("must have at most " + strconv.Itoa(x.MaxItems) + " entries")
		}
		for i, e := range all {
			to = s.check(x.Items, e, path+"["+strconv.Itoa(i)+"]", to)
		}
	case "object":
		o, ok := v.(map[string]any)
		if !ok {
			return wrong("must be an object")
		}
		return s.object(x, o, path, to)
	}
	return to
}

func (s *schemas) object(x *schema, o map[string]any, path string, to []fault) []fault {
	below := func(name string) string {
		if path == "" {
			return name
		}
		return path + "." + name
	}
	for _, name := range x.Required {
		if _, there := o[name]; !there {
			to = append(to, fault{Path: below(name), Text: "is missing"})
		}
	}
	names := make([]string, 0, len(o))
	for name := range o {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		of, known := x.Properties[name], false
		if each, ok := x.Additional.(*schema); ok {
			of, known = each, true
		}
		if of == nil && !known {
			to = append(to, fault{Path: below(clip(name)), Text: "is unknown"})
			continue
		}
		to = s.check(of, o[name], below(clip(name)), to)
	}
	return to
}

// clip keeps a foreign name short in a message, and visible.
func clip(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return -1
		}
		return r
	}, s)
	if utf8.RuneCountInString(s) > 60 {
		return string([]rune(s)[:60]) + "..."
	}
	return s
}
