package federation

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"onedoor/hub"
	"onedoor/hub/login"
)

// memoryStore is a Store that counts its reads.
type memoryStore struct {
	mu        sync.Mutex
	version   int64
	providers []Provider
	failure   error
	lists     int
}

func (s *memoryStore) Providers(context.Context) ([]Provider, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lists++
	return slices.Clone(s.providers), s.failure
}

func (s *memoryStore) Version(context.Context) (int64, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.version, s.failure
}

func (s *memoryStore) Put(_ context.Context, p Provider) (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.version++
	i := slices.IndexFunc(s.providers, func(x Provider) bool { return x.ID == p.ID })
	if i < 0 {
		s.providers = append(s.providers, p)
	} else {
		s.providers[i] = p
	}
	return true, nil
}

// fakeConnector answers with what it was told.
type fakeConnector struct {
	finish func(ctx context.Context, p Provider) (Claims, error)
	start  func(ctx context.Context, p Provider) (login.Redirect, error)
}

func (f *fakeConnector) Start(ctx context.Context, p Provider, _ login.Ask) (login.Redirect, error) {
	if f.start != nil {
		return f.start(ctx, p)
	}
	return login.Redirect{URL: "https://" + string(p.ID)}, nil
}

func (f *fakeConnector) Finish(ctx context.Context, p Provider, _ login.Ask, _ login.Answer) (Claims, error) {
	return f.finish(ctx, p)
}

type fakeClock struct{ at atomic.Int64 }

func (c *fakeClock) now() time.Time          { return time.Unix(0, c.at.Load()).UTC() }
func (c *fakeClock) advance(d time.Duration) { c.at.Add(int64(d)) }

type rig struct {
	registry  *Registry
	store     *memoryStore
	connector *fakeConnector
	clock     *fakeClock
}

func newRig(t *testing.T, change func(*Options), providers ...Provider) *rig {
	t.Helper()
	r := &rig{store: &memoryStore{version: 1, providers: providers}, clock: &fakeClock{}}
	r.clock.at.Store(now.UnixNano())
	r.connector = &fakeConnector{finish: func(context.Context, Provider) (Claims, error) {
		return Claims{Subject: "s", Values: values()}, nil
	}}
	o := Options{Store: r.store, Connectors: map[string]Upstream{OpenIDConnect: r.connector}, Clock: r.clock.now}
	if change != nil {
		change(&o)
	}
	registry, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	r.registry = registry
	if err := registry.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	return r
}

func named(id hub.ProviderID, order int, ceiling hub.Level) Provider {
	p := record()
	p.ID, p.Order, p.Ceiling = id, order, ceiling
	return p
}

func TestLOA01_OfferForAllLevelPairs(t *testing.T) {
	t.Parallel()
	var all []Provider
	for i, l := range hub.Levels() {
		all = append(all, named(hub.ProviderID(fmt.Sprintf("p%02d", i)), 100-i, l))
	}
	r := newRig(t, nil, all...)
	for _, want := range append(hub.Levels(), hub.Level{}) {
		offered, err := r.registry.Offer(t.Context(), want)
		if err != nil {
			t.Fatal(err)
		}
		got := make(map[hub.ProviderID]bool)
		for i, c := range offered {
			got[c.ID] = true
			if i > 0 && offered[i-1].ID < c.ID { // order falls while ids rise
				t.Errorf("want %v: %s stands before %s", want, offered[i-1].ID, c.ID)
			}
		}
		for _, p := range all {
			// The rule of LOA-01, written once more and independently.
			able := p.Ceiling.IAL >= want.IAL && p.Ceiling.AAL >= want.AAL
			if got[p.ID] != able {
				t.Errorf("want %v: provider with %v offered %v", want, p.Ceiling, got[p.ID])
			}
			_, err := r.registry.Start(t.Context(), p.ID, login.Ask{Want: want})
			if able != (err == nil) || !able && !errors.Is(err, hub.LevelUnmet) {
				t.Errorf("want %v at %v: Start gives %v", want, p.Ceiling, err)
			}
		}
	}
}

