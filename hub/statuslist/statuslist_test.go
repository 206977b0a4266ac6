package statuslist_test

import (
	"bytes"
	"compress/zlib"
	"encoding/base64"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"onedoor/hub"
	"onedoor/hub/statuslist"
)

// The vectors of draft-ietf-oauth-status-list-21, section 4.1 and appendix C.1.
const (
	vectorShort = "eNrbuRgAAhcBXQ"
	vectorLong  = "eNrt3AENwCAMAEGogklACtKQPg9LugC9k_ACvreiogE" +
		"AAKkeCQAAAAAAAAAAAAAAAAAAAIBylgQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" +
		"AAAAAAAAAAAAAAAAAAAXG9IAAAAAAAAAPwsJAAAAAAAAAAAAAAAvhsSAAAAAAAAAAA" +
		"A7KpLAAAAAAAAAAAAAAAAAAAAAJsLCQAAAAAAAAAAADjelAAAAAAAAAAAKjDMAQAAA" +
		"ACAZC8L2AEb"
)

func TestVectorsOfTheDraft(t *testing.T) {
	t.Parallel()
	short, err := statuslist.List{Bits: 1, List: vectorShort}.Unpack()
	if err != nil || !bytes.Equal(short, []byte{0xb9, 0xa3}) {
		t.Fatalf("section 4.1: %x, %v", []byte(short), err)
	}
	for i, want := range []int{1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 1, 0, 1} {
		if short.Valid(i) != (want == 0) {
			t.Errorf("section 4.1: status[%d] is not %d", i, want)
		}
	}
	long, err := statuslist.List{Bits: 1, List: vectorLong}.Unpack()
	if err != nil || long.Len() != 1<<20 {
		t.Fatalf("appendix C.1: %d entries, %v", long.Len(), err)
	}
	set := []int{0, 1993, 25460, 159495, 495669, 554353, 645645, 723232, 854545, 934534, 1000345}
	for i := range long.Len() {
		if long.Valid(i) == slices.Contains(set, i) {
			t.Fatalf("appendix C.1: status[%d]", i)
		}
	}
	// And the other way round: compressors may differ in the bytes, not in what they mean.
	ours, err := statuslist.New(1 << 20)
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range set {
		ours.Set(i)
	}
	packed, err := statuslist.Pack(ours)
	if err != nil {
		t.Fatal(err)
	}
	if back, err := packed.Unpack(); err != nil || !bytes.Equal(back, long) {
		t.Errorf("packed and unpacked it is another list: %v", err)
	}
	if len(packed.List) > 2*len(vectorLong) {
		t.Errorf("%d characters where the draft needs %d", len(packed.List), len(vectorLong))
	}
}

func TestNothingOutsideOfAListIsValid(t *testing.T) {
	t.Parallel()
	b, err := statuslist.New(9) // two bytes
	if err != nil || b.Len() != 16 {
		t.Fatal(b.Len(), err)
	}
	for _, i := range []int{-1, 16, 1 << 40} {
		if b.Valid(i) || b.Set(i) {
			t.Errorf("index %d", i)
		}
	}
	if !b.Valid(15) || !b.Set(15) || b.Valid(15) || !b.Valid(14) {
		t.Error("the last index")
	}
	for _, n := range []int{0, -1, statuslist.MostEntries + 1} {
		if _, err := statuslist.New(n); !errors.Is(err, hub.Invalid) {
			t.Errorf("a list of %d: %v", n, err)
		}
	}
}

func zipped(b []byte) string {
	var out bytes.Buffer
	w := zlib.NewWriter(&out)
	_, _ = w.Write(b)
	_ = w.Close()
	return out.String()
}

func TestUnpackRefuses(t *testing.T) {
	t.Parallel()
	coded := base64.RawURLEncoding.EncodeToString
	for name, l := range map[string]statuslist.List{
		"two bits":         {Bits: 2, List: "eNo76fITAAPfAgc"},
		"no bits":          {List: vectorShort},
		"nothing":          {Bits: 1},
		"padding":          {Bits: 1, List: vectorShort + "=="},
		"no zlib":          {Bits: 1, List: coded([]byte("no zlib"))},
		"cut":              {Bits: 1, List: vectorShort[:8]},
		"wrong sum":        {Bits: 1, List: vectorShort[:12] + "AA"},
		"empty list":       {Bits: 1, List: coded([]byte(zipped(nil)))},
		"more behind":      {Bits: 1, List: coded([]byte(zipped([]byte{1}) + "x"))},
		"a bomb":           {Bits: 1, List: coded([]byte(zipped(make([]byte, 1<<24))))},
		"one byte too big": {Bits: 1, List: coded([]byte(zipped(make([]byte, statuslist.MostEntries/8+1))))},
		"long text":        {Bits: 1, List: strings.Repeat("A", 1<<20)},
	} {
		if b, err := l.Unpack(); !errors.Is(err, hub.Invalid) || b != nil {
			t.Errorf("%s: %d bytes, %v", name, len(b), err)
		}
	}
}

func TestReadRefuses(t *testing.T) {
	t.Parallel()
	good := `{"sub":"https://op.example/l","iat":1,"exp":2,"ttl":3,"status_list":{"bits":1,"lst":"` + vectorShort + `"}}`
	if c, b, err := statuslist.Read([]byte(good)); err != nil || c.Subject != "https://op.example/l" || c.Life != 3 || b.Valid(0) {
		t.Fatalf("%+v, %v", c, err)
	}
	for name, text := range map[string]string{
		"not JSON":    "x",
		"two":         good + good,
		"no subject":  strings.Replace(good, `"sub"`, `"sab"`, 1),
		"no iat":      strings.Replace(good, `"iat":1`, `"iat":0`, 1),
		"before 1970": strings.Replace(good, `"exp":2`, `"exp":-2`, 1),
		"no list":     strings.Replace(good, `"lst"`, `"lost"`, 1),
	} {
		if _, _, err := statuslist.Read([]byte(text)); !errors.Is(err, hub.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, list := range []string{vectorShort, vectorLong, "eNo76fITAAPfAgc", ""} {
		f.Add([]byte(`{"sub":"https://op.example/l","iat":1,"exp":2,"ttl":3,"status_list":{"bits":1,"lst":"` + list + `"}}`))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		c, bits, err := statuslist.Read(text)
		if err != nil {
			if bits != nil {
				t.Error("a list with an error")
			}
			return
		}
		if bits.Len() == 0 || bits.Len() > statuslist.MostEntries || bits.Valid(bits.Len()) {
			t.Errorf("%d entries", bits.Len())
		}
		again, err := statuslist.Pack(bits)
		if err != nil {
			t.Fatal(err)
		}
		c.List = again
		text, err = json.Marshal(c)
		if err != nil {
			t.Fatal(err)
		}
		if _, back, err := statuslist.Read(text); err != nil || !bytes.Equal(back, bits) {
			t.Errorf("written and read it is another list: %v", err)
		}
	})
}
