// Package pages owns the person's way through the browser: the login journey over HTTP (choose, go to a provider, come back,
// consent), the sign-out, and the public pages. It holds the cookies and the defences of the forms; what happens next is
// for login.Service to say, how it looks for web/view, which failure gets which page for web/server.
//
// # Cookies
//
// All have the prefix __Host- and are Secure, HttpOnly, SameSite=Lax, for the path / and no domain (SES-14..16).
//
//   - __Host-onedoor carries the session secret. From AAL2 on it has no Max-Age: it dies with the browser, as SES-12 wants of a
//     session secret (requirements, conflicts, reading 3). At AAL1 the law allows 30 days (SES-07), and a session of 30 days
//     that ends with the browser would be none: there it has a Max-Age of exactly that limit, so that its expiry is never past
//     the session's (SES-17). Whatever the cookie's life, the limits are enforced by the session itself.
//   - __Host-onedoor-login ties logins under way to this browser; it dies with the browser.
//   - __Host-onedoor-lang is the language that the person chose.
//
// # Forms
//
// A form counts only if the browser says that it came from our own origin (http.CrossOriginProtection), brings the binding cookie,
// and carries a token that only a page made for this transaction and this browser could hold.
package pages
