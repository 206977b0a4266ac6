package ssf

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"onedoor/hub"
)

// BindingChanged is the event that the tie of a person, or of a legal entity, to a record of the department has changed: it was bound, confirmed, suspended
// or ended. No event of CAEP or RISC says that, so it has a name of our own (RFC 8417 section 2: a URI; docs/signals.md describes it).
const BindingChanged = "urn:onedoor:event:record-binding-changed"

// wireBinding is that event. At rest it has no number: the department's numbers are never in the clear in the database (architecture D3), so it is put in
// when the event is signed.
type wireBinding struct {
	At       int64  `json:"event_timestamp"`
	By       string `json:"initiating_entity"`
	State    string `json:"state"`
	Reason   string `json:"reason"`
	Binding  string `json:"binding"`
	Kind     string `json:"record_kind"`
	Record   string `json:"record,omitempty"`
	Way      string `json:"way"`
	IAL      string `json:"ial"`
	Sequence int    `json:"sequence"`
}

// Binding is what has become of a binding, in the words of the department's notices.
type Binding struct {
	ID          string
	Account     hub.AccountID // the owner: one of the two
	Entity      hub.EntityID
	Kind        string
	State       string
	Reason      string
	Way         string
	IAL         string
	Sequence    int    // grows with every move: what comes late can be told
	By          string // CAEP's word: "user", "admin", "policy", "system"
	At          time.Time
	Interaction hub.InteractionID
	Systems     []hub.SystemID // of the department
}

// Entities are how a system knows a legal entity.
type Entities interface {
	// Entity gives its sub at a system. NotFound where the system has none.
	Entity(ctx context.Context, system hub.SystemID, entity hub.EntityID) (string, error)
}

// Numbers gives the department's number of a binding's record. NotFound.
type Numbers interface {
	Number(ctx context.Context, binding string) (string, error)
}

// Binding writes the events of a move for the streams of the department's systems, in the transaction in ctx. They leave once that has committed.
func (b *Outbox) Binding(ctx context.Context, m Binding) error {
	if len(m.Systems) == 0 {
		return nil
	}
	streams, err := b.o.Store.For(ctx, m.Systems)
	streams = slices.DeleteFunc(streams, func(s Stream) bool { return !slices.Contains(s.delivers(), BindingChanged) })
	if err != nil || len(streams) == 0 {
		return err
	}
	subjects, claims := map[string][32]byte{}, map[string]wireIssSub{}
	for _, s := range streams {
		var sub string
		if m.Entity != "" {
			sub, err = b.o.Entities.Entity(ctx, s.System, m.Entity)
		} else {
			sub, _, err = b.o.Names.Names(ctx, s.System, m.Account, "")
		}
		if hub.KindOf(err) == hub.NotFound {
			continue // the system is no longer one that has names for them
		}
		if err != nil {
			return err
		}
		claims[s.ID] = wireIssSub{"iss_sub", b.o.Issuer, sub}
		subjects[s.ID] = subjectHash(claims[s.ID])
	}
	muted, err := b.o.Store.Muted(ctx, subjects)
	if err != nil {
		return err
	}
	changed := wireBinding{
		At: m.At.Unix(), By: m.By, State: m.State, Reason: m.Reason, Binding: m.ID, Kind: m.Kind, Way: m.Way, IAL: m.IAL, Sequence: m.Sequence,
	}
	var events []Event
	for _, s := range streams {
		if subject, ok := claims[s.ID]; ok && !muted[s.ID] {
			e, err := b.event(s, BindingChanged, subject, changed, b.txn(s, m.Interaction))
			if err != nil {
				return err
			}
			events = append(events, e)
		}
	}
	return b.add(ctx, streams, events)
}

// sign signs an event as it leaves: with what it must not rest with. Of a binding the record never changes once it is bound, so each try says the same.
func (t *Transmitter) sign(ctx context.Context, e Event) (string, error) {
	const op = "ssf.sign"
	if e.Type != BindingChanged {
		return t.o.Sign(ctx, json.RawMessage(e.Claims))
	}
	var set wireSET
	var changed wireBinding
	if json.Unmarshal(e.Claims, &set) != nil || json.Unmarshal(set.Events[BindingChanged], &changed) != nil {
		return "", hub.Errorf(op, hub.Internal, "can't be read")
	}
	var err error
	if changed.Record, err = t.o.Numbers.Number(ctx, changed.Binding); err != nil {
		return "", err
	}
	body, err := json.Marshal(changed)
	if err != nil {
		return "", hub.E(op, hub.Internal, err)
	}
	set.Events[BindingChanged] = body
	return t.o.Sign(ctx, set)
}
