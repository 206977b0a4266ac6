package recordindex

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"slices"

	"onedoor/hub"
)

// sort makes an import whose lines are all in findable. It takes out records that are there twice, and goes on where it was when it was cut off: the
// same lines have the same order. It holds 24 bytes for each line in memory.
func (m *Importer) sort(ctx context.Context, i Import) (Import, error) {
	for _, by := range []Column{ByRecord, ByNumber, ByFacts} {
		finds := make([]Find, 0, i.Rows)
		if err := m.o.Sorting.Hashes(ctx, i, by, func(f Find) { finds = append(finds, f) }); err != nil {
			return i, err
		}
		slices.SortFunc(finds, func(a, b Find) int {
			return cmp.Or(bytes.Compare(a.Hash[:], b.Hash[:]), cmp.Compare(a.Line, b.Line))
		})
		if by == ByRecord {
			var err error
			if finds, i, err = m.strike(ctx, finds, i); err != nil {
				return i, err
			}
		}
		done, err := m.o.Sorting.Found(ctx, i, by)
		if err != nil {
			return i, err
		}
		for some := range slices.Chunk(finds[min(done, len(finds)):], findsSize) {
			if err := m.o.Sorting.AddFinds(ctx, i, by, some); err != nil {
				return i, beside(err)
			}
		}
	}
	return i, nil
}

// strike takes the lines out whose record an earlier one has. The finds are in order.
func (m *Importer) strike(ctx context.Context, finds []Find, i Import) ([]Find, Import, error) {
	var twice []int
	kept := finds[:0]
	for _, f := range finds {
		if n := len(kept); n > 0 && kept[n-1].Hash == f.Hash {
			twice = append(twice, f.Line)
			continue
		}
		kept = append(kept, f)
	}
	if most := MaxFaults + 1 - i.Faults; len(twice) > most {
		slices.Sort(twice)
		twice = twice[:max(most, 0)] // too many: it is dropped with what was found
	}
	if len(twice) == 0 {
		return kept, i, nil
	}
	i, err := m.o.Sorting.Strike(ctx, i, twice)
	return kept, i, beside(err)
}

// beside says that somebody else is at it; everything else stays as it is.
func beside(err error) error {
	if errors.Is(err, hub.Consumed) {
		return hub.E("recordindex.Import", hub.Conflict, err)
	}
	return err
}
