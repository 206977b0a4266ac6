package ndid_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"onedoor/federation"
	"onedoor/federation/ndid"
	simndid "onedoor/federation/simulator/ndid"
	"onedoor/hub"
	"onedoor/hub/hubtest/oneshot"
	"onedoor/hub/login"
)

func TestAPersonApprovesInEitherMode(t *testing.T) {
	t.Parallel()
	for person, c := range map[string]struct {
		bank  string
		mode  int
		level hub.Level
	}{
		"mali":  {dee, 2, hub.Level{IAL: hub.IAL23, AAL: hub.AAL22}},
		"tharn": {dee, 1, hub.Level{IAL: hub.IAL23, AAL: hub.AAL22}},
		"lin":   {munjai, 1, hub.Level{IAL: hub.IAL21, AAL: hub.AAL21}},
	} {
		t.Run(person, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			w := r.waiting(person, c.bank)
			open := r.platform.Pending(c.bank, person)
			if len(open) != 1 || open[0].Mode != c.mode || open[0].MinIAL != "2.1" || open[0].MinAAL != "2.1" {
				t.Fatalf("asked %+v", open)
			}
			want := "Sign in to Tax filing of Revenue Department. Code " + w.Wait.Code + ". If this was not you, please refuse."
			if open[0].Message != want || len(w.Wait.Code) != 4 {
				t.Errorf("the person reads %q, want %q", open[0].Message, want)
			}
			if w.Wait.Names["th"] == "" || !w.Wait.Until.Equal(r.clock.now().Add(5*time.Minute)) {
				t.Errorf("the page shows %+v", w.Wait)
			}
			if ready, err := r.poll(w); ready || err != nil {
				t.Errorf("decided before anybody was: %v, %v", ready, err)
			}
			seen := r.clock.now()
			r.clock.advance(time.Minute)
			r.answer(person, c.bank, true, 0)
			r.decided(w)
			id, err := r.identify(w)
			if err != nil {
				t.Fatal(err)
			}
			if id.Level != c.level || id.Person.Value != number(person) || id.Person.Kind != "th.citizen" || id.Subject != "citizen_id:"+number(person) ||
				id.Attributes[hub.CitizenID].Value != number(person) || !id.AuthTime.Equal(seen) {
				t.Errorf("%v at %v: %#v", id.Level, id.AuthTime, id.Attributes)
			}
			if r.platform.Removals() != 1 {
				t.Errorf("data was removed %d times", r.platform.Removals())
			}
			if n := r.node.count("POST /v6/rp/request_close"); n != 0 {
				t.Errorf("closed %d times, what the platform had closed itself", n)
			}
		})
	}
}

func TestThePageListsWhoCanReachTheLevel(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		want hub.Level
		ids  []string
	}{
		"less than the least of the record": {hub.Level{IAL: hub.IAL11, AAL: hub.AAL1}, []string{dee, munjai}},
		"both":                              {hub.Level{IAL: hub.IAL21, AAL: hub.AAL21}, []string{dee, munjai}},
		"higher identity":                   {hub.Level{IAL: hub.IAL23, AAL: hub.AAL1}, []string{dee}},
		"higher authenticator":              {hub.Level{IAL: hub.IAL11, AAL: hub.AAL22}, []string{dee}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, version := range federation.NDIDVersions() {
				r := newRig(t, func(p *federation.Provider) { p.NDID.APIVersion = version })
				ask := r.ask()
				ask.Want = c.want
				page, err := r.connector.Start(t.Context(), r.provider, ask)
				if err != nil {
					t.Fatal(err)
				}
				f := page.Prompt.Fields
				if len(f) != 2 || f[0].Kind != login.FieldCitizenNumber || f[1].Kind != login.FieldIDP || f[0].Problem != "" || page.Prompt.Problem != "" {
					t.Fatalf("%+v", f)
				}
				var ids []string
				for _, o := range f[1].Options {
					ids = append(ids, o.Value)
				}
				if !slices.Equal(ids, c.ids) || f[1].Options[0].Names["th"] != "ธนาคารดีเสมอ" || f[1].Options[0].Names["en"] != "Dee Samer Bank" {
					t.Errorf("%s: %v, %v", version, ids, f[1].Options[0].Names)
				}
			}
		})
	}
}

