package statistics

import (
	"cmp"
	"context"
	"slices"
	"time"

	"onedoor/hub"
	"onedoor/hub/audit"
)

// Account is what one provider did in a month over one channel.
type Account struct {
	Provider hub.ProviderID
	Channel  string
	Asked    int64 // people who chose it
	Signed   int64 // sign-ins that it answered for
	Refused  int64 // its answers that opened nothing, and people who gave up there
	Failed   int64 // where it, or the hub, did not work
}

// Accounts gives the figures to reconcile bills of providers with, for the month that a time lies in (STA-04). They are exact, whatever their
// size, because a bill is: they are the platform's, for those who may read the events that they are the number of, and no publication.
func (s *Service) Accounts(ctx context.Context, at time.Time) ([]Account, error) {
	from := s.start(Month, at)
	all, err := s.o.Store.Sums(ctx, Query{Grain: Month, From: from, Until: s.next(Month, from), By: []Dimension{ByProvider, ByChannel, ByOutcome}})
	if err != nil {
		return nil, hub.E("statistics.Accounts", hub.KindOf(err), err)
	}
	var out []Account
	for _, x := range all {
		provider, channel := hub.ProviderID(x.Values[0]), x.Values[1]
		if provider == "" || x.Kind != asked && x.Kind != signed && x.Kind != refused {
			continue
		}
		i := slices.IndexFunc(out, func(a Account) bool { return a.Provider == provider && a.Channel == channel })
		if i < 0 {
			i, out = len(out), append(out, Account{Provider: provider, Channel: channel})
		}
		switch {
		case x.Kind == asked:
			out[i].Asked += x.N
		case x.Kind == signed:
			out[i].Signed += x.N
		case x.Values[2] == string(audit.Failure):
			out[i].Failed += x.N
		default:
			out[i].Refused += x.N
		}
	}
	slices.SortFunc(out, func(a, b Account) int {
		return cmp.Or(cmp.Compare(a.Provider, b.Provider), cmp.Compare(a.Channel, b.Channel))
	})
	return out, nil
}

// Recent gives what has been counted of a measure since an hour, by outcome, exactly: for an overview of those who may read the events.
func (s *Service) Recent(ctx context.Context, m Measure, since time.Time) (map[audit.Outcome]int64, error) {
	all, err := s.o.Store.Sums(ctx, Query{Grain: Hour, From: s.start(Hour, since), Until: s.o.Clock().Add(time.Hour), By: []Dimension{ByOutcome}})
	if err != nil {
		return nil, hub.E("statistics.Recent", hub.KindOf(err), err)
	}
	out := map[audit.Outcome]int64{}
	for _, x := range all {
		if is, _ := of(x.Kind); is == m {
			out[audit.Outcome(x.Values[0])] += x.N
		}
	}
	return out, nil
}
