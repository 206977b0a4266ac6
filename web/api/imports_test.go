package api_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/iotest"

	"onedoor/binding"
	"onedoor/binding/recordindex"
	"onedoor/hub"
	"onedoor/hub/hubtest/sqltest"
	"onedoor/hub/sqldb"
	"onedoor/tenants/staff"
	"onedoor/web/server"
)

// keysOf gives a file of so many good lines.
func keysOf(n int) string {
	var b strings.Builder
	b.WriteString("record,given_name,family_name,birthdate\n")
	for i := range n {
		fmt.Fprintf(&b, "%010d,Given%d,Family,1990-01-02\n", i, i)
	}
	return b.String()
}

// importing gives an import of the revenue department that waits for its file.
func (w *world) importing() string {
	w.t.Helper()
	i, err := w.importer.Prepare(w.t.Context(), recordindex.Order{
		Place: binding.Place{Department: "revenue", Kind: "taxpayer"}, Format: recordindex.CSV, Restart: true,
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return i.ID
}

// A file is ordered, sent, cut, sent again and asked after; what is wrong with it is told line by line; and nothing of it is in an answer or the record.
func TestBND06_ImportByUpload(t *testing.T) {
	t.Parallel()
	sqltest.Each(t, func(t *testing.T, db *sqldb.DB) {
		w := newWorld(t, db)
		w.employ("robot", staff.DepartmentAdministrator, staff.Place{Department: "revenue"})
		begin := ask{as: "robot", method: "POST", path: "/departments/revenue/imports", body: `{"kind":"taxpayer","format":"csv","faults":1}`, headers: map[string]string{"Idempotency-Key": "0123456789abcdef"}}
		first := w.good(http.StatusCreated, begin)
		if again := w.good(http.StatusCreated, begin); again.text("id") != first.text("id") || first.text("byProgram") != "robot" || first.text("state") != "loading" {
			t.Fatalf("%s\n%s", first.body, again.body)
		}
		path := "/imports/" + first.text("id")
		put := func(body string) ask { return ask{as: "robot", method: "PUT", path: path + "/file", body: body} }
		w.good(http.StatusConflict, ask{as: "robot", method: "POST", path: "/departments/revenue/imports", body: `{"kind":"taxpayer","format":"csv"}`})
		// What is not the file that was ordered is refused before it is read.
		for _, bad := range []map[string]string{{"Content-Type": "application/x-ndjson"}, {"Content-Type": "application/json"}, {"Content-Type": ""}, {"Content-Encoding": "gzip"}} {
			x := put(keysOf(1))
			x.headers = bad
			if g := w.good(http.StatusUnsupportedMediaType, x); !strings.HasSuffix(g.text("type"), ":no_file") {
				t.Error(g.body)
			}
		}
		if g := w.good(http.StatusBadRequest, put("no,header\n1,2\n")); !strings.Contains(g.text("faults", "0", "text"), "record, number") {
			t.Error(g.body)
		}
		file := keysOf(4500) + "12,x\n"
		// Cut off: what is committed stays, and shows how far it is.
		half := put("")
		half.file = io.MultiReader(strings.NewReader(file[:len(file)-100]), iotest.ErrReader(hub.Errorf("test", server.CutOff, "gone")))
		if g := w.good(http.StatusBadRequest, half); !strings.HasSuffix(g.text("type"), ":cut_off") {
			t.Error(g.body)
		}
		if g := w.good(http.StatusOK, ask{as: "robot", method: "GET", path: path}); g.text("state") != "loading" || g.values["records"] != float64(4000) {
			t.Error(g.body)
		}
		done := w.good(http.StatusOK, put(file))
		if done.text("state") != "active" || done.values["records"] != float64(4500) || done.values["faults"] != float64(1) {
			t.Error(done.body)
		}
		if again := w.good(http.StatusOK, put(file)); again.body != done.body {
			t.Errorf("the same again: %s", again.body)
		}
		w.good(http.StatusConflict, put(keysOf(1)))
		w.good(http.StatusConflict, put(file+"x"))
		faults := w.good(http.StatusOK, ask{as: "robot", method: "GET", path: path + "/faults"})
		if faults.text("faults", "0", "why") != "columns" {
			t.Error(faults.body)
		}
		// Far fewer, and too many faults: nothing is replaced, and the answer says why, line by line.
		other := w.good(http.StatusCreated, ask{as: "robot", method: "POST", path: "/departments/revenue/imports", body: `{"kind":"taxpayer","format":"csv","faults":0}`})
		worse := "record,number\n" + strings.Repeat("secret-number,1\n", 300)
		g := w.good(http.StatusUnprocessableEntity, ask{as: "robot", method: "PUT", path: "/imports/" + other.text("id") + "/file", body: worse})
		if !strings.HasSuffix(g.text("type"), ":not_taken") || g.text("faults", "0", "rule") != "faults" || g.text("faults", "1", "path") != "line 2 record" || strings.Contains(g.body, "secret") {
			t.Error(g.body)
		}
		seen, cursor := 0, ""
		for {
			page := w.good(http.StatusOK, ask{as: "robot", method: "GET", path: "/imports/" + other.text("id") + "/faults?limit=120" + cursor})
			seen += strings.Count(page.body, `"line"`)
			if page.text("next") == "" {
				break
			}
			cursor = "&cursor=" + page.text("next")
			w.good(http.StatusBadRequest, ask{as: "robot", method: "GET", path: path + "/faults?limit=120" + cursor}) // of another import's
		}
		if seen != 300 {
			t.Errorf("%d faults", seen)
		}
		w.good(http.StatusConflict, ask{as: "robot", method: "PUT", path: "/imports/" + other.text("id") + "/file", body: worse})
		list := w.good(http.StatusOK, ask{as: "robot", method: "GET", path: "/departments/revenue/imports?limit=1"})
		if list.text("imports", "0", "why") != "faults" || list.text("next") == "" {
			t.Error(list.body)
		}
		if next := w.good(http.StatusOK, ask{as: "robot", method: "GET", path: "/departments/revenue/imports?limit=1&cursor=" + list.text("next")}); next.text("imports", "0", "id") != first.text("id") || next.text("next") != "" {
			t.Error(next.body)
		}
		if g := w.good(http.StatusOK, ask{as: "robot", method: "POST", path: path + "/drop"}); g.text("why") != "given_up" {
			t.Error(g.body)
		}
		for _, bad := range []string{`{"kind":"none","format":"csv"}`, `{"kind":"taxpayer","format":"csv","numbers":"th.juristic"}`, `{"kind":"taxpayer","format":"csv","faults":10001}`, `{"kind":"taxpayer","format":"xml"}`} {
			w.good(http.StatusBadRequest, ask{as: "robot", method: "POST", path: "/departments/revenue/imports", body: bad})
		}
		w.mu.Lock()
		defer w.mu.Unlock()
		kinds := map[string]int{}
		for _, e := range w.events {
			kinds[e.Kind]++
			if strings.HasPrefix(e.Kind, "record_index.") && (e.Detail["by_program"] != "robot" || strings.Contains(fmt.Sprint(e), "secret")) {
				t.Errorf("%+v", e)
			}
		}
		if kinds["record_index.started"] != 2 || kinds["record_index.activated"] != 1 || kinds["record_index.dropped"] != 2 {
			t.Error(kinds)
		}
	})
}

// Whoever loses the right while the file comes replaces nothing.
func TestImportIsJudgedAgainAtItsEnd(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sqltest.SQLite(t))
	w.employ("robot", staff.DepartmentAdministrator, staff.Place{Department: "revenue"})
	path := "/imports/" + w.importing()
	held, err := w.posts.RightsOf(t.Context(), "robot")
	if err != nil {
		t.Fatal(err)
	}
	put := func() ask {
		return ask{as: "robot", method: "PUT", path: path + "/file", file: io.MultiReader(strings.NewReader(keysOf(10)), readerFunc(func([]byte) (int, error) {
			for _, r := range held {
				if err := w.posts.EndRight(t.Context(), r.ID, "", w.clock.Now().UTC()); err != nil {
					t.Error(err)
				}
			}
			return 0, io.EOF
		}))}
	}
	w.good(http.StatusForbidden, put())
	held = nil
	w.good(http.StatusNotFound, put())
	if i, err := w.importer.ByID(t.Context(), path[len("/imports/"):]); err != nil || i.State != recordindex.Loading {
		t.Errorf("%s %v", i.State, err)
	}
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }
