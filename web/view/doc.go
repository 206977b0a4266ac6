// Package view owns what the pages look like: one typed model for each page, the templates, the style sheet and the mark,
// and [View.Render], which writes a page in one of the platform's languages.
//
// Every page works without a script, a font, a picture or a style from elsewhere, so that the strictest content security
// policy fits. Text from outside (names of systems and providers, purposes) is escaped by html/template in its
// context; nothing is ever marked as safe markup. A page is complete before its first byte is written.
//
// It does not own the words (web/locale), nor which page comes when (web/pages, web/portal, web/console) nor which failure gets which page (web/server).
package view
