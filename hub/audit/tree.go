package audit

import (
	"context"
	"crypto/hmac"
	"encoding/base64"
	"errors"
	"fmt"
	"time"

	"onedoor/hub"
)

// Pending is a row that is not in the tree yet. Seq is the store's own number for it.
type Pending struct {
	Seq int64
	Row Row
}

// Leaf ties a row to its place in the tree.
type Leaf struct {
	Seq  int64
	Hash Hash
}

// Head is a signed tree head: the whole log up to a size in 32 bytes.
type Head struct {
	Size      int64
	Root      Hash
	At        time.Time
	Signature string // as Sign gave it
}

// Growth is one step of the tree.
type Growth struct {
	From   int64  // size before
	Leaves []Leaf // in order
	Nodes  []Node // inner nodes that have become complete
	Head   Head
}

// TreeStore keeps the tree.
type TreeStore interface {
	// Size tells the number of leaves. Unavailable.
	Size(ctx context.Context) (int64, error)
	// Pending gives rows that are not in the tree, with a Seq above after, in order of Seq, at most limit. Unavailable.
	Pending(ctx context.Context, after int64, limit int) ([]Pending, error)
	// Grow writes the step in one transaction, if the tree still has the size From and none of the rows is in it. Conflict
	// otherwise: another node was faster. Unavailable.
	Grow(ctx context.Context, g Growth) error
	// Nodes gives the hashes of complete subtrees, level 0 included, those that are there. Unavailable.
	Nodes(ctx context.Context, ids []NodeID) (map[NodeID]Hash, error)
	// Place finds an event with its place in the tree. NotFound; Conflict where it is not in the tree yet. Unavailable.
	Place(ctx context.Context, eventID string) (Event, int64, error)
	// Newest gives the head of the largest size, the last one of these. NotFound where there is none yet. Unavailable.
	Newest(ctx context.Context) (Head, error)
}

// Sign signs the payload of a head; the result is opaque here and names its key.
type Sign func(payload []byte) (signature string, err error)

// HeadType is the type under which heads are signed, to be kept apart from other uses of the same key.
const HeadType = "onedoor-audit-head"

// HeadPayload gives the bytes of a head that are signed: lines of text, so that an auditor can read them. The origin names the
// log: no head of one log passes for that of another.
func HeadPayload(origin string, h Head) []byte {
	return fmt.Appendf(nil, "onedoor audit tree head v1\n%s\n%d\n%s\n%d\n",
		origin, h.Size, base64.StdEncoding.EncodeToString(h.Root[:]), h.At.UnixMicro())
}

// SealerOptions configure a Sealer. All but Freshness are required.
type SealerOptions struct {
	Store        TreeStore
	Authenticate Authenticate // as in Options
	Sign         Sign
	Origin       string // name of this log, for instance the issuer
	Clock        hub.Clock
	// Freshness is the age at which a head is signed anew though nothing was added: a head's key must not be gone before an
	// auditor looks, and silence is told from standstill. Default 24 h.
	Freshness time.Duration
}

// Sealer puts events into the tree and proves things about it. Several nodes may run one each.
type Sealer struct{ o SealerOptions }

// DefaultFreshness of heads.
const DefaultFreshness = 24 * time.Hour

// batch is how many events one step takes.
const batch = 500

// NewSealer gives a sealer. Invalid where something is missing.
func NewSealer(o SealerOptions) (*Sealer, error) {
	if o.Store == nil || o.Authenticate == nil || o.Sign == nil || o.Clock == nil || o.Origin == "" {
		return nil, hub.Errorf("audit.NewSealer", hub.Invalid, "store, authenticator, signature, origin and clock are required")
	}
	if o.Freshness < 0 {
		return nil, hub.Errorf("audit.NewSealer", hub.Invalid, "a negative freshness")
	}
	if o.Freshness == 0 {
		o.Freshness = DefaultFreshness
	}
	return &Sealer{o}, nil
}

