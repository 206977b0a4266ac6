package binding

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"onedoor/hub"
	"onedoor/tenants"
)

// Visitor is a person who is present: a live session, whose level is what it has reached now, and the key of its vault.
type Visitor struct {
	Session hub.SessionID
	Account hub.AccountID
	Entity  hub.EntityID // that they act for; "" for themselves
	Level   hub.Level
	Key     hub.Secret
}

// How often a person may ask, and name a number, at one department and kind in a day; and how often a number may be named by anybody.
const (
	mostAsks     = 20
	mostClaims   = 5
	mostAtNumber = 10
	period       = 24 * time.Hour
)

// owner gives whose bindings the visitor handles. Denied.
func (s *Service) owner(ctx context.Context, v Visitor) (Owner, error) {
	const op = "binding.owner"
	switch {
	case v.Account == "" || v.Session == "":
		return Owner{}, hub.Errorf(op, hub.Unauthenticated, "nobody")
	case v.Entity == "":
		return Owner{Account: v.Account}, nil
	case s.o.Entities == nil:
		return Owner{}, hub.Errorf(op, hub.Denied, "records of entities are bound by staff")
	}
	return Owner{Entity: v.Entity}, s.o.Entities.MayBind(ctx, v.Account, v.Entity)
}

// Mine lists the visitor's bindings that have not ended, oldest first.
func (s *Service) Mine(ctx context.Context, v Visitor) ([]Binding, error) {
	o, err := s.owner(ctx, v)
	if err != nil {
		return nil, err
	}
	return s.o.Store.Of(ctx, o, "")
}

// Number gives the department's number of the visitor's own binding, once it is bound. NotFound for any other.
func (s *Service) Number(ctx context.Context, v Visitor, id string) (string, error) {
	b, err := s.own(ctx, v, id)
	if err != nil {
		return "", err
	}
	if !b.State.Counts() {
		return "", hub.Errorf("binding.Number", hub.NotFound, "not bound")
	}
	return s.o.Numbers.Open(b.Place, b.Record)
}

// own finds a binding of the visitor. NotFound, also for those of others.
func (s *Service) own(ctx context.Context, v Visitor, id string) (Binding, error) {
	o, err := s.owner(ctx, v)
	if err != nil {
		return Binding{}, err
	}
	b, err := s.ByID(ctx, id)
	if err == nil && b.Owner != o {
		err = hub.Errorf("binding.own", hub.NotFound, "somebody else's")
	}
	return b, err
}

// Ask looks for the visitor's record, or has a bound one confirmed again at the level of today: at the department's match endpoint, which is
// asked by a durable job, or among the keys that it imported; where it has neither, staff look. What is sent are the kind's attributes from
// the vault, and extra: the one further attribute that was asked for. By calling this the person has agreed to that.
//
// LevelUnmet below what the kind demands. Invalid for an attribute that was not asked for. Conflict while somebody looks at it. TooMany.
func (s *Service) Ask(ctx context.Context, v Visitor, p Place, extra map[string]string) (Binding, error) {
	const op = "binding.Ask"
	k, o, err := s.at(ctx, v, p)
	if err != nil {
		return Binding{}, err
	}
	if !v.Level.Satisfies(k.Least) {
		return Binding{}, hub.Errorf(op, hub.LevelUnmet, "too low for these records")
	}
	if err := s.count(ctx, op, "binding.ask", mostAsks, string(v.Account), string(p.Department), string(p.Kind)); err != nil {
		return Binding{}, err
	}
	var attributes hub.Attributes
	if len(k.Attributes) > 0 && k.For == tenants.Person {
		all, err := s.o.Sessions.Attributes(ctx, v.Session, v.Key)
		if err != nil {
			return Binding{}, err
		}
		attributes = all.Only(k.Attributes)
	}
	facts, err := s.facts(ctx, o)
	if err != nil {
		return Binding{}, err
	}
	var out Binding
	err = s.settled(ctx, func(ctx context.Context) error {
		b, err := s.begin(ctx, v, o, p)
		if err != nil {
			return err
		}
		if err := furtherOf(k, b, extra); err != nil {
			return err
		}
		out = b
		switch {
		case b.State == Review || b.State == Proposed && b.Reason != Several:
			return hub.Errorf(op, hub.Conflict, "somebody looks at it")
		case b.State == Suspended:
			return hub.Errorf(op, hub.Denied, "suspended")
		case b.Serves(k, v.Level, s.now()):
			return nil
		case k.Match != "":
			return s.question(ctx, v, b, ByMatch, carried{Attributes: texts(attributes), Entity: facts, Extra: extra})
		}
		out, err = s.look(ctx, v, b, attributes)
		return faster(err)
	})
	return out, err
}

