package audit

import (
	"cmp"
	"context"
	"crypto/hmac"
	"errors"
	"slices"

	"onedoor/hub"
)

// Placed is a leaf with the row that it stands for.
type Placed struct {
	Index int64
	Hash  Hash
	Row   *Row // nil where the row is gone
}

// Outsider is a row that is not in the tree, or a place that waits for the tree without a row.
type Outsider struct {
	Row     *Row // nil where the row is gone
	Waiting bool
}

// Inspector gives everything that Verify looks at.
type Inspector interface {
	// Size, Nodes and Newest are those of TreeStore.
	Size(ctx context.Context) (int64, error)
	Nodes(ctx context.Context, ids []NodeID) (map[NodeID]Hash, error)
	Newest(ctx context.Context) (Head, error)
	// Leaves gives the leaves from an index on in order, at most limit. Unavailable.
	Leaves(ctx context.Context, from int64, limit int) ([]Placed, error)
	// Heads gives the heads with a size above the first and up to the second number, smallest first, at most limit. Unavailable.
	Heads(ctx context.Context, above, upTo int64, limit int) ([]Head, error)
	// Outside looks at limit rows after a place in their list, gives the outsiders among them, and the place it came to: the same
	// one where no row is left. It sees each row's state at one instant. Unavailable.
	Outside(ctx context.Context, after int64, limit int) (found []Outsider, last int64, err error)
}

// FaultKind tells what is wrong.
type FaultKind string

// The kinds of fault.
const (
	RowChanged    FaultKind = "row_changed"    // a row is not what was put into the tree
	RowRemoved    FaultKind = "row_removed"    // a row is gone, before or after it was put into the tree
	RowInserted   FaultKind = "row_inserted"   // a row that the hub has not put into the tree, or has not written
	LeafRemoved   FaultKind = "leaf_removed"   // a leaf is gone
	NodeChanged   FaultKind = "node_changed"   // an inner node is not the hash of its children, or gone
	HeadMismatch  FaultKind = "head_mismatch"  // the tree is not the one that this head was signed for
	HeadForged    FaultKind = "head_forged"    // a signature is not ours
	HeadMissing   FaultKind = "head_missing"   // the tree as it is has no head, or none that can still be checked
	TreeTruncated FaultKind = "tree_truncated" // the tree was larger once
	CutForged     FaultKind = "cut_forged"     // a cut says that rows were removed which the hub has not removed
)

// Fault is one thing that is wrong. Index is a leaf, or the size of a head; -1 where it does not apply.
type Fault struct {
	Kind  FaultKind
	Index int64
	Event string // id, where known
}

// Report is what Verify found.
type Report struct {
	Size      int64
	Heads     int   // heads that were compared with the tree
	Unchecked int   // of these, heads whose key is gone: compared, but their signature could not be checked
	Cut       Cut   // the latest one that the hub has made: no row before its To need be there; a zero Cut where nothing was removed
	Purged    int64 // rows that are not there because their time was over (OPS-02); their leaves were compared all the same
	Faults    []Fault
	More      bool // there are more faults than are listed
}

// maxFaults bounds the list: who has changed a hundred rows has changed the log.
const maxFaults = 100

// page is how many leaves or rows one step of the verification reads; maxHeads how many heads it takes for so many leaves. The
// sealer signs one for each step and one a day.
const (
	page     = 500
	maxHeads = 10 * page
)

// VerifierOptions configure a Verifier. All are required.
type VerifierOptions struct {
	Store        Inspector
	Cuts         Cuts
	Authenticate Authenticate
	// Check checks a signature that Sign made. NotFound where its key is gone; any other error where it is not ours.
	Check  func(payload []byte, signature string) error
	Origin string // as in SealerOptions
}

// Verifier goes through the whole log.
type Verifier struct{ o VerifierOptions }

