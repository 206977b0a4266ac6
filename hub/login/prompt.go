package login

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"onedoor/hub"
	"onedoor/hub/audit"
	"onedoor/hub/envelope"
)

// Prompt is what a provider without pages of its own wants to be typed on one of ours.
type Prompt struct {
	Fields  []Field
	Problem hub.Kind // why the person is asked again; "" at first
}

// Field is one thing to type or to choose.
type Field struct {
	Name    string // a word of a-z and "_"
	Kind    FieldKind
	Options []Option // of a FieldChoice, at least one
	Problem hub.Kind // Invalid: what was typed is not that. NotFound: unknown there. Unavailable: not to be had now. "" at first
}

// FieldKind is what a field is for.
type FieldKind string

// The kinds of fields. What is typed into any of them is never shown again.
const (
	FieldCitizenNumber FieldKind = "citizen_number" // the person's national number
	FieldIDP           FieldKind = "idp"            // who shall vouch, of several behind this provider
)

// Option is one possible answer.
type Option struct {
	Value string
	Names hub.Text
}

// Wait is what the person sees while they approve elsewhere.
type Wait struct {
	Code  string   // the same on both sides, for the person to compare
	Names hub.Text // of who asks them there
	Until time.Time
}

// maxTyped bounds one field, in bytes.
const maxTyped = 256

// fits reports whether the fields are exactly those of the page, and each choice one that was offered.
func (p Prompt) fits(fields map[string]string) bool {
	if len(fields) != len(p.Fields) {
		return false
	}
	for _, f := range p.Fields {
		v, there := fields[f.Name]
		if !there || len(v) > maxTyped {
			return false
		}
		if len(f.Options) > 0 && !slices.ContainsFunc(f.Options, func(o Option) bool { return o.Value == v }) {
			return false
		}
	}
	return true
}

// held is what the transaction keeps of a Redirect.
type held struct {
	Prompt  *Prompt
	Wait    *Wait
	Private []byte
}

// privatePurpose names the envelope of what is held. It is bound to the state parameter.
const privatePurpose = "login-private"

// lead sends the person where the provider wants them: out, or to a page of ours. Internal for a connector that does not say.
func (s *Service) lead(j *journey, r Redirect, state string) error {
	const op = "login.lead"
	ways := 0
	for _, on := range []bool{r.URL != "", r.Prompt != nil, r.Wait != nil} {
		if on {
			ways++
		}
	}
	if ways != 1 {
		return hub.Errorf(op, hub.Internal, "not exactly one way to go")
	}
	plain, err := json.Marshal(held{r.Prompt, r.Wait, r.Private})
	if err != nil {
		return hub.Errorf(op, hub.Internal, "what is held can't be written")
	}
	if j.tx.Private, err = envelope.Seal(s.o.Random, j.browser.Binding.Bytes(), privatePurpose, state, plain); err != nil {
		return err
	}
	j.tx.State = state
	switch {
	case r.URL != "":
		j.tx.Step, j.next.Redirect = StepUpstream, r.URL
	case r.Prompt != nil:
		j.tx.Step = StepInput
		j.show(View{Step: StepInput, Prompt: r.Prompt, Provider: j.at()})
	default:
		j.tx.Step = StepWait
		j.show(View{Step: StepWait, Wait: r.Wait, Provider: j.at()})
	}
	return nil
}

// unseal gives what the transaction holds. Invalid where it does not open.
func (s *Service) unseal(j *journey) (held, error) { return open(j.browser, j.tx) }

func open(b Browser, tx Transaction) (held, error) {
	plain, err := envelope.Open(b.Binding.Bytes(), privatePurpose, tx.State, tx.Private)
	if err != nil {
		return held{}, err
	}
	var h held
	if json.Unmarshal(plain, &h) != nil {
		return held{}, hub.Errorf("login.unseal", hub.Internal, "what is held can't be read")
	}
	return h, nil
}

// astray moves on where the person need not or can't stay with the provider any longer: a session serves meanwhile, or the provider
// may not vouch any more.
func (s *Service) astray(j *journey) bool {
	if s.resumes(j) {
		return true
	}
	if offered(j.choices, j.tx.Provider) {
		return false
	}
	j.tell(hub.Suspended, j.tx.Provider, "")
	j.refused(hub.Suspended, "not_offered", j.tx.Provider)
	j.reset()
	return true
}

