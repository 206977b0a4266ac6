package telemetry

import (
	"github.com/prometheus/client_golang/prometheus"

	"onedoor/hub"
)

// ProviderHealth is how an identity provider has been answering this node (OPS-06).
type ProviderHealth struct {
	Provider    string // its name in the register: a closed set
	Trouble     bool
	UnderWay    int // calls
	FailedInRow int
}

// WatchProviders shows the health of the identity providers, asked whenever the metrics are read. Conflict where it is called twice.
func (m *Metrics) WatchProviders(read func() []ProviderHealth) error {
	if err := m.registry.Register(providerHealth{
		read: read,
		trouble: prometheus.NewDesc("onedoor_provider_trouble",
			"1 where the identity provider did not answer this node soundly several times in a row.", []string{"provider"}, nil),
		underWay: prometheus.NewDesc("onedoor_provider_calls_under_way", "Calls to the identity provider that this node is making now.", []string{"provider"}, nil),
		failed:   prometheus.NewDesc("onedoor_provider_failures_in_row", "Failures at the identity provider since its last sound answer.", []string{"provider"}, nil),
	}); err != nil {
		return hub.E("telemetry.WatchProviders", hub.Conflict, err)
	}
	return nil
}

type providerHealth struct {
	read                      func() []ProviderHealth
	trouble, underWay, failed *prometheus.Desc
}

// Describe implements prometheus.Collector.
func (c providerHealth) Describe(to chan<- *prometheus.Desc) {
	to <- c.trouble
	to <- c.underWay
	to <- c.failed
}

// Collect implements prometheus.Collector.
func (c providerHealth) Collect(to chan<- prometheus.Metric) {
	for _, h := range c.read() {
		trouble := 0.0
		if h.Trouble {
			trouble = 1
		}
		to <- prometheus.MustNewConstMetric(c.trouble, prometheus.GaugeValue, trouble, h.Provider)
		to <- prometheus.MustNewConstMetric(c.underWay, prometheus.GaugeValue, float64(h.UnderWay), h.Provider)
		to <- prometheus.MustNewConstMetric(c.failed, prometheus.GaugeValue, float64(h.FailedInRow), h.Provider)
	}
}
