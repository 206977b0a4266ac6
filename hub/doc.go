// Package hub is the ground that every other room stands on: identifiers, the closed list of error
// kinds, the assurance levels and their order, secrets, and the neutral identity that every upstream
// protocol produces and every downstream protocol consumes. It imports the standard library only.
//
// # Laws for everything above it
//
//   - Time is a [Clock] and randomness an io.Reader, both handed in by the constructor.
//   - An error whose meaning is known is an [*Error] with a [Kind]; callers compare with errors.Is.
//     It is returned or logged, never both, and its inner text never reaches a browser.
//   - A [Secret], an [Attributes] map, an [Identity] and a [PersonNumber] print and log as "[redacted]".
//   - IAL and AAL are two separate values everywhere; nothing compares them as text.
package hub
