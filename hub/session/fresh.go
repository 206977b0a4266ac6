package session

import "time"

// FreshFor is how long after a sign-in its person may do what is dangerous: change what protects the account, or act as staff. Pages
// and APIs hold the same rule (S1 3.4.2, RFC 9470).
const FreshFor = 5 * time.Minute

// Fresh reports whether an authentication is fresh. One from the future is not: clocks that differ so much tell nothing.
func Fresh(authTime, now time.Time) bool {
	age := now.Sub(authTime)
	return age <= FreshFor && age >= -FreshFor
}
