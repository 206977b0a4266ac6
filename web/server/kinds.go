package server

import (
	"context"
	"errors"
	"net/http"

	"onedoor/hub"
	"onedoor/hub/login"
	"onedoor/web/locale"
	"onedoor/web/view"
)

// Kinds that only the edge knows.
const (
	TooLarge     hub.Kind = "too_large"      // the request is longer than the mount takes
	TooSlow      hub.Kind = "too_slow"       // the sender of an upload does not keep up
	CutOff       hub.Kind = "cut_off"        // the body of an upload ended before its end
	NoMethod     hub.Kind = "no_method"      // the path exists, but not for this method
	WrongHost    hub.Kind = "wrong_host"     // not this server's name, or not over a safe channel
	NoCookie     hub.Kind = "no_cookie"      // the browser did not bring the cookie that ties it to the login
	Forged       hub.Kind = "forged"         // a form that no page of ours made for this browser
	NotSignedOut hub.Kind = "not_signed_out" // the session could not be ended
)

// answer is what a browser gets for a Kind.
type answer struct {
	status int
	says   view.Says
}

// answers is the table from a Kind to a page, the only one. Statuses that invite a proxy to try again elsewhere (502, 504) are not
// in it: a login step counts once. 401 is not either, because it would have to name a challenge (RFC 9110 section 15.5.2).
var answers = map[hub.Kind]answer{
	hub.Invalid:           {http.StatusBadRequest, locale.Catalogue.ErrInvalid},
	hub.NotFound:          {http.StatusNotFound, locale.Catalogue.ErrNotFound},
	hub.Conflict:          {http.StatusConflict, locale.Catalogue.ErrConflict},
	hub.Unauthenticated:   {http.StatusForbidden, locale.Catalogue.ErrUnauthenticated},
	hub.Denied:            {http.StatusForbidden, locale.Catalogue.ErrDenied},
	hub.Expired:           {http.StatusGone, locale.Catalogue.ErrExpired},
	hub.Consumed:          {http.StatusGone, locale.Catalogue.ErrConsumed},
	hub.LevelUnmet:        {http.StatusForbidden, locale.Catalogue.ErrLevel},
	hub.Suspended:         {http.StatusForbidden, locale.Catalogue.ErrSuspended},
	hub.Refused:           {http.StatusForbidden, locale.Catalogue.ErrRefused},
	hub.TooMany:           {http.StatusTooManyRequests, locale.Catalogue.ErrTooMany},
	hub.Unavailable:       {http.StatusServiceUnavailable, locale.Catalogue.ErrUnavailable},
	hub.Internal:          {http.StatusInternalServerError, locale.Catalogue.ErrInternal},
	login.ConsentNeeded:   {http.StatusBadRequest, locale.Catalogue.ErrInvalid},
	login.SelectionNeeded: {http.StatusBadRequest, locale.Catalogue.ErrInvalid},
	login.ItemRefused:     {http.StatusForbidden, locale.Catalogue.ErrDenied},
	login.ItemClosed:      {http.StatusForbidden, locale.Catalogue.ErrDenied},
	TooLarge:              {http.StatusRequestEntityTooLarge, locale.Catalogue.ErrTooLarge},
	TooSlow:               {http.StatusRequestTimeout, locale.Catalogue.ErrInvalid},
	CutOff:                {http.StatusBadRequest, locale.Catalogue.ErrInvalid},
	NoMethod:              {http.StatusMethodNotAllowed, locale.Catalogue.ErrMethod},
	WrongHost:             {http.StatusMisdirectedRequest, locale.Catalogue.ErrHost},
	NoCookie:              {http.StatusBadRequest, locale.Catalogue.ErrCookie},
	Forged:                {http.StatusForbidden, locale.Catalogue.ErrForged},
	NotSignedOut:          {http.StatusServiceUnavailable, locale.Catalogue.ErrNotSignedOut},
}

// KindOf gives the Kind of a failure as the edge sees it: a body that is too long and a deadline that has passed have a meaning
// here even where no room below gave them one.
func KindOf(err error) hub.Kind {
	var long *http.MaxBytesError
	if errors.As(err, &long) {
		return TooLarge
	}
	kind := hub.KindOf(err)
	if kind == hub.Internal && (errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled)) {
		return hub.Unavailable
	}
	return kind
}

func answerFor(k hub.Kind) answer {
	if a, ok := answers[k]; ok {
		return a
	}
	return answers[hub.Internal]
}
