package bindingsql_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"onedoor/binding/bindingsql"
	"onedoor/binding/recordindex"
	"onedoor/hub"
	"onedoor/hub/audit"
	"onedoor/hub/hubsql"
	"onedoor/hub/hubtest"
	"onedoor/hub/hubtest/sqltest"
	"onedoor/hub/keys"
	"onedoor/hub/sqldb"
	"onedoor/tenants"
)

// imports is a department that imports.
type imports struct {
	tb       testing.TB
	db       *sqldb.DB
	store    *bindingsql.Indexes
	importer *recordindex.Importer
	finder   *recordindex.Finder
	clock    *hubtest.Clock
	events   *recorder
	masters  keys.Masters
	options  recordindex.Options
}

// recorder keeps the kinds of events.
type recorder struct {
	mu    sync.Mutex
	kinds []string
	audit.Recorder
}

func (r *recorder) Record(_ context.Context, events ...audit.Event) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, e := range events {
		r.kinds = append(r.kinds, e.Kind)
	}
	return nil
}

type oneDepartment struct{ d tenants.Department }

func (o oneDepartment) Department(_ context.Context, id hub.DepartmentID) (tenants.Department, error) {
	if id != o.d.ID {
		return tenants.Department{}, hub.Errorf("test", hub.NotFound, "no such department")
	}
	return o.d, nil
}

var socialSecurity = tenants.Department{
	ID:    "social-security",
	Areas: []tenants.Area{{ID: "north"}, {ID: "south"}},
	Records: []tenants.RecordKind{
		{ID: "insured", For: tenants.Person, Length: 10, Digits: true}, {ID: "employers", For: tenants.Entity, Length: 8},
	},
}

func newImports(tb testing.TB, db *sqldb.DB) *imports {
	tb.Helper()
	w := &imports{tb: tb, db: db, clock: hubtest.NewClock(), events: &recorder{}}
	random := hub.Randomness()
	var err error
	if w.masters, err = keys.ParseMasters(keys.GenerateMaster(random)); err != nil {
		tb.Fatal(err)
	}
	kept, err := hubsql.NewKeys(db)
	if err != nil {
		tb.Fatal(err)
	}
	ring, err := keys.Open(tb.Context(), keys.Options{Store: kept, Masters: w.masters, Clock: w.clock.Now, Random: random})
	if err != nil {
		tb.Fatal(err)
	}
	if w.store, err = bindingsql.NewIndexes(db); err != nil {
		tb.Fatal(err)
	}
	w.options = recordindex.Options{
		Loads: w.store, Sorting: w.store, Imports: w.store, Departments: oneDepartment{socialSecurity}, Index: ring, Masters: w.masters,
		Audit: w.events, Tx: db, Clock: w.clock.Now, Random: random,
	}
	if w.importer, err = recordindex.NewImporter(w.options); err != nil {
		tb.Fatal(err)
	}
	if w.finder, err = recordindex.NewFinder(w.store, ring, w.masters); err != nil {
		tb.Fatal(err)
	}
	return w
}

func (w *imports) run(file string, change ...func(*recordindex.Order)) (recordindex.Import, error) {
	return w.read(strings.NewReader(file), change...)
}

func (w *imports) read(file io.Reader, change ...func(*recordindex.Order)) (recordindex.Import, error) {
	o := recordindex.Order{Place: numbers, Format: recordindex.CSV}
	for _, c := range change {
		c(&o)
	}
	return w.importer.Import(w.tb.Context(), o, file)
}

func (w *imports) faults(id string) string {
	w.tb.Helper()
	all, err := w.store.Faults(w.tb.Context(), id, 0, 1000)
	if err != nil {
		w.tb.Fatal(err)
	}
	var b strings.Builder
	for _, f := range all {
		fmt.Fprintf(&b, "%d %s %s;", f.Line, f.Field, f.Why)
	}
	return b.String()
}

func somebody(number, given, family, birth string) recordindex.Person {
	p := recordindex.Person{Attributes: hub.Attributes{
		hub.GivenName: {Value: given}, hub.FamilyName: {Value: family}, hub.Birthdate: {Value: birth},
	}}
	if number != "" {
		p.Number = hub.PersonNumber{Kind: "th.citizen", Value: number}
	}
	return p
}

