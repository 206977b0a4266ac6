package hubsql

import (
	"context"
	"strings"
	"time"

	"onedoor/hub"
	"onedoor/hub/sqldb"
	"onedoor/hub/statistics"
)

// Statistics is the statistics.Store in SQL.
type Statistics struct{ db *sqldb.DB }

var _ statistics.Store = (*Statistics)(nil)

// NewStatistics gives the store over a database whose schema is up to date. Invalid without one.
func NewStatistics(db *sqldb.DB) (*Statistics, error) {
	if db == nil {
		return nil, hub.Errorf("hubsql.NewStatistics", hub.Invalid, "no database")
	}
	return &Statistics{db: db}, nil
}

// Progress implements statistics.Store.
func (t *Statistics) Progress(ctx context.Context) (counted int64, through time.Time, err error) {
	var at int64
	err = t.db.Read(ctx).Raw("SELECT counted, through FROM statistics_progress WHERE id = 1").Row().Scan(&counted, &at)
	return counted, sqldb.Time(at), sqldb.Translate("hubsql.Statistics.Progress", err)
}

// countsAtOnce is how many figures one statement adds to.
const countsAtOnce = 100

// Add implements statistics.Store: who moves the place on owns the step.
func (t *Statistics) Add(ctx context.Context, from, to int64, counts []statistics.Count) error {
	const op = "hubsql.Statistics.Add"
	return t.db.InTx(ctx, func(ctx context.Context) error {
		n, err := exec(t.db.Write(ctx), "UPDATE statistics_progress SET counted = ? WHERE id = 1 AND counted = ?", to, from)
		if err == nil && n == 0 {
			return hub.Errorf(op, hub.Conflict, "another node has counted")
		}
		if err != nil {
			return sqldb.Translate(op, err)
		}
		err = chunks(counts, countsAtOnce, func(some []statistics.Count) error {
			args := make([]any, 0, 10*len(some))
			for _, c := range some {
				args = append(args, string(c.Grain), sqldb.Micros(c.Start), string(c.Department), string(c.System), string(c.Provider), c.Channel, c.Category,
					c.Kind, string(c.Outcome), c.N)
			}
			row := "( ?" + strings.Repeat(", ?", 9) + ")"
			_, err := exec(t.db.Write(ctx), "INSERT INTO statistics (grain, start, department, system, provider, channel, category, kind, outcome, n) VALUES "+
				row+strings.Repeat(", "+row, len(some)-1)+
				" ON CONFLICT (grain, start, department, system, provider, channel, category, kind, outcome) DO UPDATE SET n = statistics.n + excluded.n", args...)
			return err
		})
		return sqldb.Translate(op, err)
	})
}

// Through implements statistics.Store. It never goes back.
func (t *Statistics) Through(ctx context.Context, counted int64, at time.Time) error {
	_, err := exec(t.db.Write(ctx), "UPDATE statistics_progress SET through = ? WHERE id = 1 AND counted = ? AND through < ?",
		sqldb.Micros(at), counted, sqldb.Micros(at))
	return sqldb.Translate("hubsql.Statistics.Through", err)
}

// columns of the dimensions.
var dimensionColumns = map[statistics.Dimension]string{
	statistics.BySystem: "system", statistics.ByProvider: "provider", statistics.ByChannel: "channel", statistics.ByCategory: "category",
	statistics.ByOutcome: "outcome",
}

// Sums implements statistics.Store.
func (t *Statistics) Sums(ctx context.Context, q statistics.Query) (all []statistics.Sum, err error) {
	const op = "hubsql.Statistics.Sums"
	columns := "start, department, kind"
	for _, d := range q.By {
		c, ok := dimensionColumns[d]
		if !ok {
			return nil, hub.Errorf(op, hub.Invalid, "no such dimension")
		}
		columns += ", " + c
	}
	where, args := "grain = ? AND start >= ? AND start < ?", []any{string(q.Grain), sqldb.Micros(q.From), sqldb.Micros(q.Until)}
	if q.Department != nil {
		where, args = where+" AND department = ?", append(args, string(*q.Department))
	}
	err = sqldb.Each(t.db.Read(ctx), func(s scanner) error {
		x := statistics.Sum{Values: make([]string, len(q.By))}
		var at int64
		into := []any{&at, &x.Department, &x.Kind}
		for i := range x.Values {
			into = append(into, &x.Values[i])
		}
		if err := s.Scan(append(into, &x.N)...); err != nil {
			return err
		}
		x.Start = sqldb.Time(at)
		all = append(all, x)
		return nil
	}, "SELECT "+columns+", CAST(SUM(n) AS BIGINT) FROM statistics WHERE "+where+" GROUP BY "+columns+" ORDER BY "+columns, args...)
	return all, sqldb.Translate(op, err)
}

// Purge implements statistics.Store.
func (t *Statistics) Purge(ctx context.Context, before time.Time, limit int) (int, error) {
	n, err := exec(t.db.Write(ctx), `DELETE FROM statistics WHERE (grain, start, department, system, provider, channel, category, kind, outcome) IN
		(SELECT grain, start, department, system, provider, channel, category, kind, outcome FROM statistics WHERE grain = 'hour' AND start < ? ORDER BY start LIMIT ?)`,
		sqldb.Micros(before), limit)
	return n, sqldb.Translate("hubsql.Statistics.Purge", err)
}
