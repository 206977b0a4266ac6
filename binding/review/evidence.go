package review

import (
	"context"
	"encoding/json"
	"errors"
	"io"

	"onedoor/binding"
	"onedoor/hub"
	"onedoor/hub/audit"
	"onedoor/hub/envelope"
)

// Transactor runs fn in one database transaction, which the stores find in its context.
type Transactor interface {
	InTx(ctx context.Context, fn func(context.Context) error) error
}

// EvidenceOptions are what Evidence is made of. All are required.
type EvidenceOptions struct {
	Store   EvidenceStore
	Masters binding.Masters
	Audit   audit.Recorder
	Tx      Transactor
	Clock   hub.Clock
	Random  io.Reader
}

// Evidence keeps what people showed for as long as their case is open. It implements binding.Cases.
type Evidence struct{ o EvidenceOptions }

var _ binding.Cases = (*Evidence)(nil)

// NewEvidence checks the options. Invalid where one is missing.
func NewEvidence(o EvidenceOptions) (*Evidence, error) {
	if o.Store == nil || o.Masters == nil || o.Audit == nil || o.Tx == nil || o.Clock == nil || o.Random == nil {
		return nil, hub.Errorf("review.NewEvidence", hub.Invalid, "an option is missing")
	}
	return &Evidence{o}, nil
}

const evidencePurpose = "binding-evidence"

func evidenceContext(id string) string { return "binding evidence " + id }

// keep seals what a person showed for a binding, in the transaction of ctx.
func (e *Evidence) keep(ctx context.Context, b binding.Binding, shown Fields) error {
	const op = "review.keep"
	plain, err := json.Marshal(shown)
	if err != nil {
		return hub.Errorf(op, hub.Internal, "can't be written")
	}
	now := e.o.Clock()
	key := hub.NewSecret(e.o.Random)
	k := Kept{Binding: b.ID, At: now, Until: now.Add(EvidenceLife)}
	if k.Sealed, err = envelope.Seal(e.o.Random, key.Bytes(), evidencePurpose, b.ID, plain); err != nil {
		return err
	}
	if k.Key, err = e.o.Masters.SealSecret(e.o.Random, evidenceContext(b.ID), key.Bytes()); err != nil {
		return err
	}
	if err := e.o.Store.Put(ctx, k); err != nil {
		return err
	}
	return e.record(ctx, "review.consented", b, "", b.Owner.Account)
}

// open gives what a person showed; nil where there is nothing. The look is recorded by who asks.
func (e *Evidence) open(ctx context.Context, b binding.Binding) (Fields, error) {
	const op = "review.open"
	k, err := e.o.Store.Of(ctx, b.ID, e.o.Clock())
	if errors.Is(err, hub.NotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	raw, err := e.o.Masters.OpenSecret(evidenceContext(b.ID), k.Key)
	if err != nil {
		return nil, err
	}
	defer clear(raw)
	plain, err := envelope.Open(raw, evidencePurpose, b.ID, k.Sealed)
	if err != nil {
		return nil, err
	}
	var out Fields
	if err := json.Unmarshal(plain, &out); err != nil {
		return nil, hub.Errorf(op, hub.Internal, "can't be read")
	}
	return out, nil
}

// there tells until when evidence waits; false where there is none.
func (e *Evidence) there(ctx context.Context, b binding.Binding) (Kept, bool, error) {
	k, err := e.o.Store.Of(ctx, b.ID, e.o.Clock())
	if errors.Is(err, hub.NotFound) {
		return Kept{}, false, nil
	}
	return k, err == nil, err
}

// Moved implements binding.Cases: where nobody has to look any more, what was to be looked at goes, in the same transaction.
func (e *Evidence) Moved(ctx context.Context, _, b binding.Binding) error {
	if b.State == binding.Proposed || b.State == binding.Review {
		return nil
	}
	return e.shred(ctx, b, "closed")
}

func (e *Evidence) shred(ctx context.Context, b binding.Binding, why string) error {
	there, err := e.o.Store.Shred(ctx, b.ID)
	if err != nil || !there {
		return err
	}
	return e.record(ctx, "review.shredded", b, why, b.Owner.Account)
}

// Reseal seals the keys of what waits under the master key of today and tells how many there are.
func (e *Evidence) Reseal(ctx context.Context) (n int, err error) {
	const page = 500
	for behind := ""; ; {
		all, err := e.o.Store.After(ctx, behind, page)
		if err != nil || len(all) == 0 {
			return n, err
		}
		for _, k := range all {
			raw, err := e.o.Masters.OpenSecret(evidenceContext(k.Binding), k.Key)
			if err != nil {
				return n, err
			}
			sealed, err := e.o.Masters.SealSecret(e.o.Random, evidenceContext(k.Binding), raw)
			clear(raw)
			if err != nil {
				return n, err
			}
			if err := e.o.Store.Reseal(ctx, k.Binding, k.Key, sealed); err != nil {
				return n, err
			}
			n, behind = n+1, k.Binding
		}
	}
}

// record writes an event about a binding.
func (e *Evidence) record(ctx context.Context, kind string, b binding.Binding, why string, by hub.AccountID) error {
	detail := map[string]string{"binding": b.ID, "department": string(b.Place.Department), "kind": string(b.Place.Kind)}
	if b.Owner.Entity != "" {
		detail["entity"] = string(b.Owner.Entity)
	}
	if by != "" && by != b.Owner.Account {
		detail["by"] = string(by)
	}
	return e.o.Audit.Record(ctx, audit.Event{
		At: e.o.Clock(), Kind: kind, Outcome: audit.Success, Reason: why, Account: b.Owner.Account, Detail: detail,
	})
}
