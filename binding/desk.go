package binding

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"onedoor/hub"
	"onedoor/hub/jobs"
)

// signAlg is that of messages to departments: every one of them has the hub's keys of it, for logout tokens and shared signals.
const signAlg = "ES256"

// DeskOptions are what a Desk is made of. All are required but the last.
type DeskOptions struct {
	Service *Service
	Sign    Signer
	HTTP    *http.Client // hub/outbound: it follows no redirect and calls no address that departments must not name
	Issuer  string
	Jitter  func() float64 // in [0, 1)
	Log     *slog.Logger
	Alone   bool // no other node can hold a claim
}

// Desk asks departments for records and tells them of bindings, by work that rests as rows (architecture D6). It is the only part that calls out.
type Desk struct {
	o      DeskOptions
	runner *jobs.Runner[*Work]
}

// NewDesk checks the options. Invalid where one is missing.
func NewDesk(o DeskOptions) (*Desk, error) {
	if o.Service == nil || o.Sign == nil || o.HTTP == nil || o.Issuer == "" || o.Jitter == nil || o.Log == nil {
		return nil, hub.Errorf("binding.NewDesk", hub.Invalid, "an option is missing")
	}
	d := &Desk{o: o}
	var err error
	d.runner, err = jobs.New(jobs.Options[*Work]{
		Name: "bindings", Source: d, Do: d.do, Clock: o.Service.o.Clock, Jitter: o.Jitter, Log: o.Log, Alone: o.Alone,
		Workers: 64, PerKey: 8, Backlog: 1024, Batch: 64, Timeout: callTime + 4*time.Second, Lease: 30 * time.Second, First: time.Second, Most: time.Hour,
	})
	return d, err
}

// Run does the work until ctx ends.
func (d *Desk) Run(ctx context.Context) { d.runner.Run(ctx) }

// Wake has the work looked for now.
func (d *Desk) Wake() { d.runner.Wake() }

// Once does what is due now, piece by piece, and tells how many there were: for whoever has no node that runs. What fails is due again in a
// minute.
func (d *Desk) Once(ctx context.Context) (int, error) {
	const most = 256
	now := d.o.Service.now()
	all, err := d.Claim(ctx, now, now.Add(time.Minute), most)
	if err != nil {
		return 0, err
	}
	outcomes := make([]jobs.Outcome[*Work], 0, len(all))
	for _, w := range all {
		outcomes = append(outcomes, jobs.Outcome[*Work]{Work: w, Err: d.do(ctx, w), At: now, NextAt: now.Add(time.Minute)})
	}
	return len(all), d.Settle(ctx, outcomes)
}

// Claim implements jobs.Source.
func (d *Desk) Claim(ctx context.Context, now, until time.Time, limit int) ([]*Work, error) {
	return d.o.Service.o.Work.Claim(ctx, now, until, limit)
}

// Settle implements jobs.Source: what could not be done is tried later, or given up.
func (d *Desk) Settle(ctx context.Context, outcomes []jobs.Outcome[*Work]) error {
	s := d.o.Service
	return s.o.Tx.InTx(ctx, func(ctx context.Context) error {
		for _, out := range outcomes {
			if out.Err == nil && !out.Untried {
				continue // finished together with what it did
			}
			w := out.Work
			if !out.Untried && out.NextAt.After(w.Until) {
				if err := s.giveUp(hub.WithInteraction(ctx, w.Interaction), w); err != nil {
					return err
				}
				continue
			}
			if err := s.o.Work.Later(ctx, w.ID, out.NextAt, !out.Untried); err != nil {
				return err
			}
		}
		return nil
	})
}

// giveUp ends work that could not be done in its time. A question leaves its mark on the binding, so that the person sees why nothing came.
func (s *Service) giveUp(ctx context.Context, w *Work) error {
	if ok, err := s.o.Work.Finish(ctx, w.ID, GivenUp); err != nil || !ok {
		return err
	}
	b, err := s.o.Store.ByID(ctx, w.Binding)
	if err != nil {
		return err
	}
	by := Actor{Kind: ByRule}
	if w.Task == Question && (b.State == Pending || b.State == Bound) {
		next := b
		next.Reason = Unanswered
		if _, err := s.move(ctx, b, next, by, nil); err != nil && !errors.Is(err, hub.Consumed) {
			return err
		}
		return nil
	}
	return s.record(ctx, "binding.untold", b, by, map[string]string{"work": w.ID})
}

// do tries one piece of work.
func (d *Desk) do(ctx context.Context, w *Work) error {
	ctx = hub.WithInteraction(ctx, w.Interaction)
	if d.o.Service.now().After(w.Until) {
		return hub.Errorf("binding.do", hub.Unavailable, "its time is over")
	}
	b, err := d.o.Service.o.Store.ByID(ctx, w.Binding)
	if err != nil {
		return err
	}
	if w.Task == Notice {
		return d.tellOne(ctx, w, b)
	}
	return d.askOne(ctx, w, b)
}

