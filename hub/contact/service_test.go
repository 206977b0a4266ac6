package contact_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"onedoor/hub"
	"onedoor/hub/contact"
	"onedoor/hub/hubsql"
	"onedoor/hub/hubtest"
	"onedoor/hub/hubtest/sqltest"
	"onedoor/hub/keys"
	"onedoor/hub/login/logintest"
	"onedoor/hub/notice"
	"onedoor/hub/sqldb"
)

func TestMain(m *testing.M) { os.Exit(sqltest.Run(m)) }

// post is a carrier that keeps what it carries.
type post struct {
	kind contact.Kind
	mu   sync.Mutex
	err  error
	got  []letter
}

type letter struct {
	to string
	contact.Message
}

func (p *post) Channel() string {
	return map[contact.Kind]string{contact.Email: "email", contact.Phone: "sms"}[p.kind]
}
func (p *post) Kind() contact.Kind { return p.kind }

func (p *post) Carry(_ context.Context, to string, m contact.Message) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.err != nil {
		return p.err
	}
	p.got = append(p.got, letter{to, m})
	return nil
}

// vault seals under a real master key.
type vault struct{ keys.Masters }

func (v vault) Seal(place string, plain []byte) ([]byte, error) {
	return v.SealSecret(rand.Reader, place, plain)
}

func (v vault) Open(place string, sealed []byte) ([]byte, error) {
	return v.OpenSecret(place, sealed)
}

type world struct {
	*contact.Service
	book    *contact.Book
	store   *hubsql.Contacts
	notices *notice.Service
	mail    *post
	sms     *post
	clock   *logintest.Clock
	mem     *logintest.Memory
	db      *sqldb.DB
	vault   vault
	id      hub.AccountID
	other   hub.AccountID
	ctx     context.Context
}

