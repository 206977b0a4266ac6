// Package pages owns the person's way through the browser: the login journey over HTTP (choose, go to a provider, come back,
// consent), the sign-out with its ledger, and the public pages. What happens next is for login.Service to say, how it looks for
// web/view, which failure gets which page for web/server; cookies, forms and fresh sign-ins are those of web/visit.
package pages
