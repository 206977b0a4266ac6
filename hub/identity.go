package hub

import (
	"log/slog"
	"slices"
	"time"
)

// AttributeName is a name of the hub's dictionary. Every upstream protocol maps into it and every
// downstream protocol maps out of it (PRV-05, EXC-04).
type AttributeName string

// The dictionary: the minimum data set of ETDA 1/2566 annex 6, cl. 13, and nothing else. The laser code, the chip
// number and the card request number have no name here and so no way through (PRV-04).
const (
	CitizenID    AttributeName = "citizen_id"     // national personal number, digits only
	Title        AttributeName = "title"          // in Thai
	GivenName    AttributeName = "given_name"     // in Thai
	MiddleName   AttributeName = "middle_name"    // in Thai
	FamilyName   AttributeName = "family_name"    // in Thai
	Name         AttributeName = "name"           // full name in Thai
	TitleEN      AttributeName = "title_en"       //
	GivenNameEN  AttributeName = "given_name_en"  //
	MiddleNameEN AttributeName = "middle_name_en" //
	FamilyNameEN AttributeName = "family_name_en" //
	NameEN       AttributeName = "name_en"        // full name in Latin script
	Birthdate    AttributeName = "birthdate"      // YYYY-MM-DD in the Christian era; YYYY or YYYY-MM where the rest is unknown
	Gender       AttributeName = "gender"         // male, female or as the source says
	Address      AttributeName = "address"        // as printed on the card, one text
)

var dictionary = []AttributeName{
	CitizenID, Title, GivenName, MiddleName, FamilyName, Name, TitleEN, GivenNameEN, MiddleNameEN, FamilyNameEN, NameEN,
	Birthdate, Gender, Address,
}

// AttributeNames gives the dictionary in its order of display.
func AttributeNames() []AttributeName { return slices.Clone(dictionary) }

// Known reports whether the name is in the dictionary.
func (n AttributeName) Known() bool { return slices.Contains(dictionary, n) }

// Attribute is one fact about the person, with who said so and when (PRV-09).
type Attribute struct {
	Value  string
	Source ProviderID
	At     time.Time
}

// Attributes are what is known about the person who is present. They live in the session vault only (D3)
// and print and log as "[redacted]".
type Attributes map[AttributeName]Attribute

// Only gives the attributes with these names, those that are there.
func (a Attributes) Only(names []AttributeName) Attributes {
	out := make(Attributes, len(names))
	for _, n := range names {
		if v, ok := a[n]; ok {
			out[n] = v
		}
	}
	return out
}

// String hides the values.
func (a Attributes) String() string { return redacted }

// GoString hides the values.
func (a Attributes) GoString() string { return redacted }

// LogValue hides the values.
func (a Attributes) LogValue() slog.Value { return slog.StringValue(redacted) }

// PersonNumber is a number that a state gives to exactly one person. Only its keyed hash is stored (D3).
type PersonNumber struct {
	Kind  string // "th.citizen"
	Value string // normalised: digits only, check digit verified by the connector
}

// IsZero reports whether there is no number.
func (p PersonNumber) IsZero() bool { return p.Value == "" }

// String hides the number.
func (p PersonNumber) String() string { return redacted }

// GoString hides the number.
func (p PersonNumber) GoString() string { return redacted }

// LogValue hides the number.
func (p PersonNumber) LogValue() slog.Value { return slog.StringValue(redacted) }

// Identity is what an upstream provider said about the person who has just authenticated, in the one form that
// every connector produces. It prints and logs as "[redacted]".
type Identity struct {
	Provider   ProviderID
	Subject    string       // the provider's own name for the person; can be personal data: only its keyed hash is kept
	Person     PersonNumber // zero where the provider vouches for none
	Level      Level        // already within the provider's ceiling
	AuthTime   time.Time    // when the person authenticated there
	Methods    []string     // amr values of RFC 8176, where told
	Attributes Attributes
	Session    string // the provider's session id (sid), where it has one: for logout
	Upstream   Upstream
}

// Upstream is the provider's own session, as far as a logout needs it.
type Upstream struct {
	Protocol string     // by which the provider is told of a logout ("oidc-upstream", "saml-upstream"); "" for none
	Ref      string     // what it must be told, sealed by its connector under a key that rests on the master key
	Names    []PeerName // by which the provider may name the session when it asks for its end
}

// PeerName is the name under which somebody else knows a session, as keyed hashes.
type PeerName struct {
	Peer  string   // "system:ID" or "provider:ID"
	Name  [32]byte // of the person's name there
	Index [32]byte // of the session's there, with the person's
}

// String hides the identity.
func (i Identity) String() string { return redacted }

// GoString hides the identity.
func (i Identity) GoString() string { return redacted }

// LogValue shows what is not personal.
func (i Identity) LogValue() slog.Value {
	return slog.GroupValue(slog.String("provider", string(i.Provider)), slog.String("level", i.Level.String()))
}

// Text is a text in the platform's languages, by BCP 47 tag.
type Text map[string]string

// languages: Thai first, as the platform's default.
var languages = []string{"th", "en", "zh", "vi"}

// Languages gives the platform's languages, the default first.
func Languages() []string { return slices.Clone(languages) }

// In gives the text in the language, else in English, else in Thai, else "".
func (t Text) In(lang string) string {
	for _, l := range []string{lang, "en", "th"} {
		if s := t[l]; s != "" {
			return s
		}
	}
	return ""
}

// Missing gives the platform languages in which the text is empty.
func (t Text) Missing() []string {
	var m []string
	for _, l := range languages {
		if t[l] == "" {
			m = append(m, l)
		}
	}
	return m
}
