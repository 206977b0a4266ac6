package mail_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"math/big"
	"net"
	"net/http/httptest"
	"net/mail"
	"net/textproto"
	"strings"
	"testing"
	"time"

	simulator "onedoor/federation/simulator/mail"
	"onedoor/hub"
	"onedoor/hub/contact"
	carrier "onedoor/hub/contact/mail"
)

const secret = "only-over-tls-7h2k"

// rig is a mail server on this machine, and the hub's own client towards it.
type rig struct {
	server *simulator.Server
	o      carrier.Options
}

func certificate(t *testing.T) (*tls.Config, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	leaf := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), DNSNames: []string{"localhost"},
		IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, leaf, leaf, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(parsed)
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}, MinVersion: tls.VersionTLS12}, roots
}

func newRig(t *testing.T, way carrier.Security) *rig {
	t.Helper()
	conf, roots := certificate(t)
	r := &rig{o: carrier.Options{
		Host: "localhost", Security: way, From: "no-reply@login.example", Hello: "login.example", Roots: roots, Timeout: 5 * time.Second,
		Names: hub.Text{"th": "สำนักงาน", "en": `The "Agency", Ltd`},
	}}
	o := simulator.Options{Clock: time.Now}
	if way != carrier.Plain {
		r.o.Username, r.o.Password, o.Username, o.Password = "onedoor", secret, "onedoor", secret
	}
	if way == carrier.StartTLS {
		o.TLS = conf
	}
	var err error
	if r.server, err = simulator.New(o); err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	r.o.Port = l.Addr().(*net.TCPAddr).Port
	if way == carrier.Implicit {
		l = tls.NewListener(l, conf)
	}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		r.server.Serve(ctx, l)
	}()
	t.Cleanup(func() {
		stop()
		<-done
	})
	return r
}

