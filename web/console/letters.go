package console

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"onedoor/authz/permit"
	"onedoor/hub"
	"onedoor/tenants/complaint"
	"onedoor/tenants/staff"
	"onedoor/web/locale"
	"onedoor/web/server"
	"onedoor/web/view"
)

// Complaints is the desk of complaints and corrections; complaint.Service has it, and its comments name the errors.
type Complaints interface {
	Waiting(ctx context.Context, by staff.Actor, department hub.DepartmentID, after time.Time, id string, limit int) ([]complaint.Case, error)
	Open(ctx context.Context, by staff.Actor, reference string) (complaint.Full, error)
	Answer(ctx context.Context, by staff.Actor, reference string, outcome complaint.Outcome, text string) error
	Figures(ctx context.Context, by staff.Actor, department hub.DepartmentID) (complaint.Figures, error)
}

const (
	letters    = root + "/complaints"
	answerBody = 64 << 10 // bytes: an answer of 4000 letters of Thai, each nine bytes in a form
)

// letterMounts are the routes of single letters.
func (f *Office) letterMounts() (all []server.Mount) {
	for _, path := range []string{letters, letters + "/{department}"} {
		answer := f.v.Post(path+doing+"answer", f.perform(deed{"", f.answer}, true))
		answer.Body = answerBody
		all = append(all, f.v.Get(path+doing+"{letter}", f.open(permit.ComplaintRead, f.letter)), answer)
	}
	return all
}

// actor is who works here, as the rooms of the domain ask about them.
func (o officer) actor(p Permits) staff.Actor { return p.As(o.subject) }

// letters is GET /console/complaints[/{department}]: what waits for an answer, and how it has gone. Nothing of what was written is here.
func (f *Office) letters(w http.ResponseWriter, r *http.Request, o officer) {
	ctx, q := r.Context(), r.URL.Query()
	var after time.Time
	if micros, err := strconv.ParseInt(q.Get("after"), 10, 64); err == nil && micros > 0 {
		after = time.UnixMicro(micros)
	}
	id := q.Get("id")
	if !hub.ValidID(id) {
		id = ""
	}
	by := o.actor(f.o.Permits)
	all, err := f.o.Complaints.Waiting(ctx, by, o.place.Department, after, id, atOnce+1)
	var sum complaint.Figures
	if err == nil {
		sum, err = f.o.Complaints.Figures(ctx, by, o.place.Department)
	}
	if err != nil {
		f.v.Fail(w, r, err, root)
		return
	}
	list := view.ConsolePart{
		ID: "waiting", Heading: locale.LettersWaiting, Empty: locale.LettersNone,
		Head: []locale.Word{locale.LetterReference, locale.LetterKind, locale.LetterSent, locale.LetterDue, locale.ConsoleState},
	}
	if len(all) > atOnce {
		all = all[:atOnce]
		last := all[atOnce-1]
		list.Links = []view.ConsoleLink{{Href: o.page + "?after=" + strconv.FormatInt(last.At.UnixMicro(), 10) + "&id=" + last.ID, Word: locale.ConsoleMore}}
	}
	reads := f.may(ctx, o, permit.ComplaintAnswer) || o.place == (staff.Place{}) && f.may(ctx, o, permit.PlatformAnswer)
	for _, c := range all {
		name := view.ConsoleCell{Code: c.Reference}
		if reads {
			name.Href = o.page + doing + c.Reference
		}
		state := view.ConsoleCell{Word: locale.LetterUnread}
		switch {
		case c.Overdue(f.o.Clock()):
			state = view.ConsoleCell{Word: locale.LettersOverdue, Tone: "bad"}
		case !c.SeenAt.IsZero():
			state = view.ConsoleCell{Word: locale.LetterRead, Tone: "good"}
		}
		list.Rows = append(list.Rows, view.ConsoleRow{Cells: []view.ConsoleCell{name, {Word: letterKind(c.Kind)}, {At: c.At}, {Day: c.DueAt}, state}})
	}
	number := func(n int) []view.ConsoleCell { return []view.ConsoleCell{{Text: strconv.Itoa(n)}} }
	measure := view.ConsolePart{ID: "measure", Heading: locale.LettersMeasure, Facts: []view.ConsoleFact{
		{Label: locale.LettersWaiting, Cells: number(sum.Open)},
		{Label: locale.LettersOverdue, Cells: number(sum.Overdue)},
		{Label: locale.LettersAnswered, Cells: number(sum.Answered)},
		{Label: locale.LettersInTime, Cells: number(sum.InTime)},
	}}
	p := view.ConsolePage{Heading: locale.LettersTitle, Place: f.placeName(ctx, o), Lead: locale.LettersLead, Parts: []view.ConsolePart{list, measure}}
	if o.place.Department == "" { // of the departments the platform sees how they do
		p.Parts = append(p.Parts, f.others(ctx, o)...)
	}
	f.show(w, r, http.StatusOK, o, p)
}

