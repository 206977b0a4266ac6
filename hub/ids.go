package hub

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"io"
	"strings"
	"sync/atomic"
	"time"
)

// Identifiers are opaque text. Those that onedoor makes are 128 random bits as 26 characters of
// lower-case base32; none is derived from personal data (PRV-01).
type (
	AccountID     string // a platform account
	SessionID     string // a single-sign-on session; no department is told it
	InteractionID string // one authentication request and everything it causes (AUD-05)
	TransactionID string // a login under way
	GrantID       string // one authorization of one system within one session
	ProviderID    string // an upstream identity provider, chosen by the administrator
	SystemID      string // a department's system; also its client_id
	DepartmentID  string // a department, chosen by the administrator
	EntityID      string // a legal entity for which persons act; its registered number is another thing
)

var idEncoding = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// NewID draws 128 bits from r and gives them as 26 characters. It panics if r fails: an identifier
// that is not random must not come into the world.
func NewID(r io.Reader) string {
	var b [16]byte
	if _, err := io.ReadFull(r, b[:]); err != nil {
		panic("hub: no randomness: " + err.Error())
	}
	return idEncoding.EncodeToString(b[:])
}

// IDBytes gives the 16 bytes of an id that NewID made. False for anything else. It is on the hot path and allocates nothing.
func IDBytes(id string) (b [16]byte, ok bool) {
	if len(id) != idLength {
		return b, false
	}
	var bad byte // has a bit above the fifth once a character was none of an id's
	value := func(c byte) uint64 {
		v := idValues[c]
		bad |= v
		return uint64(v)
	}
	for i := range 3 { // 8 characters are 5 bytes
		in, out := id[8*i:8*i+8], b[5*i:5*i+5]
		v := value(in[0])<<35 | value(in[1])<<30 | value(in[2])<<25 | value(in[3])<<20 | value(in[4])<<15 | value(in[5])<<10 | value(in[6])<<5 | value(in[7])
		out[0], out[1], out[2], out[3], out[4] = byte(v>>32), byte(v>>24), byte(v>>16), byte(v>>8), byte(v)
	}
	last := value(id[24])<<5 | value(id[25])
	b[15] = byte(last >> 2)
	if bad > 31 || last&3 != 0 { // the last character has spare bits: an id has one spelling
		return [16]byte{}, false
	}
	return b, true
}

// idValues are the five bits that a character of an id stands for; 255 for what is none.
var idValues = func() (t [256]byte) {
	for i := range t {
		t[i] = 255
	}
	for i := range 26 {
		t['a'+i] = byte(i)
	}
	for i := range 6 {
		t['2'+i] = byte(26 + i)
	}
	return t
}()

// idLength is that of the text of 128 bits.
const idLength = 26

// IDOf gives the id of 16 bytes, as NewID would have drawn them.
func IDOf(b [16]byte) string { return idEncoding.EncodeToString(b[:]) }

// ValidID reports whether s has the form that NewID gives. Use it before a foreign id goes to a store or a log.
func ValidID(s string) bool {
	return len(s) == 26 && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz234567") == ""
}

// The limits of a name.
const (
	MaxName       = 39
	MaxNameDigits = 8
)

// ValidName reports whether s may name a provider, a system or a department: 1 to MaxName of a-z, 0-9 and "-", beginning with a
// letter, at most MaxNameDigits of them digits. Names stand in every audit event, which takes no text that could be a secret or
// the number of a person (AUD-11).
func ValidName(s string) bool {
	if len(s) == 0 || len(s) > MaxName || s[0] < 'a' || s[0] > 'z' {
		return false
	}
	digits := 0
	for _, c := range s {
		if c >= '0' && c <= '9' {
			digits++
		}
	}
	return digits <= MaxNameDigits && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789-") == ""
}

// Clock tells the time. Production hands in time.Now.
type Clock func() time.Time

// Randomness is crypto/rand's reader, for the place where everything is wired.
func Randomness() io.Reader { return rand.Reader }

type interactionKey struct{}

// WithInteraction gives a context that carries the interaction id.
func WithInteraction(ctx context.Context, id InteractionID) context.Context {
	if last, ok := ctx.Value(watchKey{}).(*atomic.Pointer[InteractionID]); ok {
		last.Store(&id)
	}
	return context.WithValue(ctx, interactionKey{}, id)
}

type watchKey struct{}

// WatchInteraction gives a context and a function that tells the id that WithInteraction set last under it, "" before the first.
// A request to a login under way comes with an id of its own until a room below has found the login's: so the edge
// shows, logs and returns the id under which the audit events are, also where that room failed (AUD-05).
func WatchInteraction(ctx context.Context) (context.Context, func() InteractionID) {
	var last atomic.Pointer[InteractionID]
	return context.WithValue(ctx, watchKey{}, &last), func() InteractionID {
		if id := last.Load(); id != nil {
			return *id
		}
		return ""
	}
}

// BeginInteraction is WatchInteraction and WithInteraction at once, for the paths where every allocation counts: the function tells
// the id that was set last under the context, which is this one until a room below has found another.
func BeginInteraction(ctx context.Context, id InteractionID) (context.Context, func() InteractionID) {
	b := &begun{Context: ctx, id: id}
	return b, b.now
}

// begun is the context of BeginInteraction.
type begun struct {
	context.Context
	id   InteractionID
	last atomic.Pointer[InteractionID]
}

func (b *begun) now() InteractionID {
	if id := b.last.Load(); id != nil {
		return *id
	}
	return b.id
}

// Value implements context.Context.
func (b *begun) Value(key any) any {
	switch key.(type) {
	case interactionKey:
		return b.id
	case watchKey:
		return &b.last
	}
	return b.Context.Value(key)
}

// InteractionFrom gives the interaction id of the context, or "".
func InteractionFrom(ctx context.Context) InteractionID {
	id, _ := ctx.Value(interactionKey{}).(InteractionID)
	return id
}
