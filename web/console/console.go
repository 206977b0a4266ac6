package console

import (
	"onedoor/hub"
	"onedoor/web/server"
	"onedoor/web/visit"
)

// Options are what a Console is made of. All are required.
type Options struct {
	Visit  *visit.Reception
	Staff  Staff
	Places Places
}

// Console is where staff work.
type Console struct {
	o Options
	v *visit.Reception
}

// New checks the options. Invalid where one is missing.
func New(o Options) (*Console, error) {
	if o.Visit == nil || o.Staff == nil || o.Places == nil {
		return nil, hub.Errorf("console.New", hub.Invalid, "an option is missing")
	}
	if err := o.Visit.Returns(staffPath); err != nil {
		return nil, err
	}
	return &Console{o: o, v: o.Visit}, nil
}

// Mounts lists the routes.
func (c *Console) Mounts() []server.Mount {
	return c.staffMounts()
}
