package hubsql

import (
	"context"
	"strings"

	"onedoor/hub"
	"onedoor/hub/audit"
	"onedoor/hub/sqldb"
)

// Size implements audit.TreeStore.
func (t *Audit) Size(ctx context.Context) (int64, error) {
	var size int64
	err := t.db.Read(ctx).Raw("SELECT size FROM audit_tree WHERE id = 1").Row().Scan(&size)
	return size, sqldb.Translate("hubsql.Audit.Size", err)
}

// Pending implements audit.TreeStore. What is noted as waiting and is in the tree already is somebody else's note, and holds nobody up.
func (t *Audit) Pending(ctx context.Context, after int64, limit int) ([]audit.Pending, error) {
	var all []audit.Pending
	err := sqldb.Each(t.db.Read(ctx), func(s scanner) error {
		var r auditRow
		var p audit.Pending
		if err := s.Scan(r.columns(&p.Seq)...); err != nil {
			return err
		}
		row, err := r.row()
		if err == nil {
			p.Row = *row
			all = append(all, p)
		}
		return err
	}, "SELECT "+eventColumns+`, e.seq FROM audit_pending p JOIN audit_events e ON e.seq = p.seq
		WHERE p.seq > ? AND NOT EXISTS (SELECT 1 FROM audit_leaves l WHERE l.seq = p.seq) ORDER BY p.seq LIMIT ?`, after, limit)
	return all, sqldb.Translate("hubsql.Audit.Pending", err)
}

// Grow implements audit.TreeStore. Who moves the size on owns the step; the others find it moved, or a row already placed.
func (t *Audit) Grow(ctx context.Context, g audit.Growth) error {
	const op = "hubsql.Audit.Grow"
	return t.db.InTx(ctx, func(ctx context.Context) error {
		if err := t.claim(ctx, op, g); err != nil {
			return err
		}
		at := g.From
		if err := chunks(g.Leaves, auditAtOnce, func(leaves []audit.Leaf) error {
			rows, seqs := make([]any, 0, 3*len(leaves)), make([]any, 0, len(leaves))
			for _, l := range leaves {
				rows, seqs = append(rows, at, l.Seq, l.Hash[:]), append(seqs, l.Seq)
				at++
			}
			if err := t.insert(ctx, op, "audit_leaves (idx, seq, hash)", 3, rows); err != nil {
				return err
			}
			n, err := exec(t.db.Write(ctx), "DELETE FROM audit_pending WHERE seq IN ("+marks(len(seqs))+")", seqs...)
			if err == nil && n != len(seqs) {
				return hub.Errorf(op, hub.Conflict, "a row is not waiting any more")
			}
			return err
		}); err != nil {
			return sqldb.Translate(op, err)
		}
		if err := chunks(g.Nodes, auditAtOnce, func(nodes []audit.Node) error {
			rows := make([]any, 0, 3*len(nodes))
			for _, n := range nodes {
				rows = append(rows, int64(n.ID.Level), n.ID.Index, n.Hash[:])
			}
			return t.insert(ctx, op, "audit_nodes (level, idx, hash)", 3, rows)
		}); err != nil {
			return sqldb.Translate(op, err)
		}
		err := t.insert(ctx, op, "audit_heads (size, root, at, signature)", 4,
			[]any{g.Head.Size, g.Head.Root[:], sqldb.Micros(g.Head.At), g.Head.Signature})
		return sqldb.Translate(op, err)
	})
}

// claim moves the size on; a step that adds nothing only holds it, so that its head is the newest.
func (t *Audit) claim(ctx context.Context, op string, g audit.Growth) error {
	taken := hub.Errorf(op, hub.Conflict, "the tree has grown")
	if len(g.Leaves) > 0 {
		n, err := exec(t.db.Write(ctx), "UPDATE audit_tree SET size = ? WHERE id = 1 AND size = ?", g.From+int64(len(g.Leaves)), g.From)
		if err == nil && n == 0 {
			return taken
		}
		return sqldb.Translate(op, err)
	}
	lock := ""
	if t.db.Dialect() == sqldb.Postgres {
		lock = " FOR UPDATE"
	}
	var size int64
	err := t.db.Write(ctx).Raw("SELECT size FROM audit_tree WHERE id = 1" + lock).Row().Scan(&size)
	if err == nil && size != g.From {
		return taken
	}
	return sqldb.Translate(op, err)
}

func marks(n int) string { return " ?" + strings.Repeat(", ?", n-1) }

// Nodes implements audit.TreeStore.
func (t *Audit) Nodes(ctx context.Context, ids []audit.NodeID) (map[audit.NodeID]audit.Hash, error) {
	const op = "hubsql.Audit.Nodes"
	found := make(map[audit.NodeID]audit.Hash, len(ids))
	levels := map[int][]any{}
	for _, id := range ids {
		levels[id.Level] = append(levels[id.Level], id.Index)
	}
	var parts []string
	var args []any
	for lv, idx := range levels {
		if lv == 0 {
			parts = append(parts, "SELECT 0, idx, hash FROM audit_leaves WHERE idx IN ("+marks(len(idx))+")")
		} else {
			parts = append(parts, "SELECT level, idx, hash FROM audit_nodes WHERE level = ? AND idx IN ("+marks(len(idx))+")")
			args = append(args, int64(lv))
		}
		args = append(args, idx...)
	}
	if len(parts) == 0 {
		return found, nil
	}
	err := sqldb.Each(t.db.Read(ctx), func(s scanner) error {
		var id audit.NodeID
		var raw []byte
		if err := s.Scan(&id.Level, &id.Index, &raw); err != nil {
			return err
		}
		var h audit.Hash
		if err := hash32((*[32]byte)(&h), raw); err != nil {
			return err
		}
		found[id] = h
		return nil
	}, strings.Join(parts, " UNION ALL "), args...)
	return found, sqldb.Translate(op, err)
}

