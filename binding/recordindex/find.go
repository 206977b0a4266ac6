package recordindex

import (
	"context"
	"crypto/cipher"
	"crypto/subtle"
	"log/slog"
	"slices"
	"sync"

	"onedoor/binding"
	"onedoor/binding/spelling"
	"onedoor/hub"
	"onedoor/tenants"
)

// Agreement tells whether a fact of the person is the record's.
type Agreement int8

// The agreements.
const (
	Unknown Agreement = iota // one side does not say
	Agrees
	Differs
)

// Match is a record that fits. It prints as "[redacted]".
type Match struct {
	Record string         // the department's number
	Area   tenants.AreaID // that keeps it; "" for none named
	By     Column
	Number Agreement
	Given  Agreement
	Family Agreement
	Birth  Agreement
}

// LogValue hides the match.
func (Match) LogValue() slog.Value { return slog.StringValue("[redacted]") }

// String hides the match.
func (Match) String() string { return "[redacted]" }

// Person is whom to find: what their session's vault holds, as far as they have consented. Names are looked up in both scripts.
type Person struct {
	Number     hub.PersonNumber
	Attributes hub.Attributes
}

// MaxMatches is how many matches are told of.
const MaxMatches = 8

// Finder finds records in what departments imported. It is safe for concurrent use.
type Finder struct {
	lookup  Lookup
	index   binding.Index
	masters binding.Masters

	mu   sync.Mutex
	keys map[binding.Place]openedKey // of the active imports that were asked
}

type openedKey struct {
	id  string
	key cipher.AEAD
}

// NewFinder checks what it is given. Invalid where something is missing.
func NewFinder(lookup Lookup, index binding.Index, masters binding.Masters) (*Finder, error) {
	if lookup == nil || index == nil || masters == nil {
		return nil, hub.Errorf("recordindex.NewFinder", hub.Invalid, "an option is missing")
	}
	return &Finder{lookup: lookup, index: index, masters: masters, keys: make(map[binding.Place]openedKey)}, nil
}

// Find gives the records that fit a person: by the state's number, and where none has it, by both names and the birth date together. Several say
// that nobody can tell by this alone; one that was found by its number can still differ in everything else, which each match tells. Empty
// where none fits, NotFound where the department has imported nothing.
func (f *Finder) Find(ctx context.Context, p binding.Place, who Person) ([]Match, error) {
	h, all := hasher{f.index, p}, versions(who)
	if !who.Number.IsZero() {
		found, err := f.find(ctx, h, ByNumber, []Hash{h.numberHash(who.Number.Kind, who.Number.Value)}, all)
		if err != nil || len(found) > 0 {
			return found, err
		}
	}
	var hashes []Hash
	for _, v := range all {
		if hash := h.factsHash(v); !hash.IsZero() && !slices.Contains(hashes, hash) {
			hashes = append(hashes, hash)
		}
	}
	return f.find(ctx, h, ByFacts, hashes, all)
}

// Named gives the record that somebody names, with how it agrees with them. NotFound where there is none, or nothing was imported. The number must
// be normalised (tenants.RecordKind.Normalise).
func (f *Finder) Named(ctx context.Context, p binding.Place, number string, who Person) (Match, error) {
	h := hasher{f.index, p}
	found, err := f.find(ctx, h, ByRecord, []Hash{h.hash(recordPurpose, number)}, versions(who))
	if err != nil {
		return Match{}, err
	}
	if len(found) == 0 {
		return Match{}, hub.Errorf("recordindex.Named", hub.NotFound, "no such record")
	}
	return found[0], nil
}

// versions gives a person's facts as the scripts spell them, the Thai one first.
func versions(who Person) []facts {
	value := func(n hub.AttributeName) string { return who.Attributes[n].Value }
	birth, _ := spelling.Date(value(hub.Birthdate))
	base := facts{number: who.Number.Value, birth: birth}
	thai, latin := base, base
	thai.given, thai.family = spelling.Name(value(hub.GivenName)), spelling.Name(value(hub.FamilyName))
	latin.given, latin.family = spelling.Name(value(hub.GivenNameEN)), spelling.Name(value(hub.FamilyNameEN))
	if latin.given == "" && latin.family == "" {
		return []facts{thai}
	}
	return []facts{thai, latin}
}

func (f *Finder) find(ctx context.Context, h hasher, by Column, hashes []Hash, all []facts) ([]Match, error) {
	i, entries, err := f.lookup.Lookup(ctx, h.place, by, hashes, MaxMatches)
	if err != nil || len(entries) == 0 {
		return nil, err
	}
	key, err := f.key(i)
	if err != nil {
		return nil, err
	}
	out := make([]Match, 0, len(entries))
	for _, e := range entries {
		number, err := unseal(key, e)
		if err != nil {
			return nil, err
		}
		m := Match{Record: number, Area: e.Area, By: by}
		for at, to := range []*Agreement{&m.Number, &m.Given, &m.Family, &m.Birth} {
			*to = h.agreement(e, number, at, all)
		}
		out = append(out, m)
	}
	return out, nil
}

func unseal(key cipher.AEAD, e Entry) (string, error) {
	const op = "recordindex.unseal"
	if len(e.Sealed) < key.NonceSize() {
		return "", hub.Errorf(op, hub.Internal, "too short")
	}
	b, err := key.Open(nil, e.Sealed[:key.NonceSize()], e.Sealed[key.NonceSize():], e.Record[:])
	if err != nil {
		return "", hub.Errorf(op, hub.Internal, "does not open")
	}
	return string(b), nil
}

// agreement compares one fact with what the entry confirms. One spelling that agrees is enough.
func (h hasher) agreement(e Entry, number string, fact int, all []facts) Agreement {
	if len(e.Checks) == 0 || e.Checks[0]&(1<<fact) == 0 {
		return Unknown
	}
	at := 1
	for before := range fact {
		if e.Checks[0]&(1<<before) != 0 {
			at += checkSize
		}
	}
	if at+checkSize > len(e.Checks) {
		return Unknown
	}
	out := Unknown
	for _, f := range all {
		if b := h.check(number, checked[fact].what, checked[fact].of(f)); b != nil {
			if subtle.ConstantTimeCompare(b, e.Checks[at:at+checkSize]) == 1 {
				return Agrees
			}
			out = Differs
		}
	}
	return out
}

// key opens the key of an import, once for each that is active.
func (f *Finder) key(i Import) (cipher.AEAD, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if k := f.keys[i.Place]; k.id == i.ID {
		return k.key, nil
	}
	key, err := openKey(f.masters, i)
	if err != nil {
		return nil, err
	}
	f.keys[i.Place] = openedKey{i.ID, key}
	return key, nil
}