func (r *rig) carrier(t *testing.T) *carrier.Carrier {
	t.Helper()
	c, err := carrier.New(r.o)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func message() contact.Message {
	return contact.Message{
		ID: "noticeid.contactid", At: time.Date(2026, 11, 21, 22, 39, 7, 0, time.FixedZone("+07", 7*3600)), Language: "th",
		Subject: "บัญชีของท่านถึงระดับการยืนยันตัวตนที่สูงขึ้น และหัวเรื่องที่ยาวมากกว่าหนึ่งบรรทัด", Text: ".\nบรรทัดแรก\n..\nFrom: x\n" + strings.Repeat("ยาว", 400) + "\n",
	}
}

// RFC 5321, RFC 5322, RFC 3834: a mail arrives as it was written, over a protected line, from us and under its one name.
func TestCarry_AMailArrivesAsItWasWritten(t *testing.T) {
	t.Parallel()
	for _, way := range []carrier.Security{carrier.StartTLS, carrier.Implicit, carrier.Plain} {
		t.Run(string(way), func(t *testing.T) {
			t.Parallel()
			r, m := newRig(t, way), message()
			if err := r.carrier(t).Carry(t.Context(), "Mali+gov@mail.example", m); err != nil {
				t.Fatal(err)
			}
			all := r.server.Messages()
			if len(all) != 1 {
				t.Fatalf("%d arrived", len(all))
			}
			got := all[0]
			if got.To != "Mali+gov@mail.example" || got.From != "no-reply@login.example" || got.Subject != m.Subject || got.Text != m.Text {
				t.Errorf("%+v", got)
			}
			if way == carrier.StartTLS && (!got.TLS || got.User != "onedoor") {
				t.Errorf("TLS %v, user %q", got.TLS, got.User)
			}
			for name, want := range map[string]string{
				"Message-Id": "<noticeid.contactid@login.example>", "Auto-Submitted": "auto-generated", "Content-Type": "text/plain; charset=utf-8",
				"Date": "Sat, 21 Nov 2026 15:39:07 +0000", "To": "<Mali+gov@mail.example>", "Mime-Version": "1.0",
			} {
				if got.Header.Get(name) != want {
					t.Errorf("%s: %q", name, got.Header.Get(name))
				}
			}
			from, err := mail.ParseAddress(got.Header.Get("From"))
			if err != nil || from.Name != "สำนักงาน" || from.Address != "no-reply@login.example" {
				t.Errorf("from %+v, %v", from, err)
			}
			for line := range strings.SplitSeq(got.Raw, "\n") {
				if len(line) > 200 {
					t.Errorf("a line of %d bytes: %.80s", len(line), line)
				}
			}
			m.Language = "en"
			if err := r.carrier(t).Carry(t.Context(), "a@b.co", m); err != nil {
				t.Fatal(err)
			}
			if from, err := mail.ParseAddress(r.server.Messages()[1].Header.Get("From")); err != nil || from.Name != r.o.Names["en"] {
				t.Errorf("from %+v, %v", from, err)
			}
		})
	}
}

// What the server does wrong, and what becomes of it: refused for good only where it speaks of the address, and never a word of its own.
func TestCarry_Faults(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fault simulator.Fault
		want  hub.Kind
	}{
		"greylisting":             {simulator.Fault{Rcpt: "450 4.2.0 Mali@mail.example later"}, hub.Unavailable},
		"no such user":            {simulator.Fault{Rcpt: "550 5.1.1 Mali@mail.example unknown"}, hub.Refused},
		"no such user, old":       {simulator.Fault{Rcpt: "550 Mali@mail.example unknown"}, hub.Refused},
		"mailbox full for good":   {simulator.Fault{Rcpt: "552 5.2.2 full"}, hub.Refused},
		"relaying denied":         {simulator.Fault{Rcpt: "550 5.7.1 Mali@mail.example: relaying denied"}, hub.Unavailable},
		"sender refused":          {simulator.Fault{Mail: "550 5.7.1 who are you?"}, hub.Unavailable},
		"data refused for now":    {simulator.Fault{Data: "451 4.3.0 later"}, hub.Unavailable},
		"taken for junk":          {simulator.Fault{End: "554 5.7.1 junk"}, hub.Unavailable},
		"gone after the message":  {simulator.Fault{End: "550 5.1.1 unknown"}, hub.Refused},
		"busy":                    {simulator.Fault{Greeting: "421 4.3.2 not now"}, hub.Unavailable},
		"silent":                  {simulator.Fault{Silent: true}, hub.Unavailable},
		"hangs up in the message": {simulator.Fault{HangUp: true}, hub.Unavailable},
		"no STARTTLS":             {simulator.Fault{NoTLS: true}, hub.Unavailable},
		"babble":                  {simulator.Fault{Greeting: "I am no mail server"}, hub.Unavailable},
		"an endless greeting":     {simulator.Fault{Greeting: "220-" + strings.Repeat("x", 1<<16)}, hub.Unavailable},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, carrier.StartTLS)
			r.o.Timeout = time.Second
			r.server.SetFault(c.fault)
			err := r.carrier(t).Carry(t.Context(), "Mali@mail.example", message())
			if !errors.Is(err, c.want) {
				t.Fatalf("%v, want %s", err, c.want)
			}
			if text := err.Error(); strings.Contains(text, "Mali") || strings.Contains(text, "mail.example") || strings.Contains(text, secret) {
				t.Errorf("the error tells %q", text)
			}
			if len(r.server.Messages()) != 0 {
				t.Error("it arrived all the same")
			}
		})
	}
}

// A message whose acknowledgement was lost is sent again under the same name (RFC 5321 section 6.1).
func TestCarry_ALostAnswerSendsTheSameMessageAgain(t *testing.T) {
	t.Parallel()
	r := newRig(t, carrier.StartTLS)
	r.server.SetFault(simulator.Fault{Forget: true})
	if err := r.carrier(t).Carry(t.Context(), "a@b.co", message()); !errors.Is(err, hub.Unavailable) {
		t.Fatal(err)
	}
	r.server.SetFault(simulator.Fault{})
	if err := r.carrier(t).Carry(t.Context(), "a@b.co", message()); err != nil {
		t.Fatal(err)
	}
	all := r.server.Messages()
	if len(all) != 2 || all[0].Header.Get("Message-Id") != all[1].Header.Get("Message-Id") || all[0].Raw != all[1].Raw {
		t.Errorf("%d messages", len(all))
	}
}

