package forward

import (
	"context"

	"onedoor/hub"
	"onedoor/hub/logout"
	"onedoor/hub/session"
)

// Way tells the systems behind a gate of a logout. Nothing has to be sent: the hub itself lets nobody in from the moment that every node's
// lease from before the session's end has run out (architecture D2), and no logout answers before that.
type Way struct{}

// Protocol implements logout.Way.
func (Way) Protocol() string { return Protocol }

// Means implements logout.Way.
func (Way) Means(session.Participant) logout.Means { return logout.Direct }

// Host implements logout.Way.
func (Way) Host(logout.Notice) string { return "" }

// Tell implements logout.Way.
func (Way) Tell(context.Context, logout.Notice) error { return nil }

// Visit implements logout.Way. NotFound: no browser has to go anywhere.
func (Way) Visit(context.Context, logout.Notice, string) (logout.Visit, error) {
	return logout.Visit{}, hub.Errorf("forward.Visit", hub.NotFound, "there is nothing to visit")
}
