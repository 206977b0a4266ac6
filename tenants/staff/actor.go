package staff

import (
	"context"

	"onedoor/hub"
)

// Actor is who changes something: a person, a program, or, where both are "", whoever works at the machine itself by the command line.
type Actor struct {
	Account hub.AccountID
	System  hub.SystemID
	Rights  interface {
		// Require gives nil where the actor may do the act at the place. Denied, LevelUnmet, Internal.
		Require(ctx context.Context, act string, place Place) error
	}
}

// AtMachine gives the actor of the command line: who holds the machine holds the database.
func AtMachine() Actor { return Actor{Rights: machine{}} }

type machine struct{}

func (machine) Require(context.Context, string, Place) error { return nil }

// Note adds to an event's detail who did it.
func (a Actor) Note(detail map[string]string) map[string]string {
	if detail == nil {
		detail = map[string]string{}
	}
	switch {
	case a.Account != "":
		detail["by"] = string(a.Account)
	case a.System != "":
		detail["by_program"] = string(a.System)
	default:
		detail["by"] = "operator"
	}
	return detail
}

// Require asks the actor's rights. Denied for an actor without any.
func (a Actor) Require(ctx context.Context, act string, place Place) error {
	if a.Rights == nil {
		return hub.Errorf("staff.Require", hub.Denied, "no rights")
	}
	return a.Rights.Require(ctx, act, place)
}
