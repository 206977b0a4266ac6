package view

import (
	"time"

	"onedoor/hub/account"
)

// LifePage is where a person suspends or closes their account (LIF-01 to LIF-10).
type LifePage struct {
	Token    string
	Fresh    bool // who is there has just signed in, strongly enough to suspend or close
	TickLost bool // the person pressed without saying that they understand
	Heads    bool // the person is the administrator of a legal entity, and so can't close the account before somebody has taken over
	Past     []LifeChange
}

// LifeChange is what became of the account once.
type LifeChange struct {
	At     time.Time
	Became account.Status
	Reason account.Reason
}

// LifeDonePage is the receipt of a change. It is made to be printed.
type LifeDonePage struct {
	LifeChange
	Ledger string // path of the page that tells who has been told; "" for none
}

// Became says what an account has become.
func (d *data) Became(s account.Status) string {
	switch s {
	case account.Suspended:
		return d.T.NoticeSuspended()
	case account.Terminated:
		return d.T.NoticeTerminated()
	default:
		return d.T.NoticeResumed()
	}
}

// SuspendReasons gives why a person may want to suspend their account.
func (d *data) SuspendReasons() []option {
	return []option{
		{string(account.Requested), d.T.LifeWhyMine(), false},
		{string(account.Suspicious), d.T.LifeWhySuspicious(), false},
	}
}

func (LifePage) file() string     { return "life" }
func (LifeDonePage) file() string { return "lifedone" }

func (LifePage) title(d *data) string       { return d.T.LifeTitle() }
func (p LifeDonePage) title(d *data) string { return d.Became(p.LifeChange.Became) }

func (LifePage) section() Section { return SectionLife }
