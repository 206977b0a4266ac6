package federationsql_test

import (
	"bytes"
	"errors"
	"testing"
	"time"

	"onedoor/federation/federationsql"
	"onedoor/hub"
	"onedoor/hub/hubtest/sqltest"
	"onedoor/hub/sqldb"
)

func TestCopies_TheLatestIsKept(t *testing.T) {
	t.Parallel()
	sqltest.Each(t, func(t *testing.T, db *sqldb.DB) {
		c, err := federationsql.NewCopies(db)
		if err != nil {
			t.Fatal(err)
		}
		const at = "https://federation.example/metadata.xml"
		if _, err := c.Copy(t.Context(), at); !errors.Is(err, hub.NotFound) {
			t.Errorf("nothing is there: %v", err)
		}
		now := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
		big := bytes.Repeat([]byte("<x/>"), 1<<20)
		for i, step := range []struct {
			document []byte
			at       time.Time
			want     []byte
		}{{[]byte("one"), now, []byte("one")}, {big, now.Add(time.Minute), big}, {[]byte("late"), now, big}, {[]byte("two"), now.Add(time.Hour), []byte("two")}} {
			if err := c.Keep(t.Context(), at, step.document, step.at); err != nil {
				t.Fatal(err)
			}
			if got, err := c.Copy(t.Context(), at); err != nil || !bytes.Equal(got, step.want) {
				t.Errorf("%d: %d bytes, %v", i, len(got), err)
			}
		}
		if _, err := c.Copy(t.Context(), at+"?"); !errors.Is(err, hub.NotFound) {
			t.Errorf("another address: %v", err)
		}
	})
	if _, err := federationsql.NewCopies(nil); !errors.Is(err, hub.Invalid) {
		t.Errorf("no database: %v", err)
	}
}
