package telemetry

import (
	"fmt"
	"log/slog"
	"math"
	"net"
	"net/netip"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"unicode"
)

const redacted = "[redacted]"

// secretWords make an attribute's name a denied one wherever they stand in it, separated or not.
var secretWords = []string{
	"token", "secret", "password", "passwd", "passphrase", "authorization", "cookie", "credential", "assertion", "citizen",
	"birthdate", "laser", "samlresponse", "relaystate", "verifier",
}

// deniedWords make an attribute's name a denied one where they are one of its words.
var deniedWords = wordSet(`
	code codes nonce challenge jwt jws jwe dsn otp pin hint loginhint
	pid ssn passport person persons identity identities claim claims attributes userinfo profile sub subject
	name names title surname nickname username firstname lastname middlename fullname givenname familyname displayname
	address addresses street postcode district birth birthday dob age gender sex
	phone telephone mobile msisdn fax email mail
	query form body payload params referer referrer agent useragent header headers`)

// allowedNames are names that are harmless though a word in them is denied.
var allowedNames = wordSet("status_code error_code exit_code http_code token_type file_name host_name line_number attributes_count")

// addressWords make an attribute's name one of a network address, of which only the prefix is kept.
var addressWords = wordSet("ip addr client remote peer forwarded network source")

func wordSet(words string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(words) {
		set[w] = true
	}
	return set
}

// words cuts a name at everything that is no letter or digit, and before capital letters in camel case.
func words(name string) []string {
	var out []string
	var b strings.Builder
	flush := func() {
		if b.Len() > 0 {
			out = append(out, b.String())
			b.Reset()
		}
	}
	lowerBefore := false
	for _, r := range name {
		switch {
		case !unicode.IsLetter(r) && !unicode.IsDigit(r):
			flush()
			lowerBefore = false
			continue
		case unicode.IsUpper(r) && lowerBefore:
			flush()
		}
		b.WriteRune(unicode.ToLower(r))
		lowerBefore = unicode.IsLower(r) || unicode.IsDigit(r)
	}
	flush()
	return out
}

// denied reports whether a value under this name is not for a log.
func denied(name string) bool {
	ws := words(name)
	if allowedNames[strings.Join(ws, "_")] {
		return false
	}
	squeezed := strings.Join(ws, "")
	for _, w := range secretWords {
		if strings.Contains(squeezed, w) {
			return true
		}
	}
	if deniedWords[squeezed] {
		return true
	}
	for _, w := range ws {
		if deniedWords[w] {
			return true
		}
	}
	return false
}

func isAddress(name string) bool {
	for _, w := range words(name) {
		if addressWords[w] {
			return true
		}
	}
	return false
}

// cleanKey gives a name that is safe to write: names are words of ours, so one that is not plain is foreign text.
func cleanKey(name string) string {
	if len(name) > 64 || strings.Trim(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-") != "" || Mask(name) != name {
		return "redacted_key"
	}
	return name
}

// verdict is what follows from the name of an attribute.
type verdict struct {
	key     string // as it is written
	denied  bool
	address bool
}

// cleaner remembers the verdicts on the names it has seen: they are words of the program, few and always the same.
type cleaner struct {
	verdicts sync.Map // string -> verdict
	n        atomic.Int64
}

// maxVerdicts bounds what is remembered, should a caller make names up.
const maxVerdicts = 1000

func (c *cleaner) judge(name string) verdict {
	if v, ok := c.verdicts.Load(name); ok {
		return v.(verdict)
	}
	v := verdict{key: cleanKey(name), denied: denied(name), address: isAddress(name)}
	if c.n.Load() < maxVerdicts {
		if _, before := c.verdicts.LoadOrStore(strings.Clone(name), v); !before {
			c.n.Add(1)
		}
	}
	return v
}

func (c *cleaner) all(attrs []slog.Attr) []slog.Attr {
	out := make([]slog.Attr, len(attrs))
	for i, a := range attrs {
		out[i] = c.clean(a)
	}
	return out
}