// inputting shows the provider's page, or hands in what was typed on it. For that it takes the transaction for itself first: what
// follows at the provider happens once.
func (s *Service) inputting(ctx context.Context, j *journey) (bool, error) {
	if s.astray(j) {
		return false, nil
	}
	h, err := s.unseal(j)
	if err == nil && h.Prompt == nil {
		err = hub.Errorf("login.inputting", hub.Internal, "no page")
	}
	if err != nil {
		return false, err
	}
	if j.typed == nil {
		j.show(View{Step: StepInput, Prompt: h.Prompt, Provider: j.at()})
		return true, nil
	}
	typed := j.typed
	j.typed = nil
	if !h.Prompt.fits(typed) {
		return false, hub.Errorf("login.inputting", hub.Invalid, "not the fields of the page")
	}
	if err := s.claim(ctx, j); err != nil {
		return false, err
	}
	redirect, err := s.o.Upstreams.Submit(ctx, j.tx.Provider, j.ask(j.tx.State), Answer{Params: typed, Private: h.Private})
	j.now = s.now()
	if err != nil {
		j.failed = s.failure(ctx, j, err)
		return false, nil
	}
	if redirect.Wait != nil {
		j.asked = redirect.Private
		j.event(audit.Event{Kind: "login.provider_asked", Outcome: audit.Success, Provider: j.tx.Provider})
	}
	return true, s.lead(j, redirect, j.tx.State)
}

// waiting asks whether the provider has decided. Only when it has, the transaction is taken for this call and the answer examined.
func (s *Service) waiting(ctx context.Context, j *journey) (bool, error) {
	if s.astray(j) {
		return false, nil
	}
	h, err := s.unseal(j)
	if err == nil && h.Wait == nil {
		err = hub.Errorf("login.waiting", hub.Internal, "nothing to wait for")
	}
	if err != nil {
		return false, err
	}
	decided, err := s.o.Upstreams.Poll(ctx, j.tx.Provider, j.ask(j.tx.State), h.Private)
	j.now = s.now()
	unknown := hub.KindOf(err) == hub.Unavailable && j.now.Before(h.Wait.Until)
	if unknown || err == nil && !decided {
		v := View{Step: StepWait, Wait: h.Wait, Provider: j.at()}
		if unknown { // the federation has taken note of it
			v.Problem = hub.Unavailable
		}
		j.show(v)
		return true, nil
	}
	if claimErr := s.claim(ctx, j); claimErr != nil {
		return false, claimErr
	}
	if err != nil {
		j.failed = s.failure(ctx, j, err)
		return false, nil
	}
	s.examine(ctx, j, Answer{Private: h.Private})
	return false, nil
}

// leave takes the person back to the chooser while somebody is asked to approve. It counts as a failed attempt: or else one could
// have a stranger asked again and again (SES-22).
func (s *Service) leave(j *journey) {
	provider := j.tx.Provider
	j.tx.Attempts++
	j.reset()
	j.refused(hub.Denied, "left", provider)
	if j.tx.Attempts >= s.o.MaxAttempts {
		j.end(hub.TooMany, "too_many_attempts")
	}
}

// at gives the provider where the transaction is.
func (j *journey) at() *Choice {
	at := Choice{ID: j.tx.Provider}
	if i := slices.IndexFunc(j.choices, func(c Choice) bool { return c.ID == j.tx.Provider }); i >= 0 {
		at = j.choices[i]
	}
	return &at
}

// abandon tells the provider that nobody waits any more, after that has been written.
func (s *Service) abandon(ctx context.Context, j *journey, was Transaction) {
	h, err := open(j.browser, was)
	if err != nil {
		s.warn(ctx, j, was.Provider, err)
		return
	}
	s.forsake(context.WithoutCancel(ctx), j, was, h.Private)
}

// patience bounds what a person who leaves is held up by it.
const patience = 3 * time.Second

func (s *Service) forsake(ctx context.Context, j *journey, was Transaction, private []byte) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if err := s.o.Upstreams.Abandon(ctx, was.Provider, j.ask(was.State), private); err != nil {
		s.warn(ctx, j, was.Provider, err)
	}
}
