// Package portal owns a person's own pages: where they are signed in and who has been told of an end (SES-20), what they have agreed to
// (CON-03, CON-06), what they must be told of their account (AUD-09), and where they are told.
//
// It shows and changes nothing but what belongs to the account of the browser's own session. Who is signed in, forms and fresh sign-ins
// are web/visit's; what may be changed, and what that means, is for the rooms of the domain to say.
package portal
