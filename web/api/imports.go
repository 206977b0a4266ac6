package api

import (
	"context"
	"errors"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"

	"onedoor/authz/permit"
	"onedoor/binding"
	"onedoor/binding/recordindex"
	"onedoor/hub"
	"onedoor/tenants"
	"onedoor/tenants/staff"
)

// Imports takes files of record keys in: recordindex.Importer, whose comments name the errors.
type Imports interface {
	Prepare(ctx context.Context, o recordindex.Order) (recordindex.Import, error)
	Fill(ctx context.Context, id string, by recordindex.By, file io.Reader, allowed func(ctx context.Context) error) (recordindex.Import, error)
	Drop(ctx context.Context, id string, by recordindex.By) (recordindex.Import, error)
	ByID(ctx context.Context, id string) (recordindex.Import, error)
	Of(ctx context.Context, department hub.DepartmentID, before int64, limit int) ([]recordindex.Import, error)
	Faults(ctx context.Context, id string, behind, limit int) ([]recordindex.Fault, error)
}

// importOrder begins an import.
type importOrder struct {
	Kind    string `json:"kind" max:"39" doc:"of the records"`
	Format  string `json:"format" enum:"csv|ndjson"`
	Numbers string `json:"numbers,omitempty" max:"39" doc:"kind of the state's numbers; Thai ones where it is left out"`
	Faults  int    `json:"faults,omitempty" doc:"so many faulty lines may be left out, up to 10000; with one more nothing is replaced"`
	Smaller bool   `json:"smaller,omitempty" doc:"the file may have less than half as many records as the one before"`
	Restart bool   `json:"restart,omitempty" doc:"give up an import of this kind that is under way"`
}

// shownImport is an import: counts, nothing of a line.
type shownImport struct {
	ID         string    `json:"id"`
	Department string    `json:"department"`
	Kind       string    `json:"kind"`
	Format     string    `json:"format" enum:"csv|ndjson"`
	State      string    `json:"state" enum:"loading|active|replaced|dropped" doc:"active: what people are found by"`
	Why        string    `json:"why,omitempty" enum:"|given_up|restarted|faults|empty|smaller" doc:"it was dropped"`
	Bytes      int64     `json:"bytes" doc:"of the file that are in for good: cut off, it goes on from there"`
	Line       int       `json:"line" doc:"the last one that is in for good"`
	Records    int       `json:"records" doc:"that were taken"`
	Faults     int       `json:"faults" doc:"lines that were not"`
	MostFaults int       `json:"mostFaults"`
	Smaller    bool      `json:"smaller"`
	By         string    `json:"by,omitempty"`
	ByProgram  string    `json:"byProgram,omitempty"`
	At         time.Time `json:"at"`
	Until      time.Time `json:"until,omitzero" doc:"when it became active, was replaced or dropped"`
}

func showImport(i recordindex.Import, known func(hub.AccountID) string) shownImport {
	return shownImport{
		i.ID, string(i.Place.Department), string(i.Place.Kind), string(i.Format), string(i.State), string(i.Why), i.Offset, i.Line, i.Rows, i.Faults,
		i.Terms.Faults, i.Terms.Smaller, known(i.By.Account), string(i.By.System), i.At, i.Until,
	}
}

type importList struct {
	Imports []shownImport `json:"imports"`
	Next    string        `json:"next,omitempty"`
}

type shownFault struct {
	Line  int    `json:"line"`
	Field string `json:"field,omitempty" doc:"left out for the whole line"`
	Why   string `json:"why" enum:"too_long|encoding|quotes|columns|json|missing|not_valid|nothing|twice|unexpected"`
}

type faultList struct {
	Faults []shownFault `json:"faults"`
	Next   string       `json:"next,omitempty"`
}

