package api

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"onedoor/authz/permit"
	"onedoor/hub"
	"onedoor/hub/audit"
	"onedoor/hub/envelope"
	"onedoor/hub/session"
	"onedoor/hub/strictjson"
	"onedoor/hub/token"
	"onedoor/tenants/entity"
	"onedoor/tenants/staff"
)

// scope gives the scope that a token needs for a route.
func (r route) scope() string {
	switch {
	case r.own && r.method == http.MethodGet:
		return scopeOwnRead
	case r.own:
		return scopeOwnWrite
	case r.method == http.MethodGet:
		return scopeRead
	}
	return scopeWrite
}

// call is one request under way.
type call struct {
	route   route
	r       *http.Request
	values  url.Values
	want    hub.Level // that a person must reach for it
	subject permit.Subject
	actor   staff.Actor
	system  hub.SystemID // that the token was issued to
	in      any          // pointer to the body's type
	raw     []byte
	rested  []rest // the rights that what was done rests on
}

// rest is a right that something was done by: one of the acts, at the place.
type rest struct {
	Acts  []permit.Act `json:"acts"`
	Place staff.Place  `json:"place"`
}

// rests notes a right, for whoever asks for the same answer again.
func (c *call) rests(place staff.Place, acts ...permit.Act) {
	c.rested = append(c.rested, rest{acts, place})
}

// noting notes what rooms of the domain ask for and get.
type noting struct {
	c     *call
	under interface {
		Require(ctx context.Context, act string, place staff.Place) error
	}
}

// Require implements the rights of a staff.Actor.
func (n noting) Require(ctx context.Context, act string, place staff.Place) error {
	err := n.under.Require(ctx, act, place)
	if err == nil {
		n.c.rests(place, permit.Act(act))
	}
	return err
}

// query gives a parameter that came at most once.
func (c *call) query(name string) string { return c.values.Get(name) }

// path gives a part of the path. It is a name or an id: everything else finds nothing.
func (c *call) path(name string) string {
	v := c.r.PathValue(name)
	if !hub.ValidName(v) && !hub.ValidID(v) {
		return ""
	}
	return v
}

// caller names who calls, for cursors and keys.
func (c *call) caller() string {
	if c.subject.System != "" {
		return "system " + string(c.subject.System)
	}
	return "account " + string(c.subject.Account) + " at " + string(c.system)
}

// serve answers one request.
func (a *API) serve(w http.ResponseWriter, r *http.Request, x route) {
	access, ok := a.o.Agents.Agent(w, r, x.scope())
	if !ok {
		return
	}
	ctx := r.Context()
	c := &call{route: x, r: r, system: access.System}
	if err := a.read(ctx, c, access); err != nil {
		c.fail(w, errors.Join(err, a.refused(ctx, c, err)))
		return
	}
	if x.ahead != nil {
		if err := x.ahead(ctx, c); err != nil {
			fail(w, r, errors.Join(err, a.refused(ctx, c, err)))
			return
		}
	}
	var out answer
	var err error
	if x.method == http.MethodPost {
		out, err = a.once(ctx, c)
	} else {
		out, err = a.run(ctx, c)
	}
	if err != nil {
		c.fail(w, errors.Join(err, a.refused(ctx, c, err)))
		return
	}
	if out.Settles {
		a.o.Settle(ctx)
	}
	if out.ETag != "" {
		w.Header().Set("ETag", out.ETag)
	}
	write(w, x.status, "application/json", out.Body)
}

// read takes the request apart: who calls, the query, the body.
func (a *API) read(ctx context.Context, c *call, access token.Access) (err error) {
	if err := a.identify(ctx, c, access); err != nil {
		return err
	}
	if c.values, err = url.ParseQuery(c.r.URL.RawQuery); err != nil {
		return &faulty{hub.Invalid, []fault{{Text: "the query can't be read"}}}
	}
	if err := c.checkQuery(); err != nil {
		return err
	}
	return a.body(c)
}

// least is what a person must have proven.
func (r route) least() hub.Level {
	if r.own {
		return entity.Least()
	}
	return staff.Least()
}

