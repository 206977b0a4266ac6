package console

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"onedoor/hub"
	"onedoor/hub/audit"
	"onedoor/web/locale"
	"onedoor/web/view"
)

// eventsAtOnce is how many events a page shows.
const eventsAtOnce = 25

// told are the details that a department is shown. The others are ids that other departments know as well: of accounts, sessions, grants and
// campaigns. Two departments that compared them would find out whom they both serve (invariant 3).
var told = []string{"role", "area", "item", "action", "type", "protocol", "tries", "why", "state", "status", "purpose", "attribute", "attributes", "reasons", "kind"}

// record is GET /console/record[/{department}]: what happened, searched by interaction, kind and time. A department finds what concerns its own
// systems, people by its own names for them, and no interaction but the one that it has asked for.
func (f *Office) record(w http.ResponseWriter, r *http.Request, o officer) {
	ctx, in := r.Context(), r.URL.Query()
	fail := func(err error) { f.v.Fail(w, r, err, o.page) }
	q := audit.Search{
		Interaction: hub.InteractionID(in.Get("interaction")), System: hub.SystemID(in.Get("system")), Account: hub.AccountID(in.Get("account")),
		Kind: in.Get("kind"), Limit: eventsAtOnce,
	}
	if day := in.Get("until"); day != "" {
		t, err := time.ParseInLocation(time.DateOnly, day, f.o.Zone)
		if err != nil {
			fail(hub.Errorf("console.record", hub.Invalid, "not a day"))
			return
		}
		q.Until = t
	}
	if n := in.Get("n"); n != "" {
		before, err := strconv.ParseInt(n, 10, 64)
		if err != nil || before < 1 {
			fail(hub.Errorf("console.record", hub.Invalid, "not a place in the record"))
			return
		}
		q.Before = before
	}
	if o.place.Department != "" { // they know people by names of their own, which are no accounts
		q.Account, q.Narrow, q.Department = "", true, o.place.Department
		for _, s := range f.systemsOf(o.place.Department) {
			q.Systems = append(q.Systems, s.ID)
		}
	}
	found, err := f.o.Finder.Search(ctx, q)
	if err == nil && (q.Interaction != "" || q.Kind != "" || q.System != "" || !q.Until.IsZero()) {
		err = f.o.Audit.Record(ctx, f.looked(o, "audit.searched", map[string]string{"kind": q.Kind, "interaction": string(q.Interaction), "at": string(q.System)}))
	}
	if err == nil && q.Account != "" { // who looks through somebody's record leaves a line in it
		e := f.looked(o, "account.searched", map[string]string{})
		e.Account, e.Channel = q.Account, "web"
		err = f.o.Audit.Record(ctx, e)
	}
	if err != nil {
		fail(err)
		return
	}
	part := view.ConsolePart{
		ID: "events", Heading: locale.RecordTitle, Empty: locale.RecordNone,
		Head: []locale.Word{locale.RecordWhat, locale.ConsoleTime, locale.RecordOutcome, locale.RecordAbout, locale.RecordDetail},
	}
	if found.Next > 0 {
		next := url.Values{"n": {strconv.FormatInt(found.Next, 10)}}
		for _, k := range []string{"interaction", "system", "account", "kind", "until"} {
			if v := in.Get(k); v != "" {
				next.Set(k, v)
			}
		}
		part.Links = []view.ConsoleLink{{Href: o.page + "?" + next.Encode(), Word: locale.ConsoleMore}}
		part.Empty = locale.RecordOn
	}
	for _, e := range found.Events {
		part.Rows = append(part.Rows, f.eventRow(o, e))
	}
	fields := []view.ConsoleField{
		{Name: "interaction", Label: locale.RecordNumber, Value: string(q.Interaction)},
		{Name: "system", Label: locale.SystemTitle, Value: string(q.System)},
		{Name: "account", Label: locale.PostAccount, Value: string(q.Account)},
		{Name: "kind", Label: locale.RecordKind, Value: q.Kind},
		{Name: "until", Label: locale.RecordBefore, Value: in.Get("until")},
	}
	if q.Narrow {
		fields = slices.Delete(fields, 2, 3)
	}
	ask := view.ConsolePart{ID: "search", Heading: locale.RecordSearch, Forms: []view.ConsoleForm{{
		Action: o.page, Get: true, Button: locale.RecordSearch, Fields: fields,
	}}}
	f.show(w, r, http.StatusOK, o, view.ConsolePage{Heading: locale.RecordTitle, Place: f.placeName(ctx, o), Lead: locale.RecordLead, Parts: []view.ConsolePart{ask, part}})
}

