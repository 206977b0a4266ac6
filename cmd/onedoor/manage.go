package main

import (
	"context"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime/debug"

	"github.com/spf13/cobra"

	"onedoor/cmd/onedoor/app"
	"onedoor/configs"
	"onedoor/tenants"
)

func migrateCommand(p app.Process) *cobra.Command {
	return configured(&cobra.Command{
		Use:   "migrate --config FILE",
		Short: "Bring the database's schema up to date",
		Args:  cobra.NoArgs,
	}, p, func(ctx context.Context, cfg configs.Config, _ []string) error {
		return app.Migrate(ctx, cfg, p)
	})
}

func checkCommand(p app.Process) *cobra.Command {
	c := &cobra.Command{
		Use:   "check-config FILE",
		Short: "List all faults of a configuration, with their lines",
		Args:  cobra.ExactArgs(1),
	}
	files := c.Flags().Bool("files", false, "also look at the files and secrets that it names")
	c.RunE = func(_ *cobra.Command, args []string) error {
		cfg, err := configs.Load(args[0], p.Env)
		if err != nil {
			return err
		}
		if *files {
			if err := app.CheckFiles(cfg, p); err != nil {
				return err
			}
		}
		_, err = fmt.Fprintf(p.Out, "%s is good\n", args[0])
		return err
	}
	return c
}

func applyCommand(p app.Process) *cobra.Command {
	c := &cobra.Command{
		Use:   "apply --config FILE -f FILE|FOLDER",
		Short: "Put identity providers, departments and systems into the database, as YAML files declare them",
		Long: "Put identity providers, departments and systems into the database, as YAML files declare them: all of them or, where " +
			"anything is wrong, none. The same files a second time change nothing. What the files do not name stays as it is.",
		Args: cobra.NoArgs,
	}
	paths := c.Flags().StringArrayP("file", "f", nil, "file or folder (required; may be given several times)")
	dryRun := c.Flags().Bool("dry-run", false, "only tell what would change")
	if err := c.MarkFlagRequired("file"); err != nil {
		panic(err) // the flag is there: see above
	}
	return configured(c, p, func(ctx context.Context, cfg configs.Config, _ []string) error {
		objects, err := configs.ReadObjects(*paths...)
		if err != nil {
			return err
		}
		return app.Apply(ctx, cfg, p, objects, *dryRun)
	})
}

func keysCommand(p app.Process) *cobra.Command {
	group := &cobra.Command{Use: "keys", Short: "Manage the hub's keys", Args: cobra.NoArgs, RunE: needsSubcommand}

	make := &cobra.Command{
		Use:   "init [--config FILE | --out FILE | --print]",
		Short: "Make a master key, never over another one",
		Args:  cobra.NoArgs,
	}
	config := make.Flags().String("config", "", "configuration file that says where the key goes")
	out := make.Flags().String("out", "", "file that the key goes to")
	print := make.Flags().Bool("print", false, "print the key, for a secret store")
	make.MarkFlagsMutuallyExclusive("config", "out", "print")
	make.MarkFlagsOneRequired("config", "out", "print")
	make.RunE = func(*cobra.Command, []string) error {
		if *config == "" {
			return app.KeysInit(nil, p, *out, *print)
		}
		cfg, err := configs.Load(*config, p.Env)
		if err != nil {
			return err
		}
		return app.KeysInit(&cfg, p, "", false)
	}

	list := configured(&cobra.Command{
		Use: "list --config FILE", Short: "List all keys", Args: cobra.NoArgs,
	}, p, func(ctx context.Context, cfg configs.Config, _ []string) error { return app.KeysList(ctx, cfg, p) })

	rotate := &cobra.Command{
		Use: "rotate --config FILE", Short: "Make the next key now instead of by schedule", Args: cobra.NoArgs,
	}
	use := rotate.Flags().String("use", "sign", "sign, seal, decrypt or saml")
	alg := rotate.Flags().String("alg", "", "algorithm (default ES256 for sign, A256GCM for seal, RSA-OAEP-256 for decrypt)")
	configured(rotate, p, func(ctx context.Context, cfg configs.Config, _ []string) error {
		return app.KeysRotate(ctx, cfg, p, *use, *alg)
	})

	retire := &cobra.Command{
		Use: "retire --config FILE ID", Short: "Take a key out of use before its time", Args: cobra.ExactArgs(1),
		Long: "Take a key out of use before its time: it makes nothing more, and what it made is good until that has run out. With " +
			"--leaked nothing that it made is accepted any more: everybody whose token hangs on it logs in again.",
	}
	leaked := retire.Flags().Bool("leaked", false, "the key may be known to somebody else")
	configured(retire, p, func(ctx context.Context, cfg configs.Config, args []string) error {
		return app.KeysRetire(ctx, cfg, p, args[0], *leaked)
	})

	rewrap := configured(&cobra.Command{
		Use: "rewrap --config FILE", Short: "Seal everything under the first master key, after a new one was put in front", Args: cobra.NoArgs,
	}, p, func(ctx context.Context, cfg configs.Config, _ []string) error { return app.KeysRewrap(ctx, cfg, p) })

	group.AddCommand(make, list, rotate, retire, rewrap)
	return group
}

