package token

import (
	"encoding/binary"
	"time"
	"unicode/utf8"

	"onedoor/hub"
)

// The encoding of Access, version 2. One value has one encoding.
//
//	version   1 byte
//	flags     1 byte: bit 0 a vault key follows, bit 1 the thumbprint of a key, bit 2 that of a certificate, bit 3 a chain; bit 4 a system acts
//	          for itself; bit 5 authorization details, bit 6 records, bit 7 an entity
//	ids       jti, grant, session, account, interaction: each 16 bytes, or a length byte for none; see putID
//	system    text
//	audience, scopes, rests, release: count byte, then texts
//	level     IAL byte, AAL byte
//	times     auth, issued, expires: 8 bytes each, microseconds since 1970, big endian, 0 for none
//	at the end what the flags announce, in their order: 32 bytes each, and the chain:
//	chain     actors: count byte, then texts; parents: count byte, then 16 bytes each; who may act: text; and the details: 2 bytes of length, big endian, UTF-8;
//	entity    16 bytes
//	records   count byte, then for each the department: text, and its list: 2 bytes of length, big endian, UTF-8
//
// A text is a length byte and that many bytes of printable ASCII.
const (
	encodingVersion = 2
	flagVaultKey    = 1
	flagKey         = 2
	flagCertificate = 4
	flagChain       = 8
	flagMachine     = 16
	flagDetails     = 32
	flagRecords     = 64
	flagEntity      = 128

	maxItems = 32  // in each of the four lists
	maxItem  = 100 // bytes of one text

	maxDetails = 800 // bytes
	maxRecords = 4   // departments
	maxList    = MaxRecordBytes
	timeSize   = 8
	idAbsent   = 0
	idHere     = 1
)

func encodedSize(a Access) int {
	n := 2 + 5*(1+keyIDSize) + 1 + len(a.System) + 4 + 2 + 3*timeSize + 3*32
	for _, s := range a.Audience {
		n += 1 + len(s)
	}
	for _, s := range a.Scopes {
		n += 1 + len(s)
	}
	for _, s := range a.Rests {
		n += 1 + len(s)
	}
	for _, s := range a.Release {
		n += 1 + len(s)
	}
	n += 2 + len(a.Details) + keyIDSize
	for _, r := range a.Records {
		n += 4 + len(r.Department) + len(r.JSON)
	}
	if a.chained() {
		n += 3 + len(a.MayAct) + keyIDSize*len(a.Parents)
		for _, s := range a.Actors {
			n += 1 + len(s)
		}
	}
	return n
}

// appendAccess encodes. Invalid where a value is out of bounds: nothing is ever cut.
func appendAccess(b []byte, a Access) ([]byte, error) {
	if a.ID == "" || a.System == "" || a.ExpiresAt.IsZero() {
		return nil, hub.Errorf("token.encode", hub.Invalid, "id, system and expiry are required")
	}
	if a.Level.IAL > hub.IAL3 || a.Level.AAL > hub.AAL3 {
		return nil, hub.Errorf("token.encode", hub.Invalid, "no such level")
	}
	flags := byte(0)
	if !a.VaultKey.IsZero() {
		flags |= flagVaultKey
	}
	if !a.Bound.Key.IsZero() {
		flags |= flagKey
	}
	if !a.Bound.Certificate.IsZero() {
		flags |= flagCertificate
	}
	if a.chained() {
		flags |= flagChain
	}
	if a.Machine {
		if a.Grant != "" || a.Session != "" || a.Account != "" {
			return nil, hub.Errorf("token.encode", hub.Invalid, "a system that acts for itself has no person")
		}
		flags |= flagMachine
	}
	if a.Details != "" {
		if len(a.Details) > maxDetails || !utf8.ValidString(a.Details) {
			return nil, hub.Errorf("token.encode", hub.Invalid, "the authorization details are too long or no text")
		}
		flags |= flagDetails
	}
	if a.Entity != "" {
		if a.Account == "" {
			return nil, hub.Errorf("token.encode", hub.Invalid, "an entity without a person who acts for it")
		}
		flags |= flagEntity
	}
	if len(a.Records) > 0 {
		flags |= flagRecords
	}
	b = append(b, encodingVersion, flags)
	var err error
	for _, id := range []string{a.ID, string(a.Grant), string(a.Session), string(a.Account), string(a.Interaction)} {
		if b, err = putID(b, id); err != nil {
			return nil, err
		}
	}
	if b, err = putText(b, string(a.System)); err != nil {
		return nil, err
	}
	if b, err = putList(b, a.Audience); err != nil {
		return nil, err
	}
	if b, err = putList(b, a.Scopes); err != nil {
		return nil, err
	}
	if b, err = putList(b, a.Rests); err != nil {
		return nil, err
	}
	if b, err = putList(b, a.Release); err != nil {
		return nil, err
	}
	b = append(b, byte(a.Level.IAL), byte(a.Level.AAL))
	for _, t := range []time.Time{a.AuthTime, a.IssuedAt, a.ExpiresAt} {
		if b, err = putTime(b, t); err != nil {
			return nil, err
		}
	}
	if flags&flagVaultKey != 0 {
		b = append(b, a.VaultKey.Bytes()...)
	}
	if flags&flagKey != 0 {
		b = append(b, a.Bound.Key[:]...)
	}
	if flags&flagCertificate != 0 {
		b = append(b, a.Bound.Certificate[:]...)
	}
	if flags&flagChain != 0 {
		if b, err = putChain(b, a); err != nil {
			return nil, err
		}
	}
	if flags&flagDetails != 0 {
		b = append(binary.BigEndian.AppendUint16(b, uint16(len(a.Details))), a.Details...)
	}
	if flags&flagEntity != 0 {
		var packed [keyIDSize]byte
		if err := packID(packed[:], string(a.Entity)); err != nil {
			return nil, err
		}
		b = append(b, packed[:]...)
	}
	if flags&flagRecords != 0 {
		return putRecords(b, a.Records)
	}
	return b, nil
}

func putID(b []byte, id string) ([]byte, error) {
	if id == "" {
		return append(b, idAbsent), nil
	}
	var packed [keyIDSize]byte
	if err := packID(packed[:], id); err != nil {
		return nil, err
	}
	return append(append(b, idHere), packed[:]...), nil
}

func putText(b []byte, s string) ([]byte, error) {
	if len(s) > maxItem || !printable(s) {
		return nil, hub.Errorf("token.encode", hub.Invalid, "a text is too long or not printable ASCII")
	}
	return append(append(b, byte(len(s))), s...), nil
}

func putList[T ~string](b []byte, items []T) ([]byte, error) {
	if len(items) > maxItems {
		return nil, hub.Errorf("token.encode", hub.Invalid, "a list is too long")
	}
	b = append(b, byte(len(items)))
	var err error
	for _, s := range items {
		if b, err = putText(b, string(s)); err != nil {
			return nil, err
		}
	}
	return b, nil
}

func putTime(b []byte, t time.Time) ([]byte, error) {
	if t.IsZero() {
		return binary.BigEndian.AppendUint64(b, 0), nil
	}
	micros := t.UnixMicro()
	if micros <= 0 {
		return nil, hub.Errorf("token.encode", hub.Invalid, "a time before 1970")
	}
	return binary.BigEndian.AppendUint64(b, uint64(micros)), nil
}

func printable[T ~string | ~[]byte](s T) bool {
	for i := range len(s) {
		if s[i] < 0x20 || s[i] > 0x7e {
			return false
		}
	}
	return true
}
