package tenants

import (
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"onedoor/hub"
	"onedoor/hub/consent"
	"onedoor/hub/login"
)

// Limits of what an entry may hold, in characters.
const (
	maxName    = 200
	maxText    = 2000
	maxRisk    = 10000
	maxRules   = 64
	maxURIs    = 32
	maxURI     = 2000
	maxSecrets = 5
)

// LeastOf gives the least level that a service group may demand (LOA-07: DGS 1-2:2564 sections 2.9 and 3.6; DGS IAL2 is
// IAL 2.1 and DGS AAL2 is AAL 2.1 in the canonical order).
func LeastOf(g Group) (hub.Level, bool) {
	switch g {
	case Interactive:
		return hub.Level{IAL: hub.IAL11, AAL: hub.AAL1}, true
	case Transaction:
		return hub.Level{IAL: hub.IAL21, AAL: hub.AAL21}, true
	case CrossAgency:
		return hub.Level{IAL: hub.IAL3, AAL: hub.AAL21}, true
	default:
		return hub.Level{}, false
	}
}

// leastPersonal is the least identity level of a service that uses personal data (LOA-08).
const leastPersonal = hub.IAL21

// Reserved is the name under which the hub's own pages ask for a sign-in: no department's system can have it.
const Reserved = hub.SystemID("onedoor")

// Validate lists everything that is wrong with the department; nil where nothing is.
func (d Department) Validate() []Fault {
	var fs faults
	fs.id(string(d.ID))
	fs.text("names", d.Names, maxName, "")
	fs.complaint(d.Complaint)
	fs.contacts(d.Contacts)
	if !slices.Contains([]DepartmentStatus{"", DepartmentActive, DepartmentSuspended}, d.Status) {
		fs.add("status", "", "must be active or suspended")
	}
	fs.areas(d.Areas)
	fs.records(d)
	return fs
}

// id checks the identifier of an entry.
func (fs *faults) id(id string) {
	if !hub.ValidName(id) {
		fs.add("id", "AUD-11", "must be 1 to %d of a-z, 0-9 and '-', beginning with a letter, at most %d of them digits", hub.MaxName, hub.MaxNameDigits)
	}
}

func (fs *faults) complaint(s string) {
	const path, rule = "complaint", "PRV-14"
	if s == "" {
		fs.add(path, rule, "is missing: where can a person complain or ask for correction?")
		return
	}
	fs.reachable(path, rule, s)
}

const maxContacts = 16

// contacts checks the ways to a department.
func (fs *faults) contacts(all []Contact) {
	if len(all) > maxContacts {
		fs.add("contacts", "", "has more than %d entries", maxContacts)
		return
	}
	for i, c := range all {
		at := index("contacts", i)
		if !slices.Contains(ContactKinds(), c.For) {
			fs.add(at+".for", "", "must be one of %s", strings.Join(ContactKinds(), ", "))
		}
		fs.reachable(at+".uri", "", c.URI)
		if slices.Index(all, c) < i {
			fs.add(at, "", "is there twice")
		}
	}
}

// reachable checks an address that people use.
func (fs *faults) reachable(path, rule, s string) {
	u, err := url.Parse(s)
	switch {
	case err != nil || len(s) > maxURI || !printable(s):
		fs.add(path, rule, "is not a URI")
	case u.Scheme == "https" && u.Host != "" && u.User == nil:
	case (u.Scheme == "mailto" || u.Scheme == "tel") && u.Opaque != "":
	default:
		fs.add(path, rule, "must be an https, mailto or tel URI")
	}
}

// Validate lists everything that is wrong with the system by itself; nil where nothing is. What only shows beside the
// other entries is in [ValidateAll].
func (s System) Validate() []Fault {
	var fs faults
	fs.id(string(s.ID))
	if s.ID == Reserved {
		fs.add("id", "", "is the name of the hub's own pages")
	}
	if !hub.ValidName(string(s.Department)) {
		fs.add("department", "", "must name a department")
	}
	if s.Area != "" && !hub.ValidName(string(s.Area)) {
		fs.add("area", "BND-05", "must name an area of the department")
	}
	fs.text("names", s.Names, maxName, "")
	if !slices.Contains([]SystemStatus{Draft, Testing, Live, Suspended}, s.Status) {
		fs.add("status", "EXC-06", "must be draft, testing, live or suspended")
	}
	if !slices.Contains([]login.Serves{login.Persons, login.Entities, login.Both}, s.For) {
		fs.add("for", "ENT-03", "must be entities or both; left out it is for persons")
	}
	if s.EntityNumber && s.For == login.Persons {
		fs.add("entityNumber", "PRV-06", "is for a system that serves entities")
	}
	fs.levels(s)
	fs.record(s)
	fs.rules(s.Attributes)
	if s.OIDC == nil && s.SAML == nil && s.Forward == nil {
		fs.add("oidc", "", "is missing, and so are saml and forward: how is the system connected?")
	}
	if s.OIDC != nil {
		fs.oidc(*s.OIDC, s.Status)
	}
	if s.SAML != nil {
		fs.saml(*s.SAML, s)
	}
	if s.Forward != nil {
		fs.forward(*s.Forward, s)
	}
	return fs
}

// longestSession is the longest that any session may live (SES-07).
const longestSession = 30 * 24 * time.Hour

