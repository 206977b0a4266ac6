package view

import (
	"time"

	"onedoor/hub"
)

// LinksPage shows which identity providers open a person's account (AUD-07), and adds and removes them.
type LinksPage struct {
	Token   string
	Fresh   bool   // who is there has just signed in, strongly enough to change anything
	Done    string // "removed", "allowed": what was just done
	Problem bool   // what was asked for can't be removed
	Links   []LinksEntry
}

// LinksEntry is one link.
type LinksEntry struct {
	ID       string
	Provider hub.Text // none where it is not in the register any more
	Level    hub.Level
	Since    time.Time
	Last     time.Time
	Here     bool // the session came by it
	Only     bool // the last one that counts
	Removed  bool
}

// LinksDone says what was just done; "" for nothing.
func (d *data) LinksDone(word string) string {
	switch word {
	case "removed":
		return d.T.LinksRemoved()
	case "allowed":
		return d.T.LinksAllowed()
	}
	return ""
}

func (LinksPage) file() string         { return "links" }
func (LinksPage) title(d *data) string { return d.T.LinksTitle() }
func (LinksPage) section() Section     { return SectionLinks }
