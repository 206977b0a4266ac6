package view

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"net/http"
	"path"
	"strconv"
	"strings"

	"onedoor/hub"
)

//go:embed static
var files embed.FS

// StaticPath is where the files are.
const StaticPath = "/static/"

// static serves files under names that carry the hash of their content, so that a browser may keep them for ever.
type static struct {
	hrefs map[string]string // by name in the folder
	byURL map[string]asset
}

type asset struct {
	kind string // content type
	body []byte
}

func newStatic() (*static, error) {
	const op = "view.newStatic"
	kinds := map[string]string{".css": "text/css; charset=utf-8", ".svg": "image/svg+xml", ".js": "text/javascript; charset=utf-8"}
	entries, err := files.ReadDir("static")
	if err != nil {
		return nil, hub.E(op, hub.Internal, err)
	}
	s := &static{hrefs: map[string]string{}, byURL: map[string]asset{}}
	for _, e := range entries {
		body, err := files.ReadFile("static/" + e.Name())
		if err != nil {
			return nil, hub.E(op, hub.Internal, err)
		}
		ext := path.Ext(e.Name())
		kind, ok := kinds[ext]
		if !ok {
			return nil, hub.Errorf(op, hub.Internal, "a file of unknown type")
		}
		sum := sha256.Sum256(body)
		href := StaticPath + strings.TrimSuffix(e.Name(), ext) + "." + hex.EncodeToString(sum[:8]) + ext
		s.hrefs[e.Name()], s.byURL[href] = href, asset{kind, body}
	}
	return s, nil
}

func (s *static) href(name string) string { return s.hrefs[name] }

// ServeHTTP answers GET and HEAD for exactly the known names.
func (s *static) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	a, ok := s.byURL[r.URL.Path]
	if !ok {
		http.NotFound(w, r)
		return
	}
	h := w.Header()
	h.Set("Content-Type", a.kind)
	h.Set("Content-Length", strconv.Itoa(len(a.body)))
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	if r.Method != http.MethodHead {
		_, _ = w.Write(a.body)
	}
}
