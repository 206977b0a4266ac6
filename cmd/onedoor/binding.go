package main

import (
	"context"

	"github.com/spf13/cobra"

	"onedoor/cmd/onedoor/app"
	"onedoor/configs"
)

func bindingCommand(p app.Process) *cobra.Command {
	group := &cobra.Command{
		Use: "binding", Short: "Import the keys of departments' records, by which people are found", Args: cobra.NoArgs, RunE: needsSubcommand,
	}
	take := &cobra.Command{
		Use: "import --config FILE --department ID --kind ID RECORDS", Short: "Take a file of record keys in, whole or not at all", Args: cobra.ExactArgs(1),
		Long: "Take a file of record keys in, whole or not at all: CSV with a header, or NDJSON, in UTF-8, with record and number or given_name, family_name and " +
			"birthdate, and area. Only keyed hashes of them are kept. The file replaces what was imported before, once its last line is in. Cut off, the same " +
			"command goes on where it was.",
	}
	var order app.RecordImport
	take.Flags().StringVar(&order.Department, "department", "", "id of the department (required)")
	take.Flags().StringVar(&order.Kind, "kind", "", "id of the kind of records (required)")
	take.Flags().StringVar(&order.Format, "format", "", "csv or ndjson (default: as the file's name ends)")
	take.Flags().StringVar(&order.Numbers, "numbers", "", "kind of the numbers of persons or entities (default: those of Thailand)")
	take.Flags().StringVar(&order.Report, "report", "", "file that faulty lines are listed in (default: RECORDS.faults.csv)")
	take.Flags().IntVar(&order.Faults, "faults", 0, "so many faulty lines may be left out; with one more nothing is replaced")
	take.Flags().BoolVar(&order.Smaller, "smaller", false, "the file may have less than half as many records as before")
	take.Flags().BoolVar(&order.Restart, "restart", false, "begin anew instead of going on where an import was cut off")
	required(take, "department", "kind")
	configured(take, p, func(ctx context.Context, cfg configs.Config, args []string) error {
		return app.ImportRecords(ctx, cfg, p, order, args[0])
	})

	list := &cobra.Command{Use: "imports --config FILE --department ID", Short: "List a department's imports, the newest first", Args: cobra.NoArgs}
	department := list.Flags().String("department", "", "id of the department (required)")
	required(list, "department")
	configured(list, p, func(ctx context.Context, cfg configs.Config, _ []string) error {
		return app.ListImports(ctx, cfg, p, *department)
	})

	drop := configured(&cobra.Command{
		Use: "drop --config FILE IMPORT", Short: "Give an import up: nobody is found by it any more", Args: cobra.ExactArgs(1),
	}, p, func(ctx context.Context, cfg configs.Config, args []string) error {
		return app.DropImport(ctx, cfg, p, args[0])
	})
	group.AddCommand(take, list, drop)
	return group
}

// required marks flags of a command.
func required(c *cobra.Command, flags ...string) {
	for _, f := range flags {
		if err := c.MarkFlagRequired(f); err != nil {
			panic(err) // the flag is there: see above
		}
	}
}
