package department

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"onedoor/hub"
)

// Neighbour is another department's API that the system calls for the person.
type Neighbour struct {
	Names    hub.Text // of the other department
	Resource string   // the API's resource indicator
	URL      string   // what is called
}

// APIPath is where a department answers to other departments' systems.
const APIPath = "/api/contributions"

// answer is what the API tells about a person.
type answer struct {
	Person string `json:"person"` // the department's own name for the person
	Acting string `json:"acting"` // the system that asked, for the record
	Months int    `json:"months_of_contributions"`
}

// api answers another department's system that shows a token of the person which is addressed here (RFC 8693): whether it is good, whose it
// is and who acts is what the hub says, and nothing that the caller says.
func (d *Department) api(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	raw, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	p, err := d.discover(r.Context())
	if err != nil || p.introspect == "" {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	told := map[string]any{}
	if ok {
		if told, err = d.introspect(r.Context(), p.introspect, raw); err != nil {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
	}
	acting, _ := told["act"].(map[string]any)
	a := answer{Person: plain(told["sub"]), Acting: plain(acting["sub"]), Months: 84}
	if told["active"] != true || acting["sub"] == nil { // a person's own token is not for this door
		w.Header().Set("WWW-Authenticate", `Bearer error="invalid_token"`)
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(a)
}

// neighbour asks the other department about the person, with a token that the hub gives for that in exchange for the one held here.
func (d *Department) neighbour(w http.ResponseWriter, r *http.Request) {
	v, ok := d.visitor(r)
	if !ok || d.o.Neighbour == nil {
		http.Redirect(w, r, "/", http.StatusSeeOther)
		return
	}
	p, err := d.discover(r.Context())
	if err != nil {
		d.problem(w, r, http.StatusServiceUnavailable, textHubDown)
		return
	}
	told, err := d.askNeighbour(r.Context(), p.oauth.Endpoint.TokenURL, v.access)
	if err != nil {
		d.o.Log.WarnContext(r.Context(), "the other department did not answer", "client", d.o.ClientID)
		told = map[string]any{}
	}
	d.show(w, r, v, nil, told)
}

func (d *Department) askNeighbour(ctx context.Context, tokenURL, access string) (map[string]any, error) {
	form := url.Values{
		"grant_type": {"urn:ietf:params:oauth:grant-type:token-exchange"}, "resource": {d.o.Neighbour.Resource},
		"subject_token": {access}, "subject_token_type": {"urn:ietf:params:oauth:token-type:access_token"},
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, tokenURL, strings.NewReader(form.Encode()))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.SetBasicAuth(url.QueryEscape(d.o.ClientID), url.QueryEscape(d.o.ClientSecret))
	given, err := d.call(req)
	if err != nil {
		return nil, err
	}
	token, _ := given["access_token"].(string)
	req, err = http.NewRequestWithContext(ctx, http.MethodGet, d.o.Neighbour.URL, nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Authorization", "Bearer "+token)
	return d.call(req)
}

// call gives the JSON object of an answer with status 200.
func (d *Department) call(req *http.Request) (_ map[string]any, err error) {
	resp, err := d.o.HTTP.Do(req)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, resp.Body.Close()) }()
	if resp.StatusCode != http.StatusOK {
		return nil, errors.New("answered " + strconv.Itoa(resp.StatusCode))
	}
	return decode(io.LimitReader(resp.Body, 64<<10))
}
