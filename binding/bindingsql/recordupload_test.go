package bindingsql_test

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"

	"onedoor/binding/recordindex"
	"onedoor/hub"
	"onedoor/hub/hubtest/sqltest"
	"onedoor/hub/sqldb"
)

func (w *imports) prepare(change ...func(*recordindex.Order)) (recordindex.Import, error) {
	o := recordindex.Order{Place: numbers, Format: recordindex.CSV, By: recordindex.By{System: "robot"}}
	for _, c := range change {
		c(&o)
	}
	return w.importer.Prepare(w.tb.Context(), o)
}

func (w *imports) fill(id string, file io.Reader) (recordindex.Import, error) {
	return w.importer.Fill(w.tb.Context(), id, recordindex.By{System: "robot"}, file, nil)
}

// An import that is ordered first and sent later: cut anywhere it leaves what was asked before, sent again it goes on, sent once more it changes nothing.
func TestBND06_UploadIsWholeOrNothing(t *testing.T) {
	t.Parallel()
	sqltest.Each(t, func(t *testing.T, db *sqldb.DB) {
		w := newImports(t, db)
		if _, err := w.run(people); err != nil {
			t.Fatal(err)
		}
		first := somebody("1234567890121", "สมชาย", "ใจดี", "1997-05-17")
		before := w.found(first)
		file := many(5000) + "faulty\n"
		i, err := w.prepare(func(o *recordindex.Order) { o.Terms.Faults = 1 })
		if err != nil || i.State != recordindex.Loading || i.Offset != 0 {
			t.Fatalf("%+v %v", i, err)
		}
		if _, err := w.prepare(); !errors.Is(err, hub.Conflict) {
			t.Errorf("a second one: %v", err)
		}
		for _, cut := range []int{0, 10, len(file) / 2, len(file) - 3} {
			if got, err := w.fill(i.ID, &cutReader{strings.NewReader(file), cut}); !errors.Is(err, errCut) || got.State != recordindex.Loading {
				t.Errorf("cut at %d: %s %v", cut, got.State, err)
			}
		}
		if kept, err := w.importer.ByID(t.Context(), i.ID); err != nil || kept.Rows != 4000 || kept.Terms.Faults != 1 || kept.By.System != "robot" {
			t.Errorf("%+v %v", kept, err)
		}
		if got := w.found(first); got != before {
			t.Errorf("half of it shows: %s", got)
		}
		if _, err := w.fill(i.ID, strings.NewReader("record,number\n0000000001,1234567890121\n")); !errors.Is(err, hub.Conflict) {
			t.Errorf("another file: %v", err)
		}
		if _, err := w.importer.Fill(t.Context(), i.ID, recordindex.By{}, strings.NewReader(file), func(context.Context) error { return hub.Denied }); !errors.Is(err, hub.Denied) || w.found(first) != before {
			t.Errorf("whoever may no more: %v", err)
		}
		done, err := w.fill(i.ID, strings.NewReader(file))
		if err != nil || done.State != recordindex.Active || done.Rows != 5000 || done.Faults != 1 || w.faults(i.ID) != "5002  columns;" {
			t.Fatalf("%+v %v %s", done, err, w.faults(i.ID))
		}
		if got := w.found(first); got != "" {
			t.Errorf("after: %s", got)
		}
		if again, err := w.fill(i.ID, strings.NewReader(file)); err != nil || again.State != recordindex.Active {
			t.Errorf("the same again: %+v %v", again, err)
		}
		for name, other := range map[string]string{"longer": file + "x", "shorter": file[:len(file)-1], "other": strings.Replace(file, "north", "south", 1)} {
			if _, err := w.fill(i.ID, strings.NewReader(other)); !errors.Is(err, hub.Conflict) {
				t.Errorf("%s: %v", name, err)
			}
		}
		faulty, err := w.prepare()
		if err != nil {
			t.Fatal(err)
		}
		if i, err := w.fill(faulty.ID, strings.NewReader(file)); !errors.Is(err, hub.Invalid) || i.State != recordindex.Dropped || i.Why != recordindex.TooFaulty {
			t.Errorf("%s %s %v", i.State, i.Why, err)
		}
		if _, err := w.fill(faulty.ID, strings.NewReader(file)); !errors.Is(err, hub.Consumed) {
			t.Errorf("a dropped one: %v", err)
		}
		if _, err := w.fill("none", strings.NewReader(file)); !errors.Is(err, hub.NotFound) {
			t.Errorf("none: %v", err)
		}
		one, err := w.prepare()
		if err != nil {
			t.Fatal(err)
		}
		two, err := w.prepare(func(o *recordindex.Order) { o.Restart = true })
		if err != nil {
			t.Fatal(err)
		}
		all, err := w.importer.Of(t.Context(), numbers.Department, two.Seq, 1)
		if err != nil || len(all) != 1 || all[0].ID != one.ID || all[0].Why != recordindex.Restarted {
			t.Errorf("%+v %v", all, err)
		}
	})
}