func TestNobodyThereIsSaidSo(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.platform.SetFault(true, simndid.NoBanks)
	_, err := r.connector.Start(t.Context(), r.provider, r.ask())
	r.refused("no banks", err, hub.Unavailable, federation.NoIdentityOffered)
	w, err := newRig(t, func(p *federation.Provider) {
		p.NDID.IDPNames = map[string]hub.Text{dee: {"th": "ก", "en": "Zzz", "zh": "甲", "vi": "á"}}
	}).submit("tharn", dee)
	if err != nil || w.Wait.Names["zh"] != "甲" {
		t.Errorf("names of the record: %+v, %v", w.Wait, err)
	}
}

func TestForeignNamesAreOnePlainLine(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.platform.SetFault(true, simndid.EvilNames)
	page, err := r.connector.Start(t.Context(), r.provider, r.ask())
	if err != nil {
		t.Fatal(err)
	}
	if got := page.Prompt.Fields[1].Options[0].Names["en"]; got != "<b>Evil</b> Bank second line" {
		t.Errorf("%q", got)
	}
}

func TestWrongNumbersGoNowhere(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for _, n := range []string{"", "1234567890123", "0105536000099", "abc", number("mali")[:12], strings.Repeat("1", 200)} {
		w, err := r.submitAs(r.ask(), n, dee)
		if err != nil || w.Prompt == nil || w.Prompt.Fields[0].Problem != hub.Invalid {
			t.Errorf("%q: %+v, %v", n, w, err)
		}
	}
	for _, call := range r.node.calls {
		if strings.Contains(call, "citizen_id") {
			t.Errorf("the node was asked: %s", call)
		}
	}
	// As people write it.
	w, err := r.submitAs(r.ask(), " 1-9999-99999-99-9 ", dee)
	if err != nil || w.Wait == nil {
		t.Errorf("%v", err)
	}
}

func TestModesFollowThePolicy(t *testing.T) {
	t.Parallel()
	for policy, c := range map[federation.NDIDModes]struct{ mali, tharn int }{
		federation.OnboardedFirst: {2, 1}, "": {2, 1}, federation.OnboardedOnly: {2, 0}, federation.DirectOnly: {1, 1},
	} {
		r := newRig(t, func(p *federation.Provider) { p.NDID.Modes = policy })
		for person, mode := range map[string]int{"mali": c.mali, "tharn": c.tharn} {
			w, err := r.submit(person, dee)
			if err != nil {
				t.Fatal(err)
			}
			if mode == 0 {
				if w.Prompt == nil || w.Prompt.Fields[1].Problem != hub.NotFound {
					t.Errorf("%s, %s: %+v", policy, person, w)
				}
				continue
			}
			if open := r.platform.Pending(dee, person); len(open) != 1 || open[0].Mode != mode {
				t.Errorf("%s, %s: %+v", policy, person, open)
			}
		}
	}
}

