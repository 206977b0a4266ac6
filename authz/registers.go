package authz

import (
	"context"
	"io"
	"net/netip"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"onedoor/hub"
	"onedoor/hub/audit"
)

// RegisterOptions are what Registers is made of. All are required.
type RegisterOptions struct {
	Store   RegisterStore
	Proofs  ProofStore
	Offices Offices
	Audit   audit.Recorder
	Tx      Transactor
	Clock   hub.Clock
	Random  io.Reader
	// Settle returns when no node decides by what was before (Memory.AnswerDelay).
	Settle func(ctx context.Context)
}

// Registers keeps the devices and places from which items are used (RAZ-04). What a passkey has signed is checked by who calls (WebAuthn).
type Registers struct{ o RegisterOptions }

// NewRegisters checks the options. Invalid where one is missing.
func NewRegisters(o RegisterOptions) (*Registers, error) {
	if o.Store == nil || o.Proofs == nil || o.Offices == nil || o.Audit == nil || o.Tx == nil || o.Clock == nil || o.Random == nil || o.Settle == nil {
		return nil, hub.Errorf("authz.NewRegisters", hub.Invalid, "an option is missing")
	}
	return &Registers{o}, nil
}

func (s *Registers) now() time.Time { return s.o.Clock().UTC().Truncate(time.Microsecond) }

// Bounds of the registers.
const (
	mostRegistered = 64 // devices or places of a party
	longestLabel   = 60 // characters
	mostDigits     = 8  // in a row: a label names no person by a number
	// ProofLife is how long a device counts after it was shown, within the session.
	ProofLife = 12 * time.Hour
)

// may refuses whoever registers for another party than themselves or an entity that they administer.
func (s *Registers) may(ctx context.Context, op string, by hub.AccountID, p Party) error {
	switch {
	case by == "" || (p.Account == "") == (p.Entity == ""):
		return hub.Errorf(op, hub.Invalid, "whose is it?")
	case p.Entity != "":
		return s.o.Offices.Administers(ctx, by, p.Entity)
	case p.Account != by:
		return hub.Errorf(op, hub.Denied, "somebody else's")
	}
	return nil
}

// label checks the name of a machine or place.
func label(text string) (string, bool) {
	text = strings.TrimSpace(text)
	run := 0
	for _, r := range text {
		if !unicode.IsPrint(r) || r == utf8.RuneError {
			return "", false
		}
		if run++; !unicode.IsDigit(r) {
			run = 0
		}
		if run > mostDigits {
			return "", false
		}
	}
	return text, text != "" && utf8.RuneCountInString(text) <= longestLabel
}

// AddDevice registers a device of the person's own, or of an entity that they administer, whose passkey has just been made. Party names
// whose it is by exactly one of its members. Denied, Invalid; Conflict where the passkey is registered; TooMany.
func (s *Registers) AddDevice(ctx context.Context, by hub.AccountID, p Party, name string, c Credential) (Device, error) {
	const op = "authz.AddDevice"
	name, ok := label(name)
	if !ok || len(c.ID) < 16 || len(c.ID) > 1023 || len(c.PublicKey) == 0 || len(c.PublicKey) > 2048 {
		return Device{}, hub.Errorf(op, hub.Invalid, "a name and a passkey are needed")
	}
	d := Device{ID: hub.NewID(s.o.Random), Account: p.Account, Entity: p.Entity, Label: name, Credential: c, AddedBy: by}
	err := s.o.Tx.InTx(ctx, func(ctx context.Context) error {
		if err := s.may(ctx, op, by, p); err != nil {
			return err
		}
		d.At = s.now()
		held, err := s.o.Store.Devices(ctx, p)
		if err != nil {
			return err
		}
		if len(held) >= mostRegistered {
			return hub.Errorf(op, hub.TooMany, "no more devices")
		}
		if err := s.o.Store.AddDevice(ctx, d); err != nil {
			return err
		}
		return s.record(ctx, "device.registered", by, p.Entity, "device", d.ID)
	})
	if err != nil {
		return Device{}, err
	}
	s.o.Settle(ctx)
	return d, nil
}

// AddPlace registers a place of an entity. Denied, Invalid, TooMany.
func (s *Registers) AddPlace(ctx context.Context, by hub.AccountID, entity hub.EntityID, name string, networks []netip.Prefix) (Place, error) {
	const op = "authz.AddPlace"
	name, ok := label(name)
	var bad faults
	bad.networks("networks", networks)
	if !ok || entity == "" || len(networks) == 0 || len(bad) > 0 {
		return Place{}, hub.Errorf(op, hub.Invalid, "a name and networks are needed")
	}
	p := Place{ID: hub.NewID(s.o.Random), Entity: entity, Label: name, Networks: networks, AddedBy: by}
	err := s.o.Tx.InTx(ctx, func(ctx context.Context) error {
		if err := s.may(ctx, op, by, Party{Entity: entity}); err != nil {
			return err
		}
		p.At = s.now()
		held, err := s.o.Store.Places(ctx, entity)
		if err != nil {
			return err
		}
		if len(held) >= mostRegistered {
			return hub.Errorf(op, hub.TooMany, "no more places")
		}
		if err := s.o.Store.AddPlace(ctx, p); err != nil {
			return err
		}
		return s.record(ctx, "place.registered", by, entity, "place", p.ID)
	})
	if err != nil {
		return Place{}, err
	}
	s.o.Settle(ctx)
	return p, nil
}

