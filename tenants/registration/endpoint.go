package registration

import (
	"context"
	"encoding/json"
	"io"
	"mime"
	"net/http"
	"slices"
	"strings"

	"onedoor/hub"
	"onedoor/hub/audit"
)

// Register is the registration endpoint (RFC 7591 section 3.1): POST with an initial access token.
func (r *Registrar) Register(w http.ResponseWriter, q *http.Request) {
	if !allow(w, q, http.MethodPost) {
		return
	}
	bearer, bad := token(q)
	var body []byte
	if bad == nil {
		body, bad = readBody(w, q)
	}
	var out map[string]any
	if bad == nil {
		out, bad = r.register(q.Context(), bearer, body)
	}
	if bad != nil {
		r.refuse(q.Context(), w, bad, "")
		return
	}
	writeJSON(w, http.StatusCreated, out)
}

// Manage is the client configuration endpoint (RFC 7592 section 2): GET, PUT and DELETE with the registration access token. The path
// value "client" names the sandbox.
func (r *Registrar) Manage(w http.ResponseWriter, q *http.Request) {
	if !allow(w, q, http.MethodGet, http.MethodPut, http.MethodDelete) {
		return
	}
	ctx := q.Context()
	bearer, bad := token(q)
	var s Sandbox
	var shown hub.Secret
	if bad == nil {
		s, shown, bad = r.managed(ctx, hub.SystemID(q.PathValue("client")), bearer)
	}
	if bad != nil {
		r.refuse(ctx, w, bad, s.System.ID)
		return
	}
	var out map[string]any
	switch q.Method {
	case http.MethodGet:
		out = r.get(s, shown)
	case http.MethodPut:
		var body []byte
		if body, bad = readBody(w, q); bad == nil {
			out, bad = r.replace(ctx, s, shown, body)
		}
	default:
		bad = r.remove(ctx, s)
	}
	switch {
	case bad != nil:
		r.refuse(ctx, w, bad, s.System.ID)
	case out == nil:
		w.Header().Set("Cache-Control", "no-store")
		w.WriteHeader(http.StatusNoContent)
	default:
		writeJSON(w, http.StatusOK, out)
	}
}

// token finds the bearer token in the header (RFC 6750 section 2.1), and nowhere else.
func token(q *http.Request) (string, *refusal) {
	headers := q.Header.Values("Authorization")
	if len(headers) != 1 || q.URL.RawQuery != "" {
		return "", unknown("no_token")
	}
	scheme, value, _ := strings.Cut(headers[0], " ")
	if !strings.EqualFold(scheme, "Bearer") || value == "" {
		return "", unknown("no_token")
	}
	return value, nil
}

func readBody(w http.ResponseWriter, q *http.Request) ([]byte, *refusal) {
	if t, _, err := mime.ParseMediaType(q.Header.Get("Content-Type")); err != nil || t != "application/json" {
		return nil, refuse(codeMetadata, "the request must be application/json")
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, q.Body, largestBody))
	if err != nil {
		return nil, refuse(codeMetadata, "the request must be one JSON object of moderate size")
	}
	return body, nil
}

// refuse answers and records a refusal.
func (r *Registrar) refuse(ctx context.Context, w http.ResponseWriter, bad *refusal, about hub.SystemID) {
	e := audit.Event{Kind: "registration.refused", Outcome: audit.Refusal, Reason: bad.word(), System: about}
	if bad.broken() {
		e.Outcome = audit.Failure
		r.o.Log.ErrorContext(ctx, "request failed", "event", e.Kind, "reason", e.Reason, "cause", causeText(bad.cause))
	}
	if err := r.o.Audit.Record(ctx, e); err != nil {
		r.o.Log.ErrorContext(ctx, "audit event not recorded", "event", e.Kind, "reason", e.Reason, "cause", causeText(err))
	}
	switch bad.code {
	case codeToken:
		challenge := `Bearer realm="onedoor"`
		if bad.reason != "no_token" { // a request without a token learns only that it needs one (RFC 6750 section 3.1)
			challenge += `, error="` + bad.code + `"`
		}
		w.Header().Set("WWW-Authenticate", challenge)
	case codeUnavailable:
		w.Header().Set("Retry-After", "5")
	}
	writeJSON(w, bad.status(), map[string]any{"error": bad.code, "error_description": bad.text})
}

func allow(w http.ResponseWriter, q *http.Request, methods ...string) bool {
	if slices.Contains(methods, q.Method) {
		return true
	}
	w.Header().Set("Allow", strings.Join(methods, ", "))
	http.Error(w, http.StatusText(http.StatusMethodNotAllowed), http.StatusMethodNotAllowed)
	return false
}

// writeJSON writes an answer that nobody may keep.
func writeJSON(w http.ResponseWriter, status int, v any) {
	body, err := json.Marshal(v)
	if err != nil { // texts, numbers and a JWK Set that was read before: it can't
		http.Error(w, `{"error":"server_error"}`, http.StatusInternalServerError)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Cache-Control", "no-store")
	h.Set("Pragma", "no-cache")
	h.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	_, _ = w.Write(body) // the connection is gone where it fails
}
