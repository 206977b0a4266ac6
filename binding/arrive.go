package binding

import (
	"context"
	"hash/maphash"
	"sync"

	"onedoor/hub"
	"onedoor/tenants"
)

// Arrived is told of a person, or of the entity that somebody acts for, that has come to a system of a department, in the transaction that finishes the
// login (BND-01). Where the department keeps records of such owners, the first time makes one pending binding; every later time makes none (BND-04), and on a node that has seen the
// person there before it costs no statement.
func (s *Service) Arrived(ctx context.Context, o Owner, department hub.DepartmentID, level hub.Level) error {
	if !o.Valid() || department == "" {
		return nil
	}
	d, err := s.o.Departments.Department(ctx, department)
	if err != nil {
		return err
	}
	k, ok := d.FirstRecord(o.Holder())
	if !ok || s.seen.has(o, department) {
		return nil
	}
	now := s.now()
	b := Binding{
		ID: hub.NewID(s.o.Random), Place: Place{department, k.ID}, Owner: o, State: Pending, Level: level, Reason: FirstLogin,
		Seed: true, CreatedAt: now, UpdatedAt: now,
	}
	by := Actor{Kind: ByRule}
	made, err := s.o.Store.First(ctx, b, s.change(ctx, b, "", by))
	switch {
	case err != nil:
		return err
	case !made: // it is there, and stays there
		s.o.Tx.AfterCommit(ctx, func() { s.seen.add(o, department) })
		return nil
	}
	return s.record(ctx, "binding.begun", b, by, nil)
}

// Keeps reports whether a department keeps records of that holder.
func (s *Service) Keeps(ctx context.Context, department hub.DepartmentID, h tenants.Holder) bool {
	d, err := s.o.Departments.Department(ctx, department)
	if err != nil {
		return false
	}
	for _, k := range d.Records {
		if k.For == h {
			return true
		}
	}
	return false
}

// mostSeen bounds what a node remembers: 8 bytes each, and those of the map.
const mostSeen = 1 << 18

// seen remembers that persons have a binding at departments, by a hash that nobody outside the process can compute. What it forgets costs a
// question, what it remembers is true for ever: the row of a first login is never removed. Two generations: the older one is forgotten.
type seen struct {
	mu       sync.Mutex
	seed     maphash.Seed
	most     int
	new, old map[uint64]struct{}
}

func newSeen(most int) *seen {
	return &seen{seed: maphash.MakeSeed(), most: most, new: map[uint64]struct{}{}}
}

func (s *seen) hash(o Owner, department hub.DepartmentID) uint64 {
	var h maphash.Hash
	h.SetSeed(s.seed)
	_, _ = h.WriteString(o.ID())
	_ = h.WriteByte(0)
	_, _ = h.WriteString(string(department))
	return h.Sum64()
}

func (s *seen) has(o Owner, department hub.DepartmentID) bool {
	key := s.hash(o, department)
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := s.new[key]; ok {
		return true
	}
	if _, ok := s.old[key]; ok {
		s.put(key)
		return true
	}
	return false
}

func (s *seen) add(o Owner, department hub.DepartmentID) {
	key := s.hash(o, department)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.put(key)
}

func (s *seen) put(key uint64) {
	if len(s.new) >= s.most/2 {
		s.old, s.new = s.new, make(map[uint64]struct{}, s.most/2)
	}
	s.new[key] = struct{}{}
}