// look asks the imported keys, and staff where there are none.
func (s *Service) look(ctx context.Context, v Visitor, b Binding, attributes hub.Attributes) (Binding, error) {
	if s.o.Imported != nil && len(attributes) > 0 {
		a, err := s.o.Imported.Find(ctx, b.Place, attributes)
		if err == nil {
			return s.apply(ctx, asked{binding: b.ID, way: ByImport, level: v.Level, by: Actor{Kind: ByRule}}, a)
		}
		if !errors.Is(err, hub.NotFound) {
			return Binding{}, err
		}
	}
	if b.State == Bound {
		return b, nil // nobody to ask: it goes on serving what it serves
	}
	next := b
	next.State, next.Reason, next.Level = Proposed, Requested, v.Level
	return s.move(ctx, b, next, Actor{ByPerson, v.Account}, nil)
}

// Claim takes a number that the visitor says is their record's, with the proofs that the kind asks for. What comes of it is not told here, and
// every no looks the same: who guesses learns nothing. Invalid for what is no number of the kind or misses a proof; Denied where the department
// takes no claims; LevelUnmet, Conflict and TooMany as Ask.
func (s *Service) Claim(ctx context.Context, v Visitor, p Place, number string, proofs map[string]string) (Binding, error) {
	const op = "binding.Claim"
	k, o, err := s.at(ctx, v, p)
	if err != nil {
		return Binding{}, err
	}
	switch {
	case len(k.Claim) == 0:
		return Binding{}, hub.Errorf(op, hub.Denied, "the department takes no claims")
	case !v.Level.Satisfies(k.Least):
		return Binding{}, hub.Errorf(op, hub.LevelUnmet, "too low for these records")
	case len(proofs) != len(k.Claim):
		return Binding{}, hub.Errorf(op, hub.Invalid, "other proofs than those asked for")
	}
	for _, id := range k.Claim {
		if e, ok := k.ExtraOf(id); !ok || !printable(proofs[id], e.Length) {
			return Binding{}, hub.Errorf(op, hub.Invalid, "a proof is missing or malformed")
		}
	}
	if number, err = k.Normalise(number); err != nil {
		return Binding{}, err
	}
	if err := s.count(ctx, op, "binding.claim", mostClaims, string(v.Account), string(p.Department), string(p.Kind)); err != nil {
		return Binding{}, err
	}
	r, err := s.o.Numbers.Seal(p.Department, k, number)
	if err != nil {
		return Binding{}, err
	}
	facts, err := s.facts(ctx, o)
	if err != nil {
		return Binding{}, err
	}
	guessed, err := s.o.Counters.Count(ctx, "binding.number", r.Hash, period, s.now())
	if err != nil {
		return Binding{}, err
	}
	var out Binding
	err = s.settled(ctx, func(ctx context.Context) error {
		b, err := s.begin(ctx, v, o, p)
		if err != nil {
			return err
		}
		out = b
		if b.State != Pending {
			return hub.Errorf(op, hub.Conflict, "it is bound, or somebody looks at it")
		}
		next := b
		next.Level, next.Reason, next.Asked = v.Level, Requested, ""
		switch {
		case k.Match != "" && guessed <= mostAtNumber:
			if err := s.question(ctx, v, b, ByClaim, carried{Entity: facts, Number: number, Extra: proofs}); err != nil {
				return err
			}
		case k.Match != "": // too many have named it: nobody is asked any more, and it looks like every other no
			next.Reason = Unproven
		default:
			next.State, next.Record, next.Way, next.Reason = Proposed, r, ByClaim, Named
			if next.Conflict, err = s.holder(ctx, next); err != nil {
				return err
			}
		}
		out, err = s.move(ctx, b, next, Actor{ByPerson, v.Account}, nil)
		return faster(err)
	})
	return out, err
}

// Withdraw ends the visitor's binding. Denied while it is suspended: staff have a question about it.
func (s *Service) Withdraw(ctx context.Context, v Visitor, id string) (out Binding, err error) {
	const op = "binding.Withdraw"
	err = s.settled(ctx, func(ctx context.Context) error {
		b, err := s.own(ctx, v, id)
		if err != nil {
			return err
		}
		if b.State == Suspended {
			return hub.Errorf(op, hub.Denied, "suspended")
		}
		next := b
		next.State, next.Reason = Unbound, Withdrawn
		out, err = s.move(ctx, b, next, Actor{ByPerson, v.Account}, nil)
		return faster(err)
	})
	return out, err
}

// EndAccount ends every binding of an account that was terminated, in the transaction of ctx.
func (s *Service) EndAccount(ctx context.Context, account hub.AccountID) error {
	return s.settled(ctx, func(ctx context.Context) error {
		all, err := s.o.Store.Of(ctx, Owner{Account: account}, "")
		if err != nil {
			return err
		}
		for _, b := range all {
			next := b
			next.State, next.Reason = Unbound, AccountEnded
			if _, err := s.move(ctx, b, next, Actor{Kind: ByRule}, nil); err != nil {
				return faster(err)
			}
		}
		return nil
	})
}

// SessionEnded shreds what open questions carry of the person, in the transaction that ends the session.
func (s *Service) SessionEnded(ctx context.Context, id hub.SessionID) error {
	return s.o.Work.Shred(ctx, id)
}

