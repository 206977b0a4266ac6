package telemetry

import (
	"github.com/prometheus/client_golang/prometheus"

	"onedoor/hub"
)

// WatchNotices shows how many notices to people wait to be tried and how many have failed for good, asked whenever the metrics are read.
// False: it is not known now. Conflict where it is called twice.
func (m *Metrics) WatchNotices(read func() (waiting, failed int, ok bool)) error {
	if err := m.registry.Register(notices{
		read:    read,
		waiting: prometheus.NewDesc("onedoor_notices_waiting", "Notices to people that wait to be tried (again).", nil, nil),
		failed:  prometheus.NewDesc("onedoor_notices_failed", "Notices to people that could be told at none of their contacts.", nil, nil),
	}); err != nil {
		return hub.E("telemetry.WatchNotices", hub.Conflict, err)
	}
	return nil
}

type notices struct {
	read            func() (waiting, failed int, ok bool)
	waiting, failed *prometheus.Desc
}

// Describe implements prometheus.Collector.
func (c notices) Describe(to chan<- *prometheus.Desc) {
	to <- c.waiting
	to <- c.failed
}

// Collect implements prometheus.Collector.
func (c notices) Collect(to chan<- prometheus.Metric) {
	waiting, failed, ok := c.read()
	if !ok {
		return
	}
	to <- prometheus.MustNewConstMetric(c.waiting, prometheus.GaugeValue, float64(waiting))
	to <- prometheus.MustNewConstMetric(c.failed, prometheus.GaugeValue, float64(failed))
}
