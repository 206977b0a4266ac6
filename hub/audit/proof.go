package audit

import (
	"context"

	"onedoor/hub"
)

// Inclusion proves that an event is in the log.
type Inclusion struct {
	Event Event
	Index int64
	Path  []Hash
	Head  Head
}

// Verify checks the proof, all but the signature of the head. Invalid.
func (p Inclusion) Verify() error {
	return VerifyInclusion(LeafHash(Canonical(p.Event)), p.Index, p.Head.Size, p.Path, p.Head.Root)
}

// Prove gives the proof that an event is in the log as its newest head has it. It reads a number of nodes that is
// logarithmic in the size. NotFound; Conflict where the event is not under a head yet; Unavailable, Internal.
func (s *Sealer) Prove(ctx context.Context, eventID string) (Inclusion, error) {
	const op = "audit.Prove"
	if !hub.ValidID(eventID) {
		return Inclusion{}, hub.Errorf(op, hub.NotFound, "no such event")
	}
	event, index, err := s.o.Store.Place(ctx, eventID)
	if err != nil {
		return Inclusion{}, hub.E(op, hub.KindOf(err), err)
	}
	head, err := s.o.Store.Newest(ctx)
	if err != nil {
		return Inclusion{}, hub.E(op, hub.KindOf(err), err)
	}
	if index < 0 || index >= head.Size {
		return Inclusion{}, hub.Errorf(op, hub.Conflict, "not under a head yet")
	}
	path, err := s.path(ctx, inclusionSpans(index, head.Size))
	if err != nil {
		return Inclusion{}, hub.E(op, hub.KindOf(err), err)
	}
	return Inclusion{Event: event, Index: index, Path: path, Head: head}, nil
}

// Consistency proves that a tree is the beginning of a later one.
type Consistency struct {
	First int64
	Path  []Hash
	Head  Head
}

// Verify checks the proof against the root that the tree had at size First, all but the signature of the head. Invalid.
func (c Consistency) Verify(firstRoot Hash) error {
	return VerifyConsistency(c.First, c.Head.Size, firstRoot, c.Head.Root, c.Path)
}

// ProveConsistency gives the proof that the log as its newest head has it begins with the log as it was at size first.
// Invalid where it never had that size; Unavailable, Internal.
func (s *Sealer) ProveConsistency(ctx context.Context, first int64) (Consistency, error) {
	const op = "audit.ProveConsistency"
	head, err := s.o.Store.Newest(ctx)
	if err != nil {
		return Consistency{}, hub.E(op, hub.KindOf(err), err)
	}
	if first < 0 || first > head.Size {
		return Consistency{}, hub.Errorf(op, hub.Invalid, "the log never had that size")
	}
	c := Consistency{First: first, Head: head}
	if first > 0 && first < head.Size {
		if c.Path, err = s.path(ctx, consistencySpans(first, head.Size)); err != nil {
			return Consistency{}, hub.E(op, hub.KindOf(err), err)
		}
	}
	return c, nil
}

func (s *Sealer) path(ctx context.Context, spans []span) ([]Hash, error) {
	parts, err := fetch(ctx, s.o.Store, spans)
	if err != nil {
		return nil, err
	}
	path := make([]Hash, len(parts))
	for i, hashes := range parts {
		path[i] = fold(hashes)
	}
	return path, nil
}

// Head gives the newest signed head. NotFound, Unavailable.
func (s *Sealer) Head(ctx context.Context) (Head, error) { return s.o.Store.Newest(ctx) }
