package view

import (
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"

	"onedoor/hub"
	"onedoor/hub/consent"
	"onedoor/hub/login"
	"onedoor/web/locale"
)

// Page is the model of one page. The pages are those of this file.
type Page interface {
	// file names the template.
	file() string
	// title gives the page's own title in the language of d.
	title(d *data) string
}

// inService is a page of the way into a department's system, whose name stands above everything else.
type inService interface {
	service() login.System
}

// StartPage is what somebody sees who comes without a request of a department.
type StartPage struct {
	Services []Service
	Contacts bool // there is a page of contacts
}

// Service is a department's system that a login can begin at from the start page.
type Service struct {
	Names hub.Text
	Owner hub.Text // the department
	URL   string   // where the system begins a login, with the hub's name in it (OpenID Connect Core section 4)
}

// ChoosePage lets the person choose a provider.
type ChoosePage struct {
	System    login.System
	Action    string // path of the login, "/login/{tx}": the forms go below it
	Token     string // against forged forms
	Want      hub.Level
	Choices   []login.Choice
	Problem   hub.Kind     // why the person is back here; "" at first
	ProblemAt hub.Text     // name of the provider where it happened
	StepUp    login.StepUp // why somebody who is signed in must sign in again; "" for everybody else
	Reason    string       // with Problem Suspended: account.Suspended or account.Terminated where it is the account (LIF-03)
	Why       string       // then: an account.Reason
}

// WaitPage is shown while a provider's answer is being checked. It asks again by itself.
type WaitPage struct {
	System   login.System
	Path     string // of the login
	Provider hub.Text
	Seconds  int // until it asks again
}

// LeavePage sends the browser on to another site after a form. Browsers apply the content security policy's form-action to
// every redirect that follows a form, on foreign sites too (Chromium does, measured with version 156), so a redirect would force
// us to allow every site that a provider or a department may ever redirect to. A page of its own ends the form's chain.
type LeavePage struct {
	URL string // checked by [LeaveURL]
}

// PostPage sends fields to another site by a form (OAuth 2.0 Form Post Response Mode). A script file of ours presses the button; where
// none runs, the person does.
type PostPage struct {
	To     string // checked by [PostURL]
	Fields []PostField
}

// PostField is a hidden field of a PostPage.
type PostField struct{ Name, Value string }

// ConsentPage asks what may be sent to a department, and tells what is sent on another legal ground.
type ConsentPage struct {
	System login.System
	Action string
	Token  string
	Rules  []consent.Rule
	Higher bool // LOA-06
	Have   hub.Level
	Want   hub.Level
	// Offline asks whether the system may have access beyond this visit.
	Offline bool
}

// Says picks what an error page says from a catalogue, for instance locale.Catalogue.ErrExpired.
type Says func(locale.Catalogue) locale.Trouble

// ErrorPage tells what went wrong and what to do next.
type ErrorPage struct {
	Says  Says
	Retry string // path to try again; "" where trying again can't help
}

// SignedOutPage is the end.
type SignedOutPage struct{}

// RegisterPage is the public register of identity providers (LOA-02, LOA-03).
type RegisterPage struct {
	Entries []RegisterEntry
	IALs    []hub.IAL // reachable now with at least one provider
	AALs    []hub.AAL
}

// RegisterEntry is one provider.
type RegisterEntry struct {
	Names      hub.Text
	Ceiling    hub.Level
	From       time.Time
	Until      time.Time
	Status     RegisterStatus
	Restricted bool
}

// RegisterStatus is a provider's status today.
type RegisterStatus string

// The states.
const (
	InService RegisterStatus = "active"
	Suspended RegisterStatus = "suspended"
	NotYet    RegisterStatus = "not-yet"
	Expired   RegisterStatus = "expired"
)

// PolicyPage is the published policy of disclosure (PRV-08).
type PolicyPage struct{}

// ConsentsPage shows the person's own decisions and takes consents back (CON-03, CON-06).
type ConsentsPage struct {
	Done    bool // one was just taken back
	Token   string
	Systems []ConsentsSystem
}

// ConsentsSystem is what was decided about one system.
type ConsentsSystem struct {
	System  login.System // without names where it is not in the register any more
	Choices []ConsentsChoice
	Given   bool // something is given now
}

// ConsentsChoice is a decision in force.
type ConsentsChoice struct {
	Attribute hub.AttributeName
	Text      hub.Text // the purpose; nil where it is not in the register any more
	Decision  consent.Decision
	At        time.Time
	Required  bool     // the service can't work without it
	Effect    hub.Text // what the register says of refusing; may be nil
}

