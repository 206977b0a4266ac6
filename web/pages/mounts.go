package pages

import (
	"net/http"

	"onedoor/web/server"
)

// Mounts lists the routes of the journey and of the public pages. Guessing is paced on all that read a secret of the person's.
func (j *Journey) Mounts() []server.Mount {
	const small, large = 8 << 10, 64 << 10 // bytes; a consent page can have many choices
	get, post := j.v.Get, j.v.Post
	consent := post("/login/{tx}/consent", j.step(j.consent, "given"))
	consent.Body = large
	page := func(path string, h http.HandlerFunc) server.Mount {
		return server.Mount{Methods: []string{http.MethodGet, http.MethodHead}, Path: path, Handler: h, Body: small}
	}
	return []server.Mount{
		get("/login/{tx}", j.show),
		post("/login/{tx}/provider", j.step(j.choose)),
		post("/login/{tx}/input", j.step(j.submit)),
		post("/login/{tx}/back", j.step(j.back)),
		post("/login/{tx}/party", j.step(j.party)),
		post("/login/{tx}/items", j.step(j.items)),
		consent,
		post("/login/{tx}/anew", j.step(j.anew)),
		post("/login/{tx}/cancel", j.step(j.cancel)),
		get(callbackPath+"{provider}", j.callback),
		get("/logout", j.askSignOut),
		post("/logout", j.signOut),
		get(signedOutPath+"/{view}", j.ledger),
		get(signedOutPath+"/{view}/visit/{notice}", j.visit),
		page(signedOutPath, j.signedOut),
		page("/", j.start),
		page("/providers", j.providers),
		page("/privacy", j.privacy),
	}
}
