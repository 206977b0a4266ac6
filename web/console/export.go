package console

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"onedoor/hub"
	"onedoor/hub/statistics"
)

// plain keeps a text from being taken for a formula by the programs that tables are opened with: what begins like one gets a mark before it.
func plain(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r\n|%", rune(s[0])) {
		return "'" + s
	}
	return s
}

// what is the value of a row: a period or a word.
func what(t table, r statistics.Row) string {
	if t.name == "time" {
		return r.Start.Format(time.RFC3339)
	}
	return r.Value
}

// asCSV writes figures, one a line (RFC 4180). A figure that is withheld is empty, and one of a sum that lacks some says how many.
func asCSV(period string, all []table) ([]byte, error) {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.UseCRLF = true
	err := w.Write([]string{"period", "by", "value", "measure", "figure", "withheld"})
	for _, t := range all {
		for _, r := range t.of.Rows {
			for i, m := range statistics.Measures() {
				x := r.Figures[i]
				n := strconv.FormatInt(x.N, 10)
				if x.Hidden() {
					n = ""
				}
				if err == nil {
					err = w.Write([]string{period, plain(t.name), plain(what(t, r)), string(m), n, strconv.Itoa(x.Withheld)})
				}
			}
		}
	}
	w.Flush()
	if err == nil {
		err = w.Error()
	}
	if err != nil {
		return nil, hub.E("console.asCSV", hub.Internal, err)
	}
	return b.Bytes(), nil
}

// figureLine is a figure as it is exported; null where it is withheld.
type figureLine struct {
	By       string `json:"by"`
	Value    string `json:"value"`
	Measure  string `json:"measure"`
	Figure   *int64 `json:"figure"`
	Withheld int    `json:"withheld"`
}

// asJSON writes figures as one object.
func asJSON(period string, all []table) ([]byte, error) {
	out := struct {
		Period  string       `json:"period"`
		Open    bool         `json:"open"`
		Figures []figureLine `json:"figures"`
	}{Period: period, Open: all[0].of.Open, Figures: []figureLine{}}
	for _, t := range all {
		for _, r := range t.of.Rows {
			for i, m := range statistics.Measures() {
				x := r.Figures[i]
				l := figureLine{By: t.name, Value: what(t, r), Measure: string(m), Withheld: x.Withheld}
				if !x.Hidden() {
					l.Figure = &x.N
				}
				out.Figures = append(out.Figures, l)
			}
		}
	}
	body, err := json.Marshal(out)
	if err != nil {
		return nil, hub.E("console.asJSON", hub.Internal, err)
	}
	return body, nil
}
