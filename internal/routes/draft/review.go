package draft

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/routes/infer"
)

// ReviewSchema names the form of the review file.
const ReviewSchema = "ngapi.routes-review/v1"

// reviewFile is the file as written: small, sorted, made to be committed. It
// holds what a person has approved for printing, and nothing else.
type reviewFile struct {
	Schema    string   `yaml:"schema"`
	Words     []string `yaml:"words"`
	Templates []string `yaml:"templates"`
	Ignore    []string `yaml:"ignore"`
}

// DecodeReview reads a review file. name is for messages only; the error is an
// *exit.Error with exit.Usage and repeats no content.
func DecodeReview(data []byte, name string) (infer.Approvals, error) {
	var f reviewFile
	d := yaml.NewDecoder(bytes.NewReader(data))
	d.KnownFields(true)
	err := d.Decode(&f)
	if errors.Is(err, io.EOF) {
		return infer.Approvals{}, nil
	}
	bad := func(what, do string) error {
		return exit.Problems(exit.Usage, []exit.Problem{{File: name, What: what, Do: do}})
	}
	switch {
	case err != nil:
		return infer.Approvals{}, bad("this is no review file"+atLine(err), "it has the keys schema, words, templates and ignore, the last three being lists of text")
	case f.Schema != ReviewSchema:
		return infer.Approvals{}, bad("the schema is not "+ReviewSchema, "write schema: "+ReviewSchema+", or use the version of ngapi that wrote the file")
	case errors.Is(d.Decode(new(any)), io.EOF):
		return Joined(infer.Approvals{}, infer.Approvals{Words: f.Words, Templates: f.Templates, Ignore: f.Ignore}), nil
	}
	return infer.Approvals{}, bad("the file holds more than one document", "keep the first one")
}

// atLine takes the line out of an error of the YAML reader, whose words may
// repeat content.
func atLine(err error) string {
	_, rest, ok := strings.Cut(err.Error(), "line ")
	if !ok {
		return ""
	}
	number, _, _ := strings.Cut(rest, ":")
	if number == "" || strings.Trim(number, "0123456789") != "" {
		return ""
	}
	return " (line " + number + ")"
}

// EncodeReview writes a review file; equal approvals give equal bytes.
func EncodeReview(a infer.Approvals) ([]byte, error) {
	a = Joined(a, infer.Approvals{})
	var b bytes.Buffer
	b.WriteString("# What a person has approved while reviewing inferred routes (ngapi routes review).\n" +
		"# Words are printed as they stand, so none of them may be a name or an id of a person.\n")
	e := yaml.NewEncoder(&b)
	e.SetIndent(2)
	err := e.Encode(reviewFile{ReviewSchema, a.Words, a.Templates, a.Ignore})
	return b.Bytes(), err
}

// Joined is the union of two sets of approvals, sorted and each thing once.
func Joined(a, b infer.Approvals) infer.Approvals {
	union := func(x, y []string) []string {
		all := append(slices.Clone(x), y...)
		slices.Sort(all)
		all = slices.Compact(all)
		if all == nil {
			all = []string{}
		}
		return all
	}
	return infer.Approvals{
		Words: union(a.Words, b.Words), Templates: union(a.Templates, b.Templates), Ignore: union(a.Ignore, b.Ignore),
	}
}
