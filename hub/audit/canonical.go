package audit

import (
	"encoding/binary"
	"maps"
	"slices"
)

// canonicalVersion is the first byte of the canonical form. A change of the form is a new version; old events keep theirs.
const canonicalVersion = 1

// Canonical gives the bytes of an event that its leaf hash and its authenticator are made over. One event has one form:
//
//	version    1 byte
//	id         text
//	at         8 bytes, microseconds since 1970 UTC
//	interaction, kind, outcome, reason, account, session, system, provider: texts
//	level      IAL byte, AAL byte
//	channel    text
//	detail     2 bytes: number of entries; then key and value texts, by key in byte order
//
// A text is its length in 4 bytes and its bytes; all numbers are big endian.
func Canonical(e Event) []byte {
	b := make([]byte, 0, 384)
	b = append(b, canonicalVersion)
	b = appendText(b, e.ID)
	b = binary.BigEndian.AppendUint64(b, uint64(e.At.UnixMicro()))
	for _, s := range []string{
		string(e.Interaction), e.Kind, string(e.Outcome), e.Reason, string(e.Account), string(e.Session), string(e.System), string(e.Provider),
	} {
		b = appendText(b, s)
	}
	b = append(b, byte(e.Level.IAL), byte(e.Level.AAL))
	b = appendText(b, e.Channel)
	b = binary.BigEndian.AppendUint16(b, uint16(len(e.Detail)))
	for _, k := range slices.Sorted(maps.Keys(e.Detail)) {
		b = appendText(b, k)
		b = appendText(b, e.Detail[k])
	}
	return b
}

func appendText(b []byte, s string) []byte {
	return append(binary.BigEndian.AppendUint32(b, uint32(len(s))), s...)
}