// askOne asks the department, and puts the answer into the binding and ends the work in one transaction.
func (d *Desk) askOne(ctx context.Context, w *Work, b Binding) error {
	const op = "binding.askOne"
	s := d.o.Service
	k, err := s.kind(ctx, b.Place)
	if gone(err) || err == nil && k.Match == "" || b.State == Unbound {
		_, err = s.o.Work.Finish(ctx, w.ID, Pointless)
		return err
	}
	if err != nil {
		return err
	}
	sess, err := s.o.Sessions.Get(ctx, w.Session)
	if err != nil && !gone(err) {
		return err
	}
	if err != nil || !sess.EndedAt.IsZero() { // D3: nothing of a person leaves the house once they have gone
		_, err = s.o.Work.Finish(ctx, w.ID, SessionEnd)
		return err
	}
	plain, err := s.o.Masters.OpenSecret(questionContext(*w), w.Sealed)
	if err != nil {
		return err
	}
	var what carried
	if err := json.Unmarshal(plain, &what); err != nil {
		return hub.Errorf(op, hub.Internal, "can't be read")
	}
	q := question{
		message: d.head(w, b, k.Match), Attributes: what.Attributes, Entity: what.Entity, Extra: what.Extra, Record: what.Number, Confirms: b.State.Counts(),
		AskedAt: w.At.Unix(),
	}
	a, err := d.ask(ctx, k.Match, q)
	if err != nil {
		return err
	}
	about := asked{binding: b.ID, way: w.Way, level: w.Level, by: Actor{Kind: ByDepartment}}
	if what.Number != "" {
		about.claimed = s.o.Numbers.Hash(b.Place, what.Number)
	}
	return s.settled(ctx, func(ctx context.Context) error {
		if ok, err := s.o.Work.Finish(ctx, w.ID, Answered); err != nil || !ok { // another node was faster, or the person has gone meanwhile
			return err
		}
		_, err := s.apply(ctx, about, a)
		return faster(err)
	})
}

// head gives what every message has.
func (d *Desk) head(w *Work, b Binding, address string) message {
	now := d.o.Service.now()
	return message{
		Issuer: d.o.Issuer, Audience: address, ID: w.ID, IssuedAt: now.Unix(), Expires: now.Add(messageLife).Unix(),
		Subject: d.o.Service.Subject(b.Place.Department, b.Owner), Holder: string(b.Owner.Holder()), Kind: string(b.Place.Kind),
		IAL: w.Level.IAL.String(), AAL: w.Level.AAL.String(),
	}
}

// tellOne tells the department what became of a binding.
func (d *Desk) tellOne(ctx context.Context, w *Work, b Binding) error {
	s := d.o.Service
	k, err := s.kind(ctx, b.Place)
	if gone(err) || err == nil && k.Notify == "" {
		_, err = s.o.Work.Finish(ctx, w.ID, Pointless)
		return err
	}
	if err != nil {
		return err
	}
	number, err := s.o.Numbers.Open(b.Place, b.Record)
	if err != nil {
		return err
	}
	_, _, err = d.post(ctx, k.Notify, NoticeType, news{
		message: d.head(w, b, k.Notify), Event: string(w.State), Reason: string(w.Reason), Record: number, Way: string(w.Way), Binding: b.ID,
		At: w.At.Unix(), Sequence: w.Version,
	})
	if err != nil {
		return err
	}
	_, err = s.o.Work.Finish(ctx, w.ID, Told)
	return err
}

// tell writes the notice of a move, where the department wants any.
func (s *Service) tell(ctx context.Context, b Binding) error {
	k, err := s.kind(ctx, b.Place)
	if gone(err) || err == nil && k.Notify == "" {
		return nil
	}
	if err != nil {
		return err
	}
	now := s.now()
	err = s.o.Work.Put(ctx, Work{
		ID: hub.NewID(s.o.Random), Binding: b.ID, Department: b.Place.Department, Task: Notice, Way: b.Way, State: b.State, Reason: b.Reason, Version: b.Version,
		Level: b.Level, Interaction: hub.InteractionFrom(ctx), At: now, Until: now.Add(noticeLife),
	})
	if err == nil {
		s.o.Tx.AfterCommit(ctx, s.o.Wake)
	}
	return err
}

// Subject gives the owner's name at a department: no two departments can tell from theirs that they serve the same one (invariant 3).
func (s *Service) Subject(department hub.DepartmentID, o Owner) string {
	return base64.RawURLEncoding.EncodeToString(s.o.Index.Index("binding/subject", string(department), string(o.Holder()), o.ID()))
}

// PurgeAfter is how long work that was done is kept, for whoever asks what became of it.
const PurgeAfter = 30 * 24 * time.Hour

// Purge removes old work.
func (s *Service) Purge(ctx context.Context, now time.Time, limit int) (int, error) {
	return s.o.Work.Purge(ctx, now.Add(-PurgeAfter), limit)
}
