package tenantsql

import (
	"context"

	"onedoor/hub/sqldb"
)

// sealedColumns are all that rest sealed about entities, with their places.
var sealedColumns = []struct{ table, column, place string }{
	{"entities", "sealed", "entities"},
	{"entity_claims", "sealed", "entity_claims"},
	{"entity_claims", "proof", proofs},
	{"entity_seats", "label", "entity_seats"},
	{"entity_invitations", "label", "entity_invitations"},
}

// Reseal seals everything anew under the first master key and tells how many there are.
func (t *Entities) Reseal(ctx context.Context) (int, error) {
	count := 0
	for _, x := range sealedColumns {
		for last := ""; ; {
			n, next, err := t.resealBatch(ctx, x.table, x.column, x.place, last)
			count += n
			if err != nil {
				return count, err
			}
			if next == "" {
				break
			}
			last = next
		}
	}
	return count, nil
}

// resealBatch seals those of a column anew that come after an id. It tells how many, and the id to go on after; "" at the end.
func (t *Entities) resealBatch(ctx context.Context, table, column, place, last string) (count int, next string, err error) {
	const op, most = "tenantsql.Entities.Reseal", 500
	type row struct {
		id     string
		sealed []byte
	}
	var rows []row
	err = sqldb.Each(t.db.Read(ctx), func(r scanner) error {
		var v row
		err := r.Scan(&v.id, &v.sealed)
		rows = append(rows, v)
		return err
	}, "SELECT id, "+column+" FROM "+table+" WHERE id > ? AND "+column+" IS NOT NULL ORDER BY id LIMIT ?", last, most)
	if err != nil {
		return 0, "", sqldb.Translate(op, err)
	}
	for _, v := range rows {
		plain, err := t.vault.Open(placeOf(place, v.id), v.sealed)
		if err != nil {
			return count, "", err
		}
		sealed, err := t.vault.Seal(placeOf(place, v.id), plain)
		if err != nil {
			return count, "", err
		}
		if r := t.db.Write(ctx).Exec("UPDATE "+table+" SET "+column+" = ? WHERE id = ? AND "+column+" = ?", sealed, v.id, v.sealed); r.Error != nil {
			return count, "", sqldb.Translate(op, r.Error)
		}
		count++
	}
	if len(rows) == most {
		next = rows[most-1].id
	}
	return count, next, nil
}
