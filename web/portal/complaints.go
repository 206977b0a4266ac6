package portal

import (
	"context"
	"net/http"
	"net/url"
	"slices"

	"onedoor/hub"
	"onedoor/hub/session"
	"onedoor/tenants/complaint"
	"onedoor/web/server"
	"onedoor/web/view"
	"onedoor/web/visit"
)

// Complaints is the entrance for complaints and corrections; complaint.Service has it, and its comments name the errors.
type Complaints interface {
	File(ctx context.Context, account hub.AccountID, o complaint.Order) (complaint.Case, error)
	Mine(ctx context.Context, account hub.AccountID) ([]complaint.Full, error)
	Withdraw(ctx context.Context, account hub.AccountID, reference string) error
}

// Entrance has the page of complaints.
type Entrance struct {
	Complaints Complaints
	// Departments lists those that can be written to, by name.
	Departments func(ctx context.Context) []view.EntityDepartment
}

const (
	complaintsPath  = string(view.SectionComplaints)
	aboutComplaints = "complaints"
	toPlatform      = "platform"
	complaintBody   = 64 << 10 // bytes: 4000 letters of Thai, each nine bytes in a form
)

func (p *Portal) complaintMounts() []server.Mount {
	if p.o.Entrance == nil {
		return nil
	}
	file := p.v.Post(complaintsPath, p.v.Act(aboutComplaints, complaintsPath, p.fileComplaint))
	file.Body = complaintBody
	return []server.Mount{
		p.v.Get(complaintsPath, p.v.Private(p.complaints)), file,
		p.v.Post(complaintsPath+"/withdraw", p.v.Act(aboutComplaints, complaintsPath, p.withdrawComplaint)),
	}
}

// complaints is GET /me/complaints. A link may choose whom to write to.
func (p *Portal) complaints(w http.ResponseWriter, r *http.Request, s session.Session) {
	q := r.URL.Query()
	page := view.ComplaintsPage{Done: q.Get("done") == "1"}
	if ref := q.Get("filed"); complaint.ValidReference(ref) {
		page.Filed = ref
	}
	page.Sent.Department, page.Chosen = addressee(q.Get("to"))
	p.complaintsPage(w, r, s, http.StatusOK, page)
}

// addressee reads whom somebody writes to: "" with true for the platform, false where nobody is chosen.
func addressee(to string) (hub.DepartmentID, bool) {
	if to == toPlatform {
		return "", true
	}
	return hub.DepartmentID(to), hub.ValidName(to)
}

func (p *Portal) complaintsPage(w http.ResponseWriter, r *http.Request, s session.Session, status int, page view.ComplaintsPage) {
	ctx := r.Context()
	all, err := p.o.Entrance.Complaints.Mine(ctx, s.Account)
	if err != nil {
		p.v.Fail(w, r, err, complaintsPath)
		return
	}
	page.Token, page.Now, page.To = p.v.Token(w, r, aboutComplaints), p.o.Clock(), p.o.Entrance.Departments(ctx)
	for _, c := range all {
		e := view.ComplaintsEntry{Full: c}
		if i := slices.IndexFunc(page.To, func(d view.EntityDepartment) bool { return d.ID == c.Department }); i >= 0 {
			e.Owner = page.To[i].Names
		}
		page.Mine = append(page.Mine, e)
	}
	if page.Filed != "" && !slices.ContainsFunc(all, func(c complaint.Full) bool { return c.Reference == page.Filed }) {
		page.Filed = "" // not one of theirs: a link that somebody else made says nothing
	}
	p.v.Show(w, r, status, complaintsPath, true, page)
}

// fileComplaint is POST /me/complaints.
func (p *Portal) fileComplaint(w http.ResponseWriter, r *http.Request, s session.Session, form url.Values) {
	page := view.ComplaintsPage{Sent: complaint.Order{Kind: complaint.Kind(form.Get("kind")), Text: form.Get("text"), Channel: visit.Channel}}
	page.Sent.Department, page.Chosen = addressee(form.Get("to"))
	err := error(hub.Errorf("portal.fileComplaint", hub.Invalid, "nobody to write to"))
	var c complaint.Case
	if page.Chosen {
		c, err = p.o.Entrance.Complaints.File(r.Context(), s.Account, page.Sent)
	}
	switch page.Wrong = hub.KindOf(err); {
	case err == nil:
		http.Redirect(w, r, complaintsPath+"?filed="+c.Reference, http.StatusSeeOther)
	case page.Wrong == hub.Invalid, page.Wrong == hub.TooMany:
		p.complaintsPage(w, r, s, http.StatusUnprocessableEntity, page)
	default:
		p.v.Fail(w, r, err, complaintsPath)
	}
}

// withdrawComplaint is POST /me/complaints/withdraw.
func (p *Portal) withdrawComplaint(w http.ResponseWriter, r *http.Request, s session.Session, form url.Values) {
	err := p.o.Entrance.Complaints.Withdraw(r.Context(), s.Account, form.Get("reference"))
	switch kind := hub.KindOf(err); {
	case err == nil:
		http.Redirect(w, r, complaintsPath+"?done=1", http.StatusSeeOther)
	case kind == hub.NotFound, kind == hub.Consumed:
		p.complaintsPage(w, r, s, http.StatusConflict, view.ComplaintsPage{Wrong: kind})
	default:
		p.v.Fail(w, r, err, complaintsPath)
	}
}
