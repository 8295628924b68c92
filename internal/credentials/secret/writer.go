package secret

import (
	"io"
	"strings"
	"sync"
)

// Writer is the last writer before a stream: no secret that was learnt passes it,
// in any form. Words of others go through Foreign or Clean before they are put
// into what is written. It is safe for concurrent use.
type Writer struct {
	mu   sync.Mutex
	r    *Redactor
	to   io.Writer
	held string
}

// Writer returns a writer that cleans what is written and passes it on. A secret
// may be split over several writes, so what could be the beginning of one is held
// back until the next Write or Flush; call Flush at the end.
func (r *Redactor) Writer(w io.Writer) *Writer { return &Writer{r: r, to: w} }

// Write passes on what is certain. On success it reports len(p), however much is
// held back; on failure 0.
func (w *Writer) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.pass(w.held+string(p), 0); err != nil {
		return 0, err
	}
	return len(p), nil
}

// Flush passes on what was held back. The beginning of a secret of at least 6
// bytes is masked.
func (w *Writer) Flush() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.pass(w.held, minCut)
}

// pass cleans a text and passes it on: all of it, or, where a beginning of no
// length at all counts, what comes before anything that could still go on.
func (w *Writer) pass(text string, least int) error {
	forms, first, _ := w.r.known()
	spans := merged(find(text, forms, first, least, false))
	end, done := len(text), 0
	if last := len(spans) - 1; least == 0 && last >= 0 && spans[last].to == end {
		end, spans = spans[last].from, spans[:last]
	}
	var out strings.Builder
	for _, s := range spans {
		out.WriteString(text[done:s.from])
		out.WriteString(Mask)
		done = s.to
	}
	out.WriteString(text[done:end])
	w.held = text[end:]
	if out.Len() == 0 {
		return nil
	}
	_, err := io.WriteString(w.to, out.String())
	return err
}
