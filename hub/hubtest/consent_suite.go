package hubtest

import (
	"slices"
	"testing"
	"time"

	"onedoor/hub"
	"onedoor/hub/consent"
)

// ConsentStore is the conformance suite of consent.Store.
func ConsentStore(t *testing.T, open Open) {
	t.Run("UnchangedSeesEveryLaterRecord", func(t *testing.T) { t.Parallel(); consentUnchanged(t, NewWorld(t, open(t))) })
	t.Run("CON04_HistoryKeepsEveryDecision", func(t *testing.T) { t.Parallel(); consentHistory(t, NewWorld(t, open(t))) })
	t.Run("CON07_EachPurposeHasItsOwn", func(t *testing.T) { t.Parallel(); consentPurposes(t, NewWorld(t, open(t))) })
	t.Run("AllOrNone", func(t *testing.T) { t.Parallel(); consentAllOrNone(t, NewWorld(t, open(t))) })
}

// Consent gives a decision that is in no store yet.
func (w *World) Consent(account hub.AccountID, attribute hub.AttributeName, purpose string, d consent.Decision) consent.Record {
	return consent.Record{
		ID: w.ID(), Account: account, System: "tax", Attribute: attribute, Purpose: purpose, Decision: d, Version: "v1", Language: "th",
		At: w.Clock.Now(), Interaction: hub.InteractionID(w.ID()),
	}
}

func consentHistory(t *testing.T, w *World) {
	ctx := t.Context()
	a := w.Account(t)
	var all []consent.Record
	for _, d := range []consent.Decision{consent.Given, consent.Withdrawn, consent.Declined, consent.Given, consent.Withdrawn} {
		r := w.Consent(a.ID, hub.Birthdate, "return", d) // the clock stands: the order of arrival counts
		must(t, w.Consents.Add(ctx, r))
		all = append([]consent.Record{r}, all...)
		current, err := w.Consents.Current(ctx, a.ID, "tax")
		must(t, err)
		wantSame(t, "current", unnumbered(current), []consent.Record{r})
	}
	got, err := w.Consents.History(ctx, a.ID, 100)
	must(t, err)
	wantSame(t, "history, newest first", unnumbered(got), all)
	got, err = w.Consents.History(ctx, a.ID, 2)
	must(t, err)
	wantSame(t, "limited", unnumbered(got), all[:2])

	late := w.Consent(a.ID, hub.Birthdate, "return", consent.Given)
	late.At = Noon().Add(-time.Hour) // written by a node whose clock is behind
	must(t, w.Consents.Add(ctx, late))
	current, err := w.Consents.Current(ctx, a.ID, "tax")
	must(t, err)
	wantSame(t, "the latest to arrive counts", unnumbered(current), []consent.Record{late})
	none, err := w.Consents.History(ctx, w.Account(t).ID, 10)
	must(t, err)
	if len(none) != 0 {
		t.Errorf("another account's history: %v", none)
	}
}

func consentPurposes(t *testing.T, w *World) {
	ctx := t.Context()
	a := w.Account(t)
	give := w.Consent(a.ID, hub.Birthdate, "return", consent.Given)
	decline := w.Consent(a.ID, hub.Birthdate, "survey", consent.Declined)
	higher := w.Consent(a.ID, "", consent.HigherIdentity, consent.Given)
	other := w.Consent(a.ID, hub.Birthdate, "return", consent.Given)
	other.System = "health"
	must(t, w.Consents.Add(ctx, give, decline, higher, other))
	withdrawn := w.Consent(a.ID, hub.Birthdate, "return", consent.Withdrawn)
	must(t, w.Consents.Add(ctx, withdrawn))
	got, err := w.Consents.Current(ctx, a.ID, "tax")
	must(t, err)
	wantSame(t, "current", unnumbered(got), []consent.Record{higher, withdrawn, decline})
	got, err = w.Consents.Current(ctx, a.ID, "health")
	must(t, err)
	wantSame(t, "another system", unnumbered(got), []consent.Record{other})
	got, err = w.Consents.Current(ctx, w.Account(t).ID, "tax")
	must(t, err)
	if len(got) != 0 {
		t.Errorf("another account: %v", got)
	}
}

func consentAllOrNone(t *testing.T, w *World) {
	ctx := t.Context()
	a := w.Account(t)
	must(t, w.Consents.Add(ctx))
	first := w.Consent(a.ID, hub.Name, "return", consent.Given)
	must(t, w.Consents.Add(ctx, first))
	wantKind(t, "an id twice", w.Consents.Add(ctx, w.Consent(a.ID, hub.Gender, "return", consent.Given), first), hub.Conflict)
	bad := w.Consent(a.ID, hub.Gender, "return", "perhaps")
	wantKind(t, "an unknown decision", w.Consents.Add(ctx, w.Consent(a.ID, hub.Gender, "return", consent.Given), bad), hub.Invalid)
	many := make([]consent.Record, 120)
	for i := range many {
		many[i] = w.Consent(a.ID, hub.Address, w.ID(), consent.Given)
	}
	wantKind(t, "the last of many", w.Consents.Add(ctx, append(slices.Clone(many), first)...), hub.Conflict)
	got, err := w.Consents.History(ctx, a.ID, 1000)
	must(t, err)
	wantSame(t, "only the first stays", unnumbered(got), []consent.Record{first})
	must(t, w.Consents.Add(ctx, many...))
	got, err = w.Consents.History(ctx, a.ID, 1000)
	must(t, err)
	if len(got) != len(many)+1 {
		t.Errorf("%d records, want %d", len(got), len(many)+1)
	}
}

// unnumbered takes the order away, which the store gives.
func unnumbered(records []consent.Record) []consent.Record {
	out := slices.Clone(records)
	for i := range out {
		out[i].Seq = 0
	}
	return out
}

func consentUnchanged(t *testing.T, w *World) {
	ctx := t.Context()
	a := w.Account(t)
	must(t, w.Consents.Unchanged(ctx, a.ID, "tax", 0))
	must(t, w.Consents.Add(ctx, w.Consent(a.ID, hub.Name, "return", consent.Given), w.Consent(a.ID, hub.Gender, "return", consent.Given)))
	wantKind(t, "a first record", w.Consents.Unchanged(ctx, a.ID, "tax", 0), hub.Conflict)
	current, err := w.Consents.Current(ctx, a.ID, "tax")
	must(t, err)
	last := consent.Last(current)
	if len(current) != 2 || last == 0 || last != max(current[0].Seq, current[1].Seq) || current[0].Seq == current[1].Seq {
		t.Errorf("no order: %+v", current)
	}
	must(t, w.Consents.Unchanged(ctx, a.ID, "tax", last))
	other := w.Consent(a.ID, hub.Name, "return", consent.Given)
	other.System = "health"
	must(t, w.Consents.Add(ctx, other, w.Consent(w.Account(t).ID, hub.Name, "return", consent.Given)))
	must(t, w.Consents.Unchanged(ctx, a.ID, "tax", last)) // of another system, another account
	must(t, w.Consents.Add(ctx, w.Consent(a.ID, hub.Name, "return", consent.Withdrawn)))
	wantKind(t, "withdrawn", w.Consents.Unchanged(ctx, a.ID, "tax", last), hub.Conflict)
}
