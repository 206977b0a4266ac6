// Package mail brings messages to e-mail addresses over SMTP (RFC 5321), with STARTTLS (RFC 3207) and AUTH PLAIN (RFC 4954). It is a
// contact.Carrier.
//
// A message is plain text in UTF-8 (RFC 5322, RFC 2045) and says that a machine sent it (RFC 3834). Its Message-ID is made of the message's
// id, so that a message that is handed over twice is one. Nothing of a message but the address comes from outside, and the address was
// parsed (contact.ParseAddress): no header can be injected, and what looks like one is refused here once more.
//
// It does not own the addresses or the words.
package mail

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"mime"
	"net"
	"net/netip"
	"net/smtp"
	"net/textproto"
	"strconv"
	"strings"
	"time"

	"onedoor/hub"
	"onedoor/hub/contact"
)

// Security is how the way to the mail server is protected.
type Security string

// The ways. Plain is for a server on this machine only.
const (
	StartTLS Security = "starttls" // required: without it nothing is sent
	Implicit Security = "implicit" // TLS from the first byte (RFC 8314)
	Plain    Security = "none"
)

// Options are what a Carrier is made of. Username with Password, Roots and Timeout may be left out.
type Options struct {
	Host     string
	Port     int
	Security Security
	Username string
	Password string
	From     string   // an address
	Names    hub.Text // of the sender, by language
	Hello    string   // the name that we say we have: a host name
	Roots    *x509.CertPool
	Timeout  time.Duration // for one message, from the connection to the answer; 20 seconds where zero
}

// Carrier hands messages to one mail server.
type Carrier struct {
	o      Options
	domain string // of the sender
}

// New checks the options. Invalid where they are incomplete, a secret would go over an open line, or an open line leaves this machine.
func New(o Options) (*Carrier, error) {
	const op = "mail.New"
	from, err := contact.ParseAddress(contact.Email, o.From, "")
	switch {
	case o.Host == "" || o.Port < 1 || o.Port > 65535 || o.Hello == "":
		return nil, hub.Errorf(op, hub.Invalid, "no host, port or name of ours")
	case err != nil || from != o.From:
		return nil, hub.Errorf(op, hub.Invalid, "the sender is not an address")
	case o.Security != StartTLS && o.Security != Implicit && o.Security != Plain:
		return nil, hub.Errorf(op, hub.Invalid, "no such way to protect the line")
	case o.Security == Plain && !Loopback(o.Host):
		return nil, hub.Errorf(op, hub.Invalid, "without TLS only on this machine")
	case o.Security == Plain && o.Username != "", (o.Username == "") != (o.Password == ""):
		return nil, hub.Errorf(op, hub.Invalid, "a user needs a password, and both need TLS")
	case strings.ContainsAny(o.Hello+o.Host, "\r\n "):
		return nil, hub.Errorf(op, hub.Invalid, "not a host name")
	}
	if o.Timeout <= 0 {
		o.Timeout = 20 * time.Second
	}
	_, domain, _ := strings.Cut(from, "@")
	return &Carrier{o, domain}, nil
}

// Loopback reports whether a host is this machine.
func Loopback(host string) bool {
	if host == "localhost" {
		return true
	}
	a, err := netip.ParseAddr(host)
	return err == nil && a.IsLoopback()
}

// Channel implements contact.Carrier.
func (*Carrier) Channel() string { return "email" }

// Kind implements contact.Carrier.
func (*Carrier) Kind() contact.Kind { return contact.Email }

// Carry implements contact.Carrier. Refused where the server says for good that the address, or this message to it, is not taken.
// Unavailable for everything else: also for what is wrong between the server and us, which is no fault of the address.
func (c *Carrier) Carry(ctx context.Context, to string, m contact.Message) error {
	const op = "mail.Carry"
	if clean, err := contact.ParseAddress(contact.Email, to, ""); err != nil || clean != to {
		return hub.Errorf(op, hub.Refused, "not an address")
	}
	text, err := c.message(to, m)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, c.o.Timeout)
	defer cancel()
	client, err := c.connect(ctx)
	if err != nil {
		return fault(op, err, false)
	}
	defer client.Close() //nolint:errcheck // what counts is the answer to the message
	if err := client.Mail(c.o.From); err != nil {
		return fault(op, err, false)
	}
	if err := client.Rcpt(to); err != nil {
		return fault(op, err, true)
	}
	w, err := client.Data()
	if err != nil {
		return fault(op, err, true)
	}
	if _, err := w.Write(text); err != nil {
		return fault(op, err, false)
	}
	if err := w.Close(); err != nil { // the server's answer to the whole message
		return fault(op, err, true)
	}
	_ = client.Quit() // it has the message
	return nil
}

