package audit

import (
	"crypto/sha256"
	"math/bits"

	"onedoor/hub"
)

// Hash is a SHA-256 of the tree (RFC 6962 section 2.1, RFC 9162 section 2.1.1).
type Hash [sha256.Size]byte

// LeafHash gives the hash of a leaf: SHA-256 of 0x00 and the bytes, which for an event are Canonical(event).
func LeafHash(canonical []byte) Hash {
	h := sha256.New()
	h.Write([]byte{0})
	h.Write(canonical)
	return Hash(h.Sum(nil))
}

// NodeHash gives the hash of an inner node: SHA-256 of 0x01 and both children.
func NodeHash(left, right Hash) Hash {
	var b [1 + 2*sha256.Size]byte
	b[0] = 1
	copy(b[1:], left[:])
	copy(b[1+sha256.Size:], right[:])
	return sha256.Sum256(b[:])
}

// NodeID names a complete subtree: the leaves Index*2^Level up to, not including, (Index+1)*2^Level. Level 0 are the leaves.
type NodeID struct {
	Level int
	Index int64
}

// Node is a complete subtree with its hash.
type Node struct {
	ID   NodeID
	Hash Hash
}

// span is the leaves from lo up to, not including, hi.
type span struct{ lo, hi int64 }

// complete cuts a span into the complete subtrees that make up its hash, left to right: one per bit at most on each side. The
// span must be one that occurs in a tree: lo is a multiple of the smallest power of two that is not below its length.
func (s span) complete() []NodeID {
	var ids []NodeID
	for lo, n := s.lo, s.hi-s.lo; n > 0; {
		level := bits.Len64(uint64(n)) - 1
		ids = append(ids, NodeID{Level: level, Index: lo >> level})
		lo += 1 << level
		n -= 1 << level
	}
	return ids
}

// fold joins the hashes of complete subtrees, left to right, to the hash of the span they make up. Of nothing it gives the
// hash of the empty tree.
func fold(hashes []Hash) Hash {
	if len(hashes) == 0 {
		return sha256.Sum256(nil)
	}
	h := hashes[len(hashes)-1]
	for i := len(hashes) - 2; i >= 0; i-- {
		h = NodeHash(hashes[i], h)
	}
	return h
}

// edge is the right edge of a growing tree: all that is needed to append, logarithmic in its size.
type edge struct {
	size   int64
	hashes []Hash // of span{0, size}.complete()
}

// append adds a leaf. It calls made for every inner node that becomes complete.
func (e *edge) append(leaf Hash, made func(Node)) {
	h := leaf
	for level, n := 0, e.size; n&1 == 1; level, n = level+1, n>>1 {
		last := len(e.hashes) - 1
		h = NodeHash(e.hashes[last], h)
		e.hashes = e.hashes[:last]
		made(Node{ID: NodeID{Level: level + 1, Index: n >> 1}, Hash: h})
	}
	e.hashes = append(e.hashes, h)
	e.size++
}

func (e *edge) root() Hash { return fold(e.hashes) }

// split gives the largest power of two below n, for n above 1.
func split(n int64) int64 { return 1 << (bits.Len64(uint64(n-1)) - 1) }

// inclusionSpans gives the spans whose hashes prove that leaf m is in the tree of size n, deepest first (RFC 9162 section 2.1.3.1).
func inclusionSpans(m, n int64) []span {
	var spans []span
	for lo, hi := int64(0), n; hi-lo > 1; {
		k := lo + split(hi-lo)
		if m < k {
			spans = append(spans, span{k, hi})
			hi = k
		} else {
			spans = append(spans, span{lo, k})
			lo = k
		}
	}
	reverse(spans)
	return spans
}

// consistencySpans gives the spans whose hashes prove that the tree of size m is the beginning of that of size n, for 0 < m < n
// (RFC 9162 section 2.1.4.1).
func consistencySpans(m, n int64) []span {
	var spans []span
	lo, hi, whole := int64(0), n, true
	for m != hi {
		k := lo + split(hi-lo)
		if m <= k {
			spans = append(spans, span{k, hi})
			hi = k
		} else {
			spans = append(spans, span{lo, k})
			lo, whole = k, false
		}
	}
	if !whole {
		spans = append(spans, span{lo, hi})
	}
	reverse(spans)
	return spans
}

func reverse(s []span) {
	for i, j := 0, len(s)-1; i < j; i, j = i+1, j-1 {
		s[i], s[j] = s[j], s[i]
	}
}

// VerifyInclusion checks that the leaf stands at the index in the tree with this size and root (RFC 9162 section 2.1.3.2).
// Invalid where it does not.
func VerifyInclusion(leaf Hash, index, size int64, path []Hash, root Hash) error {
	bad := hub.Errorf("audit.VerifyInclusion", hub.Invalid, "the path does not lead to the root")
	if index < 0 || index >= size {
		return bad
	}
	fn, sn, r := index, size-1, leaf
	for _, p := range path {
		if sn == 0 {
			return bad
		}
		if fn&1 == 1 || fn == sn {
			r = NodeHash(p, r)
			for fn&1 == 0 && fn != 0 {
				fn, sn = fn>>1, sn>>1
			}
		} else {
			r = NodeHash(r, p)
		}
		fn, sn = fn>>1, sn>>1
	}
	if sn != 0 || r != root {
		return bad
	}
	return nil
}

// VerifyConsistency checks that the first tree is the beginning of the second (RFC 9162 section 2.1.4.2). Every tree begins
// with the empty one, and the same size needs the same root and no path. Invalid where it does not.
func VerifyConsistency(first, second int64, firstRoot, secondRoot Hash, path []Hash) error {
	bad := hub.Errorf("audit.VerifyConsistency", hub.Invalid, "the first tree is not the beginning of the second")
	switch {
	case first < 0 || first > second:
		return bad
	case first == 0:
		if len(path) != 0 || firstRoot != fold(nil) {
			return bad
		}
		return nil
	case first == second:
		if len(path) != 0 || firstRoot != secondRoot {
			return bad
		}
		return nil
	case len(path) == 0:
		return bad
	}
	if first&(first-1) == 0 {
		path = append([]Hash{firstRoot}, path...)
	}
	fn, sn := first-1, second-1
	for fn&1 == 1 {
		fn, sn = fn>>1, sn>>1
	}
	fr, sr := path[0], path[0]
	for _, c := range path[1:] {
		if sn == 0 {
			return bad
		}
		if fn&1 == 1 || fn == sn {
			fr, sr = NodeHash(c, fr), NodeHash(c, sr)
			for fn&1 == 0 && fn != 0 {
				fn, sn = fn>>1, sn>>1
			}
		} else {
			sr = NodeHash(sr, c)
		}
		fn, sn = fn>>1, sn>>1
	}
	if sn != 0 || fr != firstRoot || sr != secondRoot {
		return bad
	}
	return nil
}
