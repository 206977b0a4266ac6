package federation

import (
	"context"
	"errors"
	"testing"
	"time"

	"onedoor/hub"
	"onedoor/hub/login"
)

// fakeInteractive answers with what it was told.
type fakeInteractive struct {
	fakeConnector
	err       error
	decided   bool
	abandoned int
}

func (f *fakeInteractive) Submit(context.Context, Provider, login.Ask, login.Answer) (login.Redirect, error) {
	return login.Redirect{Wait: &login.Wait{Code: "x"}}, f.err
}

func (f *fakeInteractive) Poll(context.Context, Provider, login.Ask, []byte) (bool, error) {
	return f.decided, f.err
}

func (f *fakeInteractive) Abandon(context.Context, Provider, login.Ask, []byte) error {
	f.abandoned++
	return f.err
}

func TestProvidersWithoutPages(t *testing.T) {
	t.Parallel()
	c := &fakeInteractive{decided: true}
	p := ndidRecord()
	r := newRig(t, func(o *Options) { o.Interactive = map[string]Interactive{NationalDigitalID: c} }, p, record())
	ask, ctx := login.Ask{Want: hub.Level{IAL: hub.IAL21, AAL: hub.AAL21}}, t.Context()
	ndid := p.ID
	if offered, err := r.registry.Offer(ctx, ask.Want); err != nil || len(offered) != 2 {
		t.Fatalf("%v, %v", offered, err)
	}
	if w, err := r.registry.Submit(ctx, ndid, ask, login.Answer{}); err != nil || w.Wait == nil {
		t.Errorf("submit: %v", err)
	}
	if decided, err := r.registry.Poll(ctx, ndid, ask, nil); err != nil || !decided {
		t.Errorf("poll: %v, %v", decided, err)
	}
	for name, call := range map[string]func(id hub.ProviderID, ask login.Ask) error{
		"submit": func(id hub.ProviderID, ask login.Ask) error {
			_, err := r.registry.Submit(ctx, id, ask, login.Answer{})
			return err
		},
		"poll": func(id hub.ProviderID, ask login.Ask) error {
			_, err := r.registry.Poll(ctx, id, ask, nil)
			return err
		},
	} {
		for what, x := range map[string]struct {
			id   hub.ProviderID
			want hub.Level
			kind hub.Kind
		}{
			"nobody": {"nobody", ask.Want, hub.NotFound}, "one with pages": {"idp", ask.Want, hub.Unavailable},
			"too high": {ndid, hub.Level{IAL: hub.IAL3, AAL: hub.AAL3}, hub.LevelUnmet},
		} {
			if err := call(x.id, login.Ask{Want: x.want}); !errors.Is(err, x.kind) {
				t.Errorf("%s, %s: %v", name, what, err)
			}
		}
	}
	c.err = hub.E("x", hub.Unavailable, NodeNotReady)
	if decided, err := r.registry.Poll(ctx, ndid, ask, nil); err == nil || decided {
		t.Errorf("a decision with an error: %v, %v", decided, err)
	}
	for range troubleAfter {
		_, _ = r.registry.Submit(ctx, ndid, ask, login.Answer{})
	}
	trouble := false
	for _, h := range r.registry.Health() {
		trouble = trouble || h.Provider == ndid && h.Trouble
	}
	if !trouble {
		t.Error("nobody notes that it fails")
	}
	c.err = nil
	for _, id := range []hub.ProviderID{"nobody", "idp"} {
		if err := r.registry.Abandon(ctx, id, ask, nil); err == nil {
			t.Errorf("%s is told", id)
		}
	}
	if err := r.registry.Abandon(ctx, ndid, login.Ask{Want: hub.Level{IAL: hub.IAL3}}, nil); err != nil || c.abandoned != 1 {
		t.Errorf("abandon, whatever was wanted: %v", err)
	}
}

func TestOneConnectorForAProtocol(t *testing.T) {
	t.Parallel()
	c := &fakeInteractive{}
	good := Options{Store: &memoryStore{}, Clock: time.Now, Interactive: map[string]Interactive{NationalDigitalID: c}}
	if _, err := New(good); err != nil {
		t.Error(err)
	}
	for name, change := range map[string]func(*Options){
		"two":   func(o *Options) { o.Connectors = map[string]Upstream{NationalDigitalID: c} },
		"empty": func(o *Options) { o.Interactive = map[string]Interactive{NationalDigitalID: nil} },
	} {
		o := good
		change(&o)
		if _, err := New(o); !errors.Is(err, hub.Internal) {
			t.Errorf("%s: %v", name, err)
		}
	}
	r, err := New(good)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Abandon(t.Context(), "x", login.Ask{}, nil); !errors.Is(err, hub.Unavailable) {
		t.Errorf("before the first refresh: %v", err)
	}
}