// Devices and Places list what a party has registered. Denied.
func (s *Registers) Devices(ctx context.Context, by hub.AccountID, p Party) ([]Device, error) {
	if err := s.may(ctx, "authz.Devices", by, p); err != nil {
		return nil, err
	}
	return s.o.Store.Devices(ctx, p)
}

// Places lists an entity's places: see Devices.
func (s *Registers) Places(ctx context.Context, by hub.AccountID, entity hub.EntityID) ([]Place, error) {
	if err := s.may(ctx, "authz.Places", by, Party{Entity: entity}); err != nil {
		return nil, err
	}
	return s.o.Store.Places(ctx, entity)
}

// EndDevice takes a device of a party out of the register, at once and in every session. Denied, NotFound.
func (s *Registers) EndDevice(ctx context.Context, by hub.AccountID, p Party, id string) error {
	return s.end(ctx, "authz.EndDevice", by, p, func(ctx context.Context) error {
		held, err := s.o.Store.Devices(ctx, p)
		if err != nil {
			return err
		}
		for _, d := range held {
			if d.ID == id {
				if err := s.o.Store.EndDevice(ctx, id, by, s.now()); err != nil {
					return err
				}
				return s.record(ctx, "device.removed", by, p.Entity, "device", id)
			}
		}
		return hub.Errorf("authz.EndDevice", hub.NotFound, "not in the register")
	})
}

// EndPlace takes a place out of the register, at once and in every session. Denied, NotFound.
func (s *Registers) EndPlace(ctx context.Context, by hub.AccountID, entity hub.EntityID, id string) error {
	return s.end(ctx, "authz.EndPlace", by, Party{Entity: entity}, func(ctx context.Context) error {
		held, err := s.o.Store.Places(ctx, entity)
		if err != nil {
			return err
		}
		for _, p := range held {
			if p.ID == id {
				if err := s.o.Store.EndPlace(ctx, id, by, s.now()); err != nil {
					return err
				}
				return s.record(ctx, "place.removed", by, entity, "place", id)
			}
		}
		return hub.Errorf("authz.EndPlace", hub.NotFound, "not in the register")
	})
}

func (s *Registers) end(ctx context.Context, op string, by hub.AccountID, p Party, do func(ctx context.Context) error) error {
	err := s.o.Tx.InTx(ctx, func(ctx context.Context) error {
		if err := s.may(ctx, op, by, p); err != nil {
			return err
		}
		return do(ctx)
	})
	if err == nil {
		s.o.Settle(ctx)
	}
	return err
}

// Showable lists the devices that somebody can show: their own or, acting for an entity, those of the entity. Denied where they neither
// administer it nor hold a mandate of it.
func (s *Registers) Showable(ctx context.Context, p Party) ([]Device, error) {
	const op = "authz.Showable"
	if p.Account == "" {
		return nil, hub.Errorf(op, hub.Invalid, "who is it?")
	}
	if p.Entity == "" {
		return s.o.Store.Devices(ctx, p)
	}
	held, err := s.o.Offices.Mandates(ctx, p)
	if err != nil {
		return nil, err
	}
	if len(held) == 0 {
		if err := s.o.Offices.Administers(ctx, p.Account, p.Entity); err != nil {
			return nil, err
		}
	}
	return s.o.Store.Devices(ctx, Party{Entity: p.Entity})
}

// Here lists which devices count in a session now.
func (s *Registers) Here(ctx context.Context, id hub.SessionID) ([]Proof, error) {
	return s.o.Proofs.Proofs(ctx, id, s.now())
}

// ValidLabel reports whether a text can name a device or a place.
func ValidLabel(text string) bool {
	_, ok := label(text)
	return ok
}

// Shown notes that a registered device of the party was shown in a session: its passkey has signed, with this counter. NotFound, Refused.
func (s *Registers) Shown(ctx context.Context, id hub.SessionID, p Party, device string, count uint32) error {
	const op = "authz.Shown"
	err := s.o.Tx.InTx(ctx, func(ctx context.Context) error {
		held, err := s.o.Store.Devices(ctx, p)
		if err != nil {
			return err
		}
		for _, d := range held {
			if d.ID != device {
				continue
			}
			now := s.now()
			if err := s.o.Proofs.Prove(ctx, Proof{Session: id, Device: device, At: now, Until: now.Add(ProofLife)}, count); err != nil {
				return err
			}
			return s.o.Audit.Record(ctx, audit.Event{
				Kind: "device.shown", Outcome: audit.Success, At: now, Account: p.Account, Session: id, Detail: map[string]string{"device": device},
			})
		}
		return hub.Errorf(op, hub.NotFound, "not in the register")
	})
	if err == nil {
		s.o.Settle(ctx)
	}
	return err
}

func (s *Registers) record(ctx context.Context, kind string, by hub.AccountID, entity hub.EntityID, what, id string) error {
	e := audit.Event{Kind: kind, Outcome: audit.Success, At: s.now(), Account: by, Detail: map[string]string{what: id}}
	if entity != "" {
		e.Detail["entity"] = string(entity)
	}
	return s.o.Audit.Record(ctx, e)
}
