package configs

import (
	"bytes"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"onedoor/authz"
	"onedoor/federation"
	"onedoor/tenants"
)

// Difference is what applying would do to one object.
type Difference struct {
	Kind    string
	ID      string
	New     bool     // it is not registered yet
	Changes []Change // empty where nothing would change
}

// Change is one field that would change. Secrets show as words, never as values.
type Change struct {
	Path string
	Old  string // "" where there was none
	New  string // "" where there will be none
}

// String gives "path: old -> new".
func (c Change) String() string {
	show := func(s string) string {
		if s == "" {
			return "(none)"
		}
		return s
	}
	return c.Path + ": " + show(c.Old) + " -> " + show(c.New)
}

// Diff compares declared objects with what is registered, field by field in the words of the files. Objects that are
// registered but not declared stay as they are and are not listed.
func Diff(current, declared Register) []Difference {
	var out []Difference
	for _, p := range declared.Providers {
		i := slices.IndexFunc(current.Providers, func(x federation.Provider) bool { return x.ID == p.ID })
		var old federation.Provider
		var before map[string]string
		if i >= 0 {
			old = current.Providers[i]
			before = flat(providerOf(old))
		}
		d := difference(KindProvider, string(p.ID), before, flat(providerOf(p)))
		d.Changes = append(d.Changes, secretChanges(old, p)...)
		out = append(out, d)
	}
	for _, x := range declared.Departments {
		i := slices.IndexFunc(current.Departments, func(y tenants.Department) bool { return y.ID == x.ID })
		var before map[string]string
		if i >= 0 {
			before = flat(departmentOf(current.Departments[i]))
		}
		out = append(out, difference(KindDepartment, string(x.ID), before, flat(departmentOf(x))))
	}
	for _, x := range declared.Systems {
		i := slices.IndexFunc(current.Systems, func(y tenants.System) bool { return y.ID == x.ID })
		var before map[string]string
		if i >= 0 {
			before = flat(systemOf(current.Systems[i]))
		}
		out = append(out, difference(KindSystem, string(x.ID), before, flat(systemOf(x))))
	}
	for _, x := range declared.Items {
		i := slices.IndexFunc(current.Items, func(y authz.Item) bool { return y.ID == x.ID })
		var before map[string]string
		if i >= 0 {
			before = flat(itemOf(current.Items[i]))
		}
		out = append(out, difference(KindItem, string(x.ID), before, flat(itemOf(x))))
	}
	return out
}

func difference(kind, id string, before, after map[string]string) Difference {
	d := Difference{Kind: kind, ID: id, New: before == nil}
	paths := slices.Collect(maps.Keys(before))
	for p := range after {
		if _, both := before[p]; !both {
			paths = append(paths, p)
		}
	}
	slices.Sort(paths)
	for _, p := range paths {
		if p != "kind" && p != "id" && before[p] != after[p] {
			d.Changes = append(d.Changes, Change{Path: p, Old: before[p], New: after[p]})
		}
	}
	return d
}

func secretChanges(old, declared federation.Provider) []Change {
	a, b := secretsOf(old), secretsOf(declared)
	var out []Change
	for _, path := range []string{"oidc.clientSecret", "oidc.quirks.apiKey", "ndid.apiKey"} {
		s := struct{ old, new federation.SealedSecret }{a[path], b[path]}
		if bytes.Equal(s.old, s.new) {
			continue
		}
		c := Change{Path: path}
		if len(s.old) > 0 {
			c.Old = "[a secret]"
		}
		if len(s.new) > 0 {
			c.New = "[another secret]"
		}
		if c.Old == "" {
			c.New = "[a secret]"
		}
		out = append(out, c)
	}
	return out
}

// secretsOf gives the sealed secrets of a trust record by their paths.
func secretsOf(p federation.Provider) map[string]federation.SealedSecret {
	out := map[string]federation.SealedSecret{}
	if p.OIDC != nil {
		out["oidc.clientSecret"], out["oidc.quirks.apiKey"] = p.OIDC.ClientSecret, p.OIDC.Quirks.APIKey
	}
	if p.NDID != nil {
		out["ndid.apiKey"] = p.NDID.APIKey
	}
	return out
}

// flat gives every field that is set as path and text.
func flat(form any) map[string]string {
	out := map[string]string{}
	flatten(reflect.ValueOf(form), "", out)
	return out
}

func flatten(v reflect.Value, path string, out map[string]string) {
	if v.IsZero() {
		return
	}
	if s, ok := v.Interface().(fmt.Stringer); ok {
		out[path] = s.String()
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		flatten(v.Elem(), path, out)
	case reflect.Struct:
		for _, f := range fieldsOf(v.Type()) {
			flatten(v.Field(f.index), under(path, f.name), out)
		}
	case reflect.Map:
		for _, k := range v.MapKeys() {
			flatten(v.MapIndex(k), under(path, printableKey(k.String())), out)
		}
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.String {
			out[path] = strings.Join(v.Interface().([]string), " ")
			return
		}
		for i := range v.Len() {
			flatten(v.Index(i), path+"["+strconv.Itoa(i)+"]", out)
		}
	case reflect.String:
		out[path] = strconv.Quote(v.String())
	default:
		out[path] = fmt.Sprint(v.Interface())
	}
}