func TestLOA02_OnlyInServiceIsOffered(t *testing.T) {
	t.Parallel()
	top := hub.Level{IAL: hub.IAL3, AAL: hub.AAL3}
	suspended := named("suspended", 1, top)
	suspended.Status = Suspended
	expired := named("expired", 2, top)
	expired.ValidUntil = now
	early := named("early", 3, top)
	early.ValidFrom = now.Add(time.Nanosecond)
	endless := named("endless", 4, top)
	endless.ValidUntil = time.Time{}
	edge := named("edge", 5, top)
	edge.ValidFrom, edge.ValidUntil = now, now.Add(time.Nanosecond)
	r := newRig(t, nil, suspended, expired, early, endless, edge)

	offered, err := r.registry.Offer(t.Context(), hub.Level{})
	if err != nil || len(offered) != 1 || offered[0].ID != "edge" {
		t.Errorf("offered %v, %v", offered, err)
	}
	for _, id := range []hub.ProviderID{"suspended", "expired", "early", "endless"} {
		if _, err := r.registry.Start(t.Context(), id, login.Ask{}); !errors.Is(err, hub.Suspended) || Reason(err) != string(NotInService) {
			t.Errorf("Start at %s: %v", id, err)
		}
		if _, err := r.registry.Finish(t.Context(), id, login.Ask{}, login.Answer{}); !errors.Is(err, hub.Suspended) {
			t.Errorf("Finish at %s: %v", id, err)
		}
	}
	if _, err := r.registry.Start(t.Context(), "nobody", login.Ask{}); !errors.Is(err, hub.NotFound) {
		t.Errorf("unknown provider: %v", err)
	}
	entries, err := r.registry.Register(t.Context())
	if err != nil || len(entries) != 5 {
		t.Fatalf("register: %d entries, %v", len(entries), err)
	}
	for _, e := range entries {
		if e.InService != (e.ID == "edge") || e.ValidFrom.IsZero() || e.Ceiling != top || e.Names["th"] == "" {
			t.Errorf("entry %+v", e)
		}
	}
	r.clock.advance(time.Nanosecond) // edge expires, early begins
	offered, _ = r.registry.Offer(t.Context(), hub.Level{})
	if len(offered) != 1 || offered[0].ID != "early" {
		t.Errorf("after a moment: %v", offered)
	}
}

func TestLOA05_AnswerBelowTheAskIsRefused(t *testing.T) {
	t.Parallel()
	r := newRig(t, nil, named("idp", 1, hub.Level{IAL: hub.IAL23, AAL: hub.AAL22}))
	cases := []struct {
		ial  any
		want hub.Level
		good bool
	}{
		{"2.3", hub.Level{IAL: hub.IAL23, AAL: hub.AAL22}, true},
		{"3", hub.Level{IAL: hub.IAL23, AAL: hub.AAL22}, true},
		{"1.3", hub.Level{IAL: hub.IAL23, AAL: hub.AAL1}, false},
		{"2.1", hub.Level{IAL: hub.IAL22, AAL: hub.AAL1}, false},
		{"1.3", hub.Level{IAL: hub.IAL11, AAL: hub.AAL1}, true},
		{"7", hub.Level{}, false}, // no level at all opens nothing
	}
	for _, c := range cases {
		r.connector.finish = func(context.Context, Provider) (Claims, error) {
			v := values()
			v["ial"] = c.ial
			return Claims{Subject: "s", Values: v}, nil
		}
		id, err := r.registry.Finish(t.Context(), "idp", login.Ask{Want: c.want}, login.Answer{})
		if c.good {
			if err != nil || !id.Level.Satisfies(c.want) || id.Level.IAL > hub.IAL23 {
				t.Errorf("ial %v for %v: %v, %v", c.ial, c.want, id.Level, err)
			}
			continue
		}
		if !errors.Is(err, hub.LevelUnmet) || Reason(err) != string(LevelBelow) || id.Subject != "" {
			t.Errorf("ial %v for %v: %v", c.ial, c.want, err)
		}
	}
}

