package main

import (
	"context"
	"log/slog"

	"github.com/spf13/cobra"

	"onedoor/cmd/onedoor/app"
	"onedoor/configs"
)

func serveCommand(p app.Process) *cobra.Command {
	return configured(&cobra.Command{
		Use:   "serve --config FILE",
		Short: "Run the hub",
		Long:  "Run the hub until SIGINT or SIGTERM. SIGHUP makes it read the TLS certificate and key again.",
		Args:  cobra.NoArgs,
	}, p, func(ctx context.Context, cfg configs.Config, _ []string) error {
		return app.Serve(ctx, cfg, p)
	})
}

func demoCommand(p app.Process) *cobra.Command {
	c := &cobra.Command{
		Use:   "demo",
		Short: "Show it: the hub, identity providers and departments on this machine",
		Args:  cobra.NoArgs,
	}
	o := app.DemoOptions{Process: p}
	c.Flags().IntVar(&o.Port, "port", 8080, "port on this machine, for all of its hosts")
	c.Flags().BoolVar(&o.TLS, "tls", false, "serve over TLS, with certificates of an authority made for this run")
	c.Flags().StringVar(&o.Data, "data", "", "folder to keep the data in (default: a temporary one, removed at the end)")
	c.Flags().TextVar(&o.LogLevel, "log", slog.LevelWarn, "least level of what is logged: info shows every request")
	c.RunE = func(c *cobra.Command, _ []string) error { return app.RunDemo(c.Context(), o) }
	return c
}
