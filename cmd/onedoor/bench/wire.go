package bench

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// line is one connection that asks the same kind of question again and again. It costs the machine a tenth of what a general client
// does: where generator and provider share it, that is what would be measured else. It speaks as much of HTTP/1.1 (RFC 9112) as the
// answers to a form need.
type line struct {
	dial  func(ctx context.Context) (net.Conn, error)
	head  string // request line and headers, all but the length
	conn  net.Conn
	r     *bufio.Reader
	out   []byte
	body  []byte
	limit time.Duration
}

const mostBody = 8 << 20 // bytes of an answer

func (p *provider) line(endpoint, authorization string) (*line, error) {
	u, err := url.Parse(endpoint)
	if err != nil || u.Host == "" {
		return nil, errors.New("not an address: " + endpoint)
	}
	address := u.Host
	if u.Port() == "" {
		address = net.JoinHostPort(u.Hostname(), map[string]string{"http": "80", "https": "443"}[u.Scheme])
	}
	return &line{
		limit: 30 * time.Second,
		head: "POST " + u.RequestURI() + " HTTP/1.1\r\nHost: " + u.Host + "\r\nAuthorization: " + authorization +
			"\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: ",
		dial: func(ctx context.Context) (net.Conn, error) {
			c, err := p.dial(ctx, "tcp", address)
			if err != nil || u.Scheme != "https" {
				return c, err
			}
			secure := tls.Client(c, &tls.Config{ServerName: u.Hostname(), RootCAs: p.o.Roots, MinVersion: tls.VersionTLS12})
			if err := secure.HandshakeContext(ctx); err != nil {
				return nil, errors.Join(err, c.Close())
			}
			return secure, nil
		},
	}, nil
}

// ask sends a form and gives status and body, which is valid until the next question.
func (l *line) ask(ctx context.Context, form string) (status int, body []byte, err error) {
	defer func() {
		if err != nil {
			l.close()
		}
	}()
	if l.conn == nil {
		if l.conn, err = l.dial(ctx); err != nil {
			return 0, nil, err
		}
		l.r = bufio.NewReaderSize(l.conn, 16<<10)
	}
	if err = l.conn.SetDeadline(time.Now().Add(l.limit)); err != nil {
		return 0, nil, err
	}
	l.out = append(append(append(l.out[:0], l.head...), strconv.Itoa(len(form))...), "\r\n\r\n"...)
	l.out = append(l.out, form...)
	if _, err = l.conn.Write(l.out); err != nil {
		return 0, nil, err
	}
	return l.answer()
}

var errAnswer = errors.New("not an answer that this client understands")

func (l *line) answer() (status int, body []byte, err error) {
	first, err := l.r.ReadSlice('\n')
	if err != nil {
		return 0, nil, err
	}
	if len(first) < len("HTTP/1.1 200") || string(first[:7]) != "HTTP/1." {
		return 0, nil, errAnswer
	}
	if status, err = strconv.Atoi(string(first[9:12])); err != nil {
		return 0, nil, errAnswer
	}
	length, chunked, last := -1, false, false
	for {
		text, err := l.r.ReadSlice('\n')
		if err != nil {
			return 0, nil, err
		}
		if len(text) <= 2 {
			break
		}
		name, value, _ := strings.Cut(strings.TrimSpace(string(text)), ":")
		value = strings.TrimSpace(value)
		switch {
		case strings.EqualFold(name, "Content-Length"):
			if length, err = strconv.Atoi(value); err != nil || length < 0 || length > mostBody {
				return 0, nil, errAnswer
			}
		case strings.EqualFold(name, "Transfer-Encoding"):
			chunked = strings.EqualFold(value, "chunked")
		case strings.EqualFold(name, "Connection"):
			last = strings.EqualFold(value, "close")
		}
	}
	l.body = l.body[:0]
	switch {
	case chunked:
		err = l.chunks()
	case length >= 0:
		err = l.take(length)
	default:
		err = errAnswer
	}
	if err == nil && last {
		l.close()
	}
	return status, l.body, err
}

func (l *line) take(n int) error {
	at := len(l.body)
	if at+n > mostBody {
		return errAnswer
	}
	for cap(l.body) < at+n {
		l.body = append(l.body[:cap(l.body)], 0)
	}
	l.body = l.body[:at+n]
	_, err := io.ReadFull(l.r, l.body[at:])
	return err
}

func (l *line) chunks() error {
	for {
		text, err := l.r.ReadSlice('\n')
		if err != nil {
			return err
		}
		size, _, _ := strings.Cut(strings.TrimSpace(string(text)), ";")
		n, err := strconv.ParseUint(size, 16, 31)
		if err != nil {
			return errAnswer
		}
		if n == 0 {
			break
		}
		if err := l.take(int(n)); err != nil {
			return err
		}
		if _, err := l.r.Discard(2); err != nil {
			return err
		}
	}
	for { // trailers
		text, err := l.r.ReadSlice('\n')
		if err != nil || len(text) <= 2 {
			return err
		}
	}
}

func (l *line) close() {
	if l.conn != nil {
		_ = l.conn.Close() // nothing more was to come
		l.conn = nil
	}
}
