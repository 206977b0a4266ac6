package pages

import (
	"net/http"

	"onedoor/web/server"
)

// Mounts lists the routes of the journey and of the public pages. Guessing is paced on all that read a secret of the person's.
func (j *Journey) Mounts() []server.Mount {
	const small, large = 8 << 10, 64 << 10 // bytes; a consent page can have many choices
	get, post, rate := []string{http.MethodGet}, []string{http.MethodPost}, j.o.Rate
	page := func(path string, h http.HandlerFunc) server.Mount {
		return server.Mount{Methods: []string{http.MethodGet, http.MethodHead}, Path: path, Handler: h, Body: small}
	}
	return append(append(j.contactMounts(), j.staffMounts()...), []server.Mount{
		{Methods: get, Path: "/login/{tx}", Handler: http.HandlerFunc(j.show), Body: small, Rate: rate},
		{Methods: post, Path: "/login/{tx}/provider", Handler: j.step(j.choose), Body: small, Rate: rate},
		{Methods: post, Path: "/login/{tx}/input", Handler: j.step(j.submit), Body: small, Rate: rate},
		{Methods: post, Path: "/login/{tx}/back", Handler: j.step(j.back), Body: small, Rate: rate},
		{Methods: post, Path: "/login/{tx}/consent", Handler: j.step(j.consent, "given"), Body: large, Rate: rate},
		{Methods: post, Path: "/login/{tx}/anew", Handler: j.step(j.anew), Body: small, Rate: rate},
		{Methods: post, Path: "/login/{tx}/cancel", Handler: j.step(j.cancel), Body: small, Rate: rate},
		{Methods: get, Path: callbackPath + "{provider}", Handler: http.HandlerFunc(j.callback), Body: small, Rate: rate},
		{Methods: get, Path: "/logout", Handler: http.HandlerFunc(j.askSignOut), Body: small, Rate: rate},
		{Methods: post, Path: "/logout", Handler: http.HandlerFunc(j.signOut), Body: small, Rate: rate},
		{Methods: get, Path: consentsPath, Handler: http.HandlerFunc(j.consents), Body: small, Rate: rate},
		{Methods: post, Path: consentsPath, Handler: http.HandlerFunc(j.withdraw), Body: small, Rate: rate},
		{Methods: get, Path: noticesPath, Handler: http.HandlerFunc(j.notices), Body: small, Rate: rate},
		{Methods: get, Path: sessionsPath, Handler: http.HandlerFunc(j.sessions), Body: small, Rate: rate},
		{Methods: post, Path: sessionsPath, Handler: http.HandlerFunc(j.endSessions), Body: small, Rate: rate},
		{Methods: get, Path: signedOutPath + "/{view}", Handler: http.HandlerFunc(j.ledger), Body: small, Rate: rate},
		{Methods: get, Path: signedOutPath + "/{view}/visit/{notice}", Handler: http.HandlerFunc(j.visit), Body: small, Rate: rate},
		page(signedOutPath, j.signedOut),
		page("/", j.start),
		page("/providers", j.providers),
		page("/privacy", j.privacy),
	}...)
}
