package token

import (
	"encoding/binary"
	"strings"
	"time"
	"unicode/utf8"

	"onedoor/hub"
)

const secretSize = 32

// idSize is the length of an id as text: 128 bits in base32.
const idSize = 26

// decodeAccess reads exactly what appendAccess writes. It is given opened bytes, so what it reads is ours; it is strict all the
// same, for keys outlive programs.
//
// It is on the hot path (D9): all texts of the answer are parts of one string, and all lists of texts parts of one array. The vault
// key is not among them, so that b may be wiped afterwards. Where it reports false, a is of no meaning.
func decodeAccess(b []byte, a *Access) bool { return decodeIn(new(arena), b, a) }

// decodeIn is decodeAccess with the texts and lists in an arena.
func decodeIn(room *arena, b []byte, a *Access) bool {
	d := decoder{b: b}
	if d.byte() != encodingVersion {
		return false
	}
	flags := d.byte()
	var ids [5][]byte
	for i := range ids {
		ids[i] = d.id()
	}
	texts := d.b
	system := d.text()
	audience, scopes, rests, release := d.list(), d.list(), d.list(), d.list()
	if d.failed {
		return false
	}
	texts = texts[:len(texts)-len(d.b)]
	a.Level = hub.Level{IAL: hub.IAL(d.byte()), AAL: hub.AAL(d.byte())}
	a.AuthTime, a.IssuedAt, a.ExpiresAt = d.time(), d.time(), d.time()
	if flags&flagVaultKey != 0 {
		key, err := hub.SecretFromBytes(d.take(secretSize))
		if err != nil || key.IsZero() {
			return false
		}
		a.VaultKey = key
	}
	if flags&flagKey != 0 {
		d.thumbprint(&a.Bound.Key)
	}
	if flags&flagCertificate != 0 {
		d.thumbprint(&a.Bound.Certificate)
	}
	if flags&flagChain != 0 {
		d.chain(a)
	}
	if flags&flagDetails != 0 {
		d.details(a)
	}
	if flags&flagEntity != 0 { // few tokens have one: it is off the hot path
		a.Entity = hub.EntityID(appendID(nil, d.take(keyIDSize)))
		d.failed = d.failed || len(ids[3]) == 0
	}
	if flags&flagRecords != 0 {
		d.records(a)
	}
	if a.Machine = flags&flagMachine != 0; a.Machine && (len(ids[1]) != 0 || len(ids[2]) != 0 || len(ids[3]) != 0) {
		return false
	}
	if d.failed || len(d.b) != 0 || flags&^(flagVaultKey|flagKey|flagCertificate|flagChain|flagMachine|flagDetails|flagRecords|flagEntity) != 0 || len(ids[0]) == 0 || system == 0 || a.ExpiresAt.IsZero() ||
		a.Level.IAL > hub.IAL3 || a.Level.AAL > hub.AAL3 {
		return false
	}
	a.fill(room, ids, texts, [3]int{audience, scopes, rests}, release)
	return true
}

// fill sets the texts, whose form has been checked.
func (a *Access) fill(room *arena, ids [5][]byte, texts []byte, counts [3]int, release int) {
	s := room.join(ids, texts)
	for i, to := range [...]*string{&a.ID, (*string)(&a.Grant), (*string)(&a.Session), (*string)(&a.Account), (*string)(&a.Interaction)} {
		if len(ids[i]) != 0 {
			*to, s = s[:idSize], s[idSize:]
		}
	}
	next := func() string {
		n := 1 + int(s[0])
		text := s[1:n]
		s = s[n:]
		return text
	}
	a.System = hub.SystemID(next())
	if n := counts[0] + counts[1] + counts[2]; n > 0 {
		all := room.list(n)
		for i, to := range [...]*[]string{&a.Audience, &a.Scopes, &a.Rests} {
			s = s[1:] // the count
			begin := len(all)
			for range counts[i] {
				all = append(all, next())
			}
			if counts[i] > 0 {
				*to = all[begin:len(all):len(all)]
			}
		}
	} else {
		s = s[3:]
	}
	if release > 0 {
		s = s[1:]
		a.Release = make([]hub.AttributeName, 0, release)
		for range release {
			a.Release = append(a.Release, hub.AttributeName(next()))
		}
	}
}

// arena holds the texts and lists of many tokens together, so that a batch allocates once for some dozens of them. What is in it is never
// changed, and lives as long as any part of it.
type arena struct {
	text  strings.Builder
	lists []string
	chunk int // bytes to allocate at once; 0 for what one token needs
}