// identify finds out who calls. LevelUnmet for a person who has not proven enough, or not lately; notFresh for a change by one who has not
// just signed in.
func (a *API) identify(ctx context.Context, c *call, access token.Access) (err error) {
	level := access.Level
	c.want = c.route.least()
	if age := a.o.Clock().Sub(access.AuthTime); age > session.LimitFor(c.want.AAL).Age {
		level = hub.Level{} // it stands for nothing any more
	}
	changes := !access.Machine && c.route.method != http.MethodGet && !c.route.calm
	if changes {
		height, err := a.o.Height(ctx, access.Account, level)
		if err != nil {
			return err
		}
		c.want = c.want.Join(height)
	}
	switch {
	case access.Machine:
		c.subject.System = access.System
		if !c.route.own {
			c.subject.Rights, err = a.o.Machines.Of(ctx, access.System)
		}
	case c.route.own: // what posts they have is of no meaning
		c.subject = permit.Subject{Account: access.Account, Level: level}
	default:
		c.subject, err = permit.SubjectOf(ctx, a.o.Staff, access.Account, level)
	}
	if err != nil {
		return err
	}
	c.actor = a.o.Permits.As(c.subject)
	c.actor.Rights = noting{c, c.actor.Rights}
	if !access.Machine && !c.subject.Level.Satisfies(c.want) { // what they would be told is less than there is: better nothing
		return hub.Errorf("api.identify", hub.LevelUnmet, "the caller must have proven more, and lately")
	}
	if changes && !session.Fresh(access.AuthTime, a.o.Clock()) { // as on the pages
		return &faulty{notFresh, nil}
	}
	return nil
}

// checkQuery refuses what the description does not know and what comes twice.
func (c *call) checkQuery() error {
	var faults []fault
	for name, all := range c.values {
		i := slices.IndexFunc(c.route.query, func(p parameter) bool { return p.name == name })
		switch {
		case i < 0 && (!c.route.list || name != "limit" && name != "cursor"):
			faults = append(faults, fault{Path: clip(name), Text: "is unknown"})
		case len(all) > 1:
			faults = append(faults, fault{Path: name, Text: "is there twice"})
		case i >= 0 && len(c.route.query[i].enum) > 0 && !slices.Contains(c.route.query[i].enum, all[0]):
			faults = append(faults, fault{Path: name, Text: "must be one of " + strings.Join(c.route.query[i].enum, ", ")})
		case i >= 0 && len(c.route.query[i].enum) == 0 && !hub.ValidName(strings.ReplaceAll(strings.ReplaceAll(all[0], ".", "-"), "_", "-")) && !hub.ValidID(all[0]):
			faults = append(faults, fault{Path: name, Text: "must be a name or an id"})
		}
	}
	if len(faults) == 0 {
		return nil
	}
	slices.SortFunc(faults, func(x, y fault) int { return strings.Compare(x.Path, y.Path) })
	return &faulty{hub.Invalid, faults}
}

// body reads the body against its schema.
func (a *API) body(c *call) error {
	if c.route.file {
		return nil // whoever takes it reads it
	}
	if c.route.in == nil {
		if c.r.ContentLength > 0 {
			return &faulty{hub.Invalid, []fault{{Text: "the request takes no body"}}}
		}
		return nil
	}
	kind, _, err := mime.ParseMediaType(c.r.Header.Get("Content-Type"))
	if err != nil || kind != "application/json" {
		return &faulty{noJSON, nil}
	}
	if c.raw, err = io.ReadAll(c.r.Body); err != nil {
		return err
	}
	in, err := a.decode(c.raw, reflect.TypeOf(c.route.in))
	c.in = in
	return err
}

// decode reads one object of the type, exactly as the description says.
func (a *API) decode(text []byte, t reflect.Type) (any, error) {
	o, err := strictjson.Object(text)
	if err != nil {
		return nil, &faulty{hub.Invalid, []fault{{Text: "must be one JSON object, each member once"}}}
	}
	if faults := a.schemas.check(a.schemas.of(t), o, "", nil); len(faults) > 0 {
		return nil, &faulty{hub.Invalid, faults}
	}
	in := reflect.New(t)
	if err := json.Unmarshal(text, in.Interface()); err != nil {
		return nil, &faulty{hub.Invalid, []fault{{Text: "a number or a text is out of bounds"}}}
	}
	return in.Interface(), nil
}