// NewVerifier gives a verifier. Invalid where something is missing.
func NewVerifier(o VerifierOptions) (*Verifier, error) {
	if o.Store == nil || o.Cuts == nil || o.Authenticate == nil || o.Check == nil || o.Origin == "" {
		return nil, hub.Errorf("audit.NewVerifier", hub.Invalid, "store, cuts, authenticator, signature check and origin are required")
	}
	return &Verifier{o}, nil
}

// walk is one verification under way.
type walk struct {
	Verifier
	report Report
	edge   edge
	broken bool             // a leaf is gone: no root beyond it can be worked out
	known  []Head           // kept elsewhere
	heads  map[int64][]Head // of this page, by size
	nodes  map[NodeID]Hash  // worked out in this page, to be compared with the stored ones
	live   int64            // the greatest size of a stored head whose signature is good
}

// Verify goes through every row, leaf, node and head and tells what does not fit: a row that was changed, removed or inserted,
// by whatever way, as far as it was in the tree. Rows that the hub has purged by their age are no fault: an event of its own, which no
// one else can write, says up to where. Known are heads that somebody has kept elsewhere: only they can show that the
// whole log was set back to an older state, rows, heads and all. Work goes on beside it. Unavailable: then nothing is said.
func (v *Verifier) Verify(ctx context.Context, known ...Head) (Report, error) {
	w := &walk{Verifier: *v, known: known, live: -1}
	if err := w.cuts(ctx, true); err != nil {
		return Report{}, hub.E("audit.Verify", hub.Unavailable, err)
	}
	if err := w.tree(ctx); err != nil {
		return Report{}, hub.E("audit.Verify", hub.Unavailable, err)
	}
	if err := w.outside(ctx); err != nil {
		return Report{}, hub.E("audit.Verify", hub.Unavailable, err)
	}
	return w.report, nil
}

func (w *walk) fault(kind FaultKind, index int64, event string) {
	if len(w.report.Faults) >= maxFaults {
		w.report.More = true
		return
	}
	w.report.Faults = append(w.report.Faults, Fault{Kind: kind, Index: index, Event: event})
}

// cuts learns what the hub itself has removed. Forged cuts are told of once.
func (w *walk) cuts(ctx context.Context, first bool) (err error) {
	w.report.Cut, err = trusted(ctx, w.o.Cuts, w.o.Authenticate, func(c KnownCut) {
		if first {
			w.fault(CutForged, c.To, c.Event)
		}
	})
	return err
}

func (w *walk) tree(ctx context.Context) error {
	// The newest head before the size: tree and head grow together, so no head is beyond a size that is read later.
	newest, err := w.o.Store.Newest(ctx)
	if err != nil && !errors.Is(err, hub.NotFound) {
		return err
	}
	size, err := w.o.Store.Size(ctx)
	if err != nil {
		return err
	}
	w.report.Size = size
	if newest.Size > size {
		w.fault(TreeTruncated, newest.Size, "")
	}
	for _, h := range w.known {
		if h.Size > size {
			w.fault(TreeTruncated, h.Size, "")
		}
	}
	for from := int64(0); from == 0 || from < size; from += page {
		to := min(from+page, size)
		if err := w.readHeads(ctx, from, to); err != nil {
			return err
		}
		if err := w.leaves(ctx, from, to); err != nil {
			return err
		}
	}
	if size > 0 && w.live < size {
		w.fault(HeadMissing, size, "")
	}
	return nil
}

// readHeads checks the signatures of the heads of a page and notes at which sizes which roots are wanted. The empty tree is on
// the first page.
func (w *walk) readHeads(ctx context.Context, from, to int64) error {
	above := from
	if from == 0 {
		above = -1
	}
	stored, err := w.o.Store.Heads(ctx, above, to, maxHeads)
	if err != nil {
		return err
	}
	if len(stored) == maxHeads {
		w.report.More = true
	}
	w.heads = map[int64][]Head{}
	for _, h := range stored {
		if w.head(h) {
			w.live = max(w.live, h.Size)
		}
	}
	for _, h := range w.known {
		if h.Size > above && h.Size <= to {
			w.head(h)
		}
	}
	if from == 0 {
		w.compare()
	}
	return nil
}

