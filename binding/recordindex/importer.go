package recordindex

import (
	"bytes"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"errors"
	"io"
	"slices"
	"strconv"
	"time"

	"onedoor/binding"
	"onedoor/hub"
	"onedoor/hub/audit"
	"onedoor/hub/identifier"
	"onedoor/tenants"
)

// Bounds of an import.
const (
	// MaxFaults is how many faulty lines are looked for: a file with more is another file than was meant.
	MaxFaults = 10_000
	batchSize = 2_000 // lines in one transaction: others write in between
	findsSize = 5_000 // as batchSize; they are smaller
	sweepSize = 5_000
)

// Departments knows departments; tenants.Directory has it.
type Departments interface {
	// Department finds one. NotFound.
	Department(ctx context.Context, id hub.DepartmentID) (tenants.Department, error)
}

// Transactor runs fn in one database transaction, which the stores find in its context.
type Transactor interface {
	InTx(ctx context.Context, fn func(context.Context) error) error
}

// Options of an Importer. All are required.
type Options struct {
	Loads       Loads
	Sorting     Sorting
	Imports     Imports
	Departments Departments
	Index       binding.Index
	Masters     binding.Masters
	Audit       audit.Recorder
	Tx          Transactor
	Clock       hub.Clock
	Random      io.Reader
}

// Importer takes files of record keys in.
type Importer struct{ o Options }

// NewImporter checks the options. Invalid where one is missing.
func NewImporter(o Options) (*Importer, error) {
	if o.Loads == nil || o.Sorting == nil || o.Imports == nil || o.Departments == nil || o.Index == nil || o.Masters == nil || o.Audit == nil || o.Tx == nil || o.Clock == nil || o.Random == nil {
		return nil, hub.Errorf("recordindex.NewImporter", hub.Invalid, "an option is missing")
	}
	return &Importer{o}, nil
}

// Order is what to import.
type Order struct {
	Place   binding.Place
	Format  Format
	Terms   Terms
	Restart bool // give up an import that was cut off, instead of going on with it
	By      By
	// Progress, where set, is called after each batch.
	Progress func(Import)
	// Allowed, where set, is asked when all is in, before anything is replaced: its error ends the import for now.
	Allowed func(ctx context.Context) error
}

// now is the time as the database keeps it: whole microseconds.
func (m *Importer) now() time.Time { return m.o.Clock().UTC().Truncate(time.Microsecond) }

// Import takes a file in and makes it what matching asks. Where an import of that place was cut off it goes on with that one, if the file begins
// with the same bytes; the whole file is read again up to there. It gives the import as it ended, with its faults in [Imports.Faults].
//
// Invalid for a kind that the department has not, for a file that can't be read as the format, and for one with too many faulty lines, none that is
// good or far fewer than before: then the import is dropped and what was asked before is asked on. Conflict where another file is on its
// way in, or somebody else is at it. NotFound for a department that is not there. Whatever the reader says, as it is: then it can go on later.
func (m *Importer) Import(ctx context.Context, o Order, file io.Reader) (Import, error) {
	k, err := m.kind(ctx, &o)
	if err != nil {
		return Import{}, err
	}
	in, read, err := open(o.Format, file)
	if err != nil {
		return Import{}, err
	}
	i, err := m.begin(ctx, o, in)
	if err != nil {
		return Import{}, err
	}
	return m.take(ctx, o, i, k, in, read)
}

// open reads a file up to its first line of records. Invalid for a header that is none, whatever the reader says.
func open(f Format, file io.Reader) (*lines, parser, error) {
	const op = "recordindex.Import"
	in := newLines(file)
	if f != CSV {
		return in, jsonParser{}, nil
	}
	first, long, err := in.next()
	if long || errors.Is(err, io.EOF) {
		return nil, nil, hub.Errorf(op, hub.Invalid, "the file has no header")
	}
	if err != nil {
		return nil, nil, err
	}
	read, err := readHeader(first)
	return in, read, err
}

// take takes a file in from where it is, and makes it what matching asks.
func (m *Importer) take(ctx context.Context, o Order, i Import, k kind, in *lines, read parser) (Import, error) {
	key, err := m.key(i)
	if err != nil {
		return i, err
	}
	w := work{m: m, order: o, kind: k, hash: hasher{m.o.Index, o.Place}, key: key, in: in, read: read}
	if i, err = w.load(ctx, i); err != nil {
		return i, err
	}
	if i.Faults <= o.Terms.Faults {
		if i, err = m.sort(ctx, i); err != nil {
			return i, err
		}
	}
	if o.Allowed != nil {
		if err := o.Allowed(ctx); err != nil {
			return i, err
		}
	}
	return m.finish(ctx, o, i)
}

