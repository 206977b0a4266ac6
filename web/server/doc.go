// Package server owns the outer edge over HTTP: the gin engine with its middleware in their order, the list of mounts that
// the application hands in, limits of size, time and rate, the security headers, the table from a failure's Kind to a page,
// the graceful stop, and the administrators' listener with health, readiness and metrics.
//
// A request passes, from the outside in: watch (interaction id, one log record, metrics), recover, headers, door (is it for
// this host, over a safe channel), then per mount rate, size and time. Handlers are plain http.Handlers: they find path parameters
// with [http.Request.PathValue] and what the edge knows with [ClientAddr] and [Interaction]; none sees a gin.Context.
//
// It does not own what the pages say (web/view, web/locale) or what happens behind a mount.
package server
