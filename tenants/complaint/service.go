package complaint

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"onedoor/hub"
	"onedoor/hub/audit"
	"onedoor/tenants/staff"
)

// Options are what a Service is made of. All are required.
type Options struct {
	Store   Store
	Keeping Keeping
	// Department reports whether the register has one.
	Department func(ctx context.Context, id hub.DepartmentID) bool
	// Told keeps for somebody that what they wrote was answered, to be told through another channel, in the transaction of the answer.
	Told    func(ctx context.Context, account hub.AccountID) error
	Counter Counter
	Index   Index
	Audit   audit.Recorder
	Tx      staff.Transactor
	Clock   hub.Clock
	Random  io.Reader
}

// Counter counts what all nodes must count together; hubsql.Counters has it.
type Counter interface {
	// Count counts one more and gives how many there are within the span that began with the first.
	Count(ctx context.Context, name string, key []byte, span time.Duration, now time.Time) (int, error)
}

// Index makes keyed hashes; keys.Ring has it.
type Index interface {
	Index(purpose string, parts ...string) []byte
}

// Service is the entrance, and the desk behind it.
type Service struct{ o Options }

// New checks the options. Invalid where one is missing.
func New(o Options) (*Service, error) {
	if o.Store == nil || o.Keeping == nil || o.Department == nil || o.Told == nil || o.Counter == nil || o.Index == nil || o.Audit == nil || o.Tx == nil || o.Clock == nil || o.Random == nil {
		return nil, hub.Errorf("complaint.New", hub.Invalid, "an option is missing")
	}
	return &Service{o}, nil
}

// Order is what somebody files.
type Order struct {
	Kind       Kind
	Department hub.DepartmentID // "" for the platform
	Text       string
	Channel    string
}

func (s *Service) now() time.Time { return s.o.Clock().UTC().Truncate(time.Microsecond) }

// letters are those of a reference: none that is read for another.
const letters = "23456789BCDFGHJKMNPQRSTVWXYZ"

// referenceLength is the number of letters, without the mark in the middle: 28^8 are enough that nobody finds one by trying.
const referenceLength = 8

// newReference makes one: "7KQM-2XHD".
func newReference(random io.Reader) string {
	b := make([]byte, 1)
	var out strings.Builder
	for n := 0; n < referenceLength; {
		if _, err := io.ReadFull(random, b); err != nil {
			panic("complaint: no randomness: " + err.Error()) // as hub.NewID does: nothing can go on without
		}
		if int(b[0]) >= 256/len(letters)*len(letters) {
			continue // the rest would make some letters more likely
		}
		if n == referenceLength/2 {
			out.WriteByte('-')
		}
		out.WriteByte(letters[int(b[0])%len(letters)])
		n++
	}
	return out.String()
}

// ValidReference reports whether a text can be a reference.
func ValidReference(text string) bool {
	a, b, ok := strings.Cut(text, "-")
	return ok && len(a) == referenceLength/2 && len(b) == referenceLength/2 && strings.Trim(a+b, letters) == ""
}

// clean gives a text in its one form: line breaks as "\n", no other control characters, no space around it. False for one that is too short, too
// long, or no text.
func clean(text string) (string, bool) {
	if !utf8.ValidString(text) {
		return "", false
	}
	text = strings.TrimSpace(strings.ReplaceAll(text, "\r\n", "\n"))
	odd := func(r rune) bool { // also what turns the direction of a text around: it could make an answer read as another
		return r != '\n' && unicode.IsControl(r) || r >= 0x202A && r <= 0x202E || r >= 0x2066 && r <= 0x2069
	}
	n := utf8.RuneCountInString(text)
	return text, n >= shortest && n <= longest && !strings.ContainsFunc(text, odd)
}

func (s *Service) event(kind string, c Case, detail map[string]string) audit.Event {
	if detail == nil {
		detail = map[string]string{}
	}
	detail["complaint"], detail["kind"] = c.ID, string(c.Kind)
	if c.Department != "" {
		detail["department"] = string(c.Department)
	}
	return audit.Event{Kind: kind, Outcome: audit.Success, Account: c.Account, Detail: detail}
}

// File takes a complaint or request. Invalid for a kind that is none, a department that is not in the register, or a text that is too short or too
// long; TooMany.
func (s *Service) File(ctx context.Context, account hub.AccountID, o Order) (Case, error) {
	const op, tries = "complaint.File", 5
	text, ok := clean(o.Text)
	if !ok || account == "" || o.Kind != Complaint && o.Kind != Correction || o.Department != "" && !s.o.Department(ctx, o.Department) {
		return Case{}, hub.Errorf(op, hub.Invalid, "no kind, addressee or text")
	}
	n, err := s.o.Counter.Count(ctx, "complaint.file", s.o.Index.Index("complaint-file", string(account)), 24*time.Hour, s.now())
	if err != nil {
		return Case{}, err
	}
	if n > mostADay {
		return Case{}, hub.Errorf(op, hub.TooMany, "enough for a day")
	}
	now := s.now()
	for range tries {
		c := Case{
			ID: hub.NewID(s.o.Random), Reference: newReference(s.o.Random), Account: account, Kind: o.Kind, Department: o.Department, State: Open,
			At: now, DueAt: now.Add(Term),
		}
		err = s.o.Tx.InTx(ctx, func(ctx context.Context) error {
			if err := s.o.Store.Add(ctx, c, text, mostOpen); err != nil {
				return err
			}
			e := s.event("complaint.filed", c, nil)
			e.Channel = o.Channel
			return s.o.Audit.Record(ctx, e)
		})
		if err == nil {
			return c, nil
		}
		if !errors.Is(err, hub.Conflict) { // another reference
			return Case{}, err
		}
	}
	return Case{}, err
}

