package login

import (
	"context"
	"crypto/sha256"
	"slices"
	"strconv"
	"strings"
	"time"

	"onedoor/hub"
	"onedoor/hub/audit"
	"onedoor/hub/session"
)

// Wish is a service item that a system asks for in the login itself, with what is to be done with it. The login is led to the level that the
// item asks for, and to the page where the person opens it.
type Wish struct {
	Item    string
	Actions []string
}

// The ends of a login that was about items, in finer words.
const (
	ItemNeeded  hub.Kind = "item_needed"  // passive, and a page would have to be shown
	ItemRefused hub.Kind = "item_refused" // the person could open the item, and keeps it closed
	ItemClosed  hub.Kind = "item_closed"  // it is not the person's to open: a delegation or an approval is missing, say
)

// Opener is who is asked about an item: a person at a system, for themselves or for an entity.
type Opener struct {
	Session session.Session
	Entity  hub.EntityID
	System  System
}

// Standing is how a wished item stands with the person, here and now.
type Standing struct {
	Wish
	Names   hub.Text
	Version int64 // of the item
	Open    bool
	// Opens says that the person's own word is all that is missing, and Approved that the department's staff has its say after it.
	Opens, Approved bool
	Missing         []string // why not, in machine words of package authz; nil where it is open
}

// Items knows how items stand; authz.Walk has it.
type Items interface {
	// Needs gives the level that the wishes ask for together, and how old the login may be at most, 0 for any. Invalid: an item is unknown.
	// Unavailable.
	Needs(ctx context.Context, wishes []Wish) (hub.Level, time.Duration, error)
	// Stand tells how each stands, in the order of the wishes. Invalid, Unavailable.
	Stand(ctx context.Context, who Opener, wishes []Wish) ([]Standing, error)
	// Open is the person's word: open from now on or, where it is for once, in this session only. LevelUnmet: they must authenticate better.
	// Suspended, NotFound: it can't be opened. Unavailable.
	Open(ctx context.Context, s session.Session, item string, once bool) error
}

// ItemsView is what the page of items shows.
type ItemsView struct {
	Closed []Standing // in the order of the wishes, those that are open left out
	// Opens says that the person's own word about each of them is all that is missing.
	Opens bool
	// Once says that they can be opened for this sign-in alone.
	Once bool
	Acts *Party // for whom the person acts, where they do for an entity
}

// ItemsAnswer is what came back from it.
type ItemsAnswer struct {
	Open bool // false: the person keeps them closed, or gives up
	Once bool // for this sign-in alone
}

// raised puts what the items of a request ask for into its level and age, so that every step sees one request. Invalid, Unavailable.
func (s *Service) raised(ctx context.Context, req Request) (Request, error) {
	const op = "login.raised"
	if len(req.Items) == 0 {
		return req, nil
	}
	if s.o.Items == nil {
		return req, hub.Errorf(op, hub.Invalid, "nobody knows about items")
	}
	level, age, err := s.o.Items.Needs(ctx, req.Items)
	if err != nil {
		return req, err
	}
	req.Want = req.Want.Join(level)
	if age > 0 && (req.MaxAge == nil || age < *req.MaxAge) {
		req.MaxAge = &age
	}
	return req, nil
}

// Items takes the answer of the page of items. An opening counts only for the page as it was shown.
func (s *Service) Items(ctx context.Context, id hub.TransactionID, answer ItemsAnswer, b Browser) (Next, error) {
	return s.perform(ctx, id, b, func(j *journey) {
		if j.tx.Step == StepItems {
			j.opening = &answer
		}
	})
}

