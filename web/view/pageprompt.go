package view

import (
	"onedoor/hub"
	"onedoor/hub/login"
)

// PromptPage asks what a provider without pages of its own needs: a number to type, somebody to choose.
type PromptPage struct {
	System   login.System
	Action   string // path of the login
	Token    string
	Provider hub.Text
	Prompt   login.Prompt
}

// ApprovePage is shown while the person approves elsewhere. It asks again by itself.
type ApprovePage struct {
	System   login.System
	Action   string // path of the login
	Token    string
	Provider hub.Text
	Wait     login.Wait
	Trouble  bool // the provider does not answer
	Seconds  int  // until it asks again
}

func (PromptPage) file() string  { return "prompt" }
func (ApprovePage) file() string { return "approve" }

func (p PromptPage) title(d *data) string  { return d.T.PromptTitle(d.Plain(p.Provider)) }
func (p ApprovePage) title(d *data) string { return d.T.ApproveTitle(d.Plain(p.Wait.Names)) }

func (p PromptPage) service() login.System  { return p.System }
func (p ApprovePage) service() login.System { return p.System }

// Wrong reports whether the page has come back.
func (p PromptPage) Wrong() bool {
	for _, f := range p.Prompt.Fields {
		if f.Problem != "" {
			return true
		}
	}
	return p.Prompt.Problem != ""
}

// FieldProblem says what is wrong with a field; "" for nothing.
func (d *data) FieldProblem(f login.Field) string {
	if f.Problem == "" {
		return ""
	}
	if f.Kind == login.FieldCitizenNumber {
		return d.T.PromptNumberWrong()
	}
	switch f.Problem {
	case hub.NotFound:
		return d.T.PromptIDPUnknown()
	case hub.Unavailable:
		return d.T.PromptIDPGone()
	default:
		return d.T.PromptIDPChoose()
	}
}

// Clock writes the time of day until which the person has time.
func (d *data) Clock(p ApprovePage) string { return p.Wait.Until.In(d.Site.Zone).Format("15:04") }
