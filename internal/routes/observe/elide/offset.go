package elide

// A cut says that from an offset of the output on the input is at another.
type cut struct{ out, in int64 }

// ring holds the latest cuts. The decoder is never more than one token and
// its buffer of 4 KiB behind, where no cut is shorter than the two bytes
// between it and the next.
type ring struct {
	at    [4096]cut
	count int
}

// pos is the offset in the input of what is left of a chunk.
func (r *Reader) pos(rest []byte) int64 { return r.end - int64(len(rest)) }

// cut notes that the output goes on with rest.
func (r *Reader) cut(rest []byte) {
	r.cuts.at[r.cuts.count%len(r.cuts.at)] = cut{out: r.outBase + int64(len(r.out)), in: r.pos(rest)}
	r.cuts.count++
}

// Offset returns the byte offset in the input of an offset in the output. It
// is right for offsets near the end of what was read, and too small for others.
func (r *Reader) Offset(out int64) int64 {
	oldest := max(r.cuts.count-len(r.cuts.at), 0)
	for i := r.cuts.count - 1; i >= oldest; i-- {
		if c := r.cuts.at[i%len(r.cuts.at)]; c.out <= out {
			return min(c.in+out-c.out, r.end)
		}
	}
	return min(out, r.end)
}