// found writes matches down: record, column, agreements of number, given name, family name and birth date.
func (w *imports) found(p recordindex.Person) string {
	w.tb.Helper()
	all, err := w.finder.Find(w.tb.Context(), numbers, p)
	if err != nil {
		return string(hub.KindOf(err))
	}
	var out []string
	for _, m := range all {
		out = append(out, fmt.Sprintf("%s by %s %d%d%d%d%s", m.Record, m.By, m.Number, m.Given, m.Family, m.Birth, m.Area))
	}
	slices.Sort(out)
	return strings.Join(out, "; ")
}

const people = "\xEF\xBB\xBFrecord,number,given_name,family_name,birthdate,area\r\n" +
	"0000000001,1-2345-67890-12-1,นายสมชาย,ใจดี,17/05/2540,north\r\n" +
	"๐๐๐๐๐๐๐๐๐๒,,มาลี,\"สุข, ใจ\",๒๕๔๑-๐๑-๐๒,\r\n" +
	"\r\n" +
	"0000000003,,มาลี,สุขใจ,1998-01-02,south\r\n" +
	"0000000004,1345951597671,Anong,Dee,1990,\r\n"

func TestBND06_ImportFindsPeople(t *testing.T) {
	t.Parallel()
	sqltest.Each(t, func(t *testing.T, db *sqldb.DB) {
		w := newImports(t, db)
		if got := w.found(somebody("1234567890121", "", "", "")); got != "not_found" {
			t.Errorf("before: %s", got)
		}
		i, err := w.run(people)
		if err != nil || i.State != recordindex.Active || i.Rows != 4 || i.Faults != 0 {
			t.Fatalf("%+v %v, %s", i, err, w.faults(i.ID))
		}
		for name, c := range map[string]struct {
			who  recordindex.Person
			want string
		}{
			"by number":              {somebody("1234567890121", "สมชาย", "ใจดี", "1997-05-17"), "0000000001 by number 1111north"},
			"married since":          {somebody("1234567890121", "สมชาย", "มีสุข", "1997-05-17"), "0000000001 by number 1121north"},
			"somebody else's number": {somebody("1234567890121", "ปรีชา", "มีสุข", "1970-01-01"), "0000000001 by number 1222north"},
			"nothing but the number": {somebody("1345951597671", "", "", ""), "0000000004 by number 1000"},
			"by names and date":      {somebody("", "สมชาย", "ใจดี", "1997-05-17"), "0000000001 by facts 0111north"},
			"two of one name":        {somebody("", "มาลี", "สุขใจ", "1998-01-02"), "0000000002 by facts 0111; 0000000003 by facts 0111south"},
			"the number differs":     {somebody("1999999999999", "สมชาย", "ใจดี", "1997-05-17"), "0000000001 by facts 2111north"},
			"a twin":                 {somebody("", "สมศักดิ์", "ใจดี", "1997-05-17"), ""},
			"no birth date":          {somebody("", "สมชาย", "ใจดี", ""), ""},
			"a year only":            {somebody("", "Anong", "Dee", "1990"), ""},
			"nobody":                 {recordindex.Person{}, ""},
		} {
			if got := w.found(c.who); got != c.want {
				t.Errorf("%s: %s, want %s", name, got, c.want)
			}
		}
		m, err := w.finder.Named(t.Context(), numbers, "0000000001", somebody("1999999999999", "สมชาย", "", ""))
		if err != nil || m.Number != recordindex.Differs || m.Given != recordindex.Agrees || m.Family != recordindex.Unknown {
			t.Errorf("%+v %v", [4]recordindex.Agreement{m.Number, m.Given, m.Family, m.Birth}, err)
		}
		if _, err := w.finder.Named(t.Context(), numbers, "0000000009", recordindex.Person{}); !errors.Is(err, hub.NotFound) {
			t.Errorf("a record that is not there: %v", err)
		}
		if fmt.Sprint(m, &m) == "" || strings.Contains(fmt.Sprintf("%v %+v", m, &m), "0000000001") {
			t.Error("a match prints its record")
		}
	})
}