// kind finds the kind of records, and completes the order.
func (m *Importer) kind(ctx context.Context, o *Order) (kind, error) {
	const op = "recordindex.Import"
	d, err := m.o.Departments.Department(ctx, o.Place.Department)
	if err != nil {
		return kind{}, err
	}
	k, ok := d.Record(o.Place.Kind)
	switch {
	case !ok:
		return kind{}, hub.Errorf(op, hub.Invalid, "the department has no such kind of records")
	case o.Format != CSV && o.Format != NDJSON:
		return kind{}, hub.Errorf(op, hub.Invalid, "the format must be csv or ndjson")
	case o.Terms.Faults < 0 || o.Terms.Faults > MaxFaults:
		return kind{}, hub.Errorf(op, hub.Invalid, "at most "+strconv.Itoa(MaxFaults)+" faulty lines can be left out")
	}
	if o.Terms.Numbers == "" {
		o.Terms.Numbers = identifier.ThaiCitizen
		if k.For == tenants.Entity {
			o.Terms.Numbers = identifier.ThaiJuristic
		}
	}
	if !slices.Contains(identifier.Kinds(), o.Terms.Numbers) || slices.Contains(identifier.EntityKinds(), o.Terms.Numbers) != (k.For == tenants.Entity) {
		return kind{}, hub.Errorf(op, hub.Invalid, "not a kind of numbers for these records")
	}
	areas := make(map[tenants.AreaID]bool, len(d.Areas))
	for _, a := range d.Areas {
		areas[a.ID] = true
	}
	return kind{kind: k, number: o.Terms.Numbers, area: func(id tenants.AreaID) bool { return areas[id] }}, nil
}

// begin goes on with an import that was cut off, or begins one.
func (m *Importer) begin(ctx context.Context, o Order, in *lines) (Import, error) {
	open, err := m.o.Imports.Open(ctx, o.Place)
	switch {
	case err == nil && !o.Restart:
		return open, m.resume(open, o, in)
	case err == nil:
		if err := m.drop(ctx, open, o.By, Restarted); err != nil {
			return Import{}, err
		}
	case !errors.Is(err, hub.NotFound):
		return Import{}, err
	}
	return m.add(ctx, o, in)
}

// add adds an import that is where the file is.
func (m *Importer) add(ctx context.Context, o Order, in *lines) (i Import, err error) {
	i = Import{ID: hub.NewID(m.o.Random), Place: o.Place, State: Loading, Format: o.Format, Offset: in.offset, Line: in.line, By: o.By, Terms: o.Terms, At: m.now()}
	i.Digest = m.digest(in)
	if i.Key, err = m.o.Masters.SealSecret(m.o.Random, keyContext(i.ID), hub.NewSecret(m.o.Random).Bytes()); err != nil {
		return i, hub.E("recordindex.Import", hub.Internal, err)
	}
	err = m.o.Tx.InTx(ctx, func(ctx context.Context) (err error) {
		if i.Seq, err = m.o.Loads.Begin(ctx, i); err != nil {
			return err
		}
		return m.record(ctx, "record_index.started", i, i.By, "")
	})
	return i, err
}

// resume reads on to where the import is, if the file is the same so far.
func (m *Importer) resume(i Import, o Order, in *lines) error {
	const op = "recordindex.Import"
	another := hub.Errorf(op, hub.Conflict, "another file is on its way in: go on with that one, or give it up with restart")
	switch {
	case i.Format != o.Format:
		return another
	case i.Offset == 0: // it was prepared, and no file has come yet
		return nil
	case i.Offset < in.offset:
		return another
	}
	if err := in.skip(i.Offset, i.Line); errors.Is(err, io.ErrUnexpectedEOF) {
		return another
	} else if err != nil {
		return err
	}
	if !bytes.Equal(m.digest(in), i.Digest) {
		return another
	}
	return nil
}

// digest gives the keyed hash of what was read so far: of a file of one line a plain one could be guessed.
func (m *Importer) digest(in *lines) []byte {
	return m.o.Index.Index("record-index/file", string(in.sum()))
}

func keyContext(id string) string { return "record index " + id }

func (m *Importer) key(i Import) (cipher.AEAD, error) { return openKey(m.o.Masters, i) }

// openKey opens the key of an import's records.
func openKey(masters binding.Masters, i Import) (cipher.AEAD, error) {
	const op = "recordindex.openKey"
	raw, err := masters.OpenSecret(keyContext(i.ID), i.Key)
	if err != nil {
		return nil, hub.E(op, hub.Internal, err)
	}
	defer clear(raw)
	block, err := aes.NewCipher(raw)
	if err != nil {
		return nil, hub.E(op, hub.Internal, err)
	}
	return cipher.NewGCM(block)
}

