package server

import (
	"errors"
	"io"
	"net/http"
	"os"
	"time"

	"onedoor/hub"
)

// Upload lets a body take longer than every other request: as long as it keeps coming. Who stops sending, or trickles, is cut off (TooSlow): a
// connection that is held open must cost its holder something. The zero value is no upload.
type Upload struct {
	Least  int64         // bytes a second that must come, on the average
	Grace  time.Duration // how far a sender may fall behind that
	Answer time.Duration // for what is done once the body is in
}

// steady is the body of an upload. Only the time in which the handler waits for the sender counts: a slow database is not the sender's fault.
type steady struct {
	body    io.ReadCloser
	control *http.ResponseController
	clock   hub.Clock
	rule    Upload
	left    time.Duration // that the sender may keep the handler waiting
}

func newSteady(w http.ResponseWriter, body io.ReadCloser, clock hub.Clock, rule Upload) *steady {
	return &steady{body: body, control: http.NewResponseController(w), clock: clock, rule: rule, left: rule.Grace}
}

// Read implements io.Reader. TooSlow, CutOff; io.EOF at the end.
func (s *steady) Read(p []byte) (int, error) {
	const op = "server.Upload"
	begin := s.clock()
	s.until(begin.Add(s.left), begin.Add(s.left+s.rule.Answer))
	n, err := s.body.Read(p)
	now := s.clock()
	s.left = min(s.left-now.Sub(begin)+time.Duration(n)*time.Second/time.Duration(s.rule.Least), s.rule.Grace)
	switch {
	case err == nil && s.left <= 0, errors.Is(err, os.ErrDeadlineExceeded):
		return n, hub.Errorf(op, TooSlow, "the sender does not keep up")
	case errors.Is(err, io.EOF): // net/http listens on, to see whether the sender goes: that must not time out while the handler works
		s.until(time.Time{}, now.Add(s.rule.Answer))
		return n, io.EOF
	case err != nil:
		return n, hub.Errorf(op, CutOff, "the body ended before its end")
	}
	return n, nil
}

// until sets the connection's deadlines. What has none, a recorder of tests, never waits either.
func (s *steady) until(read, write time.Time) {
	_ = s.control.SetReadDeadline(read)
	_ = s.control.SetWriteDeadline(write)
}

// Close implements io.Closer.
func (s *steady) Close() error { return s.body.Close() }