func TestBND06_ImportIsWholeOrNothing(t *testing.T) {
	t.Parallel()
	sqltest.Each(t, func(t *testing.T, db *sqldb.DB) {
		w := newImports(t, db)
		if _, err := w.run(people); err != nil {
			t.Fatal(err)
		}
		first := somebody("1234567890121", "สมชาย", "ใจดี", "1997-05-17")
		before := w.found(first)
		bad := "record,number,birthdate,area\n" +
			"0000000009,1234567890121,1997-05-17,north\n" +
			"123,1234567890121,,\n" + // 3
			"0000000010,1234567890122,,\n" + // 4
			"0000000011,1345951597671,1997-02-30,\n" + // 5
			"0000000012,1345951597671,,west\n" + // 6
			"0000000013,,1997-05-17,\n" + // 7
			"0000000009,1345951597671,,\n" + // 8
			",1345951597671,,\n" + // 9
			"0000000014,\"1345951597671,,\n" + // 10
			"0000000014,1345951597671\n" + // 11
			"0000000015,13459515\xff97671,,\n" + // 12
			strings.Repeat("9", recordindex.MaxLine+1) + "\n" + // 13
			"0000000016,1345951597671,,\x00\n" + // 14
			"0000000017,1345951597671,,south" // 15
		i, err := w.run(bad, func(o *recordindex.Order) { o.Terms.Faults = 11 })
		want := "3 record not_valid;4 number not_valid;5 birthdate not_valid;6 area not_valid;7  nothing;8 record twice;9 record missing;10  quotes;" +
			"11  columns;12  encoding;13  too_long;14  encoding;"
		if !errors.Is(err, hub.Invalid) || i.State != recordindex.Dropped || w.faults(i.ID) != want {
			t.Errorf("%v %s: %s", err, i.State, w.faults(i.ID))
		}
		if got := w.found(first); got != before {
			t.Errorf("what was asked before is gone: %s", got)
		}
		i, err = w.run(bad, func(o *recordindex.Order) { o.Terms.Faults = 12; o.Terms.Smaller = true })
		if err != nil || i.Rows != 2 || i.Faults != 12 {
			t.Fatalf("%+v %v", i, err)
		}
		if got := w.found(first); got != "0000000009 by number 1001north" {
			t.Errorf("after: %s", got)
		}
		if i, err := w.run("record,number\n0000000001,1234567890121\n"); err != nil {
			t.Errorf("half as many: %v", err)
		} else if i, err := w.importer.Drop(t.Context(), i.ID, recordindex.By{}); err != nil || i.State != recordindex.Dropped || i.Why != recordindex.GivenUp {
			t.Error(i.State, i.Why, err)
		} else if err := w.importer.Sweep(t.Context()); err != nil {
			t.Error(err)
		}
		if got := w.found(first); got != "not_found" {
			t.Errorf("dropped: %s", got)
		}
		if _, err := w.run("record,number\n"); !errors.Is(err, hub.Invalid) {
			t.Errorf("an empty file: %v", err)
		}
		var left int
		if err := db.SQL().QueryRowContext(t.Context(), "SELECT count(*) FROM record_keys").Scan(&left); err != nil || left != 0 {
			t.Errorf("%d rows are left, %v", left, err)
		}
		if want := []string{"record_index.started", "record_index.activated", "record_index.started", "record_index.dropped"}; !reflect.DeepEqual(w.events.kinds[:4], want) {
			t.Errorf("events %v", w.events.kinds)
		}
	})
}

// many gives a file of n people, each found by number and by name.
func many(n int) string {
	var b strings.Builder
	b.WriteString("record,number,given_name,family_name,birthdate,area\n")
	for i := range n {
		b.WriteString(line(i))
	}
	return b.String()
}

func line(i int) string {
	return fmt.Sprintf("%010d,%s,Given%s,Family%s,%04d-%02d-%02d,north\n", i, citizen(i), strconv.FormatInt(int64(i), 36), strconv.FormatInt(int64(i), 36), 1950+i%60, 1+i%12, 1+i%28)
}

// citizen gives the i-th number with a right check digit.
func citizen(i int) string {
	body := fmt.Sprintf("1%011d", i)
	sum := 0
	for at, d := range body {
		sum += int(d-'0') * (13 - at)
	}
	return body + strconv.Itoa((11-sum%11)%10)
}

// cutReader ends with an error after so many bytes, as a machine that goes down.
type cutReader struct {
	r    io.Reader
	left int
}

var errCut = errors.New("cut off")

// failingSort goes down after so many batches.
type failingSort struct {
	recordindex.Sorting
	left int
}