// clean gives an attribute that is safe to write.
func (c *cleaner) clean(a slog.Attr) slog.Attr {
	n, v := c.judge(a.Key), a.Value.Resolve()
	key := n.key
	if n.denied && v.Kind() != slog.KindBool {
		return slog.String(key, redacted)
	}
	switch v.Kind() {
	case slog.KindGroup:
		return slog.Attr{Key: key, Value: slog.GroupValue(c.all(v.Group())...)}
	case slog.KindString:
		return slog.String(key, cleanText(n, v.String()))
	case slog.KindAny:
		return slog.Attr{Key: key, Value: cleanAny(n, v.Any())}
	case slog.KindInt64, slog.KindUint64, slog.KindFloat64:
		return slog.Attr{Key: key, Value: cleanNumber(v)}
	}
	return slog.Attr{Key: key, Value: v} // bool, time, duration
}

func cleanText(n verdict, s string) string {
	if n.address {
		if p, ok := prefixOf(s); ok {
			return p
		}
	}
	return Mask(s)
}

// cleanNumber hides a number whose digits are those of a person.
func cleanNumber(v slog.Value) slog.Value {
	text := ""
	switch v.Kind() {
	case slog.KindInt64:
		text = strconv.FormatInt(v.Int64(), 10)
	case slog.KindUint64:
		text = strconv.FormatUint(v.Uint64(), 10)
	default:
		if v.Float64() != math.Trunc(v.Float64()) {
			return v
		}
		text = strconv.FormatFloat(v.Float64(), 'f', -1, 64)
	}
	if maskNumbers(text) != text {
		return slog.StringValue(redacted)
	}
	return v
}

// cleanAny lets through what is text or a number in the end. Structs, maps and bytes would be written out field by field by the
// handler: they are refused, whatever they hold. A type that wants to be seen implements slog.LogValuer.
func cleanAny(n verdict, v any) slog.Value {
	switch v := v.(type) {
	case nil:
		return slog.AnyValue(nil)
	case error:
		return slog.StringValue(cleanText(n, spoken(v.Error)))
	case netip.Addr:
		return slog.StringValue(prefix(v))
	case netip.AddrPort:
		return slog.StringValue(prefix(v.Addr()))
	case net.Addr:
		return slog.StringValue(cleanText(verdict{address: true}, spoken(v.String)))
	case fmt.Stringer:
		return slog.StringValue(cleanText(n, spoken(v.String)))
	}
	rv := reflect.ValueOf(v)
	switch rv.Kind() {
	case reflect.String:
		return slog.StringValue(cleanText(n, rv.String()))
	case reflect.Bool:
		return slog.BoolValue(rv.Bool())
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return cleanNumber(slog.Int64Value(rv.Int()))
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return cleanNumber(slog.Uint64Value(rv.Uint()))
	case reflect.Float32, reflect.Float64:
		return cleanNumber(slog.Float64Value(rv.Float()))
	case reflect.Slice, reflect.Array:
		if rv.Type().Elem().Kind() != reflect.String {
			break
		}
		list := make([]string, 0, min(rv.Len(), 32))
		for i := range min(rv.Len(), 32) {
			list = append(list, fmt.Sprint(cleanAny(n, rv.Index(i).Interface())))
		}
		return slog.StringValue(strings.Join(list, " "))
	}
	return slog.StringValue(redacted)
}

// spoken calls a method that gives text; a nil pointer behind it can make it panic.
func spoken(f func() string) (s string) {
	defer func() {
		if recover() != nil {
			s = redacted
		}
	}()
	return f()
}

// prefixOf reads an address, with or without port, and gives its network. An address of this machine stays as it is.
func prefixOf(s string) (string, bool) {
	a, err := netip.ParseAddr(s)
	if err != nil {
		ap, err := netip.ParseAddrPort(s)
		if err != nil {
			return "", false
		}
		a = ap.Addr()
	}
	if own(a) {
		return s, true
	}
	return prefix(a), true
}

// prefix gives the network of an address, /24 or /48, which is as much as may be kept of a person's.
func prefix(a netip.Addr) string {
	a = a.Unmap().WithZone("")
	if own(a) {
		return a.String()
	}
	p, err := a.Prefix(prefixBits(a))
	if err != nil {
		return redacted
	}
	return p.String()
}

func prefixBits(a netip.Addr) int {
	if a.Is4() {
		return 24
	}
	return 48
}

// own reports whether an address is one of this machine: nobody's.
func own(a netip.Addr) bool { return a.IsLoopback() || a.IsUnspecified() }
