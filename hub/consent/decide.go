package consent

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"hash"
	"maps"
	"slices"

	"onedoor/hub"
)

// Facts are what Decide must know besides rules and records.
type Facts struct {
	Want  hub.Level // what the service demands in this login
	Have  hub.Level // what the person's identity has
	Again bool      // ask even where consent is remembered

	Offline bool // offline access is wanted
}

// Outcome is what may be released now and what the person must be asked or told first.
type Outcome struct {
	Release  []hub.AttributeName // granted by now, in the order of the dictionary: the union over all granted purposes
	Ask      []Rule              // by consent and undecided: optional ones may be refused, required ones end the login there
	Tell     []Rule              // released on another legal basis: told, not asked
	Untold   bool                // some of Tell have not been told in their present version
	Higher   bool                // LOA-06: ask whether the identity may serve this lower service
	Offline  bool                // ask whether the system may have offline access
	Lasting  bool                // offline access is granted by now
	versions map[string]string   // by key, of everything asked or told
}

// Page reports whether a page must be shown before anything may be released.
func (o Outcome) Page() bool { return len(o.Ask) > 0 || o.Untold || o.Higher || o.Offline }

// Rules gives all that the page shows: what is asked, then what is told.
func (o Outcome) Rules() []Rule { return slices.Concat(o.Ask, o.Tell) }

// Key names a choice: attribute and purpose with a slash between. The choice of LOA-06 is HigherKey.
func Key(attribute hub.AttributeName, purpose string) string {
	return string(attribute) + "/" + purpose
}

// HigherKey is the key of the decision of LOA-06.
const HigherKey = "/" + HigherIdentity

// OfflineKey is the key of the decision about offline access.
const OfflineKey = "/" + OfflineAccess

// offlineVersion is the version of what is asked about offline access.
const offlineVersion = "offline-1"

// Key names the rule's choice.
func (r Rule) Key() string { return Key(r.Attribute, r.Purpose) }

// Fingerprint is the version of a rule as it is shown: attribute, purpose, texts in all languages, requirement, basis and
// effect. When any of them changes, what was decided before no longer counts (CON-01).
func Fingerprint(r Rule) string {
	h := sha256.New()
	feed(h, "rule-1", string(r.Attribute), r.Purpose, string(r.Basis))
	feedText(h, r.Text)
	feedText(h, r.Effect)
	if r.Required {
		feed(h, "required")
	}
	return sum(h)
}

// higherVersion is the version of the decision of LOA-06: an identity of this level for services of that level. Consent that was
// given to an IAL2 identity is none for an IAL3 identity.
func higherVersion(f Facts) string {
	h := sha256.New()
	feed(h, "higher-1", string('0'+rune(group(f.Have.IAL))), string('0'+rune(group(f.Want.IAL))))
	return sum(h)
}

// group gives the whole identity assurance level of DGS 1-2:2564: 1, 2 or 3. None stated counts as 1.
func group(l hub.IAL) int {
	switch {
	case l >= hub.IAL3:
		return 3
	case l >= hub.IAL21:
		return 2
	default:
		return 1
	}
}

// Higher reports whether an identity of level have is about to serve a service of a lower identity assurance level (LOA-06).
func Higher(have, want hub.Level) bool { return group(have.IAL) > group(want.IAL) }

// Decide says what may be released and what must be asked or told first. Only what is wanted is ever released (PRV-06). By
// consent that is what was given under the present version of its rule; on another legal basis it is everything wanted, as soon
// as the person has been told. An optional attribute that was declined is not asked again until its rule changes or Again
// is set; a required one, and one that was withdrawn, is (CON-03). The same attribute for several purposes is several choices, and
// one granted purpose releases it (CON-07).
func Decide(rules []Rule, wanted []hub.AttributeName, current []Record, f Facts) Outcome {
	latest := make(map[string]Record, len(current))
	for _, r := range current {
		latest[Key(r.Attribute, r.Purpose)] = r
	}
	o := Outcome{versions: map[string]string{}}
	granted := map[hub.AttributeName]bool{}
	for _, r := range rules {
		if !slices.Contains(wanted, r.Attribute) {
			continue
		}
		key, version := r.Key(), Fingerprint(r)
		rec, found := latest[key]
		decided := found && rec.Version == version
		if r.Basis != ByConsent {
			o.Tell = append(o.Tell, r)
			o.versions[key] = version
			if decided && rec.Decision == Told {
				granted[r.Attribute] = true
			} else {
				o.Untold = true
			}
			continue
		}
		switch {
		case decided && !f.Again && rec.Decision == Given:
			granted[r.Attribute] = true
		case decided && !f.Again && rec.Decision == Declined && !r.Required:
		default:
			o.Ask = append(o.Ask, r)
			o.versions[key] = version
		}
	}
	if Higher(f.Have, f.Want) {
		version := higherVersion(f)
		rec, found := latest[HigherKey]
		if !found || rec.Version != version || rec.Decision != Given {
			o.Higher = true
			o.versions[HigherKey] = version
		}
	}
	if f.Offline {
		rec, found := latest[OfflineKey]
		decided := found && rec.Version == offlineVersion && !f.Again
		switch {
		case decided && rec.Decision == Given:
			o.Lasting = true
		case decided && rec.Decision == Declined: // the service works without; it may ask again with Again
		default:
			o.Offline = true
			o.versions[OfflineKey] = offlineVersion
		}
	}
	for _, n := range hub.AttributeNames() {
		if granted[n] {
			o.Release = append(o.Release, n)
		}
	}
	return o
}