// head reports whether the signature of a head is good. Only a forged one is not compared with the tree.
func (w *walk) head(h Head) bool {
	w.report.Heads++
	err := w.o.Check(HeadPayload(w.o.Origin, h), h.Signature)
	switch {
	case errors.Is(err, hub.NotFound):
		w.report.Unchecked++
	case err != nil:
		w.fault(HeadForged, h.Size, "")
		return false
	}
	w.heads[h.Size] = append(w.heads[h.Size], h)
	return err == nil
}

func (w *walk) leaves(ctx context.Context, from, to int64) error {
	if from == to {
		return nil
	}
	placed, err := w.o.Store.Leaves(ctx, from, int(to-from))
	if err != nil {
		return err
	}
	// A purge may go on beside it: a cut is noted before the first of its rows goes.
	if slices.ContainsFunc(placed, func(p Placed) bool { return p.Row == nil && p.Index >= w.report.Cut.To }) {
		if err := w.cuts(ctx, false); err != nil {
			return err
		}
	}
	w.nodes = map[NodeID]Hash{}
	next := from
	for _, p := range placed {
		if p.Index >= to {
			break
		}
		w.gap(next, p.Index)
		w.leaf(p)
		next = p.Index + 1
	}
	w.gap(next, to)
	return w.compareNodes(ctx)
}

func (w *walk) gap(from, to int64) {
	for ; from < to; from++ {
		w.broken = true
		w.fault(LeafRemoved, from, "")
	}
}

func (w *walk) leaf(p Placed) {
	switch {
	case p.Row == nil && p.Index < w.report.Cut.To:
		w.report.Purged++
	case p.Row == nil:
		w.fault(RowRemoved, p.Index, "")
	case !p.whole(w.o.Authenticate):
		w.fault(RowChanged, p.Index, p.Row.Event.ID)
	}
	if w.broken {
		return
	}
	w.edge.append(p.Hash, func(n Node) { w.nodes[n.ID] = n.Hash })
	w.compare()
}

// compare compares the tree that has been worked out so far with the heads of its size.
func (w *walk) compare() {
	for _, h := range w.heads[w.edge.size] {
		if h.Root != w.edge.root() {
			w.fault(HeadMismatch, h.Size, "")
		}
	}
}

func (w *walk) compareNodes(ctx context.Context) error {
	if len(w.nodes) == 0 {
		return nil
	}
	ids := make([]NodeID, 0, len(w.nodes))
	for id := range w.nodes {
		ids = append(ids, id)
	}
	slices.SortFunc(ids, func(a, b NodeID) int {
		return cmp.Or(cmp.Compare(a.Level, b.Level), cmp.Compare(a.Index, b.Index))
	})
	stored, err := w.o.Store.Nodes(ctx, ids)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if h, ok := stored[id]; !ok || h != w.nodes[id] {
			w.fault(NodeChanged, id.Index<<id.Level, "")
		}
	}
	return nil
}

// outside looks at the rows that are not in the tree: those that wait must be the hub's own, others must not be there.
func (w *walk) outside(ctx context.Context) error {
	for after := int64(0); ; {
		found, last, err := w.o.Store.Outside(ctx, after, page)
		if err != nil {
			return err
		}
		for _, o := range found {
			switch {
			case o.Row == nil:
				w.fault(RowRemoved, -1, "")
			case !o.Waiting || !hmac.Equal(o.Row.MAC, w.o.Authenticate(Canonical(o.Row.Event))):
				w.fault(RowInserted, -1, o.Row.Event.ID)
			}
		}
		if last == after {
			return nil
		}
		after = last
	}
}
