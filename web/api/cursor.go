package api

import (
	"crypto/hmac"
	"encoding/base64"
	"strconv"
	"strings"

	"onedoor/hub"
)

const (
	defaultLimit  = 50
	mostLimit     = 200
	longestCursor = 300 // characters
	cursorMAC     = 16  // bytes
)

// cursors signs places in lists. A cursor is good for the caller and the very list that it was made for; its form is nobody else's business.
type cursors struct{ index Index }

// give makes the cursor of a place: the caller, the list with what it asks for, the place itself.
func (c cursors) give(caller, list, place string) string {
	return base64.RawURLEncoding.EncodeToString(append(c.mac(caller, list, place), place...))
}

func (c cursors) mac(caller, list, place string) []byte {
	return c.index.Index("api-cursor", caller, list, place)[:cursorMAC]
}

// take reads a cursor. Invalid for one that was not made for this caller and list.
func (c cursors) take(caller, list, text string) (string, error) {
	const op = "api.cursor"
	raw, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if len(text) > longestCursor || err != nil || len(raw) < cursorMAC {
		return "", hub.Errorf(op, hub.Invalid, "not a cursor")
	}
	place := string(raw[cursorMAC:])
	if !hmac.Equal(raw[:cursorMAC], c.mac(caller, list, place)) {
		return "", hub.Errorf(op, hub.Invalid, "a cursor of another list")
	}
	return place, nil
}

// page is what a list is asked for.
type page struct {
	limit int
	after string // the place that the cursor tells, "" for the beginning
	list  string
}

// pageOf reads limit and cursor. Invalid.
func (a *API) pageOf(c *call) (page, error) {
	p := page{limit: defaultLimit}
	if text := c.query("limit"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > mostLimit || strconv.Itoa(n) != text {
			return page{}, &faulty{hub.Invalid, []fault{{Path: "limit", Text: "must be 1 to 200"}}}
		}
		p.limit = n
	}
	// The list is the path with what it is asked for: a cursor leads nowhere else.
	var asked []string
	for _, q := range c.route.query {
		asked = append(asked, q.name+"="+c.query(q.name))
	}
	p.list = c.r.URL.EscapedPath() + "?" + strings.Join(asked, "&")
	if text := c.query("cursor"); text != "" {
		var err error
		if p.after, err = (cursors{a.o.Index}).take(c.caller(), p.list, text); err != nil {
			return page{}, &faulty{hub.Invalid, []fault{{Path: "cursor", Text: "is none of this list"}}}
		}
	}
	return p, nil
}

// next gives the cursor behind the last entry that is shown, "" where there is nothing more.
func (a *API) next(c *call, p page, more bool, last string) string {
	if !more {
		return ""
	}
	return cursors{a.o.Index}.give(c.caller(), p.list, last)
}
