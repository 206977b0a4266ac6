package ssf_test

import (
	"context"
	"errors"
	"net/http"
	"testing"

	"onedoor/hub"
	"onedoor/hub/hubtest/sqltest"
	"onedoor/hub/sqldb"
	"onedoor/hub/ssf"
)

const theNumber = "SSO20260000000001"

// Entity implements ssf.Entities.
func (w *world) Entity(_ context.Context, system hub.SystemID, entity hub.EntityID) (string, error) {
	return "firm-" + string(system) + "-" + string(entity), nil
}

// Number implements ssf.Numbers.
func (w *world) Number(_ context.Context, binding string) (string, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if binding != "b1" || w.sealed {
		return "", hub.Errorf("test", hub.Unavailable, "it does not open")
	}
	return theNumber, nil
}

func (w *world) bound(m ssf.Binding) {
	w.t.Helper()
	m.ID, m.Kind, m.State, m.Reason, m.Way, m.IAL, m.By, m.At, m.Interaction = "b1", "insured", "suspended", "suspicious", "match", "2.3", "admin", w.clock.Now(), "i1"
	if err := w.tx.InTx(w.t.Context(), func(ctx context.Context) error { return w.ssf.Binding(ctx, m) }); err != nil {
		w.t.Fatal(err)
	}
}

// BND-04, BND-06: what became of a record reaches the systems of the department that have subscribed to it, each under its own names, with the number, which
// never rests in the clear; and no stream that has not asked for it.
func TestBND06_ABindingsEventGetsItsNumberAsItLeaves(t *testing.T) {
	t.Parallel()
	sqltest.Each(t, func(t *testing.T, db *sqldb.DB) {
		w := newWorld(t, db)
		of := func(system string) string {
			status, s := w.call(http.MethodPost, ssf.StreamsPath, system, `{"events_requested":["`+ssf.BindingChanged+`"]}`)
			if status != http.StatusCreated || len(s["events_delivered"].([]any)) != 1 {
				t.Fatalf("%d %v", status, s)
			}
			return s["stream_id"].(string)
		}
		social, desk := of("social"), of("land") // which has no names for people
		other := w.create("other", "")           // wants ends of sessions only
		w.bound(ssf.Binding{Account: "a1", Sequence: 3, Systems: []hub.SystemID{"social", "land", "other"}})
		var rests int
		if err := db.Read(t.Context()).Raw("SELECT COUNT(*) FROM ssf_events WHERE claims LIKE ?", "%"+theNumber+"%").Row().Scan(&rests); err != nil || rests != 0 {
			t.Errorf("D3: the number rests in the clear: %d %v", rests, err)
		}
		got := w.poll("social", social, atOnce)
		if len(got) != 1 {
			t.Fatalf("%v", got)
		}
		var last string
		for jti, c := range got {
			last = jti
			subject, _ := c["sub_id"].(map[string]any)
			events, _ := c["events"].(map[string]any)
			e, _ := events[ssf.BindingChanged].(map[string]any)
			if subject["format"] != "iss_sub" || subject["sub"] != "sub-social-a1" || c["aud"] != "social" || c["exp"] != nil || len(events) != 1 ||
				e["record"] != theNumber || e["record_kind"] != "insured" || e["state"] != "suspended" || e["reason"] != "suspicious" || e["sequence"] != 3.0 ||
				e["initiating_entity"] != "admin" || e["binding"] != "b1" || e["way"] != "match" || e["ial"] != "2.3" || e["event_timestamp"] == nil {
				t.Errorf("%v", c)
			}
		}
		if len(w.poll("land", desk, atOnce))+len(w.poll("other", other, atOnce)) != 0 {
			t.Error("told to who has no name for the person, or has not asked")
		}
		// It waits while the number does not open, and comes the same afterwards.
		w.mu.Lock()
		w.sealed = true
		w.mu.Unlock()
		if status, _ := w.call(http.MethodPost, "/ssf/poll/"+social, "social", atOnce); status != http.StatusServiceUnavailable {
			t.Errorf("without the number: %d", status)
		}
		w.mu.Lock()
		w.sealed = false
		w.mu.Unlock()
		if again := w.poll("social", social, atOnce); again[last] == nil {
			t.Errorf("lost: %v", again)
		}
		w.poll("social", social, `{"returnImmediately":true,"ack":["`+last+`"]}`)
		// A legal entity is named as tokens name it; a muted subject is not spoken of.
		w.bound(ssf.Binding{Entity: "e1", Systems: []hub.SystemID{"social"}})
		for jti, c := range w.poll("social", social, atOnce) {
			if sub := c["sub_id"].(map[string]any)["sub"]; sub != "firm-social-e1" {
				t.Errorf("%v", sub)
			}
			w.poll("social", social, `{"returnImmediately":true,"ack":["`+jti+`"]}`)
		}
		if status, _ := w.call(http.MethodPost, ssf.RemovePath, "social", `{"stream_id":"`+social+`","subject":{"format":"iss_sub","iss":"`+issuer+`","sub":"sub-social-a1"}}`); status != http.StatusNoContent {
			t.Fatal(status)
		}
		w.bound(ssf.Binding{Account: "a1", Systems: []hub.SystemID{"social"}})
		if got := w.poll("social", social, atOnce); len(got) != 0 {
			t.Errorf("of a muted subject: %v", got)
		}
		// What is rolled back is not told.
		boom := errors.New("boom")
		err := db.InTx(t.Context(), func(ctx context.Context) error {
			if err := w.ssf.Binding(ctx, ssf.Binding{ID: "b1", Account: "a2", Systems: []hub.SystemID{"social"}}); err != nil {
				return err
			}
			return boom
		})
		if got := w.poll("social", social, atOnce); !errors.Is(err, boom) || len(got) != 0 {
			t.Errorf("%v %v", err, got)
		}
	})
}
