package store

import (
	"fmt"
	"strings"
)

// contextLines is how many unchanged lines a diff shows around a change.
const contextLines = 3

// tooLarge bounds the table of the line comparison, in cells.
const tooLarge = 1 << 22

// diff shows two versions of a file in the unified form, or "" where they are
// equal. A file that is new is compared with nothing.
func diff(name string, before, after []byte) string {
	a, b := lines(string(before)), lines(string(after))
	ops := script(a, b)
	var out strings.Builder
	for i := 0; i < len(ops); {
		if ops[i].kind == ' ' {
			i++
			continue
		}
		from := max(0, i-contextLines)
		to, quiet := i, 0
		for to < len(ops) && quiet <= 2*contextLines {
			if ops[to].kind == ' ' {
				quiet++
			} else {
				quiet = 0
			}
			to++
		}
		to -= max(0, quiet-contextLines)
		if out.Len() == 0 {
			old := name
			if before == nil {
				old = "/dev/null"
			}
			fmt.Fprintf(&out, "--- %s\n+++ %s\n", old, name)
		}
		hunk(&out, ops[from:to])
		i = to
	}
	return out.String()
}

func hunk(out *strings.Builder, ops []op) {
	removed, added := 0, 0
	for _, o := range ops {
		if o.kind != '+' {
			removed++
		}
		if o.kind != '-' {
			added++
		}
	}
	fmt.Fprintf(out, "@@ -%s +%s @@\n", span(ops[0].a, removed), span(ops[0].b, added))
	for _, o := range ops {
		fmt.Fprintf(out, "%c%s\n", o.kind, strings.TrimSuffix(o.text, "\r"))
	}
}

// span is a range of a hunk header; an empty range names the line before it.
func span(index, count int) string {
	if count == 0 {
		return fmt.Sprintf("%d,0", index)
	}
	return fmt.Sprintf("%d,%d", index+1, count)
}

// op is one line of a comparison: ' ' in both, '-' only in a, '+' only in b.
type op struct {
	kind byte
	text string
	a, b int // index of the next line in a and b before this step
}

// script compares two lists of lines.
func script(a, b []string) []op {
	pairs := common(a, b)
	var ops []op
	i, j := 0, 0
	upTo := func(x, y int) {
		for ; i < x; i++ {
			ops = append(ops, op{'-', a[i], i, j})
		}
		for ; j < y; j++ {
			ops = append(ops, op{'+', b[j], i, j})
		}
	}
	for _, p := range pairs {
		upTo(p[0], p[1])
		ops = append(ops, op{' ', a[i], i, j})
		i, j = i+1, j+1
	}
	upTo(len(a), len(b))
	return ops
}

// common pairs the lines of a longest common subsequence, as indexes. Beyond
// tooLarge only the equal lines at both ends are paired.
func common(a, b []string) [][2]int {
	var pairs [][2]int
	lo := 0
	for lo < len(a) && lo < len(b) && a[lo] == b[lo] {
		pairs = append(pairs, [2]int{lo, lo})
		lo++
	}
	ea, eb := len(a), len(b)
	for ea > lo && eb > lo && a[ea-1] == b[eb-1] {
		ea, eb = ea-1, eb-1
	}
	if n, m := ea-lo, eb-lo; n*m <= tooLarge {
		for _, p := range subsequence(a[lo:ea], b[lo:eb]) {
			pairs = append(pairs, [2]int{p[0] + lo, p[1] + lo})
		}
	}
	for ; ea < len(a); ea, eb = ea+1, eb+1 {
		pairs = append(pairs, [2]int{ea, eb})
	}
	return pairs
}

// subsequence is the textbook table of a longest common subsequence.
func subsequence(a, b []string) [][2]int {
	width := len(b) + 1
	table := make([]int32, (len(a)+1)*width)
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				table[i*width+j] = table[(i+1)*width+j+1] + 1
			} else {
				table[i*width+j] = max(table[(i+1)*width+j], table[i*width+j+1])
			}
		}
	}
	var pairs [][2]int
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i] == b[j]:
			pairs = append(pairs, [2]int{i, j})
			i, j = i+1, j+1
		case table[(i+1)*width+j] >= table[i*width+j+1]:
			i++
		default:
			j++
		}
	}
	return pairs
}

// lines splits text into lines without their ends.
func lines(text string) []string {
	if text == "" {
		return nil
	}
	return strings.Split(strings.TrimSuffix(text, "\n"), "\n")
}
