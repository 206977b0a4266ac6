package login

import (
	"context"

	"onedoor/hub"
	"onedoor/hub/session"
)

// Arrivals is told of everybody who comes to a department's system, in the transaction that finishes their login: what a department does at
// somebody's first login, their own or that of the entity that they act for (BND-01), stands or falls with that login.
type Arrivals interface {
	// Arrived may be called again for the same login where the database asks for the transaction to be run again. It should cost nothing for
	// somebody who is known at the department. Unavailable.
	Arrived(ctx context.Context, account hub.AccountID, acts Party, department hub.DepartmentID, level hub.Level) error
}

// arrive tells of somebody who comes to a system, in the transaction of ctx.
func (s *Service) arrive(ctx context.Context, j *journey, sess session.Session) error {
	if s.o.Arrivals == nil || j.system.Own || j.system.Department == "" {
		return nil
	}
	level := sess.Level
	if served, ok := j.answers(sess); ok {
		level = served.Level
	}
	acts := Party{}
	if j.acts != nil {
		acts = *j.acts
	}
	return s.o.Arrivals.Arrived(ctx, sess.Account, acts, j.system.Department, level)
}
