package app

import (
	"time"

	"golang.org/x/sys/unix"

	"onedoor/hub/token"
)

// sinceBoot is the clock of the validation lease: monotonic, and counting while the machine sleeps (clock_gettime(2),
// CLOCK_BOOTTIME), which Go's own monotonic clock does not.
func sinceBoot() token.Elapsed {
	return func() time.Duration {
		var t unix.Timespec
		if err := unix.ClockGettime(unix.CLOCK_BOOTTIME, &t); err != nil {
			panic("app: no CLOCK_BOOTTIME: " + err.Error()) // Linux has had it since 2.6.39
		}
		return time.Duration(t.Nano())
	}
}
