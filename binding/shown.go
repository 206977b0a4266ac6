package binding

import (
	"context"
	"log/slog"
	"time"

	"onedoor/hub"
	"onedoor/tenants"
)

// Shown is what a department's system is told of a bound record: in a token, an answer or an assertion, and only that department. It prints and
// logs without the number.
type Shown struct {
	Kind        tenants.RecordKindID
	Number      string
	Way         Way
	Level       hub.Level // that the person had proven when it was last confirmed
	BoundAt     time.Time
	ConfirmedAt time.Time
}

// LogValue hides the number.
func (s Shown) LogValue() slog.Value { return slog.StringValue(string(s.Kind)) }

// String hides the number.
func (s Shown) String() string { return string(s.Kind) }

// Shown lists what the systems of a department are told of an owner in a session of that level. It costs nothing where the department keeps no
// records of such owners, else one question.
func (s *Service) Shown(ctx context.Context, o Owner, department hub.DepartmentID, session hub.Level) ([]Shown, error) {
	if !o.Valid() || !s.Keeps(ctx, department, o.Holder()) {
		return nil, nil
	}
	all, err := s.o.Store.Of(ctx, o, department)
	if err != nil {
		return nil, err
	}
	var out []Shown
	now := s.now()
	for _, b := range all {
		k, err := s.kind(ctx, b.Place)
		if err != nil || !b.Serves(k, session, now) { // a kind that was taken away serves nobody
			continue
		}
		number, err := s.o.Numbers.Open(b.Place, b.Record)
		if err != nil {
			return nil, err
		}
		out = append(out, Shown{k.ID, number, b.Way, b.Level, b.BoundAt, b.ConfirmedAt})
	}
	return out, nil
}
