// Package statuslist is the form of a Token Status List (draft-ietf-oauth-status-list-21, sections 4 and 5): one bit for each token, packed,
// compressed and put into a signed JWT. It knows the bytes and the claims; which bit is set, who signs and who believes it is not its matter.
package statuslist

import (
	"bytes"
	"compress/zlib"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"

	"onedoor/hub"
)

// Words of the wire (sections 5.1, 8.1 and 14).
const (
	Type      = "statuslist+jwt"             // typ of the JWT
	MediaType = "application/statuslist+jwt" // of the answer that carries it
)

// MostEntries is the largest list that is read: 2^20 tokens in 128 kB.
const MostEntries = 1 << 20

// Bits is a list of tokens by index, each valid (0) or not (1): section 4.1 with one bit a token. Index 0 is the lowest bit of the first byte.
type Bits []byte

// New gives a list of n valid tokens, rounded up to whole bytes. Invalid for none, or for more than MostEntries.
func New(n int) (Bits, error) {
	if n <= 0 || n > MostEntries {
		return nil, hub.Errorf("statuslist.New", hub.Invalid, "no such size")
	}
	return make(Bits, (n+7)/8), nil
}

// Len is the number of tokens.
func (b Bits) Len() int { return 8 * len(b) }

// Set says that a token is not valid. What lies outside is left alone, and reported as false.
func (b Bits) Set(index int) bool {
	if index < 0 || index >= b.Len() {
		return false
	}
	b[index/8] |= 1 << (index % 8)
	return true
}

// Valid reports whether a token is: for certain never where its index lies outside of the list (section 8.3).
func (b Bits) Valid(index int) bool {
	return index >= 0 && index < b.Len() && b[index/8]>>(index%8)&1 == 0
}

// Claims are the payload of a Status List Token (section 5.1), times in seconds.
type Claims struct {
	Subject  string `json:"sub"` // the list's own address: the uri of the tokens that it speaks of
	IssuedAt int64  `json:"iat"`
	Expires  int64  `json:"exp"`
	Life     int64  `json:"ttl"` // how long it may be kept before it is fetched again
	List     List   `json:"status_list"`
}

// List is the compressed list (section 4.2).
type List struct {
	Bits int    `json:"bits"`
	List string `json:"lst"`
}

// Reference is the member status of a token that a list speaks of (section 6.1).
type Reference struct {
	List struct {
		Index int    `json:"idx"`
		URI   string `json:"uri"`
	} `json:"status_list"`
}

// Refer gives the reference to an index of a list.
func Refer(uri string, index int) (r Reference) {
	r.List.URI, r.List.Index = uri, index
	return r
}

// Pack compresses a list: DEFLATE in the ZLIB format (RFC 1950), at the highest level. Internal.
func Pack(b Bits) (List, error) {
	const op = "statuslist.Pack"
	var out bytes.Buffer
	w, err := zlib.NewWriterLevel(&out, zlib.BestCompression)
	if err != nil {
		return List{}, hub.E(op, hub.Internal, err)
	}
	if _, err := w.Write(b); err != nil {
		return List{}, hub.E(op, hub.Internal, err)
	}
	if err := w.Close(); err != nil {
		return List{}, hub.E(op, hub.Internal, err)
	}
	return List{Bits: 1, List: base64.RawURLEncoding.EncodeToString(out.Bytes())}, nil
}

// Unpack reads a list. Invalid for anything else than one of one bit a token, in full and without more behind it, of at most MostEntries.
func (l List) Unpack() (Bits, error) {
	const op = "statuslist.Unpack"
	bad := func(what string) (Bits, error) { return nil, hub.Errorf(op, hub.Invalid, what) }
	if l.Bits != 1 {
		return bad("not a list of one bit a token")
	}
	if len(l.List) > MostEntries/4 { // what can't be compressed at all grows by a third in base64
		return bad("the list is too long")
	}
	packed, err := base64.RawURLEncoding.Strict().DecodeString(l.List)
	if err != nil {
		return bad("the list is not base64url")
	}
	behind := bytes.NewReader(packed)
	r, err := zlib.NewReader(behind)
	if err != nil {
		return bad("the list is not compressed by zlib")
	}
	out, err := io.ReadAll(io.LimitReader(r, MostEntries/8+1))
	switch {
	case err != nil:
		return bad("the list is not compressed by zlib")
	case len(out) == 0 || len(out) > MostEntries/8:
		return bad("the list is empty or too long")
	case behind.Len() != 0:
		return bad("something stands behind the list")
	}
	return out, nil
}

var errNotOne = errors.New("not one JSON object")

// Read reads the payload of a Status List Token whose signature has been checked, and its list. Invalid where a required claim is missing, or
// a time is none. It does not know what time it is, or which list was asked for.
func Read(payload []byte) (Claims, Bits, error) {
	const op = "statuslist.Read"
	var c Claims
	d := json.NewDecoder(bytes.NewReader(payload))
	if err := d.Decode(&c); err != nil {
		return Claims{}, nil, hub.Errorf(op, hub.Invalid, "the payload can't be read")
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return Claims{}, nil, hub.E(op, hub.Invalid, errNotOne)
	}
	if c.Subject == "" || c.IssuedAt <= 0 || c.Expires < 0 || c.Life < 0 {
		return Claims{}, nil, hub.Errorf(op, hub.Invalid, "a claim is missing or no time")
	}
	bits, err := c.List.Unpack()
	if err != nil {
		return Claims{}, nil, err
	}
	return c, bits, nil
}
