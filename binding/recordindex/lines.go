package recordindex

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"errors"
	"hash"
	"io"
)

// MaxLine is the most bytes of a line, its end included. The longest sensible one, with two names of 100 Thai letters and a number of 64
// characters, has a fifth of that.
const MaxLine = 4 << 10

// lines reads a file line by line in bounded memory, and knows where it is.
type lines struct {
	r      *bufio.Reader
	digest hash.Hash // over everything read so far
	offset int64
	line   int // of the line that next has given
}

func newLines(r io.Reader) *lines {
	return &lines{r: bufio.NewReaderSize(r, MaxLine), digest: sha256.New()}
}

// next gives the next line without its end; long instead of one that has more than MaxLine bytes. The bytes are good until the next call.
// io.EOF at the end.
func (l *lines) next() (text []byte, long bool, err error) {
	for {
		part, err := l.r.ReadSlice('\n')
		l.digest.Write(part)
		l.offset += int64(len(part))
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			long = true
			continue
		case errors.Is(err, io.EOF) && len(part) == 0 && !long:
			return nil, false, io.EOF
		case err != nil && !errors.Is(err, io.EOF):
			return nil, false, err
		}
		l.line++
		if long {
			return nil, true, nil
		}
		return bytes.TrimSuffix(bytes.TrimSuffix(part, []byte{'\n'}), []byte{'\r'}), false, nil
	}
}

// skip reads on to an offset, where a line ends. io.ErrUnexpectedEOF where the file is shorter.
func (l *lines) skip(offset int64, line int) error {
	n, err := io.CopyN(l.digest, l.r, offset-l.offset)
	l.offset += n
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	l.line = line
	return err
}

// sum gives the digest of what was read so far.
func (l *lines) sum() []byte { return l.digest.Sum(nil) }
