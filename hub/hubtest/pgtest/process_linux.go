package pgtest

import "syscall"

// processAttributes: another user where asked, a process group of its own (so that a Ctrl-C at the tests does not reach it before
// they are done), and an end at once when the thread that started it dies.
func processAttributes(owner *syscall.Credential) *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Credential: owner, Setpgid: true, Pdeathsig: syscall.SIGQUIT}
}
