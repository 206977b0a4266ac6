package visit

import (
	"net/http"
	"net/netip"
	"slices"
	"strings"

	"onedoor/hub/login"
	"onedoor/web/locale"
	"onedoor/web/server"
)

// Channel is the way in which the person uses the hub here (SSO-07).
const Channel = "web"

// Browser tells what the edge knows of the person's browser.
func Browser(r *http.Request) login.Browser {
	return login.Browser{
		Session:   Secret(r, SessionCookie),
		Binding:   Secret(r, BindingCookie),
		Channel:   Channel,
		Device:    device(r.UserAgent()),
		Network:   network(r),
		Languages: Languages(r),
	}
}

// network gives the coarse prefix of the browser's address (AUD-04: never the whole).
func network(r *http.Request) string {
	a := server.ClientAddr(r.Context())
	if !a.IsValid() {
		if p, err := netip.ParseAddrPort(r.RemoteAddr); err == nil {
			a = p.Addr()
		}
	}
	return server.Network(a)
}

// Languages gives the person's languages, the chosen one first.
func Languages(r *http.Request) []string {
	list := locale.Accepted(r.Header.Get("Accept-Language"))
	for _, chosen := range []string{cookieValue(r, locale.CookieName), r.URL.Query().Get("lang")} {
		if l, ok := locale.Parse(chosen); ok {
			list = slices.Insert(slices.DeleteFunc(list, func(t string) bool { return t == string(l) }), 0, string(l))
		}
	}
	return list
}

func cookieValue(r *http.Request, name string) string {
	if c, err := r.Cookie(name); err == nil {
		return c.Value
	}
	return ""
}

// browsers and systems are the closed lists of device, in the order in which they must be looked for: most browsers name others too.
var (
	browsers = []struct{ sign, name string }{
		{"Edg", "Edge"},
		{"SamsungBrowser/", "Samsung Internet"},
		{"OPR/", "Opera"},
		{"Firefox/", "Firefox"},
		{"FxiOS/", "Firefox"},
		{"CriOS/", "Chrome"},
		{"Chrome/", "Chrome"},
		{"Safari/", "Safari"},
	}
	systems = []struct{ sign, name string }{
		{"iPhone", "iPhone"},
		{"iPad", "iPad"},
		{"Android", "Android"},
		{"CrOS", "ChromeOS"},
		{"Windows", "Windows"},
		{"Macintosh", "macOS"},
		{"Linux", "Linux"},
	}
)

// device gives the coarse kind of a browser for the person's own list of sessions, from closed lists: no version, no fingerprint.
func device(userAgent string) string {
	if len(userAgent) > 512 {
		userAgent = userAgent[:512]
	}
	name := "Browser"
	for _, b := range browsers {
		if strings.Contains(userAgent, b.sign) {
			name = b.name
			break
		}
	}
	for _, s := range systems {
		if strings.Contains(userAgent, s.sign) {
			return name + " on " + s.name
		}
	}
	return name
}
