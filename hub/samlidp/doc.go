// Package samlidp is the hub as SAML 2.0 identity provider for departments: its metadata, the single sign-on service over
// HTTP-Redirect and HTTP-POST, logins that begin at the hub, and the answer, an assertion or a status, by HTTP-POST.
//
// It turns an AuthnRequest into a login.Request and a login.Result into a Response. It does not own the messages (hub/samlmsg), the
// login (hub/login), sessions, or where the metadata of service providers comes from.
//
// # What it holds to
//
//   - An answer goes to an assertion consumer service of the service provider's metadata and nowhere else. Whatever is wrong
//     before that place is known, the signature above all, ends on a page of the hub; whatever is wrong after it is told to the
//     service provider as a status.
//   - A request is answered with an assertion once: its ID is used up in the transaction that writes the participant and the audit
//     event. A request that is loaded again while its login is under way does no harm and gets no second assertion.
//   - A request that comes by HTTP-POST from another site comes without the browser's SameSite=Lax cookies. It is checked, sealed and
//     led through a redirect on the hub's own site, where they come along; so a session that is there is found.
//   - The same consent as for every other protocol decides what is released. Response and assertion are signed, and the assertion is
//     encrypted wherever the service provider has a key for it (PRV-10), which at AAL 3 it must have (PRV-13).
//
// # Names
//
// The persistent NameID is pairwise: a keyed hash of the service provider and the account, so AllowCreate (SAML Core section
// 3.4.1.1) has nothing to forbid: no identifier is created that was not there before. The transient one is of one session at one
// service provider. SessionIndex is too, so that two departments can't compare it; it is kept as the handle of the session's
// participant, with "p" or "t" in front for the kind of NameID that it went with.
//
// Sources: SAML 2.0 Core, Bindings, Profiles (section 4.1) and Metadata, with errata.
package samlidp