// usualTexts is what the texts of a usual token take, in bytes.
const usualTexts = 256

// join writes the texts of a token one after the other and gives them as one string.
func (r *arena) join(ids [5][]byte, texts []byte) string {
	var room [5 * idSize]byte
	if n := len(ids)*idSize + len(texts); r.text.Cap()-r.text.Len() < n {
		r.text = strings.Builder{} // the old one lives on in what it gave
		r.text.Grow(max(n, r.chunk))
	}
	begin := r.text.Len()
	all := room[:0]
	for _, b := range ids {
		all = appendID(all, b)
	}
	r.text.Write(all)
	r.text.Write(texts)
	return r.text.String()[begin:]
}

// list gives room for n texts.
func (r *arena) list(n int) []string {
	if cap(r.lists)-len(r.lists) < n {
		r.lists = make([]string, 0, max(n, r.chunk/64))
	}
	begin := len(r.lists)
	r.lists = r.lists[:begin+n]
	return r.lists[begin : begin : begin+n]
}

// decoder takes bytes from the front; once it has failed it gives zeros.
type decoder struct {
	b      []byte
	failed bool
}

func (d *decoder) take(n int) []byte {
	if d.failed || len(d.b) < n {
		d.failed = true
		return nil
	}
	out := d.b[:n]
	d.b = d.b[n:]
	return out
}

func (d *decoder) byte() byte {
	if b := d.take(1); b != nil {
		return b[0]
	}
	return 0
}

// id gives the bytes that an id stands for, none where it is absent.
func (d *decoder) id() []byte {
	switch d.byte() {
	case idAbsent:
		return nil
	case idHere:
		return d.take(keyIDSize)
	}
	d.failed = true
	return nil
}

// text checks a text and gives its length.
func (d *decoder) text() int {
	b := d.take(int(d.byte()))
	if len(b) > maxItem || !printable(b) {
		d.failed = true
		return 0
	}
	return len(b)
}

// thumbprint reads one; none is not written at all.
func (d *decoder) thumbprint(to *Thumbprint) {
	copy(to[:], d.take(len(to)))
	d.failed = d.failed || to.IsZero()
}

// details reads the authorization details; none are not written at all. Few tokens have them: they are off the hot path.
func (d *decoder) details(a *Access) {
	if size := d.take(2); size != nil {
		b := d.take(int(binary.BigEndian.Uint16(size)))
		d.failed = d.failed || len(b) == 0 || len(b) > maxDetails || !utf8.Valid(b)
		a.Details = string(b)
	}
}

// list checks a list and gives the number of its texts.
func (d *decoder) list() int {
	n := int(d.byte())
	if n > maxItems {
		d.failed = true
		return 0
	}
	for range n {
		d.text()
	}
	return n
}

func (d *decoder) time() time.Time {
	b := d.take(timeSize)
	if b == nil {
		return time.Time{}
	}
	micros := binary.BigEndian.Uint64(b)
	if micros == 0 {
		return time.Time{}
	}
	if micros > 1<<62 {
		d.failed = true
		return time.Time{}
	}
	return time.UnixMicro(int64(micros)).UTC()
}

const idAlphabet = "abcdefghijklmnopqrstuvwxyz234567"

// appendID appends the 26 characters of the id that 16 bytes stand for, as hub.NewID writes it; nothing for no bytes.
func appendID(to, id []byte) []byte {
	if len(id) != keyIDSize {
		return to
	}
	begin := len(to)
	to = append(to, "                          "...) // room for the 26
	out := to[begin:][:idSize]
	for i := range 3 { // 5 bytes are 8 characters
		in, o := id[5*i:5*i+5], out[8*i:8*i+8]
		a, b := uint(in[0])<<12|uint(in[1])<<4|uint(in[2])>>4, uint(in[2]&15)<<16|uint(in[3])<<8|uint(in[4])
		copy(o[0:2], idPairs[a>>10][:])
		copy(o[2:4], idPairs[a&1023][:])
		copy(o[4:6], idPairs[b>>10][:])
		copy(o[6:8], idPairs[b&1023][:])
	}
	copy(out[24:26], idPairs[uint(id[15])<<2][:])
	return to
}

// idPairs are the two characters that ten bits of an id stand for.
var idPairs = func() (t [1024][2]byte) {
	for i := range t {
		t[i] = [2]byte{idAlphabet[i>>5], idAlphabet[i&31]}
	}
	return t
}()
