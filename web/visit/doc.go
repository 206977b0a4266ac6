// Package visit owns what every page for a person needs to know of the visit to the hub: whose browser this is, whether a form is
// one of ours, whether its person has just signed in as strongly as a dangerous act asks, and the way to such a sign-in and back.
// The journey of the login (web/pages), the person's own pages (web/portal) and those of staff (web/console) stand on it, beside each
// other and without knowing each other.
//
// It does not own the login (hub/login decides, web/pages leads), nor any page.
//
// # Cookies
//
// All have the prefix __Host- and are Secure, HttpOnly, SameSite=Lax, for the path / and no domain (SES-14..16).
//
//   - __Host-onedoor carries the session secret. From AAL2 on it has no Max-Age: it dies with the browser, as SES-12 wants of a
//     session secret (requirements, conflicts, reading 3). At AAL1 the law allows 30 days (SES-07), and a session of 30 days
//     that ends with the browser would be none: there it has a Max-Age of exactly that limit, so that its expiry is never past
//     the session's (SES-17). Whatever the cookie's life, the limits are enforced by the session itself.
//   - __Host-onedoor-login ties logins under way, and every form, to this browser; it dies with the browser.
//   - __Host-onedoor-lang is the language that the person chose.
//
// # Forms
//
// A form counts only if the browser says that it came from our own origin (http.CrossOriginProtection), brings the binding cookie,
// and carries a token that only a page made for this purpose and this browser could hold.
//
// # How to add a page
//
//  1. The words: a method for each text in a small interface of web/locale (see notices.go there), embedded in Catalogue, with all four
//     languages below it. What is missing does not compile.
//  2. The look: a model in web/view (a struct with file and title, entered in pages()), its template in web/view/templates, which
//     defines "content", and fixtures for each of its states in fixtures_test.go. `go test ./web/view -update` writes the golden files:
//     look at them. The tests there hold accessibility, the content security policy, and that every key is used.
//  3. The handlers, in the room whose page it is. [Reception.SignedIn] says who is there; [Reception.Token] makes the token of a form, and
//     [Reception.Form] checks it, before anything else, under the same name of what the form is about. Domain rooms decide.
//     [Reception.Show] answers with the page, [Reception.Fail] with the page of a failure; a change that went well leads back to
//     the page by a redirect, so that a reload repeats nothing.
//  4. Before a dangerous act: [Reception.Fresh], and where it says no, the page with a button to a form that calls [Reception.SignIn]. The
//     room names the page in [Reception.Returns] when it is made, or the sign-in would not lead back. For a level of its own: FreshAt, SignInAt.
//  5. The routes, as [Reception.Get] and [Reception.Post] make them, in the room's Mounts. They are paced like the steps of a login.
//  6. Tests: web/visit/visittest has the browser's side, with a person who is signed in.
package visit
