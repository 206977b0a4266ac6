package ndid

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"onedoor/federation"
	"onedoor/hub"
	"onedoor/hub/login"
)

var update = flag.Bool("update", false, "rewrite golden files")

func record() federation.Provider {
	p := federation.Provider{
		ID: "ndid", Ceiling: hub.Level{IAL: hub.IAL3, AAL: hub.AAL3}, NDID: &federation.NDID{Node: "https://node.example", Namespace: "citizen_id", PersonDenied: []int{30001}},
		Person: federation.PersonClaim{Kind: "th.citizen", Claim: "citizen_id"},
		Assurance: federation.Assurance{
			IALName: federation.NDIDIAL, IAL: map[string]hub.IAL{}, AALName: federation.NDIDAAL, AAL: map[string]hub.AAL{},
		},
	}
	for l := hub.IAL11; l <= hub.IAL3; l++ {
		p.Assurance.IAL[l.String()] = l
	}
	for l := hub.AAL1; l <= hub.AAL3; l++ {
		p.Assurance.AAL[l.String()] = l
	}
	return p
}

// TestLOA04_GoldenTable writes down which numbers each asked level becomes, as the bytes of the request, and what each number of an
// answer becomes. A change of any line must be meant.
func TestLOA04_GoldenTable(t *testing.T) {
	t.Parallel()
	p := record()
	var b strings.Builder
	fmt.Fprintf(&b, "# asked level -> min_ial, min_aal\n")
	for _, want := range hub.Levels() {
		f := requestForm{IAL: json.Number(wanted(p.Assurance.IAL, want.IAL, nil)), AAL: json.Number(wanted(p.Assurance.AAL, want.AAL, nil))}
		text, err := json.Marshal(f)
		if err != nil {
			t.Fatal(err)
		}
		_, levels, _ := strings.Cut(string(text), `"min_ial":`)
		levels, _, _ = strings.Cut(levels, `,"min_idp"`)
		fmt.Fprintf(&b, "%s\t\"min_ial\":%s\n", want.ACR(), levels)
	}
	fmt.Fprintf(&b, "# ial and aal of an answer, as bytes -> level\n")
	for _, n := range []string{
		"1", "1.1", "1.2", "1.3", "2", "2.1", "2.2", "2.3", "3", "2.30", "2.10", "3.0", "2.3000000", "2.29999999", "2.30000001", "2.3e0", "23e-1",
		"0.3", "-2.3", "10", `"2.3"`, "null",
	} {
		var r response
		if err := decode([]byte(fmt.Sprintf(`{"ial":%s,"aal":%s}`, n, n)), &r); err != nil {
			fmt.Fprintf(&b, "%s\tmalformed\n", n)
			continue
		}
		fmt.Fprintf(&b, "%s\t%s\n", n, said(p.Assurance, r.IAL, r.AAL))
	}
	path := filepath.Join("testdata", "loa04.golden")
	if *update {
		if err := os.WriteFile(path, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	golden, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if b.String() != string(golden) {
		t.Errorf("the mapping changed; if that is meant, run with -update:\n%s", b.String())
	}
}

// LOA-04: there and back nothing is lost, and nothing raised.
func TestLOA04_EveryLevelComesBackAsItself(t *testing.T) {
	t.Parallel()
	p := record()
	for _, l := range hub.Levels() {
		ial, aal := wanted(p.Assurance.IAL, l.IAL, nil), wanted(p.Assurance.AAL, l.AAL, nil)
		if got := said(p.Assurance, json.Number(ial), json.Number(aal)); got != l {
			t.Errorf("%v comes back as %v", l, got)
		}
	}
}

func TestWantedIsTheLowestThatThePlatformHas(t *testing.T) {
	t.Parallel()
	table := map[string]hub.IAL{"2.1": hub.IAL21, "2.15": hub.IAL21, "2.3": hub.IAL23, "3": hub.IAL3, "high": hub.IAL22}
	for _, c := range []struct {
		least    hub.IAL
		platform []string
		want     string
	}{
		{hub.IAL21, nil, "2.1"},
		{hub.IAL22, nil, "2.3"}, // "high" is no number
		{hub.IAL21, []string{"2.15", "3"}, "2.15"},
		{hub.IAL23, []string{"3"}, "3"},
		{hub.IAL23, []string{"2.1"}, ""},
		{hub.IAL23, []string{}, ""},
	} {
		if got := wanted(table, c.least, c.platform); got != c.want {
			t.Errorf("%v of %v: %q, want %q", c.least, c.platform, got, c.want)
		}
	}
}

// The vector of the platform's hash (message and salts joined as text).
func TestMessageHashVector(t *testing.T) {
	t.Parallel()
	got := messageHash("citizen_id", "1345951597671", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", "Allow login to Example Department (ref 4F7K)")
	if want := "1Wc3eoRHD+e2Y4TDH1VYuwOYKlY+ZbxNq4jz8+Hr+y8="; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// Every code that the platform is known to give has a meaning for the person and, where there is something to do, a signal.
func TestEveryErrorCodeHasAMeaning(t *testing.T) {
	t.Parallel()
	known := []int{
		10007, 10008, 10029, 10016, 10041, 20001, 20002, 20003, 20007, 20004, 20005, 20006, 20016, 20058, 20012, 25001, 20013, 25014, 25067, 20020, 20071,
		20021, 20025, 20026, 25002, 25003, 25004, 20036, 20088, 20045, 20055, 20056, 20060, 25009, 25010, 20066, 20091, 20094, 20095, 20096, 20070, 20087,
		20079, 25074, 20081, 20082, 20092, 25007, 25008, 25039, 25050, 25051, 25052, 25075, 25076, 35001, 20017, 20018, 20022, 20024, 20043, 20057, 31000,
	}
	told := []hub.Kind{hub.Denied, hub.Refused, hub.LevelUnmet, hub.Unavailable, hub.Expired, hub.Suspended, hub.TooMany, hub.Internal}
	check := func(name string, r reaction) {
		if !slices.Contains(told, r.kind) || !slices.Contains(federation.Causes(), r.cause) || r.signal != "" && !slices.Contains(Signals(), r.signal) {
			t.Errorf("%s: %+v", name, r)
		}
	}
	for _, code := range known {
		r, listed := reactions[code]
		if !listed {
			t.Errorf("%d has no meaning", code)
		}
		check(fmt.Sprint(code), r)
	}
	for code, want := range map[int]reaction{
		10999: {hub.Unavailable, federation.NodeFault, SignalPlatform}, 15001: {hub.Unavailable, federation.NodeFault, SignalPlatform},
		20999: bug, 25999: {hub.Refused, federation.RequestRejected, SignalPlatform}, 35999: {hub.Unavailable, federation.NodeRole, SignalRole},
	} {
		if got := reactionTo(code, 400); got != want {
			t.Errorf("the family of %d: %+v", code, got)
		}
	}
	for status, want := range map[int]hub.Kind{503: hub.Unavailable, 500: hub.Unavailable, 429: hub.Unavailable, 400: hub.Refused, 404: hub.Refused} {
		r := reactionTo(0, status)
		check(fmt.Sprint(status), r)
		if r.kind != want {
			t.Errorf("status %d: %+v", status, r)
		}
	}
	for code, want := range map[int]hub.Kind{10016: hub.Denied, 30001: hub.Denied, 10101: hub.Refused, 31000: hub.Refused, 99999: hub.Refused} {
		if got := reactionToIDP(*record().NDID, code); got.kind != want {
			t.Errorf("code %d of an identity provider: %+v", code, got)
		}
	}
	seen := map[Signal]bool{}
	for _, s := range Signals() {
		if seen[s] || strings.Trim(string(s), "abcdefghijklmnopqrstuvwxyz_") != "" {
			t.Errorf("signal %q", s)
		}
		seen[s] = true
	}
}

func TestDeskDropsWhatIsOvertakenAndForgets(t *testing.T) {
	t.Parallel()
	d, now := newDesk(), time.Unix(1000, 0)
	ends := now.Add(time.Minute)
	for i, c := range []struct {
		chain  string
		height uint64
		kept   bool
	}{{"a", 5, true}, {"a", 5, true}, {"a", 4, false}, {"a", 6, true}, {"b", 1, true}, {"", 0, true}, {"b", 0, false}} {
		if got := d.callback("r", c.chain, c.height, 0, now, ends); got != c.kept {
			t.Errorf("%d: kept %v", i, got)
		}
	}
	if due, _ := d.due("r", now, time.Second); !due {
		t.Error("news, and not due")
	}
	if due, _ := d.due("r", now, time.Second); due {
		t.Error("due twice")
	}
	d.callback("r", "b", 0, 0, now, ends) // overtaken: no news
	if due, _ := d.due("r", now, time.Second); due {
		t.Error("due by an overtaken callback")
	}
	now = now.Add(2 * time.Minute)
	d.due("other", now, 0)
	d.mayAsk([]byte("x"), now)
	if len(d.notes) != 1 || len(d.numbers) != 1 {
		t.Errorf("%d notes, %d numbers", len(d.notes), len(d.numbers))
	}
	now = now.Add(time.Hour)
	d.due("third", now, 0)
	if len(d.notes) != 1 || len(d.numbers) != 0 {
		t.Errorf("%d notes, %d numbers after an hour", len(d.notes), len(d.numbers))
	}
}

func TestTheMessageIsInThePersonsLanguage(t *testing.T) {
	t.Parallel()
	n := federation.NDID{Message: hub.Text{"th": "ก {system} {department} {code}", "en": "To {system} of {department}: {code}", "zh": "甲{code}", "vi": "á {code}"}}
	ask := login.Ask{System: hub.Text{"th": "ระบบ", "en": "Sys{code}\u202etem\n"}, Department: hub.Text{"en": strings.Repeat("x", 500)}}
	for _, c := range []struct {
		languages []string
		want      string
	}{
		{[]string{"fr", "zh-CN", "en"}, "甲4F7K"},
		{[]string{"EN-gb"}, "To Syscodetem of " + strings.Repeat("x", 120) + ": 4F7K"},
		{nil, "ก ระบบ " + strings.Repeat("x", 120) + " 4F7K"},
	} {
		ask.Languages = c.languages
		if got := message(n, ask, "4F7K"); got != c.want {
			t.Errorf("%v: %q, want %q", c.languages, got, c.want)
		}
	}
}

func TestQuestionsPrintNothing(t *testing.T) {
	t.Parallel()
	q := question{Number: "1345951597671"}
	if text := fmt.Sprintf("%v %+v %#v %s", q, q, q, q.LogValue()); strings.Contains(text, q.Number) {
		t.Error(text)
	}
}

// good gives a question and the platform's word that it was answered well.
func good(mode int) (question, detail) {
	q := question{
		Provider: "ndid", Node: "https://node.example", Request: strings.Repeat("a", 64), Salt: "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
		Namespace: "citizen_id", Number: "1345951597671", Message: "m", Mode: mode, IDP: "idp", IAL: "2.1", AAL: "2.1",
	}
	d := detail{
		Request: q.Request, Mode: mode, MinIDP: 1, IAL: "2.1", AAL: "2.1", IDPs: []string{"idp"}, Status: statusCompleted, Closed: true,
		Hash: messageHash(q.Namespace, q.Number, q.Salt, q.Message), Responses: []response{{IDP: "idp", IAL: "2.3", AAL: "2.2", Status: answerAccept}},
	}
	if mode == modeOnboarded {
		yes := true
		d.Responses[0].ValidIAL, d.Responses[0].ValidSignature = &yes, &yes
	}
	return q, d
}

// Nothing but one combination of what a platform can say lets anybody in: every other one is tried, by its parts.
func TestJudgeLetsNothingElseIn(t *testing.T) {
	t.Parallel()
	p, yes, no, code := record(), true, false, 10101
	flags := []*bool{nil, &yes, &no}
	for _, mode := range []int{modeDirect, modeOnboarded} {
		q, d := good(mode)
		if _, reaction, _, ok := judge(p, q, d); !ok {
			t.Fatalf("mode %d: %+v", mode, reaction)
		}
		tried := 0
		for _, status := range []string{statusPending, statusConfirmed, statusRejected, statusComplicated, statusCompleted, statusErrored, statusPartial, "", "x"} {
			for _, answer := range []string{answerAccept, answerReject, "", "accepted"} {
				for _, errorCode := range []*int{nil, &code} {
					for _, timedOut := range []bool{false, true} {
						for _, ial := range flags {
							for _, sig := range flags {
								x := d
								x.Status, x.TimedOut = status, timedOut
								x.Responses = []response{{IDP: "idp", IAL: "2.3", AAL: "2.2", Status: answer, ErrorCode: errorCode, ValidIAL: ial, ValidSignature: sig}}
								valid := func(f *bool) bool { return f != nil && *f || f == nil && mode == modeDirect }
								want := (status == statusCompleted || status == statusConfirmed) && answer == answerAccept && errorCode == nil && !timedOut && valid(ial) && valid(sig)
								if _, _, _, ok := judge(p, q, x); ok != want {
									t.Errorf("mode %d, %s, %s, error %v, timed out %v: %v", mode, status, answer, errorCode != nil, timedOut, ok)
								}
								tried++
							}
						}
					}
				}
			}
		}
		if tried != 9*4*2*2*3*3 {
			t.Errorf("%d tried", tried)
		}
	}
}

func FuzzDetail(f *testing.F) {
	for _, s := range []string{
		`{"request_id":"x","status":"pending"}`, `{"response_list":[{"idp_id":"idp","ial":2.3,"aal":2.2,"status":"accept","valid_ial":null}]}`,
		`{"response_list":[{"error_code":1e400}]}`, `{"min_ial":2.30,"idp_id_list":[1]}`, `[]`, `null`, `{"status":"completed"}x`,
	} {
		f.Add([]byte(s))
	}
	_, d := good(modeDirect)
	text, _ := json.Marshal(d)
	f.Add(text)
	p := record()
	f.Fuzz(func(t *testing.T, body []byte) {
		var d detail
		if decode(body, &d) != nil {
			return
		}
		q, _ := good(modeDirect)
		q.Message = "another" // whatever the platform says of it, it is not what was asked
		if _, _, _, ok := judge(p, q, d); ok && d.Hash != messageHash(q.Namespace, q.Number, q.Salt, q.Message) {
			t.Fatal("in by another message")
		}
		for _, r := range d.Responses {
			if l := said(p.Assurance, r.IAL, r.AAL); l.IAL > hub.IAL3 || l.AAL > hub.AAL3 {
				t.Fatal("a level that there is not")
			}
		}
	})
}

func FuzzCallback(f *testing.F) {
	for _, s := range []string{
		`{"type":"request_status","block_height":"chain:12"}`, `{"type":"create_request_result","success":false,"error":{"code":25007}}`,
		`{"type":"close_request_result","success":true}`, `{"type":"request_status","block_height":":"}`, `{}`, `[[[[`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		m, err := parseCallback(body)
		if err != nil {
			return
		}
		if m.Type != typeStatus && m.Success == nil {
			t.Fatal("a result without a result")
		}
		if chain, height := blockHeight(m.Height); chain == "" && height != 0 {
			t.Fatal("a height on no chain")
		}
	})
}

func FuzzIDPs(f *testing.F) {
	for _, s := range []string{
		`[{"node_id":"a","node_name":"{\"marketing_name_th\":\"ก\"}","max_ial":2.3,"max_aal":2.2,"mode_list":[2]}]`,
		`[{"node_id":"a\u202e","node_name":"x\u0000y"}]`, `[{"node_id":"a","node_name":"[]"}]`, `{"error":{"code":10007}}`, `[null]`,
	} {
		f.Add([]byte(s))
	}
	n := *record().NDID
	f.Fuzz(func(t *testing.T, body []byte) {
		_ = code(body)
		var forms []idpForm
		if decode(body, &forms) != nil {
			return
		}
		for _, x := range forms {
			for _, name := range idpNames(n, x) {
				if x.NodeID != "" && name == "" || name != x.NodeID && plain(name, maxIDPLen) != name {
					t.Fatalf("%q", name)
				}
			}
		}
	})
}

func FuzzQuestion(f *testing.F) {
	f.Add([]byte(`{"provider":"ndid","node":"https://node.example"}`))
	f.Add([]byte(`{"provider":1}`))
	p := record()
	f.Fuzz(func(t *testing.T, private []byte) {
		if q, err := parse(private, p); err == nil && (q.Provider != p.ID || q.Node != p.NDID.Node) {
			t.Fatal("of another provider")
		}
	})
}

func FuzzRecognise(f *testing.F) {
	c := &Connector{index: func(string, ...string) []byte { return make([]byte, 32) }}
	f.Add(c.secret("ndid", "aaaaaaaaaaaaaaaaaaaaaaaaaa"))
	f.Add("..")
	f.Add("a.b.c.d")
	f.Fuzz(func(t *testing.T, s string) {
		if provider, reference, ok := c.recognise(s); ok && c.secret(provider, reference) != s {
			t.Fatalf("%q has a second spelling", s)
		}
	})
}
