package configs

import (
	"embed"
	"io/fs"
)

//go:embed demo/*.yaml
var demoFiles embed.FS

// DemoFiles are the declarative objects of the demo's departments, with https://NAME.demo in place of its addresses.
func DemoFiles() fs.FS {
	sub, err := fs.Sub(demoFiles, "demo")
	if err != nil {
		panic("configs: the folder demo is embedded: " + err.Error())
	}
	return sub
}