// Ending gives what the system is sent no more once the consent is taken back: what it was given, and is not sent on another legal ground too.
func (s ConsentsSystem) Ending() []ConsentsChoice {
	var out []ConsentsChoice
	for _, c := range s.Choices {
		told := slices.ContainsFunc(s.Choices, func(o ConsentsChoice) bool { return o.Attribute == c.Attribute && o.Decision == consent.Told })
		again := slices.ContainsFunc(out, func(o ConsentsChoice) bool { return o.Attribute == c.Attribute })
		if c.Decision == consent.Given && c.Attribute != "" && !told && !again {
			out = append(out, c)
		}
	}
	return out
}

// Effects gives what the register says of refusing each thing that is given, each text once.
func (s ConsentsSystem) Effects() []hub.Text {
	var out []hub.Text
	for _, c := range s.Choices {
		if c.Decision == consent.Given && c.Effect != nil && !slices.ContainsFunc(out, func(t hub.Text) bool { return maps.Equal(t, c.Effect) }) {
			out = append(out, c.Effect)
		}
	}
	return out
}

// Needs reports whether the system can't work without something that is given.
func (s ConsentsSystem) Needs() bool {
	return slices.ContainsFunc(s.Choices, func(c ConsentsChoice) bool { return c.Decision == consent.Given && c.Required })
}

// Lasting reports whether the system may come by while the person is away.
func (s ConsentsSystem) Lasting() bool {
	return slices.ContainsFunc(s.Choices, func(c ConsentsChoice) bool { return c.Decision == consent.Given && c.Attribute == "" })
}

// Staying reports whether something is sent on another legal ground, which no withdrawal ends.
func (s ConsentsSystem) Staying() bool {
	return slices.ContainsFunc(s.Choices, func(c ConsentsChoice) bool { return c.Decision == consent.Told })
}

func (StartPage) file() string     { return "start" }
func (ChoosePage) file() string    { return "choose" }
func (WaitPage) file() string      { return "wait" }
func (LeavePage) file() string     { return "leave" }
func (PostPage) file() string      { return "post" }
func (ConsentPage) file() string   { return "consent" }
func (ErrorPage) file() string     { return "error" }
func (SignedOutPage) file() string { return "signedout" }
func (RegisterPage) file() string  { return "register" }
func (PolicyPage) file() string    { return "policy" }
func (ConsentsPage) file() string  { return "consents" }

// pages gives one of each, for the templates to be parsed.
func pages() []Page {
	return []Page{
		StartPage{},
		ChoosePage{},
		WaitPage{},
		PromptPage{},
		ApprovePage{},
		LeavePage{},
		PostPage{},
		PartyPage{},
		ItemsPage{},
		EntitiesPage{},
		EntityPage{},
		ConsentPage{},
		ErrorPage{},
		SignOutPage{},
		SignedOutPage{},
		LedgerPage{},
		SessionsPage{},
		RegisterPage{},
		PolicyPage{},
		ConsentsPage{},
		NoticesPage{},
		ContactsPage{},
		DevicesPage{},
		RecordsPage{},
		CounterPage{},
		ServicesPage{},
		DelegationsPage{},
		PlacesPage{},
		ItemDeskPage{},
		CeremonyPage{},
		StaffPage{},
		CasesPage{},
		CasePage{},
		TiesPage{},
		TiePage{},
		ConsolePage{},
		GatePage{},
		MePage{},
		ComplaintsPage{},
		DepartmentsPage{},
		HistoryPage{},
		LinksPage{},
		LifePage{},
		LifeDonePage{},
	}
}

func (StartPage) title(d *data) string { return d.T.StartTitle() }
func (p ChoosePage) title(d *data) string {
	if p.StepUp != "" {
		return d.T.StepUpTitle()
	}
	return d.T.ChooseTitle()
}
func (WaitPage) title(d *data) string      { return d.T.WaitTitle() }
func (LeavePage) title(d *data) string     { return d.T.LeaveTitle() }
func (PostPage) title(d *data) string      { return d.T.LeaveTitle() }
func (p ErrorPage) title(d *data) string   { return p.Says(d.T).Title }
func (SignedOutPage) title(d *data) string { return d.T.SignedOutTitle() }
func (RegisterPage) title(d *data) string  { return d.T.RegisterTitle() }
func (ConsentsPage) title(d *data) string  { return d.T.ConsentsTitle() }
func (PolicyPage) title(d *data) string    { return d.T.PolicyTitle() }
func (p ConsentPage) title(d *data) string {
	if p.Asks() {
		return d.T.ConsentTitle(d.Plain(p.System.Names))
	}
	return d.T.TellTitle(d.Plain(p.System.Names))
}

