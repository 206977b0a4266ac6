package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"
	"time"

	"onedoor/binding"
	"onedoor/binding/bindingsql"
	"onedoor/binding/recordindex"
	"onedoor/configs"
	"onedoor/hub"
	"onedoor/tenants"
)

// RecordImport is an order of the operator's to import record keys.
type RecordImport struct {
	Department string
	Kind       string
	Format     string // "" for what the file's name says
	Numbers    string // kind of the state's numbers; "" for Thai ones
	Report     string // file that the faulty lines go to; "" for FILE.faults.csv
	Faults     int
	Smaller    bool
	Restart    bool
}

// ImportRecords takes a file of record keys in, and says on Err how far it is. Cut off, it goes on where it was when it is called again.
func ImportRecords(ctx context.Context, cfg configs.Config, p Process, order RecordImport, path string) error {
	return atRecords(ctx, cfg, p, func(ctx context.Context, m *recordindex.Importer, store *bindingsql.Indexes) error {
		f, err := os.Open(filepath.Clean(path))
		if err != nil {
			return hub.E("app.ImportRecords", hub.Invalid, errors.New("the file can't be opened"))
		}
		defer f.Close() //nolint:errcheck // nothing was written
		format := recordindex.Format(order.Format)
		if format == "" {
			format = map[string]recordindex.Format{".csv": recordindex.CSV, ".ndjson": recordindex.NDJSON, ".jsonl": recordindex.NDJSON}[strings.ToLower(filepath.Ext(path))]
		}
		if order.Report == "" {
			order.Report = path + ".faults.csv"
		}
		bar := newBar(p, f)
		i, err := m.Import(ctx, recordindex.Order{
			Place: binding.Place{Department: hub.DepartmentID(order.Department), Kind: tenants.RecordKindID(order.Kind)}, Format: format,
			Terms: recordindex.Terms{Numbers: order.Numbers, Faults: order.Faults, Smaller: order.Smaller}, Restart: order.Restart, Progress: bar.show,
		}, f)
		bar.end()
		if i.Faults > 0 {
			if err := reportFaults(context.WithoutCancel(ctx), store, i, order.Report); err != nil {
				return err
			}
			say(p.Err, "%d faulty lines so far are in %s: line, field, why", i.Faults, order.Report)
		}
		if err != nil && i.State == recordindex.Loading && i.ID != "" {
			say(p.Err, "line %d is in; the same command goes on from there, with --restart from the beginning", i.Line)
		}
		if err != nil {
			return err
		}
		say(p.Out, "%d records are found from now on, %d faulty lines were left out (import %s)", i.Rows, i.Faults, i.ID)
		return nil
	})
}

// ListImports prints a department's imports, the newest first.
func ListImports(ctx context.Context, cfg configs.Config, p Process, department string) error {
	return atRecords(ctx, cfg, p, func(ctx context.Context, _ *recordindex.Importer, store *bindingsql.Indexes) error {
		all, err := store.Of(ctx, hub.DepartmentID(department), 0, mostListed)
		if err != nil {
			return err
		}
		t := tabwriter.NewWriter(p.Out, 0, 8, 2, ' ', 0)
		for _, i := range all {
			say(t, "%s\t%s\t%s\t%s\t%d records\t%d faults\tline %d", i.ID, when(i.At), i.Place.Kind, i.State, i.Rows, i.Faults, i.Line)
		}
		return t.Flush()
	})
}

// DropImport gives an import up.
func DropImport(ctx context.Context, cfg configs.Config, p Process, id string) error {
	return atRecords(ctx, cfg, p, func(ctx context.Context, m *recordindex.Importer, _ *bindingsql.Indexes) error {
		if !hub.ValidID(id) {
			return hub.Errorf("app.DropImport", hub.Invalid, "an import has an id of 26 letters and digits: `onedoor binding imports` tells it")
		}
		if _, err := m.Drop(ctx, id, recordindex.By{}); err != nil {
			return err
		}
		if err := m.Sweep(ctx); err != nil {
			return err
		}
		say(p.Out, "nobody is found by that import any more")
		return nil
	})
}

