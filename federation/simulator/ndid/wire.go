package ndid

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"time"

	"onedoor/federation/simulator"
)

// messages are the texts of the errors that the stand-in gives.
var messages = map[int]string{
	10007: "Node is syncing. Please try again later.",
	20001: "Path parameter validation failed",
	20002: "Query string validation failed",
	20003: "Body validation failed",
	20004: "Number of IdPs in the list is less than minimum IdP",
	20005: "IdP not found",
	20006: "Not enough IdP",
	20007: "Body cannot be parsed. Invalid JSON.",
	20012: "Request not found",
	20013: "Invalid namespace",
	20016: "IdP list needed",
	20018: "AS not found",
	20020: "Identity not found",
	20025: "Request is already closed",
	20026: "Request is already timed out",
	20045: "Duplicate reference ID",
	20055: "IAL is lower than the minimum",
	20056: "AAL is lower than the minimum",
	20058: "Unqualified IdP",
	20060: "IAL differs from the declared one",
	20066: "Invalid mode",
	20070: "Data URL must not contain whitespace",
	20079: "Not in whitelist",
	20081: "Enough IdP responses",
	20087: "Initial salt is too short",
	20088: "Request message is too long",
	20091: "Unsupported request type",
	20092: "Invalid API key",
	20094: "Unsupported IAL",
	20095: "Unsupported AAL",
	20096: "Invalid identifier",
	25007: "Not enough token",
	25008: "Duplicate response",
	25009: "AAL is above the maximum",
	25010: "IAL is above the maximum",
	25050: "IdP ID does not exist in request",
}

// fail answers an error: 400 for the client's, 403 for a wrong role, 503 while not ready, 500 for the server's.
func fail(w http.ResponseWriter, code int) {
	status := http.StatusBadRequest
	switch {
	case code == 10007 || code == 10008 || code == 10029:
		status = http.StatusServiceUnavailable
	case code >= 10000 && code < 20000:
		status = http.StatusInternalServerError
	case code == 35001:
		status = http.StatusForbidden
	}
	body := map[string]any{"code": code, "message": messages[code]}
	if messages[code] == "" {
		body["message"] = "Error"
	}
	if code == 20002 || code == 20003 || code == 20059 {
		body["details"] = []any{}
	}
	simulator.WriteJSON(w, status, map[string]any{"error": body})
}

// gate stands before every call: the key, and the node's bad days.
func (n *Node) gate(h http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		sum := sha256.Sum256([]byte(r.Header.Get("X-API-Key")))
		want := sha256.Sum256([]byte(n.o.APIKey))
		switch {
		case n.o.APIKey != "" && hex.EncodeToString(sum[:]) != hex.EncodeToString(want[:]):
			fail(w, 20092)
		case n.faults.On(Syncing):
			fail(w, 10007)
		case n.faults.On(Slow) && !n.dawdle(r):
		case n.faults.On(HugeReply):
			w.Header().Set("Content-Type", "application/json")
			_, _ = io.Copy(w, io.MultiReader(strings.NewReader("["), io.LimitReader(spaces{}, 8<<20), strings.NewReader("]")))
		case n.faults.On(GarbledReply):
			w.Header().Set("Content-Type", "application/json")
			_, _ = io.WriteString(w, `<html>not JSON`)
		case n.faults.On(RedirectedReply):
			http.Redirect(w, r, "/elsewhere", http.StatusTemporaryRedirect)
		default:
			h(w, r)
		}
	}
}

type spaces struct{}

func (spaces) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = ' '
	}
	return len(b), nil
}

// dawdle waits, and reports false where the caller did not wait as long.
func (n *Node) dawdle(r *http.Request) bool {
	timer := time.NewTimer(n.o.SlowFor)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-r.Context().Done():
		return false
	}
}

const maxBody = 25 << 20

// read reads a JSON body. It answers 20007 and reports false where there is none.
func read(w http.ResponseWriter, r *http.Request, v any) bool {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		fail(w, 20007)
		return false
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	err = d.Decode(v)
	var shape *json.UnmarshalTypeError
	switch {
	case errors.As(err, &shape):
		fail(w, 20003)
		return false
	case err != nil:
		fail(w, 20007)
		return false
	}
	return true
}

func callbackURL(s string) bool {
	return strings.HasPrefix(s, "http://") || strings.HasPrefix(s, "https://")
}

// canonical gives a level as the lists have it: the number by its own digits, without zeros at the end.
func canonical(n json.Number) string {
	s := n.String()
	if strings.Contains(s, ".") {
		s = strings.TrimSuffix(strings.TrimRight(s, "0"), ".")
	}
	return s
}

func newRequestID(random io.Reader) string {
	var b [32]byte
	_, _ = io.ReadFull(random, b[:])
	return hex.EncodeToString(b[:])
}
