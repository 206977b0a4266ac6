package api

import (
	"encoding/json"
	"net/http"
	"reflect"
	"strconv"
	"strings"
)

// The parts of an OpenAPI 3.1 description that this API needs.
type (
	openAPI struct {
		OpenAPI    string                          `json:"openapi"`
		Info       info                            `json:"info"`
		Servers    []serverURL                     `json:"servers"`
		Security   []map[string][]string           `json:"security"`
		Paths      map[string]map[string]operation `json:"paths"`
		Components components                      `json:"components"`
	}
	info struct {
		Title       string `json:"title"`
		Version     string `json:"version"`
		Description string `json:"description"`
	}
	serverURL struct {
		URL string `json:"url"`
	}
	components struct {
		Schemas         map[string]*schema        `json:"schemas"`
		SecuritySchemes map[string]map[string]any `json:"securitySchemes"`
	}
	operation struct {
		OperationID string                `json:"operationId"`
		Summary     string                `json:"summary"`
		Acts        []string              `json:"x-acts,omitempty"` // of docs/permissions.md
		Security    []map[string][]string `json:"security"`
		Parameters  []wireParameter       `json:"parameters,omitempty"`
		RequestBody *wireBody             `json:"requestBody,omitempty"`
		Responses   map[string]response   `json:"responses"`
	}
	wireParameter struct {
		Name        string  `json:"name"`
		In          string  `json:"in"`
		Required    bool    `json:"required,omitempty"`
		Description string  `json:"description,omitempty"`
		Schema      *schema `json:"schema"`
	}
	wireBody struct {
		Required bool            `json:"required"`
		Content  map[string]kind `json:"content"`
	}
	kind struct {
		Schema *schema `json:"schema"`
	}
	response struct {
		Description string            `json:"description"`
		Headers     map[string]header `json:"headers,omitempty"`
		Content     map[string]kind   `json:"content,omitempty"`
	}
	header struct {
		Schema *schema `json:"schema"`
	}
)

const tokenScheme = "onedoor"

// describe makes the description of all routes, from the routes themselves. It fails where one is not sound.
func (a *API) describe() ([]byte, error) {
	d := openAPI{
		OpenAPI: "3.1.0",
		Info: info{
			Title: "onedoor, administrators' API", Version: "1",
			Description: "Every operation names the acts that it takes (x-acts): docs/permissions.md says who has them. What you may not read answers 404; what you may read but not do, 403.",
		},
		Servers: []serverURL{{a.o.Issuer + Path}},
		Paths:   map[string]map[string]operation{},
		Components: components{SecuritySchemes: map[string]map[string]any{tokenScheme: {
			"type": "oauth2", "flows": map[string]any{"clientCredentials": map[string]any{
				"tokenUrl": a.o.Issuer + "/oauth2/token",
				"scopes":   map[string]string{scopeRead: "look", scopeWrite: "change"},
			}, "authorizationCode": map[string]any{
				"authorizationUrl": a.o.Issuer + "/oauth2/authorize",
				"tokenUrl":         a.o.Issuer + "/oauth2/token",
				"scopes": map[string]string{
					scopeRead: "look", scopeWrite: "change", scopeOwnRead: "look at the legal entities that you administer", scopeOwnWrite: "change who acts for them, and where",
				},
			}},
		}}},
	}
	trouble := a.schemas.of(reflect.TypeFor[problem]())
	for _, r := range a.routes {
		op := operation{
			OperationID: r.id, Summary: r.summary, Security: []map[string][]string{{tokenScheme: {r.scope()}}}, Parameters: a.parameters(r),
			Responses: map[string]response{"default": {Description: "a problem (RFC 9457)", Content: map[string]kind{"application/problem+json": {trouble}}}},
		}
		for _, act := range r.acts {
			op.Acts = append(op.Acts, string(act))
		}
		if r.in != nil {
			op.RequestBody = &wireBody{Required: true, Content: map[string]kind{"application/json": {a.schemas.of(reflect.TypeOf(r.in))}}}
		}
		if r.file {
			raw := kind{&schema{Type: "string", Format: "binary"}}
			op.RequestBody = &wireBody{Required: true, Content: map[string]kind{}}
			for _, t := range fileTypes {
				op.RequestBody.Content[t] = raw
			}
		}
		good := response{Description: "done"}
		if r.out != nil {
			good.Content = map[string]kind{"application/json": {a.schemas.of(reflect.TypeOf(r.out))}}
		}
		if r.matches {
			good.Headers = map[string]header{"ETag": {&schema{Type: "string"}}}
		}
		op.Responses[strconv.Itoa(r.status)] = good
		if d.Paths[r.path] == nil {
			d.Paths[r.path] = map[string]operation{}
		}
		d.Paths[r.path][strings.ToLower(r.method)] = op
	}
	d.Security = []map[string][]string{{tokenScheme: {scopeRead}}}
	d.Components.Schemas = a.schemas.named
	text, err := json.MarshalIndent(d, "", "  ")
	return append(text, '\n'), err
}

// parameters lists what a route takes beside its body.
func (a *API) parameters(r route) (all []wireParameter) {
	text := func(most int) *schema { return &schema{Type: "string", MaxLength: most} }
	for _, name := range pathNames(r.path) {
		all = append(all, wireParameter{Name: name, In: "path", Required: true, Schema: text(39)})
	}
	for _, q := range r.query {
		s := text(64)
		s.Enum = q.enum
		all = append(all, wireParameter{Name: q.name, In: "query", Description: q.doc, Schema: s})
	}
	if r.list {
		all = append(all,
			wireParameter{Name: "limit", In: "query", Description: "1 to 200 entries; 50 where it is left out", Schema: &schema{Type: "integer"}},
			wireParameter{Name: "cursor", In: "query", Description: "next of the answer before, for the same list", Schema: text(longestCursor)})
	}
	if r.method == http.MethodPost {
		all = append(all, wireParameter{Name: "Idempotency-Key", In: "header", Required: true, Description: "16 to 100 letters, digits, '-' or '_', drawn anew for each request; kept for a day", Schema: text(100)})
	}
	if r.matches && r.method != http.MethodGet {
		all = append(all,
			wireParameter{Name: "If-Match", In: "header", Description: "ETag of what is changed", Schema: text(64)})
		if r.method == http.MethodPut {
			all = append(all, wireParameter{Name: "If-None-Match", In: "header", Description: "* adds a new one", Schema: text(64)})
		}
	}
	return all
}