func (p ChoosePage) service() login.System  { return p.System }
func (p WaitPage) service() login.System    { return p.System }
func (p ConsentPage) service() login.System { return p.System }

// Needed gives the rules by consent without which the system does not work.
func (p ConsentPage) Needed() []consent.Rule {
	return p.only(func(r consent.Rule) bool { return r.Basis == consent.ByConsent && r.Required })
}

// Optional gives the rules by consent that are the person's free choice.
func (p ConsentPage) Optional() []consent.Rule {
	return p.only(func(r consent.Rule) bool { return r.Basis == consent.ByConsent && !r.Required })
}

// Told gives the rules on another legal ground.
func (p ConsentPage) Told() []consent.Rule {
	return p.only(func(r consent.Rule) bool { return r.Basis != consent.ByConsent })
}

// Asks reports whether there is anything to agree to.
func (p ConsentPage) Asks() bool {
	return p.Higher || p.Offline || len(p.Needed()) > 0 || len(p.Optional()) > 0
}

// HigherKey is the value that stands for the agreement of LOA-06.
func (p ConsentPage) HigherKey() string { return consent.HigherKey }

// OfflineKey is the value that stands for the agreement to offline access.
func (p ConsentPage) OfflineKey() string { return consent.OfflineKey }

func (p ConsentPage) only(keep func(consent.Rule) bool) []consent.Rule {
	var out []consent.Rule
	for _, r := range p.Rules {
		if keep(r) {
			out = append(out, r)
		}
	}
	return out
}

// Host gives the part of the address that the person can recognise.
func (p PostPage) Host() string { return LeavePage{URL: p.To}.Host() }

// PostURL checks a URL that a form of a [PostPage] is sent to, and gives it in the form that the page needs: https, or http on the
// own machine. Invalid.
func PostURL(raw string) (string, error) {
	const op = "view.PostURL"
	to, err := LeaveURL(raw)
	if err != nil {
		return "", err
	}
	u, err := url.Parse(to)
	if err != nil {
		return "", hub.Errorf(op, hub.Invalid, "not a URL")
	}
	h := u.Hostname()
	here := h == "localhost" || strings.HasSuffix(h, ".localhost") || h == "127.0.0.1" || h == "::1"
	if u.Scheme != "https" && !(u.Scheme == "http" && here) {
		return "", hub.Errorf(op, hub.Invalid, "neither https nor on the own machine")
	}
	return to, nil
}

// PostPolicy is the content security policy of a [PostPage]. Its form leads away, and so may every redirect of the site that it leads
// to (see LeavePage): form-action names the schemes of that site and no more. The one script is a file of ours.
func PostPolicy(to string) string {
	schemes := "https:"
	if strings.HasPrefix(to, "http:") {
		schemes = "https: http:"
	}
	return "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; form-action " + schemes + "; frame-ancestors 'none'; base-uri 'none'"
}

// Host gives the part of the address that the person can recognise.
func (p LeavePage) Host() string {
	u, err := url.Parse(p.URL)
	if err != nil {
		return ""
	}
	if u.Host == "" {
		return u.Scheme + ":" // an app
	}
	return u.Host
}

// LeaveURL checks a URL that a browser is to be sent to by a [LeavePage], and gives it in the form that the page needs. Absolute
// URLs only, also of apps (RFC 8252 section 7.1); never one that a browser would run. Invalid.
func LeaveURL(raw string) (string, error) {
	const op = "view.LeaveURL"
	u, err := url.Parse(raw)
	if err != nil || strings.ContainsAny(u.Host, `"'<> `) {
		return "", hub.Errorf(op, hub.Invalid, "not a URL")
	}
	switch u.Scheme {
	case "https", "http":
		if u.Host == "" || u.User != nil {
			return "", hub.Errorf(op, hub.Invalid, "no host, or with a user")
		}
	case "", "javascript", "data", "vbscript", "blob", "file", "about", "view-source", "filesystem":
		return "", hub.Errorf(op, hub.Invalid, "a scheme that no page may lead to")
	}
	// The refresh directive (HTML, "shared declarative refresh steps") treats a leading quotation mark and white space as its own.
	return strings.NewReplacer(`"`, "%22", "'", "%27", " ", "%20", "<", "%3C", ">", "%3E").Replace(u.String()), nil
}
