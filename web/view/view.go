package view

import (
	"bytes"
	"embed"
	"html/template"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"onedoor/hub"
	"onedoor/web/locale"
)

//go:embed templates/*.html
var templates embed.FS

// Options are what a View is made of. Platform, Operator, Address and Zone are required, and one way of Help.
type Options struct {
	Platform hub.Text       // name of the platform, in every language
	Operator hub.Text       // the authority that operates it, in every language
	Address  string         // the issuer: scheme and host, what the person must see in the address bar
	Help     Help           // for questions and complaints about the platform (PRV-14)
	Zone     *time.Location // of the dates on the pages
	Contacts bool           // there is a page of contacts
	Devices  bool           // there is a page of registered machines
	Records  bool           // there is a page of records at departments
	// Complaints and Entities say that there are pages of complaints and of legal entities.
	Complaints, Entities bool
}

// Help is how a person reaches the operator.
type Help struct {
	URL    string // https
	Phone  string // digits, "+" and "-"
	Email  string
	Office hub.Text // where to go in person
}

// site is what all pages share.
type site struct {
	Options
	CSS     string // path of the style sheet
	Mark    string // path of the mark
	Post    string // path of the script that sends the form of a PostPage
	Passkey string // of the one of a CeremonyPage
}

// View renders pages. It is safe for concurrent use.
type View struct {
	site   site
	static *static
	sets   map[string]*template.Template
}

// New parses the templates. Invalid where an option is missing or has no text in one of the languages.
func New(o Options) (*View, error) {
	const op = "view.New"
	for what, t := range map[string]hub.Text{"platform": o.Platform, "operator": o.Operator} {
		if len(t.Missing()) > 0 {
			return nil, hub.Errorf(op, hub.Invalid, what+": no text in "+strings.Join(t.Missing(), ", "))
		}
	}
	if u, err := url.Parse(o.Address); err != nil || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http") || o.Zone == nil {
		return nil, hub.Errorf(op, hub.Invalid, "address or zone missing")
	}
	if err := o.Help.check(); err != nil {
		return nil, err
	}
	assets, err := newStatic()
	if err != nil {
		return nil, err
	}
	v := &View{site: site{Options: o, CSS: assets.href("app.css"), Mark: assets.href("mark.svg"), Post: assets.href("post.js"), Passkey: assets.href("passkey.js")}, static: assets}
	if v.sets, err = parseTemplates(); err != nil {
		return nil, hub.E(op, hub.Internal, err)
	}
	return v, nil
}

func (h Help) check() error {
	const op = "view.New"
	if h.URL == "" && h.Phone == "" && h.Email == "" {
		return hub.Errorf(op, hub.Invalid, "help: no URL, phone or e-mail")
	}
	if h.URL != "" && !strings.HasPrefix(h.URL, "https://") {
		return hub.Errorf(op, hub.Invalid, "help: the URL is not https")
	}
	if strings.Trim(h.Phone, phoneAlphabet) != "" {
		return hub.Errorf(op, hub.Invalid, "help: the phone number has other signs than digits, + and -")
	}
	return nil
}

func parseTemplates() (map[string]*template.Template, error) {
	base, err := template.New("layout").ParseFS(templates, "templates/layout.html")
	if err != nil {
		return nil, err
	}
	sets := map[string]*template.Template{}
	for _, p := range pages() {
		set, err := base.Clone()
		if err != nil {
			return nil, err
		}
		if sets[p.file()], err = set.ParseFS(templates, "templates/"+p.file()+".html"); err != nil {
			return nil, err
		}
	}
	return sets, nil
}

// Frame is what stands around a page.
type Frame struct {
	Lang        locale.Lang
	Path        string // where the page can be asked for again: for the links to other languages; "" for none
	Query       string // what was asked for there, encoded: it stays when the language changes
	Interaction hub.InteractionID
	SignedIn    bool // the browser holds a session: offer the way out
}

// Render writes a page with this status. The page is made in memory first, so that a fault in it (Internal) leaves the
// response untouched. The headers Content-Type, Content-Language, Content-Length and Cache-Control are set here; the others
// belong to the server. An error in writing to the browser is not reported: nobody is there to be told.
func (v *View) Render(w http.ResponseWriter, status int, f Frame, p Page) error {
	const op = "view.Render"
	set, ok := v.sets[p.file()]
	if !ok {
		return hub.Errorf(op, hub.Internal, "no template")
	}
	d := &data{Frame: f, T: locale.For(f.Lang), P: p, Site: v.site}
	d.Title = p.title(d)
	var page bytes.Buffer
	if err := set.ExecuteTemplate(&page, "layout", d); err != nil {
		return hub.E(op, hub.Internal, err)
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Language", f.Lang.Tag())
	h.Set("Content-Length", strconv.Itoa(page.Len()))
	h.Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write(page.Bytes())
	return nil
}

// Static serves the style sheet and the mark below /static/.
func (v *View) Static() http.Handler { return v.static }
