// Package bubble lets time pass in a test that runs inside of testing/synctest, where no time is lost by it.
package bubble

import "time"

// Pass waits for the bubble's clock to go on by d. Outside of a bubble it would hold the test up: nothing there may call it.
func Pass(d time.Duration) { <-time.NewTimer(d).C }
