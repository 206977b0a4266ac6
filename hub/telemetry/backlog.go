package telemetry

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"onedoor/hub"
)

// WatchBacklog shows how many participants are still to be told of a sign-out, and since when the oldest waits, asked whenever the metrics are
// read; false where it can't be known. Conflict where it is called twice.
func (m *Metrics) WatchBacklog(read func() (open int, oldest time.Duration, ok bool)) error {
	err := m.registry.Register(backlog{
		read:   read,
		open:   prometheus.NewDesc("onedoor_logout_notices_open", "Participants that are still to be told of a sign-out, on all nodes.", nil, nil),
		oldest: prometheus.NewDesc("onedoor_logout_oldest_seconds", "How long ago the oldest sign-out was that somebody is still to be told of.", nil, nil),
	})
	if err != nil {
		return hub.E("telemetry.WatchBacklog", hub.Conflict, err)
	}
	return nil
}

type backlog struct {
	read         func() (int, time.Duration, bool)
	open, oldest *prometheus.Desc
}

// Describe implements prometheus.Collector.
func (c backlog) Describe(to chan<- *prometheus.Desc) {
	to <- c.open
	to <- c.oldest
}

// Collect implements prometheus.Collector.
func (c backlog) Collect(to chan<- prometheus.Metric) {
	if open, oldest, ok := c.read(); ok {
		to <- prometheus.MustNewConstMetric(c.open, prometheus.GaugeValue, float64(open))
		to <- prometheus.MustNewConstMetric(c.oldest, prometheus.GaugeValue, oldest.Seconds())
	}
}
