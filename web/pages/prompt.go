package pages

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"onedoor/hub"
	"onedoor/hub/login"
	"onedoor/web/view"
	"onedoor/web/visit"
)

// Prompts is the part of the login for providers without pages of their own; login.Service has it.
type Prompts interface {
	Submit(ctx context.Context, tx hub.TransactionID, fields map[string]string, b login.Browser) (login.Next, error)
	Back(ctx context.Context, tx hub.TransactionID, b login.Browser) (login.Next, error)
}

// approveSeconds is how often the page asks again while the person approves elsewhere.
const approveSeconds = 5

// prompted gives the page where the person types, or the one where they wait.
func prompted(v *login.View, path, form string) (view.Page, error) {
	var names hub.Text
	if v.Provider != nil {
		if names = v.Provider.Names; len(names) == 0 { // it is not offered any more
			names = hub.Text{"en": string(v.Provider.ID)}
		}
	}
	switch {
	case v.Step == login.StepInput && v.Prompt != nil:
		return view.PromptPage{System: v.System, Action: path, Token: form, Provider: names, Prompt: *v.Prompt}, nil
	case v.Step == login.StepWait && v.Wait != nil:
		return view.ApprovePage{
			System: v.System, Action: path, Token: form, Provider: names, Wait: *v.Wait, Trouble: v.Problem != "", Seconds: approveSeconds,
		}, nil
	}
	return nil, hub.Errorf("pages.prompted", hub.Internal, "no page for this step")
}

// The limits of a prompt's form.
const (
	maxFields      = 8
	maxFieldName   = 32
	maxFieldLength = 256
)

// readFields reads what was typed. Which fields the page has is for the login to know. Invalid. What was typed is personal data: it
// must not get into an error.
func readFields(form url.Values) (map[string]string, error) {
	const op = "pages.readFields"
	out := map[string]string{}
	for name, values := range form {
		if name == visit.TokenField {
			continue
		}
		if name == "" || len(name) > maxFieldName || strings.Trim(name, "abcdefghijklmnopqrstuvwxyz_") != "" || len(out) == maxFields {
			return nil, hub.Errorf(op, hub.Invalid, "not a field")
		}
		if len(values) != 1 || len(values[0]) > maxFieldLength {
			return nil, hub.Errorf(op, hub.Invalid, "not a value")
		}
		out[name] = values[0]
	}
	return out, nil
}

// submit is POST /login/{tx}/input.
func (j *Journey) submit(r *http.Request, tx hub.TransactionID, form url.Values, b login.Browser) (login.Next, error) {
	fields, err := readFields(form)
	if err != nil {
		return login.Next{}, err
	}
	return j.o.Login.Submit(r.Context(), tx, fields, b)
}

// back is POST /login/{tx}/back.
func (j *Journey) back(r *http.Request, tx hub.TransactionID, _ url.Values, b login.Browser) (login.Next, error) {
	return j.o.Login.Back(r.Context(), tx, b)
}
