package logintest

import (
	"context"
	"sync"
	"time"

	"onedoor/hub"
	"onedoor/hub/login"
	"onedoor/hub/session"
)

// Items knows how items stand, as it is told. An item that it was told nothing of is unknown.
type Items struct {
	mu     sync.Mutex
	known  map[string]Item
	Opened []Opened
}

// Item is how one stands with everybody.
type Item struct {
	Level    hub.Level
	MaxAge   time.Duration
	Missing  []string // none: open
	Opens    bool     // the person's word does it
	Approved bool     // it does not, without the staff's
	Fails    hub.Kind // of Stand
	Refuses  hub.Kind // of Open
}

// Opened is a word of a person's.
type Opened struct {
	Session hub.SessionID
	Item    string
	Once    bool
}

// Put tells how an item stands.
func (x *Items) Put(id string, i Item) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.known == nil {
		x.known = map[string]Item{}
	}
	x.known[id] = i
}

func (x *Items) get(id string) (Item, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	i, ok := x.known[id]
	if !ok {
		return Item{}, no(hub.Invalid)
	}
	return i, nil
}

// Needs implements login.Items.
func (x *Items) Needs(_ context.Context, wishes []login.Wish) (level hub.Level, age time.Duration, err error) {
	for _, w := range wishes {
		i, err := x.get(w.Item)
		if err != nil {
			return hub.Level{}, 0, err
		}
		level = level.Join(i.Level)
		if i.MaxAge > 0 && (age == 0 || i.MaxAge < age) {
			age = i.MaxAge
		}
	}
	return level, age, nil
}

// Stand implements login.Items.
func (x *Items) Stand(_ context.Context, _ login.Opener, wishes []login.Wish) (out []login.Standing, err error) {
	for _, w := range wishes {
		i, err := x.get(w.Item)
		if err == nil && i.Fails != "" {
			err = no(i.Fails)
		}
		if err != nil {
			return nil, err
		}
		out = append(out, login.Standing{Wish: w, Open: len(i.Missing) == 0, Opens: i.Opens, Approved: i.Approved, Missing: i.Missing})
	}
	return out, nil
}

// Open implements login.Items.
func (x *Items) Open(_ context.Context, s session.Session, item string, once bool) error {
	i, err := x.get(item)
	if err == nil && i.Refuses != "" {
		err = no(i.Refuses)
	}
	if err != nil {
		return err
	}
	if i.Missing, i.Opens = nil, false; i.Approved {
		i.Missing = []string{"not_approved"}
	}
	x.Put(item, i)
	x.mu.Lock()
	defer x.mu.Unlock()
	x.Opened = append(x.Opened, Opened{s.ID, item, once})
	return nil
}
