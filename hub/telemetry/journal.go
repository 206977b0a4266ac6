package telemetry

import (
	"strconv"
	"time"

	"onedoor/hub"
)

// Request is one answered request: what its line in the log says. It can hold nothing that was sent.
type Request struct {
	Method      string // of a closed set
	Route       string // pattern of the mount
	Status      int
	Took        time.Duration
	Bytes       int64
	Interaction hub.InteractionID
}

// Journal writes the lines about requests that went well, in JSON as the logger does, without its price: there is one for every validation
// (architecture D9).
type Journal struct {
	buffer *Buffer
	clock  hub.Clock

	second int64  // the one that text stands for; both under the buffer's lock
	text   []byte // "2006-01-02T15:04:05": most lines share it with the one before
}

// NewJournal needs both. Invalid.
func NewJournal(buffer *Buffer, clock hub.Clock) (*Journal, error) {
	if buffer == nil || clock == nil {
		return nil, hub.Errorf("telemetry.NewJournal", hub.Invalid, "buffer and clock are required")
	}
	return &Journal{buffer: buffer, clock: clock, second: -1}, nil
}

// Request writes one line. Texts that are not of the form of theirs are left out.
func (j *Journal) Request(r Request) {
	now := j.clock()
	b := j.buffer
	b.mu.Lock()
	defer b.mu.Unlock()
	l := append(b.lines, `{"time":"`...)
	if second := now.Unix(); second != j.second {
		j.second, j.text = second, now.UTC().AppendFormat(j.text[:0], "2006-01-02T15:04:05")
	}
	l = append(append(l, j.text...), '.')
	for unit, rest := 100_000_000, now.Nanosecond(); unit > 0; unit /= 10 {
		l = append(l, byte('0'+rest/unit%10))
	}
	l = append(l, 'Z')
	l = append(l, `","level":"INFO","msg":"request","method":"`...)
	l = append(l, methodLabel(r.Method)...)
	l = append(l, `","route":"`...)
	if plainRoute(r.Route) {
		l = append(l, r.Route...)
	}
	l = append(l, `","status":`...)
	l = strconv.AppendInt(l, int64(r.Status), 10)
	l = append(l, `,"ms":`...)
	l = strconv.AppendFloat(l, float64(r.Took.Microseconds())/1000, 'f', -1, 64)
	l = append(l, `,"bytes":`...)
	l = strconv.AppendInt(l, r.Bytes, 10)
	if hub.ValidID(string(r.Interaction)) {
		l = append(l, `,"`+interactionKey+`":"`...)
		l = append(l, r.Interaction...)
		l = append(l, '"')
	}
	b.lines = append(l, "}\n"...)
	_ = b.written() // nobody to tell
}

// plainRoute reports whether the text is of the characters that patterns are made of, which need no escape.
func plainRoute(s string) bool {
	for i := range len(s) {
		switch c := s[i]; {
		case c >= 'a' && c <= 'z', c >= '0' && c <= '9', c == '/', c == '_', c == '-', c == '.', c == '{', c == '}', c == ':', c == '*':
		default:
			return false
		}
	}
	return true
}
