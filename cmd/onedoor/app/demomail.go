package app

import (
	"context"
	"net"

	"onedoor/configs"
	"onedoor/federation/simulator/mail"
)

// The mailbox of the demo: whatever address somebody gives at the hub, its mail is shown here and goes nowhere else.
const mailHost = "mail"

// mailbox makes the mail server, on a port of its own of this machine, and tells the hub's configuration of it.
func (d *Demo) mailbox(ctx context.Context) (err error) {
	if d.Mail, err = mail.New(mail.Options{Clock: d.options.Process.Clock}); err != nil {
		return err
	}
	if d.hosts[mailHost], err = d.Mail.Page(); err != nil {
		return err
	}
	if d.mailing, err = listen(ctx, "127.0.0.1:0"); err != nil {
		return err
	}
	d.config.Notices = &configs.Notices{SMTP: &configs.SMTP{
		Host: "127.0.0.1", Port: d.mailing.Addr().(*net.TCPAddr).Port, Security: "none", From: "no-reply@onedoor.example",
	}}
	return nil
}
