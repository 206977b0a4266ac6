package view

import (
	"time"

	"onedoor/hub"
)

// NoticesPage shows what the person must be told of their account (AUD-09). To be shown here is not to be told through another channel.
type NoticesPage struct {
	SignedIn bool
	Entries  []NoticesEntry
}

// NoticesEntry is one level that was reached for the first time.
type NoticesEntry struct {
	Level    hub.Level
	Provider hub.Text
	At       time.Time
}

func (NoticesPage) file() string         { return "notices" }
func (NoticesPage) title(d *data) string { return d.T.NoticesTitle() }
