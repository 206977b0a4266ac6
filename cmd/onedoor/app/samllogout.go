package app

import (
	"context"
	"net/http"

	"onedoor/federation/samlsp"
	"onedoor/hub"
	"onedoor/hub/samlidp"
	"onedoor/hub/samlslo"
	"onedoor/web/server"
	"onedoor/web/visit"
)

// laySAMLLogout: single logout towards both sides.
func (h *Hub) laySAMLLogout(context.Context) (err error) {
	if h.samlOut, err = h.samlLogout(samlidp.Protocol, samlidp.SLOPath, h.saml.LogoutSide(), h.saml.LogoutSide()); err != nil {
		return err
	}
	side := h.samlsp.LogoutSide(h.providers)
	h.samlspOut, err = h.samlLogout(samlsp.LogoutProtocol, samlsp.LogoutPath, side, side)
	return err
}

// samlLogout lays one side and makes it a way of the logout.
func (h *Hub) samlLogout(protocol, path string, peers samlslo.Peers, own samlslo.Own) (*samlslo.Service, error) {
	o := h.options
	s, err := samlslo.New(samlslo.Options{
		Protocol: protocol, Peers: peers, Own: own, Pages: exit{h}, Names: h.stores.SAMLNames, Index: h.keys, Once: h.stores.Once, Tx: h.db, Keys: h.keys,
		Audit: h.audit, HTTP: o.HTTP, Clock: h.clock, Random: h.random, Log: o.Log, Path: o.Config.Issuer + path, Script: samlidp.ScriptPath,
	})
	if err != nil {
		return nil, err
	}
	if err := s.Bind(h.logout); err != nil {
		return nil, err
	}
	return s, h.logout.Bind(s)
}

// samlLogoutMounts lists the addresses of single logout.
func (h *Hub) samlLogoutMounts(login server.Rate) (all []server.Mount) {
	read, both, form := []string{http.MethodGet}, []string{http.MethodGet, http.MethodPost}, []string{http.MethodPost}
	const large = 640 << 10 // bytes: as of single sign-on
	for path, s := range map[string]*samlslo.Service{samlidp.SLOPath: h.samlOut, samlsp.LogoutPath: h.samlspOut} {
		all = append(all,
			server.Mount{Methods: both, Path: path, Handler: http.HandlerFunc(s.Browser), Rate: login, Body: large},
			server.Mount{Methods: read, Path: path + "/continue", Handler: http.HandlerFunc(s.Continue), Rate: login},
			server.Mount{Methods: read, Path: path + "/answer", Handler: http.HandlerFunc(s.Answer), Rate: login},
			server.Mount{Methods: read, Path: path + "/visit", Handler: http.HandlerFunc(s.SetOut), Rate: login},
			server.Mount{Methods: read, Path: path + "/back", Handler: http.HandlerFunc(s.Back), Rate: login},
			server.Mount{Methods: form, Path: path + "/soap", Handler: http.HandlerFunc(s.SOAP), Machine: true, Rate: login, Body: samlslo.MaxSOAP},
		)
	}
	return all
}

// exit is the way out of a protocol that ends sessions: the browser's session, and the page of the ledger.
type exit struct{ h *Hub }

// Session gives the live session that the browser has. NotFound, Unavailable.
func (e exit) Session(r *http.Request) (hub.SessionID, error) {
	return e.h.sessions.Recent(r.Context(), visit.Secret(r, visit.SessionCookie))
}

// Forget drops the browser's session cookie.
func (exit) Forget(w http.ResponseWriter) { visit.Forget(w) }

// Onward shows the ledger, and leads on to the address in the end.
func (e exit) Onward(w http.ResponseWriter, r *http.Request, campaigns []string, onward string) {
	e.onward(w, r, campaigns, onward, "")
}

func (e exit) onward(w http.ResponseWriter, r *http.Request, campaigns []string, onward string, system hub.SystemID) {
	to := "/signed-out"
	if len(campaigns) > 0 {
		if all, err := e.h.logout.Ledger(r.Context(), campaigns...); system == "" && err == nil && len(all) > 0 { // whose address it is that the person goes on to
			system = all[0].Cause.System
		}
		secret, err := e.h.logout.View(r.Context(), campaigns, onward, system)
		if err != nil {
			e.Refuse(w, r, err)
			return
		}
		to += "/" + secret.Reveal()
	}
	w.Header().Set("Referrer-Policy", "no-referrer")
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, to, http.StatusSeeOther)
}

// Refuse shows the error page.
func (e exit) Refuse(w http.ResponseWriter, r *http.Request, err error) {
	e.h.screen.Fail(w, r, err, "")
}

// Language gives the language of a page.
func (exit) Language(r *http.Request) string { return string(server.Language(r)) }

// warmSAML sees to it that the metadata of SAML peers is in memory: whom a logout can tell, and how, is asked in the transaction that ends a
// session. What is known and counts costs nothing.
func (h *Hub) warmSAML(ctx context.Context) error {
	for _, s := range h.directory.Systems() {
		if s.SAML == nil || len(s.SAML.ACS) > 0 {
			continue
		}
		if from, err := samlSource(*s.SAML); err == nil {
			_, _ = h.metadata.Entity(ctx, from, s.SAML.EntityID) // the cache has its own memory of failures
		}
	}
	side := h.samlsp.LogoutSide(h.providers)
	for _, e := range h.providers.Health() {
		_, _ = side.Of(ctx, "", e.Provider)
	}
	if ctx.Err() != nil {
		return hub.E("app.warmSAML", hub.Unavailable, ctx.Err())
	}
	return nil
}