// connect gives a connection that is protected and authenticated, with its deadline.
func (c *Carrier) connect(ctx context.Context) (_ *smtp.Client, err error) {
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", net.JoinHostPort(c.o.Host, strconv.Itoa(c.o.Port)))
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, conn.Close())
		}
	}()
	if until, ok := ctx.Deadline(); ok {
		if err := conn.SetDeadline(until); err != nil {
			return nil, err
		}
	}
	stop := context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Unix(1, 0)) }) // whoever waits on it is woken
	defer func() {
		if err != nil {
			stop()
		}
	}()
	conf := &tls.Config{ServerName: c.o.Host, RootCAs: c.o.Roots, MinVersion: tls.VersionTLS12}
	if c.o.Security == Implicit {
		conn = tls.Client(conn, conf)
	}
	client, err := smtp.NewClient(conn, c.o.Host)
	if err != nil {
		return nil, err
	}
	if err := client.Hello(c.o.Hello); err != nil {
		return nil, err
	}
	if c.o.Security == StartTLS {
		if ok, _ := client.Extension("STARTTLS"); !ok {
			return nil, errors.New("the server offers no STARTTLS")
		}
		if err := client.StartTLS(conf); err != nil {
			return nil, err
		}
	}
	if c.o.Username != "" {
		if err := client.Auth(smtp.PlainAuth("", c.o.Username, c.o.Password, c.o.Host)); err != nil {
			return nil, err
		}
	}
	return client, nil
}

// fault gives an error without a word of the server's: it may repeat the address. aboutAddress says that the answer was to the address
// or to the message.
func fault(op string, err error, aboutAddress bool) error {
	var answer *textproto.Error
	var untrusted *tls.CertificateVerificationError
	switch {
	case errors.As(err, &answer) && aboutAddress && final(answer):
		return hub.Errorf(op, hub.Refused, "the mail server answered "+strconv.Itoa(answer.Code))
	case errors.As(err, &answer):
		return hub.Errorf(op, hub.Unavailable, "the mail server answered "+strconv.Itoa(answer.Code))
	case errors.As(err, &untrusted):
		return hub.Errorf(op, hub.Unavailable, "the mail server's certificate is not trusted")
	default:
		return hub.Errorf(op, hub.Unavailable, "the mail server did not answer as it should")
	}
}

// final reports whether an answer says of the address that nothing will ever be taken for it: by the enhanced status code (RFC 3463 section
// 3.2 and 3.3: 5.1.x, bad address, 5.2.x, mailbox) where there is one, else by the codes of RFC 5321 section 4.2.3. A server that will not
// relay for us, or takes us for a sender of junk, says nothing of the address.
func final(e *textproto.Error) bool {
	class, rest, _ := strings.Cut(e.Msg, ".")
	subject, _, enhanced := strings.Cut(rest, ".")
	if enhanced && len(class) == 1 && len(subject) == 1 {
		return e.Code >= 500 && class == "5" && (subject == "1" || subject == "2")
	}
	return e.Code == 550 || e.Code == 551 || e.Code == 553
}

// message writes the message as it goes over the wire.
func (c *Carrier) message(to string, m contact.Message) ([]byte, error) {
	const op = "mail.message"
	name := c.o.Names.In(m.Language)
	for _, s := range []string{m.ID, m.Subject, name, to} {
		if strings.ContainsAny(s, "\r\n\x00") {
			return nil, hub.Errorf(op, hub.Refused, "a line break in a header")
		}
	}
	if m.ID == "" || strings.Trim(m.ID, "abcdefghijklmnopqrstuvwxyz0123456789.-") != "" {
		return nil, hub.Errorf(op, hub.Refused, "an id that names no message")
	}
	from := "<" + c.o.From + ">"
	if name != "" {
		from = mime.BEncoding.Encode("utf-8", name) + " " + from
		if !strings.HasPrefix(from, "=?") { // plain ASCII: as a quoted string
			from = `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(name) + `" <` + c.o.From + ">"
		}
	}
	var b bytes.Buffer
	for _, h := range [][2]string{
		{"From", from},
		{"To", "<" + to + ">"},
		{"Subject", mime.BEncoding.Encode("utf-8", m.Subject)},
		{"Date", m.At.UTC().Format("Mon, 02 Jan 2006 15:04:05 -0700")},
		{"Message-ID", "<" + m.ID + "@" + c.domain + ">"},
		{"Auto-Submitted", "auto-generated"},
		{"Content-Language", m.Language},
		{"MIME-Version", "1.0"},
		{"Content-Type", "text/plain; charset=utf-8"},
		{"Content-Transfer-Encoding", "base64"},
	} {
		b.WriteString(h[0] + ": " + strings.ReplaceAll(h[1], "?= =?", "?=\r\n =?") + "\r\n")
	}
	b.WriteString("\r\n")
	body := base64.StdEncoding.EncodeToString([]byte(strings.ReplaceAll(m.Text, "\n", "\r\n")))
	for len(body) > 76 {
		b.WriteString(body[:76] + "\r\n")
		body = body[76:]
	}
	b.WriteString(body + "\r\n")
	return b.Bytes(), nil
}
