// Package console owns the pages of those who work for an authority: taking a post that one is invited to, and what a post lets one do.
//
// Who is signed in, forms and fresh sign-ins are web/visit's; who may do what is for the rooms of the domain to say.
package console
