package app

import (
	"context"

	"onedoor/hub/hubsql"
	"onedoor/hub/notice"
)

// layNotices: what people must be told through another channel (AUD-09). No channel has addresses of people yet, so there is no
// notifier: every notice is kept, and due.
func (h *Hub) layNotices(context.Context) error {
	store, err := hubsql.NewNotices(h.db)
	if err != nil {
		return err
	}
	h.notices, err = notice.New(notice.Options{Store: store, Audit: h.audit, Tx: h.db, Clock: h.clock, Random: h.random})
	return err
}
