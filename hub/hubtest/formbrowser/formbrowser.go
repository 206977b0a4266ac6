// Package formbrowser is a small browser for tests of whole flows over real HTTP: it keeps cookies as browsers do, follows redirects
// and refresh pages, reads forms and sends them. It runs no script, because no page of the hub needs one.
//
// A test says which addresses are away, the redirect addresses of its relying party for instance: there the browser stops and shows
// what would have been sent, by a redirect or by a form (OAuth 2.0 Form Post Response Mode).
//
// It checks one thing on the way that a real browser would: a page's form-action, where its policy names one, holds for the form
// and for every redirect that follows it (Content Security Policy Level 3 section 6.4.2).
package formbrowser

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"

	"golang.org/x/net/html"
)

const (
	mostSteps  = 20      // redirects and refresh pages in a row
	longestDoc = 4 << 20 // bytes of a page
)

// Options are what a Browser is made of.
type Options struct {
	// Transport sends the requests. Required. See [LocalNames] for hosts below .localhost.
	Transport http.RoundTripper
	// Away reports whether the browser stops at an address instead of asking for it. Nil: never.
	Away func(*url.URL) bool
	// Language is sent as Accept-Language; "en" where empty.
	Language string
}

// Browser is one profile: its cookies live as long as it does. It is for one goroutine.
type Browser struct {
	o       Options
	jar     *cookiejar.Jar
	visited []string
}

// New gives a browser with no cookies.
func New(o Options) (*Browser, error) {
	if o.Transport == nil {
		return nil, errors.New("formbrowser: no transport")
	}
	if o.Language == "" {
		o.Language = "en"
	}
	jar, err := cookiejar.New(nil)
	return &Browser{o: o, jar: jar}, err
}

// Page is where the browser has come to.
type Page struct {
	URL    *url.URL
	Status int // 0 for a page that is away
	Header http.Header
	Body   string
	// Params are what a page away was sent: the query, or the fields of a form.
	Params url.Values
	// Posted tells that Params came by a form.
	Posted bool

	browser *Browser
	root    *html.Node
}

// Away reports whether the browser stopped before asking for the page.
func (p *Page) Away() bool { return p.Status == 0 }

// Visited lists every address that the browser asked for or was sent away to.
func (b *Browser) Visited() []string { return append([]string(nil), b.visited...) }

// Cookie gives the value of a cookie that the browser would send to the address.
func (b *Browser) Cookie(address, name string) (string, bool) {
	u, err := url.Parse(address)
	if err != nil {
		return "", false
	}
	for _, c := range b.jar.Cookies(secured(u)) {
		if c.Name == name {
			return c.Value, true
		}
	}
	return "", false
}

// Forget drops all cookies.
func (b *Browser) Forget() error {
	jar, err := cookiejar.New(nil)
	b.jar = jar
	return err
}

// Open goes to an address.
func (b *Browser) Open(ctx context.Context, address string) (*Page, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, errors.New("formbrowser: not an address")
	}
	return b.load(ctx, step{method: http.MethodGet, to: u})
}

// Post sends a form to an address, as a page of a relying party would that posts its authorization request.
func (b *Browser) Post(ctx context.Context, address string, form url.Values) (*Page, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, errors.New("formbrowser: not an address")
	}
	return b.load(ctx, step{method: http.MethodPost, to: u, form: form})
}

// step is one request to make.
type step struct {
	method string
	to     *url.URL
	form   url.Values
	from   *url.URL // the page that leads here; nil for an address that was typed
	policy *formAction
}

// load makes the request and everything that follows by itself.
func (b *Browser) load(ctx context.Context, s step) (*Page, error) {
	for range mostSteps {
		if err := s.policy.allows(s.to); err != nil {
			return nil, err
		}
		b.visited = append(b.visited, s.to.String())
		if b.o.Away != nil && b.o.Away(s.to) {
			p := &Page{URL: s.to, Params: s.to.Query(), browser: b}
			if s.method == http.MethodPost {
				p.Params, p.Posted = s.form, true
			}
			return p, nil
		}
		p, err := b.fetch(ctx, s)
		if err != nil {
			return nil, err
		}
		next, ok, err := p.next(s)
		if err != nil || !ok {
			return p, err
		}
		s = next
	}
	return nil, errors.New("formbrowser: the redirects do not end")
}

