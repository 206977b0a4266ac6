package audit

import (
	"encoding/hex"
	"math/rand/v2"
	"slices"
	"testing"

	"onedoor/hub"
)

// The leaves and roots that the reference tests of Certificate Transparency use for trees of size 1 to 8.
var (
	referenceLeaves = []string{"", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"}
	referenceRoots  = []string{
		"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
		"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
		"fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
		"aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
		"d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
		"4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
		"76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
		"ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
		"5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
	}
)

func TestTreeHasTheRootsOfTheReference(t *testing.T) {
	t.Parallel()
	var e edge
	for n, want := range referenceRoots {
		if root := e.root(); hex.EncodeToString(root[:]) != want {
			t.Errorf("size %d: root %x, want %s", n, root, want)
		}
		if n < len(referenceLeaves) {
			leaf, err := hex.DecodeString(referenceLeaves[n])
			if err != nil {
				t.Fatal(err)
			}
			e.append(LeafHash(leaf), func(Node) {})
		}
	}
}

// naive is the definition of RFC 9162 section 2.1.1, word for word.
func naive(leaves []Hash) Hash {
	switch n := len(leaves); n {
	case 0:
		return fold(nil)
	case 1:
		return leaves[0]
	default:
		k := 1
		for k*2 < n {
			k *= 2
		}
		return NodeHash(naive(leaves[:k]), naive(leaves[k:]))
	}
}

// naiveInclusion and naiveConsistency are the recursive definitions of sections 2.1.3.1 and 2.1.4.1.
func naiveInclusion(m int, d []Hash) []Hash {
	if len(d) == 1 {
		return nil
	}
	k := 1
	for k*2 < len(d) {
		k *= 2
	}
	if m < k {
		return append(naiveInclusion(m, d[:k]), naive(d[k:]))
	}
	return append(naiveInclusion(m-k, d[k:]), naive(d[:k]))
}

func naiveConsistency(m int, d []Hash, whole bool) []Hash {
	if m == len(d) {
		if whole {
			return nil
		}
		return []Hash{naive(d)}
	}
	k := 1
	for k*2 < len(d) {
		k *= 2
	}
	if m <= k {
		return append(naiveConsistency(m, d[:k], whole), naive(d[k:]))
	}
	return append(naiveConsistency(m-k, d[k:], false), naive(d[:k]))
}

// grown gives a tree with all its nodes and roots.
func grown(n int) (leaves []Hash, nodes map[NodeID]Hash, roots []Hash) {
	nodes = map[NodeID]Hash{}
	var e edge
	roots = append(roots, e.root())
	for i := range n {
		leaf := LeafHash([]byte{byte(i), byte(i >> 8)})
		leaves = append(leaves, leaf)
		nodes[NodeID{0, int64(i)}] = leaf
		e.append(leaf, func(n Node) { nodes[n.ID] = n.Hash })
		roots = append(roots, e.root())
	}
	return leaves, nodes, roots
}

func hashesOf(t *testing.T, nodes map[NodeID]Hash, spans []span) []Hash {
	t.Helper()
	var path []Hash
	for _, s := range spans {
		var parts []Hash
		for _, id := range s.complete() {
			h, ok := nodes[id]
			if !ok {
				t.Fatalf("span %v needs node %v, which is not complete", s, id)
			}
			parts = append(parts, h)
		}
		path = append(path, fold(parts))
	}
	return path
}

func TestProofsAreThoseOfTheRFCForEverySmallTree(t *testing.T) {
	t.Parallel()
	const most = 70
	leaves, nodes, roots := grown(most)
	for n := 1; n <= most; n++ {
		if roots[n] != naive(leaves[:n]) {
			t.Fatalf("size %d: root", n)
		}
		for m := range n {
			path := hashesOf(t, nodes, inclusionSpans(int64(m), int64(n)))
			if !slices.Equal(path, naiveInclusion(m, leaves[:n])) {
				t.Fatalf("inclusion of %d in %d", m, n)
			}
			if err := VerifyInclusion(leaves[m], int64(m), int64(n), path, roots[n]); err != nil {
				t.Fatalf("inclusion of %d in %d: %v", m, n, err)
			}
		}
		for m := 1; m < n; m++ {
			path := hashesOf(t, nodes, consistencySpans(int64(m), int64(n)))
			if !slices.Equal(path, naiveConsistency(m, leaves[:n], true)) {
				t.Fatalf("consistency of %d and %d", m, n)
			}
			if err := VerifyConsistency(int64(m), int64(n), roots[m], roots[n], path); err != nil {
				t.Fatalf("consistency of %d and %d: %v", m, n, err)
			}
		}
	}
}

func TestVerifiersRefuseEverythingElse(t *testing.T) {
	t.Parallel()
	const n = 21
	leaves, nodes, roots := grown(n)
	r := rand.New(rand.NewPCG(1, 2))
	for m := range n {
		path := hashesOf(t, nodes, inclusionSpans(int64(m), n))
		for i := range path {
			bad := slices.Clone(path)
			bad[i][r.IntN(32)] ^= 1
			if VerifyInclusion(leaves[m], int64(m), n, bad, roots[n]) == nil {
				t.Fatalf("leaf %d: path changed at %d", m, i)
			}
		}
		for name, err := range map[string]error{
			"longer":      VerifyInclusion(leaves[m], int64(m), n, append(slices.Clone(path), Hash{}), roots[n]),
			"shorter":     VerifyInclusion(leaves[m], int64(m), n, path[1:], roots[n]),
			"other leaf":  VerifyInclusion(leaves[(m+1)%n], int64(m), n, path, roots[n]),
			"other place": VerifyInclusion(leaves[m], int64((m+1)%n), n, path, roots[n]),
			"other root":  VerifyInclusion(leaves[m], int64(m), n, path, roots[n-1]),
			"beyond":      VerifyInclusion(leaves[m], int64(m)+n, n, path, roots[n]),
			"before":      VerifyInclusion(leaves[m], int64(m)-n, n, path, roots[n]),
		} {
			if hub.KindOf(err) != hub.Invalid {
				t.Errorf("leaf %d, %s: %v", m, name, err)
			}
		}
	}
	for m := 1; m < n; m++ {
		path := hashesOf(t, nodes, consistencySpans(int64(m), n))
		for i := range path {
			bad := slices.Clone(path)
			bad[i][r.IntN(32)] ^= 1
			if VerifyConsistency(int64(m), n, roots[m], roots[n], bad) == nil {
				t.Fatalf("size %d: path changed at %d", m, i)
			}
		}
		for name, err := range map[string]error{
			"longer":      VerifyConsistency(int64(m), n, roots[m], roots[n], append(slices.Clone(path), Hash{})),
			"empty":       VerifyConsistency(int64(m), n, roots[m], roots[n], nil),
			"other first": VerifyConsistency(int64(m), n, roots[m-1], roots[n], path),
			"other last":  VerifyConsistency(int64(m), n, roots[m], roots[m], path),
			"backward":    VerifyConsistency(n, int64(m), roots[n], roots[m], path),
			"negative":    VerifyConsistency(-1, n, roots[m], roots[n], path),
		} {
			if hub.KindOf(err) != hub.Invalid {
				t.Errorf("size %d, %s: %v", m, name, err)
			}
		}
	}
	for name, err := range map[string]error{
		"from nothing":        VerifyConsistency(0, n, roots[0], roots[n], nil),
		"the same":            VerifyConsistency(n, n, roots[n], roots[n], nil),
		"nothing and nothing": VerifyConsistency(0, 0, roots[0], roots[0], nil),
	} {
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if VerifyConsistency(n, n, roots[n], roots[n-1], nil) == nil || VerifyConsistency(0, n, roots[1], roots[n], nil) == nil {
		t.Error("another root of the same tree is taken")
	}
}

func FuzzVerify(f *testing.F) {
	leaves, nodes, roots := grown(13)
	f.Add(int64(5), int64(13), []byte{})
	f.Add(int64(0), int64(1), make([]byte, 64))
	f.Add(int64(1)<<62, int64(1)<<62+1, make([]byte, 320))
	_ = nodes
	f.Fuzz(func(t *testing.T, m, n int64, raw []byte) {
		var path []Hash
		for len(raw) >= 32 {
			path = append(path, Hash(raw[:32]))
			raw = raw[32:]
		}
		if VerifyInclusion(Hash{1}, m, n, path, roots[13]) == nil {
			t.Error("a leaf that is not there is proven")
		}
		if m > 0 && m < 13 && n == 13 && VerifyConsistency(m, n, leaves[0], roots[13], path) == nil && roots[m] != leaves[0] {
			t.Error("a tree that never was is proven")
		}
		_ = VerifyConsistency(m, n, Hash{1}, Hash{2}, path)
	})
}
