package view

import (
	"html/template"
	"slices"
	"strings"
	"time"

	"onedoor/hub"
	"onedoor/hub/account"
	"onedoor/hub/consent"
	"onedoor/hub/login"
	"onedoor/web/locale"
)

// data is what a template sees. Its methods are the functions of the templates.
type data struct {
	Frame
	T     locale.Catalogue
	P     Page
	Site  site
	Title string
}

// Worded is a configured text and the language it is really in.
type worded struct {
	Text string
	Lang string // "" where it is the page's own
}

// Text gives a configured text in the page's language, or in the next best one with its tag.
func (d *data) Text(t hub.Text) worded {
	if s := t[string(d.Lang)]; s != "" {
		return worded{Text: s}
	}
	for _, l := range []locale.Lang{locale.English, locale.Thai} {
		if s := t[string(l)]; s != "" {
			return worded{s, l.Tag()}
		}
	}
	return worded{}
}

// Plain is Text for the middle of a sentence.
func (d *data) Plain(t hub.Text) string { return d.Text(t).Text }

// Service gives the system that the person is signing in to, nil on the other pages.
func (d *data) Service() *login.System {
	if p, ok := d.P.(inService); ok {
		s := p.service()
		return &s
	}
	return nil
}

// language is one of the links to the same page in another language.
type language struct {
	Tag, Name, Href string
	Current         bool
}

// Languages gives the links, none where the page can't be asked for again.
func (d *data) Languages() []language {
	if d.Path == "" {
		return nil
	}
	var out []language
	rest := ""
	if d.Query != "" {
		rest = "&" + d.Query
	}
	for _, l := range locale.All() {
		out = append(out, language{l.Tag(), l.OwnName(), d.Path + "?lang=" + string(l) + rest, l == d.Lang})
	}
	return out
}

// Date writes a day; Day gives it for machines.
func (d *data) Date(t time.Time) string { return d.Lang.Date(t.In(d.Site.Zone)) }

// Day gives a day as YYYY-MM-DD.
func (d *data) Day(t time.Time) string { return t.In(d.Site.Zone).Format(time.DateOnly) }

// Identity explains an identity assurance level.
func (d *data) Identity(l hub.IAL) string {
	switch {
	case l == hub.IALNone:
		return d.T.IdentityAny()
	case l < hub.IAL21:
		return d.T.IdentityBasic()
	case l < hub.IAL3:
		return d.T.IdentityChecked()
	default:
		return d.T.IdentityHigh()
	}
}

// SignIn explains an authenticator assurance level.
func (d *data) SignIn(l hub.AAL) string {
	switch l {
	case hub.AALNone:
		return d.T.SignInAny()
	case hub.AAL1:
		return d.T.SignInOne()
	case hub.AAL3:
		return d.T.SignInKey()
	default:
		return d.T.SignInTwo()
	}
}

// Attribute names an attribute; a name that is not in the dictionary stays as it is.
func (d *data) Attribute(n hub.AttributeName) string {
	names := map[hub.AttributeName]func() string{
		hub.CitizenID: d.T.AttrCitizenID, hub.Title: d.T.AttrTitle, hub.GivenName: d.T.AttrGivenName,
		hub.MiddleName: d.T.AttrMiddleName, hub.FamilyName: d.T.AttrFamilyName, hub.Name: d.T.AttrName,
		hub.TitleEN: d.T.AttrTitleEN, hub.GivenNameEN: d.T.AttrGivenNameEN, hub.MiddleNameEN: d.T.AttrMiddleNameEN,
		hub.FamilyNameEN: d.T.AttrFamilyNameEN, hub.NameEN: d.T.AttrNameEN, hub.Birthdate: d.T.AttrBirthdate,
		hub.Gender: d.T.AttrGender, hub.Address: d.T.AttrAddress,
	}
	if f, ok := names[n]; ok {
		return f()
	}
	return string(n)
}

// Attributes gives the dictionary.
func (d *data) Attributes() []hub.AttributeName { return hub.AttributeNames() }

// Basis explains a legal ground; "" for consent, which is none of these.
func (d *data) Basis(b consent.Basis) string {
	texts := map[consent.Basis]func() string{
		consent.ByLegalDuty: d.T.BasisLegalDuty, consent.ByPublicTask: d.T.BasisPublicTask, consent.ByContract: d.T.BasisContract,
		consent.ByVitalInterest: d.T.BasisVitalInterest, consent.ByLegitimate: d.T.BasisLegitimate,
		consent.ByArchiveStatistic: d.T.BasisArchive,
	}
	if f, ok := texts[b]; ok {
		return f()
	}
	return ""
}

// Problem says on the chooser why the person is back there.
func (d *data) Problem(p ChoosePage) []string {
	if p.Problem == hub.Suspended {
		switch account.Status(p.Reason) {
		case account.Suspended:
			return d.closed(d.T.AccountSuspended(), p.Why)
		case account.Terminated:
			return d.closed(d.T.AccountTerminated(), p.Why)
		}
	}
	at := d.Plain(p.ProblemAt)
	if at != "" && p.Problem == hub.Conflict && p.StepUp != "" {
		return []string{d.T.StepUpOther(at), d.T.StepUpOtherNext()}
	}
	if at == "" || p.Problem == hub.Conflict {
		return d.blameless(p.Problem)
	}
	says := d.T.ProblemOther
	switch p.Problem {
	case hub.Denied:
		says = d.T.ProblemDenied
	case hub.Unavailable:
		says = d.T.ProblemUnavailable
	case hub.LevelUnmet:
		says = d.T.ProblemLevel
	case hub.Refused, hub.Invalid:
		says = d.T.ProblemRefused
	case hub.Expired, hub.Consumed:
		says = d.T.ProblemExpired
	case hub.Suspended, hub.NotFound:
		says = d.T.ProblemSuspended
	case hub.TooMany:
		says = d.T.ProblemTooMany
	}
	return []string{says(at), d.T.ProblemNext()}
}

