package telemetry

import (
	"io"
	"sync"
	"time"

	"onedoor/hub"
)

// The limits of a Buffer.
const (
	bufferDelay = 100 * time.Millisecond // a line waits no longer
	bufferSize  = 64 << 10               // bytes; a full buffer is written at once
)

// Buffer writes lines of the log together: a system call for each request would cost more than answering it. What a Buffer holds is lost
// where the process is killed: at most bufferDelay of lines about requests. Lines of warnings and errors are written at once, with all that
// was before them. It is safe for concurrent use.
type Buffer struct {
	to    io.Writer
	after func(time.Duration, func()) // time.AfterFunc

	mu      sync.Mutex
	lines   []byte
	waiting bool // a flush has been asked for
}

// NewBuffer needs the writer and a way to call a function later (time.AfterFunc). Invalid.
func NewBuffer(to io.Writer, after func(time.Duration, func())) (*Buffer, error) {
	if to == nil || after == nil {
		return nil, hub.Errorf("telemetry.NewBuffer", hub.Invalid, "writer and timer are required")
	}
	return &Buffer{to: to, after: after, lines: make([]byte, 0, bufferSize)}, nil
}

// Write takes whole lines.
func (b *Buffer) Write(lines []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.lines = append(b.lines, lines...)
	return len(lines), b.written()
}

// written follows every addition; the lock is held.
func (b *Buffer) written() error {
	if len(b.lines) >= bufferSize*3/4 {
		return b.flush()
	}
	if !b.waiting {
		b.waiting = true
		b.after(bufferDelay, func() { _ = b.Flush() })
	}
	return nil
}

// Flush writes what is waiting. Call it before the process ends.
func (b *Buffer) Flush() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.waiting = false
	return b.flush()
}

func (b *Buffer) flush() error {
	if len(b.lines) == 0 {
		return nil
	}
	_, err := b.to.Write(b.lines)
	b.lines = b.lines[:0] // lost where it could not be written: a full disk must not fill the memory
	return err
}
