package bench

import (
	"encoding/json"
	"fmt"
	"io"
	"text/tabwriter"
)

// JSON writes the report as one object.
func (r Report) JSON(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(r)
}

// Text writes the report as a table.
func (r Report) Text(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	p := func(format string, args ...any) { fmt.Fprintf(t, format, args...) } //nolint:errcheck // Flush tells
	p("scenario\tworkers\tcalls\tfailed\tcalls/s\tmean ms\tp50\tp90\tp99\tmax\tserver CPU us\t\n")
	for _, x := range r.Results {
		if x.Skipped != "" {
			p("%s\t%s\t\n", x.Scenario, x.Skipped)
			continue
		}
		cpu := "-"
		if x.ServerCPU > 0 {
			cpu = fmt.Sprintf("%.1f", x.ServerCPU)
		}
		p("%s\t%d\t%d\t%d\t%.0f\t%.2f\t%.2f\t%.2f\t%.2f\t%.2f\t%s\t\n",
			x.Scenario, x.Concurrency, x.Calls, x.Failures, x.PerSecond, x.Mean, x.P50, x.P90, x.P99, x.Max, cpu)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	for _, x := range r.Results {
		if x.Logins+x.LoginsFailed > 0 {
			if _, err := fmt.Fprintf(w, "%s: with %d logins beside, %d failed or late, %.0f us of server CPU each, taken out above\n", x.Scenario, x.Logins, x.LoginsFailed, x.LoginCPU); err != nil {
				return err
			}
		}
	}
	for _, x := range r.Results {
		if x.Participants > 0 {
			if _, err := fmt.Fprintf(w, "%s: %d participants, %d of them hanging; times until the others were told, %d under way at once; the page answered within %.0f ms at p99\n",
				x.Scenario, x.Participants, x.Hanging, x.Concurrency, x.Answer); err != nil {
				return err
			}
		}
	}
	for _, x := range r.Results {
		if x.FirstError != "" {
			if _, err := fmt.Fprintf(w, "%s: the first failure: %s\n", x.Scenario, x.FirstError); err != nil {
				return err
			}
		}
	}
	return nil
}
