package api

import (
	"net/netip"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"onedoor/hub"
	"onedoor/hub/strictjson"
	"onedoor/tenants"
)

func typeOf(v any) reflect.Type { return reflect.TypeOf(v) }

// fill sets every field to a value of its own.
func fill(v reflect.Value, n *int) {
	*n++
	switch x := v.Addr().Interface().(type) {
	case *time.Time:
		*x = time.Date(2026, 1, 1, 0, 0, *n, 0, time.UTC)
		return
	case *time.Duration:
		*x = time.Duration(*n) * time.Second
		return
	case *hub.Level:
		*x = hub.Level{IAL: hub.IAL(1 + *n%7), AAL: hub.AAL(1 + *n%4)}
		return
	case *netip.Prefix:
		*x = netip.PrefixFrom(netip.AddrFrom4([4]byte{10, byte(*n), 0, 0}), 16)
		return
	case *[]tenants.Secret: // never on the wire
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), n)
	case reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i), n)
		}
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		x := reflect.New(v.Type().Elem()).Elem()
		fill(x, n)
		v.SetMapIndex(reflect.ValueOf("key"+strconv.Itoa(*n)).Convert(v.Type().Key()), x)
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			v.SetBytes([]byte{1, byte(*n)})
			return
		}
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

// Nothing of an entry is lost on the way out and back: a PUT of what a GET gave changes nothing.
func TestWireRoundTrip(t *testing.T) {
	t.Parallel()
	var n int
	var s tenants.System
	fill(reflect.ValueOf(&s).Elem(), &n)
	s.Status = "" // moved, not put
	if got := systemOf(s).system(s.ID); !reflect.DeepEqual(got, s) {
		t.Errorf("got %+v\nwant %+v", got, s)
	}
	var d tenants.Department
	fill(reflect.ValueOf(&d).Elem(), &n)
	d.Status = ""
	if got := departmentOf(d).department(d.ID); !reflect.DeepEqual(got, d) {
		t.Errorf("got %+v\nwant %+v", got, d)
	}
}

// What can't be read of an entry is refused by the register, and never taken for something else.
func TestWhatCantBeReadIsRefused(t *testing.T) {
	t.Parallel()
	w := wireSystem{
		SessionLife: "soon", OIDC: &wireOIDC{AccessTokenLifetime: "-", DefaultMaxAge: "1"}, Forward: &wireForward{Proxies: []string{"everywhere"}},
		SAML: &wireSAML{Certificates: []string{"none"}}, Least: wireLevel{"9", "9"},
	}
	var paths []string
	for _, f := range w.system("x").Validate() {
		paths = append(paths, f.Path)
	}
	all := strings.Join(paths, " ")
	for _, want := range []string{"sessionLife", "oidc.accessTokenLifetime", "oidc.defaultMaxAge", "forward.proxies[0]", "saml.certificates[0]", "least.ial", "least.aal"} {
		if !strings.Contains(all, want) {
			t.Errorf("%s is not refused: %s", want, all)
		}
	}
}

// FuzzDecode: whatever passes the description is read as it stands, and comes back the same.
func FuzzDecode(f *testing.F) {
	a := &API{schemas: newSchemas()}
	for _, seed := range []string{
		`{}`, `{"to":"live","reason":"tested"}`, `{"TO":"live","reason":"tested"}`, `{"to":"live","to":"draft","reason":"tested"}`, `{"to":null,"reason":1}`, `[]`, `{"to":"live"`,
		`{"department":"revenue","names":{"en":"x"},"group":3,"least":{"ial":"2.1","aal":"2.1"},"oidc":{"redirectURIs":["https://x/"],"scopes":["openid"]}}`,
		`{"department":"revenue","names":{},"group":1e3,"least":{"ial":"2.1","aal":"2.1"},"reviewBy":"2026-01-01T00:00:00Z"}`,
		`{"department":"revenue","names":{},"group":99999999999999999999,"least":{"ial":"","aal":""}}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		for _, form := range []any{wireSystem{}, systemMove{}, wireDepartment{}, invitation{}} {
			in, err := a.decode(text, reflect.TypeOf(form))
			if err != nil {
				continue
			}
			o, err := strictjson.Object(text)
			if err != nil {
				t.Fatalf("taken, but not strict: %q", text)
			}
			if w, ok := in.(*wireSystem); ok {
				if got := o["department"]; got != w.Department {
					t.Fatalf("%v read as %q", got, w.Department)
				}
				if again := systemOf(w.system("x")).system("x"); !reflect.DeepEqual(again.Least, w.system("x").Least) {
					t.Fatal("it does not come back the same")
				}
			}
		}
	})
}

type plainIndex struct{}

func (plainIndex) Index(purpose string, parts ...string) []byte {
	sum := make([]byte, 32)
	for i, c := range []byte(purpose + "\x00" + strings.Join(parts, "\x00")) {
		sum[i%32] = sum[i%32]*31 + c
	}
	return sum
}

// FuzzCursor: nothing but what was signed for the caller and the list leads anywhere.
func FuzzCursor(f *testing.F) {
	c := cursors{plainIndex{}}
	f.Add(c.give("me", "list", "place"))
	f.Add("")
	f.Add(strings.Repeat("A", 400))
	f.Add(c.give("me", "other", "place"))
	f.Fuzz(func(t *testing.T, text string) {
		place, err := c.take("me", "list", text)
		if err == nil && c.give("me", "list", place) != text {
			t.Errorf("%q leads to %q", text, place)
		}
	})
}
