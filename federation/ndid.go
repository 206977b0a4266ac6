package federation

import (
	"encoding/json"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"

	"onedoor/hub"
	"onedoor/hub/identifier"
)

// NDID are the settings of the Thai National Digital ID platform, which the hub reaches through a node of its own. Its identity
// providers are banks and the like; which of them there are is asked of the node at each login.
type NDID struct {
	Node       string // base URL of the node's API, without version: "https://ndid-node.internal:8443"
	APIVersion string // "6.0" (default) or "5.3": decides the paths
	NodeID     string // only where the node is a proxy of several relying parties
	APIKey     SealedSecret
	Callback   string // base URL at which the node reaches the hub, without a path of the hub: "https://hub.internal"
	// PrivateNetwork allows plain http for both addresses: nobody else sees that network.
	PrivateNetwork bool
	RequestTimeout time.Duration // for the person to answer; default 5 min
	Namespace      string        // of the number that the person types: "citizen_id"
	Modes          NDIDModes     // default OnboardedFirst
	RequestType    string        // registered at the platform; may be empty
	// Message is what the person reads at the identity provider, with {system}, {department} and {code} in it.
	Message hub.Text
	// Least is asked of identity providers even where a system wants less. Its IAL is 2.1 or more: below, nobody has compared the
	// number with a document, and it must open no account.
	Least hub.Level
	// IDPNames replace the names that the platform tells, by node id.
	IDPNames map[string]hub.Text
	// PersonDenied are the error codes of identity providers that mean that the person said no. The platform's production
	// codes are not public: read them from the node (GET /utility/idp_error_codes).
	PersonDenied []int
}

// NDIDModes says which modes of the platform are used. In mode 2 the platform itself checks that the answering person is the one
// with the number, for people who are onboarded; in mode 1 the identity provider alone vouches for it.
type NDIDModes string

// The policies.
const (
	OnboardedFirst NDIDModes = "onboarded-first" // mode 2 where the identity provider has onboarded the person, else mode 1
	OnboardedOnly  NDIDModes = "onboarded-only"  // mode 2
	DirectOnly     NDIDModes = "direct-only"     // mode 1
)

// CitizenNamespace is the platform's namespace of Thai citizen numbers.
const CitizenNamespace = "citizen_id"

// The limits of Provider.NDID.
const (
	DefaultNDIDTimeout = 5 * time.Minute
	minNDIDTimeout     = time.Minute
	maxNDIDTimeout     = 10 * time.Minute // a login lives 15 minutes
	maxMessage         = 500              // characters of the template
)

// Parse checks a number that a person typed, by its kind. Invalid.
func (c PersonClaim) Parse(text string) (hub.PersonNumber, error) {
	return identifier.Parse(c.Kind, text)
}

// NDIDVersions are the versions of the node's API that the connector speaks. 4.0 is not among them: its request status does not
// tell what a login must check.
func NDIDVersions() []string { return []string{"6.0", "5.3"} }

func (fs *faults) ndid(p Provider) {
	n := *p.NDID
	fs.nodeURL("ndid.node", n.Node, n.PrivateNetwork)
	fs.nodeURL("ndid.callback", n.Callback, n.PrivateNetwork)
	if n.APIVersion != "" && !slices.Contains(NDIDVersions(), n.APIVersion) {
		fs.add("ndid.apiVersion", "", "must be one of %s", strings.Join(NDIDVersions(), ", "))
	}
	for path, w := range map[string]string{"ndid.nodeID": n.NodeID, "ndid.requestType": n.RequestType} {
		if w != "" {
			fs.word(path, w)
		}
	}
	if n.RequestTimeout != 0 && (n.RequestTimeout < minNDIDTimeout || n.RequestTimeout > maxNDIDTimeout || n.RequestTimeout%time.Second != 0) {
		fs.add("ndid.requestTimeout", "", "must be whole seconds between %v and %v", minNDIDTimeout, maxNDIDTimeout)
	}
	if n.Namespace != CitizenNamespace {
		fs.add("ndid.namespace", "", "must be %s: there is no check of other numbers", CitizenNamespace)
	}
	if !slices.Contains([]NDIDModes{"", OnboardedFirst, OnboardedOnly, DirectOnly}, n.Modes) {
		fs.add("ndid.modes", "", "must be one of %s, %s, %s", OnboardedFirst, OnboardedOnly, DirectOnly)
	}
	fs.ndidMessage(n.Message)
	if n.Least.IAL < hub.IAL21 || n.Least.IAL > hub.IAL3 || n.Least.AAL == hub.AALNone || n.Least.AAL > hub.AAL3 {
		fs.add("ndid.least", "LOA-05", "must state an ial of 2.1 or more and an aal")
	} else if !p.Ceiling.Satisfies(n.Least) {
		fs.add("ndid.least", "LOA-05", "is above the ceiling: no answer would do")
	}
	if len(n.IDPNames) > maxList {
		fs.add("ndid.idpNames", "", "has more than %d entries", maxList)
	}
	for _, id := range slices.Sorted(maps.Keys(n.IDPNames)) {
		fs.word(key("ndid.idpNames", id), id)
		for _, lang := range hub.Languages() {
			if name := n.IDPNames[id][lang]; name == "" || clean(name, maxName) != name {
				fs.add(key("ndid.idpNames", id)+"."+lang, "", "must be one plain line of 1 to %d characters", maxName)
			}
		}
	}
	if len(n.PersonDenied) > maxList {
		fs.add("ndid.personDenied", "", "has more than %d entries", maxList)
	}
	for i, code := range n.PersonDenied {
		if code <= 0 {
			fs.add(index("ndid.personDenied", i), "", "must be an error code, above 0")
		}
	}
	if p.Person != (PersonClaim{Kind: identifier.ThaiCitizen, Claim: CitizenNamespace}) {
		fs.add("person", "LIF-15", "must be kind %s, claim %s: the number that the person typed is what is vouched for", identifier.ThaiCitizen, CitizenNamespace)
	}
	if p.Assurance.IALName != NDIDIAL || p.Assurance.AALName != NDIDAAL {
		fs.add("assurance", "LOA-04", "must have ialName %s and aalName %s, which an identity provider's answer has", NDIDIAL, NDIDAAL)
	}
	for _, word := range slices.Concat(slices.Sorted(maps.Keys(p.Assurance.IAL)), slices.Sorted(maps.Keys(p.Assurance.AAL))) {
		if Decimal(json.Number(word)) != word {
			fs.add(key("assurance", word), "LOA-04", "must be a decimal number as short as it can be written: the platform's levels are numbers")
		}
	}
	if p.Assurance.Fixed != (hub.Level{}) || len(p.Assurance.ACR) > 0 || len(p.Assurance.AMR) > 0 {
		fs.add("assurance", "LOA-04", "must have nothing but ial and aal: an answer without its levels gives none")
	}
}

