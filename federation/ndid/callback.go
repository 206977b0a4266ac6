package ndid

import (
	"crypto/subtle"
	"encoding/base64"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"strconv"
	"strings"

	"onedoor/federation"
	"onedoor/hub"
)

// CallbackPath is where the handler of callbacks is to be mounted, for POST; {secret} must be given as path value. It must not be
// written to logs with its value, and need not be reachable from anywhere but the node.
const CallbackPath = "/federation/ndid/callback/{secret}"

// secret makes the last segment of a request's callback address. Every node of the hub can tell that it is ours, and for which request,
// without asking anybody; nobody else can make one.
func (c *Connector) secret(provider hub.ProviderID, reference string) string {
	return string(provider) + "." + reference + "." + c.proof(string(provider), reference)
}

// callbackURL gives the address of a request's callbacks.
func (c *Connector) callbackURL(p federation.Provider, q question) string {
	return p.NDID.Callback + strings.TrimSuffix(CallbackPath, "{secret}") + c.secret(p.ID, q.Reference)
}

func (c *Connector) proof(provider, reference string) string {
	return base64.RawURLEncoding.EncodeToString(c.index("ndid-callback", provider, reference))
}

// recognise reads such a segment.
func (c *Connector) recognise(secret string) (provider hub.ProviderID, reference string, ok bool) {
	parts := strings.Split(secret, ".")
	if len(parts) != 3 || !hub.ValidName(parts[0]) || !hub.ValidID(parts[1]) {
		return "", "", false
	}
	if subtle.ConstantTimeCompare([]byte(parts[2]), []byte(c.proof(parts[0], parts[1]))) != 1 {
		return "", "", false
	}
	return hub.ProviderID(parts[0]), parts[1], true
}

// message is what the node tells. Everything else in it is read from the node again.
type callback struct {
	Type      string `json:"type"`
	Reference string `json:"reference_id"`
	Success   *bool  `json:"success"`
	Height    string `json:"block_height"`
	Error     *struct {
		Code int `json:"code"`
	} `json:"error"`
}

// The types of callbacks.
const (
	typeCreated = "create_request_result"
	typeStatus  = "request_status"
	typeClosed  = "close_request_result"
)

// Callback takes the node's callbacks: 204 once it is noted, 404 at an address that we did not give out. The same twice, or in another
// order, changes nothing.
func (c *Connector) Callback() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		provider, reference, ours := c.recognise(r.PathValue("secret"))
		if !ours {
			c.observe("", SignalCallback) // counted, not logged: anybody can do that as often as they like
			w.WriteHeader(http.StatusNotFound)
			return
		}
		if r.Method != http.MethodPost {
			w.Header().Set("Allow", http.MethodPost)
			w.WriteHeader(http.StatusMethodNotAllowed)
			return
		}
		if media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || media != "application/json" {
			w.WriteHeader(http.StatusUnsupportedMediaType)
			return
		}
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxCall))
		if err != nil {
			w.WriteHeader(http.StatusRequestEntityTooLarge)
			return
		}
		m, err := parseCallback(body)
		if err != nil || m.Reference != "" && m.Type == typeCreated && m.Reference != reference {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		now := c.clock()
		chain, height := blockHeight(m.Height)
		told := 0
		if m.Type == typeCreated && !*m.Success {
			if told = -1; m.Error != nil && m.Error.Code > 0 {
				told = m.Error.Code
			}
			reaction := reactionTo(max(told, 0), 0)
			c.alert(r.Context(), provider, SignalTold, slog.Int("code", told), slog.String("cause", string(reaction.cause)))
		}
		c.desk.callback(reference, chain, height, told, now, now.Add(federationLife))
		w.WriteHeader(http.StatusNoContent)
	})
}

// parseCallback reads a callback of a type that we know. Invalid otherwise.
func parseCallback(body []byte) (callback, error) {
	var m callback
	if decode(body, &m) != nil {
		return callback{}, hub.Errorf("ndid.callback", hub.Invalid, "not JSON")
	}
	switch m.Type {
	case typeCreated, typeClosed:
		if m.Success == nil {
			return callback{}, hub.Errorf("ndid.callback", hub.Invalid, "no result")
		}
	case typeStatus:
	default:
		return callback{}, hub.Errorf("ndid.callback", hub.Invalid, "unknown type")
	}
	return m, nil
}

// blockHeight reads "chain:height"; "" for no chain where it is something else.
func blockHeight(s string) (string, uint64) {
	i := strings.LastIndexByte(s, ':')
	if i <= 0 || i > 128 {
		return "", 0
	}
	height, err := strconv.ParseUint(s[i+1:], 10, 63)
	if err != nil {
		return "", 0
	}
	return s[:i], height
}