func newMasters(t *testing.T, n int) keys.Masters {
	t.Helper()
	var text []string
	for range n {
		text = append(text, keys.GenerateMaster(rand.Reader))
	}
	m, err := keys.ParseMasters(strings.Join(text, " "))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func newWorld(t *testing.T, db *sqldb.DB) *world {
	t.Helper()
	w := &world{
		mail: &post{kind: contact.Email}, sms: &post{kind: contact.Phone}, clock: logintest.NewClock(), db: db, vault: vault{newMasters(t, 1)},
		ctx: t.Context(),
	}
	w.mem = logintest.NewMemory(w.clock.Now)
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	stores, err := hubsql.New(db)
	must(err)
	hw := hubtest.NewWorld(t, hubtest.Stores{Accounts: stores.Accounts})
	w.id, w.other = hw.Account(t).ID, hw.Account(t).ID
	w.store, err = hubsql.NewContacts(db)
	must(err)
	w.book, err = contact.NewBook(w.store, w.vault, w.mail, w.sms)
	must(err)
	kept, err := hubsql.NewNotices(db)
	must(err)
	w.notices, err = notice.New(notice.Options{
		Store: kept, Audit: w.mem, Tx: db, Clock: w.clock.Now, Random: rand.Reader, Contacts: w.book, Notifiers: w.book.Notifiers("https://login.example"),
	})
	must(err)
	counters, err := hubsql.NewCounters(db)
	must(err)
	w.Service, err = contact.New(contact.Options{
		Site: "https://login.example", Store: w.store, Book: w.book, Vault: w.vault, Index: logintest.Index{}, Counter: counters, Notices: w.notices,
		Audit: w.mem, Tx: db, Clock: w.clock.Now, Random: rand.Reader, Country: "66",
	})
	must(err)
	return w
}

var six = regexp.MustCompile(`\b\d{6}\b`)

// code sends what is due and reads the latest code.
func (w *world) code(t *testing.T, by *post) string {
	t.Helper()
	before := len(by.got)
	if n, err := w.Send(w.ctx); err != nil || n == 0 {
		t.Fatalf("sent %d, %v", n, err)
	}
	if len(by.got) == before {
		t.Fatal("another way was taken")
	}
	return six.FindString(by.got[len(by.got)-1].Text)
}

// verified adds an address and proves it.
func (w *world) verified(t *testing.T, kind contact.Kind, address string) contact.Contact {
	t.Helper()
	c, err := w.Add(w.ctx, w.id, kind, address, "en")
	if err != nil {
		t.Fatal(err)
	}
	by := w.mail
	if kind == contact.Phone {
		by = w.sms
	}
	if err := w.Confirm(w.ctx, w.id, c.ID, w.code(t, by), "web"); err != nil {
		t.Fatal(err)
	}
	w.deliver(t)
	w.clock.Add(time.Microsecond)
	return c
}

func (w *world) deliver(t *testing.T) {
	t.Helper()
	if _, err := w.notices.Deliver(w.ctx); err != nil {
		t.Fatal(err)
	}
}

// heard gives the subjects that an address was told, in order, since a place in the post.
func heard(p *post, from int, to string) (all []string) {
	for _, l := range p.got[from:] {
		if l.to == to {
			all = append(all, l.Subject)
		}
	}
	return all
}

// AUD-09: an address counts once its code was typed in, once, within its time and its tries, by its own account.
func TestAUD09_AnAddressIsProvenByItsCode(t *testing.T) {
	t.Parallel()
	sqltest.Each(t, func(t *testing.T, db *sqldb.DB) {
		w := newWorld(t, db)
		c, err := w.Add(w.ctx, w.id, contact.Email, "Mali@Mail.example", "th")
		if err != nil {
			t.Fatal(err)
		}
		is := func(what string, err error, want hub.Kind) {
			t.Helper()
			if hub.KindOf(err) != want {
				t.Errorf("%s: %v, want %q", what, err, want)
			}
		}
		code := w.code(t, w.mail)
		if n, err := w.Send(w.ctx); n != 0 || err != nil {
			t.Errorf("sent again: %d, %v", n, err)
		}
		if l := w.mail.got[0]; l.to != "Mali@mail.example" || l.Language != "th" || !strings.Contains(l.Text, "login.example") || strings.Contains(l.Text, "http") {
			t.Errorf("%+v", l)
		}
		wrong := fmt.Sprintf("%06d", (atoi(code)+1)%1_000_000)
		is("another account", w.Confirm(w.ctx, w.other, c.ID, code, "web"), hub.NotFound)
		is("no such contact", w.Confirm(w.ctx, w.id, hub.NewID(rand.Reader), code, "web"), hub.NotFound)
		for range 4 {
			is("a wrong code", w.Confirm(w.ctx, w.id, c.ID, wrong, "web"), hub.Refused)
		}
		is("the fifth try", w.Confirm(w.ctx, w.id, c.ID, " "+code[:3]+" "+code[3:], "web"), "")
		is("once", w.Confirm(w.ctx, w.id, c.ID, code, "web"), hub.Consumed)
		is("nothing to renew", w.Resend(w.ctx, w.id, c.ID), hub.Consumed)

		late, err := w.Add(w.ctx, w.id, contact.Phone, "0812345678", "en")
		is("a phone", err, "")
		old := w.code(t, w.sms)
		is("a new code", w.Resend(w.ctx, w.id, late.ID), "")
		is("another's", w.Resend(w.ctx, w.other, late.ID), hub.NotFound)
		fresh := w.code(t, w.sms)
		if old != fresh {
			is("the old code", w.Confirm(w.ctx, w.id, late.ID, old, "web"), hub.Refused)
		}
		w.clock.Add(15 * time.Minute)
		is("past its time", w.Confirm(w.ctx, w.id, late.ID, fresh, "web"), hub.Expired)
		is("a new code", w.Resend(w.ctx, w.id, late.ID), "")
		fresh = w.code(t, w.sms)
		for range 5 {
			is("a wrong code", w.Confirm(w.ctx, w.id, late.ID, "x", "web"), hub.Refused)
		}
		is("the sixth try", w.Confirm(w.ctx, w.id, late.ID, fresh, "web"), hub.Expired)
	})
}

func atoi(s string) (n int) {
	for _, c := range s {
		n = n*10 + int(c-'0')
	}
	return n
}

// Of many requests with the right code at once one counts.
func TestAUD09_ACodeCountsOnce(t *testing.T) {
	t.Parallel()
	sqltest.Each(t, func(t *testing.T, db *sqldb.DB) {
		w := newWorld(t, db)
		c, err := w.Add(w.ctx, w.id, contact.Email, "a@b.co", "en")
		if err != nil {
			t.Fatal(err)
		}
		code := w.code(t, w.mail)
		var all sync.WaitGroup
		var mu sync.Mutex
		good := 0
		for range 5 {
			all.Go(func() {
				err := w.Confirm(w.ctx, w.id, c.ID, code, "web")
				mu.Lock()
				defer mu.Unlock()
				if err == nil {
					good++
				} else if k := hub.KindOf(err); k != hub.Consumed && k != hub.Expired {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if good != 1 {
			t.Errorf("%d counted", good)
		}
	})
}

// AUD-09: whoever takes an account over can't silence its owner. The old address hears of the new one, of its own removal, and of all that
// happens for 72 hours more; then its address is erased.
func TestAUD09_TheOldAddressIsNotSilenced(t *testing.T) {
	t.Parallel()
	sqltest.Each(t, func(t *testing.T, db *sqldb.DB) {
		w := newWorld(t, db)
		old := w.verified(t, contact.Phone, "0812345678")
		from := len(w.sms.got)
		w.verified(t, contact.Email, "attacker@evil.example")
		if err := w.Remove(w.ctx, w.other, old.ID, "web"); !errors.Is(err, hub.NotFound) {
			t.Fatalf("another account's: %v", err)
		}
		if err := w.Remove(w.ctx, w.id, old.ID, "web"); err != nil {
			t.Fatal(err)
		}
		w.deliver(t)
		w.clock.Add(contact.Parting - time.Minute)
		if err := w.notices.Raised(w.ctx, w.id, hub.Level{IAL: hub.IAL23, AAL: hub.AAL22}, "bank", "web"); err != nil {
			t.Fatal(err)
		}
		w.deliver(t)
		w.clock.Add(time.Minute)
		if err := w.notices.Raised(w.ctx, w.id, hub.Level{IAL: hub.IAL3, AAL: hub.AAL3}, "bank", "web"); err != nil {
			t.Fatal(err)
		}
		w.deliver(t)
		var texts []string
		for _, l := range w.sms.got[from:] {
			texts = append(texts, l.Text)
		}
		if len(texts) != 3 || !strings.Contains(texts[0], "added") || !strings.Contains(texts[1], "removed") || !strings.Contains(texts[2], "higher") {
			t.Errorf("the old address heard %q", texts)
		}
		if got := heard(w.mail, 0, "attacker@evil.example"); len(got) != 5 { // its code, itself, the removal, two levels
			t.Errorf("the new one heard %q", got)
		}
		if err := w.Remove(w.ctx, w.id, old.ID, "web"); err != nil {
			t.Errorf("a second time: %v", err)
		}
		w.clock.Add(6 * 24 * time.Hour)
		if n, err := w.Purge(w.ctx, w.clock.Now().Add(time.Second), 100); n != 1 || err != nil {
			t.Errorf("erased %d, %v", n, err)
		}
		if row, err := w.store.ByID(w.ctx, old.ID); err != nil || row.Sealed != nil || row.Hash != nil {
			t.Errorf("%+v, %v", row, err)
		}
	})
}

// What is removed and added again is told once.
func TestAUD09_AnAddressThatComesBackIsToldOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sqltest.SQLite(t))
	c := w.verified(t, contact.Email, "a@b.co")
	if err := w.Remove(w.ctx, w.id, c.ID, "web"); err != nil {
		t.Fatal(err)
	}
	w.deliver(t)
	w.verified(t, contact.Email, "A@b.co")
	from := len(w.mail.got)
	if err := w.notices.Changed(w.ctx, w.id, notice.AccountSuspended, "lost", "desk"); err != nil {
		t.Fatal(err)
	}
	w.deliver(t)
	if n := len(w.mail.got) - from; n != 1 {
		t.Errorf("told %d times", n)
	}
}

// AUD-09, PRV-14, BND-02: that an answer waits, and that a case was taken up at a counter, leaves by mail and by message, in the language of each address,
// says where to look, and gives no link to follow.
func TestAUD09_AnswersAndCountersAreToldInEachLanguage(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sqltest.SQLite(t))
	w.verified(t, contact.Phone, "0812345678")
	for _, lang := range hub.Languages() {
		c, err := w.Add(w.ctx, w.id, contact.Email, lang+"@mail.example", lang)
		if err != nil {
			t.Fatal(err)
		}
		if err := w.Confirm(w.ctx, w.id, c.ID, w.code(t, w.mail), "web"); err != nil {
			t.Fatal(err)
		}
	}
	w.deliver(t)
	w.clock.Add(time.Microsecond)
	for kind, where := range map[notice.Kind]map[string]string{
		notice.ComplaintAnswered: {"th": "ร้องเรียนและขอแก้ไขข้อมูล", "en": "Complaints and corrections", "zh": "投诉与更正", "vi": "Khiếu nại và đính chính"},
		notice.CounterConfirmed:  {"th": "เคาน์เตอร์", "en": "counter", "zh": "窗口", "vi": "quầy"},
	} {
		mails, messages := len(w.mail.got), len(w.sms.got)
		if err := w.notices.Changed(w.ctx, w.id, kind, "", "desk"); err != nil {
			t.Fatal(err)
		}
		w.deliver(t)
		if n := len(w.sms.got) - messages; n != 1 || w.sms.got[messages].Text == "" {
			t.Errorf("%s: %d messages", kind, n)
		}
		subjects := map[string]bool{}
		for _, m := range w.mail.got[mails:] {
			subjects[m.Subject] = true
			if !strings.Contains(m.Text, where[m.Language]) || strings.Contains(m.Text, "https://login.example/") {
				t.Errorf("%s in %s: %s", kind, m.Language, m.Text)
			}
		}
		if len(subjects) != len(hub.Languages()) {
			t.Errorf("%s: %v", kind, subjects)
		}
	}
}

// D3: nothing of an address or a code is in the database in the clear, or in the record, and the seal belongs to its row.
func TestD3_AddressesRestSealed(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sqltest.SQLite(t))
	c := w.verified(t, contact.Email, "mali.private@mail.example")
	d, err := w.Add(w.ctx, w.id, contact.Phone, "0812345678", "en")
	if err != nil {
		t.Fatal(err)
	}
	row, err := w.store.ByID(w.ctx, c.ID)
	if err != nil || bytes.Contains(row.Sealed, []byte("private")) || bytes.Contains(row.Hash, []byte("private")) {
		t.Fatalf("%+v, %v", row, err)
	}
	for _, e := range w.mem.Events() {
		if text := fmt.Sprintf("%+v", e); strings.Contains(text, "private") || strings.Contains(text, "812345678") {
			t.Errorf("the record holds an address: %s", text)
		}
	}
	shown, err := w.Of(w.ctx, w.id)
	if err != nil || len(shown) != 2 || shown[0].Masked != "m…@mail.example" || shown[1].Masked != "+66 … 78" {
		t.Errorf("%+v, %v", shown, err)
	}
	// A row that was swapped in the database does not open for another person.
	if err := w.db.Write(w.ctx).Exec("UPDATE contacts SET sealed = ? WHERE id = ?", row.Sealed, d.ID).Error; err != nil {
		t.Fatal(err)
	}
	if _, err := w.Of(w.ctx, w.id); err == nil {
		t.Error("a seal opens in another row")
	}
}

// A change of the master key takes the addresses along.
func TestReseal_TakesEveryAddressAlong(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sqltest.SQLite(t))
	w.verified(t, contact.Email, "a@b.co")
	w.verified(t, contact.Phone, "0812345678")
	both := vault{append(newMasters(t, 1), w.vault.Masters...)}
	book, err := contact.NewBook(w.store, both)
	if err != nil {
		t.Fatal(err)
	}
	if n, err := book.Reseal(w.ctx); n != 2 || err != nil {
		t.Fatalf("%d, %v", n, err)
	}
	after, err := contact.NewBook(w.store, vault{both.Masters[:1]})
	if err != nil {
		t.Fatal(err)
	}
	if shown, err := after.Of(w.ctx, w.id); err != nil || len(shown) != 2 || shown[0].Masked != "a…@b.co" {
		t.Errorf("%+v, %v", shown, err)
	}
	if _, err := w.Of(w.ctx, w.id); err == nil {
		t.Error("the old key still opens them")
	}
}