func TestLOA05_TrustAtTheEndCounts(t *testing.T) {
	t.Parallel()
	ask := login.Ask{Want: hub.Level{IAL: hub.IAL23, AAL: hub.AAL21}}
	for name, c := range map[string]struct {
		change func(*Provider)
		kind   hub.Kind
	}{
		"suspended meanwhile":     {func(p *Provider) { p.Status = Suspended }, hub.Suspended},
		"expired meanwhile":       {func(p *Provider) { p.ValidUntil = now }, hub.Suspended},
		"ceiling lowered":         {func(p *Provider) { p.Ceiling.IAL = hub.IAL22 }, hub.LevelUnmet},
		"mapping lowered":         {func(p *Provider) { p.Assurance.IAL = map[string]hub.IAL{"2.3": hub.IAL13} }, hub.LevelUnmet},
		"aal agreement withdrawn": {func(p *Provider) { p.Assurance.Fixed = hub.Level{} }, hub.LevelUnmet},
	} {
		r := newRig(t, nil, record())
		r.connector.finish = func(ctx context.Context, p Provider) (Claims, error) {
			p.Assurance.IAL = map[string]hub.IAL{"2.3": hub.IAL23}
			c.change(&p)
			if _, err := r.store.Put(ctx, p); err != nil {
				return Claims{}, err
			}
			return Claims{Subject: "s", Values: values()}, r.registry.Refresh(ctx)
		}
		if _, err := r.registry.Finish(t.Context(), "idp", ask, login.Answer{}); !errors.Is(err, c.kind) {
			t.Errorf("%s: %v, want %v", name, err, c.kind)
		}
	}
}