// answer is what goes out, and what is kept under an idempotency key.
type answer struct {
	Rests   []rest          `json:"rests,omitempty"`
	Body    json.RawMessage `json:"body"`
	ETag    string          `json:"etag,omitempty"`
	Settles bool            `json:"settles,omitempty"`
}

// run does what is asked.
func (a *API) run(ctx context.Context, c *call) (answer, error) {
	c.rested = nil // it may be done again
	out, err := c.route.do(ctx, c)
	if err != nil {
		return answer{}, err
	}
	body, err := json.Marshal(out.body)
	if err != nil {
		return answer{}, hub.E("api.run", hub.Internal, err)
	}
	return answer{c.rested, body, out.etag, out.settles}, nil
}

const (
	leastKey   = 16
	longestKey = 100
	keptFor    = 24 * time.Hour
	sealed     = "api-answer"
)

// once does what is asked once for each key, in one transaction with the note of it: whoever asks again gets the same answer, and of two who ask
// at once one waits for the other. What failed is not kept, and can be asked again. A key is good for its caller and for the same method, path,
// query, preconditions and body; and who has lost a right since that the answer rests on does not get it again.
func (a *API) once(ctx context.Context, c *call) (out answer, err error) {
	const op = "api.once"
	key := c.r.Header.Values("Idempotency-Key")
	if len(key) != 1 || len(key[0]) < leastKey || len(key[0]) > longestKey || strings.Trim(key[0], "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_") != "" {
		return answer{}, &faulty{needsKey, nil}
	}
	k := AnswerKey{Caller: c.caller(), Key: sha256.Sum256([]byte(key[0])), Now: a.o.Clock().UTC()}
	asked := sha256.New()
	for _, part := range []string{
		c.r.Method, c.r.URL.EscapedPath(), c.r.URL.RawQuery, strings.Join(c.r.Header.Values("If-Match"), ","), strings.Join(c.r.Header.Values("If-None-Match"), ","), string(c.raw),
	} {
		asked.Write([]byte(strconv.Itoa(len(part)) + ":" + part))
	}
	k.Request = [32]byte(asked.Sum(nil))
	// The answer may hold a secret that is shown once: it rests under a key that takes both the hub's own and the caller's. The hub's is an index key,
	// which is never rotated: under another master key it is only wrapped anew, and what rests stays readable.
	secret := a.o.Index.Index(sealed, k.Caller, key[0])
	err = a.o.Tx.InTx(ctx, func(ctx context.Context) error {
		before, first, err := a.o.Answers.Begin(ctx, k, k.Now.Add(keptFor))
		switch {
		case errors.Is(err, hub.Conflict):
			return &faulty{keyReused, nil}
		case err != nil:
			return err
		case !first && len(before) == 0:
			return &faulty{laterInstead, nil}
		case !first:
			plain, err := envelope.Open(secret, sealed, k.Caller, before)
			if err != nil {
				return hub.E(op, hub.Internal, err)
			}
			if err := json.Unmarshal(plain, &out); err != nil {
				return hub.E(op, hub.Internal, err)
			}
			return a.entitled(ctx, c, out.Rests)
		}
		if out, err = a.run(ctx, c); err != nil {
			return err
		}
		plain, err := json.Marshal(out)
		if err != nil {
			return hub.E(op, hub.Internal, err)
		}
		kept, err := envelope.Seal(a.o.Random, secret, sealed, k.Caller, plain)
		if err != nil {
			return err
		}
		return a.o.Answers.Finish(ctx, k, kept)
	})
	return out, err
}