// The line: a certificate that is not trusted, a wrong password, a wish to stop.
func TestCarry_NothingGoesOverALineThatIsNotGood(t *testing.T) {
	t.Parallel()
	r := newRig(t, carrier.StartTLS)
	bad := *r
	bad.o.Roots = x509.NewCertPool()
	if err := bad.carrier(t).Carry(t.Context(), "a@b.co", message()); !errors.Is(err, hub.Unavailable) || !strings.Contains(err.Error(), "certificate") {
		t.Errorf("untrusted: %v", err)
	}
	bad = *r
	bad.o.Password = "another"
	if err := bad.carrier(t).Carry(t.Context(), "a@b.co", message()); !errors.Is(err, hub.Unavailable) || !strings.Contains(err.Error(), "535") {
		t.Errorf("wrong password: %v", err)
	}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if err := r.carrier(t).Carry(ctx, "a@b.co", message()); !errors.Is(err, hub.Unavailable) {
		t.Errorf("stopped: %v", err)
	}
	for what, change := range map[string]func(to *string, m *contact.Message){
		"address": func(to *string, _ *contact.Message) { *to = "a@b.co\r\nRCPT TO:<x@y.zz" },
		"subject": func(_ *string, m *contact.Message) { m.Subject = "a\r\nBcc: x@y.zz" },
		"id":      func(_ *string, m *contact.Message) { m.ID = "a@evil>\r\nBcc: x" },
		"no id":   func(_ *string, m *contact.Message) { m.ID = "" },
	} {
		to, m := "a@b.co", message()
		change(&to, &m)
		if err := r.carrier(t).Carry(t.Context(), to, m); !errors.Is(err, hub.Refused) {
			t.Errorf("injection by the %s: %v", what, err)
		}
	}
	if len(r.server.Messages()) != 0 {
		t.Error("something went out")
	}
}

func TestNew_RefusesWhatIsNotSafe(t *testing.T) {
	t.Parallel()
	good := func() carrier.Options {
		return carrier.Options{Host: "mail.example", Port: 587, Security: carrier.StartTLS, From: "a@b.co", Hello: "login.example"}
	}
	for name, change := range map[string]func(*carrier.Options){
		"no host": func(o *carrier.Options) { o.Host = "" }, "no port": func(o *carrier.Options) { o.Port = 0 },
		"no TLS to elsewhere": func(o *carrier.Options) { o.Security = carrier.Plain },
		"a password without TLS": func(o *carrier.Options) {
			o.Host, o.Security, o.Username, o.Password = "localhost", carrier.Plain, "a", "b"
		},
		"a user without a password": func(o *carrier.Options) { o.Username = "a" },
		"no sender":                 func(o *carrier.Options) { o.From = "" },
		"a name as sender":          func(o *carrier.Options) { o.From = "Agency <a@b.co>" },
		"an unknown way":            func(o *carrier.Options) { o.Security = "opportunistic" },
		"a line break in our name":  func(o *carrier.Options) { o.Hello = "a\r\nMAIL FROM:<x>" },
	} {
		o := good()
		change(&o)
		if _, err := carrier.New(o); !errors.Is(err, hub.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := carrier.New(good()); err != nil {
		t.Error(err)
	}
}

// The stand-in itself holds to the order of commands, and smuggles nothing over STARTTLS or a bare line feed.
func TestServer_HoldsToTheProtocol(t *testing.T) {
	t.Parallel()
	r := newRig(t, carrier.StartTLS)
	conn, err := net.Dial("tcp", net.JoinHostPort("127.0.0.1", portOf(r)))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	c := textproto.NewConn(conn)
	if _, _, err := c.ReadResponse(220); err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		say  string
		want int
	}{
		{"DATA", 503},
		{"MAIL FROM:<a@b.co>", 503},
		{"EHLO", 501},
		{"EHLO client", 250},
		{"MAIL FROM:<a@b.co>", 530},
		{"AUTH PLAIN AG9uZWRvb3IAeA==", 530},
		{"VRFY root", 502},
		{"RSET", 250},
		{"NOOP", 250},
		{"QUIT", 221},
	} {
		if err := c.PrintfLine("%s", step.say); err != nil {
			t.Fatal(err)
		}
		if code, _, err := c.ReadResponse(0); code != step.want {
			t.Fatalf("%s: %d, %v, want %d", step.say, code, err, step.want)
		}
	}
}

func portOf(r *rig) string { return big.NewInt(int64(r.o.Port)).String() }

func TestPage_ShowsTheMail(t *testing.T) {
	t.Parallel()
	r := newRig(t, carrier.Plain)
	page, err := r.server.Page()
	if err != nil {
		t.Fatal(err)
	}
	look := func() string {
		w := httptest.NewRecorder()
		page.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), "GET", "/", nil))
		return w.Body.String()
	}
	if !strings.Contains(look(), "No mail yet") {
		t.Error("an empty box")
	}
	m := message()
	m.Subject, m.Text = "<b>subject</b>", "first\n<script>second</script>\n"
	if err := r.carrier(t).Carry(t.Context(), "a@b.co", m); err != nil {
		t.Fatal(err)
	}
	if got := look(); !strings.Contains(got, "&lt;b&gt;subject") || !strings.Contains(got, "<p>first</p>") || strings.Contains(got, "<script>") {
		t.Errorf("%s", got)
	}
}