func (a *API) importRoutes() []route {
	read, write := []permit.Act{permit.RecordRead}, []permit.Act{permit.RecordImport}
	return []route{
		{id: "listImports", method: http.MethodGet, path: "/departments/{department}/imports", summary: "Imports of record keys, the latest first", acts: read, list: true, out: importList{}, status: http.StatusOK, do: a.listImports},
		{id: "beginImport", method: http.MethodPost, path: "/departments/{department}/imports", summary: "Begin an import; its file follows", acts: write, in: importOrder{}, out: shownImport{}, status: http.StatusCreated, do: a.beginImport},
		{id: "getImport", method: http.MethodGet, path: "/imports/{import}", summary: "How far an import is, also while its file comes", acts: read, out: shownImport{}, status: http.StatusOK, do: a.getImport},
		{id: "putImportFile", method: http.MethodPut, path: "/imports/{import}/file", summary: "The whole file: it is taken in while it comes, and replaces what was there in one step once its last line is in. Cut off, the same file again goes on; once it is in, the same file again changes nothing", acts: write, file: true, calm: true, out: shownImport{}, status: http.StatusOK, do: a.putImportFile},
		{id: "listImportFaults", method: http.MethodGet, path: "/imports/{import}/faults", summary: "Lines that were not taken, in order", acts: read, list: true, out: faultList{}, status: http.StatusOK, do: a.listImportFaults},
		{id: "dropImport", method: http.MethodPost, path: "/imports/{import}/drop", summary: "Give an import up; if it is the active one, nobody is found by it any more", acts: write, out: shownImport{}, status: http.StatusOK, do: a.dropImport},
	}
}

// fileTypes are the content types of a file by its format (RFC 4180; NDJSON's own word).
var fileTypes = map[recordindex.Format]string{recordindex.CSV: "text/csv", recordindex.NDJSON: "application/x-ndjson"}

// importer names who orders an import.
func (c *call) importer() recordindex.By {
	return recordindex.By{Account: c.subject.Account, System: c.subject.System}
}

// importOf finds an import of a department where the caller may read, and gives its place. Acts beside reading are asked for too.
func (a *API) importOf(ctx context.Context, c *call, acts ...permit.Act) (recordindex.Import, staff.Place, error) {
	i, err := a.o.Imports.ByID(ctx, c.path("import"))
	if err != nil {
		return recordindex.Import{}, staff.Place{}, err
	}
	place := staff.Place{Department: i.Place.Department}
	if err := a.see(ctx, c, permit.RecordRead, place); err != nil {
		return recordindex.Import{}, place, err
	}
	for _, act := range acts {
		if err := a.must(ctx, c, "api.importOf", act, place); err != nil {
			return recordindex.Import{}, place, err
		}
	}
	return i, place, nil
}

func (a *API) listImports(ctx context.Context, c *call) (reply, error) {
	p, err := a.pageOf(c)
	if err != nil {
		return reply{}, err
	}
	id := hub.DepartmentID(c.path("department"))
	if err := a.see(ctx, c, permit.RecordRead, staff.Place{Department: id}); err != nil {
		return reply{}, err
	}
	before := int64(0)
	if p.after != "" {
		if before, err = strconv.ParseInt(p.after, 10, 64); err != nil {
			return reply{}, hub.E("api.listImports", hub.Internal, err) // we have signed it
		}
	}
	all, err := a.o.Imports.Of(ctx, id, before, p.limit+1)
	if err != nil {
		return reply{}, err
	}
	out, known := importList{Imports: []shownImport{}}, a.known(ctx, c, id)
	for n, i := range all {
		if n == p.limit {
			out.Next = a.next(c, p, true, strconv.FormatInt(all[n-1].Seq, 10))
			break
		}
		out.Imports = append(out.Imports, showImport(i, known))
	}
	return reply{body: out}, nil
}

func (a *API) beginImport(ctx context.Context, c *call) (reply, error) {
	in, id := c.in.(*importOrder), hub.DepartmentID(c.path("department"))
	if err := a.may(ctx, c, permit.RecordRead, permit.RecordImport, staff.Place{Department: id}); err != nil {
		return reply{}, err
	}
	i, err := a.o.Imports.Prepare(ctx, recordindex.Order{
		Place: binding.Place{Department: id, Kind: tenants.RecordKindID(in.Kind)}, Format: recordindex.Format(in.Format),
		Terms: recordindex.Terms{Numbers: in.Numbers, Faults: in.Faults, Smaller: in.Smaller}, Restart: in.Restart, By: c.importer(),
	})
	if errors.Is(err, hub.Invalid) {
		err = &faulty{hub.Invalid, []fault{{Path: "kind", Text: "must be a kind of records of the department, with numbers of people or of entities as it has, and at most " + strconv.Itoa(recordindex.MaxFaults) + " faults"}}}
	}
	return reply{body: showImport(i, a.known(ctx, c, i.Place.Department))}, err
}