func (f *failingSort) AddFinds(ctx context.Context, i recordindex.Import, by recordindex.Column, finds []recordindex.Find) error {
	if f.left--; f.left < 0 {
		return errCut
	}
	return f.Sorting.AddFinds(ctx, i, by, finds)
}

func (c *cutReader) Read(b []byte) (int, error) {
	if c.left == 0 {
		return 0, errCut
	}
	n, err := c.r.Read(b[:min(len(b), c.left)])
	c.left -= n
	return n, err
}

func TestBND06_ImportGoesOnWhereItWas(t *testing.T) {
	t.Parallel()
	sqltest.Each(t, func(t *testing.T, db *sqldb.DB) {
		w := newImports(t, db)
		file := many(7000) + "faulty\n" + line(5)
		var seen []int
		i, err := w.read(&cutReader{strings.NewReader(file), len(file) / 2})
		if !errors.Is(err, errCut) {
			t.Fatalf("%+v %v", i, err)
		}
		open, err := w.store.Open(t.Context(), numbers)
		if err != nil || open.Rows != 2000 {
			t.Fatalf("%+v %v", open, err)
		}
		if got := w.found(somebody(citizen(3), "", "", "")); got != "not_found" {
			t.Errorf("half of a file is seen: %s", got)
		}
		for name, other := range map[string]io.Reader{
			"another file":   strings.NewReader(strings.Replace(file, "Given7,", "Given8,", 1)),
			"a shorter one":  strings.NewReader(file[:1000]),
			"another format": strings.NewReader(file),
		} {
			_, err := w.read(other, func(o *recordindex.Order) {
				if name == "another format" {
					o.Format = recordindex.NDJSON
				}
			})
			if !errors.Is(err, hub.Conflict) {
				t.Errorf("%s: %v", name, err)
			}
		}
		i, err = w.run(file, func(o *recordindex.Order) {
			o.Terms.Faults, o.Progress = 2, func(i recordindex.Import) { seen = append(seen, i.Rows) }
		})
		if err != nil || i.ID != open.ID || i.Rows != 7000 || !slices.Equal(seen, []int{4000, 6000, 7001}) {
			t.Fatalf("%+v %v %v", i, err, seen)
		}
		if got := w.faults(i.ID); got != "7002  columns;7003 record twice;" {
			t.Errorf("faults %s", got)
		}
		for _, n := range []int{0, 1999, 2000, 6999} {
			if got, want := w.found(somebody(citizen(n), "", "", "")), fmt.Sprintf("%010d by number 1000north", n); got != want {
				t.Errorf("%s, want %s", got, want)
			}
		}
		// A machine that goes down while the rows are sorted.
		o := w.options
		o.Sorting = &failingSort{Sorting: w.store, left: 3}
		failing, err := recordindex.NewImporter(o)
		if err != nil {
			t.Fatal(err)
		}
		again := strings.ReplaceAll(many(7000), "north", "south")
		if _, err := failing.Import(t.Context(), recordindex.Order{Place: numbers, Format: recordindex.CSV}, strings.NewReader(again)); !errors.Is(err, errCut) {
			t.Fatal(err)
		}
		if got, want := w.found(somebody(citizen(3), "", "", "")), fmt.Sprintf("%010d by number 1000north", 3); got != want {
			t.Errorf("%s, want %s", got, want)
		}
		if i, err = w.run(again); err != nil || i.Rows != 7000 {
			t.Fatalf("%+v %v", i, err)
		}
		for _, n := range []int{0, 6999} {
			if got, want := w.found(somebody(citizen(n), "", "", "")), fmt.Sprintf("%010d by number 1000south", n); got != want {
				t.Errorf("%s, want %s", got, want)
			}
		}
		// One that is given up makes room for another.
		if _, err := w.read(&cutReader{strings.NewReader(file), len(file) / 2}); !errors.Is(err, errCut) {
			t.Fatal(err)
		}
		i, err = w.run(many(5000), func(o *recordindex.Order) { o.Restart = true })
		if err != nil || i.Rows != 5000 {
			t.Errorf("%+v %v", i, err)
		}
	})
}

