package contact

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"time"

	"onedoor/hub"
	"onedoor/hub/notice"
)

// Book opens the addresses: it is the one place that does.
type Book struct {
	store Store
	vault Vault
	ways  map[Kind]Carrier
}

// NewBook gives a book that reaches people through the carriers. Invalid where something is missing or two carriers are for one kind.
func NewBook(store Store, vault Vault, carriers ...Carrier) (*Book, error) {
	const op = "contact.NewBook"
	if store == nil || vault == nil {
		return nil, hub.Errorf(op, hub.Invalid, "no store or vault")
	}
	b := &Book{store, vault, map[Kind]Carrier{}}
	for _, c := range carriers {
		if c == nil || c.Channel() == "" || b.ways[c.Kind()] != nil {
			return nil, hub.Errorf(op, hub.Invalid, "a carrier without a kind of its own")
		}
		b.ways[c.Kind()] = c
	}
	return b, nil
}

// Kinds lists the kinds of addresses that can be reached.
func (b *Book) Kinds() []Kind {
	var all []Kind
	for _, k := range []Kind{Email, Phone} {
		if b.ways[k] != nil {
			all = append(all, k)
		}
	}
	return all
}

// place ties a sealed thing to its contact: moved to another row it does not open.
func place(what, contact string, account hub.AccountID) string {
	return "contact|" + what + "|" + contact + "|" + string(account)
}

func (b *Book) open(r Row) (string, error) {
	if len(r.Sealed) == 0 {
		return "", hub.Errorf("contact.open", hub.NotFound, "the address was erased")
	}
	plain, err := b.vault.Open(place("address", r.ID, r.Account), r.Sealed)
	return string(plain), err
}

// Shown is a contact as its own person sees it.
type Shown struct {
	Contact
	Masked string
}

// Of lists an account's contacts for their own person, oldest first, the removed ones among them as long as they are told.
func (b *Book) Of(ctx context.Context, account hub.AccountID) ([]Shown, error) {
	rows, err := b.store.Of(ctx, account)
	if err != nil {
		return nil, err
	}
	all := make([]Shown, len(rows))
	for i, r := range rows {
		address, err := b.open(r)
		if err != nil {
			return nil, err
		}
		all[i] = Shown{r.Contact, Mask(r.Kind, address)}
	}
	return all, nil
}

// Whom implements notice.Contacts.
func (b *Book) Whom(ctx context.Context, account hub.AccountID, at time.Time) ([]notice.Contact, error) {
	rows, err := b.store.Of(ctx, account)
	if err != nil {
		return nil, err
	}
	var all []notice.Contact
	for _, r := range rows {
		if way := b.ways[r.Kind]; way != nil && r.Told(at) && !again(rows, r) {
			all = append(all, notice.Contact{ID: r.ID, Channel: way.Channel()})
		}
	}
	return all, nil
}

// again reports whether a removed contact was added again: then its address is told once.
func again(rows []Row, r Row) bool {
	return !r.RemovedAt.IsZero() && slices.ContainsFunc(rows, func(o Row) bool {
		return o.RemovedAt.IsZero() && !o.VerifiedAt.IsZero() && bytes.Equal(o.Hash, r.Hash)
	})
}

// Notifiers gives the notice.Notifier of every carrier. The words are those of the notice in the contact's language; site is the hub's
// address, as they name it.
func (b *Book) Notifiers(site string) []notice.Notifier {
	var all []notice.Notifier
	for _, k := range b.Kinds() {
		all = append(all, teller{b, b.ways[k], site})
	}
	return all
}

// teller tells notices through one carrier.
type teller struct {
	book *Book
	way  Carrier
	site string
}

// Channel implements notice.Notifier.
func (t teller) Channel() string { return t.way.Channel() }

// Notify implements notice.Notifier.
func (t teller) Notify(ctx context.Context, n notice.Notice, contact string) error {
	const op = "contact.Notify"
	r, err := t.book.store.ByID(ctx, contact)
	if err != nil {
		return err
	}
	if r.Account != n.Account || r.Kind != t.way.Kind() || !r.Told(n.At) {
		return hub.Errorf(op, hub.NotFound, "not a contact that is told of this")
	}
	address, err := t.book.open(r)
	if err != nil {
		return err
	}
	m, ok := words(n, r.Contact, t.site)
	if !ok {
		return hub.Errorf(op, hub.Refused, "no words for this kind of notice")
	}
	return t.way.Carry(ctx, address, m)
}

// Reseal seals every address anew under the first master key and tells how many there are.
func (b *Book) Reseal(ctx context.Context) (int, error) {
	const batch = 500
	count, last := 0, ""
	for {
		rows, err := b.store.After(ctx, last, batch)
		if err != nil {
			return count, err
		}
		for _, r := range rows {
			address, err := b.open(r)
			if err != nil {
				return count, err
			}
			sealed, err := b.vault.Seal(place("address", r.ID, r.Account), []byte(address))
			if err != nil {
				return count, err
			}
			if err := b.store.Reseal(ctx, r.ID, r.Sealed, sealed); err != nil && !errors.Is(err, hub.NotFound) {
				return count, err
			}
			count++
			last = r.ID
		}
		if len(rows) < batch {
			return count, nil
		}
	}
}
