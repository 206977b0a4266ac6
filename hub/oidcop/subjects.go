package oidcop

import (
	"hash/maphash"
	"sync/atomic"

	"onedoor/hub"
)

// subjects remembers pairwise subjects that were made lately: a department asks about the same person again with each request that it gets, and
// to look one up costs a tenth of making it. Each place holds the last one that fell on it, so memory has a bound without anybody who counts;
// what is remembered can't be wrong, since a subject never changes.
type subjects struct {
	seed   maphash.Seed
	places [subjectPlaces]atomic.Pointer[subjectOf]
}

const subjectPlaces = 1 << 15 // of 96 bytes each at most: 3 MiB

// subjectOf is a subject with what it was made of. It holds no string of an answer, which would keep those beside it alive.
type subjectOf struct {
	sector  string // the client's, or its host
	account [accountSize]byte
	subject [subjectSize]byte
}

const accountSize = 26 // characters of an id

func newSubjects() *subjects { return &subjects{seed: maphash.MakeSeed()} }

// append appends the subject of an account in a sector; make gives it where it is not remembered, or the account's id is none of ours.
func (s *subjects) append(to []byte, sector string, account hub.AccountID, make func(to []byte) []byte) []byte {
	if len(account) != accountSize {
		return make(to)
	}
	place := &s.places[maphash.String(s.seed, string(account))%subjectPlaces]
	if known := place.Load(); known != nil && string(known.account[:]) == string(account) && known.sector == sector {
		return append(to, known.subject[:]...)
	}
	begin := len(to)
	to = make(to)
	made := &subjectOf{sector: sector}
	copy(made.account[:], account)
	copy(made.subject[:], to[begin:])
	place.Store(made)
	return to
}
