package sqldb

import (
	"context"
	"database/sql"
	"slices"
	"strings"
	"sync"

	"gorm.io/gorm"
)

// mostStatements is how many statements are kept prepared for each pool of SQLite. The stores have fewer; texts of varying length
// (lists of values) beyond that are prepared each time.
const mostStatements = 512

// statements keeps statements of a pool prepared, by their text: SQLite compiles a statement together with the triggers of its table,
// and that costs more than running it. database/sql prepares each on the connections that need it.
type statements struct {
	db *sql.DB

	mu     sync.RWMutex
	kept   map[string]*sql.Stmt
	wanted []string // seen in a transaction before they were kept
}

func newStatements(db *sql.DB) *statements {
	return &statements{db: db, kept: make(map[string]*sql.Stmt)}
}

// get gives the prepared statement, nil where it is not one to keep.
func (s *statements) get(ctx context.Context, query string) (*sql.Stmt, error) {
	s.mu.RLock()
	kept, full := s.kept[query], len(s.kept) >= mostStatements
	s.mu.RUnlock()
	if kept != nil || full || !worthKeeping(query) {
		return kept, nil
	}
	return s.prepare(ctx, query)
}

func (s *statements) prepare(ctx context.Context, query string) (*sql.Stmt, error) {
	made, err := s.db.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if kept := s.kept[query]; kept != nil { // somebody was faster
		return kept, made.Close()
	}
	s.kept[query] = made
	return made, nil
}

func (s *statements) want(query string) {
	if !worthKeeping(query) {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.kept)+len(s.wanted) < mostStatements && !slices.Contains(s.wanted, query) {
		s.wanted = append(s.wanted, query)
	}
}

// keepWanted prepares what transactions have asked for. One that can't be prepared now is asked for again when it comes again.
func (s *statements) keepWanted(ctx context.Context) {
	s.mu.RLock()
	none := len(s.wanted) == 0
	s.mu.RUnlock()
	if none {
		return
	}
	s.mu.Lock()
	wanted := s.wanted
	s.wanted = nil
	s.mu.Unlock()
	for _, query := range wanted {
		if _, err := s.prepare(ctx, query); err != nil {
			return
		}
	}
}

// worthKeeping reports whether a statement is one of data: not of the schema, of a transaction or of a setting.
func worthKeeping(query string) bool {
	query = strings.TrimSpace(query)
	for _, word := range []string{"SELECT ", "INSERT ", "UPDATE ", "DELETE "} {
		if len(query) > len(word) && strings.EqualFold(query[:len(word)], word) {
			return true
		}
	}
	return false
}

func (s *statements) close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	var first error
	for _, k := range s.kept {
		if err := k.Close(); err != nil && first == nil {
			first = err
		}
	}
	clear(s.kept)
	return first
}

// preparedPool is a pool, or a transaction on it, whose statements are kept prepared.
type preparedPool struct {
	*statements
	tx   *sql.Tx // nil for the pool
	conn gorm.ConnPool
}

var _ gorm.ConnPool = preparedPool{}

func (p preparedPool) stmt(ctx context.Context, query string) (*sql.Stmt, error) {
	if p.tx != nil {
		return p.within(ctx, query), nil
	}
	return p.get(ctx, query)
}

// within gives the statement for the transaction. The transaction has the one connection that writes, so a statement that is not kept yet
// is run as it is this time, and kept before the next transaction.
func (p preparedPool) within(ctx context.Context, query string) *sql.Stmt {
	p.mu.RLock()
	kept := p.kept[query]
	p.mu.RUnlock()
	if kept == nil {
		p.want(query)
		return nil
	}
	return p.tx.StmtContext(ctx, kept)
}

// uninterrupted lets a statement that is kept run to its end, once it may begin. The driver and database/sql watch a context that can end
// with a goroutine of their own for every statement, which costs more than a look-up by key; what the stores ask takes microseconds, and
// the busy timeout bounds the wait for the lock.
func uninterrupted(ctx context.Context) (context.Context, error) {
	return context.WithoutCancel(ctx), ctx.Err()
}

// PrepareContext prepares a statement for the caller, who closes it.
func (p preparedPool) PrepareContext(ctx context.Context, query string) (*sql.Stmt, error) {
	return p.conn.PrepareContext(ctx, query)
}

// ExecContext runs a statement.
func (p preparedPool) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	s, err := p.stmt(ctx, query)
	if err != nil {
		return nil, err
	}
	if s == nil {
		return p.conn.ExecContext(ctx, query, args...)
	}
	free, err := uninterrupted(ctx)
	if err != nil {
		return nil, err
	}
	return s.ExecContext(free, args...)
}

// QueryContext asks a question.
func (p preparedPool) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	s, err := p.stmt(ctx, query)
	if err != nil {
		return nil, err
	}
	if s == nil {
		return p.conn.QueryContext(ctx, query, args...)
	}
	free, err := uninterrupted(ctx)
	if err != nil {
		return nil, err
	}
	return s.QueryContext(free, args...)
}

// QueryRowContext asks for one row.
func (p preparedPool) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	if s, err := p.stmt(ctx, query); err == nil && s != nil {
		if free, err := uninterrupted(ctx); err == nil {
			return s.QueryRowContext(free, args...)
		}
	}
	return p.conn.QueryRowContext(ctx, query, args...)
}
