// Package mail stands in for a mail server and the mailboxes behind it: it speaks SMTP (RFC 5321) with STARTTLS (RFC 3207) and AUTH PLAIN
// (RFC 4954), keeps what it was given in memory and shows it on a page. It can be told to misbehave: to answer 4xx or 5xx, to say nothing,
// to hang up in the middle of a message, to offer no STARTTLS. For the demo and for tests.
//
// It relays nothing and is not a mail server.
package mail

import (
	"context"
	"crypto/tls"
	"encoding/base64"
	"io"
	"mime"
	"mime/quotedprintable"
	"net"
	"net/mail"
	"slices"
	"strings"
	"sync"
	"time"

	"onedoor/hub"
)

// Options are what a Server is made of. Clock is required.
type Options struct {
	Clock    hub.Clock
	TLS      *tls.Config // for STARTTLS; nil: not offered
	Username string      // where set, AUTH is demanded, after STARTTLS
	Password string
}

// Fault is how a server misbehaves. Each text is answered in the place of "250 ok".
type Fault struct {
	Greeting string // in place of the greeting
	Mail     string
	Rcpt     string // "550 5.1.1 no such user"
	Data     string // in place of 354
	End      string // after the whole message
	Silent   bool   // no greeting, ever
	HangUp   bool   // in the middle of the message
	Forget   bool   // takes the message, and hangs up in place of saying so
	NoTLS    bool   // offers no STARTTLS
}

// Message is one that was taken.
type Message struct {
	At      time.Time
	From    string // of the envelope
	To      string
	Header  mail.Header
	Subject string // decoded
	Text    string // decoded
	Raw     string
	TLS     bool
	User    string
}

// Server is the stand-in.
type Server struct {
	o        Options
	mu       sync.Mutex
	fault    Fault
	messages []Message
	arrived  chan struct{} // closed and replaced with each message
	tries    int
}

// most bounds what is kept.
const most = 200

// New checks the options. Invalid.
func New(o Options) (*Server, error) {
	if o.Clock == nil {
		return nil, hub.Errorf("simulator/mail.New", hub.Invalid, "no clock")
	}
	return &Server{o: o, arrived: make(chan struct{})}, nil
}

// SetFault makes every connection from now on misbehave.
func (s *Server) SetFault(f Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fault = f
}

// Tries tells how many connections there were.
func (s *Server) Tries() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.tries
}

// Messages gives what was taken, oldest first.
func (s *Server) Messages() []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.messages)
}

// Await gives the first message that fits, waiting until it is there or ctx ends.
func (s *Server) Await(ctx context.Context, fits func(Message) bool) (Message, error) {
	for {
		s.mu.Lock()
		next, i := s.arrived, slices.IndexFunc(s.messages, fits)
		var m Message
		if i >= 0 {
			m = s.messages[i]
		}
		s.mu.Unlock()
		if i >= 0 {
			return m, nil
		}
		select {
		case <-next:
		case <-ctx.Done():
			return Message{}, ctx.Err()
		}
	}
}

func (s *Server) keep(m Message) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.messages = append(s.messages, m); len(s.messages) > most {
		s.messages = s.messages[1:]
	}
	close(s.arrived)
	s.arrived = make(chan struct{})
}

// Serve answers until ctx ends; then it closes the listener and every connection, and returns once all are done.
func (s *Server) Serve(ctx context.Context, l net.Listener) {
	stop := context.AfterFunc(ctx, func() { _ = l.Close() })
	defer stop()
	var all sync.WaitGroup
	defer all.Wait()
	for {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		all.Go(func() {
			stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
			defer stop()
			defer conn.Close() //nolint:errcheck // nobody to tell
			s.mu.Lock()
			s.tries++
			f := s.fault
			s.mu.Unlock()
			(&talk{server: s, fault: f, conn: conn}).run()
		})
	}
}

// read decodes a message as a mail program does. What can't be read is shown as it came.
func read(raw string) Message {
	m := Message{Raw: raw, Text: raw}
	parsed, err := mail.ReadMessage(strings.NewReader(raw))
	if err != nil {
		return m
	}
	m.Header = parsed.Header
	if m.Subject, err = new(mime.WordDecoder).DecodeHeader(parsed.Header.Get("Subject")); err != nil {
		m.Subject = parsed.Header.Get("Subject")
	}
	body := parsed.Body
	switch strings.ToLower(parsed.Header.Get("Content-Transfer-Encoding")) {
	case "base64":
		body = base64.NewDecoder(base64.StdEncoding, body)
	case "quoted-printable":
		body = quotedprintable.NewReader(body)
	}
	if text, err := io.ReadAll(body); err == nil {
		m.Text = strings.ReplaceAll(string(text), "\r\n", "\n")
	}
	return m
}
