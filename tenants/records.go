package tenants

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"onedoor/hub"
	"onedoor/hub/identifier"
)

// RecordKindID names a kind of record within its department, chosen by the administrator.
type RecordKindID string

// Holder is who a record is about.
type Holder string

// The holders.
const (
	Person Holder = "person" // a platform account
	Entity Holder = "entity" // a legal entity
)

// RecordKind is one kind of records that a department keeps under numbers of its own (BND-06): the insured of social security under their 20
// characters, the taxpayers of the revenue department under their 40.
type RecordKind struct {
	ID    RecordKindID
	Names hub.Text
	For   Holder
	// Length is how many characters a number has, spaces and hyphens apart: 1 to 64. Digits says that it has digits only; else it has digits
	// and the letters A to Z. Check is the rule of its check character: see RecordChecks; "" for none.
	Length int
	Digits bool
	Check  string
	// Least is what the person must have proven for a record to be bound to them. Automatic lets a unique match at that level bind by itself;
	// else a reviewer approves. FourEyes asks for two reviewers.
	Least     hub.Level
	Automatic bool
	FourEyes  bool
	// Attributes are what may be sent to the department to find the record, nothing else; each is in the dictionary. The person is shown them
	// before.
	Attributes []hub.AttributeName
	// Extra is what else a person may be asked for, one at a time, where that does not suffice, or as proof that a number is theirs.
	Extra []ExtraAttribute
	// Match is the department's match endpoint, "" for none: an https address. Of an entity it is told what the register has of it: number and names. Notify is where it hears what became of bindings, "" for none. Show is
	// where a reviewer's comparison gets the record from, "" for none.
	Match  string
	Notify string
	Show   string
	// Claim lets a person name the number of their record themselves, with the proofs that are named: ids of Extra. Empty: not.
	Claim []string
	// Reconfirm is how long a binding stands before it must be confirmed again; zero: for ever.
	Reconfirm time.Duration
}

// ExtraAttribute is something that only the department knows a person by: the number of an old card, the year of the first contribution.
type ExtraAttribute struct {
	ID    string
	Names hub.Text
	// Length is the most characters that it has.
	Length int
}

// The rules of check characters beside those of hub/identifier.
const (
	CheckLuhn   = "luhn"              // ISO/IEC 7812-1 annex B: digits
	Check11_2   = "iso7064-mod-11-2"  // digits, the last may be X
	Check37_36  = "iso7064-mod-37-36" // digits and letters
	recordChars = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
)

// RecordChecks lists the rules.
func RecordChecks() []string {
	return append([]string{CheckLuhn, Check11_2, Check37_36}, identifier.Kinds()...)
}

// Bounds of record kinds.
const (
	maxRecordKinds  = 32
	maxRecordLength = 64
	maxExtra        = 8
	maxExtraLength  = 100
)

// Record finds a kind of the department.
func (d Department) Record(id RecordKindID) (RecordKind, bool) {
	i := slices.IndexFunc(d.Records, func(k RecordKind) bool { return k.ID == id })
	if i < 0 {
		return RecordKind{}, false
	}
	return d.Records[i], true
}

// FirstRecord gives the kind of which somebody's first login makes the pending record (BND-01): the first one for such holders. False where the
// department holds none.
func (d Department) FirstRecord(h Holder) (RecordKind, bool) {
	i := slices.IndexFunc(d.Records, func(k RecordKind) bool { return k.For == h })
	if i < 0 {
		return RecordKind{}, false
	}
	return d.Records[i], true
}

// ExtraOf finds one of the kind's further attributes.
func (k RecordKind) ExtraOf(id string) (ExtraAttribute, bool) {
	i := slices.IndexFunc(k.Extra, func(e ExtraAttribute) bool { return e.ID == id })
	if i < 0 {
		return ExtraAttribute{}, false
	}
	return k.Extra[i], true
}

