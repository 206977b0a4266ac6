package configs

import (
	"time"

	"onedoor/federation"
	"onedoor/hub"
)

type ndidForm struct {
	Node           string              `yaml:"node"`
	APIVersion     string              `yaml:"apiVersion"`
	NodeID         string              `yaml:"nodeID"`
	APIKeyFile     string              `yaml:"apiKeyFile"`
	APIKeyEnv      string              `yaml:"apiKeyEnv"`
	Callback       string              `yaml:"callback"`
	PrivateNetwork bool                `yaml:"privateNetwork"`
	RequestTimeout Duration            `yaml:"requestTimeout"`
	Namespace      string              `yaml:"namespace"`
	Modes          string              `yaml:"modes"`
	RequestType    string              `yaml:"requestType"`
	Message        hub.Text            `yaml:"message"`
	Least          levelForm           `yaml:"least"`
	IDPNames       map[string]hub.Text `yaml:"idpNames"`
	PersonDenied   []int               `yaml:"personDenied"`
}

func (f *ndidForm) ndid() *federation.NDID {
	if f == nil {
		return nil
	}
	return &federation.NDID{
		Node:           f.Node,
		APIVersion:     f.APIVersion,
		NodeID:         f.NodeID,
		Callback:       f.Callback,
		PrivateNetwork: f.PrivateNetwork,
		RequestTimeout: time.Duration(f.RequestTimeout),
		Namespace:      f.Namespace,
		Modes:          federation.NDIDModes(f.Modes),
		RequestType:    f.RequestType,
		Message:        f.Message,
		Least:          f.Least.level(),
		IDPNames:       f.IDPNames,
		PersonDenied:   f.PersonDenied,
	}
}

func ndidOf(n *federation.NDID) *ndidForm {
	if n == nil {
		return nil
	}
	return &ndidForm{
		Node:           n.Node,
		APIVersion:     n.APIVersion,
		NodeID:         n.NodeID,
		Callback:       n.Callback,
		PrivateNetwork: n.PrivateNetwork,
		RequestTimeout: Duration(n.RequestTimeout),
		Namespace:      n.Namespace,
		Modes:          string(n.Modes),
		RequestType:    n.RequestType,
		Message:        n.Message,
		Least:          levelOf(n.Least),
		IDPNames:       n.IDPNames,
		PersonDenied:   n.PersonDenied,
	}
}