// Two processes that import the same file at once neither lose nor double a row.
func TestBND06_ImportsBesideEachOther(t *testing.T) {
	t.Parallel()
	sqltest.Each(t, func(t *testing.T, db *sqldb.DB) {
		w := newImports(t, db)
		file := many(6500)
		var all sync.WaitGroup
		done := make([]error, 2)
		for n := range done {
			all.Go(func() { _, done[n] = w.run(file) })
		}
		all.Wait()
		good := 0
		for _, err := range done {
			switch {
			case err == nil:
				good++
			case !errors.Is(err, hub.Conflict):
				t.Errorf("%v", err)
			}
		}
		if good == 0 { // each was in the other's way: the next one goes on
			if _, err := w.run(file); err != nil {
				t.Fatal(err)
			}
		}
		var rows int
		err := db.SQL().QueryRowContext(t.Context(), "SELECT count(*) FROM record_keys k JOIN record_imports i ON i.seq = k.import WHERE i.state = 'active'").Scan(&rows)
		if err != nil || rows != 6500 {
			t.Errorf("%d rows, %v", rows, err)
		}
	})
}

func TestD3_NothingOfAFileIsInTheDatabase(t *testing.T) {
	t.Parallel()
	db := sqltest.SQLite(t)
	w := newImports(t, db)
	if _, err := w.run(people); err != nil {
		t.Fatal(err)
	}
	rows, err := db.SQL().QueryContext(t.Context(), "SELECT quote(record) || quote(number) || quote(facts) || quote(checks) || quote(sealed) FROM record_keys")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	n := 0
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			t.Fatal(err)
		}
		n++
		for _, secret := range []string{"0000000001", "1234567890121", "สมชาย", "1997-05-17"} {
			if strings.Contains(strings.ToUpper(text), fmt.Sprintf("%X", secret)) {
				t.Errorf("a row holds %s", secret)
			}
		}
	}
	if n != 4 || rows.Err() != nil {
		t.Errorf("%d rows, %v", n, rows.Err())
	}
	// Two people of one name and birth date look alike in one import only by that hash, and nowhere else.
	var checks int
	if err := db.SQL().QueryRowContext(t.Context(), "SELECT count(DISTINCT checks) FROM record_keys").Scan(&checks); err != nil || checks != 4 {
		t.Errorf("%d different checks, %v", checks, err)
	}
}

func TestBND06_OtherFilesAndKinds(t *testing.T) {
	t.Parallel()
	w := newImports(t, sqltest.SQLite(t))
	for name, c := range map[string]struct {
		file   string
		change func(*recordindex.Order)
		want   error
	}{
		"no header":           {"", nil, hub.Invalid},
		"an unknown column":   {"record,surname\n", nil, hub.Invalid},
		"a column twice":      {"record,number,record\n", nil, hub.Invalid},
		"no record":           {"number\n", nil, hub.Invalid},
		"capitals":            {"Record,number\n", nil, hub.Invalid},
		"UTF-16":              {"\xff\xfer\x00", nil, hub.Invalid},
		"no such kind":        {people, func(o *recordindex.Order) { o.Place.Kind = "other" }, hub.Invalid},
		"no such department":  {people, func(o *recordindex.Order) { o.Place.Department = "other" }, hub.NotFound},
		"no such format":      {people, func(o *recordindex.Order) { o.Format = "xlsx" }, hub.Invalid},
		"numbers of entities": {people, func(o *recordindex.Order) { o.Terms.Numbers = "th.juristic" }, hub.Invalid},
		"too many allowed":    {people, func(o *recordindex.Order) { o.Terms.Faults = recordindex.MaxFaults + 1 }, hub.Invalid},
		"semicolons":          {"record;number\n0000000001;1234567890121\n", nil, nil},
		"tabs":                {"number\trecord\n1234567890121\t0000000001\n", nil, nil},
		"objects": {"\xEF\xBB\xBF{\"record\":\"0000000001\",\"number\":\"1234567890121\"}\n\n{\"record\":\"0000000002\",\"given_name\":\"มาลี\",\"family_name\":\"สุข\",\"birthdate\":\"2540-05-17\"}", func(o *recordindex.Order) {
			o.Format = recordindex.NDJSON
		}, nil},
		"entities": {"record,number\nAB-CD-1234,0105536000313\n", func(o *recordindex.Order) { o.Place.Kind = "employers" }, nil},
	} {
		i, err := w.run(c.file, func(o *recordindex.Order) {
			if c.change != nil {
				c.change(o)
			}
		})
		if !errors.Is(err, c.want) || c.want == nil && i.State != recordindex.Active {
			t.Errorf("%s: %v %s", name, err, w.faults(i.ID))
		}
	}
	i, err := w.run("{\"record\":1}\n{\"record\":\"0000000001\",\"record\":\"0000000002\"}\n{\"record\":\"0000000001\",\"x\":\"\"}\n[]\n{\"record\":\"0000000001\",\"number\":\"a\\u0000\"}\n{\"record\":\"0000000001\",\"number\":null}\n", func(o *recordindex.Order) {
		o.Format = recordindex.NDJSON
	})
	if got, want := w.faults(i.ID), "1  json;2  json;3  json;4  json;5 number encoding;6  json;"; !errors.Is(err, hub.Invalid) || got != want {
		t.Errorf("%v %s", err, got)
	}
	i, err = w.run("record,number,given_name\nABCD1234,0105536000313,x\nABCD1235,1234567890121,\n", func(o *recordindex.Order) { o.Place.Kind = "employers" })
	if got, want := w.faults(i.ID), "2 given_name unexpected;3 number not_valid;"; !errors.Is(err, hub.Invalid) || got != want {
		t.Errorf("%v %s", err, got)
	}
	many := strings.Repeat("x\n", recordindex.MaxFaults+5000)
	if i, err = w.run("record\n" + many); !errors.Is(err, hub.Invalid) || i.Faults <= recordindex.MaxFaults || i.Faults > recordindex.MaxFaults+2000 {
		t.Errorf("a file of faults: %d, %v", i.Faults, err)
	}
}