// looked is the event of a look into the record.
func (f *Office) looked(o officer, kind string, detail map[string]string) audit.Event {
	detail["by"], detail["department"] = string(o.session.Account), string(o.place.Department)
	maps.DeleteFunc(detail, func(_, v string) bool { return v == "" })
	return audit.Event{At: f.o.Clock(), Kind: kind, Outcome: audit.Success, Detail: detail}
}

// eventRow is an event as it is shown at the place of the page.
func (f *Office) eventRow(o officer, e audit.Event) view.ConsoleRow {
	outcome := view.ConsoleCell{Word: locale.RecordSuccess, Tone: "good"}
	switch e.Outcome {
	case audit.Refusal:
		outcome = view.ConsoleCell{Word: locale.RecordRefusal, Tone: "bad"}
	case audit.Failure:
		outcome = view.ConsoleCell{Word: locale.RecordFailure, Tone: "bad"}
	}
	if e.Reason != "" {
		outcome.Also = []view.ConsoleCell{{Text: e.Reason}}
	}
	platform := o.place.Department == ""
	var about, more []view.ConsoleCell
	for _, x := range []string{string(e.System), string(e.Provider), f.account(o, e.Account)} {
		if x != "" {
			about = append(about, view.ConsoleCell{Code: x})
		}
	}
	if platform && e.Interaction != "" {
		more = append(more, view.ConsoleCell{Code: string(e.Interaction), Href: o.page + "?interaction=" + string(e.Interaction)})
	}
	if e.Level != (hub.Level{}) {
		more = append(more, view.ConsoleCell{Level: e.Level})
	}
	for _, k := range slices.Sorted(maps.Keys(e.Detail)) {
		if platform || slices.Contains(told, k) {
			more = append(more, view.ConsoleCell{Text: k + ": " + e.Detail[k]})
		}
	}
	row := view.ConsoleRow{Cells: []view.ConsoleCell{{Code: e.Kind}, {At: e.At}, outcome, gather(about), gather(more)}}
	if platform {
		row.Cells[0].Also = []view.ConsoleCell{{Word: locale.RecordProof, Href: root + "/record" + doing + e.ID}}
	}
	return row
}

// gather puts cells into one.
func gather(all []view.ConsoleCell) view.ConsoleCell {
	if len(all) == 0 {
		return view.ConsoleCell{}
	}
	first := all[0]
	first.Also = slices.Concat(first.Also, all[1:])
	return first
}

// proof is GET /console/record/_/{event}: the proof that an event is in the record, as a file. It holds the event as a whole, and so it is for
// those who may read the whole record.
func (f *Office) proof(w http.ResponseWriter, r *http.Request, o officer) {
	id := r.PathValue("event")
	if !hub.ValidID(id) {
		f.v.Fail(w, r, nothing(), "")
		return
	}
	body, err := f.o.Proof(r.Context(), id)
	if err == nil {
		err = f.o.Audit.Record(r.Context(), f.looked(o, "audit.proved", map[string]string{"event": id}))
	}
	if err != nil {
		f.v.Fail(w, r, err, root+"/record")
		return
	}
	hand(w, "application/json", "proof-"+id+".json", body)
}

// hand answers with a file.
func hand(w http.ResponseWriter, kind, name string, body []byte) {
	h := w.Header()
	h.Set("Content-Type", kind)
	h.Set("Content-Disposition", `attachment; filename="`+name+`"`)
	h.Set("Content-Length", strconv.Itoa(len(body)))
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(http.StatusOK)
	_, _ = w.Write(body)
}
