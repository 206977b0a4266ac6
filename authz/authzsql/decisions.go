package authzsql

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"onedoor/authz"
	"onedoor/hub"
	"onedoor/hub/sqldb"
)

type seenRow struct {
	Authentications []authRow      `json:"authentications,omitempty"`
	Opening         string         `json:"opening,omitempty"`
	Decided         bool           `json:"decided,omitempty"`
	Delegation      *delegationRow `json:"delegation,omitempty"`
	Awaits          bool           `json:"awaits,omitempty"`
	Mandated        bool           `json:"mandated,omitempty"`
	Devices         []string       `json:"devices,omitempty"`
	Bound           []boundRow     `json:"bound,omitempty"`
	Networks        string         `json:"networks,omitempty"`
	InNetworks      bool           `json:"in_networks,omitempty"`
	Places          []string       `json:"places,omitempty"`
}

type authRow struct {
	Level string `json:"level"`
	At    int64  `json:"at"`
}

type delegationRow struct {
	ID        string `json:"id"`
	Exclusive bool   `json:"exclusive,omitempty"`
	Decided   bool   `json:"decided,omitempty"`
	From      int64  `json:"from"`
	Until     int64  `json:"until,omitempty"`
	termsRow
}

func writeSeen(s authz.Seen) (string, error) {
	r := seenRow{Opening: string(s.Opening), Decided: s.Decided, Awaits: s.Awaits, Mandated: s.Mandated, Devices: s.Devices, Networks: s.Networks, InNetworks: s.InNetworks, Places: s.Places}
	for _, a := range s.Authentications {
		r.Authentications = append(r.Authentications, authRow{writeLevel(a.Level), sqldb.Micros(a.At)})
	}
	if d := s.Delegation; d != nil {
		r.Delegation = &delegationRow{
			ID: d.ID, Exclusive: d.Exclusive, Decided: !d.DecidedAt.IsZero(), From: sqldb.Micros(d.From),
			termsRow: termsRow{d.Places, d.Devices, writeHours(d.Hours)},
		}
		if !d.Until.IsZero() {
			r.Delegation.Until = sqldb.Micros(d.Until)
		}
	}
	for _, b := range s.Bound {
		r.Bound = append(r.Bound, boundRow{string(b.Department), b.Kind, b.IAL.String()})
	}
	b, err := json.Marshal(r)
	return string(b), err
}

func readSeen(text string) (s authz.Seen, err error) {
	var r seenRow
	if err := readJSON(text, &r); err != nil {
		return s, err
	}
	s = authz.Seen{Opening: authz.OpeningState(r.Opening), Decided: r.Decided, Awaits: r.Awaits, Mandated: r.Mandated, Devices: r.Devices, Networks: r.Networks, InNetworks: r.InNetworks, Places: r.Places}
	for _, a := range r.Authentications {
		level, err := readLevel(a.Level)
		if err != nil {
			return s, err
		}
		s.Authentications = append(s.Authentications, authz.Authentication{Level: level, At: sqldb.Time(a.At)})
	}
	if d := r.Delegation; d != nil {
		s.Delegation = &authz.Delegation{
			ID: d.ID, Exclusive: d.Exclusive, From: sqldb.Time(d.From), State: authz.Active, Places: d.Places, Devices: d.Devices, Hours: readHours(d.Hours),
		}
		if d.Until != 0 {
			s.Delegation.Until = sqldb.Time(d.Until)
		}
		if d.Decided {
			s.Delegation.DecidedAt = s.Delegation.From
		}
	}
	for _, b := range r.Bound {
		ial, err := readIAL(b.IAL)
		if err != nil {
			return s, err
		}
		s.Bound = append(s.Bound, authz.Bound{Department: hub.DepartmentID(b.Department), Kind: b.Kind, IAL: ial})
	}
	return s, nil
}

const recordColumns = "id, at, interaction, account, entity, session, system, item, version, action, permit, reasons, seen"

// Keep implements authz.DecisionStore.
func (t *Store) Keep(ctx context.Context, records []authz.Record) error {
	const op, most = "authzsql.Keep", 50
	for len(records) > 0 {
		now := records[:min(most, len(records))]
		records = records[len(now):]
		var args []any
		for _, r := range now {
			seen, err := writeSeen(r.Seen)
			if err != nil {
				return hub.E(op, hub.Internal, err)
			}
			args = append(args, r.ID, sqldb.Micros(r.At), string(r.Interaction), string(r.Party.Account), string(r.Party.Entity), string(r.Session),
				string(r.System), string(r.Item), r.Version, string(r.Action), flag(r.Permit), strings.Join(words[string](r.Reasons), " "), seen)
		}
		one := "( ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
		statement := "INSERT INTO authz_decisions (" + recordColumns + ") VALUES " + one + strings.Repeat(", "+one, len(now)-1) + " ON CONFLICT (id) DO NOTHING"
		if err := t.db.Write(ctx).Exec(statement, args...).Error; err != nil {
			return sqldb.Translate(op, err)
		}
	}
	return nil
}

func scanRecord(r scanner) (d authz.Record, err error) {
	var at int64
	var permit int
	var reasons, seen string
	err = r.Scan(&d.ID, &at, &d.Interaction, &d.Party.Account, &d.Party.Entity, &d.Session, &d.System, &d.Item, &d.Version, &d.Action, &permit, &reasons, &seen)
	if err != nil {
		return d, err
	}
	d.At, d.Permit, d.Reasons = sqldb.Time(at), permit == 1, words[authz.Code](strings.Fields(reasons))
	d.Seen, err = readSeen(seen)
	return d, err
}

// Decisions implements authz.DecisionStore.
func (t *Store) Decisions(ctx context.Context, id hub.InteractionID) ([]authz.Record, error) {
	return all(t.db.Read(ctx), "authzsql.Decisions", scanRecord, "SELECT "+recordColumns+" FROM authz_decisions WHERE interaction = ? ORDER BY at, id", string(id))
}

// Since implements authz.DecisionStore.
func (t *Store) Since(ctx context.Context, at time.Time, after string, limit int) ([]authz.Record, error) {
	return all(t.db.Read(ctx), "authzsql.Since", scanRecord, "SELECT "+recordColumns+" FROM authz_decisions WHERE (at, id) > (?, ?) ORDER BY at, id LIMIT ?",
		sqldb.Micros(at), after, limit)
}

// PurgeDecisions implements authz.DecisionStore.
func (t *Store) PurgeDecisions(ctx context.Context, before time.Time, limit int) (int, error) {
	r := t.db.Write(ctx).Exec("DELETE FROM authz_decisions WHERE id IN (SELECT id FROM authz_decisions WHERE at < ? ORDER BY at LIMIT ?)", sqldb.Micros(before), limit)
	return int(r.RowsAffected), sqldb.Translate("authzsql.PurgeDecisions", r.Error)
}