func TestD3_KeysOfImportsFollowTheMasterKey(t *testing.T) {
	t.Parallel()
	w := newImports(t, sqltest.SQLite(t))
	if _, err := w.run(people); err != nil {
		t.Fatal(err)
	}
	fresh, err := keys.ParseMasters(keys.GenerateMaster(hub.Randomness()))
	if err != nil {
		t.Fatal(err)
	}
	o := w.options
	o.Masters = append(fresh, w.masters...)
	m, err := recordindex.NewImporter(o)
	if err != nil {
		t.Fatal(err)
	}
	if n, err := m.Reseal(t.Context()); err != nil || n != 1 {
		t.Fatalf("%d, %v", n, err)
	}
	f, err := recordindex.NewFinder(w.store, w.options.Index, fresh)
	if err != nil {
		t.Fatal(err)
	}
	if all, err := f.Find(t.Context(), numbers, somebody("1234567890121", "", "", "")); err != nil || len(all) != 1 || all[0].Record != "0000000001" {
		t.Errorf("%d, %v", len(all), err)
	}
}

// cpu gives the CPU time of this process, without that of PostgreSQL.
func cpu(tb testing.TB) time.Duration {
	tb.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		tb.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkImport takes a million rows in: ONEDOOR_IMPORT_ROWS asks for another number.
func BenchmarkImport(b *testing.B) {
	rows := 1_000_000
	if n, err := strconv.Atoi(os.Getenv("ONEDOOR_IMPORT_ROWS")); err == nil {
		rows = n
	}
	for name, open := range map[string]func(testing.TB) *sqldb.DB{
		"sqlite": func(tb testing.TB) *sqldb.DB { return sqltest.SQLite(tb) }, "postgres": func(tb testing.TB) *sqldb.DB { return sqltest.Postgres(tb) },
	} {
		b.Run(name, func(b *testing.B) {
			w := newImports(b, open(b))
			file := []byte(many(rows))
			for b.Loop() {
				began, spent := time.Now(), cpu(b)
				i, err := w.read(bytes.NewReader(file))
				if err != nil || i.Rows != rows {
					b.Fatalf("%+v %v", i, err)
				}
				b.ReportMetric(float64(rows)/time.Since(began).Seconds(), "rows/s")
				b.ReportMetric(float64((cpu(b)-spent).Nanoseconds())/float64(rows), "cpu-ns/row")
			}
			began := time.Now()
			const asked = 2000
			for n := range asked {
				if got := w.found(somebody(citizen(n*(rows/asked)), "", "", "")); got == "" {
					b.Fatal("not found")
				}
			}
			b.ReportMetric(float64(time.Since(began).Microseconds())/asked, "µs/find")
		})
	}
}