// entitled refuses who may not do any more what they have done before. Denied, LevelUnmet, Internal.
func (a *API) entitled(ctx context.Context, c *call, rests []rest) error {
	const op = "api.entitled"
	if c.route.own {
		_, err := a.head(func(context.Context, *call, chair) (reply, error) { return reply{}, nil })(ctx, c)
		return err
	}
	for _, r := range rests {
		var no error
		for _, act := range r.Acts {
			if no = a.o.Permits.May(ctx, c.subject, act, r.Place).Err(op); no == nil {
				break
			}
		}
		if no != nil {
			return no
		}
	}
	if len(rests) > 0 || len(c.route.acts) == 0 || slices.ContainsFunc(c.route.acts, func(act permit.Act) bool { return len(a.o.Permits.Where(ctx, c.subject, act)) > 0 }) {
		return nil
	}
	return hub.Errorf(op, hub.Denied, "not permitted any more")
}

// refused records that somebody asked for what is not theirs.
func (a *API) refused(ctx context.Context, c *call, err error) error {
	kind := hub.KindOf(err)
	if errors.Is(err, notFresh) {
		kind = notFresh
	}
	if kind != hub.Denied && kind != hub.LevelUnmet && kind != notFresh && !errors.Is(err, errUnseen) {
		return nil
	}
	e := audit.Event{Kind: "api.refused", Outcome: audit.Refusal, Reason: string(kind), System: c.system, Detail: c.actor.Note(map[string]string{"operation": c.route.id})}
	return a.o.Audit.Record(ctx, e)
}

// errUnseen marks what is there but not for this caller.
var errUnseen = errors.New("not for this caller")

// see gives NotFound where the subject may not read there, as if nothing were: only the record knows.
func (a *API) see(ctx context.Context, c *call, act permit.Act, place staff.Place) error {
	d := a.o.Permits.May(ctx, c.subject, act, place)
	switch {
	case d.Allowed:
		c.rests(place, act)
		return nil
	case d.Reason == permit.Level, d.Reason == permit.Broken:
		return d.Err("api.see")
	default:
		return hub.E("api.see", hub.NotFound, errUnseen)
	}
}

// may gives NotFound where the subject may not read there, and Denied where they may not do the act.
func (a *API) may(ctx context.Context, c *call, read, act permit.Act, place staff.Place) error {
	if err := a.see(ctx, c, read, place); err != nil {
		return err
	}
	return a.must(ctx, c, "api.may", act, place)
}

// must gives Denied where they may not do the act.
func (a *API) must(ctx context.Context, c *call, op string, act permit.Act, place staff.Place) error {
	err := a.o.Permits.May(ctx, c.subject, act, place).Err(op)
	if err == nil {
		c.rests(place, act)
	}
	return err
}

// version reads If-Match and If-None-Match of a change: 0 for a new entry. needsMatch where neither says it.
func (c *call) version() (int64, error) {
	match, none := c.r.Header.Values("If-Match"), c.r.Header.Values("If-None-Match")
	switch {
	case len(match) == 0 && len(none) == 1 && none[0] == "*":
		return 0, nil
	case len(match) == 1 && len(none) == 0:
		return readETag(match[0])
	default:
		return 0, &faulty{needsMatch, nil}
	}
}

// seen reads If-Match where it is optional: 0 for whatever it is.
func (c *call) seen() (int64, error) {
	match := c.r.Header.Values("If-Match")
	if len(match) == 0 {
		return 0, nil
	}
	return readETag(match[0])
}

// readETag reads what etag writes. Everything else matches nothing.
func readETag(text string) (int64, error) {
	inner, ok := strings.CutPrefix(text, `"`)
	inner, too := strings.CutSuffix(inner, `"`)
	v, err := strconv.ParseInt(inner, 10, 64)
	if !ok || !too || err != nil || v < 1 || etag(v) != text {
		return 0, &faulty{notMatching, nil}
	}
	return v, nil
}

// etag gives the strong entity tag of a version (RFC 9110 section 8.8.3).
func etag(version int64) string { return `"` + strconv.FormatInt(version, 10) + `"` }

// matching compares what is seen with what is there: another version is 412, as nobody has seen that.
func matching(version, now int64) error {
	if version != now {
		return &faulty{notMatching, nil}
	}
	return nil
}
