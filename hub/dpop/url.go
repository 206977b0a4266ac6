package dpop

import (
	"net/url"
	"slices"
	"strings"
)

// anyURL reports whether an htu means one of the addresses, after normalising both (section 4.3: RFC 3986 sections 6.2.2 and 6.2.3).
func anyURL(htu string, addresses []string) bool {
	if slices.Contains(addresses, htu) { // as nearly everybody writes it
		return true
	}
	got, ok := normal(htu)
	return ok && slices.ContainsFunc(addresses, func(a string) bool {
		want, ok := normal(a)
		return ok && want == got
	})
}

// normal gives an http or https address in one spelling: scheme and host in lower case, without the scheme's own port, without dots for
// parts of the path, with the escapes that are not needed undone and the others in upper case. Query and fragment don't count.
func normal(address string) (string, bool) {
	if !plain(address) {
		return "", false
	}
	u, err := url.Parse(address)
	if err != nil || u.User != nil || u.Opaque != "" || u.Hostname() == "" || !plain(u.Host) || strings.Contains(u.Host, "%") {
		return "", false
	}
	scheme, host := strings.ToLower(u.Scheme), strings.ToLower(u.Host)
	switch scheme {
	case "https":
		host = strings.TrimSuffix(host, ":443")
	case "http":
		host = strings.TrimSuffix(host, ":80")
	default:
		return "", false
	}
	p, ok := unescape(u.EscapedPath())
	if !ok {
		return "", false
	}
	if p = dots(p); p == "" {
		p = "/"
	}
	return scheme + "://" + strings.TrimSuffix(host, ":") + p, true
}

// plain reports whether a text is ASCII without spaces and without what some read as a slash.
func plain(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r <= ' ' || r > '~' || r == '\\' }) < 0
}

// dots takes out "." and ".." (RFC 3986 section 5.2.4), and nothing else: two slashes stay two.
func dots(p string) string {
	if !strings.Contains(p, "/.") {
		return p
	}
	var out []string
	parts := strings.Split(p, "/")
	for i, s := range parts {
		last := i == len(parts)-1
		switch s {
		case ".":
		case "..":
			if len(out) > 1 {
				out = out[:len(out)-1]
			}
		default:
			out = append(out, s)
			continue
		}
		if last {
			out = append(out, "")
		}
	}
	return strings.Join(out, "/")
}

// unescape undoes the escapes of characters that need none, and writes the others in upper case (RFC 3986 sections 6.2.2.1, 6.2.2.2).
func unescape(p string) (string, bool) {
	if !strings.Contains(p, "%") {
		return p, true
	}
	var b strings.Builder
	for i := 0; i < len(p); i++ {
		if p[i] != '%' {
			b.WriteByte(p[i])
			continue
		}
		if i+2 >= len(p) {
			return "", false
		}
		hi, lo := strings.IndexByte(hexDigits, upper(p[i+1])), strings.IndexByte(hexDigits, upper(p[i+2]))
		if hi < 0 || lo < 0 {
			return "", false
		}
		if c := byte(hi<<4 | lo); unreserved(c) {
			b.WriteByte(c)
		} else {
			b.Write([]byte{'%', hexDigits[hi], hexDigits[lo]})
		}
		i += 2
	}
	return b.String(), true
}

const hexDigits = "0123456789ABCDEF"

func upper(c byte) byte {
	if c >= 'a' && c <= 'f' {
		return c - 'a' + 'A'
	}
	return c
}

func unreserved(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("-._~", c) >= 0
}
