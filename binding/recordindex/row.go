package recordindex

import (
	"crypto/cipher"
	"log/slog"

	"onedoor/binding"
	"onedoor/binding/spelling"
	"onedoor/hub/identifier"
	"onedoor/tenants"
)

// facts are what a person is found and confirmed by, in their one form. They print as "[redacted]".
type facts struct {
	number, given, family, birth string
}

// LogValue hides them.
func (facts) LogValue() slog.Value { return slog.StringValue("[redacted]") }

// String hides them.
func (facts) String() string { return "[redacted]" }

// row is a line in its one form.
type row struct {
	facts
	record string
	area   tenants.AreaID
}

// kind reads lines for one kind of records.
type kind struct {
	kind   tenants.RecordKind
	number string // the kind of the state's numbers (hub/identifier)
	area   func(tenants.AreaID) bool
}

// row brings a line's texts into their one form.
func (k kind) row(v values) (r row, field Field, why Why) {
	bad := func(f Field, w Why) (row, Field, Why) { return row{}, f, w }
	text := func(f Field) string { return v[place(f)] }
	var err error
	if text(Record) == "" {
		return bad(Record, IsMissing)
	}
	if r.record, err = k.kind.Normalise(spelling.Digits(text(Record))); err != nil {
		return bad(Record, NotOfKind)
	}
	if s := text(Number); s != "" {
		n, err := identifier.Parse(k.number, s)
		if err != nil {
			return bad(Number, NotOfKind)
		}
		r.number = n.Value
	}
	for _, part := range []struct {
		field Field
		to    *string
		form  func(string) (string, bool)
	}{{GivenName, &r.given, name}, {FamilyName, &r.family, name}, {Birthdate, &r.birth, spelling.Date}} {
		s := text(part.field)
		if s == "" {
			continue
		}
		if k.kind.For == tenants.Entity {
			return bad(part.field, Unexpected)
		}
		form, ok := part.form(s)
		if !ok {
			return bad(part.field, NotOfKind)
		}
		*part.to = form
	}
	if r.area = tenants.AreaID(text(Area)); r.area != "" && !k.area(r.area) {
		return bad(Area, NotOfKind)
	}
	if r.number == "" && !r.whole() {
		return bad("", Nothing)
	}
	return r, "", ""
}

func name(text string) (string, bool) {
	form := spelling.Name(text)
	return form, form != ""
}

// whole reports whether all is there that makes a name rare.
func (f facts) whole() bool {
	return f.given != "" && f.family != "" && len(f.birth) == len("2006-01-02")
}

// The purposes of the keyed hashes. Each takes the department and the kind of records as its first parts.
const (
	recordPurpose = "record-index/record"
	numberPurpose = "record-index/number"
	factsPurpose  = "record-index/facts"
	checkPurpose  = "record-index/check"
)

// hasher makes the keyed hashes of one place.
type hasher struct {
	index binding.Index
	place binding.Place
}

func (h hasher) hash(purpose string, parts ...string) (out Hash) {
	all := append([]string{string(h.place.Department), string(h.place.Kind)}, parts...)
	copy(out[:], h.index.Index(purpose, all...))
	return out
}

// check gives a few bytes of a fact of one record; nil for none.
func (h hasher) check(record, what, text string) []byte {
	if text == "" {
		return nil
	}
	all := h.hash(checkPurpose, record, what, text)
	return all[:checkSize]
}

// The facts that are confirmed, in the order in which their bytes stand behind each other; before them stands which of them are there, a bit each.
var checked = []struct {
	what string
	of   func(facts) string
}{
	{"number", func(f facts) string { return f.number }},
	{"given", func(f facts) string { return f.given }},
	{"family", func(f facts) string { return f.family }},
	{"birth", func(f facts) string { return f.birth }},
}

func (h hasher) checks(record string, f facts) []byte {
	out := make([]byte, 1, 1+len(checked)*checkSize)
	for i, c := range checked {
		if b := h.check(record, c.what, c.of(f)); b != nil {
			out[0] |= 1 << i
			out = append(out, b...)
		}
	}
	return out
}

func (h hasher) factsHash(f facts) Hash {
	if !f.whole() {
		return Hash{}
	}
	return h.hash(factsPurpose, f.given, f.family, f.birth)
}

func (h hasher) numberHash(kind, number string) Hash {
	if number == "" {
		return Hash{}
	}
	return h.hash(numberPurpose, kind, number)
}

// entry gives a row as it rests, with a nonce that is used for nothing else.
func (h hasher) entry(numberKind string, r row, key cipher.AEAD, nonce []byte) Entry {
	e := Entry{
		Record: h.hash(recordPurpose, r.record), Number: h.numberHash(numberKind, r.number), Facts: h.factsHash(r.facts),
		Checks: h.checks(r.record, r.facts), Area: r.area,
	}
	sealed := append(make([]byte, 0, len(nonce)+len(r.record)+key.Overhead()), nonce...)
	e.Sealed = key.Seal(sealed, nonce, []byte(r.record), e.Record[:])
	return e
}
