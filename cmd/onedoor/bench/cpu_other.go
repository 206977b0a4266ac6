//go:build !linux

package bench

import "time"

// cpuOf knows no other process here.
func cpuOf(int) (time.Duration, bool) { return 0, false }