// Mine lists what somebody has filed, newest first.
func (s *Service) Mine(ctx context.Context, account hub.AccountID) ([]Full, error) {
	return s.o.Store.Of(ctx, account, mostSeen)
}

// Withdraw takes one's own back. NotFound for somebody else's; Consumed where it is not open any more.
func (s *Service) Withdraw(ctx context.Context, account hub.AccountID, reference string) error {
	const op = "complaint.Withdraw"
	return s.o.Tx.InTx(ctx, func(ctx context.Context) error {
		c, err := s.find(ctx, op, reference)
		if err != nil {
			return err
		}
		if c.Account != account {
			return hub.Errorf(op, hub.NotFound, "not theirs")
		}
		x := c.Case
		x.State, x.EndedAt = Withdrawn, s.now()
		if err := s.o.Store.End(ctx, x, ""); err != nil {
			return err
		}
		return s.o.Audit.Record(ctx, s.event("complaint.withdrawn", x, nil))
	})
}

func (s *Service) find(ctx context.Context, op, reference string) (Full, error) {
	if !ValidReference(reference) {
		return Full{}, hub.Errorf(op, hub.NotFound, "no reference")
	}
	return s.o.Store.Full(ctx, reference)
}

// Waiting lists what is open at a department ("" for the platform), the oldest first: never what was written, nor by whom. Denied.
func (s *Service) Waiting(ctx context.Context, by staff.Actor, department hub.DepartmentID, after time.Time, id string, limit int) ([]Case, error) {
	if err := by.Require(ctx, ActRead, staff.Place{Department: department}); err != nil {
		return nil, err
	}
	all, err := s.o.Store.Waiting(ctx, department, after, id, min(limit, mostSeen+1))
	for i := range all {
		all[i].Account = ""
	}
	return all, err
}

// Open shows one to whoever answers for it, and records that they have read it. NotFound for everybody else.
func (s *Service) Open(ctx context.Context, by staff.Actor, reference string) (c Full, err error) {
	const op = "complaint.Open"
	err = s.o.Tx.InTx(ctx, func(ctx context.Context) error {
		if c, err = s.entitled(ctx, op, by, reference); err != nil {
			return err
		}
		now := s.now()
		if c.State == Open {
			first, err := s.o.Store.See(ctx, c.ID, now)
			if err != nil {
				return err
			}
			if first {
				c.SeenAt = now
			}
		}
		return s.o.Audit.Record(ctx, s.event("complaint.opened", c.Case, by.Note(nil)))
	})
	if err != nil {
		return Full{}, err
	}
	return c, nil
}

// entitled finds one for whoever answers for it. NotFound for everybody else, its own person among them: nobody decides about their own.
func (s *Service) entitled(ctx context.Context, op string, by staff.Actor, reference string) (Full, error) {
	c, err := s.find(ctx, op, reference)
	if err != nil {
		return Full{}, err
	}
	if err := by.Require(ctx, c.act(), c.place()); err != nil {
		if errors.Is(err, hub.Denied) {
			err = hub.E(op, hub.NotFound, err)
		}
		return Full{}, err
	}
	if by.Account != "" && by.Account == c.Account {
		return Full{}, hub.Errorf(op, hub.NotFound, "their own")
	}
	return c, nil
}

// Answer answers one, for good, and has its person told that an answer waits, not what it says. NotFound as Open; Invalid for an outcome or a text that is none; Consumed where it is not open any more.
func (s *Service) Answer(ctx context.Context, by staff.Actor, reference string, outcome Outcome, text string) error {
	const op = "complaint.Answer"
	text, ok := clean(text)
	if !ok || !slices.Contains([]Outcome{Upheld, Partly, Rejected, Elsewhere}, outcome) {
		return hub.Errorf(op, hub.Invalid, "no outcome or text")
	}
	return s.o.Tx.InTx(ctx, func(ctx context.Context) error {
		c, err := s.entitled(ctx, op, by, reference)
		if err != nil {
			return err
		}
		x := c.Case
		x.State, x.Outcome, x.EndedAt, x.AnsweredBy = Answered, outcome, s.now(), by.Account
		if err := s.o.Store.End(ctx, x, text); err != nil {
			return err
		}
		if err := s.o.Told(ctx, x.Account); err != nil {
			return err
		}
		return s.o.Audit.Record(ctx, s.event("complaint.answered", x, by.Note(map[string]string{"outcome": string(outcome)})))
	})
}

// Figures tells how a department ("" for the platform as an addressee) has dealt with what it was sent in the last 90 days. Denied.
func (s *Service) Figures(ctx context.Context, by staff.Actor, department hub.DepartmentID) (Figures, error) {
	const span = 90 * 24 * time.Hour
	if err := by.Require(ctx, ActRead, staff.Place{Department: department}); err != nil {
		return Figures{}, err
	}
	now := s.now()
	all, err := s.o.Keeping.Figures(ctx, now.Add(-span), now)
	for _, f := range all {
		if f.Department == department {
			return f, err
		}
	}
	return Figures{Department: department}, err
}

// Purge erases the texts of what ended long ago.
func (s *Service) Purge(ctx context.Context, now time.Time, limit int) (int, error) {
	return s.o.Keeping.Erase(ctx, now.Add(-Keep), limit)
}
