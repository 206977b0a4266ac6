package configs

import (
	"net/netip"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"
)

// fill sets every field that a file can set to a value of its own.
func fill(v reflect.Value, n *int) {
	*n++
	switch x := v.Addr().Interface().(type) {
	case *ialForm:
		*x = ialForm(1 + *n%7)
		return
	case *aalForm:
		*x = aalForm(1 + *n%4)
		return
	case *date:
		*x = date(time.Date(2026, 1, 1, 0, 0, *n, 0, time.UTC))
		return
	case *digestForm:
		x[0] = byte(*n)
		return
	case *certificateForm:
		*x = certificateForm{byte(*n)}
		return
	case *dayForm:
		*x = dayForm(1 << (*n % 7))
		return
	case *Prefix:
		x.Prefix = netip.PrefixFrom(netip.AddrFrom4([4]byte{10, byte(*n)}), 16)
		return
	case *Duration:
		*x = Duration(time.Duration(*n) * time.Second)
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), n)
	case reflect.Struct:
		for _, f := range fieldsOf(v.Type()) {
			if strings.HasSuffix(f.name, "File") || strings.HasSuffix(f.name, "Env") || f.name == "file" || f.name == "env" {
				continue // the place of a secret is not kept
			}
			fill(v.Field(f.index), n)
		}
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		for range 2 {
			x := reflect.New(v.Type().Elem()).Elem()
			fill(x, n)
			v.SetMapIndex(reflect.ValueOf("key"+strconv.Itoa(*n)).Convert(v.Type().Key()), x)
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		for i := range 2 {
			fill(v.Index(i), n)
		}
	case reflect.String:
		v.SetString("text" + strconv.Itoa(*n))
	case reflect.Int:
		v.SetInt(int64(*n))
	case reflect.Bool:
		v.SetBool(true)
	default:
		panic(v.Type().String())
	}
}

// TestFormsRoundTrip proves that no field is lost on the way into the domain's type and back.
func TestFormsRoundTrip(t *testing.T) {
	t.Parallel()
	var n int
	var department departmentForm
	fill(reflect.ValueOf(&department).Elem(), &n)
	department.Kind = KindDepartment
	if got := departmentOf(department.department()); !reflect.DeepEqual(got, department) {
		t.Errorf("got %+v\nwant %+v", got, department)
	}
	var system systemForm
	fill(reflect.ValueOf(&system).Elem(), &n)
	system.Kind = KindSystem
	if got := systemOf(system.system()); !reflect.DeepEqual(got, system) {
		t.Errorf("got %+v\nwant %+v", got, system)
	}
	var item itemForm
	fill(reflect.ValueOf(&item).Elem(), &n)
	item.Kind = KindItem
	for i := range item.Demands.Hours.Windows {
		item.Demands.Hours.Windows[i].Days = []dayForm{1 << 1, 1 << 6, 1 << 0}
	}
	if got := itemOf(item.item()); !reflect.DeepEqual(got, item) {
		t.Errorf("got %+v\nwant %+v", got, item)
	}
	var provider providerForm
	fill(reflect.ValueOf(&provider).Elem(), &n)
	provider.Kind = KindProvider
	provider.Assurance.Request[0].Level = levelForm{1, 1}
	provider.Assurance.Request[1].Level = levelForm{1, 2}
	if got := providerOf(provider.provider()); !reflect.DeepEqual(got, provider) {
		t.Errorf("got %+v\nwant %+v", got, provider)
	}
}

// TestEveryTypeThatAFileCanHoldIsRead would panic for a field of a type that the reader does not know.
func TestEveryTypeThatAFileCanHoldIsRead(t *testing.T) {
	t.Parallel()
	for _, form := range []any{&departmentForm{}, &systemForm{}, &itemForm{}, &providerForm{}, &Config{}} {
		visit(t, reflect.TypeOf(form).Elem())
	}
}

func visit(t *testing.T, typ reflect.Type) {
	if reflect.PointerTo(typ).Implements(reflect.TypeFor[scanner]()) {
		return
	}
	switch typ.Kind() {
	case reflect.Pointer, reflect.Slice:
		visit(t, typ.Elem())
	case reflect.Map:
		if typ.Key().Kind() != reflect.String {
			t.Errorf("a table with keys of %s", typ.Key())
		}
		visit(t, typ.Elem())
	case reflect.Struct:
		if len(fieldsOf(typ)) != typ.NumField() {
			t.Errorf("%s has a field without a key", typ)
		}
		for i := range typ.NumField() {
			visit(t, typ.Field(i).Type)
		}
	case reflect.String, reflect.Bool, reflect.Int:
	default:
		t.Errorf("%s can't be read", typ)
	}
}
