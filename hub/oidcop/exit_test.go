package oidcop_test

import (
	"context"
	"fmt"
	"net/http"
	"time"

	jose "github.com/go-jose/go-jose/v4"

	"onedoor/hub"
	"onedoor/hub/logout"
	"onedoor/hub/session"
)

// Session is the page room's look into the cookie.
func (w *world) Session(r *http.Request) (hub.SessionID, error) {
	w.mu.Lock()
	id := w.browser
	w.mu.Unlock()
	if s, err := w.rooms.Get(r.Context(), id); err != nil || !s.EndedAt.IsZero() || r.Header.Get("Sec-Fetch-Site") == "cross-site" && r.Method == http.MethodPost {
		return "", hub.Errorf("world", hub.NotFound, "no session")
	}
	return id, nil
}

// Forget drops the cookie.
func (w *world) Forget(http.ResponseWriter) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.dropped++
}

// Onward is the page of the ledger.
func (*world) Onward(rw http.ResponseWriter, _ *http.Request, campaigns []string, onward string, _ hub.SystemID) {
	_, _ = fmt.Fprintf(rw, "ledger %d %s", len(campaigns), onward)
}

// AskSignOut is the page with the question.
func (*world) AskSignOut(rw http.ResponseWriter, _ *http.Request, system hub.SystemID, onward string, _ []string) {
	_, _ = fmt.Fprintf(rw, "ask %s %s", system, onward)
}

// End is the neutral logout.
func (w *world) End(_ context.Context, id hub.SessionID, cause session.Cause) (logout.Campaign, error) {
	w.rooms.end(id, w.clock.now())
	w.mu.Lock()
	defer w.mu.Unlock()
	w.ends = append(w.ends, cause)
	return logout.Campaign{ID: "campaign-of-" + string(id)}, nil
}

// Wait waits for nobody.
func (w *world) Wait(_ context.Context, _ time.Duration, campaigns ...string) (bool, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.waits = append(w.waits, campaigns...)
	return true, nil
}

// DecryptJWE opens what was encrypted for the ring's RSA key.
func (r *ring) DecryptJWE(alg, raw string) ([]byte, error) {
	jwe, err := jose.ParseEncryptedCompact(raw, []jose.KeyAlgorithm{jose.KeyAlgorithm(alg)}, []jose.ContentEncryption{jose.A256GCM})
	if err != nil || alg != "RSA-OAEP-256" {
		return nil, hub.Errorf("ring", hub.NotFound, "no such key")
	}
	plain, err := jwe.Decrypt(r.private["RS256"])
	if err != nil {
		return nil, hub.Errorf("ring", hub.Invalid, "does not open")
	}
	return plain, nil
}