// reportFaults writes the faulty lines of an import into a file that only its owner can read.
func reportFaults(ctx context.Context, store recordindex.Imports, i recordindex.Import, path string) (err error) {
	const op, page = "app.reportFaults", 1000
	f, err := os.OpenFile(filepath.Clean(path), os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return hub.E(op, hub.Unavailable, errors.New("the report can't be written"))
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if _, err := io.WriteString(f, "line,field,why\n"); err != nil {
		return hub.E(op, hub.Unavailable, errors.New("the report can't be written"))
	}
	for behind := 0; ; {
		all, err := store.Faults(ctx, i.ID, behind, page)
		if err != nil || len(all) == 0 {
			return err
		}
		for _, x := range all {
			if _, err := fmt.Fprintf(f, "%d,%s,%s\n", x.Line, x.Field, x.Why); err != nil {
				return hub.E(op, hub.Unavailable, errors.New("the report can't be written"))
			}
		}
		behind = all[len(all)-1].Line
	}
}

// records lays what takes record keys in.
func (o *office) records(ctx context.Context) (*recordindex.Importer, *bindingsql.Indexes, error) {
	_, directory, err := o.register(ctx)
	if err != nil {
		return nil, nil, err
	}
	store, err := bindingsql.NewIndexes(o.db)
	if err != nil {
		return nil, nil, err
	}
	m, err := recordindex.NewImporter(recordindex.Options{
		Loads: store, Sorting: store, Imports: store, Departments: directory, Index: o.ring, Masters: o.masters, Audit: o.record, Tx: o.db, Clock: o.Clock, Random: o.Random,
	})
	return m, store, err
}

// atRecords runs a command about imports.
func atRecords(ctx context.Context, cfg configs.Config, p Process, do func(context.Context, *recordindex.Importer, *bindingsql.Indexes) error) (err error) {
	o, err := openOffice(ctx, cfg, p)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, o.Close()) }()
	m, store, err := o.records(ctx)
	if err != nil {
		return err
	}
	return do(ctx, m, store)
}

// bar shows how far an import is: as a bar where somebody looks, as a line now and then where it goes into a file.
type bar struct {
	p     Process
	size  int64
	live  bool
	began time.Time
	first int64 // bytes that were in at the beginning
	tenth int64
	drawn bool
}

func newBar(p Process, f *os.File) *bar {
	b := &bar{p: p, began: p.Clock(), first: -1}
	if info, err := f.Stat(); err == nil {
		b.size = info.Size()
	}
	if out, ok := p.Err.(*os.File); ok {
		info, err := out.Stat()
		b.live = err == nil && info.Mode()&os.ModeCharDevice != 0
	}
	return b
}

func (b *bar) show(i recordindex.Import) {
	const width = 30
	if b.first < 0 {
		b.first = i.Offset
	}
	if b.size <= 0 {
		return
	}
	done := min(i.Offset, b.size)
	left := ""
	if spent := b.p.Clock().Sub(b.began); done > b.first && done < b.size {
		left = ", " + time.Duration(float64(spent)*float64(b.size-done)/float64(done-b.first)).Round(time.Second).String() + " left"
	}
	text := fmt.Sprintf("%3d %%  %d records, %d faults%s", done*100/b.size, i.Rows, i.Faults, left)
	if b.live {
		full := int(done * width / b.size)
		fmt.Fprintf(b.p.Err, "\r[%s%s] %s\x1b[K", strings.Repeat("#", full), strings.Repeat(".", width-full), text) //nolint:errcheck // nobody to tell
		b.drawn = true
		return
	}
	if tenth := done * 10 / b.size; tenth > b.tenth {
		b.tenth = tenth
		say(b.p.Err, "%s", text)
	}
}

func (b *bar) end() {
	if b.drawn {
		say(b.p.Err, "")
	}
}
