// Package locale owns the words of the pages: one catalogue for each language of the platform (Thai, English, simplified
// Chinese, Vietnamese), the choice of the language for a request, and the way each language writes a date.
//
// A catalogue is a Go type that implements [Catalogue], the dictionary of all keys, one method a key. So a language that
// lacks a key does not compile, a key that no language knows does not compile where Go code uses it, and a text with a
// place to fill has that place in every language. What the compiler can't see (a key that the templates use but nobody
// has, a key that nobody uses, an empty or untranslated text) is refused by the tests of this package and of web/view.
//
// It does not own the pages (web/view) or texts that the administrator configures (hub.Text).
package locale
