package samlmsg

import (
	"slices"

	"onedoor/hub"
)

// ContextClass is one line of the table between AuthnContext classes and levels (LOA-04). It holds both directions apart, so
// that nothing is raised on the way through: Means never exceeds Needs.
type ContextClass struct {
	Ref    string
	Family string    // classes of one family are what a peer that names one of them can be expected to know
	Means  hub.Level // what this class vouches for when a peer states it; a component that it says nothing of is None
	Needs  hub.Level // what must have been reached for the hub to state it
	State  bool      // whether the hub states it at all
}

// The families.
const (
	FamilyOwn    = "onedoor" // urn:onedoor:ial:X:aal:Y, one for every pair of levels
	FamilySAML   = "saml"    // SAML Authentication Context 2.0 section 3.4: they speak of the authentication only
	FamilyREFEDS = "refeds"
	FamilyEIDAS  = "eidas"
)

// The classes that the hub states besides its own. PasswordProtectedTransport, MobileTwoFactorContract and SmartcardPKI are
// the three steps of AAL in SAML's words.
const (
	ClassUnspecified       = "urn:oasis:names:tc:SAML:2.0:ac:classes:unspecified"
	ClassPasswordTransport = "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport"
	ClassMobileTwoFactor   = "urn:oasis:names:tc:SAML:2.0:ac:classes:MobileTwoFactorContract"
	ClassSmartcardPKI      = "urn:oasis:names:tc:SAML:2.0:ac:classes:SmartcardPKI"

	classPrefix = "urn:oasis:names:tc:SAML:2.0:ac:classes:"
	eidasPrefix = "http://eidas.europa.eu/LoA/"
)

func aal(a hub.AAL) hub.Level { return hub.Level{AAL: a} }

// standardClasses are those of published vocabularies, within a family from weak to strong. Those with State false are
// understood from a peer but describe a method that the hub can't vouch to have been used.
var standardClasses = []ContextClass{
	{Ref: ClassUnspecified, Family: FamilySAML, State: true},
	{Ref: classPrefix + "PreviousSession", Family: FamilySAML},
	{Ref: classPrefix + "Password", Family: FamilySAML, Means: aal(hub.AAL1), Needs: aal(hub.AAL1)},
	{Ref: ClassPasswordTransport, Family: FamilySAML, Means: aal(hub.AAL1), Needs: aal(hub.AAL1), State: true},
	{Ref: classPrefix + "Kerberos", Family: FamilySAML, Means: aal(hub.AAL1), Needs: aal(hub.AAL1)},
	{Ref: classPrefix + "MobileOneFactorUnregistered", Family: FamilySAML, Means: aal(hub.AAL1), Needs: aal(hub.AAL1)},
	{Ref: classPrefix + "MobileOneFactorContract", Family: FamilySAML, Means: aal(hub.AAL1), Needs: aal(hub.AAL1)},
	{Ref: classPrefix + "MobileTwoFactorUnregistered", Family: FamilySAML, Means: aal(hub.AAL1), Needs: aal(hub.AAL1)},
	{Ref: classPrefix + "X509", Family: FamilySAML, Means: aal(hub.AAL1), Needs: aal(hub.AAL1)},
	{Ref: classPrefix + "TLSClient", Family: FamilySAML, Means: aal(hub.AAL1), Needs: aal(hub.AAL1)},
	{Ref: classPrefix + "SoftwarePKI", Family: FamilySAML, Means: aal(hub.AAL1), Needs: aal(hub.AAL1)},
	{Ref: classPrefix + "TimeSyncToken", Family: FamilySAML, Means: aal(hub.AAL1), Needs: aal(hub.AAL1)},
	{Ref: classPrefix + "Smartcard", Family: FamilySAML, Means: aal(hub.AAL21), Needs: aal(hub.AAL21)},
	{Ref: ClassMobileTwoFactor, Family: FamilySAML, Means: aal(hub.AAL21), Needs: aal(hub.AAL21), State: true},
	{Ref: ClassSmartcardPKI, Family: FamilySAML, Means: aal(hub.AAL3), Needs: aal(hub.AAL3), State: true},
	{Ref: "https://refeds.org/profile/sfa", Family: FamilyREFEDS, Means: aal(hub.AAL1), Needs: aal(hub.AAL1), State: true},
	{Ref: "https://refeds.org/profile/mfa", Family: FamilyREFEDS, Means: aal(hub.AAL21), Needs: aal(hub.AAL21), State: true},
}

