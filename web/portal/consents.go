package portal

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"slices"

	"onedoor/hub"
	"onedoor/hub/consent"
	"onedoor/hub/login"
	"onedoor/hub/session"
	"onedoor/web/server"
	"onedoor/web/view"
)

// Consents are the decisions of the person who is signed in, for the page that shows them and takes them back (CON-03, CON-06).
type Consents interface {
	// History gives the account's decisions, newest first, at most limit. Unavailable.
	History(ctx context.Context, account hub.AccountID, limit int) ([]consent.Record, error)
	// Withdraw takes back everything that was given to the system and ends what the system holds because of it. It tells how many
	// choices that were. Unavailable.
	Withdraw(ctx context.Context, account hub.AccountID, system hub.SystemID) (int, error)
}

const (
	consentsPath  = "/consents"
	aboutConsents = "consents"
	mostRecords   = 2000 // of one person: far above what somebody decides in years
)

// consents is GET /consents.
func (p *Portal) consents(w http.ResponseWriter, r *http.Request, s session.Session) {
	systems, err := p.decided(r.Context(), s.Account)
	if err != nil {
		p.v.Fail(w, r, err, consentsPath)
		return
	}
	p.v.Show(w, r, http.StatusOK, consentsPath, true, view.ConsentsPage{
		Done: r.URL.Query().Get("done") == "1", Token: p.v.Token(w, r, aboutConsents), Systems: systems,
	})
}

// decided gives what is in force, by system, the latest first.
func (p *Portal) decided(ctx context.Context, account hub.AccountID) ([]view.ConsentsSystem, error) {
	records, err := p.o.Consents.History(ctx, account, mostRecords)
	if err != nil {
		return nil, err
	}
	type choice struct {
		system    hub.SystemID
		attribute hub.AttributeName
		purpose   string
	}
	seen := make(map[choice]bool)
	var systems []view.ConsentsSystem
	for _, rec := range records { // newest first: the first of a choice is the one in force
		c := choice{rec.System, rec.Attribute, rec.Purpose}
		if seen[c] || rec.Attribute == "" && rec.Purpose != consent.OfflineAccess { // the decision of LOA-06 is about no attribute
			continue
		}
		seen[c] = true
		i := slices.IndexFunc(systems, func(s view.ConsentsSystem) bool { return s.System.ID == rec.System })
		if i < 0 {
			system, err := p.o.Names.Directory.System(ctx, rec.System)
			if err != nil && !errors.Is(err, hub.NotFound) {
				return nil, err
			}
			system.ID = rec.System
			systems = append(systems, view.ConsentsSystem{System: system})
			i = len(systems) - 1
		}
		rule := ruleOf(systems[i].System, rec)
		systems[i].Choices = append(systems[i].Choices, view.ConsentsChoice{
			Attribute: rec.Attribute, Text: rule.Text, Decision: rec.Decision, At: rec.At, Required: rule.Required, Effect: rule.Effect,
		})
		systems[i].Given = systems[i].Given || rec.Decision == consent.Given
	}
	order := hub.AttributeNames()
	for _, s := range systems {
		slices.SortStableFunc(s.Choices, func(a, b view.ConsentsChoice) int {
			return cmp.Compare(slices.Index(order, a.Attribute), slices.Index(order, b.Attribute))
		})
	}
	return systems, nil
}

// ruleOf gives what a decision is about as the register has it now; the zero rule where it is not there any more.
func ruleOf(s login.System, rec consent.Record) consent.Rule {
	for _, rule := range s.Rules {
		if rule.Attribute == rec.Attribute && rule.Purpose == rec.Purpose {
			return rule
		}
	}
	return consent.Rule{}
}

// withdraw is POST /consents: as easy as giving was (CON-03).
func (p *Portal) withdraw(w http.ResponseWriter, r *http.Request) {
	form, err := p.v.Form(r, aboutConsents)
	if err != nil {
		p.v.Fail(w, r, err, consentsPath)
		return
	}
	system := form.Get("system")
	if !hub.ValidName(system) {
		p.v.Fail(w, r, hub.Errorf("portal.withdraw", hub.Invalid, "no such system"), consentsPath)
		return
	}
	s, in, err := p.v.SignedIn(r)
	if err == nil && !in {
		err = hub.Errorf("portal.withdraw", server.NoCookie, "not signed in")
	}
	if err == nil {
		_, err = p.o.Consents.Withdraw(r.Context(), s.Account, hub.SystemID(system))
	}
	if err == nil {
		err = p.v.Settle(r.Context()) // tokens that rested on it are dead on every node before we say so (D2)
	}
	if err != nil {
		p.v.Fail(w, r, err, consentsPath)
		return
	}
	http.Redirect(w, r, consentsPath+"?done=1", http.StatusSeeOther)
}