// NDIDIAL and NDIDAAL are the names of the levels in an identity provider's answer.
const (
	NDIDIAL = "ial"
	NDIDAAL = "aal"
)

// Decimal gives a level's number as the tables of a trust record write it: by its own digits, without zeros at the end, so that
// 2.30 is "2.3" and 3.0 is "3". The number is never a float. "" for anything that is no plain decimal.
func Decimal(n json.Number) string {
	s := n.String()
	if s == "" || len(s) > 8 || strings.Trim(s, "0123456789.") != "" {
		return ""
	}
	whole, fraction, point := strings.Cut(s, ".")
	if whole == "" || point && fraction == "" || strings.Contains(fraction, ".") || len(whole) > 1 && whole[0] == '0' {
		return ""
	}
	if fraction = strings.TrimRight(fraction, "0"); fraction == "" {
		return whole
	}
	return whole + "." + fraction
}

// ndidMessage checks the templates of the message: the person must be able to compare the code, and to see where the answer
// leads to.
func (fs *faults) ndidMessage(t hub.Text) {
	for _, lang := range hub.Languages() {
		at, s := "ndid.message."+lang, t[lang]
		switch {
		case s == "":
			fs.add(at, "", "is missing")
		case clean(s, maxMessage) != s:
			fs.add(at, "", "must be one plain line of at most %d characters", maxMessage)
		case strings.Count(s, "{code}") != 1:
			fs.add(at, "SES-22", "must have {code} once: the person compares it on both sides")
		case !strings.Contains(s, "{department}") && !strings.Contains(s, "{system}"):
			fs.add(at, "SES-22", "must have {department} or {system}: the person must see what they open")
		case strings.HasPrefix(s, "{") || strings.HasPrefix(strings.ToLower(s), "data:"):
			fs.add(at, "", "must begin with a word: what begins with data: is no text to the platform")
		case strings.ContainsAny(strings.NewReplacer("{code}", "", "{department}", "", "{system}", "").Replace(s), "{}"):
			fs.add(at, "", "knows {code}, {department} and {system} only")
		}
	}
	for _, lang := range slices.Sorted(maps.Keys(t)) {
		if !slices.Contains(hub.Languages(), lang) {
			fs.add(key("ndid.message", lang), "", "is not a language of the platform")
		}
	}
}

func (fs *faults) nodeURL(path, s string, private bool) {
	switch {
	case s == "":
		fs.add(path, "", "is missing")
	case !NodeURL(s, private):
		fs.add(path, "", "must be an https URL without user, query and fragment that does not end in a slash; http is for localhost, and with privateNetwork")
	}
}

// NodeURL reports whether s may be the base of calls to or from a node of ours: as SafeURL, or over a private network plain http; no
// query, and no slash at the end.
func NodeURL(s string, private bool) bool {
	if strings.HasSuffix(s, "/") || strings.Contains(s, "?") {
		return false
	}
	if SafeURL(s) {
		return true
	}
	u, err := url.Parse(s)
	return private && err == nil && u.Scheme == "http" && SafeURL("https"+strings.TrimPrefix(s, "http"))
}
