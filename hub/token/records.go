package token

import (
	"encoding/binary"
	"unicode/utf8"

	"onedoor/hub"
)

// MaxRecords is how many departments' records a token carries at most, MaxRecordBytes how long the list of one may be.
const (
	MaxRecords     = maxRecords
	MaxRecordBytes = 4000
)

func putRecords(b []byte, all []Records) ([]byte, error) {
	const op = "token.encode"
	if len(all) > maxRecords {
		return nil, hub.Errorf(op, hub.Invalid, "records of too many departments")
	}
	b = append(b, byte(len(all)))
	for i, r := range all {
		for _, before := range all[:i] {
			if before.Department == r.Department {
				return nil, hub.Errorf(op, hub.Invalid, "the records of a department twice")
			}
		}
		if r.Department == "" || r.JSON == "" || len(r.JSON) > maxList || !utf8.ValidString(r.JSON) {
			return nil, hub.Errorf(op, hub.Invalid, "records of nobody, too long, or no text")
		}
		var err error
		if b, err = putText(b, string(r.Department)); err != nil {
			return nil, err
		}
		b = append(binary.BigEndian.AppendUint16(b, uint16(len(r.JSON))), r.JSON...)
	}
	return b, nil
}

// records reads them; none are not written at all. Only tokens of departments that keep records have them.
func (d *decoder) records(a *Access) {
	n := d.count(maxRecords)
	if n == 0 {
		d.failed = true
		return
	}
	a.Records = make([]Records, 0, n)
	for range n {
		r := Records{Department: hub.DepartmentID(d.word())}
		if size := d.take(2); size != nil {
			b := d.take(int(binary.BigEndian.Uint16(size)))
			d.failed = d.failed || len(b) == 0 || len(b) > maxList || !utf8.Valid(b)
			r.JSON = string(b)
		}
		d.failed = d.failed || r.Department == "" || a.RecordsAt(r.Department) != ""
		a.Records = append(a.Records, r)
	}
}
