package federationsql

import (
	"time"

	"onedoor/federation"
	"onedoor/hub"
)

type ndidRow struct {
	Node           string              `json:"node"`
	APIVersion     string              `json:"api_version,omitempty"`
	NodeID         string              `json:"node_id,omitempty"`
	APIKey         []byte              `json:"api_key_sealed,omitempty"`
	Callback       string              `json:"callback"`
	PrivateNetwork bool                `json:"private_network,omitempty"`
	RequestTimeout int64               `json:"request_timeout_ns,omitempty"`
	Namespace      string              `json:"namespace"`
	Modes          string              `json:"modes,omitempty"`
	RequestType    string              `json:"request_type,omitempty"`
	Message        hub.Text            `json:"message,omitempty"`
	Least          string              `json:"least,omitempty"`
	IDPNames       map[string]hub.Text `json:"idp_names,omitempty"`
	PersonDenied   []int               `json:"person_denied,omitempty"`
}

func writeNDID(n *federation.NDID) *ndidRow {
	if n == nil {
		return nil
	}
	return &ndidRow{
		Node: n.Node, APIVersion: n.APIVersion, NodeID: n.NodeID, APIKey: n.APIKey, Callback: n.Callback, PrivateNetwork: n.PrivateNetwork,
		RequestTimeout: int64(n.RequestTimeout), Namespace: n.Namespace, Modes: string(n.Modes), RequestType: n.RequestType,
		Message: n.Message, Least: writeLevel(n.Least), IDPNames: n.IDPNames, PersonDenied: n.PersonDenied,
	}
}

func readNDID(r *ndidRow) (*federation.NDID, error) {
	if r == nil {
		return nil, nil
	}
	least, err := readLevel(r.Least)
	if err != nil {
		return nil, err
	}
	return &federation.NDID{
		Node: r.Node, APIVersion: r.APIVersion, NodeID: r.NodeID, APIKey: r.APIKey, Callback: r.Callback, PrivateNetwork: r.PrivateNetwork,
		RequestTimeout: time.Duration(r.RequestTimeout), Namespace: r.Namespace, Modes: federation.NDIDModes(r.Modes),
		RequestType: r.RequestType, Message: r.Message, Least: least, IDPNames: r.IDPNames, PersonDenied: r.PersonDenied,
	}, nil
}