func TestWaysInWhichNobodyGetsIn(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		do    func(r *rig)
		kind  hub.Kind
		cause federation.Cause
		sign  ndid.Signal
		close int
	}{
		"refused":           {func(r *rig) { r.answer("mali", dee, false, 0) }, hub.Denied, federation.PersonDenied, "", 1},
		"error":             {func(r *rig) { r.answer("mali", dee, false, 10101) }, hub.Refused, federation.IDPFailed, ndid.SignalIDP, 0},
		"a no as an error":  {func(r *rig) { r.answer("mali", dee, false, 30001) }, hub.Denied, federation.PersonDenied, "", 0},
		"a no by the book":  {func(r *rig) { r.answer("mali", dee, false, 10016) }, hub.Denied, federation.PersonDenied, "", 0},
		"time-out":          {func(r *rig) { r.clock.advance(301 * time.Second); r.platform.Tick(background) }, hub.Expired, federation.NotAnswered, "", 0},
		"a silent platform": {func(r *rig) { r.clock.advance(20 * time.Minute) }, hub.Expired, federation.NotAnswered, "", 1},
		"late answer": {func(r *rig) {
			r.platform.SetFault(true, simndid.LateAnswer)
			id := r.platform.Pending(dee, "mali")[0].ID
			r.clock.advance(301 * time.Second)
			r.platform.Tick(background)
			r.platform.Answer(id, dee, true, "", "", 0)
			r.platform.Tick(background)
		}, hub.Expired, federation.NotAnswered, "", 0},
		"closed by somebody": {func(r *rig) {
			req, _ := http.NewRequest(http.MethodPost, r.node.URL+"/rp/request_close", strings.NewReader(
				fmt.Sprintf(`{"reference_id":"x","callback_url":"http://x","request_id":%q}`, r.platform.Pending(dee, "mali")[0].ID)))
			req.Header.Set("X-API-Key", apiKey)
			resp, err := oneshot.Client().Do(req)
			if err != nil || resp.StatusCode != http.StatusAccepted {
				r.t.Fatalf("%v", err)
			}
			_ = resp.Body.Close()
		}, hub.Expired, federation.RequestOver, "", 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			w := r.waiting("mali", dee)
			c.do(r)
			r.decided(w)
			_, err := r.finish(w)
			r.refused(name, err, c.kind, c.cause)
			if c.sign != "" && !r.signaled(c.sign) {
				t.Errorf("no signal %s, but %v", c.sign, r.signals)
			}
			if n := r.node.count("POST /v6/rp/request_close"); n != c.close {
				t.Errorf("closed %d times, want %d", n, c.close)
			}
			if r.platform.Removals() != 1 {
				t.Errorf("data was removed %d times", r.platform.Removals())
			}
		})
	}
}

// Everything that a platform can say and must not be believed, in both modes.
func TestLOA05_AnswersThatAreNotBelieved(t *testing.T) {
	t.Parallel()
	both, onboarded := []string{"mali", "tharn"}, []string{"mali"}
	for fault, c := range map[simndid.Fault]struct {
		people []string
		kind   hub.Kind
		cause  federation.Cause
	}{
		simndid.LowIAL:            {both, hub.LevelUnmet, federation.LevelBelow},
		simndid.LowAAL:            {both, hub.LevelUnmet, federation.LevelBelow},
		simndid.UnknownIAL:        {both, hub.LevelUnmet, federation.LevelBelow},
		simndid.NoLevels:          {both, hub.LevelUnmet, federation.LevelBelow},
		simndid.OtherBank:         {both, hub.Refused, federation.AnswersDiffer},
		simndid.OtherMessage:      {both, hub.Refused, federation.MessageDiffers},
		simndid.OtherRequest:      {both, hub.Refused, federation.RequestDiffers},
		simndid.OtherMode:         {both, hub.Refused, federation.RequestDiffers},
		simndid.LoweredMinimum:    {both, hub.Refused, federation.RequestDiffers},
		simndid.SignatureInvalid:  {both, hub.Refused, federation.SignatureInvalid},
		simndid.SignatureUnknown:  {onboarded, hub.Refused, federation.SignatureInvalid},
		simndid.IALDiffers:        {both, hub.Refused, federation.IALDiffers},
		simndid.TwoAnswers:        {both, hub.Refused, federation.AnswersDiffer},
		simndid.TwoAccepts:        {both, hub.Refused, federation.AnswersDiffer},
		simndid.StatusContradicts: {both, hub.Refused, federation.AnswersDiffer},
		simndid.ErrorAndAccept:    {both, hub.Refused, federation.AnswersDiffer},
	} {
		for _, person := range c.people {
			t.Run(string(fault)+" "+person, func(t *testing.T) {
				t.Parallel()
				r := newRig(t)
				w := r.waiting(person, dee)
				r.answer(person, dee, true, 0)
				r.platform.SetFault(true, fault)
				r.decided(w)
				_, err := r.finish(w)
				r.refused(string(fault), err, c.kind, c.cause)
				if !r.signaled(ndid.SignalSuspicious) {
					t.Error("no operator is told")
				}
			})
		}
	}
}