func TestRefreshReadsOnlyWhatChanged(t *testing.T) {
	t.Parallel()
	r := newRig(t, nil, record())
	for range 5 {
		if err := r.registry.Refresh(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if r.store.lists != 1 {
		t.Errorf("%d lists read for one version", r.store.lists)
	}
	p := record()
	p.Status = Suspended
	if _, err := r.store.Put(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	if offered, _ := r.registry.Offer(t.Context(), hub.Level{}); len(offered) != 1 {
		t.Error("the snapshot changed without a refresh")
	}
	r.store.failure = hub.Errorf("store", hub.Unavailable, "away")
	if err := r.registry.Refresh(t.Context()); !errors.Is(err, hub.Unavailable) {
		t.Errorf("refresh of a failing store: %v", err)
	}
	if offered, _ := r.registry.Offer(t.Context(), hub.Level{}); len(offered) != 1 {
		t.Error("a failed refresh lost the snapshot")
	}
	r.store.failure = nil
	if err := r.registry.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	if offered, _ := r.registry.Offer(t.Context(), hub.Level{}); len(offered) != 0 {
		t.Error("a suspended provider is offered after the refresh")
	}
}

func TestUnavailableBeforeTheFirstRefresh(t *testing.T) {
	t.Parallel()
	registry, err := New(Options{Store: &memoryStore{}, Connectors: map[string]Upstream{OpenIDConnect: &fakeConnector{}}, Clock: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	_, err1 := registry.Offer(t.Context(), hub.Level{})
	_, err2 := registry.Start(t.Context(), "idp", login.Ask{})
	_, err3 := registry.Finish(t.Context(), "idp", login.Ask{}, login.Answer{})
	_, err4 := registry.Register(t.Context())
	for _, err := range []error{err1, err2, err3, err4} {
		if !errors.Is(err, hub.Unavailable) || Reason(err) != string(NotLoaded) {
			t.Errorf("%v", err)
		}
	}
	if registry.Health() != nil {
		t.Error("health of nobody")
	}
}

func TestOPS06_TroubleIsShownAndPasses(t *testing.T) {
	t.Parallel()
	r := newRig(t, nil, record(), named("other", 2, hub.Level{IAL: hub.IAL3, AAL: hub.AAL3}))
	good := r.connector.finish
	bad := func(context.Context, Provider) (Claims, error) {
		return Claims{}, hub.E("x", hub.Unavailable, TimedOut)
	}
	trouble := func() bool {
		offered, err := r.registry.Offer(t.Context(), hub.Level{})
		if err != nil || len(offered) != 2 || offered[1].Trouble {
			t.Fatalf("offer %v, %v", offered, err)
		}
		return offered[0].Trouble
	}
	run := func() { _, _ = r.registry.Finish(t.Context(), "idp", login.Ask{}, login.Answer{}) }
	r.connector.finish = bad
	for i := range troubleAfter {
		if trouble() {
			t.Fatalf("trouble after %d failures", i)
		}
		run()
	}
	if !trouble() {
		t.Fatal("no trouble shown")
	}
	if h := r.registry.Health()[0]; h.FailedInRow != troubleAfter || !h.Trouble || !h.LastFailure.Equal(now) || h.UnderWay != 0 {
		t.Errorf("health %+v", h)
	}
	r.clock.advance(troubleFor)
	if trouble() {
		t.Error("trouble does not pass with time")
	}
	run()
	if !trouble() {
		t.Error("the next failure is not shown at once")
	}
	r.connector.finish = good
	run()
	if trouble() {
		t.Error("an answer does not end the trouble")
	}
	// A refusal or a no of the person is not trouble, nor is a person who went away.
	for _, kind := range []hub.Kind{hub.Refused, hub.Denied, hub.Expired} {
		r.connector.finish = func(context.Context, Provider) (Claims, error) { return Claims{}, hub.E("x", kind, CodeRejected) }
		for range troubleAfter {
			run()
		}
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	r.connector.finish = bad
	for range troubleAfter {
		_, _ = r.registry.Finish(gone, "idp", login.Ask{}, login.Answer{})
	}
	if trouble() {
		t.Error("trouble from what is none")
	}
}

func TestOPS06_HangingProviderHarmsNoOther(t *testing.T) {
	t.Parallel()
	const places = 3
	r := newRig(t, func(o *Options) { o.Concurrency = places }, record(), named("other", 2, hub.Level{IAL: hub.IAL3, AAL: hub.AAL3}))
	entered, release := make(chan struct{}, places), make(chan struct{})
	quick := r.connector.finish
	r.connector.finish = func(ctx context.Context, p Provider) (Claims, error) {
		if p.ID == "other" {
			return quick(ctx, p)
		}
		entered <- struct{}{}
		<-release
		return Claims{}, hub.E("x", hub.Unavailable, TimedOut)
	}
	var wg sync.WaitGroup
	for range places {
		wg.Go(func() { _, _ = r.registry.Finish(context.Background(), "idp", login.Ask{}, login.Answer{}) })
	}
	for range places {
		<-entered
	}
	if _, err := r.registry.Finish(t.Context(), "idp", login.Ask{}, login.Answer{}); !errors.Is(err, hub.Unavailable) || Reason(err) != string(Busy) {
		t.Errorf("one more call: %v", err)
	}
	if _, err := r.registry.Finish(t.Context(), "other", login.Ask{}, login.Answer{}); err != nil {
		t.Errorf("the other provider: %v", err)
	}
	if h := r.registry.Health()[0]; h.UnderWay != places {
		t.Errorf("%d calls under way", h.UnderWay)
	}
	close(release)
	wg.Wait()
	if h := r.registry.Health()[0]; h.UnderWay != 0 {
		t.Errorf("%d places are lost", h.UnderWay)
	}
}

func TestCallsAreBoundedInTime(t *testing.T) {
	t.Parallel()
	r := newRig(t, func(o *Options) { o.CallTimeout = time.Millisecond }, record())
	r.connector.finish = func(ctx context.Context, _ Provider) (Claims, error) {
		<-ctx.Done()
		return Claims{}, hub.E("x", hub.Unavailable, TimedOut)
	}
	r.connector.start = func(ctx context.Context, _ Provider) (login.Redirect, error) {
		<-ctx.Done()
		return login.Redirect{}, hub.E("x", hub.Unavailable, TimedOut)
	}
	_, err1 := r.registry.Finish(t.Context(), "idp", login.Ask{}, login.Answer{})
	_, err2 := r.registry.Start(t.Context(), "idp", login.Ask{})
	if !errors.Is(err1, hub.Unavailable) || !errors.Is(err2, hub.Unavailable) {
		t.Errorf("%v, %v", err1, err2)
	}
	if h := r.registry.Health()[0]; h.FailedInRow != 2 {
		t.Errorf("%d failures noted", h.FailedInRow)
	}
}

func TestNewRefusesMissingParts(t *testing.T) {
	t.Parallel()
	good := Options{Store: &memoryStore{}, Connectors: map[string]Upstream{OpenIDConnect: &fakeConnector{}}, Clock: time.Now}
	for name, change := range map[string]func(*Options){
		"store": func(o *Options) { o.Store = nil }, "clock": func(o *Options) { o.Clock = nil },
		"connectors": func(o *Options) { o.Connectors = nil }, "nil connector": func(o *Options) { o.Connectors = map[string]Upstream{"oidc": nil} },
		"time": func(o *Options) { o.CallTimeout = -1 }, "places": func(o *Options) { o.Concurrency = -1 },
	} {
		o := good
		change(&o)
		if _, err := New(o); !errors.Is(err, hub.Internal) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestProviderWithoutConnectorIsNotOffered(t *testing.T) {
	t.Parallel()
	p := record()
	p.OIDC = nil
	r := newRig(t, nil, p)
	if offered, err := r.registry.Offer(t.Context(), hub.Level{}); err != nil || len(offered) != 0 {
		t.Errorf("%v, %v", offered, err)
	}
	if _, err := r.registry.Start(t.Context(), "idp", login.Ask{}); Reason(err) != string(NoConnector) {
		t.Errorf("%v", err)
	}
}

func TestCausesAreAClosedListOfMachineWords(t *testing.T) {
	t.Parallel()
	seen := make(map[Cause]bool)
	for _, c := range Causes() {
		if seen[c] || !hub.ValidName(string(replaceUnderscores(c))) || c.Reason() != c.Error() {
			t.Errorf("cause %q", c)
		}
		seen[c] = true
	}
	if Reason(nil) != "" || Reason(errors.New("x")) != string(hub.Internal) || Reason(hub.E("a", hub.Refused, hub.E("b", hub.Denied, Busy))) != "busy" {
		t.Error("Reason")
	}
}

func replaceUnderscores(c Cause) []byte {
	b := []byte(c)
	for i := range b {
		if b[i] == '_' {
			b[i] = '-'
		}
	}
	return b
}

type holdStore []Hold

func (h *holdStore) Holds(context.Context) ([]Hold, error) { return *h, nil }
func (h *holdStore) Hold(context.Context, Hold) error      { return nil }
func (h *holdStore) Release(context.Context, hub.ProviderID, hub.AccountID) (Hold, error) {
	return Hold{}, nil
}

// LIF-06: what staff have suspended is refused from the next look at the list, whatever its record says, in the middle of a login too, and is back
// as soon as they have resumed it.
func TestLIF06_WhatStaffSuspendIsRefused(t *testing.T) {
	t.Parallel()
	held := &holdStore{}
	r := newRig(t, func(o *Options) { o.Holds = held }, named("bank", 1, hub.Level{IAL: hub.IAL3, AAL: hub.AAL3}))
	usable := func() bool {
		r.store.version++
		if err := r.registry.Refresh(t.Context()); err != nil {
			t.Fatal(err)
		}
		all, err := r.registry.Offer(t.Context(), hub.Level{})
		if err != nil {
			t.Fatal(err)
		}
		_, err = r.registry.Finish(t.Context(), "bank", login.Ask{}, login.Answer{})
		if (err == nil) != (len(all) == 1) || err != nil && !errors.Is(err, hub.Suspended) {
			t.Fatalf("%d are offered, Finish gives %v", len(all), err)
		}
		return err == nil
	}
	if !usable() {
		t.Error("the bank is not in service")
	}
	*held = holdStore{{Provider: "bank", Reason: HeldIncident}}
	if usable() {
		t.Error("the bank is in service while it is suspended")
	}
	if all, err := r.registry.Register(t.Context()); err != nil || all[0].InService || all[0].Held.Reason != HeldIncident {
		t.Errorf("the register says %+v, %v", all, err)
	}
	*held = nil
	if !usable() {
		t.Error("the bank is not in service again")
	}
}
