package token

import "onedoor/hub"

// maxParents is the most tokens that one can descend from: the depth of the chain of actors.
const maxParents = MaxActors

// chained reports whether there is anything that only tokens of an exchange, or for one, have.
func (a *Access) chained() bool { return len(a.Actors) > 0 || len(a.Parents) > 0 || a.MayAct != "" }

func putChain(b []byte, a Access) ([]byte, error) {
	const op = "token.encode"
	if len(a.Actors) > MaxActors || len(a.Parents) > maxParents {
		return nil, hub.Errorf(op, hub.Invalid, "the chain is too long")
	}
	b, err := putList(b, a.Actors)
	if err != nil {
		return nil, err
	}
	b = append(b, byte(len(a.Parents)))
	for _, id := range a.Parents {
		var packed [keyIDSize]byte
		if err := packID(packed[:], id); err != nil {
			return nil, err
		}
		b = append(b, packed[:]...)
	}
	return putText(b, string(a.MayAct))
}

// chain reads exactly what putChain writes, and no chain of nothing. Few tokens have one: it is off the hot path.
func (d *decoder) chain(a *Access) {
	for range d.count(MaxActors) {
		a.Actors = append(a.Actors, hub.SystemID(d.word()))
	}
	for range d.count(maxParents) {
		a.Parents = append(a.Parents, string(appendID(nil, d.take(keyIDSize))))
	}
	a.MayAct = hub.SystemID(d.word())
	d.failed = d.failed || !a.chained()
}

func (d *decoder) count(most int) int {
	n := int(d.byte())
	if n > most {
		d.failed = true
		return 0
	}
	return n
}

func (d *decoder) word() string {
	b := d.take(int(d.byte()))
	if len(b) > maxItem || !printable(b) {
		d.failed = true
		return ""
	}
	return string(b)
}
