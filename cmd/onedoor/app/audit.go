package app

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"time"

	"onedoor/configs"
	"onedoor/hub"
	"onedoor/hub/audit"
	"onedoor/hub/keys"
)

// ErrRecordBroken tells that the audit record does not hold together.
var ErrRecordBroken = errors.New("the audit record does not hold together")

// AuditVerify goes through the whole audit record and tells what does not fit: ErrRecordBroken. Known are heads that an auditor
// has kept elsewhere, as AuditHead prints them, one JSON object a line; only they show that the whole record was set back.
func AuditVerify(ctx context.Context, cfg configs.Config, p Process, known io.Reader) (err error) {
	heads, err := readHeads(known)
	if err != nil {
		return err
	}
	o, err := openOffice(ctx, cfg, p)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, o.Close()) }()
	v, err := audit.NewVerifier(audit.VerifierOptions{
		Store: o.store, Cuts: o.store, Authenticate: authenticator(o.ring), Origin: cfg.Issuer,
		Check: func(payload []byte, signature string) error {
			return o.ring.CheckDetached(audit.HeadType, payload, signature)
		},
	})
	if err != nil {
		return err
	}
	report, err := v.Verify(ctx, heads...)
	if err != nil {
		return err
	}
	for _, f := range report.Faults {
		say(p.Out, "%s at %d %s", f.Kind, f.Index, f.Event)
	}
	if report.More {
		say(p.Out, "... and more")
	}
	if report.Cut.To > 0 {
		say(p.Out, "removed by age up to place %d: %d events from before %s, told of by event %s", report.Cut.To, report.Purged,
			report.Cut.Before.Format(time.DateOnly), report.Cut.Event)
	}
	say(p.Out, "%d events in the tree, %d heads (%d whose key is gone, compared but not checked), %d known heads, %d faults",
		report.Size, report.Heads, report.Unchecked, len(heads), len(report.Faults))
	if len(report.Faults) > 0 || report.More {
		return ErrRecordBroken
	}
	return nil
}

// readHeads reads heads as AuditHead prints them; nil gives none. Invalid.
func readHeads(r io.Reader) ([]audit.Head, error) {
	const op = "app.readHeads"
	if r == nil {
		return nil, nil
	}
	var heads []audit.Head
	d := json.NewDecoder(io.LimitReader(r, 1<<20))
	d.DisallowUnknownFields()
	for {
		var l headLine
		err := d.Decode(&l)
		if errors.Is(err, io.EOF) {
			return heads, nil
		}
		if err != nil || l.Size < 0 || len(l.Root) != len(audit.Hash{}) {
			return nil, hub.Errorf(op, hub.Invalid, "the heads can't be read: one JSON object a line, as onedoor audit head prints them")
		}
		heads = append(heads, audit.Head{Size: l.Size, Root: audit.Hash(l.Root), At: l.At, Signature: l.Signature})
	}
}

// AuditHead prints the newest signed head of the audit record, to be kept elsewhere.
func AuditHead(ctx context.Context, cfg configs.Config, p Process) (err error) {
	o, err := openOffice(ctx, cfg, p)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, o.Close()) }()
	head, err := o.store.Newest(ctx)
	if err != nil {
		return err
	}
	return json.NewEncoder(p.Out).Encode(lineOf(head))
}

// AuditProve prints the proof that an event is in the audit record, as one JSON object: the event, its place, the path of hashes
// (RFC 6962 section 2.1.1) and the signed head.
func AuditProve(ctx context.Context, cfg configs.Config, p Process, event string) (err error) {
	o, err := openOffice(ctx, cfg, p)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, o.Close()) }()
	s, err := audit.NewSealer(audit.SealerOptions{
		Store: o.store, Authenticate: authenticator(o.ring), Origin: cfg.Issuer, Clock: p.Clock,
		Sign: func(payload []byte) (string, error) { return o.ring.SignDetached(keys.ES256, audit.HeadType, payload) },
	})
	if err != nil {
		return err
	}
	proof, err := s.Prove(ctx, event)
	if err != nil {
		return err
	}
	if err := proof.Verify(); err != nil {
		return errors.Join(ErrRecordBroken, err)
	}
	e := json.NewEncoder(p.Out)
	e.SetIndent("", "  ")
	return e.Encode(proofLines{
		Origin: cfg.Issuer, Event: proof.Event.ID, Canonical: audit.Canonical(proof.Event), Index: proof.Index,
		Path: hashes(proof.Path), Head: lineOf(proof.Head),
	})
}

// headLine is a head as it is printed.
type headLine struct {
	Size      int64     `json:"size"`
	Root      []byte    `json:"root"`
	At        time.Time `json:"at"`
	Signature string    `json:"signature"`
}

func lineOf(h audit.Head) headLine {
	return headLine{Size: h.Size, Root: h.Root[:], At: h.At.UTC(), Signature: h.Signature}
}

// proofLines are a proof as it is printed.
type proofLines struct {
	Origin    string   `json:"origin"`
	Event     string   `json:"event"`
	Canonical []byte   `json:"canonical"`
	Index     int64    `json:"index"`
	Path      [][]byte `json:"path"`
	Head      headLine `json:"head"`
}

func hashes(path []audit.Hash) [][]byte {
	out := make([][]byte, len(path))
	for i, h := range path {
		out[i] = h[:]
	}
	return out
}
