package sqldb

import (
	"errors"

	"gorm.io/gorm"
)

// Each asks a question and calls scan for every row of the answer, in order, until there is none or scan fails. Its error is the database's or
// scan's own: see [Translate].
func Each(db *gorm.DB, scan func(Row) error, statement string, args ...any) (err error) {
	rows, err := db.Raw(statement, args...).Rows()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}