// levels holds LOA-07 and LOA-08.
func (fs *faults) levels(s System) {
	if l := s.SessionLife; l != 0 && (l < time.Minute || l > longestSession) {
		fs.add("sessionLife", "SES-07", "must lie between 1m and 720h")
	}
	if s.Least.IAL == hub.IALNone || s.Least.IAL > hub.IAL3 {
		fs.add("least.ial", "LOA-09", "is missing: the identity level that the service demands")
	}
	if s.Least.AAL == hub.AALNone || s.Least.AAL > hub.AAL3 {
		fs.add("least.aal", "LOA-09", "is missing: the authenticator level that the service demands")
	}
	floor, ok := LeastOf(s.Group)
	if !ok {
		fs.add("group", "LOA-07", "must be 2 (interactive), 3 (transaction) or 4 (cross-agency); group 1 needs no login and so no system")
	}
	if ok && s.Least.IAL != hub.IALNone && s.Least.IAL < floor.IAL {
		fs.add("least.ial", "LOA-07", "%s is below %s, the least of group %d", s.Least.IAL, floor.IAL, s.Group)
	}
	if ok && s.Least.AAL != hub.AALNone && s.Least.AAL < floor.AAL {
		fs.add("least.aal", "LOA-07", "%s is below %s, the least of group %d", s.Least.AAL, floor.AAL, s.Group)
	}
	personal := len(s.Attributes) > 0 || s.OIDC != nil && slices.ContainsFunc(s.OIDC.Scopes, personalScope)
	if personal && s.Least.IAL != hub.IALNone && s.Least.IAL < leastPersonal {
		fs.add("least.ial", "LOA-08", "%s is below %s, the least of a service that uses personal data", s.Least.IAL, leastPersonal)
	}
}

// record holds LOA-09 and LOA-10: what a department must have written down before its system opens.
func (fs *faults) record(s System) {
	if s.Status == Live && strings.TrimSpace(s.Risk) == "" {
		fs.add("risk", "LOA-09", "is missing: a live system needs its risk assessment in words")
	}
	if s.Status == Live && s.ReviewBy.IsZero() {
		fs.add("reviewBy", "LOA-10", "is missing: until when do the levels stand before they are reviewed?")
	}
	if utf8.RuneCountInString(s.Risk) > maxRisk || !utf8.ValidString(s.Risk) {
		fs.add("risk", "", "must be text of at most %d characters", maxRisk)
	}
}

// rules holds the register of attributes: CON-01, CON-05, CON-07, PRV-05, PRV-18.
func (fs *faults) rules(rules []consent.Rule) {
	if len(rules) > maxRules {
		fs.add("attributes", "", "has more than %d rules", maxRules)
		return
	}
	seen := make(map[string]int, len(rules))
	for i, r := range rules {
		at := index("attributes", i)
		if !r.Attribute.Known() {
			fs.add(at+".attribute", "PRV-05", "%q is not in the dictionary: %s", clip(string(r.Attribute)), join(hub.AttributeNames()))
		}
		if !hub.ValidName(r.Purpose) {
			fs.add(at+".purpose", "CON-01", "must be a short name: 1 to 39 of a-z, 0-9 and '-', beginning with a letter")
		}
		key := string(r.Attribute) + "/" + r.Purpose
		if first, twice := seen[key]; twice {
			fs.add(at, "CON-07", "says the same attribute and purpose as attributes[%d]", first)
		} else {
			seen[key] = i
		}
		fs.text(at+".text", r.Text, maxText, "CON-01")
		if !slices.Contains(bases, r.Basis) {
			fs.add(at+".basis", "PRV-18", "must be one of %s", join(bases))
		}
		if r.Basis == consent.ByConsent {
			fs.text(at+".effect", r.Effect, maxText, "CON-05")
		} else if len(r.Effect) > 0 {
			fs.text(at+".effect", r.Effect, maxText, "CON-05")
		}
	}
}

var bases = []consent.Basis{
	consent.ByConsent, consent.ByLegalDuty, consent.ByPublicTask, consent.ByContract, consent.ByVitalInterest,
	consent.ByLegitimate, consent.ByArchiveStatistic,
}

// text checks a text in the platform's languages.
func (fs *faults) text(path string, t hub.Text, limit int, rule string) {
	for _, lang := range t.Missing() {
		fs.add(path+"."+lang, rule, "is missing")
	}
	langs := hub.Languages()
	for _, lang := range sortedKeys(t) {
		s := t[lang]
		switch {
		case !slices.Contains(langs, lang):
			fs.add(path+"."+clip(lang), rule, "is not a language of the platform: %s", strings.Join(langs, ", "))
		case s != "" && strings.TrimSpace(s) == "":
			fs.add(path+"."+lang, rule, "is empty")
		case !utf8.ValidString(s) || utf8.RuneCountInString(s) > limit:
			fs.add(path+"."+lang, rule, "must be text of at most %d characters", limit)
		case !harmless(s):
			fs.add(path+"."+lang, rule, "holds control characters or marks that turn the direction of writing")
		}
	}
}

// harmless refuses what could make a text look like another one on a page that asks for trust: control characters and the
// explicit bidirectional marks (Unicode UAX #9 section 2).
func harmless(s string) bool {
	for _, r := range s {
		if unicode.IsControl(r) && r != '\n' || unicode.Is(unicode.Bidi_Control, r) {
			return false
		}
	}
	return true
}

// accessTokenLimit is the longest life of an access token: it dies with its session all the same (SES-18).
const accessTokenLimit = 15 * time.Minute

func sortedKeys(t hub.Text) []string {
	keys := make([]string, 0, len(t))
	for k := range t {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

func join[T ~string](names []T) string {
	parts := make([]string, len(names))
	for i, n := range names {
		parts[i] = string(n)
	}
	return strings.Join(parts, ", ")
}

// clip keeps a foreign word short in a message.
func clip(s string) string {
	if len(s) > 60 {
		return strings.ToValidUTF8(s[:60], "") + "..."
	}
	return s
}
