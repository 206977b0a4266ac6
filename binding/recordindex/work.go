package recordindex

import (
	"bytes"
	"context"
	"crypto/cipher"
	"errors"
	"io"

	"onedoor/hub"
)

// work is one import under way.
type work struct {
	m     *Importer
	order Order
	kind  kind
	hash  hasher
	key   cipher.AEAD
	in    *lines
	read  parser
}

// part is a batch with where the file is behind it.
type part struct {
	batch  Batch
	offset int64
	line   int
	digest []byte
	err    error // that ended the reading
}

// load takes the rest of the file in. Reading and hashing go on while the database writes.
func (w *work) load(ctx context.Context, i Import) (Import, error) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	parts := make(chan part, 1)
	go func() {
		defer close(parts)
		for {
			p := w.batch()
			select {
			case parts <- p:
			case <-ctx.Done():
				return
			}
			if p.err != nil {
				return
			}
		}
	}()
	// The reader is read by nobody else once this returns.
	defer func() {
		stop()
		for range parts { //nolint:revive // what was read ahead is let go
		}
	}()
	for p := range parts {
		if p.err != nil && !errors.Is(p.err, io.EOF) {
			return i, p.err
		}
		if p.offset > i.Offset {
			is := i
			is.Offset, is.Line, is.Digest = p.offset, p.line, p.digest
			is.Rows, is.Faults = i.Rows+len(p.batch.Entries), i.Faults+len(p.batch.Faults)
			if err := w.m.o.Loads.Append(ctx, i, is, p.batch); err != nil {
				return i, beside(err)
			}
			i = is
			if w.order.Progress != nil {
				w.order.Progress(i)
			}
		}
		if p.err != nil || i.Faults > MaxFaults {
			return i, nil // too many: it is dropped with what was found
		}
	}
	return i, hub.E("recordindex.Import", hub.Unavailable, ctx.Err())
}

// batch reads up to batchSize lines.
func (w *work) batch() (p part) {
	size := w.key.NonceSize()
	nonces := make([]byte, batchSize*size)
	if _, p.err = io.ReadFull(w.m.o.Random, nonces); p.err != nil {
		return p
	}
	for n := range batchSize {
		text, long, err := w.in.next()
		if err != nil {
			p.err = err
			break
		}
		w.line(&p.batch, text, long, nonces[n*size:(n+1)*size])
	}
	p.offset, p.line, p.digest = w.in.offset, w.in.line, w.m.digest(w.in)
	return p
}

func (w *work) line(b *Batch, text []byte, long bool, nonce []byte) {
	fault := func(f Field, why Why) { b.Faults = append(b.Faults, Fault{w.in.line, f, why}) }
	if w.in.line == 1 {
		text = bytes.TrimPrefix(text, bom)
	}
	switch {
	case long:
		fault("", TooLong)
		return
	case len(bytes.TrimSpace(text)) == 0:
		return // an empty line holds nothing
	}
	v, field, why := w.read.line(text)
	if why != "" {
		fault(field, why)
		return
	}
	r, field, why := w.kind.row(v)
	if why != "" {
		fault(field, why)
		return
	}
	b.Entries, b.Lines = append(b.Entries, w.hash.entry(w.kind.number, r, w.key, nonce)), append(b.Lines, w.in.line)
}
