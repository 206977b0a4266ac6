package token

import (
	"encoding/binary"
	"time"

	"onedoor/hub"
)

const secretSize = 32

// idSize is the length of an id as text: 128 bits in base32.
const idSize = 26

// decodeAccess reads exactly what appendAccess writes. It is given opened bytes, so what it reads is ours; it is strict all the
// same, for keys outlive programs.
//
// It is on the hot path (D9): all texts of the answer are parts of one string, and all lists of texts parts of one array. The vault
// key is not among them, so that b may be wiped afterwards.
func decodeAccess(b []byte) (Access, bool) {
	d := decoder{b: b}
	if d.byte() != encodingVersion {
		return Access{}, false
	}
	flags := d.byte()
	var ids [5][]byte
	for i := range ids {
		ids[i] = d.id()
	}
	texts := d.b
	system := d.text()
	audience, scopes, release := d.list(), d.list(), d.list()
	if d.failed {
		return Access{}, false
	}
	texts = texts[:len(texts)-len(d.b)]
	a := Access{
		Level:    hub.Level{IAL: hub.IAL(d.byte()), AAL: hub.AAL(d.byte())},
		AuthTime: d.time(), IssuedAt: d.time(), ExpiresAt: d.time(),
	}
	if flags&flagVaultKey != 0 {
		key, err := hub.SecretFromBytes(d.take(secretSize))
		if err != nil || key.IsZero() {
			return Access{}, false
		}
		a.VaultKey = key
	}
	if d.failed || len(d.b) != 0 || flags&^flagVaultKey != 0 || len(ids[0]) == 0 || system == 0 || a.ExpiresAt.IsZero() ||
		a.Level.IAL > hub.IAL3 || a.Level.AAL > hub.AAL3 {
		return Access{}, false
	}
	a.fill(ids, texts, audience, scopes, release)
	return a, true
}

// fill sets the texts, whose form has been checked.
func (a *Access) fill(ids [5][]byte, texts []byte, audience, scopes, release int) {
	buf := make([]byte, 0, len(ids)*idSize+len(texts))
	for _, id := range ids {
		buf = appendID(buf, id)
	}
	s := string(append(buf, texts...))
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
	if n := audience + scopes; n > 0 {
		all := make([]string, 0, n)
		for _, count := range [...]int{audience, scopes} {
			s = s[1:] // the count
			for range count {
				all = append(all, next())
			}
		}
		if audience > 0 {
			a.Audience = all[:audience:audience]
		}
		if scopes > 0 {
			a.Scopes = all[audience:]
		}
	} else {
		s = s[2:]
	}
	if release > 0 {
		s = s[1:]
		a.Release = make([]hub.AttributeName, 0, release)
		for range release {
			a.Release = append(a.Release, hub.AttributeName(next()))
		}
	}
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
	high, low := binary.BigEndian.Uint64(id), binary.BigEndian.Uint64(id[8:])
	var out [idSize]byte
	for i := range 12 { // 60 of the upper 64 bits
		out[i] = idAlphabet[high>>(59-5*i)&31]
	}
	out[12] = idAlphabet[high<<1&31|low>>63] // the seam: 4 bits and 1
	for i := range 12 {
		out[13+i] = idAlphabet[low>>(58-5*i)&31]
	}
	out[25] = idAlphabet[low<<2&31] // 3 bits, filled up
	return append(to, out[:]...)
}
