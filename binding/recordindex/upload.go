package recordindex

import (
	"bytes"
	"context"
	"errors"
	"io"

	"onedoor/hub"
)

// Prepare begins an import whose file comes later, by Fill: so whoever sends it has a name to ask after it from the first byte on. The terms rest
// with it. Conflict where one of that place is under way, unless o.Restart gives that one up; else as Import.
func (m *Importer) Prepare(ctx context.Context, o Order) (Import, error) {
	if _, err := m.kind(ctx, &o); err != nil {
		return Import{}, err
	}
	open, err := m.o.Imports.Open(ctx, o.Place)
	switch {
	case err == nil && o.Restart:
		if err := m.drop(ctx, open, o.By, Restarted); err != nil {
			return Import{}, beside(err)
		}
	case err == nil:
		return Import{}, hub.Errorf("recordindex.Prepare", hub.Conflict, "an import is under way: send its file, or give it up with restart")
	case !errors.Is(err, hub.NotFound):
		return Import{}, err
	}
	return m.add(ctx, o, newLines(bytes.NewReader(nil)))
}

// Fill takes the file of a prepared import in, from its first byte: what is in already is only compared. Cut off, it goes on where it was when
// the same file is sent again; once it is in, the same file again changes nothing. Allowed as in Order.
//
// NotFound; Consumed for an import that was dropped; Conflict for another file than before, or where somebody else is sending it; else as Import.
func (m *Importer) Fill(ctx context.Context, id string, by By, file io.Reader, allowed func(ctx context.Context) error) (Import, error) {
	i, err := m.ByID(ctx, id)
	if err != nil {
		return Import{}, err
	}
	switch i.State {
	case Loading:
	case Active, Replaced:
		return i, m.same(i, file)
	default:
		return i, hub.Errorf("recordindex.Fill", hub.Consumed, "the import was dropped")
	}
	o := Order{Place: i.Place, Format: i.Format, Terms: i.Terms, By: by, Allowed: allowed}
	k, err := m.kind(ctx, &o)
	if err != nil {
		return i, err
	}
	in, read, err := open(o.Format, file)
	if err != nil {
		return i, err
	}
	if err := m.resume(i, o, in); err != nil {
		return i, err
	}
	return m.take(ctx, o, i, k, in, read)
}

// same tells whether a file is the one that is in. Conflict where it is another.
func (m *Importer) same(i Import, file io.Reader) error {
	in := newLines(io.LimitReader(file, i.Offset+1))
	err := in.skip(i.Offset+1, 0)
	switch {
	case err == nil || errors.Is(err, io.ErrUnexpectedEOF) && (in.offset != i.Offset || !bytes.Equal(m.digest(in), i.Digest)):
		return hub.Errorf("recordindex.Fill", hub.Conflict, "another file is in")
	case errors.Is(err, io.ErrUnexpectedEOF):
		return nil
	default:
		return err
	}
}

// ByID finds an import. NotFound.
func (m *Importer) ByID(ctx context.Context, id string) (Import, error) {
	if !hub.ValidID(id) {
		return Import{}, hub.Errorf("recordindex.ByID", hub.NotFound, "no such import")
	}
	return m.o.Imports.ByID(ctx, id)
}

// Of lists a department's imports, as Imports.
func (m *Importer) Of(ctx context.Context, department hub.DepartmentID, before int64, limit int) ([]Import, error) {
	return m.o.Imports.Of(ctx, department, before, limit)
}

// Faults lists an import's faulty lines, as Imports.
func (m *Importer) Faults(ctx context.Context, id string, behind, limit int) ([]Fault, error) {
	return m.o.Imports.Faults(ctx, id, behind, limit)
}
