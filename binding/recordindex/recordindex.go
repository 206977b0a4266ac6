// Package recordindex owns the bulk indexes of record keys that departments import: by which of their records a person can be found, without the
// hub knowing who is in them.
//
// # What rests in the database
//
// A row holds keyed hashes (hub/keys), each made for one department and one kind of records: of the record's number, of the state's number of
// the person, and of given name, family name and birth date together; a few bytes that tell whether a name or a date is the same as the
// record's, keyed with the record's number, so that two people of one name have nothing in common; and the record's number, sealed under a key
// of that import, which rests sealed under the master key and is thrown away with the import. Who steals the database learns how
// many records a department has in which area, and nothing about whom: names alone are never hashed without what makes them rare, so
// there is nothing to count, and no hash is the same in two departments.
//
// # What it holds to
//
//   - A file is taken whole or not at all: its rows are invisible until the last one is in, and then replace those of the import before in one step.
//   - Every faulty line is kept with its number, its field and a reason of a closed list. Where there is one more than allowed, nothing is replaced.
//   - An import that was cut off goes on where it was: behind the last batch that was committed, if the file still begins with the same bytes.
//   - Nothing of a line is in a fault, an error, a log line or an event.
//
// It does not own bindings or what becomes of a match (binding), or the kinds of records (tenants.RecordKind).
package recordindex

import (
	"context"
	"log/slog"
	"time"

	"onedoor/binding"
	"onedoor/hub"
	"onedoor/tenants"
)

// Sizes of what is kept of a keyed hash, in bytes: 128 bits for what finds a row, 32 for what only confirms one that was found.
const (
	HashSize  = 16
	checkSize = 4
)

// Hash is a keyed hash that finds a row.
type Hash [HashSize]byte

// IsZero reports whether there is none.
func (h Hash) IsZero() bool { return h == Hash{} }

// State of an import.
type State string

// The states.
const (
	Loading  State = "loading"  // rows come in, nobody sees them
	Active   State = "active"   // what matching asks
	Replaced State = "replaced" // a newer one is active; its rows are being removed
	Dropped  State = "dropped"  // it was given up; as above
)

// Import is one import of a department's record keys.
type Import struct {
	ID     string
	Seq    int64 // the short name under which its rows rest
	Place  binding.Place
	State  State
	Format Format
	Digest []byte // keyed hash over the first Offset bytes of the file
	Offset int64  // bytes of the file that are in
	Line   int    // the last line that is in
	Rows   int    // that were taken
	Faults int    // lines that were not
	Key    []byte // the key of the records' numbers, sealed; empty once it was thrown away
	By     By
	Terms  Terms
	Why    Why       // of one that was dropped: given_up, restarted, faults, empty, smaller
	At     time.Time // of its beginning
	Until  time.Time // when it became active, was replaced or dropped; zero while loading
}

// By is who ordered an import: a person, a program, or, where both are empty, whoever works at the command line.
type By struct {
	Account hub.AccountID
	System  hub.SystemID
}

// Terms are what a file must hold to.
type Terms struct {
	Numbers string // kind of the state's numbers (hub/identifier); "" for Thai ones of persons or of juristic persons
	Faults  int    // so many faulty lines may be left out; with one more nothing is replaced
	Smaller bool   // the file may have less than half as many rows as the import that it replaces
}

// Entry is one row as it rests.
type Entry struct {
	Record Hash
	Number Hash   // zero where the file has none
	Facts  Hash   // of both names and the birth date; zero where one is missing
	Checks []byte // see checks
	Area   tenants.AreaID
	Sealed []byte // the record's number
}

// Batch is what some lines of a file brought. Lines has the line of each entry.
type Batch struct {
	Entries []Entry
	Lines   []int
	Faults  []Fault
}

// Fault is a line that was not taken.
type Fault struct {
	Line  int
	Field Field // "" for the whole line
	Why   Why
}

// Why is why a line was not taken, or a whole import was dropped, from two closed lists.
type Why string

// The reasons of imports.
const (
	GivenUp   Why = "given_up"  // by whoever may
	Restarted Why = "restarted" // another one was begun in its place
	TooFaulty Why = "faults"    // more faulty lines than its terms allow
	Empty     Why = "empty"     // no line was taken
	Smaller   Why = "smaller"   // less than half as many rows as before
)