// Limits: five addresses, the same one once, eight codes an hour for an account and twelve a day to an address, whoever asks.
func TestSES22_CodesAndAddressesAreLimited(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sqltest.SQLite(t))
	first, err := w.Add(w.ctx, w.id, contact.Email, "a0@b.co", "en")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Add(w.ctx, w.id, contact.Email, "A0@B.co", "en"); !errors.Is(err, hub.Conflict) {
		t.Errorf("twice: %v", err)
	}
	for i := range 4 {
		if _, err := w.Add(w.ctx, w.id, contact.Email, fmt.Sprintf("a%d@b.co", i+1), "en"); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := w.Add(w.ctx, w.id, contact.Email, "a6@b.co", "en"); !errors.Is(err, hub.Conflict) {
		t.Errorf("a sixth: %v", err)
	}
	if err := w.Resend(w.ctx, w.id, first.ID); err != nil { // the eighth code
		t.Error(err)
	}
	if err := w.Resend(w.ctx, w.id, first.ID); !errors.Is(err, hub.TooMany) {
		t.Errorf("a ninth: %v", err)
	}
	w.clock.Add(time.Hour)
	for i := range 8 {
		if err := w.Resend(w.ctx, w.id, first.ID); err != nil {
			t.Fatalf("code %d: %v", i, err)
		}
	}
	w.clock.Add(time.Hour)
	if err := w.Resend(w.ctx, w.id, first.ID); err != nil { // to this address: 1 and 1 refused, 1, 8, 1
		t.Fatal(err)
	}
	if _, err := w.Add(w.ctx, w.other, contact.Email, "a0@b.co", "en"); !errors.Is(err, hub.TooMany) {
		t.Errorf("another account floods the mailbox: %v", err)
	}
	for _, bad := range []string{"x", "a@b.co\r\nBcc: c@d.co"} {
		if _, err := w.Add(w.ctx, w.other, contact.Email, bad, "en"); !errors.Is(err, hub.Invalid) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

// What can't be sent now is sent later; what nobody takes is not tried for ever; what nobody proved goes.
func TestSend_TriesAgainAndGivesUp(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sqltest.SQLite(t))
	if _, err := w.Add(w.ctx, w.id, contact.Email, "a@b.co", "en"); err != nil {
		t.Fatal(err)
	}
	w.mail.err = hub.E("test", hub.Unavailable, nil)
	if n, err := w.Send(w.ctx); n != 0 || !errors.Is(err, hub.Unavailable) {
		t.Fatalf("%d, %v", n, err)
	}
	w.mail.err = nil
	if n, err := w.Send(w.ctx); n != 0 || err != nil {
		t.Fatalf("at once: %d, %v", n, err)
	}
	w.clock.Add(5 * time.Second)
	if n, err := w.Send(w.ctx); n != 1 || err != nil {
		t.Fatalf("later: %d, %v", n, err)
	}
	if _, err := w.Add(w.ctx, w.id, contact.Email, "gone@b.co", "en"); err != nil {
		t.Fatal(err)
	}
	w.mail.err = hub.E("test", hub.Refused, nil)
	for range 3 {
		if n, err := w.Send(w.ctx); n != 0 || err != nil {
			t.Fatalf("refused: %d, %v", n, err)
		}
		w.clock.Add(time.Minute)
	}
	w.clock.Add(8 * 24 * time.Hour)
	if n, err := w.Purge(w.ctx, w.clock.Now(), 100); n != 2 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
	if shown, err := w.Of(w.ctx, w.id); err != nil || len(shown) != 0 {
		t.Errorf("%+v, %v", shown, err)
	}
}

// D5: without its event nothing of a change stands.
func TestD5_WithoutItsEventNoContact(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sqltest.SQLite(t))
	c := w.verified(t, contact.Email, "a@b.co")
	w.mem.Fail = func(op string) error {
		if op == "audit" {
			return hub.E("test", hub.Unavailable, nil)
		}
		return nil
	}
	if _, err := w.Add(w.ctx, w.id, contact.Email, "c@d.co", "en"); !errors.Is(err, hub.Unavailable) {
		t.Error(err)
	}
	if err := w.Remove(w.ctx, w.id, c.ID, "web"); !errors.Is(err, hub.Unavailable) {
		t.Error(err)
	}
	if shown, err := w.Of(w.ctx, w.id); err != nil || len(shown) != 1 || !shown[0].RemovedAt.IsZero() {
		t.Errorf("%+v, %v", shown, err)
	}
}