func TestOPS06_ANodeInTrouble(t *testing.T) {
	t.Parallel()
	for fault, c := range map[simndid.Fault]struct {
		kind  hub.Kind
		cause federation.Cause
		sign  ndid.Signal
	}{
		simndid.Syncing:         {hub.Unavailable, federation.NodeNotReady, ndid.SignalNode},
		simndid.HugeReply:       {hub.Refused, federation.BodyTooBig, ""},
		simndid.GarbledReply:    {hub.Refused, federation.ResponseMalformed, ""},
		simndid.RedirectedReply: {hub.Refused, federation.Redirected, ""},
		simndid.Slow:            {hub.Unavailable, federation.TimedOut, ndid.SignalUnreachable},
	} {
		t.Run(string(fault), func(t *testing.T) {
			t.Parallel()
			r := newRig(t, func(o *ndid.Options) { o.CallTimeout = time.Second })
			w := r.waiting("tharn", dee)
			r.platform.SetFault(true, fault)
			_, err := r.connector.Start(t.Context(), r.provider, r.ask())
			r.refused("start", err, c.kind, c.cause)
			r.clock.advance(5 * time.Second)
			_, err = r.poll(w)
			r.refused("poll", err, c.kind, c.cause)
			_, err = r.finish(w)
			r.refused("finish", err, c.kind, c.cause)
			if c.sign != "" && !r.signaled(c.sign) {
				t.Errorf("signals %v", r.signals)
			}
			r.platform.SetFault(false, fault)
			r.answer("tharn", dee, true, 0)
			r.decided(w)
			if _, err := r.identify(w); err != nil {
				t.Errorf("afterwards: %v", err)
			}
		})
	}
	r := newRig(t)
	w := r.waiting("tharn", dee)
	r.node.Close()
	r.clock.advance(5 * time.Second)
	_, err := r.poll(w)
	r.refused("gone", err, hub.Unavailable, federation.Unreachable)
	_, err = r.connector.Start(t.Context(), r.provider, r.ask())
	r.refused("gone", err, hub.Unavailable, federation.Unreachable)
}

func TestTheKeyAndTheSettingsCount(t *testing.T) {
	t.Parallel()
	r := newRig(t, func(p *federation.Provider) { p.NDID.APIKey = federation.SealedSecret("sealed:another") })
	_, err := r.connector.Start(t.Context(), r.provider, r.ask())
	r.refused("wrong key", err, hub.Unavailable, federation.KeyRejected)
	if !r.signaled(ndid.SignalKey) {
		t.Error("no operator is told")
	}
	r = newRig(t, func(p *federation.Provider) { p.NDID.APIKey = federation.SealedSecret("broken") })
	_, err = r.connector.Start(t.Context(), r.provider, r.ask())
	r.refused("a key that does not open", err, hub.Internal, federation.SecretUnusable)
	r = newRig(t, func(p *federation.Provider) { p.Assurance.AAL = map[string]hub.AAL{"1": hub.AAL1} })
	_, err = r.connector.Start(t.Context(), r.provider, r.ask())
	r.refused("no number for the level", err, hub.LevelUnmet, federation.SettingRejected)
}

func TestAReplyThatGetsLostIsFoundByItsReference(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.platform.SetFault(true, simndid.ReplyLost)
	w, err := r.submit("tharn", dee)
	if err != nil || w.Wait == nil {
		t.Fatalf("%v", err)
	}
	r.platform.SetFault(false, simndid.ReplyLost)
	r.answer("tharn", dee, true, 0)
	r.decided(w)
	if _, err := r.identify(w); err != nil {
		t.Error(err)
	}
	if len(r.platform.Pending(dee, "tharn")) != 0 {
		t.Error("asked twice")
	}
}

