// Package format says what a reader of evidence is. The readers offer their
// formats in this one shape, and package observe picks among them.
//
// The contract: Detect looks at the first bytes alone and decides nothing else;
// Read hands each request to the sink and holds nothing of the evidence in an
// error, which is an *exit.Error with exit.Usage.
package format

import (
	"io"

	"github.com/apionboard/ngapi/internal/routes/infer"
)

// A Format is one kind of evidence. A sink may have a method Notice(string) for
// what the user should know.
type Format struct {
	Name string // for people
	// Detect sees at most the first 64 KiB, and the name, which only breaks ties.
	Detect func(head []byte, name string) bool
	// Read gets a name for errors, and returns how many records it read.
	Read func(r io.Reader, name string, sink infer.Sink) (records int64, err error)
}
