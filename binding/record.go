package binding

import (
	"context"
	"io"

	"onedoor/hub"
	"onedoor/tenants"
)

// Index makes keyed hashes; keys.Ring has it.
type Index interface {
	Index(purpose string, parts ...string) []byte
}

// Masters seals what must be read again later; keys.Masters has it.
type Masters interface {
	SealSecret(random io.Reader, context string, plain []byte) ([]byte, error)
	OpenSecret(context string, sealed []byte) ([]byte, error)
}

// Numbers turns departments' numbers into what may rest, and back. It is safe for concurrent use.
type Numbers struct {
	index   Index
	masters Masters
	random  io.Reader
}

// NewNumbers checks what it is given. Invalid where something is missing.
func NewNumbers(index Index, masters Masters, random io.Reader) (*Numbers, error) {
	if index == nil || masters == nil || random == nil {
		return nil, hub.Errorf("binding.NewNumbers", hub.Invalid, "an option is missing")
	}
	return &Numbers{index, masters, random}, nil
}

const recordPurpose = "binding/record"

// Hash gives the keyed hash by which a record is found, of a normalised number (tenants.RecordKind.Normalise): the same number in another
// department or kind has another hash.
func (n *Numbers) Hash(p Place, number string) []byte {
	return n.index.Index(recordPurpose, string(p.Department), string(p.Kind), number)
}

// Seal gives a record as it rests. Invalid for a number that is not one of the kind. Internal.
func (n *Numbers) Seal(department hub.DepartmentID, k tenants.RecordKind, text string) (Record, error) {
	number, err := k.Normalise(text)
	if err != nil {
		return Record{}, err
	}
	p := Place{Department: department, Kind: k.ID}
	sealed, err := n.masters.SealSecret(n.random, sealContext(p), []byte(number))
	if err != nil {
		return Record{}, err
	}
	return Record{Hash: n.Hash(p, number), Sealed: sealed}, nil
}

// Open gives the number of a record: for the department whose record it is, its reviewer and its owner, for nobody else and no log.
// NotFound, Invalid as keys.Masters.OpenSecret.
func (n *Numbers) Open(p Place, r Record) (string, error) {
	b, err := n.masters.OpenSecret(sealContext(p), r.Sealed)
	return string(b), err
}

// Reseal gives the sealed number under the master key of today. NotFound, Invalid.
func (n *Numbers) Reseal(p Place, r Record) ([]byte, error) {
	b, err := n.masters.OpenSecret(sealContext(p), r.Sealed)
	if err != nil {
		return nil, err
	}
	return n.masters.SealSecret(n.random, sealContext(p), b)
}

// sealContext ties a sealed number to its place: under another department or kind it does not open.
func sealContext(p Place) string {
	return "binding record " + string(p.Department) + "/" + string(p.Kind)
}

// ResealAll seals every number anew under the master key of today, and tells how many there are. What is moved meanwhile is sealed so already.
func (n *Numbers) ResealAll(ctx context.Context, store Seals) (count int, err error) {
	const batch = 500
	last := ""
	for {
		some, err := store.After(ctx, last, batch)
		if err != nil || len(some) == 0 {
			return count, err
		}
		for _, b := range some {
			sealed, err := n.Reseal(b.Place, b.Record)
			if err != nil {
				return count, err
			}
			if err := store.Reseal(ctx, b.ID, b.Record.Sealed, sealed); err != nil {
				return count, err
			}
			count++
		}
		last = some[len(some)-1].ID
	}
}
