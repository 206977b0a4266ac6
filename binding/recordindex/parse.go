package recordindex

import (
	"bytes"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"onedoor/hub"
	"onedoor/hub/strictjson"
)

// Format is how a file is written.
type Format string

// The formats. CSV is RFC 4180 with a header and without line breaks in fields, separated by commas, semicolons or tabs; NDJSON is one object a
// line, all values texts. Both in UTF-8, with a byte order mark or without.
const (
	CSV    Format = "csv"
	NDJSON Format = "ndjson"
)

// Field is a column of a file, or a member of its objects.
type Field string

// The fields.
const (
	Record     Field = "record"      // the department's number: always
	Number     Field = "number"      // the state's number of the person or entity
	GivenName  Field = "given_name"  // in Thai or Latin script, without or with a title
	FamilyName Field = "family_name" //
	Birthdate  Field = "birthdate"   // in either era: see spelling.Date
	Area       Field = "area"        // id of the area that keeps the record
)

// Fields lists them.
func Fields() []Field { return []Field{Record, Number, GivenName, FamilyName, Birthdate, Area} }

const fields = 6

// place gives where a field stands in values, -1 for none.
func place(f Field) int { return slices.Index(Fields(), f) }

// values are a line's texts by field: they are personal data and are neither logged nor kept.
type values [fields]string

// bom begins a file of many a spreadsheet.
var bom = []byte{0xEF, 0xBB, 0xBF}

// parser reads lines of one format.
type parser interface {
	// line reads one line. why is "" where it is good; field says where it is not.
	line(text []byte) (v values, field Field, why Why)
}

// plain reports whether a line is UTF-8 without control characters, but for tabs.
func plain(text []byte) bool {
	if !utf8.Valid(text) {
		return false
	}
	return bytes.IndexFunc(text, func(r rune) bool { return r != '\t' && unicode.IsControl(r) }) < 0
}

// csvParser reads lines of a file whose header it has read.
type csvParser struct {
	separator byte
	columns   []int // by column: its place in values
}

// readHeader reads the header of a CSV file. Invalid, with words for who made the file: the names are no personal data where they are known, and
// are not repeated where they are not.
func readHeader(text []byte) (*csvParser, error) {
	const op = "recordindex.readHeader"
	text = bytes.TrimPrefix(text, bom)
	if !plain(text) {
		return nil, hub.Errorf(op, hub.Invalid, "the first line is not in UTF-8: save the file as UTF-8")
	}
	p := &csvParser{separator: ','}
	for _, s := range []byte{';', '\t'} {
		if bytes.IndexByte(text, ',') < 0 && bytes.IndexByte(text, s) >= 0 {
			p.separator = s
		}
	}
	names, ok := p.split(text)
	if !ok {
		return nil, hub.Errorf(op, hub.Invalid, "the header has quotation marks where none may be")
	}
	for _, name := range names {
		at := place(Field(name))
		switch {
		case at < 0:
			return nil, hub.Errorf(op, hub.Invalid, "the header must name its columns exactly: "+known())
		case slices.Contains(p.columns, at):
			return nil, hub.Errorf(op, hub.Invalid, "the header names a column twice")
		}
		p.columns = append(p.columns, at)
	}
	if !slices.Contains(p.columns, place(Record)) {
		return nil, hub.Errorf(op, hub.Invalid, "the header has no column record")
	}
	return p, nil
}

func known() string {
	names := make([]string, 0, fields)
	for _, f := range Fields() {
		names = append(names, string(f))
	}
	return strings.Join(names, ", ")
}

// split cuts a line into its fields (RFC 4180 section 2, without line breaks in a field).
func (p *csvParser) split(text []byte) (out []string, ok bool) {
	out = make([]string, 0, fields)
	for {
		if len(text) == 0 || text[0] != '"' {
			end := bytes.IndexByte(text, p.separator)
			field := text
			if end >= 0 {
				field = text[:end]
			}
			if bytes.IndexByte(field, '"') >= 0 {
				return nil, false
			}
			out = append(out, string(bytes.TrimSpace(field)))
			if end < 0 {
				return out, true
			}
			text = text[end+1:]
			continue
		}
		var b []byte
		for text = text[1:]; ; {
			end := bytes.IndexByte(text, '"')
			if end < 0 {
				return nil, false
			}
			b = append(b, text[:end]...)
			if text = text[end+1:]; len(text) > 0 && text[0] == '"' {
				b, text = append(b, '"'), text[1:]
				continue
			}
			break
		}
		out = append(out, string(bytes.TrimSpace(b)))
		switch {
		case len(text) == 0:
			return out, true
		case text[0] != p.separator:
			return nil, false
		}
		text = text[1:]
	}
}

// line implements parser.
func (p *csvParser) line(text []byte) (v values, _ Field, _ Why) {
	if !plain(text) {
		return v, "", Encoding
	}
	parts, ok := p.split(text)
	switch {
	case !ok:
		return v, "", Quotes
	case len(parts) != len(p.columns):
		return v, "", Columns
	}
	for i, part := range parts {
		v[p.columns[i]] = part
	}
	return v, "", ""
}

// jsonParser reads objects.
type jsonParser struct{}

// line implements parser.
func (jsonParser) line(text []byte) (v values, _ Field, _ Why) {
	if !plain(text) {
		return v, "", Encoding
	}
	o, err := strictjson.Object(text)
	if err != nil {
		return v, "", NotJSON
	}
	for name, value := range o {
		s, ok := value.(string)
		at := place(Field(name))
		if !ok || at < 0 {
			return values{}, "", NotJSON
		}
		if !plain([]byte(s)) { // an escape may hold what the line may not
			return values{}, Field(name), Encoding
		}
		v[at] = strings.TrimSpace(s)
	}
	return v, "", ""
}
