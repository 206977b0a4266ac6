package registration

import (
	"errors"
	"net/http"
	"strings"

	"onedoor/hub"
)

// Error codes: RFC 7591 section 3.2.2, RFC 6750 section 3.1.
const (
	codeRedirect    = "invalid_redirect_uri"
	codeMetadata    = "invalid_client_metadata"
	codeStatement   = "unapproved_software_statement"
	codeToken       = "invalid_token"
	codeRequest     = "invalid_request"
	codeServer      = "server_error"
	codeUnavailable = "temporarily_unavailable"
)

// refusal is an answer to a developer. Code and text go out; reason goes into the record; the cause goes to the log alone.
type refusal struct {
	code   string
	text   string
	reason string // machine word; the code where empty
	cause  error
}

func refuse(code, text string) *refusal { return &refusal{code: code, text: plain(text)} }

func (r *refusal) because(reason string) *refusal {
	c := *r
	c.reason = reason
	return &c
}

func (r *refusal) word() string {
	if r.reason != "" {
		return r.reason
	}
	return r.code
}

func (r *refusal) broken() bool { return r.code == codeServer || r.code == codeUnavailable }

func (r *refusal) status() int {
	switch r.code {
	case codeToken:
		return http.StatusUnauthorized
	case codeServer:
		return http.StatusInternalServerError
	case codeUnavailable:
		return http.StatusServiceUnavailable
	default:
		return http.StatusBadRequest
	}
}

// fault is the answer where a component failed, or we are wrong.
func fault(err error) *refusal {
	r := refuse(codeServer, "the request failed")
	if k := hub.KindOf(err); k == hub.Unavailable || k == hub.TooMany {
		r = refuse(codeUnavailable, "try again later").because(string(k))
	}
	r.cause = err
	return r
}

// unknown is the answer to every token that is no good, whatever the reason: nobody learns which sandboxes exist.
func unknown(reason string) *refusal {
	return refuse(codeToken, "the token is unknown, expired, used up or revoked").because(reason)
}

// plain keeps what error_description may hold (RFC 6749 section 5.2).
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '"' || r == '\\':
			return '\''
		case r < ' ' || r > '~':
			return -1
		}
		return r
	}, s)
}

// causeText gives a cause for the log: of our own errors only.
func causeText(err error) string {
	var e *hub.Error
	if errors.As(err, &e) {
		return e.Error()
	}
	if err != nil {
		return "not an error of ours"
	}
	return ""
}
