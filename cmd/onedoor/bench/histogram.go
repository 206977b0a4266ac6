package bench

import (
	"math/bits"
	"time"
)

// histogram counts durations in buckets whose width is a 32nd of their size: it holds every percentile to 3 %, in 8 kB, without losing
// the slow ones. The zero value is empty.
type histogram struct {
	counts [64 * fine]int64
	count  int64
	sum    time.Duration
	max    time.Duration
}

const (
	fineBits = 5
	fine     = 1 << fineBits
)

// bucket gives the place of a duration: exact below 32 ns, then 32 buckets for each power of two.
func bucket(d time.Duration) int {
	n := uint64(max(d, 0))
	if n < fine {
		return int(n)
	}
	shift := bits.Len64(n) - fineBits - 1
	return (shift+1)*fine + int(n>>shift) - fine
}

// edge gives the longest duration of a bucket.
func edge(b int) time.Duration {
	if b < fine {
		return time.Duration(b)
	}
	shift := b/fine - 1
	return time.Duration((uint64(b%fine+fine)+1)<<shift - 1)
}

func (h *histogram) add(d time.Duration) {
	h.counts[bucket(d)]++
	h.count++
	h.sum += d
	h.max = max(h.max, d)
}

func (h *histogram) merge(o *histogram) {
	for i, n := range o.counts {
		h.counts[i] += n
	}
	h.count += o.count
	h.sum += o.sum
	h.max = max(h.max, o.max)
}

func (h *histogram) mean() time.Duration {
	if h.count == 0 {
		return 0
	}
	return h.sum / time.Duration(h.count)
}

// at gives the duration that the share (0 to 1) of all did not exceed.
func (h *histogram) at(share float64) time.Duration {
	want := int64(share*float64(h.count) + 0.5)
	seen := int64(0)
	for i, n := range h.counts {
		if seen += n; n > 0 && seen >= want {
			return min(edge(i), h.max)
		}
	}
	return h.max
}