func (a *API) getImport(ctx context.Context, c *call) (reply, error) {
	i, _, err := a.importOf(ctx, c)
	return reply{body: showImport(i, a.known(ctx, c, i.Place.Department))}, err
}

// putImportFile takes the body in as it comes. What is refused is known before the first byte is read.
func (a *API) putImportFile(ctx context.Context, c *call) (reply, error) {
	i, place, err := a.importOf(ctx, c, permit.RecordImport)
	if err != nil {
		return reply{}, err
	}
	if kind, _, err := mime.ParseMediaType(c.r.Header.Get("Content-Type")); err != nil || kind != fileTypes[i.Format] || c.r.Header.Get("Content-Encoding") != "" {
		return reply{}, &faulty{noFile, nil}
	}
	// It may take an hour: whoever has lost the right meanwhile replaces nothing any more.
	i, err = a.o.Imports.Fill(ctx, i.ID, c.importer(), c.r.Body, func(ctx context.Context) error { return a.still(ctx, c, permit.RecordImport, place) })
	switch {
	case err == nil:
		return reply{body: showImport(i, a.known(ctx, c, i.Place.Department))}, nil
	case !errors.Is(err, hub.Invalid):
		return reply{}, err
	case i.State != recordindex.Dropped:
		return reply{}, &faulty{hub.Invalid, []fault{{Path: "line 1", Text: "must be the header, in UTF-8: columns of " + columns()}}}
	}
	out := &faulty{notTaken, []fault{{Rule: string(i.Why), Text: why[i.Why]}}}
	const some = 50
	lines, err := a.o.Imports.Faults(ctx, i.ID, 0, some)
	for _, f := range lines {
		out.faults = append(out.faults, fault{Path: strings.TrimSpace("line " + strconv.Itoa(f.Line) + " " + string(f.Field)), Text: string(f.Why)})
	}
	return reply{}, errors.Join(out, err)
}

// why says in words why an import was dropped when its file was in.
var why = map[recordindex.Why]string{
	recordindex.TooFaulty: "more faulty lines than were allowed", recordindex.Empty: "no line was taken",
	recordindex.Smaller: "less than half as many records as before: say smaller if that is right",
}

func columns() string {
	all := make([]string, 0, len(recordindex.Fields()))
	for _, f := range recordindex.Fields() {
		all = append(all, string(f))
	}
	return strings.Join(all, ", ")
}

// still asks again whether the caller may, by what they hold now.
func (a *API) still(ctx context.Context, c *call, act permit.Act, place staff.Place) (err error) {
	now := c.subject
	if now.System != "" {
		now.Rights, err = a.o.Machines.Of(ctx, now.System)
	} else {
		now, err = permit.SubjectOf(ctx, a.o.Staff, now.Account, now.Level)
	}
	if err != nil {
		return err
	}
	return a.o.Permits.May(ctx, now, act, place).Err("api.still")
}

func (a *API) listImportFaults(ctx context.Context, c *call) (reply, error) {
	p, err := a.pageOf(c)
	if err != nil {
		return reply{}, err
	}
	i, _, err := a.importOf(ctx, c)
	if err != nil {
		return reply{}, err
	}
	behind := 0
	if p.after != "" {
		if behind, err = strconv.Atoi(p.after); err != nil {
			return reply{}, hub.E("api.listImportFaults", hub.Internal, err) // we have signed it
		}
	}
	all, err := a.o.Imports.Faults(ctx, i.ID, behind, p.limit+1)
	if err != nil {
		return reply{}, err
	}
	out := faultList{Faults: []shownFault{}}
	for n, f := range all {
		if n == p.limit {
			out.Next = a.next(c, p, true, strconv.Itoa(all[n-1].Line))
			break
		}
		out.Faults = append(out.Faults, shownFault{f.Line, string(f.Field), string(f.Why)})
	}
	return reply{body: out}, nil
}

func (a *API) dropImport(ctx context.Context, c *call) (reply, error) {
	i, _, err := a.importOf(ctx, c, permit.RecordImport)
	if err != nil {
		return reply{}, err
	}
	i, err = a.o.Imports.Drop(ctx, i.ID, c.importer())
	return reply{body: showImport(i, a.known(ctx, c, i.Place.Department))}, err
}