func auditCommand(p app.Process) *cobra.Command {
	group := &cobra.Command{Use: "audit", Short: "Examine the audit record, and remove what is too old of it", Args: cobra.NoArgs, RunE: needsSubcommand}

	verify := &cobra.Command{
		Use: "verify --config FILE", Short: "Go through the whole record and tell what was changed, removed or inserted", Args: cobra.NoArgs,
	}
	heads := verify.Flags().String("heads", "", "file with heads that were kept elsewhere, as `onedoor audit head` prints them")
	configured(verify, p, func(ctx context.Context, cfg configs.Config, _ []string) (err error) {
		var known io.Reader
		if *heads != "" {
			f, err := os.Open(filepath.Clean(*heads))
			if err != nil {
				return err
			}
			defer f.Close() //nolint:errcheck // nothing was written
			known = f
		}
		return app.AuditVerify(ctx, cfg, p, known)
	})

	head := configured(&cobra.Command{
		Use: "head --config FILE", Short: "Print the newest signed head, to be kept elsewhere", Args: cobra.NoArgs,
	}, p, func(ctx context.Context, cfg configs.Config, _ []string) error { return app.AuditHead(ctx, cfg, p) })

	prove := configured(&cobra.Command{
		Use: "prove --config FILE EVENT", Short: "Print the proof that an event is in the record", Args: cobra.ExactArgs(1),
	}, p, func(ctx context.Context, cfg configs.Config, args []string) error {
		return app.AuditProve(ctx, cfg, p, args[0])
	})

	purge := &cobra.Command{
		Use: "purge --config FILE [--dry-run]", Short: "Remove events that are older than retention.record now, as a running hub does by itself",
		Args: cobra.NoArgs,
	}
	dryRun := purge.Flags().Bool("dry-run", false, "only tell what would go")
	configured(purge, p, func(ctx context.Context, cfg configs.Config, _ []string) error {
		return app.AuditPurge(ctx, cfg, p, *dryRun)
	})

	group.AddCommand(verify, head, prove, purge)
	return group
}

func needsSubcommand(c *cobra.Command, _ []string) error {
	return fmt.Errorf("%s needs one of its commands", c.CommandPath())
}

func healthCommand(p app.Process) *cobra.Command {
	return configured(&cobra.Command{
		Use: "health --config FILE", Short: "Ask the hub on this machine whether it is ready", Args: cobra.NoArgs,
	}, p, func(ctx context.Context, cfg configs.Config, _ []string) error { return app.Health(ctx, cfg, p) })
}

func secretCommand(p app.Process) *cobra.Command {
	return &cobra.Command{
		Use:   "secret",
		Short: "Make a client secret: it is shown once, with the hash that goes into the system's file",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			text := tenants.NewClientSecret(p.Random)
			secret, err := tenants.HashClientSecret(text)
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(p.Out, "secret: %s\nsha256: %s\n", text, hex.EncodeToString(secret.SHA256[:]))
			return err
		},
	}
}

func versionCommand(p app.Process) *cobra.Command {
	return &cobra.Command{
		Use: "version", Short: "Print the version", Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			version, revision := "(unknown)", ""
			info, ok := debug.ReadBuildInfo()
			if ok {
				version = info.Main.Version
				for _, s := range info.Settings {
					if s.Key == "vcs.revision" {
						revision = " " + s.Value
					}
				}
				revision += " " + info.GoVersion
			}
			_, err := fmt.Fprintf(p.Out, "onedoor %s%s\n", version, revision)
			return err
		},
	}
}
