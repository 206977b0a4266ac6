package consent_test

import (
	"slices"
	"testing"

	"onedoor/hub"
	"onedoor/hub/consent"
)

func TestOfflineAccessIsAskedRememberedAndFree(t *testing.T) {
	t.Parallel()
	level := hub.Level{IAL: hub.IAL21, AAL: hub.AAL21}
	facts := consent.Facts{Want: level, Have: level, Offline: true}
	asked := consent.Decide(nil, nil, nil, facts)
	if !asked.Offline || asked.Lasting || !asked.Page() {
		t.Fatalf("%+v", asked)
	}
	if quiet := consent.Decide(nil, nil, nil, consent.Facts{Want: level, Have: level}); quiet.Page() || quiet.Lasting {
		t.Errorf("asked without a wish: %+v", quiet)
	}
	for _, tc := range []struct {
		given   []string
		want    consent.Decision
		lasting bool
	}{{[]string{consent.OfflineKey}, consent.Given, true}, {nil, consent.Declined, false}, {[]string{"/other"}, consent.Declined, false}} {
		rulings, refused := asked.Accepted(tc.given)
		if refused || len(rulings) != 1 || rulings[0].Decision != tc.want || rulings[0].Purpose != consent.OfflineAccess || rulings[0].Attribute != "" {
			t.Fatalf("%v: %+v, refused %v: a no to it never ends the login", tc.given, rulings, refused)
		}
		then := consent.Decide(nil, nil, consent.After(nil, rulings), facts)
		if then.Page() || then.Lasting != tc.lasting {
			t.Errorf("%v: %+v", tc.given, then)
		}
		facts := facts
		facts.Again = true
		if again := consent.Decide(nil, nil, consent.After(nil, rulings), facts); !again.Offline || again.Lasting {
			t.Errorf("prompt=consent: %+v", again)
		}
	}
	withdrawn := []consent.Record{{Purpose: consent.OfflineAccess, Decision: consent.Withdrawn, Version: "offline-1"}}
	if then := consent.Decide(nil, nil, withdrawn, facts); !then.Offline || then.Lasting {
		t.Errorf("withdrawn: %+v", then)
	}
	if old := consent.Decide(nil, nil, []consent.Record{{Purpose: consent.OfflineAccess, Decision: consent.Given, Version: "offline-0"}}, facts); !old.Offline {
		t.Error("what was asked in other words counts")
	}
	if r := asked.Rejected(); len(r) != 0 {
		t.Errorf("a no to the whole leaves it open: %+v", r)
	}
	none := consent.Decide(nil, nil, nil, consent.Facts{Want: level, Have: level})
	if slices.Equal(asked.Digest("a"), none.Digest("a")) {
		t.Error("the page that asks has the digest of one that does not")
	}
}
