package hubtest_test

import (
	"bytes"
	"io"
	"testing"
	"time"

	"onedoor/hub"
	"onedoor/hub/hubtest"
	"onedoor/hub/login"
)

func TestClock(t *testing.T) {
	t.Parallel()
	c := hubtest.NewClock()
	if !c.Now().Equal(hubtest.Noon()) || !c.Now().Equal(c.Now()) {
		t.Error("a new clock does not stand at noon")
	}
	if got := c.Advance(time.Hour); !got.Equal(hubtest.Noon().Add(time.Hour)) || !c.Now().Equal(got) {
		t.Errorf("advanced to %v", got)
	}
	c.Set(hubtest.Noon())
	if !c.Now().Equal(hubtest.Noon()) {
		t.Errorf("set to %v", c.Now())
	}
}

func TestRandomIsTheSameForTheSameSeed(t *testing.T) {
	t.Parallel()
	read := func(r io.Reader) []byte {
		b := make([]byte, 64)
		if _, err := io.ReadFull(r, b); err != nil {
			t.Fatal(err)
		}
		return b
	}
	r := hubtest.Random("a")
	first, second := read(r), read(r)
	if bytes.Equal(first, second) {
		t.Error("the same bytes twice")
	}
	if again := read(hubtest.Random("a")); !bytes.Equal(first, again) {
		t.Error("another run gives other bytes")
	}
	if other := read(hubtest.Random("b")); bytes.Equal(first, other) {
		t.Error("another seed gives the same bytes")
	}
}

func TestFillLeavesNothingZero(t *testing.T) {
	t.Parallel()
	r := hubtest.Fill[login.Request]()
	if r.Protocol == "" || r.MaxAge == nil || *r.MaxAge == 0 || len(r.Attributes) == 0 || !r.Force || len(r.Continue) == 0 {
		t.Errorf("%+v", r)
	}
	for _, x := range hubtest.Fill[[50]hub.Level]() { // levels stay among those that exist
		if _, err := hub.ParseACR(x.ACR()); err != nil {
			t.Fatalf("%v: %v", x, err)
		}
	}
}
