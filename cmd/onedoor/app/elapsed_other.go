//go:build !linux

package app

import (
	"time"

	"onedoor/hub/token"
)

// sinceBoot is the clock of the validation lease where there is no CLOCK_BOOTTIME. A machine that sleeps would keep its lease over
// the sleep, so wall time counts too: the larger of both has passed.
func sinceBoot() token.Elapsed {
	start := time.Now()
	return func() time.Duration {
		now := time.Now()
		return max(now.Sub(start), now.Round(0).Sub(start.Round(0)))
	}
}
