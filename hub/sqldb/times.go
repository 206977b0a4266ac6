package sqldb

import (
	"database/sql"
	"time"
)

// Micros gives a time as microseconds since 1970 UTC, for a column that is NOT NULL.
func Micros(t time.Time) int64 { return t.UnixMicro() }

// NullMicros gives a time as microseconds since 1970 UTC, and NULL for the zero time.
func NullMicros(t time.Time) sql.NullInt64 {
	if t.IsZero() {
		return sql.NullInt64{}
	}
	return sql.NullInt64{Int64: t.UnixMicro(), Valid: true}
}

// Time gives the time of a NOT NULL column, in UTC.
func Time(micros int64) time.Time { return time.UnixMicro(micros).UTC() }

// NullTime gives the time of a column that may be NULL: then the zero time.
func NullTime(micros sql.NullInt64) time.Time {
	if !micros.Valid {
		return time.Time{}
	}
	return Time(micros.Int64)
}