// Normalise gives a number of the kind in its one spelling: capitals, no spaces or hyphens. Invalid where it is none; the error does not hold it.
func (k RecordKind) Normalise(text string) (string, error) {
	const op = "tenants.RecordKind.Normalise"
	bad := hub.Errorf(op, hub.Invalid, "not a number of that kind")
	if len(text) > 4*maxRecordLength {
		return "", bad
	}
	b := make([]byte, 0, k.Length)
	for i := range len(text) {
		c := text[i]
		switch {
		case c == ' ' || c == '-':
			continue
		case c >= 'a' && c <= 'z':
			c -= 'a' - 'A'
		}
		letter := c >= 'A' && c <= 'Z'
		// The one letter in a number of digits is the check character X, which stands last.
		if letter && k.Digits && !(c == 'X' && k.Check == Check11_2 && len(b) == k.Length-1) || !letter && (c < '0' || c > '9') || len(b) == k.Length {
			return "", bad
		}
		b = append(b, c)
	}
	if len(b) != k.Length || !k.checks(string(b)) {
		return "", bad
	}
	return string(b), nil
}

func (k RecordKind) checks(s string) bool {
	switch k.Check {
	case "":
		return true
	case CheckLuhn:
		return luhn(s)
	case Check11_2:
		return mod11(s)
	case Check37_36:
		return mod37(s)
	}
	n, err := identifier.Parse(k.Check, s)
	return err == nil && n.Value == s
}

