package mail

import (
	"bufio"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"io"
	"net"
	"net/textproto"
	"strings"
)

// The limits of RFC 5321 section 4.5.3.1.
const (
	longestLine    = 1000
	longestMessage = 64 << 10
)

// talk is one connection.
type talk struct {
	server *Server
	fault  Fault
	conn   net.Conn
	r      *bufio.Reader
	tls    bool
	user   string
	hello  bool
	from   string
	begun  bool // MAIL was taken
	to     string
}

func (t *talk) say(line string) bool {
	_, err := io.WriteString(t.conn, line+"\r\n")
	return err == nil
}

// or says the fault's line, or the other one. False ends the talk.
func (t *talk) or(fault, line string) (good, on bool) {
	if fault != "" {
		return false, t.say(fault)
	}
	return true, t.say(line)
}

func (t *talk) line() (string, error) {
	line, err := t.r.ReadSlice('\n')
	if err != nil {
		return "", err
	}
	text, ok := strings.CutSuffix(string(line), "\r\n")
	if !ok {
		return "", errors.New("a bare line feed")
	}
	return text, nil
}

func (t *talk) run() {
	t.r = bufio.NewReaderSize(t.conn, longestLine)
	if t.fault.Silent {
		_, _ = io.Copy(io.Discard, t.conn) // until the other side gives up
		return
	}
	if good, on := t.or(t.fault.Greeting, "220 mail.stand-in ESMTP"); !good || !on {
		return
	}
	for {
		line, err := t.line()
		if err != nil {
			_ = t.say("500 5.5.2 a line ends with CR LF and is no longer than 1000")
			return
		}
		verb, rest, _ := strings.Cut(line, " ")
		on := true
		switch strings.ToUpper(verb) {
		case "EHLO":
			on = t.ehlo(rest)
		case "HELO":
			t.hello = rest != ""
			on = t.say("250 mail.stand-in")
		case "STARTTLS":
			on = t.startTLS()
		case "AUTH":
			on = t.auth(rest)
		case "MAIL":
			on = t.mail(rest)
		case "RCPT":
			on = t.rcpt(rest)
		case "DATA":
			on = t.data()
		case "RSET":
			t.begun, t.from, t.to = false, "", ""
			on = t.say("250 2.0.0 ok")
		case "NOOP":
			on = t.say("250 2.0.0 ok")
		case "QUIT":
			_ = t.say("221 2.0.0 bye")
			return
		default:
			on = t.say("502 5.5.1 not known here")
		}
		if !on {
			return
		}
	}
}

func (t *talk) ehlo(name string) bool {
	if t.hello = name != ""; !t.hello {
		return t.say("501 5.5.4 who are you?")
	}
	lines := []string{"mail.stand-in", "8BITMIME", "ENHANCEDSTATUSCODES"}
	if t.offersTLS() {
		lines = append(lines, "STARTTLS")
	}
	if t.server.o.Username != "" && (t.tls || t.server.o.TLS == nil) {
		lines = append(lines, "AUTH PLAIN")
	}
	for i, l := range lines {
		mark := "-"
		if i == len(lines)-1 {
			mark = " "
		}
		if !t.say("250" + mark + l) {
			return false
		}
	}
	return true
}

func (t *talk) offersTLS() bool { return t.server.o.TLS != nil && !t.tls && !t.fault.NoTLS }

func (t *talk) startTLS() bool {
	if !t.offersTLS() {
		return t.say("454 4.7.0 no TLS")
	}
	if t.r.Buffered() > 0 { // what was sent in the clear behind the command would count as protected
		return false
	}
	if !t.say("220 2.0.0 go ahead") {
		return false
	}
	secure := tls.Server(t.conn, t.server.o.TLS)
	if secure.Handshake() != nil {
		return false
	}
	t.conn, t.tls, t.hello, t.begun, t.user = secure, true, false, false, ""
	t.r.Reset(secure)
	return true
}

func (t *talk) auth(rest string) bool {
	mechanism, initial, _ := strings.Cut(rest, " ")
	if !t.hello || t.server.o.Username == "" || !t.tls && t.server.o.TLS != nil {
		return t.say("530 5.7.0 first STARTTLS")
	}
	if !strings.EqualFold(mechanism, "PLAIN") {
		return t.say("504 5.5.4 no such mechanism")
	}
	if initial == "" {
		if !t.say("334 ") {
			return false
		}
		var err error
		if initial, err = t.line(); err != nil {
			return false
		}
	}
	plain, err := base64.StdEncoding.DecodeString(initial)
	if parts := strings.Split(string(plain), "\x00"); err == nil && len(parts) == 3 && parts[1] == t.server.o.Username && parts[2] == t.server.o.Password {
		t.user = parts[1]
		return t.say("235 2.7.0 welcome")
	}
	return t.say("535 5.7.8 no")
}

// path reads the <address> of MAIL and RCPT.
func path(rest, word string) (string, bool) {
	if len(rest) < len(word) || !strings.EqualFold(rest[:len(word)], word) {
		return "", false
	}
	address, ok := strings.CutPrefix(strings.TrimLeft(rest[len(word):], " "), "<")
	address, _, closed := strings.Cut(address, ">")
	return address, ok && closed
}

func (t *talk) mail(rest string) bool {
	from, ok := path(rest, "FROM:")
	switch {
	case !t.hello:
		return t.say("503 5.5.1 first EHLO")
	case t.server.o.Username != "" && t.user == "":
		return t.say("530 5.7.0 first AUTH")
	case !ok:
		return t.say("501 5.1.7 from whom?")
	}
	good, on := t.or(t.fault.Mail, "250 2.1.0 ok")
	if good {
		t.begun, t.from, t.to = true, from, ""
	}
	return on
}

func (t *talk) rcpt(rest string) bool {
	to, ok := path(rest, "TO:")
	switch {
	case !t.begun:
		return t.say("503 5.5.1 first MAIL")
	case !ok || to == "":
		return t.say("501 5.1.3 to whom?")
	case t.to != "":
		return t.say("452 4.5.3 one is enough")
	}
	good, on := t.or(t.fault.Rcpt, "250 2.1.5 ok")
	if good {
		t.to = to
	}
	return on
}

func (t *talk) data() bool {
	if t.to == "" {
		return t.say("503 5.5.1 first RCPT")
	}
	if good, on := t.or(t.fault.Data, "354 go ahead"); !good {
		return on
	}
	if t.fault.HangUp {
		_, _ = t.line()
		return false
	}
	raw, err := io.ReadAll(io.LimitReader(textproto.NewReader(t.r).DotReader(), longestMessage+1))
	if err != nil || len(raw) > longestMessage {
		_ = t.say("552 5.3.4 too large")
		return false
	}
	if t.fault.End == "" {
		m := read(string(raw))
		m.At, m.From, m.To, m.TLS, m.User = t.server.o.Clock(), t.from, t.to, t.tls, t.user
		t.server.keep(m)
	}
	t.begun, t.from, t.to = false, "", ""
	if t.fault.Forget {
		return false
	}
	_, on := t.or(t.fault.End, "250 2.0.0 taken")
	return on
}