// Place implements audit.TreeStore.
func (t *Audit) Place(ctx context.Context, eventID string) (audit.Event, int64, error) {
	const op = "hubsql.Audit.Place"
	var r auditRow
	var index *int64
	err := t.db.Read(ctx).Raw("SELECT "+eventColumns+", l.idx FROM audit_events e LEFT JOIN audit_leaves l ON l.seq = e.seq WHERE e.id = ?",
		eventID).Row().Scan(r.columns(&index)...)
	if err != nil {
		return audit.Event{}, 0, sqldb.Translate(op, err)
	}
	row, err := r.row()
	if err != nil {
		return audit.Event{}, 0, sqldb.Translate(op, err)
	}
	if index == nil {
		return audit.Event{}, 0, hub.Errorf(op, hub.Conflict, "not in the tree yet")
	}
	return row.Event, *index, nil
}

// Newest implements audit.TreeStore.
func (t *Audit) Newest(ctx context.Context) (audit.Head, error) {
	const op = "hubsql.Audit.Newest"
	heads, err := t.heads(ctx, "SELECT size, root, at, signature FROM audit_heads ORDER BY size DESC, seq DESC LIMIT 1")
	if err == nil && len(heads) == 0 {
		return audit.Head{}, hub.Errorf(op, hub.NotFound, "no head yet")
	}
	if err != nil {
		return audit.Head{}, sqldb.Translate(op, err)
	}
	return heads[0], nil
}

// Heads implements audit.Inspector.
func (t *Audit) Heads(ctx context.Context, above, upTo int64, limit int) ([]audit.Head, error) {
	heads, err := t.heads(ctx, "SELECT size, root, at, signature FROM audit_heads WHERE size > ? AND size <= ? ORDER BY size, seq LIMIT ?",
		above, upTo, limit)
	return heads, sqldb.Translate("hubsql.Audit.Heads", err)
}

func (t *Audit) heads(ctx context.Context, statement string, args ...any) ([]audit.Head, error) {
	var all []audit.Head
	err := sqldb.Each(t.db.Read(ctx), func(s scanner) error {
		var h audit.Head
		var root []byte
		var at int64
		if err := s.Scan(&h.Size, &root, &at, &h.Signature); err != nil {
			return err
		}
		if err := hash32((*[32]byte)(&h.Root), root); err != nil {
			return err
		}
		h.At = sqldb.Time(at)
		all = append(all, h)
		return nil
	}, statement, args...)
	return all, err
}

// Leaves implements audit.Inspector.
func (t *Audit) Leaves(ctx context.Context, from int64, limit int) ([]audit.Placed, error) {
	var all []audit.Placed
	err := sqldb.Each(t.db.Read(ctx), func(s scanner) error {
		var r auditRow
		var p audit.Placed
		var raw []byte
		if err := s.Scan(r.columns(&p.Index, &raw)...); err != nil {
			return err
		}
		err := hash32((*[32]byte)(&p.Hash), raw)
		if err == nil {
			p.Row, err = r.row()
		}
		all = append(all, p)
		return err
	}, "SELECT "+eventColumns+", l.idx, l.hash FROM audit_leaves l LEFT JOIN audit_events e ON e.seq = l.seq WHERE l.idx >= ? ORDER BY l.idx LIMIT ?",
		from, limit)
	return all, sqldb.Translate("hubsql.Audit.Leaves", err)
}

// Outside implements audit.Inspector: rows first, by their number, then the places that wait without a row, which are all found
// at once at the end.
func (t *Audit) Outside(ctx context.Context, after int64, limit int) (found []audit.Outsider, last int64, err error) {
	const op = "hubsql.Audit.Outside"
	last = after
	err = sqldb.Each(t.db.Read(ctx), func(s scanner) error {
		var r auditRow
		var placed, waiting bool
		if err := s.Scan(r.columns(&last, &placed, &waiting)...); err != nil {
			return err
		}
		row, err := r.row()
		if err == nil && !placed {
			found = append(found, audit.Outsider{Row: row, Waiting: waiting})
		}
		return err
	}, "SELECT "+eventColumns+`, e.seq, l.idx IS NOT NULL, p.seq IS NOT NULL FROM (SELECT * FROM audit_events WHERE seq > ? ORDER BY seq LIMIT ?) e
		LEFT JOIN audit_leaves l ON l.seq = e.seq LEFT JOIN audit_pending p ON p.seq = e.seq ORDER BY e.seq`, after, limit)
	if err != nil || last != after {
		return found, last, sqldb.Translate(op, err)
	}
	var empty int
	err = t.db.Read(ctx).Raw(`SELECT count(*) FROM audit_pending p LEFT JOIN audit_events e ON e.seq = p.seq WHERE e.seq IS NULL`).Row().Scan(&empty)
	for range min(empty, limit) {
		found = append(found, audit.Outsider{Waiting: true})
	}
	return found, last, sqldb.Translate(op, err)
}