func luhn(s string) bool {
	sum := 0
	for i := range len(s) {
		c := s[len(s)-1-i]
		if c < '0' || c > '9' {
			return false
		}
		d := int(c - '0')
		if i%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum%10 == 0
}

// mod11 checks ISO/IEC 7064 MOD 11-2, a pure system.
func mod11(s string) bool {
	p := 0
	for i := range len(s) {
		c := strings.IndexByte("0123456789X", s[i])
		if c < 0 || c == 10 && i != len(s)-1 {
			return false
		}
		p = (p*2 + c) % 11
	}
	return p == 1
}

// mod37 checks ISO/IEC 7064 MOD 37,36, a hybrid system.
func mod37(s string) bool {
	const m = 36
	p := m
	for i := range len(s) {
		c := strings.IndexByte(recordChars, s[i])
		if c < 0 {
			return false
		}
		if i == len(s)-1 {
			return (p+c)%m == 1
		}
		if p = (p + c) % m; p == 0 {
			p = m
		}
		p = p * 2 % (m + 1)
	}
	return false
}

// CheckCharacter37 gives the check character of a body of digits and capital letters: for those who give such numbers out.
func CheckCharacter37(body string) byte {
	for i := range len(recordChars) {
		if mod37(body + recordChars[i:i+1]) {
			return recordChars[i]
		}
	}
	return 0
}

// records checks the kinds of a department (BND-06).
func (fs *faults) records(d Department) {
	if len(d.Records) > maxRecordKinds {
		fs.add("records", "BND-06", "must be at most %d", maxRecordKinds)
		return
	}
	for i, k := range d.Records {
		at := "records[" + strconv.Itoa(i) + "]"
		fs.name(at+".id", string(k.ID))
		if slices.IndexFunc(d.Records, func(o RecordKind) bool { return o.ID == k.ID }) < i {
			fs.add(at+".id", "BND-06", "is there twice")
		}
		fs.text(at+".names", k.Names, maxName, "")
		if k.For != Person && k.For != Entity {
			fs.add(at+".for", "", "must be person or entity")
		}
		fs.recordForm(at, k)
		if k.Least.IAL == hub.IALNone || k.Least.IAL > hub.IAL3 {
			fs.add(at+".least.ial", "LOA-09", "is missing: what a person must have proven for a record to be bound to them")
		}
		if k.Least.AAL == hub.AALNone || k.Least.AAL > hub.AAL3 {
			fs.add(at+".least.aal", "LOA-09", "is missing")
		}
		if k.Least.IAL != hub.IALNone && k.Least.IAL < leastPersonal {
			fs.add(at+".least.ial", "LOA-08", "%s is below %s, the least of a service that uses personal data", k.Least.IAL, leastPersonal)
		}
		fs.recordAttributes(at, k)
		fs.endpoint(at+".match", k.Match)
		fs.endpoint(at+".notify", k.Notify)
		fs.endpoint(at+".show", k.Show)
		if k.Reconfirm != 0 && k.Reconfirm < 24*time.Hour {
			fs.add(at+".reconfirm", "", "must be at least 24h")
		}
	}
}

func (fs *faults) recordForm(at string, k RecordKind) {
	if k.Length < 1 || k.Length > maxRecordLength {
		fs.add(at+".length", "BND-06", "must lie between 1 and %d", maxRecordLength)
	}
	switch {
	case k.Check != "" && !slices.Contains(RecordChecks(), k.Check):
		fs.add(at+".check", "", "must be one of %s, or empty", strings.Join(RecordChecks(), ", "))
	case k.Check == CheckLuhn && !k.Digits:
		fs.add(at+".check", "", "luhn is for digits")
	case k.Check == Check37_36 && k.Digits:
		fs.add(at+".check", "", "the check character may be a letter: the numbers are not digits only")
	case k.Check == Check11_2 && !k.Digits:
		fs.add(at+".check", "", "iso7064-mod-11-2 is for digits; their last may be X")
	}
}

func (fs *faults) recordAttributes(at string, k RecordKind) {
	for i, a := range k.Attributes {
		if !a.Known() {
			fs.add(at+"."+index("attributes", i), "PRV-05", "%q is not in the dictionary: %s", clip(string(a)), join(hub.AttributeNames()))
		}
		if slices.Index(k.Attributes, a) < i {
			fs.add(at+"."+index("attributes", i), "", "is there twice")
		}
	}
	if k.Match != "" && k.For == Person && len(k.Attributes) == 0 {
		fs.add(at+".attributes", "PRV-06", "are missing: by what does the department find the record?")
	}
	if len(k.Extra) > maxExtra {
		fs.add(at+".extra", "PRV-06", "must be at most %d", maxExtra)
		return
	}
	for i, e := range k.Extra {
		here := at + "." + index("extra", i)
		fs.name(here+".id", e.ID)
		if slices.IndexFunc(k.Extra, func(o ExtraAttribute) bool { return o.ID == e.ID }) < i {
			fs.add(here+".id", "", "is there twice")
		}
		fs.text(here+".names", e.Names, maxName, "CON-01")
		if e.Length < 1 || e.Length > maxExtraLength {
			fs.add(here+".length", "", "must lie between 1 and %d", maxExtraLength)
		}
	}
	for i, id := range k.Claim {
		if _, ok := k.ExtraOf(id); !ok {
			fs.add(at+"."+index("claim", i), "", "must name one of extra: what proves that a number is theirs?")
		}
		if slices.Index(k.Claim, id) < i {
			fs.add(at+"."+index("claim", i), "", "is there twice")
		}
	}
}

// endpoint checks the address of a department's endpoint.
func (fs *faults) endpoint(path, s string) {
	if s == "" {
		return
	}
	u, err := url.Parse(s)
	if err != nil || len(s) > maxURI || !printable(s) || u.Host == "" || u.User != nil || u.Fragment != "" || u.Scheme != "https" && !(u.Scheme == "http" && (loopback(u.Hostname()) || localhost(u.Hostname()))) {
		fs.add(path, "EXC-02", "must be an https address")
	}
}

func (fs *faults) name(path, id string) {
	if !hub.ValidName(id) {
		fs.add(path, "AUD-11", "must be 1 to %d of a-z, 0-9 and '-', beginning with a letter, at most %d of them digits", hub.MaxName, hub.MaxNameDigits)
	}
}