// others gives the way to the queues of departments.
func (f *Office) others(ctx context.Context, o officer) []view.ConsolePart {
	all, err := f.o.Register.Departments(ctx)
	if err != nil || !f.somewhere(ctx, o, permit.DepartmentRead) {
		return nil
	}
	part := view.ConsolePart{ID: "others", Heading: locale.DepartmentsTitle}
	for _, d := range all {
		if f.o.Permits.May(ctx, o.subject, permit.ComplaintRead, staff.Place{Department: d.ID}).Allowed {
			part.Links = append(part.Links, view.ConsoleLink{Href: letters + "/" + string(d.ID), Name: view.ConsoleCell{Names: d.Names}})
		}
	}
	if len(part.Links) == 0 {
		return nil
	}
	return []view.ConsolePart{part}
}

func letterKind(k complaint.Kind) locale.Word {
	if k == complaint.Correction {
		return locale.LetterCorrect
	}
	return locale.LetterComplaint
}

// outcomes are the choices of an answer.
var outcomes = []struct {
	outcome complaint.Outcome
	word    locale.Word
}{
	{complaint.Upheld, locale.LetterUpheld},
	{complaint.Partly, locale.LetterPartly},
	{complaint.Rejected, locale.LetterRejected},
	{complaint.Elsewhere, locale.LetterElsewhere},
}

// letter is GET /console/complaints[/{department}]/_/{letter}: it is read, and that is recorded.
func (f *Office) letter(w http.ResponseWriter, r *http.Request, o officer) {
	f.letterPage(w, r, o, http.StatusOK, r.PathValue("letter"), url.Values{})
}

// letterPage shows a letter, with the answer as it was typed where something is wrong with it.
func (f *Office) letterPage(w http.ResponseWriter, r *http.Request, o officer, status int, reference string, typed url.Values) {
	ctx := r.Context()
	c, err := f.o.Complaints.Open(ctx, o.actor(f.o.Permits), reference)
	if err == nil && c.Department != o.place.Department {
		err = nothing()
	}
	if err != nil {
		f.v.Fail(w, r, err, "") // as every page that is not there
		return
	}
	text := view.ConsoleCell{Prose: c.Text}
	if c.Text == "" {
		text = view.ConsoleCell{Word: locale.LetterErased}
	}
	part := view.ConsolePart{ID: "letter", Name: view.ConsoleCell{Code: c.Reference}, Facts: []view.ConsoleFact{
		{Label: locale.LetterKind, Cells: []view.ConsoleCell{{Word: letterKind(c.Kind)}}},
		{Label: locale.LetterSent, Cells: []view.ConsoleCell{{At: c.At}}},
		{Label: locale.LetterDue, Cells: []view.ConsoleCell{{Day: c.DueAt}}},
		{Label: locale.LetterFrom, Cells: []view.ConsoleCell{{Code: f.o.Alias(c.Department, c.Account)}}},
		{Label: locale.LetterText, Cells: []view.ConsoleCell{text}},
	}}
	page := view.ConsolePage{Heading: locale.LettersTitle, Place: f.placeName(ctx, o), Lead: locale.LetterLead}
	if c.State == complaint.Open {
		choice := view.ConsoleField{Name: "outcome", Label: locale.LetterOutcome, Value: typed.Get("outcome")}
		for _, x := range outcomes {
			choice.Options = append(choice.Options, view.ConsoleOption{Value: string(x.outcome), Name: view.ConsoleCell{Word: x.word}})
		}
		part.Forms = []view.ConsoleForm{{
			Action: o.page + doing + "answer", Button: locale.LetterSend, About: c.Reference, Hidden: []view.PostField{{Name: "letter", Value: c.Reference}},
			Fields: []view.ConsoleField{choice, {Name: "text", Label: locale.LetterWords, Value: typed.Get("text"), Lines: 8, Longest: 4000, Least: 10, Needed: true}},
		}}
		if status != http.StatusOK {
			page.Wrong = locale.LetterWrong
		}
	}
	for _, x := range outcomes {
		if c.Outcome == x.outcome {
			part.Facts = append(part.Facts, view.ConsoleFact{Label: locale.LetterOutcome, Cells: []view.ConsoleCell{{Word: x.word}}}, view.ConsoleFact{Label: locale.LetterAnswer, Cells: []view.ConsoleCell{{Prose: c.Answer}}})
		}
	}
	page.Parts = []view.ConsolePart{part}
	f.show(w, r, status, o, page)
}

// answer is POST /console/complaints[/{department}]/_/answer.
func (f *Office) answer(w http.ResponseWriter, r *http.Request, o officer, form url.Values) (bool, error) {
	err := f.o.Complaints.Answer(r.Context(), o.actor(f.o.Permits), form.Get("letter"), complaint.Outcome(form.Get("outcome")), form.Get("text"))
	if errors.Is(err, hub.Invalid) {
		f.letterPage(w, r, o, http.StatusUnprocessableEntity, form.Get("letter"), form)
		return true, nil
	}
	return false, err
}