// The reasons of lines.
const (
	TooLong    Why = "too_long"   // more than MaxLine bytes
	Encoding   Why = "encoding"   // not UTF-8, or with control characters
	Quotes     Why = "quotes"     // a quotation mark that is not closed or stands in the middle (RFC 4180 section 2)
	Columns    Why = "columns"    // more or fewer fields than the header has
	NotJSON    Why = "json"       // not an object whose members are texts, each known and there once
	IsMissing  Why = "missing"    // a field that must be there
	NotOfKind  Why = "not_valid"  // not a number, name, date or area as the field must hold
	Nothing    Why = "nothing"    // neither a number of the state nor both names and a birth date: nobody could be found by it
	TwiceFile  Why = "twice"      // the record was in the file before
	Unexpected Why = "unexpected" // a field that this kind of records can't have
)

// Loads is where imports come in.
type Loads interface {
	// Begin adds an import in the state Loading and gives its Seq. Conflict where one of that place is loading.
	Begin(ctx context.Context, i Import) (int64, error)
	// Append adds what one batch brought and moves the import to where it is in the file now, if it is still where it was: Consumed where it
	// is not, or not loading.
	Append(ctx context.Context, was, is Import, b Batch) error
	// Activate makes a loading import the one that is asked, in the place of the one before, whose key it throws away. Consumed where it is
	// not loading, or not where it was.
	Activate(ctx context.Context, i Import, at time.Time) error
	// Drop gives a loading or active import up and throws its key away. Consumed where it is neither.
	Drop(ctx context.Context, id string, why Why, at time.Time) error
	// Sweep removes rows of imports that were replaced or dropped, about limit, and tells how many; 0 once there are none.
	Sweep(ctx context.Context, limit int) (int, error)
}

// Sorting makes the rows of a loading import findable, in the order of their hashes.
type Sorting interface {
	// Hashes gives the line of every entry with its hash of a column, where it has one, in the order of the lines.
	Hashes(ctx context.Context, i Import, by Column, each func(Find)) error
	// Found tells how many are findable by the column already.
	Found(ctx context.Context, i Import, by Column) (int, error)
	// AddFinds makes more of them findable, all or none. Conflict where one is already: somebody else is at it.
	AddFinds(ctx context.Context, i Import, by Column, finds []Find) error
	// Strike takes lines out that say what one before has said, as faults, all or none, and counts them. Conflict where one is out already. It
	// gives the import as it is then.
	Strike(ctx context.Context, i Import, lines []int) (Import, error)
}

// Find is where a hash is found.
type Find struct {
	Hash Hash
	Line int
}

// Imports tells of imports.
type Imports interface {
	// Open finds the loading import of a place. NotFound.
	Open(ctx context.Context, p binding.Place) (Import, error)
	// ByID finds one. NotFound.
	ByID(ctx context.Context, id string) (Import, error)
	// Of lists those of a department, the newest first, at most limit: those before a Seq, all where it is 0.
	Of(ctx context.Context, department hub.DepartmentID, before int64, limit int) ([]Import, error)
	// Faults lists an import's faulty lines behind a line, in order, at most limit.
	Faults(ctx context.Context, id string, behind, limit int) ([]Fault, error)
	// Keys lists the imports that have a key, and Reseal replaces a sealed key, if it is still the old one: for a change of the master key.
	Keys(ctx context.Context) ([]Import, error)
	Reseal(ctx context.Context, id string, old, sealed []byte) error
}

// Lookup finds rows of the active import of a place.
type Lookup interface {
	// Lookup gives the active import and those of its entries that have one of the hashes, at most limit. NotFound where none is active.
	Lookup(ctx context.Context, p binding.Place, by Column, hashes []Hash, limit int) (Import, []Entry, error)
}

// Column is by what a row is looked up.
type Column string

// The columns.
const (
	ByRecord Column = "record"
	ByNumber Column = "number"
	ByFacts  Column = "facts"
)

// LogValue shows nothing that rests of a line.
func (e Entry) LogValue() slog.Value { return slog.StringValue("[redacted]") }