// fetch asks for one page.
func (b *Browser) fetch(ctx context.Context, s step) (_ *Page, err error) {
	var body io.Reader
	if s.method == http.MethodPost {
		body = strings.NewReader(s.form.Encode())
	}
	r, err := http.NewRequestWithContext(ctx, s.method, s.to.String(), body)
	if err != nil {
		return nil, err
	}
	r.Header.Set("Accept", "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8")
	r.Header.Set("Accept-Language", b.o.Language)
	r.Header.Set("User-Agent", "Mozilla/5.0 (X11; Linux x86_64) formbrowser/1.0")
	r.Header.Set("Sec-Fetch-Mode", "navigate")
	r.Header.Set("Sec-Fetch-Site", site(s.from, s.to))
	if s.method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		if s.from != nil {
			r.Header.Set("Origin", s.from.Scheme+"://"+s.from.Host)
		}
	}
	for _, c := range b.jar.Cookies(secured(s.to)) {
		r.AddCookie(c)
	}
	resp, err := b.o.Transport.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, resp.Body.Close()) }()
	b.jar.SetCookies(secured(s.to), resp.Cookies())
	text, err := io.ReadAll(io.LimitReader(resp.Body, longestDoc))
	if err != nil {
		return nil, err
	}
	p := &Page{URL: s.to, Status: resp.StatusCode, Header: resp.Header, Body: string(text), browser: b}
	p.root, err = html.Parse(strings.NewReader(p.Body))
	return p, err
}

// next tells what the page makes a browser do without its user: follow a redirect or a refresh.
func (p *Page) next(s step) (step, bool, error) {
	if to := p.Header.Get("Location"); to != "" && p.Status >= 300 && p.Status < 400 {
		u, err := s.to.Parse(to)
		if err != nil {
			return step{}, false, errors.New("formbrowser: the redirect leads to no address")
		}
		next := step{method: http.MethodGet, to: u, from: s.from, policy: s.policy}
		if p.Status == http.StatusTemporaryRedirect || p.Status == http.StatusPermanentRedirect {
			next.method, next.form = s.method, s.form
		}
		return next, true, nil
	}
	if content, ok := attr(find(p.root, func(n *html.Node) bool {
		equiv, _ := attr(n, "http-equiv")
		return n.Data == "meta" && strings.EqualFold(equiv, "refresh")
	}), "content"); ok {
		if _, to, ok := strings.Cut(content, "url="); ok && strings.HasPrefix(strings.TrimSpace(content), "0;") {
			u, err := s.to.Parse(strings.TrimSpace(to))
			if err != nil {
				return step{}, false, errors.New("formbrowser: the refresh leads to no address")
			}
			return step{method: http.MethodGet, to: u, from: p.URL}, true, nil
		}
	}
	return step{}, false, nil
}

// secured writes an address of this machine as https: browsers count localhost as secure and send it Secure cookies, which Go's
// jar does not.
func secured(u *url.URL) *url.URL {
	if h := u.Hostname(); u.Scheme == "http" && (h == "localhost" || strings.HasSuffix(h, ".localhost")) {
		s := *u
		s.Scheme = "https"
		return &s
	}
	return u
}

// site is Sec-Fetch-Site (Fetch Metadata section 2.3), where every host is a site of its own.
func site(from, to *url.URL) string {
	switch {
	case from == nil:
		return "none"
	case from.Scheme == to.Scheme && from.Host == to.Host:
		return "same-origin"
	default:
		return "cross-site"
	}
}

// Errorf makes an error that shows where the browser is: status, address and the words of the page.
func (p *Page) Errorf(format string, args ...any) error {
	return fmt.Errorf(format+"\nat %s (%d):\n%s", append(args, p.URL, p.Status, p.Text())...)
}
