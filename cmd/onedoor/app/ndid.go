package app

import (
	"net/http"

	"onedoor/federation/ndid"
	"onedoor/hub"
	"onedoor/web/server"
)

// upstreamNDID makes the connector to NDID nodes. What an operator must see of them is counted.
func (h *Hub) upstreamNDID() (*ndid.Connector, error) {
	o := h.options
	return ndid.New(ndid.Options{
		HTTP: o.HTTP, Clock: h.clock, Random: h.random, Log: o.Log, Index: h.keys, Counter: h.counters,
		Open:    func(sealed []byte) ([]byte, error) { return o.Masters.OpenSecret(secretContext, sealed) },
		Observe: func(id hub.ProviderID, s ndid.Signal) { h.metrics.Signal(string(id), string(s)) },
	})
}

// ndidMounts lists the address that our NDID node calls back.
func (h *Hub) ndidMounts() []server.Mount {
	return []server.Mount{{Methods: []string{http.MethodPost}, Path: ndid.CallbackPath, Handler: h.ndid.Callback(), Machine: true}}
}
