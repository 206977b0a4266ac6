package oidcrp

import "onedoor/hub/strictjson"

// decodeObject reads exactly one JSON object, every member once.
func decodeObject(body []byte) (map[string]any, bool) {
	m, err := strictjson.Object(body)
	return m, err == nil
}