// opened goes on where every item that was asked for is open to the person, and else asks them to open it or says what is missing. Whoever
// has just arrived gets their session first: an item is opened by somebody who is signed in, and looked at in the next call.
func (s *Service) opened(ctx context.Context, j *journey) (bool, error) {
	if len(j.tx.Request.Items) == 0 {
		j.tx.Step = StepConsent
		return false, nil
	}
	acct, _, known := j.person()
	if !known {
		j.tell(hub.Expired, "", "")
		j.reset()
		return false, nil
	}
	if settled, err := s.decided(ctx, j, acct); err != nil || !settled {
		return false, err
	}
	if j.arrived != nil {
		j.show(View{Step: StepItems})
		return true, nil
	}
	who := Opener{Session: j.live.session, System: j.system}
	if j.acts != nil {
		who.Entity = j.acts.Entity
	}
	all, err := s.o.Items.Stand(ctx, who, j.tx.Request.Items)
	if err != nil {
		return false, err
	}
	view, open := viewOf(all, j.acts)
	if open {
		j.tx.Step, j.tx.Private = StepConsent, nil
		return false, nil
	}
	answer := j.opening
	j.opening = nil
	digest := view.digest(acct)
	switch {
	case j.tx.Request.Passive:
		j.closed(ItemNeeded, view)
		return false, nil
	case answer != nil && !answer.Open: // a no is a no to whatever the page would say by now
		kind := ItemClosed
		if view.Opens {
			kind = ItemRefused
		}
		j.closed(kind, view)
		return false, nil
	case answer != nil && view.Opens && slices.Equal(j.tx.Private, digest) && (view.Once || !answer.Once):
		for _, x := range view.Closed {
			err := s.o.Items.Open(ctx, j.live.session, x.Item, answer.Once)
			if hub.KindOf(err) == hub.LevelUnmet { // the item asks for more than it did when the login began
				j.closed(hub.LevelUnmet, view)
				return false, nil
			}
			if err != nil {
				return false, err
			}
		}
		return false, nil // look again
	}
	j.tx.Private = digest
	j.show(View{Step: StepItems, Items: &view})
	return true, nil
}

// viewOf gives the page for how the items stand, and whether all are open.
func viewOf(all []Standing, acts *Party) (ItemsView, bool) {
	v := ItemsView{Opens: true, Once: true}
	if acts != nil && acts.Entity != "" {
		v.Acts = acts
	}
	for _, x := range all {
		if x.Open || slices.ContainsFunc(v.Closed, func(y Standing) bool { return y.Item == x.Item && slices.Equal(y.Missing, x.Missing) }) {
			continue
		}
		v.Closed = append(v.Closed, x)
		v.Opens = v.Opens && x.Opens
		v.Once = v.Once && !x.Approved
	}
	v.Once = v.Once && v.Opens
	return v, len(v.Closed) == 0
}

// digest marks a page: what a person agrees to is what they saw.
func (v ItemsView) digest(account hub.AccountID) []byte {
	h := sha256.New()
	write := func(words ...string) {
		for _, w := range words {
			h.Write([]byte(w))
			h.Write([]byte{0})
		}
	}
	write("items", string(account))
	if v.Acts != nil {
		write(string(v.Acts.Entity))
	}
	for _, x := range v.Closed {
		write(x.Item, strconv.FormatInt(x.Version, 10), strings.Join(x.Missing, " "))
	}
	return h.Sum(nil)
}

// closed ends the login because of items that are closed.
func (j *journey) closed(kind hub.Kind, v ItemsView) {
	j.end(kind, string(kind))
	var why []string
	for _, x := range v.Closed {
		why = append(why, x.Missing...)
	}
	slices.Sort(why)
	e := &j.events[len(j.events)-1]
	e.Account, e.Session = j.live.session.Account, j.live.session.ID
	why = slices.Compact(why)
	const told = 8 // words that a detail of the record has room for
	e.Detail = map[string]string{"item": v.Closed[0].Item, "closed": strconv.Itoa(len(v.Closed)), "missing": strings.Join(why[:min(len(why), told)], ",")}
	if e.Outcome == audit.Failure {
		e.Outcome = audit.Refusal
	}
}