// eidasClasses are the three levels of Regulation (EU) 2015/1502. That they correspond is a decision of policy and no legal
// equivalence, so they are not in the standard table; high means AAL2.1 when heard and takes AAL3 to be said.
var eidasClasses = []ContextClass{
	{eidasPrefix + "low", FamilyEIDAS, hub.Level{IAL: hub.IAL11, AAL: hub.AAL1}, hub.Level{IAL: hub.IAL11, AAL: hub.AAL1}, true},
	{eidasPrefix + "substantial", FamilyEIDAS, hub.Level{IAL: hub.IAL21, AAL: hub.AAL21}, hub.Level{IAL: hub.IAL21, AAL: hub.AAL21}, true},
	{eidasPrefix + "high", FamilyEIDAS, hub.Level{IAL: hub.IAL3, AAL: hub.AAL21}, hub.Level{IAL: hub.IAL3, AAL: hub.AAL3}, true},
}

// StandardClasses gives the published vocabularies that the hub speaks by default.
func StandardClasses() []ContextClass { return slices.Clone(standardClasses) }

// EIDASClasses gives the eIDAS levels, for an installation whose policy takes them as corresponding.
func EIDASClasses() []ContextClass { return slices.Clone(eidasClasses) }

// Contexts is the table in force: the hub's own classes, always, and what was added. It is not changed once made.
type Contexts struct {
	order []ContextClass
	byRef map[string]ContextClass
}

// NewContexts builds the table from the hub's own classes and others, which stand from weak to strong within a family. Invalid: a
// class twice, without a name or family, or one that would raise (Means above Needs).
func NewContexts(others []ContextClass) (*Contexts, error) {
	const op = "samlmsg.NewContexts"
	c := &Contexts{byRef: make(map[string]ContextClass)}
	for _, l := range hub.Levels() {
		c.order = append(c.order, ContextClass{Ref: l.ACR(), Family: FamilyOwn, Means: l, Needs: l, State: true})
	}
	c.order = append(c.order, others...)
	for _, class := range c.order {
		_, twice := c.byRef[class.Ref]
		if class.Ref == "" || class.Family == "" || twice || !class.Needs.Satisfies(class.Means) {
			return nil, hub.Errorf(op, hub.Invalid, "a context class is unnamed, doubled or would raise a level")
		}
		c.byRef[class.Ref] = class
	}
	return c, nil
}

// Level gives what a peer vouches for by stating a class. An unknown class vouches for nothing, and is reported as such.
func (c *Contexts) Level(ref string) (hub.Level, bool) {
	class, ok := c.byRef[ref]
	return class.Means, ok
}

// OwnRefs gives the hub's own classes that satisfy a level, the lowest first: what to ask, with comparison exact, of a peer that
// speaks them.
func OwnRefs(want hub.Level) []string {
	var refs []string
	for _, l := range hub.Levels() {
		if l.Satisfies(want) {
			refs = append(refs, l.ACR())
		}
	}
	return refs
}

// strongest gives the class of a family that says most of what has been reached, among those that ok takes. Of two that can't be
// compared the one that stands later in the table wins.
func (c *Contexts) strongest(family string, reached hub.Level, ok func(ContextClass) bool) (ContextClass, bool) {
	var best ContextClass
	found := false
	for _, class := range c.order {
		if class.Family != family || !class.State || !reached.Satisfies(class.Needs) || !ok(class) {
			continue
		}
		if !found || !best.Means.Satisfies(class.Means) || class.Means == best.Means {
			best, found = class, true
		}
	}
	return best, found
}
