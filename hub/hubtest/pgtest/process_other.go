//go:build !linux

package pgtest

import "syscall"

// processAttributes: another user where asked. There is no signal at a parent's death here: tests end the server in TestMain.
func processAttributes(owner *syscall.Credential) *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Credential: owner, Setpgid: true}
}