// Seal puts every event that waits into the tree, in steps, each with a signed head, and tells how many it took. Call it on
// every node about every second: where another node is at it, this one leaves it to that. Refused where a row waits that the
// hub has not written: the others are sealed all the same, that one never. Unavailable, Internal.
func (s *Sealer) Seal(ctx context.Context) (sealed int, err error) {
	const op = "audit.Seal"
	after, forged := int64(0), 0
	for {
		rows, err := s.o.Store.Pending(ctx, after, batch)
		if err != nil {
			return sealed, hub.E(op, hub.Unavailable, err)
		}
		if len(rows) == 0 {
			break
		}
		size, err := s.o.Store.Size(ctx)
		if err != nil {
			return sealed, hub.E(op, hub.Unavailable, err)
		}
		g := Growth{From: size}
		for _, p := range rows {
			after = p.Seq
			canonical := Canonical(p.Row.Event)
			if !hmac.Equal(p.Row.MAC, s.o.Authenticate(canonical)) {
				forged++
				continue
			}
			g.Leaves = append(g.Leaves, Leaf{Seq: p.Seq, Hash: LeafHash(canonical)})
		}
		if len(g.Leaves) == 0 {
			continue
		}
		if err := s.grow(ctx, &g); err != nil {
			if errors.Is(err, hub.Conflict) {
				return sealed, nil
			}
			return sealed, hub.E(op, hub.KindOf(err), err)
		}
		sealed += len(g.Leaves)
	}
	if sealed == 0 {
		if err := s.refresh(ctx); err != nil {
			return 0, hub.E(op, hub.KindOf(err), err)
		}
	}
	if forged > 0 {
		return sealed, hub.Errorf(op, hub.Refused, "rows wait that this hub has not written: run the verification of the audit log")
	}
	return sealed, nil
}

func (s *Sealer) grow(ctx context.Context, g *Growth) error {
	e, err := s.edge(ctx, g.From)
	if err != nil {
		return err
	}
	for _, l := range g.Leaves {
		e.append(l.Hash, func(n Node) { g.Nodes = append(g.Nodes, n) })
	}
	if g.Head, err = s.sign(e); err != nil {
		return err
	}
	return s.o.Store.Grow(ctx, *g)
}

// refresh signs the tree as it is where its newest head is old or missing.
func (s *Sealer) refresh(ctx context.Context) error {
	newest, err := s.o.Store.Newest(ctx)
	if err == nil && s.o.Clock().Sub(newest.At) < s.o.Freshness {
		return nil
	}
	if err != nil && !errors.Is(err, hub.NotFound) {
		return err
	}
	size, err := s.o.Store.Size(ctx)
	if err != nil || size == 0 {
		return err
	}
	g := Growth{From: size}
	if err := s.grow(ctx, &g); err != nil && !errors.Is(err, hub.Conflict) {
		return err
	}
	return nil
}

func (s *Sealer) edge(ctx context.Context, size int64) (*edge, error) {
	hashes, err := fetch(ctx, s.o.Store, []span{{0, size}})
	if err != nil {
		return nil, err
	}
	return &edge{size: size, hashes: hashes[0]}, nil
}

func (s *Sealer) sign(e *edge) (Head, error) {
	h := Head{Size: e.size, Root: e.root(), At: s.o.Clock().UTC().Truncate(time.Microsecond)}
	var err error
	if h.Signature, err = s.o.Sign(HeadPayload(s.o.Origin, h)); err != nil {
		return Head{}, hub.E("audit.sign", hub.KindOf(err), err)
	}
	return h, nil
}

// fetch gives, for each span, the hashes of the complete subtrees that make it up, with one question to the store.
func fetch(ctx context.Context, store TreeStore, spans []span) ([][]Hash, error) {
	var ids []NodeID
	for _, sp := range spans {
		ids = append(ids, sp.complete()...)
	}
	out := make([][]Hash, len(spans))
	if len(ids) == 0 {
		return out, nil
	}
	known, err := store.Nodes(ctx, ids)
	if err != nil {
		return nil, err
	}
	for i, sp := range spans {
		for _, id := range sp.complete() {
			h, ok := known[id]
			if !ok {
				return nil, hub.Errorf("audit.fetch", hub.Internal, "a node of the tree is gone")
			}
			out[i] = append(out[i], h)
		}
	}
	return out, nil
}