func TestARequestThatNeverComesAbout(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.platform.SetFault(true, simndid.RequestLost)
	w, err := r.submit("tharn", dee)
	if err != nil {
		t.Fatal(err)
	}
	r.clock.advance(30 * time.Second)
	if ready, err := r.poll(w); ready || err != nil {
		t.Errorf("given up too early: %v", err)
	}
	r.clock.advance(40 * time.Second)
	r.decided(w)
	_, err = r.finish(w)
	r.refused("lost", err, hub.Unavailable, federation.RequestLost)

	r = newRig(t)
	r.platform.SetFault(true, simndid.NoCredit)
	w = r.waiting("tharn", dee) // the callback says so at once
	r.decided(w)
	_, err = r.finish(w)
	r.refused("no credit", err, hub.Unavailable, federation.NoCredit)
	if !r.signaled(ndid.SignalCredit) || !r.signaled(ndid.SignalTold) {
		t.Errorf("signals %v", r.signals)
	}
}

func TestABankThatGoesAwayLeadsBackToThePage(t *testing.T) {
	t.Parallel()
	for _, code := range []int{20004, 20005, 20006, 20016, 20058, 25050, 25051, 25052} {
		r := newRig(t)
		r.platform.Fail(code)
		w, err := r.submit("tharn", dee)
		if err != nil || w.Prompt == nil || w.Prompt.Fields[1].Problem != hub.Unavailable {
			t.Errorf("%d: %+v, %v", code, w, err)
		}
	}
	r := newRig(t)
	if w, err := r.submit("tharn", "idp-nobody"); err != nil || w.Prompt == nil {
		t.Errorf("a bank that there is not: %+v, %v", w, err)
	}
}

func TestAbandonClosesAndRemoves(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	w := r.waiting("mali", dee)
	if err := r.connector.Abandon(t.Context(), r.provider, r.ask(), w.Private); err != nil {
		t.Fatal(err)
	}
	if len(r.platform.Pending(dee, "mali")) != 0 || r.platform.Removals() != 1 {
		t.Error("still asked")
	}
	if err := r.connector.Abandon(t.Context(), r.provider, r.ask(), w.Private); err != nil {
		t.Errorf("twice: %v", err)
	}
	page, _ := r.connector.Start(t.Context(), r.provider, r.ask())
	if err := r.connector.Abandon(t.Context(), r.provider, r.ask(), page.Private); err != nil {
		t.Errorf("before anything was asked: %v", err)
	}
	w = r.waiting("mali", dee)
	r.platform.SetFault(true, simndid.Syncing)
	if err := r.connector.Abandon(t.Context(), r.provider, r.ask(), w.Private); hub.KindOf(err) != hub.Unavailable || !r.signaled(ndid.SignalCleaning) {
		t.Errorf("a node in trouble: %v", err)
	}
}

// SES-22: nobody can be asked again and again.
func TestSES22_ANumberIsAskedSoManyTimes(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for i := range 5 {
		if w, err := r.submit("mali", dee); err != nil || w.Wait == nil {
			t.Fatalf("%d: %v", i, err)
		}
	}
	_, err := r.submit("mali", munjai)
	r.refused("once more", err, hub.TooMany, federation.NumberAskedOften)
	if !r.signaled(ndid.SignalPushing) {
		t.Error("no operator is told")
	}
	if w, err := r.submit("tharn", dee); err != nil || w.Wait == nil {
		t.Errorf("somebody else: %v", err)
	}
	r.clock.advance(10 * time.Minute)
	if w, err := r.submit("mali", dee); err != nil || w.Wait == nil {
		t.Errorf("later: %v", err)
	}
}

// shared counts for all nodes of the hub together.
type shared struct {
	n   int
	err error
}

func (s *shared) Count(_ context.Context, name string, subject []byte, period time.Duration, _ time.Time) (int, error) {
	if name != "ndid-number" || len(subject) != 32 || period != 10*time.Minute {
		return 0, hub.Errorf("test", hub.Internal, "another count")
	}
	s.n++
	return s.n, s.err
}

