package api

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"

	"onedoor/authz/permit"
	"onedoor/hub"
	"onedoor/tenants/complaint"
	"onedoor/tenants/staff"
)

// Complaints is the desk where complaints wait; complaint.Service has it, and its comments name the errors. What was written is seen on its
// pages only: never here, where a program could keep it.
type Complaints interface {
	Waiting(ctx context.Context, by staff.Actor, department hub.DepartmentID, after time.Time, id string, limit int) ([]complaint.Case, error)
}

// shownComplaint is what waits: ids and times, nothing of a person.
type shownComplaint struct {
	ID         string     `json:"id"`
	Reference  string     `json:"reference" doc:"what its person says on the telephone"`
	Kind       string     `json:"kind" enum:"complaint|correction"`
	Department string     `json:"department,omitempty" doc:"left out for the platform"`
	At         time.Time  `json:"at"`
	DueAt      time.Time  `json:"dueAt" doc:"until when an answer is owed"`
	SeenAt     *time.Time `json:"seenAt,omitempty" doc:"when somebody first read it"`
}

type complaintList struct {
	Complaints []shownComplaint `json:"complaints"`
	Next       string           `json:"next,omitempty"`
}

func (a *API) complaintRoutes() []route {
	return []route{
		{
			id: "listComplaints", method: http.MethodGet, path: "/complaints", summary: "Complaints and requests for correction that wait for an answer, the oldest first, without what was written",
			acts: []permit.Act{permit.ComplaintRead}, list: true, query: []parameter{{name: "department", doc: "left out for the platform's own"}},
			out: complaintList{}, status: http.StatusOK, do: a.listComplaints,
		},
	}
}

func (a *API) listComplaints(ctx context.Context, c *call) (reply, error) {
	const op = "api.listComplaints"
	p, err := a.pageOf(c)
	if err != nil {
		return reply{}, err
	}
	place := asked(c)
	if err := a.see(ctx, c, permit.ComplaintRead, place); err != nil {
		return reply{}, err
	}
	var after time.Time
	var id string
	if p.after != "" {
		text, last, _ := strings.Cut(p.after, " ")
		micros, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return reply{}, hub.E(op, hub.Internal, err) // we have signed it
		}
		after, id = time.UnixMicro(micros), last
	}
	all, err := a.o.Complaints.Waiting(ctx, a.o.Permits.As(c.subject), place.Department, after, id, p.limit+1)
	if err != nil {
		return reply{}, err
	}
	out := complaintList{Complaints: []shownComplaint{}}
	if len(all) > p.limit {
		all = all[:p.limit]
		last := all[p.limit-1]
		out.Next = a.next(c, p, true, strconv.FormatInt(last.At.UnixMicro(), 10)+" "+last.ID)
	}
	for _, x := range all {
		out.Complaints = append(out.Complaints, shownComplaint{x.ID, x.Reference, string(x.Kind), string(x.Department), x.At, x.DueAt, timeOf(x.SeenAt)})
	}
	return reply{body: out}, nil
}
