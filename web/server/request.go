package server

import (
	"context"
	"crypto/x509"
	"net/http"
	"net/netip"
	"strings"

	"github.com/gin-gonic/gin"

	"onedoor/hub"
	"onedoor/web/locale"
)

// visit is what the edge knows of a request, and what it learns while the request is answered. Only the request's own goroutine
// uses it.
type visit struct {
	client  netip.Addr
	route   string // pattern of the mount, "" where none fits
	machine bool
	last    func() hub.InteractionID
	kind    hub.Kind // of the failure that was answered
	cause   error
	stack   []byte
	edge    *gin.Context // where the client is worked out only when somebody asks
	server  *Server      // set with edge

	looked       bool
	certificates []*x509.Certificate
}

// address gives the client's address, as far as the trusted proxies vouch for it.
func (v *visit) address() netip.Addr {
	if !v.client.IsValid() && v.edge != nil {
		if a, err := netip.ParseAddr(v.edge.ClientIP()); err == nil {
			v.client = a.Unmap()
		}
	}
	return v.client
}

type visitKey struct{}

func visitOf(ctx context.Context) *visit {
	v, _ := ctx.Value(visitKey{}).(*visit)
	return v
}

// ClientAddr gives the address of the browser, as far as the trusted proxies vouch for it; the zero Addr where it is not known.
func ClientAddr(ctx context.Context) netip.Addr {
	if v := visitOf(ctx); v != nil {
		return v.address()
	}
	return netip.Addr{}
}

// Interaction gives the interaction id of the request: the one of the login under way once a room below has found it, else the
// one that the edge has drawn.
func Interaction(ctx context.Context) hub.InteractionID {
	if v := visitOf(ctx); v != nil && v.last != nil {
		return v.last()
	}
	return hub.InteractionFrom(ctx)
}

// Network gives the prefix of an address that is coarse enough to keep (AUD-04) and fine enough to limit: /24 of IPv4, /48 of
// IPv6; "" for no address.
func Network(a netip.Addr) string {
	if !a.IsValid() {
		return ""
	}
	a = a.Unmap()
	bits := 48
	if a.Is4() {
		bits = 24
	}
	p, err := a.WithZone("").Prefix(bits)
	if err != nil {
		return ""
	}
	return p.String()
}

// Language gives the language for a request: see [locale.Choose]. The department's wishes come from the request's own ui_locales
// unless they are given.
func Language(r *http.Request, wishes ...string) locale.Lang {
	q := r.URL.Query()
	if len(wishes) == 0 {
		ui := q.Get("ui_locales")
		if len(ui) <= 200 {
			wishes = strings.Fields(ui)
		}
	}
	w := locale.Wishes{Query: q.Get("lang"), UI: wishes, Accept: r.Header.Get("Accept-Language")}
	if c, err := r.Cookie(locale.CookieName); err == nil {
		w.Cookie = c.Value
	}
	return locale.Choose(w)
}

// Note hands the cause of a failure that a handler answers by itself to the request's log record.
func Note(ctx context.Context, err error) {
	if v := visitOf(ctx); v != nil {
		v.kind, v.cause = KindOf(err), err
	}
}