// Why explains an account.Reason; "" for a word that is none.
func (d *data) Why(word string) string {
	texts := map[account.Reason]func() string{
		account.Requested: d.T.ReasonRequested, account.Lost: d.T.ReasonLost, account.Suspicious: d.T.ReasonSuspicious, account.Review: d.T.ReasonReview,
		account.Cleared: d.T.ReasonCleared, account.Deceased: d.T.ReasonDeceased, account.Fraud: d.T.ReasonFraud, account.Revoked: d.T.ReasonRevoked,
		account.Ineligible: d.T.ReasonIneligible,
	}
	if f, ok := texts[account.Reason(word)]; ok {
		return f()
	}
	return ""
}

// closed says that an account is closed, why, and what to do.
func (d *data) closed(what, why string) []string {
	if reason := d.Why(why); reason != "" {
		return []string{what, reason, d.T.AccountNext()}
	}
	return []string{what, d.T.AccountNext()}
}

// StepUp says why somebody who is signed in must sign in again, "" for everybody else.
func (d *data) StepUp(p ChoosePage) string {
	switch p.StepUp {
	case "":
		return ""
	case login.StepUpLevel:
		return d.T.StepUpLevel()
	case login.StepUpFresh:
		return d.T.StepUpFresh()
	default:
		return d.T.StepUpEnded()
	}
}

// blameless is Problem where no provider has to do with it.
func (d *data) blameless(k hub.Kind) []string {
	says := d.T.ErrInternal().What
	switch k {
	case "":
		return nil
	case hub.Conflict:
		says = d.T.ProblemOtherPerson()
	case hub.LevelUnmet:
		says = d.T.ErrLevel().What
	case hub.Refused, hub.Invalid:
		says = d.T.ErrRefused().What
	case hub.Expired, hub.Consumed:
		says = d.T.ErrExpired().What
	case hub.Suspended, hub.NotFound:
		says = d.T.ErrSuspended().What
	case hub.Unavailable:
		says = d.T.ErrUnavailable().What
	case hub.TooMany:
		says = d.T.ErrTooMany().What
	}
	return []string{says, d.T.ProblemNext()}
}

// Status explains a provider's status.
func (d *data) Status(s RegisterStatus) string {
	switch s {
	case InService:
		return d.T.RegisterActive()
	case NotYet:
		return d.T.RegisterNotYet()
	case Expired:
		return d.T.RegisterExpired()
	default:
		return d.T.RegisterSuspended()
	}
}

// Decision names a decision of the person.
func (d *data) Decision(x consent.Decision) string {
	switch x {
	case consent.Given:
		return d.T.ConsentsGiven()
	case consent.Declined:
		return d.T.ConsentsDeclined()
	case consent.Withdrawn:
		return d.T.ConsentsWithdrawn()
	default:
		return d.T.ConsentsTold()
	}
}

// Policy gives the sections of the policy, without the two that the template completes.
func (d *data) Policy() []locale.Section {
	return []locale.Section{
		d.T.PolicyNever(), d.T.PolicyWhom(), d.T.PolicyWhy(), d.T.PolicyKeep(), d.T.PolicyRecord(), d.T.PolicyCookies(), d.T.PolicyRights(),
	}
}

// translated is what an error page says in another language.
type translated struct {
	Tag, Name string
	Trouble   locale.Trouble
}

// Elsewhere gives what an error page says in the other languages: the address of an error page can't be asked for again in
// another language, because what failed was the asking.
func (d *data) Elsewhere(p ErrorPage) []translated {
	var out []translated
	for _, l := range slices.DeleteFunc(locale.All(), func(l locale.Lang) bool { return l == d.Lang }) {
		out = append(out, translated{l.Tag(), l.OwnName(), p.Says(locale.For(l))})
	}
	return out
}

// complaintWay is where to complain: a link where it is one, else a text.
type complaintWay struct {
	Link, Phone, Text string
}

// Complaint takes an address of a department apart. Only https, mailto and tel become links.
func (d *data) Complaint(address string) complaintWay {
	if strings.HasPrefix(address, "https://") || strings.HasPrefix(address, "mailto:") {
		return complaintWay{Link: address}
	}
	if phone, ok := strings.CutPrefix(address, "tel:"); ok && strings.Trim(phone, phoneAlphabet) == "" {
		return complaintWay{Phone: phone}
	}
	return complaintWay{Text: address}
}

const phoneAlphabet = "+0123456789-"

// PostAction gives the address of a PostPage for its form, judged by PostURL as LeaveHref is by LeaveURL.
func (d *data) PostAction(p PostPage) (template.URL, error) {
	u, err := PostURL(p.To)
	return template.URL(u), err //nolint:gosec // G203: judged by PostURL, escaped for the attribute all the same
}

// LeaveHref gives the URL of a LeavePage for its link. html/template lets only a few schemes through, and rightly so for data; an
// app's own scheme is let through here because LeaveURL has judged it.
func (d *data) LeaveHref(p LeavePage) (template.URL, error) {
	u, err := LeaveURL(p.URL)
	return template.URL(u), err //nolint:gosec // G203: judged by LeaveURL, escaped for the attribute all the same
}
