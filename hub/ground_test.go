package hub

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"
)

func TestErrorIsItsKind(t *testing.T) {
	t.Parallel()
	inner := errors.New("cause")
	err := fmt.Errorf("outer: %w", E("session.Resume", Expired, inner))
	if !errors.Is(err, Expired) || errors.Is(err, NotFound) || !errors.Is(err, inner) {
		t.Errorf("errors.Is does not see the kind or the cause of %v", err)
	}
	if KindOf(err) != Expired || KindOf(inner) != Internal || KindOf(nil) != "" || KindOf(Denied) != Denied {
		t.Error("KindOf")
	}
	if got := E("a.B", Invalid, nil).Error(); got != "a.B: invalid" {
		t.Errorf("text = %q", got)
	}
}

// PRV-01: identifiers are random, and of one form that can be checked before a foreign one is used.
func TestPRV01_IDsAreRandomAndOfOneForm(t *testing.T) {
	t.Parallel()
	seen := make(map[string]bool)
	for range 10_000 {
		id := NewID(rand.Reader)
		if !ValidID(id) {
			t.Fatalf("%q is not valid", id)
		}
		if seen[id] {
			t.Fatalf("%q came twice", id)
		}
		seen[id] = true
	}
	for _, bad := range []string{"", "short", strings.Repeat("A", 26), strings.Repeat("a", 27), strings.Repeat("1", 26), "aaaaaaaaaaaaaaaaaaaaaaaaa\n"} {
		if ValidID(bad) {
			t.Errorf("%q passes", bad)
		}
	}
	for name, ok := range map[string]bool{"thaid": true, "bank-1": true, "": false, "1bank": false, "Bank": false, "a/b": false, strings.Repeat("a", 39): true, strings.Repeat("a", 40): false, "a12345678": true, "a123456789": false} {
		if ValidName(name) != ok {
			t.Errorf("ValidName(%q) = %v", name, !ok)
		}
	}
}

// SES-02: 256 bits of entropy, no value twice.
func TestSES02_SecretsHave256BitsAndDoNotRepeat(t *testing.T) {
	t.Parallel()
	const n = 1_000_000
	seen := make(map[Secret]struct{}, n)
	for range n {
		seen[NewSecret(rand.Reader)] = struct{}{}
	}
	if len(seen) != n {
		t.Fatalf("%d of %d secrets are distinct", len(seen), n)
	}
	s := NewSecret(rand.Reader)
	back, err := ParseSecret(s.Reveal())
	if err != nil || back != s || len(s.Bytes()) != 32 || s.IsZero() {
		t.Fatalf("round trip: %v", err)
	}
	for _, bad := range []string{"", s.Reveal() + "A", s.Reveal()[:42], s.Reveal()[:42] + "!", s.Reveal()[:42] + "B"} {
		if got, err := ParseSecret(bad); err == nil && got.Reveal() != bad {
			t.Errorf("ParseSecret took a second spelling of the same bits: %d characters", len(bad))
		}
	}
}

// Invariant 2: what holds a secret or a person prints and logs nothing of it.
func TestInvariant2_NothingPersonalPrints(t *testing.T) {
	t.Parallel()
	secret := NewSecret(rand.Reader)
	attrs := Attributes{GivenName: {Value: "สมหญิง"}, CitizenID: {Value: "1234567890121"}}
	person := PersonNumber{Kind: "th.citizen", Value: "1234567890121"}
	identity := Identity{Provider: "thaid", Subject: "1234567890121", Person: person, Attributes: attrs}
	var log bytes.Buffer
	logger := slog.New(slog.NewJSONHandler(&log, nil))
	logger.Info("all", "secret", secret, "attrs", attrs, "person", person, "identity", identity)
	text := log.String() + fmt.Sprintf("%v %+v %#v %s", secret, secret, secret, secret) + fmt.Sprintf("%v %+v %#v", attrs, attrs, attrs) +
		fmt.Sprintf("%v %+v %#v", person, person, person) + fmt.Sprintf("%v %+v %#v", identity, identity, identity)
	for _, leak := range []string{"สมหญิง", "1234567890121", secret.Reveal(), fmt.Sprint(secret.Bytes())} {
		if strings.Contains(text, leak) {
			t.Errorf("%q leaks", leak)
		}
	}
	if _, err := json.Marshal(secret); err == nil {
		t.Error("a secret went into JSON")
	}
}

func TestAttributesOnlyReleaseWhatIsNamed(t *testing.T) {
	t.Parallel()
	a := Attributes{GivenName: {Value: "a", At: time.Unix(1, 0)}, Address: {Value: "b"}}
	got := a.Only([]AttributeName{GivenName, Birthdate})
	if len(got) != 1 || got[GivenName] != a[GivenName] {
		t.Errorf("got %d attributes", len(got))
	}
	for _, forbidden := range []AttributeName{"laser_id", "chip_no", "card_request_no", "smartcard_code"} {
		if forbidden.Known() {
			t.Errorf("PRV-04: %s has a name in the dictionary", forbidden)
		}
	}
}

func TestInteractionTravelsInContext(t *testing.T) {
	t.Parallel()
	ctx := WithInteraction(context.Background(), "abc")
	if InteractionFrom(ctx) != "abc" || InteractionFrom(context.Background()) != "" {
		t.Error("interaction id lost")
	}
}

func TestTextFallsBack(t *testing.T) {
	t.Parallel()
	text := Text{"th": "ก", "en": "a"}
	if text.In("zh") != "a" || text.In("th") != "ก" || (Text{"th": "ก"}).In("vi") != "ก" {
		t.Error("fallback")
	}
	if m := text.Missing(); len(m) != 2 || m[0] != "zh" || m[1] != "vi" {
		t.Errorf("missing = %v", m)
	}
}

func FuzzParseSecret(f *testing.F) {
	f.Add("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")
	f.Add("")
	f.Fuzz(func(t *testing.T, s string) {
		if got, err := ParseSecret(s); err == nil && got.Reveal() != s {
			t.Fatalf("%q has a second spelling", s)
		}
	})
}

func TestAUD05_TheEdgeSeesTheInteractionThatARoomBelowFound(t *testing.T) {
	t.Parallel()
	ctx, last := WatchInteraction(t.Context())
	if got := last(); got != "" {
		t.Fatalf("before the first: %q", got)
	}
	outer := WithInteraction(ctx, "fresh")
	inner := WithInteraction(outer, "of-the-login")
	if last() != "of-the-login" || InteractionFrom(inner) != "of-the-login" || InteractionFrom(outer) != "fresh" {
		t.Fatalf("last %q, inner %q, outer %q", last(), InteractionFrom(inner), InteractionFrom(outer))
	}
}

func TestBeginInteractionIsWatchAndWithAtOnce(t *testing.T) {
	t.Parallel()
	type key struct{}
	ctx, last := BeginInteraction(context.WithValue(t.Context(), key{}, "kept"), "fresh")
	if last() != "fresh" || InteractionFrom(ctx) != "fresh" || ctx.Value(key{}) != "kept" {
		t.Fatalf("at first: last %q, of the context %q", last(), InteractionFrom(ctx))
	}
	inner := WithInteraction(ctx, "of-the-login")
	if last() != "of-the-login" || InteractionFrom(inner) != "of-the-login" || InteractionFrom(ctx) != "fresh" {
		t.Fatalf("then: last %q, inner %q, outer %q", last(), InteractionFrom(inner), InteractionFrom(ctx))
	}
}