// Ruling is one decision about one choice in the version that was shown.
type Ruling struct {
	Attribute hub.AttributeName
	Purpose   string
	Decision  Decision
	Version   string
}

// Accepted turns the answer of somebody who went on with the page into rulings: each asked choice whose key is in given is Given,
// each other Declined; what was told is Told. Keys that were not asked count for nothing. It reports whether something required
// was refused.
func (o Outcome) Accepted(given []string) (rulings []Ruling, refused bool) {
	for _, r := range o.Ask {
		d := Declined
		if slices.Contains(given, r.Key()) {
			d = Given
		}
		refused = refused || (d == Declined && r.Required)
		rulings = append(rulings, o.ruling(r, d))
	}
	for _, r := range o.Tell {
		rulings = append(rulings, o.ruling(r, Told))
	}
	if o.Higher {
		d := Declined
		if slices.Contains(given, HigherKey) {
			d = Given
		}
		refused = refused || d == Declined
		rulings = append(rulings, Ruling{Purpose: HigherIdentity, Decision: d, Version: o.versions[HigherKey]})
	}
	if o.Offline {
		d := Declined
		if slices.Contains(given, OfflineKey) {
			d = Given
		}
		rulings = append(rulings, Ruling{Purpose: OfflineAccess, Decision: d, Version: o.versions[OfflineKey]})
	}
	return rulings, refused
}

// Rejected gives the rulings of somebody who said no to the whole: what is required is Declined. Optional choices stay open,
// because the no was not about them, and nothing counts as told, because nothing is released.
func (o Outcome) Rejected() []Ruling {
	var rulings []Ruling
	for _, r := range o.Ask {
		if r.Required {
			rulings = append(rulings, o.ruling(r, Declined))
		}
	}
	if o.Higher {
		rulings = append(rulings, Ruling{Purpose: HigherIdentity, Decision: Declined, Version: o.versions[HigherKey]})
	}
	return rulings
}

func (o Outcome) ruling(r Rule, d Decision) Ruling {
	return Ruling{Attribute: r.Attribute, Purpose: r.Purpose, Decision: d, Version: o.versions[r.Key()]}
}

// Digest is a fingerprint of the whole page for one account: an answer counts only for the page that was shown.
func (o Outcome) Digest(account hub.AccountID) []byte {
	h := sha256.New()
	feed(h, "page-1", string(account))
	for _, key := range slices.Sorted(maps.Keys(o.versions)) {
		feed(h, key, o.versions[key])
	}
	return h.Sum(nil)
}

// After gives the records as they will be once the rulings are recorded: current with each ruled choice replaced.
func After(current []Record, rulings []Ruling) []Record {
	out := slices.Clone(current)
	for _, r := range rulings {
		key := Key(r.Attribute, r.Purpose)
		out = slices.DeleteFunc(out, func(old Record) bool { return Key(old.Attribute, old.Purpose) == key })
		out = append(out, Record{Attribute: r.Attribute, Purpose: r.Purpose, Decision: r.Decision, Version: r.Version})
	}
	return out
}

func feed(h hash.Hash, parts ...string) {
	for _, p := range parts {
		var n [8]byte
		binary.BigEndian.PutUint64(n[:], uint64(len(p)))
		h.Write(n[:])
		h.Write([]byte(p))
	}
}

func feedText(h hash.Hash, t hub.Text) {
	var n [8]byte
	binary.BigEndian.PutUint64(n[:], uint64(len(t)))
	h.Write(n[:])
	for _, lang := range slices.Sorted(maps.Keys(t)) {
		feed(h, lang, t[lang])
	}
}

func sum(h hash.Hash) string { return base64.RawURLEncoding.EncodeToString(h.Sum(nil)[:16]) }
