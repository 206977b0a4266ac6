package forward

import (
	"context"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"onedoor/hub"
	"onedoor/hub/audit"
	"onedoor/hub/pairwise"
	"onedoor/hub/token"
)

// drawer keeps two kinds of records of one department, and events.
type drawer struct {
	asked  int
	events []audit.Event
	all    []Record
	err    error
	signed identity
}

func (d *drawer) Records(_ context.Context, account hub.AccountID, _ hub.EntityID, department hub.DepartmentID, level hub.Level) ([]Record, error) {
	d.asked++
	if account != "a" || department != "revenue" || level.IAL != hub.IAL23 {
		return nil, hub.Errorf("test", hub.Internal, "somebody else's")
	}
	return append([]Record(nil), d.all...), d.err
}

func (d *drawer) Record(_ context.Context, events ...audit.Event) error {
	d.events = append(d.events, events...)
	return nil
}

func (d *drawer) SignJWT(_, _ string, claims any) (string, error) {
	d.signed = claims.(identity)
	return "signed", nil
}

func (*drawer) Index(purpose string, parts ...string) []byte {
	return []byte(strings.Repeat(purpose+strings.Join(parts, "/"), 32)[:32])
}

type onlySigns struct {
	Keys
	*drawer
}

func (o onlySigns) SignJWT(alg, typ string, claims any) (string, error) {
	return o.drawer.SignJWT(alg, typ, claims)
}

// BND-04: the department's own number goes to the systems that are registered for it, of that kind alone, recorded once for a token, and rests
// sealed; where there is none the header is empty, so that a browser's own is not taken for it.
func TestBND04_RecordsGoInHeaders(t *testing.T) {
	t.Parallel()
	d := &drawer{all: []Record{{Kind: "taxpayer", Number: "123 ก", Way: "match", IAL: "2.3"}, {Kind: "secret", Number: "999"}}}
	names, err := pairwise.New(d)
	if err != nil {
		t.Fatal(err)
	}
	g := &Gate{o: Options{
		Records: d, Audit: d, Keys: onlySigns{drawer: d}, Index: d, Random: hub.Randomness(), Clock: func() time.Time { return time.Unix(1, 0) },
	}, issued: newAnswers(), entities: names}
	s := System{ID: "archive", Department: "revenue", Sector: "archive.example", Records: map[string]string{"X-Remote-Taxpayer": "taxpayer", "X-Remote-Other": "other"}}
	a := token.Access{ID: "t1", Account: "a", System: "archive", Level: hub.Level{IAL: hub.IAL23, AAL: hub.AAL22}, VaultKey: hub.NewSecret(hub.Randomness())}
	told := func(s System, a token.Access) (*httptest.ResponseRecorder, error) {
		w := httptest.NewRecorder()
		return w, g.identify(w, httptest.NewRequestWithContext(t.Context(), "GET", "/", nil), s, a)
	}
	for range 3 {
		w, err := told(s, a)
		other, there := w.Header()["X-Remote-Other"]
		if err != nil || w.Header().Get("X-Remote-Taxpayer") != "123%20%E0%B8%81" || !there || other[0] != "" {
			t.Fatalf("%v %v", w.Header(), err)
		}
		if len(d.signed.Records) != 1 || d.signed.Records[0] != d.all[0] {
			t.Errorf("signed %+v", d.signed.Records)
		}
		for name, values := range w.Header() {
			if strings.Contains(strings.Join(values, ""), "999") {
				t.Errorf("%s tells what the system is not registered for", name)
			}
		}
	}
	if d.asked != 1 || len(d.events) != 1 || d.events[0].Kind != "forward.released" || d.events[0].Detail["records"] != "1" {
		t.Errorf("asked %d times, %+v", d.asked, d.events)
	}
	if _, ok := g.issued.jwt("t1", time.Unix(1, 0)); ok {
		t.Error("the number rests in the clear")
	}
	if sealed, ok := g.issued.records("t1"); !ok || strings.Contains(string(sealed), "123") {
		t.Errorf("%q", sealed)
	}
	// Another token of another vault doesn't open what rests, and one without a vault keeps nothing.
	a.VaultKey = hub.NewSecret(hub.Randomness())
	if _, err := told(s, a); err != nil || d.asked != 2 {
		t.Errorf("%d %v", d.asked, err)
	}
	a.ID, a.VaultKey = "t2", hub.Secret{}
	for range 2 {
		if _, err := told(s, a); err != nil {
			t.Error(err)
		}
	}
	if d.asked != 4 {
		t.Errorf("asked %d times", d.asked)
	}
	// What is not registered for records asks nothing; what can't be known lets nobody in.
	if w, err := told(System{ID: "archive", Department: "revenue"}, a); err != nil || d.asked != 4 || len(d.signed.Records) != 0 || w.Header().Get("X-Remote-Taxpayer") != "" {
		t.Errorf("%v %d", err, d.asked)
	}
	d.err = hub.Errorf("test", hub.Unavailable, "away")
	if _, err := told(s, a); hub.KindOf(err) != hub.Unavailable {
		t.Errorf("%v", err)
	}
}
