package tenants

import (
	"strings"
	"testing"
	"time"
)

// SES-07: a system may not say that it keeps a session longer than any session may live.
func TestSES07_SessionLifeHasBounds(t *testing.T) {
	t.Parallel()
	for life, good := range map[time.Duration]bool{
		0: true, time.Minute: true, 8 * time.Hour: true, 720 * time.Hour: true, time.Second: false, 721 * time.Hour: false, -time.Hour: false,
	} {
		var fs faults
		fs.levels(System{SessionLife: life})
		bad := false
		for _, f := range fs {
			bad = bad || strings.Contains(f.Path, "sessionLife")
		}
		if bad == good {
			t.Errorf("%v: %v", life, fs)
		}
	}
}