// at finds the kind, and whose records of it the visitor handles.
func (s *Service) at(ctx context.Context, v Visitor, p Place) (tenants.RecordKind, Owner, error) {
	o, err := s.owner(ctx, v)
	if err != nil {
		return tenants.RecordKind{}, Owner{}, err
	}
	k, err := s.kind(ctx, p)
	if err == nil && k.For != o.Holder() {
		err = hub.Errorf("binding.at", hub.NotFound, "records of the others")
	}
	return k, o, err
}

// begin finds the owner's binding of a place, or makes one.
func (s *Service) begin(ctx context.Context, v Visitor, o Owner, p Place) (Binding, error) {
	all, err := s.o.Store.Of(ctx, o, p.Department)
	if err != nil {
		return Binding{}, err
	}
	if i := slices.IndexFunc(all, func(b Binding) bool { return b.Place == p }); i >= 0 {
		return all[i], nil
	}
	now := s.now()
	b := Binding{
		ID: hub.NewID(s.o.Random), Place: p, Owner: o, State: Pending, Level: v.Level, Reason: Requested, CreatedAt: now, UpdatedAt: now,
	}
	by := Actor{ByPerson, v.Account}
	if err := s.o.Store.Add(ctx, b, s.change(ctx, b, "", by)); err != nil {
		if errors.Is(err, hub.Conflict) { // another request of theirs was faster
			return Binding{}, hub.E("binding.begin", hub.Consumed, errFaster)
		}
		return Binding{}, err
	}
	return b, s.record(ctx, "binding.begun", b, by, nil)
}

// furtherOf refuses anything but what was asked for.
func furtherOf(k tenants.RecordKind, b Binding, extra map[string]string) error {
	for id, value := range extra {
		e, ok := k.ExtraOf(id)
		if !ok || id != b.Asked || !printable(value, e.Length) {
			return hub.Errorf("binding.furtherOf", hub.Invalid, "an attribute that was not asked for, or malformed")
		}
	}
	return nil
}

// printable reports whether a text is there and of at most so many characters that can be printed.
func printable(s string, most int) bool {
	return s != "" && strings.TrimSpace(s) == s && utf8.ValidString(s) && utf8.RuneCountInString(s) <= most &&
		strings.IndexFunc(s, func(r rune) bool { return !unicode.IsPrint(r) }) < 0
}

// count refuses what comes too often.
func (s *Service) count(ctx context.Context, op, name string, most int, subject ...string) error {
	n, err := s.o.Counters.Count(ctx, name, s.o.Index.Index(name, subject...), period, s.now())
	if err != nil {
		return err
	}
	if n > most {
		return hub.Errorf(op, hub.TooMany, "too often for one day")
	}
	return nil
}

// carried is what a question carries of a person, until it is answered.
type carried struct {
	Attributes map[string]string `json:"attributes,omitempty"`
	Entity     *Facts            `json:"entity,omitempty"`
	Extra      map[string]string `json:"extra,omitempty"`
	Number     string            `json:"number,omitempty"`
}

// facts gives what a department is told of an entity; nil of a person, of whom it is told what they have agreed to.
func (s *Service) facts(ctx context.Context, o Owner) (*Facts, error) {
	if o.Entity == "" {
		return nil, nil //nolint:nilnil // none is a value
	}
	f, err := s.o.Entities.Facts(ctx, o.Entity) // there are entities: s.owner has asked
	return &f, err
}

func texts(a hub.Attributes) map[string]string {
	out := make(map[string]string, len(a))
	for n, v := range a {
		if v.Value != "" {
			out[string(n)] = v.Value
		}
	}
	return out
}

// question writes a matching request, sealed, to be sent after the commit. Conflict where one is open.
func (s *Service) question(ctx context.Context, v Visitor, b Binding, way Way, what carried) error {
	const op = "binding.question"
	plain, err := json.Marshal(what)
	if err != nil {
		return hub.Errorf(op, hub.Internal, "can't be written")
	}
	now := s.now()
	w := Work{
		ID: hub.NewID(s.o.Random), Binding: b.ID, Department: b.Place.Department, Task: Question, Session: v.Session, Way: way, Level: v.Level,
		Interaction: hub.InteractionFrom(ctx), At: now, Until: now.Add(questionLife),
	}
	if w.Sealed, err = s.o.Masters.SealSecret(s.o.Random, questionContext(w), plain); err != nil {
		return err
	}
	if err := s.o.Work.Put(ctx, w); err != nil {
		return err
	}
	s.o.Tx.AfterCommit(ctx, s.o.Wake)
	return s.record(ctx, "binding.asked", b, Actor{ByPerson, v.Account}, map[string]string{"question": w.ID})
}

// questionContext ties what is carried to its question.
func questionContext(w Work) string {
	h := sha256.Sum256([]byte(w.Binding + "/" + string(w.Session)))
	return "binding question " + w.ID + " " + string(h[:8])
}