// finish makes a file that is in what is asked, or drops it.
func (m *Importer) finish(ctx context.Context, o Order, i Import) (Import, error) {
	const op = "recordindex.Import"
	refuse := func(why Why, text string) (Import, error) {
		if err := m.drop(ctx, i, o.By, why); err != nil {
			return i, err
		}
		i.State, i.Why = Dropped, why
		return i, hub.Errorf(op, hub.Invalid, text)
	}
	switch before, err := m.active(ctx, o.Place); {
	case err != nil:
		return i, err
	case i.Faults > o.Terms.Faults:
		return refuse(TooFaulty, "too many faulty lines: nothing was replaced")
	case i.Rows == 0:
		return refuse(Empty, "no line was taken: nothing was replaced")
	case !o.Terms.Smaller && i.Rows < before.Rows/2:
		return refuse(Smaller, "less than half as many rows as before: nothing was replaced")
	}
	at := m.now()
	err := m.o.Tx.InTx(ctx, func(ctx context.Context) error {
		if err := m.o.Loads.Activate(ctx, i, at); err != nil {
			return err
		}
		return m.record(ctx, "record_index.activated", i, o.By, "")
	})
	if err != nil {
		return i, beside(err)
	}
	i.State, i.Until = Active, at
	return i, m.Sweep(ctx)
}

func (m *Importer) active(ctx context.Context, p binding.Place) (Import, error) {
	const most = 1000
	all, err := m.o.Imports.Of(ctx, p.Department, 0, most)
	if err != nil {
		return Import{}, err
	}
	if at := slices.IndexFunc(all, func(i Import) bool { return i.Place == p && i.State == Active }); at >= 0 {
		return all[at], nil
	}
	return Import{}, nil
}

// Drop gives an import up: one that is loading, or the active one, after which nobody is found by it any more; its rows go in the background
// (Sweep). NotFound; Consumed where it is neither.
func (m *Importer) Drop(ctx context.Context, id string, by By) (Import, error) {
	i, err := m.ByID(ctx, id)
	if err != nil {
		return Import{}, err
	}
	if err := m.drop(ctx, i, by, GivenUp); err != nil {
		return Import{}, err
	}
	return m.ByID(ctx, id)
}

func (m *Importer) drop(ctx context.Context, i Import, by By, why Why) error {
	return m.o.Tx.InTx(ctx, func(ctx context.Context) error {
		if err := m.o.Loads.Drop(ctx, i.ID, why, m.now()); err != nil {
			return err
		}
		return m.record(ctx, "record_index.dropped", i, by, why)
	})
}

// Sweep removes the rows of imports that are no longer asked, batch by batch.
func (m *Importer) Sweep(ctx context.Context) error {
	for {
		n, err := m.o.Loads.Sweep(ctx, sweepSize)
		if err != nil || n == 0 {
			return err
		}
	}
}

func (m *Importer) record(ctx context.Context, what string, i Import, by By, why Why) error {
	return m.o.Audit.Record(ctx, audit.Event{At: m.now(), Kind: what, Outcome: audit.Success, Reason: string(why), Detail: by.note(map[string]string{
		"department": string(i.Place.Department), "kind": string(i.Place.Kind), "import": i.ID,
		"rows": strconv.Itoa(i.Rows), "faults": strconv.Itoa(i.Faults),
	})})
}

// note adds to an event's detail who ordered it.
func (b By) note(detail map[string]string) map[string]string {
	switch {
	case b.Account != "":
		detail["by"] = string(b.Account)
	case b.System != "":
		detail["by_program"] = string(b.System)
	default:
		detail["by"] = "operator"
	}
	return detail
}

// Reseal seals the keys of imports under the master key of today and tells how many there are.
func (m *Importer) Reseal(ctx context.Context) (int, error) {
	all, err := m.o.Imports.Keys(ctx)
	if err != nil {
		return 0, err
	}
	for _, i := range all {
		raw, err := m.o.Masters.OpenSecret(keyContext(i.ID), i.Key)
		if err != nil {
			return 0, err
		}
		sealed, err := m.o.Masters.SealSecret(m.o.Random, keyContext(i.ID), raw)
		clear(raw)
		if err != nil {
			return 0, err
		}
		if err := m.o.Imports.Reseal(ctx, i.ID, i.Key, sealed); err != nil {
			return 0, err
		}
	}
	return len(all), nil
}