// SES-22: the limit holds over all nodes of the hub together, and what can't be counted is not asked.
func TestSES22_ANumberIsAskedSoManyTimesByAllNodes(t *testing.T) {
	t.Parallel()
	all := &shared{}
	nodes := []*rig{newRig(t, func(o *ndid.Options) { o.Counter = all }), newRig(t, func(o *ndid.Options) { o.Counter = all })}
	for i := range 5 {
		if w, err := nodes[i%2].submit("mali", dee); err != nil || w.Wait == nil {
			t.Fatalf("%d: %v", i, err)
		}
	}
	for _, r := range nodes {
		_, err := r.submit("mali", dee)
		r.refused("once more", err, hub.TooMany, federation.NumberAskedOften)
	}
	all.n, all.err = 0, hub.E("test", hub.Unavailable, nil)
	if _, err := nodes[0].submit("mali", dee); !errors.Is(err, hub.Unavailable) {
		t.Errorf("not counted, and asked: %v", err)
	}
}

func TestALoginThatIsAlmostOverBeginsNoRequest(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ask := r.ask()
	ask.Until = r.clock.now().Add(80 * time.Second)
	_, err := r.submitAs(ask, number("mali"), dee)
	r.refused("almost over", err, hub.Expired, federation.TooLate)
	ask.Until = r.clock.now().Add(3 * time.Minute)
	w, err := r.submitAs(ask, number("mali"), dee)
	if err != nil || !w.Wait.Until.Equal(ask.Until.Add(-30*time.Second)) {
		t.Errorf("%+v, %v", w.Wait, err)
	}
}

// EXC-01: what was begun at one provider is no answer at another.
func TestEXC01_PrivateStateOfAnotherProvider(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	w := r.waiting("mali", dee)
	r.answer("mali", dee, true, 0)
	mine := r.provider
	other, moved := mine, *mine.NDID
	other.ID = "ndid-2"
	moved.Node = "https://other.example"
	for name, p := range map[string]federation.Provider{"another provider": other, "another node": {ID: mine.ID, NDID: &moved}} {
		r.provider = p
		_, err := r.poll(w)
		r.refused(name, err, hub.Refused, federation.AnswerForeign)
		_, err = r.finish(w)
		r.refused(name, err, hub.Refused, federation.AnswerForeign)
		if err := r.connector.Abandon(t.Context(), p, r.ask(), w.Private); !strings.Contains(err.Error(), string(federation.AnswerForeign)) {
			t.Errorf("%s: %v", name, err)
		}
	}
	r.provider = mine
	for name, private := range map[string][]byte{"none": nil, "text": []byte("x"), "a page": []byte(`{"provider":"ndid","node":"` + r.node.URL + `"}`)} {
		_, err := r.poll(login.Redirect{Private: private})
		r.refused(name, err, hub.Refused, federation.AnswerMalformed)
		_, err = r.finish(login.Redirect{Private: private})
		r.refused(name, err, hub.Refused, federation.AnswerMalformed)
	}
}

func TestPollReadsNowAndThen(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.platform.SetFault(true, simndid.CallbackLost)
	w := r.waiting("mali", dee)
	const read = "GET /v6/utility/requests/*"
	for range 20 {
		if _, err := r.poll(w); err != nil {
			t.Fatal(err)
		}
	}
	if n := r.node.count(read); n != 1 {
		t.Errorf("read %d times at once", n)
	}
	r.answer("mali", dee, true, 0)
	if ready, _ := r.poll(w); ready {
		t.Error("read too early")
	}
	r.decided(w) // five seconds later, without any callback
	if _, err := r.identify(w); err != nil {
		t.Error(err)
	}
}

func TestNewRefusesMissingParts(t *testing.T) {
	t.Parallel()
	if _, err := ndid.New(ndid.Options{}); hub.KindOf(err) != hub.Internal {
		t.Error(err)
	}
}
